"""Which kept file is the drawing of what, so that an unchanged document is read again and not drawn again."""

import hashlib
import os
import tempfile
from pathlib import Path

from service.runtime.errors import NotFound
from service.runtime.files import FileStore

DRAWN_FOLDER = "drawn"


class DrawnFiles:
    """A folder of `ab/abcdef…` notes: the key of what was drawn is the name, the SHA-256 of the file is inside.

    A note proves nothing alone. Where the file is gone with its person, or no longer what it was, it is no find.
    """

    def __init__(self, root: Path, files: FileStore) -> None:
        self._notes, self._files = FileStore(root), files

    def find(self, key: str) -> str | None:
        """The SHA-256 of the file kept for this key (64 hexadecimal digits), read and compared."""
        try:
            sha256 = self._notes.get(key).decode("ascii", "replace")
            kept = self._files.get(sha256)
        except NotFound:
            return None
        return sha256 if hashlib.sha256(kept).hexdigest() == sha256 else None

    def note(self, key: str, sha256: str) -> None:
        """Whole or absent; not synced, since a note that a power cut takes only costs a drawing."""
        target = self._notes.path_of(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(sha256)
        Path(part).replace(target)

    def forget_lost(self) -> int:
        """Remove the notes whose file is gone, and tell how many they were."""
        lost = [key for key in self._notes.all_hashes() if not self._is_kept(key)]
        for key in lost:
            self._notes.remove(key)
        return len(lost)

    def _is_kept(self, key: str) -> bool:
        try:
            return self._files.path_of(self._notes.get(key).decode("ascii", "replace")).exists()
        except NotFound:
            return False
