"""How far a score may be off: never nothing, wider for what is not known, narrower for what was seen."""

from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from statistics import variance

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.evidence import Evidence, HowKnown, read_shelf_lives
from assessments.questionnaires.instruments import ErrorKind, Instrument
from assessments.questionnaires.keys import key_of
from assessments.questionnaires.precision import UNKNOWN, WHOLE, interval, root_up, scatter, standard_errors
from assessments.questionnaires.scoring import ScaleScore, Scorecard, score
from tests.assessments import made_up
from tests.assessments.answer_sets import answer_sets, answered, extreme, values_of
from tests.assessments.made_up import HOME, WORK

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
instruments = st.one_of(made_up.instruments(), made_up.shipped_ones)
LIVES = read_shelf_lives(
    files("assessments").joinpath("data/policies/screening-evidence/2026-11.yaml").read_text("utf-8")
)
TODAY = date(2026, 11, 24)
SEEN: list[HowKnown] = [kind for kind in HowKnown if kind != "declared"]


def seen(
    instrument: Instrument, values: dict[str, AnswerValue], pieces: list[Evidence], on: date = TODAY
) -> Scorecard:
    return score(instrument, answered(instrument, values), evidence=pieces, on=on, lives=LIVES)


@st.composite
def pieces_about(draw: st.DrawFn, instrument: Instrument) -> list[Evidence]:
    counted = [one.item for one in key_of(instrument).items]
    chosen = draw(st.lists(st.sampled_from(counted), max_size=6))
    return [
        Evidence(
            item=item.id, kind=draw(st.sampled_from(SEEN)), value=draw(values_of(instrument, item)),
            known_on=TODAY - timedelta(days=draw(st.integers(0, 900))),
        )
        for item in chosen
    ]  # fmt: skip


@given(credits=st.lists(st.integers(0, 100), min_size=2, max_size=12))
def test_equal_weights_give_the_variance_of_a_mean(credits: list[int]) -> None:
    """Brennan's absolute error variance for one person is the sample variance over the number of answers."""
    exact = Fraction(variance(map(Fraction, credits))) * 10_000 / len(credits)
    found = scatter([(1, credit) for credit in credits], otherwise=0, least=0)
    assert exact - 2 < found <= exact


@given(
    answers=st.lists(st.tuples(st.integers(1, 20), st.integers(0, 100)), min_size=1, max_size=12),
    times=st.integers(2, 5),
)
def test_only_the_proportion_of_weights_matters(answers: list[tuple[int, int]], times: int) -> None:
    heavier = [(times * weight, credit) for weight, credit in answers]
    assert scatter(heavier, otherwise=9, least=5) == scatter(answers, otherwise=9, least=5)


@untimed
@given(data=st.data(), instrument=instruments)
def test_an_error_goes_with_every_score_and_is_never_nothing(
    data: st.DataObject, instrument: Instrument
) -> None:
    card = score(instrument, answered(instrument, data.draw(answer_sets(instrument))))
    shown: list[Scorecard | ScaleScore] = [card, *card.scales]
    for one in shown:
        if one.score_hundredths is None:
            assert (one.standard_error_hundredths, one.low_hundredths, one.high_hundredths) == (None,) * 3
            continue
        assert one.standard_error_hundredths is not None
        assert instrument.error.floor_hundredths <= one.standard_error_hundredths <= 10_000
        assert one.low_hundredths is not None
        assert one.high_hundredths is not None
        assert 0 <= one.low_hundredths <= one.score_hundredths <= one.high_hundredths <= WHOLE


def test_a_straight_line_of_answers_is_not_an_exact_measure() -> None:
    same: dict[str, AnswerValue] = {item.id: 3 for item in WORK.items if item.kind == "likert"}
    straight = score(WORK, answered(WORK, same))
    assert straight.standard_error_hundredths is not None
    assert straight.standard_error_hundredths >= WORK.error.floor_hundredths
    scale = key_of(WORK).scales[0]
    assert scale.least_spread > 0
    assert (straight.scales[0].standard_error_hundredths or 0) >= root_up(
        scale.least_spread // len(scale.places)
    )


