"""The audit trail: appended in the transaction it speaks of, chained later by a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.tables.trail import AuditEntry


def record(
    session: AsyncSession,
    actor: Actor,
    *,
    action: str,
    subject: tuple[str, UUID | str],
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note that `actor` did `action` (`noun.verb`) to `subject` (kind, id). `detail`: ids and codes, never names.

    What is done in a blind review says so.
    """
    session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind.value,
            actor_id=str(actor.id or ""),
            action=action,
            subject_kind=subject[0],
            subject_id=str(subject[1]),
            detail={**(detail or {}), **({"blind": True} if actor.is_blind else {})},
        )
    )
