"""What refreshers and notes to a team take and give."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StrictInt, StringConstraints

from onboarding.continuous.notes import Asked, Note, Told
from onboarding.continuous.refreshers import Origin, Recall
from service.api.models import Flag, In, Out, SaidOut, without_nul
from service.api.paths.training_models import SlugText, WhyOut
from service.flows.continuous.notes import Written, WrittenChoice
from service.flows.continuous.refreshers import Due, Marked, Today
from service.flows.continuous.team_memory import TeamMemory
from service.store.continuous.notes import NoteFacts

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(without_nul)]


class AskedChoiceOut(Out):
    """One possible answer; whether it is right is told after answering."""

    choice: str
    text: SaidOut


class CardOut(Out):
    """One question that is due. Send `turn` back with the answer; without choices, say how well you knew.

    `lesson` is there the first time a note of the team comes: read it before answering.
    """

    id: UUID
    turn: int
    origin: Origin
    prompt: SaidOut
    takes_several: Flag
    choices: list[AskedChoiceOut]
    lesson: SaidOut | None
    module: SaidOut | None
    due_on: date | None

    @classmethod
    def of(cls, due: Due) -> Self:
        card, asked = due.card, due.asked
        return cls(
            id=card.id, turn=card.turns, origin=card.origin, prompt=SaidOut.of(asked.prompt),
            takes_several=asked.takes_several, due_on=card.due_on,
            choices=[AskedChoiceOut(choice=one.slug, text=SaidOut.of(one.text)) for one in asked.choices],
            lesson=_said(asked.lesson) if card.seen_at is None else None,
            module=SaidOut.of(due.module) if due.module else None,
        )  # fmt: skip


def _said(told: Told | None) -> SaidOut | None:
    return SaidOut.of(told) if told else None


class TodayOut(Out):
    """The questions of today, the likeliest to be forgotten first; `left` wait for another day."""

    cards: list[CardOut]
    left: int
    minutes: int
    answered: int
    comes_back: date | None
    reasons: list[WhyOut]

    @classmethod
    def of(cls, today: Today) -> Self:
        return cls(
            cards=[CardOut.of(due) for due in today.due], left=today.left, minutes=today.minutes,
            answered=today.answered, comes_back=today.comes_back,
            reasons=[WhyOut.model_validate(one.model_dump()) for one in today.reasons],
        )  # fmt: skip


class RecalledIn(In):
    """One's answer: what was chosen, if there was anything to choose, and how it came."""

    turn: Annotated[StrictInt, Field(ge=0, le=10_000)]
    recall: Recall
    chosen: Annotated[list[SlugText], Field(max_length=20)] = []


class MarkedChoiceOut(Out):
    """One answer after answering: chosen or not, right or not, and why."""

    choice: str
    text: SaidOut
    was_chosen: Flag
    is_right: Flag
    why: SaidOut | None


class MarkedCardOut(Out):
    """What became of an answer, and when the question comes back."""

    id: UUID
    card_id: UUID
    turn: int
    recall: Recall
    is_right: Flag
    days: int
    prompt: SaidOut
    choices: list[MarkedChoiceOut]
    lesson: SaidOut | None
    reason: WhyOut

    @classmethod
    def of(cls, marked: Marked) -> Self:
        review, asked = marked.review, marked.due.asked
        return cls(
            id=review.id, card_id=review.card_id, turn=review.turn, recall=review.recall,
            is_right=marked.is_right, days=review.days, prompt=SaidOut.of(asked.prompt),
            choices=_marked(asked, review.chosen), lesson=_said(asked.lesson),
            reason=WhyOut.model_validate(marked.reason.model_dump()),
        )  # fmt: skip


def _marked(asked: Asked, chosen: tuple[str, ...]) -> list[MarkedChoiceOut]:
    return [
        MarkedChoiceOut(
            choice=one.slug, text=SaidOut.of(one.text), was_chosen=one.slug in chosen, is_right=one.is_right,
            why=_said(one.why),
        )
        for one in asked.choices
    ]  # fmt: skip


