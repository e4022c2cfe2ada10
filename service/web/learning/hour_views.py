"""Hours of learning set apart in somebody's week, as pages show them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from onboarding.learning.placement import Sitting
from onboarding.learning.progress import Progress
from service.store.learning.assignments import AssignmentFacts, SittingFacts
from service.web.figures import Figures
from service.web.paths.training_views import Reader


@dataclass(frozen=True)
class HourView:
    """One stretch of learning on one day, and (where several modules are listed together) of which module."""

    day: str
    from_clock: str
    to_clock: str
    module: str = ""


def hour_views(
    sittings: Iterable[Sitting | SittingFacts], say: Reader, titles: Mapping[str, str] | None = None
) -> Iterator[HourView]:
    figures = Figures(say.locale)
    for one in sittings:
        end = one.from_minute + one.minutes
        yield HourView(
            say.short_day(one.day), clock_of(one.from_minute, figures), clock_of(end, figures),
            (titles or {}).get(one.module, ""),
        )  # fmt: skip


def hours_to_come(
    facts: AssignmentFacts, progress: Progress, say: Reader, *, today: date
) -> tuple[HourView, ...]:
    """The hours from today on of modules that are not done yet."""
    titles = {one.module: say(one.title) for one in progress.modules if not one.is_complete}
    return tuple(
        hour_views((one for one in facts.sittings if one.module in titles and one.day >= today), say, titles)
    )


def clock_of(minute: int, figures: Figures) -> str:
    """Minutes after midnight on the clock; midnight at the end of a day is written as it begins the next."""
    return figures.clock(time(minute // 60 % 24, minute % 60))
