"""Files are judged by what they are: real PDFs and pictures, and what only says that it is one."""

import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from service.flows.assessing.judging_files import FileFault, Judged, in_words, judge, refusal

ALL = ("application/pdf", "image/jpeg", "image/png", "image/webp")
WHERE = 0x8825


def pdf(pages: int = 1, **options: object) -> bytes:
    written = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(written, **options)
    return written.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def judged(content: bytes, *, accepts: tuple[str, ...] = ALL, max_megabytes: int = 5) -> Judged | FileFault:
    return judge(content, accepts=accepts, max_megabytes=max_megabytes)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_picture_is_known_by_its_bytes_and_stays_readable(kind: str, media_type: str) -> None:
    found = judged(picture(kind))
    assert isinstance(found, Judged)
    assert found.media_type == media_type
    with Image.open(BytesIO(found.content)) as image:
        assert image.size == (40, 20)


def test_the_place_where_a_picture_was_taken_is_gone_and_it_stands_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # turned by a quarter
    notes[0x010F] = "Maker of the telephone"
    notes.get_ifd(WHERE)[1] = "N"
    taken = picture(exif=notes)
    assert b"Maker" in taken
    found = judged(taken)
    assert isinstance(found, Judged)
    with Image.open(BytesIO(found.content)) as image:
        assert (image.size, dict(image.getexif())) == ((20, 40), {})
    assert b"Maker" not in found.content


def test_a_large_picture_is_made_smaller() -> None:
    found = judged(picture(size=(5000, 1000)))
    assert isinstance(found, Judged)
    with Image.open(BytesIO(found.content)) as image:
        assert max(image.size) == 3200


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    assert judged(picture("PNG", (9000, 9000))) is FileFault.TOO_MANY_PIXELS
    header = bytearray(picture("PNG", (10, 10)))
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    assert judged(bytes(header)) is FileFault.TOO_MANY_PIXELS, "two small lines that say they are 3.6 billion"


def test_a_pdf_loses_what_acts_what_is_attached_and_who_made_it() -> None:
    written = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/Author"] = "Somebody"
        made.attachments["more.txt"] = b"hidden"
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made.pages[0].obj.AA = pikepdf.Dictionary()
        made.save(written)
    found = judged(written.getvalue())
    assert isinstance(found, Judged)
    for gone in (b"JavaScript", b"OpenAction", b"Somebody", b"more.txt", b"/AA"):
        assert gone not in found.content
    with pikepdf.open(BytesIO(found.content)) as kept:
        assert len(kept.pages) == 1
        assert not kept.attachments
    assert judged(written.getvalue()) == found, "the same file gives the same bytes"


def test_what_hides_behind_a_pdf_is_cut_off() -> None:
    hidden = BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>")
    found = judged(pdf() + hidden.getvalue())
    assert isinstance(found, Judged)
    assert b"PK\x03\x04" not in found.content


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"%PDF-1.7 and no more", FileFault.UNREADABLE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileFault.NOT_ACCEPTED),
        (b"MZ\x90\x00" * 50, FileFault.NOT_ACCEPTED),
        (b"\x00\x00\x00\x18ftypheic" + b"0" * 50, FileFault.HEIC),
        (b"PK\x03\x04" + b"0" * 100, FileFault.NOT_ACCEPTED),
        (picture()[:300], FileFault.UNREADABLE),
        (picture("GIF"), FileFault.NOT_ACCEPTED),
        (b"0" * 5_000_001, FileFault.TOO_LARGE),
        (pdf(51), FileFault.TOO_MANY_PAGES),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), FileFault.LOCKED),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_apart(content: bytes, fault: FileFault) -> None:
    assert judged(content) is fault


def test_only_the_kinds_that_the_question_accepts_are_kept() -> None:
    assert judged(picture("PNG"), accepts=("application/pdf",)) is FileFault.NOT_ACCEPTED
    assert judged(pdf(), accepts=("image/png",)) is FileFault.NOT_ACCEPTED


@pytest.mark.parametrize("fault", list(FileFault))
def test_every_fault_is_said_in_both_languages_with_what_to_do(fault: FileFault) -> None:
    words = in_words(fault, megabytes=10, kinds="PDF")
    assert words.fr != words.en
    assert "{" not in words.fr + words.en
    assert refusal(fault, pointer="/file", megabytes=10, kinds="PDF").faults[0].pointer == "/file"
