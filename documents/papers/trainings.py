"""Papers of a training, on site or at a distance: programme, summons, certificate of completion, attestation."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pydantic import Field

from documents.facts import EmployerFacts, Line, Text, minutes_of
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.money import hours
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.work import delay_on
from documents.rates import Frozen
from documents.terms import DelayStep


class Nature(StrEnum):
    """What kind of action it is (L6313-1), in the order of the ministry's model."""

    TRAINING = "training"
    SKILLS_REVIEW = "skills_review"
    RECOGNITION = "recognition"
    APPRENTICESHIP = "apprenticeship"


NATURE_WORDS = {
    Nature.TRAINING: "action de formation",
    Nature.SKILLS_REVIEW: "bilan de compétences",
    Nature.RECOGNITION: "action de VAE",
    Nature.APPRENTICESHIP: "action de formation par apprentissage",
}


class Way(StrEnum):
    """How an activity is done: alone at a distance, with others at a distance, on site, or in a work situation."""

    ALONE = "alone"
    VIRTUAL_CLASS = "virtual_class"
    ON_SITE = "on_site"
    AT_WORK = "at_work"


WAY_WORDS = {
    Way.ALONE: "à distance, à votre rythme",
    Way.VIRTUAL_CLASS: "à distance, en direct",
    Way.ON_SITE: "sur site",
    Way.AT_WORK: "en situation de travail",
}
AT_A_DISTANCE = (Way.ALONE, Way.VIRTUAL_CLASS)


class Result(StrEnum):
    """How far an objective is reached; none of them is a mark on the person."""

    ACQUIRED = "acquired"
    IN_PROGRESS = "in_progress"
    NOT_ASSESSED = "not_assessed"


RESULT_WORDS = {
    Result.ACQUIRED: "acquis",
    Result.IN_PROGRESS: "en cours d’acquisition",
    Result.NOT_ASSESSED: "non évalué",
}


class Activity(Frozen):
    """One step of a training, with the time it takes on average."""

    title: Line = Field(title="Activité", description="Module, exercice, séance…")
    way: Way = Field(default=Way.ALONE, title="Modalité", description="À distance, sur site, au travail.")
    minutes: int = Field(gt=0, le=60_000, title="Durée moyenne", description="En minutes.")


class Assistance(Frozen):
    """Who helps, with what, how they are reached and how soon they answer (D6313-3-1, 1°)."""

    name: Line = Field(title="Qui", description="Nom ou équipe.")
    role: Line = Field(title="Pour quoi", description="Aide pédagogique, aide technique ; qualification.")
    contact: Line = Field(title="Comment", description="Téléphone, messagerie, page.")
    reply: Line = Field(title="Délai de réponse", description="Par exemple : un jour ouvré.")
    is_technical: bool = Field(default=False, title="Aide technique", description="Sinon, pédagogique.")


class Assessment(Frozen):
    """One assessment along the way or at the end (D6313-3-1, 3°)."""

    title: Line = Field(title="Évaluation", description="Quiz, mise en situation, écoute…")
    when: Line = Field(title="Quand", description="À la fin du module 2, le dernier jour…")
    criterion: Line = Field(title="Ce qui est attendu", description="Le repère de réussite.")


class Session(Frozen):
    """One meeting of a training."""

    on: date = Field(title="Jour", description="Le jour de la séance.")
    start: time = Field(title="Début", description="Heure de début.")
    end: time = Field(title="Fin", description="Heure de fin.")
    way: Way = Field(default=Way.VIRTUAL_CLASS, title="Modalité", description="À distance ou sur site.")
    place: Line = Field(title="Lieu ou lien", description="Adresse, salle, ou page de connexion.")

    @property
    def minutes(self) -> int:
        return minutes_of(self.end) - minutes_of(self.start)


class Outcome(Frozen):
    """One objective and what the assessment says of it."""

    objective: Line = Field(title="Objectif", description="Ce que la personne sait faire.")
    result: Result = Field(title="Résultat", description="Acquis, en cours, non évalué.")
    assessed_by: Line | None = Field(
        default=None, title="Évalué par", description="Quiz, mise en situation, écoute…"
    )


