"""The employer's telework charter, with all that the law wants in it, and each person's receipt of one version."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum

from pydantic import Field

from documents.allowances import AgreementKind
from documents.facts import Line, PersonFacts, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.telework import Day, before, contact_faults, delay, in_date_order, no_delay
from documents.rates import Frozen
from documents.terms import TeleworkStep

COLLECTIVE = frozenset({AgreementKind.COMPANY, AgreementKind.GROUP})
"""Agreements inside which a charter has no room: it comes only where none was made (L1222-9 I)."""


class CouncilOpinion(StrEnum):
    """What the works council (CSE) said; silent when its time to answer was over."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    SILENT = "silent"


OPINIONS = {
    CouncilOpinion.FAVOURABLE: "favorable",
    CouncilOpinion.UNFAVOURABLE: "défavorable",
    CouncilOpinion.SILENT: "réputé donné, le CSE n’ayant pas répondu dans son délai",
}


class CharterDetails(Frozen):
    """The charter's own words; the six items of L1222-9 II are all wanted, none is filled in for the employer."""

    version: Line | None = Field(
        default=None, title="Version", description="Par exemple « 1 » ou « 2027-1 »."
    )
    replaces: Line | None = Field(
        default=None, title="Charte remplacée", description="Titre et date ; vide : c'est la première."
    )
    effective_on: Day | None = Field(default=None, title="Date d'effet")
    review_on: Day | None = Field(default=None, title="Date de révision")
    eligible: tuple[Line, ...] = Field(
        default=(),
        max_length=12,
        title="Conditions de passage en télétravail",
        description="Une condition par ligne : postes, ancienneté, lieu, connexion. Rien sur la vie privée.",
    )
    most_days: int | None = Field(default=None, ge=1, le=7, title="Jours de télétravail par semaine, au plus")
    request_to: Line | None = Field(default=None, title="À qui demander le télétravail")
    answer_days: int | None = Field(
        default=None, ge=1, le=90, title="Délai de réponse de l'employeur, en jours"
    )
    appeal_contact: Line | None = Field(
        default=None, title="Recours", description="Qui réexamine une demande refusée."
    )
    pollution: Text | None = Field(
        default=None,
        title="En cas d'épisode de pollution",
        description="Article L223-1 du Code de l'environnement : comment le télétravail s'ouvre alors.",
    )
    acceptance: Text | None = Field(
        default=None,
        title="Comment la personne accepte",
        description="La manière dont elle accepte les conditions du télétravail.",
    )
    adaptation_months: int | None = Field(
        default=None,
        ge=1,
        le=6,
        title="Période d'adaptation, en mois",
        description="La loi ne fixe pas de durée.",
    )
    adaptation_notice_days: int | None = Field(
        default=None, ge=1, le=60, title="Délai pour arrêter pendant l'adaptation, en jours"
    )
    return_conditions: Text | None = Field(default=None, title="Conditions du retour sur site")
    return_notice_days: int | None = Field(
        default=None, ge=1, le=180, title="Délai de retour sur site, en jours"
    )
    time_control: Text | None = Field(default=None, title="Contrôle du temps de travail")
    workload: Text | None = Field(default=None, title="Régulation de la charge de travail")
    contact_start: time | None = Field(default=None, title="Début de la plage de contact")
    contact_end: time | None = Field(default=None, title="Fin de la plage de contact")
    disconnection: Text | None = Field(default=None, title="Droit à la déconnexion")
    disabled_access: Text | None = Field(
        default=None, title="Accès des travailleurs handicapés", description="Article L5213-6."
    )
    pregnant_access: Text | None = Field(default=None, title="Accès des salariées enceintes")
    carers_access: Text | None = Field(default=None, title="Accès des proches aidants")
    equipment: Text | None = Field(default=None, title="Matériel")
    costs: Text | None = Field(default=None, title="Prise en charge des frais")
    occupation: Text | None = Field(
        default=None,
        title="Indemnité d'occupation du domicile",
        description="Cass. soc. 19 mars 2025 : montant ou manière de le fixer.",
    )
    monitoring: tuple[Line, ...] = Field(
        default=(),
        max_length=12,
        title="Outils de suivi de l'activité",
        description="Chaque outil et son but.",
    )
    data_rules: tuple[Line, ...] = Field(default=(), max_length=12, title="Règles de sécurité des données")
    isolation: Text | None = Field(default=None, title="Lien avec l'équipe, prévention de l'isolement")
    council_opinion_on: Day | None = Field(default=None, title="Date de l'avis du CSE")
    council_opinion: CouncilOpinion | None = Field(default=None, title="Avis du CSE")
    council_absence: Line | None = Field(
        default=None,
        title="Absence de CSE",
        description="Pourquoi il n'y en a pas : effectif, ou procès-verbal de carence et sa date.",
    )


class CharterFacts(LetterFacts):
    """A charter is for everybody: it names no person."""

    person: PersonFacts = PersonFacts()
    details: CharterDetails = CharterDetails()


