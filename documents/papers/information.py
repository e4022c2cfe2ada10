"""The written information due at hiring (R1221-34): fourteen items, each with its clock, at once or in two parts."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from documents.facts import Line, PackFacts, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.work import (
    WorkDetails,
    delay_on,
    figures_of,
    pay_doubts,
    situations_of_work,
    work_context,
    work_faults,
    work_of_hiring,
)
from documents.rates import Frozen
from documents.spans import same_day_or_month_end
from documents.terms import DelayStep, HiringItem, HiringItemRow, in_force


class Part(StrEnum):
    """All fourteen items at once, those of the first days, or those that may wait a month."""

    WHOLE = "whole"
    FIRST = "first"
    SECOND = "second"


class Delivery(StrEnum):
    PAPER = "paper"
    ELECTRONIC = "electronic"


class ItemReference(Frozen):
    """An item told by naming the texts that say it, where R1221-35 allows that."""

    item: HiringItem = Field(title="Information", description="L’information donnée par renvoi.")
    texts: Line = Field(title="Textes", description="Les articles ou accords qui la donnent.")


class InformationDetails(WorkDetails):
    """The work, and what only this paper says of it."""

    part: Part = Field(
        default=Part.WHOLE,
        title="Ce qui est remis",
        description="Tout, les sept premiers jours, ou le reste.",
    )
    work_place: Text | None = Field(
        default=None,
        title="Lieu de travail",
        description="Le domicile et son adresse, plusieurs lieux, ou le libre choix du lieu.",
    )
    other_pay: tuple[Line, ...] = Field(
        default=(),
        max_length=12,
        title="Autres éléments de paie",
        description="Chacun à part : primes, majorations prévues par accord, avantages.",
    )
    payment_method: Line = Field(
        default="virement", title="Mode de paiement", description="Comment le salaire est versé."
    )
    company_agreements: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Accords de l’entreprise", description="Titre et date de chacun."
    )
    cover_conditions: Text | None = Field(
        default=None,
        title="Ancienneté pour la couverture",
        description="Conditions d’ancienneté des garanties collectives, ou leur absence.",
    )
    more_training: Text | None = Field(
        default=None,
        title="Formation, en plus",
        description="Ce que l’employeur ajoute au droit à la formation.",
    )
    references: tuple[ItemReference, ...] = Field(
        default=(), max_length=14, title="Renvois aux textes", description="Seulement là où la loi le permet."
    )
    delivery: Delivery = Field(default=Delivery.PAPER, title="Remise", description="Papier ou électronique.")
    delivery_proof: Line | None = Field(
        default=None,
        title="Preuve de la remise",
        description="Comment l’envoi et la réception sont prouvés, pour une remise électronique.",
    )


class InformationFacts(LetterFacts):
    details: InformationDetails


class Clock(Frozen):
    """One item, by when it is due, and whether this paper gives it; without a date it has no object here."""

    number: int
    label: str
    due: date | None
    said: str
    is_given: bool


def clocks(facts: InformationFacts, law: Law, day: date) -> tuple[Clock, ...]:
    """The fourteen items in their order, each with the last day to give it, counted from the hiring."""
    return tuple(_clock(row, facts) for row in _rows(law, facts.details.start_date or day))


def _rows(law: Law, day: date) -> tuple[HiringItemRow, ...]:
    found = in_force(law.terms.hiring_information, day) or law.terms.hiring_information
    return tuple(sorted(found, key=lambda row: row.number))


def _clock(row: HiringItemRow, facts: InformationFacts) -> Clock:
    details = facts.details
    if _has_no_object(row.item, details):
        return Clock(number=row.number, label=row.label, due=None, said="sans objet", is_given=False)
    due = _due(row, details.start_date) if details.start_date else None
    given = _is_in(row, details.part)
    said = "dans ce document" if given else "remis à part"
    return Clock(number=row.number, label=row.label, due=due, said=said, is_given=given)


def _has_no_object(item: HiringItem, details: InformationDetails) -> bool:
    """No end is told of an open-ended contract, and nobody here is lent by an agency."""
    return item is HiringItem.USER_COMPANY or (item is HiringItem.FIXED_TERM and not details.is_fixed_term)


def _due(row: HiringItemRow, hired: date) -> date:
    """The last day: calendar days after the hiring, or the same day of the following month."""
    return same_day_or_month_end(hired, row.months) if row.months else hired + timedelta(days=row.days)


def _is_in(row: HiringItemRow, part: Part) -> bool:
    return part is Part.WHOLE or (part is Part.FIRST) is bool(row.days)


def _context(facts: InformationFacts, law: Law, day: date) -> dict[str, object]:
    figures = figures_of(facts, law)
    rules, minimum = figures.rules, figures.minimum
    known = clocks(facts, law, day)
    given = {
        row.item.value: clock.is_given
        for row, clock in zip(_rows(law, facts.details.start_date or day), known, strict=True)
    }
    referred = {one.item.value: one.texts for one in facts.details.references}
    words: dict[str, object] = {
        "clocks": known,
        "given": given,
        "numbers": {row.item.value: row.number for row in _rows(law, facts.details.start_date or day)},
        "referred": referred,
        "agreements": rules.agreements,
        "leave_tenths": rules.leave.tenths_of_working_days_per_month,
        "hours_limits": {
            "day": rules.working_time.max_day_minutes,
            "week": rules.working_time.max_week_minutes,
            "rest": rules.working_time.rest_minutes,
        },
        "overtime": {
            "first_hours": rules.working_time.overtime_first_hours,
            "first_percent": rules.working_time.overtime_first_percent,
            "beyond_percent": rules.working_time.overtime_beyond_percent,
        },
        "part_time": {
            "first_percent": rules.part_time.first_tier_increase_percent,
            "second_percent": rules.part_time.second_tier_increase_percent,
        },
        "change_days": rules.part_time.change_notice_working_days,
        "premiums": {"special": rules.premiums.sunday_percent, "night": rules.premiums.night_percent},
        "end_indemnity_percent": rules.fixed_term.end_indemnity_percent,
        "trial_steps": {
            "employer": tuple(f"{step.words} avant ({step.after})" for step in rules.trial_notice.employer),
            "person": tuple(f"{step.words} avant ({step.after})" for step in rules.trial_notice.employee),
        },
        "career_first_words": delay_on(law, DelayStep.CAREER_INTERVIEW_FIRST, day).words,
        "career_every_words": delay_on(law, DelayStep.CAREER_INTERVIEW_EVERY, day).words,
        "reminder_words": delay_on(law, DelayStep.INFORMATION_AFTER_NOTICE, day).words,
    }
    if minimum:
        status = minimum.status.value
        words["notice"] = {
            "resignation": getattr(rules.notice.resignation_months, status),
            "dismissal": getattr(rules.notice.dismissal_months, status),
            "dismissal_later": getattr(rules.notice.dismissal_after_two_years_months, status),
        }
    return work_context(facts, law) | words


def _faults(facts: InformationFacts, law: Law, day: date) -> Iterator[Finding]:
    yield from work_faults(facts, law, day)
    rows = {row.item: row for row in _rows(law, facts.details.start_date or day)}
    for number, given in enumerate(facts.details.references):
        if not rows[given.item].may_refer:
            yield Finding(
                Fault.INCONSISTENT,
                f"details.references.{number}",
                f"« {rows[given.item].label} » ne peut pas être donné par simple renvoi à un texte",
                "R1221-35",
                "Écrivez cette information en entier, et retirez le renvoi.",
            )
    named = [one.item for one in facts.details.references]
    if len(set(named)) != len(named):
        yield Finding(
            Fault.INCONSISTENT,
            "details.references",
            "Une information est renvoyée deux fois",
            "R1221-35",
            "Gardez un seul renvoi par information.",
        )


def _deadlines(facts: InformationFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    """When this paper has to be in the person's hands, and by when the rest follows."""
    details = facts.details
    if details.start_date is None:
        return ()
    known = [row for row in _rows(law, details.start_date) if not _has_no_object(row.item, details)]
    dues = [(_due(row, details.start_date), _is_in(row, details.part)) for row in known]
    given = [due for due, here in dues if here]
    later = [due for due, here in dues if not here]
    found = [
        _to_hand_over("Remettre les informations sur la relation de travail, avec une preuve", min(given))
    ]
    if later and details.part is Part.FIRST:
        found.append(_to_hand_over("Remettre les autres informations sur la relation de travail", min(later)))
    return tuple(found)


