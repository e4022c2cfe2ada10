"""What the page shows on which a trainer changes an assignment."""

from dataclasses import dataclass
from datetime import date

from onboarding.paths.editions import Carried
from onboarding.paths.paths import Path
from service.store.learning.assignment_changes import EDITION_MOVED, ChangeFacts
from service.web.paths.training_views import Reader


@dataclass(frozen=True)
class AheadView:
    """What a move to another edition would mean, as titles of modules."""

    edition: str
    kept: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    dropped_done: tuple[str, ...]
    added: tuple[str, ...]


def ahead_view(ahead: tuple[Path, Carried], begun: Path, say: Reader) -> AheadView:
    newest, carried = ahead
    titles = {module.slug: say(module.title) for module in (*begun.modules, *newest.modules)}

    def named(slugs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(titles[slug] for slug in slugs)

    return AheadView(
        edition=newest.edition, kept=named(carried.kept), changed=named(carried.changed),
        dropped=named(carried.dropped), dropped_done=named(carried.dropped_done), added=named(carried.added),
    )  # fmt: skip


@dataclass(frozen=True)
class ChangeView:
    """One change that was made: `kind` is start_moved, due_dates or edition_moved."""

    kind: str
    before: str
    after: str
    why: str
    by: str
    on: str


def change_view(one: ChangeFacts, say: Reader) -> ChangeView:
    def told(written: str) -> str:
        return written if one.kind == EDITION_MOVED else say.short_day(date.fromisoformat(written))

    return ChangeView(one.kind, told(one.before), told(one.after), one.why, one.by, say.moment_day(one.at))
