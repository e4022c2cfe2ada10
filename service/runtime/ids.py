"""Random identifiers and secrets, and how a secret is kept."""

import hashlib
import secrets
from uuid import UUID, uuid4

TOKEN_BYTES = 32


def new_id() -> UUID:
    """A random 122-bit public id: it cannot be guessed and says nothing."""
    return uuid4()


def new_token(prefix: str) -> str:
    """A 256-bit secret that says by its prefix what it is, so that a leaked one can be recognised."""
    return f"{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"


def token_hash(token: str) -> str:
    """What is stored of a token. Plain SHA-256 is enough: 256 random bits cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def parse_id(text: str) -> UUID | None:
    """The id that a path or a form names, or None; only the canonical lower-case form is an id.

    >>> parse_id("0b0d6f5e-0c0e-4a8e-9a53-2f6f8d1e9f00") is not None, parse_id("{0b0d6f5e}") is None
    (True, True)
    """
    try:
        parsed = UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text else None
