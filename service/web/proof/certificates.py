"""A learner's page of what they can show: badges, certificates and other papers of their trainings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.proof import badges as flow
from service.http.proof_downloads import badge_file
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.runtime.vocabulary import PaperState
from service.store.assessing import assessments as people
from service.store.learning import assignments
from service.store.proof import badges
from service.store.proof import training_files as store
from service.web.pages import redirect, render
from service.web.papers.papers_views import PaperView, paper_view
from service.web.paths.training_views import Reader
from service.web.proof.training_files_views import BadgeView, badge_view
from service.web.translations import french, locale_of

BASE = "/me/certificates"


@dataclass(frozen=True)
class TrainingView:
    """One training with what its learner can show of it."""

    id: str
    title: str
    edition: str
    completed: str
    papers: tuple[PaperView, ...]
    badge: BadgeView | None
    is_over: bool


class CertificatePages(Controller):
    """What one has learned, to keep and to show."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.certificates.list")
    async def list_own(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Finished paths with badge and papers; others where a paper was issued."""
        locale = locale_of(request)
        say = Reader(locale)
        given = await assignments.all_of(session, actor, people.own_id(actor))
        ids = [one.id for one in given]
        papers = await store.papers_of(session, actor, ids)
        found = await badges.of_assignments(session, actor, ids)
        views = []
        for one in given:
            path, badge = library.paths.get((one.path, one.edition)), found.get(one.id)
            views.append(
                TrainingView(
                    id=str(one.id),
                    title=say(path.title) if path else one.path,
                    edition=one.edition,
                    completed=say.day(one.completed_on) if one.completed_on else "",
                    papers=tuple(
                        paper_view(paper, locale)
                        for paper in papers.get(one.id, [])
                        if paper.state is PaperState.READY
                    ),
                    badge=badge_view(badge, locale=locale, settings=settings) if badge else None,
                    is_over=badge is not None and badge.withdrawn_at is None and not badge.stands_on(now),
                )
            )
        return render(
            request,
            "learner/certificates.html",
            title="Mes attestations",
            finished=tuple(one for one in views if one.completed),
            others=tuple(one for one in views if not one.completed and one.papers),
        )

    @post("/{assignment_id:str}/badge", operation_id="web.certificates.award", status_code=200)
    async def award(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Redirect:
        await flow.award(
            session, actor, assignment_id, editions=library, settings=settings, vault=vault, now=now
        )
        return redirect(
            BASE, flash=french("Votre badge est prêt. Gardez son fichier, ou donnez l'adresse de sa page.")
        )

    @post("/badges/{badge_id:str}/name", operation_id="web.certificates.show_name", status_code=200)
    async def show_name(
        self,
        badge_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        is_shown = data.get("is_shown", "") == "yes"
        await flow.show_name(session, actor, badge_id, is_shown=is_shown, now=now)
        said = (
            french("La page publique montre votre nom.")
            if is_shown
            else french("La page publique ne montre plus votre nom.")
        )
        return redirect(BASE, flash=said)

    @get("/badges/{badge_id:str}/{form:str}", operation_id="web.certificates.badge")
    async def badge(
        self,
        request: Request[Any, Any, Any],
        badge_id: FromPath[str],
        form: FromPath[Literal["jwt", "png", "svg"]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[bytes]:
        """The badge as a file to keep."""
        return badge_file(await badges.within_reach(session, actor, badge_id), form, locale_of(request))
