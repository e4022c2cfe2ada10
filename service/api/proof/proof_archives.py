"""Large archives of proofs in the API: asked for, made by durable work, downloaded for some days by who asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out
from service.api.responses import problems
from service.flows.proof import proof_archives
from service.http import idempotency
from service.http.proof_downloads import ZIP, kept_archive
from service.runtime.actors import Actor
from service.runtime.files import FileStore
from service.runtime.vocabulary import ProofArchiveState
from service.store.proof import proof_archives as store
from service.store.proof.proof_archives import ProofArchiveFacts
from service.store.proof.training_files import WantedProof


class ProofArchiveIn(In):
    """Whose proofs; a period keeps every training that was under way in it. Nothing said is everything within reach."""

    candidate_id: UUID | None = None
    cohort_id: UUID | None = None
    path: str | None = Field(default=None, min_length=1, max_length=80)
    first_day: date | None = None
    last_day: date | None = None


class ProofArchiveOut(Out):
    """One archive: `requested` while it is made (`made` of `trainings`), `ready` with its `content`, then over.

    It ends as `expired` on `kept_until`, as `withdrawn` where somebody in it was erased, as `failed` where nobody could
    make it.
    """

    id: UUID
    state: ProofArchiveState
    trainings: int
    made: int
    created_at: datetime
    ready_at: datetime | None
    kept_until: datetime | None
    sha256: str | None
    size_bytes: int | None
    content: str | None


def archive_out(facts: ProofArchiveFacts) -> ProofArchiveOut:
    here = f"/api/v1/training/proof-archives/{facts.id}/content"
    shown = facts.model_dump(exclude={"asked_by", "wanted"})
    return ProofArchiveOut(**shown, content=here if facts.sha256 else None)


class ProofArchives(Controller):
    """Archives of proofs that are made while nobody waits."""

    path = "/training/proof-archives"
    tags = ["Training proofs"]

    @post(operation_id="proof_archives.create", responses=problems(401, 404, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[ProofArchiveIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ProofArchiveOut]:
        """Ask for an archive of everything that proves these trainings, however many. Send an Idempotency-Key."""
        wanted = WantedProof.model_validate(data.model_dump())

        async def act() -> ProofArchiveOut:
            return archive_out(await proof_archives.request(session, actor, wanted, now=now))

        return await idempotency.once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act,
            location=lambda out: f"/api/v1/training/proof-archives/{out.id}",
        )  # fmt: skip

    @get("/{archive_id:str}", operation_id="proof_archives.read", responses=problems(401, 404))
    async def read(
        self,
        archive_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> ProofArchiveOut:
        """See how far an archive of yours is."""
        return archive_out(await store.facts_of(session, actor, archive_id))

    @get(
        "/{archive_id:str}/content",
        operation_id="proof_archives.content",
        responses=problems(401, 404, 410),
        opt={"audited": True},
        media_type=ZIP,
    )
    async def content(
        self,
        archive_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Stream:
        """Download an archive of yours, for as long as it is kept."""
        return kept_archive(await proof_archives.read(session, actor, archive_id, now=now), files)
