"""The letter on coming back from telework: moved to it later, one returns; hired for it, one has priority for posts."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import Field

from documents.allowances import AgreementKind
from documents.facts import Line, PackFacts, TeleworkOrigin, Text
from documents.faults import Fault, Finding
from documents.kinds import BOTH, EMPLOYER, DocumentKind, Signatory
from documents.law import Law
from documents.money import short_date
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.telework import (
    Asker,
    Day,
    Slot,
    VacantPost,
    before,
    delay,
    hours_faults,
    in_date_order,
    last_day,
    no_delay,
    sensitive_faults,
    slots_of,
    week_of,
)
from documents.rates import Frozen
from documents.terms import TeleworkStep


class ReversibilityDetails(Frozen):
    """Who asks, and how the return goes; or, for a person hired as a teleworker, which posts are vacant."""

    telework_origin: TeleworkOrigin = Field(
        default=TeleworkOrigin.AMENDMENT,
        title="Origine du télétravail",
        description="Prévu à l'embauche, ou mis en place plus tard : le retour n'est pas le même.",
    )
    asked_by: Asker = Field(default=Asker.PERSON, title="Qui demande le retour")
    is_in_adaptation: bool = Field(default=False, title="La période d'adaptation court encore")
    job_title: Line | None = Field(default=None, title="Intitulé du poste")
    telework_since: Day | None = Field(default=None, title="En télétravail depuis le")
    asked_on: Day | None = Field(default=None, title="Date de la demande")
    reason: Text | None = Field(
        default=None,
        title="Motif de l'employeur",
        description="Demandé quand l'employeur demande le retour. Rien sur la santé de la personne.",
    )
    notice_days: int | None = Field(
        default=None,
        ge=0,
        le=180,
        title="Délai de prévenance, en jours",
        description="Celui de l'avenant ou du texte.",
    )
    return_on: Day | None = Field(default=None, title="Premier jour sur site")
    slots: tuple[Slot, ...] = Field(default=(), max_length=28, title="Horaires après le retour")
    has_lent_equipment: bool = Field(default=True, title="La personne a du matériel de l'employeur")
    equipment_back_by: Day | None = Field(default=None, title="Matériel rendu au plus tard le")
    equipment_way: Line | None = Field(
        default=None, title="Comment rendre le matériel", description="L'employeur paie le transport."
    )
    posts_checked_on: Day | None = Field(default=None, title="Postes vacants vérifiés le")
    vacant_posts: tuple[VacantPost, ...] = Field(
        default=(), max_length=15, title="Postes sans télétravail vacants"
    )
    apply_to: Line | None = Field(default=None, title="À qui répondre")
    apply_by: Day | None = Field(default=None, title="Candidature au plus tard le")


class ReversibilityFacts(LetterFacts):
    details: ReversibilityDetails = ReversibilityDetails()

    @property
    def is_hired_for_it(self) -> bool:
        return self.details.telework_origin is TeleworkOrigin.HIRE

    @property
    def is_for_posts(self) -> bool:
        """Hired for telework and asking to leave it: no automatic return, a priority for vacant posts instead."""
        return self.is_hired_for_it and self.details.asked_by is Asker.PERSON

    @property
    def needs_consent(self) -> bool:
        """Whether the person has to agree: the employer asks, and no adaptation period or text lets it decide."""
        if self.details.asked_by is Asker.PERSON:
            return False
        is_let = self.details.is_in_adaptation or self.employer.telework_basis is not AgreementKind.NONE
        return self.is_hired_for_it or not is_let


def _context(facts: ReversibilityFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    details = facts.details
    answer = delay(law, TeleworkStep.AMENDMENT_ANSWER, issued_on)
    return {
        "is_for_posts": facts.is_for_posts,
        "needs_consent": facts.needs_consent,
        "week": week_of(details.slots),
        "last_telework_day": details.return_on - timedelta(days=1) if details.return_on else None,
        "answer_words": answer.words if answer else "",
        "answer_by": last_day(law, TeleworkStep.AMENDMENT_ANSWER, issued_on),
    }


def _faults(facts: ReversibilityFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    yield from no_delay(law, (TeleworkStep.AMENDMENT_ANSWER,), issued_on)
    yield from before(
        details.telework_since,
        details.asked_on,
        field="details.asked_on",
        label="Le retour serait demandé avant le début du télétravail",
        article="L1222-9 II 1°",
    )
    yield from before(
        details.asked_on,
        issued_on,
        field="details.asked_on",
        label="La demande serait postérieure à cette lettre",
        article="L1222-9 II 1°",
    )
    if details.reason:
        yield from sensitive_faults([("details.reason", details.reason)], law, issued_on)
    if facts.is_for_posts:
        yield from _post_faults(details, issued_on)
        return
    yield from hours_faults(details.slots, (), law.rules_on(issued_on).working_time)
    yield from _date_faults(facts, law, issued_on)


def _post_faults(details: ReversibilityDetails, issued_on: date) -> Iterator[Finding]:
    yield from before(
        details.posts_checked_on,
        issued_on,
        field="details.posts_checked_on",
        label="Les postes vacants seraient vérifiés après cette lettre",
        article="L1222-10 2°",
    )
    yield from before(
        issued_on,
        details.apply_by,
        field="details.apply_by",
        label="La date pour candidater est passée",
        article="L1222-10 2°",
    )


def _date_faults(facts: ReversibilityFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    if details.return_on and details.asked_on and details.notice_days is not None:
        earliest = details.asked_on + timedelta(days=details.notice_days)
        if details.return_on < earliest:
            yield _too_soon(
                f"Choisissez une date à partir du {short_date(earliest)}.", "le délai de prévenance"
            )
    answer_by = last_day(law, TeleworkStep.AMENDMENT_ANSWER, issued_on)
    if facts.needs_consent and details.return_on and answer_by and details.return_on <= answer_by:
        yield _too_soon(
            f"Choisissez une date après le {short_date(answer_by)}.", "la fin du délai de réponse"
        )
    if details.return_on and details.return_on <= issued_on:
        yield _too_soon("Choisissez une date après celle de cette lettre.", "la remise de cette lettre")
    if details.has_lent_equipment:
        yield from before(
            details.return_on,
            details.equipment_back_by,
            field="details.equipment_back_by",
            label="Le matériel serait rendu avant la fin du télétravail",
            article="ANI du 19 juillet 2005, art. 7",
        )


def _too_soon(remedy: str, what: str) -> Finding:
    return Finding(
        Fault.INCONSISTENT,
        "details.return_on",
        f"Le retour aurait lieu avant {what}",
        "L1222-9 II 1° ; CCN art. 14",
        remedy,
    )


def _deadlines(facts: ReversibilityFacts, law: Law, issued_on: date) -> tuple[Deadline, ...]:
    if facts.is_for_posts:
        return _post_deadlines(facts.details)
    details, article = facts.details, "L1222-9 II 1° ; ANI du 26 novembre 2020"
    answer_by = last_day(law, TeleworkStep.AMENDMENT_ANSWER, issued_on)
    back = details.equipment_back_by if details.has_lent_equipment else None
    start = details.return_on
    return in_date_order(
        (
            Deadline(
                what="Répondre à la proposition de retour ; le silence vaut refus",
                on=answer_by,
                article="CCN art. 14",
                holder="person",
            )
            if facts.needs_consent and answer_by
            else None,
            Deadline(
                what="Arrêter l'allocation de télétravail et l'indemnité d'occupation",
                on=start - timedelta(days=1),
                article="arrêté du 4 septembre 2025",
                holder="employer",
            )
            if start
            else None,
            Deadline(what="Préparer le poste sur site", on=start, article=article, holder="employer")
            if start
            else None,
            Deadline(
                what="Rendre le matériel", on=back, article="ANI du 19 juillet 2005, art. 7", holder="person"
            )
            if back
            else None,
        )
    )


def _post_deadlines(details: ReversibilityDetails) -> tuple[Deadline, ...]:
    if not details.apply_by:
        return ()
    if details.vacant_posts:
        what, holder = "Dire quel poste sans télétravail intéresse", "person"
    else:
        what, holder = "Vérifier à nouveau les postes sans télétravail vacants", "employer"
    return (Deadline(what=what, on=details.apply_by, article="L1222-10 2°", holder=holder),)


def _title(facts: ReversibilityFacts) -> str:
    if facts.is_for_posts:
        return "Votre demande de poste sans télétravail"
    return "Proposition de retour sur site" if facts.needs_consent else "Retour sur site"


def _signed_by(facts: ReversibilityFacts) -> tuple[Signatory, ...]:
    return BOTH if facts.needs_consent else EMPLOYER


def _prefill(hiring: PackFacts) -> Mapping[str, object]:
    return {
        "telework_origin": hiring.will.telework_origin,
        "job_title": hiring.offer.job_title,
        "telework_since": hiring.offer.start_date,
        "slots": slots_of(hiring.offer),
        "has_lent_equipment": bool(hiring.offer.equipment),
    }


PAPERS = (
    Paper(
        kind=DocumentKind.REVERSIBILITY_LETTER,
        facts=ReversibilityFacts,
        context=_context,
        faults=_faults,
        deadlines=_deadlines,
        prefill=_prefill,
        title=_title,
        signed_by=_signed_by,
        situations={
            "returns": lambda facts: not facts.is_for_posts,
            "returns_equipment": lambda facts: not facts.is_for_posts and facts.details.has_lent_equipment,
            "for_posts": lambda facts: facts.is_for_posts,
            "some_posts": lambda facts: facts.is_for_posts and bool(facts.details.vacant_posts),
            "no_posts": lambda facts: facts.is_for_posts and not facts.details.vacant_posts,
            "employer_asks": lambda facts: facts.details.asked_by is Asker.EMPLOYER,
            "consent": lambda facts: facts.needs_consent,
        },
    ),
)
