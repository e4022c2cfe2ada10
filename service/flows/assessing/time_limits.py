"""Pages with a time limit: when each closes for a person who may have chosen more time, and what is open meanwhile."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from assessments.questionnaires.answers import Answers, Progress, progress
from assessments.questionnaires.instruments import Instrument, Page
from service.store.assessing.assessments import ResponseFacts
from service.tables.assessments import Response

EXTRA_TIMES: tuple[int | None, ...] = (0, 33, 50, 100, None)
"""What may be chosen, in percent added to every limit, without giving a reason; None is no limit at all."""

ON_ITS_WAY = timedelta(seconds=60)
"""What was sent as the time ended may arrive so much later and still count as sent in time."""


def seconds_for(page: Page, extra_percent: int | None) -> int | None:
    """The seconds a person has for a page, rounded up; None without a limit.

    >>> from types import SimpleNamespace as Timed
    >>> [seconds_for(Timed(minutes=3), extra) for extra in (0, 33, 100, None)], seconds_for(Timed(minutes=None), 0)
    ([180, 240, 360, None], None)
    """
    if page.minutes is None or extra_percent is None:
        return None
    return -(-page.minutes * 60 * (100 + extra_percent) // 100)


def is_timed(instrument: Instrument) -> bool:
    """Whether any page has a limit."""
    return any(page.minutes is not None for page in instrument.pages)


def closes_at(page: Page, response: ResponseFacts) -> datetime | None:
    """When the page closes; None while it was not begun, or without a limit."""
    seconds = seconds_for(page, response.extra_time_percent)
    opened = response.page_opened.get(page.id)
    return None if seconds is None or opened is None else opened + timedelta(seconds=seconds)


def is_waiting(page: Page, response: ResponseFacts) -> bool:
    """Whether the page has a limit and was not begun yet."""
    limit = seconds_for(page, response.extra_time_percent)
    return limit is not None and page.id not in response.page_opened


def is_closed(page: Page, response: ResponseFacts, *, now: datetime) -> bool:
    """Whether the time of the page is over: it is shown no more, and what is open on it is missing, never zero."""
    until = closes_at(page, response)
    return until is not None and now >= until


def takes_no_more(page: Page, response: ResponseFacts, *, now: datetime) -> bool:
    """Whether nothing more is kept of the page.

    What was typed in time may arrive late, from a device that had lost its line: the first saving after the time is
    taken, and is the last.
    """
    return is_closed(page, response, now=now) and page.id in response.page_closed


def is_late(page: Page, response: ResponseFacts, *, now: datetime) -> bool:
    """Whether a saving now is the one that closes the page."""
    until = closes_at(page, response)
    return until is not None and now >= until + ON_ITS_WAY


def closed_items(instrument: Instrument, response: ResponseFacts, *, now: datetime) -> frozenset[str]:
    """The questions on pages whose time is over."""
    return frozenset(
        item.id for page in instrument.pages if is_closed(page, response, now=now) for item in page.items
    )


def progress_of(
    instrument: Instrument, answers: Answers, response: ResponseFacts, *, now: datetime
) -> Progress:
    """How far a person has come: a required question on a closed page no longer holds anybody up."""
    found = progress(instrument, answers)
    over = closed_items(instrument, response, now=now)
    still_open = tuple(item for item in found.required_open if item not in over)
    pages = (page.id for page in instrument.pages if any(item.id in still_open for item in page.items))
    return found.model_copy(update={"required_open": still_open, "resume_page": next(pages, None)})


def note_opening(row: Response, page: Page, *, now: datetime) -> None:
    """Note when a page with a limit was begun; it is begun once."""
    if page.minutes is not None and page.id not in row.page_opened:
        row.page_opened = {**row.page_opened, page.id: now.isoformat()}


def note_saving(row: Response, pages: Iterable[Page], response: ResponseFacts, *, now: datetime) -> None:
    """Note what saving answers means for the time of their pages: begun at the latest now, or closed for good."""
    for page in pages:
        note_opening(row, page, now=now)
        if is_late(page, response, now=now) and page.id not in row.page_closed:
            row.page_closed = {**row.page_closed, page.id: now.isoformat()}


MOST_SECONDS = 86_400


def note_seconds(row: Response, page: Page, seconds: int) -> None:
    """Note the seconds spent on a page in all; a second window never makes it less, and a day is the most."""
    spent = min(max(seconds, 0), MOST_SECONDS)
    if spent > row.timings.get(page.id, 0):
        row.timings = {**row.timings, page.id: spent}
