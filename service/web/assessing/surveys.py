"""What a candidate may say of themselves for the fairness figures: optional, kept apart, taken back at any time."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.assessing import surveys
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import AgeBand, Sex
from service.store.assessing import surveys as store
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

C = TypeVar("C", bound=StrEnum)

SEXES = {
    Sex.WOMAN: french("Une femme"),
    Sex.MAN: french("Un homme"),
    Sex.OTHER: french("Ni l'un ni l'autre, ou autrement"),
}
AGE_BANDS = {
    AgeBand.UNDER_26: french("Moins de 26 ans"),
    AgeBand.FROM_26_TO_39: french("De 26 à 39 ans"),
    AgeBand.FROM_40_TO_54: french("De 40 à 54 ans"),
    AgeBand.FROM_55: french("55 ans ou plus"),
}
NOT_OFFERED = french("Choisissez une des réponses de la liste, ou aucune.")


class SelfDescriptionPages(Controller):
    """One's own description."""

    path = "/me/description"
    include_in_schema = False

    @get(operation_id="web.self_description.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What it is for, who sees it, and what one said before."""
        said = await store.own_description(session, actor)
        typed = {"sex": said.sex or "", "age_band": said.age_band or ""}
        return _page(request, editions, now, typed, {}, is_given=any(typed.values()))

    @post(operation_id="web.self_description.give", status_code=200)
    async def give(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep it; a value that is not offered comes back to be put right."""
        typed = {name: data.get(name, "") for name in ("sex", "age_band")}
        errors = {
            name: NOT_OFFERED
            for name, offered in (("sex", Sex), ("age_band", AgeBand))
            if typed[name] and not _is_one_of(typed[name], offered)
        }
        if errors:
            return _page(request, editions, now, typed, errors, status=422)
        sex, age = typed["sex"], typed["age_band"]
        await surveys.describe(
            session, actor, sex=Sex(sex) if sex else None, age_band=AgeBand(age) if age else None, now=now
        )
        told = (
            french("C'est enregistré, à part de votre dossier.")
            if sex or age
            else french("Rien n'est gardé.")
        )
        return redirect("/me/description", flash=told)

    @post("/withdrawal", operation_id="web.self_description.withdraw", status_code=200)
    async def withdraw(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take it back."""
        await surveys.withdraw(session, actor, now=now)
        return redirect("/me/description", flash=french("Vos réponses sont effacées."))


def _is_one_of(value: str, offered: Iterable[StrEnum]) -> bool:
    return value in {one.value for one in offered}


def _page(
    request: Request[Any, Any, Any],
    editions: Editions,
    now: datetime,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    is_given: bool = False,
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    return render(
        request, "candidate/description.html", title=french("Parler de vous, si vous voulez"), status=status,
        typed=typed, errors=errors, is_given=is_given,
        few=editions.fairness_policy_on(civil_date(now)).few_people,
        sexes=[(one.value, translate(words)) for one, words in SEXES.items()],
        age_bands=[(one.value, translate(words)) for one, words in AGE_BANDS.items()],
    )  # fmt: skip
