"""Proofs in place of modules in the API: sent by learners, decided by trainers with a reason."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, MultipartBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.learning.assignments import known_path
from service.api.learning.exemption_models import (
    ExemptionOut,
    ExemptionsOut,
    ProofDecisionIn,
    ProofDecisionsIn,
    ProofDecisionsOut,
    ProofForm,
    ProofToldOut,
    SeenProofIn,
)
from service.api.responses import problems
from service.flows.learning import exemptions
from service.flows.paths import path_shelf
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store import audit
from service.store.learning import assignments
from service.store.learning import exemptions as store

MOST_BYTES = 21_000_000


class OwnProofs(Controller):
    """A learner's own proofs."""

    path = "/me/assignments/{assignment_id:str}"
    tags = ["Learning"]

    @post(
        "/modules/{module:str}/proofs",
        operation_id="me.proofs.send",
        responses=problems(401, 404, 409, 410, 413, 422),
        request_max_body_size=MOST_BYTES,
    )
    async def send(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        data: MultipartBody[ProofForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ExemptionOut:
        """Send a proof in place of a module; sent again as it is while it waits, it is the first one."""
        database: Database = request.app.state.database
        content = await data.file.read()
        judged = await asyncio.to_thread(exemptions.judge_proof, content, editions=editions, now=now)
        async with database.transaction() as session:
            shown = await exemptions.show_proof(
                session, actor, assignment_id, module, words=data.words, judged=judged, files=files,
                editions=await path_shelf.library(session, editions), now=now,
            )  # fmt: skip
        return ExemptionOut.of(shown)

    @get("/proofs", operation_id="me.proofs.list", responses=problems(401, 404))
    async def list_own(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> ExemptionsOut:
        """List the proofs that one sent for a path, with what was decided."""
        own = await assignments.facts_of(session, actor, assignment_id)
        found = await store.of_assignments(session, actor, [own.id])
        return ExemptionsOut(items=[ExemptionOut.of(one) for one in found])


def _known_module(editions: Editions, module: str) -> str:
    if any(path.module(module) is not None for path in editions.paths.values()):
        return module
    fault = Fault("module", "unknown", "no module has this name")
    raise RuleBroken("No module has this name.", faults=[fault])


class Exemptions(Controller):
    """Proofs that wait for a decision."""

    path = "/exemptions"
    tags = ["Training"]

    @get(operation_id="exemptions.list", responses=problems(401, 422))
    async def list_waiting(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
        path: FromQuery[str | None] = None,
        module: FromQuery[str | None] = None,
    ) -> Response[ExemptionsOut]:
        """List the proofs that wait for a decision, of one path or module if named, the longest waiting first."""
        secret = request.app.state.secret
        after = store.position_from(read_cursor(secret, cursor, of="exemptions")) if cursor else None
        rows = await store.waiting_page(
            session, actor, limit=checked_limit(limit) + 1, after=after,
            path=known_path(library, path) if path else "",
            module=_known_module(library, module) if module else "",
        )  # fmt: skip
        headers = {}
        if len(rows) > limit:
            last = rows[limit - 1]
            position = write_cursor(secret, (last.asked_at, last.id), of="exemptions")
            headers["Link"] = next_link(request, settings.public_url, position)
        out = ExemptionsOut(items=[ExemptionOut.of(one) for one in rows[:limit]])
        return Response(out, headers=headers)

    @get(
        "/{exemption_id:str}",
        operation_id="exemptions.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        exemption_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> ExemptionOut:
        """Read one proof; the reading is noted."""
        found = await store.facts_of(session, actor, exemption_id)
        audit.record(
            session, actor, action="exemption.read", subject=("candidate", found.candidate_id), now=now
        )
        return ExemptionOut.of(found)

    @post(
        "/{exemption_id:str}/decision",
        operation_id="exemptions.decide",
        status_code=200,
        responses=problems(401, 403, 404, 409, 410, 422),
    )
    async def decide(
        self,
        exemption_id: FromPath[str],
        data: JSONBody[ProofDecisionIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ExemptionOut:
        """Accept a proof in place of its module, or say why the module stays to do; once, by a person."""
        found = await exemptions.decide(
            session, actor, exemption_id, is_granted=data.is_granted, reason=data.reason, settings=settings,
            editions=library, now=now,
        )  # fmt: skip
        return ExemptionOut.of(found)

    @post(
        "/decisions",
        operation_id="exemptions.decide_many",
        status_code=200,
        responses=problems(401, 403, 422),
    )
    async def decide_many(
        self,
        data: JSONBody[ProofDecisionsIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ProofDecisionsOut:
        """Decide the same about several proofs for one module, each whole or not at all; told what came of each."""
        told = await exemptions.decide_many(
            session, actor, data.exemptions, is_granted=data.is_granted, reason=data.reason,
            settings=settings, editions=library, now=now,
        )  # fmt: skip
        return ProofDecisionsOut(
            items=[
                ProofToldOut(
                    exemption_id=one.id, outcome=one.outcome,
                    candidate_id=one.proof.candidate_id if one.proof else None,
                    person=one.proof.person if one.proof else "",
                )
                for one in told
            ]
        )  # fmt: skip


class SeenProofs(Controller):
    """Proofs that trainers saw themselves."""

    path = "/assignments/{assignment_id:str}/exemptions"
    tags = ["Training"]

    @post(
        operation_id="exemptions.enter",
        responses=problems(401, 403, 404, 409, 410, 422),
    )
    async def enter(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        data: JSONBody[SeenProofIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Note a proof that you saw and accept in place of a module (Idempotency-Key)."""

        async def act() -> ExemptionOut:
            found = await exemptions.enter_seen(
                session, actor, assignment_id, data.module, words=data.words, reason=data.reason, judged=None,
                files=files, settings=settings, editions=library, now=now,
            )  # fmt: skip
            return ExemptionOut.of(found)

        return await once(request, session, actor, now=now, act=act)
