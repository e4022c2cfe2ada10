"""A past month put right by difference: what was settled, what should have been, and the lines of this month."""

from datetime import date

from documents.allowances import AllowanceLine, AllowanceRefused, AllowanceStatement
from documents.money import euros, short_date
from documents.rates import Frozen


class AllowanceCorrection(Frozen):
    """Differences in cents, each may be negative; `exempt_cents + taxable_cents = paid_cents`.

    `paid_cents` is what is still owed to the person (negative: paid too much). It is 0 where only the split
    moves, and then exempt and taxable cancel out.
    """

    month: date
    settled_in: date
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    lines: tuple[AllowanceLine, ...]
    reasons: tuple[str, ...]


def correct(
    settled: AllowanceStatement, due: AllowanceStatement, *, settled_in: date
) -> AllowanceCorrection | AllowanceRefused:
    """The difference between two statements of one month, for the payroll of a later month.

    Both rest on the law of the month worked, not of the month that settles. A second correction starts from
    the statement that the first one led to, so that corrections add up to the last statement. In 2026, 18 days
    settled and 17 worked: 48.60 paid, 45.90 due, a difference of -2.70.
    """
    if settled.month.replace(day=1) != due.month.replace(day=1):
        return AllowanceRefused(
            detail=f"Correction : le mois du {short_date(settled.month)} ne se corrige pas avec celui du "
            f"{short_date(due.month)}."
        )
    if settled_in.replace(day=1) <= due.month.replace(day=1):
        return AllowanceRefused(
            detail=f"Correction : le mois du {short_date(due.month)} se corrige dans un mois suivant, "
            f"pas le {short_date(settled_in)}."
        )
    exempt, taxable = due.exempt_cents - settled.exempt_cents, due.taxable_cents - settled.taxable_cents
    return AllowanceCorrection(
        month=due.month,
        settled_in=settled_in,
        paid_cents=due.paid_cents - settled.paid_cents,
        exempt_cents=exempt,
        taxable_cents=taxable,
        lines=_lines(due.month, exempt=exempt, taxable=taxable),
        reasons=_reasons(settled, due),
    )


def _lines(month: date, *, exempt: int, taxable: int) -> tuple[AllowanceLine, ...]:
    told = f"Correction de l'allocation de télétravail, mois du {short_date(month)}"
    parts = ((exempt, "exonérée de cotisations"), (taxable, "soumise à cotisations"))
    return tuple(AllowanceLine(label=f"{told}, part {words}", cents=cents) for cents, words in parts if cents)


def _reasons(settled: AllowanceStatement, due: AllowanceStatement) -> tuple[str, ...]:
    pairs = (
        ("Plafond", settled.ceiling.ceiling_cents, due.ceiling.ceiling_cents),
        ("Versé", settled.paid_cents, due.paid_cents),
        ("Exonéré", settled.exempt_cents, due.exempt_cents),
        ("Soumis à cotisations", settled.taxable_cents, due.taxable_cents),
    )
    moved = [
        f"{words} : {euros(before)} réglés, {euros(after)} dus."
        for words, before, after in pairs
        if before != after
    ]
    return (*(moved or ["Rien ne change."]), f"Calcul : {due.ceiling.working} ({due.ceiling.source}).")
