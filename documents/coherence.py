"""Facts of a contract held against the law and against one another: pay, dates, trial, equipment."""

from collections.abc import Iterator
from datetime import date

from documents.facts import PackFacts
from documents.faults import Fault, Finding
from documents.figures import Figures
from documents.money import euros


def contract_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    """All that contradicts the law or itself; what is absent is not looked at here."""
    yield from _pay_faults(facts, figures)
    yield from _date_faults(facts, figures)
    yield from _trial_faults(facts, figures)
    yield from _equipment_faults(facts)


def _pay_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    pay, minimum = facts.offer.monthly_pay_cents, figures.minimum
    if pay is not None and minimum and pay < minimum.amount_cents:
        yield Finding(
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
        yield Finding(
            wrong,
            "person.birth_date",
            "La personne aurait moins de 16 ans à l'embauche",
            "L4153-1",
            "Vérifiez la date de naissance.",
        )
    if not (offer.is_fixed_term and offer.start_date and offer.end_date):
        return
    if offer.end_date <= offer.start_date:
        yield Finding(
            wrong,
            "offer.end_date",
            "Le contrat finirait avant de commencer",
            "L1242-7",
            "Corrigez la date de fin.",
        )
    elif _months_between(offer.start_date, offer.end_date) > figures.rules.fixed_term.max_months:
        yield Finding(
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
        yield Finding(
            wrong,
            field,
            "La période d'essai dépasse le plafond",
            "L1221-19 ; L1242-10 ; CCN art. 13.2",
            f"Prévoyez au plus {allowed}.",
        )
    if trial.is_renewable and not (figures.trial_renewal and figures.trial_renewal.days):
        yield Finding(
            wrong,
            "offer.trial.is_renewable",
            "Cette période d'essai ne peut pas être renouvelée",
            "CCN art. 13.2",
            "Retirez le renouvellement.",
        )


def _equipment_faults(facts: PackFacts) -> Iterator[Finding]:
    if facts.programme.handles_card_data and facts.offer.uses_own_equipment:
        yield Finding(
            Fault.INCONSISTENT,
            "offer.uses_own_equipment",
            "Ce programme traite des données de carte bancaire",
            "PCI DSS v4.0.1",
            "Confiez un poste géré par l'employeur.",
        )


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _months_between(start: date, end: date) -> int:
    """Months from the first day to the last, the last one included, a month begun counted whole."""
    after = date.fromordinal(min(end.toordinal() + 1, date.max.toordinal()))
    months = (after.year - start.year) * 12 + after.month - start.month
    whole = months - (after.day < start.day)
    return whole + (after.day > start.day)
