"""Proofs handed out as files: an archive made while it is sent, and a badge in the form that somebody wants."""

from collections.abc import AsyncIterator
from datetime import datetime

from litestar import Response
from litestar.response import Stream

from service.flows import badges, training_exports
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store.badges import BadgeFacts
from service.store.training_files import WantedProof

ZIP = "application/zip"


async def archive_of(
    database: Database,
    actor: Actor,
    wanted: WantedProof,
    *,
    editions: Editions,
    files: FileStore,
    settings: Settings,
    now: datetime,
) -> Stream:
    """The archive as an answer; who may not have it, or asks for nobody, is told before the first byte."""
    asked = await training_exports.ask(database, actor, wanted, now=now)

    def pieces() -> AsyncIterator[bytes]:
        return training_exports.write(database, asked, editions=editions, files=files, settings=settings)

    return Stream(
        pieces,
        media_type=ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{asked.file_name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def badge_file(badge: BadgeFacts, form: str, locale: Locale) -> Response[bytes]:
    """A badge as a download: the signed credential, or a picture that holds it."""
    if form == "png":
        return attachment(badges.picture_png(badge, locale), file_name="badge.png", media_type="image/png")
    if form == "svg":
        drawn = badges.picture_svg(badge, locale, is_baked=True)
        return attachment(drawn, file_name="badge.svg", media_type="image/svg+xml")
    return attachment(badge.signed.encode(), file_name="badge.jwt", media_type="application/vc+jwt")