def _charter_context(facts: CharterFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    opinion = facts.details.council_opinion
    accident = delay(law, TeleworkStep.ACCIDENT_REPORT, issued_on)
    return {
        "opinion_words": OPINIONS[opinion] if opinion else "",
        "accident_words": accident.words if accident else "",
    }


def _charter_faults(facts: CharterFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details, wrong = facts.details, Fault.INCONSISTENT
    yield from no_delay(law, (TeleworkStep.ACCIDENT_REPORT,), issued_on)
    yield from contact_faults(details.contact_start, details.contact_end)
    if facts.employer.telework_basis in COLLECTIVE:
        yield Finding(
            wrong,
            "employer.telework_basis",
            "Un accord collectif organise déjà le télétravail",
            "L1222-9 I",
            "Une charte n'existe qu'à défaut d'accord : complétez l'accord, ou corrigez la fiche de l'employeur.",
        )
    if facts.employer.has_works_council:
        yield from before(
            details.council_opinion_on,
            details.effective_on,
            field="details.effective_on",
            label="La charte prendrait effet avant l'avis du CSE",
            article="L1222-9 I",
        )
        yield from before(
            details.council_opinion_on,
            issued_on,
            field="details.council_opinion_on",
            label="L'avis du CSE n'est pas encore donné",
            article="L1222-9 I",
        )
    yield from before(
        details.effective_on,
        details.review_on,
        field="details.review_on",
        label="La charte serait revue avant de s'appliquer",
        article="L1222-9 I",
    )


def _charter_deadlines(facts: CharterFacts, law: Law, issued_on: date) -> tuple[Deadline, ...]:
    details = facts.details
    if not details.effective_on:
        return ()
    start = details.effective_on
    return in_date_order(
        (
            Deadline(
                what="Remettre la charte à chaque personne et garder son accusé de réception",
                on=start,
                article="L1222-9 II 2°",
                holder="employer",
            ),
            Deadline(
                what="Inscrire les risques du télétravail au document unique",
                on=start,
                article="L4121-1 ; R4121-1",
                holder="employer",
            ),
            Deadline(what="Revoir la charte", on=details.review_on, article="L1222-9 I", holder="employer")
            if details.review_on
            else None,
        )
    )


class Delivery(StrEnum):
    """How a copy reaches a person."""

    BY_HAND = "by_hand"
    BY_MAIL = "by_mail"
    ON_LINE = "on_line"


DELIVERIES = {
    Delivery.BY_HAND: "en main propre, sur papier",
    Delivery.BY_MAIL: "par message électronique",
    Delivery.ON_LINE: "dans votre espace personnel en ligne",
}


class AcknowledgementDetails(Frozen):
    """One version given to one person; a receipt is neither consent to telework nor a change of contract."""

    version: Line | None = Field(default=None, title="Version de la charte")
    charter_effective_on: Day | None = Field(default=None, title="Date d'effet de cette version")
    charter_sha256: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{64}$",
        title="Empreinte SHA-256 du fichier remis",
        description="Elle prouve quelle version a été remise.",
    )
    replaced_version: Line | None = Field(
        default=None, title="Version remplacée", description="Vide : c'est la première version."
    )
    changes: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Ce qui change", description="Une ligne par changement."
    )
    delivery: Delivery | None = Field(default=None, title="Mode de remise")
    delivered_on: Day | None = Field(
        default=None, title="Date de remise", description="Vide : la personne l'écrit à la main."
    )
    answer_by: Day | None = Field(default=None, title="Accusé de réception attendu au plus tard le")
    question_contact: Line | None = Field(default=None, title="Contact pour toute question")


class AcknowledgementFacts(LetterFacts):
    details: AcknowledgementDetails = AcknowledgementDetails()


def _acknowledgement_context(facts: AcknowledgementFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    delivery = facts.details.delivery
    return {"delivery_words": DELIVERIES[delivery] if delivery else ""}


def _acknowledgement_faults(facts: AcknowledgementFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    yield from before(
        details.delivered_on or issued_on,
        details.answer_by,
        field="details.answer_by",
        label="L'accusé de réception serait attendu avant la remise",
        article="L1222-9 II 2°",
    )
    if details.replaced_version and details.replaced_version == details.version:
        yield Finding(
            Fault.INCONSISTENT,
            "details.replaced_version",
            "Une version ne se remplace pas elle-même",
            "L1222-9 II 2°",
            "Indiquez la version d'avant, ou laissez vide.",
        )


def _acknowledgement_deadlines(
    facts: AcknowledgementFacts, law: Law, issued_on: date
) -> tuple[Deadline, ...]:
    details = facts.details
    if not details.answer_by:
        return ()
    return (
        Deadline(
            what=f"Rendre l'accusé de réception de la charte, version {details.version}"[:200],
            on=details.answer_by,
            article="L1222-9 II 2°",
            holder="person",
        ),
    )


PAPERS = (
    Paper(
        kind=DocumentKind.TELEWORK_CHARTER,
        facts=CharterFacts,
        context=_charter_context,
        faults=_charter_faults,
        deadlines=_charter_deadlines,
        situations={
            "works_council": lambda facts: facts.employer.has_works_council,
            "no_works_council": lambda facts: not facts.employer.has_works_council,
        },
    ),
    Paper(
        kind=DocumentKind.CHARTER_ACKNOWLEDGEMENT,
        facts=AcknowledgementFacts,
        context=_acknowledgement_context,
        faults=_acknowledgement_faults,
        deadlines=_acknowledgement_deadlines,
        situations={"replaces": lambda facts: facts.details.replaced_version is not None},
    ),
)
