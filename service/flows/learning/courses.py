"""What somebody lacks for a programme, as courses that exist: the shortest path, its hours, and its last day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from assessments.matching.courses import Course, Lift
from assessments.matching.matching import Match, Outcome, Prepared
from assessments.matching.readings import PersonReading
from assessments.matching.training_paths import Need, Training, asks_for_wished, needs_of
from assessments.remedies.planning import add_working_days
from assessments.values import Text
from onboarding.learning import tailored
from service.flows.matching.matching import Lately, read_programme, reading_of
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.people.candidates import CandidateFacts
from service.store.recruiting.programmes import ProgrammeFacts

_DAYS_A_WEEK = 5


@dataclass(frozen=True)
class DatedCourse:
    """One course of a path and the day on which it could be done."""

    course: Course
    done_on: date


@dataclass(frozen=True)
class TrainingPlan:
    """The shortest path of existing courses for one pair; `open_needs` ask for a class that does not exist yet.

    The dates count from the next working day, one course after another. `is_in_time` is about the programme's start,
    None where none is known or something stays open.
    """

    courses: tuple[DatedCourse, ...]
    minutes: int
    open_needs: tuple[Need, ...]
    done_on: date | None
    is_in_time: bool | None
    edition: str

    @property
    def hours(self) -> float:
        """The whole time in hours, to a tenth."""
        return round(self.minutes / 60, 1)


def training_on(editions: Editions, today: date) -> Training:
    """Everything that can be learnt here on a day: classes of the catalogue and modules of the paths in force."""
    catalogue = editions.course_catalogue_on(today)
    given = [f"{path.slug}@{path.edition}" for path in paths.in_force(editions, today)]
    key = [
        catalogue.edition,
        editions.ledger_policy_on(today).edition,
        editions.matcher.policy.edition,
        *given,
    ]
    return _kept.of(" ".join(key), lambda: _training(editions, today))


_kept: Lately[Training] = Lately(8)


def _training(editions: Editions, today: date) -> Training:
    catalogue = editions.course_catalogue_on(today)
    weeks = editions.matcher.policy.training.weeks_max
    return Training(
        (*catalogue.every, *_modules(editions, today)),
        minutes_a_day=catalogue.minutes_a_day,
        most_minutes=int(weeks * _DAYS_A_WEEK * catalogue.minutes_a_day),
    )


def _modules(editions: Editions, today: date) -> Iterator[Course]:
    """The modules that people take alone; what each shows of a skill is a rule of the ledger."""
    policy = editions.ledger_policy_on(today)
    for path in paths.in_force(editions, today):
        if path.slug.startswith(tailored.PREFIX):
            continue  # made of modules and classes that are counted already
        for module in path.modules:
            skills = policy.taught(path.slug, module.slug, named=module.teaches)
            yield Course(
                id=f"{path.slug}/{module.slug}",
                title=Text(fr=module.title.fr, en=module.title.en),
                minutes=module.minutes,
                lifts=tuple(Lift(skill=skill, level=level) for skill, level in skills.items() if level),
                needs=tuple(f"{path.slug}/{name}" for name in module.prerequisites),
            )


def training_for(
    editions: Editions, person: CandidateFacts, programme: ProgrammeFacts, match: Match, *, now: datetime
) -> TrainingPlan | None:
    """The same from the facts of both."""
    if match.outcome is not Outcome.AFTER_TRAINING:
        return None
    prepared = read_programme(editions.matcher, programme.as_profile, programme.profile)
    reading = reading_of(editions, person, on=civil_date(now))
    return training_plan(editions, match, reading, prepared, now=now)


def training_plan(
    editions: Editions,
    match: Match,
    reading: PersonReading,
    prepared: Prepared,
    *,
    now: datetime,
) -> TrainingPlan | None:
    """What a class before the start would be made of; None where nothing must be learnt, or learning is not enough."""
    if match.outcome is not Outcome.AFTER_TRAINING:
        return None
    today = civil_date(now)
    training = training_on(editions, today)
    with_wished = asks_for_wished(match.outcome, prepared, reading)
    path = training.shortest(needs_of(prepared, reading, with_wished=with_wished))
    dated = tuple(_dated(path.courses, training.minutes_a_day, today))
    done = dated[-1].done_on if dated and path.is_whole else None
    start = prepared.programme.start_date
    return TrainingPlan(
        courses=dated,
        minutes=path.minutes,
        open_needs=path.open_needs,
        done_on=done,
        is_in_time=done <= start if done and start else None,
        edition=editions.course_catalogue_on(today).edition,
    )


def _dated(courses: tuple[Course, ...], minutes_a_day: int, today: date) -> Iterator[DatedCourse]:
    days, minutes = working_days(today), 0
    first = today + timedelta(days=1)
    for course in courses:
        minutes += course.minutes
        ahead = ceil(minutes / minutes_a_day) - 1
        yield DatedCourse(course, add_working_days(first, ahead, working_days=days))
