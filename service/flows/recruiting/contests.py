"""A person asks that somebody else looks again; a second person does, and answers in words; nobody is worse off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.assessing import sittings
from service.flows.assessing.answering import own_row
from service.flows.mail import mailing
from service.flows.mail.letters import compose
from service.flows.matching import ledger
from service.flows.people.candidates import CheckVersion, pseudonym_of
from service.flows.recruiting.applications import step
from service.flows.recruiting.blind import veil_over
from service.flows.recruiting.contests_rules import rule_on
from service.flows.writing.reports_words import wording_on
from service.flows.writing.written_words import check_length, lines
from service.runtime.actors import Actor, ActorKind
from service.runtime.editions import load_editions
from service.runtime.errors import Conflict, Forbidden, NotFound
from service.runtime.settings import Settings
from service.runtime.veil import HIDDEN
from service.runtime.vocabulary import ContestFinding, ContestKind, Stage
from service.store import audit
from service.store.matching import ledger as entries
from service.store.reach import application_row
from service.store.recruiting import contests as store
from service.store.recruiting.contests import ContestFacts, ContestPage, SubjectFacts
from service.tables.contests import Contest
from service.tables.people import Candidate

MOST_LETTERS = 20
"""Reviewers who are told of one contest by letter; all of them see it in the queue."""
SECOND_PERSON = "You screened or decided here first: a second person looks again."


@dataclass(frozen=True)
class OwnContests:
    """What a person contested, and what may still be contested."""

    contests: tuple[ContestFacts, ...]
    open_to: tuple[SubjectFacts, ...]


async def own_contests(session: AsyncSession, actor: Actor) -> OwnContests:
    """One's own contests, the newest first, and every result that was not contested yet."""
    candidate = await own_row(session, actor)
    contests = await store.of_candidate(session, candidate.id)
    told = {(one.kind, one.subject_id) for one in contests}
    subjects = await store.subjects_of(session, candidate.id)
    return OwnContests(contests, tuple(one for one in subjects if (one.kind, one.subject_id) not in told))


async def open_contest(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: ContestKind,
    subject_id: UUID,
    words: str,
    settings: Settings,
    now: datetime,
) -> ContestFacts:
    """Contest one of one's own results, in one's own words; once a result.

    Nothing about the person changes, but a contested note of a skill bounds nothing until it is answered. RuleBroken
    for words that are too short or too long; NotFound for what is not one's own; Conflict when it was contested before.
    """
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise Forbidden("Only the person can contest here.")
    candidate = await _held(session, actor.id)
    rule, said = rule_on(now), lines(words)
    check_length(said, rule.least_characters, rule.most_characters, at="/words")
    own = await own_contests(session, actor)
    if any((one.kind, one.subject_id) == (kind, subject_id) for one in own.contests):
        raise Conflict("You contested this before; its state is on this page.", code="already-contested")
    subject = next((one for one in own.open_to if (one.kind, one.subject_id) == (kind, subject_id)), None)
    if subject is None:
        raise NotFound
    row = Contest(
        candidate_id=candidate.id, kind=kind, subject_id=subject_id, words=said, opened_at=now,
        answer_due=rule.answer_due(now), rule_edition=rule.edition, first_staff_id=subject.first_staff_id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="contest.open", subject=("candidate", candidate.id), now=now,
        detail={"contest": str(row.id), "kind": kind.value, "contested": str(subject_id)},
    )  # fmt: skip
    if kind is ContestKind.SKILL:
        await ledger.rewrite(session, candidate.id, editions=load_editions(), now=now)
    await _tell_reviewers(session, row, settings=settings, now=now)
    _tell_person(session, candidate, row, "contest_received", settings=settings, now=now)
    return await store.facts_of(session, actor, row.id)


async def take(
    session: AsyncSession, actor: Actor, contest_id: str | UUID, *, check_version: CheckVersion, now: datetime
) -> ContestFacts:
    """Take a contest to look at it; one that a colleague took may be taken over. Forbidden for a first person."""
    row = await _for_review(session, actor, contest_id, check_version=check_version)
    if row.reviewer_id != actor.staff_id:
        row.reviewer_id, row.taken_at = actor.staff_id, now
        await session.flush()
        _note(session, actor, row, action="contest.take", now=now)
    return await _shown(session, actor, row)


async def answer(
    session: AsyncSession,
    actor: Actor,
    contest_id: str | UUID,
    *,
    finding: ContestFinding,
    words: str,
    check_version: CheckVersion,
    settings: Settings,
    now: datetime,
) -> ContestFacts:
    """Answer a contest that one has taken, with a finding and words that go to the person.

    A contested decision that changes, or is to be done again, opens its application at the interview, and a note of a
    skill that does not stand counts no more: the person who answers wrote why. A result to
    be done again opens its questionnaire once more for the person. Nothing else follows by itself.
    """
    row = await _for_review(session, actor, contest_id, check_version=check_version)
    if row.reviewer_id != actor.staff_id:
        raise Conflict("Take this contest before you answer it.", code="not-taken")
    rule, said = rule_on(now), lines(words)
    check_length(said, rule.least_answer_characters, rule.most_characters, at="/answer")
    row.finding, row.answer, row.answered_at = finding, said, now
    await session.flush()
    _note(session, actor, row, action="contest.answer", now=now, finding=finding.value)
    if row.kind is ContestKind.SKILL:
        await _settle_skill(session, actor, row, now=now)
    elif finding is not ContestFinding.STANDS:
        await _reopen(session, actor, row, now=now)
    is_open_again = await _open_again(session, actor, row, now=now)
    candidate = await session.get_one(Candidate, row.candidate_id)
    _tell_person(
        session, candidate, row, "contest_answered", settings=settings, now=now, is_open_again=is_open_again
    )
    return await _shown(session, actor, row)


