"""Read a ZIP archive without unpacking it, and name everything in it that two readers could understand differently."""

import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from onboarding.content import Value
from onboarding.packages.archive_names import collisions, decoded, name_findings
from onboarding.packages.archive_records import (
    DEFLATED,
    DESCRIBED,
    ENCRYPTED,
    LOCAL_SIGNATURE,
    STORED,
    UTF8,
    BrokenRecordError,
    Central,
    End,
    Local,
    descriptors,
    read_at,
    read_central,
    read_end,
    read_local,
)
from onboarding.packages.package_rules import ArchiveLimits, Finding

WHOLE = "archive"
"""The place of what is wrong with the archive and no single entry."""

_CHUNK = 1 << 16
_HEAD_BYTES = 512
_ENTRY_BYTES = 1024
"""What an entry may take in the directory besides its name: its figures, extra fields and a comment."""
_DEFLATE_OPTIONS = 0x0006
_STRONGLY_ENCRYPTED, _MASKED = 0x0040, 0x2000
_REPARSE_POINT = 0x0400
_MAGIC = (
    (0, b"PK\x03\x04"), (0, b"PK\x05\x06"), (0, b"Rar!\x1a\x07"), (0, b"7z\xbc\xaf\x27\x1c"), (0, b"\x1f\x8b\x08"),
    (0, b"BZh"), (0, b"\xfd7zXZ\x00"), (0, b"\x28\xb5\x2f\xfd"), (0, b"MSCF"), (257, b"ustar"),
)  # fmt: skip


class Entry(Value):
    """One file of an archive that was found sound: what it is called and where its bytes are."""

    name: str
    size: int
    packed: int
    crc: int
    is_deflated: bool
    data_at: int


class Archive(Value):
    """The sound files of an archive; `names` tells every file that it lists, sound or not. Folders are no files."""

    size: int
    entries: tuple[Entry, ...]
    names: frozenset[str] = frozenset()

    def entry(self, name: str) -> Entry | None:
        """The file of exactly that name (NFC, as all names here), or None."""
        return next((entry for entry in self.entries if entry.name == name), None)

    @property
    def unpacked_bytes(self) -> int:
        """What the sound files hold together."""
        return sum(entry.size for entry in self.entries)


class _Listed(NamedTuple):
    """An entry of the central directory with its name as text, or the place that stands for it."""

    central: Central
    name: str
    is_named: bool


def read_archive(file: BinaryIO, limits: ArchiveLimits) -> tuple[Archive, tuple[Finding, ...]]:
    """What can be read of the archive, and every finding. Nothing is written, and no more than 64 KiB held at once.

    Each entry is inflated once, into nothing, to compare its size and checksum; not so when the archive already says
    that it holds more than it may.
    """
    size = file.seek(0, 2)
    empty = Archive(size=size, entries=())
    if size > limits.most_bytes:
        return empty, (Finding("archive_too_big", WHOLE, {"bytes": size, "most": limits.most_bytes}),)
    try:
        end = read_end(file, size)
    except BrokenRecordError as error:
        return empty, (Finding(error.code, WHOLE),)
    listed, findings = _listed(file, end, limits)
    is_whole = all(one.code == "count_differs" for one in findings)
    if end.trailing:
        findings.insert(0, Finding("trailing_bytes", WHOLE, {"bytes": end.trailing}))
    of_totals = tuple(_findings_of_totals(listed, size, limits))
    findings += of_totals
    findings += [found for one in listed for found in _findings_of_listed(one, limits)]
    findings += collisions(one.name for one in listed if one.is_named)
    if not is_whole:
        return empty, tuple(findings)
    entries = []
    for one, found in _walk(file, listed, end, limits, is_inflated=not of_totals):
        findings += found
        if isinstance(one, Entry) and not found:
            entries.append(one)
    names = frozenset(one.name for one in listed if one.is_named and not one.name.endswith("/"))
    return Archive(size=size, entries=tuple(entries), names=names), tuple(findings)


def read_entry(file: BinaryIO, entry: Entry, *, start: int = 0) -> Iterator[bytes]:
    """The bytes of one sound file from `start` on, piece by piece, never more than it was found to hold."""
    passed = 0
    for piece in _inflated(file, entry.data_at, entry.packed, entry.size, is_deflated=entry.is_deflated):
        if passed + len(piece) > start:
            yield piece[max(0, start - passed) :]
        passed += len(piece)


