"""What people type becomes answers, or every problem at once beside its item; nothing is guessed or lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.questionnaires.answer_values import said, to_form
from assessments.questionnaires.answers import (
    Answers,
    Problem,
    from_json,
    merged,
    progress,
    read,
    visible_items,
)
from assessments.questionnaires.instruments import Instrument
from tests.assessments.answer_sets import full_form, shipped

# The machine is shared: a slow moment is no fault of the law.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


WORK, HOME, EQUIPMENT = map(shipped, ("work-organisation", "home-workplace", "equipment-connection"))


def answers_in(result: Answers | tuple[Problem, ...]) -> Answers:
    assert isinstance(result, Answers), result
    return result


def codes_in(result: Answers | tuple[Problem, ...]) -> dict[str, str]:
    assert isinstance(result, tuple)
    return {problem.item: problem.code for problem in result}


@pytest.mark.parametrize("instrument", [WORK, HOME, EQUIPMENT], ids=lambda one: one.slug)
def test_a_full_form_becomes_answers_that_survive_storage(instrument: Instrument) -> None:
    answers = answers_in(read(instrument, full_form(instrument), complete=True))
    assert answers.edition == instrument.edition
    assert from_json(instrument, answers.to_json(), complete=True) == answers
    assert progress(instrument, answers).is_complete


def test_values_are_typed_after_the_kind_of_item() -> None:
    answers = answers_in(read(EQUIPMENT, full_form(EQUIPMENT), complete=True))
    assert answers.get("computer_kind") == "laptop"
    assert answers.get("own_use") is True
    assert answers.get("screens") == 9
    assert answers.get("equipment_note") == "Deux lignes\nici"


def test_every_problem_is_said_at_once_in_the_order_of_the_questions() -> None:
    form = full_form(EQUIPMENT) | {
        "csrf_token_of_another_form": ["x"],
        "screens": ["99"],
        "memory": ["12,5"],
        "computer_kind": ["abacus"],
        "webcam": ["yes", "no"],
        "equipment_note": ["a" * 601],
        "wired": [" "],
    }
    result = read(EQUIPMENT, form, complete=True)
    assert isinstance(result, tuple)
    assert [(problem.item, problem.code) for problem in result] == [
        ("computer_kind", "unknown_option"),
        ("memory", "not_a_number"),
        ("screens", "out_of_range"),
        ("webcam", "one_only"),
        ("wired", "missing"),
        ("equipment_note", "too_long"),
        ("csrf_token_of_another_form", "unknown_item"),
    ]
    assert result[2].text.fr == "Ce nombre doit être entre 0 et 9. Vérifiez-le, puis corrigez-le."
    assert "{" not in "".join(problem.text.fr + problem.text.en for problem in result)


def test_a_draft_may_have_holes_but_no_wrong_answer() -> None:
    assert answers_in(read(WORK, {}, complete=False)).answers == ()
    assert codes_in(read(WORK, {"plan_before": ["6"]}, complete=False)) == {"plan_before": "unknown_option"}
    assert codes_in(read(WORK, {"plan_before": ["0"]}, complete=False)) == {"plan_before": "unknown_option"}


def test_answers_that_exclude_each_other_are_not_taken_together() -> None:
    assert codes_in(read(HOME, {"light": ["lamp", "none_of_these"]}, complete=False)) == {"light": "alone"}
    taken = answers_in(read(HOME, {"light": ["lamp", "daylight", "lamp"]}, complete=False))
    assert taken.get("light") == ("daylight", "lamp")


@pytest.mark.parametrize("typed", ["a\x00b", "\x00", "a\ud800b", "\x1b[31m"])
def test_invisible_characters_are_refused_before_they_are_stored(typed: str) -> None:
    assert codes_in(read(HOME, {"place_note": [typed]}, complete=False)) == {
        "place_note": "forbidden_character"
    }
    assert codes_in(from_json(HOME, {"place_note": typed}, complete=False)) == {
        "place_note": "forbidden_character"
    }
    assert "room_closes" in codes_in(read(HOME, {"room_closes": [typed]}, complete=False))


def test_words_are_kept_as_typed_after_trim_and_one_unicode_form() -> None:
    taken = answers_in(read(HOME, {"place_note": ["  e\u0301t\u00e9 <b>{x}</b> 李 "]}, complete=False))
    assert taken.get("place_note") == "\u00e9t\u00e9 <b>{x}</b> 李"


def test_a_name_we_do_not_know_is_shown_short_and_printable() -> None:
    result = read(WORK, {"\x00" * 500: ["x"]}, complete=False)
    assert isinstance(result, tuple)
    assert len(result[0].item) == 64
    assert result[0].item.isprintable()


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("screens", "1"),
        ("screens", True),
        ("screens", 1.0),
        ("webcam", 1),
        ("webcam", "yes"),
        ("computer_kind", ["laptop"]),
        ("computer_kind", {"a": 1}),
        ("equipment_note", 3),
    ],
)
def test_json_types_are_strict(item: str, value: object) -> None:
    assert codes_in(from_json(EQUIPMENT, {item: value}, complete=False)) == {item: "wrong_type"}


def test_a_huge_number_in_json_is_out_of_range() -> None:
    assert codes_in(from_json(EQUIPMENT, {"screens": 2**80}, complete=False)) == {"screens": "out_of_range"}


def test_a_conditional_item_is_asked_only_when_its_condition_holds() -> None:
    def asked(form: dict[str, list[str]]) -> set[str]:
        return {item.id for item in visible_items(HOME, answers_in(read(HOME, form, complete=False)))}

    assert "room_help" not in asked({})
    assert "room_help" not in asked({"room_closes": ["closed_free"]})
    assert "room_help" in asked({"room_closes": ["open_space"]})


def test_an_answer_to_a_question_no_longer_asked_stays_in_the_draft_and_leaves_the_final() -> None:
    form = full_form(HOME) | {"room_closes": ["closed_free"], "room_help": ["other_hours"]}
    assert answers_in(read(HOME, form, complete=False)).get("room_help") == ("other_hours",)
    assert answers_in(read(HOME, form, complete=True)).get("room_help") is None


@pytest.mark.parametrize("instrument", [WORK, HOME, EQUIPMENT], ids=lambda one: one.slug)
def test_a_resumed_page_posts_back_what_was_saved(instrument: Instrument) -> None:
    answers = answers_in(read(instrument, full_form(instrument), complete=True))
    again = {answer.item: to_form(answer.value) for answer in answers.answers}
    assert read(instrument, again, complete=True) == answers


def test_an_answer_can_be_read_back_in_words() -> None:
    answers = answers_in(read(EQUIPMENT, full_form(EQUIPMENT), complete=True))

    def words(name: str) -> list[str]:
        item, value = EQUIPMENT.item(name), answers.get(name)
        assert item is not None
        assert value is not None
        return [text.fr for text in said(EQUIPMENT, item, value)]

    assert words("computer_kind") == ["Un ordinateur portable"]
    assert words("webcam") == ["Oui"]
    assert words("screens") == ["9\u00a0écrans"]
    assert words("equipment_note") == ["Deux lignes\nici"]


def test_choices_are_what_a_form_may_post() -> None:
    for instrument in (WORK, HOME, EQUIPMENT):
        for item in instrument.items:
            choices = [choice.value for choice in instrument.choices_of(item)]
            posted = [choices] if item.kind == "ranking" else [[choice] for choice in choices]
            for form in posted:
                answers_in(read(instrument, {item.id: form}, complete=False))


def test_progress_says_where_to_go_on() -> None:
    first = {item.id: ["3"] for item in WORK.pages[0].items}
    saved = answers_in(read(WORK, first, complete=False))
    where = progress(WORK, saved)
    assert (where.answered, where.resume_page) == (8, "pressure")
    assert where.total == len(WORK.items) - 1
    assert progress(WORK, answers_in(read(WORK, full_form(WORK), complete=True))).resume_page is None


def test_saving_one_page_leaves_the_others_and_an_emptied_field_is_emptied() -> None:
    saved = answers_in(read(WORK, full_form(WORK), complete=False))
    page = answers_in(read(WORK, {"plan_before": ["1"]}, complete=False))
    both = merged(WORK, saved, WORK.pages[0], page)
    assert both.get("plan_before") == 1
    assert both.get("plan_start") is None
    assert both.get("calm_tone") == 5
    with pytest.raises(ValueError, match="belong to"):
        merged(WORK, saved.model_copy(update={"edition": "2020-01"}), WORK.pages[0], page)


json_like: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([item.id for item in EQUIPMENT.items] + ["stranger"])


@untimed
@given(body=st.dictionaries(names, json_like, max_size=5), complete=st.booleans())
def test_any_json_gives_answers_or_problems_and_never_an_error(body: dict[str, Any], complete: bool) -> None:
    result = from_json(EQUIPMENT, body, complete=complete)
    if isinstance(result, Answers):
        assert from_json(EQUIPMENT, result.to_json(), complete=complete) == result
    else:
        assert result


@untimed
@given(
    form=st.dictionaries(names, st.lists(st.text(alphabet=st.characters(), max_size=12), max_size=3)),
    complete=st.booleans(),
)
def test_any_form_gives_answers_or_problems_and_never_an_error(
    form: dict[str, list[str]], complete: bool
) -> None:
    result = read(EQUIPMENT, form, complete=complete)
    assert isinstance(result, Answers) or result
