"""What the pages of proof show, already written for the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onboarding.content import Bilingual
from service.flows.proof import training_details
from service.flows.proof.badge_keys import address_of
from service.flows.proof.training_files import Proof
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store.papers.papers import IssuedPaperFacts
from service.store.proof.badges import BadgeFacts
from service.store.proof.training_files import ListedFacts, ProvenFacts
from service.web.figures import Figures
from service.web.papers.papers_views import PaperView, paper_view
from service.web.paths.training_views import Reader
from service.web.translations import french

STANDINGS = {
    "done": french("réalisée"),
    "exempted": french("dispensée sur justificatif"),
    "begun": french("commencée"),
    "to_do": french("à faire"),
}


@dataclass(frozen=True)
class ListedView:
    """One line of the list."""

    href: str
    person: str
    title: str
    cohort: str
    start: str
    completed: str
    percent: int
    certificates: int
    files: int
    has_badge: bool


@dataclass(frozen=True)
class BadgeView:
    """A badge as its holder's and its trainer's pages show it."""

    id: str
    title: str
    issued: str
    completed: str
    valid_until: str
    withdrawn: str
    reason: str
    is_name_shown: bool
    address: str
    image_href: str


@dataclass(frozen=True)
class ActivityView:
    title: str
    standing: str
    done: str
    mean: str
    spent: str


@dataclass(frozen=True)
class ProofView:
    """All that is kept of one training."""

    person: str
    title: str
    edition: str
    cohort: str
    start: str
    completed: str
    is_complete: bool
    mean: str
    realised: str
    spent: str
    activities: tuple[ActivityView, ...]
    asked: int
    answered: int
    exchanges: tuple[dict[str, Any], ...]
    assessments: tuple[dict[str, Any], ...]
    classes: tuple[dict[str, Any], ...]
    papers: tuple[PaperView, ...]
    badge: BadgeView | None


def lasting(figures: Figures, minutes: int) -> str:
    """A length of time; less than an hour in minutes.

    >>> lasting(Figures(Locale.FR), 35).replace("\N{NO-BREAK SPACE}", "_")
    '35_min'
    """
    return f"{minutes}\N{NO-BREAK SPACE}min" if minutes < 60 else figures.hours(minutes)


def listed_view(one: ListedFacts, proven: ProvenFacts, library: Editions, say: Reader) -> ListedView:
    path = library.paths.get((one.path, one.edition))
    return ListedView(
        href=f"/training/files/{one.id}",
        person=one.person,
        title=say(path.title) if path else one.path,
        cohort=one.cohort,
        start=say.short_day(one.start_date),
        completed=say.short_day(one.completed_on) if one.completed_on else "",
        percent=one.percent,
        certificates=proven.certificates,
        files=proven.files,
        has_badge=proven.has_badge,
    )


def badge_view(badge: BadgeFacts, *, locale: Locale, settings: Settings) -> BadgeView:
    figures = Figures(locale)
    return BadgeView(
        id=str(badge.id),
        title=Reader(locale)(Bilingual(fr=badge.title_fr, en=badge.title_en)),
        issued=figures.day(civil_date(badge.issued_at)),
        completed=figures.day(civil_date(badge.completed_at)),
        valid_until=figures.day(civil_date(badge.valid_until)) if badge.valid_until else "",
        withdrawn=figures.day(civil_date(badge.withdrawn_at)) if badge.withdrawn_at else "",
        reason=badge.withdrawal_reason,
        is_name_shown=badge.is_name_shown,
        address=address_of(settings, str(badge.id)),
        image_href=f"/badges/{badge.id}/image.svg",
    )


def _day(say: Reader, line: dict[str, Any]) -> str:
    return say.short_day(date.fromisoformat(line["on"]))


def proof_view(
    proof: Proof,
    issued: Sequence[IssuedPaperFacts],
    badge: BadgeFacts | None,
    *,
    locale: Locale,
    settings: Settings,
) -> ProofView:
    say, figures = Reader(locale), Figures(locale)
    details = training_details.file_details(proof)
    spent = proof.measured_minutes
    exchanges = tuple(
        {
            "asked": figures.moment(one.asked_at),
            "subject": line["subject"],
            "answered": figures.moment(one.answered_at) if one.answered_at else "",
            "by": one.answered_by,
            "delay": line["delay"] or "",
        }
        for one, line in zip(proof.helped[-len(details["exchanges"]) :], details["exchanges"], strict=False)
    )
    return ProofView(
        person=proof.facts.person,
        title=say(proof.path.title),
        edition=proof.path.edition,
        cohort=proof.facts.cohort,
        start=say.day(proof.facts.start_date),
        completed=say.day(proof.progress.completed_on) if proof.progress.completed_on else "",
        is_complete=proof.progress.is_complete,
        mean=lasting(figures, proof.path.minutes),
        realised=lasting(figures, proof.realised_minutes),
        spent=lasting(figures, spent) if spent is not None else "",
        activities=tuple(
            ActivityView(
                title=say(one.title),
                standing=line["standing"],
                done=say.short_day(one.completed_on) if one.completed_on else "",
                mean=lasting(figures, one.minutes),
                spent=lasting(figures, line["spent_minutes"]) if line["spent_minutes"] is not None else "",
            )
            for one, line in zip(proof.progress.modules, details["activities"], strict=True)
        ),
        asked=len(proof.helped),
        answered=sum(one.answered_at is not None for one in proof.helped),
        exchanges=exchanges,
        assessments=tuple({**line, "on": _day(say, line)} for line in details["assessments"]),
        classes=tuple(
            {**line, "on": _day(say, line), "sheet_href": f"/classes/{class_id}/attendance-sheet"}
            for class_id, line in training_details.classes_of(proof)
        ),
        papers=tuple(paper_view(one, locale) for one in issued),
        badge=badge_view(badge, locale=locale, settings=settings) if badge else None,
    )
