"""What of a person's answers has aged: the questions to ask again, and no others."""

from collections.abc import Iterable, Mapping
from datetime import date

from assessments.questionnaires.answers import Answers
from assessments.questionnaires.evidence import Evidence, HowKnown, ShelfLives
from assessments.questionnaires.instruments import Instrument
from assessments.values import Text, Value


class Stale(Value):
    """One question whose newest knowledge has gone stale; `known_on` is the day of that knowledge."""

    item: str
    prompt: Text
    known_on: date


class Ageing(Value):
    """What is to be asked again of one questionnaire; `minutes` is its share of the whole, at least one."""

    instrument: str
    title: Text
    items: tuple[Stale, ...]
    minutes: int


def ageing_of(
    instrument: Instrument,
    given: Answers,
    *,
    answered_on: Mapping[str, date],
    shown: Iterable[Evidence],
    on: date,
    lives: ShelfLives,
) -> Ageing:
    """The questions that were answered or shown once and of which nothing known still keeps, in their order.

    `answered_on` says when each answer was given; what has no day there was never answered. A question nobody ever
    answered is missing, which is another thing than stale.
    """
    pieces = [*shown, *_declared(instrument, given, answered_on)]
    found = []
    for item in instrument.items:
        own = [one for one in pieces if one.item == item.id]
        if own and all(_is_spent(one, item.shelf_life, on=on, lives=lives) for one in own):
            newest = max(one.known_on for one in own)
            found.append(Stale(item=item.id, prompt=item.prompt, known_on=newest))
    minutes = -(-instrument.minutes * len(found) // len(instrument.items)) if found else 0
    return Ageing(
        instrument=instrument.slug, title=instrument.title, items=tuple(found), minutes=minutes
    )  # fmt: skip


def _declared(instrument: Instrument, given: Answers, answered_on: Mapping[str, date]) -> Iterable[Evidence]:
    for item in instrument.items:
        if item.id in answered_on and given.get(item.id) is not None:
            yield Evidence(item=item.id, kind=HowKnown.DECLARED, known_on=answered_on[item.id])


def _is_spent(piece: Evidence, span: str | None, *, on: date, lives: ShelfLives) -> bool:
    return (on - piece.known_on).days >= lives.of(piece.kind, span).stale_days
