"""The file of a training at a distance: what was planned, what was done, how long it took, who helped and when."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from documents.facts import Line, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.moments import Moment
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.trainings import (
    AT_A_DISTANCE,
    WAY_WORDS,
    Assistance,
    CertificateDetails,
    TrainingDetails,
    Way,
    proof_kept_until,
)
from documents.papers.work import delay_on
from documents.rates import Frozen
from documents.terms import DelayStep

MOST_ATTEMPTS, MOST_EXCHANGES, MOST_CLASSES = 400, 200, 200


class Standing(StrEnum):
    """How far an activity is; none of them judges the person."""

    DONE = "done"
    EXEMPTED = "exempted"
    BEGUN = "begun"
    TO_DO = "to_do"


STANDING_WORDS = {
    Standing.DONE: "réalisée",
    Standing.EXEMPTED: "dispensée sur justificatif",
    Standing.BEGUN: "commencée",
    Standing.TO_DO: "à faire",
}


class DoneActivity(Frozen):
    """One activity of the path: the mean duration told beforehand, and what the traces say."""

    title: Line = Field(title="Activité", description="Module, exercice, séance…")
    way: Way = Field(default=Way.ALONE, title="Modalité", description="À distance, sur site, au travail.")
    minutes: int = Field(gt=0, le=60_000, title="Durée moyenne", description="En minutes.")
    standing: Standing = Field(title="État", description="Réalisée, dispensée, commencée, à faire.")
    done_on: date | None = Field(
        default=None, title="Réalisée le", description="Vide tant qu'elle ne l'est pas."
    )
    spent_minutes: int | None = Field(
        default=None,
        ge=0,
        le=600_000,
        title="Temps réel",
        description="Mesuré, en minutes ; vide : non mesuré.",
    )


class TakenAssessment(Frozen):
    """One attempt at an assessment."""

    title: Line = Field(title="Évaluation", description="Le module et sa forme.")
    on: date = Field(title="Jour", description="Jour de l'essai.")
    attempt: int = Field(ge=1, le=1000, title="Essai", description="Le numéro de l'essai.")
    percent: int = Field(ge=0, le=100, title="Résultat", description="En pour cent.")
    pass_percent: int | None = Field(
        default=None, ge=1, le=100, title="Repère", description="En pour cent ; vide : celui du contenu."
    )
    is_reached: bool = Field(title="Repère atteint", description="Si le résultat atteint le repère.")

    @property
    def is_consistent(self) -> bool:
        """Whether the verdict is that of the mark; content that judges by its own mark is believed."""
        return self.pass_percent is None or self.is_reached is (self.percent >= self.pass_percent)


class Exchange(Frozen):
    """One question of the learner and its answer (assistance, D6313-3-1 1°)."""

    asked_at: Moment = Field(title="Demande", description="Jour et heure de la demande.")
    subject: Line = Field(title="Sur", description="Le module ou le sujet, sans le texte de la demande.")
    answered_at: Moment | None = Field(default=None, title="Réponse", description="Jour et heure.")
    answered_by: Line | None = Field(default=None, title="Par", description="Qui a répondu.")
    delay: Line | None = Field(default=None, title="Délai", description="Le temps entre demande et réponse.")


class AttendedClass(Frozen):
    """One half-day of a live class."""

    title: Line = Field(title="Séance", description="Le nom de la séance.")
    on: date = Field(title="Jour", description="Le jour.")
    half: Line = Field(title="Demi-journée", description="Matin ou après-midi, avec les heures.")
    minutes: int = Field(ge=0, le=1440, title="Présence", description="En minutes.")
    signed_at: Moment | None = Field(default=None, title="Signée", description="Par la personne.")
    trainer: Line | None = Field(default=None, title="Formateur", description="Qui a contresigné.")


class DistanceFileDetails(TrainingDetails):
    """All that D6313-3-1 wants shown of one learner's path, as the traces stand on the day of issue."""

    edition: Line | None = Field(
        default=None, title="Édition du parcours", description="Celle qui a été suivie."
    )
    objectives: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Objectifs", description="« Être capable de… », un par ligne."
    )
    activities: tuple[DoneActivity, ...] = Field(
        default=(),
        max_length=80,
        title="Activités",
        description="Durée moyenne, état et temps réel de chacune.",
    )
    assistance: tuple[Assistance, ...] = Field(
        default=(), max_length=12, title="Assistance", description="Pédagogique et technique."
    )
    exchanges: tuple[Exchange, ...] = Field(
        default=(), max_length=MOST_EXCHANGES, title="Échanges", description="Demandes d'aide et réponses."
    )
    assessments: tuple[TakenAssessment, ...] = Field(
        default=(), max_length=MOST_ATTEMPTS, title="Évaluations", description="Un essai par ligne."
    )
    classes: tuple[AttendedClass, ...] = Field(
        default=(), max_length=MOST_CLASSES, title="Séances", description="Une demi-journée par ligne."
    )
    planned_assessments: Line | None = Field(
        default=None, title="Évaluations prévues", description="Ce qui est évalué, quand, avec quel repère."
    )
    left_out: int = Field(
        default=0,
        ge=0,
        title="Lignes plus anciennes",
        description="Non imprimées ; le fichier des traces les garde.",
    )
    traces: Text | None = Field(
        default=None,
        title="Origine des traces",
        description="Comment les temps et les résultats sont relevés.",
    )
    accessibility_contact: Line | None = Field(
        default=None, title="Aménagements", description="Qui adapte la formation à une situation de handicap."
    )

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.activities)

    @property
    def done_minutes(self) -> int:
        """Mean duration of the activities done: what a certificate counts (ministry's model, note 1)."""
        return sum(one.minutes for one in self.activities if one.standing is Standing.DONE)

    @property
    def distance_minutes(self) -> int:
        return sum(one.minutes for one in self.activities if one.way in AT_A_DISTANCE)

    @property
    def spent_minutes(self) -> int | None:
        """The time measured; None where nothing was measured."""
        measured = [one.spent_minutes for one in self.activities if one.spent_minutes is not None]
        return sum(measured) if measured else None


