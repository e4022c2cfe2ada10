"""Why somebody stands where they stand, and what would change it, for machines: one call each."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field

from assessments.matching.counterfactuals import Change, ChangeKind, Opening
from assessments.matching.matching import Outcome
from assessments.matching.variations import VariationKind
from service.api.matching.matching import MatchOut, match_out
from service.api.models import Out, SaidOut
from service.api.responses import problems
from service.flows.learning.courses import TrainingPlan
from service.flows.recruiting import explaining
from service.flows.recruiting.explaining import Explained, Explanation, Gains
from service.flows.recruiting.shortlists import Listed
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.reach import id_of

Place = Annotated[int, Field(ge=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class CourseStepOut(Out):
    """One course of a training path, and the day on which it could be done."""

    course: str
    title: SaidOut
    minutes: int
    done_on: date


class TrainingOut(Out):
    """The shortest path of courses that exist; `open_needs` are lines of the client that no course teaches yet."""

    courses: list[CourseStepOut]
    hours: float
    done_on: date | None
    is_in_time: bool | None
    open_needs: list[str]
    edition: str


class ScorePartOut(Out):
    """What one thing adds to a score; `base` is where the band of the grade begins. All parts sum to the score."""

    name: str
    points: Points
    most: Points


class NeighbourOut(Out):
    """Somebody beside the person in the list."""

    candidate_id: UUID
    name: str
    score: Points
    outcome: Outcome


class WindowOut(Out):
    """A stretch of one weekday, 1 being Monday."""

    day: int
    start: str
    end: str


class ChangeOut(Out):
    """One thing that would be different: a course, more availability, a contract's hours, or a thing arranged."""

    kind: ChangeKind
    course: str | None
    title: SaidOut | None
    minutes: int
    window: WindowOut | None
    weekly_hours: float | None


class OpeningOut(Out):
    """Changes that together turn these programmes into a match, found by weighing again under them."""

    changes: list[ChangeOut]
    programmes: list[UUID]


class ExplanationOut(Out):
    """One place in a list, whole. No places for somebody who is not in the list, being hired or closed.

    The true place lies from `from_place` to `to_place`: among `ties` no order is more than chance.
    """

    programme_id: UUID
    candidate_id: UUID
    name: str
    rank: Place | None
    considered: int | None
    from_place: Place | None
    to_place: Place | None
    parts: list[ScorePartOut]
    above: NeighbourOut | None
    below: NeighbourOut | None
    ties: list[NeighbourOut]
    match: MatchOut
    training: TrainingOut | None
    openings: list[OpeningOut]
    is_decision: Literal[False] = False


class ProspectOut(Out):
    """One open programme for a person: why, and what a class before its start would be made of."""

    rank: Place
    programme_id: UUID
    title: str
    application_id: UUID | None
    match: MatchOut
    training: TrainingOut | None


class ProspectsOut(Out):
    """Every open programme for one person, and the changes that would open more."""

    candidate_id: UUID
    items: list[ProspectOut]
    openings: list[OpeningOut]
    is_decision: Literal[False] = False


class GainOut(Out):
    """One change of the programme and whom it brings: to a match, and out of a `no`."""

    kind: VariationKind
    skill: str | None
    value: str | None
    matches: list[UUID]
    leaves_no: list[UUID]


class GainsOut(Out):
    """What a programme could ask for otherwise, the change that brings most people first."""

    programme_id: UUID
    considered: int
    weighed: int
    items: list[GainOut]
    is_decision: Literal[False] = False


