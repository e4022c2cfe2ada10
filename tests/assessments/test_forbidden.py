"""The lint: each bad question is flagged with its ground, near misses and our own questionnaires stay silent."""

from importlib.resources import files

import pytest

from assessments.editions import EditionError
from assessments.questionnaires.forbidden import (
    Finding,
    Ground,
    compiled,
    faults_of,
    lint,
    questions_of,
    read,
    read_questions,
)
from assessments.questionnaires.instruments import Instrument, Override
from assessments.questionnaires.instruments import read as read_instrument
from assessments.values import Locale, Text
from tests.assessments.questions import ENGLISH_BAD, ENGLISH_HARMLESS, FRENCH_BAD, FRENCH_HARMLESS

DATA = files("assessments") / "data"
CRITERIA_TEXT = (DATA / "policies/forbidden-criteria/2026-11.yaml").read_text("utf-8")
CRITERIA = read(CRITERIA_TEXT)
SLUGS = ("work-organisation", "home-workplace", "equipment-connection")
BECAUSE = "The client’s contract needs the answer, and the works doctor reads it alone."

BAD: list[tuple[Locale, str, str]] = [
    *(("fr", *pair) for pair in FRENCH_BAD.items()),
    *(("en", *pair) for pair in ENGLISH_BAD.items()),
]
HARMLESS: list[tuple[Locale, str]] = [
    *(("fr", text) for text in FRENCH_HARMLESS),
    *(("en", text) for text in ENGLISH_HARMLESS),
]


def shipped(slug: str) -> Instrument:
    return read_instrument((DATA / f"instruments/{slug}/2026-11.yaml").read_text("utf-8"))


def asking(instrument: Instrument, prompt: Text, *overrides: Override) -> Instrument:
    """The same questionnaire with its first question asked otherwise."""
    page, *others = instrument.pages
    item = page.items[0].model_copy(update={"prompt": prompt})
    changed = page.model_copy(update={"items": (item, *page.items[1:])})
    return instrument.model_copy(update={"pages": (changed, *others), "overrides": overrides})


def test_forty_questions_are_bad_and_forty_are_harmless_half_in_each_language() -> None:
    assert (len(FRENCH_BAD), len(ENGLISH_BAD)) == (20, 20)
    assert (len(FRENCH_HARMLESS), len(ENGLISH_HARMLESS)) == (20, 20)
    assert set(FRENCH_BAD.values()) | set(ENGLISH_BAD.values()) >= {
        "age", "family_situation", "pregnancy", "origin", "health", "religion", "residence", "surname",
    }  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "ground"), BAD)
def test_a_bad_question_is_flagged_with_its_ground(locale: Locale, text: str, ground: str) -> None:
    assert Ground(ground) in CRITERIA.grounds_in(text, locale)


@pytest.mark.parametrize(("locale", "text"), HARMLESS)
def test_a_near_miss_stays_silent(locale: Locale, text: str) -> None:
    assert CRITERIA.grounds_in(text, locale) == {}


@pytest.mark.parametrize("slug", SLUGS)
def test_no_shipped_questionnaire_touches_a_ground(slug: str) -> None:
    instrument = shipped(slug)
    assert len(questions_of(instrument)) > 50
    assert faults_of(instrument, CRITERIA) == ()


def test_the_shipped_interview_guide_asks_nothing_that_touches_a_ground() -> None:
    guide = read_questions((DATA / "policies/interviews/2026-11.yaml").read_text("utf-8"))
    assert len(guide.questions) > 20
    assert lint(guide.questions, CRITERIA) == ()


@pytest.mark.parametrize("ground", list(Ground))
def test_each_ground_says_why_and_what_to_ask_instead_in_both_languages(ground: Ground) -> None:
    criterion = CRITERIA.of(ground)
    for text in (criterion.label, criterion.reason, criterion.ask_instead):
        assert text.fr != text.en or text is criterion.label
    assert all(compiled(pattern) for pattern in (*criterion.fr, *criterion.en))


def test_a_questionnaire_with_a_bad_question_is_refused_with_the_way_to_it_and_a_better_one() -> None:
    prompt = Text(fr="Quel âge avez-vous ?", en="How old are you?")
    faults = faults_of(asking(shipped("work-organisation"), prompt), CRITERIA)
    assert [fault.path for fault in faults] == ["pages[0].items[0].prompt.fr", "pages[0].items[0].prompt.en"]
    assert "L1132-1" in faults[0].message
    assert "“âge”" in faults[0].message
    assert "Ask what the person can do" in faults[0].message


@pytest.mark.parametrize("place", ["help", "situation"])
def test_what_stands_beside_a_question_is_read_too(place: str) -> None:
    instrument = shipped("work-organisation")
    page, *others = instrument.pages
    item = page.items[0].model_copy(update={place: Text(fr="Dites votre religion.", en="Say your religion.")})
    changed = page.model_copy(update={"items": (item, *page.items[1:])})
    faults = faults_of(instrument.model_copy(update={"pages": (changed, *others)}), CRITERIA)
    assert {fault.path for fault in faults} == {
        f"pages[0].items[0].{place}.fr",
        f"pages[0].items[0].{place}.en",
    }