class DistanceFileFacts(LetterFacts):
    details: DistanceFileDetails


def _wrong(field: str, label: str, remedy: str, article: str = "R6313-3") -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, article, remedy)


def _faults(facts: DistanceFileFacts, law: Law, day: date) -> Iterator[Finding]:
    """What the traces cannot say together: things to come, an answer before its question, a mark beside its bound."""
    details = facts.details
    if details.first_day and details.last_day and details.last_day < details.first_day:
        yield _wrong("details.last_day", "La formation finirait avant de commencer", "Corrigez les jours.")
    told = (
        ("details.activities", [one.done_on for one in details.activities]),
        ("details.assessments", [one.on for one in details.assessments]),
        ("details.exchanges", [one.asked_at.date() for one in details.exchanges]),
    )
    for field, days in told:
        if any(one is not None and one > day for one in days):
            yield _wrong(field, "Une trace est datée après le jour d'établissement", "Corrigez ce jour.")
    for one in details.activities:
        if one.standing is Standing.DONE and one.done_on is None:
            yield _wrong(
                "details.activities",
                f"« {one.title} » est réalisée sans jour",
                "Indiquez quand elle l'a été.",
            )
    if any(one.answered_at and one.answered_at < one.asked_at for one in details.exchanges):
        yield _wrong("details.exchanges", "Une réponse précède sa demande", "Corrigez les heures.")
    if not all(one.is_consistent for one in details.assessments):
        yield _wrong("details.assessments", "Un résultat contredit son repère", "Corrigez la ligne.")
    if details.assistance:
        for is_technical, name in ((False, "pédagogique"), (True, "technique")):
            if all(one.is_technical is not is_technical for one in details.assistance):
                yield Finding(
                    Fault.ABSENT,
                    "details.assistance",
                    f"Assistance {name}",
                    "D6313-3-1 1°",
                    f"Nommez qui apporte l'aide {name}, comment la joindre et sous quel délai elle répond.",
                )


def _kept_until(facts: DistanceFileFacts, law: Law, day: date) -> date:
    return proof_kept_until(CertificateDetails(last_day=facts.details.last_day), law, day)


def _context(facts: DistanceFileFacts, law: Law, day: date) -> dict[str, object]:
    details = facts.details
    answered = [one for one in details.exchanges if one.answered_at is not None]
    return {
        "provider": details.provider or facts.employer.name or "",
        "is_internal": details.provider is None,
        "way_words": {way.value: words for way, words in WAY_WORDS.items()},
        "standing_words": {one.value: words for one, words in STANDING_WORDS.items()},
        "exchanges": tuple(sorted(details.exchanges, key=_asked_at)),
        "answered": len(answered),
        "assessments": tuple(sorted(details.assessments, key=lambda one: (one.on, one.title, one.attempt))),
        "classes": tuple(sorted(details.classes, key=lambda one: one.on)),
        "proof_words": delay_on(law, DelayStep.TRAINING_PROOF, day).words,
        "kept_until": _kept_until(facts, law, day),
    }


def _asked_at(one: Exchange) -> datetime:
    return one.asked_at


def _deadlines(facts: DistanceFileFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    return (
        Deadline(
            what="Garder jusque-là les preuves de la formation à distance",
            on=_kept_until(facts, law, day),
            article="R6313-3 ; D6313-3-1",
            holder="employer",
        ),
    )


PAPERS = (
    Paper(
        kind=DocumentKind.DISTANCE_TRAINING_FILE,
        facts=DistanceFileFacts,
        context=_context,
        faults=_faults,
        situations={
            "by_others": lambda facts: facts.details.provider is not None,
            "with_classes": lambda facts: bool(facts.details.classes),
        },
        deadlines=_deadlines,
    ),
)
