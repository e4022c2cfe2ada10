"""What the demonstration's story is told with: its day, its people and staff, and the working days around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.tables.people import Candidate


def read_story(name: str) -> Any:
    """One file of the story, read."""
    return yaml.safe_load(files("service.demo").joinpath("training", name).read_text("utf-8"))


@dataclass(frozen=True)
class Scene:
    """Everything a part of the story needs; `people` and `staff` act as themselves."""

    session: AsyncSession
    settings: Settings
    files: FileStore
    editions: Editions
    now: datetime
    staff: Mapping[Role, Actor]
    people: Mapping[str, Candidate]

    def day(self, number: int) -> date:
        """The working day so many before (negative) or after today; today itself, working or not, for none."""
        today = civil_date(self.now)
        works, step = working_days(today), timedelta(days=1 if number > 0 else -1)
        found, left = today, abs(number)
        while left:
            found += step
            left -= works(found)
        return found

    def at(self, number: int, clock: str = "10:00") -> datetime:
        """A moment of that working day, by the clocks of France."""
        return self.moment(self.day(number), clock)

    @staticmethod
    def moment(day: date, clock: str = "10:00") -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=PARIS)

    def id_of(self, who: str) -> UUID:
        return self.people[who].id
