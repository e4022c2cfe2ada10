"""What the pages of rules show: a rule in words, and the fields it is written with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning.assignment_rules import RuleAsked
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Locale, Stage
from service.store.learning import assignment_rules as store
from service.store.learning import board
from service.store.learning.assignment_rules import RuleFacts
from service.web.learning.board import MANY, path_choices
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french

BASE = "/training/rules"
STAGES = {
    Stage.APPLIED: french("Dès la candidature"),
    Stage.INVITED: french("Dès l'invitation"),
    Stage.ASSESSED: french("Dès les questionnaires remplis"),
    Stage.INTERVIEW: french("Dès l'entretien"),
    Stage.SHORTLISTED: french("Dès la présélection"),
    Stage.OFFER: french("Dès l'offre"),
    Stage.HIRED: french("Dès l'embauche"),
}
_FIELDS = ("name", "path", "programme", "stage", "skill", "post", "after_path", "start_days")
_SLIPS = {
    "/name": ("name", french("Donnez un nom de 1 à 120 caractères.")),
    "/path": ("path", french("Choisissez un parcours qui est proposé aujourd'hui.")),
    "/after_path": ("after_path", french("Choisissez un autre parcours que celui qui est donné.")),
    "/skill": ("skill", french("Choisissez une compétence de la liste.")),
    "/post": ("post", french("Choisissez un poste de la liste.")),
    "/programme_id": ("programme", french("Choisissez un de vos programmes.")),
    "/start_days": ("start_days", french("Donnez un nombre de jours ouvrés, de -120 à 120.")),
    "/conditions": ("programme", french("Posez au moins une condition, sinon tout le monde est concerné.")),
}


@dataclass(frozen=True)
class RuleView:
    """One rule in words."""

    id: str
    href: str
    name: str
    path: str
    conditions: tuple[str, ...]
    start: str
    is_active: bool
    given: int
    applied: str


def slips(refusal: RuleBroken) -> dict[str, str]:
    return dict(_SLIPS[fault.pointer] for fault in refusal.faults if fault.pointer in _SLIPS)


def asked(data: dict[str, str]) -> RuleAsked:
    stage, days = data.get("stage", ""), data.get("start_days", "").strip() or "0"
    return RuleAsked(
        name=data.get("name", ""),
        path=data.get("path", ""),
        programme_id=parse_id(data.get("programme", "")),
        stage=Stage(stage) if stage in set(Stage) else None,
        skill=data.get("skill") or None,
        post=data.get("post") or None,
        after_path=data.get("after_path") or None,
        start_days=int(days) if days.removeprefix("-").isdecimal() and len(days) < 6 else 10**6,
    )


def written(rule: RuleFacts) -> dict[str, str]:
    """The rule as its form holds it."""
    return {
        "name": rule.name,
        "path": rule.path,
        "programme": str(rule.programme_id or ""),
        "stage": rule.stage.value if rule.stage else "",
        "skill": rule.skill or "",
        "post": rule.post or "",
        "after_path": rule.after_path or "",
        "start_days": str(rule.start_days),
    }


def view(rule: RuleFacts, library: Editions, now: datetime, translate: Translator, say: Reader) -> RuleView:
    titles = _titles(library, say)
    conditions = []
    if rule.programme:
        conditions.append(translate("Candidature au programme %(name)s", name=rule.programme))
    if rule.stage:
        conditions.append(translate(STAGES.get(rule.stage, rule.stage.value)))
    if rule.skill:
        skill = library.resolver.skills.get(rule.skill)
        label = skill.label.in_(say.locale.value) if skill else rule.skill
        conditions.append(translate("Compétence à acquérir : %(name)s", name=label))
    if rule.post:
        conditions.append(translate("Poste : %(name)s", name=rule.post))
    if rule.after_path:
        title = titles.get(rule.after_path, rule.after_path)
        conditions.append(translate("A terminé : %(name)s", name=title))
    return RuleView(
        id=str(rule.id),
        href=f"{BASE}/{rule.id}",
        name=rule.name,
        path=titles.get(rule.path, rule.path),
        conditions=tuple(conditions),
        start=_start(rule.start_days, translate),
        is_active=rule.is_active,
        given=rule.given,
        applied=say.moment_day(rule.applied_at) if rule.applied_at else "",
    )


def _titles(library: Editions, say: Reader) -> dict[str, str]:
    """Every path ever given, by slug, under its newest name."""
    return {slug: say(path.title) for (slug, _), path in sorted(library.paths.items())}


def _start(days: int, translate: Translator) -> str:
    if days < 0:
        return translate("%(n)s jours ouvrés avant le premier jour de travail", n=-days)
    if days > 0:
        return translate("%(n)s jours ouvrés après le premier jour de travail", n=days)
    return translate("Le premier jour de travail")


async def form_of(
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    now: datetime,
    locale: Locale,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
    rule: RuleFacts | None = None,
) -> dict[str, Any]:
    """What the fields of a rule may be, and what they hold; a choice that is no longer offered stays to be seen."""
    say, translate, today = Reader(locale), Translator(locale), civil_date(now)
    skills = ((key, skill.label.in_(locale.value)) for key, skill in library.resolver.skills.items())
    roles = (say(one.title) for one in library.career_map_on(today).destinations)
    posts = {store.folded_post(one): one for one in (*roles, *await store.posts_of(session, actor))}
    shown = {name: typed.get(name, "") for name in _FIELDS}
    names = await board.programme_names(session, actor, limit=MANY)
    programmes = {str(one): name for one, name in names}
    if rule is not None and rule.programme_id is not None:
        programmes.setdefault(str(rule.programme_id), rule.programme)
    if shown["post"]:
        posts[store.folded_post(shown["post"])] = shown["post"]
    return {
        "paths": path_choices(library, today, say),
        "paths_done": tuple(_titles(library, say).items()),
        "programmes": tuple(programmes.items()),
        "stages": tuple((stage.value, translate(words)) for stage, words in STAGES.items()),
        "posts": tuple((one, one) for one in sorted(posts.values(), key=str.casefold)),
        "skills": tuple(sorted(skills, key=lambda one: one[1].casefold())),
        "typed": shown,
        "errors": {name: translate(words) for name, words in errors.items()},
    }
