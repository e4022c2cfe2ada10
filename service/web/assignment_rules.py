"""Pages of the rules that give paths by themselves: written, looked at, switched on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows import assignment_rules as flow
from service.flows.assignment_rules import RuleAsked
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Role, Stage
from service.store import assignment_rules as store
from service.store import board
from service.store.assignment_rules import RuleFacts
from service.web.board import MANY, path_choices
from service.web.pages import redirect, render
from service.web.training_views import Reader
from service.web.translations import Translator, french, locale_of

BASE = "/training/rules"
STAGES = {
    Stage.SHORTLISTED: french("Dès la présélection"),
    Stage.OFFER: french("Dès l'offre"),
    Stage.HIRED: french("Dès l'embauche"),
}
_SLIPS = {
    "/name": ("name", french("Donnez un nom de 1 à 120 caractères.")),
    "/path": ("path", french("Choisissez un parcours qui est proposé aujourd'hui.")),
    "/after_path": ("after_path", french("Choisissez un autre parcours que celui qui est donné.")),
    "/skill": ("skill", french("Choisissez une compétence de la liste.")),
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


class AssignmentRulePages(Controller):
    """Rules that give paths."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.assignment_rules.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Every rule within reach, and a form for a new one."""
        return await _list_page(request, session, actor, library, now, typed={"start_days": "0"}, errors={})

    @post(operation_id="web.assignment_rules.write", status_code=200)
    async def write(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the rule switched off, and show whom it is for."""
        try:
            rule_id = await flow.write(session, actor, _asked(data), editions=library, now=now)
        except RuleBroken as refusal:
            errors = dict(_SLIPS[fault.pointer] for fault in refusal.faults if fault.pointer in _SLIPS)
            return await _list_page(request, session, actor, library, now, typed=data, errors=errors)
        flash = french("La règle est enregistrée. Vérifiez qui elle concerne, puis activez-la.")
        return redirect(f"{BASE}/{rule_id}", flash=flash)

    @get("/{rule_id:str}", operation_id="web.assignment_rules.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One rule, and whom it would give its path to now."""
        rule = await store.facts_of(session, actor, rule_id)
        say, locale = Reader(locale_of(request)), locale_of(request)
        foreseen = await flow.foresee(session, actor, rule, now=now)
        return render(
            request,
            "trainer/rule.html",
            title=rule.name,
            rule=_view(rule, library, now, Translator(locale), say),
            foreseen=tuple((one.person, say.short_day(one.start_date)) for one in foreseen),
            is_cut=len(foreseen) == flow.AT_ONCE,
            may_write=actor.role is Role.TRAINER,
        )

    @post("/{rule_id:str}/start", operation_id="web.assignment_rules.start", status_code=200)
    async def start(
        self,
        request: Request[Any, Any, Any],
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Switch it on and give its path at once."""
        try:
            count = await flow.start(session, actor, rule_id, editions=library, now=now)
        except RuleBroken:
            flash = french("Ce parcours n'est plus proposé. Écrivez une règle pour celui qui le remplace.")
            return redirect(f"{BASE}/{rule_id}", flash=flash, tone="warn")
        translate = Translator(locale_of(request))
        told = {
            0: translate("La règle est active. Personne ne remplit encore les conditions."),
            1: translate("La règle est active. Le parcours est donné à une personne."),
        }.get(
            count,
            translate("La règle est active. Le parcours est donné à %(n)s personnes.", n=count),
        )
        return redirect(f"{BASE}/{rule_id}", flash=told)

    @post("/{rule_id:str}/pause", operation_id="web.assignment_rules.pause", status_code=200)
    async def pause(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Switch it off; what it gave stays given."""
        await flow.switch(session, actor, rule_id, is_active=False, now=now)
        return redirect(f"{BASE}/{rule_id}", flash="La règle est en pause. Ce qu'elle a donné reste donné.")

    @post("/{rule_id:str}/remove", operation_id="web.assignment_rules.remove", status_code=200)
    async def remove(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Forget it; what it gave stays given."""
        await flow.remove(session, actor, rule_id, now=now)
        return redirect(BASE, flash="La règle est retirée. Ce qu'elle a donné reste donné.")


def _asked(data: dict[str, str]) -> RuleAsked:
    stage, days = data.get("stage", ""), data.get("start_days", "").strip() or "0"
    return RuleAsked(
        name=data.get("name", ""),
        path=data.get("path", ""),
        programme_id=parse_id(data.get("programme", "")),
        stage=Stage(stage) if stage in set(Stage) else None,
        skill=data.get("skill") or None,
        after_path=data.get("after_path") or None,
        start_days=int(days) if days.removeprefix("-").isdecimal() and len(days) < 6 else 10**6,
    )


def _view(rule: RuleFacts, library: Editions, now: datetime, translate: Translator, say: Reader) -> RuleView:
    titles = {slug: say(path.title) for (slug, _), path in sorted(library.paths.items())}
    conditions = []
    if rule.programme:
        conditions.append(translate("Candidature au programme %(name)s", name=rule.programme))
    if rule.stage:
        conditions.append(translate(STAGES.get(rule.stage, rule.stage.value)))
    if rule.skill:
        skill = library.resolver.skills.get(rule.skill)
        label = skill.label.in_(say.locale.value) if skill else rule.skill
        conditions.append(translate("Compétence à acquérir : %(name)s", name=label))
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


def _start(days: int, translate: Translator) -> str:
    if days < 0:
        return translate("%(n)s jours ouvrés avant le premier jour de travail", n=-days)
    if days > 0:
        return translate("%(n)s jours ouvrés après le premier jour de travail", n=days)
    return translate("Le premier jour de travail")


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    now: datetime,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    locale = locale_of(request)
    say, translate = Reader(locale), Translator(locale)
    rules = await store.rules_of(session, actor)
    skills = sorted(
        ((key, skill.label.in_(locale.value)) for key, skill in library.resolver.skills.items()),
        key=lambda one: one[1].casefold(),
    )
    names = ("name", "path", "programme", "stage", "skill", "after_path", "start_days")
    return render(
        request,
        "trainer/rules.html",
        title="Règles",
        status=422 if errors else 200,
        rules=tuple(_view(rule, library, now, translate, say) for rule in rules),
        paths=path_choices(library, civil_date(now), say),
        programmes=tuple(
            (str(one), name) for one, name in await board.programme_names(session, actor, limit=MANY)
        ),
        stages=tuple((stage.value, translate(words)) for stage, words in STAGES.items()),
        skills=tuple(skills),
        typed={name: typed.get(name, "") for name in names},
        errors={name: translate(words) for name, words in errors.items()},
        may_write=actor.role is Role.TRAINER,
    )
