"""What pages show of training packages: units, learners and sizes in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from onboarding.packages.manifests import Manifest, Unit, UnitKind
from onboarding.packages.scorm_snapshots import Status
from service.runtime.vocabulary import PackageKind
from service.store.learning.package_attempts import AttemptFacts, UnitFacts
from service.store.paths.packages import PackageFacts
from service.web.figures import Figures
from service.web.translations import Translator, french

STANDARDS = {PackageKind.SCORM_1_2: "SCORM 1.2", PackageKind.SCORM_2004: "SCORM 2004"}

STATUSES = {
    Status.NOT_ATTEMPTED: (french("Pas commencé"), "none"),
    Status.BROWSED: (french("Parcouru"), "doing"),
    Status.INCOMPLETE: (french("En cours"), "doing"),
    Status.FAILED: (french("À reprendre"), "doing"),
    Status.COMPLETED: (french("Terminé"), "done"),
    Status.PASSED: (french("Réussi"), "done"),
}
"""What the content says of a unit, in words that leave the way open."""


@dataclass(frozen=True)
class ShelfView:
    """One package in the list."""

    href: str
    title: str
    standard: str
    units: int
    size: str
    learners: int
    created_at: datetime
    created_by: str
    is_withdrawn: bool


@dataclass(frozen=True)
class UnitView:
    """One unit: what it asks for and, for a learner, how far they are. `state` is a badge's."""

    number: int
    title: str
    href: str
    is_sco: bool
    mark: str
    state: str
    status: str
    score: str
    is_open: bool


@dataclass(frozen=True)
class AttemptView:
    """One learner in one package."""

    person: str
    href: str
    state: str
    status: str
    units: str
    score: str
    time: str
    begun_at: datetime
    reported_at: datetime | None


def shelf_view(facts: PackageFacts, figures: Figures, translate: Translator, *, href: str) -> ShelfView:
    return ShelfView(
        href=href,
        title=facts.title,
        standard=STANDARDS[facts.kind],
        units=len(facts.manifest.units),
        size=size_in_words(facts.size_bytes, figures, translate),
        learners=facts.learners,
        created_at=facts.created_at,
        created_by=facts.created_by,
        is_withdrawn=facts.is_withdrawn,
    )


def unit_view(
    number: int,
    unit: Unit,
    facts: UnitFacts | None,
    figures: Figures,
    translate: Translator,
    *,
    href: str,
    is_open: bool,
) -> UnitView:
    words, state = STATUSES[facts.best_status if facts else Status.NOT_ATTEMPTED]
    mark = (
        "" if unit.mastery_score is None else percent_in_words(float(unit.mastery_score), figures, translate)
    )
    score = None if facts is None else facts.best_hundredths
    return UnitView(
        number=number,
        title=unit.title or translate("Unité %(n)s", n=number),
        href=href,
        is_sco=unit.kind is UnitKind.SCO,
        mark=mark,
        state=state,
        status=translate(words),
        score="" if score is None else percent_in_words(score / 100, figures, translate),
        is_open=is_open,
    )


def attempt_view(
    facts: AttemptFacts, manifest: Manifest, figures: Figures, translate: Translator
) -> AttemptView:
    done = sum(one.best_status in (Status.COMPLETED, Status.PASSED) for one in facts.units)
    is_below = any(one.best_status is Status.FAILED for one in facts.units)
    words, state = STATUSES[
        Status.COMPLETED if facts.completed_at else Status.FAILED if is_below else Status.INCOMPLETE
    ]
    score = facts.score_hundredths
    return AttemptView(
        person=facts.person,
        href=f"/training/assignments/{facts.assignment_id}",
        state=state,
        status=translate(words),
        units=translate("%(done)s sur %(all)s", done=done, all=len(manifest.units)),
        score="" if score is None else percent_in_words(score / 100, figures, translate),
        time=time_in_words(facts.seconds, figures, translate),
        begun_at=facts.begun_at,
        reported_at=facts.reported_at,
    )


def percent_in_words(value: float, figures: Figures, translate: Translator) -> str:
    return translate("%(percent)s %%", percent=figures.number(value))


def time_in_words(seconds: int, figures: Figures, translate: Translator) -> str:
    """Time really spent: whole minutes, then hours."""
    if seconds < 60:
        return translate("moins d'une minute")
    minutes = seconds // 60
    return figures.hours(minutes) if minutes >= 60 else translate("%(n)s min", n=minutes)


def size_in_words(count: int, figures: Figures, translate: Translator) -> str:
    """A size as people read it: whole kilobytes, then megabytes with one decimal."""
    if count < 1_000_000:
        return translate("%(n)s ko", n=max(1, round(count / 1000)))
    return translate("%(n)s Mo", n=figures.number(count / 1_000_000, digits=1))
