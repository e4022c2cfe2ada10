"""Pages of skills: found in people's words, changed with the reason of a refusal, asked about once."""

from typing import Any

import pytest

from service.flows.recruiting import skill_phrases
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.cast import PROFILE, add_candidate, bearer_of_staff, browser, submit

pytestmark = pytest.mark.anyio

WORDS = "gribouillage frénétique"


async def test_a_recruiter_finds_a_skill_in_peoples_words_and_gives_it_a_name(
    app: Any, clock: FixedClock
) -> None:
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        found = await client.get("/skills", params={"q": "reclamation client"})
        nothing = await client.get("/skills", params={"q": WORDS})
        here = "/skills/own/complaints"
        refused = await submit(client, f"{here}/aliases", {"name": "appels entrants", "version": "0"})
        given = await submit(client, f"{here}/aliases", {"name": WORDS, "locale": "fr", "version": "0"})
        shown = await client.get(here)
        stale = await submit(client, f"{here}/aliases", {"name": "autre", "version": "0"})
        after = await client.get("/skills", params={"q": WORDS})
    assert "Ce que ces mots veulent dire" in found.text
    assert f'href="{here}"' in found.text
    assert "Rien n&#39;est deviné" in nothing.text
    assert refused.status_code == 422
    assert "Répondre à des appels entrants" in refused.text
    assert given.status_code == 303
    assert WORDS in shown.text
    assert "donné ici" in shown.text
    assert stale.status_code == 303
    assert f'href="{here}"' in after.text


async def test_words_that_wait_are_answered_on_their_page(app: Any, clock: FixedClock) -> None:
    await add_candidate(app, clock, profile={**PROFILE, "skills": [WORDS]})
    await skill_phrases.gather(app.state.database, load_editions(), now=clock(), limit=50)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        queue = await client.get("/skill-phrases")
        path = queue.text.partition('href="/skill-phrases/')[2].partition('"')[0]
        empty = await submit(client, f"/skill-phrases/{path}", {"version": "1", "alias": WORDS})
        told = await submit(
            client, f"/skill-phrases/{path}", {"version": "1", "alias": WORDS, "skill": "own:complaints"}
        )
        left = await client.get("/skill-phrases")
        answered = await client.get(f"/skill-phrases/{path}")
    assert WORDS in queue.text
    assert empty.status_code == 422
    assert told.status_code == 303
    assert "Tout est compris" in left.text
    assert "Ces mots veulent dire" in answered.text


async def test_a_list_is_checked_then_taken_and_a_fault_is_said_in_french(
    app: Any, clock: FixedClock
) -> None:
    asked = {"kind": "other", "scheme": "acme", "edition": "1", "title": "Acmé"}
    async with browser(app, await bearer_of_staff(app, clock, Role.ADMINISTRATOR)) as client:
        token = {"_csrf_token": client.cookies.get("csrftoken", "")}

        async def send(text: str) -> Any:
            files = {"files": ("liste.csv", text.encode(), "text/csv")}
            return await client.post("/skill-lists", data={**asked, **token}, files=files)

        faulty = await send("notation;label_fr\nR1;\n")
        sent = await send("notation;label_fr\nR1;Litige\n")
        page = await client.get(sent.headers["location"])
        taken = await submit(client, f"{sent.headers['location']}/apply", {})
        listed = await client.get("/skill-lists")
    assert faulty.status_code == 422
    assert "n&#39;a de libellé ni en français ni en anglais" in faulty.text
    assert sent.status_code == 303
    assert "Litige" in page.text
    assert taken.status_code == 303
    assert "/skills?scheme=acme" in listed.text
