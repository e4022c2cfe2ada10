"""Who is asking: a session cookie in a browser, a bearer token in the API; both opaque, both hashed at rest."""

from dataclasses import replace
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from service.http.rights import matrix
from service.runtime.actors import ANONYMOUS, Actor, ActorKind
from service.runtime.errors import Forbidden, NotSignedIn
from service.store.accounts import sign_ins

SESSION_COOKIE = "homeshore_session"
SESSION_PREFIX = "hss"
API_TOKEN_PREFIX = "hst"  # noqa: S105  # the visible beginning of a token, not a secret


STAFF_SIDE = (ActorKind.STAFF, ActorKind.TOKEN)


class Authentication(AbstractAuthenticationMiddleware):
    """Put the Actor in `request.user`. A bearer token counts only under /api, a cookie only outside it."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        token = _bearer(connection) if connection.url.path.startswith("/api/") else _cookie(connection)
        if not token:
            return AuthenticationResult(user=ANONYMOUS, auth=None)
        state = connection.app.state
        async with state.database.transaction(write=False) as session:
            reader = (
                sign_ins.actor_of_api_token
                if token.startswith(f"{API_TOKEN_PREFIX}_")
                else sign_ins.actor_of_session
            )
            actor = await reader(session, token, now=state.clock())
        if actor.kind in STAFF_SIDE and _wants_blind(connection):
            actor = replace(actor, is_blind=True)
        return AuthenticationResult(user=actor, auth=None)


def _wants_blind(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """`?blind` (or `?blind=true`) veils one answer; it can never lift the veil that a session chose."""
    return connection.query_params.get("blind", "no").lower() in ("", "1", "true", "yes")


def _bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _cookie(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    token = connection.cookies.get(SESSION_COOKIE, "")
    return token if token.startswith(f"{SESSION_PREFIX}_") else ""


def may_call(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The one guard: the rights matrix says whether this caller may use this operation at all."""
    actor: Actor = connection.user
    right = matrix().get(operation_of(handler))
    if right is not None and right.allows(actor):
        return
    if not actor.is_signed_in:
        raise NotSignedIn("Sign in, or send a bearer token that still holds.")
    raise Forbidden


def operation_of(handler: BaseRouteHandler) -> str:
    """The name under which the matrix lists a handler: its `operation_id`."""
    return str(getattr(handler, "operation_id", "") or "")
