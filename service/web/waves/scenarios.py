"""Pages of scenarios: ask for one, read one with its coverage and its people, several side by side, apply placings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matching import Outcome
from service.flows.reading.reading_cells import BadCell, whole, windows
from service.flows.recruiting import blind
from service.flows.waves import scenarios
from service.flows.waves.scenarios_applying import MAY_REACH, apply_placings
from service.flows.waves.scenarios_gains import gains_of
from service.flows.waves.scenarios_posing import First, ScenarioAsked
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken, Unavailable
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Stage
from service.store import audit
from service.store.reach import id_of
from service.store.waves import scenarios as store
from service.store.waves import waves as waves_store
from service.store.waves.scenarios import ScenarioFacts, Where
from service.web.matching.matching import STAGES
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of
from service.web.waves.scenarios_views import (
    SECONDS,
    WHY_LEFT,
    GainView,
    gain_view,
    scenario_view,
    standing_view,
)
from service.web.waves.waves import lock_choices, may_edit, typed_in, wave_page

PAGE = 50
SIDE_BY_SIDE = 4


class ScenarioPages(Controller):
    """Scenarios of waves."""

    include_in_schema = False

    @post("/waves/{wave_id:str}/scenarios", operation_id="web.scenarios.propose", status_code=200)
    async def propose(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Compute a proposal; with an error the form comes back as it was typed."""
        form = await request.form()
        database, translate = request.app.state.database, Translator(locale_of(request))
        typed = {name: str(value)[:2000] for name, value in form.multi_items() if name != "_csrf_token"}
        asked, errors = await _read_asked(request, actor, wave_id, form)
        if asked is not None:
            try:
                made = await scenarios.propose(
                    database, actor, wave_id, asked=asked, editions=editions, now=now
                )
            except (RuleBroken, Unavailable) as refusal:
                faults = " ".join(fault.said(translate) for fault in refusal.faults[:3])
                errors["name"] = f"{refusal.said(translate)} {faults}".strip()
            else:
                return redirect(f"/scenarios/{made}")
        typed["outcome"] = ",".join(form.getall("outcome", []))
        async with database.transaction(write=False) as session:
            return await wave_page(request, session, actor, wave_id, typed=typed, errors=errors, status=422)

    @get("/scenarios/{scenario_id:str}", operation_id="web.scenarios.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        programme: Annotated[str, QueryParameter(max_length=60)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """Coverage by half hour, who is placed or who is left, and why; the reading is noted."""
        facts = await store.facts_of(session, actor, scenario_id)
        return await _scenario_page(
            request, session, actor, facts, now=now, where=Where.LEFT if show == "left" else Where.PLACED,
            programme=programme, cursor=cursor,
        )  # fmt: skip

    @post("/scenarios/{scenario_id:str}/gains", operation_id="web.scenarios.gains", status_code=200)
    async def gains(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The page again with what more seats or other hours would bring, solved now; nothing is kept."""
        database, translate = request.app.state.database, Translator(locale_of(request))
        named = parse_id(typed_in(await request.form(), "changed", 60))
        gains, errors = None, {}
        try:
            found = await gains_of(
                database, actor, scenario_id, programme_ids=[named] if named else (),
                editions=editions, now=now,
            )  # fmt: skip
            gains = [gain_view(one, translate) for one in found]
        except (RuleBroken, Unavailable) as refusal:
            errors["changed"] = refusal.said(translate)
        async with database.transaction() as session:
            facts = await store.facts_of(session, actor, scenario_id)
            return await _scenario_page(
                request, session, actor, facts, now=now, errors=errors, gains=gains,
                typed={"changed": str(named or "")}, status=422 if errors else 200,
            )  # fmt: skip

    @get("/waves/{wave_id:str}/comparison", operation_id="web.scenarios.compare")
    async def compare(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        scenario: Annotated[list[str] | None, QueryParameter(max_items=50)] = None,
    ) -> Template:
        """Two to four scenarios side by side; without a choice the newest ones."""
        wave = await waves_store.facts_of(session, actor, wave_id)
        every = await store.of_wave(session, actor, wave.id)
        chosen = {found for text in scenario or () if (found := parse_id(text))}
        picked = [one for one in every if not chosen or one.id in chosen][:SIDE_BY_SIDE][::-1]
        places = await store.places_of(session, [one.id for one in picked])
        titles = await _titles(session, wave.id)
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/waves/comparison.html", title=french("Scénarios côte à côte"), wave=wave,
            scenarios=[scenario_view(one, titles, translate) for one in picked],
            every=[(str(one.id), one.name) for one in every], chosen={str(one.id) for one in picked},
            moved=[_moved(places[one.id], places[picked[0].id]) for one in picked], most=SIDE_BY_SIDE,
            titles=[(row_id, title) for row_id, title in titles.items()],
        )  # fmt: skip

    @get(
        "/scenarios/{scenario_id:str}/people/{candidate_id:str}",
        operation_id="web.scenarios.person",
        opt={"audited": True},
    )
    async def person(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """Why one person stands where they stand, with the week that is planned; the reading is noted."""
        facts = await store.facts_of(session, actor, scenario_id)
        standing = await store.standing_of(session, actor, facts.id, candidate_id)
        audit.record(
            session, actor, action="scenario.read", subject=("scenario", facts.id), now=now,
            detail={"people": [str(standing.candidate_id)]},
        )  # fmt: skip
        titles = await _titles(session, facts.wave_id)
        translate = Translator(locale_of(request))
        view = standing_view(actor, standing, titles, translate)
        parts = await waves_store.programmes_of(session, facts.wave_id)
        return render(
            request, "recruiter/waves/person.html", title=view.name, person=view,
            scenario=scenario_view(facts, titles, translate), stages=_stages(translate),
            lock_choices=lock_choices(parts, translate), may_edit=may_edit(actor),
        )  # fmt: skip

    @post("/scenarios/{scenario_id:str}/applications", operation_id="web.scenarios.apply", status_code=200)
    async def apply(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Apply the placings that are ticked, each by the usual flow; with an error everything typed is kept."""
        form = await request.form()
        people = [found for text in form.getall("person", []) if (found := parse_id(str(text)))]
        stage, reason = typed_in(form, "stage", 30), typed_in(form, "reason", 2000)
        facts = await store.facts_of(session, actor, scenario_id)
        translate = Translator(locale_of(request))
        try:
            done = await apply_placings(
                session, actor, facts.id, people, reason=reason, now=now,
                stage=Stage(stage) if stage in set(MAY_REACH) else Stage.SHORTLISTED,
            )  # fmt: skip
        except RuleBroken as refusal:
            errors = {fault.pointer.strip("/"): fault.said(translate) for fault in refusal.faults}
            typed = {"reason": reason, "stage": stage, "people": ",".join(map(str, people))}
            return await _scenario_page(
                request, session, actor, facts, now=now, typed=typed, errors=errors, status=422
            )
        words = translate(french("%(n)s placements appliqués."), n=len(done.done))
        held = [f"{one.shown_name} : {one.error.said(translate)}" for one in done.not_done]
        return redirect(
            f"/scenarios/{facts.id}", flash=" ".join([words, *held[:5]]), tone="warn" if held else "good"
        )

    @post("/scenarios/{scenario_id:str}/removal", operation_id="web.scenarios.remove", status_code=200)
    async def remove(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Put a scenario away of which nothing was applied."""
        try:
            facts = await scenarios.remove(session, actor, scenario_id, now=now)
        except RuleBroken as refusal:
            words = refusal.said(Translator(locale_of(request)))
            return redirect(f"/scenarios/{id_of(scenario_id)}", flash=words, tone="warn")
        return redirect(f"/waves/{facts.wave_id}", flash=french("Le scénario est écarté."))


async def _read_asked(
    request: Request[Any, Any, Any], actor: Actor, wave_id: str, form: Any
) -> tuple[ScenarioAsked | None, dict[str, str]]:
    """What the form asks, or the error of each field. The fields of a programme end with its id."""
    async with request.app.state.database.transaction(write=False) as session:
        wave = await waves_store.facts_of(session, actor, wave_id)
        parts = await waves_store.programmes_of(session, wave.id)
    errors: dict[str, str] = {}
    changes = [
        change for part in parts if (change := _read_change(form, part.programme_id, errors)) is not None
    ]
    outcomes = [one for one in form.getall("outcome", []) if one in set(Outcome) and one != Outcome.NO]
    first, seconds = typed_in(form, "first", 20), typed_in(form, "seconds", 3)
    name = typed_in(form, "name", 120)
    if not name:
        errors["name"] = french("Donnez un nom au scénario.")
    if not outcomes:
        errors["outcome"] = french("Choisissez qui peut être placé.")
    if errors:
        return None, errors
    try:
        asked = ScenarioAsked(
            name=name, outcomes=tuple(Outcome(one) for one in outcomes),
            first=First(first) if first in set(First) else First.POLICY, changes=changes,
            seconds=int(seconds) if seconds in {str(one) for one in SECONDS} else 20,
        )  # fmt: skip
    except ValidationError:
        return None, {"name": french("Une valeur du scénario ne convient pas.")}
    return asked, {}


def _read_change(form: Any, programme_id: UUID, errors: dict[str, str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for name, read in (("seats", whole), ("seats_min", whole), ("opening_hours", windows)):
        field = f"{name}-{programme_id}"
        typed = typed_in(form, field, 2000)
        if typed:
            try:
                found[name] = read(typed)
            except BadCell as problem:
                errors[field] = f"Cette valeur {problem}."
    split = typed_in(form, f"split-{programme_id}", 3)
    if split in ("yes", "no"):
        found["split_shifts_allowed"] = split == "yes"
    return {"programme_id": programme_id, **found} if found else None


async def _scenario_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    facts: ScenarioFacts,
    *,
    now: datetime,
    where: Where = Where.PLACED,
    programme: str = "",
    cursor: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    gains: Sequence[GainView] | None = None,
    status: int = 200,
) -> Template:
    secret = request.app.state.secret
    after = read_cursor(secret, cursor, of=store.LISTING) if cursor else None
    page = await store.people_page(
        session, actor, facts.id, where=where, limit=PAGE, programme_id=parse_id(programme), after=after
    )
    audit.record(
        session, actor, action="scenario.read", subject=("scenario", facts.id), now=now,
        detail={"people": [str(one.candidate_id) for one in page.lines]},
    )  # fmt: skip
    titles = await _titles(session, facts.wave_id)
    names = await _names(session, actor, facts)
    translate = Translator(locale_of(request))
    kept = f"show={where.value}" + (f"&programme={parse_id(programme)}" if parse_id(programme) else "")
    wave = await waves_store.facts_of(session, actor, facts.wave_id)
    return render(
        request, "recruiter/waves/scenario.html", title=facts.name, status=status, wave=wave,
        scenario=scenario_view(facts, titles, translate, names=names),
        people=[standing_view(actor, one, titles, translate) for one in page.lines],
        is_left=where is Where.LEFT, programme=programme,
        programmes=[(str(row_id), title) for row_id, title in titles.items()],
        next_href=f"?{kept}&cursor={write_cursor(secret, page.after, of=store.LISTING)}" if page.after else "",
        first_href=f"?{kept}" if cursor else "", stages=_stages(translate), may_edit=may_edit(actor),
        typed={"reason": "", "stage": Stage.SHORTLISTED.value, "people": "", "changed": "", **(typed or {})},
        gains=gains,
        errors={place: translate(words) for place, words in (errors or {}).items()},
        why_words={why: translate(words) for why, words in WHY_LEFT.items()},
    )  # fmt: skip


async def _titles(session: AsyncSession, wave_id: UUID) -> dict[UUID, str]:
    return {one.programme_id: one.title for one in await waves_store.programmes_of(session, wave_id)}


async def _names(session: AsyncSession, actor: Actor, facts: ScenarioFacts) -> dict[UUID, str]:
    """Whom the collisions of an infeasible wave are about."""
    wanted = {
        UUID(step["person"])
        for collision in facts.result.get("collisions", [])
        for step in collision
        if step.get("person")
    }
    found = await store.names_of(session, actor, sorted(wanted)) if wanted else {}
    return {row_id: blind.name_of(actor, row_id, name) for row_id, name in found.items()}


def _stages(translate: Translator) -> list[tuple[str, str]]:
    return [(stage.value, translate(STAGES[stage])) for stage in MAY_REACH]


def _moved(places: Mapping[UUID, UUID | None], base: Mapping[UUID, UUID | None]) -> tuple[int, int, int]:
    """People placed here only, there only, and elsewhere than in the first scenario."""
    more = sum(1 for who, where in places.items() if where and not base.get(who))
    fewer = sum(1 for who, where in base.items() if where and not places.get(who))
    moved = sum(1 for who, where in places.items() if where and base.get(who) and where != base[who])
    return more, fewer, moved
