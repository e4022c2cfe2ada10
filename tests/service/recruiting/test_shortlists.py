"""The shortlist as a page, side by side, and as files, on both databases."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from service.app import create_app
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, add_programme, bearer_of_staff, browser, submit
from tests.service.matching.test_matching import CALLS, NO_FRENCH, SHOP

pytestmark = pytest.mark.anyio


async def _open(app: Any, clock: FixedClock, *profiles: dict[str, Any]) -> tuple[str, list[str]]:
    programme = await add_programme(app, clock)
    people = [await add_candidate(app, clock, profile=profile) for profile in profiles]
    return f"/programmes/{programme}/shortlist", [str(person) for person in people]


async def test_the_page_ranks_people_with_words_for_what_is_there_and_missing(
    app: Any, clock: FixedClock
) -> None:
    path, people = await _open(app, clock, SHOP, CALLS, NO_FRENCH)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        page = await client.get(path)
    assert page.status_code == 200
    places = [page.text.index(f"/candidates/{person}") for person in people]
    assert places[1] < places[0] < places[2]
    for words in ("Correspond", "Après formation", "Pas pour ce programme", "langue", "À compléter", "/3)"):
        assert words in page.text
    assert "Il ne décide de rien." in page.text
    assert "refusé" not in page.text.lower()


async def test_an_empty_shortlist_says_how_to_fill_it(app: Any, clock: FixedClock) -> None:
    path, _ = await _open(app, clock)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        assert "Importez un fichier de candidats" in (await client.get(path)).text


async def test_the_page_filters_and_pages(app: Any, clock: FixedClock) -> None:
    path, people = await _open(app, clock, CALLS, NO_FRENCH, *[SHOP] * 25)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        first = (await client.get(path)).text
        only = (await client.get(f"{path}?outcome=match")).text
        reachable = (await client.get(f"{path}?outcome=reachable&applied=yes")).text
        start = first.index("cursor=")
        following = (await client.get(f"{path}?{first[start : first.index(chr(34), start)]}")).text
    assert people[0] in first
    assert people[1] not in first
    assert people[1] in following
    assert (people[0] in only, people[2] in only) == (True, False)
    assert "Personne avec ce filtre" in reachable


async def test_two_to_four_people_stand_side_by_side(app: Any, clock: FixedClock) -> None:
    path, people = await _open(app, clock, CALLS, SHOP, SHOP)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        page = await client.get(f"{path}/comparison?person={people[0]}&person={people[1]}")
        one = await client.get(f"{path}/comparison?person={people[0]}")
        none = await client.get(f"{path}/comparison?person=x&person={uuid4()}&person={uuid4()}")
    assert page.status_code == 200
    assert people[0] in page.text
    assert people[1] in page.text
    assert people[2] not in page.text
    assert "appels entrants" in page.text
    assert (one.status_code, one.headers["location"]) == (303, path)
    assert none.status_code == 200


async def test_an_application_is_noted_for_somebody_of_the_pool_once(app: Any, clock: FixedClock) -> None:
    path, people = await _open(app, clock, CALLS)
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        for _ in range(2):
            answer = await submit(client, f"{path}/applications", {"candidate_id": people[0]})
            assert (answer.status_code, answer.headers["location"]) == (303, path)
        page = await client.get(path)
    async with app.state.database.transaction(write=False) as session:
        rows = list(await session.scalars(select(Application)))
    assert len(rows) == 1
    assert rows[0].match_outcome == "match"
    assert "Candidature reçue" in page.text
    assert "Noter une candidature" not in page.text


async def test_the_spreadsheet_holds_everybody_and_runs_nothing(app: Any, clock: FixedClock) -> None:
    path, _ = await _open(app, clock, NO_FRENCH)
    await add_candidate(app, clock, profile=CALLS, given_name="=HYPERLINK(1)", family_name="X")
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.get(f"{path}.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Rang", "Personne", "Situation", "Score sur 100"]
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][1] == "'=HYPERLINK(1) X"
    assert rows[2][2] == "pas pour ce programme aujourd'hui"
    async with app.state.database.transaction(write=False) as session:
        entries = list(
            await session.scalars(select(AuditEntry).where(AuditEntry.action == "shortlist.export"))
        )
    assert len(entries[0].detail["people"]) == 2


async def test_the_paper_is_a_pdf_even_for_names_that_the_fonts_lack(
    sqlite_settings: Settings, clock: FixedClock
) -> None:
    app = create_app(sqlite_settings.model_copy(update={"pdf_processes": 1}), clock=clock)
    async with app.lifespan():
        path, _ = await _open(app, clock, CALLS)
        await add_candidate(app, clock, profile=SHOP, given_name="李", family_name="🎧")
        async with browser(app, await bearer_of_staff(app, clock)) as client:
            answer = await client.get(f"{path}.pdf", timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"


async def test_who_trains_reads_no_shortlist(app: Any, clock: FixedClock) -> None:
    path, _ = await _open(app, clock, CALLS)
    async with browser(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        for suffix in ("", ".csv", ".pdf", "/comparison"):
            assert (await client.get(path + suffix)).status_code == 403