class TrainingDetails(Frozen):
    """What every paper of a training says of it."""

    title: Line | None = Field(default=None, title="Intitulé", description="Le nom de la formation.")
    provider: Line | None = Field(
        default=None,
        title="Dispensateur",
        description="L’organisme qui forme. Vide : l’employeur forme lui-même.",
    )
    provider_number: Line | None = Field(
        default=None,
        title="N° de déclaration d’activité",
        description="De l’organisme de formation ; vide pour une formation interne.",
    )
    first_day: date | None = Field(default=None, title="Premier jour", description="Début de la formation.")
    last_day: date | None = Field(default=None, title="Dernier jour", description="Fin de la formation.")


class ProgrammeDetails(TrainingDetails):
    """The whole path, told before it begins."""

    objectives: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Objectifs", description="« Être capable de… », un par ligne."
    )
    audience: Line | None = Field(default=None, title="Public", description="Pour qui.")
    prerequisites: Line | None = Field(
        default=None, title="Prérequis", description="« Aucun » s’il n’y en a pas."
    )
    activities: tuple[Activity, ...] = Field(
        default=(), max_length=60, title="Activités", description="Chacune avec sa durée moyenne."
    )
    assistance: tuple[Assistance, ...] = Field(
        default=(), max_length=12, title="Assistance", description="Pédagogique et technique."
    )
    assessments: tuple[Assessment, ...] = Field(
        default=(), max_length=20, title="Évaluations", description="En cours de route ou à la fin."
    )
    means: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Moyens", description="Outils, supports, matériel prêté."
    )
    follow_up: Line | None = Field(
        default=None, title="Preuves de réalisation", description="Traces de connexion, travaux rendus…"
    )
    accessibility_contact: Line | None = Field(
        default=None, title="Aménagements", description="Qui adapte la formation à une situation de handicap."
    )
    hired_on: date | None = Field(
        default=None, title="Embauche le", description="Une formation au poste ne commence pas avant."
    )
    is_before_hiring_with_funding: bool = Field(
        default=False, title="POEI", description="Formation avant embauche conventionnée avec France Travail."
    )
    work_analysis: Text | None = Field(
        default=None, title="Analyse du travail", description="Pour une formation en situation de travail."
    )
    tutor: Line | None = Field(
        default=None, title="Formateur en situation de travail", description="Désigné avant le début."
    )
    reflective_phases: Text | None = Field(
        default=None, title="Temps de recul", description="Distincts des situations de travail."
    )

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.activities)

    @property
    def distance_minutes(self) -> int:
        return sum(one.minutes for one in self.activities if one.way in AT_A_DISTANCE)

    @property
    def is_at_work(self) -> bool:
        return any(one.way is Way.AT_WORK for one in self.activities)


class ProgrammeFacts(LetterFacts):
    details: ProgrammeDetails


class SummonsDetails(TrainingDetails):
    """Where to be and when, with what, and whom to call."""

    sessions: tuple[Session, ...] = Field(
        default=(), max_length=40, title="Séances", description="Chaque rendez-vous."
    )
    trainer: Line | None = Field(default=None, title="Formateur", description="Qui anime.")
    contact: Line | None = Field(
        default=None, title="Contact", description="En cas de retard, d’absence ou de panne."
    )
    to_bring: tuple[Line, ...] = Field(
        default=(), max_length=10, title="À prévoir", description="Casque, pièce calme, pièce d’identité…"
    )
    accessibility_contact: Line | None = Field(
        default=None, title="Aménagements", description="Qui adapte la séance."
    )
    travel: Line | None = Field(
        default=None, title="Déplacement", description="Trajet et frais, pour une séance sur site."
    )

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.sessions)

    @property
    def is_on_site(self) -> bool:
        return any(one.way in (Way.ON_SITE, Way.AT_WORK) for one in self.sessions)


class SummonsFacts(LetterFacts):
    details: SummonsDetails


class CertificateDetails(TrainingDetails):
    """What the ministry's model of the certificate asks for."""

    nature: Nature = Field(
        default=Nature.TRAINING, title="Nature", description="Une des quatre actions de L6313-1."
    )
    realised_minutes: int | None = Field(
        default=None,
        gt=0,
        le=600_000,
        title="Durée réalisée",
        description="En minutes ; à distance, le temps estimé des activités réalisées.",
    )
    has_distance_part: bool = Field(
        default=False, title="À distance", description="Tout ou partie de la formation est à distance."
    )
    last_payment_on: date | None = Field(
        default=None, title="Dernier paiement", description="La conservation part de la fin de cette année."
    )
    signed_at: Line | None = Field(default=None, title="Fait à", description="La ville.")


