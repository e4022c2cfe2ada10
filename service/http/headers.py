"""What every answer says to browsers: nothing from elsewhere, nothing framed, nothing personal kept."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

NO_DEVICES = "camera=(), geolocation=(), payment=(), microphone=()"
MICROPHONE_ONLY = "camera=(), geolocation=(), payment=(), microphone=(self)"
"""For the one page that measures how a voice comes through, and only when the person presses its button."""

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": NO_DEVICES,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Set on the way out; only vendored static files may be kept by a browser."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    brings_its_own = "content-security-policy" in headers
    for name, value in _ALWAYS.items():
        if name != "X-Frame-Options" or not brings_its_own:  # who brings a policy says there who may frame it
            headers.setdefault(name, value)
    kept = "public, max-age=3600" if scope["path"].startswith("/static/") else "no-store"
    headers.setdefault("Cache-Control", kept)
