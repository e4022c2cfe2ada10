"""Skills in the service: found, read, changed by people, brought in by list, and asked about when nobody understood."""

from typing import Any

import pytest
from sqlalchemy import select

from service.flows.erasing import erase
from service.flows.recruiting import skill_phrases
from service.runtime.actors import SYSTEM
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Role
from service.tables.skills import SkillPhrase
from tests.conftest import FixedClock
from tests.service.callers import as_staff
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
)
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

WORDS = "gribouillage frénétique"
HEAD = "notation;label_fr;label_en;aliases_fr;broader;same_as\n"
FIRST = HEAD + "R1;Litige grave;;zébulonnage;;complaints\nR2;Litige du métro;;;R1;\nR3;Ancien;;;;\n"
SECOND = HEAD + "R1;Différend sérieux;;zébulonnage;;complaints\nR2;Litige du métro;;;R1;\nR4;Nouveau;;;;\n"


async def etag(client: Any, path: str) -> dict[str, str]:
    return {"If-Match": (await client.get(path)).headers["etag"]}


async def gather(app: Any, clock: FixedClock) -> int:
    return await skill_phrases.gather(app.state.database, load_editions(), now=clock(), limit=50)


async def take(client: Any, text: str, edition: str) -> dict[str, Any]:
    """A customer's list sent, checked and taken; its report."""
    sent = await client.post(
        "/skill-lists",
        data={"scheme": "acme", "edition": edition, "title": "Acmé"},
        files={"files": ("liste.csv", text.encode(), "text/csv")},
    )
    assert sent.status_code == 201, sent.text
    taken = await client.post(f"/skill-lists/{sent.json()['id']}/apply", headers=new_key())
    assert taken.status_code == 200, taken.text
    assert taken.json()["report"] == sent.json()["report"]
    report: dict[str, Any] = taken.json()["report"]
    return report


async def test_a_skill_shows_its_names_its_kinds_and_its_notations(app: Any, clock: FixedClock) -> None:
    async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        found = (await client.get("/skills/own/crm")).json()
        listed = (await client.get("/skills?q=RECLAM&limit=1")).json()
        rest = (await client.get(f"/skills?q=RECLAM&cursor={listed['next']}")).json()
        nothing = await client.get("/skills/own/nope")
    assert "own:crm_hubspot" in {one["uri"] for one in found["narrower"]}
    assert found["same_as_uri"].startswith("http://data.europa.eu/esco/skill/")
    assert "own:complaints" in {one["uri"] for one in listed["items"] + rest["items"]}
    assert nothing.status_code == 404


async def test_an_alias_given_here_is_understood_at_once_and_names_who_gave_it(
    app: Any, clock: FixedClock
) -> None:
    path = "/skills/own/complaints"
    async with api(app, await bearer_of_staff(app, clock)) as client:
        before = (await client.get("/skills/found", params={"phrase": WORDS})).json()
        unsaid = await client.post(f"{path}/aliases", json={"name": WORDS})
        given = await client.post(
            f"{path}/aliases", json={"name": WORDS, "locale": "fr"}, headers=await etag(client, path)
        )
        after = (await client.get("/skills/found", params={"phrase": f" {WORDS.upper()}"})).json()
        stale = await client.post(f"{path}/aliases", json={"name": "autre mot"}, headers={"If-Match": '"v0"'})
        gone = await client.delete(
            f"{path}/aliases", params={"name": WORDS}, headers=await etag(client, path)
        )
        last = (await client.get("/skills/found", params={"phrase": WORDS})).json()
    assert before["chosen"] is None
    assert unsaid.status_code == 428
    assert given.json()["given"] == [WORDS]
    assert (after["chosen"]["skill"], after["way"]) == ("own:complaints", "exact")
    assert stale.status_code == 412
    assert [one["kind"] for one in gone.json()["history"]] == ["alias_removed", "alias_added"]
    assert gone.json()["history"][0]["staff_name"] == "Ada recruiter"
    assert last["chosen"] is None


async def test_two_skills_never_share_a_name_and_none_is_a_kind_of_itself(
    app: Any, clock: FixedClock
) -> None:
    async with api(app, await bearer_of_staff(app, clock)) as client:
        shared = await client.post(
            "/skills/own/chat/aliases", json={"name": "Appels ENTRANTS"},
            headers=await etag(client, "/skills/own/chat"),
        )  # fmt: skip
        ring = await client.put(
            "/skills/own/crm/broader", json={"broader": "own:crm_hubspot"},
            headers=await etag(client, "/skills/own/crm"),
        )  # fmt: skip
        free = await client.put(
            "/skills/own/crm_hubspot/broader", json={"broader": None},
            headers=await etag(client, "/skills/own/crm_hubspot"),
        )  # fmt: skip
    assert (shared.status_code, ring.status_code) == (422, 422)
    assert "Répondre à des appels entrants" in shared.json()["detail"]
    assert ring.json()["type"].endswith("skill-cycle")
    assert free.json()["broader"] == []


