"""Proofs in place of modules: a learner sends one, a trainer decides about it with a reason."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.assessing.judging_files import Judged
from service.flows.learning import exemptions
from service.flows.learning.exemptions import LONGEST_WORDS, Outcome
from service.flows.paths import path_shelf
from service.http.downloads import attachment
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, HomeshoreError, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store.learning import exemptions as store
from service.web.learning.exemption_views import Typed, exemption_view, groups_of, module_choice
from service.web.learning.learning import module_page
from service.web.learning.learning_work import BASE
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french, locale_of

NOBODY = french("Cochez au moins une preuve.")
_SAID = {
    True: (
        french("La preuve est acceptée : le module est acquis."),
        french("%(n)s preuves sont acceptées : le module est acquis."),
    ),
    False: (
        french("C'est noté : le module reste à suivre."),
        french("C'est noté pour %(n)s personnes : le module reste à suivre."),
    ),
}
_LEFT = {
    Outcome.DECIDED_BEFORE: french("%(name)s : quelqu'un a déjà décidé."),
    Outcome.WITHDRAWN: french("%(name)s : ce parcours a été retiré, il n'y a plus rien à décider."),
    Outcome.ABSENT: french("%(name)s : cette preuve n'est plus là."),
}
ROWS = 25
DECIDED_SHOWN = 20
PLACE = "/training/exemptions"
MOST_BYTES = 21_000_000


async def proof_of(form: Any, *, editions: Editions, now: datetime) -> Judged | None:
    """The file of a form made safe, in a thread; None where none was chosen."""
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    content = await sent.read()
    return await asyncio.to_thread(exemptions.judge_proof, content, editions=editions, now=now)


def told(refusal: HomeshoreError, request: Request[Any, Any, Any]) -> str:
    """What a refusal says, fault by fault where it names some."""
    tongue = Translator(locale_of(request))
    return " ".join(fault.said(tongue) for fault in refusal.faults) or refusal.said(tongue)


class OwnProofs(Controller):
    """A learner's own proofs."""

    path = "/me"
    include_in_schema = False

    @post(
        "/training/{assignment_id:str}/modules/{module:str}/proofs",
        operation_id="web.own_proofs.send",
        status_code=200,
        request_max_body_size=MOST_BYTES,
    )
    async def send(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Send a proof in place of a module; sent twice, it is one. With an error, what was written comes back."""
        database: Database = request.app.state.database
        form = await request.form()
        here = f"{BASE}/{assignment_id}/modules/{module}"
        try:
            judged = await proof_of(form, editions=editions, now=now)
            async with database.transaction() as session:
                library = await path_shelf.library(session, editions)
                await exemptions.show_proof(
                    session, actor, assignment_id, module, words=_words(form, "words"), judged=judged,
                    files=files, editions=library, now=now,
                )  # fmt: skip
        except (Conflict, RuleBroken) as refusal:
            async with database.transaction(write=False) as session:
                library = await path_shelf.library(session, editions)
                return await module_page(
                    request, session, actor, assignment_id, module, library=library, now=now,
                    proof_error=told(refusal, request), proof_words=_words(form, "words"),
                )  # fmt: skip
        return redirect(here, flash=french("Votre preuve est envoyée. Votre formateur vous répondra ici."))

    @get("/proofs/{exemption_id:str}", operation_id="web.own_proofs.file", opt={"audited": True})
    async def file(
        self,
        exemption_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download a proof that one sent."""
        found, content = await exemptions.open_proof(session, actor, exemption_id, files=files, now=now)
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


class ExemptionPages(Controller):
    """The trainers' page of proofs."""

    path = PLACE
    include_in_schema = False

    @get(operation_id="web.exemptions.list")
    async def list_proofs(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        cursor: FromQuery[str] = "",
        module: FromQuery[str] = "",
    ) -> Template:
        """Proofs that wait for a decision, those of one module together, and the newest decisions."""
        return await _page(request, session, actor, library, now=now, cursor=cursor, module=module)

    @post("/decision", operation_id="web.exemptions.decide", status_code=200)
    async def decide(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Accept the ticked proofs of one module, or say why it stays to do; a slip comes back as typed."""
        form = await request.form()
        typed = Typed(_words(form, "group"), _words(form, "reason"), _ids(form.getall("proof", [])))
        module, is_granted = _words(form, "module"), form.get("decision") == "accept"
        if not typed.proofs:
            return await _page(
                request, session, actor, library, now=now, module=module, typed=typed,
                error=Translator(locale_of(request))(NOBODY), status=422,
            )  # fmt: skip
        try:
            outcomes = await exemptions.decide_many(
                session, actor, typed.proofs, is_granted=is_granted, reason=typed.reason, settings=settings,
                editions=library, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            return await _page(
                request, session, actor, library, now=now, module=module, typed=typed,
                error=told(refusal, request), status=422,
            )  # fmt: skip
        translate = Translator(locale_of(request))
        count, said = sum(one.outcome is Outcome.DECIDED for one in outcomes), []
        if count:
            one, many = _SAID[is_granted]
            said.append(translate(one if count == 1 else many, n=count))
        left = [
            translate(_LEFT[other.outcome], name=other.proof.person if other.proof else "–")
            for other in outcomes
            if other.outcome in _LEFT
        ]
        if left:
            return await _page(request, session, actor, library, now=now, module=module, left=(*said, *left))
        here = f"{PLACE}?{urlencode({'module': module})}" if module else PLACE
        return redirect(here, flash=" ".join(said))

    @get("/{exemption_id:str}/file", operation_id="web.exemptions.file", opt={"audited": True})
    async def file(
        self,
        exemption_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download the file of a proof; the reading is noted."""
        found, content = await exemptions.open_proof(session, actor, exemption_id, files=files, now=now)
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    *,
    now: datetime,
    cursor: str = "",
    module: str = "",
    typed: Typed | None = None,
    error: str = "",
    left: tuple[str, ...] = (),
    status: int = 200,
) -> Template:
    secret, say = request.app.state.secret, Reader(locale_of(request))
    after = store.position_from(read_cursor(secret, cursor, of="exemptions")) if cursor else None
    waiting = await store.waiting_modules(session, actor)
    if module not in {f"{one[0]}/{one[1]}" for one in waiting}:
        module = ""
    of_path, _, of_module = module.partition("/")
    found = await store.waiting_page(
        session, actor, limit=ROWS + 1, after=after, path=of_path, module=of_module
    )
    shown, more = found[:ROWS], ""
    if len(found) > ROWS:
        more = write_cursor(secret, (shown[-1].asked_at, shown[-1].id), of="exemptions")
    decided = await store.decided_lately(session, actor, limit=DECIDED_SHOWN)
    query = {"module": module} if module else {}
    return render(
        request,
        "trainer/exemptions.html",
        title="Dispenses",
        status=status,
        groups=groups_of(shown, say, editions=library),
        modules=tuple(module_choice(one, say, editions=library) for one in waiting),
        module=module,
        decided=tuple(exemption_view(one, say, editions=library) for one in decided),
        next_href=f"{PLACE}?{urlencode({**query, 'cursor': more})}" if more else "",
        first_href=f"{PLACE}?{urlencode(query)}" if cursor else "",
        may_decide=actor.role is Role.TRAINER,
        least=library.term_rules_on(civil_date(now)).reason_least_characters,
        typed=typed or Typed(),
        error=error,
        left=left,
    )


def _words(form: Any, name: str) -> str:
    return str(form.get(name) or "").replace("\x00", "")[:LONGEST_WORDS]


def _ids(written: list[Any]) -> tuple[UUID, ...]:
    return tuple(found for one in written if (found := parse_id(str(one))) is not None)
