"""What one offer says, in the words of the contract that may follow."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from documents.facts import AllowanceTerms, OfferFacts, Pacing
from documents.rates import Frozen

CONTRACT_MEMBERS = frozenset(OfferFacts.model_fields)


class CallsTerms(Frozen):
    """What the contract must know of the calls to come; the client's file does not say it."""

    has_inbound: bool = True
    has_outbound: bool = False
    pacing: Pacing = Pacing.SIMPLE


class TermsFacts(OfferFacts):
    """The contract's own facts, how the allowance is paid, the calls, and the months to try working from home."""

    allowance: AllowanceTerms = AllowanceTerms()
    calls: CallsTerms = CallsTerms()
    adaptation_months: int | None = Field(default=None, ge=1, le=6)
    adaptation_notice_days: int = Field(default=15, ge=1, le=60)

    @model_validator(mode="after")
    def _wall_clock(self) -> Self:
        """Times are those of the wall in France; one with a zone cannot be compared with one without."""
        moments = [self.contact_start, self.contact_end, self.start_time]
        moments += [end for day in self.schedule for shift in day.shifts for end in (shift.start, shift.end)]
        if any(moment is not None and moment.tzinfo is not None for moment in moments):
            raise ValueError("a time names no time zone")
        return self

    @property
    def contract(self) -> OfferFacts:
        """Only what the contract's templates read."""
        return OfferFacts.model_validate(self.model_dump(include=set(CONTRACT_MEMBERS)))


def as_document(terms: TermsFacts) -> dict[str, Any]:
    """Terms as the row keeps them."""
    return terms.model_dump(mode="json")


def merged(terms: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Stored terms with the members that `changes` names replaced; None puts one back to its default."""
    kept = {**terms, **changes}
    return {name: value for name, value in kept.items() if value is not None}
