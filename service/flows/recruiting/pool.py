"""The talent pool: who agreed to be written to, who fits today, and letters that say why and how to say no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matching import Match, Outcome
from assessments.questionnaires.staleness import Ageing
from service.flows.assessing.ageing import ageing_of_person
from service.flows.assessing.answering import own_row
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import weigh
from service.flows.people.retention import kept_until
from service.flows.recruiting.applications import apply_in_person
from service.flows.recruiting.pool_rules import Barrier, PoolRule, rule_on
from service.flows.recruiting.shortlists import Listed, ShortlistPage, ShortlistQuestion, read_shortlist
from service.runtime.actors import ANONYMOUS, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken
from service.runtime.ids import new_token, token_hash
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, PoolAnswer, PoolChannel, ProgrammeState
from service.store import audit, reach
from service.store.matching import matching as applied
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting import pool as store
from service.store.recruiting import programmes
from service.store.recruiting.pool import PoolChoiceFacts, PoolStanding
from service.store.recruiting.programmes import ProgrammeFacts
from service.tables.people import Candidate
from service.tables.pool import PoolChoice, PoolContact
from service.tables.programmes import Programme

FITTING = frozenset({Outcome.MATCH, Outcome.AFTER_TRAINING, Outcome.AFTER_REMEDY})
MOST_SHOWN = 50
LONGEST_NOTE = 500
REASONS = 3
TOKEN_PREFIX = "hspool"  # noqa: S105  # what a token begins with, not one


@dataclass(frozen=True)
class Fitting:
    """One person of the pool who fits a programme today: why, whether they may be written to, what has aged."""

    listed: Listed
    standing: PoolStanding
    barrier: Barrier | None
    ageing: tuple[Ageing, ...]


@dataclass(frozen=True)
class PoolPage:
    """The best of the pool for one programme today.

    `found` counts who fits, without those who applied as far as they were met among the best.
    """

    page: ShortlistPage
    fitting: tuple[Fitting, ...]
    found: int
    answers: Mapping[str, int]
    rule: PoolRule


@dataclass(frozen=True)
class Written:
    """What became of one letter that was asked for; None: it was written."""

    candidate_id: UUID
    barrier: Barrier | None


# The person's own word


async def choose(session: AsyncSession, actor: Actor, *, is_yes: bool, now: datetime) -> PoolChoiceFacts:
    """The person who is signed in says whether they want to hear of other posts; said twice, it stands once."""
    candidate = await own_row(session, actor)
    return await _say(
        session, actor, candidate.id, is_yes=is_yes, channel=PoolChannel.OWN_SPACE, note="", now=now
    )


async def take_down(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    is_yes: bool,
    note: str,
    now: datetime,
) -> PoolChoiceFacts:
    """Take down what a person said aloud; a yes needs a note of when and where it was said. The person reads it."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("Only a member of staff who signed in can take down what somebody said.")
    candidate = await reach.candidate_row(session, actor, candidate_id)
    said = " ".join(note.split())
    if is_yes and not said:
        raise RuleBroken(
            "Say when and where the person agreed.",
            faults=[Fault("/note", "missing", "when and where it was said")],
        )
    if len(said) > LONGEST_NOTE:
        most = {"most": LONGEST_NOTE}
        raise RuleBroken(
            "This is longer than %(most)s characters; shorten it.", most=LONGEST_NOTE,
            faults=[Fault("/note", "too-long", "at most %(most)s characters", most)],
        )  # fmt: skip
    return await _say(
        session, actor, candidate.id, is_yes=is_yes, channel=PoolChannel.TOLD, note=said, now=now
    )


async def _say(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    *,
    is_yes: bool,
    channel: PoolChannel,
    note: str,
    now: datetime,
) -> PoolChoiceFacts:
    rule, said = rule_on(now), await store.choices_of(session, candidate_id)
    newest = (said[0].is_yes, said[0].channel, said[0].note, civil_date(said[0].at)) if said else None
    if newest == (is_yes, channel, note, civil_date(now)):  # a button pressed twice
        return said[0]
    session.add(
        PoolChoice(
            candidate_id=candidate_id, is_yes=is_yes, channel=channel, wording_edition=rule.edition,
            staff_id=actor.staff_id, note=note, at=now,
        )
    )  # fmt: skip
    await session.flush()
    audit.record(
        session, actor, action="pool.agree" if is_yes else "pool.decline", subject=("candidate", candidate_id),
        now=now, detail={"channel": channel.value, "edition": rule.edition},
    )  # fmt: skip
    return (await store.choices_of(session, candidate_id))[0]


