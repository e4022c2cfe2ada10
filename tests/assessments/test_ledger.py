"""One ledger of skills: what adds, what bounds, what fades, and what matching then reads."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.matching import ledger_policy
from assessments.matching.ledger import Entry, Part, hold, next_change, overlay
from assessments.matching.ledger_policy import HowShown
from assessments.matching.readings import PersonReading, Reader
from assessments.profiles import CandidateProfile
from service.runtime.editions import load_editions

TEXT = files("assessments").joinpath("data/policies/ledger/2026-11.yaml").read_text("utf-8")
POLICY = ledger_policy.read(TEXT)
TODAY = date(2026, 11, 24)
PERSON = CandidateProfile.model_validate(
    {
        "id": "1", "headline": "Conseillère", "skills": ["appels entrants"], "languages": [], "availability": [],
        "experience": [
            {"title": "Conseillère clientèle", "employer_kind": "centre de contact", "months": 30,
             "description": "Appels entrants, gestion des réclamations."},
        ],
    }
)  # fmt: skip


def entry(level: int, evidence: HowShown, *, days_ago: int = 0, name: str = "1", skill: str = "complaints",
          contested: bool = False) -> Entry:  # fmt: skip
    return Entry(id=name, skill=skill, level=level, evidence=evidence, known_on=TODAY - timedelta(days=days_ago),
                 words="Vu.", is_contested=contested)  # fmt: skip


entries = st.lists(
    st.builds(
        entry, st.integers(0, 5), st.sampled_from(list(HowShown)), days_ago=st.integers(-30, 2000),
        name=st.uuids().map(str), contested=st.booleans(),
    ),
    max_size=6,
)  # fmt: skip


def level(declared: int, *pieces: Entry, on: date = TODAY) -> int:
    return hold("complaints", declared, pieces, on=on, policy=POLICY).level


def reader() -> Reader:
    return load_editions().matcher.reader


def test_a_training_or_an_interview_adds_and_never_takes_away() -> None:
    assert level(1, entry(3, HowShown.TRAINED)) == 3
    assert level(4, entry(2, HowShown.TRAINED), entry(1, HowShown.TESTED)) == 4


def test_what_a_supervisor_saw_bounds_the_persons_words_for_a_year_and_then_no_more() -> None:
    held = hold("complaints", 4, [entry(2, HowShown.OBSERVED)], on=TODAY, policy=POLICY)
    assert (held.level, held.most, held.lines[0].part) == (2, 2, Part.BOUNDS)
    assert level(4, entry(2, HowShown.OBSERVED, days_ago=365)) == 2
    assert level(4, entry(2, HowShown.OBSERVED, days_ago=366)) == 4


def test_what_was_learnt_after_the_observation_is_free_of_it() -> None:
    seen = entry(2, HowShown.OBSERVED, days_ago=30)
    assert level(4, seen, entry(3, HowShown.TRAINED, days_ago=60, name="2")) == 2
    assert level(4, seen, entry(3, HowShown.TRAINED, days_ago=10, name="2")) == 3


def test_a_contested_observation_takes_nothing_until_it_is_answered() -> None:
    assert level(4, entry(2, HowShown.OBSERVED, contested=True)) == 4


def test_what_is_not_used_fades_step_by_step_and_never_to_nothing() -> None:
    levels = [level(0, entry(2, HowShown.TRAINED, days_ago=days)) for days in (0, 359, 360, 5000)]
    assert levels == [2, 2, 1, 1]


@given(st.integers(0, 5), entries, st.integers(0, 5), st.sampled_from([HowShown.TRAINED, HowShown.TESTED]))
def test_one_more_training_or_interview_never_lowers_a_level(
    declared: int, pieces: list[Entry], more: int, evidence: HowShown
) -> None:
    assert level(declared, *pieces, entry(more, evidence, name="more")) >= level(declared, *pieces)


@given(st.integers(0, 5), entries)
def test_a_level_stays_in_bounds_whatever_the_order_and_changes_only_on_the_days_foretold(
    declared: int, pieces: list[Entry]
) -> None:
    now = level(declared, *pieces)
    assert 0 <= now <= 5
    assert level(declared, *reversed(pieces)) == now
    until = next_change(pieces, on=TODAY, policy=POLICY)
    last = until - timedelta(days=1) if until else TODAY + timedelta(days=4000)
    assert level(declared, *pieces, on=last) == now


def test_without_entries_the_reading_is_the_same_object() -> None:
    reading = reader().read(PERSON)
    assert overlay(reader(), reading, (), on=TODAY, policy=POLICY) is reading


def test_a_raised_skill_lends_to_its_neighbours_and_a_bounded_one_keeps_its_bound() -> None:
    reading = reader().read(PERSON)
    assert (reading.level("complaints"), reading.level("chat")) == (4, 0)
    raised = overlay(reader(), reading, [entry(4, HowShown.OBSERVED, skill="chat")], on=TODAY, policy=POLICY)
    assert raised.level("chat") == 4
    assert all(raised.level(skill) >= reading.level(skill) for skill in reading.skills)
    bounded = overlay(reader(), reading, [entry(2, HowShown.OBSERVED)], on=TODAY, policy=POLICY)
    assert (bounded.level("complaints"), bounded.skills["complaints"].source) == (2, "observed")
    assert isinstance(bounded, PersonReading)


def test_a_faulty_edition_says_all_that_is_wrong() -> None:
    twice = TEXT.replace("module: upset-customer", "module: opening-listening")
    with pytest.raises(EditionError, match="a module comes once"):
        ledger_policy.read(twice.replace("levels: [0, 1, 2, 3, 4]", "levels: [1, 0, 2, 3, 4]"))


def test_every_module_and_question_and_skill_that_the_policy_names_exists() -> None:
    editions = load_editions()
    modules = {(path.slug, module.slug) for path in editions.paths.values() for module in path.modules}
    questions = {one.id for policy in editions.interview_policies for one in policy.questions}
    assert {(one.path, one.module) for one in POLICY.trained} <= modules
    assert {one.question for one in POLICY.interview.questions} <= questions
    named = {skill for one in POLICY.trained for skill in one.skills}
    named |= {skill for one in POLICY.interview.questions for skill in one.skills}
    assert named <= set(editions.resolver.skills)
