"""Scenarios in the API: propose one, read its figures and half hours, say why for anybody in it, apply placings."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.allocation.allocations import Counterfactual
from assessments.matching.matching import Outcome
from assessments.profiles import Window
from service.api.matching.matching import MatchOut, match_out
from service.api.models import Flag, In, Line, Out, Reason, SaidOut
from service.api.responses import problems
from service.flows.matching.matching import weigh
from service.flows.recruiting import blind
from service.flows.waves import scenarios
from service.flows.waves.scenarios_applying import MOST_AT_ONCE, apply_placings
from service.flows.waves.scenarios_gains import gains_of
from service.flows.waves.scenarios_posing import LONGEST_SECONDS, First, ScenarioAsked
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Stage
from service.store import audit
from service.store.people import candidates
from service.store.recruiting import programmes
from service.store.waves import scenarios as store
from service.store.waves import waves as waves_store
from service.store.waves.scenarios import ScenarioFacts, StandingFacts, Where

Seats = Annotated[int, Field(ge=0, le=100_000, strict=True)]


def _is_placeable(outcome: Outcome) -> Outcome:
    if outcome is Outcome.NO:
        raise ValueError("nobody is placed where the outcome is no")
    return outcome


class ScenarioChangeIn(In):
    """What a scenario changes of one programme of the wave; what is left out stays."""

    programme_id: UUID
    seats: Seats | None = None
    seats_min: Seats | None = None
    opening_hours: Annotated[list[Window], Field(max_length=200)] | None = None
    split_shifts_allowed: Flag | None = None


class ScenarioIn(In):
    """A scenario to compute: who may be placed, which goal comes first, what changes, and for how long to look."""

    name: Annotated[Line, StringConstraints(max_length=120)]
    outcomes: Annotated[
        list[Annotated[Outcome, AfterValidator(_is_placeable)]], Field(min_length=1, max_length=3)
    ] = [Outcome.MATCH, Outcome.AFTER_TRAINING, Outcome.AFTER_REMEDY]
    first: First = First.POLICY
    changes: Annotated[list[ScenarioChangeIn], Field(max_length=60)] = []
    seconds: Annotated[int, Field(ge=1, le=LONGEST_SECONDS, strict=True)] = 20

    def said(self) -> ScenarioAsked:
        return ScenarioAsked.model_validate(self.model_dump(mode="json", by_alias=True), strict=False)


class PlacingsIn(In):
    """Which placings to apply, to which step of the application, and why; the reason may be read by the person."""

    candidate_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    stage: Stage = Stage.SHORTLISTED
    reason: Reason


class ScenarioGainsIn(In):
    """Which programmes of the wave to change, one after the other; none named means all of them."""

    programme_ids: Annotated[list[UUID], Field(max_length=60)] = []


class ScenarioGainOut(Out):
    """One change of one programme, solved again: people placed more and points more; what did not change is null."""

    programme_id: UUID
    seats: int | None
    opening_hours: list[Window] | None
    text: SaidOut
    people_more: int
    points_more: float


class ScenarioGainsOut(Out):
    """Changes that bring something, those that place most people first. Weeks are not planned again for it."""

    items: list[ScenarioGainOut]
    is_decision: Literal[False] = False


class HalfHourOut(Out):
    """One half hour of the week, counted from Monday midnight: people needed and people planned."""

    slot: int
    needed: int
    there: int


class ProgrammeCoverageOut(Out):
    """One programme of a scenario; without needs no half hours are planned."""

    programme: UUID
    seats: int
    placed: int
    half_hours: list[HalfHourOut]


class ScenarioGoalOut(Out):
    """One goal in its order: what was reached, and what could be reached at most."""

    goal: str
    value: int
    bound: int


class CollisionOut(Out):
    """One of the constraints that cannot all hold."""

    cause: str
    programme: UUID | None
    person: UUID | None
    text: SaidOut


class ScenarioFairnessOut(Out):
    """Who is left beside whom, in numbers."""

    left_with_fit: int
    passed_over: int
    passed_over_points_max: float
    wishes_given: dict[str, int]
    drawn: int


class ScenarioOut(Out):
    """One proposal. `outcome`: proved, best_found (then `gap` says how far the best may lie), or infeasible."""

    id: UUID
    wave_id: UUID
    name: str
    settings: dict[str, Any]
    outcome: Literal["proved", "best_found", "infeasible"]
    is_stale: bool
    placed: int
    left: int
    left_why: dict[str, int]
    total: float | None
    gap: float | None
    goals: list[ScenarioGoalOut]
    coverage: list[ProgrammeCoverageOut]
    fairness: ScenarioFairnessOut | None
    collisions: list[list[CollisionOut]]
    applied: int
    editions: dict[str, str]
    created_at: datetime
    is_decision: Literal[False] = False


class ScenariosOut(Out):
    """The scenarios of a wave, the newest first."""

    items: list[ScenarioOut]


class NotThereOut(Out):
    """One programme that somebody left could not have, and why."""

    programme: UUID
    why: str | None
    reason: SaidOut


class ScenarioPersonOut(Out):
    """Where one person stands in a scenario, and why; `hours` are those planned a week, null where none were."""

    candidate_id: UUID
    shown_name: str
    programme_id: UUID | None
    programme_title: str
    score: float | None
    wish: int | None
    is_locked: bool
    reason: SaidOut
    why_left: str | None
    others: list[NotThereOut]
    hours: float | None
    roster: list[Window]
    application_id: UUID | None
    stage: Stage | None
    applied_at: datetime | None


class ScenarioPeopleOut(Out):
    """One page of people by name; `next` is the cursor of the following page."""

    items: list[ScenarioPersonOut]
    next: str | None


class ScenarioWhyOut(ScenarioPersonOut):
    """Where one person stands, with the whole weighing for the programme as it is today."""

    match: MatchOut | None


class AppliedPlacingOut(Out):
    """One placing as it was applied; `was_open` when the application was there before."""

    candidate_id: UUID
    application_id: UUID
    stage: Stage
    was_open: bool


class NotAppliedOut(Out):
    """One placing that was not applied, and why."""

    candidate_id: UUID
    code: str
    detail: str


class AppliedPlacingsOut(Out):
    """What came of it."""

    done: list[AppliedPlacingOut]
    not_done: list[NotAppliedOut]


class Scenarios(Controller):
    """Scenarios of waves."""

    tags = ["Waves"]

    @post(
        "/waves/{wave_id:str}/scenarios",
        operation_id="scenarios.propose",
        responses=problems(401, 404, 422, 503),
    )
    async def propose(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        data: JSONBody[ScenarioIn],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ScenarioOut]:
        """Compute a proposal for the wave as it is now, and keep it; it takes up to `seconds`, and applies nothing."""
        database = request.app.state.database
        made = await scenarios.propose(
            database, actor, wave_id, asked=data.said(), editions=editions, now=now
        )
        async with database.transaction(write=False) as session:
            facts = await store.facts_of(session, actor, made)
        return Response(
            scenario_out(facts), status_code=201, headers={"Location": f"/api/v1/scenarios/{made}"}
        )

    @get("/waves/{wave_id:str}/scenarios", operation_id="scenarios.list", responses=problems(401, 404))
    async def list_scenarios(
        self,
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> ScenariosOut:
        """List the scenarios of a wave, the newest first, to hold them side by side."""
        wave = await waves_store.wave_row(session, actor, wave_id)
        found = await store.of_wave(session, actor, wave.id)
        return ScenariosOut(items=[scenario_out(one) for one in found])

    @get("/scenarios/{scenario_id:str}", operation_id="scenarios.read", responses=problems(401, 404))
    async def read(
        self,
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> ScenarioOut:
        """Read one scenario: figures, goals, coverage by half hour; what collides when nothing can hold."""
        return scenario_out(await store.facts_of(session, actor, scenario_id))

    @get(
        "/scenarios/{scenario_id:str}/people",
        operation_id="scenarios.people",
        responses=problems(401, 404, 422),
        opt={"audited": True},
    )
    async def people(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        where: FromQuery[Where] = Where.PLACED,
        programme_id: FromQuery[UUID | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ScenarioPeopleOut]:
        """List who is placed, or who is left, each with why. The read is noted in the audit trail."""
        secret: bytes = request.app.state.secret
        after = read_cursor(secret, cursor, of=store.LISTING) if cursor else None
        facts = await store.facts_of(session, actor, scenario_id)
        page = await store.people_page(
            session, actor, facts.id, where=where, limit=limit, programme_id=programme_id, after=after
        )
        _note(session, actor, facts, [str(one.candidate_id) for one in page.lines], now)
        following = write_cursor(secret, page.after, of=store.LISTING) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        items = [ScenarioPersonOut(**_standing(actor, one)) for one in page.lines]
        return Response(ScenarioPeopleOut(items=items, next=following), headers=headers)

    @get(
        "/scenarios/{scenario_id:str}/people/{candidate_id:str}",
        operation_id="scenarios.why",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def why(
        self,
        scenario_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ScenarioWhyOut:
        """Say why one person stands where they stand, with the whole weighing. The read is noted in the audit trail."""
        facts = await store.facts_of(session, actor, scenario_id)
        one = await store.standing_of(session, actor, facts.id, candidate_id)
        _note(session, actor, facts, [str(one.candidate_id)], now)
        match = None
        if one.programme_id is not None:
            person = await candidates.facts_of(session, actor, one.candidate_id)
            wanted = await programmes.facts_of(session, actor, one.programme_id)
            veil = blind.veil_of(actor, person)
            match = match_out(blind.veiled_match(veil, weigh(editions, person, wanted, now=now)))
        return ScenarioWhyOut(**_standing(actor, one), match=match)

    @post(
        "/scenarios/{scenario_id:str}/gains",
        operation_id="scenarios.gains",
        status_code=200,
        responses=problems(401, 404, 422, 503),
    )
    async def gains(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        data: JSONBody[ScenarioGainsIn],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ScenarioGainsOut:
        """Compute what one or two more seats, or half an hour more, would bring; nothing is kept."""
        found = await gains_of(
            request.app.state.database, actor, scenario_id, programme_ids=data.programme_ids,
            editions=editions, now=now,
        )  # fmt: skip
        return ScenarioGainsOut(items=[_gain_out(one) for one in found])

    @post(
        "/scenarios/{scenario_id:str}/applications",
        operation_id="scenarios.apply",
        status_code=200,
        responses=problems(401, 403, 404, 409, 422),
    )
    async def apply(
        self,
        request: Request[Any, Any, Any],
        scenario_id: FromPath[str],
        data: JSONBody[PlacingsIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[AppliedPlacingsOut]:
        """Apply placings as a person: each opens the application or takes it on, and none is a decision."""

        async def act() -> AppliedPlacingsOut:
            done = await apply_placings(
                session, actor, scenario_id, data.candidate_ids, stage=data.stage, reason=data.reason, now=now
            )
            return AppliedPlacingsOut(
                done=[
                    AppliedPlacingOut(
                        candidate_id=one.candidate_id, application_id=one.application_id, stage=one.stage,
                        was_open=one.was_open,
                    )
                    for one in done.done
                ],
                not_done=[
                    NotAppliedOut(
                        candidate_id=one.candidate_id, code=one.error.code, detail=one.error.detail
                    )
                    for one in done.not_done
                ],
            )  # fmt: skip

        return await once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, status=200
        )

    @delete(
        "/scenarios/{scenario_id:str}",
        operation_id="scenarios.remove",
        status_code=204,
        responses=problems(401, 404, 422),
    )
    async def remove(
        self,
        scenario_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Put a scenario away of which nothing was applied."""
        await scenarios.remove(session, actor, scenario_id, now=now)


