"""A module of several parts: it is done when each of them is, or when a proof takes its place."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.content import Label, Words
from onboarding.learning import attempts
from onboarding.learning.events import ClassAttended, Exempted, PackageCompleted, PageRead, QuizMarked
from onboarding.learning.progress import ModuleState, Progress, StepKind, progress
from onboarding.learning.schedule import due_dates, weekdays_except
from onboarding.paths.paths import LiveClass, Module, PackageUse, Path
from tests.onboarding.samples import SENTENCES, sample

START = date(2026, 11, 23)
DAYS = st.dates(START, START + timedelta(days=9))
PACKAGE = PackageUse(sha256="a" * 64, title=Label(fr="Un appel joué", en="A played call"))
FIRST = (
    sample()
    .modules[0]
    .model_copy(
        update={
            "package": PACKAGE,
            "live": LiveClass(minutes=90),
            "exemption": Words(fr="Un diplôme", en="A degree"),
        }
    )
)


def path_of(*modules: Module) -> Path:
    return sample().model_copy(update={"modules": modules})


def standing(*events: object, path: Path | None = None, today: date = START) -> Progress:
    whole = path or path_of(FIRST)
    return progress(
        whole,
        start=START,
        due_dates=due_dates(whole, start=START, working_days=weekdays_except(())),
        events=events,  # type: ignore[arg-type]
        today=today,
        sentences=SENTENCES,
    )


def quiz(on: date = START, *, seconds: int = 0) -> QuizMarked:
    return QuizMarked(module="first", attempt="t1", percent=100, passed=True, on=on, seconds=seconds)


def package(on: date = START, *, passed: bool = True, seconds: int = 0) -> PackageCompleted:
    return PackageCompleted(module="first", attempt="p1", passed=passed, percent=80, on=on, seconds=seconds)


def attended(on: date = START, *, session: str = "s1", seconds: int = 0) -> ClassAttended:
    return ClassAttended(module="first", session=session, on=on, seconds=seconds)


def test_a_module_is_done_on_the_day_of_its_last_part() -> None:
    later, last = START + timedelta(days=1), START + timedelta(days=3)
    assert standing(quiz(), package(later)).modules[0].completed_on is None
    done = standing(quiz(), package(later), attended(last), today=last)
    assert (done.completed_on, done.percent, done.modules[0].state) == (last, 100, ModuleState.PASSED)


def test_the_next_step_is_what_the_learner_can_do_alone_before_the_class() -> None:
    assert standing().next_step.kind is StepKind.READ_PAGE
    assert standing(quiz()).next_step.kind is StepKind.RUN_PACKAGE
    assert standing(quiz(), package()).next_step.kind is StepKind.ATTEND_CLASS
    alone = path_of(FIRST, sample().modules[2])
    assert standing(quiz(), package(), path=alone).next_step.module == "third"


def test_a_package_that_ended_without_a_pass_leaves_the_module_open() -> None:
    here = standing(quiz(), attended(), package(passed=False)).modules[0]
    assert (here.is_complete, here.is_package_done, here.package_percent) == (False, False, 80)


def test_an_accepted_proof_completes_a_module_whatever_its_parts() -> None:
    here = standing(Exempted(module="first", exemption="e1", on=START)).modules[0]
    assert (here.state, here.completed_on, here.minutes_done) == (ModuleState.EXEMPTED, START, here.minutes)
    worked = standing(
        quiz(), package(), attended(), Exempted(module="first", exemption="e1", on=START + timedelta(days=2))
    )
    assert worked.modules[0].state is ModuleState.PASSED


def test_events_of_parts_that_the_module_does_not_have_change_nothing() -> None:
    plain = path_of(sample().modules[0])
    assert standing(package(), attended(), path=plain).ignored == 2
    assert standing(package(), attended(), path=plain).percent == 0


def test_time_spent_counts_each_sitting_once_and_the_longer_telling_holds() -> None:
    page = PageRead(module="first", page="one", on=START, seconds=60)
    longer = page.model_copy(update={"seconds": 90})
    found = standing(page, longer, page, quiz(seconds=30), package(seconds=600), attended(seconds=5400))
    assert found.seconds == found.modules[0].seconds == 90 + 30 + 600 + 5400


EVENTS = st.lists(
    st.builds(quiz, DAYS)
    | st.builds(package, DAYS, passed=st.booleans())
    | st.builds(attended, DAYS, session=st.sampled_from(["s1", "s2"]))
    | st.builds(PageRead, module=st.just("first"), page=st.sampled_from(["one", "two"]), on=DAYS)
    | st.builds(Exempted, module=st.just("first"), exemption=st.just("e1"), on=DAYS),
    max_size=8,
)


@given(EVENTS, EVENTS, st.randoms(use_true_random=False))
def test_parts_in_any_order_only_ever_add(events: list[object], more: list[object], chance: object) -> None:
    shuffled = [*events, *events]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = standing(*events), standing(*events, *more)
    assert standing(*shuffled) == before
    assert after.percent >= before.percent
    assert (before.percent == 100) == before.is_complete
    if before.completed_on and after.completed_on:
        assert after.completed_on <= before.completed_on


POOL = sample().modules[0].model_copy(update={"quiz_draw": 2})


def test_the_same_try_asks_the_same_questions_and_the_next_one_others_first() -> None:
    first, again = (attempts.drawn(POOL, learner="l1", tries=0) for _ in range(2))
    assert [one.slug for one in first.quiz] == [one.slug for one in again.quiz]
    assert len(first.quiz) == 2
    second = attempts.drawn(POOL, learner="l1", tries=1)
    asked = {one.slug for one in first.quiz} | {one.slug for one in second.quiz}
    assert asked == {one.slug for one in POOL.quiz}


@given(st.text(max_size=8), st.integers(0, 9), st.integers(1, 3))
def test_a_draw_keeps_the_order_of_the_quiz_and_its_size(learner: str, tries: int, asks: int) -> None:
    module = POOL.model_copy(update={"quiz_draw": asks})
    slugs = [one.slug for one in attempts.drawn(module, learner=learner, tries=tries).quiz]
    assert slugs == [one.slug for one in POOL.quiz if one.slug in slugs]
    assert len(slugs) == asks


def test_a_pool_that_is_asked_whole_is_the_module_itself() -> None:
    whole = sample().modules[0]
    assert attempts.drawn(whole, learner="l1", tries=3) is whole
