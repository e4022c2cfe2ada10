"""The letters page for administrators: to whom, about what, how far; and the words where mail goes to files."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.mail import letter_box, mailing
from service.flows.mail.letters import moment_words
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.errors import Conflict
from service.runtime.settings import Settings
from service.runtime.vocabulary import MailState
from service.store.mail import mail
from service.web.pages import redirect, render
from service.web.translations import french, locale_of

PAGE = 50
ON_ITS_WAY = french("Ce message attend son départ ou est déjà parti.")


class MailPages(Controller):
    """Letters."""

    path = "/mail"
    include_in_schema = False

    @get(operation_id="web.mail.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        delivery: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
    ) -> Template:
        chosen = MailState(delivery) if delivery in set(MailState) else None
        secret = request.app.state.secret
        before = letter_box.place_of(read_cursor(secret, cursor, of="letters")) if cursor else None
        found, has_more = await mail.page_of(session, state=chosen, before=before, limit=PAGE)
        after = write_cursor(secret, letter_box.place_after(found[-1]), of="letters") if has_more else ""
        locale = locale_of(request)
        rows = [
            {**one.model_dump(mode="json"), "written": moment_words(one.created_at, locale)} for one in found
        ]
        return render(
            request, "administrator/mail.html", title="Courrier", rows=rows, after=after, delivery=delivery,
            is_readable=not settings.smtp_url, folder=str(settings.data_dir / "mail"),
        )  # fmt: skip

    @get("/{letter_id:str}", operation_id="web.mail.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        letter_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        found = await letter_box.read_letter(session, actor, letter_id, settings=settings, now=now)
        return render(
            request, "administrator/mail_letter.html", title="Message envoyé", letter=found,
            written=moment_words(found.created_at, locale_of(request)),
            lines=tuple(_line(line, settings.public_url) for line in found.body_text.split("\n")),
        )  # fmt: skip

    @post("/{letter_id:str}/delivery", operation_id="web.mail.send_again", status_code=200)
    async def send_again(
        self,
        letter_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Try once more to send a letter whose attempts are spent."""
        try:
            await mailing.send_again(session, actor, letter_id, now=now)
        except Conflict:
            return redirect("/mail", flash=ON_ITS_WAY, tone="info")
        return redirect("/mail", flash="Le message va partir de nouveau.")


def _line(line: str, public_url: str) -> dict[str, str]:
    """One line of a letter; an address of ours becomes a link that can be pressed."""
    is_ours = line.startswith(f"{public_url}/") and " " not in line
    return {"text": line, "href": line.removeprefix(public_url) if is_ours else ""}
