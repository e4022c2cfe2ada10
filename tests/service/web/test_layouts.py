"""The layouts around every page: whole in both languages, in the right order, with nobody's text as markup."""

import re

import pytest

from service.web.pages import ERROR_TITLES, STATIC, TEMPLATES, FlashView
from tests.service.web.preview import SAMPLES, Sample, context, environment, fault

LAYOUTS = ("base", "public", "candidate", "staff", "print", "reference")
HOSTILE = "<script>alert('1')</script> \" {{7*7}}"


def layout(name: str, **said: object) -> str:
    return environment().get_template(f"layouts/{name}.html").render(**context(**said))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_has_one_heading_one_main_and_a_way_to_it(name: str, lang: str) -> None:
    html = layout(name, title="Un titre", lang=lang, staff=True)
    assert html.startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in html
    assert html.count("<h1>") == html.count("<main ") == html.count("<title>") == 1
    assert html.index('href="#main"') < html.index("<header") < html.index('<main id="main"')
    assert ("Aller au contenu" if lang == "fr" else "Skip to content") in html


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_page_renders_in_both_languages(name: str, lang: str) -> None:
    html = SAMPLES[name].render(lang)
    assert html.rstrip().endswith("</html>")
    assert "{{" not in html
    identifiers = re.findall(r'\sid="([^"]*)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_the_page_in_english_keeps_no_french_of_the_layout() -> None:
    html = layout("staff", lang="en", staff=True)
    for french in (
        "Se déconnecter",
        "Clavier",
        "Fond sombre",
        "jamais un programme",
        "Navigation principale",
    ):
        assert french not in html
    assert "Sign out" in html


def test_somebody_signed_in_sees_places_and_a_way_out_and_a_guest_neither() -> None:
    known, guest = layout("staff", staff=True), layout("public")
    assert 'href="/c" aria-current="page"' in known
    assert known.count("aria-current") == 1
    sign_out = known[known.index('action="/sign-out"') :]
    assert 'name="_csrf_token" value="abc"' in sign_out[:200]
    assert "/sign-out" not in guest
    assert "<nav" not in guest


def test_the_other_language_leads_back_to_the_same_page() -> None:
    assert 'href="/language/en?next=/x"' in layout("public")
    assert 'href="/language/fr?next=/x"' in layout("public", lang="en")
    said = context(lang="fr")
    odd = environment().get_template("layouts/public.html").render(
        {**said, "page": said["page"].__class__("Un titre", "fr", "/x?a=1&next=//evil.example")}
    )  # fmt: skip
    assert 'href="/language/en?next=/x%3Fa%3D1%26next%3D//evil.example"' in odd


@pytest.mark.parametrize("name", LAYOUTS)
def test_titles_names_and_notes_stay_text(name: str) -> None:
    html = layout(name, title=HOSTILE, staff=True, flash=FlashView(HOSTILE, "good"))
    assert "<script>" not in html
    assert "alert(&#39;1&#39;)" in html
    assert "49" not in html


def test_a_note_is_read_out_and_sits_before_the_heading() -> None:
    html = layout("public", flash=FlashView("C’est noté.", "good"))
    assert html.index('role="status"') < html.index("C’est noté.") < html.index("<h1>")


def test_every_address_of_a_layout_is_a_file_of_ours() -> None:
    for name in LAYOUTS:
        for path in re.findall(r'(?:src|href)="/static/([^"?]+)"', layout(name)):
            assert (STATIC / path).is_file(), path


def test_no_template_names_a_file_that_is_not_there() -> None:
    for template in TEMPLATES.rglob("*.html"):
        for path in re.findall(r"url\('([^']+)'\)", template.read_text("utf-8")):
            assert (STATIC / path).is_file(), f"{template.name}: {path}"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("status", [*ERROR_TITLES, 405, 428, 500, 502, 418])
def test_every_error_says_what_happened_what_is_kept_and_what_to_do(status: int, lang: str) -> None:
    page = Sample("errors/error.html", "Un titre", views={"error": fault(status)})
    html = page.render(lang)
    assert ("Ce qui est gardé" if lang == "fr" else "What is kept") in html
    assert ("Ce que vous pouvez faire" if lang == "fr" else "What you can do") in html
    assert re.search(r'<p class="lead">[^<]{20,}</p>', html)
    assert "<li>" in html
    assert "7f3a-91c2" in html
    assert "!" not in re.sub(r"<!doctype html>|<[^>]*>", "", html)
    # The service's own words are shown only where they were written for the person who reads them.
    assert ("Ce que dit le service." in html) is (status in (409, 410, 422))


def test_an_error_of_our_own_never_shows_its_detail() -> None:
    broken = Sample("errors/error.html", "T", views={"error": {**fault(500), "detail": "KeyError: 'salary'"}})
    assert "KeyError" not in broken.render()
