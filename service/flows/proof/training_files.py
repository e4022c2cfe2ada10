"""The proof of one training: every trace of it gathered at one moment, and told event by event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import EmployerFacts
from documents.papers.distance_files import Standing
from onboarding.learning.progress import ModuleProgress, ModuleState, Progress
from onboarding.paths.paths import Path
from service.flows.classes import class_sheets
from service.flows.classes.class_sheets import SheetFacts
from service.flows.learning import learning
from service.flows.paths import paths
from service.flows.proof.training_rules import TrainingRules, rules_on
from service.runtime.actors import Actor
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.store import audit
from service.store.classes.classes import ClassFacts
from service.store.learning import assignments
from service.store.learning.assignments import CLASS_ATTENDED, AssignmentFacts
from service.store.people import employer
from service.store.proof import training_files as store
from service.store.proof.training_files import HelpFacts


@dataclass(frozen=True)
class Proof:
    """Everything that is kept of one training, read at one moment."""

    facts: AssignmentFacts
    path: Path
    progress: Progress
    helped: tuple[HelpFacts, ...]
    held: tuple[SheetFacts, ...]
    trainer: str
    employer: EmployerFacts
    rules: TrainingRules
    reply_days: int
    read_at: datetime

    @property
    def first_day(self) -> date:
        """The day of the first trace, or the start where there is none yet."""
        days = [civil_date(one.at) for one in self.facts.events]
        return min([*days, self.facts.start_date]) if self.progress.is_complete else self.facts.start_date

    @property
    def last_day(self) -> date:
        """The day it was finished, or the last date it is due by."""
        return self.progress.completed_on or max(one.due for one in self.progress.modules)

    @property
    def realised_minutes(self) -> int:
        """Mean duration of what was done; what a proof exempted from was not (ministry's model, note 1)."""
        return sum(one.minutes for one in self.progress.modules if standing_of(one) is Standing.DONE)

    @property
    def measured_minutes(self) -> int | None:
        """Real time as papers add it up: each activity in whole minutes; None where none was measured."""
        return sum(minutes_of(one.seconds) or 0 for one in self.progress.modules) or None


async def gather(
    session: AsyncSession, actor: Actor, assignment_id: str | UUID, *, editions: Editions, now: datetime
) -> Proof:
    """Every trace of one training within reach; the reading is noted."""
    facts = await assignments.facts_of(session, actor, assignment_id)
    audit.record(session, actor, action="training_file.read", subject=("assignment", facts.id), now=now)
    today = civil_date(now)
    path = paths.as_begun(editions, facts.path, facts.edition)
    helped = await store.help_of(session, [facts.id])
    sheets = await class_sheets.sheets_of(session, actor, facts.candidate_id, editions=editions)
    return Proof(
        facts=facts,
        path=path,
        progress=learning.standing(facts, editions=editions, today=today),
        helped=tuple(helped.get(facts.id, ())),
        held=tuple(one for one in sheets if one.lines[0].noted and is_of(facts, one.held)),
        trainer=await store.trainer_of(session, facts.id),
        employer=(await employer.record(session)).facts,
        rules=rules_on(now),
        reply_days=editions.help_policy_on(today).answer_within_working_days,
        read_at=now,
    )


def is_of(facts: AssignmentFacts, held: ClassFacts) -> bool:
    """Whether a class was of this training and no other round of its path: it counted here, or fell within its days."""
    if held.path != facts.path:
        return False
    counted = {one.detail["session"] for one in facts.events if one.kind == CLASS_ATTENDED}
    day = held.starts_at.astimezone(ZoneInfo(held.zone)).date()
    return str(held.id) in counted or (
        facts.start_date <= day and (facts.completed_on is None or day <= facts.completed_on)
    )


def minutes_of(seconds: int) -> int | None:
    """Whole minutes, half up, at least one; None where nothing was measured.

    >>> minutes_of(0), minutes_of(12), minutes_of(89), minutes_of(90)
    (None, 1, 1, 2)
    """
    return max(1, (seconds + 30) // 60) if seconds else None


def standing_of(one: ModuleProgress) -> Standing:
    if one.state is ModuleState.EXEMPTED:
        return Standing.EXEMPTED
    if one.is_complete:
        return Standing.DONE
    is_begun = one.pages_read or one.attempts_used or one.seconds or one.is_package_done or one.is_attended
    return Standing.BEGUN if is_begun else Standing.TO_DO


EVENT_COLUMNS = (
    "training", "person", "path", "edition", "event", "module", "kind", "at", "mark_percent", "is_passed", "seconds",
    "detail",
)  # fmt: skip


def event_rows(proof: Proof) -> Iterable[Sequence[str | int | None]]:
    """Every event of one training, as a line of the auditor's table; what was answered is never in it."""
    for event in proof.facts.events:
        detail = {name: value for name, value in event.detail.items() if name not in ("answers", "asked")}
        yield (
            str(proof.facts.id),
            proof.facts.person,
            proof.facts.path,
            proof.facts.edition,
            str(event.id),
            event.module,
            event.kind,
            event.at.astimezone(PARIS).isoformat(),
            event.mark_percent,
            None if event.is_passed is None else str(event.is_passed).lower(),
            event.seconds or None,
            "; ".join(f"{name}={value}" for name, value in sorted(detail.items()))[:1000],
        )
