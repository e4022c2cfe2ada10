"""Requests that must not happen twice: the first answer is kept in the same transaction and replayed byte for byte.

After draft-ietf-httpapi-idempotency-key-header-07: 400 when the key is missing, 422 when it comes back with
another body, 409 when the first is still under way. Refusals are not kept: their transaction is rolled back, and the
key stays free.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.serialization import default_serializer, encode_json
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.runtime.errors import Fault, Malformed, RuleBroken
from service.store.idempotent_answers import hold_key, kept_answer

MAX_KEY = 255


async def once(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    now: datetime,
    act: Callable[[], Awaitable[BaseModel]],
    status: int = 201,
    location: Callable[[Any], str] | None = None,
) -> Response[bytes]:
    """Do `act` once for this caller and Idempotency-Key, or repeat its first answer."""
    key = _key_of(request)
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    request_hash = hashlib.sha256(asked).hexdigest()
    kept = await kept_answer(session, actor.principal, key)
    if kept is None:
        kept = await hold_key(
            session, actor.principal, key, request_hash=request_hash, status=status, now=now
        )
        out = await act()
        kept.body = encode_json(out.model_dump(mode="json"), default_serializer)
        kept.headers = {"Location": location(out)} if location else {}
    elif kept.request_hash != request_hash:
        raise RuleBroken(
            "This Idempotency-Key was used for another request; use a new one.",
            code="idempotency-key-reused",
            faults=[Fault("Idempotency-Key", "reused", "used with another body")],
        )
    return Response(kept.body, status_code=kept.status, media_type=kept.media_type, headers=kept.headers)


def _key_of(request: Request[Any, Any, Any]) -> str:
    key = request.headers.get("idempotency-key", "").strip()
    if not key or len(key) > MAX_KEY or not key.isprintable():
        raise Malformed(
            "Send an Idempotency-Key of 1 to %(most)s printable characters, new for each thing you want done.",
            most=MAX_KEY,
            code="idempotency-key-missing",
        )
    return key
