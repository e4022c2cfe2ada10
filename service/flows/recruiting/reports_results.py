"""A stored scorecard as a report shows it: every figure from the scorecard itself, every sentence from its edition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.questionnaires import answers
from assessments.questionnaires.answer_values import said
from assessments.questionnaires.answers import Answers
from assessments.questionnaires.instruments import Instrument, Scale
from assessments.questionnaires.items import Item
from assessments.questionnaires.scoring import Contribution, Scorecard
from assessments.remedies.plans import Step
from documents.reports import Criterion, Drawing, Gap, Help, Question, Result
from service.flows.writing.reports_words import Wording, printed
from service.store.recruiting.reports import ShownFacts


@dataclass(frozen=True)
class Scored:
    """One scorecard with what it was made of."""

    instrument: Instrument
    card: Scorecard
    answers: Mapping[str, Any]
    signals: Sequence[Mapping[str, Any]]
    shown: Sequence[ShownFacts]


def result_of(
    scored: Scored, wording: Wording, *, steps: Sequence[Step] = (), is_sheet: bool = False
) -> Result:
    """One result in words, with what is planned of its remedies; `is_sheet` speaks to staff and not to the person."""
    instrument, card = scored.instrument, scored.card
    given = _answers(instrument, scored.answers)
    demonstrated = _demonstrated(card, wording, is_sheet=is_sheet)
    return Result(
        key=card.instrument,
        title=wording.text(instrument.title),
        purpose=wording.text(instrument.purpose),
        band=wording.text(card.band.label) if card.band else "–",
        declared=drawing_of(card, wording, label=wording("sheet_declared" if is_sheet else "declared")),
        demonstrated=demonstrated,
        not_demonstrated=None if demonstrated else wording("sheet_not_shown" if is_sheet else "not_shown"),
        sentences=tuple(wording.text(reason) for reason in card.reasons),
        criteria=tuple(_criterion(scale, scored, given, wording) for scale in instrument.scales),
        unanswered=tuple(_prompts(instrument, card.missing, wording)),
        gaps=tuple(_gaps(card, wording, steps=steps, is_sheet=is_sheet)),
        talk=tuple(dict.fromkeys(_signal(one, scored, wording) for one in scored.signals)),
        edition=wording("edition_of", title=wording.text(instrument.title), edition=card.edition),
    )


def bounds_of(card: Scorecard) -> tuple[int, int]:
    """The interval of a submitted score, which always has one."""
    assert card.low_hundredths is not None
    assert card.high_hundredths is not None
    return card.low_hundredths, card.high_hundredths


def drawing_of(card: Scorecard, wording: Wording, *, label: str) -> Drawing:
    """The score as a point with its interval."""
    score = card.score_hundredths or 0
    low, high = bounds_of(card)
    told = {"points": wording.points(score), "low": wording.points(low), "high": wording.points(high)}
    words = wording("score_interval", **told)
    if card.known_percent == 100:
        words += " " + wording("whole")
    return Drawing(label=label, hundredths=score, low_hundredths=low, high_hundredths=high, said=words)


def _demonstrated(card: Scorecard, wording: Wording, *, is_sheet: bool) -> Drawing | None:
    shown = card.demonstrated
    if shown is None or shown.score_hundredths is None:
        return None
    score = shown.score_hundredths
    words = wording("score_shown", points=wording.points(score), known=shown.known_percent)
    return Drawing(
        label=wording("sheet_demonstrated" if is_sheet else "demonstrated"),
        hundredths=score, low_hundredths=shown.low_hundredths, high_hundredths=shown.high_hundredths,
        said=f"{words} {wording('confidence', percent=shown.confidence_percent)}",
    )  # fmt: skip


def _answers(instrument: Instrument, stored: Mapping[str, Any]) -> Answers | None:
    read = answers.from_stored(instrument, stored)
    return read if isinstance(read, Answers) else None


def _criterion(scale: Scale, scored: Scored, given: Answers | None, wording: Wording) -> Criterion:
    total = next(one for one in scored.card.scales if one.scale == scale.id)
    return Criterion(
        label=wording.text(scale.label),
        why=wording.text(scale.why),
        weight=wording("weight", percent=scale.weight),
        hundredths=total.contributed_hundredths,
        possible_hundredths=total.possible_hundredths,
        questions=tuple(
            _question(part, scored, given, wording)
            for part in scored.card.contributions
            if part.scale == scale.id
        ),
    )


def _question(part: Contribution, scored: Scored, given: Answers | None, wording: Wording) -> Question:
    item = scored.instrument.item(part.item)
    value = given.get(part.item) if given else None
    words = said(scored.instrument, item, value) if item is not None and value is not None else ()
    return Question(
        item=part.item,
        prompt=printed(_asked(item, part, wording)),
        answered=tuple(printed(wording.text(one)).rstrip(".") for one in words) or ("–",),
        shown=tuple(_shown(scored, part.item, wording)),
        why=_why(item, value, wording),
        hundredths=part.hundredths,
        possible_hundredths=part.possible_hundredths,
    )


def _asked(item: Item | None, part: Contribution, wording: Wording) -> str:
    """The question with the situation it is asked in."""
    situation = wording.text(item.situation) if item is not None and item.situation else ""
    return f"{situation} {wording.text(part.prompt)}".strip()


def _why(item: Item | None, value: object, wording: Wording) -> str | None:
    """What the key says of the chosen answer, where a situation was asked about."""
    if item is None or item.kind != "scenario":
        return None
    chosen = next((one for one in getattr(item, "options", ()) if one.value == value), None)
    return wording.text(chosen.why) if chosen is not None and chosen.why is not None else None


def _shown(scored: Scored, item_id: str, wording: Wording) -> Iterable[str]:
    """What was shown of one item, in words where the value is one that the item knows."""
    item = scored.instrument.item(item_id)
    for one in scored.shown:
        if (one.instrument, one.item) != (scored.card.instrument, item_id) or item is None:
            continue
        told = {"how": wording(f"known_{one.kind.value}"), "day": wording.day(one.known_on)}
        words = _value_words(scored.instrument, item, one.value, wording)
        yield wording("shown_with", value=words, **told) if words else wording("shown_without", **told)


def _value_words(instrument: Instrument, item: Item, value: object, wording: Wording) -> str:
    read = answers.from_json(instrument, {item.id: value}, complete=False) if value is not None else None
    if not isinstance(read, Answers) or read.get(item.id) is None:
        return ""
    known = read.get(item.id)
    assert known is not None
    return ", ".join(wording.text(one) for one in said(instrument, item, known))


def _prompts(instrument: Instrument, names: Iterable[str], wording: Wording) -> Iterable[str]:
    for name in names:
        item = instrument.item(name)
        if item is not None:
            yield wording.text(item.prompt)


def _gaps(card: Scorecard, wording: Wording, *, steps: Sequence[Step], is_sheet: bool) -> Iterable[Gap]:
    planned = {step.remedy: _planned(step, wording, is_sheet=is_sheet) for step in steps}
    for gap in card.gaps:
        helps = tuple(
            Help(text=wording.text(remedy.text), detail=planned.get(remedy.id)) for remedy in gap.remedies
        )
        yield Gap(about=gap.about, text=wording.text(gap.text), helps=helps)


def _planned(step: Step, wording: Wording, *, is_sheet: bool) -> str:
    """What one planned remedy costs, who pays, and when it is there."""
    costs = (bool(step.once_cents), bool(step.monthly_cents))
    key = {(True, True): "price_both", (True, False): "price_once", (False, True): "price_monthly"}.get(costs)
    told = {"once": wording.money(step.once_cents), "monthly": wording.money(step.monthly_cents)}
    payer = wording(f"{'sheet_' if is_sheet else ''}payer_{step.payer.value}")
    if key is None:
        return wording("planned_free", day=wording.day(step.ready_on))
    return wording("planned", price=wording(key, **told), payer=payer, day=wording.day(step.ready_on))


def _signal(signal: Mapping[str, Any], scored: Scored, wording: Wording) -> str:
    """A signal of answer quality as something to talk about: the words it carries, else a plain sentence."""
    text = signal.get("text") or signal.get("question")
    if isinstance(text, Mapping) and wording.locale.value in text:
        return str(text[wording.locale.value])
    return wording("signal_unknown")
