"""The scoring key of one edition, worked out once: whole weights, and how far and how finely each item tells."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from assessments.questionnaires.credits import credits_of
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import ErrorRule, Instrument, Scale
from assessments.questionnaires.items import Item, MeasurementItem


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One item that counts. `own` is its weight within its scale, `weight` its flat weight within the whole.

    `credits` is every credit that an answer can earn, rising. `by_itself` is how an answer is known when nothing else
    was seen.
    """

    item: Item
    scale: int
    own: int
    weight: int
    credits: tuple[int, ...]
    by_itself: HowKnown


@dataclass(frozen=True, slots=True)
class KeyScale:
    """One scale: the places of its items in `Key.items`, its weights, and `factor`, flat weight over own weight.

    `least_spread` is the variance that the grain of answers leaves in one of them, in hundredths of a point squared.
    """

    scale: Scale
    places: tuple[int, ...]
    factor: int
    own: int
    weight: int
    least_spread: int


@dataclass(frozen=True, slots=True)
class Key:
    """All that scoring needs of an edition, in the order in which the items are asked."""

    items: tuple[KeyItem, ...]
    scales: tuple[KeyScale, ...]
    weight: int
    error: ErrorRule


T = TypeVar("T")


def once_per_edition(work: Callable[[Instrument], T]) -> Callable[[Instrument], T]:
    """Work out once what follows from an edition, and keep it as long as the edition itself lives.

    Kept by identity: hashing a whole questionnaire at each call would cost more than scoring it.
    """
    kept: dict[int, tuple[weakref.ref[Instrument], T]] = {}

    @wraps(work)
    def found(instrument: Instrument) -> T:
        at = id(instrument)
        entry = kept.get(at)
        if entry is None or entry[0]() is not instrument:
            entry = kept[at] = (weakref.ref(instrument, lambda _: kept.pop(at, None)), work(instrument))
        return entry[1]

    return found


@once_per_edition
def key_of(instrument: Instrument) -> Key:
    """The key of a checked edition."""
    weights = instrument.item_weights()
    order = {scale.id: at for at, scale in enumerate(instrument.scales)}
    items = tuple(
        KeyItem(
            item=item,
            scale=order[item.scale],
            own=item.weight,
            weight=weights[item.id],
            credits=credits_of(instrument, item),
            by_itself=item.known_by[0] if isinstance(item, MeasurementItem) else HowKnown.DECLARED,
        )
        for item in instrument.items
        if item.scale is not None
    )
    scales = tuple(_key_scale(scale, number, items) for number, scale in enumerate(instrument.scales))
    return Key(items=items, scales=scales, weight=sum(weights.values()), error=instrument.error)


def _key_scale(scale: Scale, number: int, items: tuple[KeyItem, ...]) -> KeyScale:
    places = tuple(at for at, one in enumerate(items) if one.scale == number)
    own = [items[at] for at in places]
    return KeyScale(
        scale=scale,
        places=places,
        factor=own[0].weight // own[0].own,
        own=sum(one.own for one in own),
        weight=sum(one.weight for one in own),
        least_spread=_least_spread(own),
    )


def _least_spread(items: list[KeyItem]) -> int:
    """The items' grains as variances, each by its weight, rounded down.

    Between two neighbouring answers lies a grain of g points; what falls anywhere within it is written as one answer,
    which leaves a variance of g^2 / 12 (rounding error, uniform within the grain).
    """
    spread = sum(one.own * (_grain_hundredths(one) ** 2 // 12) for one in items)
    return spread // sum(one.own for one in items)


def _grain_hundredths(item: KeyItem) -> int:
    return 100 * (item.credits[-1] - item.credits[0]) // max(1, len(item.credits) - 1)
