"""Letters that went or wait to go, for whoever runs the service."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.mail import letter_box, mailing
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import MailState
from service.store.mail import mail

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)]


class LetterOut(Out):
    """One letter: to whom, about what, and how far it got."""

    id: UUID
    recipient: str
    subject: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    file_name: str


class WholeLetterOut(LetterOut):
    """One letter with its words."""

    body_text: str


class Letters(Controller):
    """Letters."""

    path = "/letters"
    tags = ["Operations"]

    @get(operation_id="letters.list", responses=problems(401, 422))
    async def list_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        delivery: FromQuery[MailState | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[str] = "",
    ) -> Response[list[LetterOut]]:
        """List letters, newest first."""
        secret = request.app.state.secret
        before = letter_box.place_of(read_cursor(secret, cursor, of="letters")) if cursor else None
        found, has_more = await mail.page_of(session, state=delivery, before=before, limit=limit)
        headers = {}
        if has_more:
            after = write_cursor(secret, letter_box.place_after(found[-1]), of="letters")
            headers["Link"] = next_link(request, settings.public_url, after)
        return Response([LetterOut.model_validate(one.model_dump()) for one in found], headers=headers)

    @post(
        "/{letter_id:str}/deliveries",
        operation_id="letters.send_again",
        status_code=202,
        responses=problems(401, 404, 409),
    )
    async def send_again(
        self,
        letter_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Try once more to send a letter whose attempts are spent; 409 when it waits or has left."""
        await mailing.send_again(session, actor, letter_id, now=now)

    @get(
        "/{letter_id:str}",
        operation_id="letters.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        letter_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> WholeLetterOut:
        """Read one letter, where mail goes to files; where it leaves through SMTP nobody but its recipient reads it."""
        found = await letter_box.read_letter(session, actor, letter_id, settings=settings, now=now)
        return WholeLetterOut.model_validate(found.model_dump())
