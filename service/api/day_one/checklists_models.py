"""What the API takes and gives about checklists of placements, their tasks, what is lent, and daily letters."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from onboarding.day_one.checklists import Task
from service.api.models import Flag, In, Line, Out, Reason, SaidOut, Text, without_nul
from service.flows.day_one.checklist_tasks import Settled
from service.flows.day_one.checklists import PlacedTask, Placement
from service.runtime.vocabulary import ChecklistChange, DeskKind, Locale
from service.store.day_one.checklists import EventFacts, LoanFacts
from service.store.day_one.digests import DeskFacts
from service.store.day_one.returns import NotBackFacts

Day = Annotated[date, Field(strict=False)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(without_nul)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class TaskDoneIn(In):
    """What shows a task done; which members it needs is told by its `proof`."""

    done_on: Day | None = None
    note: Text = ""
    statements: Annotated[list[Name], Field(max_length=20)] = []
    name: Short = ""
    is_read: Flag = False
    holds_until: Day | None = None

    def as_settled(self) -> Settled:
        return Settled(
            done_on=self.done_on, note=self.note, statements=tuple(self.statements), name=self.name,
            is_read=self.is_read, holds_until=self.holds_until,
        )  # fmt: skip


class TaskWhyIn(In):
    """Why a task is opened again, or not needed here; the person may ask to read it."""

    why: Reason


class LoanIn(In):
    """One thing lent."""

    label: Line
    serial: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(without_nul)
    ] = ""


class LoanDayIn(In):
    """On which day (today when nothing is said), and a word about it: the parcel, what lacks, the state."""

    on: Day | None = None
    note: Short = ""


class ReturnDayIn(In):
    """The day by which what is lent is to come back; null when nobody knows."""

    returns_on: Day | None


class DigestChoiceIn(In):
    """Whether the daily letter is wanted."""

    is_wanted: Flag


class DeskIn(In):
    """Where a desk is written to; an empty address takes it back."""

    address: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=320), AfterValidator(without_nul)
    ]
    locale: Locale = Locale.FR


class StatementOut(Out):
    """One sentence that the person states on their honour."""

    slug: str
    text: SaidOut


class TaskOut(Out):
    """One task as it stands today. `why` says what its own words cannot: a window of law, a day that has changed.

    `is_one_off`: this placement alone asks it, and `version` is what a change of its words has to name.
    """

    id: UUID
    slug: str
    owner: str
    title: SaidOut
    action: SaidOut
    proof: str
    statements: list[StatementOut]
    source: str
    is_gate: bool
    is_optional: bool
    due_on: date
    opens_on: date | None
    state: str
    is_late: bool
    done_on: date | None
    note: str
    has_file: bool
    holds_until: date | None
    why: SaidOut | None
    is_one_off: bool
    version: int

    @classmethod
    def of(cls, one: PlacedTask) -> Self:
        task, standing = one.task, one.standing
        return cls(
            id=one.facts.id, slug=task.slug, owner=task.owner.value, title=SaidOut.of(task.title),
            action=SaidOut.of(task.action), proof=task.proof.value, statements=_statements(task),
            source=task.source, is_gate=task.gate, is_optional=task.optional, due_on=standing.due_on,
            opens_on=standing.opens_on, state=standing.state.value, is_late=standing.is_late,
            done_on=standing.done_on, note=one.facts.note, has_file=one.facts.file is not None,
            holds_until=one.facts.holds_until, why=SaidOut.of(standing.why) if standing.why else None,
            is_one_off=one.facts.one_off is not None, version=one.facts.version,
        )  # fmt: skip


def _statements(task: Task) -> list[StatementOut]:
    return [StatementOut(slug=one.slug, text=SaidOut.of(one.text)) for one in task.statements]


class LoanOut(Out):
    """One thing lent, as both sides say it."""

    id: UUID
    item: str
    label: str
    serial: str
    sent_on: date | None
    parcel: str
    received_on: date | None
    received_note: str
    returned_on: date | None
    returned_note: str

    @classmethod
    def of(cls, one: LoanFacts) -> Self:
        return cls(**one.model_dump(exclude={"checklist_id", "position"}))


class NotBackOut(Out):
    """One thing that should be back since a day; `is_over` where its application came to nothing."""

    loan_id: UUID
    application_id: UUID
    candidate_id: UUID
    person: str
    programme: str
    label: str
    serial: str
    since: date
    is_over: bool

    @classmethod
    def of(cls, one: NotBackFacts, person: str) -> Self:
        return cls(
            loan_id=one.loan_id, application_id=one.application_id, candidate_id=one.candidate_id,
            person=person, programme=one.programme_title, label=one.label, serial=one.serial, since=one.since,
            is_over=one.is_over,
        )  # fmt: skip


class NotBackListOut(Out):
    """What is not back, the oldest first."""

    items: list[NotBackOut]


class ChecklistEventOut(Out):
    """One thing that happened to a checklist."""

    kind: ChecklistChange
    task: str
    detail: dict[str, Any]
    by: str
    at: datetime

    @classmethod
    def of(cls, one: EventFacts) -> Self:
        return cls(kind=one.kind, task=one.task, detail=one.detail, by=one.by_name, at=one.at)


class BlockOut(Out):
    """One open gate: what it is, who holds it, by when."""

    task: str
    title: SaidOut
    owner: str
    due_on: date
    is_late: bool


class PlacementOut(Out):
    """One placement in a list: its first day, and what still stops it."""

    application_id: UUID
    candidate_id: UUID
    person: str
    programme: str
    start_date: date
    open_tasks: int
    blocking: list[BlockOut]

    @classmethod
    def of(cls, one: Placement, person: str) -> Self:
        return cls(
            application_id=one.facts.application_id, candidate_id=one.facts.candidate_id, person=person,
            programme=one.facts.programme_title, start_date=one.facts.start_date,
            open_tasks=len(one.open_tasks), blocking=[_block(task) for task in one.blocking],
        )  # fmt: skip


def _block(one: PlacedTask) -> BlockOut:
    return BlockOut(
        task=one.task.slug, title=SaidOut.of(one.task.title), owner=one.task.owner.value,
        due_on=one.standing.due_on, is_late=one.standing.is_late,
    )  # fmt: skip


class PlacementsOut(Out):
    """Placements, the soonest start first."""

    items: list[PlacementOut]


class ChecklistOut(Out):
    """One placement whole: tasks, what is lent, and what happened, the newest first."""

    application_id: UUID
    candidate_id: UUID
    person: str
    programme: str
    edition: str
    start_date: date
    returns_on: date | None
    version: int
    tasks: list[TaskOut]
    equipment: list[LoanOut]
    history: list[ChecklistEventOut]

    @classmethod
    def of(cls, one: Placement, history: Sequence[EventFacts], person: str) -> Self:
        facts = one.facts
        return cls(
            application_id=facts.application_id, candidate_id=facts.candidate_id, person=person,
            programme=facts.programme_title, edition=facts.edition, start_date=facts.start_date,
            returns_on=facts.returns_on, version=facts.version, tasks=[TaskOut.of(task) for task in one.tasks],
            equipment=[LoanOut.of(loan) for loan in one.loans],
            history=[ChecklistEventOut.of(event) for event in history],
        )  # fmt: skip


class OwnTasksOut(Out):
    """What one's own placements ask of oneself, and what was lent."""

    items: list["OwnPlacementOut"]


