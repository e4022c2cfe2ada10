"""Screening recommends, with reasons, and has no word for turning anybody away."""

from importlib.resources import files
from itertools import permutations

import pytest

from assessments.editions import EditionError
from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.answers import Answer, Answers
from assessments.questionnaires.instruments import Dimension, read
from assessments.questionnaires.scoring import Scorecard, score
from assessments.questionnaires.screening import Outcome, read_policy, recommend
from tests.assessments.answer_sets import extreme


def data(path: str) -> str:
    return files("assessments").joinpath(f"data/{path}/2026-11.yaml").read_text("utf-8")


POLICY = read_policy(data("policies/screening"))
INSTRUMENTS = {
    one.dimension: one
    for one in (
        read(data(f"instruments/{slug}"))
        for slug in ("work-organisation", "home-workplace", "equipment-connection")
    )
}


def card(dimension: Dimension, **changes: AnswerValue | None) -> Scorecard:
    instrument = INSTRUMENTS[dimension]
    values = extreme(instrument, best=True) | changes
    answers = tuple(Answer(item=name, value=value) for name, value in values.items() if value is not None)
    return score(instrument, Answers(instrument=instrument.slug, edition=instrument.edition, answers=answers))


def cards(**changes: AnswerValue | None) -> list[Scorecard]:
    known = {dimension: {item.id for item in one.items} for dimension, one in INSTRUMENTS.items()}
    return [
        card(dimension, **{name: value for name, value in changes.items() if name in known[dimension]})
        for dimension in Dimension
    ]


def test_three_good_parts_recommend_going_on_and_name_every_edition() -> None:
    result = recommend(cards(), POLICY)
    assert result.outcome is Outcome.GO_ON
    assert result.policy_edition == "2026-11"
    assert len(result.instrument_editions) == 3
    assert len(result.reasons) == 3


def test_a_shared_room_alone_asks_for_a_talk_first() -> None:
    result = recommend(cards(room_closes="open_space"), POLICY)
    assert result.outcome is Outcome.TALK_FIRST
    assert [gap.about for gap in result.gaps] == ["room_closes"]
    assert any(reason.fr.startswith("À voir ensemble") for reason in result.reasons)


def test_what_can_be_lent_stops_nobody() -> None:
    lent = cards(computer_kind="no_computer", headset="no_headset", webcam=False, wired=False, screens=0)
    result = recommend(lent, POLICY)
    assert result.outcome is Outcome.GO_ON
    assert any("Aucun repère à atteindre" in reason.fr for reason in result.reasons)
    assert {"computer_kind", "headset", "webcam", "wired", "screens"} <= {gap.about for gap in result.gaps}
    assert all(gap.remedies for gap in result.gaps if gap.about != "system")


def test_a_part_not_answered_concludes_nothing() -> None:
    two = [one for one in cards() if one.dimension is not Dimension.EQUIPMENT]
    assert recommend(two, POLICY).outcome is Outcome.NOT_YET_KNOWN
    assert recommend([], POLICY).outcome is Outcome.NOT_YET_KNOWN


def test_too_little_known_concludes_nothing_even_where_a_talk_is_due() -> None:
    few = {item.id: None for item in INSTRUMENTS[Dimension.AUTONOMY].items[:15]}
    result = recommend(cards(**few, room_closes="open_space"), POLICY)
    assert result.outcome is Outcome.NOT_YET_KNOWN


@pytest.mark.parametrize(("at", "outcome"), [(6500, Outcome.GO_ON), (6499, Outcome.TALK_FIRST)])
def test_a_score_on_the_mark_has_reached_it(at: int, outcome: Outcome) -> None:
    autonomy, *others = cards()
    moved = autonomy.model_copy(update={"score_hundredths": at})
    assert recommend([moved, *others], POLICY).outcome is outcome


def test_the_order_of_the_scorecards_changes_nothing() -> None:
    results = [recommend(order, POLICY) for order in permutations(cards(noise="often"))]
    assert all(result == results[0] for result in results)


def test_two_scorecards_of_one_dimension_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="one scorecard"):
        recommend([*cards(), cards()[0]], POLICY)


def test_a_recommendation_says_that_it_is_no_decision() -> None:
    result = recommend(cards(), POLICY)
    assert result.is_decision is False
    assert "Une personne décide" in result.not_a_decision.fr
    assert {outcome.value for outcome in Outcome} == {"go_on", "talk_first", "not_yet_known"}


def test_every_sentence_is_filled_in_both_languages() -> None:
    for changes in ({}, {"room_closes": "not_chosen"}, {"room_closes": None, "noise": "unknown"}):
        result = recommend(cards(**changes), POLICY)
        assert all("{" not in reason.fr + reason.en for reason in result.reasons)


def test_what_is_always_talked_about_exists_in_the_questionnaires() -> None:
    for rule in POLICY.rules:
        instrument = INSTRUMENTS[rule.dimension]
        known = {item.id for item in instrument.items} | {scale.id for scale in instrument.scales}
        assert set(rule.talk_about) <= known


def test_a_sentence_that_asks_for_an_unknown_fact_is_refused_at_load() -> None:
    with pytest.raises(EditionError, match=r"words\.to_arrange\.en"):
        read_policy(data("policies/screening").replace("To arrange: {gap}", "To arrange: {name}"))


def test_a_broken_policy_says_what_is_wrong() -> None:
    text = data("policies/screening").replace("dimension: equipment", "dimension: environment")
    with pytest.raises(EditionError, match="more than one rule"):
        read_policy(text.replace("outcome: go_on", "outcome: talk_first"))
