"""What the pages of a questionnaire show: items with what was typed, steps, answers read back, results."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from assessments.answer_values import said
from assessments.answers import Answers, Problem, progress, visible_items
from assessments.instruments import Instrument, Page
from assessments.items import Item, NumberItem, ShortTextItem
from assessments.scoring import Scorecard
from service.flows.answering import form_of
from service.flows.assessments import SCORE_COLUMNS
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.assessments import ScorecardFacts

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ItemView:
    """One question with its answer so far; `is_shown` is false while its condition is not met."""

    id: str
    kind: str
    prompt: str
    help: str
    situation: str
    options: tuple[tuple[str, str], ...]
    values: tuple[str, ...]
    unit: str
    max_length: int
    is_required: bool
    is_conditional: bool
    is_shown: bool
    number: int
    error: str

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


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


def item_views(
    instrument: Instrument,
    page: Page,
    answers: Answers,
    *,
    typed: Form | None = None,
    problems: Iterable[Problem] = (),
    locale: Locale,
) -> tuple[ItemView, ...]:
    """The items of one page; what was typed stands where it could not be kept."""
    shown = {item.id for item in visible_items(instrument, answers)}
    saved = form_of(page, answers)
    errors = {problem.item: problem.text.in_(locale.value) for problem in problems}
    numbers = {item.id: number for number, item in enumerate(instrument.items, start=1)}
    return tuple(
        _item_view(
            instrument, item,
            values=tuple(typed.get(item.id, ())) if typed and item.id in errors else saved.get(item.id, ()),
            error=errors.get(item.id, ""), is_shown=item.id in shown, number=numbers[item.id], locale=locale,
        )
        for item in page.items
    )  # fmt: skip


def _item_view(
    instrument: Instrument,
    item: Item,
    *,
    values: tuple[str, ...],
    error: str,
    is_shown: bool,
    number: int,
    locale: Locale,
) -> ItemView:
    language = locale.value
    return ItemView(
        id=item.id,
        kind=item.kind,
        prompt=item.prompt.in_(language),
        help=item.help.in_(language) if item.help else "",
        situation=item.situation.in_(language) if item.situation else "",
        options=tuple((choice.value, choice.label.in_(language)) for choice in instrument.choices_of(item)),
        values=values,
        unit=item.unit.in_(language) if isinstance(item, NumberItem) else "",
        max_length=item.max_length if isinstance(item, ShortTextItem) else 0,
        is_required=item.required,
        is_conditional=item.only_if is not None,
        is_shown=is_shown,
        number=number,
        error=error,
    )


def missing_on(instrument: Instrument, page: Page, answers: Answers) -> tuple[Problem, ...]:
    """A problem for each required question of this page that is shown and not answered."""
    still_open = set(progress(instrument, answers).required_open)
    words = instrument.phrases.problems.missing
    return tuple(
        Problem(item=item.id, code="missing", text=words) for item in page.items if item.id in still_open
    )


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
    instrument: Instrument, answers: Answers, *, base: str, locale: Locale
) -> tuple[tuple[str, str, tuple[ReadBackView, ...]], ...]:
    """(page title, its address, its questions with their answers) for every page."""
    shown = {item.id for item in visible_items(instrument, answers)}
    return tuple(
        (
            page.title.in_(locale.value),
            f"{base}/pages/{page.id}",
            tuple(
                _read_back(instrument, item, answers, href=f"{base}/pages/{page.id}#{item.id}", locale=locale)
                for item in page.items
                if item.id in shown
            ),
        )
        for page in instrument.pages
    )


def _read_back(
    instrument: Instrument, item: Item, answers: Answers, *, href: str, locale: Locale
) -> ReadBackView:
    value = answers.get(item.id)
    words = () if value is None else said(instrument, item, value)
    return ReadBackView(
        item=item.id,
        prompt=item.prompt.in_(locale.value),
        answers=tuple(one.in_(locale.value) for one in words),
        is_missing=value is None and item.required,
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


def write_base(form: Form) -> str:
    """The fields of a page as they are shown, for the hidden field that comes back with them."""
    return json.dumps({name: list(values) for name, values in form.items()}, separators=(",", ":"))


def read_base(text: str) -> dict[str, tuple[str, ...]]:
    """The same, read back; anything else than what we wrote counts as nothing shown.

    >>> read_base('{"a":["1"]}'), read_base("[]"), read_base("{")
    ({'a': ('1',)}, {}, {})
    """
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: tuple(values)
        for name, values in found.items()
        if isinstance(values, list) and all(isinstance(value, str) for value in values)
    }
