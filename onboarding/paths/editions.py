"""What moving a learner from one edition of a path to another keeps, and what it does not."""

from collections.abc import Iterable

from onboarding.content import Slug, Value
from onboarding.paths.paths import Module, Path


class Carried(Value):
    """What a move means for one learner, module by module, in path order.

    ``kept`` are in both editions, ``changed`` too but not word for word: what was finished of them stays so, whatever
    they ask besides by now. ``dropped`` are no longer there, ``dropped_done`` those of them that were done; ``added``
    are new.
    """

    kept: tuple[Slug, ...]
    changed: tuple[Slug, ...]
    dropped: tuple[Slug, ...]
    dropped_done: tuple[Slug, ...]
    added: tuple[Slug, ...]


def carried(old: Path, new: Path, *, done: Iterable[str]) -> Carried:
    """Compare two editions for somebody who has ``done`` these modules of the old one."""
    finished = set(done)
    shared = [(module, was) for module in new.modules if (was := old.module(module.slug))]
    dropped = tuple(module.slug for module in old.modules if new.module(module.slug) is None)
    return Carried(
        kept=tuple(module.slug for module, was in shared if _learns_the_same(module, was)),
        changed=tuple(module.slug for module, was in shared if not _learns_the_same(module, was)),
        dropped=dropped,
        dropped_done=tuple(slug for slug in dropped if slug in finished),
        added=tuple(module.slug for module in new.modules if old.module(module.slug) is None),
    )


def _learns_the_same(one: Module, other: Module) -> bool:
    """Dates and prerequisites may differ: what is read, asked and attended is what counts."""
    apart = {"prerequisites": (), "due_days": 0, "minutes": 1}
    return one.model_copy(update=apart) == other.model_copy(update=apart)
