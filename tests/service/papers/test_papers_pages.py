"""Pages of papers: a form made from a model, what was typed kept, errors beside their field, dates to keep."""

import html
import re
from typing import Any

import pytest

from service.flows.papers.papers_facts import issuable
from tests.conftest import FixedClock
from tests.service.cast import browser, submit
from tests.service.papers.issuing import OCCUPATION, draw, valid_number
from tests.service.papers.offering import accepted_offer, set_scene

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]

TYPED = {
    **{f"d-{name}": str(value) for name, value in OCCUPATION.items() if name != "agreed_cents"},
    "d-agreed_cents": "30,00",
    "d-work_m2": "7,5",
    "d-use_percent": "100",
}


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


async def test_every_kind_has_a_form_that_opens(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers"
    async with browser(app, scene.recruiter) as client:
        listed = await client.get(url)
        for kind in issuable():
            assert f"{url}/new/{kind.value}" in listed.text, kind
            page = await client.get(f"{url}/new/{kind.value}")
            assert page.status_code == 200, kind
            assert "Établir le document" in page.text
        assert (await client.get(f"{url}/new/scorecard")).status_code == 404
        assert (await client.get(f"{url}/new/nothing")).status_code == 404


async def test_a_document_is_issued_from_its_form_without_a_script(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers"
    async with browser(app, scene.recruiter) as client:
        sent = await submit(client, f"{url}/new/occupation_letter", TYPED)
        assert sent.status_code == 303, _text(sent.text)
        again = await submit(client, f"{url}/new/occupation_letter", TYPED)
        assert again.headers["location"] == sent.headers["location"], "pressed twice, it is one document"
        path = sent.headers["location"]
        assert "se met en page" in _text((await client.get(path)).text)
        assert (await client.get(f"{path}/progress")).headers.get("hx-refresh") is None
        await draw(app, clock, path.removeprefix("/papers/"))
        assert (await client.get(f"{path}/progress")).headers["hx-refresh"] == "true"
        shown = await client.get(path)
        assert "DOC-2026-00001" in shown.text
        assert f'href="{path}/content"' in shown.text
        assert "DOC-2026-00001" in (await client.get(f"/applications/{scene.application_id}")).text
    async with browser(app, scene.candidate) as person:
        own = await person.get("/me/documents")
        assert f'href="{path}/content"' in own.text
        assert (await person.get(f"{path}/content")).content.startswith(b"%PDF-")


async def test_what_was_typed_is_kept_and_each_error_stands_beside_its_field(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock, with_employer=False)
    url = f"/applications/{scene.application_id}/papers/new/occupation_letter"
    typed = {**TYPED, "d-agreed_cents": "trente", "d-work_area": "Coin <bureau>", "d-start": "2026-02-30"}
    async with browser(app, scene.recruiter) as client:
        page = await submit(client, url, typed)
    assert page.status_code == 422
    assert "Coin &lt;bureau&gt;" in page.text
    assert 'value="trente"' in page.text
    assert 'id="d-agreed_cents-error"' in page.text
    assert 'id="d-start-error"' in page.text
    assert 'href="/employer"' in page.text, "what is missing elsewhere leads to where it is filled in"
    assert "aucun numéro n'est pris" in _text(page.text)


async def test_rows_are_added_without_a_script_and_hold_what_was_typed(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers/new/real_cost_statement"
    typed = {"d-costs-0-nature": "connection", "step": "more"}
    async with browser(app, scene.recruiter) as client:
        before = (await client.get(url)).text.count('-nature" name="d-costs-')
        page = await submit(client, url, typed)
    assert page.status_code == 200
    assert page.text.count('-nature" name="d-costs-') > before
    assert '<option value="connection" selected>' in page.text


async def test_a_date_is_noted_as_done_from_its_page(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers"
    async with browser(app, scene.recruiter) as client:
        assert "Aucune échéance ouverte" in (await client.get("/deadlines")).text
        await submit(client, f"{url}/new/occupation_letter", TYPED)
        page = (await client.get("/deadlines")).text
        (first, *_) = re.findall(r'action="(/deadlines/[^"]+/done)"', page)
        noted = await submit(client, first, {"back": "//elsewhere.example"})
        assert noted.headers["location"] == "/deadlines"
        assert first not in (await client.get("/deadlines")).text
        assert "Ada recruiter" in (await client.get("/deadlines?show=done")).text


async def test_the_person_gives_the_number_on_a_page_of_their_own(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    async with browser(app, scene.candidate) as person:
        assert 'name="number"' not in (await person.get("/me/social-number")).text
    await accepted_offer(app, scene)
    async with browser(app, scene.candidate) as person:
        assert "/me/social-number" in (await person.get("/me/documents")).text
        wrong = await submit(person, "/me/social-number", {"number": "1 23"})
        assert (wrong.status_code, 'value="1 23"' in wrong.text) == (422, True)
        right = await submit(person, "/me/social-number", {"number": valid_number()})
        assert right.status_code == 303
        shown = (await person.get("/me/social-number")).text
        assert valid_number() not in shown
        assert f"••• {valid_number()[-2:]}" in shown
    async with browser(app, scene.recruiter) as client:
        page = (await client.get(f"/applications/{scene.application_id}/papers")).text
        assert valid_number() not in page


async def test_the_declaration_takes_the_sealed_number_and_keeps_it_sealed(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    async with browser(app, scene.candidate) as person:
        await submit(person, "/me/social-number", {"number": valid_number()})
    url = f"/applications/{scene.application_id}/papers/new/dpae_sheet"
    async with browser(app, scene.recruiter) as client:
        page = await client.get(url)
        assert valid_number() not in page.text
        assert 'name="d-nir"' not in page.text


async def test_a_figure_that_nobody_verified_is_confirmed_on_the_form_in_the_issuers_name(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers/new/real_cost_statement"
    typed = {
        "d-month": "2026-10-01", "d-agreed_on": "2026-09-28", "d-agreed_by": "Claire Delmas, directrice",
        "d-costs-0-nature": "connection", "d-costs-0-what": "abonnement internet", "d-costs-0-amount_cents": "39,99",
        "d-costs-0-share_percent": "50", "d-costs-0-spent_on": "2026-10-04", "d-costs-0-receipt": "facture 10",
    }  # fmt: skip
    async with browser(app, scene.recruiter) as client:
        refused = await submit(client, url, typed)
        assert refused.status_code == 422
        assert "Je confirme" in _text(refused.text)
        (said,) = re.findall(r'name="confirm-0" value="([^"]+)"', refused.text)
        confirmed = {"confirm-0": html.unescape(said), "read-0": "BOSS lu le 24 novembre"}
        other = {**confirmed, "confirm-0": "another/figure 12"}
        assert (await submit(client, url, {**typed, **other})).status_code == 422
        issued = await submit(client, url, {**typed, **confirmed})
        assert issued.status_code == 303, _text(issued.text)
        page = _text((await client.get(issued.headers["location"])).text)
    assert "Montants confirmés" in page
    assert "Ada recruiter" in page
