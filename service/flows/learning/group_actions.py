"""One act for many learners at once: a path or edition given, letters, attempts, dates, proofs; told before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.learning.progress import Progress
from onboarding.learning.schedule import add_working_days
from service.flows.learning import assignments as giving
from service.flows.learning import group_exemptions, kept_standing, learning, moving
from service.flows.learning.board import Steps, bounds_on, learner_of
from service.flows.learning.group_acts import (
    LONGEST_WORDS,
    MOST_AT_ONCE,
    MOST_ATTEMPTS,
    MOST_DAYS,
    MOST_EXEMPTED,
    Act,
    Asked,
    Chosen,
    Done,
    Effect,
    Foreseen,
)
from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store import audit
from service.store.learning import assignments, board
from service.store.learning.assignment_changes import DATES_MOVED
from service.store.learning.assignments import AssignmentFacts
from service.store.learning.board import BoardLine
from service.tables.training import AssignmentChange


async def chosen_of(
    session: AsyncSession,
    actor: Actor,
    line_ids: Sequence[UUID],
    person_ids: Sequence[UUID],
    *,
    act: Act,
    editions: Editions,
    now: datetime,
) -> Chosen:
    """The chosen learners within reach; RuleBroken when nobody is chosen, or more than the act is done for at once."""
    bounds, most = bounds_on(editions, now=now), MOST_EXEMPTED if act is Act.EXEMPT else MOST_AT_ONCE
    if len(line_ids) + len(person_ids) > most:
        raise RuleBroken(
            "Choose at most %(most)s people at once.",
            most=most,
            faults=[Fault("/assignments", "too-many", "at most %(most)s at once", {"most": most})],
        )
    lines = await board.chosen_lines(session, actor, tuple(dict.fromkeys(line_ids)), bounds)
    people = await board.people_named(session, actor, tuple(dict.fromkeys(person_ids)))
    if not lines and not people:
        raise RuleBroken(
            "Choose somebody first.", faults=[Fault("/assignments", "empty", "nobody within your reach")]
        )
    return Chosen(lines, people)


async def foresee(
    session: AsyncSession, actor: Actor, chosen: Chosen, asked: Asked, *, editions: Editions, now: datetime
) -> tuple[Foreseen, ...]:
    """What the act would do for each, one line a learner, in the order of the board."""
    if asked.act is Act.EXEMPT:
        return await group_exemptions.foresee(session, actor, chosen.lines, asked, editions=editions, now=now)
    if asked.act is Act.GIVE:
        people = {line.candidate_id: (line.person, line) for line in chosen.lines}
        known: dict[UUID, tuple[str, BoardLine | None]] = {**people}
        known |= {person.id: (person.name, None) for person in chosen.people if person.id not in known}
        has = await assignments.given_already(session, known, path=asked.path, cohort_id=None)
        return tuple(
            Foreseen(one, name, line, Effect.HAS_IT if one in has else Effect.WILL)
            for one, (name, line) in known.items()
        )
    bounds = bounds_on(editions, now=now)
    rules = editions.board_rules_on(bounds.today)
    given = {path.slug: path.edition for path in paths.in_force(editions, bounds.today)}
    lately = now - timedelta(days=rules.remind_every_days)
    letters = await board.letters_of(session, [line.id for line in chosen.lines])
    foreseen = []
    for line in chosen.lines:
        effect = Effect.WILL
        if line.is_complete:
            effect = Effect.FINISHED
        elif asked.act is Act.EDITION and given.get(line.path, line.edition) == line.edition:
            effect = Effect.NEWEST
        elif asked.act is Act.ATTEMPTS and not line.waits_for_trainer:
            effect = Effect.NOT_WAITING
        elif asked.act is Act.REMIND:
            letter = letters[line.id]
            if line.start_date > bounds.today:
                effect = Effect.NOT_BEGUN
            elif not letter.address:
                effect = Effect.NO_ADDRESS
            elif letter.reminded_at is not None and letter.reminded_at > lately:
                effect = Effect.WROTE_LATELY
        foreseen.append(Foreseen(line.candidate_id, line.person, line, effect))
    return tuple(foreseen)


def check(asked: Asked, *, editions: Editions, now: datetime) -> None:
    """RuleBroken for a number out of bounds or words too long."""
    faults = []
    if asked.act is Act.ATTEMPTS and not 1 <= asked.count <= MOST_ATTEMPTS:
        faults.append(Fault("/count", "range", "from 1 to %(most)s", {"most": MOST_ATTEMPTS}))
    if asked.act is Act.DATES and not 1 <= asked.days <= MOST_DAYS:
        faults.append(Fault("/days", "range", "from 1 to %(most)s", {"most": MOST_DAYS}))
    if asked.act is Act.GIVE and asked.start_date is None:
        faults.append(Fault("/start_date", "missing", "the day on which the path begins"))
    if asked.act is Act.EXEMPT:
        faults += group_exemptions.faults_of(asked, editions=editions, now=now)
    if len(asked.words) > LONGEST_WORDS or not asked.words.isprintable():
        faults.append(Fault("/words", "too-long", "at most %(most)s characters", {"most": LONGEST_WORDS}))
    if faults:
        raise RuleBroken("This cannot be done as it is; see errors.", faults=faults)


async def act(
    session: AsyncSession,
    actor: Actor,
    chosen: Chosen,
    asked: Asked,
    *,
    editions: Editions,
    settings: Settings,
    files: FileStore,
    now: datetime,
) -> Done:
    """Do it for everybody it can be done for, and tell for whom there was nothing to do."""
    check(asked, editions=editions, now=now)
    foreseen = await foresee(session, actor, chosen, asked, editions=editions, now=now)
    if asked.act is Act.EXEMPT:
        return await group_exemptions.exempt(
            session, actor, foreseen, asked, settings=settings, files=files, editions=editions, now=now
        )
    wanted = [one for one in foreseen if one.effect is Effect.WILL]
    if asked.act is Act.GIVE:
        assert asked.start_date is not None
        given = await giving.give(
            session, actor, [one.candidate_id for one in wanted], path=asked.path,
            start_date=asked.start_date, cohort_id=None, editions=editions, now=now,
        )  # fmt: skip
        return Done(given.created, foreseen)
    ids = [one.line.id for one in wanted if one.line is not None]
    if not ids:
        return Done((), foreseen)
    if asked.act is Act.REMIND:
        await _remind(session, actor, ids, wanted, asked, editions=editions, settings=settings, now=now)
    elif asked.act is Act.EDITION:
        ids = await moving.move_to_newest(session, actor, ids, why=asked.words, editions=editions, now=now)
    elif asked.act is Act.ATTEMPTS:
        await _open_attempts(session, actor, ids, asked, editions=editions, now=now)
    else:
        await _move_dates(session, actor, ids, asked, editions=editions, now=now)
    return Done(tuple(ids), foreseen)


async def _remind(
    session: AsyncSession,
    actor: Actor,
    ids: Sequence[UUID],
    wanted: Sequence[Foreseen],
    asked: Asked,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    bounds = bounds_on(editions, now=now)
    steps = Steps(editions, today=bounds.today)
    rules = editions.board_rules_on(bounds.today)
    letters = await board.letters_of(session, ids)
    rows = {row.id: row for row in await assignments.rows_to_change(session, actor, ids)}
    for one in wanted:
        line = one.line
        if line is None or line.id not in rows:
            continue
        letter, learner = letters[line.id], learner_of(line, bounds, rules)
        language = Language(letter.locale.value)
        title = steps.title(line)
        words = compose(
            "training_reminder", letter.locale, name=letter.given_name,
            title=title.said_in(language) if title else line.path,
            is_begun="yes" if line.modules_done or learner.still_days else "",
            since=day_words(line.moved_on, letter.locale), step=steps.step(line).said_in(language),
            due=day_words(line.next_due, letter.locale), words=asked.words,
            url=f"{settings.public_url}/me/training/{line.id}",
        )  # fmt: skip
        mailing.write_letter(
            session, recipient=letter.address, subject=words.subject, body_text=words.body_text,
            body_html=words.body_html, candidate_id=line.candidate_id, now=now,
        )  # fmt: skip
        rows[line.id].reminded_at = now
        audit.record(
            session, actor, action="assignment.remind", subject=("candidate", line.candidate_id), now=now,
            detail={"assignment": str(line.id)},
        )  # fmt: skip
    await session.flush()


async def _open_attempts(
    session: AsyncSession,
    actor: Actor,
    ids: Sequence[UUID],
    asked: Asked,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Open attempts at each quiz where the learner has none left and may go on; nobody finishes anything by it."""
    rows = {row.id: row for row in await assignments.rows_to_change(session, actor, ids)}
    for facts, progressed in await _standings(session, actor, ids, editions=editions, now=now):
        for module in progressed.modules:
            if kept_standing.waits(module):
                giving.note_attempts(
                    session, actor, rows[facts.id], module.module, count=asked.count, now=now
                )
    await session.flush()
    for facts, progressed in await _standings(session, actor, ids, editions=editions, now=now):
        moved_on = max((civil_date(event.at) for event in facts.events), default=None)
        kept_standing.keep(rows[facts.id], progressed, moved_on=moved_on)
    await session.flush()


