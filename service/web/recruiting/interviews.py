"""Interviews for who recruits: the list and its agreement, the guide with one's own notes, both readings, paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import interviews
from service.flows.recruiting.interviews import LONGEST_NOTE, CheckVersion
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Role
from service.store import audit
from service.store.reach import id_of
from service.store.recruiting import interviews as store
from service.store.recruiting import programmes as programmes_store
from service.store.recruiting.interviews import InterviewFile
from service.web.pages import redirect, render
from service.web.recruiting.interview_views import agreement_view, guide_view, line_view, sides_view
from service.web.translations import Translator, french, locale_of

PAGE = 25
STALE = french("Vos notes ont changé dans une autre fenêtre. Relisez, puis enregistrez de nouveau.")
REFUSALS = {
    "interview-open": french("Un entretien de cette candidature est déjà ouvert."),
    "application-closed": french("Cette candidature est déjà close."),
    "interview-closed": french("Cet entretien est fermé : les notes ne changent plus."),
    "notes-sent": french("Vos notes sont déjà envoyées : elles ne changent plus."),
    "two-raters": french("Deux personnes notent déjà cet entretien."),
    "nothing-rated": french("Notez au moins une question avant d'envoyer."),
    "nothing-written": french("Notez ou écrivez quelque chose avant d'enregistrer."),
    "no-notes": french("Personne n'a encore envoyé ses notes."),
}


@dataclass(frozen=True)
class Typed:
    """What came with the form; a rating that is none of the choices is left out."""

    version: int
    ratings: Mapping[str, int | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    def check(self, version: int) -> None:
        """What `save_note` asks: that nothing was saved elsewhere since this page was shown."""
        if version != self.version:
            raise StaleVersion


class InterviewPages(Controller):
    """Interviews."""

    include_in_schema = False
    path = "/"

    @get("/interviews", operation_id="web.interviews.list", opt={"audited": True})
    async def list_interviews(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        programme: Annotated[str, QueryParameter(max_length=100)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """Interviews newest first; for one programme with how far two raters agree."""
        translate, secret = Translator(locale_of(request)), request.app.state.secret
        programme_id = parse_id(programme)
        found = await store.lines_of(
            session, actor, programme_id=programme_id, limit=PAGE,
            after=_place(read_cursor(secret, cursor, of="interviews")) if cursor else None,
        )  # fmt: skip
        shown = found[:PAGE]
        kept = f"?programme={programme_id}" if programme_id else ""
        following = ""
        if len(found) > PAGE:
            place = [shown[-1].opened_at.isoformat(), str(shown[-1].id)]
            following = f"/interviews{kept}{'&' if kept else '?'}cursor={write_cursor(secret, place, of='interviews')}"
        agreement = (
            agreement_view(await interviews.agreement_of(session, actor, programme_id, now=now), translate)
            if programme_id
            else None
        )
        audit.record(
            session,
            actor,
            action="interview.list",
            subject=("programme", str(programme_id or "all")),
            now=now,
        )
        return render(
            request, "recruiter/interviews/list.html", title="Entretiens", programme=str(programme_id or ""),
            lines=[line_view(one) for one in shown], agreement=agreement, next_href=following,
            first_href=f"/interviews{kept}" if cursor else "",
            programmes=[(str(one.id), one.title) for one in await programmes_store.facts_of_many(session, actor)],
        )  # fmt: skip

    @post(
        "/applications/{application_id:str}/interviews", operation_id="web.interviews.open", status_code=200
    )
    async def open(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Make the guide; pressed twice, there is one interview."""
        try:
            found = await interviews.open_interview(
                session, actor, id_of(application_id), editions=editions, now=now
            )
        except Conflict as refused:
            return redirect(
                f"/applications/{id_of(application_id)}", flash=_refusal(refused.code), tone="info"
            )
        return redirect(f"/interviews/{found.interview.id}", flash="Le guide de l'entretien est prêt.")

    @get("/interviews/{interview_id:str}", operation_id="web.interviews.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """The guide with one's own notes; both readings once both were sent."""
        found = await interviews.read_interview(session, actor, id_of(interview_id), now=now)
        return _page(request, found, actor)

    @get("/interviews/{interview_id:str}/paper", operation_id="web.interviews.paper", opt={"audited": True})
    async def paper(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """The guide to print, with room to write; no notes."""
        found = await interviews.read_interview(session, actor, id_of(interview_id), now=now)
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/interviews/paper.html", title="Guide d'entretien", interview=found.interview,
            guide=guide_view(found.interview.guide, None, translate),
        )  # fmt: skip

    @post("/interviews/{interview_id:str}/notes", operation_id="web.interviews.note", status_code=200)
    async def note(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the notes, and send them when that was pressed; what was typed comes back with every refusal."""
        key, form = id_of(interview_id), await request.form()
        typed, is_sent = _typed(form), form.get("go") == "send"
        try:
            saved = await interviews.save_note(
                session,
                actor,
                key,
                ratings=typed.ratings,
                notes=typed.notes,
                now=now,
                check_version=typed.check,
            )
            if is_sent:
                await interviews.submit_note(session, actor, key, now=now, check_version=_same(saved.version))
        except (StaleVersion, Conflict, RuleBroken) as refused:
            found = await store.file_of(session, actor, key)
            words = STALE if isinstance(refused, StaleVersion) else _refusal(refused.code)
            return _page(request, found, actor, typed=typed, error=words, status=422)
        flash = french("Vos notes sont envoyées.") if is_sent else french("Vos notes sont enregistrées.")
        return redirect(f"/interviews/{key}", flash=flash)

    @post("/interviews/{interview_id:str}/draft", operation_id="web.interviews.draft", status_code=200)
    async def draft(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """Keep the notes while they are written: says what became of them, and which version is kept."""
        key, typed = id_of(interview_id), _typed(await request.form())
        version, words, is_kept = typed.version, "", False
        try:
            saved = await interviews.save_note(
                session,
                actor,
                key,
                ratings=typed.ratings,
                notes=typed.notes,
                now=now,
                check_version=typed.check,
            )
            version, is_kept = saved.version, True
        except StaleVersion:
            words = STALE
        except (Conflict, RuleBroken) as refused:
            words = _refusal(refused.code)
        return render(
            request, "recruiter/interviews/_saved.html", title="Entretien", version=version,
            is_kept=is_kept, words=Translator(locale_of(request))(words) if words else "", now=now,
        )  # fmt: skip

    @post("/interviews/{interview_id:str}/closure", operation_id="web.interviews.close", status_code=200)
    async def close(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Close the interview; a decision is another step, by a person, with a reason."""
        key = id_of(interview_id)
        try:
            await interviews.close_interview(
                session, actor, key, editions=editions, now=now, check_version=lambda version: None
            )
        except (Conflict, RuleBroken) as refused:
            found = await store.file_of(session, actor, key)
            return _page(request, found, actor, error=_refusal(refused.code), status=422)
        return redirect(f"/interviews/{key}", flash="L'entretien est fermé.")


def _place(position: list[Any]) -> tuple[datetime, UUID]:
    opened_at, row_id = position
    return datetime.fromisoformat(str(opened_at)), UUID(str(row_id))


def _same(version: int) -> CheckVersion:
    return Typed(version).check


def _refusal(code: str) -> str:
    return REFUSALS.get(code, french("Ces notes n'ont pas pu être enregistrées."))


def _typed(form: FormMultiDict) -> Typed:
    """Ratings come as `rating-ID`, notes as `note-ID`; no rating pressed leaves the kept one as it is."""
    ratings: dict[str, int | None] = {}
    notes: dict[str, str] = {}
    for name, value in form.multi_items():
        kind, _, key = name.partition("-")
        if kind == "rating":
            ratings[key] = int(value) if value in ("1", "2", "3", "4", "5") else None
        elif kind == "note" and isinstance(value, str):
            notes[key] = value.replace("\x00", "").replace("\r\n", "\n")
    version = str(form.get("version") or "0")
    return Typed(int(version) if version.isdecimal() and len(version) < 10 else 0, ratings, notes)


def _page(
    request: Request[Any, Any, Any],
    found: InterviewFile,
    actor: Actor,
    *,
    typed: Typed | None = None,
    error: str = "",
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    own = found.own
    version = own.version if own else 0
    ratings = {**(own.ratings if own else {}), **(typed.ratings if typed and found.may_note else {})}
    notes = {**(own.notes if own else {}), **(typed.notes if typed and found.may_note else {})}
    return render(
        request, "recruiter/interviews/show.html", title=found.interview.shown_name, status=status,
        interview=found.interview, guide=guide_view(found.interview.guide, (ratings, notes), translate),
        raters=found.raters, own=own, may_note=found.may_note, version=version, is_open=found.is_open,
        general=notes.get("general", ""), sides=sides_view(found, translate),
        error=translate(error) if error else "", most=LONGEST_NOTE,
        may_close=found.is_open and actor.role is Role.RECRUITER and any(one.is_submitted for one in found.raters),
    )  # fmt: skip