async def read(
    session: AsyncSession, actor: Actor, contest_id: str | UUID, *, now: datetime
) -> tuple[ContestFacts, bool]:
    """One contest as this actor may see it, and whether they may look again; the read is noted."""
    row = await store.contest_row(session, actor, contest_id)
    _note(session, actor, row, action="contest.read", now=now)
    return await _shown(session, actor, row), actor.staff_id not in await store.first_hands(session, row)


async def queue(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    answered: bool = False,
    after: Sequence[Any] | None = None,
) -> ContestPage:
    """One page of the queue; in a blind review without names, and without words that may hold one."""
    page = await store.page_of(session, actor, limit=limit, answered=answered, after=after)
    if not actor.is_blind:
        return page
    lines = tuple(
        one.model_copy(
            update={"shown_name": pseudonym_of(one.candidate_id), "words": HIDDEN, "answer": HIDDEN}
        )
        for one in page.lines
    )
    return replace(page, lines=lines)


async def _shown(session: AsyncSession, actor: Actor, row: Contest) -> ContestFacts:
    facts = await store.facts_of(session, actor, row.id)
    if not actor.is_blind:
        return facts
    veil = await veil_over(session, actor, row.candidate_id)
    said = {"words": veil.over(facts.words), "answer": veil.over(facts.answer)}
    return facts.model_copy(update={"shown_name": pseudonym_of(row.candidate_id), **said})


async def _for_review(
    session: AsyncSession, actor: Actor, contest_id: str | UUID, *, check_version: CheckVersion
) -> Contest:
    """The row, held, for somebody who may look again and has seen its present version."""
    if actor.kind is not ActorKind.STAFF or actor.role not in store.REVIEWERS:
        raise Forbidden("Only a member of staff who signed in can look again.")
    row = await store.contest_row(session, actor, contest_id, to_change=True)
    if actor.staff_id in await store.first_hands(session, row):
        raise Forbidden(SECOND_PERSON, code="first-person")
    check_version(row.version)
    if row.answered_at is not None:
        raise Conflict("This contest was answered; its answer no longer changes.", code="already-answered")
    return row


async def _reopen(session: AsyncSession, actor: Actor, row: Contest, *, now: datetime) -> None:
    application_id = await store.application_of(session, row)
    if application_id is None:
        return
    application = await application_row(session, actor, application_id)
    if application.stage is Stage.NOT_RETAINED:
        await step(session, actor, application, stage=Stage.INTERVIEW, reason=row.answer[:2000], now=now)


async def _open_again(session: AsyncSession, actor: Actor, row: Contest, *, now: datetime) -> bool:
    """A result that is to be done again: its questionnaire opens for the person, beside what was sent before."""
    if row.finding is not ContestFinding.REDO or row.kind is not ContestKind.SCORECARD:
        return False
    return await sittings.open_again(session, actor, row.subject_id, now=now) is not None


async def _settle_skill(session: AsyncSession, actor: Actor, row: Contest, *, now: datetime) -> None:
    """A note that stands counts again; any other finding ends it, with the answer as the reason."""
    editions = load_editions()
    note = await entries.entry_row(session, row.candidate_id, row.subject_id)
    if row.finding is ContestFinding.STANDS or note.ended_at is not None:
        await ledger.rewrite(session, row.candidate_id, editions=editions, now=now)
    else:
        await ledger.end(session, actor, note, why=row.answer, editions=editions, now=now)


async def _held(session: AsyncSession, candidate_id: UUID) -> Candidate:
    """The person's row, held, so that two presses of the button come one after the other."""
    row = await session.scalar(select(Candidate).where(col(Candidate.id) == candidate_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _note(
    session: AsyncSession, actor: Actor, row: Contest, *, action: str, now: datetime, **detail: str
) -> None:
    audit.record(
        session, actor, action=action, subject=("candidate", row.candidate_id), now=now,
        detail={"contest": str(row.id), **detail},
    )  # fmt: skip


async def _tell_reviewers(session: AsyncSession, row: Contest, *, settings: Settings, now: datetime) -> None:
    """A letter to those who may look again; it names nobody and says nothing of what was written."""
    first = await store.first_hands(session, row)
    for address, locale in await store.mailboxes_of_reviewers(session, but=first, limit=MOST_LETTERS):
        words = compose(
            "contest_opened", locale, url=f"{settings.public_url}/contests/{row.id}",
            until=wording_on(now, locale).day(row.answer_due),
        )  # fmt: skip
        mailing.write_letter(
            session, recipient=address, subject=words.subject, body_text=words.body_text,
            body_html=words.body_html, candidate_id=row.candidate_id, now=now,
        )  # fmt: skip


def _tell_person(
    session: AsyncSession,
    person: Candidate,
    row: Contest,
    letter: str,
    *,
    settings: Settings,
    now: datetime,
    is_open_again: bool = False,
) -> None:
    """A letter to the person, in their language; somebody without an address reads it on the page."""
    if not person.email:
        return
    rule = rule_on(now)
    words = compose(
        letter, person.locale, name=person.given_name, url=f"{settings.public_url}/me/contests",
        what=rule.kinds[row.kind].in_(person.locale.value),
        until=wording_on(now, person.locale).day(row.answer_due),
        finding=rule.findings[row.finding].in_(person.locale.value) if row.finding else "",
        answer=row.answer, is_open_again="yes" if is_open_again else "",
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=person.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=row.candidate_id, now=now,
    )  # fmt: skip
