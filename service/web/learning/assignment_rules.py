"""Pages of the rules that give paths by themselves: written, looked at, switched on, changed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning import assignment_rules as flow
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken, StaleVersion
from service.runtime.vocabulary import Role
from service.store.learning import assignment_rules as store
from service.store.learning.assignment_rules import RuleFacts
from service.web.learning.assignment_rule_views import BASE, asked, form_of, slips, view, written
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import shown_version
from service.web.translations import Translator, french, locale_of

STALE = french("Quelqu'un a changé cette règle pendant que vous la modifiiez. Relisez, puis enregistrez.")


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
        return await _list_page(request, session, actor, library, now, typed={}, errors={})

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
            rule_id = await flow.write(session, actor, asked(data), editions=library, now=now)
        except RuleBroken as refusal:
            errors = slips(refusal)
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
            rule=view(rule, library, now, Translator(locale), say),
            foreseen=tuple((one.person, say.short_day(one.start_date)) for one in foreseen),
            is_cut=len(foreseen) == flow.AT_ONCE,
            may_write=actor.role is Role.TRAINER,
        )

    @get("/{rule_id:str}/edit", operation_id="web.assignment_rules.edit")
    async def edit(
        self,
        request: Request[Any, Any, Any],
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The rule as a form, with what a change means for those who were given its path."""
        rule = await store.facts_of(session, actor, rule_id)
        return await _edit_page(request, session, actor, library, now, rule, typed=written(rule))

    @post("/{rule_id:str}/edit", operation_id="web.assignment_rules.change", status_code=200)
    async def change(
        self,
        request: Request[Any, Any, Any],
        rule_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the change, and show whom the rule is for now; a slip or somebody else's change keeps what was typed."""
        try:
            rule = await flow.edit(
                session, actor, rule_id, asdict(asked(data)), check_version=shown_version(data),
                editions=library, now=now,
            )  # fmt: skip
        except (RuleBroken, StaleVersion) as refusal:
            rule = await store.facts_of(session, actor, rule_id)
            errors = slips(refusal) if isinstance(refusal, RuleBroken) else {}
            return await _edit_page(
                request, session, actor, library, now, rule, typed=data, errors=errors,
                stale="" if errors else STALE,
            )  # fmt: skip
        flash = (
            french("La règle est enregistrée.")
            if rule.is_active
            else french("La règle est enregistrée. Vérifiez qui elle concerne, puis activez-la.")
        )
        return redirect(f"{BASE}/{rule_id}", flash=flash)

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
    return render(
        request,
        "trainer/rules.html",
        title="Règles",
        status=422 if errors else 200,
        rules=tuple(view(rule, library, now, translate, say) for rule in rules),
        may_write=actor.role is Role.TRAINER,
        **await form_of(
            session, actor, library, now, locale, typed={"start_days": "0", **typed}, errors=errors
        ),
    )


async def _edit_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    now: datetime,
    rule: RuleFacts,
    *,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    stale: str = "",
) -> Template:
    locale = locale_of(request)
    say, translate = Reader(locale), Translator(locale)
    return render(
        request,
        "trainer/rule_edit.html",
        title="Modifier la règle",
        status=409 if stale else 422 if errors else 200,
        rule=view(rule, library, now, translate, say),
        version=str(rule.version),
        stale=translate(stale) if stale else "",
        **await form_of(session, actor, library, now, locale, typed=typed, errors=errors or {}, rule=rule),
    )
