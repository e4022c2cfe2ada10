"""Archives: what is sound is taken, what two readers could understand differently is refused, with every place."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.packages.archives import read_archive, read_entry
from onboarding.packages.package_rules import Finding
from tests.onboarding.package_makers import (
    NARROW,
    Item,
    Tail,
    archive,
    block,
    described,
    item,
    packed_of,
    unicode_path,
    wide_end,
)
from tests.onboarding.samples import PACKAGE_RULES as RULES

LINK, DEVICE, FOLDER = 0o120777 << 16, 0o020666 << 16, 0o040755 << 16


def findings(held: bytes) -> tuple[Finding, ...]:
    return read_archive(io.BytesIO(held), RULES.archive)[1]


def wide(**fields: int) -> bytes:
    return block(1, struct.pack(f"<{len(fields)}Q", *fields.values()))


HELLO = item("a.html")
PACKED = len(packed_of(HELLO))
WIDE_PACKED = replace(HELLO, packed=NARROW, extra=wide(packed=PACKED))
TWO = [HELLO, item("b.html", b"world")]
INNER = archive([HELLO])

ACCEPTED: dict[str, Callable[[], bytes]] = {
    "deflated": lambda: archive([HELLO]),
    "stored": lambda: archive([item("a.html", is_deflated=False)]),
    "an empty file": lambda: archive([item("a.html", b"", is_deflated=False)]),
    "an empty file, deflated": lambda: archive([item("a.html", b"")]),
    "a comment of the archive": lambda: archive([HELLO], Tail(comment=b"made by an authoring tool")),
    "a comment of an entry": lambda: archive([replace(HELLO, comment=b"first page")]),
    "figures behind the data": lambda: archive([described(HELLO)]),
    "figures behind the data, unsigned": lambda: archive([described(HELLO, is_signed=False)]),
    "figures of 64 bits behind the data": lambda: archive([described(HELLO, is_wide=True)]),
    "figures behind the data, told before too": lambda: archive(
        [replace(described(HELLO), local_crc=None, local_packed=None, local_size=None)]
    ),
    "a wide size that is true": lambda: archive([WIDE_PACKED]),
    "a wide end that is true": lambda: wide_end(archive(TWO)),
    "folders of their own": lambda: archive(
        [item("pages/", b"", is_deflated=False, attributes=FOLDER | 0x10), item("pages/a.html")]
    ),
    "a name in UTF-8, told": lambda: archive([item("Présentation.html", flags=0x800)]),
    "a name in UTF-8, not told": lambda: archive([item("Présentation.html")]),
    "a name given twice, the same": lambda: archive(
        [replace(HELLO, extra=unicode_path(b"a.html", "a.html"))]
    ),
    "an office document, which is an archive inside": lambda: archive([item("aide.docx", INNER)]),
    "other extra fields": lambda: archive([replace(HELLO, extra=block(0x5455, b"\x03" + b"\x00" * 8))]),
    "2,000 files": lambda: archive([item(f"{n}.html", b"x", is_deflated=False) for n in range(2000)]),
    "Python's own writer": lambda: _by_zipfile(),
    "Python's own writer, to a pipe": lambda: _by_zipfile(is_pipe=True),
}

REFUSED: dict[str, tuple[Callable[[], bytes], set[tuple[str, str]]]] = {
    # the container
    "no archive at all": (lambda: b"<html>not a zip</html>", {("not_a_zip", "archive")}),
    "an empty file": (lambda: b"", {("not_a_zip", "archive")}),
    "half an end record": (lambda: archive([HELLO])[:-10], {("not_a_zip", "archive")}),
    "no entries": (lambda: archive([]), {("empty_archive", "archive")}),
    "bytes after the end": (lambda: archive([HELLO], Tail(after=b"xyz")), {("trailing_bytes", "archive")}),
    "a comment cut short": (
        lambda: archive([HELLO], Tail(comment=b"abc", comment_bytes=9)),
        {("directory_broken", "archive")},
    ),
    "a comment that ends the archive again": (
        lambda: archive([HELLO], Tail(comment=archive([item("evil.html")])[-22:])),
        {("several_ends", "archive")},
    ),
    "an archive behind an archive": (
        lambda: archive([HELLO]) + archive([item("b.html")]),
        {("directory_misplaced", "archive")},
    ),
    "a program before the archive": (
        lambda: archive([HELLO], prefix=b"MZ" + b"\x90" * 40),
        {("leading_bytes", "archive")},
    ),
    "several disks": (lambda: archive([HELLO], Tail(disk=1)), {("several_disks", "archive")}),
    "an entry on another disk": (
        lambda: archive([replace(HELLO, disk=1)]),
        {("directory_broken", "archive")},
    ),
    "entries on this disk only": (
        lambda: archive(TWO, Tail(entries_here=1)),
        {("several_disks", "archive")},
    ),
    "more entries told than listed": (
        lambda: archive([HELLO], Tail(entries=2)),
        {("count_differs", "archive")},
    ),
    "fewer entries told than listed": (lambda: archive(TWO, Tail(entries=1)), {("count_differs", "archive")}),
    "a directory told too early": (
        lambda: archive([HELLO], Tail(directory_at=3)),
        {("directory_misplaced", "archive")},
    ),
    "a directory told too long": (
        lambda: archive([HELLO], Tail(directory_bytes=99)),
        {("directory_misplaced", "archive")},
    ),
    "bytes between directory and end": (
        lambda: archive([HELLO], Tail(before=b"abc")),
        {("directory_misplaced", "archive")},
    ),
    "rubbish in the directory": (
        lambda: archive([HELLO], Tail(directory_after=b"rubbish")),
        {("directory_broken", "archive")},
    ),
    # two stories about one entry
    "an entry that is not listed": (
        lambda: archive([HELLO, item("hidden.html", is_listed=False)]),
        {("unlisted_entry", "hidden.html")},
    ),
    "an entry listed twice": (
        lambda: archive([HELLO, replace(HELLO, is_held=False, header_at=0)]),
        {("name_twice", "a.html"), ("overlap", "a.html")},
    ),
    "an entry that is not there": (
        lambda: archive([HELLO, item("gone.html", is_held=False)]),
        {("local_missing", "gone.html")},
    ),
    "another name in its own header": (
        lambda: archive([replace(HELLO, local_name=b"b.html")]),
        {("local_differs", "a.html")},
    ),
    "another method in its own header": (
        lambda: archive([replace(HELLO, local_method=0)]),
        {("local_differs", "a.html")},
    ),
    "another size in its own header": (
        lambda: archive([replace(HELLO, local_size=4)]),
        {("local_differs", "a.html")},
    ),
    "another checksum in its own header": (
        lambda: archive([replace(HELLO, local_crc=1)]),
        {("local_differs", "a.html")},
    ),
    "other flags in its own header": (
        lambda: archive([replace(HELLO, local_flags=0x800)]),
        {("local_differs", "a.html")},
    ),
    "overlapping entries": (
        lambda: archive([HELLO, item("b.html", header_at=0, is_held=False)]),
        {("overlap", "a.html"), ("local_differs", "b.html")},
    ),
    "an entry that swallows the next": (
        lambda: archive([item("a.html", is_deflated=False, packed=60, size=60), item("b.html")]),
        {("overlap", "a.html")},
    ),
    "bytes between entries": (
        lambda: archive([replace(HELLO, after=b"\0" * 30), item("b.html")]),
        {("unlisted_bytes", "a.html")},
    ),
    "a descriptor with another checksum": (
        lambda: archive([described(HELLO, crc=1)]),
        {("descriptor_differs", "a.html")},
    ),
    "a descriptor without a checksum": (
        lambda: archive([described(HELLO, crc=0)]),
        {("descriptor_differs", "a.html")},
    ),
    "a descriptor with another packed size": (
        lambda: archive([described(HELLO, packed=PACKED + 1)]),
        {("descriptor_differs", "a.html")},
    ),
    "a descriptor with another size": (
        lambda: archive([described(HELLO, size=6)]),
        {("descriptor_differs", "a.html")},
    ),
    "an unsigned descriptor with another size": (
        lambda: archive([described(HELLO, size=6, is_signed=False)]),
        {("descriptor_differs", "a.html")},
    ),
    "a wide descriptor with another size": (
        lambda: archive([described(HELLO, size=6, is_wide=True)]),
        {("descriptor_differs", "a.html")},
    ),
    "a missing descriptor": (
        lambda: archive([replace(described(HELLO), descriptor=b"")]),
        {("descriptor_differs", "a.html")},
    ),
    # ZIP64
    "a wide packed size that lies": (
        lambda: archive([replace(HELLO, packed=NARROW, extra=wide(packed=PACKED + 1))]),
        {("overlap", "a.html")},
    ),
    "a wide size that lies": (
        lambda: archive([replace(HELLO, size=NARROW, extra=wide(size=6))]),
        {("size_differs", "a.html")},
    ),
    "a wide block too short": (
        lambda: archive([replace(HELLO, size=NARROW, packed=NARROW, extra=wide(size=5))]),
        {
            ("zip64_inconsistent", "a.html"),
            ("too_many_bytes", "archive"),
            ("overlap", "a.html"),
            ("ratio_too_high", "archive"),
        },
    ),
    "a wide block too long": (
        lambda: archive([replace(HELLO, packed=NARROW, extra=wide(packed=PACKED, more=0))]),
        {("zip64_inconsistent", "a.html"), ("overlap", "a.html")},
    ),
    "a wide block that nothing asks for": (
        lambda: archive([replace(HELLO, extra=wide(size=5))]),
        {("zip64_inconsistent", "a.html")},
    ),
    "a wide block twice": (
        lambda: archive([replace(WIDE_PACKED, extra=wide(packed=PACKED) * 2)]),
        {("extra_twice", "a.html")},
    ),
    "a wide end of another count": (
        lambda: wide_end(archive(TWO), entries=1),
        {("count_differs", "archive")},
    ),
    "a wide end that points elsewhere": (
        lambda: wide_end(archive(TWO), directory_at=0),
        {("zip64_inconsistent", "archive")},
    ),
    "a wide end with room for more": (
        lambda: wide_end(archive(TWO), record_bytes=60),
        {("zip64_inconsistent", "archive")},
    ),
    "a locator that points elsewhere": (
        lambda: wide_end(archive(TWO), wide_at=1),
        {("zip64_inconsistent", "archive")},
    ),
    "a locator that points beyond every file": (
        lambda: wide_end(archive(TWO), wide_at=(1 << 64) - 1),
        {("zip64_inconsistent", "archive")},
    ),
    "a header beyond every file": (
        lambda: archive(
            [replace(HELLO, header_at=NARROW, extra=wide(header=(1 << 64) - 1), local_extra=b"")]
        ),
        {("unlisted_entry", "a.html"), ("local_missing", "a.html")},
    ),
    "a narrow end that contradicts the wide one": (
        lambda: wide_end(archive(TWO), narrow_at=7),
        {("zip64_inconsistent", "archive")},
    ),
    # extra fields
    "three bytes of extra field": (
        lambda: archive([replace(HELLO, extra=b"abc")]),
        {("extra_broken", "a.html")},
    ),
    "a block longer than its field": (
        lambda: archive([replace(HELLO, extra=struct.pack("<HH", 9, 40) + b"short")]),
        {("extra_broken", "a.html")},
    ),
    "another name in Unicode": (
        lambda: archive([replace(HELLO, extra=unicode_path(b"a.html", "evil.html"))]),
        {("name_other", "a.html")},
    ),
    "two names in Unicode": (
        lambda: archive([replace(HELLO, extra=unicode_path(b"a.html", "a.html") * 2)]),
        {("extra_twice", "a.html")},
    ),
    "a name in Unicode of an older name": (
        lambda: archive([replace(HELLO, extra=unicode_path(b"a.html", "a.html", crc=1))]),
        {("name_other", "a.html")},
    ),
    # names
    "a name that climbs out": (lambda: archive([item("../a.html")]), {("name_parent", "../a.html")}),
    "a name that climbs out later": (
        lambda: archive([item("b/../../a.html")]),
        {("name_parent", "b/../../a.html")},
    ),
    "an absolute name": (lambda: archive([item("/etc/cron")]), {("name_absolute", "/etc/cron")}),
    "a backslash": (lambda: archive([item("..\\a.html")]), {("name_backslash", "..\\a.html")}),
    "a drive": (lambda: archive([item("C:a.html")]), {("name_drive", "C:a.html")}),
    "another stream of a file": (lambda: archive([item("a.html:b")]), {("name_drive", "a.html:b")}),
    "a NUL in a name": (lambda: archive([item("a\0.html")]), {("name_control", "a\0.html")}),
    "a line end in a name": (lambda: archive([item("a\n.html")]), {("name_control", "a\n.html")}),
    "a name written backwards": (
        lambda: archive([item("a\u202elmth.exe")]),
        {("name_control", "a\u202elmth.exe")},
    ),
    "an empty name": (lambda: archive([Item(b"")]), {("name_empty", "archive")}),
    "an empty folder name": (lambda: archive([item("a//b.html")]), {("name_unclean", "a//b.html")}),
    "a dot for a folder": (lambda: archive([item("./a.html")]), {("name_unclean", "./a.html")}),
    "a space at the end": (lambda: archive([item("a.html ")]), {("name_unclean", "a.html ")}),
    "a name that Windows keeps": (lambda: archive([item("aux.html")]), {("name_reserved", "aux.html")}),
    "a name of an old code page": (
        lambda: archive([Item("é.html".encode("cp850"))]),
        {("name_not_utf8", "entry 1")},
    ),
    "a name too long": (lambda: archive([item("a" * 600)]), {("name_too_long", "a" * 600)}),
    "one name twice": (
        lambda: archive([HELLO, item("a.html", b"other")]),
        {("name_twice", "a.html")},
    ),
    "names that only capitals tell apart": (
        lambda: archive([HELLO, item("A.HTML")]),
        {("name_case", "A.HTML")},
    ),
    "names that only the way of writing é tells apart": (
        lambda: archive([item("e\u0301.html"), item("\u00e9.html")]),
        {("name_twice", "\u00e9.html")},
    ),
    "a file that is a folder too": (
        lambda: archive([item("a"), item("a/b.html")]),
        {("name_file_and_folder", "a")},
    ),
    # kinds of entries
    "a link": (
        lambda: archive([item("a", b"/etc/passwd", attributes=LINK)]),
        {("is_link", "a")},
    ),
    "a link of Windows": (lambda: archive([item("a", attributes=0x400)]), {("is_link", "a")}),
    "a device": (lambda: archive([item("a", attributes=DEVICE)]), {("is_special", "a")}),
    "a folder with data": (lambda: archive([item("a/")]), {("folder_with_data", "a/")}),
    "an archive inside": (lambda: archive([item("b.zip", INNER)]), {("nested_archive", "b.zip")}),
    "an archive inside under another name": (
        lambda: archive([item("b.png", INNER)]),
        {("nested_archive", "b.png")},
    ),
    "an archive inside, stored": (
        lambda: archive([item("b.bin", INNER, is_deflated=False)]),
        {("nested_archive", "b.bin")},
    ),
    "an encrypted entry": (lambda: archive([replace(HELLO, flags=1)]), {("encrypted", "a.html")}),
    "a strongly encrypted entry": (
        lambda: archive([replace(HELLO, flags=0x41)]),
        {("encrypted", "a.html")},
    ),
    "a patch of another file": (lambda: archive([replace(HELLO, flags=0x20)]), {("unknown_flags", "a.html")}),
    "an entry for readers of another time": (
        lambda: archive([replace(HELLO, needed=99)]),
        {("unknown_flags", "a.html")},
    ),
    "a method that few can read": (
        lambda: archive([replace(HELLO, method=14)]),
        {("unknown_method", "a.html")},
    ),
    # data
    "a size that lies": (lambda: archive([replace(HELLO, size=4)]), {("size_differs", "a.html")}),
    "a size that promises more": (lambda: archive([replace(HELLO, size=9)]), {("size_differs", "a.html")}),
    "a checksum that lies": (lambda: archive([replace(HELLO, crc=7)]), {("checksum_differs", "a.html")}),
    "data that is none": (lambda: archive([replace(HELLO, body=b"\xff" * 20)]), {("data_broken", "a.html")}),
    "data cut short": (
        lambda: archive([replace(HELLO, body=packed_of(HELLO)[:-2])]),
        {("data_broken", "a.html")},
    ),
    "data that ends before its bytes do": (
        lambda: archive([replace(HELLO, body=packed_of(HELLO) + b"hidden")]),
        {("size_differs", "a.html")},
    ),
    "stored data of two sizes": (
        lambda: archive([item("a.html", is_deflated=False, size=4)]),
        {("size_differs", "a.html")},
    ),
    # too much
    "2,001 files": (
        lambda: archive([item(f"{n}.html", b"x", is_deflated=False) for n in range(2001)]),
        {("too_many_entries", "archive")},
    ),
    "more than 500 MB told": (
        lambda: archive([item("a.bin", size=500_000_001)]),
        {("too_many_bytes", "archive"), ("ratio_too_high", "archive"), ("ratio_too_high", "a.bin")},
    ),
}


def _by_zipfile(*, is_pipe: bool = False) -> bytes:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not is_pipe

        def seek(self, *where: int) -> int:
            if is_pipe:
                raise io.UnsupportedOperation
            return super().seek(*where)

        def tell(self) -> int:
            if is_pipe:
                raise io.UnsupportedOperation
            return super().tell()

    held = Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("imsmanifest.xml", "<manifest/>" * 100)
        with made.open("pages/é.html", "w", force_zip64=True) as page:
            page.write(b"x" * 100_000)
    return held.getvalue()


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_sound_archive_is_taken(name: str):
    held = ACCEPTED[name]()
    assert findings(held) == ()
    archive_read, _ = read_archive(io.BytesIO(held), RULES.archive)
    with zipfile.ZipFile(io.BytesIO(held)) as other:
        files = [one for one in other.infolist() if not one.is_dir()]
        assert len(archive_read.entries) == len(files)
        for mine, theirs in zip(sorted(archive_read.entries, key=lambda e: e.data_at), files, strict=True):
            assert b"".join(read_entry(io.BytesIO(held), mine)) == other.read(theirs)


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_archive_is_refused_for_what_it_is_and_nothing_else(name: str):
    make, expected = REFUSED[name]
    assert {(one.code, one.place) for one in findings(make())} == expected


def test_every_problem_of_an_archive_is_told_at_once():
    made = archive(
        [
            item("../up.html"),
            item("link", attributes=LINK),
            replace(item("bad.html"), crc=1),
            item("C:\\x.html"),
            item("inner.7z"),
        ],
        Tail(after=b"!"),
    )
    assert {(one.code, one.place) for one in findings(made)} == {
        ("trailing_bytes", "archive"),
        ("name_parent", "../up.html"),
        ("is_link", "link"),
        ("checksum_differs", "bad.html"),
        ("name_drive", "C:\\x.html"),
        ("name_backslash", "C:\\x.html"),
        ("nested_archive", "inner.7z"),
    }


def test_the_ratio_holds_above_64_mebibytes_only():
    small, large = b"\0" * (60 << 20), b"\0" * (65 << 20)
    assert findings(archive([item("a.bin", small)])) == ()
    refused = findings(archive([item("a.bin", large)]))
    assert {(one.code, one.place) for one in refused} == {
        ("ratio_too_high", "archive"),
        ("ratio_too_high", "a.bin"),
    }


def test_a_bomb_is_refused_without_being_inflated_and_in_little_memory():
    honest = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(honest.compress(b"\0" * (1 << 20)) for _ in range(300)) + honest.flush()
    liar = archive([replace(item("a.bin", b""), body=body, size=1000, crc=0)])
    tracemalloc.start()
    refused = findings(liar)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.code for one in refused] == ["size_differs"]
    assert peak < 2_000_000


def test_a_file_is_read_from_any_place_of_it():
    content = bytes(range(256)) * 2000
    made = archive([item("a.bin", content), item("b.bin", content, is_deflated=False)])
    read, _ = read_archive(io.BytesIO(made), RULES.archive)
    for entry in read.entries:
        for start in (0, 1, 65_535, 65_536, 200_000, len(content)):
            assert b"".join(read_entry(io.BytesIO(made), entry, start=start)) == content[start:]


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 255), st.sampled_from(["put", "drop", "add"])),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_taken_is_read_the_same_by_another_reader_whatever_bytes_were_changed(
    changes: list[tuple[int, int, str]],
):
    held = bytearray(archive([*TWO, described(item("c.html", b"c" * 200))], Tail(comment=b"made here")))
    for at, value, how in changes:
        at %= len(held)
        held[at : at + (how != "add")] = b"" if how == "drop" else bytes([value])
    made = bytes(held)
    read, found = read_archive(io.BytesIO(made), RULES.archive)
    mine = {one.name: b"".join(read_entry(io.BytesIO(made), one)) for one in read.entries}
    if found:
        return
    with zipfile.ZipFile(io.BytesIO(made)) as other:
        assert mine == {one.filename: other.read(one) for one in other.infolist()}
