"""Notes to a team: what changed for a programme, or an answer that helped, given to everybody who works there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.notes import Choice, Note, Told
from onboarding.continuous.refreshers import Origin
from service.flows.people.candidates import CheckVersion
from service.flows.writing.written_words import check_length, lines
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.ids import new_id
from service.store import audit, reach
from service.store.continuous import notes as store
from service.store.continuous.notes import NoteFacts
from service.tables.refreshers import RefresherNote

LONGEST_TITLE, LONGEST = 200, 4000
LEAST_CHOICES, MOST_CHOICES = 2, 6
LEAST_WHY, LONGEST_WHY = 10, 2000
AT_ONCE = 50


@dataclass(frozen=True)
class WrittenChoice:
    """One possible answer as somebody typed it."""

    text: str
    is_right: bool = False
    why: str = ""
    text_en: str = ""
    why_en: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.is_right and not lines(self.text + self.why + self.text_en + self.why_en)


@dataclass(frozen=True)
class Written:
    """A note as somebody typed it: in French, and in English where they also wrote that."""

    title: str
    lesson: str
    question: str = ""
    choices: tuple[WrittenChoice, ...] = ()
    title_en: str = ""
    lesson_en: str = ""
    question_en: str = ""


async def send(
    session: AsyncSession,
    actor: Actor,
    *,
    programme_id: UUID,
    written: Written,
    origin: Origin = Origin.PROCEDURE,
    help_request_id: UUID | None = None,
    replaces_id: UUID | None = None,
    key: str = "",
    now: datetime,
) -> NoteFacts:
    """Send a note to everybody hired for a programme, who meet it the same day; those hired later get it too.

    `replaces_id` names one of the same programme that this one puts right: that one is asked no more. RuleBroken with
    every fault of what was written. A changed procedure has a question with choices; an answer that helped need not.
    The same words sent again under the same `key` (empty: none) are the first note.
    """
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        raise Forbidden
    note = _note_of(written, origin)
    try:
        programme = await reach.programme_row(session, actor, programme_id)
    except NotFound:
        raise RuleBroken(
            "Something named here is not known.",
            faults=[Fault("/programme_id", "unknown", "no programme within your reach has this id")],
        ) from None
    note_id = uuid5(programme.id, f"note {key} {note.model_dump_json()}") if key else new_id()
    if await session.get(RefresherNote, note_id) is not None:
        return await store.facts_of(session, actor, note_id)
    row = RefresherNote(
        id=note_id, programme_id=programme.id, origin=origin, said=note.model_dump(mode="json"),
        help_request_id=help_request_id, replaces_id=replaces_id, sent_by=actor.staff_id, sent_at=now,
    )  # fmt: skip
    if replaces_id is not None:
        await _replace(session, actor, replaces_id, programme_id=programme.id, now=now)
    session.add(row)
    await session.flush()
    people = await store.give(session, row, due_on=civil_date(now), due_at=now)
    audit.record(
        session, actor, action="note.send", subject=("programme", programme.id), now=now,
        detail={"note": str(row.id), "origin": origin.value, "people": people},
    )  # fmt: skip
    return await store.facts_of(session, actor, row.id)


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    note_id: str | UUID,
    *,
    why: str,
    check_version: CheckVersion,
    now: datetime,
) -> NoteFacts:
    """Ask a note no more, with a reason; what was answered stays. Conflict for one that was withdrawn before."""
    row = await store.note_row(session, actor, note_id)
    check_version(row.version)
    if row.withdrawn_at is not None:
        raise Conflict("This note was withdrawn already.", code="already-withdrawn")
    check_length(lines(why), LEAST_WHY, LONGEST_WHY, at="/why")
    await _end(session, actor, row, why=lines(why), now=now)
    return await store.facts_of(session, actor, row.id)


async def _replace(
    session: AsyncSession, actor: Actor, note_id: UUID, *, programme_id: UUID, now: datetime
) -> None:
    try:
        row = await store.note_row(session, actor, note_id)
    except NotFound:
        row = None
    if row is None or row.programme_id != programme_id:
        raise RuleBroken(
            "Something named here is not known.",
            faults=[Fault("/replaces_id", "unknown", "no note of this programme has this id")],
        )
    if row.withdrawn_at is None:
        await _end(session, actor, row, why="", now=now)


async def _end(session: AsyncSession, actor: Actor, row: RefresherNote, *, why: str, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, actor.staff_id, why
    await session.flush()
    await store.put_to_rest(session, row.id)
    audit.record(
        session, actor, action="note.withdraw", subject=("programme", row.programme_id), now=now,
        detail={"note": str(row.id)},
    )  # fmt: skip


async def is_anybody_waiting(session: AsyncSession) -> bool:
    """Whether anybody lacks a card of a note in force."""
    return bool(await store.waiting(session, limit=1))


async def deal_waiting(session: AsyncSession, *, now: datetime) -> int:
    """Give notes in force to people hired since they were sent, some notes at once; how many cards."""
    found = await store.waiting(session, limit=AT_ONCE)
    given = [await store.give(session, one, due_on=civil_date(now), due_at=now) for one in found]
    return sum(given)


def _note_of(written: Written, origin: Origin) -> Note:
    """The note, once nothing is missing; English repeats the French where nobody wrote it."""
    choices = tuple(one for one in written.choices if not one.is_empty)
    if faults := [*_faults_of_words(written), *_faults_of_choices(written, choices, origin)]:
        raise RuleBroken("This cannot be sent as it is; see errors.", faults=faults)
    return Note(
        title=_told(written.title, written.title_en),
        lesson=_told(written.lesson, written.lesson_en),
        question=_told(written.question, written.question_en) if choices else None,
        choices=tuple(
            Choice(
                slug=f"choice-{number}", text=_told(one.text, one.text_en), is_right=one.is_right,
                why=_told(one.why, one.why_en) if lines(one.why) else None,
            )
            for number, one in enumerate(choices, start=1)
        ),
    )  # fmt: skip


def _told(fr: str, en: str = "") -> Told:
    return Told(fr=lines(fr), en=lines(en) or lines(fr))


def _faults_of_words(written: Written) -> Iterable[Fault]:
    for field in ("title", "lesson"):
        if not lines(getattr(written, field)):
            yield Fault(f"/{field}", "missing", "write this in a few words")
    fields = (("title", LONGEST_TITLE), ("lesson", LONGEST), ("question", LONGEST_TITLE * 2))
    for field, most in (*fields, *((f"{name}_en", most) for name, most in fields)):
        if len(lines(getattr(written, field))) > most:
            yield Fault(f"/{field}", "too-long", "at most %(most)s characters", {"most": most})


def _faults_of_choices(written: Written, choices: Sequence[WrittenChoice], origin: Origin) -> Iterable[Fault]:
    if not choices and origin is Origin.PROCEDURE:
        yield Fault("/choices", "missing", "give at least two answers, one of them right")
    if not choices:
        return
    if not lines(written.question):
        yield Fault("/question", "missing", "write this in a few words")
    if not LEAST_CHOICES <= len(choices) <= MOST_CHOICES:
        yield Fault(
            "/choices", "count", "from %(least)s to %(most)s answers",
            {"least": LEAST_CHOICES, "most": MOST_CHOICES},
        )  # fmt: skip
    for number, one in enumerate(written.choices):
        yield from _faults_of_choice(one, f"/choices/{number}")
    if all(one.is_right for one in choices) or not any(one.is_right for one in choices):
        yield Fault("/choices", "key", "say which answers are right: at least one, and not all")


def _faults_of_choice(one: WrittenChoice, at: str) -> Iterable[Fault]:
    """English stands beside French, never alone."""
    if not one.is_empty and not lines(one.text):
        yield Fault(f"{at}/text", "missing", "write this in a few words")
    if lines(one.why_en) and not lines(one.why):
        yield Fault(f"{at}/why", "missing", "write why in French too")
    for field in ("text", "why", "text_en", "why_en"):
        if len(lines(getattr(one, field))) > LONGEST_TITLE * 2:
            yield Fault(
                f"{at}/{field}", "too-long", "at most %(most)s characters", {"most": LONGEST_TITLE * 2}
            )
