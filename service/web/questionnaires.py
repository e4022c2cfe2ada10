"""What the pages of a questionnaire show around its questions: steps, answers read back, results."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from assessments.answer_values import said
from assessments.answers import Answers, visible_items
from assessments.instruments import Instrument
from assessments.items import Item
from assessments.scoring import Scorecard
from service.flows.assessments import SCORE_COLUMNS
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.assessments import ScorecardFacts


@dataclass(frozen=True)
class StepView:
    """Where one is in a questionnaire."""

    current: int
    total: int
    minutes: int


@dataclass(frozen=True)
class ReadBackView:
    """One question and its answer, to read before sending."""

    item: str
    prompt: str
    answers: tuple[str, ...]
    is_missing: bool
    href: str


@dataclass(frozen=True)
class ProgressView:
    """One questionnaire on the first page."""

    slug: str
    title: str
    purpose: str
    minutes: int
    answered: int
    total: int
    state: str
    href: str


@dataclass(frozen=True)
class ResultView:
    """One result. Scores and parts are points out of 100; `low` and `high` bound what the missing answers could do."""

    slug: str
    title: str
    score: float
    low: float
    high: float
    is_whole: bool
    band: str
    reasons: tuple[str, ...]
    scales: tuple[dict[str, object], ...]
    parts: tuple[dict[str, object], ...]
    gaps: tuple[tuple[str, tuple[str, ...]], ...]


def step_view(instrument: Instrument, page_id: str) -> StepView:
    """This page among all pages and the last look; the minutes are those that are left."""
    total = len(instrument.pages) + 1
    current = next((n for n, page in enumerate(instrument.pages, start=1) if page.id == page_id), total)
    left = max(0, len(instrument.pages) - current + 1)
    return StepView(current, total, max(1, ceil(instrument.minutes * left / len(instrument.pages))))


def neighbours(instrument: Instrument, page_id: str) -> tuple[str, str]:
    """The pages before and after ("" where there is none)."""
    names = [page.id for page in instrument.pages]
    at = names.index(page_id)
    return (names[at - 1] if at else ""), (names[at + 1] if at + 1 < len(names) else "")


def read_back(
    instrument: Instrument, answers: Answers, *, still_open: Collection[str], base: str, locale: Locale
) -> tuple[tuple[str, str, tuple[ReadBackView, ...]], ...]:
    """(page title, its address, its questions with their answers) for every page."""
    shown = {item.id for item in visible_items(instrument, answers)}
    return tuple(
        (
            page.title.in_(locale.value),
            f"{base}/pages/{page.id}",
            tuple(
                read_back_item(
                    instrument,
                    item,
                    answers,
                    is_missing=item.id in still_open,
                    href=f"{base}/pages/{page.id}#{item.id}",
                    locale=locale,
                )
                for item in page.items
                if item.id in shown
            ),
        )
        for page in instrument.pages
    )


def read_back_item(
    instrument: Instrument, item: Item, answers: Answers, *, is_missing: bool, href: str, locale: Locale
) -> ReadBackView:
    """One question with its answer in words."""
    value = answers.get(item.id)
    words = () if value is None else said(instrument, item, value)
    return ReadBackView(
        item=item.id,
        prompt=item.prompt.in_(locale.value),
        answers=tuple(one.in_(locale.value) for one in words),
        is_missing=is_missing,
        href=href,
    )


def result_view(instrument: Instrument, card: Scorecard, locale: Locale) -> ResultView:
    """A scorecard for the person it is about."""
    language = locale.value
    score = card.score_hundredths or 0
    known = card.known_percent
    low = score * known / 100
    return ResultView(
        slug=card.instrument,
        title=instrument.title.in_(language),
        score=score / 100,
        low=low / 100,
        high=(low + 100 * (100 - known)) / 100,
        is_whole=known == 100,
        band=card.band.label.in_(language) if card.band else "",
        reasons=tuple(reason.in_(language) for reason in card.reasons),
        scales=tuple(
            _part(one.label.in_(language), one.contributed_hundredths, one.possible_hundredths)
            for one in card.scales
            if one.score_hundredths is not None
        ),
        parts=tuple(
            _part(one.prompt.in_(language), one.hundredths, one.possible_hundredths)
            for one in card.contributions
        ),
        gaps=tuple(
            (gap.text.in_(language), tuple(remedy.text.in_(language) for remedy in gap.remedies))
            for gap in card.gaps
        ),
    )


def result_views(
    cards: Iterable[ScorecardFacts], editions: Editions, locale: Locale
) -> tuple[ResultView, ...]:
    """The scorecards of one person, in the order in which the lists of people name them."""
    ordered = sorted(cards, key=lambda card: list(SCORE_COLUMNS).index(card.result.dimension))
    return tuple(
        result_view(editions.instruments[card.instrument, card.edition], card.result, locale)
        for card in ordered
    )


def _part(label: str, hundredths: int, possible: int) -> dict[str, object]:
    return {"label": label, "points": hundredths / 100, "most": possible / 100}
