"""The installation's own secret: set by the operator, or made once and kept beside the data."""

import os
import secrets

from service.runtime.settings import Settings


def installation_secret(settings: Settings) -> bytes:
    """What signs cursors and form tokens; processes on several machines must share the setting."""
    if settings.secret:
        return settings.secret.encode()
    path = settings.data_dir / "secret"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
