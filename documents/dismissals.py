"""What a dismissal gives: the indemnity of the Code and of the branch, and the better of both."""

from datetime import date
from fractions import Fraction

from documents.law import Law
from documents.money import round_half_up
from documents.rates import Frozen, NoFigure, Status
from documents.spans import Refused, Span, span_fault, whole_months
from documents.terms import (
    DismissalIndemnityRow,
    IndemnityTier,
    Text,
    Unsettled,
    in_force,
    none_known,
    unsettled,
)


class DismissalIndemnity(Frozen):
    """The indemnity in cents, what each text gives (None: no scale known for that status), and the one kept.

    `unsettled` names the scales that a person should read again.
    """

    amount_cents: int
    code_cents: int | None
    branch_cents: int | None
    basis: Text
    seniority_months: int
    sources: tuple[str, ...]
    unsettled: tuple[Unsettled, ...]


def dismissal_indemnity(
    law: Law,
    *,
    status: Status,
    hired_on: date,
    left_on: date,
    monthly_cents: int,
    has_gross_misconduct: bool = False,
) -> DismissalIndemnity | NoFigure | Refused:
    """The better of Code and branch (CCN 19.2) for whole months of seniority on the day the contract ends.

    `monthly_cents` is the reference month, chosen beforehand (R1234-4). A year begun counts by its whole
    months. Each text is rounded half up once. Gross misconduct gives nothing (L1234-9); on a tie the branch
    is named. The branch's scale for executives is not known here: the Code's alone is given.
    """
    if fault := span_fault(Span(first=hired_on, last=left_on), field="left_on"):
        return fault
    if monthly_cents <= 0:
        return Refused(field="monthly_cents", detail="Le salaire de référence est plus grand que zéro.")
    rows = [row for row in in_force(law.terms.dismissal_indemnity, left_on) if status in row.statuses]
    if not rows:
        return none_known("Indemnité de licenciement", table="dismissal-indemnity", on=left_on)
    months = whole_months(hired_on, left_on)
    amounts = {
        row.text: 0 if has_gross_misconduct else scale_cents(row, months=months, monthly_cents=monthly_cents)
        for row in rows
    }
    code, branch = amounts.get(Text.CODE), amounts.get(Text.BRANCH)
    return DismissalIndemnity(
        amount_cents=max(amounts.values()),
        code_cents=code,
        branch_cents=branch,
        basis=Text.BRANCH if branch is not None and branch >= (code or 0) else Text.CODE,
        seniority_months=months,
        sources=tuple(row.source for row in rows),
        unsettled=unsettled(
            *rows, table="dismissal-indemnity", label="Indemnité de licenciement", on=left_on
        ),
    )


def scale_cents(row: DismissalIndemnityRow, *, months: int, monthly_cents: int) -> int:
    """What one text's scale gives, in cents; nothing below its seniority."""
    if months < row.from_seniority_months:
        return 0
    shares = _shares(row.tiers, Fraction(months, 12))
    if row.most_months_of_pay is not None:
        shares = min(shares, Fraction(row.most_months_of_pay))
    return round_half_up(monthly_cents * shares)


def _shares(tiers: tuple[IndemnityTier, ...], years: Fraction) -> Fraction:
    """Months of pay for some years, each year at the share of its own tier."""
    total, since = Fraction(0), Fraction(0)
    for tier in tiers:
        until = years if tier.up_to_years is None else min(years, Fraction(tier.up_to_years))
        total += max(until - since, Fraction(0)) * Fraction(*tier.share)
        since = max(since, until)
    return total
