"""The records of a ZIP file as they stand in its bytes (APPNOTE 6.3.10, parts 4.3 and 4.5), each read strictly."""

import struct
from typing import BinaryIO, NamedTuple

END_SIGNATURE = b"PK\x05\x06"
LOCAL_SIGNATURE = b"PK\x03\x04"
ZIP64, UNICODE_PATH = 0x0001, 0x7075
ENCRYPTED, DESCRIBED, UTF8 = 0x0001, 0x0008, 0x0800
STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_WIDE_LOCATOR = struct.Struct("<4sLQL")
_WIDE_END = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_NARROW = 0xFFFFFFFF
_LONGEST_COMMENT = 0xFFFF
_FARTHEST = 1 << 62
_NEWEST_VERSION = 63
"""What an entry may need of a reader, as version 6.3 of the format is written."""


class BrokenRecordError(Exception):
    """A record that does not hold what its kind must hold; ``code`` names the finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class End(NamedTuple):
    """Where the central directory stands and how many entries it tells; ``trailing`` bytes follow the end record."""

    directory_at: int
    directory_bytes: int
    entries: int
    trailing: int


class Central(NamedTuple):
    """One entry as the central directory tells it; sizes and offset already widened where ZIP64 says so."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header_at: int
    attributes: int
    extra: dict[int, bytes]
    fault: str | None


class Local(NamedTuple):
    """One entry as its own header tells it; ``data_at`` is where its bytes begin."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    data_at: int
    fault: str | None


def read_end(file: BinaryIO, size: int) -> End:
    """The one end record of the file; raises when there is none, or when two readers could each find another."""
    tail_at = max(0, size - _END.size - _LONGEST_COMMENT)
    tail = read_at(file, tail_at, size - tail_at)
    places = _places(tail, END_SIGNATURE)
    whole = [at for at in places if at + _END.size <= len(tail)]
    if not whole:
        raise BrokenRecordError("not_a_zip")
    reaching = [at for at in whole if _reach(tail, at) == len(tail)]
    if len(reaching) > 1:
        raise BrokenRecordError("several_ends")
    at = reaching[0] if reaching else whole[-1]
    if reaching and at != whole[-1]:
        raise BrokenRecordError("several_ends")
    if _reach(tail, at) > len(tail):
        raise BrokenRecordError("directory_broken")
    _, disk, first_disk, here, entries, length, offset, _ = _END.unpack_from(tail, at)
    if disk or first_disk or here != entries:
        raise BrokenRecordError("several_disks")
    told = End(offset, length, entries, trailing=len(tail) - _reach(tail, at))
    return _widened_end(file, told, end_at=tail_at + at)


def _reach(tail: bytes, at: int) -> int:
    """Where an end record and its comment end."""
    comment: int = _END.unpack_from(tail, at)[7]
    return at + _END.size + comment


def _widened_end(file: BinaryIO, told: End, *, end_at: int) -> End:
    """The end record with the figures of its ZIP64 companion, which must agree with it and follow the directory."""
    locator_at = end_at - _WIDE_LOCATOR.size
    locator = read_at(file, locator_at, _WIDE_LOCATOR.size) if locator_at >= 0 else b""
    if not locator.startswith(b"PK\x06\x07"):
        if told.directory_at + told.directory_bytes != end_at:
            raise BrokenRecordError("directory_misplaced")
        return told
    _, disk, wide_at, disks = _WIDE_LOCATOR.unpack(locator)
    record = read_at(file, wide_at, _WIDE_END.size)
    if len(record) != _WIDE_END.size or not record.startswith(b"PK\x06\x06"):
        raise BrokenRecordError("zip64_inconsistent")
    _, length, _, _, number, first, here, entries, directory_bytes, directory_at = _WIDE_END.unpack(record)
    agrees = (
        (disk, number, first) == (0, 0, 0)
        and disks <= 1
        and here == entries
        and length == _WIDE_END.size - 12
        and wide_at + _WIDE_END.size == locator_at
        and directory_at + directory_bytes == wide_at
        and told.entries in (entries, 0xFFFF)
        and told.directory_bytes in (directory_bytes, _NARROW)
        and told.directory_at in (directory_at, _NARROW)
    )
    if not agrees:
        raise BrokenRecordError("zip64_inconsistent")
    return End(directory_at, directory_bytes, entries, told.trailing)


def read_central(directory: bytes, at: int) -> tuple[Central, int]:
    """The entry at this place of the central directory, and where the next one stands."""
    if len(directory) - at < _CENTRAL.size:
        raise BrokenRecordError("directory_broken")
    (
        signature, _, needed, flags, method, _, _, crc, packed, size,
        name_bytes, extra_bytes, comment_bytes, disk, _, attributes, header_at,
    ) = _CENTRAL.unpack_from(directory, at)  # fmt: skip
    name_at = at + _CENTRAL.size
    end = name_at + name_bytes + extra_bytes + comment_bytes
    if signature != b"PK\x01\x02" or end > len(directory) or disk:
        raise BrokenRecordError("directory_broken")
    name = directory[name_at : name_at + name_bytes]
    extra, fault = read_extra(directory[name_at + name_bytes : name_at + name_bytes + extra_bytes])
    (size, packed, header_at), misfit = _widened(extra, size, packed, header_at)
    known = (name, flags, method, crc, packed, size, header_at, attributes, extra)
    newer = "unknown_flags" if needed & 0xFF > _NEWEST_VERSION else None
    return Central(*known, fault=fault or misfit or newer), end


def read_local(file: BinaryIO, at: int) -> Local | None:
    """The entry's own header at this place of the file, or None where no header stands."""
    head = read_at(file, at, _LOCAL.size)
    if len(head) != _LOCAL.size or not head.startswith(LOCAL_SIGNATURE):
        return None
    _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = _LOCAL.unpack(head)
    rest = read_at(file, at + _LOCAL.size, name_bytes + extra_bytes)
    extra, fault = read_extra(rest[name_bytes:])
    (size, packed), misfit = _widened(extra, size, packed)
    data_at = at + _LOCAL.size + name_bytes + extra_bytes
    return Local(rest[:name_bytes], flags, method, crc, packed, size, data_at, fault or misfit)


