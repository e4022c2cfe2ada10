"""Answers as a page of a form sends them: every valid one is kept, and what another window saved is not lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires import answers
from assessments.questionnaires.answer_values import to_form
from assessments.questionnaires.answers import Answers, Problem
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import FileItem, MeasurementItem
from service.flows.assessing import time_limits
from service.flows.assessing.answering import (
    TIME_IS_OVER,
    answers_of,
    instrument_of,
    keep,
    own_row,
    refuse_when_submitted,
)
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound
from service.store.assessing import assessments as store
from service.store.assessing.assessments import ResponseFacts
from service.tables.assessments import Response


@dataclass(frozen=True)
class Typed:
    """One page of a form: the fields as typed, and the same fields as they were when the form was shown.

    `seconds` were spent on the page in all.
    """

    fields: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, tuple[str, ...]]
    shown_items: frozenset[str] = frozenset()
    seconds: int = 0


@dataclass(frozen=True)
class Saved:
    """What became of one page: the response now, what could not be kept, and what another window had changed."""

    response: ResponseFacts
    problems: tuple[Problem, ...]
    changed_elsewhere: tuple[str, ...]


async def save_page(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    page: Page,
    typed: Typed,
    *,
    editions: Editions,
    now: datetime,
) -> Saved:
    """Keep every valid answer of one page. A field that this window did not touch leaves what another window saved.

    Conflict when the answers were sent, or when the time of the page is over and what was typed in it was taken.
    """
    row = await store.latest_row(session, (await own_row(session, actor)).id, slug, to_change=True)
    if row is None:
        raise NotFound
    refuse_when_submitted(row)
    facts = store.response_facts(row)
    if time_limits.takes_no_more(page, facts, now=now):
        raise Conflict(TIME_IS_OVER, code="page-closed")
    instrument = instrument_of(editions, row)
    saved = answers_of(instrument, row.answers)
    before = form_of(page, saved)
    touched = {name for name, values in typed.fields.items() if values != typed.shown.get(name, ())}
    elsewhere = {name for name in typed.fields if before.get(name, ()) != typed.shown.get(name, ())}
    wanted = {name: before.get(name, ()) for name in before} | {name: typed.fields[name] for name in touched}
    taken, problems = valid_part(instrument, wanted)
    broken = {problem.item for problem in problems}
    kept = {
        name: value for name, value in saved.to_json().items() if name in broken or _is_not_typed(page, name)
    }
    merged = answers.merged(instrument, saved, page, answers_of(instrument, taken.to_json() | kept))
    keep(row, merged, now=now)
    time_limits.note_saving(row, [page], facts, now=now)
    time_limits.note_seconds(row, page, typed.seconds)
    await session.flush()
    return Saved(store.response_facts(row), problems, tuple(sorted(elsewhere)))


def _is_not_typed(page: Page, name: str) -> bool:
    return any(item.id == name and isinstance(item, FileItem | MeasurementItem) for item in page.items)


async def open_page(
    session: AsyncSession,
    row: Response,
    page_id: str,
    *,
    extra_time_percent: int | None,
    editions: Editions,
    now: datetime,
) -> ResponseFacts:
    """Begin a page that has a time limit, with the time the person chose; it is begun once, and its time runs on.

    The chosen time holds for the other pages that are not begun yet, too. NotFound for a page that is not there.
    """
    refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    page = next((one for one in instrument.pages if one.id == page_id), None)
    if page is None:
        raise NotFound
    if page.id not in row.page_opened:
        row.extra_time_percent = extra_time_percent
        time_limits.note_opening(row, page, now=now)
        await session.flush()
    return store.response_facts(row)


def valid_part(
    instrument: Instrument, form: Mapping[str, Sequence[str]]
) -> tuple[Answers, tuple[Problem, ...]]:
    """The answers of a form that fit, and the problems of those that do not."""
    read = answers.read(instrument, form, complete=False)
    if isinstance(read, Answers):
        return read, ()
    broken = {problem.item for problem in read}
    rest = answers.read(
        instrument, {name: values for name, values in form.items() if name not in broken}, complete=False
    )
    assert isinstance(rest, Answers)
    return rest, read


def form_of(page: Page, saved: Answers) -> dict[str, tuple[str, ...]]:
    """Saved answers of one page as the form would send them; files and measurements are not typed."""
    typed = [item for item in page.items if not isinstance(item, FileItem | MeasurementItem)]
    found = ((item.id, to_form(saved.get(item.id))) for item in typed)
    return {name: values for name, values in found if values}
