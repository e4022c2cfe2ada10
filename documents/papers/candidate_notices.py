"""What an applicant is told beforehand: what is done with their data, and how their answers are looked at."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.facts import Line, PackFacts, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import LetterFacts, Paper
from documents.papers.work import delay_on
from documents.rates import Frozen
from documents.terms import ApplicantData, DelayStep, RetentionRow, in_force


class Basis(StrEnum):
    """Why data may be used (GDPR art. 6, 1)."""

    STEPS_BEFORE_CONTRACT = "steps_before_contract"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"


BASIS_WORDS = {
    Basis.STEPS_BEFORE_CONTRACT: "mesures avant un contrat (article 6, 1, b)",
    Basis.LEGITIMATE_INTEREST: "intérêt légitime (article 6, 1, f)",
    Basis.CONSENT: "votre accord (article 6, 1, a)",
    Basis.LEGAL_DUTY: "obligation légale (article 6, 1, c)",
}


class Purpose(Frozen):
    """One thing that data serve for, and what allows it."""

    purpose: Line = Field(title="But", description="À quoi servent les données.")
    basis: Basis = Field(title="Base légale", description="Ce qui permet ce traitement.")
    interest: Line | None = Field(
        default=None, title="Intérêt poursuivi", description="Pour un intérêt légitime : lequel."
    )


class Transfer(Frozen):
    """A recipient outside the European Union, and what protects the data there."""

    recipient: Line = Field(title="Destinataire et pays", description="Qui reçoit, et où.")
    safeguard: Line = Field(
        title="Garantie", description="Décision d’adéquation, clauses types… et où les lire."
    )


class CandidateNoticeDetails(Frozen):
    """What only this employer can say of its recruitment; rights and periods come with the paper."""

    post: Line | None = Field(default=None, title="Recrutement", description="Le poste ou le programme.")
    data_officer: Line | None = Field(
        default=None,
        title="Délégué à la protection des données",
        description="Nom ou adresse, s’il y en a un.",
    )
    purposes: tuple[Purpose, ...] = Field(
        default=(), max_length=12, title="Buts", description="Chaque but avec sa base légale."
    )
    data_used: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Données utilisées", description="Une catégorie par ligne."
    )
    other_sources: tuple[Line, ...] = Field(
        default=(),
        max_length=8,
        title="Autres sources",
        description="Données qui ne viennent pas de la personne.",
    )
    recipients: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Destinataires", description="Services et sous-traitants."
    )
    clients: tuple[Line, ...] = Field(
        default=(),
        max_length=20,
        title="Entreprises clientes",
        description="Celles à qui un profil est transmis, s’il y en a.",
    )
    transfers: tuple[Transfer, ...] = Field(
        default=(), max_length=10, title="Transferts hors de l’Union", description="Vide : aucun transfert."
    )
    compulsory: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Données obligatoires", description="Sans elles, pas de candidature."
    )
    consequence: Text | None = Field(
        default=None, title="Sans ces données", description="Ce qui se passe si elles manquent."
    )
    has_pool: bool = Field(default=False, title="Vivier", description="Un vivier est proposé, avec accord.")
    has_scores: bool = Field(
        default=True,
        title="Résultats calculés",
        description="Un programme calcule un résultat ou un classement.",
    )
    logic: Text | None = Field(
        default=None,
        title="Logique du calcul",
        description="Comment le résultat se forme, et ce qu’il change.",
    )
    decision_maker: Line | None = Field(
        default=None, title="Qui décide", description="La fonction de la personne qui décide."
    )


class CandidateNoticeFacts(LetterFacts):
    details: CandidateNoticeDetails


class Method(Frozen):
    """One way of looking at an application, as L1221-8 wants it told beforehand."""

    name: Line = Field(title="Méthode", description="Questionnaire, mesure de ligne, entretien…")
    looks_at: Line = Field(title="Ce qu’elle regarde", description="Les faits de travail qu’elle mesure.")
    minutes: int | None = Field(default=None, gt=0, le=600, title="Durée", description="En minutes.")
    is_optional: bool = Field(default=False, title="Facultative", description="La personne peut s’en passer.")


class Dimension(Frozen):
    """One thing that is looked at, what is measured of it, and how its points come about."""

    label: Line = Field(title="Thème", description="Autonomie, environnement, matériel…")
    measured: Text = Field(title="Ce qui est mesuré", description="Des faits liés au travail.")
    points: Text = Field(
        title="Comment comptent les points", description="Parts, repères, réponses sans point."
    )


class MethodNoticeDetails(Frozen):
    """How answers are looked at, by whom, and what follows."""

    post: Line | None = Field(default=None, title="Recrutement", description="Le poste ou le programme.")
    first_test_on: date | None = Field(
        default=None, title="Première évaluation le", description="L’information vient avant."
    )
    methods: tuple[Method, ...] = Field(
        default=(), max_length=12, title="Méthodes", description="Chaque méthode ou technique."
    )
    dimensions: tuple[Dimension, ...] = Field(
        default=(), max_length=12, title="Thèmes", description="Ce qui est regardé, et comment cela compte."
    )
    relevance: Text | None = Field(
        default=None, title="Lien avec l’emploi", description="Pourquoi ces thèmes comptent pour ce poste."
    )
    not_answered: Text | None = Field(
        default=None, title="Sans réponse", description="Ce que devient une question sans réponse."
    )
    seen_by: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Qui voit les résultats", description="Une fonction par ligne."
    )
    decision_maker: Line | None = Field(
        default=None, title="Qui décide", description="La fonction de la personne qui décide."
    )
    results_contact: Line | None = Field(
        default=None, title="Résultats et remarques", description="Où les demander et les commenter."
    )
    adjustment_contact: Line | None = Field(
        default=None, title="Aménagement", description="Qui peut adapter l’évaluation."
    )
    council_informed_on: date | None = Field(
        default=None, title="CSE informé le", description="S’il existe un CSE (L2312-38)."
    )
    uses_ai: bool = Field(
        default=False,
        title="Intelligence artificielle",
        description="Un modèle appris, et non une table de points écrite par des personnes.",
    )
    ai_words: Text | None = Field(
        default=None,
        title="Ce que fait ce système",
        description="Rôle, limites, surveillance par une personne.",
    )


class MethodNoticeFacts(LetterFacts):
    details: MethodNoticeDetails


def retention_on(law: Law, day: date) -> tuple[RetentionRow, ...]:
    """How long each kind of applicant's data is kept, in force on a day."""
    found = {row.data: row for row in in_force(law.terms.applicant_retention, day)}
    return tuple(found[kind] for kind in ApplicantData if kind in found)


