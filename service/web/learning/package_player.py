"""A learner's page of a training package: its units, and the frame in which one of them plays."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.packages.manifests import UnitKind
from onboarding.packages.scorm_pages import SANDBOX
from service.flows.learning import package_attempts
from service.flows.learning.package_attempts import Place
from service.http.package_content import number_of, window_told
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict
from service.runtime.settings import Settings
from service.web.figures import Figures
from service.web.pages import redirect, render
from service.web.paths.package_views import UnitView, percent_in_words, time_in_words, unit_view
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french, locale_of

LEARNER = "/me/training"


class PackagePlayer(Controller):
    """The package of a module that one is learning."""

    path = LEARNER + "/{assignment_id:str}/modules/{module:str}/package"
    include_in_schema = False

    @get(operation_id="web.learning.package")
    async def show(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Its units and how far one is; one that has a single unit plays here."""
        try:
            place = await package_attempts.place_of(
                session, actor, assignment_id, module, editions=library, now=now
            )
        except Conflict as locked:
            reason = locked.said(Translator(locale_of(request)))
            return redirect(f"{LEARNER}/{assignment_id}", flash=reason, tone="info")
        if place.manifest is not None and len(place.manifest.units) == 1 and not place.is_withdrawn:
            return _player_page(request, place, 1)
        return _units_page(request, place)

    @get("/units/{number:str}", operation_id="web.learning.package_unit")
    async def show_unit(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        number: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """One unit, in its frame; what it reports is kept from the moment its window is opened."""
        try:
            place = await package_attempts.place_of(
                session, actor, assignment_id, module, editions=library, now=now
            )
        except Conflict as locked:
            reason = locked.said(Translator(locale_of(request)))
            return redirect(f"{LEARNER}/{assignment_id}", flash=reason, tone="info")
        if place.manifest is None or place.is_withdrawn:
            return redirect(_here(place))
        unit = package_attempts.unit_at(place.manifest, number_of(number))
        if place.standing is None or unit.identifier not in place.standing.open_units:
            told = french("Une autre unité vient avant celle-ci.")
            return redirect(_here(place), flash=told, tone="info")
        return _player_page(request, place, number_of(number))

    @post("/units/{number:str}/sessions", operation_id="web.learning.open_package_unit", status_code=201)
    async def open(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        number: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[dict[str, Any]]:
        """Open a window for a unit, as the player asks; its secrets are told to the page once."""
        opened = await package_attempts.open_unit(
            session, actor, assignment_id, module, number_of(number), editions=library, now=now
        )
        return Response(dict(window_told(opened, settings.public_url)))


def _here(place: Place) -> str:
    return f"{LEARNER}/{place.facts.id}/modules/{place.module.slug}/package"


def _common(request: Request[Any, Any, Any], place: Place) -> dict[str, Any]:
    say = Reader(locale_of(request))
    package = place.module.package
    return {
        "title": say(package.title) if package else "",
        "path_title": say(place.path.title),
        "path_href": f"{LEARNER}/{place.facts.id}",
        "module_title": say(place.module.title),
        "module_href": f"{LEARNER}/{place.facts.id}/modules/{place.module.slug}",
        "assistance": say(place.path.assistance),
    }


def _units_page(request: Request[Any, Any, Any], place: Place) -> Template:
    translate, figures = Translator(locale_of(request)), Figures(locale_of(request))
    found, units = place.standing, _unit_views(place, figures, translate)
    return render(
        request,
        "packages/units.html",
        **_common(request, place),
        is_here=place.manifest is not None,
        is_withdrawn=place.is_withdrawn,
        is_complete=found is not None and found.is_complete,
        percent=found.percent if found else 0,
        time=time_in_words(place.seconds, figures, translate) if place.attempt_id else "",
        units=units,
        next_unit=next((one for one in units if one.is_open and one.state != "done"), None),
    )


def _unit_views(place: Place, figures: Figures, translate: Translator) -> tuple[UnitView, ...]:
    """Every unit, those that the manifest hides from menus too: they count, and nothing else would open them."""
    if place.manifest is None or place.standing is None:
        return ()
    return tuple(
        unit_view(
            number, one, place.units.get(one.identifier), figures, translate,
            href=f"{_here(place)}/units/{number}", is_open=one.identifier in place.standing.open_units,
        )
        for number, one in enumerate(place.manifest.units, 1)
    )  # fmt: skip


def _player_page(request: Request[Any, Any, Any], place: Place, number: int) -> Template:
    translate, figures = Translator(locale_of(request)), Figures(locale_of(request))
    assert place.manifest is not None, "only what is on the shelf is played"
    unit = place.manifest.units[number - 1]
    facts = place.units.get(unit.identifier)
    is_alone = len(place.manifest.units) == 1
    shown = _common(request, place)
    mark = None if unit.mastery_score is None else float(unit.mastery_score)
    return render(
        request,
        "packages/player.html",
        **{**shown, "title": shown["title"] if is_alone or not unit.title else unit.title},
        package_title="" if is_alone else shown["title"],
        package_href=_here(place),
        unit=unit_view(number, unit, facts, figures, translate, href="", is_open=True),
        mark="" if mark is None else percent_in_words(mark, figures, translate),
        is_asset=unit.kind is UnitKind.ASSET,
        open_href=f"{_here(place)}/units/{number}/sessions",
        sandbox=SANDBOX,
    )
