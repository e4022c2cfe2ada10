"""Remember what was learned: a few questions at the start of a shift, each when it is about to be forgotten (FSRS)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate
from typing import Annotated

import fsrs
from pydantic import AwareDatetime, Field, StrictInt, StringConstraints

from onboarding.content import Reason, Value
from onboarding.faults import FaultyFileError, parse
from onboarding.sentences import Sentences


class Origin(StrEnum):
    """Where a question to remember comes from."""

    QUIZ = "quiz"
    PROCEDURE = "procedure"
    HELP = "help"


class Recall(StrEnum):
    """How an answer came: not at all, with effort, well, at once."""

    FORGOTTEN = "forgotten"
    HARD = "hard"
    WELL = "well"
    EASY = "easy"


RATINGS = {
    Recall.FORGOTTEN: fsrs.Rating.Again,
    Recall.HARD: fsrs.Rating.Hard,
    Recall.WELL: fsrs.Rating.Good,
    Recall.EASY: fsrs.Rating.Easy,
}


class Phase(StrEnum):
    """How far a question is: just met, known, met again after it was forgotten."""

    LEARNING = "learning"
    KNOWN = "known"
    RELEARNING = "relearning"


PHASES = {
    Phase.LEARNING: fsrs.State.Learning,
    Phase.KNOWN: fsrs.State.Review,
    Phase.RELEARNING: fsrs.State.Relearning,
}
BACK = {state: phase for phase, state in PHASES.items()}


class RefresherPolicy(Value):
    """One edition of how refreshers are spaced.

    ``retention`` is the chance of remembering at which a question comes back. The steps are minutes within one day;
    none of them: a question comes at most once a day, which suits five minutes at the start of a shift. ``weights``
    are FSRS-6's 21 parameters; none: those the library ships, fitted on 350 million reviews. Figures reach
    ``figures_days`` back and ``days_ahead`` ahead, and tell nothing of fewer than ``least_people``.
    """

    edition: str
    valid_from: date
    source: str
    confidence: str
    retention: float = Field(ge=0.7, le=0.97)
    learning_minutes: tuple[StrictInt, ...] = ()
    relearning_minutes: tuple[StrictInt, ...] = ()
    longest_days: StrictInt = Field(ge=1, le=3650)
    minutes_a_day: StrictInt = Field(ge=1, le=60)
    seconds_a_card: StrictInt = Field(ge=5, le=600)
    words_a_minute: StrictInt = Field(ge=50, le=400)
    figures_days: StrictInt = Field(ge=1, le=366)
    days_ahead: StrictInt = Field(ge=1, le=60)
    least_people: StrictInt = Field(ge=1, le=100)
    weights: tuple[float, ...] | None = None

    def seconds(self, *, words: int = 0) -> int:
        """How long one question takes, with so many words to read before it."""
        return self.seconds_a_card + -(-words * 60 // self.words_a_minute)


class Card(Value):
    """One question of one learner; `about` names the question (``path/module/question``), whoever keeps it.

    `words` are to be read before it can be answered: what is new of a note, the first time.
    """

    about: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    origin: Origin
    due: AwareDatetime
    phase: Phase = Phase.LEARNING
    step: StrictInt | None = None
    stability_days: float | None = Field(default=None, gt=0)
    difficulty: float | None = Field(default=None, ge=1, le=10)
    seen_at: AwareDatetime | None = None
    words: StrictInt = Field(default=0, ge=0)


class Recalled(Value):
    """A card after an answer, and why it comes back when it does."""

    card: Card
    days: int
    reasons: tuple[Reason, ...]


class Sitting(Value):
    """The refreshers of one day, the likeliest to be forgotten first; `left` are due and wait for another day."""

    cards: tuple[Card, ...]
    left: int
    minutes: int
    reasons: tuple[Reason, ...]


def read_policy(text: str) -> RefresherPolicy:
    """One edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed = parse(text, RefresherPolicy)
    if isinstance(parsed, RefresherPolicy):
        return parsed
    raise FaultyFileError(parsed)


