"""What makes a question of a questionnaire unsound, found before anybody is asked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.items import (
    FileItem,
    Item,
    LikertItem,
    Mark,
    MeasurementItem,
    MultipleItem,
    NumberItem,
    RankingItem,
    ScenarioItem,
    SingleItem,
    YesNoItem,
)

Found: TypeAlias = Iterator[tuple[str, str]]
"""Faults as they are found: the way to each, and what is wrong."""

NOTHING_FULL = "no answer reaches the full credit of 100"


def twice(path: str, names: Sequence[str]) -> Found:
    """A fault for each name that comes more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            yield path, f"the name {name!r} comes {count} times"


def faults_of_item(item: Item, *, path: str, points: int) -> Found:
    """What makes one item unsound by itself, on an instrument with so many `points` of agreement."""
    if item.remedies and item.gap is None:
        yield f"{path}.gap", "remedies without the sentence that says the gap"
    if list(item.known_by) != [kind for kind in HowKnown if kind in item.known_by]:
        yield f"{path}.known_by", "the ways of knowing go from the weakest to the strongest, each once"
    match item:
        case LikertItem():
            yield from _faults_of_agreement(points, path=path)
        case SingleItem() | MultipleItem():
            yield from _faults_of_options(item, path=path)
        case ScenarioItem():
            yield from _faults_of_acts(item, path=path)
        case RankingItem():
            yield from _faults_of_ranking(item, path=path)
        case NumberItem():
            yield from _faults_of_number(item, path=path)
        case MeasurementItem():
            yield from _faults_of_measurement(item, path=path)
        case _:
            pass


def _faults_of_agreement(points: int, *, path: str) -> Found:
    if points < 2 or 100 % (points - 1):
        yield path, f"{points} points of agreement do not share 100 percent in whole steps"


def _faults_of_options(item: SingleItem | MultipleItem, *, path: str) -> Found:
    yield from twice(f"{path}.options", [option.value for option in item.options])
    credits = [option.credit for option in item.options]
    reach = max(credits) if isinstance(item, SingleItem) else sum(credits)
    if item.is_scored and reach < 100:
        yield f"{path}.options", NOTHING_FULL
    if any(option.unknown and (option.credit or isinstance(item, MultipleItem)) for option in item.options):
        yield f"{path}.options", "not to know is one choice of a single one, and gives no credit"
    if not item.is_scored and any(credits):
        yield f"{path}.options", "an item without a scale cannot give credit"


def _faults_of_acts(item: ScenarioItem, *, path: str) -> Found:
    yield from twice(f"{path}.options", [act.value for act in item.options])
    credits = [act.credit for act in item.options]
    if max(credits) < 100:
        yield f"{path}.options", NOTHING_FULL
    if len(set(credits)) < 3:
        yield f"{path}.options", "graded ways of acting have at least three different credits"


def _faults_of_ranking(item: RankingItem, *, path: str) -> Found:
    values = [option.value for option in item.options]
    yield from twice(f"{path}.options", values)
    if not item.is_scored:
        if item.key:
            yield f"{path}.key", "an item without a scale has no right order"
        return
    if sorted(item.key) != sorted(values):
        yield f"{path}.key", "the right order names each option once"
    if list(item.key) == values:
        # Whoever leaves the list as it stands would be given full credit for doing nothing.
        yield f"{path}.options", "the options are shown in the right order already"
    if item.why is None:
        yield f"{path}.why", "the right order is not argued"


def _faults_of_number(item: NumberItem, *, path: str) -> Found:
    if item.minimum > item.maximum:
        yield path, "the minimum is above the maximum"
    if not item.is_scored:
        return
    edges = [step.at_least for step in item.steps]
    if not edges or edges != sorted(set(edges)) or edges[0] > item.minimum:
        yield f"{path}.steps", "the steps must go up and begin at the minimum or below"
    elif max(step.credit for step in item.steps) < 100 or edges[-1] > item.maximum:
        yield f"{path}.steps", "no amount reaches the full credit of 100"


def _faults_of_measurement(item: MeasurementItem, *, path: str) -> Found:
    if item.minimum > item.maximum:
        yield path, "the minimum is above the maximum"
    if HowKnown.DECLARED in item.known_by:
        yield f"{path}.known_by", "what is measured is never known by word alone"
    if item.only_if is not None:
        yield f"{path}.only_if", "a measurement is not asked, so it cannot depend on an answer"
    if not item.is_scored:
        return
    if not _climbs(item.steps, better=item.better):
        yield (
            f"{path}.steps",
            f"the marks go from the hardest to reach to the easiest ({item.better} is better)",
        )
    elif item.steps[0].credit < 100 or not all(
        item.minimum <= mark.edge <= item.maximum for mark in item.steps
    ):
        yield f"{path}.steps", "no value within the bounds reaches the full credit of 100"


def _climbs(marks: Sequence[Mark], *, better: str) -> bool:
    """Whether the marks are listed from the best: each one easier to reach than the one before, for less credit."""
    sign = -1 if better == "less" else 1
    edges, credits = [sign * mark.edge for mark in marks], [mark.credit for mark in marks]
    return bool(marks) and all(values == sorted(set(values), reverse=True) for values in (edges, credits))


def faults_of_condition(item: Item, earlier: Mapping[str, Item], *, path: str) -> Found:
    """What makes a condition unsound, given the items that are asked before."""
    if item.only_if is None:
        return
    if item.is_scored:
        # Two people would be held to different sums, and a better answer that opens a question
        # could lower a score.
        yield path, "a question that only some people see cannot count: give it no scale"
    asked = earlier.get(item.only_if.item)
    if asked is None:
        yield f"{path}.only_if", f"no earlier item is called {item.only_if.item!r}"
        return
    for value in item.only_if.is_any_of:
        if value not in _closed_values(asked):
            yield f"{path}.only_if", f"{asked.id!r} cannot be answered with {value!r}"


def faults_of_evidence(item: FileItem, items: Mapping[str, Item], *, path: str) -> Found:
    """What makes a file a poor piece of evidence: it names items that are not there or that no file can show."""
    for name in item.evidence_for:
        shown = items.get(name)
        if shown is None:
            yield f"{path}.evidence_for", f"no item is called {name!r}"
        elif not {HowKnown.ATTESTED, HowKnown.VERIFIED} & set(shown.known_by):
            yield f"{path}.evidence_for", f"{name!r} is neither attested nor verified by anything"


def _closed_values(item: Item) -> tuple[str, ...]:
    match item:
        case SingleItem() | MultipleItem() | ScenarioItem():
            return tuple(option.value for option in item.options)
        case YesNoItem():
            return ("yes", "no")
        case _:
            return ()