def override(item: str, ground: str = "age", because: str = BECAUSE) -> Override:
    return Override.model_validate(
        {"item": item, "ground": ground, "because": because, "approved_by": "A. Roy", "on": "2026-11-02"}
    )


def test_an_argued_override_lets_one_question_touch_one_ground() -> None:
    instrument = shipped("work-organisation")
    first = instrument.items[0].id
    prompt = Text(fr="Quel âge avez-vous ?", en="How old are you?")
    changed = asking(instrument, prompt, override(first))
    assert faults_of(changed, CRITERIA) == ()
    findings = lint(questions_of(changed), CRITERIA, changed.overrides)
    assert [finding.override is not None for finding in findings] == [True, True]
    assert len(faults_of(asking(instrument, prompt, override(first, "health")), CRITERIA)) == 3


def test_an_override_must_be_argued_in_forty_characters() -> None:
    with pytest.raises(ValueError, match="40"):
        override("first", because="The client wants it.")


def test_an_override_of_nothing_is_a_fault() -> None:
    instrument = shipped("work-organisation")
    changed = instrument.model_copy(update={"overrides": (override(instrument.items[0].id),)})
    assert [fault.path for fault in faults_of(changed, CRITERIA)] == ["overrides[0]"]


def findings_of(text: str) -> list[Finding]:
    found = read_questions(text)
    return list(lint(found.questions, CRITERIA, found.overrides))


def test_any_list_of_texts_may_be_read_and_both_languages_are_tried() -> None:
    found = findings_of("- Quel âge avez-vous ?\n- Are you married?\n- Do these hours suit you?\n")
    assert [(one.path, one.ground, one.locale) for one in found] == [
        ("[0]", Ground.AGE, "fr"),
        ("[1]", Ground.FAMILY_SITUATION, "en"),
    ]


def test_a_guide_is_read_by_language_and_its_reasons_are_not_questions() -> None:
    text = """
    source: after a guide on age and family
    questions:
      - id: hours
        ask: {fr: "Avez-vous des enfants ?", en: "Do these hours suit you?"}
        why: {fr: "Ne parlez jamais des enfants.", en: "Never speak of children."}
    """
    assert [(one.item, one.path) for one in findings_of(text)] == [("hours", "questions[0].ask.fr")]


def test_an_unsound_questionnaire_is_still_read() -> None:
    text = "pages:\n- id: p\n  items:\n  - {id: q, prompt: {fr: 'Votre religion ?', en: 'Your faith?'}}\n"
    assert {one.ground for one in findings_of(text)} == {Ground.RELIGION}
    assert findings_of("") == findings_of("pages: []") == []


@pytest.mark.parametrize("text", ["a: [", "overrides: [{item: q}]\nquestions: []", "overrides: 3"])
def test_what_is_no_yaml_or_no_override_is_said(text: str) -> None:
    with pytest.raises(EditionError):
        read_questions(text)


@pytest.mark.parametrize(
    "text",
    [
        "ETES-VOUS MARIE ?",
        "Etes vous marie",
        "Êtes-vous marié·e ?",
        "Êtes-vous marié(e) ?",
        "Êtes-vous mariée ?",
    ],
)
def test_accents_case_and_inclusive_endings_hide_nothing(text: str) -> None:
    assert Ground.FAMILY_SITUATION in CRITERIA.grounds_in(text, "fr")


def test_a_word_that_needs_its_accent_is_not_its_twin() -> None:
    assert CRITERIA.grounds_in("Quand la box ne répond plus, que faites-vous ?", "fr") == {}
    assert Ground.AGE in CRITERIA.grounds_in("Quand êtes-vous né ?", "fr")
    assert Ground.AGE in CRITERIA.grounds_in("Quand etes-vous ne ?", "fr")


def test_the_words_found_are_those_that_were_written() -> None:
    found = CRITERIA.grounds_in("Dites-nous : quel ÂGE avez-vous ?", "fr")
    assert found == {Ground.AGE: "ÂGE"}


def test_a_gap_does_not_reach_into_the_next_sentence() -> None:
    assert CRITERIA.grounds_in("Comment organisez-vous vos appels ? Le mercredi est calme.", "fr") == {}


@pytest.mark.parametrize("pattern", ["", "...", "mot?", "deux-mots", "a||b", "(x)", "*"])
def test_a_pattern_that_finds_nothing_or_everything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="word"):
        compiled(pattern)


def test_an_edition_names_every_ground_once_and_only_readable_patterns() -> None:
    text = CRITERIA_TEXT.replace("ground: whistleblower", "ground: age").replace(
        "- anniversaire\n", "- (anniversaire)\n"
    )
    with pytest.raises(EditionError) as caught:
        read(text)
    assert {fault.path for fault in caught.value.faults} >= {"grounds"}
    assert any(fault.path.startswith("age.fr[") for fault in caught.value.faults)
