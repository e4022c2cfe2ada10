"""What the training interface takes and gives."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictInt, StringConstraints, model_validator

from onboarding.content import Reason
from onboarding.learning.progress import ModuleProgress, NextStep, Progress
from onboarding.paths.paths import Module, Path
from service.api.models import Count, Flag, In, Line, Out, SaidOut
from service.store.learning.assignments import QUIZ_MARKED, AssignmentFacts, EventFacts


def _written_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError("write a day as 2026-11-24")


def _written_id(value: Any) -> Any:
    if isinstance(value, UUID) or (isinstance(value, str) and len(value) == 36):
        return value
    raise ValueError("write an id in its usual form of 36 characters")


Day = Annotated[date, BeforeValidator(_written_day)]
Id = Annotated[UUID, BeforeValidator(_written_id)]
SlugText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
CohortName = Annotated[Line, StringConstraints(max_length=120)]
Seats = Annotated[StrictInt, Field(ge=1, le=500)]


class WhyOut(Out):
    """Why a result is what it is: a stable code, and the sentence."""

    code: str
    text: SaidOut

    @classmethod
    def of(cls, reason: Reason) -> Self:
        return cls(code=reason.code, text=SaidOut.of(reason.text))


class PathModuleOut(Out):
    """One unit of a path, without the key to its quiz."""

    slug: str
    title: SaidOut
    purpose: SaidOut
    prerequisites: list[str]
    minutes: int
    due_days: int
    pages: list[SaidOut]
    questions: int
    pass_percent: int
    attempts: int | None

    @classmethod
    def of(cls, module: Module) -> Self:
        return cls(
            slug=module.slug,
            title=SaidOut.of(module.title),
            purpose=SaidOut.of(module.purpose),
            prerequisites=list(module.prerequisites),
            minutes=module.minutes,
            due_days=module.due_days,
            pages=[SaidOut.of(page.title) for page in module.pages],
            questions=len(module.quiz),
            pass_percent=module.pass_percent,
            attempts=module.attempts,
        )


class PathOut(Out):
    """The edition of a path that is given today."""

    slug: str
    edition: str
    editions: list[str]
    valid_from: date
    title: SaidOut
    purpose: SaidOut
    audience: SaidOut
    objectives: list[SaidOut]
    assistance: SaidOut
    minutes: int
    modules: list[PathModuleOut]

    @classmethod
    def of(cls, path: Path, editions: tuple[str, ...]) -> Self:
        return cls(
            slug=path.slug,
            edition=path.edition,
            editions=list(editions),
            valid_from=path.valid_from,
            title=SaidOut.of(path.title),
            purpose=SaidOut.of(path.purpose),
            audience=SaidOut.of(path.audience),
            objectives=[SaidOut.of(one) for one in path.objectives],
            assistance=SaidOut.of(path.assistance),
            minutes=path.minutes,
            modules=[PathModuleOut.of(module) for module in path.modules],
        )


class PathsOut(Out):
    """Every path given today."""

    items: list[PathOut]


class CohortIn(In):
    """A group that starts together."""

    name: CohortName
    start_date: Day
    programme_id: Id | None = None
    seats: Seats | None = None


class CohortChangeIn(In):
    """What of a group changes; what is left out stays."""

    name: CohortName | None = None
    start_date: Day | None = None
    seats: Seats | None = None


class MembersIn(In):
    """People to add; `paths_from` also gives them the group's paths from that day."""

    candidates: Annotated[list[Id], Field(min_length=1, max_length=200)]
    paths_from: Day | None = None


class MemberOut(Out):
    """One person of a group."""

    id: UUID
    name: str
    joined_at: datetime


class CohortOut(Out):
    """One group; `members` counts the people within your reach."""

    id: UUID
    name: str
    programme_id: UUID | None
    programme: str
    start_date: date
    seats: int | None
    members: int
    created_at: datetime
    version: int


class CohortsOut(Out):
    """One page of groups; the Link header leads to the next."""

    items: list[CohortOut]


class CohortDetailOut(CohortOut):
    """One group with its people."""

    people: list[MemberOut]


class JoinedOut(Out):
    """Who was new in the group, and the assignments they were given."""

    added: list[UUID]
    assignments: list[UUID]


