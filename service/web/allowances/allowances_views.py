"""Allowance months in words: what their pages show, already written for the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from litestar.datastructures import FormMultiDict

from documents.allowance_days import AbsenceKind
from documents.allowance_months import UNKNOWN
from documents.allowances import AgreementKind, AllowanceMode, AllowanceRefused, AllowanceStatement
from documents.rates import Confidence
from service.flows.allowances.allowance_days import SaidDays
from service.flows.allowances.allowances import MonthBook
from service.flows.reading.reading_cells import BadCell, number
from service.runtime.vocabulary import DaysSource, Locale
from service.store.allowances.allowances import next_month
from service.web.translations import Translator, french

MODES = {AllowanceMode.PER_DAY: french("Par jour"), AllowanceMode.MONTHLY: french("Par mois")}
SOURCES = {
    DaysSource.SCHEDULE: french("Horaires du contrat"),
    DaysSource.ENTERED: french("Saisis"),
    DaysSource.IMPORTED: french("Fichier"),
}
ABSENCES = {
    AbsenceKind.LEAVE: french("Congé"),
    AbsenceKind.SICKNESS: french("Maladie"),
    AbsenceKind.SUSPENSION: french("Suspension du contrat"),
}
AGREEMENTS = {
    AgreementKind.NONE: french("Aucun accord, aucune charte"),
    AgreementKind.CHARTER: french("Charte de l'employeur"),
    AgreementKind.COMPANY: french("Accord d'entreprise"),
    AgreementKind.BRANCH: french("Convention ou accord de branche"),
    AgreementKind.PROFESSIONAL: french("Accord professionnel"),
    AgreementKind.INTERPROFESSIONAL: french("Accord interprofessionnel"),
    AgreementKind.GROUP: french("Accord de groupe"),
}
CONFIDENCES = {
    Confidence.OFFICIAL: french("Lu dans le texte officiel."),
    Confidence.SECONDARY: french(
        "Lu dans des sources secondaires qui concordent ; le texte officiel n'a pas été relu."
    ),
    Confidence.COMPUTED: french("Calculé par nous, faute de chiffre publié trouvé."),
    Confidence.MEMORY: french("Cité de mémoire ; à vérifier."),
}


@dataclass(frozen=True)
class LineView:
    """One person of a month."""

    href: str
    name: str
    number: str
    mode: str
    days: str
    source: str
    is_whole: bool
    is_corrected: bool
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    why: str
    refusal: str


@dataclass(frozen=True)
class MonthView:
    """One month in a list of months."""

    href: str
    title: str
    is_closed: bool
    figures: dict[str, Any]


@dataclass(frozen=True)
class DaysForm:
    """The days of a person as they were typed."""

    days: str = ""
    is_whole: str = ""
    paid: str = ""
    receipts: str = ""
    note: str = ""


def month_words(month: date, locale: Locale) -> str:
    """A month as a title says it.

    >>> month_words(date(2026, 3, 1), Locale.FR), month_words(date(2026, 3, 1), Locale.EN)
    ('mars 2026', 'March 2026')
    """
    return str(format_date(month, "MMMM y", locale="fr_FR" if locale is Locale.FR else "en_GB"))


def months_around(today: date, *, past: int = 11) -> tuple[date, ...]:
    """The month to come, the present one and those before it, the newest first.

    >>> [f"{month:%Y-%m}" for month in months_around(date(2026, 1, 20), past=1)]
    ['2026-02', '2026-01', '2025-12']
    """
    present = today.replace(day=1)
    found = [next_month(present), present]
    for _ in range(past):
        before = found[-1]
        year, month = (before.year, before.month - 1) if before.month > 1 else (before.year - 1, 12)
        found.append(date(year, month, 1))
    return tuple(found)


def line_view(
    book: MonthBook, place: int, made: AllowanceStatement | AllowanceRefused, translate: Translator
) -> LineView:
    split, days = book.split, int(book.held.days[place])
    is_told = isinstance(made, AllowanceStatement)
    kept = int(split.ceiling_cents[place])
    return LineView(
        href=f"/allowances/{book.month:%Y-%m}/people/{book.candidate_ids[place]}",
        name=book.names[place],
        number=book.numbers[place],
        mode=translate(MODES[book.mode(place)]),
        days="" if days == UNKNOWN else str(days),
        source=translate(SOURCES[book.sources[place]]),
        is_whole=bool(book.held.is_whole[place]),
        is_corrected=place in book.corrected,
        ceiling_cents=kept,
        paid_cents=int(split.paid_cents[place]),
        exempt_cents=int(split.exempt_cents[place]),
        taxable_cents=int(split.taxable_cents[place]),
        why=made.ceiling.working
        if isinstance(made, AllowanceStatement) and made.ceiling.ceiling_cents == kept
        else "",
        refusal="" if is_told else made.detail if isinstance(made, AllowanceRefused) else "",
    )


def places_of(book: MonthBook, search: str) -> Sequence[int]:
    """The places whose name or number holds the words, everybody's without words."""
    words = search.casefold().strip()
    if not words:
        return range(len(book))
    return [
        place
        for place in range(len(book))
        if words in book.names[place].casefold() or words in book.numbers[place].casefold()
    ]