def recall(
    card: Card, answer: Recall, *, at: datetime, policy: RefresherPolicy, sentences: Sentences
) -> Recalled:
    """The card once answered, by FSRS-6 (Ye 2022 and later); no chance is in it, the same answers give the same days.

    `at` is aware. An answer dated before the last one counts as given at that moment: messages come late and twice.
    """
    moment = max(at, card.seen_at or at).astimezone(UTC)
    moved, _ = _scheduler(policy).review_card(_theirs(card), RATINGS[answer], moment)
    after = Card(
        about=card.about,
        origin=card.origin,
        due=moved.due,
        phase=BACK[moved.state],
        step=moved.step,
        stability_days=moved.stability,
        difficulty=moved.difficulty,
        seen_at=moment,
    )
    days = (moved.due - moment).days
    return Recalled(card=after, days=days, reasons=(told_of(answer, days, sentences=sentences),))


def told_of(answer: Recall, days: int, *, sentences: Sentences) -> Reason:
    """What somebody reads after an answer: how it stands, and when the question comes back."""
    code = "refresher_forgotten" if answer is Recall.FORGOTTEN else "refresher_kept"
    return sentences.reason(code, days=days) if days > 1 else sentences.reason(f"{code}_tomorrow")


def chance(card: Card, *, at: datetime, policy: RefresherPolicy) -> float:
    """The chance (0 to 1) that the answer is remembered at a moment; 0 before it was ever asked."""
    return _scheduler(policy).get_card_retrievability(_theirs(card), at.astimezone(UTC))


def sitting(
    cards: Iterable[Card],
    *,
    at: datetime,
    policy: RefresherPolicy,
    sentences: Sentences,
    until: datetime | None = None,
    spent_seconds: int = 0,
) -> Sitting:
    """What to ask now: everything due, the likeliest to be forgotten first, as far as the day's minutes reach.

    What falls due by `until` counts as due (the end of a day: a shift may begin earlier than the last one did);
    `spent_seconds` of the day's minutes went before. The first question of a day is asked however long it takes; the
    first that no longer fits ends the sitting. Ties go by the longer overdue, then by name, so that the same cards give
    the same sitting.
    """
    due = [card for card in cards if card.due <= (until or at)]
    due.sort(key=lambda card: (chance(card, at=at, policy=policy), card.due, card.about))
    ends = tuple(accumulate((policy.seconds(words=card.words) for card in due), initial=spent_seconds))
    room = sum(end <= policy.minutes_a_day * 60 for end in ends[1:])
    taken = due[: room or (0 if spent_seconds else 1)]
    left, minutes = len(due) - len(taken), -(-(ends[len(taken)] - spent_seconds) // 60)
    reasons = [sentences.reason("refresher_today", count=len(taken), minutes=minutes)] if taken else []
    reasons += [sentences.reason("refresher_left", count=left)] if left else []
    return Sitting(
        cards=tuple(taken),
        left=left,
        minutes=minutes,
        reasons=tuple(reasons) or (sentences.reason("refresher_none"),),
    )


def kept_percent(remembered: int, *, of: int) -> int | None:
    """How much of what came back was still known, rounded down; nothing to tell when nothing came back.

    >>> kept_percent(19, of=21), kept_percent(0, of=0)
    (90, None)
    """
    return remembered * 100 // of if of else None


def _theirs(card: Card) -> fsrs.Card:
    return fsrs.Card(
        card_id=0,
        state=PHASES[card.phase],
        step=card.step,
        stability=card.stability_days,
        difficulty=card.difficulty,
        due=card.due.astimezone(UTC),
        last_review=card.seen_at.astimezone(UTC) if card.seen_at else None,
    )


@cache
def _scheduler(policy: RefresherPolicy) -> fsrs.Scheduler:
    chosen = {} if policy.weights is None else {"parameters": policy.weights}
    return fsrs.Scheduler(
        desired_retention=policy.retention,
        learning_steps=[timedelta(minutes=minutes) for minutes in policy.learning_minutes],
        relearning_steps=[timedelta(minutes=minutes) for minutes in policy.relearning_minutes],
        maximum_interval=policy.longest_days,
        enable_fuzzing=False,
        **chosen,
    )
