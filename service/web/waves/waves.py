"""Pages of waves: the list, one wave with all that is in it, a programme's needs, and the people it may place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.reading.reading_cells import BadCell, whole
from service.flows.recruiting import blind
from service.flows.waves import waves
from service.flows.waves.waves_needs import curve_of, lines_of, read_lines, suggested
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.errors import NotFound, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import LockKind, ProgrammeState, Role, Stage
from service.store import audit
from service.store.people.candidates import CandidateQuestion
from service.store.reach import id_of
from service.store.recruiting import programmes
from service.store.waves import scenarios as scenarios_store
from service.store.waves import waves as store
from service.store.waves.waves import NeedFacts, WaveFacts, WaveProgrammeFacts
from service.web.matching.matching import STAGES
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of
from service.web.waves.coverage import CoverageView, coverage_view
from service.web.waves.scenarios_views import LOCKS, choices_of, line_view

PAGE = 25
PEOPLE = 50
SOURCES = (
    ("applying", french("Qui a une candidature en cours pour un de ces programmes")),
    ("pool", french("Qui répond à une recherche dans le vivier")),
    ("everybody", french("Tout le vivier")),
)


@dataclass(frozen=True)
class PartView:
    """One programme of a wave: its needs drawn, and the hours they come to beside those of its seats."""

    id: UUID
    title: str
    client_name: str
    is_open: bool
    seats: int
    coverage: CoverageView | None
    seat_hours: float
    needed_hours: float


def part_view(one: WaveProgrammeFacts, translate: Translator) -> PartView:
    curve = curve_of(one.needs)
    return PartView(
        id=one.programme_id, title=one.title, client_name=one.client_name,
        is_open=one.state is ProgrammeState.OPEN, seats=one.seats,
        coverage=coverage_view(curve, (0,) * len(curve), translate),
        seat_hours=one.seats * one.weekly_hours, needed_hours=sum(curve) / 2,
    )  # fmt: skip


class WavePages(Controller):
    """Waves."""

    path = "/waves"
    include_in_schema = False

    @get(operation_id="web.waves.list")
    async def list_waves(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """The waves, the newest first, and the form for another."""
        return await _list_page(request, session, actor, cursor=cursor)

    @post(operation_id="web.waves.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Begin a wave; with an error what was typed is kept."""
        name = typed_in(await request.form(), "name", 200)
        try:
            made = await waves.create(session, actor, name=name, now=now)
        except RuleBroken:
            errors = {"name": french("Donnez un nom de 1 à 120 caractères.")}
            return await _list_page(request, session, actor, name=name, errors=errors, status=422)
        return redirect(f"/waves/{made.id}", flash=french("La vague est créée. Ajoutez ses programmes."))

    @get("/{wave_id:str}", operation_id="web.waves.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """One wave: what it fills, from whom, what is fixed, and what was proposed."""
        return await wave_page(request, session, actor, wave_id)

    @post("/{wave_id:str}/programmes", operation_id="web.waves.add_programme", status_code=200)
    async def add_programme(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take a programme in with its own seats and a flat curve over its hours; its page then asks for the peaks."""
        programme_id = parse_id(typed_in(await request.form(), "programme_id", 60))
        here = f"/waves/{id_of(wave_id)}"
        if programme_id is None:
            return redirect(here, flash=french("Choisissez un programme."), tone="warn")
        facts = await programmes.facts_of(session, actor, programme_id)
        needs = suggested(
            facts.profile.get("opening_hours", []), seats=facts.seats, weekly_hours=facts.weekly_hours
        )
        try:
            await waves.put_programme(
                session, actor, wave_id, facts.id, seats=facts.seats, needs=needs, now=now
            )
        except RuleBroken as refusal:
            return redirect(here, flash=refusal.said(Translator(locale_of(request))), tone="warn")
        return redirect(f"{here}/programmes/{facts.id}")

    @get("/{wave_id:str}/programmes/{programme_id:str}", operation_id="web.waves.programme")
    async def programme(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """The seats and the needs of a programme in this wave."""
        return await _programme_page(request, session, actor, wave_id, programme_id)

    @post(
        "/{wave_id:str}/programmes/{programme_id:str}",
        operation_id="web.waves.put_programme",
        status_code=200,
    )
    async def put_programme(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep seats and needs; with an error everything typed is kept."""
        form = await request.form()
        typed = {name: typed_in(form, name, 10_000) for name in ("seats", "needs")}
        errors: dict[str, str] = {}
        seats = 0
        needs: tuple[NeedFacts, ...] = ()
        try:
            seats = whole(typed["seats"])
        except BadCell:
            errors["seats"] = french("Écrivez un nombre de places, comme 12.")
        try:
            needs = read_lines(typed["needs"])
        except BadCell as problem:
            errors["needs"] = f"Le besoin {problem}."
        if not errors:
            try:
                await waves.put_programme(
                    session, actor, wave_id, programme_id, seats=seats, needs=needs, now=now
                )
            except RuleBroken as refusal:
                place = "seats" if refusal.faults and refusal.faults[0].pointer == "/seats" else "needs"
                errors[place] = refusal.said(Translator(locale_of(request)))
            else:
                here = f"/waves/{id_of(wave_id)}"
                return redirect(here, flash=french("Les places et le besoin sont enregistrés."))
        return await _programme_page(
            request, session, actor, wave_id, programme_id, typed=typed, errors=errors, status=422
        )

    @post(
        "/{wave_id:str}/programmes/{programme_id:str}/removal",
        operation_id="web.waves.remove_programme",
        status_code=200,
    )
    async def remove_programme(
        self,
        wave_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take a programme out."""
        await waves.remove_programme(session, actor, wave_id, programme_id, now=now)
        return redirect(f"/waves/{id_of(wave_id)}", flash=french("Le programme est sorti de la vague."))

    @get("/{wave_id:str}/people", operation_id="web.waves.people", opt={"audited": True})
    async def people(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """Who is in, with what is fixed of each, and the form that takes people in; the reading is noted."""
        facts = await store.facts_of(session, actor, wave_id)
        secret = request.app.state.secret
        after = read_cursor(secret, cursor, of="wave people") if cursor else None
        page = await store.people_page(session, actor, facts.id, limit=PEOPLE, after=after)
        audit.record(
            session, actor, action="wave.people_read", subject=("wave", facts.id), now=now,
            detail={"people": [str(one.id) for one in page.lines]},
        )  # fmt: skip
        translate = Translator(locale_of(request))
        parts = await store.programmes_of(session, facts.id)
        locks: dict[UUID, list[tuple[str, str, UUID]]] = {}
        for one in await store.locks_of(session, facts.id):
            words = translate(LOCKS[one.kind], title=one.title)
            locks.setdefault(one.candidate_id, []).append((words, one.kind.value, one.programme_id))
        return render(
            request, "recruiter/waves/people.html", title=french("Personnes de la vague"), wave=facts,
            people=[
                (one.id, blind.name_of(actor, one.id, one.shown_name), locks.get(one.id, []))
                for one in page.lines
            ],
            lock_choices=lock_choices(parts, translate), may_edit=may_edit(actor),
            sources=[(value, translate(words)) for value, words in SOURCES],
            stages=[(stage.value, translate(words)) for stage, words in STAGES.items()],
            next_href=f"?cursor={write_cursor(secret, page.after, of='wave people')}" if page.after else "",
            first_href=f"/waves/{facts.id}/people" if cursor else "",
        )  # fmt: skip

    @post("/{wave_id:str}/people", operation_id="web.waves.add_people", status_code=200)
    async def add_people(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take people in by where they are."""
        form = await request.form()
        source, here = typed_in(form, "source", 20), f"/waves/{id_of(wave_id)}/people"
        try:
            done = await waves.add_people(
                session, actor, wave_id, now=now, applying=source == "applying", question=_asked(form, source)
            )
        except RuleBroken as refusal:
            return redirect(here, flash=refusal.said(Translator(locale_of(request))), tone="warn")
        words = french("%(added)s personnes ajoutées sur %(found)s trouvées.")
        translate = Translator(locale_of(request))
        return redirect(here, flash=translate(words, added=done.added, found=done.found))

    @post(
        "/{wave_id:str}/people/{candidate_id:str}/removal",
        operation_id="web.waves.remove_person",
        status_code=200,
    )
    async def remove_person(
        self,
        wave_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Leave somebody out of the next scenarios."""
        await waves.remove_person(session, actor, wave_id, candidate_id, now=now)
        here = f"/waves/{id_of(wave_id)}/people"
        return redirect(
            here, flash=french("La personne n'est plus dans la vague. Son dossier ne change pas.")
        )

    @post("/{wave_id:str}/locks", operation_id="web.waves.lock", status_code=200)
    async def lock(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Fix somebody at a programme, keep somebody from it, or leave somebody free again."""
        form = await request.form()
        person = id_of(typed_in(form, "candidate_id", 60))
        kind, _, programme = typed_in(form, "lock", 100).partition(":")
        back = _back(wave_id, typed_in(form, "scenario_id", 60))
        if kind == "free":
            await waves.unlock(session, actor, wave_id, person, programme, now=now)
            return redirect(
                back, flash=french("La personne est libre à nouveau pour les prochains scénarios.")
            )
        if kind not in {one.value for one in LockKind}:
            return redirect(back, flash=french("Choisissez ce que vous fixez."), tone="warn")
        await waves.lock(session, actor, wave_id, person, programme, kind=LockKind(kind), now=now)
        return redirect(
            back, flash=french("C'est fixé pour les prochains scénarios. Celui-ci ne change pas.")
        )


def typed_in(form: Any, name: str, most: int) -> str:
    """One field as typed, without what no database keeps."""
    return str(form.get(name) or "").replace("\x00", "").strip()[:most]


def may_edit(actor: Actor) -> bool:
    return actor.role is Role.RECRUITER


def lock_choices(parts: tuple[WaveProgrammeFacts, ...], translate: Translator) -> list[tuple[str, str]]:
    """What may be fixed of a person, as the choices of a field."""
    return [
        (f"{kind.value}:{one.programme_id}", translate(words, title=one.title))
        for kind, words in LOCKS.items()
        for one in parts
    ]


def _back(wave_id: str, scenario: str) -> str:
    found = parse_id(scenario)
    return f"/scenarios/{found}" if found else f"/waves/{id_of(wave_id)}/people"


def _asked(form: Any, source: str) -> CandidateQuestion | None:
    if source == "everybody":
        return CandidateQuestion()
    if source != "pool":
        return None
    stage = typed_in(form, "stage", 30)
    return CandidateQuestion(
        q=typed_in(form, "q", 200) or None, skill=typed_in(form, "skill", 200) or None,
        stage=Stage(stage) if stage in {one.value for one in Stage} else None,
    )  # fmt: skip


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    cursor: str = "",
    name: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    secret = request.app.state.secret
    after = read_cursor(secret, cursor, of=store.LISTING) if cursor else None
    page = await store.page_of(session, actor, limit=PAGE, after=after)
    translate = Translator(locale_of(request))
    return render(
        request, "recruiter/waves/list.html", title=french("Vagues"), status=status, waves=page.lines,
        next_href=f"?cursor={write_cursor(secret, page.after, of=store.LISTING)}" if page.after else "",
        first_href="/waves" if cursor else "", may_edit=may_edit(actor), name=name,
        errors={place: translate(words) for place, words in (errors or {}).items()},
    )  # fmt: skip


async def wave_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    """The page of one wave, with its form for another scenario as it was typed."""
    facts: WaveFacts = await store.facts_of(session, actor, wave_id)
    parts = await store.programmes_of(session, facts.id)
    translate = Translator(locale_of(request))
    present = {one.programme_id for one in parts}
    found = await programmes.facts_of_many(session, actor, state=ProgrammeState.OPEN)
    scenarios = await scenarios_store.of_wave(session, actor, facts.id)
    return render(
        request, "recruiter/waves/show.html", title=facts.name, status=status, wave=facts,
        parts=[part_view(one, translate) for one in parts],
        programmes=[(str(one.id), one.title) for one in found if one.id not in present],
        locks=[
            (
                one.candidate_id, blind.name_of(actor, one.candidate_id, one.shown_name),
                translate(LOCKS[one.kind], title=one.title), f"free:{one.programme_id}",
            )
            for one in await store.locks_of(session, facts.id)
        ],
        scenarios=[line_view(one, facts, translate) for one in scenarios], may_edit=may_edit(actor),
        choices=choices_of(translate), typed={"name": "", **(typed or {})},
        errors={place: translate(words) for place, words in (errors or {}).items()},
    )  # fmt: skip


async def _programme_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    wave_id: str,
    programme_id: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    facts = await store.facts_of(session, actor, wave_id)
    wanted = id_of(programme_id)
    part = next(
        (one for one in await store.programmes_of(session, facts.id) if one.programme_id == wanted), None
    )
    if part is None:
        raise NotFound
    translate = Translator(locale_of(request))
    return render(
        request, "recruiter/waves/programme.html", title=part.title, status=status, wave=facts,
        part=part_view(part, translate), opening=part.opening_hours, may_edit=may_edit(actor),
        typed=typed or {"seats": str(part.seats), "needs": lines_of(part.needs)},
        errors={place: translate(words) for place, words in (errors or {}).items()},
    )  # fmt: skip
