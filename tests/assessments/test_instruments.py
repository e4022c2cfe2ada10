"""Questionnaires are read whole: the shipped ones are sound, and a broken one says everything that is wrong."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from assessments.instruments import BandKey, Dimension, InstrumentError, read
from assessments.values import Text

SLUGS = ("work-organisation", "home-workplace", "equipment-connection")


def text_of(slug: str) -> str:
    return files("assessments").joinpath(f"data/instruments/{slug}/2026-11.yaml").read_text("utf-8")


def content_of(slug: str) -> dict[str, Any]:
    # The base loader keeps every scalar a word, so that `no` and dates come back as they were written.
    content = yaml.load(text_of(slug), Loader=yaml.BaseLoader)
    assert isinstance(content, dict)
    return content


def faults_of(content: dict[str, Any]) -> dict[str, str]:
    # Written back as JSON-like flow so that numbers stay bare and words stay quoted where they must.
    with pytest.raises(InstrumentError) as caught:
        read(written(content))
    return {fault.path: fault.message for fault in caught.value.faults}


def written(content: object) -> str:
    if isinstance(content, dict):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(written(one) for one in content) + "]"
    word = str(content)
    is_bare = word.isdigit() or word in ("true", "false", "null") or (word[:4].isdigit() and word.count("-") == 2)
    return word if is_bare else yaml.dump(word, default_style='"', allow_unicode=True, width=10_000).strip()


def texts_in(value: object) -> list[Text]:
    if isinstance(value, Text):
        return [value]
    if isinstance(value, tuple):
        return [text for one in value for text in texts_in(one)]
    fields = getattr(type(value), "model_fields", {})
    return [text for name in fields for text in texts_in(getattr(value, name))]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_questionnaire_is_sound_and_survives_being_written_again(slug: str) -> None:
    instrument = read(text_of(slug))
    assert instrument.slug == slug
    assert read(written(content_of(slug))) == instrument


def test_the_three_dimensions_are_each_covered_once() -> None:
    assert {read(text_of(slug)).dimension for slug in SLUGS} == set(Dimension)


@pytest.mark.parametrize("slug", SLUGS)
def test_french_and_english_are_both_there_and_differ(slug: str) -> None:
    texts = texts_in(read(text_of(slug)))
    assert len(texts) > 100
    same = {text.fr for text in texts if text.fr == text.en}
    assert same <= {"cm", "Mbit/s"}


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_shouts_and_nobody_is_judged(slug: str) -> None:
    for text in texts_in(read(text_of(slug))):
        assert "!" not in text.fr + text.en
        assert not {"échec", "inapte", "refusé", "failure", "unfit"} & set(
            f"{text.fr} {text.en}".lower().split()
        )


@pytest.mark.parametrize("slug", SLUGS)
def test_french_marks_are_set_with_spaces_that_do_not_break(slug: str) -> None:
    for text in texts_in(read(text_of(slug))):
        assert not any(pair in text.fr for pair in (" ?", " :", " ;", "« ", " »", "'"))


def test_work_organisation_has_seven_scales_reversed_items_and_situations_that_say_why() -> None:
    instrument = read(text_of("work-organisation"))
    likert = [item for item in instrument.items if item.kind == "likert"]
    situations = [item for item in instrument.items if item.kind == "single" and item.situation]
    assert len(instrument.scales) == 7
    assert 20 <= len(likert) <= 24
    assert {item.scale for item in likert if item.kind == "likert" and item.reverse} == {
        scale.id for scale in instrument.scales
    }
    assert len(situations) == 4
    for item in situations:
        assert item.kind == "single"
        assert all(option.why for option in item.options)
        assert len({option.credit for option in item.options}) == len(item.options)


def test_weights_give_each_scale_its_stated_share() -> None:
    for slug in SLUGS:
        instrument = read(text_of(slug))
        weights = instrument.item_weights()
        for scale in instrument.scales:
            own = sum(weights[item.id] for item in instrument.items_of(scale.id))
            assert own * 100 == scale.weight * sum(weights.values())


def test_every_scored_item_of_the_place_and_of_the_equipment_has_a_remedy() -> None:
    for slug in ("home-workplace", "equipment-connection"):
        instrument = read(text_of(slug))
        assert all(item.gap and item.remedies for item in instrument.items if item.is_scored)


def test_bands_are_words_for_what_there_is_to_arrange() -> None:
    for slug in SLUGS:
        assert {band.key for band in read(text_of(slug)).bands} == set(BandKey)


def test_all_faults_of_shape_are_said_at_once_with_their_path() -> None:
    content = content_of("work-organisation")
    del content["title"]["en"]
    content["minutes"] = "soon"
    content["pages"][0]["items"][0]["colour"] = "blue"
    faults = faults_of(content)
    assert set(faults) == {"title.en", "minutes", "pages[0].items[0].likert.colour"}


def test_all_faults_of_sense_are_said_at_once() -> None:
    content = content_of("work-organisation")
    content["scales"][0]["weight"] = "30"
    content["scales"][0]["remedies"] = ["magic"]
    content["bands"][-1]["from_hundredths"] = "100"
    items = content["pages"][0]["items"]
    items[1]["id"] = items[0]["id"]
    items[2]["scale"] = "luck"
    items[3]["only_if"] = {"item": "nowhere", "is_any_of": ["yes"]}
    messages = " / ".join(faults_of(content).values())
    for said in ("add up to 110", "'magic'", "begin at 0", "comes 2 times", "'luck'", "cannot count"):
        assert said in messages


def test_a_sentence_that_asks_for_an_unknown_fact_is_refused_at_load() -> None:
    content = content_of("work-organisation")
    content["phrases"]["problems"]["too_long"]["fr"] = "Au plus {minimum} caractères."
    content["phrases"]["reasons"]["overall"]["en"] = "{label}: {points"
    assert set(faults_of(content)) == {"phrases.problems.too_long.fr", "phrases.reasons.overall.en"}


def test_a_condition_looks_back_and_names_a_possible_answer() -> None:
    content = content_of("home-workplace")
    content["pages"][0]["items"][1]["only_if"]["is_any_of"] = ["palace"]
    assert "'palace'" in " ".join(faults_of(content).values())
    content["pages"][0]["items"][1]["only_if"]["item"] = "seat"
    assert "no earlier item" in " ".join(faults_of(content).values())


def test_an_item_that_nobody_can_answer_fully_is_refused() -> None:
    content = content_of("equipment-connection")
    content["pages"][0]["items"][0]["options"][0]["credit"] = "90"
    content["pages"][0]["items"][0]["options"][1]["credit"] = "90"
    content["pages"][0]["items"][3]["steps"] = [{"at_least": "5", "credit": "100"}]
    messages = " / ".join(faults_of(content).values())
    assert "full credit" in messages
    assert "begin at the minimum" in messages


@pytest.mark.parametrize("text", ["", "- a list", "slug: [", "slug: a\nslug: b", "minutes: 3"])
def test_what_is_no_questionnaire_is_refused_in_words(text: str) -> None:
    with pytest.raises(InstrumentError) as caught:
        read(text)
    assert caught.value.faults


def test_a_checked_questionnaire_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(read(text_of("home-workplace")), "minutes", 3)  # noqa: B010 (a type checker would stop it)
