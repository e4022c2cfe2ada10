"""The names of an archive's entries: which are safe on every system, and which would fall on one another."""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from onboarding.packages.archive_records import UNICODE_PATH, Central
from onboarding.packages.package_rules import ArchiveLimits, Finding

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def decoded(entry: Central) -> str | None:
    """The name as text, or None where it is not UTF-8.

    Some systems write UTF-8 without saying so (bit 11), and no byte of a longer character can be a separator,
    so the bit is not asked for; old code pages are refused, since nobody could tell which one was meant.
    """
    try:
        name = entry.name.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return normalize("NFC", name)


def name_findings(entry: Central, name: str, limits: ArchiveLimits) -> Iterator[Finding]:
    """Everything that is wrong with one name by itself."""
    if not name:
        yield Finding("name_empty", "archive")
        return
    parts = name.removesuffix("/").split("/")
    checks = {
        "name_control": not name.isprintable(),
        "name_backslash": "\\" in name,
        "name_absolute": name.startswith("/"),
        "name_drive": ":" in name,
        "name_parent": ".." in parts,
        "name_unclean": any(_is_unclean(part) for part in parts[name.startswith("/") :]),
        "name_reserved": any(_RESERVED.fullmatch(part) for part in parts),
        "name_other": _says_otherwise(entry, name),
    }
    yield from (Finding(code, name) for code, is_wrong in checks.items() if is_wrong)
    if len(entry.name) > limits.most_name_bytes:
        yield Finding("name_too_long", name, {"most": limits.most_name_bytes})


def _is_unclean(part: str) -> bool:
    """Whether some system would drop a part of it: empty, a dot, or a space or dot at its end."""
    return part in ("", ".") or (part != ".." and part != part.rstrip(" ."))


def _says_otherwise(entry: Central, name: str) -> bool:
    """Whether the Info-ZIP block of Unicode names (4.6.9) tells readers that know it another name."""
    block = entry.extra.get(UNICODE_PATH)
    if block is None:
        return False
    if len(block) < 5 or block[0] != 1:
        return True
    (checked,) = struct.unpack_from("<L", block, 1)
    is_current = bool(checked == zlib.crc32(entry.name))
    return not is_current or normalize("NFC", block[5:].decode("utf-8", "replace")) != name


def collisions(names: Iterable[str]) -> Iterator[Finding]:
    """Names written twice, names that only capitals tell apart, and files that are folders of others."""
    first: dict[str, str] = {}
    for name in names:
        plain = name.removesuffix("/")
        known = first.setdefault(plain.casefold(), name)
        if known is name:
            continue
        if known == name:
            yield Finding("name_twice", name)
        elif known.removesuffix("/") == plain:
            yield Finding("name_file_and_folder", name, {"other": known})
        else:
            yield Finding("name_case", name, {"other": known})
    yield from _files_used_as_folders(first)


def _files_used_as_folders(first: dict[str, str]) -> Iterator[Finding]:
    told: set[str] = set()
    for key, name in first.items():
        for end in (place for place, letter in enumerate(key) if letter == "/"):
            file = first.get(key[:end])
            if file is not None and not file.endswith("/") and file not in told:
                told.add(file)
                yield Finding("name_file_and_folder", file, {"other": name})
