"""Answers to one edition count in another only where both ask the same question."""

from typing import Any

import pytest

from assessments.questionnaires.carrying import carried, compare
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.scoring import score
from tests.assessments.answer_sets import answered, extreme
from tests.assessments.made_up import HOME, WORK


def next_edition(instrument: Instrument, **changes: Any) -> Instrument:
    """The same questionnaire a year later, with some items changed."""
    content = instrument.model_dump(mode="json") | {"edition": "2027-11"}
    for page in content["pages"]:
        page["items"] = [item | changes.get(item["id"], {}) for item in page["items"]]
    return Instrument.model_validate(content)


def test_an_edition_that_asks_the_same_takes_every_answer_over() -> None:
    later = next_edition(WORK)
    values = extreme(WORK, best=True)
    comparison = compare(WORK, later)
    assert len(comparison.same) == len(WORK.items)
    assert (comparison.changed, comparison.dropped, comparison.added) == ((), (), ())
    same = carried(WORK, later, answered(WORK, values))
    assert {one.item: one.value for one in same.answers} == values
    assert score(later, same).score_hundredths == score(WORK, answered(WORK, values)).score_hundredths


def test_another_weight_or_key_is_the_same_question_and_another_wording_is_not() -> None:
    likert = [item.id for item in WORK.items if item.kind == "likert"]
    later = next_edition(
        WORK,
        **{likert[0]: {"weight": 5}, likert[1]: {"reverse": True},
           likert[2]: {"prompt": {"fr": "Autre phrase", "en": "Another sentence"}}},
    )  # fmt: skip
    comparison = compare(WORK, later)
    assert comparison.changed == (likert[2],)
    kept = carried(WORK, later, answered(WORK, dict.fromkeys(likert[:3], 4)))
    assert [one.item for one in kept.answers] == likert[:2]
    assert likert[2] in score(later, kept).missing


def test_other_things_to_choose_make_another_question() -> None:
    single = next(item for item in HOME.items if item.kind == "single")
    options = single.model_dump(mode="json")["options"]
    longer = next_edition(
        HOME, **{single.id: {"options": [*options, options[0] | {"value": "more", "credit": 0}]}}
    )
    assert compare(HOME, longer).changed == (single.id,)
    shuffled = next_edition(HOME, **{single.id: {"options": options[::-1]}})
    assert compare(HOME, shuffled).changed == ()


def test_a_number_that_the_new_bounds_no_longer_allow_is_missing() -> None:
    number = next((item for item in HOME.items if item.kind == "number"), None)
    assert number is not None
    tighter = next_edition(HOME, **{number.id: {"maximum": number.maximum - 1}})
    gone = carried(HOME, tighter, answered(HOME, {number.id: number.maximum}))
    assert gone.answers == ()


def test_answers_are_carried_from_their_own_edition_only() -> None:
    later = next_edition(WORK)
    with pytest.raises(ValueError, match="belong to"):
        carried(WORK, later, answered(later, {}))
    with pytest.raises(ValueError, match="not editions of one"):
        compare(WORK, HOME)
