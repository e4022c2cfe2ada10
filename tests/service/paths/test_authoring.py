"""Trainers write a path on their pages, publish it by edition, and take editions back."""

import re
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

import httpx
import pytest
from PIL import Image

from service.flows.paths import path_shelf
from service.flows.paths import paths as path_flow
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, add_staff, as_candidate, as_staff, form_token, in_browser
from tests.service.learning.test_assignments import give

pytestmark = pytest.mark.anyio
_numbers = count()

DRAFT = "/training/paths/accueillir-un-appel/draft"


async def trainer_pages(app: Any, clock: FixedClock, role: Role = Role.TRAINER) -> httpx.AsyncClient:
    number = next(_numbers)
    staff = await add_staff(app, clock, role, email=f"author{number}@example.com", name=f"Nour {number}")
    return await in_browser(app, clock, staff_id=staff)


async def send(pages: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    return await pages.post(path, data={**form_token(pages), **fields})


async def begin(pages: httpx.AsyncClient, **more: str) -> None:
    fields = {"title_fr": "Accueillir un appel", "languages": "fr", **more}
    begun = await send(pages, "/training/paths", **fields)
    assert begun.headers["location"] == DRAFT, begun.text


FACTS = {
    "title_fr": "Accueillir un appel", "purpose_fr": "Savoir accueillir.", "audience_fr": "Tout le monde.",
    "objective_0_fr": "Saluer et écouter.", "assistance_fr": "Écrivez au formateur.", "languages": "fr",
}  # fmt: skip
SETTINGS = {
    "title_fr": "Décrocher", "purpose_fr": "Décrocher à temps.", "minutes": "20", "due_days": "2", "pass_percent": "75",
}  # fmt: skip
PAGE = {"title_fr": "Avant de décrocher", "text_fr": "Respirez.\r\n\r\n> [!CONSEIL]\r\n> Souriez."}
QUESTION = {
    "text_fr": "Que faire d'abord ?", "kind": "single", "points": "1",
    "option_0_slug": "", "option_0_fr": "Écouter", "why_0_fr": "Tout commence là.", "right_0": "yes",
    "option_1_slug": "", "option_1_fr": "Parler", "why_1_fr": "Trop tôt.",
}  # fmt: skip


async def write_all(pages: httpx.AsyncClient, **page: str) -> None:
    """One module with a page and a question: the least that can be published."""
    await begin(pages)
    await send(pages, f"{DRAFT}/facts", **FACTS)
    module = (await send(pages, f"{DRAFT}/modules", title="Décrocher")).headers["location"]
    assert module == f"{DRAFT}/modules/decrocher"
    await send(pages, module, **SETTINGS)
    text = (await send(pages, f"{module}/pages", page_title="Avant de décrocher")).headers["location"]
    assert (await send(pages, text, **(PAGE | page))).status_code == 303
    question = (await send(pages, f"{module}/questions")).headers["location"]
    assert (await send(pages, question, **QUESTION)).status_code == 303


async def test_a_trainer_writes_a_path_publishes_it_and_a_learner_reads_it(
    app: Any, clock: FixedClock
) -> None:
    pages = await trainer_pages(app, clock)
    assert "Écrire un parcours" in (await pages.get("/training/paths")).text
    await write_all(pages)
    shown = await pages.get(DRAFT)
    assert "Tout y est" in shown.text
    reading = await pages.get(f"{DRAFT}/modules/decrocher/preview")
    assert "Souriez." in reading.text
    assert "Tout commence là." in reading.text
    done = await send(pages, f"{DRAFT}/publication", valid_from=clock().date().isoformat())
    assert done.headers["location"] == "/training/paths/accueillir-un-appel", done.text
    assert (await pages.get(DRAFT)).status_code == 404
    listed = await pages.get("/training/paths/accueillir-un-appel")
    assert clock().date().isoformat() in listed.text

    person = await add_candidate(app, clock)
    staff = await as_staff(app, clock, Role.TRAINER)
    given = await give(
        staff, candidate_id=str(person), path="accueillir-un-appel", start_date=clock().date().isoformat()
    )
    assert given.status_code == 201, given.text
    learner = await in_browser(app, clock, candidate_id=person)
    base = f"/me/training/{given.json()['assignments'][0]}/modules/decrocher"
    page = await learner.get(f"{base}/pages/avant-de-decrocher")
    assert "Souriez." in page.text
    assert "Conseil" in page.text


async def test_a_draft_keeps_what_is_half_written_and_leads_to_each_gap(app: Any, clock: FixedClock) -> None:
    pages = await trainer_pages(app, clock)
    await begin(pages)
    module = (await send(pages, f"{DRAFT}/modules", title="Décrocher")).headers["location"]
    text = (await send(pages, f"{module}/pages", page_title="Une page")).headers["location"]
    await send(
        pages, text, title_fr="Une page", text_fr="Voyez [ici](javascript:alert(1)) et ![](absent.png)"
    )
    shown = (await pages.get(DRAFT)).text
    for href in (f"{DRAFT}/facts#purpose_fr", f"{module}#purpose_fr", f"{text}#text_fr"):
        assert f'href="{href}"' in shown
    assert "absent.png" in shown
    refused = await send(pages, f"{DRAFT}/publication", valid_from=clock().date().isoformat())
    assert refused.status_code == 422
    assert "À régler avant de publier" in refused.text


async def test_a_circle_of_modules_is_told_in_words(app: Any, clock: FixedClock) -> None:
    pages = await trainer_pages(app, clock)
    await write_all(pages)
    await send(pages, f"{DRAFT}/modules", title="Écouter")
    await send(pages, f"{DRAFT}/modules/ecouter", **SETTINGS, prerequisites="decrocher")
    await send(pages, f"{DRAFT}/modules/decrocher", **SETTINGS, prerequisites="ecouter")
    assert "s’attendent en rond" in (await pages.get(DRAFT)).text.replace("'", "’").replace("&#39;", "’")


async def test_two_trainers_never_overwrite_one_another_unseen(app: Any, clock: FixedClock) -> None:
    first, second = await trainer_pages(app, clock), await trainer_pages(app, clock)
    await write_all(first)
    at = f"{DRAFT}/modules/decrocher/pages/avant-de-decrocher"
    mark = re.search(r'name="mark" value="([^"]+)"', (await first.get(at)).text)
    assert mark
    await send(second, at, **(PAGE | {"text_fr": "Autre texte."}), mark=mark[1])
    late = await send(first, at, **(PAGE | {"text_fr": "Mon texte."}), mark=mark[1])
    assert late.status_code == 422
    assert "Mon texte." in late.text
    assert "modifié cette partie" in late.text


async def test_the_preview_shows_what_is_typed_and_keeps_nothing(app: Any, clock: FixedClock) -> None:
    pages = await trainer_pages(app, clock)
    await write_all(pages)
    at = f"{DRAFT}/modules/decrocher/pages/avant-de-decrocher"
    hostile = "<script>alert(1)</script> **fort** [x](javascript:alert(1))"
    shown = await send(pages, f"{at}/preview", title_fr="Titre", text_fr=hostile)
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in shown.text
    assert "<strong>fort</strong>" in shown.text
    assert 'href="javascript' not in shown.text
    assert "Respirez." in (await pages.get(at)).text


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (20, 10), "green").save(written, "PNG")
    return written.getvalue()


