"""The first day of a placement put on another date, in one go with the trainings that begin on it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows import training_days
from service.flows.day_one.checklists import CheckVersion, bring_up, note, task_of
from service.flows.day_one.first_days_ahead import Training, check_range, trainings_of
from service.flows.learning import moving
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, Forbidden, RuleBroken, told
from service.runtime.settings import Settings
from service.runtime.vocabulary import ChecklistChange
from service.store import audit
from service.store.day_one import checklists as store
from service.store.day_one.checklists import ChecklistFacts


async def move_start(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    start_date: date,
    reason: str,
    check_version: CheckVersion,
    editions: Editions,
    settings: Settings,
    now: datetime,
    trainings: Collection[UUID] | None = None,
) -> ChecklistFacts:
    """Put the first day on another date: open tasks move with it, what is done stays, and the person is written to.

    `trainings` are those that move too; left out, all that begin on the first day as it was and that nobody has begun.
    What was done for one start only (the declaration before hiring) is open again, and done again when the start goes
    back to where it was. The accepted offer keeps its own date: a contract signed already needs an amendment.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await store.row_of(session, actor, application_id)
    check_version(row.version)
    edition, today = editions.checklist_of(row.edition), civil_date(now)
    check_range(edition, start_date, today)
    before = await store.facts_of(session, actor, application_id)
    if start_date == row.start_date:
        return before
    along = _along(await trainings_of(session, actor, before, start_date, editions=editions), trainings)
    for one in along:
        await moving.move_start(
            session, actor, one, start_date=start_date, why=reason, editions=editions, now=now
        )
    was, row.start_date, row.known_since = row.start_date, start_date, today
    works = training_days.working_days(start_date)
    for held in (await store.task_rows(session, row.id)).values():
        task = task_of(edition, held)
        if task is not None:
            bring_up(edition, task, held, row, works=works, today=today, law=editions.law)
    days = {"from": was.isoformat(), "to": start_date.isoformat()}
    moved = {"trainings": [str(one) for one in along]} if along else {}
    note(session, actor, row, ChecklistChange.START_MOVED, detail={**days, "why": reason, **moved}, now=now)
    audit.record(
        session, actor, action="checklist.move_start", subject=("candidate", row.candidate_id), now=now,
        detail={**days, **moved},
    )  # fmt: skip
    await session.flush()
    facts = await store.facts_of(session, actor, application_id)
    _tell_person(
        session, facts, was=was, reason=reason, moves_training=bool(along), settings=settings, now=now
    )
    return facts


def _along(found: Sequence[Training], wanted: Collection[UUID] | None) -> tuple[UUID, ...]:
    """The trainings that move, in a stable order so that two moves cannot cross; RuleBroken for one that cannot."""
    if wanted is None:
        return tuple(sorted(one.id for one in found if one.follows_unless_told))
    if set(wanted) - {one.id for one in found if one.may_follow}:
        sentence = told(
            "One of these trainings cannot follow the first day. Look again at what would change."
        )
        raise RuleBroken(sentence, faults=[Fault("/trainings", "cannot-follow", sentence)])
    return tuple(sorted(set(wanted)))


def _tell_person(
    session: AsyncSession,
    facts: ChecklistFacts,
    *,
    was: date,
    reason: str,
    moves_training: bool,
    settings: Settings,
    now: datetime,
) -> None:
    if not facts.email:
        return
    words = compose(
        "start_moved", facts.locale, name=facts.given_name, programme=facts.programme_title,
        was=day_words(was, facts.locale), start=day_words(facts.start_date, facts.locale), reason=reason,
        with_training="yes" if moves_training else "", url=f"{settings.public_url}/me/tasks",
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=facts.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=facts.candidate_id, now=now,
    )  # fmt: skip
