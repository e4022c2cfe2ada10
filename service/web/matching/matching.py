"""A match as pages show it: words in the page's language, the score with the band of its grade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessments.matching.matching import Blocking, Match, SkillFit
from assessments.profiles import Importance
from service.flows.recruiting.shortlists import Listed, Suited
from service.flows.writing.shortlists_on_paper import lacking, lacking_languages
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale, Stage
from service.web.figures import Figures
from service.web.matching.plans import PlanView, plan_view
from service.web.translations import Translator, french

STAGES = {
    Stage.APPLIED: french("Candidature reçue"),
    Stage.INVITED: french("Invitée, invité"),
    Stage.ASSESSED: french("Questionnaires remplis"),
    Stage.INTERVIEW: french("Entretien"),
    Stage.SHORTLISTED: french("Présélection"),
    Stage.OFFER: french("Offre"),
    Stage.HIRED: french("Embauche"),
    Stage.NOT_RETAINED: french("Candidature close"),
    Stage.WITHDRAWN: french("Candidature retirée"),
}
CAUSES = {
    Blocking.LANGUAGE: french("langue"),
    Blocking.HOURS: french("horaires"),
    Blocking.LINE: french("ligne internet"),
    Blocking.WISH: french("souhait de la personne"),
    Blocking.SKILL: french("compétences"),
}


@dataclass(frozen=True)
class FitView:
    """One thing asked for: level shown and asked of 5, and the words that show it."""

    text: str
    is_must: bool
    shown: int
    asked: int
    evidence: str

    @property
    def is_met(self) -> bool:
        return self.shown >= self.asked


@dataclass(frozen=True)
class MatchView:
    """One pair for a page; `low` and `high` bound the band of the grade that the score lies in."""

    rank: int
    outcome: str
    cause: str
    score: float
    score_words: str
    low: float
    high: float
    met: tuple[FitView, ...]
    lacking: tuple[FitView, ...]
    lacking_languages: tuple[str, ...]
    usable_hours: str
    weekly_hours: str
    has_enough_hours: bool
    remedies: tuple[str, ...]
    plan: PlanView | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class RankedPersonView:
    """One person of a shortlist."""

    id: UUID
    name: str
    headline: str
    stage: str
    match: MatchView


@dataclass(frozen=True)
class RankedProgrammeView:
    """One programme for a person."""

    id: UUID
    title: str
    client_name: str
    stage: str
    match: MatchView


def match_view(match: Match, editions: Editions, translate: Translator) -> MatchView:
    """The pair in the page's language; the bands are those of the policy in force."""
    low, high = editions.matcher.policy.score.bands[match.grade]
    lang = translate.locale.value
    return MatchView(
        rank=match.rank,
        outcome=match.outcome.value,
        cause=translate(CAUSES[match.blocking]) if match.blocking else "",
        score=match.score,
        score_words=number(match.score, lang),
        low=low,
        high=high,
        met=_fits(fit for fit in match.met if fit.importance is not Importance.NICE),
        lacking=_fits(lacking(match)),
        lacking_languages=lacking_languages(match, lang),
        usable_hours=number(match.hours.usable, lang),
        weekly_hours=number(match.hours.weekly, lang),
        has_enough_hours=match.hours.ratio >= editions.matcher.policy.hours.enough_ratio,
        remedies=tuple(remedy.text.in_(lang) for remedy in match.remedies),
        plan=plan_view(match.plan, translate) if match.plan else None,
        reasons=tuple(reason.in_(lang) for reason in match.reasons),
    )


def _fits(fits: Iterable[SkillFit]) -> tuple[FitView, ...]:
    return tuple(fit_view(fit) for fit in fits)


def fit_view(fit: SkillFit) -> FitView:
    return FitView(fit.text, fit.importance is Importance.MUST, fit.shown, fit.asked, fit.evidence or "")


def number(value: float, lang: str) -> str:
    """A figure with at most one decimal.

    >>> number(30.0, "fr"), number(27.25, "fr"), number(27.5, "en")
    ('30', '27,2', '27.5')
    """
    return Figures(Locale(lang)).number(value, digits=1)


def person_view(one: Listed, editions: Editions, translate: Translator) -> RankedPersonView:
    return RankedPersonView(
        id=one.person.id,
        name=one.person.shown_name,
        headline=str(one.person.profile.get("headline") or ""),
        stage=translate(STAGES[one.applied.stage]) if one.applied else "",
        match=match_view(one.match, editions, translate),
    )


def programme_views(
    found: Sequence[Suited], editions: Editions, translate: Translator
) -> tuple[RankedProgrammeView, ...]:
    """What `recruiter/_matches.html` shows, from `shortlists.matches_of`."""
    return tuple(
        RankedProgrammeView(
            id=one.programme.id,
            title=one.programme.title,
            client_name=one.programme.client_name,
            stage=translate(STAGES[one.applied.stage]) if one.applied else "",
            match=match_view(one.match, editions, translate),
        )
        for one in found
    )


def stamp(moment: datetime) -> str:
    """A date for a file name."""
    return f"{moment:%Y-%m-%d}"
