"""A wave of rows as the core solves it: every pair weighed as a shortlist weighs it, under what a scenario changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from assessments.allocation.coverage import Need
from assessments.allocation.waves import Closed, Fit, Goal, Lock, Wave, WavePerson, WaveProgramme
from assessments.allocation.waves import LockKind as CoreLockKind
from assessments.matching.matching import Blocking, Match, Matcher, Outcome, Prepared
from assessments.matching.readings import PersonReading
from assessments.profiles import CandidateProfile, Windows
from assessments.values import Text
from service.flows.matching.matching import read_programme, reading_of
from service.flows.matching.plans import plan_match
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import FINAL_STAGES
from service.store.people.candidates import CandidateFacts
from service.store.recruiting.programmes import ProgrammeFacts
from service.store.waves.scenarios import LinkFacts
from service.store.waves.waves import LockFacts, NeedFacts, WaveFacts, WaveProgrammeFacts

CLOSED_HERE = Text(
    fr="Une candidature pour ce programme est déjà close.",
    en="An application for this programme is closed already.",
)
NOT_ASKED = Text(
    fr="Ce scénario ne place personne dans cette situation.",
    en="This scenario places nobody in this situation.",
)
"""For a weighing that gave no reason of its own."""

LONGEST_SECONDS = 60


class First(StrEnum):
    """Which goal comes before the others; `policy` leaves the order to the policy in force."""

    POLICY = "policy"
    FILL = "fill"
    COVERAGE = "coverage"
    FIT = "fit"
    WISHES = "wishes"


class ChangeAsked(BaseModel):
    """What a scenario changes of one programme; what is left out stays as the wave has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme_id: UUID
    seats: Annotated[int, Field(ge=0, le=100_000)] | None = None
    seats_min: Annotated[int, Field(ge=0, le=100_000)] | None = None
    opening_hours: Windows | None = None
    split_shifts_allowed: bool | None = None

    @property
    def of_profile(self) -> dict[str, Any]:
        """The members that matching reads too."""
        told = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: told[name] for name in ("opening_hours", "split_shifts_allowed") if name in told}


