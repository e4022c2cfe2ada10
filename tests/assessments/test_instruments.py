"""Questionnaires are read whole: the shipped ones are sound, and a broken one says everything that is wrong."""

import re
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import yaml

from assessments.questionnaires.credits import measured_percent
from assessments.questionnaires.evidence import read_shelf_lives
from assessments.questionnaires.instruments import BandKey, Dimension, InstrumentError, read
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
    is_bare = (
        word.isdigit() or word in ("true", "false", "null") or (word[:4].isdigit() and word.count("-") == 2)
    )
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
    assert same <= {"cm", "Mbit/s", "ms", "dB", "%"}


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


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_sentences_are_short(slug: str, locale: str) -> None:
    for text in texts_in(read(text_of(slug))):
        for sentence in re.split(r"(?<=[.?»”:])\s+", text.in_(locale)):
            assert len(re.findall(r"[\w’-]+", sentence)) <= 25, sentence


def test_a_time_limit_leaves_at_least_three_minutes_a_question_and_only_situations_have_one() -> None:
    for slug in SLUGS:
        for page in read(text_of(slug)).pages:
            has_situations = any(item.kind == "scenario" for item in page.items)
            assert (page.minutes is not None) == has_situations
            assert page.minutes is None or page.minutes >= 3 * len(page.items)


def test_work_organisation_has_seven_scales_reversed_items_and_situations_that_say_why() -> None:
    instrument = read(text_of("work-organisation"))
    likert = [item for item in instrument.items if item.kind == "likert"]
    situations = [item for item in instrument.items if item.kind == "scenario"]
    assert len(instrument.scales) == 7
    for scale in instrument.scales:
        sentences = [item for item in likert if item.scale == scale.id]
        assert 5 <= len(sentences) <= 6
        assert sum(item.reverse for item in sentences) >= 2
    assert len(situations) >= 10
    for item in situations:
        assert all(act.why.fr and act.why.en for act in item.options)
        assert len({act.credit for act in item.options}) == len(item.options)


def test_no_run_of_sentences_can_be_answered_alike_in_earnest() -> None:
    instrument = read(text_of("work-organisation"))
    turns = [item.reverse for item in instrument.items if item.kind == "likert"]
    run = instrument.quality.straight_line_items
    assert run is not None
    assert all(len(set(turns[at : at + run])) == 2 for at in range(len(turns) - run + 1))


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_neither_its_length_nor_its_place_gives_the_best_answer_away(locale: str) -> None:
    places, longest = Counter[int](), 0
    for item in read(text_of("work-organisation")).items:
        if item.kind == "scenario":
            lengths = [len(act.label.in_(locale)) for act in item.options]
            best = max(range(len(lengths)), key=lambda at, item=item: item.options[at].credit)  # type: ignore[misc]
            places[best] += 1
            longest += lengths[best] == max(lengths)
    assert sorted(places.values()) == [3, 3, 3, 3]
    assert longest <= 4


def test_sentences_that_contradict_each_other_stand_on_different_pages_and_turn_opposite_ways() -> None:
    instrument = read(text_of("work-organisation"))
    page_of = {item.id: page.id for page in instrument.pages for item in page.items}
    assert len(instrument.quality.contradictions) >= 5
    for pair in instrument.quality.contradictions:
        assert len({page_of[name] for name in pair.items}) == 2
        assert {getattr(instrument.item(name), "reverse", None) for name in pair.items} == {True, False}


def test_every_shelf_life_that_an_item_names_exists_and_each_one_is_used() -> None:
    text = files("assessments").joinpath("data/policies/screening-evidence/2026-11.yaml").read_text("utf-8")
    named = {item.shelf_life for slug in SLUGS for item in read(text_of(slug)).items if item.shelf_life}
    assert named == {span.key for span in read_shelf_lives(text).spans}


def test_the_place_and_the_equipment_say_how_each_thing_is_known_and_how_long_that_keeps() -> None:
    for slug in ("home-workplace", "equipment-connection"):
        scored = [item for item in read(text_of(slug)).items if item.is_scored]
        assert all(item.shelf_life for item in scored)
        assert all(len(item.known_by) > 1 or item.kind == "measurement" for item in scored)


def test_a_measurement_is_never_required_and_its_marks_agree_with_the_connection_policy() -> None:
    text = files("assessments").joinpath("data/policies/connection/2026-11.yaml").read_text("utf-8")
    policy = yaml.safe_load(text)
    marks = {one["measure"]: one for one in policy["readings"]}
    bounds = {one["field"]: one for one in policy["bounds"]}
    for item in read(text_of("equipment-connection")).measurements:
        asked = marks[item.measure.value]
        assert measured_percent(item, asked["good"]) == 100
        assert 50 <= measured_percent(item, asked["enough"]) < 100
        assert (item.better, item.per_unit, item.id) == (asked["better"], asked["per_unit"], item.measure)
        bound = bounds[item.measure.value]
        assert (item.minimum, item.maximum) == (bound["least"], bound["most"])
        assert item.required is False


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
