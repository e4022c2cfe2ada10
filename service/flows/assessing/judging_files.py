"""What a file that somebody sends really is: judged by its bytes and never by its name, and made safe to keep."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files as resources
from io import BytesIO
from typing import Any

import pikepdf
import yaml
from PIL import Image, ImageOps, UnidentifiedImageError

from service.runtime.errors import Fault, InBoth, RuleBroken

MEGABYTE = 1_000_000
MOST_PAGES = 50
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 3200
"""Enough to read a page of small print; larger pictures are made smaller."""

_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_IMAGES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_OPENED = ("JPEG", "PNG", "WEBP")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_ACTIONS = ("/AA", "/OpenAction", "/Metadata", "/PieceInfo")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class FileFault(StrEnum):
    """Why a file cannot be kept; the sentences are in `judging_files.yaml`."""

    EMPTY = "empty_file"
    TOO_LARGE = "file_too_large"
    NOT_ACCEPTED = "file_kind_not_accepted"
    HEIC = "heic_picture"
    UNREADABLE = "unreadable_file"
    LOCKED = "locked_file"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"


@dataclass(frozen=True)
class Judged:
    """A file fit to be kept: what it is, and its bytes written anew without anything but what is seen."""

    media_type: str
    content: bytes

    @property
    def extension(self) -> str:
        return _EXTENSIONS[self.media_type]


def judge(content: bytes, *, accepts: Collection[str], max_megabytes: int) -> Judged | FileFault:
    """The file as it may be kept, or why not.

    A PDF is opened and written anew: no script, no action, no attached file, nothing before or behind it. A picture is
    decoded and encoded anew, upright, without place or camera, its longest side at most 3200 pixels. One MB is
    1,000,000 bytes. Slow: call it in a thread, outside a transaction.
    """
    if not content:
        return FileFault.EMPTY
    if len(content) > max_megabytes * MEGABYTE:
        return FileFault.TOO_LARGE
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return FileFault.HEIC
    found = _pdf(content) if content.startswith(b"%PDF-") else _picture(content)
    if isinstance(found, Judged) and found.media_type not in accepts:
        return FileFault.NOT_ACCEPTED
    return found


def _pdf(content: bytes) -> Judged | FileFault:
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                return FileFault.TOO_MANY_PAGES if len(pdf.pages) else FileFault.UNREADABLE
            _disarm(pdf)
            written = BytesIO()
            pdf.save(written, deterministic_id=True, encryption=False)
    except pikepdf.PasswordError:
        return FileFault.LOCKED
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        return FileFault.UNREADABLE
    return Judged("application/pdf", written.getvalue())


def _disarm(pdf: pikepdf.Pdf) -> None:
    """Take out what acts, what is attached, and who made it with what."""
    for name in (*_ACTIONS, "/AF"):
        if name in pdf.Root:
            del pdf.Root[name]
    names = pdf.Root.get("/Names")
    for name in ("/JavaScript", "/EmbeddedFiles"):
        if names is not None and name in names:
            del names[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        del pdf.Root.AcroForm["/XFA"]
    for page in pdf.pages:
        _disarm_page(page.obj)
    pdf.remove_unreferenced_resources()


def _disarm_page(page: Any) -> None:
    for name in _ACTIONS:
        if name in page:
            del page[name]
    notes = [note for note in page.get("/Annots", ()) if note.get("/Subtype") != "/FileAttachment"]
    for note in notes:
        action = note.get("/A")
        if action is not None and action.get("/S") != "/URI":
            del note["/A"]
        if "/AA" in note:
            del note["/AA"]
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(notes)


def _picture(content: bytes) -> Judged | FileFault:
    try:
        with Image.open(BytesIO(content), formats=_OPENED) as image:
            if image.width * image.height > MOST_PIXELS:
                return FileFault.TOO_MANY_PIXELS
            media_type = _IMAGES[str(image.format)]
            image.verify()
        return Judged(media_type, _redrawn(content, media_type))
    except _BOMBS:
        return FileFault.TOO_MANY_PIXELS
    except UnidentifiedImageError:
        return FileFault.NOT_ACCEPTED
    except (OSError, SyntaxError, ValueError, KeyError, EOFError, MemoryError):
        return FileFault.UNREADABLE


def _redrawn(content: bytes, media_type: str) -> bytes:
    with Image.open(BytesIO(content), formats=_OPENED) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than it will be kept
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert(
            "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        )
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    written = BytesIO()
    if media_type == "image/jpeg":
        bare.convert("RGB").save(written, "JPEG", quality=88, optimize=True)
    else:
        bare.save(written, "PNG" if media_type == "image/png" else "WEBP")
    return written.getvalue()


def refusal(fault: FileFault, *, pointer: str, **values: object) -> RuleBroken:
    """The error that says why a file was not kept, and what to do."""
    words = in_words(fault, **values)
    return RuleBroken(words, code=fault.value.replace("_", "-"), faults=[Fault(pointer, fault.value, words)])


def in_words(fault: FileFault, **values: object) -> InBoth:
    """What to say beside the file; `values`: `megabytes` and `kinds`."""
    said = _words()[fault.value]
    facts = {"pages": MOST_PAGES, **values}
    return InBoth(said["fr"].format(**facts), said["en"].format(**facts))


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(
        resources("service.flows.assessing").joinpath("judging_files.yaml").read_text("utf-8")
    )
    return found
