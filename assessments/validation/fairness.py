"""How often each group is selected, beside the group selected most often: exact ratios, and how sure they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import erfc, exp, log, sqrt
from typing import Literal, TypeAlias

from pydantic import Field

from assessments.editions import Edition, EditionError, faults_of_words, read_as
from assessments.values import Text, Value

GroupName: TypeAlias = tuple[str, ...]
"""One value for each column that people are grouped by; several make an intersection."""

HowTested: TypeAlias = Literal["fisher", "z"]


class FairnessWords(Value):
    """What is said of one group; `{...}` is filled in here."""

    reference: Text
    clear: Text
    below_floor: Text
    unlikely: Text
    both: Text
    too_few: Text
    apart: Text
    nobody: Text
    alone: Text


_SURENESS = frozenset({"floor", "p"})
_WORD_FACTS = {
    "below_floor": _SURENESS,
    "both": _SURENESS,
    "unlikely": frozenset({"p"}),
    "apart": frozenset({"share"}),
}


class FairnessPolicy(Edition):
    """One edition of the thresholds. `p_below` and `interval_z` are two-sided."""

    ratio_floor: Fraction = Field(gt=0, le=1)
    p_below: float = Field(gt=0, lt=1)
    interval_z: float = Field(gt=0)
    few_people: int = Field(ge=1)
    few_expected: int = Field(ge=1)
    exact_up_to: int = Field(ge=0)
    small_share: Fraction = Field(ge=0, lt=1)
    gap_small: float = Field(gt=0)
    gap_large: float = Field(gt=0)
    dif_small: float = Field(gt=0)
    dif_large: float = Field(gt=0)
    shared_information: float = Field(gt=0)
    words: FairnessWords


def read_policy(text: str) -> FairnessPolicy:
    """One edition from YAML; EditionError with every fault."""
    policy = read_as(FairnessPolicy, text)
    if faults := faults_of_words(policy.words, path="words", facts=_WORD_FACTS):
        raise EditionError(faults)
    return policy


class Counted(Value):
    """How many people of one group there are, and how many of them were selected."""

    group: GroupName
    n: int = Field(ge=1)
    selected: int = Field(ge=0)

    @property
    def rate(self) -> Fraction:
        return Fraction(self.selected, self.n)


class Tally(Value):
    """The groups in the order of their names, and the people of whom a group is not known."""

    groups: tuple[Counted, ...]
    unknown: int = 0


class Standing(StrEnum):
    """What a group's row can be used for."""

    REFERENCE = "reference"
    COMPARED = "compared"
    TOO_FEW = "too_few"
    APART = "apart"


class Interval(Value):
    """From `low` to `high`, both included."""

    low: float
    high: float


class ImpactRow(Value):
    """One group beside the reference. `flag` is None where there are too few people to say anything.

    `interval` is None where a rate of nobody (or of everybody in both groups) leaves the logarithm nothing to stand on.
    """

    group: GroupName
    n: int
    selected: int
    rate: Fraction
    impact_ratio: Fraction | None
    interval: Interval | None
    p: float | None
    test: HowTested | None
    standing: Standing
    flag: bool | None
    reason: Text


class ImpactTable(Value):
    """Every group, the reference among them; `unknown` people are counted and enter no rate."""

    rows: tuple[ImpactRow, ...]
    reference: GroupName | None
    n: int
    selected: int
    unknown: int
    policy_edition: str

    @property
    def is_flagged(self) -> bool:
        return any(row.flag for row in self.rows)

    def row(self, *group: str) -> ImpactRow:
        """The row of that group; StopIteration for a group that is not there."""
        return next(row for row in self.rows if row.group == group)


def tally(groups: Iterable[GroupName], selected: Iterable[bool]) -> Tally:
    """Count people by group; whoever has an empty value anywhere is unknown.

    >>> tally([("f",), ("m",), ("f",), ("",)], [True, False, False, True])
    Tally(groups=(Counted(group=('f',), n=2, selected=1), Counted(group=('m',), n=1, selected=0)), unknown=1)
    """
    people: Counter[GroupName] = Counter()
    chosen: Counter[GroupName] = Counter()
    unknown = 0
    for group, is_selected in zip(groups, selected, strict=True):
        if not all(group):
            unknown += 1
            continue
        people[group] += 1
        chosen[group] += bool(is_selected)
    found = tuple(Counted(group=name, n=people[name], selected=chosen[name]) for name in sorted(people))
    return Tally(groups=found, unknown=unknown)


