"""Questionnaires scored: a whole base in one call, and one person at a time, beside a loop of pydantic and Decimal."""

import json
import random
import tracemalloc
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from pydantic import BaseModel

from assessments.questionnaires.answer_values import AnswerValue
from assessments.questionnaires.answers import Answers, from_stored
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.rescoring import Compiled, Matrix, Scores, compiled, encode_all, rescore
from assessments.questionnaires.scoring import Scorecard, score
from service.runtime.editions import load_editions
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import SEED

COUNT, DISTINCT, SAMPLE, TURNS, SLUG = 100_000, 5_000, 1_000, 5, "work-organisation"


class PlainAnswer(BaseModel):
    """One answer as the plain loop reads it."""

    item: str
    value: bool | int | str | list[str]


class PlainResponse(BaseModel):
    """One person's answers as the plain loop reads them."""

    instrument: str
    edition: str
    answers: list[PlainAnswer]


class PlainCard(BaseModel):
    """What a plain loop gives: total and scales in hundredths, the band, and each item's rounded part."""

    total: int | None
    scales: dict[str, int | None]
    band: str | None
    parts: dict[str, int]


def measure() -> list[Measure]:
    """Three lines; what both give is checked equal before anything is timed."""
    instrument = next(one for (slug, _), one in load_editions().instruments.items() if slug == SLUG)
    answered = _answer_sets(instrument, DISTINCT)
    texts = [_as_text(answers) for answers in answered[:SAMPLE]]
    ready, plain = compiled(instrument), PlainKey(instrument)
    matrix = encode_all(ready, [answers.to_json() for answers in answered])
    chosen = np.random.default_rng(SEED).integers(0, len(answered), size=COUNT)
    base = np.asfortranarray(matrix[chosen])
    uneven = _check(instrument, ready, answered[:SAMPLE], matrix[:SAMPLE])
    what = f"{COUNT} answer sets of {len(ready.items)} questions"
    ours_s, parts_s, plain_s = interleaved(
        lambda: rescore(ready, base),
        lambda: rescore(ready, base, contributions=True),
        lambda: [plain_score(plain, _from_text(text)) for text in texts],
        turns=TURNS,
    )
    one_s, plain_one_s = interleaved(
        lambda: [score(instrument, _ours_from_text(instrument, text)) for text in texts],
        lambda: [plain_score(plain, _from_text(text)) for text in texts],
        turns=TURNS,
    )
    scaled = plain_s * COUNT / SAMPLE
    told = f"json.loads, pydantic and Decimal, one by one ({SAMPLE} timed, scaled)"
    return [
        Measure(
            "scoring", f"{what}, in one call", ours_s, told, scaled, TURNS,
            f"from a matrix of answers, as a base keeps them; same totals, scales and bands, and ours gives errors and "
            f"intervals too; peak memory {_megabytes(ready, base, parts=False)} MB with the matrix",
        ),
        Measure(
            "scoring", f"{what}, with what each answer brought", parts_s, told, scaled, TURNS,
            f"ours sum exactly to the score, the loop's miss it in {uneven} of {SAMPLE}; "
            f"peak memory {_megabytes(ready, base, parts=True)} MB",
        ),
        Measure(
            "scoring", f"{SAMPLE} answer sets, one at a time", one_s, "the same loop", plain_one_s, TURNS,
            "from JSON text, every answer checked against its question; ours gives errors, reasons and gaps besides",
        ),
    ]  # fmt: skip


def _as_text(answers: Answers) -> str:
    said = [{"item": item, "value": value} for item, value in answers.to_json().items()]
    return json.dumps({"instrument": answers.instrument, "edition": answers.edition, "answers": said})


def _from_text(text: str) -> PlainResponse:
    return PlainResponse.model_validate(json.loads(text))


def _ours_from_text(instrument: Instrument, text: str) -> Answers:
    said = {one["item"]: one["value"] for one in json.loads(text)["answers"]}
    found = from_stored(instrument, said)
    assert isinstance(found, Answers)
    return found


def _check(instrument: Instrument, ready: Compiled, answered: list[Answers], matrix: Matrix) -> int:
    """All three ways agree on every set of the sample; how often the loop's parts miss its own total."""
    together, plain = rescore(ready, matrix), PlainKey(instrument)
    uneven = 0
    for row, answers in enumerate(answered):
        loop = plain_score(plain, _from_text(_as_text(answers)))
        said = loop.total, loop.scales, loop.band
        assert _comparable(score(instrument, answers)) == said, "one at a time must give the same score"
        assert comparable_row(instrument, together, row) == said, "in one call must give the same score"
        uneven += loop.total is not None and sum(loop.parts.values()) != loop.total
    return uneven


def _comparable(card: Scorecard) -> tuple[int | None, dict[str, int | None], str | None]:
    scales = {scale.scale: scale.score_hundredths for scale in card.scales}
    return card.score_hundredths, scales, card.band.key.value if card.band else None


