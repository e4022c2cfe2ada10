"""What one answer is worth, in percent of its item's maximum."""

from collections.abc import Iterable, Sequence

from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import (
    Item,
    LikertItem,
    MeasurementItem,
    MultipleItem,
    NumberItem,
    RankingItem,
    ScenarioItem,
    SingleItem,
    YesNoItem,
)


def credit_percent(instrument: Instrument, item: Item, value: AnswerValue) -> int | None:
    """What one valid answer earns, in percent of the item's maximum, or None for "I do not know".

    A reversed key is mirrored here and nowhere else.
    """
    match item, value:
        case LikertItem(), int():
            steps = len(instrument.agreement) - 1
            climbed = steps - (value - 1) if item.reverse else value - 1
            return climbed * (100 // steps)
        case SingleItem(), str():
            chosen = next(option for option in item.options if option.value == value)
            return None if chosen.unknown else chosen.credit
        case MultipleItem(), tuple():
            return min(100, sum(option.credit for option in item.options if option.value in value))
        case YesNoItem(), bool():
            return 100 if value == (item.good == "yes") else 0
        case NumberItem(), int():
            return next((step.credit for step in reversed(item.steps) if value >= step.at_least), 0)
        case ScenarioItem(), str():
            return next(act.credit for act in item.options if act.value == value)
        case RankingItem(), tuple():
            return ranking_percent(value, item.key)
        case MeasurementItem(), int():
            return measured_percent(item, value)
        case _:
            raise ValueError(f"{value!r} is no answer to {item.id}")


def ranking_percent(order: Sequence[str], key: Sequence[str]) -> int:
    """How far an order agrees with the key: the share of all pairs of options that stand in the keyed order, in whole
    percent, rounded half up. An order names each option of the key once, so that no pair is tied.

    The keyed order earns 100 and the opposite one 0; it is (Kendall's tau + 1) / 2.

    >>> key = ("a", "b", "c", "d")
    >>> [ranking_percent(order, key) for order in (key, ("b", "a", "c", "d"), ("d", "c", "b", "a"))]
    [100, 83, 0]
    """
    place = {value: at for at, value in enumerate(key)}
    kept = sum(place[one] < place[later] for at, one in enumerate(order) for later in order[at + 1 :])
    return _share_of_pairs(kept, len(key))


def _share_of_pairs(kept: int, options: int) -> int:
    pairs = options * (options - 1) // 2
    return (200 * kept + pairs) // (2 * pairs)


def measured_percent(item: MeasurementItem, value: int) -> int:
    """The credit of the first mark that a measured value reaches, its edge included; none reached is 0."""
    sign = -1 if item.better == "less" else 1
    return next((mark.credit for mark in item.steps if sign * value >= sign * mark.edge), 0)


def credits_of(instrument: Instrument, item: Item) -> tuple[int, ...]:
    """Every credit that some answer to a scored item earns, rising: how far its key reaches, and in what grain."""
    match item:
        case LikertItem():
            steps = len(instrument.agreement) - 1
            return tuple(climbed * (100 // steps) for climbed in range(steps + 1))
        case SingleItem():
            return _rising(option.credit for option in item.options if not option.unknown)
        case ScenarioItem():
            return _rising(act.credit for act in item.options)
        case MultipleItem():
            return _sums(item)
        case YesNoItem():
            return (0, 100)
        case NumberItem():
            edges = (item.minimum, *(step.at_least for step in item.steps))
            reached = (edge for edge in edges if item.minimum <= edge <= item.maximum)
            return _rising(credit_percent(instrument, item, edge) or 0 for edge in reached)
        case RankingItem():
            pairs = len(item.key) * (len(item.key) - 1) // 2
            return _rising(_share_of_pairs(kept, len(item.key)) for kept in range(pairs + 1))
        case MeasurementItem():
            return _rising((0, *(mark.credit for mark in item.steps)))
        case _:
            raise ValueError(f"{item.id} is not scored")


def _rising(credits: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(credits)))


def _sums(item: MultipleItem) -> tuple[int, ...]:
    reached = {option.credit for option in item.options if option.alone}
    together: set[int] = set()
    for option in item.options:
        if not option.alone:
            together |= {min(100, option.credit + one) for one in (0, *together)}
    return _rising(reached | together)
