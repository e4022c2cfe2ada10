"""A ZIP that is handed out while it is written: nothing is sought back to, nothing is kept whole."""

import hashlib
import io
import zipfile
from datetime import datetime
from typing import Any

from service.runtime.clock import PARIS


class RunningZip:
    """What goes in comes out at once as bytes; `listed` is what a manifest says of it."""

    def __init__(self, now: datetime) -> None:
        self.out = _Outlet()
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED)
        self.stamp = now.astimezone(PARIS).timetuple()[:6]
        self.listed: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes) -> bytes:
        """The next bytes of the archive, with this file in them."""
        entry = zipfile.ZipInfo(name, self.stamp)
        entry.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self.zip.writestr(entry, content)
        self.listed.append(
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        )
        return self.out.take()

    def end(self) -> bytes:
        self.zip.close()
        return self.out.take()

    def drop(self) -> None:
        """Let go of an archive that nobody reads to its end; after `end` there is nothing to let go of."""
        self.zip.fp = None


class _Outlet(io.RawIOBase):
    """What was written since the last look; it can only go on."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.parts = b"".join(self.parts), []
        return taken
