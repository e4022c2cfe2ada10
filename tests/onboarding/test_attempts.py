"""Trying a quiz: the form is not trusted, the mark explains itself."""

from hypothesis import given
from hypothesis import strategies as st

from onboarding.learning import attempts
from onboarding.learning.attempts import Mark, QuizAnswers
from tests.onboarding.samples import FULL_KEY, SENTENCES, sample

MODULE = sample().modules[0]


def mark(form: dict[str, list[str]]) -> Mark:
    answers = attempts.read(MODULE, form, sentences=SENTENCES)
    assert isinstance(answers, QuizAnswers)
    return attempts.mark(MODULE, answers, sentences=SENTENCES)


FORMS = st.fixed_dictionaries(
    {
        question.slug: st.lists(
            st.sampled_from([option.slug for option in question.options]),
            min_size=1,
            max_size=1 if question.kind == "single" else 6,
        )
        for question in MODULE.quiz
    }
)


@given(FORMS)
def test_a_mark_is_bounded_and_its_points_are_those_of_its_questions(form):
    result = mark(form)
    assert 0 <= result.percent <= 100
    assert result.points == sum(question.points for question in result.questions)
    assert result.passed == (result.points * 100 >= result.pass_percent * result.points_possible)
    assert (result.percent == 100) == all(question.is_right for question in result.questions)


def test_the_full_key_earns_everything_whatever_the_order_of_the_clicks():
    result = mark(FULL_KEY)
    assert (result.percent, result.passed, result.points) == (100, True, 3)


def test_one_option_too_many_or_too_few_earns_nothing_for_that_question():
    for chosen in (["a"], ["a", "b", "c"]):
        result = mark({**FULL_KEY, "q2": chosen})
        assert [question.is_right for question in result.questions] == [True, False, True]
        assert (result.percent, result.passed) == (66, True)


def test_each_option_says_whether_it_was_chosen_was_right_and_why():
    q1 = mark({**FULL_KEY, "q1": ["b"]}).questions[0]
    assert [(o.was_chosen, o.is_right, o.why.en) for o in q1.options] == [
        (False, True, "it is"),
        (True, False, "not here"),
    ]


def test_the_reasons_count_what_is_to_be_reviewed():
    assert [reason.code for reason in mark(FULL_KEY).reasons] == ["points", "passed"]
    two_wrong = mark({"q1": ["b"], "q2": ["c"], "q3": ["b"]})
    assert [reason.code for reason in two_wrong.reasons] == ["points", "again", "to_review_many"]
    assert "2 questions" in two_wrong.reasons[2].text.fr


def test_every_problem_of_a_form_is_told_at_once_beside_its_question():
    problems = attempts.read(
        MODULE, {"q1": ["a", "b"], "q2": ["z"], "q9": ["a"], "q3": []}, sentences=SENTENCES
    )
    assert isinstance(problems, tuple)
    assert [(problem.field, problem.code) for problem in problems] == [
        ("q1", "only_one"),
        ("q2", "unknown_option"),
        ("q3", "missing"),
        ("q9", "unknown_question"),
    ]


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=4), max_size=5))
def test_no_form_whatever_it_holds_breaks_the_reader(form):
    attempts.read(MODULE, form, sentences=SENTENCES)
