"""How we know a thing (declared, measured, attested, verified), and how far it is to be trusted on a day."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, read_as
from assessments.values import Text, Value

Percent = Annotated[int, Field(ge=0, le=100)]


class HowKnown(StrEnum):
    """The four ways of knowing, weakest first."""

    DECLARED = "declared"
    MEASURED = "measured"
    ATTESTED = "attested"
    VERIFIED = "verified"


class Evidence(Value):
    """One piece of knowledge about an item, dated."""

    item: str
    kind: HowKnown
    known_on: date


class ShelfLife(Value):
    """How long one way of knowing keeps: full confidence for `fresh_days`, then a straight line down to
    `floor_percent` at `stale_days`, and no lower."""

    kind: HowKnown
    label: Text
    full_percent: Percent
    floor_percent: Percent
    fresh_days: int = Field(ge=0)
    stale_days: int = Field(ge=1)


class ShelfLives(Edition):
    """One edition of the shelf lives, one for each way of knowing."""

    kinds: tuple[ShelfLife, ...]

    def of(self, kind: HowKnown) -> ShelfLife:
        """The shelf life of `kind`."""
        return next(life for life in self.kinds if life.kind is kind)


def read_shelf_lives(text: str) -> ShelfLives:
    """One edition of the shelf lives from YAML; raises EditionError with all its faults."""
    lives = read_as(ShelfLives, text)
    faults = [*_faults_of_cover(lives), *_faults_of_lines(lives)]
    if faults:
        raise EditionError(faults)
    return lives


def _faults_of_cover(lives: ShelfLives) -> list[Fault]:
    found = sorted(life.kind for life in lives.kinds)
    if found == sorted(HowKnown):
        return []
    return [Fault(path="kinds", message="each way of knowing must have exactly one shelf life")]


def _faults_of_lines(lives: ShelfLives) -> list[Fault]:
    return [
        Fault(path=f"kinds[{index}]", message="a line must go down, and go stale after it was fresh")
        for index, life in enumerate(lives.kinds)
        if life.floor_percent > life.full_percent or life.stale_days <= life.fresh_days
    ]


def confidence_percent(evidence: Evidence, *, on: date, lives: ShelfLives) -> int:
    """How far `evidence` is to be trusted on a day, 0 to 100, rounded down.

    Age takes from the confidence in what we know and never from the person's score. Evidence dated after `on`
    counts as of today: a clock a little ahead is no fault of the person.

    >>> label = {"fr": "x", "en": "x"}
    >>> life = dict(label=label, full_percent=80, floor_percent=20, fresh_days=30, stale_days=90)
    >>> lives = ShelfLives(edition="2026-11", valid_from=date(2026, 11, 1), source="doctest",
    ...     confidence="reasoned", kinds=[dict(kind=kind, **life) for kind in HowKnown])
    >>> seen = Evidence(item="line", kind="measured", known_on=date(2026, 1, 1))
    >>> [confidence_percent(seen, on=date(2026, month, 2), lives=lives) for month in (1, 3, 12)]
    [80, 50, 20]
    """
    life = lives.of(evidence.kind)
    age_days = max(0, (on - evidence.known_on).days)
    worn = min(max(0, age_days - life.fresh_days), life.stale_days - life.fresh_days)
    span = life.stale_days - life.fresh_days
    return (life.full_percent * (span - worn) + life.floor_percent * worn) // span


def best(pieces: tuple[Evidence, ...], *, on: date, lives: ShelfLives) -> Evidence | None:
    """The piece to rely on that day: most confidence, then newest, then the stronger kind; None for none."""
    order = list(HowKnown)
    return max(
        pieces,
        key=lambda one: (confidence_percent(one, on=on, lives=lives), one.known_on, order.index(one.kind)),
        default=None,
    )