def withheld(counts: Tally, policy: FairnessPolicy) -> Tally:
    """The same without groups of fewer than `few_people`: for figures that others see.

    Their people join the unknown, so that no subtraction from a known total brings a small group back.
    """
    large = tuple(one for one in counts.groups if one.n >= policy.few_people)
    few = sum(one.n for one in counts.groups) - sum(one.n for one in large)
    return Tally(groups=large, unknown=counts.unknown + few)


def above_median(scores: Sequence[Fraction | int]) -> tuple[bool, ...]:
    """Whether each score is above the sample's median, the scored form of Local Law 144; on the median is not above.

    >>> above_median([10, 20, 30, 40]), above_median([10, 20, 30])
    ((False, False, True, True), (False, False, True))
    """
    if not scores:
        return ()
    ordered = sorted(scores)
    middle = Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return tuple(score > middle for score in scores)


def impact(counts: Tally, policy: FairnessPolicy) -> ImpactTable:
    """Each group's rate divided by that of the reference, in exact fractions.

    The reference has the highest rate among the groups that are large enough to compare with; where fewer than two
    are, the highest rate of all groups that are not apart. A tie goes to the larger group, then
    to the first name. So five lucky people do not
    make everybody else look wronged, and a small file still gets its ratios.
    """
    reference = _reference(counts, policy)
    return ImpactTable(
        rows=tuple(_row(one, reference, counts, policy) for one in counts.groups),
        reference=reference.group if reference else None,
        n=sum(one.n for one in counts.groups),
        selected=sum(one.selected for one in counts.groups),
        unknown=counts.unknown,
        policy_edition=policy.edition,
    )


def _reference(counts: Tally, policy: FairnessPolicy) -> Counted | None:
    usual = [one for one in counts.groups if not _is_apart(one, counts, policy)] or list(counts.groups)
    large = [one for one in usual if one.n >= policy.few_people]
    among = large if len(large) > 1 else usual
    return min(among, key=lambda one: (-one.rate, -one.n, one.group), default=None)


def _is_apart(one: Counted, counts: Tally, policy: FairnessPolicy) -> bool:
    return Fraction(one.n, sum(other.n for other in counts.groups)) < policy.small_share


def _row(one: Counted, reference: Counted | None, counts: Tally, policy: FairnessPolicy) -> ImpactRow:
    assert reference is not None
    ratio = one.rate / reference.rate if reference.rate else None
    is_reference = one.group == reference.group
    standing = Standing.REFERENCE if is_reference else _standing(one, reference, counts, policy)
    p, test = (None, None) if is_reference else difference(one, reference, policy)
    words, flag = _said(ratio, p, standing, len(counts.groups), policy)
    return ImpactRow(
        group=one.group, n=one.n, selected=one.selected, rate=one.rate, impact_ratio=ratio,
        interval=None if is_reference else ratio_interval(one, reference, policy),
        p=p, test=test, standing=standing, flag=flag, reason=words,
    )  # fmt: skip


def _standing(one: Counted, reference: Counted, counts: Tally, policy: FairnessPolicy) -> Standing:
    if _is_apart(one, counts, policy):
        return Standing.APART
    rate = Fraction(one.selected + reference.selected, one.n + reference.n)
    expected = min(rate, 1 - rate) * one.n
    if one.n < policy.few_people or expected < policy.few_expected:
        return Standing.TOO_FEW
    return Standing.COMPARED


def _said(
    ratio: Fraction | None, p: float | None, standing: Standing, groups: int, policy: FairnessPolicy
) -> tuple[Text, bool | None]:
    words = policy.words
    if ratio is None:
        return words.nobody, None
    match standing:
        case Standing.REFERENCE:
            return (words.reference, False) if groups > 1 else (words.alone, None)
        case Standing.APART:
            return words.apart.with_(share=policy.small_share * 100), None
        case Standing.TOO_FEW:
            return words.too_few, None
    assert p is not None
    is_low, is_unlikely = ratio < policy.ratio_floor, p < policy.p_below
    chosen = {
        (True, True): words.both,
        (True, False): words.below_floor,
        (False, True): words.unlikely,
        (False, False): words.clear,
    }[is_low, is_unlikely]
    return _with_figures(chosen, p, policy), is_low or is_unlikely