def _to_hand_over(what: str, on: date) -> Deadline:
    return Deadline(what=what, on=on, article="R1221-34 et R1221-35", holder="employer")


def _prefill(facts: PackFacts) -> dict[str, object]:
    home = facts.person.address
    place = (
        f"Votre domicile : {home.street}, {home.postcode} {home.city}."
        if home and facts.offer.home_days
        else None
    )
    agreement = facts.employer.telework_basis_text
    return work_of_hiring(facts) | {
        "work_place": place,
        "company_agreements": (agreement,) if agreement else (),
    }


def _is_told(item: HiringItem, *, first: bool) -> Callable[[InformationFacts], bool]:
    """Whether an item is told in full here: its part is given, and no text is named in its stead."""

    def holds(facts: InformationFacts) -> bool:
        in_part = facts.details.part is not (Part.SECOND if first else Part.FIRST)
        return in_part and all(one.item is not item for one in facts.details.references)

    return holds


PAPERS = (
    Paper(
        kind=DocumentKind.INFORMATION_STATEMENT,
        facts=InformationFacts,
        context=_context,
        faults=_faults,
        doubts=pay_doubts,
        situations={
            **situations_of_work(),
            "first_part": lambda facts: facts.details.part is not Part.SECOND,
            "second_part": lambda facts: facts.details.part is not Part.FIRST,
            "ends": lambda facts: facts.details.part is not Part.SECOND and facts.details.is_fixed_term,
            "pay_told": _is_told(HiringItem.PAY, first=True),
            "hours_told": _is_told(HiringItem.HOURS, first=True),
            "ending_told": _is_told(HiringItem.ENDING, first=False),
            "leave_told": _is_told(HiringItem.LEAVE, first=False),
            "training_told": _is_told(HiringItem.TRAINING, first=False),
            "trial_told": _is_told(HiringItem.TRIAL, first=True),
            "protection_told": _is_told(HiringItem.PROTECTION, first=False),
            "electronic": lambda facts: facts.details.delivery is Delivery.ELECTRONIC,
            "refers": lambda facts: bool(facts.details.references),
        },
        deadlines=_deadlines,
        prefill=_prefill,
    ),
)
