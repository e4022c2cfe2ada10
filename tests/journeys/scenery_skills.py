"""What people can do: lists of skills and phrases that wait, what a trainer saw, a pool and a letter to it."""

from typing import Any

import httpx
from sqlalchemy import select

from service.flows.recruiting import skill_phrases
from service.runtime.editions import load_editions
from service.tables.trail import Mail
from tests.conftest import NOON
from tests.service.cast import PROFILE, api
from tests.service.papers.offering import new_key


async def bring_in(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """A customer's list in force and a later edition checked, a name given here, and words that wait."""
    head = "notation;label_fr;aliases_fr;broader;same_as\n"
    async with api(app, sessions["administrator"]) as client:
        for edition, rows in (
            ("1", "R1;Litige;;;complaints\nR2;Ancien;;R1;\n"),
            ("2", "R1;Différend;;;\n"),
        ):
            sent = await client.post(
                "/skill-lists", data={"scheme": "acme", "edition": edition},
                files={"files": ("liste.csv", (head + rows).encode(), "text/csv")},
            )  # fmt: skip
            _done(sent)
            ids["skill-edition"] = sent.json()["id"]
            if edition == "1":
                _done(await client.post(f"/skill-lists/{sent.json()['id']}/apply", headers=new_key()))
    async with api(app, sessions["recruiter"]) as client:
        read = await client.get("/skills/own/complaints")
        given = await client.post(
            "/skills/own/complaints/aliases", json={"name": "gribouillage frénétique"},
            headers={"If-Match": read.headers["etag"]},
        )  # fmt: skip
        _done(given)
        await skill_phrases.gather(app.state.database, load_editions(), now=NOON, limit=200)
        ids["skill-phrase"] = (await client.get("/skill-phrases")).json()["items"][0]["id"]


async def note(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """Nolwenn's trainer saw her at work twice, and took one note back."""
    async with api(app, sessions["trainer"]) as client:
        url = f"/candidates/{ids['nolwenn']}/ledger"
        for skill, level in (("inbound_calls", 4), ("crm", 1)):
            seen = {
                "skill": skill, "level": level, "seen_on": "2026-11-20",
                "words": "Une matinée d'écoute : sept appels, chacun noté dans l'outil.",
            }  # fmt: skip
            noted = await client.post(f"{url}/observations", json=seen)
            _done(noted)
        _done(await client.post(f"{url}/entries/{noted.json()['id']}/end", json={"why": "Autre personne."}))


async def fill_pool(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """A kept search with somebody new, and a letter about the first programme that somebody of the pool fits."""
    async with api(app, sessions["recruiter"]) as client:
        kept = await client.post("/searches", json={"name": "Appels", "question": {"skill": "inbound_calls"}})
        _done(kept)
        ids["search"] = kept.json()["id"]
        _done(
            await client.post(
                "/candidates", json={"given_name": "Ilan", "profile": PROFILE}, headers=new_key()
            )
        )
        for programme in (await client.get("/programmes")).json()["items"]:
            url = f"/programmes/{programme['id']}/pool"
            for one in (await client.get(url)).json()["items"]:
                told = {"is_yes": True, "note": "Au téléphone, le 20 novembre."}
                _done(await client.post(f"/candidates/{one['candidate_id']}/pool", json=told))
                body = {"candidate_ids": [one["candidate_id"]]}
                (wrote,) = (await client.post(f"{url}/letters", json=body)).json()["items"]
                if wrote["is_written"]:
                    ids["pool-programme"] = programme["id"]
                    ids["interest"] = await _interest(app)
                    return
    raise AssertionError("nobody of the pool could be written to")


async def _interest(app: Any) -> str:
    async with app.state.database.transaction(write=False) as session:
        bodies = await session.scalars(select(Mail.body_text).where(Mail.body_text.contains("/interest/")))
        return next(body.split("/interest/")[1].split()[0] for body in bodies)


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
