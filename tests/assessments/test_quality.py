"""Signals of the way of answering: said in words, for a person, and never part of a score."""

from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import LikertItem
from assessments.questionnaires.quality import Signal, SignalKind, read_words, signals
from assessments.questionnaires.scoring import score
from tests.assessments.answer_sets import answer_sets, answered, extreme
from tests.assessments.made_up import HOME, WORK, shipped_ones

TEXT = files("assessments").joinpath("data/policies/answer-quality/2026-11.yaml").read_text("utf-8")
WORDS = read_words(TEXT)
LIKERT = [item.id for item in WORK.items if isinstance(item, LikertItem)]
LONGEST = WORK.quality.straight_line_items or 0


def seen(instrument: Instrument, values: dict[str, AnswerValue], **timings: int) -> tuple[Signal, ...]:
    return signals(instrument, answered(instrument, values), timings=timings, words=WORDS)


def lines(values: dict[str, AnswerValue]) -> list[tuple[str, ...]]:
    return [one.items for one in seen(WORK, values) if one.kind is SignalKind.STRAIGHT_LINE]


def test_a_page_read_faster_than_anybody_reads_is_pointed_out_with_what_was_seen() -> None:
    page = HOME.pages[0]
    values = {
        name: value for name, value in extreme(HOME, best=True).items() if HOME.item(name) in page.items
    }
    limit = HOME.quality.fastest_seconds_per_item * len(values)
    assert seen(HOME, values, **{page.id: limit}) == ()
    (found,) = seen(HOME, values, **{page.id: limit - 1})
    assert (found.kind, found.page, found.items) == (SignalKind.TOO_FAST, page.id, tuple(values))
    assert f"{limit - 1} secondes" in found.text.fr
    assert page.title.en in found.text.en


def test_a_page_without_a_time_or_without_an_answer_raises_no_signal() -> None:
    assert seen(HOME, extreme(HOME, best=True)) == ()
    assert seen(HOME, {}, **{page.id: 0 for page in HOME.pages}) == ()


def test_the_same_answer_in_a_row_is_pointed_out_from_the_limit_on() -> None:
    straight: dict[str, AnswerValue] = dict.fromkeys(LIKERT[: LONGEST - 1], 4)
    assert lines(straight) == []
    straight[LIKERT[LONGEST - 1]] = 4
    assert lines(straight) == [tuple(LIKERT[:LONGEST])]
    assert lines(straight | {LIKERT[2]: 5}) == []
    assert lines({name: value for name, value in straight.items() if name != LIKERT[2]}) == []
    every: dict[str, AnswerValue] = dict.fromkeys(LIKERT, 2)
    assert lines(every) == [tuple(LIKERT)]
    assert lines(every | {LIKERT[LONGEST]: 3}) == [
        one for one in (tuple(LIKERT[:LONGEST]), tuple(LIKERT[LONGEST + 1 :])) if len(one) >= LONGEST
    ]


def test_pairs_that_contradict_each_other_are_pointed_out_with_both_sentences() -> None:
    assert WORK.quality.contradictions
    pair = WORK.quality.contradictions[0]
    first, second = (WORK.item(name) for name in pair.items)
    assert isinstance(first, LikertItem)
    assert isinstance(second, LikertItem)
    points = len(WORK.agreement)
    agree: dict[str, AnswerValue] = {
        first.id: 1 if first.reverse else points,
        second.id: 1 if second.reverse else points,
    }
    assert seen(WORK, agree) == ()
    apart = agree | {second.id: points if second.reverse else 1}
    (found,) = seen(WORK, apart)
    assert (found.kind, found.items) == (SignalKind.CONTRADICTION, pair.items)
    assert first.prompt.fr in found.text.fr
    assert second.prompt.en in found.text.en


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), instrument=shipped_ones)
def test_no_signal_enters_a_score(data: st.DataObject, instrument: Instrument) -> None:
    """Whatever was signalled about these answers, a questionnaire that signals nothing gives the same card."""
    values = data.draw(answer_sets(instrument))
    limits = instrument.quality.model_copy(
        update={"fastest_seconds_per_item": 1, "straight_line_items": None, "contradictions": ()}
    )
    silent = instrument.model_copy(update={"quality": limits})
    assert score(silent, answered(silent, values)) == score(instrument, answered(instrument, values))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), instrument=shipped_ones)
def test_signals_never_fail_and_say_the_same_in_both_languages(
    data: st.DataObject, instrument: Instrument
) -> None:
    values = data.draw(answer_sets(instrument))
    timings = {page.id: data.draw(st.integers(0, 60)) for page in instrument.pages}
    for one in seen(instrument, values, **timings):
        assert set(one.items) <= set(values)
        assert "{" not in one.text.fr + one.text.en


def test_words_that_ask_for_what_is_not_seen_are_refused() -> None:
    with pytest.raises(EditionError, match="too_fast"):
        read_words(TEXT.replace("{seconds}", "{minutes}"))


def test_no_word_blames_anybody() -> None:
    for text in (WORDS.words.too_fast, WORDS.words.straight_line, WORDS.words.contradiction):
        assert not {"menti", "triche", "échec", "mauvais"} & set(text.fr.lower().split())
        assert "!" not in text.fr + text.en