# Who fits today


async def read_pool(
    database: Database, actor: Actor, programme_id: str | UUID, *, editions: Editions, now: datetime
) -> PoolPage:
    """The people of the pool who fit a programme today, best first, at most 50; the reading is noted.

    It takes the database and not a session, as the shortlist does: nobody's write waits for the weighing.
    """
    shown: list[Listed] = []
    question, met = ShortlistQuestion(outcomes=FITTING, limit=2 * MOST_SHOWN), 0
    while True:
        page = await read_shortlist(
            database, actor, programme_id, question=question, editions=editions, now=now, action="pool.read"
        )
        met += sum(one.applied is not None for one in page.listed)
        shown += [one for one in page.listed if one.applied is None]
        if page.after is None or len(shown) >= MOST_SHOWN:
            break
        question = replace(question, after=page.after)
    shown, found = shown[:MOST_SHOWN], page.found - met
    programme = page.shortlist.programme
    async with database.transaction(write=False) as session:
        ids = [one.person.id for one in shown]
        standings = await store.standings_of(session, ids, programme_id=programme.id)
        answers = await store.answers_to(session, programme.id)
        fitting = [
            Fitting(
                one, standings[one.person.id],
                await _barrier(session, standings[one.person.id], now=now),
                await ageing_of_person(session, one.person.id, editions=editions, now=now),
            )
            for one in shown
        ]  # fmt: skip
    return PoolPage(page, tuple(fitting), found, answers, rule_on(now))


async def _barrier(session: AsyncSession, one: PoolStanding, *, now: datetime) -> Barrier | None:
    until = await kept_until(session, one.candidate_id, now=now)
    return rule_on(now).barrier(one, now=now, kept_until=until)


# Letters


