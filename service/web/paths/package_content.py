"""What the frame of a window loads: the files of one package, and the run-time that speaks for its content."""

import asyncio
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.packages.manifest_reading import Standard
from onboarding.packages.scorm_pages import RUNTIME, headers_of, runtime_start
from service.flows.learning import package_attempts
from service.http.package_content import PREFIX, answer_file, folder_address
from service.runtime.errors import Gone, NotFound
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store.learning import package_attempts as store
from service.store.paths import packages
from service.web.pages import STATIC

BUILDS = {
    Standard.SCORM_1_2: "vendor/scorm-again/scorm12.min.js",
    Standard.SCORM_2004: "vendor/scorm-again/scorm2004.min.js",
}


@cache
def _runtime(standard: Standard) -> bytes:
    return (STATIC / BUILDS[standard]).read_bytes() + b"\n" + (STATIC / "package-runtime.js").read_bytes()


class PackageContent(Controller):
    """Files below the folder of one window.

    The address is the secret: whoever asks has no session, for content runs in nobody's origin. It is made for one
    window, ends with it, and serves nothing but one package.
    """

    path = PREFIX
    include_in_schema = False

    @get("/{folder:str}/{name:path}", operation_id="web.package_content.read")
    async def read(
        self,
        request: Request[Any, Any, Any],
        folder: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        files: NamedDependency[FileStore],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[bytes] | Stream:
        """One file of the package, or the run-time with what its unit starts from."""
        window = await store.window_of_folder(session, folder, now=now)
        if window is None:
            raise NotFound
        here = folder_address(settings.public_url, folder)
        asked = unicodedata.normalize("NFC", str(name).removeprefix("/"))
        if asked == RUNTIME:
            manifest, values = await package_attempts.start_of_content(session, window)
            start = runtime_start(
                values, standard=manifest.standard, session=str(window.id), player=settings.public_url
            )
            headers = {**headers_of(RUNTIME, folder=here), "Cache-Control": "no-store"}
            return Response(start + _runtime(manifest.standard), headers=headers)
        entry = await packages.entry_of(session, window.package_id, asked)
        if entry is None:
            raise NotFound
        path = files.path_of(window.sha256)
        if not path.is_file():
            raise Gone("The file of this package is no longer here.", code="package-missing")
        wanted = request.headers.get("range", "")
        return await asyncio.to_thread(answer_file, path, entry, folder=here, wanted=wanted)
