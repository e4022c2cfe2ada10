"""The blind review: a switch that a session remembers, and the page where identity comes back to contact somebody."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import blind
from service.runtime.actors import Actor
from service.web.pages import own_path, redirect, render
from service.web.translations import french


class ReviewPages(Controller):
    """Looking at people without knowing who they are."""

    include_in_schema = False

    @post("/review", operation_id="web.review.choose", status_code=200)
    async def choose(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Draw or lift the veil for this session, and go back to where one was."""
        form = await request.form()
        is_blind = form.get("look") == "blind"
        await blind.choose(session, actor, is_blind=is_blind, now=now)
        told = (
            french(
                "Vous regardez maintenant sans l'identité. Ce choix tient jusqu'à la fin de votre session."
            )
            if is_blind
            else french("L'identité est de nouveau montrée.")
        )
        return redirect(own_path(str(form.get("next") or ""), otherwise="/candidates"), flash=told)

    @post("/candidates/{candidate_id:str}/identity", operation_id="web.review.identity", status_code=200)
    async def identity(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """Say who this is, to contact them; the reading is noted, and the review stays blind."""
        person = await blind.identity_of(session, actor, candidate_id, now=now)
        return render(
            request, "recruiter/identity.html", title=french("Contacter cette personne"), person=person
        )
