"""Recertification that starts itself: a path is given again before its term ends, and what has ended counts no more."""

from collections import Counter, defaultdict
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.schedule import add_working_days
from onboarding.paths.paths import Path
from service.flows.learning import assignments as giving
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.flows.matching import ledger
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.actors import SYSTEM
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.learning import assignments
from service.store.learning import renewals as store
from service.store.learning.renewals import Renewal
from service.tables.training import Assignment

AT_ONCE = 100

PEOPLE = {
    Locale.FR: ("{title} : une personne", "{title} : {count} personnes"),
    Locale.EN: ("{title}: one person", "{title}: {count} people"),
}
"""Whom it is about, the page behind the link says: a letter stays longer than somebody's right to read names."""


async def open_due(session: AsyncSession, *, settings: Settings, editions: Editions, now: datetime) -> int:
    """Give the renewing path where it is time, once, and write to learner and trainer; how many were seen to.

    Who was given it by hand meanwhile, or finished it again, is left in peace. Nothing happens on a closed day.
    """
    today = civil_date(now)
    if not working_days(today)(today):
        return 0
    due = await store.to_open(session, today=today, limit=AT_ONCE)
    opened: dict[tuple[str, str, Locale], Counter[str]] = defaultdict(Counter)
    for one in due:
        one.row.renewal_settled_at = now
        if not await _renew(session, one, settings=settings, editions=editions, now=now):
            continue
        if one.trainer_email:
            title = _title(one.row, editions, one.trainer_locale)
            opened[one.trainer_email, one.trainer_name, one.trainer_locale][title] += 1
    for (address, name, locale), counts in opened.items():
        lines = (
            PEOPLE[locale][count > 1].format(title=title, count=count)
            for title, count in sorted(counts.items())
        )
        words = compose(
            "renewals_opened", locale, name=name, lines=tuple(lines), url=f"{settings.public_url}/training"
        )
        mailing.write_letter(
            session, recipient=address, subject=words.subject, body_text=words.body_text,
            body_html=words.body_html, candidate_id=None, now=now,
        )  # fmt: skip
    await session.flush()
    return len(due)


async def _renew(
    session: AsyncSession, one: Renewal, *, settings: Settings, editions: Editions, now: datetime
) -> bool:
    """Whether the path was given now; an unfinished one that was given by hand becomes the renewal."""
    row, today = one.row, civil_date(now)
    begun = editions.paths.get((row.path, row.edition))
    slug = begun.renewed_by or begun.slug if begun else row.path
    since = await store.followed_since(session, row, paths={row.path, slug})
    if since:
        for other in since:
            if not other.is_complete and other.renews_id is None:
                other.renews_id = row.id
        return False
    if all(path.slug != slug for path in paths.in_force(editions, today)):
        audit.record(
            session, SYSTEM, action="assignment.renewal_missing", subject=("candidate", row.candidate_id),
            now=now, detail={"assignment": str(row.id), "path": slug},
        )  # fmt: skip
        return False
    given = await giving.give(
        session, SYSTEM, [row.candidate_id], path=slug, start_date=_first_day(today), cohort_id=None,
        editions=editions, now=now,
    )  # fmt: skip
    for assignment_id in given.created:
        renewing = await assignments.assignment_row(session, SYSTEM, assignment_id)
        renewing.renews_id, renewing.assigned_by = row.id, row.assigned_by
        _write(session, one, "renewal_opened", f"/me/training/{assignment_id}", settings, editions, now=now)
    return bool(given.created)


def _first_day(today: date) -> date:
    return add_working_days(today, 0, working_days=working_days(today))


async def end_due(session: AsyncSession, *, settings: Settings, editions: Editions, now: datetime) -> int:
    """Let what a completion showed count no more once it holds no longer, unless it was renewed; how many.

    The person is told what to do; nothing that was done is lost. Nothing happens on a closed day.
    """
    today = civil_date(now)
    if not working_days(today)(today):
        return 0
    due = await store.to_end(session, today=today, limit=AT_ONCE)
    for one in due:
        one.row.ended_at = now
        begun = editions.paths.get((one.row.path, one.row.edition))
        slugs = {one.row.path} | ({begun.renewed_by} if begun and begun.renewed_by else set())
        since = await store.followed_since(session, one.row, paths=slugs)
        if any(other.is_complete for other in since):
            continue
        title, day = _title(one.row, editions, Locale.FR), _day(one.row, Locale.FR)
        why = f"« {title} » n'est plus valable depuis le {day}"
        await ledger.end_training(session, one.row, why=why, editions=editions, now=now)
        audit.record(
            session, SYSTEM, action="assignment.expire", subject=("candidate", one.row.candidate_id), now=now,
            detail={"assignment": str(one.row.id), "path": one.row.path},
        )  # fmt: skip
        place = f"/me/training/{since[0].id}" if since else "/me/training"
        _write(session, one, "validity_over", place, settings, editions, now=now)
    await session.flush()
    return len(due)


def _write(
    session: AsyncSession,
    one: Renewal,
    letter: str,
    place: str,
    settings: Settings,
    editions: Editions,
    *,
    now: datetime,
) -> None:
    if not one.email:
        return
    words = compose(
        letter, one.locale, name=one.given_name, path=_title(one.row, editions, one.locale),
        day=_day(one.row, one.locale), url=f"{settings.public_url}{place}",
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=one.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=one.row.candidate_id, now=now,
    )  # fmt: skip


def _title(row: Assignment, editions: Editions, locale: Locale) -> str:
    path: Path | None = editions.paths.get((row.path, row.edition))
    if path is None:
        return row.path
    return path.title.fr if locale is Locale.FR else path.title.en


def _day(row: Assignment, locale: Locale) -> str:
    return day_words(row.expires_on, locale) if row.expires_on else ""
