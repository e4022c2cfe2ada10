"""Classes as calendar programs read them: an invitation that travels by mail, and a feed under a secret address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vUri
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Seat
from service.runtime.actors import Actor, ActorKind
from service.runtime.editions import Editions
from service.runtime.errors import Forbidden, NotFound
from service.runtime.ids import new_token, token_hash
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.classes import calendars, classes
from service.store.classes.calendars import FeedFacts
from service.store.classes.class_seats import Addressee
from service.store.classes.classes import ClassFacts
from service.tables.classes import CalendarFeed

PRODUCT = "-//homeshore//classes//FR"
FEED_PREFIX = "hsc"
REFRESH = timedelta(hours=1)


class Method(StrEnum):
    """What a calendar is asked to do (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class _Words:
    """The few words that a calendar shows of ours."""

    trainer: str
    waiting: str
    all_on: str
    join: str
    feed: str


_WORDS = {
    Locale.FR: _Words(
        "Animée par", "Liste d'attente", "Tout est ici :", "Rejoindre la séance", "Mes séances"
    ),
    Locale.EN: _Words("Led by", "Waiting list", "Everything is here:", "Join the class", "My classes"),
}


def invitation(held: ClassFacts, to: Addressee, method: Method, *, settings: Settings, now: datetime) -> str:
    """One class for one person's calendar, as text. Its UID never changes and its SEQUENCE counts moves.

    The organiser is the service's own address whoever leads the class: a calendar takes an update only from the
    organiser it knows (RFC 5546, 2.1.4), and a trainer may be replaced. Other people on the list are not named.
    """
    calendar = _calendar(method)
    event = _event(held, locale=to.locale, page=_page_of(to), settings=settings, now=now)
    name, address = parseaddr(settings.mail_from)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = name or address
    event["organizer"] = organiser
    attendee = vCalAddress(f"mailto:{to.email}")
    attendee.params.update(CN=to.name, ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="FALSE")
    event.add("attendee", attendee)
    if method is Method.CANCEL:
        event["status"] = "CANCELLED"
    calendar.add_component(event)
    return _written(calendar, [held])


def _page_of(to: Addressee) -> str:
    return "/me/classes" if to.candidate_id else "/classes"


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    return calendar


def _event(
    held: ClassFacts, *, locale: Locale, page: str, settings: Settings, now: datetime, note: str = ""
) -> Event:
    words, url = _WORDS[locale], f"{settings.public_url}{page}/{held.id}"
    event = Event()
    event.add("uid", uid_of(held, settings))
    event.add("dtstamp", now)
    event.add("dtstart", _on_the_wall(held.starts_at, held.zone))
    event.add("dtend", _on_the_wall(held.ends_at, held.zone))
    event.add("sequence", held.sequence)
    event.add("last-modified", held.changed_at)
    event.add("status", "CANCELLED" if held.is_cancelled else "CONFIRMED")
    event.add("summary", held.title)
    told = [note, f"{words.trainer} {held.trainer}" if held.trainer else "", held.note]
    event.add("description", "\n".join([*(line for line in told if line), f"{words.all_on} {url}"]))
    event.add("url", url)
    if held.place or held.link:
        event.add("location", held.place or held.link)
    if held.link:
        event.add(
            "conference", vUri(held.link, params={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": words.join})
        )
    return event


def uid_of(held: ClassFacts, settings: Settings) -> str:
    """What a calendar knows this class by, for good."""
    return f"{held.id}@{urlsplit(settings.public_url).hostname or 'homeshore'}"


def _on_the_wall(instant: datetime, zone: str) -> datetime:
    """The instant on the clocks of its place; in UTC during the two hours after they changed.

    A local time that comes twice means the first one to every calendar (RFC 5545, 3.3.5), and icalendar writes the
    change to summer time one hour late (7.3.0).
    """
    local, before = (at.astimezone(ZoneInfo(zone)) for at in (instant, instant - timedelta(hours=2)))
    return local if local.utcoffset() == before.utcoffset() else instant


def _written(calendar: Calendar, held: Iterable[ClassFacts]) -> str:
    years = [one.starts_at.year for one in held]
    if years:
        calendar.add_missing_timezones(
            first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 2, 1, 1)
        )
    return str(calendar.to_ical().decode())


async def make_feed(session: AsyncSession, actor: Actor, *, now: datetime) -> str:
    """A new secret for one's own feed, told this once; the one before stops working."""
    _person(actor)
    await revoke_feed(session, actor, now=now)
    token = new_token(FEED_PREFIX)
    whose = _whose(actor)
    session.add(
        CalendarFeed(
            token_hash=token_hash(token),
            created_at=now,
            staff_id=whose["staff_id"],
            candidate_id=whose["candidate_id"],
        )
    )
    await session.flush()
    audit.record(session, actor, action="calendar.feed", subject=(actor.kind.value, str(actor.id)), now=now)
    return token


async def revoke_feed(session: AsyncSession, actor: Actor, *, now: datetime) -> bool:
    """Stop one's own feed; False when there was none."""
    _person(actor)
    found = await calendars.live_feed_rows(session, **_whose(actor))
    for row in found:
        row.revoked_at = now
    if found:
        await session.flush()
        subject = (actor.kind.value, str(actor.id))
        audit.record(session, actor, action="calendar.feed_revoke", subject=subject, now=now)
    return bool(found)


async def own_feed(session: AsyncSession, actor: Actor) -> FeedFacts | None:
    """Since when one's own feed works; its secret is told only when it is made."""
    _person(actor)
    rows = await calendars.live_feed_rows(session, **_whose(actor))
    return FeedFacts(created_at=rows[0].created_at) if rows else None


def _whose(actor: Actor) -> dict[str, UUID | None]:
    is_learner = actor.kind is ActorKind.CANDIDATE
    return {"staff_id": None if is_learner else actor.id, "candidate_id": actor.id if is_learner else None}


def _person(actor: Actor) -> None:
    if actor.kind not in (ActorKind.STAFF, ActorKind.CANDIDATE):
        raise Forbidden


def address_of(token: str, settings: Settings) -> str:
    """Where a calendar program reads the feed."""
    return f"{settings.public_url}/calendars/{token}.ics"


async def read_feed(
    session: AsyncSession, token: str, *, editions: Editions, settings: Settings, now: datetime
) -> str:
    """The classes of whoever this secret belongs to, from some weeks back on; NotFound when it opens nothing."""
    whose = await calendars.holder_of(session, token_hash(token)) if _has_form(token) else None
    if whose is None:
        raise NotFound
    days = editions.class_policy_on(now.date()).feed_days_back
    since = now - timedelta(days=days)
    if whose.candidate_id is not None:
        shown = [
            (one.held, _WORDS[whose.locale].waiting if one.seat is Seat.WAITING else "")
            for one in await classes.own_of(session, whose.candidate_id, since=since)
            if one.seat is not Seat.LEFT
        ]
    else:
        led = await classes.led_by(session, whose.staff_id, since=since) if whose.staff_id else ()
        shown = [(held, _count_words(held, whose.locale)) for held in led]
    page = "/me/classes" if whose.candidate_id else "/classes"
    calendar = _calendar(Method.PUBLISH)
    name = _WORDS[whose.locale].feed
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for held, note in shown:
        calendar.add_component(
            _event(held, locale=whose.locale, page=page, settings=settings, now=held.changed_at, note=note)
        )
    return _written(calendar, [held for held, _ in shown])


def _has_form(token: str) -> bool:
    return token.startswith(f"{FEED_PREFIX}_") and len(token) < 100


def _count_words(held: ClassFacts, locale: Locale) -> str:
    """How many come, without a name: a feed's address may be read over a shoulder."""
    if locale is Locale.FR:
        return f"{held.taken} inscrits" if held.taken > 1 else f"{held.taken} inscrit"
    return "1 person" if held.taken == 1 else f"{held.taken} people"
