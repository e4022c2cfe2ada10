"""The score has one definition: a base scored at once equals each person scored alone, to the bit."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.questionnaires.credits import credits_of
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import ErrorKind, Instrument
from assessments.questionnaires.keys import key_of
from assessments.questionnaires.precision import standard_errors
from assessments.questionnaires.rescoring import NOTHING, ROWS_AT_ONCE, compiled, encode, encode_all, rescore
from assessments.questionnaires.scoring import score
from tests.assessments.answer_sets import answer_sets, answered, extreme
from tests.assessments.made_up import HOME, WORK, instruments, shipped_ones

# The machine is shared: a slow moment is no fault of the law.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_instruments = st.one_of(instruments(), shipped_ones)


def or_nothing(value: int | None) -> int:
    return NOTHING if value is None else value


@untimed
@given(data=st.data(), instrument=any_instruments)
def test_a_base_scored_at_once_equals_each_person_scored_alone(
    data: st.DataObject, instrument: Instrument
) -> None:
    sets = data.draw(st.lists(answer_sets(instrument), min_size=1, max_size=4))
    cards = [score(instrument, answered(instrument, values)) for values in sets]
    ready = compiled(instrument)
    together = rescore(
        ready,
        encode_all(ready, [answered(instrument, values).to_json() for values in sets]),
        contributions=True,
    )
    assert together.contributions is not None
    assert together.possible is not None
    for row, card in enumerate(cards):
        assert together.scores[row] == or_nothing(card.score_hundredths)
        assert together.standard_errors[row] == or_nothing(card.standard_error_hundredths)
        assert together.low[row] == or_nothing(card.low_hundredths)
        assert together.high[row] == or_nothing(card.high_hundredths)
        assert together.known_percent[row] == card.known_percent
        assert together.bands[row] == (NOTHING if card.band is None else instrument.bands.index(card.band))
        assert [*together.scales[row]] == [or_nothing(one.score_hundredths) for one in card.scales]
        assert [*together.scale_errors[row]] == [
            or_nothing(one.standard_error_hundredths) for one in card.scales
        ]
        parts = {one.item: (one.hundredths, one.possible_hundredths) for one in card.contributions}
        assert [*zip(together.contributions[row].tolist(), together.possible[row].tolist(), strict=True)] == [
            parts.get(name, (0, 0)) for name in ready.items
        ]


@untimed
@given(data=st.data(), instrument=any_instruments)
def test_how_answers_are_known_narrows_both_errors_alike(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    ready, key = compiled(instrument), key_of(instrument)
    ways = data.draw(
        st.lists(st.sampled_from(list(HowKnown)), min_size=len(key.items), max_size=len(key.items))
    )
    row = encode(ready, answered(instrument, values).to_json())
    known = np.array([[list(HowKnown).index(way) for way in ways]])
    together = rescore(ready, np.array([row]), known=known)
    credits = [
        None if code == NOTHING else column.credits[code]
        for code, column in zip(row, ready.columns, strict=True)
    ]
    least = [
        min((one.by_itself, way), key=instrument.error.doubt_percent.of)
        for one, way in zip(key.items, ways, strict=True)
    ]
    whole, scales = standard_errors(key, credits, least)
    assert together.standard_errors[0] == or_nothing(whole)
    assert [*together.scale_errors[0]] == [or_nothing(one) for one in scales]
    plain = rescore(ready, np.array([row]))
    assert together.scores[0] == plain.scores[0]
    assert together.standard_errors[0] <= plain.standard_errors[0]
    if instrument.error.kind is ErrorKind.ANSWERS:
        assert together.standard_errors[0] == plain.standard_errors[0]


@pytest.mark.parametrize("rows", [0, 1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1])
def test_where_a_base_is_cut_into_pieces_changes_nothing(rows: int) -> None:
    ready = compiled(WORK)
    chance = np.random.default_rng(20261121)
    most = [len(column.credits) for column in ready.columns]
    answers = np.stack([chance.integers(-1, one, size=rows) for one in most], axis=1).astype(np.int8)
    whole = rescore(ready, answers, contributions=True)
    assert len(whole.scores) == rows
    halves = [
        rescore(ready, part, contributions=True) for part in (answers[: rows // 3], answers[rows // 3 :])
    ]
    for one in fields(whole):
        joined = np.concatenate([getattr(half, one.name) for half in halves])
        assert np.array_equal(getattr(whole, one.name), joined)


def test_weights_too_large_for_a_float_are_still_exact() -> None:
    content = HOME.model_dump(mode="json")
    for number, item in enumerate(one for page in content["pages"] for one in page["items"]):
        item["weight"] = (number * 7) % 20 + 1
    heavy = Instrument.model_validate(content)
    assert 100_000_000 * key_of(heavy).weight ** 2 >= 2**53
    ready = compiled(heavy)
    values = extreme(heavy, best=False)
    card = score(heavy, answered(heavy, values))
    together = rescore(ready, encode_all(ready, [values]), contributions=True)
    assert together.scores[0] == card.score_hundredths
    assert together.standard_errors[0] == card.standard_error_hundredths
    assert together.contributions is not None
    assert [part for part in together.contributions[0] if part] == [
        one.hundredths for one in card.contributions if one.hundredths
    ]


def test_a_code_or_a_shape_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    ready = compiled(WORK)
    good = encode_all(ready, [{}])
    for bad in (good[:, 1:], good - 1, good + 100):
        with pytest.raises(ValueError, match=r"column|code"):
            rescore(ready, bad)
    with pytest.raises(ValueError, match="shape"):
        rescore(ready, good, known=good[:, 1:])
    with pytest.raises(ValueError, match="way of knowing"):
        rescore(ready, good, known=good + 5)
    with pytest.raises(ValueError, match="no answer to"):
        encode(ready, {ready.items[0]: "something else"})


@untimed
@given(data=st.data(), instrument=any_instruments)
def test_what_an_item_can_earn_is_known_before(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    row = encode(compiled(instrument), answered(instrument, values).to_json())
    for code, column in zip(row, compiled(instrument).columns, strict=True):
        if code != NOTHING and column.credits[code] is not None:
            assert column.credits[code] in credits_of(instrument, column.item.item)


def test_an_edition_is_made_ready_once() -> None:
    assert compiled(WORK) is compiled(WORK)
    other = WORK.model_copy(update={"edition": "2027-01"})
    assert compiled(other) is not compiled(WORK)
