"""Whole bases scored in one call: `scoring` over a matrix of answers, equal to it to the bit.

The matrix has a row for each person and a column for each item that counts. Sums over the items of a scale are read
from tables: a few neighbouring items together make one small number, and one look at a table gives all their sums at
once, packed side by side into whole numbers of 64 bits. Everything is exact: whole numbers that a 64-bit float holds
(under 2^53) where the edition's weights allow it, else 64-bit integers, else Python's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.credits import credit_percent
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import ErrorKind, Instrument
from assessments.questionnaires.items import LikertItem, ScenarioItem, SingleItem, YesNoItem
from assessments.questionnaires.keys import Key, KeyItem, key_of, once_per_edition
from assessments.questionnaires.precision import UNKNOWN, WHOLE, doubt_variance

Matrix: TypeAlias = NDArray[Any]

NOTHING = -1
"""In a matrix: not answered. In a result: no score, no band."""
ROWS_AT_ONCE = 4096
"""Rows worked on together: few enough for what lies between to stay in the processor's cache."""
LARGEST_TABLE = 4096
WAYS = tuple(HowKnown)


@dataclass(frozen=True, slots=True)
class Column:
    """One item of the matrix: what each code of an answer earns in percent; None is "I do not know"."""

    item: KeyItem
    credits: tuple[int | None, ...]
    code_of: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Field:
    """Where one sum stands in the packed words."""

    word: int
    shift: int
    bits: int


