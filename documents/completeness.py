"""What the law wants said, held against what is there: everything missing is named, with what to do."""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise

from pydantic import BaseModel

from documents.allowances import AgreementKind
from documents.facts import DayHours, PackFacts, ShortlistFacts, Weekday, minutes_of
from documents.figures import Figures
from documents.glyphs import unshowable
from documents.kinds import DocumentKind
from documents.money import euros, hours, printable
from documents.rates import Frozen, Unconfirmed
from documents.requirements import Requirements, Situation

CONTRACT = DocumentKind.EMPLOYMENT_CONTRACT


class Fault(StrEnum):
    """Why a document cannot be issued yet."""

    ABSENT = "absent"
    UNCONFIRMED = "unconfirmed"
    BELOW_MINIMUM = "below_minimum"
    INCONSISTENT = "inconsistent"
    NO_FIGURE = "no_figure"
    UNSHOWABLE = "unshowable"


class Missing(Frozen):
    """One thing that stops the issue: where it is, which text wants it, and what to do."""

    kind: DocumentKind
    fault: Fault
    field: str
    label: str
    article: str
    remedy: str


SITUATIONS: dict[Situation, Callable[[PackFacts, Figures], bool]] = {
    Situation.ALWAYS: lambda facts, figures: True,
    Situation.FIXED_TERM: lambda facts, figures: facts.offer.is_fixed_term,
    Situation.REPLACEMENT: lambda facts, figures: facts.offer.reason == "replacement",
    Situation.PART_TIME: lambda facts, figures: facts.offer.is_part_time,
    Situation.BELOW_FLOOR: lambda facts, figures: _is_below_floor(facts, figures),
    Situation.TELEWORK_TEXT: lambda facts, figures: facts.employer.telework_basis is not AgreementKind.NONE,
}


def missing(
    kind: DocumentKind, facts: PackFacts, *, figures: Figures, requirements: Requirements
) -> tuple[Missing, ...]:
    """All that stops this document; empty means it may be issued. Absent things come first, then the rest."""
    absent = tuple(_absent(kind, facts, figures, requirements))
    found = [*absent, *unshowable_texts(kind, facts), *_unconfirmed(kind, facts, figures)]
    found += [
        Missing(
            kind=kind,
            fault=Fault.NO_FIGURE,
            field="offer.start_date",
            label=detail,
            article="Données de droit",
            remedy="Vérifiez la date et le coefficient, ou ajoutez l'édition manquante.",
        )
        for detail in figures.refusals
    ]
    if kind is CONTRACT:
        found += _contract_faults(facts, figures)
    return tuple(found)


def _absent(
    kind: DocumentKind, facts: PackFacts, figures: Figures, requirements: Requirements
) -> Iterator[Missing]:
    for item in requirements.items:
        if kind not in item.kinds or not SITUATIONS[item.when](facts, figures):
            continue
        if _is_empty(facts, item.field):
            yield Missing(
                kind=kind,
                fault=Fault.ABSENT,
                field=item.field,
                label=item.label,
                article=item.article,
                remedy=item.remedy,
            )


def _is_empty(facts: BaseModel, path: str) -> bool:
    value: object = facts
    for name in path.split("."):
        if value is None:
            return False  # the parent is named by its own requirement
        value = getattr(value, name)
    return value is None or value == ()


def _unconfirmed(kind: DocumentKind, facts: PackFacts, figures: Figures) -> Iterator[Missing]:
    for doubt in _doubts_of(kind, figures):
        if not _is_confirmed(doubt, facts):
            yield Missing(
                kind=kind,
                fault=Fault.UNCONFIRMED,
                field=f"confirmations.{doubt.figure}",
                label=doubt.label,
                article=doubt.source,
                remedy=f"{doubt.why} Une personne nommée lit le texte officiel et confirme ce montant.",
            )


def _doubts_of(kind: DocumentKind, figures: Figures) -> tuple[Unconfirmed, ...]:
    part = {CONTRACT: figures.minimum, DocumentKind.ALLOWANCE_LETTER: figures.ceiling}.get(kind)
    return part.unconfirmed if part else ()


def _is_confirmed(doubt: Unconfirmed, facts: PackFacts) -> bool:
    """The confirmation vouches for the very amount; another amount belongs in a new edition of the data."""
    return any(
        given.figure == doubt.figure and given.amount_cents == doubt.amount_cents
        for given in facts.confirmations
    )


def unshowable_texts(kind: DocumentKind, facts: PackFacts | ShortlistFacts) -> Iterator[Missing]:
    """Every text that the fonts cannot write, by its path."""
    for path, text in texts_of(facts):
        lacking = unshowable(printable(text))
        if lacking:
            yield Missing(
                kind=kind,
                fault=Fault.UNSHOWABLE,
                field=path,
                label=f"La police du document ne sait pas écrire {', '.join(lacking[:5])}",
                article="Lisibilité du document",
                remedy="Écrivez ce texte en lettres latines, tel qu'il figure sur une pièce d'identité française.",
            )


