"""Answers -> Scorecard: score, band, reasons and gaps, with contributions that sum exactly to the score."""

from collections.abc import Mapping, Sequence

from assessments.answer_values import AnswerValue
from assessments.answers import Answers, visible_items
from assessments.instruments import Band, Dimension, Instrument, Remedy, Scale
from assessments.items import (
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
from assessments.values import Text, Value

WHOLE = 10_000
"""One hundred points, in hundredths of a point."""


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
    """One scale alone, in percent of its own maximum; None when none of its items was answered.

    `contributed_hundredths` is the sum of its items' contributions to the whole.
    """

    scale: str
    label: Text
    score_hundredths: int | None
    contributed_hundredths: int
    possible_hundredths: int


class Gap(Value):
    """Something to arrange: `about` names an item or a scale, `remedies` would close it."""

    about: str
    text: Text
    remedies: tuple[Remedy, ...]


class Scorecard(Value):
    """The result of one questionnaire. It holds nothing about the person but the answers' worth.

    `score_hundredths` is percent of the maximum in hundredths of a point; None when nothing that counts was
    answered.
    `known_percent` is how much of the weight was answered, rounded down. There is no standard error here: it
    belongs to a tested group of people, and none has been measured for this edition yet.
    """

    instrument: str
    edition: str
    dimension: Dimension
    score_hundredths: int | None
    known_percent: int
    band: Band | None
    scales: tuple[ScaleScore, ...]
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    reasons: tuple[Text, ...]

    def contribution(self, item_id: str) -> Contribution | None:
        """What one item brought, or None when it was not answered or does not count."""
        return next((one for one in self.contributions if one.item == item_id), None)


def score(instrument: Instrument, answers: Answers) -> Scorecard:
    """The scorecard of `answers`, in whole numbers only.

    An item earns a credit of 0 to 100 percent of its weight. The score is earned weight over answered
    weight: a missing answer, or "I do not know", leaves both sums and is not a zero. The last hundredth is
    rounded half up, and shared among items by the largest remainder (Hare), ties to the earlier question, so
    that the parts sum to the whole. The order of the answers changes nothing. Answers to another edition
    raise ValueError.
    """
    if (answers.instrument, answers.edition) != (instrument.slug, instrument.edition):
        raise ValueError(f"these answers belong to {answers.instrument} {answers.edition}")
    weights = instrument.item_weights()
    credits = _credits(instrument, answers)
    contributions = _contributions(instrument, weights, credits)
    total = _percent_hundredths(weights, credits)
    scales = tuple(
        _scale_score(scale, instrument, weights, credits, contributions) for scale in instrument.scales
    )
    band = None if total is None else band_of(instrument, total)
    missing = tuple(
        item.id
        for item in visible_items(instrument, answers)
        if (item.id not in credits if item.is_scored else item.required and answers.get(item.id) is None)
    )
    return Scorecard(
        instrument=instrument.slug,
        edition=instrument.edition,
        dimension=instrument.dimension,
        score_hundredths=total,
        known_percent=100 * sum(weights[name] for name in credits) // sum(weights.values()),
        band=band,
        scales=scales,
        contributions=contributions,
        missing=missing,
        gaps=_gaps(instrument, credits, scales),
        reasons=_reasons(instrument, total, band, scales, missing),
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
    pairs = len(key) * (len(key) - 1) // 2
    kept = sum(place[one] < place[later] for at, one in enumerate(order) for later in order[at + 1 :])
    return (200 * kept + pairs) // (2 * pairs)


def measured_percent(item: MeasurementItem, value: int) -> int:
    """The credit of the first mark that a measured value reaches, its edge included; none reached is 0."""
    sign = -1 if item.better == "less" else 1
    return next((mark.credit for mark in item.steps if sign * value >= sign * mark.edge), 0)


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


def _credits(instrument: Instrument, answers: Answers) -> dict[str, int]:
    given = [(item, answers.get(item.id)) for item in instrument.items if item.is_scored]
    earned = {item.id: credit_percent(instrument, item, value) for item, value in given if value is not None}
    return {name: credit for name, credit in earned.items() if credit is not None}


def _percent_hundredths(weights: Mapping[str, int], credits: Mapping[str, int]) -> int | None:
    earned = sum(weights[name] * credit for name, credit in credits.items())
    possible = 100 * sum(weights[name] for name in credits)
    return (2 * WHOLE * earned + possible) // (2 * possible) if possible else None


def _contributions(
    instrument: Instrument, weights: Mapping[str, int], credits: Mapping[str, int]
) -> tuple[Contribution, ...]:
    total = _percent_hundredths(weights, credits)
    if total is None:
        return ()
    counted = [item for item in instrument.items if item.id in credits]
    answered = 100 * sum(weights[item.id] for item in counted)
    most = [WHOLE * 100 * weights[item.id] for item in counted]
    possible = largest_remainder(WHOLE, most, denominator=answered, ceilings=[WHOLE] * len(counted))
    earned = [WHOLE * credits[item.id] * weights[item.id] for item in counted]
    parts = largest_remainder(total, earned, denominator=answered, ceilings=possible)
    return tuple(
        Contribution(
            item=item.id,
            scale=item.scale or "",
            prompt=item.prompt,
            credit_percent=credits[item.id],
            hundredths=part,
            possible_hundredths=ceiling,
        )
        for item, part, ceiling in zip(counted, parts, possible, strict=True)
    )


def _scale_score(
    scale: Scale,
    instrument: Instrument,
    weights: Mapping[str, int],
    credits: Mapping[str, int],
    contributions: tuple[Contribution, ...],
) -> ScaleScore:
    own = {item.id: credits[item.id] for item in instrument.items_of(scale.id) if item.id in credits}
    parts = [one for one in contributions if one.scale == scale.id]
    return ScaleScore(
        scale=scale.id,
        label=scale.label,
        score_hundredths=_percent_hundredths(weights, own),
        contributed_hundredths=sum(one.hundredths for one in parts),
        possible_hundredths=sum(one.possible_hundredths for one in parts),
    )


def _gaps(
    instrument: Instrument, credits: Mapping[str, int], scales: tuple[ScaleScore, ...]
) -> tuple[Gap, ...]:
    weak_scales = [
        scale
        for scale, result in zip(instrument.scales, scales, strict=True)
        if result.score_hundredths is not None and result.score_hundredths < 100 * scale.enough
    ]
    weak_items = [item for item in instrument.items if credits.get(item.id, 100) < item.enough]
    return tuple(
        Gap(about=weak.id, text=weak.gap, remedies=tuple(instrument.remedy(name) for name in weak.remedies))
        for weak in (*weak_items, *weak_scales)
        if weak.gap is not None
    )


def _reasons(
    instrument: Instrument,
    total: int | None,
    band: Band | None,
    scales: tuple[ScaleScore, ...],
    missing: tuple[str, ...],
) -> tuple[Text, ...]:
    words = instrument.phrases.reasons
    if total is None or band is None:
        return (words.nothing_answered,)
    known = [(scale.score_hundredths, scale.label) for scale in scales if scale.score_hundredths is not None]
    said = [_filled(words.overall, band.label, total), band.sentence]
    if len({value for value, _ in known}) > 1:
        most, least = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
        said += [_filled(words.strongest, most[1], most[0]), _filled(words.weakest, least[1], least[0])]
    if missing:
        said.append(words.missing.with_(count=len(missing)))
    return tuple(said)


def _filled(sentence: Text, label: Text, hundredths: int) -> Text:
    return Text(
        fr=sentence.fr.format(label=label.fr, points=points(hundredths, "fr")),
        en=sentence.en.format(label=label.en, points=points(hundredths, "en")),
    )
