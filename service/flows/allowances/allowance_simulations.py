"""What a month of telework may bring without contributions, for anybody who asks; nothing is kept."""

from dataclasses import dataclass
from datetime import date

from documents.allowances import (
    AgreementKind,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    statement,
)
from documents.law import Law
from documents.rates import NoFigure, TaxCapRow, find
from service.runtime.errors import Fault, InBoth, RuleBroken


@dataclass(frozen=True)
class Simulation:
    """One answer: the statement of the month, and what need not be declared as income, where a figure is known."""

    asked: MonthWorked
    made: AllowanceStatement
    tax_cap: TaxCapRow | None


def simulate(
    law: Law,
    *,
    month: date,
    mode: AllowanceMode,
    days: int | None,
    weekly_days: int,
    agreement: AgreementKind,
    is_whole: bool,
    paid_cents: int | None,
) -> Simulation:
    """The month as asked; RuleBroken where the law knows no such figure or the days do not fit."""
    worked = MonthWorked(month=month, weekly_days=weekly_days, days=days, is_whole=is_whole)
    made = statement(law, worked, mode=mode, agreement=agreement, paid_cents=paid_cents)
    if isinstance(made, AllowanceRefused):
        raise RuleBroken(
            InBoth(made.detail, made.detail),
            faults=[Fault("/days", "refused", InBoth(made.detail, made.detail))],
        )
    cap = find(law.tax_cap, table="telework-tax-cap", on=month)
    return Simulation(worked, made, None if isinstance(cap, NoFigure) else cap)
