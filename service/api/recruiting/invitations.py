"""Invitations to the self-assessments, for machines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.recruiting import invitations
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.settings import Settings


class InvitationOut(Out):
    """One invitation. The link itself is only in the letter; here stands until when it holds and when it was used."""

    id: UUID
    candidate_id: UUID
    sent_by: str
    created_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None


class Invitations(Controller):
    """Invitations."""

    path = "/candidates/{candidate_id:str}/invitations"
    tags = ["Self-assessment"]

    @post(operation_id="invitations.create", responses=problems(401, 404, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[InvitationOut]:
        """Write a person a letter with a one-time link to the questionnaires. Send an Idempotency-Key."""

        async def act() -> InvitationOut:
            found = await invitations.invite(session, actor, candidate_id, settings=settings, now=now)
            return InvitationOut.model_validate(found.model_dump())

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @get(operation_id="invitations.list", responses=problems(401, 404), opt={"audited": True})
    async def list_of(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[InvitationOut]:
        """List a person's invitations, newest first."""
        found = await invitations.read_invitations(session, actor, candidate_id, now=now)
        return [InvitationOut.model_validate(one.model_dump()) for one in found]