async def test_a_picture_goes_from_the_shelf_into_the_page_of_its_learners_only(
    app: Any, clock: FixedClock
) -> None:
    pages = await trainer_pages(app, clock)
    await write_all(pages, text_fr="![Un poste réglé](mon-poste.png)")
    files = f"{DRAFT}/modules/decrocher/files"
    for content, status in ((b"MZ not a picture", 422), (picture(), 303)):
        sent = await pages.post(
            files, data=form_token(pages), files={"file": ("Mon poste.PNG", content, "image/png")}
        )
        assert sent.status_code == status, sent.text
    got = await pages.get(f"{files}/mon-poste.png")
    assert (got.headers["content-type"], got.headers["x-content-type-options"]) == ("image/png", "nosniff")
    await send(pages, f"{DRAFT}/publication", valid_from=clock().date().isoformat())
    person, other = await add_candidate(app, clock), None
    staff = await as_staff(app, clock, Role.TRAINER)
    given = await give(
        staff, candidate_id=str(person), path="accueillir-un-appel", start_date=clock().date().isoformat()
    )
    base = f"/me/training/{given.json()['assignments'][0]}/modules/decrocher"
    learner = await in_browser(app, clock, candidate_id=person)
    assert 'src="../files/mon-poste.png"' in (await learner.get(f"{base}/pages/avant-de-decrocher")).text
    assert (await learner.get(f"{base}/files/mon-poste.png")).status_code == 200
    other = await add_candidate(app, clock, given_name="Malo", email="malo@example.com", pseudonym="P-2")
    stranger = await in_browser(app, clock, candidate_id=other)
    assert (await stranger.get(f"{base}/files/mon-poste.png")).status_code == 404


