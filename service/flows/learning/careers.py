"""Where somebody may grow: the roles of the house and the programmes that are open, each with the way there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matching import Outcome
from assessments.matching.readings import PersonReading
from assessments.matching.training_paths import Need, needs_of
from onboarding.content import Label
from onboarding.continuous import careers
from onboarding.continuous.careers import Destination, Lesson, SkillStanding, Way
from onboarding.learning.progress import Progress
from onboarding.paths.paths import Path
from service.flows.learning import learning
from service.flows.learning.courses import training_on
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import read_programme, reading_of, weigh
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store import audit
from service.store.learning import assignments
from service.store.learning.assignments import AssignmentFacts
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting import programmes
from service.store.recruiting.programmes import ProgrammeFacts

MOST_PROGRAMMES = 60
"""Programmes looked at for one person: a page is read by a person, and the nearest ones come first."""


@dataclass(frozen=True)
class RoleAhead:
    """A role of the map with the way to it."""

    destination: Destination
    way: Way


@dataclass(frozen=True)
class ProgrammeAhead:
    """An open programme, what matching says of it, and what would have to be learnt."""

    programme: ProgrammeFacts
    outcome: Outcome
    way: Way


@dataclass(frozen=True)
class Career:
    """Everything ahead of one person on a day, the nearest first in each list; `edition` is the map's.

    Programmes that no training opens (hours, a line, a place) are left out: they are looked at with a person.
    `editions` are those it was read by: our own list of skills as people changed it.
    """

    person: CandidateFacts
    roles: tuple[RoleAhead, ...]
    programmes: tuple[ProgrammeAhead, ...]
    edition: str
    editions: Editions


async def read_career(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> Career:
    """The career map of one person within reach; the reading is noted."""
    person = await candidates.facts_of(session, actor, candidate_id)
    audit.record(session, actor, action="career.read", subject=("candidate", person.id), now=now)
    editions, today = await revised(session, editions), civil_date(now)
    found = await assignments.all_of(session, actor, person.id)
    done = _holding(learning.standings(found, editions=editions, today=today), today)
    reading = reading_of(editions, person, on=today)
    given = {path.slug: path for path in paths.in_force(editions, today)}
    roles = [
        RoleAhead(one, _way_to_role(one, reading, done, given, editions=editions, today=today))
        for one in editions.career_map_on(today).destinations
    ]
    opened = [
        ProgrammeAhead(
            one, outcome, _way_to_programme(one, reading, done, given, editions=editions, today=today)
        )
        for one in (await programmes.open_to_all(session))[:MOST_PROGRAMMES]
        if (outcome := weigh(editions, person, one, now=now).outcome) is not Outcome.NO
    ]
    return Career(
        person=person,
        roles=tuple(sorted(roles, key=lambda one: _nearness(one.way))),
        programmes=tuple(sorted(opened, key=lambda one: (*_nearness(one.way), one.programme.title))),
        edition=editions.career_map_on(today).edition,
        editions=editions,
    )


def _nearness(way: Way) -> tuple[int, int]:
    return way.minutes_left, len(way.unmet)


def _holding(
    standings: Sequence[tuple[AssignmentFacts, Progress]], today: date
) -> frozenset[tuple[str, str]]:
    """Modules done that hold today: of a finished path until its term ends, of one under way from the day they are."""
    return frozenset(
        (facts.path, module.module)
        for facts, standing in standings
        if facts.expires_on is None or facts.expires_on >= today
        for module in standing.modules
        if module.is_complete
    )


def _way_to_role(
    one: Destination,
    reading: PersonReading,
    done: frozenset[tuple[str, str]],
    given: Mapping[str, Path],
    *,
    editions: Editions,
    today: date,
) -> Way:
    skills = [
        SkillStanding(skill=wanted.skill, asked=wanted.level, shown=reading.level(wanted.skill))
        for wanted in one.skills
    ]
    needs = [
        Need(skill=skill.skill, shown=skill.shown, asked=skill.asked, text=skill.skill)
        for skill in skills
        if not skill.is_met
    ]
    wanted = careers.modules_of(one.modules, given)
    return _way(wanted, skills, needs, done, given, editions=editions, today=today)


def _way_to_programme(
    one: ProgrammeFacts,
    reading: PersonReading,
    done: frozenset[tuple[str, str]],
    given: Mapping[str, Path],
    *,
    editions: Editions,
    today: date,
) -> Way:
    prepared = read_programme(editions.matcher, one.as_profile, one.profile)
    needs = needs_of(prepared, reading, with_wished=True)
    skills = [
        SkillStanding(skill=need.skill, asked=need.asked, shown=need.shown) for need in needs if need.skill
    ]
    return _way((), skills, needs, done, given, editions=editions, today=today)


def _way(
    wanted: Sequence[tuple[str, str]],
    skills: Sequence[SkillStanding],
    needs: Sequence[Need],
    done: frozenset[tuple[str, str]],
    given: Mapping[str, Path],
    *,
    editions: Editions,
    today: date,
) -> Way:
    """The shortest set of lessons there is; a module that is done and shows less than is asked is not told again."""
    shortest = training_on(editions, today).shortest(tuple(needs))
    taught = []
    for course in shortest.courses:
        path, _, module = course.id.partition("/")
        is_module = bool(module) and path in given
        taught.append(
            Lesson(
                path=path if is_module else None, module=module if is_module else None,
                title=Label(fr=course.title.fr, en=course.title.en), minutes=course.minutes,
                is_done=is_module and (path, module) in done,
            )
        )  # fmt: skip
    return careers.way(
        wanted=wanted,
        skills=skills,
        taught=taught,
        unmet=[need.skill for need in shortest.open_needs],
        paths=given,
        done=done,
        sentences=paths.sentences_in_force(editions, today),
    )
