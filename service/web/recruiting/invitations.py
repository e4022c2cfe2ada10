"""The recruiter's button that invites a person to the self-assessments."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import invitations
from service.runtime.actors import Actor
from service.runtime.errors import RuleBroken
from service.runtime.settings import Settings
from service.web.pages import redirect
from service.web.translations import Translator, french, locale_of


class InvitationPages(Controller):
    """Invitations."""

    include_in_schema = False

    @post(
        "/candidates/{candidate_id:str}/invitations", operation_id="web.invitations.create", status_code=200
    )
    async def create(
        self,
        candidate_id: FromPath[str],
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Write the letter; a press of the same button right after the first one is taken as the same wish."""
        try:
            is_new = await invitations.invite_unless_just_done(
                session, actor, candidate_id, settings=settings, now=now
            )
        except RuleBroken as refusal:
            told = refusal.said(Translator(locale_of(request)))
            return redirect(f"/candidates/{candidate_id}", flash=told, tone="warn")
        leaves, left = (
            french("L'invitation part maintenant."),
            french("L'invitation est déjà partie il y a un instant."),
        )
        told = leaves if is_new else left
        return redirect(f"/candidates/{candidate_id}", flash=told)