def _note(
    session: AsyncSession, actor: Actor, facts: ScenarioFacts, people: list[str], now: datetime
) -> None:
    audit.record(
        session, actor, action="scenario.read", subject=("scenario", facts.id), now=now,
        detail={"people": people},
    )  # fmt: skip


def scenario_out(one: ScenarioFacts) -> ScenarioOut:
    result = one.result
    return ScenarioOut.model_validate(
        {
            **one.model_dump(
                include={"id", "wave_id", "name", "settings", "outcome", "applied", "editions", "created_at"}
            ),
            "is_stale": one.is_stale,
            "placed": result.get("placed", 0),
            "left": result.get("left", 0),
            "left_why": result.get("left_why", {}),
            "total": result.get("total"),
            "gap": result.get("gap"),
            "goals": result.get("goals", []),
            "coverage": result.get("coverage", []),
            "fairness": result.get("fairness"),
            "collisions": result.get("collisions", []),
        }
    )


def _gain_out(one: Counterfactual) -> ScenarioGainOut:
    hours = one.change.opening_hours
    return ScenarioGainOut(
        programme_id=UUID(one.change.programme), seats=one.change.seats,
        opening_hours=None if hours is None else list(hours),
        text=SaidOut.of(one.text), people_more=one.people_more,
        points_more=one.points_more,
    )  # fmt: skip


def _standing(actor: Actor, one: StandingFacts) -> dict[str, Any]:
    detail = one.detail
    halves = detail.get("half_hours")
    others = (*detail.get("programmes", ()), *detail.get("passed_over", ()))
    return {
        **one.model_dump(include={"candidate_id", "programme_id", "application_id", "stage", "applied_at"}),
        "shown_name": blind.name_of(actor, one.candidate_id, one.shown_name),
        "programme_title": one.title,
        "score": detail.get("score"),
        "wish": detail.get("wish"),
        "is_locked": detail.get("is_locked", False),
        "reason": detail["reason"],
        "why_left": detail.get("why"),
        "others": [
            {"programme": entry["programme"], "why": entry.get("why"), "reason": entry["reason"]}
            for entry in others
        ],
        "hours": None if halves is None else halves / 2,
        "roster": [Window.model_validate(window) for window in detail.get("roster") or ()],
    }
