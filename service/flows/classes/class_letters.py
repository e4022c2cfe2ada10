"""Letters about classes, each with what the reader's calendar is to do."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import ClassPolicy, instants
from onboarding.content import Language
from service.flows.classes.calendars import Method, invitation
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store.classes.class_seats import Addressee
from service.store.classes.classes import ClassFacts, LeaderFacts

CALENDAR_OF = {
    "class_invited": Method.REQUEST,
    "class_changed": Method.REQUEST,
    "class_cancelled": Method.CANCEL,
    "class_left": Method.CANCEL,
    "class_lead": Method.REQUEST,
    "class_no_longer_lead": Method.CANCEL,
}
"""What a calendar is asked with each letter; nothing with one that only tells (`class_waiting`, `class_reminder`)."""


def write(
    session: AsyncSession,
    template: str,
    held: ClassFacts,
    to: Addressee,
    *,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
    **facts: str | tuple[str, ...],
) -> UUID | None:
    """Write one letter about one class, and say which; nothing to somebody without an address."""
    if not to.email:
        return None
    page = "/me/classes" if to.candidate_id else "/classes"
    words = compose(
        template, to.locale, name=to.name, title=held.title, when=when_words(held, to.locale, policy),
        place=held.place or held.link, trainer=held.trainer, note=held.note,
        url=f"{settings.public_url}{page}/{held.id}", list_url=f"{settings.public_url}{page}", **facts,
    )  # fmt: skip
    method = CALENDAR_OF.get(template)
    letter = mailing.write_letter(
        session, recipient=to.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=to.candidate_id, now=now,
        calendar=invitation(held, to, method, settings=settings, now=now) if method else "",
        calendar_method=method.value if method else "",
    )  # fmt: skip
    return letter.id


def to_leader(found: LeaderFacts) -> Addressee:
    """Somebody of the staff as a letter reaches them."""
    return Addressee(name=found.name, email=found.email, locale=found.locale)


def when_words(held: ClassFacts, locale: Locale, policy: ClassPolicy) -> str:
    """When a class is, on the clocks of its own place: "mardi 1er décembre 2026, 09:00 à 12:00 (heure de Paris)"."""
    there = ZoneInfo(held.zone)
    starts, ends = held.starts_at.astimezone(there), held.ends_at.astimezone(there)
    zone = policy.zone(held.zone)
    clocks = zone.said_in(Language(locale.value)) if zone else held.zone
    day = day_words(starts.date(), locale)
    to = "à" if locale is Locale.FR else "to"
    return f"{day}, {_clock(starts, held.zone)} {to} {_clock(ends, held.zone)} ({clocks})"


def _clock(local: datetime, zone: str) -> str:
    """The clock time; with its distance from UTC on the one night when it comes twice."""
    is_twice = len(instants(local.date(), local.time(), zone=zone)) > 1
    return f"{local:%H:%M} UTC{local:%z}" if is_twice else f"{local:%H:%M}"
