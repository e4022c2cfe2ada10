"""How skills wear with time, what a training module and an interview show: one edition of the ledger's rules."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, read_as
from assessments.values import Text, Value

Level = Annotated[int, Field(ge=0, le=5)]


class HowShown(StrEnum):
    """How a level came to be known, weakest first."""

    DECLARED = "declared"
    TRAINED = "trained"
    TESTED = "tested"
    OBSERVED = "observed"


class Wear(Value):
    """How a way of knowing ages: whole for `fresh_days`, then one level less each `days_a_level`, `most_lost` in all.

    For `bounds_for_days` (0: never) what was seen also bounds what was said or shown before it.
    """

    evidence: HowShown
    label: Text
    why: Text
    fresh_days: int = Field(ge=0)
    days_a_level: int = Field(ge=1)
    most_lost: int = Field(ge=0, le=4)
    bounds_for_days: int = Field(default=0, ge=0)

    @property
    def turning_ages(self) -> tuple[int, ...]:
        """The ages in days at which something changes."""
        steps = tuple(self.fresh_days + n * self.days_a_level for n in range(1, self.most_lost + 1))
        return (*steps, self.bounds_for_days + 1) if self.bounds_for_days else steps


class Taught(Value):
    """What a person who passed one module of a path has shown, at least."""

    path: str
    module: str
    skills: Mapping[str, Level]


class Asked(Value):
    """Which skills one question of the structured interview looks at."""

    question: str
    skills: tuple[str, ...]


class InterviewRule(Value):
    """What the readings of an interview show: the level of each rating from 1 to 5, by the lower half of the readings.

    Readings further apart than `most_apart` show nothing: the two have to talk first. A reader alone shows at most
    `alone_most`.
    """

    levels: Annotated[tuple[Level, ...], Field(min_length=5, max_length=5)]
    most_apart: int = Field(ge=0, le=4)
    alone_most: Level
    questions: tuple[Asked, ...]

    def level(self, ratings: tuple[int, ...]) -> int | None:
        """The level that the readings of one question show; None where they show none.

        >>> rule = InterviewRule(levels=(0, 1, 2, 3, 4), most_apart=1, alone_most=2, questions=())
        >>> [rule.level(ratings) for ratings in ((4, 5), (2, 4), (5,), (1, 1), ())]
        [3, None, 2, None, None]
        """
        if not ratings or max(ratings) - min(ratings) > self.most_apart:
            return None
        level = self.levels[sum(ratings) // len(ratings) - 1]
        return (min(level, self.alone_most) if len(ratings) == 1 else level) or None


class LedgerPolicy(Edition):
    """One edition of the ledger's rules; `kinds` go from the weakest evidence to the strongest.

    `authored_level` is what a module shows of a skill that its author named, where no rule of `trained` says more.
    """

    kinds: tuple[Wear, ...]
    authored_level: Level
    trained: tuple[Taught, ...]
    interview: InterviewRule
    levels: Annotated[tuple[Text, ...], Field(min_length=6, max_length=6)]
    observation_least_characters: int = Field(ge=1)

    def wear(self, evidence: HowShown) -> Wear:
        return next(wear for wear in self.kinds if wear.evidence is evidence)

    def taught(self, path: str, module: str, *, named: Iterable[str] = ()) -> Mapping[str, int]:
        """The skills that a module shows once passed: those that this edition says, and those its author `named`."""
        found = [one.skills for one in self.trained if (one.path, one.module) == (path, module)]
        return dict.fromkeys(named, self.authored_level) | dict(found[0] if found else {})

    def skills_of(self, question: str) -> tuple[str, ...]:
        """The skills that an interview's question looks at; empty for one that the edition does not name."""
        return next((one.skills for one in self.interview.questions if one.question == question), ())


def read(text: str) -> LedgerPolicy:
    """One edition from YAML; raises EditionError with all its faults."""
    policy = read_as(LedgerPolicy, text)
    faults = []
    if [wear.evidence for wear in policy.kinds] != list(HowShown):
        faults.append(Fault(path="kinds", message="each way of knowing comes once, weakest first"))
    named = [(one.path, one.module) for one in policy.trained]
    faults += [
        Fault(path=f"trained ({path}, {module})", message="a module comes once")
        for path, module in set(named)
        if named.count((path, module)) > 1
    ]
    if list(policy.interview.levels) != sorted(policy.interview.levels):
        faults.append(Fault(path="interview.levels", message="a better rating never shows less"))
    if faults:
        raise EditionError(faults)
    return policy
