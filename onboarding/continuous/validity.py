"""How long a finished path holds, when it is time to renew it, and when it is over."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from onboarding.content import Reason, Slug, Value
from onboarding.faults import Fault, FaultyFileError, parse
from onboarding.paths.paths import Edition, Path
from onboarding.sentences import Sentences


class TermRules(Value):
    """One edition of what the house counts and asks for around finished paths.

    No sitting counts for more than ``longest_sitting_minutes``: somebody went away from the screen. Whoever decides on
    a proof says why in at least ``reason_least_characters``; one person may have ``open_proofs`` waiting for a
    decision, each a file of ``proof_megabytes`` at most.
    """

    edition: Edition
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1)]
    confidence: Annotated[str, StringConstraints(min_length=1)]
    longest_sitting_minutes: StrictInt = Field(ge=5, le=240)
    reason_least_characters: StrictInt = Field(ge=1, le=200)
    open_proofs: StrictInt = Field(ge=1, le=100)
    proof_megabytes: StrictInt = Field(ge=1, le=20)


def read(text: str) -> TermRules:
    """Read one edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: TermRules | tuple[Fault, ...] = parse(text, TermRules)
    if isinstance(parsed, TermRules):
        return parsed
    raise FaultyFileError(parsed)


class ValidityState(StrEnum):
    """``renewing``: still good, and time to renew; ``over``: to be renewed before it counts again."""

    FOR_GOOD = "for_good"
    VALID = "valid"
    RENEWING = "renewing"
    OVER = "over"


class Term(Value):
    """How long one completion holds: ``expires_on`` is its last day, renewal opens on ``renewal_on``.

    ``renewed_by`` is the path to follow again.
    """

    completed_on: date
    expires_on: date
    renewal_on: date
    renewed_by: Slug


class Validity(Value):
    """Where a completion stands; ``days_left`` is negative once it is over, ``None`` when it holds for good."""

    state: ValidityState
    days_left: int | None
    reason: Reason


def term(path: Path, *, completed_on: date) -> Term | None:
    """The term of a completion by the rules of the edition that was followed; ``None`` when it holds for good.

    Months are counted from day to day; where the month has no such day, its last one counts. Renewal never opens
    before the completion itself.
    """
    if path.valid_months is None:
        return None
    last = months_after(completed_on, path.valid_months)
    opens = max(completed_on, last - timedelta(days=path.renewal_days))
    return Term(
        completed_on=completed_on, expires_on=last, renewal_on=opens, renewed_by=path.renewed_by or path.slug
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month.

    >>> months_after(date(2027, 8, 31), 6), months_after(date(2026, 11, 22), 24)
    (datetime.date(2028, 2, 29), datetime.date(2028, 11, 22))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(
    expires_on: date | None, *, renewal_on: date | None, today: date, sentences: Sentences
) -> Validity:
    """Where a completion stands today, from the two dates kept of its term; without them it holds for good."""
    if expires_on is None or renewal_on is None:
        return Validity(
            state=ValidityState.FOR_GOOD, days_left=None, reason=sentences.reason("validity_for_good")
        )
    left = (expires_on - today).days
    if left < 0:
        state, reason = ValidityState.OVER, sentences.reason("validity_over", days=-left)
    elif today >= renewal_on:
        state, reason = ValidityState.RENEWING, sentences.reason("validity_renewing", days=left)
    else:
        state, reason = ValidityState.VALID, sentences.reason("validity_valid", days=left)
    return Validity(state=state, days_left=left, reason=reason)
