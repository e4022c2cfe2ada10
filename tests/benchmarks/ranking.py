"""A whole base against many programmes: columns beside the plain loop over single pairs, loading, and what is new."""

import asyncio
import sqlite3
import tempfile
import tracemalloc
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

import service  # noqa: F401  # first of all: it puts the safe SQLite in place
from assessments.matching.matching import Matcher, Prepared
from assessments.ranking.people import People, merged
from assessments.ranking.ranking import Best, Ranker
from service.flows.matching import packed_base
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.schema import upgrade
from service.runtime.settings import Settings
from service.store.matching import packed_readings
from tests.benchmarks.crowd import Crowd, crowd, wanted
from tests.benchmarks.measuring import Measure, Work, interleaved, seconds_of

SIZES, SAMPLE, PROGRAMMES, MOST, TURNS, STORED = (100_000, 1_000_000), 250, 200, 50, 3, 50_000
LOOP = "Matcher.weigh over prepared readings, pair by pair, then sorted"


def measure() -> list[Measure]:
    """The best of every programme is checked equal to the loop's on the sample before anything is timed."""
    matcher = load_editions().matcher
    programmes, people = wanted(matcher, PROGRAMMES), crowd(matcher, SIZES[-1])
    ranker = Ranker(matcher, programmes)
    pair_s = check(matcher, programmes, people.first(SAMPLE)) / (SAMPLE * PROGRAMMES)
    found, taken = [], []
    for size in SIZES:
        columns = people.first(size).people
        taken.append(interleaved(lambda some=columns: ranker.best(some), turns=TURNS)[0])
        found.append(
            Measure(
                "ranking", f"{size:,} people x {PROGRAMMES} programmes, best {MOST} each", taken[-1], LOOP,
                pair_s * size * PROGRAMMES, TURNS,
                f"same {MOST} people and scores as the loop on {SAMPLE} people, whose pairs are timed and scaled "
                f"({1e6 * pair_s:.0f} µs a pair; it also writes the reasons); "
                f"ours {1e9 * taken[-1] / size / PROGRAMMES:.1f} ns; "
                f"{_megabytes_of(lambda some=columns: ranker.best(some)):.0f} MB more at the peak, beside "
                f"{_megabytes(columns):.0f} MB of columns",
            )
        )  # fmt: skip
    found += [Measure("ranking", f"growth from {a:,} to {b:,} people: {later / first:.1f} times", later, n=TURNS)
              for (a, b), (first, later) in zip(pairwise(SIZES), pairwise(taken), strict=True)]  # fmt: skip
    return [*found, *_incremental(matcher, programmes, people, pair_s), *_loading(people)]


def check(matcher: Matcher, programmes: Sequence[Prepared], sample: Crowd) -> float:
    """Seconds of the loop over the sample; its best are those of the columns."""
    persons = [sample.one(place) for place in range(len(sample.records))]
    looped: list[list[tuple[int, int]]] = []

    def loop() -> None:
        for programme in programmes:
            scores = [matcher.weigh(person, reading, programme).score for person, reading in persons]
            looped.append(sorted((-round(score * 100), row) for row, score in enumerate(scores))[:MOST])

    taken = seconds_of(loop)
    best = Ranker(matcher, programmes).best(sample.people, most=MOST)
    assert looped == [told(one) for one in best], "columns must name the same people with the same scores"
    return taken


def told(best: Best) -> list[tuple[int, int]]:
    """Scores, the highest first, and places."""
    return list(zip((-best.hundredths).tolist(), best.rows.tolist(), strict=True))


