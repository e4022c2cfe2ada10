"""Where one learner stands in the units of a package: messages of the content in, states out, and what is resumed."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import Field, StrictBool, StrictInt

from onboarding.content import Value
from onboarding.packages.manifest_reading import Standard
from onboarding.packages.manifests import Manifest, Unit, UnitKind
from onboarding.packages.package_rules import MessageLimits, PackageRules
from onboarding.packages.prerequisites import read_script
from onboarding.packages.scorm_messages import GENERAL, MessageFault, digest_of, read_values, weight_of
from onboarding.packages.scorm_snapshots import Exit, Snapshot, Status
from onboarding.packages.scorm_values import add_spans

_HUNDREDTH = Decimal("0.01")

DONE = frozenset({Status.COMPLETED, Status.PASSED})


class Message(Value):
    """One commit of the content: the whole of its data model, numbered from 1 in each session.

    `is_final` when the content itself ended the session (LMSFinish, Terminate), not when its window was lost.
    """

    unit: str = Field(max_length=255)
    session: str = Field(max_length=64)
    number: StrictInt = Field(ge=1, le=1_000_000)
    is_final: StrictBool = False
    values: dict[str, Any]


class Answer(StrEnum):
    """What became of a message."""

    KEPT = "kept"
    REPEATED = "repeated"
    LATE = "late"
    WRONG_UNIT = "wrong_unit"
    SESSION_REPLACED = "session_replaced"
    SESSION_OVER = "session_over"
    NUMBER_REUSED = "number_reused"
    TOO_BIG = "too_big"
    FAULTY = "faulty"

    @property
    def is_taken(self) -> bool:
        """Whether the content may go on as if all were well."""
        return self in (Answer.KEPT, Answer.REPEATED, Answer.LATE)


class UnitState(Value):
    """One learner in one unit.

    `snapshot` is the newest report; `best_status` and `best_percent` never go down. `earlier_centiseconds` are those of
    sessions before the present one.
    """

    unit: str
    session: str = ""
    sessions: int = 0
    number: int = 0
    digest: str = ""
    is_over: bool = False
    entry: str = "ab-initio"
    earlier_centiseconds: int = 0
    snapshot: Snapshot = Snapshot()
    best_status: Status = Status.NOT_ATTEMPTED
    best_percent: Decimal | None = None

    @property
    def total_centiseconds(self) -> int:
        """Time in the unit as its content tells it, all sessions together."""
        return add_spans(self.earlier_centiseconds, self.snapshot.session_centiseconds)

    @property
    def is_done(self) -> bool:
        """Whether it was completed or passed once."""
        return self.best_status in DONE


class Outcome(Value):
    """What became of a message, the state after it, and which values could not be kept."""

    answer: Answer
    state: UnitState
    faults: tuple[MessageFault, ...] = ()


class PackageStanding(Value):
    """Where a learner stands in the whole package; `percent` counts units done, rounded down, `score` is their mean."""

    is_complete: bool
    percent: int
    score: Decimal | None
    centiseconds: int
    open_units: tuple[str, ...]


def open_session(state: UnitState, session: str) -> UnitState:
    """The state in a new session: the time of the one before is put by, and its late messages find it replaced.

    Opening the present session once more changes nothing.
    """
    if session == state.session:
        return state
    return state.model_copy(
        update={
            "session": session,
            "sessions": state.sessions + 1,
            "number": 0,
            "digest": "",
            "is_over": False,
            "entry": _entry(state),
            "earlier_centiseconds": state.total_centiseconds,
            "snapshot": state.snapshot.model_copy(update={"session_centiseconds": 0}),
        }
    )


def _entry(state: UnitState) -> str:
    """How the next session begins: where the last one was suspended or broke off, the content resumes."""
    if state.number == 0:
        return state.entry
    is_resumed = state.snapshot.exit is Exit.SUSPEND or not state.is_over
    return "resume" if is_resumed or state.snapshot.status is Status.INCOMPLETE else ""


def receive(
    state: UnitState, message: Message, *, unit: Unit, standard: Standard, rules: PackageRules
) -> Outcome:
    """Take one message. Each is a whole report, so a newer one makes older ones needless and gaps do no harm.

    A message told twice counts once. One that comes after a newer one is late: it may still have reported the best
    standing, but nothing else of it is kept. So the state after a session does not depend on the order of arrival.
    """
    limits = rules.scorm_1_2 if standard is Standard.SCORM_1_2 else rules.scorm_2004
    if refused := _refusal(state, message, limits):
        return Outcome(answer=refused, state=state)
    digest = digest_of(message.values, is_final=message.is_final)
    if message.number == state.number:
        answer = Answer.REPEATED if digest == state.digest else Answer.NUMBER_REUSED
        return Outcome(answer=answer, state=state)
    is_late = message.number < state.number
    if state.is_over and not is_late:
        return Outcome(answer=Answer.SESSION_OVER, state=state)
    snapshot = read_values(message.values, standard=standard, limits=limits)
    if not isinstance(snapshot, Snapshot):
        return Outcome(answer=Answer.FAULTY, state=state, faults=snapshot)
    status = judge(snapshot, unit, is_final=message.is_final)
    changed: dict[str, Any] = {
        "best_status": max(state.best_status, status, key=lambda one: one.rank),
        "best_percent": _best(state.best_percent, snapshot.score.percent),
    }
    if not is_late:
        changed |= {"number": message.number, "digest": digest, "is_over": message.is_final}
        changed["snapshot"] = _with_verdict(snapshot, status, standard)
    return Outcome(answer=Answer.LATE if is_late else Answer.KEPT, state=state.model_copy(update=changed))


def _refusal(state: UnitState, message: Message, limits: MessageLimits) -> Answer | None:
    if len(message.values) > limits.most_values or weight_of(message.values) > limits.most_characters:
        return Answer.TOO_BIG
    if message.unit != state.unit:
        return Answer.WRONG_UNIT
    return None if message.session == state.session else Answer.SESSION_REPLACED


def judge(snapshot: Snapshot, unit: Unit, *, is_final: bool) -> Status:
    """The status that counts (SCORM 1.2 RTE 3.4.4): the manifest's pass mark decides over the content's own word.

    It does so once the content is done with the unit; who suspends half-way through a test has not failed. Content that
    ended without ever telling a status has been completed.
    """
    is_left = is_final and snapshot.exit is not Exit.SUSPEND
    told = _told_status(snapshot, is_left=is_left)
    percent = snapshot.score.percent
    is_judged = told in (Status.COMPLETED, Status.PASSED, Status.FAILED)
    if unit.mastery_score is not None and percent is not None and told is not Status.BROWSED:
        if is_judged or is_left:
            return Status.PASSED if percent >= unit.mastery_score else Status.FAILED
    elif is_left and told is Status.NOT_ATTEMPTED:
        return Status.COMPLETED
    return told


def _with_verdict(snapshot: Snapshot, status: Status, standard: Standard) -> Snapshot:
    """The snapshot with the status that counts, where its standard keeps it: SCORM 2004 tells success by itself."""
    if standard is Standard.SCORM_1_2:
        return snapshot.model_copy(update={"status": status})
    is_verdict = status in (Status.PASSED, Status.FAILED)
    return snapshot.model_copy(update={"success": status.value}) if is_verdict else snapshot


def _told_status(snapshot: Snapshot, *, is_left: bool) -> Status:
    """SCORM 2004 tells success apart from completion; where it is told it says more.

    Its run-time writes “failed” from any score below the mark, in mid-unit too: that is believed once the unit is left.
    """
    is_underway = snapshot.status is Status.INCOMPLETE and not is_left
    if snapshot.success == "failed" and is_underway:
        return Status.INCOMPLETE
    return Status(snapshot.success) if snapshot.success else snapshot.status


def _best(known: Decimal | None, told: Decimal | None) -> Decimal | None:
    return max((one for one in (known, told) if one is not None), default=None)


def show_asset(state: UnitState, unit: Unit) -> UnitState:
    """An asset reports nothing: to have been shown it is to have completed it. A SCO is not changed."""
    if unit.kind is not UnitKind.ASSET:
        return state
    status = max(state.best_status, Status.COMPLETED, key=lambda one: one.rank)
    return state.model_copy(update={"best_status": status})


def error_of(outcome: Outcome) -> int:
    """The error code that the content is answered with, 0 where its message was taken."""
    if outcome.answer.is_taken:
        return 0
    return outcome.faults[0].error if outcome.faults else GENERAL


def standing(manifest: Manifest, states: Mapping[str, UnitState]) -> PackageStanding:
    """The whole from its units; units without a state have not been opened."""
    known = [states.get(unit.identifier, UnitState(unit=unit.identifier)) for unit in manifest.units]
    scores = [state.best_percent for state in known if state.best_percent is not None]
    done, opens = sum(state.is_done for state in known), _opens(manifest, states)
    return PackageStanding(
        is_complete=done == len(known),
        percent=done * 100 // len(known),
        score=(sum(scores, Decimal(0)) / len(scores)).quantize(_HUNDREDTH) if scores else None,
        centiseconds=add_spans(*(state.total_centiseconds for state in known)),
        open_units=tuple(unit.identifier for unit in manifest.units if opens(unit)),
    )


def is_open(manifest: Manifest, unit: Unit, states: Mapping[str, UnitState]) -> bool:
    """Whether all that must come before a unit is met; a heading counts as done once all units below it are."""
    return _opens(manifest, states)(unit)


def _opens(manifest: Manifest, states: Mapping[str, UnitState]) -> Callable[[Unit], bool]:
    """The same for many units: a script that stands over all of them is weighed once."""

    @cache
    def status(name: str) -> str:
        below = manifest.groups.get(name, (name,))
        found = [states[one].best_status if one in states else Status.NOT_ATTEMPTED for one in below]
        if len(found) == 1:
            return found[0].value
        if all(one in DONE for one in found):
            return Status.COMPLETED.value
        return (Status.INCOMPLETE if any(one.rank for one in found) else Status.NOT_ATTEMPTED).value

    @cache
    def is_met(text: str) -> bool:
        return read_script(text).is_met(status)

    return lambda unit: all(is_met(text) for text in unit.prerequisites)
