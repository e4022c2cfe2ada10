"""What is to be renewed, on a learner's first page: a finished path whose end is near, or past."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from onboarding.continuous.validity import ValidityState
from service.runtime.editions import Editions
from service.store.learning.assignments import AssignmentFacts
from service.web.learning.learning_views import term_view
from service.web.paths.training_views import Reader

OPEN = (ValidityState.RENEWING.value, ValidityState.OVER.value)


@dataclass(frozen=True)
class RenewalView:
    """One path to renew: until when it holds or held, and where it is followed again once it was given again."""

    title: str
    words: str
    until: str
    is_over: bool
    is_given: bool
    href: str


def renewal_views(
    given: Iterable[AssignmentFacts], say: Reader, *, editions: Editions, today: date
) -> Iterator[RenewalView]:
    """What nobody has finished again since; the caller gives everything that one person was given."""
    all_given = tuple(given)
    for one in all_given:
        term = term_view(one, say, editions=editions, today=today)
        if term is None or term.state not in OPEN:
            continue
        path = editions.paths.get((one.path, one.edition))
        slugs = {one.path, path.renewed_by if path and path.renewed_by else one.path}
        since = [
            other
            for other in all_given
            if other.path in slugs and other.id != one.id and _is_later(other, one)
        ]
        if any(other.is_complete for other in since):
            continue
        again = next(iter(since), None)
        yield RenewalView(
            title=say(path.title) if path else one.path, words=term.words, until=term.until,
            is_over=term.state == ValidityState.OVER.value, is_given=again is not None,
            href=f"/me/training/{again.id}" if again else "/me/training",
        )  # fmt: skip


def _is_later(other: AssignmentFacts, one: AssignmentFacts) -> bool:
    """Not finished yet, or finished after the completion that is to be renewed."""
    if other.completed_on is None or one.completed_on is None:
        return other.completed_on is None
    return other.completed_on > one.completed_on