def test_answers_that_scatter_widen_the_interval() -> None:
    likert = [item for item in WORK.items if item.kind == "likert"]
    steady: dict[str, AnswerValue] = {item.id: 3 for item in likert}
    restless: dict[str, AnswerValue] = {item.id: 1 + 4 * (at % 2) for at, item in enumerate(likert)}
    errors = [score(WORK, answered(WORK, one)).standard_error_hundredths or 0 for one in (steady, restless)]
    assert errors[0] < errors[1]


@untimed
@given(data=st.data(), instrument=made_up.instruments())
def test_what_is_not_known_never_narrows_an_interval_of_facts(
    data: st.DataObject, instrument: Instrument
) -> None:
    """Leaving out an item cannot make the rest of the facts surer when nothing is doubted more than it."""
    assume(instrument.error.kind is ErrorKind.FACTS)
    key = key_of(instrument)
    everything = extreme(instrument, best=True)
    left_out = data.draw(st.sampled_from(key.items))
    assume(len(key.items) > 1)
    less = {name: value for name, value in everything.items() if name != left_out.item.id}
    doubtless = instrument.model_copy(update={"error": instrument.error.model_copy(update={
        "doubt_percent": instrument.error.doubt_percent.model_copy(
            update={"declared": 0, "measured": 0, "attested": 0, "verified": 0}
        ),
    })})  # fmt: skip
    whole, part = (
        score(doubtless, answered(doubtless, one)).standard_error_hundredths for one in (everything, less)
    )
    assert whole == instrument.error.floor_hundredths
    assert part is not None
    assert part >= whole


def test_a_measured_error_of_an_edition_is_shown_when_it_is_the_larger() -> None:
    values = extreme(WORK, best=True)
    own = score(WORK, answered(WORK, values)).standard_error_hundredths or 0
    for stated, shown in ((own - 1, own), (own + 1, own + 1)):
        measured = WORK.model_copy(
            update={"error": WORK.error.model_copy(update={"measured_sem_hundredths": stated})}
        )
        assert score(measured, answered(measured, values)).standard_error_hundredths == shown


def test_nothing_at_all_has_no_error() -> None:
    assert standard_errors(key_of(HOME), [None] * len(key_of(HOME).items), [])[0] is None