@dataclass(frozen=True, slots=True)
class Packet:
    """Neighbouring items of one scale that are read together: for each word, their packed sums by their joint code."""

    scale: int
    places: tuple[int, ...]
    radices: tuple[int, ...]
    tables: tuple[Matrix, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The packets and fields, for answers known by themselves (`ways` 1) or each in its own way (`ways` 4)."""

    ways: int
    fields: tuple[Field, ...]
    packets: tuple[Packet, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """One edition made ready to score any number of answer sets."""

    key: Key
    columns: tuple[Column, ...]
    edges: tuple[int, ...]
    plain: Layout
    with_evidence: Layout

    @property
    def items(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.item.item.id for column in self.columns)


@dataclass(frozen=True, slots=True)
class Scores:
    """A row each, in hundredths of a point but for `known_percent` and `bands`, the places in the edition's bands.

    -1 stands where `scoring.score` has None. `scales` and `scale_errors` have a column for each scale. `contributions`
    and `possible` have one for each item, 0 where it was not answered; None when they were not asked for.
    """

    scores: Matrix
    standard_errors: Matrix
    low: Matrix
    high: Matrix
    known_percent: Matrix
    bands: Matrix
    scales: Matrix
    scale_errors: Matrix
    contributions: Matrix | None = None
    possible: Matrix | None = None


@once_per_edition
def compiled(instrument: Instrument) -> Compiled:
    """The edition ready to score; worked out at the first call."""
    key = key_of(instrument)
    columns = tuple(_column(instrument, one) for one in key.items)
    return Compiled(
        key=key,
        columns=columns,
        edges=tuple(sorted(band.from_hundredths for band in instrument.bands)),
        plain=_layout(key, columns, ways=1),
        with_evidence=_layout(key, columns, ways=len(WAYS)),
    )


def encode(ready: Compiled, stored: Mapping[str, Any]) -> list[int]:
    """One person's stored answers (`Answers.to_json`) as a row; what does not count is passed over.

    An agreement is its point less one, a choice the place of its option, yes is 1. A number, a measurement, an order
    and several choices are the place of what they earn among all that the item can earn: the key sees no more of them.
    ValueError for a value that is no answer in this edition.
    """
    row = []
    for column in ready.columns:
        value = stored.get(column.item.item.id)
        try:
            row.append(NOTHING if value is None else column.code_of(value))
        except (KeyError, StopIteration, TypeError) as error:
            raise ValueError(f"{value!r} is no answer to {column.item.item.id}") from error
    return row


def encode_all(ready: Compiled, sets: Iterable[Mapping[str, Any]]) -> Matrix:
    """Many people's stored answers as a matrix of small whole numbers, laid out item by item, as scoring reads it."""
    largest = max(len(column.credits) for column in ready.columns)
    kind: type[np.signedinteger[Any]] = np.int8 if largest <= np.iinfo(np.int8).max else np.int16
    rows = [np.array(encode(ready, stored), dtype=kind) for stored in sets]
    if not rows:
        return np.empty((0, len(ready.columns)), dtype=kind)
    return np.asfortranarray(np.stack(rows))


def rescore(
    ready: Compiled, answers: Matrix, *, known: Matrix | None = None, contributions: bool = False
) -> Scores:
    """The scores of all rows.

    `known` has the shape of `answers` and says how each is known, by its place in `HowKnown`, -1 for "by itself".
    Codes that do not exist give ValueError. Memory beyond the result stays within megabytes, whatever the rows.
    """
    _check(ready, answers, known)
    parts = [
        _chunk(
            ready,
            answers[at : at + ROWS_AT_ONCE],
            None if known is None else known[at : at + ROWS_AT_ONCE],
            contributions=contributions,
        )
        for at in range(0, max(1, len(answers)), ROWS_AT_ONCE)
    ]
    joined: dict[str, Any] = {
        one.name: _joined([getattr(part, one.name) for part in parts]) for one in fields(Scores)
    }
    return Scores(**joined)


def _joined(arrays: Sequence[Matrix | None]) -> Matrix | None:
    there = [one for one in arrays if one is not None]
    return np.concatenate(there) if there else None


def _check(ready: Compiled, answers: Matrix, known: Matrix | None) -> None:
    if answers.ndim != 2 or answers.shape[1] != len(ready.columns):
        raise ValueError(f"a matrix of {len(ready.columns)} columns is needed")
    if known is not None and known.shape != answers.shape:
        raise ValueError("how answers are known must have the shape of the answers")
    if not len(answers):
        return
    most = np.array([len(column.credits) for column in ready.columns])
    if answers.min() < NOTHING or (answers.max(axis=0) >= most).any():
        raise ValueError("a code that no answer has")
    if known is not None and (known.min() < NOTHING or known.max() >= len(WAYS)):
        raise ValueError("a way of knowing that does not exist")


def _column(instrument: Instrument, one: KeyItem) -> Column:
    match one.item:
        case LikertItem():
            values: tuple[AnswerValue, ...] = tuple(range(1, len(instrument.agreement) + 1))
        case SingleItem() | ScenarioItem():
            values = tuple(option.value for option in one.item.options)
        case YesNoItem():
            values = (False, True)
        case _:
            return Column(one, one.credits, _place_of_credit(instrument, one))
    places = {value: at for at, value in enumerate(values)}
    return Column(
        one, tuple(credit_percent(instrument, one.item, value) for value in values), places.__getitem__
    )


def _place_of_credit(instrument: Instrument, one: KeyItem) -> Callable[[Any], int]:
    places = {credit: at for at, credit in enumerate(one.credits)}

    def place(value: Any) -> int:
        answer = tuple(value) if isinstance(value, list) else value
        return places[credit_percent(instrument, one.item, answer) or 0]

    return place


def _layout(key: Key, columns: tuple[Column, ...], *, ways: int) -> Layout:
    sums = [_sums_by_code(key, column, ways=ways) for column in columns]
    most = [
        max(sum(int(sums[at][:, field].max()) for at in scale.places) for scale in key.scales)
        for field in range(4)
    ]
    places = tuple(_packed_places([one.bit_length() for one in most]))
    words = 1 + places[-1].word
    tables = [_packed(one, places, words) for one in sums]
    return Layout(ways, places, tuple(_packets(key, tables)), words)


def _sums_by_code(key: Key, column: Column, *, ways: int) -> Matrix:
    """By code (0 for nothing, then each answer in each way of knowing): b, b^2, b c, and what the error is made of.

    b is the item's weight in its scale, c its credit; the last is b c^2, or b^2 times the variance of a doubted fact.
    """
    one, error = column.item, key.error
    rows = [(0, 0, 0, 0)]
    for credit in column.credits:
        for way in WAYS[:ways]:
            if credit is None:
                rows.append((0, 0, 0, 0))
                continue
            known = min((one.by_itself, way), key=error.doubt_percent.of) if ways > 1 else one.by_itself
            spread = (
                one.own * credit**2
                if error.kind is ErrorKind.ANSWERS
                else one.own**2 * doubt_variance(one, credit, doubt_percent=error.doubt_percent.of(known))
            )
            rows.append((one.own, one.own**2, one.own * credit, spread))
    return np.array(rows, dtype=np.int64)


def _packed_places(bits: Sequence[int]) -> Iterator[Field]:
    """Fields side by side, as many to a word of 63 bits as go in."""
    word = used = 0
    for width in bits:
        if used + width > 63:
            word, used = word + 1, 0
        yield Field(word, used, width)
        used += width


def _packed(sums: Matrix, places: Sequence[Field], words: int) -> Matrix:
    found = np.zeros((words, len(sums)), dtype=np.int64)
    for column, place in enumerate(places):
        found[place.word] += sums[:, column] << place.shift
    return found


def _packets(key: Key, tables: Sequence[Matrix]) -> Iterator[Packet]:
    for number, scale in enumerate(key.scales):
        together: list[int] = []
        for at in (*scale.places, None):
            size = np.prod([tables[one].shape[1] for one in together], dtype=np.int64)
            if together and (at is None or size * tables[at].shape[1] > LARGEST_TABLE):
                yield _packet(number, together, tables)
                together = []
            if at is not None:
                together.append(at)


def _packet(scale: int, places: Sequence[int], tables: Sequence[Matrix]) -> Packet:
    joint = tables[places[0]]
    for at in places[1:]:
        joint = (joint[:, :, None] + tables[at][:, None, :]).reshape(len(joint), -1)
    radices = tuple(tables[at].shape[1] for at in places)
    return Packet(scale, tuple(places), radices, tuple(np.ascontiguousarray(word) for word in joint))


def _chunk(ready: Compiled, answers: Matrix, known: Matrix | None, *, contributions: bool) -> Scores:
    layout = ready.plain if known is None else ready.with_evidence
    key = ready.key
    sums = _sums(key, layout, answers, known)
    weights, squares, earned, spreads = _exact(sums, most=_most_in_scales(key))
    factors = _exact(_per_scale(key, "factor"), most=_most_in_scales(key))
    answered = (factors * weights).sum(axis=0)
    whole = (factors * earned).sum(axis=0)
    scores = _score(whole, answered)
    bands = len(ready.edges) - np.searchsorted(np.array(ready.edges), scores, side="right")
    scale_variances = _scale_variances(ready, answers, weights, squares, earned, spreads)
    variances = _whole_variances(key, sums, scale_variances)
    floor = key.error.floor_hundredths
    errors = np.maximum(_root_up(variances), max(floor, key.error.measured_sem_hundredths or 0))
    there = scores != NOTHING
    errors = np.where(there, errors, NOTHING)
    reach = -(-196 * errors // 100)
    low, high = np.maximum(0, scores - reach), np.minimum(WHOLE, scores + reach)
    scales = _score(earned, weights)
    scale_errors = np.where(weights > 0, np.maximum(_root_up(scale_variances), floor), NOTHING)
    parts, possible = _contributions(ready, answers, scores) if contributions else (None, None)
    return Scores(
        scores=scores.astype(np.int16),
        standard_errors=errors.astype(np.int32),
        low=np.where(there, low, NOTHING).astype(np.int16),
        high=np.where(there, high, NOTHING).astype(np.int16),
        known_percent=_over(100 * answered, key.weight).astype(np.int8),
        bands=np.where(there, bands, NOTHING).astype(np.int8),
        scales=scales.astype(np.int16).T,
        scale_errors=scale_errors.astype(np.int32).T,
        contributions=parts,
        possible=possible,
    )


def _sums(key: Key, layout: Layout, answers: Matrix, known: Matrix | None) -> Matrix:
    """The four sums of each scale (field, scale, row)."""
    codes = answers.T.astype(np.int16, order="C")
    if known is None:
        codes += 1
    else:
        # By itself (-1) is as good as declared: the tables take the lesser doubt of the two.
        way = np.maximum(known.T, 0)
        codes = np.where(codes < 0, 0, 1 + codes * layout.ways + way).astype(np.int16)
    words = np.zeros((layout.words, len(key.scales), len(answers)), dtype=np.int64)
    for packet in layout.packets:
        joint = codes[packet.places[0]]
        for at, radix in zip(packet.places[1:], packet.radices[1:], strict=True):
            joint = joint * np.int16(radix) + codes[at]
        place = joint.astype(np.intp)
        for word, table in enumerate(packet.tables):
            words[word, packet.scale] += table.take(place, mode="clip")
    return np.stack([(words[one.word] >> one.shift) & ((1 << one.bits) - 1) for one in layout.fields])


def _most_in_scales(key: Key) -> int:
    """What no number on the way to scores and to the errors of scales exceeds."""
    return max(4_000_000 * key.weight, 100_000_000 * max(scale.own for scale in key.scales) ** 2)


def _most_in_all(key: Key) -> int:
    """What no number on the way to the error of the whole, or to contributions, exceeds."""
    return 100_000_000 * key.weight**2


def _exact(numbers: Matrix, *, most: int) -> Matrix:
    """In the fastest kind of number that holds every whole number up to `most`."""
    return numbers.astype(np.float64 if most < 2**53 else np.int64 if most < 2**63 else object)


def _per_scale(key: Key, name: str) -> Matrix:
    return np.array([[getattr(scale, name)] for scale in key.scales], dtype=object)


def _over(numerator: Matrix, denominator: Matrix | int) -> Matrix:
    """The quotient rounded down; 0 divided by 0 is 0.

    For floats below 2^53 the rounded quotient never reaches a whole number that the true one stays under: they are at
    least 1 / denominator apart, and that is more than half a step of the float.
    """
    by = np.maximum(denominator, 1)
    return np.floor(numerator / by) if numerator.dtype == np.float64 else numerator // by


def _score(earned: Matrix, weight: Matrix) -> Matrix:
    """Hundredths of a point, rounded half up; -1 where nothing was answered."""
    rounded = _over(2 * WHOLE * earned + 100 * weight, 200 * weight)
    return np.where(weight > 0, rounded, NOTHING).astype(np.int64)


def _scale_variances(
    ready: Compiled, answers: Matrix, weights: Matrix, squares: Matrix, earned: Matrix, spreads: Matrix
) -> Matrix:
    """As `precision.scatter` and `precision._facts_of` for each scale; 0 where nothing was answered."""
    key, most = ready.key, _most_in_scales(ready.key)
    answered = weights**2
    if key.error.kind is ErrorKind.FACTS:
        unseen = (_exact(_own_squares(key), most=most) - squares) * UNKNOWN
        return _over(spreads, answered) + _over(unseen, _exact(_per_scale(key, "own"), most=most) ** 2)
    freedom = answered - squares
    spread = _over(10_000 * (weights * spreads - earned**2), freedom)
    alone = (freedom == 0) & (weights > 0)
    if alone.any():
        rows = alone.any(axis=0)
        spread[:, rows] = np.where(alone[:, rows], _spread_of_all(ready, answers[rows]), spread[:, rows])
    least = _exact(_per_scale(key, "least_spread"), most=most)
    return _over(np.maximum(spread, least) * squares, answered)


def _own_squares(key: Key) -> Matrix:
    return np.array(
        [[sum(key.items[at].own ** 2 for at in scale.places)] for scale in key.scales], dtype=object
    )


def _spread_of_all(ready: Compiled, answers: Matrix) -> Matrix:
    """As `precision.scatter_of_one`, for each row."""
    credits, given = _credits(ready, answers)
    held = given * _weights(ready)
    weight, squares = held.sum(axis=1), (held**2).sum(axis=1)
    earned, earned_twice = (held * credits).sum(axis=1), (held * credits**2).sum(axis=1)
    freedom = weight**2 - squares
    spread = _over(10_000 * (weight * earned_twice - earned**2), freedom)
    return np.where(freedom == 0, UNKNOWN, spread)


def _weights(ready: Compiled) -> Matrix:
    weights = np.array([one.weight for one in ready.key.items], dtype=object)
    return _exact(weights, most=_most_in_all(ready.key))


def _whole_variances(key: Key, sums: Matrix, scale_variances: Matrix) -> Matrix:
    """As `precision._of_answers` and `precision._facts_of` for the whole; 0 where nothing was answered."""
    most = _most_in_all(key)
    weights, squares, _, spreads = _exact(sums, most=most)
    factors = _exact(_per_scale(key, "factor"), most=most)
    if key.error.kind is ErrorKind.FACTS:
        seen = spreads * factors**2
        unseen = (_exact(_own_squares(key), most=most) - squares) * factors**2 * UNKNOWN
    else:
        seen = (factors * weights) ** 2 * _exact(scale_variances, most=most)
        unseen = (weights == 0) * _exact(_per_scale(key, "weight"), most=most) ** 2 * UNKNOWN
    answered = (factors * weights).sum(axis=0)
    return _over(seen.sum(axis=0), answered**2) + _over(unseen.sum(axis=0), key.weight**2)


def _root_up(variances: Matrix) -> Matrix:
    """As `precision.root_up`: variances stay far under 2^52, where the rounded root never crosses a whole number."""
    return np.ceil(np.sqrt(variances.astype(np.float64))).astype(np.int64)


def _credits(ready: Compiled, answers: Matrix) -> tuple[Matrix, Matrix]:
    """Credits in percent (0 where not known), and whether each is known."""
    credits = np.zeros(answers.shape, dtype=np.int64)
    for at, column in enumerate(ready.columns):
        worth = np.array([-1, *(-1 if one is None else one for one in column.credits)])
        credits[:, at] = worth[answers[:, at].astype(np.intp) + 1]
    given = credits >= 0
    return _exact(np.where(given, credits, 0), most=_most_in_all(ready.key)), given


def _contributions(ready: Compiled, answers: Matrix, scores: Matrix) -> tuple[Matrix, Matrix]:
    credits, given = _credits(ready, answers)
    weights = given * _weights(ready)
    there, by = np.where(scores == NOTHING, 0, scores), weights.sum(axis=1, keepdims=True)
    all_of_it = np.where(scores == NOTHING, 0, WHOLE)
    possible = _shared_out(all_of_it, WHOLE * weights, by, given, np.full(answers.shape, WHOLE))
    parts = _shared_out(there, WHOLE * credits * weights, 100 * by, given, possible)
    return parts.astype(np.int16), possible.astype(np.int16)


def _shared_out(
    totals: Matrix, numerators: Matrix, denominators: Matrix, given: Matrix, ceilings: Matrix
) -> Matrix:
    """As `scoring.largest_remainder`, for each row."""
    count = numerators.shape[1]
    parts = _over(numerators, denominators)
    left_over = numerators - parts * denominators
    # Larger remainders first, and of equal ones the earlier item: no two keys of a row are alike.
    keys = left_over * count + np.arange(count - 1, -1, -1)
    parts = parts.astype(np.int64)
    left = totals - parts.sum(axis=1)
    while (left > 0).any():
        takes = given & (parts < ceilings)
        open_keys = np.where(takes, keys, -1)
        some = np.minimum(left, takes.sum(axis=1))
        ordered = np.sort(open_keys, axis=1)
        least = np.take_along_axis(ordered, np.clip(count - some, 0, count - 1)[:, None], axis=1)
        more = takes & (open_keys >= least) & (some > 0)[:, None]
        parts += more
        left = left - more.sum(axis=1)
    return parts