class AssignmentIn(In):
    """A path for a person or for a group, from a day.

    Without `start_date` a group starts on its own day. Person and group together mean somebody of that group who joined
    later: then `start_date` is theirs.
    """

    path: SlugText
    candidate_id: Id | None = None
    cohort_id: Id | None = None
    start_date: Day | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.candidate_id is None and self.cohort_id is None:
            raise ValueError("name candidate_id or cohort_id")
        if self.candidate_id is not None and self.start_date is None:
            raise ValueError("a person needs a start_date")
        return self


class GivenOut(Out):
    """The new assignments, and who was already on the path and keeps theirs."""

    assignments: list[UUID]
    already: list[UUID]


class MoreAttemptsIn(In):
    """How many more attempts to open."""

    count: Annotated[Count, Field(ge=1, le=10)] = 1


class StepOut(Out):
    """The one thing to do next."""

    kind: str
    module: str | None
    page: str | None
    text: SaidOut

    @classmethod
    def of(cls, step: NextStep) -> Self:
        return cls(kind=step.kind.value, module=step.module, page=step.page, text=SaidOut.of(step.text))


class AssignmentOut(Out):
    """One path of one person, and where they stand."""

    id: UUID
    candidate_id: UUID
    person: str
    cohort_id: UUID | None
    cohort: str
    path: str
    edition: str
    title: SaidOut
    start_date: date
    assigned_at: datetime
    percent: int
    is_complete: bool
    completed_on: date | None
    expires_on: date | None
    renewal_on: date | None
    renews_id: UUID | None
    next_due: date | None
    seconds: int
    late_days: int
    late_modules: list[str]
    next_step: StepOut

    @classmethod
    def of(cls, facts: AssignmentFacts, progress: Progress) -> Self:
        return cls(**_standing(facts, progress))


def _standing(facts: AssignmentFacts, progress: Progress) -> dict[str, Any]:
    return {
        **facts.model_dump(
            include={"id", "candidate_id", "person", "cohort_id", "cohort", "path", "edition"}
            | {"start_date", "assigned_at", "expires_on", "renewal_on", "renews_id"}
        ),
        "title": SaidOut.of(progress.title),
        "percent": progress.percent,
        "is_complete": progress.is_complete,
        "completed_on": progress.completed_on,
        "next_due": progress.next_due,
        "seconds": progress.seconds,
        "late_days": progress.late_days,
        "late_modules": list(progress.late_modules),
        "next_step": StepOut.of(progress.next_step),
    }


class AssignmentsOut(Out):
    """One page of assignments, the latest ones first; the Link header leads to the next."""

    items: list[AssignmentOut]


class AttemptOut(Out):
    """One marked attempt."""

    id: UUID
    module: str
    percent: int
    passed: bool
    at: datetime

    @classmethod
    def of(cls, event: EventFacts) -> Self:
        return cls(
            id=event.id,
            module=event.module,
            percent=event.mark_percent or 0,
            passed=bool(event.is_passed),
            at=event.at,
        )


class ModuleStandingOut(Out):
    """Where one module stands."""

    module: str
    title: SaidOut
    state: str
    is_complete: bool
    completed_on: date | None
    due: date
    late_days: int
    pages_read: list[str]
    pages: int
    attempts_used: int
    attempts_left: int | None
    best_percent: int | None
    is_quiz_passed: Flag | None
    is_package_done: Flag | None
    package_percent: int | None
    is_attended: Flag | None
    exempted_on: date | None
    seconds: int
    minutes: int
    minutes_done: int
    waits_for: list[str]
    reason: WhyOut

    @classmethod
    def of(cls, module: ModuleProgress) -> Self:
        plain = module.model_dump(exclude={"title", "state", "reason"})
        return cls(
            **plain,
            title=SaidOut.of(module.title),
            state=module.state.value,
            reason=WhyOut.of(module.reason),
        )


class AssignmentDetailOut(AssignmentOut):
    """One assignment with its modules, every attempt and the reasons."""

    modules: list[ModuleStandingOut]
    attempts: list[AttemptOut]
    reasons: list[WhyOut]

    @classmethod
    def of(cls, facts: AssignmentFacts, progress: Progress) -> Self:
        return cls(
            **_standing(facts, progress),
            modules=[ModuleStandingOut.of(module) for module in progress.modules],
            attempts=[AttemptOut.of(event) for event in facts.events if event.kind == QUIZ_MARKED],
            reasons=[WhyOut.of(reason) for reason in progress.reasons],
        )
