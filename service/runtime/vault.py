"""What is kept under seal: bytes encrypted and signed with a key that is not in the database."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.runtime.errors import Unavailable
from service.runtime.settings import Settings

KEY_BYTES, NONCE_BYTES = 32, 12
FILE = "vault.key"


@dataclass(frozen=True)
class Vault:
    """AES-256-GCM under one key. `about` binds a seal to its owner: moved to another row, it no longer opens."""

    key: bytes = field(repr=False)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key)

    def seal(self, content: bytes, *, about: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """The content; Unavailable when the key is another one or the bytes were touched."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except InvalidTag:
            raise Unavailable("What is kept under seal does not open with this installation's key.") from None


def installation_vault(settings: Settings) -> Vault:
    """The vault of this installation: by the operator's key, or by one made once and kept beside the data."""
    if settings.vault_key:
        return Vault(_key_of(settings.vault_key))
    path = settings.data_dir / FILE
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Vault(_key_of(path.read_text("ascii")))
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
        file.flush()
        os.fsync(file.fileno())
    return Vault(_key_of(path.read_text("ascii")))


def _key_of(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Unavailable("The key of the vault is not 32 bytes in base64.")
    return key