def test_an_interval_is_rounded_outwards_and_stays_within_the_scale() -> None:
    assert interval(5000, 1).model_dump() == {"low_hundredths": 4998, "high_hundredths": 5002}
    assert interval(100, 400).low_hundredths == 0
    assert interval(WHOLE, 400).high_hundredths == WHOLE
    assert UNKNOWN == (WHOLE // 2) ** 2


@untimed
@given(data=st.data(), instrument=instruments)
def test_what_was_shown_never_touches_the_declared_score(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    alone = score(instrument, answered(instrument, values))
    card = seen(instrument, values, data.draw(pieces_about(instrument)))
    assert card.contributions == alone.contributions
    assert (card.score_hundredths, card.band, card.gaps) == (alone.score_hundredths, alone.band, alone.gaps)
    if card.score_hundredths is not None:
        assert (card.standard_error_hundredths or 0) <= (alone.standard_error_hundredths or 0)


@untimed
@given(data=st.data(), instrument=instruments)
def test_better_evidence_never_lowers_a_confidence_or_widens_an_interval(
    data: st.DataObject, instrument: Instrument
) -> None:
    values = data.draw(answer_sets(instrument))
    pieces = data.draw(pieces_about(instrument))
    assume(pieces)
    again = data.draw(st.sampled_from(pieces))
    stronger = SEEN[data.draw(st.integers(SEEN.index(again.kind), len(SEEN) - 1))]
    newer = again.known_on + timedelta(days=data.draw(st.integers(0, 900)))
    better = again.model_copy(update={"kind": stronger, "known_on": min(newer, TODAY)})
    before = seen(instrument, values, pieces)
    after = seen(instrument, values, [*pieces, better])
    assert (after.standard_error_hundredths or 0) <= (before.standard_error_hundredths or 0)
    if before.demonstrated is None or after.demonstrated is None:
        assert before.demonstrated is None or after.demonstrated is not None
        return
    assert after.demonstrated.confidence_percent >= before.demonstrated.confidence_percent
    assert after.demonstrated.known_percent >= before.demonstrated.known_percent
    one_value = {piece.item: piece.value for piece in pieces}
    if all(piece.value == one_value[piece.item] for piece in pieces):
        assert after.demonstrated.standard_error_hundredths <= before.demonstrated.standard_error_hundredths


@untimed
@given(data=st.data(), instrument=instruments, days=st.integers(1, 2000))
def test_age_takes_from_the_confidence_and_from_nothing_else(
    data: st.DataObject, instrument: Instrument, days: int
) -> None:
    values = data.draw(answer_sets(instrument))
    kept = data.draw(pieces_about(instrument))[:1]
    now, later = (seen(instrument, values, kept, on=TODAY + timedelta(days=one)) for one in (0, days))
    assert later.standard_error_hundredths == now.standard_error_hundredths
    if now.demonstrated is not None and later.demonstrated is not None:
        assert later.demonstrated.score_hundredths == now.demonstrated.score_hundredths
        assert later.demonstrated.confidence_percent <= now.demonstrated.confidence_percent


@untimed
@given(data=st.data(), instrument=instruments)
def test_the_order_of_what_was_shown_changes_nothing(data: st.DataObject, instrument: Instrument) -> None:
    values = data.draw(answer_sets(instrument))
    pieces = data.draw(pieces_about(instrument))
    assert seen(instrument, values, pieces) == seen(instrument, values, data.draw(st.permutations(pieces)))


def test_declared_and_demonstrated_stay_two_numbers() -> None:
    values = extreme(HOME, best=True)
    item = key_of(HOME).items[0].item
    weakest = extreme(HOME, best=False)[item.id]
    card = seen(HOME, values, [Evidence(item=item.id, kind="verified", known_on=TODAY, value=weakest)])
    assert card.score_hundredths == WHOLE
    assert card.demonstrated is not None
    assert card.demonstrated.score_hundredths < WHOLE
    assert card.demonstrated.known_percent < 20
    assert [one.agrees for one in card.demonstrated.items] == [False]
    assert card.demonstrated.high_hundredths > card.demonstrated.score_hundredths


def test_a_word_a_file_nobody_read_and_another_editions_value_demonstrate_nothing() -> None:
    values = extreme(HOME, best=True)
    item = key_of(HOME).items[0].item.id
    pieces = [
        Evidence(item=item, kind="declared", known_on=TODAY, value=values[item]),
        Evidence(item=item, kind="attested", known_on=TODAY),
        Evidence(item=item, kind="verified", known_on=TODAY, value="no_such_option"),
        Evidence(item="gone", kind="verified", known_on=TODAY, value=True),
    ]
    card = seen(HOME, values, pieces)
    assert (card.demonstrated, card.evidence) == (None, ())


def test_evidence_is_weighed_on_a_day() -> None:
    values = extreme(HOME, best=True)
    item = key_of(HOME).items[0].item.id
    piece = Evidence(item=item, kind="verified", known_on=TODAY, value=values[item])
    with pytest.raises(ValueError, match="weighed on a day"):
        score(HOME, answered(HOME, values), evidence=[piece])
    card = seen(HOME, values, [piece])
    assert card.evidence == (piece,)
    assert type(card).model_validate_json(card.model_dump_json()) == card
