"""A wave in training: who read what, a package that was begun, paths being written, classes of three kinds."""

from base64 import b64decode
from datetime import date
from typing import Any

import httpx

from service.flows.paths import paths
from tests.service.cast import api
from tests.service.papers.offering import new_key
from tests.service.paths.packaged import path_with, publish, two_units

PATH = "homeworking-essentials"
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR4nGPgSouHIwbiOABLUwzxeNkt4QAAAABJRU5ErkJggg=="
)
"""A green square of four pixels, as PNG."""


async def train(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """A wave of three on a path: Nolwenn read a page and took a quiz, wrong then right; the others are late."""
    async with api(app, sessions["trainer"]) as client:
        made = await client.post("/cohorts", json={"name": "Vague de novembre", "start_date": "2026-11-16"})
        ids["cohort"] = made.json()["id"]
        members = {"candidates": [ids[who] for who in ("nolwenn", "sophie", "thomas")]}
        _done(
            await client.post(
                f"/cohorts/{ids['cohort']}/members",
                json=members,
                headers={"If-Match": made.headers["etag"]},
            )
        )
        given = await client.post(
            "/assignments", json={"path": PATH, "cohort_id": ids["cohort"]}, headers=new_key()
        )
        assert given.status_code == 201, given.text
        rule = {"name": "Dès l'offre", "path": PATH, "stage": "offer", "start_days": -5}
        kept = await client.post("/assignment-rules", json=rule, headers=new_key())
        assert kept.status_code == 201, kept.text
        ids["rule"] = kept.json()["id"]
        await _write_path(client, ids)
        await _hold_classes(client, ids)
    async with api(app, sessions["nolwenn"]) as client:
        (own,) = (await client.get("/me/assignments")).json()["items"]
        ids["assignment"] = own["id"]
        step = (await client.get(f"/me/assignments/{own['id']}")).json()["next_step"]
        ids |= {"module": step["module"], "page": step["page"]}
        module = f"/me/assignments/{own['id']}/modules/{step['module']}"
        _done(await client.post(f"{module}/reading", json={"page": step["page"]}))
        for answers in _quiz_answers(app, step["module"]):
            marked = await client.post(f"{module}/attempts", json={"answers": answers}, headers=new_key())
            assert marked.status_code == 201, marked.text
            ids.setdefault("attempt", marked.json()["id"])
        left = (await client.get(f"/me/assignments/{own['id']}")).json()["next_step"]
        ids["next-module"] = left["module"]


async def play_packages(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """A package of two units on the shelf, in a path of its own that Aïssatou began."""
    async with api(app, sessions["trainer"]) as client:
        files = {"file": ("accueil.zip", two_units(), "application/zip")}
        made = (await client.post("/packages", files=files)).json()
        ids["package"] = made["id"]
        await publish(app, path_with(made["sha256"], slug="accueillir"))
        body = {"path": "accueillir", "candidate_id": ids["aissatou"], "start_date": "2026-11-24"}
        given = await client.post("/assignments", json=body, headers=new_key())
        assert given.status_code == 201, given.text
        ids["package-assignment"] = given.json()["assignments"][0]
    async with api(app, sessions["aissatou"]) as client:
        module = f"/me/assignments/{ids['package-assignment']}/modules/play"
        _done(await client.post(f"{module}/package/units/1/sessions"))


async def _write_path(client: httpx.AsyncClient, ids: dict[str, str]) -> None:
    """Two drafts: one begun from an edition and lacking a few things, one with nothing but its title."""
    begun = await client.post(
        "/path-drafts",
        json={"title": {"fr": "Écouter au téléphone"}, "languages": ["fr", "en"], "like": PATH},
    )
    assert begun.status_code == 201, begun.text
    at, draft = f"/path-drafts/{begun.json()['path']}", begun.json()["draft"]
    module = draft["modules"][0]
    module["pages"][0]["text"]["en"] = (
        "See [this](javascript:alert(1)) and ![](poste.png)\n\n> [!TIP]\n> Listen."
    )
    module["prerequisites"] = [draft["modules"][1]["slug"]]
    change = {"modules": draft["modules"], "assistance": {"fr": "", "en": ""}}
    _done(await client.patch(at, json=change, headers={"If-Match": begun.headers["etag"]}))
    picture = ("Poste.png", b64decode(PICTURE), "image/png")
    shown = await client.post(f"{at}/modules/{module['slug']}/files", files={"file": picture})
    assert shown.status_code == 201, shown.text
    empty = await client.post("/path-drafts", json={"title": {"fr": "Rappeler"}})
    assert empty.status_code == 201, empty.text
    ids |= {
        "draft": begun.json()["path"], "draft-module": module["slug"],
        "draft-page": module["pages"][0]["slug"], "draft-question": module["quiz"][0]["slug"],
    }  # fmt: skip


async def _hold_classes(client: httpx.AsyncClient, ids: dict[str, str]) -> None:
    """Three classes of the wave: one this morning that is partly noted, one to come with a list, one called off."""
    held = {"cohort_id": ids["cohort"], "starts": "09:00", "ends": "12:00"}
    for place, plan in {
        "held-class": {"title": "Premiers appels, ensemble", "day": "2026-11-24", "place": "Salle 4"},
        "class": {
            "title": "Écouter avant de répondre", "day": "2026-12-03", "seats": 2, "zone": "Indian/Reunion",
            "link": "https://visio.example/salle-4", "note": "Prévoyez un casque.",
        },
        "cancelled-class": {"title": "Visite du plateau", "day": "2026-12-08", "place": "Lyon"},
    }.items():  # fmt: skip
        made = await client.post("/classes", json={**held, **plan})
        assert made.status_code == 201, made.text
        ids[place] = made.json()["id"]
    reason = {"reason": "Le plateau est fermé ce jour-là."}
    here = f"/classes/{ids['cancelled-class']}/cancellation"
    _done(await client.post(here, json=reason, headers={"If-Match": "*"}))
    marks = [
        {"candidate_id": ids["nolwenn"], "presence": "present"},
        {
            "candidate_id": ids["sophie"], "presence": "late", "missed_minutes": 20,
            "reason": "technical",
        },
    ]  # fmt: skip
    here = f"/classes/{ids['held-class']}/attendance/morning"
    _done(await client.put(here, json={"marks": marks}, headers={"If-Match": "*"}))


def _quiz_answers(app: Any, module: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    path = paths.to_give(app.state.editions, PATH, today=date(2026, 11, 24))
    quiz = paths.module_of(path, module).quiz
    wrong = {one.slug: [next(o.slug for o in one.options if o.slug not in one.key)] for one in quiz}
    return wrong, {one.slug: sorted(one.key) for one in quiz}


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
