"""A questionnaire scored: our whole-number scoring with its reasons, beside a plain loop of pydantic and Decimal."""

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import BaseModel

from assessments.answer_values import AnswerValue
from assessments.answers import Answers, from_json
from assessments.instruments import Instrument
from assessments.scoring import Scorecard, score
from service.runtime.editions import load_editions
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import SEED

COUNT, TURNS, SLUG = 2_000, 3, "work-organisation"


class PlainCard(BaseModel):
    """What a plain loop gives: total and scales in hundredths, the band, and each item's rounded part."""

    total: int | None
    scales: dict[str, int | None]
    band: str | None
    parts: dict[str, int]


def measure() -> list[Measure]:
    """One line; the totals, scales and bands of both are checked equal before anything is timed."""
    instrument = next(one for (slug, _), one in load_editions().instruments.items() if slug == SLUG)
    answered = _answer_sets(instrument, COUNT)
    uneven = 0
    for answers in answered:
        ours, plain = score(instrument, answers), plain_score(instrument, answers)
        assert _comparable(ours) == (plain.total, plain.scales, plain.band), "both must give the same score"
        uneven += plain.total is not None and sum(plain.parts.values()) != plain.total
    ours_s, instead_s = interleaved(
        lambda: [score(instrument, answers) for answers in answered],
        lambda: [plain_score(instrument, answers) for answers in answered],
        turns=TURNS,
        warm=False,
    )
    return [
        Measure(
            "scoring",
            f"{COUNT} answer sets of {len(instrument.items)} questions",
            ours_s,
            "a plain pydantic and Decimal loop",
            instead_s,
            TURNS,
            f"same totals, scales and bands; the loop gives no reasons and no gaps, "
            f"and its parts miss the total in {uneven} of {COUNT}",
        )
    ]


def _comparable(card: Scorecard) -> tuple[int | None, dict[str, int | None], str | None]:
    scales = {scale.scale: scale.score_hundredths for scale in card.scales}
    return card.score_hundredths, scales, card.band.key.value if card.band else None


def plain_score(instrument: Instrument, answers: Answers) -> PlainCard:
    """The loop that one writes in an hour: credits as Decimal, weights per scale, each figure rounded by itself."""
    given = {answer.item: answer.value for answer in answers.answers}
    share = {
        item.id: Decimal(scale.weight) * item.weight / sum(each.weight for each in instrument.items_of(scale.id))
        for scale in instrument.scales
        for item in instrument.items_of(scale.id)
    }  # fmt: skip
    credit: dict[str, Decimal] = {}
    for item in instrument.items:
        if item.scale is not None and item.id in given:
            earned = _credit(instrument, item, given[item.id])
            if earned is not None:
                credit[item.id] = earned
    total = _rounded(share, credit, list(credit))
    known = sum(share[name] for name in credit)
    return PlainCard(
        total=total,
        scales={
            scale.id: _rounded(share, credit, [one.id for one in instrument.items_of(scale.id) if one.id in credit])
            for scale in instrument.scales
        },
        band=None if total is None else next(
            band.key.value for band in instrument.bands if total >= band.from_hundredths
        ),
        parts={name: _half_up(share[name] * credit[name] * 100 / known) for name in credit},
    )  # fmt: skip


def _credit(instrument: Instrument, item: Any, value: AnswerValue) -> Decimal | None:
    if item.kind == "likert":
        steps = len(instrument.agreement) - 1
        climbed = steps - (int(value) - 1) if item.reverse else int(value) - 1  # type: ignore[arg-type]
        return Decimal(climbed) / steps * 100
    if item.kind == "single":
        chosen = next(option for option in item.options if option.value == value)
        return None if chosen.unknown else Decimal(chosen.credit)
    if item.kind == "multiple":
        return min(
            Decimal(100), sum(Decimal(option.credit) for option in item.options if option.value in value)
        )
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
        from_json(
            instrument,
            {item.id: _any_value(chance, instrument, item) for item in instrument.items if chance.random() < 0.95},
            complete=False,
        )
        for _ in range(count)
    ]  # fmt: skip
    return [answers for answers in sets if isinstance(answers, Answers)]


def _any_value(chance: random.Random, instrument: Instrument, item: Any) -> object:
    match item.kind:
        case "likert":
            return chance.randint(1, len(instrument.agreement))
        case "single":
            return chance.choice(item.options).value
        case "multiple":
            return [chance.choice(item.options).value]
        case "yes_no":
            return chance.random() < 0.5
        case "number":
            return chance.randint(item.minimum, item.maximum)
        case _:
            return "Quelques mots."
