"""First answers to requests that must not happen twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.errors import Conflict
from service.tables.trail import IdempotentAnswer


async def kept_answer(session: AsyncSession, principal: str, key: str) -> IdempotentAnswer | None:
    """What this caller was answered under this key, if anything."""
    return await session.scalar(
        select(IdempotentAnswer).where(
            col(IdempotentAnswer.principal) == principal, col(IdempotentAnswer.key) == key
        )
    )


async def hold_key(
    session: AsyncSession, principal: str, key: str, *, request_hash: str, status: int, now: datetime
) -> IdempotentAnswer:
    """Take the key for this transaction; Conflict when another transaction holds it at this moment."""
    answer = IdempotentAnswer(
        principal=principal,
        key=key,
        request_hash=request_hash,
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
    return answer