class CertificateFacts(LetterFacts):
    details: CertificateDetails


class AttestationDetails(TrainingDetails):
    """What was aimed at, how long it took, and what the assessment says."""

    nature: Nature = Field(
        default=Nature.TRAINING, title="Nature", description="Une des quatre actions de L6313-1."
    )
    ways: tuple[Line, ...] = Field(
        default=(), max_length=6, title="Modalités", description="À distance, sur site, au travail."
    )
    realised_minutes: int | None = Field(
        default=None, gt=0, le=600_000, title="Durée réalisée", description="En minutes."
    )
    outcomes: tuple[Outcome, ...] = Field(
        default=(), max_length=20, title="Objectifs et résultats", description="Un par ligne."
    )
    comment: Text | None = Field(
        default=None, title="Remarque", description="Ce que la personne ou le formateur ajoute."
    )


class AttestationFacts(LetterFacts):
    details: AttestationDetails


def proof_kept_until(details: CertificateDetails, law: Law, day: date) -> date:
    """The last day to keep the proofs: some years after the end of the year of the last payment.

    Without a payment the last day of the training stands for it, as for a training by the employer itself.
    """
    from_year = (details.last_payment_on or details.last_day or day).year
    return date(from_year + delay_on(law, DelayStep.TRAINING_PROOF, day).years, 12, 31)


def _wrong(field: str, label: str, article: str, remedy: str) -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, article, remedy)


def _date_faults(details: TrainingDetails) -> Iterator[Finding]:
    if details.first_day and details.last_day and details.last_day < details.first_day:
        yield _wrong(
            "details.last_day",
            "La formation finirait avant de commencer",
            "L6313-2",
            "Corrigez les jours.",
        )


