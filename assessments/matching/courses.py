"""What can be learnt before a start: classes and modules, the levels each lifts a skill to, and how long it takes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError, field_validator

from assessments.editions import SafeLoader
from assessments.values import Text, Value

Level = Annotated[int, Field(ge=0, le=5)]


class Lift(Value):
    """Who shows `since` or more of a skill shows `level` afterwards."""

    skill: str
    since: Level = 0
    level: Level


class Course(Value):
    """One class or module: how long it takes, what it lifts, and which others come before it."""

    id: str
    title: Text
    minutes: Annotated[int, Field(ge=1)]
    lifts: tuple[Lift, ...]
    needs: tuple[str, ...] = ()


class Ladder(Value):
    """A class given level by level: each level up to `up_to` takes the same time and is a course of its own."""

    id: str
    skill: str
    title: Text
    minutes: Annotated[int, Field(ge=1)]
    up_to: Annotated[int, Field(ge=1, le=5)]


class CourseCatalogue(Value):
    """One edition of what can be learnt here; `minutes_a_day` is how much of it fits a working day."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    minutes_a_day: Annotated[int, Field(ge=30, le=600)]
    level_title: Text
    courses: tuple[Course, ...] = ()
    ladders: tuple[Ladder, ...] = ()

    @field_validator("edition", mode="before")
    @classmethod
    def _edition_as_text(cls, value: object) -> object:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    @property
    def every(self) -> tuple[Course, ...]:
        """Courses and the rungs of every ladder."""
        return (*self.courses, *(rung for ladder in self.ladders for rung in self._rungs(ladder)))

    def _rungs(self, ladder: Ladder) -> Iterable[Course]:
        for level in range(1, ladder.up_to + 1):
            yield Course(
                id=f"{ladder.id}-{level}",
                title=Text(
                    fr=self.level_title.fr.format(title=ladder.title.fr, level=level),
                    en=self.level_title.en.format(title=ladder.title.en, level=level),
                ),
                minutes=ladder.minutes,
                lifts=(Lift(skill=ladder.skill, since=level - 1, level=level),),
            )


class CourseCatalogueError(ValueError):
    """The text is no catalogue of courses; the message says where."""


def read(text: str) -> CourseCatalogue:
    """One edition from its YAML text, checked whole; raises CourseCatalogueError with every problem at once."""
    try:
        data: Any = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe one)
        found = CourseCatalogue.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise CourseCatalogueError(str(error)) from error
    if faults := _faults_of(found.every):
        raise CourseCatalogueError("; ".join(faults))
    return found


def _faults_of(courses: Iterable[Course]) -> list[str]:
    known: Mapping[str, int] = {}
    faults: list[str] = []
    listed = tuple(courses)
    for at, course in enumerate(listed):
        if course.id in known:
            faults.append(f"course {at}: the id {course.id!r} is already that of course {known[course.id]}")
        known = {**known, course.id: at}
        faults += [
            f"course {course.id!r}: lifts {lift.skill!r} from {lift.since} to {lift.level}, which is no lift"
            for lift in course.lifts
            if lift.level <= lift.since
        ]
        skills = [lift.skill for lift in course.lifts]
        faults += [
            f"course {course.id!r}: lifts {skill!r} twice" for skill in set(skills) if skills.count(skill) > 1
        ]
    for course in listed:
        faults += [
            f"course {course.id!r}: no course is called {name!r}"
            for name in course.needs
            if name not in known
        ]
    return faults
