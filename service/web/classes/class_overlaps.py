"""What pages say of classes at the same time: which, when, and whom they share."""

from dataclasses import dataclass

from onboarding.classes import Seat
from service.runtime.vocabulary import Locale
from service.store.classes.class_overlaps import OtherFacts, OverlapFacts
from service.store.classes.classes import ClassFacts, OwnClassFacts
from service.web.classes.class_views import hours_of
from service.web.figures import Figures
from service.web.translations import french

WARNINGS = {
    "planned": french("La séance est prévue. Elle tombe en même temps qu'une autre : voyez ci-dessous."),
    "changed": french("La séance est à jour. Elle tombe en même temps qu'une autre : voyez ci-dessous."),
    "handed_over": french(
        "La séance a changé de main. Elle tombe en même temps qu'une autre : voyez ci-dessous."
    ),
    "enrolled": french(
        "La liste est à jour. Quelqu'un a une autre séance au même moment : voyez ci-dessous."
    ),
    "own": french("Votre place est réservée. Vous avez une autre séance au même moment."),
}
"""What is said, with a warning's tone, once something was done that overlaps."""


@dataclass(frozen=True)
class OverlapView:
    """Another class at the same time; without a title and a link where the reader may not see it."""

    title: str
    href: str
    hours: str
    people: tuple[str, ...]
    has_same_trainer: bool


def overlap_views(
    overlaps: tuple[OverlapFacts, ...], *, zone: str, locale: Locale, base: str = "/classes"
) -> tuple[OverlapView, ...]:
    """Each overlap with its hours on the clocks of the class that the page is about."""
    return tuple(
        OverlapView(
            title=one.other.title, href=f"{base}/{one.other.id}" if one.other.id else "",
            hours=hours_of(one.other, zone, Figures(locale)), people=one.people,
            has_same_trainer=one.has_same_trainer,
        )
        for one in overlaps
    )  # fmt: skip


def own_overlaps(held: ClassFacts, own: tuple[OwnClassFacts, ...]) -> tuple[OverlapFacts, ...]:
    """A learner's other classes at the time of this one: those with a seat of theirs that hold."""
    return tuple(
        OverlapFacts(other=OtherFacts(**one.held.model_dump(include=set(OtherFacts.model_fields))))
        for one in own
        if one.seat is Seat.TAKEN
        and one.held.id != held.id
        and not one.held.is_cancelled
        and one.held.starts_at < held.ends_at
        and one.held.ends_at > held.starts_at
    )
