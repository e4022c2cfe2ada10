from pathlib import Path

import pytest

from assessments.matching.readings import read_policy
from assessments.profiles import CandidateProfile
from assessments.skills.languages import level_in, levels_of

WORDS = read_policy(
    (Path(__file__).parents[2] / "assessments" / "data" / "readings" / "2026-11.yaml").read_text("utf-8")
).languages


def person(*languages, headline="", skills=(), locale="fr"):
    return CandidateProfile.model_validate(
        {
            "id": "x",
            "locale": locale,
            "headline": headline,
            "skills": list(skills),
            "languages": list(languages),
            "availability": [],
        }
    )


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("bilingue", "C2"),
        ("langue maternelle", "C2"),
        ("anglais courant", "C1"),
        ("Fluent English", "C1"),
        ("opérationnel", "B2"),
        ("lu, écrit, parlé", "B2"),
        ("TOEIC 820", "B2"),
        ("TOEIC: 960", "C1"),
        ("TOEIC 600", "B1"),
        ("intermédiaire", "B1"),
        ("anglais scolaire", "A2"),
        ("quelques notions", "A1"),
        ("anglais b2", "B2"),
        ("oui", None),
    ],
)
def test_words_scores_and_codes_give_a_level(text, level):
    assert level_in(text.replace(",", ""), WORDS) == level


def test_a_stated_level_is_not_raised_by_words():
    levels = levels_of(person({"code": "en", "cefr": "B1"}, headline="anglais courant"), WORDS)

    assert levels["en"] == "B1"


def test_a_word_without_a_language_counts_for_the_one_that_the_headline_names():
    assert levels_of(person({"text": "courant"}, headline="Guide en espagnol"), WORDS)["es"] == "C1"


def test_skill_lines_may_name_several_languages_each_with_its_level():
    levels = levels_of(person(skills=["English C1, italiano B2"]), WORDS)

    assert levels == {"en": "C1", "it": "B2"}


def test_nothing_said_is_nothing_known_whatever_the_name_or_locale():
    assert levels_of(person(locale="en"), WORDS) == {}
