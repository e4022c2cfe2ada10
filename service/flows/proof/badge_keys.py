"""The keys that sign badges: made once, kept under the vault's seal, told to everybody by their public half."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.ids import new_id
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.store import audit
from service.store.proof import badges
from service.tables.badges import SigningKey

BITS, ALGORITHM = 3072, "RS256"
"""RS256 is the one algorithm that every Open Badges 3.0 verifier must know; 3072 bits hold past 2030 (ANSSI)."""


@dataclass(frozen=True)
class Signer:
    """A pair of keys to sign with; `kid` is the address that answers with the public half, as badges name it."""

    id: UUID
    kid: str
    key: RSAKey = field(repr=False)


def address_of(settings: Settings, *parts: str) -> str:
    """Where the public side of badges answers."""
    return "/".join((settings.public_url, "badges", *parts))


async def signer(
    session: AsyncSession, actor: Actor, *, settings: Settings, vault: Vault, now: datetime
) -> Signer:
    """The newest pair; the first wish makes one. Unavailable where the vault's key is another one."""
    row = await session.scalar(
        select(SigningKey).order_by(col(SigningKey.created_at).desc(), col(SigningKey.id)).limit(1)
    )
    if row is None:
        row = await renew(session, actor, settings=settings, vault=vault, now=now)
    opened = vault.open(row.sealed, about=f"signing_key/{row.id}")
    return Signer(row.id, str(row.public_jwk["kid"]), RSAKey.import_key(opened))


async def renew(
    session: AsyncSession, actor: Actor, *, settings: Settings, vault: Vault, now: datetime
) -> SigningKey:
    """A new pair that signs from now on; what older ones signed is still verified with them."""
    made = RSAKey.generate_key(BITS)
    row_id, thumbprint = new_id(), made.thumbprint()
    row = SigningKey(
        id=row_id,
        thumbprint=thumbprint,
        public_jwk=public_jwk(made, kid=address_of(settings, "keys", thumbprint)),
        sealed=vault.seal(made.as_pem(private=True), about=f"signing_key/{row_id}"),
        created_at=now,
    )
    session.add(row)
    audit.record(
        session, actor, action="signing_key.make", subject=("signing_key", row_id), now=now,
        detail={"thumbprint": thumbprint},
    )  # fmt: skip
    await session.flush()
    return row


def public_jwk(key: RSAKey, *, kid: str) -> dict[str, Any]:
    """The public half as a JWK says it, without anything that another library would read otherwise."""
    told = {name: value for name, value in key.as_dict(private=False).items() if name in ("kty", "n", "e")}
    return {**told, "kid": kid, "use": "sig", "alg": ALGORITHM}


async def key_set(session: AsyncSession) -> dict[str, Any]:
    """Every public key (RFC 7517), the newest first."""
    return {"keys": list(await badges.public_keys(session))}
