"""Pages of one act for many learners: what would be done for each, then done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning import group_actions as flow
from service.flows.learning.board import Steps
from service.flows.learning.group_acts import Act, Asked, Chosen, Effect
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.web.learning.board import BASE, path_choices
from service.web.learning.board_views import exemptable_views, foreseen_view, move_views
from service.web.pages import own_path, redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

TITLES = {
    Act.GIVE: french("Donner un parcours à plusieurs personnes"),
    Act.REMIND: french("Écrire un rappel"),
    Act.ATTEMPTS: french("Ouvrir des essais"),
    Act.DATES: french("Reporter les dates"),
    Act.EXEMPT: french("Dispenser d'un module"),
    Act.EDITION: french("Changer d'édition"),
}

_DONE = {
    Act.GIVE: (
        french("Le parcours est donné à une personne."),
        french("Le parcours est donné à %(n)s personnes."),
    ),
    Act.REMIND: (french("Un rappel est parti."), french("%(n)s rappels sont partis.")),
    Act.ATTEMPTS: (
        french("Des essais sont ouverts pour une personne."),
        french("Des essais sont ouverts pour %(n)s personnes."),
    ),
    Act.DATES: (
        french("Les dates d'une personne sont reportées."),
        french("Les dates de %(n)s personnes sont reportées."),
    ),
    Act.EXEMPT: (
        french("Une personne est dispensée du module. Votre raison lui est écrite."),
        french("%(n)s personnes sont dispensées du module. Votre raison leur est écrite."),
    ),
    Act.EDITION: (
        french("Une personne suit maintenant l'édition donnée aujourd'hui. Ce qui est fait reste fait."),
        french(
            "%(n)s personnes suivent maintenant l'édition donnée aujourd'hui. Ce qui est fait reste fait."
        ),
    ),
}

_SLIPS = {
    "/path": ("path", french("Ce parcours n'est plus proposé. Choisissez-en un autre.")),
    "/start_date": ("start_date", french("Choisissez un jour de l'année passée ou des deux prochaines.")),
    "/count": ("count", french("Donnez un nombre de 1 à 10.")),
    "/days": ("days", french("Donnez un nombre de jours ouvrés, de 1 à 60.")),
    "/module": ("module", french("Choisissez un module.")),
}


@dataclass(frozen=True)
class _Form:
    """What a form of this page says, whatever it holds."""

    lines: tuple[UUID, ...]
    people: tuple[UUID, ...]
    fields: Mapping[str, str]

    @property
    def back(self) -> str:
        return own_path(self.fields.get("back", ""), otherwise=BASE)


class GroupActionPages(Controller):
    """One act for many learners."""

    path = f"{BASE}/actions"
    include_in_schema = False

    @post(operation_id="web.training.choose", status_code=200)
    async def choose(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say what the act would do for each of those who were ticked; nothing is done yet."""
        form = await _read(request)
        act = Act.GIVE if form.fields.get("give") else _act(form.fields.get("act", ""))
        typed = {
            "path": form.fields.get("give", ""), "start_date": civil_date(now).isoformat(), "count": "1",
            "days": "5", "words": "", "reason": "", "module": form.fields.get("module", ""),
        }  # fmt: skip
        return await _page(request, session, actor, library, now, act, form, typed=typed, errors={})

    @post("/{act:str}", operation_id="web.training.act", status_code=200)
    async def act(
        self,
        request: Request[Any, Any, Any],
        act: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Do it; on a slip the page comes back with everything that was typed."""
        form, asked_act = await _read(request), _act(act)
        try:
            chosen = await _chosen(session, actor, asked_act, form, library, now)
            done = await flow.act(
                session, actor, chosen, _asked(asked_act, form.fields), editions=library,
                settings=settings, files=files, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            errors = _errors(refusal, Translator(locale_of(request)))
            typed = {name: form.fields.get(name, "") for name in _FIELDS}
            return await _page(
                request, session, actor, library, now, asked_act, form, typed=typed, errors=errors
            )
        translate, count = Translator(locale_of(request)), len(done.done)
        changed = [one.person for one in done.effects if one.effect is Effect.CHANGED]
        if changed:
            names = translate(CHANGED, names=", ".join(changed))
            return await _page(
                request, session, actor, library, now, asked_act, form, typed=dict(form.fields), errors={},
                left=names,
            )  # fmt: skip
        if not count:
            return redirect(form.back, flash="Il n'y avait rien à faire pour ces personnes.", tone="info")
        one, many = _DONE[asked_act]
        return redirect(form.back, flash=translate(one if count == 1 else many, n=count))


CHANGED = french("La situation de ces personnes vient de changer, rien n'est fait pour elles : %(names)s.")
_FIELDS = ("path", "start_date", "count", "days", "words", "module", "reason")


def _errors(refusal: RuleBroken, translate: Translator) -> dict[str, str]:
    """Each fault beside its field; what has no sentence of its own here says what the flow says."""
    errors = {}
    for fault in refusal.faults:
        name, words = _SLIPS.get(fault.pointer, (fault.pointer.removeprefix("/"), ""))
        errors[name] = translate(words) if words else fault.said(translate)
    return errors


def _act(named: str) -> Act:
    try:
        return Act(named)
    except ValueError:
        raise NotFound from None


async def _read(request: Request[Any, Any, Any]) -> _Form:
    form = await request.form()
    told = {name: str(value) for name, value in form.multi_items()}
    return _Form(_ids(form.getall("line", [])), _ids(form.getall("person", [])), told)


def _ids(written: list[Any]) -> tuple[UUID, ...]:
    return tuple(found for one in written if (found := parse_id(str(one))) is not None)


def _asked(act: Act, fields: Mapping[str, str]) -> Asked:
    path, _, module = fields.get("module", "").partition("/")
    return Asked(
        act,
        path=path if act is Act.EXEMPT else fields.get("path", ""),
        module=module,
        start_date=read_day(fields.get("start_date", "")),
        count=_whole(fields.get("count", "1")),
        days=_whole(fields.get("days", "0")),
        words=" ".join(fields.get("words", "").split()),
        reason=" ".join(fields.get("reason", "").split()),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


async def _chosen(
    session: AsyncSession, actor: Actor, act: Act, form: _Form, library: Editions, now: datetime
) -> Chosen:
    return await flow.chosen_of(session, actor, form.lines, form.people, act=act, editions=library, now=now)


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    now: datetime,
    act: Act,
    form: _Form,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
    left: str = "",
) -> Template | Redirect:
    locale, today = locale_of(request), civil_date(now)
    say, translate, steps = Reader(locale), Translator(locale), Steps(library, today=today)
    try:
        chosen = await _chosen(session, actor, act, form, library, now)
    except RuleBroken as refusal:
        too_many = any(fault.code == "too-many" for fault in refusal.faults)
        words = (
            refusal.said(translate)
            if too_many
            else french("Cochez d'abord les personnes, puis choisissez ce que vous voulez faire.")
        )
        return redirect(form.back, flash=words, tone="warn")
    modules = exemptable_views(chosen.lines, say, editions=library) if act is Act.EXEMPT else ()
    if len(modules) == 1:
        typed["module"] = modules[0].value
    foreseen = await flow.foresee(session, actor, chosen, _asked(act, typed), editions=library, now=now)
    return render(
        request,
        "trainer/group_action.html",
        title=TITLES[act],
        status=422 if errors else 200,
        act=act.value,
        lines=tuple(str(one.id) for one in chosen.lines),
        people=tuple(str(one.id) for one in chosen.people),
        foreseen=tuple(foreseen_view(one, steps, say, translate) for one in foreseen),
        will=sum(one.effect is Effect.WILL for one in foreseen),
        paths=path_choices(library, today, say),
        moves=move_views(chosen.lines, say, editions=library, today=today) if act is Act.EDITION else (),
        modules=modules,
        module=next((one for one in modules if one.value == typed.get("module")), None),
        module_choices=tuple((one.value, f"{one.path} · {one.module}") for one in modules),
        least=library.term_rules_on(today).reason_least_characters,
        typed=typed,
        errors=errors,
        left=left,
        back=form.back,
    )
