"""Pages of waves: composed in forms, a proposal with its picture and its reasons, and what a recruiter does with it."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from service.runtime.vocabulary import LockKind, Stage
from service.tables.applications import Application
from service.tables.waves import WaveLock, WaveProgramme
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, add_programme, bearer_of_staff, browser, submit

pytestmark = pytest.mark.anyio

REASON = "Ces horaires vont bien à cette personne."


def _plain(answered: httpx.Response) -> str:
    """The page with every kind of space alike."""
    return answered.text.replace("\u00a0", " ").replace("\u202f", " ")


async def _composed(app: Any, clock: FixedClock, client: httpx.AsyncClient) -> tuple[str, UUID]:
    """A wave of one programme with a morning's need and three people, made in forms: its address, the programme."""
    programme = await add_programme(app, clock, title="Énergie", seats=2)
    for name in ("Abel", "Blin", "Caron"):
        await add_candidate(app, clock, given_name="Ada", family_name=name)
    made = await submit(client, "/waves", {"name": "Rentrée de janvier"}, follow_redirects=False)
    wave = made.headers["location"]
    added = await submit(client, f"{wave}/programmes", {"programme_id": str(programme)})
    assert added.headers["location"] == f"{wave}/programmes/{programme}"
    kept = await submit(
        client, f"{wave}/programmes/{programme}", {"seats": "1", "needs": "lun-ven 9h-13h = 2\nsam"}
    )
    assert kept.status_code == 422
    assert "lun-ven 9h-13h = 2" in kept.text
    assert "contient « sam »" in _plain(kept)
    await submit(client, f"{wave}/programmes/{programme}", {"seats": "1", "needs": "lun-ven 9h-13h = 2"})
    await submit(client, f"{wave}/people", {"source": "everybody"})
    return wave, programme


async def _propose(client: httpx.AsyncClient, wave: str, **fields: Any) -> httpx.Response:
    asked = {
        "name": "Comme prévu",
        "outcome": ["match", "after_training", "after_remedy"],
        "first": "policy",
        "seconds": "5",
        **fields,
    }
    return await submit(client, f"{wave}/scenarios", asked)


async def test_a_wave_is_composed_proposed_read_and_applied_in_pages(app: Any, clock: FixedClock) -> None:
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        wave, programme = await _composed(app, clock, client)
        nameless = await _propose(client, wave, name="")
        assert nameless.status_code == 422
        assert "Donnez un nom au scénario." in nameless.text
        scenario = (await _propose(client, wave)).headers["location"]
        page = _plain(await client.get(scenario))
        assert "50 % du besoin est couvert." in page
        assert "Points de plus" not in page
        gains = _plain(await submit(client, f"{scenario}/gains", {"changed": str(programme)}))
        assert "Places chez Énergie : 2 de plus. Personnes placées : 2 de plus." in gains
        assert "pointe : 2" in page
        assert page.count('class="coverage-drawing"') == 5
        assert "1 / 2 <strong>−1</strong>" in page
        left = _plain(await client.get(f"{scenario}?show=left"))
        assert len(set(re.findall(rf"{scenario}/people/[^\"]+", left))) == 2
        person = re.findall(r'name="person" value="([^"]+)"', page)[0]
        why = _plain(await client.get(f"{scenario}/people/{person}"))
        assert "La semaine proposée" in why
        short = await submit(client, f"{scenario}/applications", {"person": person, "reason": "oui"})
        assert short.status_code == 422
        assert "checked" in short.text
        done = await submit(
            client, f"{scenario}/applications", {"person": person, "reason": REASON, "stage": "interview"}
        )
        assert done.headers["location"] == scenario
        assert "Appliqué" in _plain(await client.get(scenario))
    async with app.state.database.transaction(write=False) as session:
        rows = list(await session.scalars(sa.select(Application)))
        kept = (await session.scalars(sa.select(WaveProgramme))).one()
    assert [(row.programme_id, row.stage) for row in rows] == [(programme, Stage.INTERVIEW)]
    assert {(one["from"], one["to"], one["people"]) for one in kept.needs} == {("09:00", "13:00", 2)}


async def test_scenarios_stand_side_by_side_and_a_change_holds_for_one_only(
    app: Any, clock: FixedClock
) -> None:
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        wave, programme = await _composed(app, clock, client)
        await _propose(client, wave)
        wider = await _propose(client, wave, name="Deux places", **{f"seats-{programme}": "2"})
        assert wider.status_code == 303, wider.text
        page = _plain(await client.get(f"{wave}/comparison"))
        found = re.search(r"(\d+) de plus, (\d+) de moins, 0 ailleurs", page)
        assert found is not None
        assert abs(int(found[1]) - int(found[2])) == 1, "which of three equals has the seat may change"
        assert "Énergie : 2 places" in page
        wrong = await _propose(client, wave, name="Nuit", **{f"opening_hours-{programme}": "la nuit"})
        assert wrong.status_code == 422
        closed = await _propose(
            client, wave, name="Tard", **{f"opening_hours-{programme}": "lun-ven 10h-17h"}
        )
        assert closed.status_code == 422
        assert "serait fermé" in _plain(closed)


async def test_a_lock_is_set_from_the_people_and_kept_beside_its_person(app: Any, clock: FixedClock) -> None:
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        wave, programme = await _composed(app, clock, client)
        people = _plain(await client.get(f"{wave}/people"))
        person = re.findall(r'name="candidate_id" value="([^"]+)"', people)[2]
        fields = {"candidate_id": person, "lock": f"at:{programme}"}
        await submit(client, f"{wave}/locks", fields)
        scenario = (await _propose(client, wave)).headers["location"]
        assert "fixé par vous" in _plain(await client.get(scenario))
        assert "Fixer à : Énergie" in _plain(await client.get(wave))
        async with app.state.database.transaction(write=False) as session:
            kinds = list(await session.scalars(sa.select(col(WaveLock.kind))))
        assert kinds == [LockKind.AT]
        await submit(client, f"{wave}/locks", {**fields, "lock": f"free:{programme}"})
        assert "a changé depuis" in _plain(await client.get(scenario))
