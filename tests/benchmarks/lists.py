"""The list of candidates over HTTP: our lines by keyset, beside a dump of the rows by OFFSET."""

import json
import logging
from datetime import timedelta
from typing import Any

import httpx
from litestar import get
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.people.candidates import new_row
from service.flows.reading.reading_files import read_candidates
from service.flows.recruiting import programmes
from service.flows.recruiting.imports_of_candidates import identity_of
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Source
from service.tables.applications import Application
from service.tables.people import Candidate
from tests.benchmarks.installation import Installation, installation
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import people
from tests.benchmarks.population import programmes as wanted
from tests.conftest import FixedClock
from tests.service.cast import BASE, bearer_of_staff

PEOPLE, PAGE, TURNS = 1_000, 50, 15
OFFSET = PEOPLE - PAGE


@get("/api/v1/benchmark/people", include_in_schema=False)
async def dump(session: NamedDependency[AsyncSession], offset: int) -> list[dict[str, Any]]:
    """What one writes first: whole rows as they are stored, by OFFSET."""
    rows = await session.scalars(
        select(Candidate)
        .order_by(col(Candidate.created_at).desc(), col(Candidate.id).desc())
        .offset(offset)
        .limit(PAGE)
    )
    return [row.model_dump(mode="json") for row in rows]


def measure() -> list[Measure]:
    """Two lines: the first page, and the last one."""
    with installation() as service:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        service.app.register(dump)
        clock = FixedClock()
        service.run(_fill(service, clock))
        bearer = service.run(bearer_of_staff(service.app, clock))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(service.app),
            base_url=f"{BASE}/api/v1",
            headers={"Authorization": f"Bearer {bearer}"},
        )
        last = service.run(_path_of_last_page(client))
        first = f"/candidates?limit={PAGE}"
        sizes = [len(service.run(_read(client, path)).content) for path in (first, _dump_path(0))]
        found = [
            _side_by_side(service, client, "first page", first, _dump_path(0), sizes),
            _side_by_side(service, client, "last page", last, _dump_path(OFFSET), sizes),
        ]
        service.run(client.aclose())
    return found


def _dump_path(offset: int) -> str:
    return f"/benchmark/people?offset={offset}"


def _side_by_side(
    service: Installation, client: httpx.AsyncClient, which: str, ours: str, instead: str, sizes: list[int]
) -> Measure:
    ours_s, instead_s = interleaved(
        lambda: service.run(_read(client, ours)), lambda: service.run(_read(client, instead)), turns=TURNS
    )
    return Measure(
        "lists",
        f"{which} of {PEOPLE} people, {PAGE} lines over HTTP",
        ours_s,
        "SQLModel rows dumped, OFFSET",
        instead_s,
        TURNS,
        f"ours adds each person's best application and its programme; {sizes[0] // 1000} kB against {sizes[1] // 1000}",
    )


async def _read(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


async def _path_of_last_page(client: httpx.AsyncClient) -> str:
    path = following = f"/candidates?limit={PAGE}"
    while following:
        path = following
        cursor = (await _read(client, path)).json()["next"]
        following = f"/candidates?limit={PAGE}&cursor={cursor}" if cursor else ""
    return path


async def _fill(service: Installation, clock: FixedClock) -> None:
    """People one second apart, each with an application that was weighed."""
    asked = wanted(1)[0].model_dump(mode="json", exclude_none=True)
    rows = read_candidates(json.dumps(people(PEOPLE)).encode(), "people.json").rows
    async with service.app.state.database.transaction() as session:
        programme = await programmes.create_programme(
            session, SYSTEM, profile=asked, client_name="Énergie du Port", now=clock()
        )
        for number, row in enumerate(rows):
            now = clock() + timedelta(seconds=number)
            person = new_row(row.profile, identity_of(row), source=Source.IMPORTED, now=now)
            session.add(person)
            await session.flush()
            session.add(
                Application(
                    candidate_id=person.id, programme_id=programme.id, stage_since=now, created_at=now,
                    match_score=number % 101, match_outcome="match",
                )
            )  # fmt: skip
