"""Programmes for recruiters, and the sheet that anybody reads before applying."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.matching.wish_words import Warned, warnings_of
from service.flows.recruiting import programmes
from service.flows.writing.shortlists_on_paper import language_name
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import StaleVersion
from service.runtime.vocabulary import ProgrammeState, Role, Stage
from service.store.reach import id_of
from service.store.recruiting import applications as applications_store
from service.store.recruiting import programmes as store
from service.store.recruiting.programmes import ProgrammeFacts
from service.web.matching.matching import STAGES
from service.web.pages import redirect, render
from service.web.people.people_forms import hours_words
from service.web.recruiting.programme_forms import read_programme, typed_of
from service.web.translations import Translator, french, locale_of

PAGE = 25


class ProgrammePages(Controller):
    """Programmes."""

    include_in_schema = False
    path = "/programmes"

    @get(operation_id="web.programmes.list")
    async def list_programmes(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        q: Annotated[str, QueryParameter(max_length=200)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """The list, the newest first."""
        secret = request.app.state.secret
        after = read_cursor(secret, cursor, of="programmes") if cursor else None
        page = await store.page_of(session, actor, limit=PAGE, q=q or None, after=after)
        next_href = f"?cursor={write_cursor(secret, page.after, of='programmes')}" if page.after else ""
        return render(
            request, "recruiter/programmes.html", title="Programmes", lines=page.lines, q=q,
            next_href=next_href, first_href="/programmes" if cursor else "",
            may_edit=actor.role is Role.RECRUITER,
        )  # fmt: skip

    @get("/new", operation_id="web.programmes.new")
    async def new(self, request: Request[Any, Any, Any]) -> Template:
        """An empty form."""
        typed = {"weekly_hours": "35", "seats": "1", "languages": "fr:B2"}
        return _form(
            request, french("Nouveau programme"), typed, {}, action="/programmes", back="/programmes"
        )

    @post(operation_id="web.programmes.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Enter one programme; with errors the form comes back as it was typed."""
        typed, said, errors = read_programme(await request.form())
        if said is None:
            return _form(
                request,
                french("Nouveau programme"),
                typed,
                errors,
                action="/programmes",
                back="/programmes",
                status=422,
            )
        given = {name: value for name, value in said.items() if value is not None}
        facts = await programmes.create_programme(
            session, actor, profile=given, client_name=typed["client_name"][:200], now=now
        )
        return _saved(request, facts.id, said, editions, now)

    @get("/{programme_id:str}", operation_id="web.programmes.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """One programme with its sheet and how many stand at each stage."""
        facts = await store.facts_of(session, actor, id_of(programme_id))
        counts = await applications_store.counts_by_stage(session, actor, programme_id=facts.id)
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/programme.html", title=facts.title, programme=facts, sheet=facts.as_profile,
            hours=hours_words(facts.profile.get("opening_hours", []), translate),
            languages=[
                f"{language_name(one.code, locale_of(request).value)} {one.cefr_min}"
                for one in facts.as_profile.languages
            ],
            counts=[(stage.value, translate(STAGES[stage]), counts[stage]) for stage in Stage],
            may_edit=actor.role is Role.RECRUITER, may_read_pool=matrix()["web.pool.programme"].allows(actor),
        )  # fmt: skip

    @get("/{programme_id:str}/edit", operation_id="web.programmes.edit_form")
    async def edit_form(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The form with what is known, and a warning beside words that no post may ask for."""
        facts = await store.facts_of(session, actor, id_of(programme_id))
        warned = warnings_of(
            facts.profile, editions=editions, today=civil_date(now), locale=locale_of(request)
        )
        return _edit_form(request, facts, typed_of(facts), {}, warned=warned)

    @post("/{programme_id:str}/edit", operation_id="web.programmes.edit", status_code=200)
    async def edit(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Correct a programme; what somebody else changed meanwhile is never overwritten unseen."""
        facts = await store.facts_of(session, actor, id_of(programme_id))
        typed, said, errors = read_programme(await request.form())
        if said is None:
            return _edit_form(request, facts, typed, errors, status=422)
        if typed["version"] != str(facts.version):
            words = french(
                "Quelqu'un a modifié ce programme entre-temps. Relisez-le, puis enregistrez à nouveau."
            )
            return _edit_form(
                request, facts, {**typed, "version": str(facts.version)}, {"title": words}, status=412
            )
        await programmes.edit_programme(
            session, actor, facts.id, changes={"profile": said, "client_name": typed["client_name"][:200]},
            check_version=_same(facts.version), now=now,
        )  # fmt: skip
        return _saved(request, facts.id, said, editions, now)

    @post("/{programme_id:str}/state", operation_id="web.programmes.state", status_code=200)
    async def set_state(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Open or close a programme."""
        wanted = str((await request.form()).get("state", ""))
        state = ProgrammeState.CLOSED if wanted == "closed" else ProgrammeState.OPEN
        facts = await store.facts_of(session, actor, id_of(programme_id))
        await programmes.edit_programme(
            session,
            actor,
            facts.id,
            changes={"state": state.value},
            check_version=_same(facts.version),
            now=now,
        )
        told = (
            french("Le programme est fermé.")
            if state is ProgrammeState.CLOSED
            else french("Le programme est ouvert.")
        )
        return redirect(f"/programmes/{facts.id}", flash=told)

    @get("/{programme_id:str}/sheet", operation_id="web.programmes.sheet")
    async def sheet(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """The sheet of an open programme, for anybody."""
        facts = await store.sheet_of(session, programme_id)
        return render(
            request, "public/apply_sheet.html", title=facts.title, programme=facts, sheet=facts.as_profile,
            hours=hours_words(facts.profile.get("opening_hours", []), Translator(locale_of(request))),
        )  # fmt: skip


def _saved(
    request: Request[Any, Any, Any],
    programme_id: UUID,
    said: Mapping[str, object],
    editions: Editions,
    now: datetime,
) -> Redirect:
    """To the programme; or back to its form, where words that no post may ask for are shown to be read again."""
    locale = locale_of(request)
    if warnings_of(said, editions=editions, today=civil_date(now), locale=locale):
        words = french("Le programme est enregistré. Quelques mots sont à relire.")
        return redirect(f"/programmes/{programme_id}/edit", flash=words, tone="warn")
    return redirect(f"/programmes/{programme_id}", flash="Le programme est enregistré.")


def _same(version: int) -> Any:
    def check(present: int) -> None:
        if present != version:
            raise StaleVersion

    return check


def _edit_form(
    request: Request[Any, Any, Any],
    facts: ProgrammeFacts,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
    warned: tuple[Warned, ...] = (),
) -> Template:
    back = f"/programmes/{facts.id}"
    return _form(
        request,
        french("Modifier le programme"),
        typed,
        errors,
        action=f"{back}/edit",
        back=back,
        status=status,
        warned=warned,
    )


def _form(
    request: Request[Any, Any, Any],
    title: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    action: str,
    back: str,
    status: int = 200,
    warned: tuple[Warned, ...] = (),
) -> Template:
    translate = Translator(locale_of(request))
    return render(
        request, "recruiter/programme_edit.html", title=title, status=status, typed=typed, action=action,
        back=back, errors={name: translate(words) for name, words in errors.items()}, warned=warned,
    )  # fmt: skip
