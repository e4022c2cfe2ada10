"""Ranked people of a programme, ranked programmes of a person, and one pair with its whole explanation."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.doubts import doubts_of_programme
from assessments.matching.matching import Blocking, Match, Outcome
from assessments.profiles import Importance
from service.api.matching.plans import PlanOut
from service.api.models import Out, SaidOut
from service.api.responses import problems
from service.flows.recruiting import blind, shortlists
from service.flows.recruiting.shortlists import Listed, ShortlistQuestion, Suited, WeighedApplication
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Stage
from service.store.reach import id_of

Score = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class FitOut(Out):
    """One thing a programme asks for, and the level that the person's file shows, 0 to 5, with its words."""

    text: str
    importance: Importance
    asked: int
    shown: int
    evidence: str | None


class LanguageFitOut(Out):
    """One language a programme asks for, and the CEFR level that the person's file shows (null: none stated)."""

    code: str
    asked: str
    shown: str | None
    is_must: bool


class RemedyOut(Out):
    """What would close a gap; `weeks` for a training."""

    kind: str
    text: SaidOut
    weeks: float | None


class HoursOut(Out):
    """Hours a week: usable by this person here, asked by the programme, and their quotient."""

    usable: float
    weekly: float
    ratio: float


class GradeStepOut(Out):
    """One thing that moved the grade, from what to what; the skills come first."""

    text: SaidOut
    before: Annotated[int, Field(ge=0, le=3)]
    after: Annotated[int, Field(ge=0, le=3)]


class MatchEditionsOut(Out):
    """The editions of policy, readings and taxonomy that the weighing rests on."""

    matching: str
    readings: str
    skills: str


class MatchOut(Out):
    """How a person fits a programme. `no` is about this programme today; nobody is refused by it."""

    outcome: Outcome
    score: Score
    grade: Annotated[int, Field(ge=0, le=3)]
    blocking: Blocking | None
    reasons: list[SaidOut]
    met: list[FitOut]
    partial: list[FitOut]
    missing: list[FitOut]
    remedies: list[RemedyOut]
    training_weeks: float
    hours: HoursOut
    languages: list[LanguageFitOut]
    steps: list[GradeStepOut]
    shares: dict[str, Share]
    editions: MatchEditionsOut
    plan: PlanOut | None


class RankedPersonOut(Out):
    """One person of a shortlist; no application means that the person is in the pool and did not apply."""

    rank: int
    candidate_id: UUID
    name: str
    application_id: UUID | None
    stage: Stage | None
    match: MatchOut


class OutcomeCountsOut(Out):
    """How many people stand where."""

    match: int
    after_training: int
    after_remedy: int
    no: int


class DoubtOut(Out):
    """Something in the programme that contradicts itself or lets nobody in, and the field it is in."""

    field: str
    text: SaidOut


class ShortlistOut(Out):
    """One page of the people ranked for a programme; a help for whoever decides, never a decision."""

    programme_id: UUID
    programme_title: str
    considered: int
    closed_applications: int
    outcomes: OutcomeCountsOut
    items: list[RankedPersonOut]
    doubts: list[DoubtOut]
    next: str | None
    is_decision: Literal[False] = False


class RankedProgrammeOut(Out):
    """One programme for a person."""

    rank: int
    programme_id: UUID
    title: str
    application_id: UUID | None
    stage: Stage | None
    match: MatchOut


class MatchesOut(Out):
    """Open programmes for one person, best first."""

    candidate_id: UUID
    items: list[RankedProgrammeOut]
    is_decision: Literal[False] = False


class ApplicationMatchOut(Out):
    """One application's weighing, whole, and when it was made."""

    application_id: UUID
    programme_id: UUID
    matched_at: datetime
    match: MatchOut
    is_decision: Literal[False] = False


