"""Asking for help: a learner asks, those who stand near answer within the promised day, and what helped can stay."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from onboarding.content import Language
from onboarding.continuous.help import HelpFigures, HelpPolicy, Topic, answer_due, figures
from onboarding.continuous.refreshers import Origin
from service.flows.continuous import notes
from service.flows.continuous.notes import Written
from service.flows.mail import mailing
from service.flows.mail.letters import compose
from service.flows.paths.paths import as_begun, module_of
from service.flows.people.candidates import CheckVersion
from service.flows.people.naming import signs_of
from service.flows.training_days import working_days
from service.flows.writing.reports_words import wording_on
from service.flows.writing.written_words import check_length, lines
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import HelpState
from service.store import audit
from service.store.continuous import help as store
from service.store.continuous import notes as notes_store
from service.store.continuous.help import HelpFacts, HelpPage
from service.store.continuous.notes import NoteFacts
from service.store.learning import assignments
from service.tables.help import HelpMessage, HelpRequest
from service.tables.people import Candidate

AT_ONCE = 100
LONGEST_PROMPT = 200


@dataclass(frozen=True)
class Place:
    """Where in one's training something was not clear; a page may be left out."""

    assignment_id: UUID
    module: str
    page: str = ""


async def ask(
    session: AsyncSession,
    actor: Actor,
    *,
    topic: Topic,
    words: str,
    key: str,
    place: Place | None = None,
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> HelpFacts:
    """Ask for help in one's own words; the same words sent again under the same `key` are the first request.

    Those who read the topic get a letter that says nothing of the words. RuleBroken for words that are too short or
    too long, or for a place that is not in one's training; Conflict when too many requests wait already.
    """
    candidate_id, said = _own_id(actor), lines(words)
    await store.hold_person(session, candidate_id)
    request_id = uuid5(candidate_id, f"help {key} {said}")
    if await session.get(HelpRequest, request_id) is not None:
        return await store.facts_of(session, actor, request_id)
    policy = editions.help_policy_on(civil_date(now))
    check_length(said, policy.least_characters, policy.most_characters, at="/words")
    if await store.open_count(session, candidate_id) >= policy.most_open:
        raise Conflict("Several of your requests wait for an answer already.", code="many-open")
    where = await _placed(session, actor, place, editions=editions) if place else {}
    due = due_on(policy, now)
    row = HelpRequest(
        id=request_id, candidate_id=candidate_id, topic=topic, asked_at=now, answer_due=due, first_due=due,
        programme_id=await store.programme_of(session, candidate_id), policy_edition=policy.edition, **where,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    session.add(
        HelpMessage(
            id=uuid5(row.id, "first"), request_id=row.id, number=0, from_learner=True, words=said, at=now
        )
    )
    await session.flush()
    _note(session, actor, row, action="help.ask", now=now, topic=topic.value)
    await _tell_readers(session, row, policy, "help_asked", settings=settings, now=now)
    return await store.facts_of(session, actor, row.id)


async def reply(
    session: AsyncSession,
    actor: Actor,
    request_id: str | UUID,
    *,
    words: str,
    key: str,
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> HelpFacts:
    """Write once more in a request of one's own: it waits again, and an answer is due again."""
    _own_id(actor)
    row = await store.request_row(session, actor, request_id)
    message_id = uuid5(row.id, f"message {key} {lines(words)}")
    if await store.has_message(session, message_id):
        return await store.facts_of(session, actor, row.id)
    policy, number = await _may_go_on(session, row, words, editions=editions, now=now)
    session.add(
        HelpMessage(
            id=message_id, request_id=row.id, number=number, from_learner=True, words=lines(words), at=now
        )
    )
    was_waiting = row.state is HelpState.WAITING
    row.state, row.closed_at = HelpState.WAITING, None
    flag_modified(row, "state")  # whoever answers has to have read these words, too
    if not was_waiting:
        row.answer_due, row.reminded_at = due_on(policy, now), None
    await session.flush()
    _note(session, actor, row, action="help.reply", now=now)
    if not was_waiting:
        await _tell_readers(session, row, policy, "help_asked", settings=settings, now=now)
    return await store.facts_of(session, actor, row.id)


async def close(session: AsyncSession, actor: Actor, request_id: str | UUID, *, now: datetime) -> HelpFacts:
    """Say that a request of one's own is settled; said twice it is settled once."""
    _own_id(actor)
    row = await store.request_row(session, actor, request_id)
    if row.state is not HelpState.CLOSED:
        row.state, row.closed_at = HelpState.CLOSED, now
        await session.flush()
        _note(session, actor, row, action="help.close", now=now)
    return await store.facts_of(session, actor, row.id)


async def answer(
    session: AsyncSession,
    actor: Actor,
    request_id: str | UUID,
    *,
    words: str,
    check_version: CheckVersion,
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> HelpFacts:
    """Answer a request within reach; the learner gets a letter. Only somebody who signed in helps anybody."""
    _check_helper(actor)
    row = await store.request_row(session, actor, request_id)
    check_version(row.version)
    _, number = await _may_go_on(session, row, words, editions=editions, now=now)
    session.add(
        HelpMessage(
            request_id=row.id,
            number=number,
            from_learner=False,
            staff_id=actor.staff_id,
            words=lines(words),
            at=now,
        )
    )
    row.answered_at = row.answered_at or now
    row.state = HelpState.ANSWERED if row.state is HelpState.WAITING else row.state
    flag_modified(row, "state")  # one more message is another version, even where nothing beside it changes
    await session.flush()
    _note(session, actor, row, action="help.answer", now=now)
    person = await session.get_one(Candidate, row.candidate_id)
    _tell_person(session, person, row, settings=settings, now=now)
    return await store.facts_of(session, actor, row.id)


async def read(session: AsyncSession, actor: Actor, request_id: str | UUID, *, now: datetime) -> HelpFacts:
    """One request with its messages, for those who answer; the read is noted."""
    facts = await store.facts_of(session, actor, request_id)
    audit.record(
        session, actor, action="help.read", subject=("candidate", facts.candidate_id), now=now,
        detail={"request": str(facts.id)},
    )  # fmt: skip
    return facts


async def queue(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    state: HelpState | None = HelpState.WAITING,
    after: Sequence[Any] | None = None,
) -> HelpPage:
    """One page of the requests that this role reads."""
    return await store.page_of(session, actor, limit=limit, state=state, after=after)


async def figures_of(
    session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime
) -> HelpFigures | None:
    """How long answers took lately; None where too few asked to tell without telling on anybody."""
    policy = editions.help_policy_on(civil_date(now))
    found = await store.handled_since(session, actor, now - timedelta(days=policy.figures_days))
    if len(found) < policy.least_requests:
        return None
    return figures(found, today=civil_date(now))


def suggested(facts: HelpFacts) -> Written:
    """The card that a request and its last answer make: the learner's first words ask, the answer is what to know."""
    answers = [one.words for one in facts.messages if not one.from_learner]
    return Written(title=_first_line(facts.first_words), lesson=answers[-1] if answers else "")


async def keep_for_all(
    session: AsyncSession,
    actor: Actor,
    request_id: str | UUID,
    *,
    written: Written | None = None,
    programme_id: UUID | None = None,
    now: datetime,
) -> NoteFacts:
    """Make an answered request a card of everybody in its programme, in the words suggested or in better ones.

    Once a request: Conflict when it was done, and for words said in confidence, which go to nobody else. RuleBroken
    for words that tell who asked: a card outlives them, and stays when that person is erased.
    """
    _check_helper(actor)
    row = await store.request_row(session, actor, request_id)
    if row.topic is Topic.PRIVATE:
        raise Conflict("What was said in confidence goes to nobody else.", code="in-confidence")
    if row.answered_at is None:
        raise Conflict("Answer first: the answer is what the card teaches.", code="not-answered")
    if await notes_store.of_request(session, row.id) is not None:
        raise Conflict("This request was made a card already.", code="already-kept")
    chosen = programme_id or row.programme_id
    if chosen is None:
        raise RuleBroken(
            "Say for which programme.", faults=[Fault("/programme_id", "missing", "the id of a programme")]
        )
    card = written or suggested(await store.facts_of(session, actor, row.id))
    signs = signs_of(await session.get_one(Candidate, row.candidate_id))
    if faults := [
        Fault(f"/{field}", "personal", "leave out the name, address and number of whoever asked")
        for field, said in asdict(card).items()
        if signs.are_in(str(said))
    ]:
        raise RuleBroken("This cannot be sent as it is; see errors.", faults=faults)
    return await notes.send(
        session, actor, programme_id=chosen, written=card, origin=Origin.HELP, help_request_id=row.id, now=now
    )


async def remind_due(session: AsyncSession, *, settings: Settings, editions: Editions, now: datetime) -> int:
    """Write once more to those who read each request whose day has passed without an answer; how many requests."""
    today = civil_date(now)
    if not working_days(today)(today):
        return 0
    policy = editions.help_policy_on(today)
    found = await store.due_unreminded(session, before=today, limit=AT_ONCE)
    for row in found:
        row.reminded_at = now
        await _tell_readers(session, row, policy, "help_due", settings=settings, now=now)
        _note(session, SYSTEM, row, action="help.remind", now=now)
    await session.flush()
    return len(found)


def _own_id(actor: Actor) -> UUID:
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise Forbidden("Only the learner can do this here.")
    return actor.id


def _check_helper(actor: Actor) -> None:
    if actor.kind is not ActorKind.STAFF or actor.role not in store.READERS:
        raise Forbidden("Only a member of staff who signed in can answer.")


def due_on(policy: HelpPolicy, now: datetime) -> date:
    """By which day an answer is due to what is asked now."""
    today = civil_date(now)
    return answer_due(today, policy=policy, working_days=working_days(today))


async def _placed(session: AsyncSession, actor: Actor, place: Place, *, editions: Editions) -> dict[str, Any]:
    """The place as the row keeps it, once it is one of the learner's own training."""
    try:
        facts = await assignments.facts_of(session, actor, place.assignment_id)
        module = module_of(as_begun(editions, facts.path, facts.edition), place.module)
    except NotFound:
        raise RuleBroken(
            "Something named here is not known.",
            faults=[Fault("/assignment_id", "unknown", "no module of your training is called so")],
        ) from None
    page = place.page if any(one.slug == place.page for one in module.pages) else ""
    return {
        "assignment_id": facts.id, "path": facts.path, "edition": facts.edition, "module": module.slug,
        "page": page,
    }  # fmt: skip


async def _may_go_on(
    session: AsyncSession, row: HelpRequest, words: str, *, editions: Editions, now: datetime
) -> tuple[HelpPolicy, int]:
    """The policy, once the words fit it and the request is not endless; and the number of the message to come."""
    policy = editions.help_policy_on(civil_date(now))
    check_length(lines(words), policy.least_characters, policy.most_characters, at="/words")
    number = await store.message_count(session, row.id)
    if number >= policy.most_messages:
        raise Conflict("This request is long enough: talk to one another, or ask anew.", code="many-messages")
    return policy, number


def _first_line(words: str) -> str:
    """The first words of a question, cut between two of them where they are long."""
    line = " ".join(words.split())
    if len(line) <= LONGEST_PROMPT:
        return line
    return line[: LONGEST_PROMPT - 1].rsplit(" ", 1)[0] + "…"


def _note(
    session: AsyncSession, actor: Actor, row: HelpRequest, *, action: str, now: datetime, **detail: str
) -> None:
    audit.record(
        session, actor, action=action, subject=("candidate", row.candidate_id), now=now,
        detail={"request": str(row.id), **detail},
    )  # fmt: skip


async def _tell_readers(
    session: AsyncSession,
    row: HelpRequest,
    policy: HelpPolicy,
    letter: str,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """A letter to those who read the topic; it names nobody and says nothing of what was written."""
    mailboxes = await store.mailboxes_of_readers(
        session, topic=row.topic, programme_id=row.programme_id, limit=policy.most_people_told
    )
    topic = policy.topics[row.topic].label
    for address, locale in mailboxes:
        words = compose(
            letter, locale, url=f"{settings.public_url}/help/{row.id}",
            about=topic.said_in(Language(locale.value)), until=wording_on(now, locale).day(row.answer_due),
        )  # fmt: skip
        mailing.write_letter(
            session, recipient=address, subject=words.subject, body_text=words.body_text,
            body_html=words.body_html, candidate_id=row.candidate_id, now=now,
        )  # fmt: skip


def _tell_person(
    session: AsyncSession, person: Candidate, row: HelpRequest, *, settings: Settings, now: datetime
) -> None:
    """A letter that an answer is there, in the person's language; what was said stays on the page."""
    if not person.email:
        return
    words = compose(
        "help_answered", person.locale, name=person.given_name, url=f"{settings.public_url}/me/help/{row.id}"
    )
    mailing.write_letter(
        session, recipient=person.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=row.candidate_id, now=now,
    )  # fmt: skip
