"""What can be done for many learners at once, what it needs, and what it comes to for each."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from service.store.learning.board import BoardLine, PersonLine

MOST_AT_ONCE = 500
MOST_EXEMPTED = 50
MOST_DAYS = 60
MOST_ATTEMPTS = 10
LONGEST_WORDS = 500


class Act(StrEnum):
    """What can be done for many at once."""

    GIVE = "give"
    REMIND = "remind"
    ATTEMPTS = "attempts"
    DATES = "dates"
    EXEMPT = "exempt"
    EDITION = "edition"


class Effect(StrEnum):
    """What an act would do for one learner, or why it does nothing."""

    WILL = "will"
    HAS_IT = "has_it"
    FINISHED = "finished"
    NOT_BEGUN = "not_begun"
    WROTE_LATELY = "wrote_lately"
    NO_ADDRESS = "no_address"
    NOT_WAITING = "not_waiting"
    OTHER_PATH = "other_path"
    NO_PROOF = "no_proof"
    MODULE_DONE = "module_done"
    PROOF_WAITS = "proof_waits"
    CHANGED = "changed"
    NEWEST = "newest"


@dataclass(frozen=True)
class Foreseen:
    """What an act would do for one learner; `line` is None for somebody without a path."""

    candidate_id: UUID
    person: str
    line: BoardLine | None
    effect: Effect


@dataclass(frozen=True)
class Asked:
    """One act with what it needs: a path and a day to give, attempts to open, working days to add, words to write.

    For another edition `words` say why. To exempt: a module of the path, in `words` the proof that was seen, and the
    reason that each person reads.
    """

    act: Act
    path: str = ""
    start_date: date | None = None
    count: int = 1
    days: int = 0
    words: str = ""
    module: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Chosen:
    """Whom an act is for: lines of the board, and people without a path; nobody out of reach."""

    lines: tuple[BoardLine, ...]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True)
class Done:
    """The assignments made or changed, and what became of each learner."""

    done: tuple[UUID, ...]
    effects: tuple[Foreseen, ...]