class Matching(Controller):
    """Matching."""

    tags = ["Matching"]

    @get(
        "/programmes/{programme_id:str}/shortlist",
        operation_id="shortlists.read",
        responses=problems(401, 404, 422),
        opt={"audited": True},
    )
    async def shortlist(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        outcome: FromQuery[Outcome | None] = None,
        applied: FromQuery[bool] = False,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ShortlistOut]:
        """Rank the people within reach for a programme, best first, with reasons; the reading is noted.

        People who did not apply are ranked too, unless `applied` is true; hired people and closed applications are not.
        """
        secret: bytes = request.app.state.secret
        question = ShortlistQuestion(
            outcomes=frozenset({outcome} if outcome else Outcome),
            applied_only=applied,
            limit=limit,
            after=_place(read_cursor(secret, cursor, of="shortlist")) if cursor else None,
        )
        page = await shortlists.read_shortlist(
            request.app.state.database, actor, id_of(programme_id), question=question, editions=editions,
            now=now,
        )  # fmt: skip
        following = write_cursor(secret, page.after, of="shortlist") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        return Response(_shortlist_out(blind.shortlist_of(actor, page), following, editions), headers=headers)

    @get(
        "/candidates/{candidate_id:str}/matches",
        operation_id="matches.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def matches(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> MatchesOut:
        """Rank the open programmes for a person, best first, with reasons; the reading is noted."""
        person_id = id_of(candidate_id)
        found = await shortlists.read_matches(session, actor, person_id, editions=editions, now=now)
        veil = await blind.veil_over(session, actor, person_id)
        items = [_suited_out(one) for one in blind.suited_of(veil, found)]
        return MatchesOut(candidate_id=person_id, items=items)

    @get(
        "/applications/{application_id:str}/match",
        operation_id="matches.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def match(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ApplicationMatchOut:
        """Read how one person was weighed for one programme, with every reason; the person may read it, too."""
        found = await shortlists.read_application_match(
            session, actor, application_id, editions=editions, now=now
        )
        veil = await blind.veil_over(session, actor, id_of(found.match.candidate))
        return _application_out(replace(found, match=blind.veiled_match(veil, found.match)))


def _place(position: list[Any]) -> tuple[float, str]:
    score, candidate = position
    return float(score), str(candidate)


def match_out(match: Match) -> MatchOut:
    told = match.model_dump(mode="json", exclude={"programme", "candidate", "rank", "gaps"})
    for name in ("met", "partial", "missing"):
        told[name] = [_fit_out(fit) for fit in told[name]]
    return MatchOut.model_validate(told)


def _fit_out(fit: dict[str, Any]) -> dict[str, Any]:
    return {name: fit[name] for name in FitOut.model_fields}


def _shortlist_out(page: shortlists.ShortlistPage, following: str | None, editions: Editions) -> ShortlistOut:
    whole = page.shortlist
    return ShortlistOut(
        programme_id=whole.programme.id,
        programme_title=whole.programme.title,
        considered=whole.considered,
        closed_applications=whole.closed,
        outcomes=OutcomeCountsOut(**{one.value: count for one, count in whole.outcomes.items()}),
        items=[_listed_out(one) for one in page.listed],
        doubts=[
            DoubtOut(field=one.field, text=SaidOut.of(one.text))
            for one in doubts_of_programme(whole.programme.as_profile, editions.matcher.policy)
        ],
        next=following,
    )


def _listed_out(one: Listed) -> RankedPersonOut:
    return RankedPersonOut(
        rank=one.match.rank,
        candidate_id=one.person.id,
        name=one.person.shown_name,
        application_id=one.applied.id if one.applied else None,
        stage=one.applied.stage if one.applied else None,
        match=match_out(one.match),
    )


def _suited_out(one: Suited) -> RankedProgrammeOut:
    return RankedProgrammeOut(
        rank=one.match.rank,
        programme_id=one.programme.id,
        title=one.programme.title,
        application_id=one.applied.id if one.applied else None,
        stage=one.applied.stage if one.applied else None,
        match=match_out(one.match),
    )


def _application_out(found: WeighedApplication) -> ApplicationMatchOut:
    return ApplicationMatchOut(
        application_id=found.application_id,
        programme_id=found.programme.id,
        matched_at=found.matched_at,
        match=match_out(found.match),
    )
