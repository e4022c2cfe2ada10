"""Notes to a team in the reader's language, and what the team remembers in sums that name nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.flows.continuous.team_memory import TeamMemory
from service.store.continuous.notes import NoteFacts
from service.web.continuous.refreshers import ORIGINS
from service.web.figures import Figures
from service.web.paths.training_views import Reader
from service.web.translations import Said, Translator

BASE = "/procedures"


@dataclass(frozen=True)
class NoteView:
    """One note in the reader's language."""

    id: UUID
    href: str
    programme: str
    origin: str
    title: Said
    lesson: Said
    question: Said | None
    choices: tuple[tuple[Said, bool, Said | None], ...]
    sent_by: str
    sent_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str
    replaces_href: str
    people: int
    met: int
    version: int


def note_view(facts: NoteFacts, say: Reader) -> NoteView:
    note = facts.note
    return NoteView(
        id=facts.id, href=f"{BASE}/{facts.id}", programme=facts.programme,
        origin=Translator(say.locale)(ORIGINS[facts.origin]), title=say(note.title),
        lesson=say(note.lesson), question=say(note.question) if note.question else None,
        choices=tuple(
            (say(one.text), one.is_right, say(one.why) if one.why else None)
            for one in note.choices
        ),
        sent_by=facts.sent_by, sent_at=facts.sent_at, withdrawn_at=facts.withdrawn_at,
        withdrawn_why=facts.withdrawn_why,
        replaces_href=f"{BASE}/{facts.replaces_id}" if facts.replaces_id else "", people=facts.people,
        met=facts.met, version=facts.version,
    )  # fmt: skip


@dataclass(frozen=True)
class MemoryView:
    """What a team remembers, for a page; `kept` is None while too few people answered."""

    days: int
    aimed: int
    least_people: int
    answers: int
    kept: int | None
    overdue: int
    counted_at: datetime | None
    due: tuple[dict[str, Any], ...]
    is_any_due: bool
    hardest: tuple[tuple[Said, int, int], ...]


def memory_view(memory: TeamMemory, say: Reader) -> MemoryView:
    days = Figures(say.locale)
    return MemoryView(
        days=memory.policy.figures_days, aimed=round(100 * memory.policy.retention),
        least_people=memory.policy.least_people, answers=memory.answers, kept=memory.kept_percent,
        overdue=memory.overdue, counted_at=memory.counted_at,
        due=tuple({"label": days.short_day(day), "value": cards} for day, cards in memory.due),
        is_any_due=any(cards for _, cards in memory.due),
        hardest=tuple((say(one.prompt), one.known_percent, one.answers) for one in memory.hardest),
    )  # fmt: skip
