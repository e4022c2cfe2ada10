"""What another first day would do to each task, told before anything is moved."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from onboarding.day_one.checklists import Owner, Proof, Task
from onboarding.day_one.moves import Shift, ShiftKind, shift
from onboarding.day_one.one_off import OneOff
from onboarding.day_one.tasks import Recorded, Window, due_on, standing
from onboarding.learning.schedule import weekdays_except
from tests.onboarding.samples import CHECKLIST

WORKS = weekdays_except({date(2026, 12, 25), date(2027, 1, 1)})
WAS, TODAY = date(2026, 12, 7), date(2026, 11, 24)


def windows(start: date) -> dict[str, Window]:
    return {"dpae": Window(opens=start - timedelta(days=8), closes=start)}


def moved(task: Task, recorded: Recorded, to: date) -> Shift | None:
    due = due_on(task, start=WAS, known_since=TODAY, working_days=WORKS)
    before = standing(CHECKLIST, task, recorded, due=due, start=WAS, today=TODAY, windows=windows(WAS))
    return shift(
        CHECKLIST, task, recorded, before=before, start=to, today=TODAY, working_days=WORKS, windows=windows(to)
    )  # fmt: skip


def test_what_is_open_moves_and_what_is_done_does_not():
    told = moved(CHECKLIST.task("charter-read"), Recorded(), date(2026, 12, 28))
    assert (told.kind, told.was_due, told.due) == (ShiftKind.MOVES, date(2026, 12, 2), date(2026, 12, 22))
    done = Recorded(state="done", done_on=TODAY, done_for=WAS)
    assert moved(CHECKLIST.task("charter-read"), done, date(2026, 12, 28)) is None
    assert moved(CHECKLIST.task("charter-read"), Recorded(), WAS) is None


def test_what_is_true_of_one_start_is_asked_again_and_stands_again_when_the_start_comes_back():
    there = moved(CHECKLIST.task("dpae"), Recorded(done_on=TODAY, done_for=WAS), date(2026, 12, 14))
    assert there.kind is ShiftKind.AGAIN
    assert "7 December 2026" in there.why.en
    back = moved(
        CHECKLIST.task("dpae"), Recorded(done_on=TODAY, done_for=date(2026, 12, 14)), date(2026, 12, 14)
    )
    assert back.kind is ShiftKind.STANDS_AGAIN


def test_a_start_put_into_the_past_makes_what_is_open_late():
    assert moved(CHECKLIST.task("dpae"), Recorded(), date(2026, 11, 16)).is_late


def test_a_task_with_a_day_of_its_own_stays_where_it_is():
    task = OneOff(label="Badge", owner=Owner.IT, on=date(2026, 12, 1)).as_task("own-1")
    assert moved(task, Recorded(), date(2026, 12, 28)) is None
    assert task.is_for_day_one(WAS)
    assert not task.is_for_day_one(date(2026, 11, 30))


def test_a_task_counted_from_day_one_moves_like_any_other():
    task = OneOff(label="Badge", owner=Owner.IT, due=-2).as_task("own-1")
    assert moved(task, Recorded(), date(2026, 12, 28)).due == date(2026, 12, 23)


def test_proof_is_a_file_from_the_person_and_a_word_from_anybody_else():
    proofs = {
        owner: OneOff(label="X", owner=owner, due=0, asks_proof=True).as_task("own-1").proof
        for owner in Owner
    }
    assert proofs.pop(Owner.CANDIDATE) is Proof.FILE
    assert set(proofs.values()) == {Proof.RECEIPT}


@pytest.mark.parametrize("days", [{}, {"due": 0, "on": date(2026, 12, 1)}])
def test_a_task_has_one_day(days):
    with pytest.raises(ValidationError, match="one day"):
        OneOff(label="Badge", owner=Owner.IT, **days)


def test_no_task_of_an_edition_has_a_day_of_its_own():
    dated = CHECKLIST.tasks[0].model_copy(update={"on": date(2026, 12, 1)})
    with pytest.raises(ValidationError, match="names no day"):
        CHECKLIST.model_validate({**dict(CHECKLIST), "tasks": (dated,)})
