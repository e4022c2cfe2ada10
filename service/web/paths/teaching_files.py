"""Files to teach with, as browsers get them: pictures shown in a page, papers saved."""

from litestar.response import Response

from onboarding.paths.pages import PICTURES
from onboarding.paths.paths import Attachment
from service.http.downloads import attachment


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