def _programme_faults(facts: ProgrammeFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    yield from _date_faults(details)
    if details.assistance and details.distance_minutes:
        for is_technical, name in ((False, "pédagogique"), (True, "technique")):
            if all(one.is_technical is not is_technical for one in details.assistance):
                yield Finding(
                    Fault.ABSENT,
                    "details.assistance",
                    f"Assistance {name}",
                    "D6313-3-1 1°",
                    f"Nommez qui apporte l'aide {name}, comment la joindre et sous quel délai elle répond.",
                )
    early = details.hired_on and details.first_day and details.first_day < details.hired_on
    if early and not details.is_before_hiring_with_funding:
        yield _wrong(
            "details.first_day",
            "La formation au poste commencerait avant l'embauche",
            "L1221-10 ; L6326-1",
            "Commencez à l'embauche, ou signez d'abord une POEI avec France Travail.",
        )
    if details.first_day and details.last_day:
        yield from _too_long(
            details.minutes, details.first_day, details.last_day, law=law, field="details.activities"
        )


def _too_long(minutes: int, first: date, last: date, *, law: Law, field: str) -> Iterator[Finding]:
    if last < first:
        return  # said by the days themselves
    longest = law.rules_on(first).working_time.max_day_minutes * ((last - first).days + 1)
    if minutes > longest:
        yield _wrong(
            field,
            f"{hours(minutes)} ne tiennent pas entre ces deux jours",
            "L3121-18",
            "Corrigez la durée ou les jours.",
        )


def _summons_faults(facts: SummonsFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    yield from _date_faults(details)
    ordered = sorted(details.sessions, key=lambda one: (one.on, one.start))
    for one in ordered:
        if one.minutes <= 0:
            yield _wrong(
                "details.sessions", "Une séance finit avant de commencer", "L6321-2", "Corrigez les heures."
            )
    for before, after in pairwise(ordered):
        if before.on == after.on and after.start < before.end:
            yield _wrong("details.sessions", "Deux séances se chevauchent", "L6321-2", "Corrigez les heures.")
    if ordered and ordered[0].on < day:
        yield _wrong(
            "details.sessions",
            "La première séance est déjà passée",
            "L6321-2",
            "Convoquez avant la première séance.",
        )
    yield from _days_too_long(ordered, law)


def _days_too_long(sessions: Iterable[Session], law: Law) -> Iterator[Finding]:
    each: dict[date, int] = {}
    for one in sessions:
        each[one.on] = each.get(one.on, 0) + one.minutes
    for on, minutes in each.items():
        yield from _too_long(minutes, on, on, law=law, field="details.sessions")


def _realised_faults(facts: Any, law: Law, day: date) -> Iterator[Finding]:
    """What a certificate or an attestation cannot say: a training to come, or more hours than its days hold."""
    details = facts.details
    yield from _date_faults(details)
    if details.last_day and details.last_day > day:
        yield _wrong(
            "details.last_day",
            "La formation n'est pas finie : elle ne peut pas être attestée",
            "R6313-3",
            "Attendez le dernier jour.",
        )
    if details.first_day and details.last_day and details.realised_minutes:
        yield from _too_long(
            details.realised_minutes,
            details.first_day,
            details.last_day,
            law=law,
            field="details.realised_minutes",
        )


def _certificate_faults(facts: CertificateFacts, law: Law, day: date) -> Iterator[Finding]:
    yield from _realised_faults(facts, law, day)
    if facts.details.provider:
        yield _wrong(
            "details.provider",
            "Le certificat est établi par l'organisme qui a formé",
            "Modèle du ministère du Travail",
            "Demandez-le à cet organisme ; l'employeur ne certifie que ses propres formations.",
        )


def _shared(facts: Any) -> dict[str, object]:
    employer: EmployerFacts = facts.employer
    return {
        "provider": facts.details.provider or employer.name or "",
        "is_internal": facts.details.provider is None,
    }


def _programme_context(facts: ProgrammeFacts, law: Law, day: date) -> dict[str, object]:
    return _shared(facts) | _way_words()


def _summons_context(facts: SummonsFacts, law: Law, day: date) -> dict[str, object]:
    ordered = tuple(sorted(facts.details.sessions, key=lambda one: (one.on, one.start)))
    return _shared(facts) | _way_words() | {"sessions": ordered}


def _way_words() -> dict[str, object]:
    return {"way_words": {way.value: words for way, words in WAY_WORDS.items()}}


def _certificate_context(facts: CertificateFacts, law: Law, day: date) -> dict[str, object]:
    return _shared(facts) | {
        "natures": {nature.value: words for nature, words in NATURE_WORDS.items()},
        "proof_words": delay_on(law, DelayStep.TRAINING_PROOF, day).words,
        "kept_until": proof_kept_until(facts.details, law, day),
    }


def _attestation_context(facts: AttestationFacts, law: Law, day: date) -> dict[str, object]:
    return _shared(facts) | {
        "nature_words": NATURE_WORDS[facts.details.nature],
        "result_words": {result.value: words for result, words in RESULT_WORDS.items()},
    }


def _certificate_deadlines(facts: CertificateFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    return (
        Deadline(
            what="Garder jusque-là les preuves de la formation",
            on=proof_kept_until(facts.details, law, day),
            article="R6313-3 ; modèle de certificat du ministère du Travail",
            holder="employer",
        ),
    )


def _summons_deadlines(facts: SummonsFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    if not facts.details.sessions:
        return ()
    first = min(one.on for one in facts.details.sessions)
    return (
        Deadline(what="Suivre la première séance de formation", on=first, article="L6321-2", holder="person"),
    )


PAPERS = (
    Paper(
        kind=DocumentKind.TRAINING_PROGRAMME,
        facts=ProgrammeFacts,
        context=_programme_context,
        faults=_programme_faults,
        situations={
            "at_distance": lambda facts: facts.details.distance_minutes > 0,
            "at_work": lambda facts: facts.details.is_at_work,
            "by_others": lambda facts: facts.details.provider is not None,
            "before_hiring": lambda facts: facts.details.is_before_hiring_with_funding,
        },
    ),
    Paper(
        kind=DocumentKind.TRAINING_SUMMONS,
        facts=SummonsFacts,
        context=_summons_context,
        faults=_summons_faults,
        situations={"on_site": lambda facts: facts.details.is_on_site},
        deadlines=_summons_deadlines,
    ),
    Paper(
        kind=DocumentKind.COMPLETION_CERTIFICATE,
        facts=CertificateFacts,
        context=_certificate_context,
        faults=_certificate_faults,
        situations={"at_distance": lambda facts: facts.details.has_distance_part},
        deadlines=_certificate_deadlines,
    ),
    Paper(
        kind=DocumentKind.TRAINING_ATTESTATION,
        facts=AttestationFacts,
        context=_attestation_context,
        faults=_realised_faults,
    ),
)
