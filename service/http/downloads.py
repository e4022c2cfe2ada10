"""A file handed to one person: saved, not shown; kept by no cache; taken for what it is."""

from litestar import Response


def attachment(content: bytes, *, file_name: str, media_type: str) -> Response[bytes]:
    """The bytes as a download under `file_name` (plain ASCII, made here, never typed by anybody)."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
