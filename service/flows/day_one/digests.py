"""The daily letter about open tasks: one to a reader, at one hour, none on Sundays and holidays, none for nothing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import DigestRules, Owner
from onboarding.day_one.tasks import is_for_digest, may_write_at
from service.flows import training_days
from service.flows.day_one import checklists, desks
from service.flows.day_one.checklists import PlacedTask, Placement
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Forbidden
from service.runtime.settings import Settings
from service.runtime.vocabulary import DeskKind, Locale, Role
from service.store import audit
from service.store.day_one import checklists as lists
from service.store.day_one import digests as store
from service.store.day_one import returns
from service.store.day_one.digests import StaffReader
from service.store.day_one.returns import NotBackFacts
from service.tables.checklists import Digest, DigestChoice

AT_ONCE = 50
MOST_LINES = 25
MOST_NOT_BACK = 500
EVERYBODY = "everybody"
"""The reader that stands for a day on which all others were looked at."""

OWNERS = {Role.RECRUITER: Owner.RECRUITER, Role.TRAINER: Owner.TRAINER, Role.SUPERVISOR: Owner.SUPERVISOR}
DESK_OWNERS = {DeskKind.IT: Owner.IT, DeskKind.PAYROLL: Owner.PAYROLL}


@dataclass
class Reader:
    """One address with what it is to read today, in the order of the days."""

    key: str
    address: str
    locale: Locale
    name: str = ""
    candidate_id: UUID | None = None
    desk_id: UUID | None = None
    own: list[tuple[Placement, PlacedTask]] = field(default_factory=list)
    others: list[tuple[Placement, PlacedTask]] = field(default_factory=list)
    not_back: list[NotBackFacts] = field(default_factory=list)


def reader_of(actor: Actor) -> str:
    """The key under which somebody who is signed in is written to."""
    if actor.id is None or actor.kind not in (ActorKind.STAFF, ActorKind.CANDIDATE):
        raise Forbidden("This is a choice of a person's own.")
    return f"{actor.kind.value}:{actor.id}"


async def choose(session: AsyncSession, actor: Actor, *, is_wanted: bool, now: datetime) -> DigestChoice:
    """Keep whether somebody wants the daily letter."""
    key = reader_of(actor)
    row = await store.choice_of(session, key)
    if row is None:
        row = DigestChoice(reader=key, updated_at=now)
        row.staff_id = actor.id if actor.kind is ActorKind.STAFF else None
        row.candidate_id = actor.id if actor.kind is ActorKind.CANDIDATE else None
        session.add(row)
    row.is_wanted, row.updated_at = is_wanted, now
    audit.record(session, actor, action="digest.choose", subject=(actor.kind.value, str(actor.id)), now=now)
    await session.flush()
    return row


async def send_due(session: AsyncSession, *, editions: Editions, settings: Settings, now: datetime) -> int:
    """Write to the next readers of the day, and say how many were looked at; 0 when the day is done, or not begun.

    Each reader is held by one row a day, written with the letter: a sweep that is killed, or runs twice, sends once.
    """
    today, local = civil_date(now), now.astimezone(PARIS)
    rules = editions.checklist_on(today).digest
    if not may_write_at(rules, local, is_holiday=today in training_days.holidays(today.year)):
        return 0
    seen = await store.seen_to(session, today)
    if EVERYBODY in seen:
        return 0
    readers = await _readers(session, rules, editions=editions, today=today)
    waiting = [one for one in readers if one.key not in seen]
    for one in waiting[:AT_ONCE]:
        if await _hold(session, one, today=today, now=now):
            _write(session, one, rules, settings=settings, today=today, now=now)
    if len(waiting) <= AT_ONCE:
        await store.forget_links(session, before=now)
        await _hold(session, Reader(EVERYBODY, "", Locale.FR), today=today, now=now)
    await session.flush()
    return len(waiting[:AT_ONCE])


async def _hold(session: AsyncSession, one: Reader, *, today: date, now: datetime) -> bool:
    """Whether this sweep is the one that looks at this reader today."""
    held = Digest(
        day=today, reader=one.key, candidate_id=one.candidate_id, tasks=len(one.own), made_at=now
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(held)
            await session.flush()
    except IntegrityError:
        return False
    return True


async def _readers(
    session: AsyncSession, rules: DigestRules, *, editions: Editions, today: date
) -> list[Reader]:
    """Whoever has something to read today and wants to, each once, in a stable order."""
    placements = await _due(session, rules, editions=editions, today=today)
    unwanted = await store.unwanted(session)
    known = await store.desks(session)
    out = await _not_back(session, rules, today=today)
    found = (*_candidates(placements), *_desks(placements, known), *await _staff(session, placements, out))
    kept = []
    for one in found:
        _pick(one, rules, today)
        if one.key not in unwanted and (one.own or one.others or one.not_back) and one.address:
            kept.append(one)
    return sorted(kept, key=lambda one: one.key)


async def _due(
    session: AsyncSession, rules: DigestRules, *, editions: Editions, today: date
) -> tuple[Placement, ...]:
    until, since = today + timedelta(days=rules.ahead_days), today - timedelta(days=rules.forget_after_days)
    ids = await store.due_checklists(session, until=until, since=since)
    facts = await lists.facts_of_many(session, ids)
    return await checklists.placements_of(session, facts, editions=editions, today=today)


async def _not_back(session: AsyncSession, rules: DigestRules, *, today: date) -> tuple[NotBackFacts, ...]:
    """What should be back, for as many days as letters speak of anything; the page goes on listing it."""
    since = today - timedelta(days=rules.forget_after_days)
    return await returns.not_back(session, SYSTEM, today=today, since=since, limit=MOST_NOT_BACK)


def _candidates(placements: Sequence[Placement]) -> Iterator[Reader]:
    readers: dict[UUID, Reader] = {}
    for placement in placements:
        person = placement.facts
        reader = readers.setdefault(
            person.candidate_id,
            Reader(
                f"candidate:{person.candidate_id}", person.email, person.locale, name=person.given_name,
                candidate_id=person.candidate_id,
            ),
        )  # fmt: skip
        reader.own += [(placement, one) for one in _of(placement, Owner.CANDIDATE)]
    yield from readers.values()


def _desks(placements: Sequence[Placement], known: Sequence[store.DeskFacts]) -> Iterator[Reader]:
    for desk in known:
        reader = Reader(f"desk:{desk.kind.value}", desk.address, desk.locale, desk_id=desk.id)
        reader.own = [(place, one) for place in placements for one in _of(place, DESK_OWNERS[desk.kind])]
        yield reader


async def _staff(
    session: AsyncSession, placements: Sequence[Placement], not_back: Sequence[NotBackFacts]
) -> list[Reader]:
    """A recruiter reads for the offers they made, and for those whose maker has left; others for their programmes."""
    offers = {one.facts.offer_id for one in placements} | {one.offer_id for one in not_back}
    makers = await store.makers_of(session, sorted(offers))
    staff = await store.staff_readers(session)
    recruiters = {one.id for one in staff if one.role is Role.RECRUITER}
    readers = []
    for member in staff:
        reader = Reader(f"staff:{member.id}", member.email, member.locale, name=member.name)
        for placement in placements:
            facts = placement.facts
            if not _reads(member, facts.programme_id, makers.get(facts.offer_id), recruiters):
                continue
            reader.own += [(placement, one) for one in _of(placement, OWNERS[member.role])]
            if member.role is Role.RECRUITER:
                reader.others += [
                    (placement, one)
                    for one in placement.blocking
                    if one.standing.is_late and one.task.owner is not Owner.RECRUITER
                ]
        if member.role is Role.RECRUITER:
            reader.not_back = [
                one
                for one in not_back
                if _reads(member, one.programme_id, makers.get(one.offer_id), recruiters)
            ]
        readers.append(reader)
    return readers


def _reads(member: StaffReader, programme_id: UUID, maker: UUID | None, recruiters: Collection[UUID]) -> bool:
    if not member.reads(programme_id):
        return False
    return member.role is not Role.RECRUITER or maker == member.id or maker not in recruiters


def _of(placement: Placement, owner: Owner) -> Iterator[PlacedTask]:
    return (one for one in placement.tasks if one.task.owner is owner)


def _pick(reader: Reader, rules: DigestRules, today: date) -> None:
    """Keep what the letter speaks of, the soonest due first; a recruiter also reads for what is late with others."""
    due = [pair for pair in reader.own if is_for_digest(pair[1].standing, rules=rules, today=today)]
    reader.own = sorted(due, key=lambda pair: (pair[1].standing.due_on, pair[0].facts.start_date))


def _write(
    session: AsyncSession,
    one: Reader,
    rules: DigestRules,
    *,
    settings: Settings,
    today: date,
    now: datetime,
) -> None:
    url, until = f"{settings.public_url}/onboarding", ""
    if one.candidate_id is not None:
        url = f"{settings.public_url}/me/tasks"
    if one.desk_id is not None:
        link, token = desks.make_link(session, one.desk_id, days=rules.link_days, now=now)
        url = f"{settings.public_url}/desk/{token}"
        until = day_words(civil_date(link.expires_at), one.locale)
    words = compose(
        "checklist_digest", one.locale, count=str(len(one.own)), name=one.name,
        is_own="yes" if one.candidate_id else "", lines=_lines(one, one.own, today),
        more=str(len(one.own) - MOST_LINES) if len(one.own) > MOST_LINES else "",
        others=_lines(one, one.others, today), not_back=_lines_not_back(one), url=url, until=until,
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=one.address, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=one.candidate_id, now=now,
    )  # fmt: skip


def _lines(reader: Reader, pairs: Sequence[tuple[Placement, PlacedTask]], today: date) -> tuple[str, ...]:
    """One line a task. Letters to staff and desks name nobody: the page behind the link does."""
    told = []
    for placement, one in pairs[:MOST_LINES]:
        title = one.task.title.fr if reader.locale is Locale.FR else one.task.title.en
        due, start = (
            day_words(day, reader.locale) for day in (one.standing.due_on, placement.facts.start_date)
        )
        line = DUE[reader.locale][one.standing.due_on < today].format(title=title, due=due)
        if reader.candidate_id is None:
            about = ABOUT[reader.locale].format(programme=placement.facts.programme_title, start=start)
            line = f"{line} ({about})"
        told.append(line)
    return tuple(told)


def _lines_not_back(reader: Reader) -> tuple[str, ...]:
    return tuple(
        NOT_BACK[reader.locale].format(
            label=one.label, programme=one.programme_title, since=day_words(one.since, reader.locale)
        )
        for one in reader.not_back[:MOST_LINES]
    )


NOT_BACK = {
    Locale.FR: "{label}, attendu pour le {since} ({programme})",
    Locale.EN: "{label}, expected back by {since} ({programme})",
}
DUE = {
    Locale.FR: ("{title}, pour le {due}", "{title}, attendu pour le {due}, date passée"),
    Locale.EN: ("{title}, by {due}", "{title}, expected by {due}, date passed"),
}
ABOUT = {Locale.FR: "{programme}, premier jour le {start}", Locale.EN: "{programme}, first day on {start}"}
