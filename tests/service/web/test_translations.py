"""Pages and errors speak French and English: every sentence has both, and each reader gets their own."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from service.http.languages import french_errors
from service.runtime.catalogues import DoublyTranslated, Translator, asked_for, catalogue
from service.runtime.errors import Fault, InBoth, RuleBroken
from service.runtime.vocabulary import Locale
from service.web import translations
from tests.templates import unspoken, untold

ENGLISH, FRENCH = Translator(Locale.EN, {}), Translator(Locale.FR, french_errors())


def test_every_sentence_of_pages_has_english_and_every_english_sentence_is_said() -> None:
    assert unspoken() == []


def test_every_error_has_french_and_every_french_error_is_raised() -> None:
    assert untold() == []


def test_an_error_is_told_with_its_values_in_either_language() -> None:
    error = RuleBroken("Choose %(least)s to %(most)s characters.", least=12, most=1000)
    assert str(error) == error.said(ENGLISH) == "Choose 12 to 1000 characters."
    assert error.said(FRENCH) == "Choisissez entre 12 et 1000 caractères."


def test_what_data_says_in_both_languages_is_told_in_the_readers() -> None:
    fault = Fault("/answers/line", "missing", InBoth("Il manque une réponse.", "One answer is missing."))
    assert (fault.detail, fault.said(FRENCH)) == ("One answer is missing.", "Il manque une réponse.")


def test_a_percent_sign_in_a_sentence_without_values_is_only_a_sign() -> None:
    assert RuleBroken("At 100 % already.").said(FRENCH) == "At 100 % already."


def test_pages_say_errors_in_their_language() -> None:
    sentence = "This offer was withdrawn."
    assert translations.Translator(Locale.FR)(sentence) == "Cette offre a été retirée."
    assert translations.Translator(Locale.EN)(sentence) == sentence


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", Locale.FR),
        ("en;q=0.4, fr;q=0.6", Locale.FR),
        ("de, *;q=0.5", Locale.EN),
        ("fr;q=0", Locale.EN),
        ("frr", Locale.EN),
        ("fr;q=soon", Locale.EN),
        ("", Locale.EN),
    ],
)
def test_the_language_asked_for_is_the_best_weighed_one_that_is_spoken(header: str, language: Locale) -> None:
    assert asked_for(header, otherwise=Locale.EN) is language


def test_a_sentence_translated_twice_in_two_ways_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.po").write_text('msgid "Oui"\nmsgstr "Yes"\n', "utf-8")
    (tmp_path / "two.po").write_text('msgid "Oui"\nmsgstr "Aye"\n', "utf-8")
    monkeypatch.setattr("service.runtime.catalogues.files", lambda _package: tmp_path)
    with pytest.raises(DoublyTranslated, match="Oui"):
        catalogue.__wrapped__("anything", ".")


@pytest.mark.anyio
async def test_the_api_answers_in_the_callers_language(app: Any) -> None:
    asked = {"link_token": "hsl_" + "x" * 43}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://homeshore.test"
    ) as client:
        english = await client.post("/api/v1/sign-ins", json=asked)
        french = await client.post("/api/v1/sign-ins", json=asked, headers={"Accept-Language": "fr"})
    assert english.json()["detail"] == "This link is not known here. Copy it whole from your message."
    assert french.json()["detail"] == "Ce lien n'est pas connu ici. Copiez-le en entier depuis votre message."
    assert french.headers["content-language"] == "fr"
    assert english.json()["type"] == french.json()["type"]


def test_french_never_begins_a_line_with_a_sign() -> None:
    french, english = translations.Translator(Locale.FR), translations.Translator(Locale.EN)
    assert french("Que faites-vous ? « Oui » : %(n)s h", n=8) == (
        "Que faites-vous\u00a0? «\u00a0Oui\u00a0»\u00a0: 8 h"
    )
    assert english("Que faites-vous ?") == "Que faites-vous ?"