async def test_a_token_and_a_candidate_change_nothing(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        assert (await client.get("/skills/own/crm")).status_code == 403
    async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        headers = await etag(client, "/skills/own/crm")
        refused = await client.post("/skills/own/crm/aliases", json={"name": WORDS}, headers=headers)
        assert refused.status_code == 403


async def test_a_list_says_what_changed_since_the_last_one_and_loses_nothing(
    app: Any, clock: FixedClock
) -> None:
    async with api(app, await bearer_of_staff(app, clock)) as client:
        first = await take(client, FIRST, "1")
        alias = await client.post(
            "/skills/acme/R2/aliases", json={"name": "litige de rame"},
            headers=await etag(client, "/skills/acme/R2"),
        )  # fmt: skip
        clock.move(hours=1)
        again = await take(client, FIRST, "1")
        second = await take(client, SECOND, "2")
        renamed = (await client.get("/skills/acme/R1")).json()
        removed = (await client.get("/skills/acme/R3")).json()
        kept = (await client.get("/skills/acme/R2")).json()
        own = (await client.get("/skills/own/complaints")).json()
        listed = (await client.get("/skills?scheme=acme&q=litige")).json()["items"]
        found = (await client.get("/skills/found?phrase=zébulonnage")).json()
        searched = (await client.get("/skills?scheme=acme&q=litige rame")).json()["items"]
        lists = (await client.get("/skill-lists")).json()
    assert (first["added"], first["removed"]) == (3, 0)
    assert alias.status_code == 200, alias.text
    assert (again["unchanged"], again["added"], again["removed"]) == (3, 0, 0)
    assert {name: second[name] for name in ("added", "removed", "relabelled", "unchanged")} == {
        "added": 1, "removed": 1, "relabelled": 1, "unchanged": 1,
    }  # fmt: skip
    assert second["relabelled_lines"] == [
        {"uri": "acme:R1", "label": "Différend sérieux", "was": "Litige grave"}
    ]
    assert renamed["former"] == ["Litige grave"]
    assert removed["removed_at"] is not None
    assert kept["given"] == ["litige de rame"]
    assert [one["notation"] for one in kept["broader"]] == ["R1"]
    assert [one["uri"] for one in own["stood_for_by"]] == ["acme:R1"]
    assert [one["notation"] for one in listed] == ["R1", "R2"]
    assert found["chosen"]["skill"] == "own:complaints"
    assert [one["notation"] for one in searched] == ["R2"]
    assert lists["in_force"] == {"acme": 3}


async def test_a_list_that_cannot_be_read_says_where(app: Any, clock: FixedClock) -> None:
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = await client.post(
            "/skill-lists",
            data={"scheme": "acme", "edition": "1"},
            files={"files": ("liste.csv", (HEAD + "R1;Un;;;;\nR1;Deux;;;;\n").encode(), "text/csv")},
        )
        lists = (await client.get("/skill-lists")).json()
    assert told.status_code == 422
    assert [one["pointer"] for one in told.json()["errors"]] == ["liste.csv:3"]
    assert lists["items"] == []


async def test_what_nobody_understood_waits_and_its_answer_becomes_an_alias(
    app: Any, clock: FixedClock
) -> None:
    profile = {**PROFILE, "skills": ["appels entrants", WORDS, "06 12 34 56 78 le soir"]}
    await add_candidate(app, clock, profile=profile)
    await add_candidate(app, clock, profile={**profile, "skills": [WORDS.capitalize(), "tressage de nuages"]})
    await add_programme(app, clock, skills=[{"text": WORDS, "level": 3, "importance": "must"}])
    assert await gather(app, clock) == 2
    assert await gather(app, clock) == 0
    async with api(app, await bearer_of_staff(app, clock)) as client:
        first, second = (await client.get("/skill-phrases")).json()["items"]
        path = f"/skill-phrases/{first['id']}"
        headers = await etag(client, path)
        wrong = await client.put(f"{path}/answer", json={"skill": "own:nope"}, headers=headers)
        told = await client.put(f"{path}/answer", json={"skill": "own:complaints"}, headers=headers)
        twice = await client.put(
            f"{path}/answer", json={"skill": "own:chat"}, headers=await etag(client, path)
        )
        other = f"/skill-phrases/{second['id']}"
        aside = await client.put(f"{other}/answer", json={"skill": None}, headers=await etag(client, other))
        found = (await client.get("/skills/found", params={"phrase": WORDS})).json()
        people = (await client.get("/candidates?skill=complaints")).json()["items"]
        left = (await client.get("/skill-phrases")).json()["items"]
    assert (first["phrase"], first["people"], first["programmes"]) == (WORDS, 2, 1)
    assert wrong.status_code == 422
    assert told.json()["state"] == "answered"
    assert twice.status_code == 409
    assert aside.json()["state"] == "set_aside"
    assert found["chosen"]["skill"] == "own:complaints"
    assert len(people) == 2
    assert left == []


async def test_a_phrase_is_shown_only_to_those_who_reach_whose_words_it_is_and_goes_with_them(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock, profile={**PROFILE, "skills": [WORDS]})
    await gather(app, clock)
    apart = await as_staff(app, clock, email="apart@example.com", sees_all_programmes=False)
    async with apart, api(app, await bearer_of_staff(app, clock)) as client:
        hidden = (await apart.get("/api/v1/skill-phrases")).json()["items"]
        (shown,) = (await client.get("/skill-phrases")).json()["items"]
        beyond = await apart.get(f"/api/v1/skill-phrases/{shown['id']}")
    async with app.state.database.transaction() as session:
        await erase(
            session, SYSTEM, person, files=app.state.files, reason="Demande de la personne.", now=clock()
        )
    await gather(app, clock)
    async with app.state.database.transaction(write=False) as session:
        left = list(await session.scalars(select(SkillPhrase)))
    assert hidden == []
    assert beyond.status_code == 404
    assert left == []
