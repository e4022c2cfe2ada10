"""What has been found so far for one person and one programme: the grade, what moved it, and what is lacking."""

from dataclasses import dataclass, field

from assessments.matching.matches import Blocking, GradeStep, Remedy
from assessments.remedies.plans import Nature, OpenGap
from assessments.values import Text


@dataclass
class Balance:
    """What has been found so far for one pair; the grade only ever goes down."""

    grade: int
    blocking: Blocking | None = None
    reasons: list[Text] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    gaps: list[OpenGap] = field(default_factory=list)
    steps: list[GradeStep] = field(default_factory=list)

    def block(self, cause: Blocking, reason: Text) -> None:
        self._move(0, reason)
        self.blocking = self.blocking or cause
        self.reasons.append(reason)
        if cause is not Blocking.LINE:  # a line is mended by money, so it is planned figure by figure
            self.lack(f"{cause.value}_{len(self.gaps)}", reason, Nature.CONDITION)

    def lack(self, key: str, text: Text, nature: Nature) -> None:
        self.gaps.append(OpenGap(key=key, text=text, nature=nature))

    def cap(self, most: int, reason: Text) -> None:
        self._move(min(self.grade, most), reason)

    def lower(self, reason: Text) -> None:
        """One grade lower, never under 1 (and a 0 stays a 0)."""
        self._move(max(min(self.grade, 1), self.grade - 1), reason)

    def _move(self, grade: int, reason: Text) -> None:
        if grade != self.grade:
            self.steps.append(GradeStep(text=reason, before=self.grade, after=grade))
            self.grade = grade
