"""Files kept by their SHA-256: the name is the proof, the same bytes are kept once."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from service.runtime.errors import NotFound

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PIECE = 1 << 20


class FileStore:
    """A folder of `ab/abcdef…` files. A file is whole or absent: written beside, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        if not _SHA256.match(sha256):
            raise NotFound
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256; when this returns it survives a power cut."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path_of(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(target)
        _sync_folder(target.parent)
        return sha256

    def keep(self, file: BinaryIO) -> str:
        """Keep all that `file` holds, however long, and return its SHA-256; never more than a piece of it in memory."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=".part-", delete=False) as part:
            file.seek(0)
            shutil.copyfileobj(file, part, _PIECE)
            part.flush()
            os.fsync(part.fileno())
        beside = Path(part.name)
        with beside.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        target = self.path_of(sha256)
        if target.exists():
            beside.unlink()
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(target)
        _sync_folder(target.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes; NotFound when absent. The caller has already checked who is asking."""
        try:
            return self.path_of(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def remove(self, sha256: str) -> None:
        """Take the file away; the caller knows that no row refers to it. Removing it twice does no harm."""
        self.path_of(sha256).unlink(missing_ok=True)

    def all_hashes(self) -> frozenset[str]:
        """Every file kept (for `homeshore verify`)."""
        return frozenset(path.name for path in self.root.glob("??/*") if _SHA256.match(path.name))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