class DueDayOut(Out):
    """How many questions fall due on a day."""

    day: date
    cards: int


class HardOut(Out):
    """A question that the team forgets often."""

    prompt: SaidOut
    known_percent: int
    answers: int


class TeamMemoryOut(Out):
    """What a team remembers, in sums that name nobody; `kept_percent` is empty while too few people answered.

    Answers are counted once a day (`counted_at`; empty: not yet), what falls due at once.
    """

    days: int
    aimed_percent: int
    answers: int
    kept_percent: int | None
    overdue: int
    due: list[DueDayOut]
    hardest: list[HardOut]
    counted_at: datetime | None

    @classmethod
    def of(cls, memory: TeamMemory) -> Self:
        return cls(
            days=memory.policy.figures_days, aimed_percent=round(100 * memory.policy.retention),
            answers=memory.answers, kept_percent=memory.kept_percent, overdue=memory.overdue,
            due=[DueDayOut(day=day, cards=cards) for day, cards in memory.due],
            hardest=[
                HardOut(
                    prompt=SaidOut.of(one.prompt), known_percent=one.known_percent, answers=one.answers
                )
                for one in memory.hardest
            ],
            counted_at=memory.counted_at,
        )  # fmt: skip


class NoteChoiceIn(In):
    """One possible answer of the question; English repeats the French where it is empty."""

    text: Words
    is_right: Flag = False
    why: Words = ""
    text_en: Words = ""
    why_en: Words = ""


class WrittenNoteIn(In):
    """What changed, and one question about it; English is optional and repeats the French where it is empty."""

    title: Words
    lesson: Words
    question: Words = ""
    choices: Annotated[list[NoteChoiceIn], Field(max_length=20)] = []
    title_en: Words = ""
    lesson_en: Words = ""
    question_en: Words = ""

    @property
    def written(self) -> Written:
        choices = tuple(WrittenChoice(**one.model_dump()) for one in self.choices)
        told = self.model_dump(include={*WrittenNoteIn.model_fields} - {"choices"})
        return Written(**told, choices=choices)


class TeamNoteIn(WrittenNoteIn):
    """The same, for a programme; `replaces_id` names the note that it puts right, which is then asked no more."""

    programme_id: UUID
    replaces_id: UUID | None = None


class NoteWithdrawalIn(In):
    """Why a note is asked no more, in at least ten characters."""

    why: Words


class NoteChoiceOut(Out):
    """One possible answer with its key: notes are read by those who write them."""

    text: SaidOut
    is_right: Flag
    why: SaidOut | None


class TeamNoteOut(Out):
    """One note, how many people were given it, and how many have met it; nobody's answers."""

    id: UUID
    programme_id: UUID
    programme: str
    origin: Origin
    title: SaidOut
    lesson: SaidOut
    question: SaidOut | None
    choices: list[NoteChoiceOut]
    replaces_id: UUID | None
    sent_by: str
    sent_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str
    people: int
    met: int
    version: int

    @classmethod
    def of(cls, facts: NoteFacts) -> Self:
        note: Note = facts.note
        return cls(
            id=facts.id, programme_id=facts.programme_id, programme=facts.programme, origin=facts.origin,
            title=SaidOut.of(note.title), lesson=SaidOut.of(note.lesson), question=_said(note.question),
            choices=[
                NoteChoiceOut(text=SaidOut.of(one.text), is_right=one.is_right, why=_said(one.why))
                for one in note.choices
            ],
            replaces_id=facts.replaces_id, sent_by=facts.sent_by, sent_at=facts.sent_at,
            withdrawn_at=facts.withdrawn_at, withdrawn_why=facts.withdrawn_why, people=facts.people,
            met=facts.met, version=facts.version,
        )  # fmt: skip


class NotePageOut(Out):
    """One page of notes, the newest first; `next` is the cursor of the following page."""

    items: list[TeamNoteOut]
    next: str | None