class OwnPlacementOut(Out):
    """One placement as its person sees it: their own tasks whole, and how many others still hold."""

    application_id: UUID
    programme: str
    start_date: date
    tasks: list[TaskOut]
    equipment: list[LoanOut]
    held_by_others: int

    @classmethod
    def of(cls, one: Placement) -> Self:
        own = [task for task in one.tasks if task.task.owner.value == "candidate"]
        return cls(
            application_id=one.facts.application_id, programme=one.facts.programme_title,
            start_date=one.facts.start_date, tasks=[TaskOut.of(task) for task in own],
            equipment=[LoanOut.of(loan) for loan in one.loans],
            held_by_others=sum(task.task.owner.value != "candidate" for task in one.open_tasks),
        )  # fmt: skip


class DigestChoiceOut(Out):
    """Whether the daily letter is wanted."""

    is_wanted: bool


class DeskOut(Out):
    """Where one desk is written to; an empty address when nobody said."""

    kind: DeskKind
    address: str
    locale: Locale
    updated_at: datetime | None

    @classmethod
    def of(cls, kind: DeskKind, found: DeskFacts | None) -> Self:
        if found is None:
            return cls(kind=kind, address="", locale=Locale.FR, updated_at=None)
        return cls(kind=kind, address=found.address, locale=found.locale, updated_at=found.updated_at)


class DesksOut(Out):
    """Both desks."""

    items: list[DeskOut]
