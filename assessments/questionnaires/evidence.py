"""How we know a thing (declared, measured, attested, verified), and how far it is to be trusted on a day."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StrictStr

from assessments.editions import Edition, EditionError, Fault, Key, read_as
from assessments.values import Text, Value

Percent = Annotated[int, Field(ge=0, le=100)]


class HowKnown(StrEnum):
    """The four ways of knowing, weakest first."""

    DECLARED = "declared"
    MEASURED = "measured"
    ATTESTED = "attested"
    VERIFIED = "verified"


class Evidence(Value):
    """One piece of knowledge about an item, dated; `value` is what was shown, as an answer to the item would be kept.

    None says that something was seen that shows no answer yet: a file that nobody has read.
    """

    item: str
    kind: HowKnown
    known_on: date
    value: StrictBool | StrictInt | StrictStr | tuple[StrictStr, ...] | None = None


class ShelfLife(Value):
    """How long one way of knowing keeps: full confidence for `fresh_days`, then a straight line down to
    `floor_percent` at `stale_days`, and no lower."""

    kind: HowKnown
    label: Text
    full_percent: Percent
    floor_percent: Percent
    fresh_days: int = Field(ge=0)
    stale_days: int = Field(ge=1)


class Span(Value):
    """How long knowledge about one sort of thing keeps, whatever the way of knowing: its days take the place of the
    days of the way; `why` argues them."""

    key: Key
    why: Text
    fresh_days: int = Field(ge=0)
    stale_days: int = Field(ge=1)


class ShelfLives(Edition):
    """One edition of the shelf lives: one for each way of knowing, and the sorts of things that keep differently."""

    kinds: tuple[ShelfLife, ...]
    spans: tuple[Span, ...] = ()

    def of(self, kind: HowKnown, span: str | None = None) -> ShelfLife:
        """The shelf life of `kind`, with the days of the sort of thing called `span`; KeyError for a sort unknown."""
        life = next(life for life in self.kinds if life.kind is kind)
        if span is None:
            return life
        days = {one.key: one for one in self.spans}[span]
        return life.model_copy(update={"fresh_days": days.fresh_days, "stale_days": days.stale_days})


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
    ] + [
        Fault(
            path=f"spans[{index}] ({span.key})",
            message="a span comes once, and goes stale after it was fresh",
        )
        for index, span in enumerate(lives.spans)
        if span.stale_days <= span.fresh_days or [one.key for one in lives.spans].count(span.key) > 1
    ]


def confidence_percent(evidence: Evidence, *, on: date, lives: ShelfLives, span: str | None = None) -> int:
    """How far `evidence` is to be trusted on a day, 0 to 100, rounded down; `span` is the item's own `shelf_life`.

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
    life = lives.of(evidence.kind, span)
    age_days = max(0, (on - evidence.known_on).days)
    worn = min(max(0, age_days - life.fresh_days), life.stale_days - life.fresh_days)
    width = life.stale_days - life.fresh_days
    return (life.full_percent * (width - worn) + life.floor_percent * worn) // width


def best(
    pieces: tuple[Evidence, ...], *, on: date, lives: ShelfLives, span: str | None = None
) -> Evidence | None:
    """The piece to rely on that day: most confidence, then newest, then the stronger kind; None for none.

    The pieces are about one item; `span` is its own `shelf_life`.
    """
    order = list(HowKnown)
    return max(
        pieces,
        key=lambda one: (
            confidence_percent(one, on=on, lives=lives, span=span),
            one.known_on,
            order.index(one.kind),
        ),
        default=None,
    )
