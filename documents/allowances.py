"""The flat-rate telework allowance: what may be paid without contributions, line by line."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.law import Law
from documents.money import euros, short_date
from documents.rates import AllowanceRow, Confidence, Frozen, NoFigure, Unconfirmed, doubt, find


class AllowanceMode(StrEnum):
    """Paid per day really teleworked, or per month for each weekly telework day."""

    PER_DAY = "day"
    MONTHLY = "month"


class AgreementKind(StrEnum):
    """What sets the amount. Only branch, professional, interprofessional and group ones raise the ceiling."""

    NONE = "none"
    CHARTER = "charter"
    COMPANY = "company"
    BRANCH = "branch"
    PROFESSIONAL = "professional"
    INTERPROFESSIONAL = "interprofessional"
    GROUP = "group"


RAISING = frozenset(
    (AgreementKind.BRANCH, AgreementKind.PROFESSIONAL, AgreementKind.INTERPROFESSIONAL, AgreementKind.GROUP)
)


class AllowanceRefused(Frozen):
    """An allowance that cannot be computed, in words."""

    detail: str


class AllowanceLine(Frozen):
    """One line of a statement; `cents` may be negative."""

    label: str
    cents: int


class Ceiling(Frozen):
    """The exempt ceiling for one month in cents, the row it comes from, and how it was computed."""

    ceiling_cents: int
    rate_cents: int
    cap_cents: int | None
    mode: AllowanceMode
    scale: str
    working: str
    source: str
    confidence: Confidence
    valid_from: date
    unconfirmed: tuple[Unconfirmed, ...]


class AllowanceStatement(Frozen):
    """One month of one person: what was paid, split into exempt and taxable; the two sum to `paid_cents`.

    `reasons` say where the split comes from: the figure and its source, the agreement, an incomplete month,
    receipts, and what looks odd.
    """

    month: date
    ceiling: Ceiling
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    lines: tuple[AllowanceLine, ...]
    reasons: tuple[str, ...]


class MonthWorked(Frozen):
    """What is known of one month: its first day, the rhythm, the days really teleworked, whether it is whole.

    A month with an entry, an exit, leave, sickness or a suspension is not whole.
    """

    month: date
    weekly_days: int = Field(default=0, ge=0, le=6)
    days: int | None = Field(default=None, ge=0, le=31)
    is_whole: bool = True


def ceiling(
    law: Law, worked: MonthWorked, *, mode: AllowanceMode, agreement: AgreementKind
) -> Ceiling | AllowanceRefused:
    """The exempt ceiling of one month (arrêté of 4 September 2025; prudent rule of proration).

    Per day: `min(rate × days, monthly cap)`. Monthly: `rate × weekly days`; for a month that is not whole,
    the lower of both modes, because no text gives an absence formula. Before an agreement scale exists, the
    regular one serves.
    """
    row = row_in_force(law, worked.month, agreement)
    if isinstance(row, NoFigure):
        return AllowanceRefused(detail=row.detail)
    if worked.days is not None and worked.days > days_in(worked.month):
        return AllowanceRefused(detail=too_many_days(worked.month))
    if mode is AllowanceMode.PER_DAY:
        return _per_day(row, worked)
    return _monthly(row, worked)


def row_in_force(law: Law, month: date, agreement: AgreementKind) -> AllowanceRow | NoFigure:
    """The scale that serves on a day: the higher one where such an agreement exists and its scale was known."""
    if agreement in RAISING:
        row = find(law.allowance, table="telework-allowance", on=month, series="agreement")
        if isinstance(row, AllowanceRow):
            return row
    return find(law.allowance, table="telework-allowance", on=month, series="regular")


def days_in(month: date) -> int:
    """Calendar days of a month.

    >>> days_in(date(2024, 2, 1)), days_in(date(2026, 2, 1))
    (29, 28)
    """
    return monthrange(month.year, month.month)[1]


def too_many_days(month: date) -> str:
    """What is said where more days were worked than the month has."""
    return f"Jours télétravaillés : le mois du {short_date(month)} n'a que {days_in(month)} jours."


NO_DAILY_MODE = "Le calcul par jour n'existe pas avant 2021 (per-day mode not available before 2021)."
NO_DAYS = "Indiquez le nombre de jours réellement télétravaillés dans le mois."
NEGATIVE = "Une somme versée ou justifiée ne peut pas être négative."


def _per_day(row: AllowanceRow, worked: MonthWorked) -> Ceiling | AllowanceRefused:
    if row.per_day_cents is None or row.monthly_cap_cents is None:
        return AllowanceRefused(detail=NO_DAILY_MODE)
    if worked.days is None:
        return AllowanceRefused(detail=NO_DAYS)
    full = row.per_day_cents * worked.days
    words = f"{worked.days} jours × {euros(row.per_day_cents)}"
    if full > row.monthly_cap_cents:
        words += f", dans la limite de {euros(row.monthly_cap_cents)} par mois"
    return _ceiling(
        row,
        mode=AllowanceMode.PER_DAY,
        rate_cents=row.per_day_cents,
        ceiling_cents=min(full, row.monthly_cap_cents),
        working=words,
        on=worked.month,
    )


def _monthly(row: AllowanceRow, worked: MonthWorked) -> Ceiling | AllowanceRefused:
    rate = row.monthly_per_weekly_day_cents
    amount = rate * worked.weekly_days
    words = f"{worked.weekly_days} jours par semaine × {euros(rate)}"
    if not worked.is_whole:
        daily = _per_day(row, worked)
        if isinstance(daily, AllowanceRefused):
            return daily
        if daily.ceiling_cents < amount:
            amount, words = daily.ceiling_cents, f"mois incomplet : {daily.working}"
    return _ceiling(
        row,
        mode=AllowanceMode.MONTHLY,
        rate_cents=rate,
        ceiling_cents=amount,
        working=words,
        on=worked.month,
    )


def _ceiling(
    row: AllowanceRow, *, mode: AllowanceMode, rate_cents: int, ceiling_cents: int, working: str, on: date
) -> Ceiling:
    found = doubt(
        row,
        table="telework-allowance",
        label=f"Plafond de l'allocation de télétravail : {euros(rate_cents)}",
        amount_cents=rate_cents,
        on=on,
    )
    return Ceiling(
        ceiling_cents=ceiling_cents,
        rate_cents=rate_cents,
        cap_cents=row.monthly_cap_cents,
        mode=mode,
        scale=row.scale,
        working=working,
        source=row.source,
        confidence=row.confidence,
        valid_from=row.valid_from,
        unconfirmed=(found,) if found else (),
    )


def statement(
    law: Law,
    worked: MonthWorked,
    *,
    mode: AllowanceMode,
    agreement: AgreementKind,
    paid_cents: int | None = None,
    receipts_cents: int = 0,
) -> AllowanceStatement | AllowanceRefused:
    """The month's statement; without `paid_cents` the ceiling itself is paid.

    Above the ceiling, pay stays exempt as far as receipts prove real costs (`receipts_cents`); the rest is
    taxable.
    """
    found = ceiling(law, worked, mode=mode, agreement=agreement)
    if isinstance(found, AllowanceRefused):
        return found
    paid = found.ceiling_cents if paid_cents is None else paid_cents
    if paid < 0 or receipts_cents < 0:
        return AllowanceRefused(detail=NEGATIVE)
    exempt = min(paid, max(found.ceiling_cents, receipts_cents))
    return AllowanceStatement(
        month=worked.month,
        ceiling=found,
        paid_cents=paid,
        exempt_cents=exempt,
        taxable_cents=paid - exempt,
        lines=_lines(found, exempt=exempt, taxable=paid - exempt, month=worked.month),
        reasons=_reasons(found, worked, agreement=agreement, receipts_cents=receipts_cents),
    )


def _lines(found: Ceiling, *, exempt: int, taxable: int, month: date) -> tuple[AllowanceLine, ...]:
    flat = min(exempt, found.ceiling_cents)
    lines = [
        AllowanceLine(
            label=f"Allocation forfaitaire de télétravail ({found.working}), mois du {short_date(month)}, "
            "exonérée de cotisations",
            cents=flat,
        )
    ]
    if exempt > flat:
        label = "Part au-delà du plafond, prouvée par des justificatifs, exonérée de cotisations"
        lines.append(AllowanceLine(label=label, cents=exempt - flat))
    if taxable:
        lines.append(AllowanceLine(label="Part au-delà du plafond, soumise à cotisations", cents=taxable))
    return tuple(lines)


def _reasons(
    found: Ceiling, worked: MonthWorked, *, agreement: AgreementKind, receipts_cents: int
) -> tuple[str, ...]:
    reasons = [
        f"Plafond : {found.working}, soit {euros(found.ceiling_cents)}.",
        f"Montant en vigueur depuis le {short_date(found.valid_from)} ({found.source}).",
    ]
    if found.scale == "regular" and agreement is not AgreementKind.NONE:
        reasons.append(_why_regular(agreement))
    if not worked.is_whole:
        reasons.append(
            "Mois incomplet : aucun texte ne donne de formule, le plus bas des deux calculs est retenu."
        )
    if receipts_cents:
        reasons.append(f"Justificatifs de frais réels : {euros(receipts_cents)}.")
    if worked.days and worked.weekly_days and worked.days > MOST_WEEKS * worked.weekly_days:
        reasons.append(
            f"À vérifier : {worked.days} jours pour un rythme de {worked.weekly_days} jours par semaine."
        )
    return (*reasons, *(f"À confirmer : {doubt.label}. {doubt.why}" for doubt in found.unconfirmed))


MOST_WEEKS = 5
"""No weekday comes more often in a month."""


def _why_regular(agreement: AgreementKind) -> str:
    if agreement in RAISING:
        return "Aucun barème d'accord n'est connu à cette date : le barème ordinaire sert."
    return "Un accord d'entreprise ou une charte ne relève pas le plafond : le barème ordinaire sert."
