"""Scenarios in the page's language: how sure, what was asked, the figures, the weeks, and why for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from assessments.allocation.allocations import Counterfactual
from assessments.allocation.coverage import A_WEEK
from assessments.matching.matching import Outcome
from service.flows.recruiting import blind
from service.flows.waves.scenarios import INFEASIBLE
from service.flows.waves.scenarios_posing import First
from service.runtime.actors import Actor
from service.runtime.vocabulary import LockKind
from service.store.waves.scenarios import ScenarioFacts, StandingFacts
from service.store.waves.waves import WaveFacts
from service.web.figures import Figures
from service.web.matching.matching import STAGES
from service.web.translations import Translator, french
from service.web.waves.coverage import CoverageView, coverage_view

LOCKS = {
    LockKind.AT: french("Fixer à : %(title)s"),
    LockKind.NEVER: french("Jamais à : %(title)s"),
}
FIRST = {
    First.POLICY: french("L'ordre des règles en vigueur"),
    First.FILL: french("Remplir les places"),
    First.COVERAGE: french("Couvrir les demi-heures"),
    First.FIT: french("La meilleure adéquation"),
    First.WISHES: french("Les souhaits des personnes"),
}
OUTCOMES = {
    Outcome.MATCH: french("Correspond"),
    Outcome.AFTER_TRAINING: french("Après formation"),
    Outcome.AFTER_REMEDY: french("Après aménagement"),
}
SECONDS = {
    5: french("5 secondes"),
    20: french("20 secondes"),
    60: french("une minute"),
}
SURE = {
    "proved": french("Meilleure réponse, prouvée"),
    "best_found": french("Meilleure réponse trouvée dans le temps"),
    INFEASIBLE: french("Tout ne peut pas tenir ensemble"),
}
WHY_LEFT = {
    "no_fit": french("Aucun programme de la vague ne convient aujourd'hui"),
    "hours": french("Les horaires ne se rejoignent pas"),
    "kept_out": french("Un verrou tient la personne à l'écart"),
    "no_seats": french("Pas de place ouverte"),
    "seats_taken": french("Les places vont à des scores plus hauts"),
    "equals": french("À égalité, le tirage a donné la place"),
    "hours_needed_less": french("Ces heures manquaient moins"),
}
GOALS = {
    "fill": french("personnes placées"),
    "coverage": french("demi-heures couvertes"),
    "fit": french("points d'adéquation"),
    "wishes": french("points de souhaits"),
}


@dataclass(frozen=True)
class GoalView:
    """One goal: what was reached of what can be reached at most, in words."""

    words: str
    value: str
    bound: str
    is_best: bool


@dataclass(frozen=True)
class ProgrammeCoverage:
    """One programme of a scenario."""

    id: UUID
    title: str
    placed: int
    seats: int
    coverage: CoverageView | None


@dataclass(frozen=True)
class ScenarioView:
    """One scenario; `is_feasible` is false where nothing was placed because constraints collide."""

    id: UUID
    wave_id: UUID
    name: str
    sure: str
    is_proved: bool
    is_feasible: bool
    gap: str
    placed: int
    left: int
    seats: int
    total: str
    hours: str
    hours_needed: str
    percent: str
    by_hand: str
    goals: tuple[GoalView, ...]
    asked: tuple[str, ...]
    why_left: tuple[tuple[str, int], ...]
    fairness: Mapping[str, Any]
    collisions: tuple[tuple[str, ...], ...]
    programmes: tuple[ProgrammeCoverage, ...]
    made_by: str
    created_at: datetime
    is_stale: bool
    applied: int

    @property
    def why_left_rows(self) -> list[dict[str, Any]]:
        """As a chart of bars takes them."""
        return [{"label": why, "value": many} for why, many in self.why_left]


@dataclass(frozen=True)
class StandingView:
    """One person of a scenario; `week` are the hours planned, `others` the programmes not had, with why."""

    id: UUID
    name: str
    programme_id: UUID | None
    title: str
    reason: str
    why: str
    score: str
    outcome: str
    wish: str
    is_locked: bool
    week: tuple[Mapping[str, Any], ...]
    hours: str
    others: tuple[tuple[UUID | None, str, str], ...]
    application_id: UUID | None
    stage: str
    may_apply: bool
    applied_at: datetime | None
    applied_by: str


@dataclass(frozen=True)
class GainView:
    """One change that was solved again, and the points it brings."""

    words: str
    points: str


def gain_view(one: Counterfactual, translate: Translator) -> GainView:
    """The change with the people it brings, in a sentence."""
    words = one.text.in_(translate.locale.value)
    return GainView(words, Figures(translate.locale).number(one.points_more, digits=1))


def choices_of(translate: Translator) -> Mapping[str, list[tuple[str, str]]]:
    """The choices of the form for a scenario."""
    return {
        "first": [(one.value, translate(words)) for one, words in FIRST.items()],
        "outcomes": [(one.value, translate(words)) for one, words in OUTCOMES.items()],
        "seconds": [(str(one), translate(words)) for one, words in SECONDS.items()],
    }


def scenario_view(
    one: ScenarioFacts,
    titles: Mapping[UUID, str],
    translate: Translator,
    *,
    names: Mapping[UUID, str] | None = None,
) -> ScenarioView:
    """The scenario; `titles` and `names` stand for the ids that its sentences hold."""
    result, figures = one.result, Figures(translate.locale)
    is_feasible = one.outcome != INFEASIBLE
    coverage = result.get("coverage", []) if is_feasible else []
    needed = sum(half["needed"] for part in coverage for half in part["half_hours"])
    short = sum(max(0, half["needed"] - half["there"]) for part in coverage for half in part["half_hours"])
    return ScenarioView(
        id=one.id, wave_id=one.wave_id, name=one.name, sure=translate(SURE[one.outcome]),
        is_proved=one.outcome == "proved", is_feasible=is_feasible,
        gap=figures.number(100 * result.get("gap", 0), digits=1),
        placed=result.get("placed", 0), left=result.get("left", 0),
        seats=sum(part["seats"] for part in coverage),
        total=figures.number(result.get("total", 0), digits=0),
        hours=figures.number((needed - short) / 2), hours_needed=figures.number(needed / 2),
        percent=figures.number(100 * (needed - short) // needed) if needed else "",
        by_hand=_by_hand(result, translate),
        goals=tuple(_goal(goal, figures, translate) for goal in result.get("goals", [])),
        asked=_asked(one.settings, titles, translate),
        why_left=tuple(
            (translate(WHY_LEFT.get(why, why)), many) for why, many in result.get("left_why", {}).items()
        ),
        fairness=_fairness(result.get("fairness", {}), figures),
        collisions=tuple(
            tuple(named(step["text"][translate.locale.value], titles, names) for step in collision)
            for collision in result.get("collisions", [])
        ),
        programmes=tuple(_programme(part, titles, translate) for part in coverage),
        made_by=one.made_by, created_at=one.created_at, is_stale=one.is_stale, applied=one.applied,
    )  # fmt: skip


def line_view(one: ScenarioFacts, wave: WaveFacts, translate: Translator) -> ScenarioView:
    """A scenario in a list of its wave, where no sentence names a programme."""
    return scenario_view(one, {}, translate)


def named(words: str, titles: Mapping[UUID, str], names: Mapping[UUID, str] | None = None) -> str:
    """Sentences of the core hold ids; people read titles and names."""
    for known in (titles, names or {}):
        for row_id, said in known.items():
            words = words.replace(str(row_id), said)
    return words


def _goal(goal: Mapping[str, Any], figures: Figures, translate: Translator) -> GoalView:
    unit = 100 if goal["goal"] == "fit" else 1
    return GoalView(
        words=translate(GOALS[goal["goal"]]), value=figures.number(goal["value"] / unit, digits=0),
        bound=figures.number(goal["bound"] / unit, digits=0), is_best=goal["value"] >= goal["bound"],
    )  # fmt: skip


def _by_hand(result: Mapping[str, Any], translate: Translator) -> str:
    by_hand = result.get("by_hand")
    if not by_hand:
        return ""
    figures = Figures(translate.locale)
    return translate(
        french("À la main, en prenant toujours la meilleure paire : %(placed)s personnes, %(total)s points."),
        placed=by_hand["placed"], total=figures.number(by_hand["total"], digits=0),
    )  # fmt: skip


def _fairness(said: Mapping[str, Any], figures: Figures) -> Mapping[str, Any]:
    if not said:
        return {}
    most = figures.number(said["passed_over_points_max"], digits=1)
    return {**said, "passed_over_points_max": most, "first_wishes": said["wishes_given"].get("1", 0)}


def _asked(settings: Mapping[str, Any], titles: Mapping[UUID, str], translate: Translator) -> tuple[str, ...]:
    who = ", ".join(translate(OUTCOMES[Outcome(one)]).lower() for one in settings["outcomes"])
    found = [translate(french("Placer : %(who)s"), who=who)]
    first = First(settings["first"])
    if first is not First.POLICY:
        found.append(translate(french("D'abord : %(goal)s"), goal=translate(FIRST[first]).lower()))
    for change in settings["changes"]:
        title = titles.get(UUID(change["programme_id"]), "")
        if title:
            found += [f"{title} : {words}" for words in _change(change, translate)]
    return tuple(found)


def _change(change: Mapping[str, Any], translate: Translator) -> list[str]:
    found = []
    if change.get("seats") is not None:
        found.append(translate(french("%(n)s places"), n=change["seats"]))
    if change.get("seats_min"):
        found.append(translate(french("au moins %(n)s personnes"), n=change["seats_min"]))
    if change.get("opening_hours") is not None:
        found.append(translate(french("d'autres heures d'ouverture")))
    if change.get("split_shifts_allowed") is not None:
        words = (
            french("horaires coupés possibles")
            if change["split_shifts_allowed"]
            else french("sans horaires coupés")
        )
        found.append(translate(words))
    return found


def _programme(
    part: Mapping[str, Any], titles: Mapping[UUID, str], translate: Translator
) -> ProgrammeCoverage:
    needed, there = [0] * A_WEEK, [0] * A_WEEK
    for half in part["half_hours"]:
        needed[half["slot"]], there[half["slot"]] = half["needed"], half["there"]
    programme_id = UUID(part["programme"])
    return ProgrammeCoverage(
        id=programme_id, title=titles.get(programme_id, ""), placed=part["placed"], seats=part["seats"],
        coverage=coverage_view(needed, there, translate),
    )  # fmt: skip


def standing_view(
    actor: Actor, one: StandingFacts, titles: Mapping[UUID, str], translate: Translator
) -> StandingView:
    """One person, named as this actor may see them."""
    detail, figures, lang = one.detail, Figures(translate.locale), translate.locale.value
    wish = detail.get("wish")
    outcome = detail.get("outcome")
    return StandingView(
        id=one.candidate_id, name=blind.name_of(actor, one.candidate_id, one.shown_name),
        programme_id=one.programme_id, title=one.title,
        reason=named(detail["reason"][lang], titles),
        why=translate(WHY_LEFT.get(detail.get("why", ""), "")) if detail.get("why") else "",
        score=figures.number(detail["score"], digits=1) if "score" in detail else "",
        outcome=translate(OUTCOMES[Outcome(outcome)]) if outcome in set(OUTCOMES) else "",
        wish=translate(french("souhait n° %(n)s"), n=wish) if wish else "",
        is_locked=bool(detail.get("is_locked")), week=tuple(detail.get("roster") or ()),
        hours=figures.number((detail.get("half_hours") or 0) / 2),
        others=_others(detail, titles, lang), application_id=one.application_id,
        stage=translate(STAGES[one.stage]) if one.stage else "",
        may_apply=one.programme_id is not None and one.applied_at is None,
        applied_at=one.applied_at, applied_by=one.applied_by,
    )  # fmt: skip


def _others(
    detail: Mapping[str, Any], titles: Mapping[UUID, str], lang: str
) -> tuple[tuple[UUID | None, str, str], ...]:
    """Programmes that somebody left could not have, each with why; those passed over come with their own sentence."""
    entries: Sequence[Mapping[str, Any]] = (*detail.get("programmes", ()), *detail.get("passed_over", ()))
    return tuple(
        (
            UUID(one["programme"]),
            titles.get(UUID(one["programme"]), ""),
            named(one["reason"][lang], titles),
        )
        for one in entries
    )