async def write_to(
    session: AsyncSession,
    actor: Actor,
    programme_id: str | UUID,
    candidate_ids: Sequence[UUID],
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> tuple[Written, ...]:
    """Write to people of the pool about a programme that fits them today, each checked by themselves, in their order.

    Who did not agree, does not fit any more or was written to lately gets no letter, and the caller is told which.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("Only a member of staff who signed in can write to people of the pool.")
    programme = await programmes.facts_of(session, actor, programme_id)
    if programme.state is not ProgrammeState.OPEN:
        raise Conflict("This programme is closed; open it first.", code="programme-closed")
    wanted, most = list(dict.fromkeys(candidate_ids)), rule_on(now).most_at_once
    if not 0 < len(wanted) <= most:
        raise RuleBroken(
            "Choose 1 to %(most)s people.", most=most,
            faults=[Fault("/candidate_ids", "out-of-range", "1 to %(most)s people", {"most": most})],
        )  # fmt: skip
    editions = await revised(session, editions)
    return tuple(
        [
            await _write_one(session, actor, programme, one, editions=editions, settings=settings, now=now)
            for one in wanted
        ]
    )


async def _write_one(
    session: AsyncSession,
    actor: Actor,
    programme: ProgrammeFacts,
    candidate_id: UUID,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> Written:
    # Held, so that two presses of the button write one letter.
    row = await session.get(Candidate, candidate_id, with_for_update=True)
    person = await candidates.facts_of(session, actor, candidate_id)
    own = await applied.applied_by(session, actor, person.id)
    if row is None or person.is_agent or programme.id in own:
        return Written(person.id, Barrier.NOT_IN_POOL)
    standings = await store.standings_of(session, [person.id], programme_id=programme.id)
    barrier = await _barrier(session, standings[person.id], now=now)
    match = weigh(editions, person, programme, now=now)
    if barrier is None and match.outcome not in FITTING:
        barrier = Barrier.DOES_NOT_FIT
    if barrier is None:
        ageing = await ageing_of_person(session, person.id, editions=editions, now=now)
        await _post(
            session, actor, person, programme, match, standings[person.id], ageing, settings=settings, now=now
        )
    return Written(person.id, barrier)


async def _post(
    session: AsyncSession,
    actor: Actor,
    person: CandidateFacts,
    programme: ProgrammeFacts,
    match: Match,
    standing: PoolStanding,
    ageing: Sequence[Ageing],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    token = new_token(TOKEN_PREFIX)
    why = why_of(match)
    row = PoolContact(
        candidate_id=person.id, programme_id=programme.id, staff_id=actor.staff_id, outcome=match.outcome.value,
        reasons=why, stale=[one.instrument for one in ageing], token_hash=token_hash(token), written_at=now,
    )  # fmt: skip
    session.add(row)
    lang = person.locale.value
    told = [one[lang] for one in why]
    words = compose(
        "pool", person.locale, name=person.given_name, sender=actor.name, programme=programme.title,
        hours=f"{programme.weekly_hours:g}", start=_day(programme.start_date, person.locale),
        agreed_on=_day(standing.said_at, person.locale), url=f"{settings.public_url}/interest/{token}",
        why_1=told[0] if told else "", why_2=told[1] if len(told) > 1 else "",
        why_3=told[2] if len(told) > 2 else "",
        training="yes" if match.outcome is Outcome.AFTER_TRAINING else "",
        remedy="yes" if match.outcome is Outcome.AFTER_REMEDY else "",
        stale=", ".join(one.title.in_(lang) for one in ageing),
        minutes=str(sum(one.minutes for one in ageing)),
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=person.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=person.id, now=now,
    )  # fmt: skip
    await session.flush()
    audit.record(
        session, actor, action="pool.write", subject=("candidate", person.id), now=now,
        detail={"programme": str(programme.id), "contact": str(row.id)},
    )  # fmt: skip


def why_of(match: Match) -> list[dict[str, str]]:
    """The client's wishes that the person's file meets, musts first, at most three; hours where none is met."""
    met = [fit.text for fit in sorted(match.met, key=lambda fit: fit.importance.value != "must")]
    if met:
        return [{"fr": text, "en": text} for text in dict.fromkeys(met)][:REASONS]
    hours = f"{match.hours.usable:g}"
    return [{"fr": f"{hours} h par semaine en commun", "en": f"{hours} hours a week in common"}]


def _day(moment: datetime | date | None, locale: Locale) -> str:
    if moment is None:
        return ""
    return day_words(civil_date(moment) if isinstance(moment, datetime) else moment, locale)


# The answering page of a letter


@dataclass(frozen=True)
class Asked:
    """What a letter asks: about which programme, why, and what was answered."""

    given_name: str
    locale: Locale
    programme_id: UUID
    programme_title: str
    is_open: bool
    reasons: tuple[Mapping[str, str], ...]
    answer: PoolAnswer | None


async def look_at(session: AsyncSession, token: str) -> Asked:
    """What a letter asks, without answering it; NotFound for a token of nobody."""
    row = await store.contact_by_token(session, token)
    person = await session.get_one(Candidate, row.candidate_id)
    programme = await session.get_one(Programme, row.programme_id)
    return Asked(
        person.given_name, person.locale, programme.id, programme.title,
        programme.state is ProgrammeState.OPEN, tuple(row.reasons), row.answer,
    )  # fmt: skip


async def answer(session: AsyncSession, token: str, said: PoolAnswer, *, now: datetime) -> None:
    """Keep the answer to a letter; the last one holds, and no more letters can be said at any time.

    Interest becomes an application in the usual way. Conflict when the programme was closed meanwhile.
    """
    row = await store.contact_by_token(session, token, to_change=True)
    if said is PoolAnswer.INTERESTED:
        programme = await session.get_one(Programme, row.programme_id)
        if programme.state is not ProgrammeState.OPEN:
            raise Conflict("This programme is closed; open it first.", code="programme-closed")
        await apply_in_person(
            session, ANONYMOUS, candidate_id=row.candidate_id, programme_ids=[row.programme_id], now=now
        )
    row.answer, row.answered_at = said, now
    await session.flush()
    if said is PoolAnswer.NO_MORE:
        await _say(
            session, ANONYMOUS, row.candidate_id, is_yes=False, channel=PoolChannel.LETTER, note="", now=now
        )
    audit.record(
        session, ANONYMOUS, action="pool.answer", subject=("candidate", row.candidate_id), now=now,
        detail={"contact": str(row.id), "answer": said.value},
    )  # fmt: skip
