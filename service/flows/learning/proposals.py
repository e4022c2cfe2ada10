"""A path made of what a match lacks, placed in the person's own week: proposed, looked at, then given by a trainer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.courses import Course
from assessments.matching.matches import Match
from assessments.profiles import MINUTES_A_DAY, Window
from onboarding.content import Label
from onboarding.learning import tailored
from onboarding.learning.board import BoardRules
from onboarding.learning.placement import Placement, Sitting, Stretch, Study, dates_around, place
from onboarding.paths.paths import Module, Path
from service.flows.learning import assignments as giving
from service.flows.learning.assignments import Own
from service.flows.learning.courses import TrainingPlan, training_for
from service.flows.matching.matching import weigh
from service.flows.paths import path_shelf, paths
from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, RuleBroken
from service.store import audit
from service.store.learning import assignments
from service.store.learning.assignments import SittingFacts
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting import programmes
from service.store.recruiting.programmes import ProgrammeFacts
from service.tables.authoring import TrainingEdition


@dataclass(frozen=True)
class Proposal:
    """What one person would learn for one programme, and when. `path` and what follows are None or empty where nothing
    is to be learnt, or nothing that is given here would close a gap.

    `due_dates` are those of one's own, as the hours give them. `is_in_time` compares the last hour with the programme's
    start; None where either is not known.
    """

    person: CandidateFacts
    programme: ProgrammeFacts
    match: Match
    training: TrainingPlan | None
    path: Path | None
    placement: Placement | None
    due_dates: Mapping[str, date]
    first: date
    has_week: bool
    is_in_time: bool | None


async def propose(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    programme_id: str | UUID,
    *,
    first: date | None,
    library: Editions,
    now: datetime,
) -> Proposal:
    """Make the proposal, from `first` on (the next day when left out); nothing is kept but that it was read."""
    person = await candidates.facts_of(session, actor, candidate_id)
    programme = await programmes.facts_of(session, actor, programme_id)
    today = civil_date(now)
    begin = first or today + timedelta(days=1)
    giving.check_start(begin, today=today)
    audit.record(session, actor, action="proposal.read", subject=("candidate", person.id), now=now)
    busy = await _hours_set_apart(session, actor, person.id)
    match = weigh(library, person, programme, now=now)
    training = training_for(library, person, programme, match, now=now)
    path = _path(training, library, today) if training else None
    week = _week(person)
    placement = _placed(path, week, busy, begin, library.board_rules_on(today)) if path else None
    done, start = placement.done_on if placement else None, programme.as_profile.start_date
    return Proposal(
        person=person,
        programme=programme,
        match=match,
        training=training,
        path=path,
        placement=placement,
        due_dates=_due_dates(path, placement, begin) if path and placement else {},
        first=begin,
        has_week=bool(week),
        is_in_time=done <= start if done and start else None,
    )


async def _hours_set_apart(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[Sitting, ...]:
    return tuple(
        Sitting.model_validate(sitting.model_dump())
        for facts in await assignments.all_of(session, actor, candidate_id)
        if not facts.is_complete
        for sitting in facts.sittings
    )


def _path(training: TrainingPlan, library: Editions, today: date) -> Path | None:
    rules = library.board_rules_on(today)
    modules = [
        module for dated in training.courses for module in _modules(dated.course, library, rules, today)
    ]
    if not modules:
        return None
    taught = [_title(dated.course) for dated in training.courses]
    return tailored.tailor(
        modules, taught=taught, words=rules.tailored, today=today, minutes_a_day=rules.minutes_a_day
    )


def _title(course: Course) -> Label:
    return Label(fr=course.title.fr[:200], en=course.title.en[:200])


def _modules(course: Course, library: Editions, rules: BoardRules, today: date) -> Sequence[Module]:
    """A module of a path as it stands there, or a class of the catalogue as live modules."""
    lifts = {lift.skill: lift.level for lift in course.lifts}
    slug, _, name = course.id.partition("/")
    source = next((path for path in paths.in_force(library, today) if path.slug == slug), None)
    module = source.module(name) if source else None
    if source is not None and module is not None:
        return (tailored.taken_over(source, module, lifts),)
    title = _title(course)
    return tailored.held_live(
        course.id, title, course.minutes, lifts, rules.tailored, most_minutes=rules.minutes_a_day
    )


def _week(person: CandidateFacts) -> tuple[Stretch, ...]:
    return tuple(_stretch(window) for window in person.as_profile.availability)


def _stretch(window: Window) -> Stretch:
    start = window.first_minute % MINUTES_A_DAY
    return Stretch(weekday=window.day, from_minute=start, to_minute=start + window.minutes)


def _placed(
    path: Path, week: Sequence[Stretch], busy: Sequence[Sitting], first: date, rules: BoardRules
) -> Placement:
    studies = [Study(module=module.slug, minutes=module.minutes) for module in path.modules]
    return place(studies, week=week, first=first, works=working_days(first), rules=rules, busy=busy)


def _due_dates(path: Path, placement: Placement, first: date) -> dict[str, date]:
    counted = paths.dates_of(path, first)
    return dates_around(placement, path, counted=counted, works=working_days(first))


async def give(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    programme_id: str | UUID,
    *,
    first: date,
    path: str,
    library: Editions,
    now: datetime,
) -> UUID:
    """Give the proposed path with its own dates and hours; the assignment's id.

    `path` names the path that was looked at: Conflict when the file or the catalogue changed meanwhile.
    """
    found = await propose(session, actor, candidate_id, programme_id, first=first, library=library, now=now)
    if found.path is None or found.placement is None:
        raise RuleBroken(
            "There is nothing to give: this match lacks nothing that is taught here.",
            faults=[Fault("/path", "nothing", "nothing to give")],
        )
    if found.path.slug != path:
        raise Conflict("The proposal changed meanwhile. Read it again.", code="proposal-changed")
    kept = await _on_the_shelf(session, actor, found.path, library=library, now=now)
    given = await giving.give(
        session, actor, [found.person.id], path=kept.slug, start_date=first, cohort_id=None, now=now,
        editions=replace(library, paths={**library.paths, (kept.slug, kept.edition): kept}),
        own=Own(
            due_dates=found.due_dates,
            sittings=tuple(SittingFacts.model_validate(one.model_dump()) for one in found.placement.sittings),
        ),
    )  # fmt: skip
    if given.already:
        raise Conflict("This person is already on this path.", code="already-assigned")
    return given.created[0]


async def _on_the_shelf(
    session: AsyncSession, actor: Actor, path: Path, *, library: Editions, now: datetime
) -> Path:
    """The edition of this very path that is given today; published when nobody lacked the same before."""
    for known in paths.in_force(library, civil_date(now)):
        if known.slug == path.slug:
            return known
    if (path.slug, path.edition) in library.paths:
        raise Conflict("This path was withdrawn today. Go on tomorrow.", code="edition-withdrawn")
    session.add(
        TrainingEdition(
            path=path.slug,
            edition=path.edition,
            document=path_shelf.document_of(path),
            note="",
            published_by=actor.staff_id,
            published_at=now,
        )
    )
    audit.record(
        session, actor, action="path.publish", subject=("path", path.slug), now=now,
        detail={"edition": path.edition, "made_from": "proposal"},
    )  # fmt: skip
    await session.flush()
    return path