async def test_a_new_edition_leaves_learners_on_theirs_and_one_taken_back_is_given_to_nobody(
    app: Any, clock: FixedClock
) -> None:
    pages = await trainer_pages(app, clock)
    today = clock().date().isoformat()
    begun = await send(pages, "/training/paths/homeworking-essentials/editions/2026-11/draft")
    draft = "/training/paths/homeworking-essentials/draft"
    assert begun.headers["location"] == draft
    assert "Tout y est" in (await pages.get(draft)).text
    published = await send(pages, f"{draft}/publication", valid_from=today, note="Rien de neuf.")
    assert published.status_code == 303, published.text
    async with app.state.database.transaction(write=False) as session:
        library = await path_shelf.library(session, app.state.editions)
        assert await path_shelf.library(session, app.state.editions) is library
    assert path_flow.to_give(library, "homeworking-essentials", today=clock().date()).edition == today
    short = await send(
        pages, f"/training/paths/homeworking-essentials/editions/{today}/withdrawal", reason="Non"
    )
    assert short.status_code == 422
    why = "Une consigne de sécurité y manque, la suivante arrive."
    await send(pages, f"/training/paths/homeworking-essentials/editions/{today}/withdrawal", reason=why)
    async with app.state.database.transaction(write=False) as session:
        library = await path_shelf.library(session, app.state.editions)
    assert path_flow.to_give(library, "homeworking-essentials", today=clock().date()).edition == "2026-11"
    assert path_flow.as_begun(library, "homeworking-essentials", today).edition == today
    shown = (await pages.get("/training/paths/homeworking-essentials")).text
    assert "Retirée" in shown
    assert why in shown


async def test_a_second_edition_of_one_day_has_a_letter(app: Any, clock: FixedClock) -> None:
    pages = await trainer_pages(app, clock)
    today = clock().date().isoformat()
    for _ in range(2):
        found = await pages.get("/training/paths/first-calls")
        newest = max(re.findall(r"/training/paths/first-calls/editions/([0-9a-z-]+)", found.text))
        await send(pages, f"/training/paths/first-calls/editions/{newest}/draft")
        await send(pages, "/training/paths/first-calls/draft/publication", valid_from=today)
    shown = (await pages.get("/training/paths/first-calls")).text
    assert f"{today}b" in shown


async def test_supervisors_read_and_only_trainers_write(app: Any, clock: FixedClock) -> None:
    pages = await trainer_pages(app, clock, Role.SUPERVISOR)
    shown = await pages.get("/training/paths/first-calls")
    assert shown.status_code == 200
    assert "Écrire une nouvelle édition" not in shown.text
    assert (
        await pages.get("/training/paths/first-calls/editions/2026-11/modules/phone-day")
    ).status_code == 200
    assert (await send(pages, "/training/paths/first-calls/editions/2026-11/draft")).status_code == 403
    learner = await as_candidate(app, clock, await add_candidate(app, clock))
    assert (await learner.get("/training/paths/first-calls")).status_code in (303, 403)


async def test_a_published_path_reads_the_same_from_the_database(app: Any) -> None:
    for path in app.state.editions.paths.values():
        assert path_shelf.path_of(path_shelf.document_of(path)) == path
        assert path.valid_from <= date(2026, 12, 31)


async def test_a_tool_writes_a_path_through_the_interface(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    begun = await trainer.post(
        "/api/v1/path-drafts", json={"title": {"fr": "Écouter"}, "like": "first-calls"}
    )
    assert begun.status_code == 201, begun.text
    at = f"/api/v1/path-drafts/{begun.json()['path']}"
    assert (begun.json()["path"], begun.json()["gaps"]) == ("ecouter", [])
    modules = begun.json()["draft"]["modules"][:2]
    modules[0]["prerequisites"] = [modules[1]["slug"]]
    modules[1]["prerequisites"] = [modules[0]["slug"]]
    assert (await trainer.patch(at, json={"modules": modules})).status_code == 428
    version = {"If-Match": begun.headers["etag"]}
    circle = await trainer.patch(at, json={"modules": modules}, headers=version)
    assert {gap["code"] for gap in circle.json()["gaps"]} >= {"circle"}
    assert (await trainer.patch(at, json={"modules": modules}, headers=version)).status_code == 412
    refused = await trainer.post(f"{at}/publication", json={})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith("/modules/")
    modules[0]["prerequisites"] = []
    await trainer.patch(at, json={"modules": modules}, headers={"If-Match": "*"})
    sent = await trainer.post(
        f"{at}/modules/{modules[0]['slug']}/files", files={"file": ("a.png", picture())}
    )
    assert sent.status_code == 201, sent.text
    published = await trainer.post(f"{at}/publication", json={})
    assert published.status_code == 201, published.text
    whole = (await trainer.get(f"/api/v1/paths/ecouter/editions/{published.json()['edition']}")).json()[
        "path"
    ]
    assert [module["slug"] for module in whole["modules"]] == [module["slug"] for module in modules]
    assert whole["languages"] == ["fr"]
    why = {"reason": "Une erreur dans la deuxième page, la suite vient."}
    edition = f"/api/v1/paths/ecouter/editions/{published.json()['edition']}"
    assert (await trainer.post(f"{edition}/withdrawal", json=why)).status_code == 200
    listed = (await trainer.get("/api/v1/paths/ecouter/editions")).json()["items"]
    assert listed[0]["reason"] == why["reason"]
    assert (await trainer.get("/api/v1/paths/ecouter")).status_code == 404, "given to nobody any more"
