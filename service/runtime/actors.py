"""Who acts: the one value that every access rule and every audit entry reads."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from service.runtime.vocabulary import Role


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    STAFF = "staff"
    CANDIDATE = "candidate"
    TOKEN = "token"  # noqa: S105  # a kind of actor, not a secret
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Somebody (or a machine, or nobody) with what limits their reach.

    `id` is the staff id, the candidate id or the token's id by `kind`; a token carries the `staff_id` of its maker and
    is never a person: it can decide nothing. `programme_ids` counts only when `sees_all_programmes` is false.
    """

    kind: ActorKind
    role: Role | None = None
    id: UUID | None = None
    staff_id: UUID | None = None
    name: str = ""
    scopes: frozenset[str] = frozenset()
    sees_all_programmes: bool = False
    programme_ids: frozenset[UUID] = field(default_factory=frozenset)
    sign_in_id: UUID | None = None
    is_blind: bool = False
    """Looks at people without their identity: what is shown changes, never what is reached or weighed."""

    @property
    def is_signed_in(self) -> bool:
        return self.kind in (ActorKind.STAFF, ActorKind.CANDIDATE, ActorKind.TOKEN)

    @property
    def is_person(self) -> bool:
        """True for a human being who signed in: what a decision needs."""
        return self.kind in (ActorKind.STAFF, ActorKind.CANDIDATE)

    @property
    def principal(self) -> str:
        """A stable text for whom an idempotency key belongs to."""
        return f"{self.kind}:{self.id or ''}"


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
SYSTEM = Actor(ActorKind.SYSTEM, name="service")
