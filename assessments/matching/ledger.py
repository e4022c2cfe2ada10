"""One ledger of skills a person: what was declared, tested, trained or observed, and the level that stands on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.matching.ledger_policy import HowShown, LedgerPolicy, Wear
from assessments.matching.readings import PersonReading, Reader, Shown
from assessments.values import Value

Level = Annotated[int, Field(ge=0, le=5)]


class Entry(Value):
    """One thing shown of one skill on one day, with the words that show it.

    `is_contested`: the person asked that somebody else look at it, and nobody has answered; until then it takes
    nothing from them.
    """

    id: str
    skill: str
    level: Level
    evidence: HowShown
    known_on: date
    words: str
    is_contested: bool = False


class Part(StrEnum):
    """What an entry does to the level of a day: it carries it, bounds it, or agrees."""

    CARRIES = "carries"
    BOUNDS = "bounds"
    AGREES = "agrees"


class Line(Value):
    """One entry on a day: the level it still shows, and its part in the level that stands."""

    entry: Entry
    level: Level
    part: Part


class Held(Value):
    """One skill on a day. `declared` is what the person's own words show; `most` bounds it where somebody saw less.

    `lines` are the entries, the newest first; none of them carries the level where the person's words do.
    """

    skill: str
    level: Level
    declared: Level
    most: Level | None
    lines: tuple[Line, ...]

    @property
    def carrying(self) -> Entry | None:
        """The entry that the level rests on; None where it is the person's own words."""
        return next((line.entry for line in self.lines if line.part is Part.CARRIES), None)


def level_left(entry: Entry, *, on: date, wear: Wear) -> int:
    """The level that an entry still shows on a day: practice that stops goes step by step, and never to nothing.

    >>> wear = Wear.model_validate(dict(evidence="trained", label={"fr": "x", "en": "x"}, why={"fr": "x", "en": "x"},
    ...     fresh_days=180, days_a_level=180, most_lost=2))
    >>> entry = Entry(id="1", skill="crm", level=3, evidence="trained", known_on=date(2026, 1, 1), words="x")
    >>> [level_left(entry, on=date(2026, 1, 1) + timedelta(days=days), wear=wear) for days in (0, 359, 360, 540, 9000)]
    [3, 3, 2, 1, 1]
    """
    age_days = max(0, (on - entry.known_on).days)
    lost = min(wear.most_lost, max(0, age_days - wear.fresh_days) // wear.days_a_level)
    return max(min(1, entry.level), entry.level - lost)


def hold(skill: str, declared: int, entries: Iterable[Entry], *, on: date, policy: LedgerPolicy) -> Held:
    """The level of one skill on a day, from the person's own words and the entries about it.

    The highest of what the pieces still show. Where somebody saw the person at work and wrote less, that bounds the
    words and everything shown up to that day, for as long as the policy lets it; what was shown later is free of it,
    and a contested entry bounds nothing.
    """
    pieces = sorted(entries, key=lambda one: (one.known_on, one.id), reverse=True)
    bound = _bounding(pieces, on=on, policy=policy)
    most = bound.level if bound else None
    levels = {
        one.id: _within(level_left(one, on=on, wear=policy.wear(one.evidence)), one, bound) for one in pieces
    }
    own = declared if most is None else min(declared, most)
    level = max((own, *levels.values()))
    carrying = next((one for one in pieces if levels[one.id] == level), None) if level > own else None
    parts = {one.id: Part.AGREES for one in pieces}
    if bound and bound.level < declared:
        parts[bound.id] = Part.BOUNDS
    if carrying:
        parts[carrying.id] = Part.CARRIES
    lines = tuple(Line(entry=one, level=levels[one.id], part=parts[one.id]) for one in pieces)
    return Held(skill=skill, level=level, declared=declared, most=most, lines=lines)


def _bounding(pieces: Sequence[Entry], *, on: date, policy: LedgerPolicy) -> Entry | None:
    """The entry that bounds what else is said: of the strongest evidence that may, the newest."""
    order = [wear.evidence for wear in policy.kinds]
    able = [
        one
        for one in pieces
        if not one.is_contested
        and (days := policy.wear(one.evidence).bounds_for_days)
        and (on - one.known_on).days <= days
    ]
    return max(able, key=lambda one: (order.index(one.evidence), one.known_on, one.id), default=None)


def _within(level: int, entry: Entry, bound: Entry | None) -> int:
    is_before = bound is not None and entry.known_on <= bound.known_on
    return min(level, bound.level) if bound is not None and is_before else level


def held_by(
    reading: PersonReading, entries: Iterable[Entry], *, on: date, policy: LedgerPolicy
) -> tuple[Held, ...]:
    """Every skill that the person's words or the ledger show, the highest level first."""
    by_skill = _by_skill(entries)
    skills = {*by_skill, *reading.skills}
    found = [
        hold(skill, reading.level(skill), by_skill.get(skill, ()), on=on, policy=policy) for skill in skills
    ]
    return tuple(sorted(found, key=lambda held: (-held.level, held.skill)))


def overlay(
    reader: Reader, reading: PersonReading, entries: Sequence[Entry], *, on: date, policy: LedgerPolicy
) -> PersonReading:
    """The same reading with the levels of a day: what the ledger raises and lends its neighbours, and what it bounds.

    Without entries it is the reading itself, unchanged. A skill that the taxonomy in force no longer knows is left out.
    """
    known = [one for one in entries if one.skill in reader.resolver.skills]
    if not known:
        return reading
    held = [
        hold(skill, reading.level(skill), pieces, on=on, policy=policy)
        for skill, pieces in _by_skill(known).items()
    ]
    levels = dict(reading.skills)
    raised = {one.skill: _shown(one) for one in held if one.level > one.declared}
    for skill, shown in reader.lent_by(raised).items():
        if shown.level > reading.level(skill):
            levels[skill] = max(shown, levels.get(skill, shown), key=lambda one: one.level)
    for one in held:
        _put(levels, one)
    return reading.model_copy(update={"skills": levels})


def _put(levels: dict[str, Shown], held: Held) -> None:
    """One skill at the level that stands; where nobody bounds it, never below what a neighbour lends it."""
    now = levels[held.skill].level if held.skill in levels else 0
    if held.level > now:
        levels[held.skill] = _shown(held)
    elif held.most is not None and now > held.level:
        if held.level:
            levels[held.skill] = _shown(held)
        else:
            levels.pop(held.skill)


def _shown(held: Held) -> Shown:
    entry = held.carrying or next((line.entry for line in held.lines if line.part is Part.BOUNDS), None)
    entry = entry or held.lines[0].entry
    return Shown(level=held.level, evidence=entry.words[:200], source=entry.evidence.value)


def _by_skill(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.skill, []).append(one)
    return found


def next_change(entries: Iterable[Entry], *, on: date, policy: LedgerPolicy) -> date | None:
    """The first day after `on` on which age may change a level; None when time changes nothing any more."""
    days = [
        entry.known_on + timedelta(days=age)
        for entry in entries
        for age in policy.wear(entry.evidence).turning_ages
    ]
    return min((day for day in days if day > on), default=None)
