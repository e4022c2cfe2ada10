"""The rights matrix: data in the YAML files beside, one a noun; an operation that none of them lists is refused.

Each entry names the roles that may call the operation (`public` for anybody) and the scope a token needs, if tokens may
call it at all. Which rows the caller then reaches is decided by the store's scopes, not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from service.runtime.actors import Actor, ActorKind
from service.runtime.vocabulary import Role

PUBLIC = "public"


@dataclass(frozen=True)
class Right:
    """Who may call one operation."""

    roles: frozenset[str]
    token_scope: str | None = None

    def allows(self, actor: Actor) -> bool:
        if PUBLIC in self.roles:
            return True
        if actor.kind is ActorKind.TOKEN:
            return self.token_scope is not None and self.token_scope in actor.scopes
        return actor.role is not None and actor.role.value in self.roles


@cache
def matrix() -> Mapping[str, Right]:
    """Every operation with its right. Raises ValueError for a role that does not exist or an operation listed twice."""
    known = {role.value for role in Role} | {PUBLIC}
    rights: dict[str, Right] = {}
    for source in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if not source.name.endswith(".yaml"):
            continue
        for operation, entry in (yaml.safe_load(source.read_text("utf-8")) or {}).items():
            unknown = set(entry["roles"]) - known
            if unknown or operation in rights:
                raise ValueError(f"{source.name}: {operation}: unknown roles {unknown} or listed twice")
            rights[operation] = Right(frozenset(entry["roles"]), entry.get("token"))
    return rights


def scopes() -> frozenset[str]:
    """Every scope that a token can carry."""
    return frozenset(right.token_scope for right in matrix().values() if right.token_scope)
