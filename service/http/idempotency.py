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
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import Conflict, Fault, Malformed, RuleBroken
from service.tables.trail import IdempotentAnswer

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
    fingerprint = hashlib.sha256(
        f"{request.method} {request.url.path}\n".encode() + await request.body()
    ).hexdigest()
    kept = await session.scalar(
        select(IdempotentAnswer).where(
            col(IdempotentAnswer.principal) == actor.principal, col(IdempotentAnswer.key) == key
        )
    )
    if kept is None:
        kept = await _first_time(
            session, actor, key, fingerprint, now=now, act=act, status=status, location=location
        )
    elif kept.request_hash != fingerprint:
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
            f"Send an Idempotency-Key of 1 to {MAX_KEY} printable characters, new for each thing you want done.",
            code="idempotency-key-missing",
        )
    return key


async def _first_time(
    session: AsyncSession,
    actor: Actor,
    key: str,
    fingerprint: str,
    *,
    now: datetime,
    act: Callable[[], Awaitable[BaseModel]],
    status: int,
    location: Callable[[Any], str] | None,
) -> IdempotentAnswer:
    answer = IdempotentAnswer(
        principal=actor.principal,
        key=key,
        request_hash=fingerprint,
        status=status,
        media_type="application/json",
        headers={},
        body=b"",
        created_at=now,
    )
    session.add(answer)
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict("The first request with this Idempotency-Key is still under way.") from None
    out = await act()
    answer.body = encode_json(out.model_dump(mode="json"), default_serializer)
    answer.headers = {"Location": location(out)} if location else {}
    return answer
