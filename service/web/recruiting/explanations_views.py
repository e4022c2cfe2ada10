"""What explains a place, in the page's words: parts of a score, a training path, changes and whom they bring."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessments.matching.counterfactuals import Change, ChangeKind, Opening
from assessments.matching.placing import ScorePart
from assessments.matching.variations import Variation, VariationKind
from service.flows.learning.courses import TrainingPlan
from service.web.matching.matching import number
from service.web.people.people_forms import hours_words
from service.web.translations import Translator, french

PARTS = {
    "base": french("Palier de la note"),
    "must": french("Compétences indispensables"),
    "should": french("Compétences souhaitées"),
    "nice": french("Compétences en plus"),
    "hours": french("Heures possibles"),
    "home": french("Poste à domicile"),
    "preference": french("Préférences exprimées"),
}
THINGS = {
    ChangeKind.COMPUTER: french("un ordinateur adapté"),
    ChangeKind.HEADSET: french("un casque"),
    ChangeKind.ROOM: french("une pièce qui ferme"),
    ChangeKind.QUIET: french("un lieu calme"),
}
VARIATIONS = {
    VariationKind.OPENS_EARLIER: french("Ouvrir une demi-heure plus tôt, dès %(value)s"),
    VariationKind.CLOSES_LATER: french("Fermer une demi-heure plus tard, à %(value)s"),
    VariationKind.SPLIT_SHIFTS: french("Permettre deux ou trois vacations par jour"),
    VariationKind.FEWER_HOURS: french("Proposer un contrat de %(value)s h par semaine"),
    VariationKind.LENDS_EQUIPMENT: french("Prêter l'ordinateur et le casque"),
    VariationKind.NO_CARD_DATA: french("Masquer les données de carte, ou envoyer un lien de paiement"),
    VariationKind.NO_ONSITE_DAY: french("Ne demander aucun jour sur site"),
    VariationKind.LOWER_LEVEL: french("Demander « %(skill)s » au niveau %(value)s"),
    VariationKind.ONLY_WISHED: french("Souhaiter « %(skill)s » sans l'exiger"),
}


@dataclass(frozen=True)
class PartView:
    """One part of a score, as `scores.contributions` draws it."""

    label: str
    points: float
    most: float


@dataclass(frozen=True)
class CourseView:
    """One course of a path."""

    title: str
    hours: str
    done_on: date


@dataclass(frozen=True)
class TrainingView:
    """The shortest path of existing courses."""

    courses: tuple[CourseView, ...]
    hours: str
    done_on: date | None
    is_late: bool
    open_needs: tuple[str, ...]


@dataclass(frozen=True)
class OpeningView:
    """Changes in words, and the programmes that they open: id and title."""

    changes: tuple[str, ...]
    programmes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GainView:
    """One change of a programme in words, and the people it brings: id and name."""

    words: str
    matches: tuple[tuple[UUID, str], ...]
    leaves_no: tuple[tuple[UUID, str], ...]


def part_views(parts: Iterable[ScorePart], translate: Translator) -> tuple[PartView, ...]:
    return tuple(PartView(translate(PARTS[one.name]), one.points, one.most) for one in parts)


def training_view(plan: TrainingPlan | None, translate: Translator) -> TrainingView | None:
    if plan is None:
        return None
    lang = translate.locale.value
    return TrainingView(
        courses=tuple(
            CourseView(one.course.title.in_(lang), number(one.course.minutes / 60, lang), one.done_on)
            for one in plan.courses
        ),
        hours=number(plan.hours, lang),
        done_on=plan.done_on,
        is_late=plan.is_in_time is False,
        open_needs=tuple(dict.fromkeys(need.text for need in plan.open_needs)),
    )


def opening_views(
    openings: Iterable[Opening], titles: Mapping[str, str], translate: Translator
) -> tuple[OpeningView, ...]:
    """Openings in words; `titles` names the programmes by id."""
    return tuple(
        OpeningView(
            changes=change_words(one.changes, translate),
            programmes=tuple((name, titles[name]) for name in one.programmes if name in titles),
        )
        for one in openings
    )


def change_words(changes: Sequence[Change], translate: Translator) -> tuple[str, ...]:
    """Courses first, then days and hours together (« mercredi, 17:00 – 19:00 »), then things."""
    lang = translate.locale.value
    said = [change.course.title.in_(lang) for change in changes if change.course]
    windows = [
        {"day": change.window.day, "from": change.window.start, "to": change.window.end}
        for change in changes
        if change.window
    ]
    said += [f"{days}, {hours}" for days, hours in hours_words(windows, translate)]
    weekly = max((change.weekly_hours for change in changes if change.weekly_hours), default=None)
    if weekly:
        said.append(translate("un contrat de %(hours)s h par semaine", hours=number(weekly, lang)))
    return (*said, *(translate(THINGS[change.kind]) for change in changes if change.kind in THINGS))


def variation_words(variation: Variation, translate: Translator) -> str:
    """What would be asked for otherwise, as a sentence without its full stop."""
    sentence = VARIATIONS[variation.kind]
    facts = {"value": variation.value, "skill": variation.skill}
    return translate(sentence, **{name: value for name, value in facts.items() if f"%({name})s" in sentence})
