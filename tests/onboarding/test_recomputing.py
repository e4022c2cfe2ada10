"""The quick standing of many learners is the standing of one, figure by figure."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.content import Label
from onboarding.learning.events import (
    AttemptsGranted,
    CarriedOver,
    ClassAttended,
    Event,
    Exempted,
    PackageCompleted,
    PageRead,
    QuizMarked,
)
from onboarding.learning.progress import progress
from onboarding.learning.recomputing import Recomputer, Told
from onboarding.learning.schedule import due_dates, weekdays_except
from onboarding.paths.paths import LiveClass, PackageUse
from tests.onboarding.samples import SENTENCES, sample

START = date(2026, 11, 23)
PLAIN = sample()
FIRST, SECOND, THIRD = PLAIN.modules
PATH = PLAIN.model_copy(
    update={
        "modules": (
            FIRST.model_copy(update={"attempts": 2}),
            SECOND.model_copy(
                update={"package": PackageUse(sha256="0" * 64, title=Label(fr="Paquet", en="Package"))}
            ),
            THIRD.model_copy(update={"live": LiveClass(minutes=60), "attempts": 1}),
        )
    }
)
DUE = due_dates(PATH, start=START, working_days=weekdays_except(()))

MODULES = st.sampled_from(["first", "second", "third", "withdrawn"])
ON = st.dates(START, START + timedelta(days=20))
NAMES = st.sampled_from(["a", "b", "c"])
EVENTS = st.lists(
    st.builds(PageRead, module=MODULES, page=st.sampled_from(["one", "two", "lost"]), on=ON)
    | st.builds(
        QuizMarked, module=MODULES, attempt=NAMES, percent=st.integers(0, 100), passed=st.booleans(), on=ON
    )
    | st.builds(AttemptsGranted, module=MODULES, grant=NAMES, count=st.integers(1, 3), on=ON)
    | st.builds(PackageCompleted, module=MODULES, attempt=NAMES, passed=st.booleans(), on=ON)
    | st.builds(ClassAttended, module=MODULES, session=NAMES, on=ON)
    | st.builds(Exempted, module=MODULES, exemption=NAMES, on=ON)
    | st.builds(CarriedOver, module=MODULES, edition=NAMES, on=ON),
    max_size=16,
)


def told(event: Event) -> Told:
    match event:
        case PageRead():
            return (event.module, event.kind, event.page, False, 0, event.on)
        case QuizMarked() | PackageCompleted():
            return (event.module, event.kind, event.attempt, event.passed, 0, event.on)
        case AttemptsGranted():
            return (event.module, event.kind, event.grant, False, event.count, event.on)
        case ClassAttended():
            return (event.module, event.kind, event.session, True, 0, event.on)
        case Exempted():
            return (event.module, event.kind, event.exemption, True, 0, event.on)
        case CarriedOver():
            return (event.module, event.kind, event.edition, True, 0, event.on)


@given(EVENTS, st.booleans())
def test_many_at_once_give_the_figures_of_one_by_one(events: list[Event], has_begun: bool) -> None:
    today = START if has_begun else START - timedelta(days=1)
    slow = progress(
        PATH, start=START, due_dates=DUE, events=events, today=today, sentences=SENTENCES
    )  # fmt: skip
    quick = Recomputer(PATH).kept(map(told, events), due=tuple(DUE.values()), has_begun=has_begun)
    assert quick.percent == slow.percent
    assert (quick.is_complete, quick.completed_on) == (slow.is_complete, slow.completed_on)
    assert quick.next_due == slow.next_due
    assert quick.modules_done == sum(module.is_complete for module in slow.modules)
    step = slow.next_step
    assert (quick.step, quick.step_module, quick.step_page) == (step.kind, step.module or "", step.page or "")
    assert quick.moved_on == max((event.on for event in events), default=None)
    assert quick.waits_for_trainer == any(
        module.state in ("open", "late") and module.attempts_left == 0 and module.is_quiz_passed is False
        for module in slow.modules
    )
    assert quick.unpassed == max(
        0 if module.is_complete or module.is_quiz_passed or module.is_quiz_passed is None
        else module.attempts_used
        for module in slow.modules
    )  # fmt: skip
