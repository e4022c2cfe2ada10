"""What lists keep of every learner, computed again from the events: many at a time, without a sentence being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.recomputing import Kept, Recomputer, Told
from service.flows.learning import learning
from service.flows.paths import paths
from service.runtime.actors import SYSTEM
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.learning import recomputing as store
from service.store.learning.recomputing import Change, Stored

AT_ONCE = 2_000
"""Assignments read, and held, in one transaction."""


@dataclass(frozen=True)
class Part:
    """What came of one part: how many were read and rewritten, and where the next part starts (None: it was the last).

    `left_out` were begun on an edition that is no longer kept.
    """

    read: int
    rewritten: int
    left_out: int
    after: UUID | None


class Recomputing:
    """One run over everybody: each edition is made ready once, each day and page name is read once."""

    def __init__(self, editions: Editions, *, now: datetime) -> None:
        self._editions, self._now, self._today = editions, now, civil_date(now)
        self._ready: dict[tuple[str, str], Recomputer] = {}
        self._dates = lru_cache(maxsize=4096)(self._counted)
        self._names: dict[Any, tuple[str, int, str]] = {}
        self._days: dict[Any, date] = {}

    async def part(self, session: AsyncSession, *, after: UUID | None, at_once: int = AT_ONCE) -> Part:
        """Bring the next part of all assignments up to their events, from the id `after` on.

        A row is written only where something differs. Where somebody finished, or had not, the learner's own flow
        rewrites it, with the skills and the term that hang on it.
        """
        rows = await store.assignments_after(session, after=after, limit=at_once)
        if not rows:
            return Part(0, 0, 0, None)
        events = await store.events_between(session, rows[0].id, rows[-1].id)
        told = {key: list(found) for key, found in groupby(events, key=itemgetter(0))}
        changes, turned, left_out = [], [], 0
        for row in rows:
            ready = self._ready_for(row.path, row.edition)
            if ready is None:
                left_out += 1
                continue
            kept = self._kept(ready, row, told.get(row.key, ()))
            if (kept.is_complete, kept.completed_on) != (row.is_complete, row.completed_on):
                turned.append(row.id)
            elif change := _change(row, kept):
                changes.append(change)
        await store.rewrite(session, changes)
        for assignment_id in turned:
            held = await store.assignment(session, assignment_id)
            await learning.rewrite(session, SYSTEM, held, editions=self._editions, now=self._now)
        is_last = len(rows) < at_once
        return Part(len(rows), len(changes) + len(turned), left_out, None if is_last else rows[-1].id)

    def _ready_for(self, slug: str, edition: str) -> Recomputer | None:
        if (slug, edition) not in self._ready:
            path = self._editions.paths.get((slug, edition))
            if path is None:
                return None
            self._ready[slug, edition] = Recomputer(path)
        return self._ready[slug, edition]

    def _kept(self, ready: Recomputer, row: Stored, events: Sequence[store.Event]) -> Kept:
        dates = self._dates(row.path, row.edition, row.start_date)
        if row.due_dates:
            own = row.due_dates
            dates = tuple(
                date.fromisoformat(own[unit.slug]) if unit.slug in own else day
                for unit, day in zip(ready.units, dates, strict=True)
            )
        told, moved_on = self._told(events)
        # As when a path is given: before its start the step shown is that of its first day.
        return ready.kept(told, due=dates, has_begun=True)._replace(moved_on=moved_on)

    def _counted(self, slug: str, edition: str, start: date) -> tuple[date, ...]:
        path = self._editions.paths[slug, edition]
        return tuple(paths.dates_of(path, start).values())

    def _told(self, events: Sequence[store.Event]) -> tuple[list[Told], date | None]:
        """Events as the core reads them, and the day of the newest; each page name and each hour is read once."""
        names, days = self._names, self._days
        told: list[Told] = []
        moved_on: date | None = None
        for _, event_id, module, kind, detail, passed, at in events:
            hour = at[:13] if isinstance(at, str) else at.replace(minute=0, second=0, microsecond=0)
            day = days.get(hour)
            if day is None:
                day = days[hour] = civil_date(store.moment_of(hour))
            if moved_on is None or day > moved_on:
                moved_on = day
            if kind == "quiz_marked":
                told.append((module, kind, event_id, bool(passed), 0, day))
                continue
            read = names.get((kind, detail))
            if read is None:
                read = names[kind, detail] = store.name_in(kind, detail)
            name, count, held_on = read
            on = date.fromisoformat(held_on) if held_on else day
            told.append((module, kind, name or event_id, bool(passed), count, on))
        return told, moved_on


def _change(row: Stored, kept: Kept) -> Change | None:
    """The columns to write, or None where all of them say so already."""
    moved_on = max(row.start_date, kept.moved_on) if kept.moved_on else row.start_date
    said: Change = {
        "percent": kept.percent,
        "next_due": kept.next_due or row.next_due,
        "moved_on": moved_on,
        "modules_done": kept.modules_done,
        "unpassed": kept.unpassed,
        "waits_for_trainer": kept.waits_for_trainer,
        "step": kept.step,
        "step_module": kept.step_module,
        "step_page": kept.step_page,
    }
    if all(getattr(row, name) == value for name, value in said.items()):
        return None
    return {"row_id": row.id, **said}
