"""What the pages of a questionnaire show around its questions: steps, answers read back."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from assessments.questionnaires.answer_values import said
from assessments.questionnaires.answers import Answers, visible_items
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import Item
from service.runtime.vocabulary import Locale


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
    situation: str
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
        situation=item.situation.in_(locale.value) if item.situation else "",
        answers=tuple(one.in_(locale.value) for one in words),
        is_missing=is_missing,
        href=href,
    )
