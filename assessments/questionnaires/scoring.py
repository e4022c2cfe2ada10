"""Answers -> Scorecard: score, error, band, reasons and gaps, with contributions that sum exactly to the score."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.answers import Answers, from_stored, visible_items
from assessments.questionnaires.credits import credit_percent
from assessments.questionnaires.evidence import Evidence, HowKnown, ShelfLives, best, confidence_percent
from assessments.questionnaires.instruments import Band, Dimension, Instrument, Remedy
from assessments.questionnaires.keys import Key, KeyItem, KeyScale, key_of
from assessments.questionnaires.precision import WHOLE, fact_errors, interval, standard_errors
from assessments.questionnaires.standing import Placed, is_tie
from assessments.values import Text, Value


class Contribution(Value):
    """What one answered item brought: `hundredths` of the `possible_hundredths` it could bring.

    Over a scorecard `hundredths` sum exactly to the score and `possible_hundredths` to 10000.
    """

    item: str
    scale: str
    prompt: Text
    credit_percent: int
    hundredths: int
    possible_hundredths: int


class ScaleScore(Value):
    """One scale alone, in percent of its own maximum, with its own error; None when none of its items was answered.

    `contributed_hundredths` is the sum of its items' contributions to the whole.
    """

    scale: str
    label: Text
    score_hundredths: int | None
    standard_error_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None
    contributed_hundredths: int
    possible_hundredths: int


class Gap(Value):
    """Something to arrange: `about` names an item or a scale, `remedies` would close it."""

    about: str
    text: Text
    remedies: tuple[Remedy, ...]


class Shown(Value):
    """What was shown of one item, by the piece to rely on that day; `agrees` with the declared answer, if any."""

    item: str
    prompt: Text
    kind: HowKnown
    known_on: date
    credit_percent: int
    confidence_percent: int
    agrees: bool | None


class Demonstrated(Value):
    """What was shown, as a number of its own beside the declared score, which it never changes.

    The score is that of the shown items alone, and `known_percent` their share of the weight. `confidence_percent` is
    the weight of every item that counts times the confidence in what was shown of it on the day `on` (nothing shown:
    0), so that it is never over `known_percent`; it falls with age, and the score does not. Both are rounded down.
    `edition` is that of the shelf lives.
    """

    score_hundredths: int
    standard_error_hundredths: int
    low_hundredths: int
    high_hundredths: int
    known_percent: int
    confidence_percent: int
    items: tuple[Shown, ...]
    on: date
    edition: str


class Scorecard(Value):
    """The result of one questionnaire. It holds nothing about the person but the answers' worth.

    `score_hundredths` is percent of the maximum in hundredths of a point, as declared; None when nothing that counts
    was answered. Its standard error and 95 percent interval go wherever it goes (`precision`).
    `known_percent` is how much of the weight was answered, rounded down. `evidence` is what `demonstrated` rests on,
    kept so that the card can be computed again to the bit.
    """

    instrument: str
    edition: str
    dimension: Dimension
    score_hundredths: int | None
    standard_error_hundredths: int | None
    low_hundredths: int | None
    high_hundredths: int | None
    known_percent: int
    band: Band | None
    scales: tuple[ScaleScore, ...]
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    reasons: tuple[Text, ...]
    demonstrated: Demonstrated | None = None
    evidence: tuple[Evidence, ...] = ()

    def contribution(self, item_id: str) -> Contribution | None:
        """What one item brought, or None when it was not answered or does not count."""
        return next((one for one in self.contributions if one.item == item_id), None)


def score(
    instrument: Instrument,
    answers: Answers,
    *,
    evidence: Sequence[Evidence] = (),
    on: date | None = None,
    lives: ShelfLives | None = None,
) -> Scorecard:
    """The scorecard of `answers`, in whole numbers only.

    An item earns a credit of 0 to 100 percent of its weight. The score is earned weight over answered
    weight: a missing answer, or "I do not know", leaves both sums and is not a zero. The last hundredth is
    rounded half up, and shared among items by the largest remainder (Hare), ties to the earlier question, so
    that the parts sum to the whole. The order of the answers changes nothing. Answers to another edition
    raise ValueError.

    `evidence` is what was shown, weighed on the day `on` by `lives` (both needed with it). It never changes the
    score; where the edition counts facts, evidence that bears an answer out narrows its error.
    """
    if (answers.instrument, answers.edition) != (instrument.slug, instrument.edition):
        raise ValueError(f"these answers belong to {answers.instrument} {answers.edition}")
    key = key_of(instrument)
    given = {answer.item: answer.value for answer in answers.answers}
    credits = _credits(instrument, key, given)
    pieces = _pieces(instrument, key, evidence)
    known = [_how_known(key, one, given.get(one.item.id), pieces.get(one.item.id, ())) for one in key.items]
    whole_error, scale_errors = standard_errors(key, credits, known)
    contributions = _contributions(key, credits)
    total = percent_hundredths((one.weight for one in key.items), credits)
    scales = tuple(
        _scale_score(key, scale, credits, contributions, error)
        for scale, error in zip(key.scales, scale_errors, strict=True)
    )
    band = None if total is None else band_of(instrument, total)
    missing = _missing(instrument, key, answers, given, credits)
    around = _around(total, whole_error)
    shown = _demonstrated(instrument, key, given, pieces, on=on, lives=lives)
    return Scorecard(
        instrument=instrument.slug,
        edition=instrument.edition,
        dimension=instrument.dimension,
        score_hundredths=total,
        **around,
        known_percent=100 * _answered(key, credits) // key.weight,
        band=band,
        scales=scales,
        contributions=contributions,
        missing=missing,
        gaps=_gaps(instrument, key, credits, scales),
        reasons=_reasons(instrument, total, around, band, scales, missing),
        demonstrated=shown,
        evidence=tuple(piece for one in pieces.values() for piece in one) if shown else (),
    )


def ways_known(
    instrument: Instrument, answers: Answers, evidence: Sequence[Evidence]
) -> tuple[HowKnown, ...]:
    """For each item that counts, in the order asked, the way of knowing its answer that leaves the least doubt."""
    key = key_of(instrument)
    given = {answer.item: answer.value for answer in answers.answers}
    pieces = _pieces(instrument, key, evidence)
    return tuple(
        _how_known(key, one, given.get(one.item.id), pieces.get(one.item.id, ())) for one in key.items
    )


def points(hundredths: int, locale: str) -> str:
    """Hundredths of a point as people read them, to one decimal, rounded half up.

    >>> points(7245, "fr"), points(7245, "en"), points(10000, "fr")
    ('72,5', '72.5', '100')
    """
    tenths = (hundredths + 5) // 10
    whole, rest = divmod(tenths, 10)
    mark = "." if locale.lower().startswith("en") else ","
    return f"{whole}{mark}{rest}" if rest else str(whole)


def band_of(instrument: Instrument, score_hundredths: int) -> Band:
    """The first band whose edge the score reaches; on the edge counts as reached."""
    return next(band for band in instrument.bands if score_hundredths >= band.from_hundredths)


def percent_hundredths(weights: Iterable[int], credits: Iterable[int | None]) -> int | None:
    """Earned over answered weight in hundredths of a point, rounded half up; None when nothing was answered.

    >>> percent_hundredths([2, 1, 5], [100, 0, None])
    6667
    """
    earned = possible = 0
    for weight, credit in zip(weights, credits, strict=True):
        if credit is not None:
            earned += weight * credit
            possible += 100 * weight
    return (2 * WHOLE * earned + possible) // (2 * possible) if possible else None


def largest_remainder(
    total: int, numerators: Sequence[int], *, denominator: int, ceilings: Sequence[int]
) -> tuple[int, ...]:
    """Whole parts, near each numerator / denominator, that sum to `total`; none is above its ceiling.

    Every quota is rounded down; what is left goes one by one to the largest remainders, ties to the earlier.

    >>> largest_remainder(100, [100, 100, 100], denominator=3, ceilings=[100, 100, 100])
    (34, 33, 33)
    """
    parts = [numerator // denominator for numerator in numerators]
    by_remainder = sorted(range(len(parts)), key=lambda at: -(numerators[at] % denominator))
    left = total - sum(parts)
    while left > 0:
        takers = [at for at in by_remainder if parts[at] < ceilings[at]][:left]
        assert takers, "the ceilings hold the total"
        for at in takers:
            parts[at] += 1
        left -= len(takers)
    return tuple(parts)


def _credits(instrument: Instrument, key: Key, given: Mapping[str, AnswerValue]) -> tuple[int | None, ...]:
    values = ((one.item, given.get(one.item.id)) for one in key.items)
    return tuple(None if value is None else credit_percent(instrument, item, value) for item, value in values)


def _pieces(
    instrument: Instrument, key: Key, evidence: Sequence[Evidence]
) -> dict[str, tuple[Evidence, ...]]:
    """What was shown of each item that counts, in an order of its own; what is no answer here is left out."""
    if not evidence:
        return {}
    order = sorted(evidence, key=lambda one: (one.known_on, list(HowKnown).index(one.kind), repr(one.value)))
    found: dict[str, tuple[Evidence, ...]] = {}
    for item in (one.item for one in key.items):
        fitting = [one for one in order if one.item == item.id and _is_answer(instrument, one)]
        if fitting:
            found[item.id] = tuple(fitting)
    return found


def _is_answer(instrument: Instrument, piece: Evidence) -> bool:
    if piece.value is None or piece.kind is HowKnown.DECLARED:
        return False
    kept = list(piece.value) if isinstance(piece.value, tuple) else piece.value
    return isinstance(from_stored(instrument, {piece.item: kept}), Answers)


def _how_known(key: Key, item: KeyItem, value: AnswerValue | None, pieces: Sequence[Evidence]) -> HowKnown:
    """The way of knowing an answer that leaves the least doubt: by itself, or by evidence that bears it out."""
    if not pieces:
        return item.by_itself
    ways = [item.by_itself, *(piece.kind for piece in pieces if piece.value == value)]
    return min(ways, key=key.error.doubt_percent.of)


def _answered(key: Key, credits: Sequence[int | None]) -> int:
    return sum(one.weight for one, credit in zip(key.items, credits, strict=True) if credit is not None)


def _missing(
    instrument: Instrument,
    key: Key,
    answers: Answers,
    given: Mapping[str, AnswerValue],
    credits: Sequence[int | None],
) -> tuple[str, ...]:
    counted = {one.item.id for one, credit in zip(key.items, credits, strict=True) if credit is not None}
    return tuple(
        item.id
        for item in visible_items(instrument, answers)
        if (item.id not in counted if item.is_scored else item.required and item.id not in given)
    )


def _around(total: int | None, error: int | None) -> dict[str, int | None]:
    """The fields that go wherever a score goes."""
    if total is None or error is None:
        return dict.fromkeys(("standard_error_hundredths", "low_hundredths", "high_hundredths"))
    return {"standard_error_hundredths": error, **interval(total, error).model_dump()}


def _contributions(key: Key, credits: Sequence[int | None]) -> tuple[Contribution, ...]:
    total = percent_hundredths((one.weight for one in key.items), credits)
    if total is None:
        return ()
    counted = [(one, credit) for one, credit in zip(key.items, credits, strict=True) if credit is not None]
    answered = sum(one.weight for one, _ in counted)
    most = [WHOLE * one.weight for one, _ in counted]
    possible = largest_remainder(WHOLE, most, denominator=answered, ceilings=[WHOLE] * len(counted))
    earned = [WHOLE * credit * one.weight for one, credit in counted]
    parts = largest_remainder(total, earned, denominator=100 * answered, ceilings=possible)
    return tuple(
        Contribution(
            item=one.item.id,
            scale=one.item.scale or "",
            prompt=one.item.prompt,
            credit_percent=credit,
            hundredths=part,
            possible_hundredths=ceiling,
        )
        for (one, credit), part, ceiling in zip(counted, parts, possible, strict=True)
    )


def _scale_score(
    key: Key,
    scale: KeyScale,
    credits: Sequence[int | None],
    contributions: tuple[Contribution, ...],
    error: int | None,
) -> ScaleScore:
    own = (key.items[at].own for at in scale.places)
    total = percent_hundredths(own, (credits[at] for at in scale.places))
    parts = [one for one in contributions if one.scale == scale.scale.id]
    return ScaleScore(
        scale=scale.scale.id,
        label=scale.scale.label,
        score_hundredths=total,
        **_around(total, error),
        contributed_hundredths=sum(one.hundredths for one in parts),
        possible_hundredths=sum(one.possible_hundredths for one in parts),
    )


def _demonstrated(
    instrument: Instrument,
    key: Key,
    given: Mapping[str, AnswerValue],
    pieces: Mapping[str, tuple[Evidence, ...]],
    *,
    on: date | None,
    lives: ShelfLives | None,
) -> Demonstrated | None:
    if not pieces:
        return None
    if on is None or lives is None:
        raise ValueError("evidence is weighed on a day, by an edition of shelf lives")
    shown: list[Shown | None] = []
    known: list[HowKnown] = []
    for one in key.items:
        own = pieces.get(one.item.id, ())
        piece = best(own, on=on, lives=lives, span=one.item.shelf_life)
        value = None if piece is None else piece.value
        shown.append(None if piece is None else _shown(instrument, one, piece, given, on=on, lives=lives))
        known.append(_how_known(key, one, value, own))
    credits = [None if one is None else one.credit_percent for one in shown]
    total = percent_hundredths((one.weight for one in key.items), credits)
    error = fact_errors(key, credits, known)[0]
    if total is None or error is None:
        return None
    seen = [(one, item) for one, item in zip(shown, key.items, strict=True) if one is not None]
    return Demonstrated(
        score_hundredths=total,
        standard_error_hundredths=error,
        **interval(total, error).model_dump(),
        known_percent=100 * sum(item.weight for _, item in seen) // key.weight,
        confidence_percent=sum(item.weight * one.confidence_percent for one, item in seen) // key.weight,
        items=tuple(one for one, _ in seen),
        on=on,
        edition=lives.edition,
    )


def _shown(
    instrument: Instrument,
    one: KeyItem,
    piece: Evidence,
    given: Mapping[str, AnswerValue],
    *,
    on: date,
    lives: ShelfLives,
) -> Shown | None:
    """One item as shown; None where what was shown is that it is not known."""
    assert piece.value is not None
    credit = credit_percent(instrument, one.item, piece.value)
    if credit is None:
        return None
    declared = given.get(one.item.id)
    return Shown(
        item=one.item.id,
        prompt=one.item.prompt,
        kind=piece.kind,
        known_on=piece.known_on,
        credit_percent=credit,
        confidence_percent=confidence_percent(piece, on=on, lives=lives, span=one.item.shelf_life),
        agrees=None if declared is None else declared == piece.value,
    )


def _gaps(
    instrument: Instrument, key: Key, credits: Sequence[int | None], scales: tuple[ScaleScore, ...]
) -> tuple[Gap, ...]:
    weak_items = [
        one.item
        for one, credit in zip(key.items, credits, strict=True)
        if credit is not None and credit < one.item.enough
    ]
    weak_scales = [
        scale
        for scale, result in zip(instrument.scales, scales, strict=True)
        if result.score_hundredths is not None and result.score_hundredths < 100 * scale.enough
    ]
    return tuple(
        Gap(about=weak.id, text=weak.gap, remedies=tuple(instrument.remedy(name) for name in weak.remedies))
        for weak in (*weak_items, *weak_scales)
        if weak.gap is not None
    )


def _reasons(
    instrument: Instrument,
    total: int | None,
    around: Mapping[str, int | None],
    band: Band | None,
    scales: tuple[ScaleScore, ...],
    missing: tuple[str, ...],
) -> tuple[Text, ...]:
    words = instrument.phrases.reasons
    if total is None or band is None:
        return (words.nothing_answered,)
    said = [
        _filled(words.overall, band.label, points=total,
                low=around["low_hundredths"] or 0, high=around["high_hundredths"] or 0),
        band.sentence,
        *_extremes(instrument, scales),
    ]  # fmt: skip
    if missing:
        said.append(words.missing.with_(count=len(missing)))
    return tuple(said)


def _extremes(instrument: Instrument, scales: tuple[ScaleScore, ...]) -> list[Text]:
    """The strongest and the weakest scale, in words; nothing when they are closer than their error."""
    known = [
        (Placed(name=one.scale, score_hundredths=one.score_hundredths,
                standard_error_hundredths=one.standard_error_hundredths), one.label)
        for one in scales
        if one.score_hundredths is not None and one.standard_error_hundredths is not None
    ]  # fmt: skip
    most = max(known, key=lambda one: one[0].score_hundredths)
    least = min(known, key=lambda one: one[0].score_hundredths)
    if is_tie(most[0], least[0]):
        return []
    words = instrument.phrases.reasons
    return [
        _filled(words.strongest, most[1], points=most[0].score_hundredths),
        _filled(words.weakest, least[1], points=least[0].score_hundredths),
    ]


def _filled(sentence: Text, label: Text, **hundredths: int) -> Text:
    fr, en = (
        sentence.in_(locale).format(
            label=label.in_(locale), **{name: points(value, locale) for name, value in hundredths.items()}
        )
        for locale in ("fr", "en")
    )
    return Text(fr=fr, en=en)
