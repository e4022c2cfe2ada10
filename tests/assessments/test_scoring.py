"""The laws of the score: bounded, order-free, additive, symmetric, and never lower for a better answer."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments.questionnaires.credits import credit_percent
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.precision import WHOLE
from assessments.questionnaires.scoring import band_of, largest_remainder, score
from tests.assessments import made_up
from tests.assessments.answer_sets import answer_sets, answered, extreme, values_of
from tests.assessments.made_up import EQUIPMENT, HOME, WORK

# The machine is shared: a slow moment is no fault of the law.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
instruments = st.one_of(made_up.instruments(), made_up.shipped_ones)


@untimed
@given(data=st.data(), instrument=instruments)
def test_a_score_stays_in_bounds_and_its_parts_sum_to_it_exactly(
    data: st.DataObject, instrument: Instrument
) -> None:
    card = score(instrument, answered(instrument, data.draw(answer_sets(instrument))))
    if card.score_hundredths is None:
        assert card.contributions == ()
        assert card.band is None
        return
    assert 0 <= card.score_hundredths <= WHOLE
    assert sum(part.hundredths for part in card.contributions) == card.score_hundredths
    assert sum(part.possible_hundredths for part in card.contributions) == WHOLE
    assert sum(scale.contributed_hundredths for scale in card.scales) == card.score_hundredths
    assert all(0 <= part.hundredths <= part.possible_hundredths for part in card.contributions)
    assert all(0 <= (scale.score_hundredths or 0) <= WHOLE for scale in card.scales)


@untimed
@given(data=st.data(), instrument=instruments)
def test_the_order_of_the_answers_changes_nothing(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    shuffled = dict(data.draw(st.permutations(list(values.items()))))
    assert score(instrument, answered(instrument, values)) == score(
        instrument, answered(instrument, shuffled)
    )


@untimed
@given(data=st.data(), instrument=instruments)
def test_a_better_answer_never_lowers_the_score(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    changed = data.draw(st.sampled_from([item for item in instrument.items if item.is_scored]))
    first, second = data.draw(values_of(instrument, changed)), data.draw(values_of(instrument, changed))
    worth = [credit_percent(instrument, changed, value) for value in (first, second)]
    assume(worth[0] is not None and worth[1] is not None and worth[0] <= worth[1])
    before = score(instrument, answered(instrument, values | {changed.id: first}))
    after = score(instrument, answered(instrument, values | {changed.id: second}))
    assert before.score_hundredths is not None
    assert after.score_hundredths is not None
    assert before.score_hundredths <= after.score_hundredths


@untimed
@given(data=st.data())
def test_turning_a_key_round_and_mirroring_the_answer_gives_the_same_score(data: st.DataObject) -> None:
    values = data.draw(answer_sets(WORK))
    points = len(WORK.agreement)
    turned = WORK.model_copy(update={"pages": tuple(
        page.model_copy(update={"items": tuple(
            item.model_copy(update={"reverse": not item.reverse}) if item.kind == "likert" else item
            for item in page.items
        )})
        for page in WORK.pages
    )})  # fmt: skip
    likert = {item.id for item in WORK.items if item.kind == "likert"}
    mirrored = {
        name: points + 1 - value if name in likert and isinstance(value, int) else value
        for name, value in values.items()
    }
    assert score(turned, answered(WORK, mirrored)) == score(WORK, answered(WORK, values))


@untimed
@given(data=st.data(), instrument=instruments)
def test_french_and_english_give_the_same_numbers(data: st.DataObject, instrument: Instrument) -> None:
    content = instrument.model_dump()

    def swapped(value: object) -> object:
        if isinstance(value, dict):
            if set(value) == {"fr", "en"}:
                return {"fr": value["en"], "en": value["fr"]}
            return {key: swapped(one) for key, one in value.items()}
        return type(value)(swapped(one) for one in value) if isinstance(value, tuple) else value

    other = Instrument.model_validate(swapped(content))
    answers = answered(instrument, data.draw(answer_sets(instrument)))
    ours, theirs = score(instrument, answers), score(other, answers)
    assert (ours.score_hundredths, ours.known_percent) == (theirs.score_hundredths, theirs.known_percent)
    assert [part.hundredths for part in ours.contributions] == [p.hundredths for p in theirs.contributions]
    assert [reason.fr for reason in ours.reasons][1:2] == [reason.en for reason in theirs.reasons][1:2]


@untimed
@given(data=st.data(), instrument=instruments)
def test_words_and_uncounted_answers_move_nothing(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    counted = {item.id for item in instrument.items if item.is_scored}
    only = {name: value for name, value in values.items() if name in counted}
    with_words, without = (score(instrument, answered(instrument, some)) for some in (values, only))
    assert with_words.contributions == without.contributions


@untimed
@given(
    weights=st.lists(st.tuples(st.integers(0, 100), st.integers(1, 5000)), min_size=1, max_size=40),
)
def test_largest_remainders_always_reach_the_total(weights: list[tuple[int, int]]) -> None:
    whole = sum(weight for _, weight in weights)
    total = round(WHOLE * sum(credit * weight for credit, weight in weights) / (100 * whole))
    ceilings = largest_remainder(
        WHOLE, [WHOLE * weight for _, weight in weights], denominator=whole, ceilings=[WHOLE] * len(weights)
    )
    parts = largest_remainder(
        total,
        [WHOLE * credit * weight for credit, weight in weights],
        denominator=100 * whole,
        ceilings=ceilings,
    )
    assert sum(parts) == total
    assert all(part <= ceiling for part, ceiling in zip(parts, ceilings, strict=True))


def test_the_best_answers_give_one_hundred_and_the_weakest_hardly_anything() -> None:
    for instrument in (WORK, HOME, EQUIPMENT):
        assert (
            score(instrument, answered(instrument, extreme(instrument, best=True))).score_hundredths == WHOLE
        )
        weakest = score(instrument, answered(instrument, extreme(instrument, best=False)))
        assert weakest.score_hundredths is not None
        assert weakest.score_hundredths < 500


def test_missing_is_not_zero() -> None:
    values = extreme(HOME, best=True)
    del values["room_closes"], values["seat"]
    card = score(HOME, answered(HOME, values))
    assert card.score_hundredths == WHOLE
    assert card.missing == ("room_closes", "seat")
    assert 70 <= card.known_percent < 100


def test_not_knowing_counts_as_missing_and_never_as_a_zero() -> None:
    values = extreme(HOME, best=True)
    with_unknown = score(HOME, answered(HOME, values | {"electrical": "unknown"}))
    assert with_unknown.score_hundredths == WHOLE
    assert with_unknown.missing == ("electrical",)


def test_nothing_answered_gives_no_number_but_a_reason() -> None:
    card = score(WORK, answered(WORK, {}))
    assert card.score_hundredths is None
    assert card.known_percent == 0
    assert card.reasons == (WORK.phrases.reasons.nothing_answered,)


def test_a_weak_answer_is_a_gap_with_what_would_close_it() -> None:
    card = score(EQUIPMENT, answered(EQUIPMENT, extreme(EQUIPMENT, best=True) | {"headset": "no_headset"}))
    assert [gap.about for gap in card.gaps] == ["headset", "sound"][: len(card.gaps)]
    assert card.gaps[0].remedies[0].text.en == "A USB headset on loan."


def test_a_weak_scale_is_a_gap_of_the_scale() -> None:
    weak = {item.id: extreme(WORK, best=False)[item.id] for item in WORK.items_of("digital")}
    card = score(WORK, answered(WORK, extreme(WORK, best=True) | weak))
    assert [gap.about for gap in card.gaps] == ["digital"]
    assert (
        card.reasons[-1].fr
        == "Le point à regarder en premier\u00a0: Être à l’aise avec l’ordinateur (0 sur 100)."
    )


def test_a_score_on_the_edge_has_reached_the_band() -> None:
    assert band_of(WORK, 7000).key == "ready"
    assert band_of(WORK, 6999).key == "arrange"
    assert band_of(WORK, 0).key == "discuss"


def test_answers_to_another_edition_are_not_scored() -> None:
    with pytest.raises(ValueError, match="belong to"):
        score(WORK, answered(HOME, {}))


def test_a_scorecard_names_its_edition_and_survives_storage() -> None:
    card = score(WORK, answered(WORK, extreme(WORK, best=True)))
    assert (card.instrument, card.edition) == ("work-organisation", "2026-11")
    assert type(card).model_validate_json(card.model_dump_json()) == card