async def _move_dates(
    session: AsyncSession,
    actor: Actor,
    ids: Sequence[UUID],
    asked: Asked,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Put every unfinished module so many working days later, from its date or from today, whichever is later."""
    rows = {row.id: row for row in await assignments.rows_to_change(session, actor, ids)}
    for facts, progressed in await _standings(session, actor, ids, editions=editions, now=now):
        row = rows[facts.id]
        moved = _later(progressed, asked.days, today=civil_date(now))
        session.add(
            AssignmentChange(
                assignment_id=row.id, kind=DATES_MOVED, before=row.next_due.isoformat(),
                after=min(moved.values()).isoformat(), why=asked.words, staff_id=actor.staff_id, at=now,
            )
        )  # fmt: skip
        kept = {slug: day.isoformat() for slug, day in facts.due_dates.items()}
        row.due_dates = kept | {slug: day.isoformat() for slug, day in moved.items()}
        row.next_due = min(moved.values())
        audit.record(
            session, actor, action="assignment.move_dates", subject=("candidate", row.candidate_id), now=now,
            detail={"assignment": str(row.id), "days": asked.days},
        )  # fmt: skip
    await session.flush()


def _later(progressed: Progress, days: int, *, today: date) -> dict[str, date]:
    works = working_days(today)
    return {
        module.module: add_working_days(max(module.due, today), days, working_days=works)
        for module in progressed.modules
        if not module.is_complete
    }


async def _standings(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], *, editions: Editions, now: datetime
) -> tuple[tuple[AssignmentFacts, Progress], ...]:
    found = await assignments.many_of(session, actor, ids)
    return learning.standings(found, editions=editions, today=civil_date(now))
