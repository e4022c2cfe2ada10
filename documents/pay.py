"""What pay is due at least: legal and conventional minimum on a date, and the increases that law fixes."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from documents.law import Law
from documents.money import euros, round_half_up
from documents.rates import Confidence, Frozen, NoFigure, Status, Unconfirmed, doubt, find
from documents.rules import FixedTermRules, PartTimeRules, PremiumRules
from documents.spans import Refused
from documents.terms import ComplementaryRow, in_force, none_known

FULL_TIME_MINUTES = 35 * 60
MONTHS_SHARE = Fraction(52, 12)


class PayBasis(StrEnum):
    """Which text gives the minimum."""

    SMIC = "smic"
    GRID = "grid"


class MinimumPay(Frozen):
    """The monthly gross minimum in cents, both floors it was taken from, and what a person must confirm."""

    amount_cents: int
    basis: PayBasis
    smic_hourly_cents: int
    smic_cents: int
    grid_cents: int
    status: Status
    level: str
    source: str
    confidence: Confidence
    unconfirmed: tuple[Unconfirmed, ...]


class AnnualGuarantee(Frozen):
    """The lower month allowed and the year then guaranteed, in gross cents, and what a person must confirm."""

    monthly_cents: int
    annual_cents: int
    source: str
    confidence: Confidence
    unconfirmed: tuple[Unconfirmed, ...]


class HoursRefused(Frozen):
    """Hours that the law does not allow, in words."""

    limit_minutes: int
    detail: str


class ComplementaryPay(Frozen):
    """Complementary hours of one week: the two tiers in minutes, and the pay rounded once on the total."""

    first_tier_minutes: Fraction
    second_tier_minutes: Fraction
    amount_cents: int


def monthly_smic(hourly_cents: int, weekly_minutes: int) -> int:
    """Monthly SMIC in cents: hourly × weekly hours × 52 / 12, half up (never 151.67, which is cents off).

    >>> monthly_smic(1231, 2100), monthly_smic(1231, 1440), monthly_smic(1202, 1800)
    (186702, 128024, 156260)
    """
    return round_half_up(hourly_cents * Fraction(weekly_minutes, 60) * MONTHS_SHARE)


def minimum_due(
    law: Law, *, on: date, coefficient: int, weekly_minutes: int, territory: str = "france"
) -> MinimumPay | NoFigure:
    """max(grid, SMIC) on a date, prorated to the weekly hours; on a tie the grid is named.

    A coefficient or a date without data gives NoFigure.
    """
    smic = find(law.smic, table="smic", on=on, series=territory)
    grid = find(law.grid, table="grid-idcc-2098", on=on, series=str(coefficient))
    if isinstance(smic, NoFigure):
        return smic
    if isinstance(grid, NoFigure):
        return grid
    smic_cents = monthly_smic(smic.hourly_cents, weekly_minutes)
    grid_cents = round_half_up(Fraction(grid.monthly_cents * weekly_minutes, FULL_TIME_MINUTES))
    basis = PayBasis.SMIC if smic_cents > grid_cents else PayBasis.GRID
    row = smic if basis is PayBasis.SMIC else grid
    doubts = (
        doubt(
            smic,
            table="smic",
            label=f"SMIC horaire brut de {euros(smic.hourly_cents)}",
            amount_cents=smic.hourly_cents,
            on=on,
        ),
        doubt(
            grid,
            table="grid-idcc-2098",
            label=f"Minimum du coefficient {coefficient} : {euros(grid.monthly_cents)} par mois à 35 h",
            amount_cents=grid.monthly_cents,
            on=on,
        ),
    )
    return MinimumPay(
        amount_cents=max(smic_cents, grid_cents),
        basis=basis,
        smic_hourly_cents=smic.hourly_cents,
        smic_cents=smic_cents,
        grid_cents=grid_cents,
        status=grid.status,
        level=grid.level,
        source=row.source,
        confidence=row.confidence,
        unconfirmed=tuple(found for found in doubts if found),
    )


def annual_guarantee(law: Law, *, on: date, coefficient: int) -> AnnualGuarantee | NoFigure | Refused:
    """The branch's option for full-time commercial staff from coefficient 280, on a date.

    The month may go down to 90 % of the grid, never below the SMIC, when the year is guaranteed at
    12 × the grid's month × 1.10; each rounded half up once.
    """
    rows = in_force(law.terms.annual_guarantee, on)
    if not rows:
        return none_known("Garantie annuelle", table="annual-guarantee", on=on)
    row = rows[0]
    if coefficient < row.from_coefficient:
        return Refused(
            field="coefficient",
            detail=f"La garantie annuelle s'ouvre à partir du coefficient {row.from_coefficient}.",
        )
    due = minimum_due(law, on=on, coefficient=coefficient, weekly_minutes=FULL_TIME_MINUTES)
    if isinstance(due, NoFigure):
        return due
    lowered = round_half_up(Fraction(due.grid_cents * row.monthly_percent, 100))
    return AnnualGuarantee(
        monthly_cents=max(lowered, due.smic_cents),
        annual_cents=round_half_up(Fraction(due.grid_cents * 12 * row.annual_percent, 100)),
        source=row.source,
        confidence=row.confidence,
        unconfirmed=due.unconfirmed,
    )


def complementary_limit(contract_minutes: int, rules: PartTimeRules | ComplementaryRow) -> int:
    """The most complementary minutes a week: a third of the contract, never full time (L3123-9, CCN 23.4)."""
    share = Fraction(*rules.complementary_share) * contract_minutes
    return min(int(share), max(rules.full_time_minutes - contract_minutes - 1, 0))


def complementary_pay(
    *, contract_minutes: int, extra_minutes: int, hourly_cents: int, rules: PartTimeRules | ComplementaryRow
) -> ComplementaryPay | HoursRefused:
    """+10 % within a tenth of the contract, +25 % beyond (L3123-29); rounded once on the total."""
    limit = complementary_limit(contract_minutes, rules)
    if extra_minutes < 0:
        return HoursRefused(limit_minutes=limit, detail="Les heures complémentaires ne sont pas négatives.")
    if extra_minutes > limit:
        return HoursRefused(
            limit_minutes=limit,
            detail=f"Les heures complémentaires ne dépassent pas {limit // 60} h {limit % 60:02d} par "
            "semaine (un tiers de la durée du contrat, sans atteindre 35 h).",
        )
    tenth = Fraction(*rules.first_tier_share) * contract_minutes
    first = min(Fraction(extra_minutes), tenth)
    second = extra_minutes - first
    worth = first * (100 + rules.first_tier_increase_percent) + second * (
        100 + rules.second_tier_increase_percent
    )
    return ComplementaryPay(
        first_tier_minutes=first,
        second_tier_minutes=second,
        amount_cents=round_half_up(worth * hourly_cents / 6000),
    )


def sunday_pay(*, minutes: int, hourly_cents: int, rules: PremiumRules) -> int:
    """Whole pay of hours worked on a Sunday or a public holiday (+100 %, avenant 20/06/2002 art. 4)."""
    return _increased(minutes, hourly_cents, rules.sunday_percent)


def night_pay(*, minutes: int, hourly_cents: int, rules: PremiumRules) -> int:
    """Whole pay of hours exceptionally worked from 21:30 to 06:30 (+50 %, avenant 20/06/2002 art. 3)."""
    return _increased(minutes, hourly_cents, rules.night_percent)


def end_of_fixed_term(gross_cents: int, rules: FixedTermRules) -> int:
    """The end-of-contract indemnity: a tenth of the gross pay of the whole contract (L1243-8)."""
    return round_half_up(Fraction(gross_cents * rules.end_indemnity_percent, 100))


def _increased(minutes: int, hourly_cents: int, percent: int) -> int:
    return round_half_up(Fraction(minutes * hourly_cents * (100 + percent), 6000))
