"""Progress: facts in any order, nothing ever lost, and always a next step."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.learning.events import AttemptsGranted, CarriedOver, PageRead, QuizMarked
from onboarding.learning.progress import ModuleState, Progress, StepKind, progress
from onboarding.learning.schedule import due_dates, weekdays_except
from tests.onboarding.samples import SENTENCES, sample

PATH = sample()
START = date(2026, 11, 23)
DUE = due_dates(PATH, start=START, working_days=weekdays_except(()))


def standing(*events, today=START) -> Progress:
    return progress(
        PATH,
        start=START,
        due_dates=DUE,
        events=events,
        today=today,
        sentences=SENTENCES,
    )


def read(module: str, page: str, on: date = START) -> PageRead:
    return PageRead(module=module, page=page, on=on)


def tried(module: str, attempt: str, percent: int, on: date = START) -> QuizMarked:
    return QuizMarked(module=module, attempt=attempt, percent=percent, passed=percent >= 66, on=on)


MODULES = st.sampled_from(["first", "second", "third", "withdrawn"])
ON = st.dates(START, START + timedelta(days=20))
EVENTS = st.lists(
    st.builds(read, MODULES, st.sampled_from(["one", "two", "lost"]), ON)
    | st.builds(tried, MODULES, st.sampled_from(["t1", "t2", "t3"]), st.integers(0, 100), ON)
    | st.builds(
        AttemptsGranted,
        kind=st.just("attempts_granted"),
        module=MODULES,
        grant=st.sampled_from(["g1", "g2"]),
        count=st.integers(1, 3),
        on=ON,
    ),
    max_size=14,
)


@given(EVENTS, ON)
def test_percent_is_bounded_and_full_only_when_all_is_complete(events, today):
    result = standing(*events, today=today)
    assert 0 <= result.percent <= 100
    assert (result.percent == 100) == result.is_complete
    assert result.minutes_done == sum(module.minutes_done for module in result.modules)
    assert (result.next_step.kind is StepKind.FINISHED) == result.is_complete


@given(EVENTS, EVENTS, ON)
def test_more_done_never_lowers_anything(events, more, today):
    before, after = standing(*events, today=today), standing(*events, *more, today=today)
    assert after.percent >= before.percent
    for old, new in zip(before.modules, after.modules, strict=True):
        assert new.is_complete >= old.is_complete
        assert set(new.pages_read) >= set(old.pages_read)
        assert (new.best_percent or 0) >= (old.best_percent or 0)


@given(EVENTS, st.randoms(use_true_random=False), ON)
def test_the_order_of_events_and_their_repetition_do_not_matter(events, chance, today):
    shuffled = [*events]
    chance.shuffle(shuffled)
    assert standing(*shuffled, today=today) == standing(*events, today=today)
    known = [
        event for event in events if event.module != "withdrawn" and getattr(event, "page", "") != "lost"
    ]
    assert standing(*known, *known, today=today) == standing(*known, today=today)


def test_nothing_opens_before_the_start():
    result = standing(today=START - timedelta(days=1))
    assert {module.state for module in result.modules} == {ModuleState.LOCKED}
    assert result.next_step.kind is StepKind.WAIT


def test_a_path_is_walked_page_by_page_then_by_its_quiz():
    assert standing().next_step.page == "one"
    assert standing(read("first", "one")).next_step.page == "two"
    both = standing(read("first", "one"), read("first", "two"))
    assert (both.next_step.kind, both.next_step.module) == (StepKind.TAKE_QUIZ, "first")
    assert both.percent == 22
    passed = standing(read("first", "one"), read("first", "two"), tried("first", "t1", 100))
    assert [module.state for module in passed.modules] == ["passed", "open", "open"]
    assert (passed.next_step.module, passed.next_due) == ("second", DUE["second"])


def test_a_locked_module_says_what_it_waits_for():
    second = standing().modules[1]
    assert (second.state, second.waits_for) == (ModuleState.LOCKED, ("first",))
    assert "Le module first" in second.reason.text.fr


def test_a_worse_try_after_a_pass_takes_nothing_away():
    result = standing(tried("first", "t1", 80, START), tried("first", "t2", 0, START + timedelta(days=1)))
    assert (result.modules[0].state, result.modules[0].best_percent) == (ModuleState.PASSED, 80)
    assert result.modules[0].completed_on == START


def test_lateness_counts_calendar_days_and_the_longest_is_told():
    result = standing(today=DUE["second"] + timedelta(days=1))
    assert [module.state for module in result.modules] == ["late", "locked", "open"]
    assert (result.late_days, result.late_modules) == (3, ("first", "second"))
    assert "path_late" in {reason.code for reason in result.reasons}


def test_a_module_finished_late_is_finished_and_remembers_its_delay():
    result = standing(tried("first", "t1", 100, DUE["first"] + timedelta(days=2)), today=DUE["first"])
    assert (result.modules[0].state, result.modules[0].late_days) == (ModuleState.PASSED, 2)
    assert "first" not in result.late_modules


def test_used_attempts_send_to_the_trainer_only_when_nothing_else_can_be_done():
    used = [
        tried("first", "f", 100),
        *(read("second", page) for page in ("one", "two")),
        tried("second", "t1", 0),
        tried("second", "t2", 33),
    ]
    assert standing(*used).next_step.module == "third"
    alone = standing(*used, tried("third", "x", 100))
    assert (alone.next_step.kind, alone.next_step.module) == (StepKind.ASK_TRAINER, "second")
    assert alone.modules[1].reason.code == "attempts_used"
    more = AttemptsGranted(module="second", grant="g1", count=1, on=START)
    granted = standing(*used, tried("third", "x", 100), more, more)
    assert (granted.next_step.kind, granted.modules[1].attempts_left) == (StepKind.TAKE_QUIZ, 1)


def test_what_was_finished_in_an_edition_before_stays_finished_though_this_one_asks_more():
    carried = CarriedOver(module="first", edition="2026-10", on=START)
    before = standing(read("first", "one"), tried("third", "t1", 100))
    after = standing(read("first", "one"), tried("third", "t1", 100), carried)
    assert (before.modules[0].state, before.modules[1].state) == (ModuleState.OPEN, ModuleState.LOCKED)
    assert (after.modules[0].state, after.modules[1].state) == (ModuleState.DONE, ModuleState.OPEN)
    assert (after.modules[0].completed_on, after.modules[0].minutes_done) == (START, 30)
    assert after.modules[0].reason.code == "module_ended", "not every page of it was read"


def test_events_of_a_module_that_this_edition_lacks_are_counted_and_change_nothing():
    result = standing(read("withdrawn", "one"), read("first", "lost"))
    assert (result.ignored, result.percent) == (2, 0)
