"""Refreshers: a few questions at the start of a shift, each when it is about to be forgotten; for learning alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Label, Reason
from onboarding.continuous import notes as core_notes
from onboarding.continuous import refreshers
from onboarding.continuous.notes import Asked, Note
from onboarding.continuous.refreshers import Card, Origin, Phase, Recall, told_of
from onboarding.learning.progress import Progress
from onboarding.paths.paths import Module
from service.flows.paths.paths import sentences_in_force
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.store import audit
from service.store.continuous import notes
from service.store.continuous import refreshers as store
from service.store.continuous.refreshers import CardFacts, ReviewFacts
from service.store.learning.assignments import QUIZ_MARKED, EventFacts
from service.tables.refreshers import RefresherCard, RefresherReview
from service.tables.training import Assignment


@dataclass(frozen=True)
class Due:
    """One question that is due, what it asks, and the module that taught it (None: a note to the team)."""

    card: CardFacts
    asked: Asked
    module: Label | None = None

    @property
    def as_card(self) -> Card:
        """The card as the core weighs it, with what is to be read before its first answer."""
        words = self.asked.words if self.card.seen_at is None else 0
        return self.card.as_card.model_copy(update={"words": words})


@dataclass(frozen=True)
class Today:
    """The sitting of one day: what to ask, what waits for another day, and what was answered already."""

    due: tuple[Due, ...]
    left: int
    minutes: int
    answered: int
    comes_back: date | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Given:
    """What a learner says: the choices, or none; and in their own words how it came."""

    recall: Recall
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marked:
    """One answer with its question, right or not, and when the question comes back."""

    review: ReviewFacts
    due: Due
    reason: Reason

    @property
    def is_right(self) -> bool:
        """Whether the right choices were made; always, when there was nothing to choose."""
        return not self.due.asked.choices or frozenset(self.review.chosen) == self.due.asked.key


async def today_of(session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime) -> Today:
    """One's own sitting: what is due by the end of this day, as far as the day's minutes reach."""
    candidate_id, day = _own_id(actor), civil_date(now)
    policy = editions.refresher_policy_on(day)
    answered = await store.answered_on(session, candidate_id, day)
    found = await store.due_of(session, candidate_id, on=day)
    said = await notes.said_in(
        session, {one.note_id for one in found if one.note_id} | set(filter(None, answered))
    )
    askable = {one.about: due for one in found if (due := _due(one, said, editions)) is not None}
    read = (said[one].asked.words if one is not None and one in said else 0 for one in answered)
    sitting = refreshers.sitting(
        (due.as_card for due in askable.values()), at=now, until=_end_of(day),
        spent_seconds=sum(policy.seconds(words=words) for words in read), policy=policy,
        sentences=sentences_in_force(editions, day),
    )  # fmt: skip
    return Today(
        due=tuple(askable[card.about] for card in sitting.cards), left=sitting.left, minutes=sitting.minutes,
        answered=len(answered), reasons=sitting.reasons,
        comes_back=None if askable else await store.next_due(session, candidate_id, after=day),
    )  # fmt: skip


async def read_card(session: AsyncSession, actor: Actor, card_id: str | UUID, *, editions: Editions) -> Due:
    """One's own question, due or not; NotFound when nothing asks it any more."""
    facts = await store.own_card(session, actor, card_id)
    return await _as_due(session, facts, editions)


async def answer(
    session: AsyncSession,
    actor: Actor,
    card_id: str | UUID,
    given: Given,
    *,
    turn: int,
    editions: Editions,
    now: datetime,
) -> Marked:
    """Answer a question of one's own that is due; the same turn sent again is the first answer, whatever it says.

    A wrong choice counts as forgotten whatever was said of it. Conflict for a question that is not due, or is asked no
    more; RuleBroken for choices that it does not offer.
    """
    row = await store.card_row(session, actor, card_id)
    facts = CardFacts(**row.model_dump())
    due = await _as_due(session, facts, editions)
    if turn < row.turns:
        return await _marked(session, due, turn, editions=editions, now=now)
    today = civil_date(now)
    if row.due_on is None:
        raise Conflict("This question is asked no more: what it was about has changed.", code="card-at-rest")
    if turn > row.turns or row.due_on > today:
        raise Conflict("This question is not due yet.", code="card-not-due")
    recall = _recall(due.asked, given)
    policy = editions.refresher_policy_on(today)
    moved = refreshers.recall(
        _card(row), recall, at=now, policy=policy, sentences=sentences_in_force(editions, today)
    )
    session.add(
        RefresherReview(
            id=uuid5(row.id, f"turn {turn}"), card_id=row.id, turn=turn, recall=recall,
            chosen=sorted(set(given.chosen)), is_first=row.seen_at is None, days=moved.days,
            policy_edition=policy.edition, at=now, day=today,
        )
    )  # fmt: skip
    row.turns = turn + 1
    _move(row, moved.card)
    await session.flush()
    audit.record(
        session, actor, action="refresher.answer", subject=("candidate", row.candidate_id), now=now,
        detail={"card": str(row.id), "turn": turn},
    )  # fmt: skip
    return await _marked(session, due, turn, editions=editions, now=now)


async def read_review(
    session: AsyncSession, actor: Actor, review_id: str | UUID, *, editions: Editions, now: datetime
) -> Marked:
    """One of one's own answers, with its question and its why."""
    review = await store.own_review(session, actor, review_id)
    due = await read_card(session, actor, review.card_id, editions=editions)
    return _told(review, due, editions=editions, now=now)


