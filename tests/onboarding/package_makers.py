"""Training packages made for the suite: ZIP files written byte by byte, so that each may lie in exactly one place."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

NARROW = 0xFFFFFFFF
SCO_PAGE = b"<!doctype html><title>Unit</title><script src='../shared/scorm.js'></script>"


@dataclass(frozen=True)
class Item:
    """One entry as it will be written; whatever is not None overrides the truth, in one record or in both."""

    name: bytes
    data: bytes = b"hello"
    is_deflated: bool = True
    flags: int = 0
    local_flags: int | None = None
    method: int | None = None
    local_method: int | None = None
    crc: int | None = None
    local_crc: int | None = None
    packed: int | None = None
    local_packed: int | None = None
    size: int | None = None
    local_size: int | None = None
    local_name: bytes | None = None
    header_at: int | None = None
    attributes: int = 0
    extra: bytes = b""
    local_extra: bytes | None = None
    comment: bytes = b""
    body: bytes | None = None
    descriptor: bytes = b""
    before: bytes = b""
    after: bytes = b""
    is_listed: bool = True
    is_held: bool = True
    disk: int = 0
    needed: int = 20


def item(name: str, data: bytes = b"hello", **changes: Any) -> Item:
    return Item(name.encode(), data, **changes)


@dataclass(frozen=True)
class Tail:
    """The end of the archive; whatever is not None overrides the truth."""

    entries: int | None = None
    entries_here: int | None = None
    directory_at: int | None = None
    directory_bytes: int | None = None
    comment: bytes = b""
    comment_bytes: int | None = None
    before: bytes = b""
    after: bytes = b""
    directory_after: bytes = b""
    disk: int = 0


def packed_of(one: Item) -> bytes:
    if one.body is not None:
        return one.body
    if not one.is_deflated:
        return one.data
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(one.data) + stream.flush()


def archive(items: Sequence[Item], tail: Tail = Tail(), *, prefix: bytes = b"") -> bytes:
    """The whole archive; offsets count the prefix, as a tool that knows of it would write them."""
    held, directory = prefix, b""
    listed = 0
    for one in items:
        held += one.before
        header_at = len(held)
        body = packed_of(one)
        told = _told(one, body)
        if one.is_held:
            held += _local(one, told) + body + one.descriptor + one.after
        if one.is_listed:
            listed += 1
            directory += _central(one, told, header_at)
    directory_at = len(held)
    directory += tail.directory_after
    end = struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        tail.disk,
        tail.disk,
        _or(tail.entries_here, _or(tail.entries, listed)) & 0xFFFF,
        _or(tail.entries, listed) & 0xFFFF,
        _or(tail.directory_bytes, len(directory)),
        _or(tail.directory_at, directory_at),
        _or(tail.comment_bytes, len(tail.comment)),
    )
    return held + directory + tail.before + end + tail.comment + tail.after


def _or(told: int | None, truth: int) -> int:
    return truth if told is None else told


def _told(one: Item, body: bytes) -> dict[str, int]:
    return {
        "method": _or(one.method, 8 if one.is_deflated else 0),
        "crc": _or(one.crc, zlib.crc32(one.data)),
        "packed": _or(one.packed, len(body)),
        "size": _or(one.size, len(one.data)),
    }


def _local(one: Item, told: dict[str, int]) -> bytes:
    name = one.name if one.local_name is None else one.local_name
    extra = one.extra if one.local_extra is None else one.local_extra
    head = struct.pack(
        "<4s5H3L2H",
        b"PK\x03\x04",
        20,
        _or(one.local_flags, one.flags),
        _or(one.local_method, told["method"]),
        0,
        0x21,
        _or(one.local_crc, told["crc"]),
        _or(one.local_packed, told["packed"]),
        _or(one.local_size, told["size"]),
        len(name),
        len(extra),
    )
    return head + name + extra


def _central(one: Item, told: dict[str, int], header_at: int) -> bytes:
    head = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        0x0314,
        one.needed,
        one.flags,
        told["method"],
        0,
        0x21,
        told["crc"],
        told["packed"],
        told["size"],
        len(one.name),
        len(one.extra),
        len(one.comment),
        one.disk,
        0,
        one.attributes,
        _or(one.header_at, header_at),
    )
    return head + one.name + one.extra + one.comment


def described(one: Item, *, is_signed: bool = True, is_wide: bool = False, **lies: int) -> Item:
    """The same entry with its figures in a descriptor behind the data, as streaming tools write it."""
    body = packed_of(one)
    crc = lies.get("crc", zlib.crc32(one.data))
    packed, size = lies.get("packed", len(body)), lies.get("size", len(one.data))
    written = struct.pack("<LQQ" if is_wide else "<LLL", crc, packed, size)
    return replace(
        one,
        flags=one.flags | 8,
        local_crc=0,
        local_packed=0,
        local_size=0,
        descriptor=(b"PK\x07\x08" if is_signed else b"") + written,
    )


def block(kind: int, content: bytes) -> bytes:
    """One block of an extra field."""
    return struct.pack("<HH", kind, len(content)) + content


def unicode_path(raw: bytes, name: str, *, crc: int | None = None) -> bytes:
    return block(0x7075, struct.pack("<BL", 1, _or(crc, zlib.crc32(raw))) + name.encode())


def wide_end(held: bytes, **changes: int) -> bytes:
    """An archive of 32 bits given a ZIP64 end record and locator; `changes` make either lie."""
    end = held[-22:]
    _, _, _, _, entries, length, at, _ = struct.unpack("<4s4H2LH", end)
    wide_at = len(held) - 22
    record = struct.pack(
        "<4sQ2H2L4Q",
        b"PK\x06\x06",
        changes.get("record_bytes", 44),
        45,
        45,
        0,
        0,
        changes.get("entries", entries),
        changes.get("entries", entries),
        changes.get("directory_bytes", length),
        changes.get("directory_at", at),
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, changes.get("wide_at", wide_at), 1)
    narrow = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, NARROW, changes.get("narrow_at", NARROW), 0
    )
    return held[:-22] + record + locator + narrow


# Manifests

SCORM_1_2 = 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
SCORM_2004 = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"'
)


@dataclass(frozen=True)
class Sco:
    """One unit of a manifest that is made for the suite."""

    identifier: str
    href: str
    title: str = "Une unité"
    inside: str = ""
    attributes: str = ""
    kind: str = "sco"


def manifest(
    *units: Sco,
    version: str = "1.2",
    items: str = "",
    resources: str = "",
    organizations: str = "",
    **changes: str,
) -> bytes:
    """A manifest of these units; `changes` replace one written text by another (`old="new"` pairs by key `swap_…`)."""
    is_1_2 = version == "1.2"
    spaces = SCORM_1_2 if is_1_2 else SCORM_2004
    kind = "adlcp:scormtype" if is_1_2 else "adlcp:scormType"
    written = items or "".join(
        f'<item identifier="{one.identifier}" identifierref="RES-{one.identifier}" {one.attributes}>'
        f"<title>{one.title}</title>{one.inside}</item>\n"
        for one in units
    )
    resources += "".join(
        f'<resource identifier="RES-{one.identifier}" type="webcontent" {kind}="{one.kind}" href="{one.href}">'
        f'<file href="{one.href}"/></resource>\n'
        for one in units
    )
    inside = organizations or (
        f'<organizations default="ORG"><organization identifier="ORG"><title>Accueil à distance</title>\n'
        f"{written}{changes.get('of_organization', '')}</organization></organizations>"
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<manifest identifier="MAN" version="1" {spaces} '
        f"{changes.get('of_manifest', '')}>\n"
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>\n"
        f"{inside}\n<resources {changes.get('of_resources', '')}>\n{resources}</resources>\n"
        f"{changes.get('last', '')}</manifest>"
    ).encode()


def package(content: bytes, *files: str, further: Sequence[Item] = ()) -> bytes:
    """A package of this manifest and these files."""
    return archive([item("imsmanifest.xml", content), *(item(name, SCO_PAGE) for name in files), *further])


def single() -> bytes:
    """A sound package of one unit."""
    return package(manifest(Sco("SCO-1", "unit/index.html")), "unit/index.html", "shared/scorm.js")


def several() -> bytes:
    """A sound package of three units under a heading: pass mark, longest time, launch data, prerequisites, an asset."""
    items = """<item identifier="PART"><title>Partie 1</title>
