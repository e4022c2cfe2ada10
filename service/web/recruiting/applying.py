"""The page on which anybody applies: the programmes with their sheets, the notice, the form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.people.candidates import Identity
from service.flows.recruiting.applying import apply_oneself
from service.runtime.editions import Editions
from service.store.people import employer
from service.store.recruiting import programmes
from service.web.pages import redirect, render
from service.web.people.people_forms import LANGUAGES, LEVELS, PersonForm, read_person
from service.web.translations import Translator, french, locale_of


class ApplyPages(Controller):
    """Applying, for anybody."""

    include_in_schema = False
    path = "/apply"

    @get(operation_id="web.apply.show")
    async def show(self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]) -> Template:
        """The open programmes and the form."""
        return await _page(request, session, PersonForm(), {})

    @get("/thanks", operation_id="web.apply.thanks")
    async def thanks(self, request: Request[Any, Any, Any]) -> Template:
        """The same words for everybody, whether or not the address was known."""
        return render(request, "public/apply_thanks.html", title="Votre candidature est arrivée")

    @get("/{programme_id:str}", operation_id="web.apply.programme")
    async def for_programme(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """The form with this programme chosen."""
        facts = await programmes.sheet_of(session, programme_id)
        return await _page(request, session, PersonForm(programmes=(str(facts.id),)), {})

    @post(operation_id="web.apply.send", status_code=200)
    async def send(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Take an application; with errors the form comes back as it was typed."""
        form, said, errors = read_person(await request.form(), is_name_needed=True)
        if not form.programmes:
            errors["programmes"] = french("Choisissez au moins un programme.")
        if not form.is_read:
            errors["is_read"] = french("Lisez l'information ci-dessus, puis cochez cette case.")
        if errors or said is None:
            return await _page(request, session, form, errors, status=422)
        await apply_oneself(
            session, identity=Identity(said.given_name, said.family_name, said.email, said.phone),
            profile={**said.profile, "locale": locale_of(request).value}, programme_ids=said.programme_ids,
            editions=editions, now=now,
        )  # fmt: skip
        return redirect("/apply/thanks")


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    form: PersonForm,
    errors: Mapping[str, str],
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    record = await employer.record(session)
    open_ones = await programmes.open_to_all(session)
    return render(
        request, "public/apply.html", title="Nous rejoindre", status=status, form=form, open_ones=open_ones,
        programmes=[(str(one.id), one.title) for one in open_ones], languages=LANGUAGES,
        levels=[(level, level) for level in LEVELS], employer=record.facts,
        errors={name: translate(words) for name, words in errors.items()},
    )  # fmt: skip