def _notice_context(facts: CandidateNoticeFacts, law: Law, day: date) -> dict[str, object]:
    kept = tuple(
        row
        for row in retention_on(law, day)
        if facts.details.has_pool or row.data is not ApplicantData.TALENT_POOL
    )
    return {
        "kept": kept,
        "basis_words": {basis.value: words for basis, words in BASIS_WORDS.items()},
        "answer_words": delay_on(law, DelayStep.DATA_REQUEST_ANSWER, day).words,
    }


def _notice_faults(facts: CandidateNoticeFacts, law: Law, day: date) -> Iterator[Finding]:
    for number, purpose in enumerate(facts.details.purposes):
        if purpose.basis is Basis.LEGITIMATE_INTEREST and purpose.interest is None:
            yield Finding(
                Fault.ABSENT,
                f"details.purposes.{number}.interest",
                "Intérêt légitime poursuivi",
                "RGPD art. 13, 1, d",
                "Dites quel intérêt l'employeur poursuit.",
            )
    consents = any(one.basis is Basis.CONSENT for one in facts.details.purposes)
    if facts.details.has_pool and not consents:
        yield Finding(
            Fault.INCONSISTENT,
            "details.purposes",
            "Un vivier est proposé sans but qui repose sur l'accord de la personne",
            "RGPD art. 6, 1, a ; CNIL, guide du recrutement",
            "Ajoutez ce but, avec l'accord pour base, ou retirez le vivier.",
        )


def _method_context(facts: MethodNoticeFacts, law: Law, day: date) -> dict[str, object]:
    kept = {row.data: row for row in retention_on(law, day)}[ApplicantData.APPLICATION]
    known = [method.minutes for method in facts.details.methods if method.minutes]
    return {
        "total_minutes": sum(known),
        "kept": kept,
        "answer_words": delay_on(law, DelayStep.DATA_REQUEST_ANSWER, day).words,
    }


def _method_faults(facts: MethodNoticeFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if details.first_test_on and details.first_test_on < day:
        yield Finding(
            Fault.INCONSISTENT,
            "details.first_test_on",
            "L'évaluation a commencé avant cette information",
            "L1221-8",
            "Informez la personne avant la première évaluation, ou reportez-la.",
        )
    if details.council_informed_on and details.council_informed_on > day:
        yield Finding(
            Fault.INCONSISTENT,
            "details.council_informed_on",
            "L'information du CSE serait à venir",
            "L2312-38",
            "Informez le CSE d'abord, puis indiquez le jour.",
        )


def _prefill(facts: PackFacts) -> dict[str, object]:
    return {"post": facts.offer.job_title}


PAPERS = (
    Paper(
        kind=DocumentKind.CANDIDATE_NOTICE,
        facts=CandidateNoticeFacts,
        context=_notice_context,
        faults=_notice_faults,
        situations={
            "other_sources": lambda facts: bool(facts.details.other_sources),
            "to_clients": lambda facts: bool(facts.details.clients),
            "outside_union": lambda facts: bool(facts.details.transfers),
            "inside_union": lambda facts: not facts.details.transfers,
            "pool": lambda facts: facts.details.has_pool,
            "scored": lambda facts: facts.details.has_scores,
            "not_scored": lambda facts: not facts.details.has_scores,
            "data_officer": lambda facts: facts.details.data_officer is not None,
            "compulsory": lambda facts: bool(facts.details.compulsory),
            "rests_on_interest": lambda facts: any(
                one.basis is Basis.LEGITIMATE_INTEREST for one in facts.details.purposes
            ),
        },
        prefill=_prefill,
    ),
    Paper(
        kind=DocumentKind.METHOD_NOTICE,
        facts=MethodNoticeFacts,
        context=_method_context,
        faults=_method_faults,
        situations={
            "council": lambda facts: facts.employer.has_works_council,
            "ai": lambda facts: facts.details.uses_ai,
            "point_table": lambda facts: not facts.details.uses_ai,
        },
        prefill=_prefill,
    ),
)
