"""A file of applicants brought in whole, beside rows added and committed one by one."""

import json

from service.flows.people.candidates import new_row
from service.flows.reading.reading_files import read_candidates
from service.flows.recruiting import imports
from service.flows.recruiting.imports_of_candidates import identity_of
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import ImportKind, Source
from tests.benchmarks.installation import Installation, installation
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import people
from tests.conftest import NOON

PEOPLE, TURNS = 5_000, 1


def measure() -> list[Measure]:
    """One line; each turn begins on an empty database."""
    data = json.dumps(people(PEOPLE), ensure_ascii=False).encode()
    with installation() as first, installation() as second:
        ours_s, instead_s = interleaved(
            lambda: first.run(_import(first, data)),
            lambda: second.run(_row_by_row(second, data)),
            turns=TURNS,
            warm=False,
        )
    return [
        Measure(
            "imports",
            f"{PEOPLE} people from JSON into SQLite",
            ours_s,
            "the same rows added and committed one by one",
            instead_s,
            TURNS,
            "ours also reads every skill, looks for twins, writes the trail, and leaves all or nothing",
        )
    ]


async def _import(service: Installation, data: bytes) -> None:
    state = service.app.state
    reading = imports.read_file(data, kind=ImportKind.CANDIDATES, file_name="people.json")
    async with state.database.transaction() as session:
        report = await imports.apply_at_once(
            session, SYSTEM, reading, data, files=state.files, editions=state.editions, now=NOON
        )
    assert report.new == PEOPLE, report


async def _row_by_row(service: Installation, data: bytes) -> None:
    """The same checked rows, without skills, twins or trail."""
    for row in read_candidates(data, "people.json").rows:
        async with service.app.state.database.transaction() as session:
            session.add(
                new_row(row.profile, identity_of(row), source=Source.IMPORTED, now=NOON, external_id=row.key)
            )