async def note_training(
    session: AsyncSession,
    row: Assignment,
    progressed: Progress,
    events: Sequence[EventFacts],
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Make cards of the quizzes of finished modules; each answer of a quiz counts as one answer to its card.

    Done again with the same events it changes nothing: an answer older than the card's last one is known already.
    """
    done = {one.module for one in progressed.modules if one.completed_on}
    marked = [one for one in events if one.kind == QUIZ_MARKED and one.module in done]
    answers = [answer for event in marked for answer in _answered(row, event, editions)]
    if not answers:
        return
    kept = await store.rows_about(session, row.candidate_id, {one.about for one in answers})
    policy = editions.refresher_policy_on(civil_date(now))
    sentences = sentences_in_force(editions, civil_date(now))
    for one in sorted(answers, key=lambda one: (one.at, one.about)):
        card = kept.get(one.about)
        if card is None:
            card = kept[one.about] = _new_card(row.candidate_id, one.about, at=one.at)
            session.add(card)
        elif card.seen_at is not None and one.at <= card.seen_at:
            continue
        recalled = Recall.WELL if one.is_right else Recall.FORGOTTEN
        told = refreshers.recall(_card(card), recalled, at=one.at, policy=policy, sentences=sentences)
        _move(card, told.card)
        card.edition, card.assignment_id = one.edition, row.id
    await session.flush()


@dataclass(frozen=True)
class _QuizAnswer:
    about: str
    edition: str
    is_right: bool
    at: datetime


def _answered(row: Assignment, event: EventFacts, editions: Editions) -> Iterator[_QuizAnswer]:
    """Each question answered in one attempt, judged by the edition that it was made on."""
    edition = str(event.detail.get("edition", row.edition))
    path = editions.paths.get((row.path, edition))
    module = path.module(event.module) if path else None
    keys = {question.slug: question.key for question in module.quiz} if module else {}
    for question, chosen in event.detail.get("answers", {}).items():
        if question in keys and chosen:
            about = f"{row.path}/{event.module}/{question}"
            yield _QuizAnswer(about, edition, frozenset(chosen) == keys[question], event.at)


def _new_card(candidate_id: UUID, about: str, *, at: datetime) -> RefresherCard:
    """A card of a quiz that was never asked, due on the day of `at`."""
    return RefresherCard(
        candidate_id=candidate_id, about=about, origin=Origin.QUIZ, due_on=civil_date(at), due_at=at,
        phase=Phase.LEARNING,
    )  # fmt: skip


def _own_id(actor: Actor) -> UUID:
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise Forbidden("Refreshers are the learner's own.")
    return actor.id


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=PARIS)


def _recall(asked: Asked, given: Given) -> Recall:
    """How the answer counts: a wrong choice is forgotten, whatever was said of it."""
    if core_notes.unknown(asked, given.chosen):
        raise RuleBroken(
            "Choose among the answers of this question.",
            faults=[Fault("/chosen", "unknown-option", "choose among the answers of this question")],
        )
    if not asked.choices or given.recall is Recall.FORGOTTEN:
        return given.recall
    if not given.chosen:
        raise RuleBroken(
            "Choose an answer, or say that you no longer know.",
            faults=[Fault("/chosen", "missing", "choose an answer, or say that you no longer know")],
        )
    return given.recall if frozenset(given.chosen) == asked.key else Recall.FORGOTTEN


def _card(row: RefresherCard) -> Card:
    return CardFacts(**row.model_dump()).as_card


def _move(row: RefresherCard, card: Card) -> None:
    """Keep where the card stands now; it comes back on a day, at whatever hour the shift begins."""
    row.due_at, row.due_on = card.due, civil_date(card.due)
    row.phase, row.step, row.seen_at = card.phase, card.step, card.seen_at
    row.stability_days, row.difficulty = card.stability_days, card.difficulty


async def _as_due(session: AsyncSession, facts: CardFacts, editions: Editions) -> Due:
    said = await notes.said_in(session, [facts.note_id] if facts.note_id else [])
    due = _due(facts, said, editions)
    if due is None:
        raise NotFound
    return due


def _due(facts: CardFacts, said: Mapping[UUID, Note], editions: Editions) -> Due | None:
    asked, module = asked_by(facts.about, facts.edition, facts.note_id, said, editions)
    return None if asked is None else Due(facts, asked, module.title if module else None)


def asked_by(
    about: str, edition: str, note_id: UUID | None, said: Mapping[UUID, Note], editions: Editions
) -> tuple[Asked | None, Module | None]:
    """What a card asks; None when its edition was withdrawn, or the edition has the question no more."""
    if note_id is not None:
        note = said.get(note_id)
        return (note.asked if note else None), None
    slug, module_slug, question_slug = about.split("/")
    path = editions.paths.get((slug, edition))
    module = path.module(module_slug) if path else None
    quiz = module.quiz if module else ()
    found = next((one for one in quiz if one.slug == question_slug), None)
    return (core_notes.of_quiz(found) if found else None), module


async def _marked(session: AsyncSession, due: Due, turn: int, *, editions: Editions, now: datetime) -> Marked:
    return _told(await store.review_of(session, due.card.id, turn), due, editions=editions, now=now)


def _told(review: ReviewFacts, due: Due, *, editions: Editions, now: datetime) -> Marked:
    sentences = sentences_in_force(editions, civil_date(now))
    return Marked(review, due, told_of(review.recall, review.days, sentences=sentences))