def texts_of(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside facts with its path (`offer.duties.0`)."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from texts_of(item, f"{path}.{number}")
    elif isinstance(value, str) and not isinstance(value, StrEnum):
        yield path, value


def _contract_faults(facts: PackFacts, figures: Figures) -> list[Missing]:
    checks = (
        _pay_faults,
        _date_faults,
        _trial_faults,
        _hours_faults,
        _part_time_faults,
        _day_faults,
        _rest_faults,
        _equipment_faults,
    )
    return [
        Missing(kind=CONTRACT, fault=fault, field=field, label=label, article=article, remedy=remedy)
        for check in checks
        for fault, field, label, article, remedy in check(facts, figures)
    ]


Finding = tuple[Fault, str, str, str, str]


def _pay_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    pay, minimum = facts.offer.monthly_pay_cents, figures.minimum
    if pay is not None and minimum and pay < minimum.amount_cents:
        yield (
            Fault.BELOW_MINIMUM,
            "offer.monthly_pay_cents",
            f"Le salaire de {euros(pay)} est sous le minimum de {euros(minimum.amount_cents)}",
            "L3231-2 ; grille IDCC 2098",
            f"Proposez au moins {euros(minimum.amount_cents)} brut par mois.",
        )


def _date_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    offer, person = facts.offer, facts.person
    wrong = Fault.INCONSISTENT
    if person.birth_date and offer.start_date and _age(person.birth_date, offer.start_date) < 16:
        yield (
            wrong,
            "person.birth_date",
            "La personne aurait moins de 16 ans à l'embauche",
            "L4153-1",
            "Vérifiez la date de naissance.",
        )
    if not (offer.is_fixed_term and offer.start_date and offer.end_date):
        return
    if offer.end_date <= offer.start_date:
        yield (
            wrong,
            "offer.end_date",
            "Le contrat finirait avant de commencer",
            "L1242-7",
            "Corrigez la date de fin.",
        )
    elif _months_between(offer.start_date, offer.end_date) > figures.rules.fixed_term.max_months:
        yield (
            wrong,
            "offer.end_date",
            f"Le contrat durerait plus de {figures.rules.fixed_term.max_months} mois",
            "L1242-8-1",
            "Choisissez une date de fin plus proche, ou un CDI.",
        )


def _trial_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    trial, most = facts.offer.trial, figures.trial_ceiling
    wrong, field = Fault.INCONSISTENT, "offer.trial"
    if most and (trial.months > most.months or trial.days > most.days):
        allowed = f"{most.months} mois" if most.months else f"{most.days} jours"
        yield (
            wrong,
            field,
            "La période d'essai dépasse le plafond",
            "L1221-19 ; L1242-10 ; CCN art. 13.2",
            f"Prévoyez au plus {allowed}.",
        )
    if trial.is_renewable and not (figures.trial_renewal and figures.trial_renewal.days):
        yield (
            wrong,
            "offer.trial.is_renewable",
            "Cette période d'essai ne peut pas être renouvelée",
            "CCN art. 13.2",
            "Retirez le renouvellement.",
        )


def _hours_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    offer, wrong = facts.offer, Fault.INCONSISTENT
    total = sum(day.minutes for day in offer.schedule)
    if offer.schedule and offer.weekly_minutes and total != offer.weekly_minutes:
        yield (
            wrong,
            "offer.schedule",
            f"Les horaires font {hours(total)}, le contrat {hours(offer.weekly_minutes)}",
            "L3123-6 1° ; R1221-34 12°",
            "Accordez les horaires et la durée du contrat.",
        )
    days = [day.day for day in offer.schedule]
    if len(set(days)) != len(days):
        yield (
            wrong,
            "offer.schedule",
            "Un jour figure deux fois",
            "R1221-34 12°",
            "Gardez une ligne par jour.",
        )
    if len(set(days)) > 6:
        yield (
            wrong,
            "offer.schedule",
            "Sept jours travaillés par semaine",
            "L3132-1",
            "Gardez un jour de repos.",
        )
    if days and not set(offer.home_days) <= set(days):
        yield (
            wrong,
            "offer.home_days",
            "Un jour à domicile n'est pas un jour travaillé",
            "L1222-9",
            "Accordez les jours à domicile et les horaires.",
        )
    if offer.contact_start and offer.contact_end and offer.contact_end <= offer.contact_start:
        yield (
            wrong,
            "offer.contact_end",
            "La plage de contact finit avant de commencer",
            "L1222-9 II 4°",
            "Corrigez la plage de contact.",
        )


def _day_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    longest = figures.rules.working_time.max_day_minutes
    for day in facts.offer.schedule:
        for label, article, remedy in _one_day(
            day, longest=longest, lunch=figures.rules.breaks.lunch_minutes
        ):
            yield Fault.INCONSISTENT, f"offer.schedule.{day.day.value}", label, article, remedy


def _one_day(day: DayHours, *, longest: int, lunch: int) -> Iterator[tuple[str, str, str]]:
    if any(shift.minutes <= 0 for shift in day.shifts):
        yield "Une vacation finit avant de commencer", "R1221-34 12°", "Corrigez les heures."
        return
    if any(minutes_of(after.start) < minutes_of(before.end) for before, after in pairwise(day.shifts)):
        yield "Deux vacations se chevauchent", "R1221-34 12°", "Corrigez les heures."
        return
    span = minutes_of(day.shifts[-1].end) - minutes_of(day.shifts[0].start)
    if day.minutes > longest:
        yield f"Plus de {hours(longest)} de travail dans la journée", "L3121-18", "Raccourcissez la journée."
    if not _has_lunch(day, lunch):
        yield (
            f"Pas de coupure de {lunch} minutes entre 11 h et 15 h",
            "Avenant du 20 juin 2002, art. 5",
            "Prévoyez la coupure du repas.",
        )
    if span > 13 * 60:
        yield (
            "Plus de 13 h entre le début et la fin de la journée",
            "L3131-1 ; CCN art. 30",
            "Resserrez la journée.",
        )


def _has_lunch(day: DayHours, minutes: int) -> bool:
    """Whether a long day across midday has its break between 11:00 and 15:00 (avenant 20/06/2002 art. 5)."""
    starts, ends = minutes_of(day.shifts[0].start), minutes_of(day.shifts[-1].end)
    if day.minutes <= 6 * 60 or starts >= 12 * 60 or ends <= 14 * 60:
        return True
    return any(
        min(minutes_of(after.start), 15 * 60) - max(minutes_of(before.end), 11 * 60) >= minutes
        for before, after in pairwise(day.shifts)
    )


def _rest_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    rest = figures.rules.working_time.rest_minutes
    order = list(Weekday)
    days = sorted(facts.offer.schedule, key=lambda day: order.index(day.day))
    for before, after in pairwise(days):
        follows = order.index(after.day) == order.index(before.day) + 1
        night = 24 * 60 - minutes_of(before.shifts[-1].end) + minutes_of(after.shifts[0].start)
        if follows and night < rest:
            yield (
                Fault.INCONSISTENT,
                f"offer.schedule.{after.day.value}",
                f"Moins de {hours(rest)} de repos depuis la veille",
                "L3131-1 ; CCN art. 30",
                "Finissez plus tôt la veille, ou commencez plus tard.",
            )


def _equipment_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    if facts.programme.handles_card_data and facts.offer.uses_own_equipment:
        yield (
            Fault.INCONSISTENT,
            "offer.uses_own_equipment",
            "Ce programme traite des données de carte bancaire",
            "PCI DSS v4.0.1",
            "Confiez un poste géré par l'employeur.",
        )


def _part_time_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    offer, wrong = facts.offer, Fault.INCONSISTENT
    if _is_below_floor(facts, figures) and not offer.has_asked_fewer_hours:
        yield (
            wrong,
            "offer.weekly_minutes",
            f"Moins de {hours(figures.rules.part_time.floor_minutes)} par semaine",
            "L3123-7 ; L3123-27",
            "Proposez au moins 24 heures, ou notez la demande écrite et motivée de la personne.",
        )
    if not offer.is_part_time:
        return
    for day in offer.schedule:
        field = f"offer.schedule.{day.day.value}"
        article, span = (
            "CCN art. 23.2 et 23.3",
            minutes_of(day.shifts[-1].end) - minutes_of(day.shifts[0].start),
        )
        if len(day.shifts) > 3:
            yield (
                wrong,
                field,
                "Plus de deux interruptions dans la journée",
                article,
                "Regroupez les vacations.",
            )
        if day.minutes < 180 or any(0 < shift.minutes < 60 for shift in day.shifts):
            yield (
                wrong,
                field,
                "Une journée de moins de 3 h, ou une vacation de moins de 1 h",
                article,
                "Allongez ou regroupez les vacations.",
            )
        if 0 < day.minutes * 2 < span:
            yield wrong, field, "L'amplitude dépasse deux fois le travail", article, "Resserrez la journée."


def _is_below_floor(facts: PackFacts, figures: Figures) -> bool:
    minutes = facts.offer.weekly_minutes
    return minutes is not None and minutes < figures.rules.part_time.floor_minutes


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _months_between(start: date, end: date) -> int:
    """Months from the first day to the last, the last one included, a month begun counted whole."""
    after = date.fromordinal(end.toordinal() + 1)
    months = (after.year - start.year) * 12 + after.month - start.month
    whole = months - (after.day < start.day)
    return whole + (after.day > start.day)


def explain(found: tuple[Missing, ...]) -> str:
    """One line for each thing missing, for a log or a terminal."""
    return "\n".join(f"{item.label} ({item.article}) : {item.remedy}" for item in found)
