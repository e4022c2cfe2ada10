"""Answers to one edition as answers to another, as far as both ask the same question."""

from collections.abc import Mapping
from typing import Any

from assessments.questionnaires.answers import Answers, from_stored
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import (
    Item,
    LikertItem,
    MeasurementItem,
    NumberItem,
    YesNoItem,
)
from assessments.values import Value


class Carried(Value):
    """How the questions of two editions compare, by name: the same, asked otherwise, no longer asked, newly asked."""

    same: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]


def compare(old: Instrument, new: Instrument) -> Carried:
    """The questions of two editions of one questionnaire; ValueError for two different questionnaires."""
    if old.slug != new.slug:
        raise ValueError(f"{old.slug} and {new.slug} are not editions of one questionnaire")
    before, after = ({item.id: item for item in one.items} for one in (old, new))
    both = [name for name in before if name in after]
    same = [name for name in both if is_same_question(old, before[name], new, after[name])]
    return Carried(
        same=tuple(same),
        changed=tuple(name for name in both if name not in same),
        dropped=tuple(name for name in before if name not in after),
        added=tuple(name for name in after if name not in before),
    )


def is_same_question(old: Instrument, one: Item, new: Instrument, other: Item) -> bool:
    """Whether a person who answered `one` was asked what `other` asks: the same words and the same things to choose.

    What the answer is worth may differ: the weight, the credits, a key turned round. A corrected comma makes it another
    question, because no program can tell a comma from a meaning; whoever knows better keeps the old words.
    """
    if one.kind != other.kind or (one.prompt, one.situation) != (other.prompt, other.situation):
        return False
    match one, other:
        case LikertItem(), LikertItem():
            return old.agreement == new.agreement
        case YesNoItem(), YesNoItem():
            return True
        case NumberItem(), NumberItem():
            return one.unit == other.unit
        case MeasurementItem(), MeasurementItem():
            return one.measure is other.measure
        case _:
            before, after = (
                {choice.value: choice.label for choice in edition.choices_of(item)}
                for edition, item in ((old, one), (new, other))
            )
            return before == after


def carried(
    old: Instrument, new: Instrument, answers: Answers, *, comparison: Carried | None = None
) -> Answers:
    """What `answers` to the old edition answer in the new one; the rest is missing there, which is not a zero.

    A number that the new bounds no longer allow is left out as well. `comparison` is that of both editions, for those
    who carry many answers.
    """
    if (answers.instrument, answers.edition) != (old.slug, old.edition):
        raise ValueError(f"these answers belong to {answers.instrument} {answers.edition}")
    found = from_stored(new, still_answers(new, answers.to_json(), comparison or compare(old, new)))
    assert isinstance(found, Answers)
    return found


def still_answers(new: Instrument, stored: Mapping[str, Any], comparison: Carried) -> dict[str, Any]:
    """The stored answers to the old edition that are answers to the new one, as they are stored."""
    items = {item.id: item for item in new.items}
    return {
        name: stored[name]
        for name in comparison.same
        if name in stored and _is_within(items[name], stored[name])
    }


def _is_within(item: Item, value: Any) -> bool:
    if isinstance(item, NumberItem | MeasurementItem):
        return bool(item.minimum <= value <= item.maximum)
    return True
