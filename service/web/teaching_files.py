"""Files to teach with, as browsers get them: pictures shown in a page, papers saved."""

from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.pages import PICTURES
from onboarding.paths import Attachment
from service.flows import paths, teaching_files
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.store import assignments


class OwnTeachingFiles(Controller):
    """The files of a module that one follows oneself."""

    path = "/me/training/{assignment_id:str}/modules/{module:str}/files"
    include_in_schema = False

    @get("/{name:str}", operation_id="web.teaching_files.own")
    async def own(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        files: NamedDependency[FileStore],
    ) -> Response[Any]:
        """A picture or a paper of the edition one began."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        found = paths.module_of(paths.as_begun(library, facts.path, facts.edition), module)
        return served(*teaching_files.bytes_of(found, name, files))


def served(file: Attachment, content: bytes) -> Response[bytes]:
    """A picture to be shown where it is asked for; anything else to be saved under its name."""
    if file.media_type in PICTURES:
        return Response(
            content,
            media_type=file.media_type,
            headers={"Content-Disposition": "inline", "Cache-Control": "private, max-age=3600"},
        )
    name = file.name if file.name.isascii() and '"' not in file.name else f"file.{file.media_type[-3:]}"
    return attachment(content, file_name=name, media_type=file.media_type)