def _listed(file: BinaryIO, end: End, limits: ArchiveLimits) -> tuple[list[_Listed], list[Finding]]:
    """The entries of the central directory; reading stops soon after there are too many."""
    listed: list[_Listed] = []
    if end.entries > limits.most_entries:
        told = {"count": end.entries, "most": limits.most_entries}
        return listed, [Finding("too_many_entries", WHOLE, told)]
    most = limits.most_entries * (_ENTRY_BYTES + limits.most_name_bytes)
    if end.directory_bytes > most:
        return listed, [Finding("directory_too_big", WHOLE, {"bytes": end.directory_bytes, "most": most})]
    directory = read_at(file, end.directory_at, end.directory_bytes)
    at = 0
    while at < len(directory) and len(listed) <= limits.most_entries:
        try:
            central, at = read_central(directory, at)
        except BrokenRecordError as error:
            return listed, [Finding(error.code, WHOLE)]
        name = decoded(central)
        listed.append(
            _Listed(central, f"entry {len(listed) + 1}" if name is None else name, name is not None)
        )
    if len(listed) > limits.most_entries:
        told = {"count": len(listed), "most": limits.most_entries}
        return listed, [Finding("too_many_entries", WHOLE, told)]
    if len(listed) != end.entries:
        return listed, [Finding("count_differs", WHOLE, {"told": end.entries, "found": len(listed)})]
    return listed, [] if listed else [Finding("empty_archive", WHOLE)]


def _findings_of_totals(listed: Sequence[_Listed], size: int, limits: ArchiveLimits) -> Iterator[Finding]:
    """Whether the archive says that it would grow beyond bounds, as a whole or in one entry."""
    total = sum(one.central.size for one in listed)
    if total > limits.most_unpacked_bytes:
        yield Finding("too_many_bytes", WHOLE, {"bytes": total, "most": limits.most_unpacked_bytes})
    grown = [(WHOLE, total, size), *((one.name, one.central.size, one.central.packed) for one in listed)]
    for place, unpacked, packed in grown:
        if unpacked > limits.ratio_from_bytes and unpacked > limits.most_ratio * max(1, packed):
            ratio = unpacked // max(1, packed)
            yield Finding("ratio_too_high", place, {"ratio": ratio, "most": limits.most_ratio})


def _findings_of_listed(one: _Listed, limits: ArchiveLimits) -> Iterator[Finding]:
    """What the central directory alone tells against an entry."""
    central, name = one.central, one.name
    if one.is_named:
        yield from name_findings(central, name, limits)
    else:
        yield Finding("name_not_utf8", name)
    if central.fault:
        yield Finding(central.fault, name)
    if central.flags & (ENCRYPTED | _STRONGLY_ENCRYPTED | _MASKED):
        yield Finding("encrypted", name)
    elif central.flags & ~(_DEFLATE_OPTIONS | DESCRIBED | UTF8):
        yield Finding("unknown_flags", name)
    if central.method not in (STORED, DEFLATED):
        yield Finding("unknown_method", name, {"method": central.method})
    yield from _findings_of_kind(central, name)
    if _suffix(name) in limits.nested_suffixes:
        yield Finding("nested_archive", name)


def _findings_of_kind(central: Central, name: str) -> Iterator[Finding]:
    """Links and devices, whichever system the entry says that it comes from."""
    kind = stat.S_IFMT(central.attributes >> 16)
    if stat.S_ISLNK(kind) or central.attributes & _REPARSE_POINT:
        yield Finding("is_link", name)
    elif kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        yield Finding("is_special", name)
    if name.endswith("/") and central.size:
        yield Finding("folder_with_data", name)


