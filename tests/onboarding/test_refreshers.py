"""Refreshers: FSRS as published, no answer lost or counted twice, five minutes a day and no more."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import sentences
from onboarding.continuous import refreshers
from onboarding.continuous.refreshers import Card, Origin, Phase, Recall, RefresherPolicy
from onboarding.faults import FaultyFileError

DATA = files("onboarding") / "data"
SHIPPED = refreshers.read_policy((DATA / "refreshers/2026-11.yaml").read_text("utf-8"))
SENTENCES = sentences.read((DATA / "sentences/2026-11.yaml").read_text("utf-8"))
PUBLISHED = RefresherPolicy(
    edition="test", valid_from=date(2022, 1, 1), source="the library's own test", confidence="V",
    retention=0.9, learning_minutes=(1, 10), relearning_minutes=(10,), longest_days=3650,
    minutes_a_day=5, seconds_a_card=30, words_a_minute=180, figures_days=30, days_ahead=14, least_people=5,
)  # fmt: skip
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def card(about: str = "first-calls/hold/limit", *, due: datetime = NOW) -> Card:
    return Card(about=about, origin=Origin.QUIZ, due=due)


def answered(one: Card, *answers: Recall, policy: RefresherPolicy = SHIPPED) -> tuple[Card, list[int]]:
    days = []
    for answer in answers:
        told = refreshers.recall(one, answer, at=one.due, policy=policy, sentences=SENTENCES)
        one = told.card
        days.append(told.days)
    return one, days


def test_the_published_sequence_of_answers_gives_the_published_days():
    """FSRS-6, default parameters: Good x6, Again x2, Good x5."""
    good, again = Recall.WELL, Recall.FORGOTTEN
    _, days = answered(card(), *[good] * 6, again, again, *[good] * 5, policy=PUBLISHED)
    assert days == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_by_the_shipped_policy_no_question_comes_twice_a_day_and_none_later_than_a_year():
    one, days = answered(card(), *[Recall.EASY] * 8)
    assert min(days) >= 1
    assert max(days) == SHIPPED.longest_days
    assert one.phase is Phase.KNOWN
    _, after = answered(one, Recall.FORGOTTEN)
    assert after[0] < 60


@given(st.lists(st.sampled_from(Recall), min_size=1, max_size=12))
def test_the_same_answers_give_the_same_card_and_a_better_answer_never_an_earlier_day(answers):
    one, _ = answered(card(), *answers)
    again, _ = answered(card(), *answers)
    assert one == again
    days = [answered(one, last)[1][0] for last in (Recall.FORGOTTEN, Recall.HARD, Recall.WELL, Recall.EASY)]
    assert days == sorted(days)


@given(st.lists(st.sampled_from(Recall), min_size=1, max_size=6), st.integers(0, 400), st.integers(1, 100))
def test_the_chance_of_remembering_only_falls_while_nobody_asks(answers, first, more):
    one, _ = answered(card(), *answers)
    sooner = refreshers.chance(one, at=one.due + timedelta(days=first), policy=SHIPPED)
    later = refreshers.chance(one, at=one.due + timedelta(days=first + more), policy=SHIPPED)
    assert 0 <= later <= sooner <= 1


def test_an_answer_that_arrives_late_counts_from_the_last_one_and_nothing_runs_backwards():
    one, _ = answered(card(), Recall.WELL)
    late = refreshers.recall(
        one, Recall.WELL, at=NOW - timedelta(days=9), policy=SHIPPED, sentences=SENTENCES
    )
    assert late.card.seen_at == one.seen_at
    assert late.card.due >= one.due


def test_a_sitting_takes_what_is_likeliest_forgotten_and_stops_at_five_minutes():
    old, _ = answered(card("old", due=NOW - timedelta(days=200)), Recall.WELL)
    fresh, _ = answered(card("fresh", due=NOW - timedelta(days=3)), Recall.WELL)
    waiting = [card(f"new-{number}", due=NOW + timedelta(days=1)) for number in range(5)]
    told = refreshers.sitting([fresh, *waiting, old], at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert [one.about for one in told.cards] == ["old", "fresh"]
    assert (told.left, told.minutes) == (0, 1)
    many = [card(f"due-{number:02}", due=NOW - timedelta(days=1)) for number in range(25)]
    told = refreshers.sitting(reversed(many), at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert [one.about for one in told.cards] == [f"due-{number:02}" for number in range(10)]
    assert (told.left, told.minutes) == (15, 5)
    assert told.reasons[0].text.en == "Today’s questions: 10, about 5 min."
    assert "15" in told.reasons[1].text.fr
    spent = SHIPPED.seconds() * 9
    told = refreshers.sitting(many, at=NOW, policy=SHIPPED, sentences=SENTENCES, spent_seconds=spent)
    assert (len(told.cards), told.left, told.minutes) == (1, 24, 1)
    nothing = refreshers.sitting(waiting, at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert [reason.code for reason in nothing.reasons] == ["refresher_none"]


def test_what_is_new_takes_its_time_to_read_and_one_is_always_met():
    new = [card(f"note/{number}").model_copy(update={"words": 90}) for number in range(10)]
    told = refreshers.sitting(new, at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert (len(told.cards), told.left, told.minutes) == (5, 5, 5)
    long = card("note/long").model_copy(update={"words": 2000})
    told = refreshers.sitting([long, *new], at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert [one.about for one in told.cards] == [f"note/{number}" for number in range(5)]
    told = refreshers.sitting([long], at=NOW, policy=SHIPPED, sentences=SENTENCES)
    assert (len(told.cards), told.minutes) == (1, 12)
    told = refreshers.sitting([long], at=NOW, policy=SHIPPED, sentences=SENTENCES, spent_seconds=30)
    assert (told.cards, told.left) == ((), 1)


def test_a_card_goes_through_json_and_goes_on_as_if_it_had_not():
    one, _ = answered(card(), Recall.HARD, Recall.WELL, Recall.FORGOTTEN)
    kept = Card.model_validate_json(one.model_dump_json())
    assert answered(kept, Recall.WELL) == answered(one, Recall.WELL)


def test_a_policy_that_cannot_be_is_refused_with_every_place():
    broken = (DATA / "refreshers/2026-11.yaml").read_text("utf-8").replace("retention: 0.9", "retention: 1.5")
    with pytest.raises(FaultyFileError) as refused:
        refreshers.read_policy(broken.replace("longest_days: 365", "longest_days: never"))
    assert {fault.where for fault in refused.value.faults} == {"retention", "longest_days"}


def test_an_answer_says_tomorrow_or_how_many_days_in_whole_words():
    told = [refreshers.told_of(Recall.WELL, days, sentences=SENTENCES).text for days in (0, 1, 3)]
    assert ["tomorrow" in one.en for one in told] == [True, True, False]
    assert "3 days" in told[2].en
    assert "jours" in told[2].fr
