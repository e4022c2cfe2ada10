"""Reading a path: what is right is kept, what is wrong is all named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.content import Language, spans
from onboarding.faults import Fault, FaultyFileError
from onboarding.paths import paths
from onboarding.paths.blocks import Callout, Dialogue, Items, Paragraph
from onboarding.paths.pages import Page
from tests.onboarding.samples import module_text, path_text, sample


def faults(text: str) -> tuple[Fault, ...]:
    checked = paths.check(text)
    assert isinstance(checked, tuple)
    return checked


def test_a_path_keeps_its_modules_in_order_and_says_how_long_it_takes():
    path = sample()
    assert [module.slug for module in path.modules] == ["first", "second", "third"]
    assert path.minutes == 90
    assert path.languages == (Language.FR, Language.EN)
    assert path.module("nowhere") is None


def test_blocks_are_values_that_a_template_can_print():
    one, two = (page.blocks(Language.FR) for page in sample().modules[0].pages)
    assert isinstance(one[0], Paragraph)
    assert isinstance(one[1], Items)
    assert isinstance(two[0], Dialogue)


def test_a_sentence_knows_one_mark():
    assert [(span.text, span.is_strong) for span in spans("Une **phrase** simple.")] == [
        ("Une ", False),
        ("phrase", True),
        (" simple.", False),
    ]


def test_a_path_survives_the_trip_through_json():
    path = sample()
    assert paths.Path.model_validate_json(path.model_dump_json(by_alias=True)) == path


def test_every_fault_is_listed_with_its_place():
    text = path_text(module_text("first", needs="[ghost, second]"), module_text("second", due=9))
    text = text.replace('en: "One?"', 'en: ""', 1).replace("minutes: 30", "minutes: soon", 1)
    shape = {fault.where for fault in faults(text)}
    assert shape == {"modules[0].quiz[0].text.en", "modules[0].minutes"}
    text = path_text(module_text("first", needs="[ghost, second]", due=1), module_text("second", due=9))
    text = text.replace("right: true", "right: false", 1)
    assert [str(fault) for fault in faults(text)] == [
        "modules[0].prerequisites[0]: no module is called 'ghost'",
        "modules[0].prerequisites[1]: 'second' is due after 'first', which needs it",
        "modules[0].quiz[0].options: one option must be right, 0 are",
    ]


def test_a_circle_of_prerequisites_is_named_and_what_hangs_from_it_is_not():
    text = path_text(
        module_text("first", needs="[second]"),
        module_text("second", needs="[first]"),
        module_text("third", needs="[second]"),
    )
    named = faults(text)
    assert [fault.where for fault in named] == ["modules[0].prerequisites", "modules[1].prerequisites"]
    assert "'first' needs itself" in named[0].what


def test_a_module_that_needs_itself_is_a_circle():
    assert "needs itself" in faults(path_text(module_text("first", needs="[first]")))[0].what


def test_a_renewal_that_would_open_at_once_and_for_ever_is_a_fault():
    whole = path_text(module_text("first"))
    bounds = {"valid_months: 2\nrenewal_days: 55\n": 0, "valid_months: 2\n": 1, "renewal_days: 365\n": 0}
    for told, count in bounds.items():
        checked = paths.check(whole.replace("modules:", f"{told}modules:", 1))
        found = checked if isinstance(checked, tuple) else ()
        assert [fault.where for fault in found] == ["renewal_days"] * count


def test_names_used_twice_are_faults():
    text = path_text(module_text("first"), module_text("first")).replace("slug: two", "slug: one", 1)
    assert {fault.where for fault in faults(text)} == {"modules[1].slug", "modules[0].pages[1].slug"}


@pytest.mark.parametrize(
    "prose",
    ["<b>gras</b>", "< script>", "</p>", "<!-- note -->", "ouvert **sans fin", "nul \\0 octet", "   "],
)
def test_raw_html_open_marks_and_control_characters_are_refused_in_a_sentence(prose):
    text = path_text(module_text("first")).replace("Le module first", prose)
    assert faults(text)[0].where == "modules[0].title.fr"


@pytest.mark.parametrize("prose", ["moins de 3 < 5 minutes", "un cœur <3", "a > b & c"])
def test_a_sign_that_is_no_tag_is_plain_prose(prose):
    path = paths.read(path_text(module_text("first")).replace("Le module first", prose))
    assert path.modules[0].title.fr == prose


def test_a_key_written_twice_is_a_fault_though_yaml_would_keep_the_last():
    text = path_text(module_text("first")).replace("minutes: 30", "minutes: 30\n    minutes: 40")
    assert "'minutes' is written twice" in faults(text)[0].what


def test_a_sentence_in_one_language_only_is_a_fault():
    text = path_text(module_text("first")).replace(', en: "A sample"', "")
    assert faults(text)[0].where == "title.en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "- a\n- b",
        "slug: [unclosed",
        "a: &x [1]\nb: *x",
        "[" * 500 + "]" * 500,
        "slug: \x00",
        "a: 2026-13-45",
        "!!python/object/apply:os.system [ls]",
        "? [a, b]\n: c",
        "a: !!int ''",
        "a: !!bool maybe",
        "a: !!timestamp soon",
        "a: !mine x",
        "minutes: " + "9" * 5000,
        "x" * 2_000_001,
    ],
)
def test_what_is_no_path_is_told_as_faults_and_never_crashes(text):
    assert faults(text)


@given(st.text(st.sampled_from("ab:-[]{}!&*|>'\"#%@`?, \n\t0.~"), max_size=40))
def test_no_text_whatever_it_holds_breaks_the_reader(text):
    assert faults(text)


def test_reading_a_faulty_file_raises_with_all_its_faults():
    with pytest.raises(FaultyFileError) as raised:
        paths.read(path_text(module_text("first", needs="[ghost, spirit]")))
    assert len(raised.value.faults) == 2
    assert "ghost" in str(raised.value)


def test_words_are_counted_as_a_reader_counts_them():
    page = Page.model_validate(
        {
            "slug": "p",
            "title": {"fr": "Un titre", "en": "Title"},
            "text": {"fr": "> [!CONSEIL]\n> Trois mots ici !", "en": "> [!TIP]\n> Two words"},
        }
    )
    assert isinstance(page.blocks(Language.FR)[0], Callout)
    assert (page.words(Language.FR), page.words(Language.EN)) == (5, 3)


def test_a_title_as_long_as_a_page_is_a_fault_since_sentences_quote_it():
    text = path_text(module_text("first")).replace("Module first", "x" * 201)
    assert faults(text)[0].where == "modules[0].title.en"