def read_extra(extra: bytes) -> tuple[dict[int, bytes], str | None]:
    """The blocks of an extra field by their number, and the finding where they do not fill it exactly."""
    blocks: dict[int, bytes] = {}
    at, fault = 0, None
    while at < len(extra):
        if len(extra) - at < 4:
            return blocks, "extra_broken"
        kind, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            return blocks, "extra_broken"
        if kind in blocks and kind in (ZIP64, UNICODE_PATH):
            fault = "extra_twice"
        blocks[kind] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return blocks, fault


def _widened(extra: dict[int, bytes], *fields: int) -> tuple[tuple[int, ...], str | None]:
    """Fields of 32 bits that stand at their limit, taken from the ZIP64 block, which must hold those and no more."""
    wanted = [place for place, value in enumerate(fields) if value == _NARROW]
    block = extra.get(ZIP64)
    if block is None:
        return fields, "zip64_inconsistent" if wanted else None
    if len(block) != 8 * len(wanted):
        return fields, "zip64_inconsistent"
    wide = struct.unpack(f"<{len(wanted)}Q", block)
    found = dict(zip(wanted, wide, strict=True))
    return tuple(found.get(place, value) for place, value in enumerate(fields)), None


def descriptors(crc: int, packed: int, size: int) -> tuple[bytes, ...]:
    """The four ways in which a data descriptor may tell these figures: signed or not, of 32 or 64 bits."""
    wide = struct.pack("<LQQ", crc, packed, size)
    ways = [wide]
    if max(packed, size) <= _NARROW:
        ways.append(struct.pack("<LLL", crc, packed, size))
    return tuple(start + way for way in ways for start in (b"PK\x07\x08", b""))


def read_at(file: BinaryIO, at: int, length: int) -> bytes:
    """Up to `length` bytes from this place; fewer at the end of the file, none where no file could have a place."""
    if at > _FARTHEST:
        return b""
    file.seek(at)
    return file.read(max(0, length))


def _places(held: bytes, wanted: bytes) -> list[int]:
    places, at = [], held.find(wanted)
    while at != -1:
        places.append(at)
        at = held.find(wanted, at + 1)
    return places
