"""The sentences of results: complete, in both languages, using only what they are given."""

from importlib.resources import files

import pytest

from onboarding import sentences
from onboarding.content import Words
from onboarding.faults import FaultyFileError
from tests.onboarding.samples import SENTENCES

TEXT = files("onboarding").joinpath("data/sentences/2026-11.yaml").read_text("utf-8")


def test_a_value_in_two_languages_is_said_in_the_language_of_the_sentence():
    title = Words(fr="Le poste", en="The post")
    said = SENTENCES.words("module_passed", module=title, percent=80)
    assert said.fr == "« Le poste » : validé avec 80 %."
    assert said.en == "“The post”: passed with 80 %."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  ready:", "  redy:", "'ready' is missing; nothing says 'redy'"),
        ("{count} essais", "{number} essais", "uses {number}"),
    ],
)
def test_a_sentence_missing_misnamed_or_asking_too_much_is_a_fault(old, new, told):
    with pytest.raises(FaultyFileError, match=None) as raised:
        sentences.read(TEXT.replace(old, new))
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("days", "fr", "en"),
    [(0, "0 jour.", "0 more days."), (1, "1 jour.", "1 more day."), (2, "2 jours.", "2 more days.")],
)
def test_what_is_counted_agrees_with_its_number_in_each_language(days: int, fr: str, en: str) -> None:
    said = SENTENCES.words("validity_valid", days=days)
    assert (said.fr, said.en) == (f"Valable encore {fr}", f"Valid for {en}")