def _with_figures(words: Text, p: float, policy: FairnessPolicy) -> Text:
    shown = f"{p:.3f}" if p >= 0.001 else "< 0.001"
    return Text(
        fr=words.fr.format(floor=policy.ratio_floor, p=shown.replace(".", ",")).replace("p = <", "p <"),
        en=words.en.format(floor=policy.ratio_floor, p=shown).replace("p = <", "p <"),
    )


def difference(one: Counted, other: Counted, policy: FairnessPolicy) -> tuple[float, HowTested]:
    """How likely a difference at least as large is by chance, two-sided: Fisher's exact test, or pooled z for many."""
    table = [[one.selected, one.n - one.selected], [other.selected, other.n - other.selected]]
    if one.n + other.n <= policy.exact_up_to:
        from scipy.stats import fisher_exact  # Two seconds to load, and only these figures need it.

        return float(fisher_exact(table).pvalue), "fisher"
    pooled = (one.selected + other.selected) / (one.n + other.n)
    spread = sqrt(pooled * (1 - pooled) * (1 / one.n + 1 / other.n))
    if not spread:
        return 1.0, "z"
    return erfc(abs(float(one.rate - other.rate)) / spread / sqrt(2)), "z"


def ratio_interval(one: Counted, other: Counted, policy: FairnessPolicy) -> Interval | None:
    """Around the ratio of two rates, on the logarithm: ln R ± z·√(1/a − 1/n₁ + 1/c − 1/n₂).

    45 of 100 beside 60 of 100 gives 0.57 to 0.98.
    """
    if not one.selected or not other.selected:
        return None
    spread = sqrt(1 / one.selected - 1 / one.n + 1 / other.selected - 1 / other.n)
    if not spread:
        return None
    middle, reach = log(one.rate / other.rate), policy.interval_z * spread
    return Interval(low=exp(middle - reach), high=exp(middle + reach))


class PooledRow(Value):
    """One group beside the reference over all parts, and within them.

    `within` is the Mantel-Haenszel ratio: the ratio of the parts, each with its share; `turns_round` says that the
    whole and the parts point to different sides (Simpson's paradox). None where no part holds both groups.
    """

    group: GroupName
    overall: Fraction | None
    within: Fraction | None
    turns_round: bool


class Parts(Value):
    """The whole, each part (a stage, a programme) by itself, and what the parts say together."""

    whole: ImpactTable
    parts: Mapping[str, ImpactTable]
    pooled: tuple[PooledRow, ...]


def in_parts(parts: Mapping[str, Tally], policy: FairnessPolicy) -> Parts:
    """Rates part by part and over all, because the whole alone may show the opposite of every part."""
    whole = impact(merged(parts.values()), policy)
    return Parts(
        whole=whole,
        parts={name: impact(part, policy) for name, part in parts.items() if part.groups},
        pooled=tuple(
            _pooled(row, whole.reference, parts.values())
            for row in whole.rows
            if whole.reference is not None and row.group != whole.reference
        ),
    )


def merged(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    people: Counter[GroupName] = Counter()
    chosen: Counter[GroupName] = Counter()
    unknown = 0
    for one in tallies:
        unknown += one.unknown
        for group in one.groups:
            people[group.group] += group.n
            chosen[group.group] += group.selected
    found = tuple(Counted(group=name, n=people[name], selected=chosen[name]) for name in sorted(people))
    return Tally(groups=found, unknown=unknown)


def _pooled(row: ImpactRow, reference: GroupName, parts: Iterable[Tally]) -> PooledRow:
    above, below = Fraction(0), Fraction(0)
    for part in parts:
        by_name = {one.group: one for one in part.groups}
        one, other = by_name.get(row.group), by_name.get(reference)
        if one is not None and other is not None:
            above += Fraction(one.selected * other.n, one.n + other.n)
            below += Fraction(other.selected * one.n, one.n + other.n)
    within = above / below if below else None
    turns = within is not None and row.impact_ratio is not None and (row.impact_ratio - 1) * (within - 1) < 0
    return PooledRow(group=row.group, overall=row.impact_ratio, within=within, turns_round=turns)
