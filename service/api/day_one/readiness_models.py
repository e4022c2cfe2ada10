"""What is told of readiness for day one."""

from datetime import date
from typing import Self
from uuid import UUID

from onboarding.day_one.readiness import Missing, Readiness
from service.api.models import Out, SaidOut
from service.api.paths.training_models import WhyOut


class MissingOut(Out):
    """One thing that is not in place yet, who acts, what to do and by when."""

    requirement: str
    kind: str
    subject: str
    gate: bool
    who: str
    what: SaidOut
    action: SaidOut
    needed_by: date
    is_overdue: bool
    source: str

    @classmethod
    def of(cls, missing: Missing) -> Self:
        plain = missing.model_dump(exclude={"kind", "who"})
        return cls(**plain, kind=missing.kind.value, who=missing.who.value)


class ReadinessOut(Out):
    """Fit for day one, or what is missing: about things, never about the person."""

    candidate_id: UUID
    is_ready: bool
    start_date: date
    days_left: int
    missing: list[MissingOut]
    in_place: list[str]
    edition: str
    reasons: list[WhyOut]

    @classmethod
    def of(cls, candidate_id: UUID, readiness: Readiness) -> Self:
        return cls(
            candidate_id=candidate_id,
            is_ready=readiness.is_ready,
            start_date=readiness.start_date,
            days_left=readiness.days_left,
            missing=[MissingOut.of(one) for one in readiness.missing],
            in_place=list(readiness.in_place),
            edition=readiness.edition,
            reasons=[WhyOut.of(reason) for reason in readiness.reasons],
        )
