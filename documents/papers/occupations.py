"""The letter on the indemnity for work that occupies the home: why it is due, on what it rests, what is not settled."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.facts import Cents, Line, PackFacts
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.occupation import CASE_LAW, Occupation, OccupationRefused, OccupationTerms, state_occupation
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.rates import Frozen
from documents.real_costs import HomeArea, SquareMetres
from documents.spans import months_later


class OccupationReason(StrEnum):
    """Why the indemnity is due: no premises are really provided, or telework was agreed."""

    NO_PREMISES = "no_premises"
    TELEWORK_AGREED = "telework_agreed"


class OccupationBasis(StrEnum):
    """What the sum rests on: a sum agreed as such, or a rental value by area and time of use."""

    AGREED_SUM = "agreed_sum"
    RENTAL_VALUE = "rental_value"


class OccupationDetails(Frozen):
    """What the letter says beyond employer and person."""

    reason: OccupationReason | None = Field(
        default=None,
        title="Motif de l'indemnité",
        description="Aucun poste n'est fourni dans l'entreprise, ou le télétravail est convenu.",
    )
    telework_agreed_on: date | None = Field(
        default=None, title="Date de l'accord de télétravail", description="Contrat, avenant ou accord écrit."
    )
    work_area: Line | None = Field(
        default=None,
        title="Espace occupé",
        description="Par exemple : bureau dans la chambre, pièce séparée. Sans autre détail sur le logement.",
    )
    home_m2: SquareMetres | None = Field(default=None, title="Surface du logement, en m²")
    work_m2: SquareMetres | None = Field(default=None, title="Surface occupée par le travail, en m²")
    basis: OccupationBasis = Field(
        default=OccupationBasis.AGREED_SUM,
        title="Base de calcul",
        description="Une somme convenue par mois, ou la valeur locative selon la surface et le temps d'usage.",
    )
    agreed_cents: Cents | None = Field(default=None, title="Somme convenue pour un mois complet")
    agreed_because: Line | None = Field(
        default=None,
        title="Sur quoi repose la somme convenue",
        description="Par exemple : surface, temps d'usage, loyers du quartier.",
    )
    rental_value_cents: Cents | None = Field(
        default=None,
        title="Valeur locative du logement, par mois",
        description="Le loyer, ou à défaut son estimation.",
    )
    use_percent: int = Field(
        default=100,
        ge=1,
        le=100,
        title="Temps d'usage, en pour cent",
        description="Part du temps où l'espace sert au travail.",
    )
    start: date | None = Field(default=None, title="Début")
    end: date | None = Field(
        default=None, title="Fin", description="Vide : l'indemnité dure autant que le télétravail."
    )
    review_on: date | None = Field(default=None, title="Date de révision")
    social_treatment: Line | None = Field(
        default=None,
        title="Traitement social retenu par la paie",
        description="Aucun texte trouvé ne le fixe. Vide : la lettre dit qu'il reste à fixer.",
    )


class OccupationLetterFacts(LetterFacts):
    details: OccupationDetails = OccupationDetails()


def _terms(details: OccupationDetails) -> OccupationTerms | None:
    """The terms as the engine takes them; None while something that it needs is empty."""
    by_value = details.basis is OccupationBasis.RENTAL_VALUE
    lacking = details.rental_value_cents is None if by_value else details.agreed_cents is None
    if lacking or details.start is None or details.home_m2 is None or details.work_m2 is None:
        return None
    agreed = details.reason is OccupationReason.TELEWORK_AGREED
    return OccupationTerms(
        start=details.start,
        end=details.end,
        has_desk_on_site=agreed,
        is_telework_agreed=agreed,
        agreed_cents=None if by_value else details.agreed_cents,
        rental_value_cents=details.rental_value_cents if by_value else None,
        area=HomeArea(home_m2=details.home_m2, work_m2=details.work_m2),
        use_percent=details.use_percent,
    )


def _faults(facts: OccupationLetterFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if details.start and details.telework_agreed_on and details.telework_agreed_on > details.start:
        yield Finding(
            Fault.INCONSISTENT,
            "details.telework_agreed_on",
            "L'accord de télétravail est postérieur au début de l'indemnité",
            CASE_LAW,
            "Corrigez une des deux dates.",
        )
    terms = _terms(details)
    made = state_occupation(terms, month=terms.start) if terms else None
    if isinstance(made, OccupationRefused):
        for fault in made.faults:
            field = fault.field.removeprefix("area.")
            yield Finding(
                Fault.INCONSISTENT, f"details.{field}", fault.detail, CASE_LAW, "Corrigez cette valeur."
            )
    elif terms and _whole_month(terms).cents == 0:
        field = "agreed_cents" if terms.rental_value_cents is None else "rental_value_cents"
        yield Finding(
            Fault.INCONSISTENT,
            f"details.{field}",
            "La somme d'un mois complet est de 0,00 €",
            CASE_LAW,
            "L'indemnité est due : convenez d'une somme, ou corrigez la surface et le temps d'usage.",
        )


def _whole_month(terms: OccupationTerms) -> Occupation:
    """A month that the terms cover whole, whatever their dates."""
    return _stated(terms.model_copy(update={"start": terms.start.replace(day=1), "end": None}), terms.start)


def _stated(terms: OccupationTerms, month: date) -> Occupation:
    made = state_occupation(terms, month=month)
    assert isinstance(made, Occupation), "its faults stop the letter"
    return made


def _context(facts: OccupationLetterFacts, law: Law, day: date) -> Mapping[str, object]:
    """A whole month, the first one where it is begun on the way, and what the months before this one add up to."""
    terms = _terms(facts.details)
    assert terms is not None, "its fields are wanted by the mentions"
    past = [_stated(terms, month) for month in _months(terms.start, until=day.replace(day=1))]
    past = [month for month in past if month.is_due]
    first = _stated(terms, terms.start)
    whole = _whole_month(terms)
    return {
        "whole": whole,
        "first": first if first.cents != whole.cents else None,
        "past": tuple(past),
        "past_cents": sum(month.cents for month in past),
        "share": terms.area.share_in_words if terms.area else "",
    }


def _months(start: date, *, until: date) -> Iterator[date]:
    """First days of the months from that of `start` to the one before `until`."""
    month = start.replace(day=1)
    while month < until:
        yield month
        month = months_later(month, 1)


def _deadlines(facts: OccupationLetterFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    review = facts.details.review_on
    if review is None or review < day:
        return ()
    what = "Revoir l'indemnité d'occupation du domicile"
    return (Deadline(what=what, on=review, article=CASE_LAW, holder="employer"),)


def _prefill(facts: PackFacts) -> Mapping[str, object]:
    """A hiring for work at home is agreed telework: its sum, its first day, the day of the last agreement."""
    wills = (facts.will.person_agreed_on, facts.will.employer_agreed_on)
    found: dict[str, object] = {
        "agreed_cents": facts.offer.occupation_indemnity_cents,
        "start": facts.offer.start_date,
        "end": facts.offer.end_date,
    }
    if all(wills):
        found |= {
            "reason": OccupationReason.TELEWORK_AGREED,
            "telework_agreed_on": max(will for will in wills if will),
        }
    return {name: value for name, value in found.items() if value is not None}


PAPERS = (
    Paper(
        kind=DocumentKind.OCCUPATION_LETTER,
        facts=OccupationLetterFacts,
        context=_context,
        faults=_faults,
        situations={
            "telework_agreed": lambda facts: facts.details.reason is OccupationReason.TELEWORK_AGREED,
            "no_premises": lambda facts: facts.details.reason is OccupationReason.NO_PREMISES,
            "by_sum": lambda facts: facts.details.basis is OccupationBasis.AGREED_SUM,
            "by_value": lambda facts: facts.details.basis is OccupationBasis.RENTAL_VALUE,
            "is_settled": lambda facts: facts.details.social_treatment is not None,
            "is_open": lambda facts: facts.details.social_treatment is None,
        },
        deadlines=_deadlines,
        prefill=_prefill,
    ),
)