class Explanations(Controller):
    """Matching."""

    tags = ["Matching"]

    @get(
        "/programmes/{programme_id:str}/shortlist/{candidate_id:str}",
        operation_id="matches.explain",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def explain(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ExplanationOut:
        """Explain one place of a shortlist whole: parts of the score, ties, training, what would change it."""
        found = await explaining.explain(
            request.app.state.database, actor, id_of(programme_id), id_of(candidate_id), editions=library_apart,
            now=now,
        )  # fmt: skip
        return _explanation_out(explaining.veiled(actor, found))

    @get(
        "/candidates/{candidate_id:str}/prospects",
        operation_id="prospects.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def prospects(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ProspectsOut:
        """Explain every open programme for a person, and what would open more; the reading is noted."""
        person_id = id_of(candidate_id)
        found = await explaining.read_prospects(
            request.app.state.database, actor, person_id, editions=library_apart, now=now
        )
        shown = explaining.veiled_prospects(actor, found)
        return ProspectsOut(
            candidate_id=person_id,
            items=[_prospect_out(one) for one in shown.programmes],
            openings=[_opening_out(one) for one in shown.openings],
        )

    @get(
        "/programmes/{programme_id:str}/gains",
        operation_id="gains.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def gains(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> GainsOut:
        """List what a programme could ask for otherwise and whom that brings, by weighing everybody again."""
        found = await explaining.read_gains(
            request.app.state.database, actor, id_of(programme_id), editions=library_apart, now=now
        )
        return _gains_out(found)


def training_out(plan: TrainingPlan | None) -> TrainingOut | None:
    if plan is None:
        return None
    return TrainingOut(
        courses=[
            CourseStepOut(
                course=one.course.id, title=SaidOut.of(one.course.title),
                minutes=one.course.minutes, done_on=one.done_on,
            )
            for one in plan.courses
        ],
        hours=plan.hours,
        done_on=plan.done_on,
        is_in_time=plan.is_in_time,
        open_needs=[need.text for need in plan.open_needs],
        edition=plan.edition,
    )  # fmt: skip


def _opening_out(opening: Opening) -> OpeningOut:
    return OpeningOut(
        changes=[_change_out(change) for change in opening.changes],
        programmes=[UUID(name) for name in opening.programmes],
    )


def _change_out(change: Change) -> ChangeOut:
    window = change.window
    return ChangeOut(
        kind=change.kind,
        course=change.course.id if change.course else None,
        title=SaidOut.of(change.course.title) if change.course else None,
        minutes=change.minutes,
        window=WindowOut(day=window.day, start=window.start, end=window.end) if window else None,
        weekly_hours=change.weekly_hours,
    )


def _neighbour_out(one: Listed) -> NeighbourOut:
    return NeighbourOut(
        candidate_id=one.person.id,
        name=one.person.shown_name,
        score=one.match.score,
        outcome=one.match.outcome,
    )


def _explanation_out(found: Explanation) -> ExplanationOut:
    return ExplanationOut(
        programme_id=found.programme.id,
        candidate_id=found.person.id,
        name=found.person.shown_name,
        rank=found.match.rank if found.place else None,
        considered=found.considered,
        from_place=found.place.from_place if found.place else None,
        to_place=found.place.to_place if found.place else None,
        parts=[ScorePartOut(**part.model_dump()) for part in found.parts],
        above=_neighbour_out(found.above) if found.above else None,
        below=_neighbour_out(found.below) if found.below else None,
        ties=[_neighbour_out(one) for one in found.ties],
        match=match_out(found.match),
        training=training_out(found.training),
        openings=[_opening_out(one) for one in found.openings],
    )


def _prospect_out(one: Explained) -> ProspectOut:
    return ProspectOut(
        rank=one.match.rank,
        programme_id=one.programme.id,
        title=one.programme.title,
        application_id=one.application_id,
        match=match_out(one.match),
        training=training_out(one.training),
    )


def _gains_out(found: Gains) -> GainsOut:
    return GainsOut(
        programme_id=found.programme.id,
        considered=found.considered,
        weighed=found.weighed,
        items=[
            GainOut(
                kind=one.variation.kind,
                skill=one.variation.skill or None,
                value=one.variation.value or None,
                matches=[UUID(name) for name in one.matches],
                leaves_no=[UUID(name) for name in one.leaves_no],
            )
            for one in found.gained
        ],
    )
