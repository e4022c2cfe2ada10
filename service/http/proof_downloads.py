"""Proofs handed out as files: an archive made while it is sent or kept for some days, and a badge in any form."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial

from litestar import Response
from litestar.response import Stream

from service.flows.proof import badges, training_exports
from service.flows.writing.drawing import draw
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store.proof.badges import BadgeFacts
from service.store.proof.proof_archives import ProofArchiveFacts
from service.store.proof.training_files import WantedProof

ZIP = "application/zip"
PIECE = 1 << 18


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
        return training_exports.write(
            database,
            asked,
            editions=editions,
            files=files,
            draw=partial(draw, processes=settings.pdf_processes),
        )

    return Stream(pieces, media_type=ZIP, headers=_headers(asked.file_name))


def kept_archive(archive: ProofArchiveFacts, files: FileStore) -> Stream:
    """An archive that is kept for some days, read piece by piece: it may be larger than what memory is for."""
    path = files.path_of(archive.sha256 or "")

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    name = training_exports.file_name_at(archive.created_at)
    return Stream(
        pieces, media_type=ZIP, headers={**_headers(name), "Content-Length": str(archive.size_bytes)}
    )


def _headers(file_name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def badge_file(badge: BadgeFacts, form: str, locale: Locale) -> Response[bytes]:
    """A badge as a download: the signed credential, or a picture that holds it."""
    if form == "png":
        return attachment(badges.picture_png(badge, locale), file_name="badge.png", media_type="image/png")
    if form == "svg":
        drawn = badges.picture_svg(badge, locale, is_baked=True)
        return attachment(drawn, file_name="badge.svg", media_type="image/svg+xml")
    return attachment(badge.signed.encode(), file_name="badge.jwt", media_type="application/vc+jwt")
