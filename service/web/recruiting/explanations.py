"""Why somebody stands where they stand, all programmes of one person, and what a programme could ask for otherwise."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from assessments.matching.variations import Gained
from service.flows.recruiting import blind, explaining
from service.flows.recruiting.explaining import Gains
from service.flows.recruiting.shortlists import Listed
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.reach import id_of
from service.web.matching.matching import RankedPersonView, match_view, person_view
from service.web.pages import render
from service.web.recruiting.explanations_views import (
    GainView,
    opening_views,
    part_views,
    training_view,
    variation_words,
)
from service.web.translations import Translator, locale_of


class ExplanationPages(Controller):
    """Explanations."""

    include_in_schema = False

    @get("/programmes/{programme_id:str}/shortlist/{candidate_id:str}", operation_id="web.matches.explain")
    async def explain(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One place of a shortlist, whole."""
        found = await explaining.explain(
            request.app.state.database, actor, id_of(programme_id), id_of(candidate_id), editions=library_apart,
            now=now,
        )  # fmt: skip
        shown = explaining.veiled(actor, found)
        translate = Translator(locale_of(request))

        def beside(one: Listed | None) -> RankedPersonView | None:
            return person_view(one, library_apart, translate) if one else None

        return render(
            request,
            "recruiter/explanation.html",
            title="Pourquoi cette place",
            programme=shown.programme,
            person=person_view(Listed(shown.person, shown.match, None), library_apart, translate),
            parts=part_views(shown.parts, translate),
            steps=tuple(
                (step.text.in_(translate.locale.value), step.before, step.after) for step in shown.match.steps
            ),
            place=shown.place,
            considered=shown.considered,
            above=beside(shown.above),
            below=beside(shown.below),
            ties=tuple(person_view(one, library_apart, translate) for one in shown.ties),
            training=training_view(shown.training, translate),
            openings=opening_views(
                shown.openings, {str(shown.programme.id): shown.programme.title}, translate
            ),
            base=f"/programmes/{shown.programme.id}/shortlist",
        )

    @get("/candidates/{candidate_id:str}/programmes", operation_id="web.prospects.show")
    async def prospects(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Every open programme for one person, why, and what would open more."""
        found = await explaining.read_prospects(
            request.app.state.database, actor, id_of(candidate_id), editions=library_apart, now=now
        )
        shown = explaining.veiled_prospects(actor, found)
        translate = Translator(locale_of(request))
        titles = {str(one.programme.id): one.programme.title for one in shown.programmes}
        return render(
            request,
            "recruiter/prospects.html",
            title="Programmes possibles",
            person_id=shown.person.id,
            person_name=shown.person.shown_name,
            programmes=tuple(
                (
                    one.programme,
                    match_view(one.match, library_apart, translate),
                    training_view(one.training, translate),
                )
                for one in shown.programmes
            ),
            openings=opening_views(shown.openings, titles, translate),
        )

    @get("/programmes/{programme_id:str}/gains", operation_id="web.gains.show")
    async def gains(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What a programme could ask for otherwise, and whom that would bring."""
        found = await explaining.read_gains(
            request.app.state.database, actor, id_of(programme_id), editions=library_apart, now=now
        )
        translate = Translator(locale_of(request))
        return render(
            request,
            "recruiter/gains.html",
            title="Ce qui amènerait plus de monde",
            programme=found.programme,
            weighed=found.weighed,
            considered=found.considered,
            gains=tuple(_gain_view(actor, found, one, translate) for one in found.gained),
            base=f"/programmes/{found.programme.id}/shortlist",
        )


def _gain_view(actor: Actor, found: Gains, one: Gained, translate: Translator) -> GainView:
    def named(ids: tuple[str, ...]) -> tuple[Any, ...]:
        people = (found.people[name] for name in ids)
        return tuple((person.id, blind.name_of(actor, person.id, person.shown_name)) for person in people)

    matches = set(one.matches)
    return GainView(
        words=variation_words(one.variation, translate),
        matches=named(one.matches),
        leaves_no=named(tuple(name for name in one.leaves_no if name not in matches)),
    )