def _suffix(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[-1].lower() if "." in last else ""


def _walk(
    file: BinaryIO, listed: Sequence[_Listed], end: End, limits: ArchiveLimits, *, is_inflated: bool
) -> Iterator[tuple[Entry | None, list[Finding]]]:
    """Each entry in the order of its bytes: they must fill the archive from its start to the directory exactly."""
    ordered = sorted(listed, key=lambda one: one.central.header_at)
    bounds = [one.central.header_at for one in ordered[1:]] + [end.directory_at]
    if ordered and (before := ordered[0].central.header_at):
        yield None, list(_findings_of_gap(file, 0, before, "leading_bytes"))
    for one, bound in zip(ordered, bounds, strict=True):
        local = read_local(file, one.central.header_at)
        if local is None:
            yield None, [Finding("local_missing", one.name)]
            continue
        findings = list(_findings_of_local(one, local))
        data_end = local.data_at + one.central.packed
        if data_end > bound:
            yield None, [*findings, Finding("overlap", one.name)]
            continue
        findings += _findings_after(file, one, data_end, bound)
        if is_inflated and not one.central.fault:
            findings += _findings_of_data(file, one, local.data_at, limits)
        is_sound = not findings and not any(_findings_of_listed(one, limits)) and not one.name.endswith("/")
        yield _entry(one, local) if is_sound and is_inflated else None, findings


def _entry(one: _Listed, local: Local) -> Entry:
    central = one.central
    return Entry(
        name=one.name,
        size=central.size,
        packed=central.packed,
        crc=central.crc,
        is_deflated=central.method == DEFLATED,
        data_at=local.data_at,
    )


def _findings_of_local(one: _Listed, local: Local) -> Iterator[Finding]:
    """Where the entry's own header tells another story than the directory."""
    central = one.central
    figures = {"crc": local.crc, "packed": local.packed, "size": local.size}
    is_later = bool(local.flags & DESCRIBED)
    different = {
        "name": local.name != central.name,
        "flags": local.flags != central.flags,
        "method": local.method != central.method,
        **{
            what: told != getattr(central, what) and not (is_later and told == 0)
            for what, told in figures.items()
        },
    }
    if local.fault:
        yield Finding(local.fault, one.name)
        return
    yield from (
        Finding("local_differs", one.name, {"what": what}) for what, differs in different.items() if differs
    )


def _findings_after(file: BinaryIO, one: _Listed, data_end: int, bound: int) -> Iterator[Finding]:
    """What stands between an entry's data and the next header: its descriptor where it has one, nothing else."""
    central = one.central
    wanted = descriptors(central.crc, central.packed, central.size) if central.flags & DESCRIBED else (b"",)
    if bound - data_end <= max(map(len, wanted)):
        if read_at(file, data_end, bound - data_end) not in wanted:
            yield Finding("descriptor_differs", one.name)
        return
    yield from _findings_of_gap(file, data_end, bound, "unlisted_bytes", after=one.name)


def _findings_of_gap(
    file: BinaryIO, start: int, end: int, code: str, *, after: str = WHOLE
) -> Iterator[Finding]:
    """Bytes that no entry owns: another entry that the directory hides, or something else."""
    hidden = read_local(file, start) if read_at(file, start, 4) == LOCAL_SIGNATURE else None
    if hidden is not None:
        yield Finding("unlisted_entry", hidden.name.decode("utf-8", "replace"))
    else:
        yield Finding(code, after, {"bytes": end - start})


def _findings_of_data(file: BinaryIO, one: _Listed, data_at: int, limits: ArchiveLimits) -> Iterator[Finding]:
    """Inflate into nothing: the size, the checksum, the end of the stream, and whether it is an archive itself."""
    central = one.central
    if central.method not in (STORED, DEFLATED) or central.flags & ENCRYPTED:
        return
    size, crc, head = 0, 0, b""
    pieces = _inflated(file, data_at, central.packed, central.size, is_deflated=central.method == DEFLATED)
    try:
        for piece in pieces:
            head += piece[: max(0, _HEAD_BYTES - len(head))]
            size, crc = size + len(piece), zlib.crc32(piece, crc)
    except _MisfitError as error:
        yield Finding(error.code, one.name)
        return
    if size != central.size:
        yield Finding("size_differs", one.name)
    elif crc != central.crc:
        yield Finding("checksum_differs", one.name)
    suffix = _suffix(one.name)
    if _is_archive(head) and suffix not in limits.nested_suffixes | limits.document_suffixes:
        yield Finding("nested_archive", one.name)


def _is_archive(head: bytes) -> bool:
    return any(head[at : at + len(magic)] == magic for at, magic in _MAGIC)


class _MisfitError(Exception):
    """Data that does not end where the headers say; ``code`` names the finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _inflated(file: BinaryIO, at: int, packed: int, size: int, *, is_deflated: bool) -> Iterator[bytes]:
    """The bytes of an entry; raises at the first beyond `size`, or when the stream does not end with them."""
    if not is_deflated:
        if packed != size:
            raise _MisfitError("size_differs")
        yield from _raw(file, at, packed)
        return
    stream, produced = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for chunk in _raw(file, at, packed):
        held = chunk
        while held and not stream.eof:
            try:
                piece = stream.decompress(held, _CHUNK)
            except zlib.error:
                raise _MisfitError("data_broken") from None
            held = stream.unconsumed_tail
            produced += len(piece)
            if produced > size:
                raise _MisfitError("size_differs")
            if piece:
                yield piece
        if stream.eof and (stream.unused_data or held):
            raise _MisfitError("size_differs")
    with suppress(zlib.error):
        if rest := stream.flush():
            produced += len(rest)
            yield rest
    if not stream.eof or produced != size:
        raise _MisfitError("size_differs" if stream.eof else "data_broken")


def _raw(file: BinaryIO, at: int, length: int) -> Iterator[bytes]:
    while length:
        chunk = read_at(file, at, min(length, _CHUNK))
        if not chunk:
            raise _MisfitError("data_broken")
        yield chunk
        at, length = at + len(chunk), length - len(chunk)