<item identifier="SCO-1" identifierref="R1"><title>Accueillir</title>
<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>langue=fr</adlcp:datafromlms></item>
<item identifier="SCO-2" identifierref="R2" parameters="?theme=calme" isvisible="false"><title>Rassurer</title>
<adlcp:prerequisites type="aicc_script">SCO-1</adlcp:prerequisites>
<adlcp:maxtimeallowed>0000:30:00</adlcp:maxtimeallowed>
<adlcp:timelimitaction>exit,message</adlcp:timelimitaction></item></item>
<item identifier="DOC" identifierref="R3"><title>Aide-mémoire</title>
<adlcp:prerequisites type="aicc_script">PART</adlcp:prerequisites></item>"""
    resources = """<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="a/index.html#debut"
 xml:base="unites/">
<file href="a/index.html"/><dependency identifierref="SHARED"/></resource>
<resource identifier="R2" type="webcontent" adlcp:scormtype="sco" href="unites/b%20b/index.html?mode=1">
<file href="unites/b%20b/index.html"/></resource>
<resource identifier="R3" type="webcontent" adlcp:scormtype="asset" href="doc.pdf"><file href="doc.pdf"/></resource>
<resource identifier="SHARED" type="webcontent" adlcp:scormtype="asset"><file href="shared/scorm.js"/></resource>"""
    content = manifest(items=items, resources=resources)
    return package(content, "unites/a/index.html", "unites/b b/index.html", "doc.pdf", "shared/scorm.js")


def scorm_2004(inside: str = "", *, version: str = "2004 4th Edition", **changes: str) -> bytes:
    """A package of SCORM 2004 with one unit, as authoring tools export it; `inside` goes into its item."""
    content = manifest(Sco("SCO-1", "index.html", inside=inside), version=version, **changes)
    return package(content, "index.html")
