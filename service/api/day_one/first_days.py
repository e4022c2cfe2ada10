"""The first day of a placement in the API: what hangs on it, told before; then moved, with the training or without."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.day_one.checklists import shown
from service.api.day_one.checklists_models import ChecklistOut, Day
from service.api.models import In, Out, SaidOut, without_nul
from service.api.responses import problems
from service.flows.day_one import first_days
from service.flows.day_one.first_days_ahead import Ahead, Declaration, Training, look_ahead
from service.http.editing import check_version, etag_of
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings

MOST_TRAININGS = 50


class StartMoveIn(In):
    """Another first day, and why; the person is written to.

    `trainings` are the assignments that move along; left out, all that begin on the first day as it was and that
    nobody has begun yet.
    """

    start_date: Day
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(without_nul)
    ] = ""
    trainings: (
        Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=MOST_TRAININGS)] | None
    ) = None


class ShiftOut(Out):
    """One task that changes: another day to do it by, to be done again, or done already for that very day."""

    task: str
    title: SaidOut
    owner: str
    change: str
    was_due_on: date
    due_on: date
    is_late: bool
    why: SaidOut | None


class TrainingAheadOut(Out):
    """One training; without `last_due_after` it keeps its dates, and `standing` says why."""

    assignment_id: UUID
    title: SaidOut
    standing: str
    may_follow: bool
    follows_unless_told: bool
    start_date: date
    percent: int
    last_due: date | None
    last_due_after: date | None
    loses_hours_set_apart: bool

    @classmethod
    def of(cls, one: Training) -> Self:
        return cls(
            assignment_id=one.id, title=SaidOut.of(one.title), standing=one.standing.value,
            may_follow=one.may_follow, follows_unless_told=one.follows_unless_told, start_date=one.starts,
            percent=one.percent, last_due=one.last_due, last_due_after=one.last_due_after,
            loses_hours_set_apart=one.may_follow and one.has_hours_set_apart,
        )  # fmt: skip


class ClassBeforeOut(Out):
    """A live class to come that would fall before the first day; its trainer moves it or frees the seat."""

    class_id: UUID
    title: str
    starts_at: datetime


class PaperBeforeOut(Out):
    """A paper already made that names the first day as it was; it stays as it is."""

    paper_id: UUID
    kind: str
    title: str
    reference: str


class DeclarationAheadOut(Out):
    """The declaration before hiring (DPAE) that the new day asks for, between two days that law sets."""

    done_for: date | None
    opens_on: date
    closes_on: date
    is_too_late: bool

    @classmethod
    def of(cls, one: Declaration) -> Self:
        return cls(
            done_for=one.done_for, opens_on=one.window.opens, closes_on=one.window.closes,
            is_too_late=one.is_too_late,
        )  # fmt: skip


class StartAheadOut(Out):
    """What another first day would mean; nothing has changed. `needs_paper`: the accepted offer says another day."""

    application_id: UUID
    start_date: date
    new_start_date: date
    is_past: bool
    is_working_day: bool
    offered_start_date: date | None
    needs_paper: bool
    contract_signed_on: date | None
    tasks: list[ShiftOut]
    trainings: list[TrainingAheadOut]
    classes: list[ClassBeforeOut]
    papers: list[PaperBeforeOut]
    declaration: DeclarationAheadOut | None

    @classmethod
    def of(cls, one: Ahead) -> Self:
        return cls(
            application_id=one.facts.application_id, start_date=one.facts.start_date,
            new_start_date=one.start, is_past=one.is_past, is_working_day=one.is_working_day,
            offered_start_date=one.offered, needs_paper=one.needs_paper, contract_signed_on=one.signed_on,
            tasks=[
                ShiftOut(
                    task=task.slug, title=SaidOut.of(task.title), owner=task.owner.value,
                    change=task.kind.value, was_due_on=task.was_due, due_on=task.due, is_late=task.is_late,
                    why=SaidOut.of(task.why) if task.why else None,
                )
                for task in one.shifts
            ],
            trainings=[TrainingAheadOut.of(training) for training in one.trainings],
            classes=[
                ClassBeforeOut(class_id=each.held.id, title=each.held.title, starts_at=each.held.starts_at)
                for each in one.classes
            ],
            papers=[
                PaperBeforeOut(paper_id=each.id, kind=each.kind, title=each.title, reference=each.reference)
                for each in one.papers
            ],
            declaration=DeclarationAheadOut.of(one.declaration) if one.declaration else None,
        )  # fmt: skip


class FirstDays(Controller):
    """The first day of one placement."""

    path = "/applications/{application_id:str}/onboarding/start"
    tags = ["Onboarding"]

    @get(
        "/ahead",
        operation_id="onboarding.start_ahead",
        responses=problems(401, 404, 422),
        opt={"audited": True},
    )
    async def ahead(
        self,
        application_id: FromPath[str],
        start_date: FromQuery[date],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[StartAheadOut]:
        """Tell what another first day would move, and what it leaves as it is; nothing changes."""
        found = await look_ahead(
            session, actor, application_id, start_date=start_date, editions=library, now=now
        )
        return Response(StartAheadOut.of(found), headers={"ETag": etag_of(found.facts.version)})

    @put(operation_id="onboarding.move_start", responses=problems(401, 404, 409, 412, 422, 428))
    async def move(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[StartMoveIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ChecklistOut]:
        """Move the first day: open tasks and trainings not yet begun move with it, what is done stays.

        The person is written to. The accepted offer keeps its date; a contract signed already needs an amendment.
        """
        await first_days.move_start(
            session, actor, application_id, start_date=data.start_date, reason=data.reason,
            trainings=data.trainings, check_version=lambda present: check_version(request, present),
            editions=library, settings=settings, now=now,
        )  # fmt: skip
        return await shown(session, actor, application_id, editions=library, now=now)