def _incremental(
    matcher: Matcher, programmes: Sequence[Prepared], people: Crowd, pair_s: float
) -> list[Measure]:
    """What comes new: a person against every programme and into the columns, a programme against everybody."""
    everybody, ranker, some = people.people, Ranker(matcher, programmes), people.first(SIZES[0])
    newcomer, order = people.first(1).people, np.arange(SIZES[0] + 1)
    person_s, programme_s, joined_s, anew_s = interleaved(
        lambda: ranker.best(newcomer, most=1, threads=1),
        lambda: Ranker(matcher, programmes[:1]).best(everybody, most=MOST),
        lambda: merged(some.people, newcomer, order),
        lambda: Crowd(matcher, some.layout, some.records, some.profiles, some.week_of, some.tongue_of,
                      some.traits_of).people,
        turns=2 * TURNS + 1,
    )  # fmt: skip
    return [
        Measure("ranking", f"one new person weighed for {PROGRAMMES} programmes", person_s, LOOP, pair_s * PROGRAMMES,
                2 * TURNS + 1),
        Measure("ranking", f"one new person put among {SIZES[0]:,}", joined_s, "columns made anew", anew_s,
                2 * TURNS + 1),
        Measure("ranking", f"one changed programme, {SIZES[-1]:,} people, best {MOST}", programme_s, LOOP,
                pair_s * SIZES[-1], 2 * TURNS + 1),
    ]  # fmt: skip


def _loading(people: Crowd) -> list[Measure]:
    """Columns from the service's own table, beside a row for each skill that somebody shows."""
    some = people.first(STORED)
    with tempfile.TemporaryDirectory(prefix="homeshore-bench-") as folder:
        settings = Settings(data_dir=Path(folder), database_url="")
        upgrade(settings)
        path = Path(folder) / "homeshore.db"
        rows = _store(path, some)
        database = Database(f"sqlite+aiosqlite:///{path}")
        loaded: list[People] = []

        async def load() -> None:
            async with database.transaction(write=False) as session:
                loaded.append((await packed_base._loaded(session, some.layout, None))[0])

        async def load_levels() -> None:
            async with database.transaction(write=False) as session:
                records = await packed_readings.records_of(session, some.layout.name)
            matrix = np.frombuffer(b"".join(records), dtype=some.layout.record)["levels"]
            np.ascontiguousarray(matrix.T)

        with asyncio.Runner() as runner:
            levels_s, whole_s, rows_s = interleaved(
                lambda: runner.run(load_levels()),
                lambda: runner.run(load()),
                lambda: _fetch(path),
                turns=TURNS,
            )
            runner.run(database.close())
    assert np.array_equal(loaded[-1].levels, some.people.levels), "what is loaded is what was stored"
    told = f"fetching their {rows:,} (person, skill, level) rows into an array"
    return [
        Measure("ranking", f"{STORED:,} people's matrix of levels, from the database", levels_s, told, rows_s, TURNS),
        Measure("ranking", f"{STORED:,} people whole, from the database", whole_s, told, rows_s, TURNS,
                "weeks, languages, lines and wishes besides the levels"),
    ]  # fmt: skip


def _store(path: Path, some: Crowd) -> int:
    """The same people packed and as plain rows; how many rows these are."""
    names = [UUID(bytes=bytes(row)).hex for row in some.records["name"]]
    shared = [some.packed_shared(place) for place in range(len(names))]
    both = some.records["levels"]
    levels = np.stack([both & 15, both >> 4], axis=2).reshape(len(names), -1)
    people, skills = np.nonzero(levels)
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "INSERT INTO packed_reading (id, candidate_id, layout, revision, packed, profile, words) "
            "VALUES (?, ?, ?, 1, ?, ?, ?)",
            ((name, name, some.layout.name, row.tobytes(), told, bytes(8))
             for name, row, told in zip(names, some.records, shared, strict=True)),
        )  # fmt: skip
        connection.execute("CREATE TABLE shown (candidate_id INTEGER, skill INTEGER, level INTEGER)")
        found = zip(people.tolist(), skills.tolist(), levels[people, skills].tolist(), strict=True)
        connection.executemany("INSERT INTO shown VALUES (?, ?, ?)", found)
    connection.close()
    return len(people)


def _fetch(path: Path) -> Any:
    connection = sqlite3.connect(path)
    try:
        return np.array(connection.execute("SELECT candidate_id, skill, level FROM shown").fetchall())
    finally:
        connection.close()


def _megabytes(people: People) -> float:
    columns = (people.levels, people.line, people.homes, people.rhythms, people.tongues, people.traits)
    return float(sum(one.nbytes for one in columns) / 1e6)


def _megabytes_of(work: Work) -> float:
    """The most memory that one call holds."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