def first_form(book: MonthBook, kept_paid: int | None) -> DaysForm:
    """The form as it stands now: what is there, so that one number can be changed."""
    days = int(book.held.days[0])
    receipts = int(book.held.receipts_cents[0])
    return DaysForm(
        days="" if days == UNKNOWN else str(days),
        is_whole="yes" if book.held.is_whole[0] else "no",
        paid="" if kept_paid is None else typed(kept_paid),
        receipts=typed(receipts) if receipts else "",
    )


def typed(cents: int) -> str:
    """Cents as somebody types them.

    >>> typed(8050)
    '80,50'
    """
    return f"{cents // 100},{cents % 100:02d}"


def read_form(data: FormMultiDict, *, most: int) -> tuple[DaysForm, SaidDays | None, dict[str, str]]:
    """The form as typed, what it says when all is well, and the French error of each field."""
    form = DaysForm(
        **{
            name: str(data.get(name) or "").replace("\x00", "").strip()[:500]
            for name in ("days", "is_whole", "paid", "receipts", "note")
        }
    )
    errors: dict[str, str] = {}
    days = int(form.days) if form.days.isascii() and form.days.isdigit() and len(form.days) < 3 else -1
    if not 0 <= days <= most:
        errors["days"] = french("Écrivez un nombre entier de jours, pas plus que le mois n'en a.")
    if form.is_whole not in ("", "yes", "no"):
        errors["is_whole"] = french("Dites si le mois est complet.")
    paid, receipts = _cents(form.paid, "paid", errors), _cents(form.receipts, "receipts", errors)
    if errors:
        return form, None, errors
    whole = {"yes": True, "no": False}.get(form.is_whole)
    return form, SaidDays(days, whole, paid, receipts or 0), {}


def _cents(text: str, name: str, errors: dict[str, str]) -> int | None:
    found = euros_typed(text)
    if found == BAD:
        errors[name] = french("Écrivez une somme en euros, jamais négative, comme 80,00.")
        return None
    return found


BAD = -1


def euros_typed(text: str) -> int | None:
    """Cents of a sum as people type it; None for nothing, BAD for what is no sum.

    >>> euros_typed("80,5 €"), euros_typed(""), euros_typed("-3"), euros_typed("1e3")
    (8050, None, -1, -1)
    """
    bare = text.replace("€", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not bare:
        return None
    if not bare.isascii() or "e" in bare.casefold():
        return BAD
    try:
        value = number(bare)
    except BadCell:
        return BAD
    cents = round(value * 100)
    return cents if 0 <= cents <= 100_000_000 else BAD
