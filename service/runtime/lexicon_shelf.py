"""Indexes of skills kept in the data directory, so that fourteen thousand skills are not indexed anew at each start."""

import os
import re
import tempfile
import zlib
from pathlib import Path

MOST_KEPT = 3
_KEY = re.compile(r"[0-9a-f]{64}\Z")
_FORM = b"homeshore lexicon 3\n"


class LexiconShelf:
    """A folder of packed indexes, each under the key of what it was made of; the last three are kept.

    All of it can be thrown away: an index that is missing, cut short or of another form is simply made again.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "lexicons"

    def get(self, key: str) -> bytes | None:
        """The packed index of this key, or None."""
        try:
            content = self._path_of(key).read_bytes()
        except OSError:
            return None
        head, packed = content[: len(_FORM) + 4], content[len(_FORM) + 4 :]
        return packed if head == _head(packed) else None

    def put(self, key: str, packed: bytes) -> None:
        """Keep an index; a full disk or a folder that cannot be written only means that it is made again next time."""
        target = self._path_of(key)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".part-", delete=False) as part:
                part.write(_head(packed) + packed)
            os.replace(part.name, target)
            self._forget_old()
        except OSError:
            return

    def _path_of(self, key: str) -> Path:
        if not _KEY.match(key):
            raise ValueError("a key of the shelf is a SHA-256 in hexadecimal")
        return self._folder / f"{key}.index"

    def _forget_old(self) -> None:
        kept = sorted(self._folder.glob("*.index"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[MOST_KEPT:]:
            path.unlink(missing_ok=True)


def _head(packed: bytes) -> bytes:
    return _FORM + zlib.crc32(packed).to_bytes(4)