class ScenarioAsked(BaseModel):
    """What one scenario is asked: who may be placed, which goal comes first, what changes, and how long to look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120)]
    outcomes: tuple[Outcome, ...] = (Outcome.MATCH, Outcome.AFTER_TRAINING, Outcome.AFTER_REMEDY)
    first: First = First.POLICY
    changes: tuple[ChangeAsked, ...] = ()
    seconds: Annotated[int, Field(ge=1, le=LONGEST_SECONDS)] = 20

    def change_of(self, programme_id: UUID) -> ChangeAsked | None:
        return next((one for one in self.changes if one.programme_id == programme_id), None)

    @property
    def goals(self) -> tuple[Goal, ...] | None:
        """The goals in order, the asked one first; None leaves it to the policy."""
        if self.first is First.POLICY:
            return None
        first = Goal(self.first.value)
        return (first, *(goal for goal in Goal if goal is not first))


@dataclass(frozen=True)
class Gathered:
    """Everything that a scenario rests on, as facts."""

    wave: WaveFacts
    parts: tuple[WaveProgrammeFacts, ...]
    programmes: Mapping[UUID, ProgrammeFacts]
    people: tuple[CandidateFacts, ...]
    locks: tuple[LockFacts, ...]
    applications: tuple[LinkFacts, ...]
    left_before: Mapping[UUID, int]


@dataclass(frozen=True)
class Posed:
    """The wave for the solver, and the weighing of each pair by (person, programme)."""

    wave: Wave
    matches: Mapping[tuple[str, str], Match]


def pose(gathered: Gathered, asked: ScenarioAsked, editions: Editions, *, now: datetime) -> Posed:
    """The wave as the scenario has it now. It weighs every person for every programme: not for the event loop."""
    matcher = editions.matcher
    prepared: dict[UUID, Prepared] = {}
    for part in gathered.parts:
        facts = _under(gathered.programmes[part.programme_id], asked.change_of(part.programme_id))
        prepared[part.programme_id] = read_programme(matcher, facts.as_profile, facts.profile)
    applied = {(one.candidate_id, one.programme_id): one for one in gathered.applications}
    people: list[WavePerson] = []
    matches: dict[tuple[str, str], Match] = {}
    for person in gathered.people:
        profile = person.as_profile
        reading = reading_of(editions, person, on=civil_date(now))
        fits: list[Fit] = []
        closed: list[Closed] = []
        for programme_id, wishes in prepared.items():
            match = weigh_any_hours(matcher, profile, reading, wishes)
            if match.blocking is Blocking.LINE:
                # Only here can a plan change the outcome; planning costs ten times a weighing.
                match = plan_match(editions, match, now=now, start=wishes.programme.start_date)
            matches[str(person.id), str(programme_id)] = match
            barred = _barred(match, applied.get((person.id, programme_id)), asked)
            if barred is None:
                fits.append(Fit(programme=str(programme_id), score=match.score))
            else:
                closed.append(Closed(programme=str(programme_id), reason=barred))
        people.append(
            WavePerson(
                id=str(person.id), fits=tuple(fits), closed=tuple(closed),
                availability=profile.availability or None,
                desired_weekly_hours=profile.desired_weekly_hours,
                wishes=_wishes(person.id, gathered.applications),
                left_before=min(1000, gathered.left_before.get(person.id, 0)),
            )
        )  # fmt: skip
    wave = Wave(
        name=gathered.wave.name[:300], people=tuple(people), locks=_locks(gathered),
        programmes=tuple(
            _programme(part, gathered.programmes[part.programme_id], asked) for part in gathered.parts
        ),
    )  # fmt: skip
    return Posed(wave, matches)


def weigh_any_hours(
    matcher: Matcher, person: CandidateProfile, reading: PersonReading, programme: Prepared
) -> Match:
    """The pair, hours aside where they alone are in the way: the allocation looks at half hours itself, and says so."""
    match = matcher.weigh(person, reading, programme)
    if match.blocking is not Blocking.HOURS:
        return match
    free = person.model_copy(update={"availability": programme.programme.opening_hours})
    return matcher.weigh(free, reading, programme)


def _under(facts: ProgrammeFacts, change: ChangeAsked | None) -> ProgrammeFacts:
    if change is None or not change.of_profile:
        return facts
    return facts.model_copy(update={"profile": {**facts.profile, **change.of_profile}})


def _barred(match: Match, applied: LinkFacts | None, asked: ScenarioAsked) -> Text | None:
    """Why a pair is no choice of this scenario; None when it is one."""
    if applied is not None and applied.stage in FINAL_STAGES:
        return CLOSED_HERE
    if match.outcome in asked.outcomes:
        return None
    return match.reasons[0] if match.reasons else NOT_ASKED


def _wishes(person_id: UUID, applications: Sequence[LinkFacts]) -> tuple[str, ...]:
    """Programmes that the person applied for, the first one first."""
    return tuple(
        str(one.programme_id)
        for one in applications
        if one.candidate_id == person_id and one.stage not in FINAL_STAGES
    )[:50]


def _programme(part: WaveProgrammeFacts, facts: ProgrammeFacts, asked: ScenarioAsked) -> WaveProgramme:
    change = asked.change_of(part.programme_id)
    profile = _under(facts, change).as_profile
    seats = part.seats if change is None or change.seats is None else change.seats
    return WaveProgramme(
        id=str(part.programme_id), title=part.title, seats=seats,
        seats_min=min(seats, change.seats_min or 0) if change else 0,
        needs=tuple(need_of(one) for one in part.needs if one.people),
        opening_hours=profile.opening_hours or None, weekly_hours=profile.weekly_hours,
        split_shifts_allowed=profile.split_shifts_allowed,
    )  # fmt: skip


def need_of(one: NeedFacts) -> Need:
    return Need.model_validate({"day": one.day, "from": one.start, "to": one.end, "people": one.people})


def _locks(gathered: Gathered) -> tuple[Lock, ...]:
    people = {one.id for one in gathered.people}
    return tuple(
        Lock(person=str(one.candidate_id), programme=str(one.programme_id), kind=CoreLockKind(one.kind.value))
        for one in gathered.locks
        if one.candidate_id in people
    )
