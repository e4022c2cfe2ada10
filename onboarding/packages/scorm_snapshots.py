"""What is kept of a unit as its content last reported it: how far, how well, where, and what was answered."""

from decimal import Decimal
from enum import StrEnum

from onboarding.content import Value


class Status(StrEnum):
    """How far a unit is, in the words of SCORM 1.2."""

    NOT_ATTEMPTED = "not attempted"
    BROWSED = "browsed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    COMPLETED = "completed"
    PASSED = "passed"

    @property
    def rank(self) -> int:
        """Its place from nothing done to passed; of two standings the higher one is kept."""
        return list(Status).index(self)


class Exit(StrEnum):
    """How the content says that it was left."""

    NORMAL = ""
    TIME_OUT = "time-out"
    SUSPEND = "suspend"
    LOGOUT = "logout"


class Score(Value):
    """What the content reports as a score; `scaled` exists in SCORM 2004 alone, from -1 to 1."""

    raw: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    scaled: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        """The score from 0 to 100, None where nothing says it.

        >>> Score(scaled=Decimal("0.855")).percent, Score(raw=Decimal(3), maximum=Decimal(4)).percent
        (Decimal('85.500'), Decimal('75'))
        """
        if self.scaled is not None:
            return max(Decimal(0), self.scaled * 100)
        if self.raw is None:
            return None
        low, high = self.minimum or Decimal(0), self.maximum or Decimal(100)
        share = (self.raw - low) * 100 / (high - low) if high > low else self.raw
        return min(Decimal(100), max(Decimal(0), share))


class Objective(Value):
    """One objective as the content tells it."""

    identifier: str = ""
    status: str = ""
    completion: str = ""
    score: Score = Score()


class Interaction(Value):
    """One question that the content asked, and what was answered."""

    identifier: str = ""
    kind: str = ""
    at: str = ""
    response: str = ""
    result: str = ""
    weighting: str = ""
    latency: str = ""
    description: str = ""
    patterns: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()


class Snapshot(Value):
    """All that is kept of a unit as its content last reported it; `session_centiseconds` is this session's alone.

    Only the newest interactions are kept when there are more than the limit; `interactions_left_out` counts the others.
    """

    status: Status = Status.NOT_ATTEMPTED
    success: str = ""
    score: Score = Score()
    session_centiseconds: int = 0
    location: str = ""
    suspend_data: str = ""
    exit: Exit = Exit.NORMAL
    comments: str = ""
    progress_measure: str = ""
    objectives: tuple[Objective, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    interactions_left_out: int = 0
