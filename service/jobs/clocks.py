"""Clocks: what time alone brings about, swept for in dated rows."""

import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import timedelta
from typing import Any

from service.flows.classes import class_reminders
from service.flows.continuous import help, notes
from service.flows.day_one import checklists, digests
from service.flows.learning import assignment_rules, renewals
from service.flows.matching import ledger, packed_base, ranked_base
from service.flows.papers import deadlines
from service.flows.paths import path_shelf
from service.flows.proof import proof_archives
from service.flows.recruiting import contests_reminders, skill_phrases
from service.jobs import figures
from service.jobs.tools import tools
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.lexicon_shelf import LexiconShelf
from service.runtime.log import log
from service.store import trail

SWEEP_SECONDS = 5.0
SETTLED_AFTER = timedelta(seconds=10)
"""No transaction here stays open that long, so older audit entries are in their final order."""

FIGURES_EVERY = 720
"""Sweeps, an hour in all: how often it is asked whether the figures of questionnaires are a day old."""

PHRASES_EVERY = 4
"""Sweeps, twenty seconds in all: how often changed files are read for phrases that no list understands."""
FILES_AT_ONCE = 200

TASKS_EVERY = 12
"""Sweeps, a minute in all: how often tasks are looked at that another record settles, daily letters, classes near."""

GIVING_EVERY = 12
"""Sweeps, a minute in all: how often rules give their paths to those who came to meet them."""

PACKING_EVERY = 12
"""Sweeps, a minute in all: how often people who came or changed are packed for large lists."""


Sweep = Callable[[], Coroutine[Any, Any, object]]


def run(stop: threading.Event) -> None:
    """Sweep until told to stop."""
    turn = 0
    while not stop.wait(SWEEP_SECONDS):
        turn += 1
        do_each(_due(turn))


def do_each(sweeps: Iterable[Sweep]) -> None:
    """Do one after the other; a fault is logged, keeps no other sweep from its turn, and its own comes again."""
    for sweep in sweeps:
        try:
            tools().do(sweep)
        except Exception as error:
            log.error("sweep_failed", sweep=sweep.__name__, error_type=type(error).__name__)


def _due(turn: int) -> Iterator[Sweep]:
    yield link_audit_entries
    if turn % PHRASES_EVERY == 0:
        yield gather_phrases
    if turn % PACKING_EVERY == 0:
        yield pack_readings
    if turn % GIVING_EVERY == 0:
        yield apply_assignment_rules
    if turn % TASKS_EVERY == 0:
        yield from (settle_tasks, send_digests, remind_of_classes, deal_notes, count_team_memory)
    if turn % FIGURES_EVERY == FIGURES_EVERY // 60:
        yield from (recompute_figures, remind_of_contests, remind_of_deadlines, remind_of_help)
        yield from (renew_training, age_skills, remove_proof_archives)


async def link_audit_entries() -> int:
    """Chain the settled audit entries."""
    async with tools().transaction() as session:
        return await trail.link_waiting(session, before=tools().clock() - SETTLED_AFTER)


async def recompute_figures() -> bool:
    """Compute the figures of our questionnaires again when they are a day old."""
    found = await figures.recompute(tools().settings, now=tools().clock(), only_when_old=True)
    return found is not None


async def remind_of_contests() -> int:
    """Remind those who must answer a contest that is due soon."""
    async with tools().transaction() as session:
        return await contests_reminders.remind_due(session, settings=tools().settings, now=tools().clock())


async def remind_of_deadlines() -> int:
    """Remind those who hold a date that a paper set, when it is near."""
    async with tools().transaction() as session:
        return await deadlines.remind_due(session, settings=tools().settings, now=tools().clock())


async def deal_notes() -> int:
    """Give the notes in force of a programme to people hired since they were sent.

    Whether anybody waits is asked apart: it looks at every card of every note, and would keep all others from writing.
    """
    async with tools().transaction(write=False) as session:
        if not await notes.is_anybody_waiting(session):
            return 0
    async with tools().transaction() as session:
        return await notes.deal_waiting(session, now=tools().clock())


async def count_team_memory() -> int:
    """Count once a day what teams remember, at once for a set of programmes that nobody saw before."""
    return await figures.count_team_memory(tools().settings, load_editions(), now=tools().clock())


async def remind_of_help() -> int:
    """Remind those who read a request for help whose promised day has passed."""
    async with tools().transaction() as session:
        return await help.remind_due(
            session, settings=tools().settings, editions=load_editions(), now=tools().clock()
        )


async def age_skills() -> int:
    """Bring the levels that age changes today, and what is weighed by them, up to the day."""
    async with tools().transaction() as session:
        return await ledger.refresh_due(session, editions=load_editions(), now=tools().clock())


async def remove_proof_archives() -> int:
    """Remove the archives of proofs whose days are over."""
    async with tools().transaction() as session:
        gone = await proof_archives.remove_over(session, now=tools().clock())
    proof_archives.remove_files(gone, tools().files)
    return len(gone)


async def renew_training() -> int:
    """Give paths again whose completion is near its end, and let those count no more that are past it."""
    seen = 0
    for sweep in (renewals.open_due, renewals.end_due):
        more = True
        while more:
            async with tools().transaction() as session:
                editions = await path_shelf.library(session, load_editions())
                settled = await sweep(
                    session, settings=tools().settings, editions=editions, now=tools().clock()
                )
            seen, more = seen + settled, settled == renewals.AT_ONCE
    return seen


async def settle_tasks() -> int:
    """Close the tasks of placements whose record elsewhere is there by now."""
    async with tools().transaction() as session:
        return await checklists.settle_followed(session, editions=load_editions(), now=tools().clock())


async def send_digests() -> int:
    """Write the daily letters about open tasks, a few readers a transaction, until the day is done."""
    written = 0
    while True:
        async with tools().transaction() as session:
            looked_at = await digests.send_due(
                session, editions=load_editions(), settings=tools().settings, now=tools().clock()
            )
        written += looked_at
        if not looked_at:
            return written


async def remind_of_classes() -> int:
    """Recall the classes that are near, a few readers a transaction, until everybody was told."""
    written = 0
    while True:
        async with tools().transaction() as session:
            told = await class_reminders.send_due(
                session, editions=load_editions(), settings=tools().settings, now=tools().clock()
            )
        written += told
        if not told:
            return written


async def apply_assignment_rules() -> int:
    """Give the paths of the rules that are switched on to those who meet them now."""
    async with tools().transaction() as session:
        library = await path_shelf.library(session, load_editions())
        return await assignment_rules.apply_active(session, editions=library, now=tools().clock())


async def gather_phrases() -> int:
    """Queue what no list of skills understands in files and programmes that changed; read outside of any writing."""
    database = Database(tools().settings.async_database_url, pooled=False)
    try:
        shelf = LexiconShelf(tools().settings.data_dir)
        return await skill_phrases.gather(
            database, load_editions(), now=tools().clock(), limit=FILES_AT_ONCE, shelf=shelf
        )
    finally:
        await database.close()


async def pack_readings() -> int:
    """Pack what matching reads of people who came or changed, where they are many."""
    database = Database(tools().settings.async_database_url, pooled=False)
    try:
        return await packed_base.pack_ahead(
            database, load_editions(), larger_than=ranked_base.LARGE, now=tools().clock()
        )
    finally:
        await database.close()