def comparable_row(
    instrument: Instrument, scores: Scores, row: int
) -> tuple[int | None, dict[str, int | None], str | None]:
    """One row in the same shape."""
    numbers = [None if value < 0 else int(value) for value in scores.scales[row]]
    scales = dict(zip((scale.id for scale in instrument.scales), numbers, strict=True))
    if scores.scores[row] < 0:
        return None, scales, None
    return int(scores.scores[row]), scales, instrument.bands[scores.bands[row]].key.value


def _megabytes(ready: Compiled, base: Matrix, *, parts: bool) -> int:
    tracemalloc.start()
    try:
        rescore(ready, base, contributions=parts)
        return round((tracemalloc.get_traced_memory()[1] + base.nbytes) / 1e6)
    finally:
        tracemalloc.stop()


class PlainKey:
    """What a careful author of the loop works out once: each item with its share, each scale's items, the bands."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.of_scale = {
            scale.id: [item for item in instrument.items if item.scale == scale.id]
            for scale in instrument.scales
        }
        self.share = {
            item.id: Decimal(scale.weight) * item.weight / sum(one.weight for one in self.of_scale[scale.id])
            for scale in instrument.scales
            for item in self.of_scale[scale.id]
        }
        self.counted = [item for item in instrument.items if item.scale is not None]


def plain_score(key: PlainKey, response: PlainResponse) -> PlainCard:
    """The loop that one writes in an hour: credits as Decimal, and each figure rounded by itself."""
    given = {answer.item: answer.value for answer in response.answers}
    share, credit = key.share, {}
    for item in key.counted:
        if item.id in given:
            earned = _credit(key.instrument, item, given[item.id])
            if earned is not None:
                credit[item.id] = earned
    total = _rounded(share, credit, list(credit))
    known = sum(share[name] for name in credit)
    return PlainCard(
        total=total,
        scales={
            scale: _rounded(share, credit, [one.id for one in items if one.id in credit])
            for scale, items in key.of_scale.items()
        },
        band=None if total is None else next(
            band.key.value for band in key.instrument.bands if total >= band.from_hundredths
        ),
        parts={name: _half_up(share[name] * credit[name] * 100 / known) for name in credit},
    )  # fmt: skip


def _credit(instrument: Instrument, item: Any, value: Any) -> Decimal | None:
    if item.kind == "likert":
        steps = len(instrument.agreement) - 1
        climbed = steps - (int(value) - 1) if item.reverse else int(value) - 1
        return Decimal(climbed) / steps * 100
    if item.kind == "single":
        chosen = next(option for option in item.options if option.value == value)
        return None if chosen.unknown else Decimal(chosen.credit)
    if item.kind == "scenario":
        return Decimal(next(act.credit for act in item.options if act.value == value))
    if item.kind == "ranking":
        places = [item.key.index(one) for one in value]
        kept = sum(one < later for at, one in enumerate(places) for later in places[at + 1 :])
        pairs = len(places) * (len(places) - 1) // 2
        return Decimal(_half_up(Decimal(100 * kept) / pairs))
    if item.kind == "multiple":
        return Decimal(min(100, sum(option.credit for option in item.options if option.value in value)))
    if item.kind == "yes_no":
        return Decimal(100 if value == (item.good == "yes") else 0)
    return next((Decimal(step.credit) for step in reversed(item.steps) if value >= step.at_least), Decimal(0))


def _rounded(share: dict[str, Decimal], credit: dict[str, Decimal], names: list[str]) -> int | None:
    possible = sum(share[name] for name in names)
    return _half_up(sum(share[name] * credit[name] for name in names) * 100 / possible) if possible else None


def _half_up(value: Decimal) -> int:
    # Twenty-eight digits leave a hair of error in thirds; rounding in two steps takes it away.
    return int(value.quantize(Decimal("1e-9")).quantize(Decimal(1), ROUND_HALF_UP))


def _answer_sets(instrument: Instrument, count: int) -> list[Answers]:
    chance = random.Random(SEED)
    sets = [
        from_stored(
            instrument,
            {item.id: value for item in instrument.items
             if chance.random() < 0.95 and (value := _any_value(chance, instrument, item)) is not None},
        )
        for _ in range(count)
    ]  # fmt: skip
    return [answers for answers in sets if isinstance(answers, Answers)]


def _any_value(chance: random.Random, instrument: Instrument, item: Any) -> AnswerValue | list[str] | None:
    match item.kind:
        case "likert":
            return chance.randint(1, len(instrument.agreement))
        case "single" | "scenario":
            value: str = chance.choice(item.options).value
            return value
        case "multiple":
            return [chance.choice(item.options).value]
        case "ranking":
            return chance.sample([option.value for option in item.options], len(item.options))
        case "yes_no":
            return chance.random() < 0.5
        case "number" | "measurement":
            return chance.randint(item.minimum, item.maximum)
        case "short_text":
            return "Quelques mots."
        case _:
            return None
