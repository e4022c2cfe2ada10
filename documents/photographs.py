"""Photographs that go with a paper: what stops them, and the picture made anew that a page shows."""

import hashlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from pydantic import BaseModel

from documents.facts import Photograph
from documents.faults import Fault, Finding

LARGEST_SIDE = 900
MOST_PIXELS = 40_000_000
MOST_BYTES = 4_000_000
QUALITY = 80
ARTICLE = "Preuve de l'état du matériel"


class NoPicture(ValueError):
    """The bytes are no picture that may be shown."""


def photographs_in(value: object, path: str = "") -> Iterator[tuple[str, Photograph]]:
    """Every photograph inside facts with its path (`details.items.0.photographs.1`)."""
    if isinstance(value, Photograph):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from photographs_in(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from photographs_in(item, f"{path}.{number}")


def photograph_faults(facts: BaseModel) -> Iterator[Finding]:
    """What stops a paper because of its photographs; each is read whole, as it will be shown."""
    found = [*photographs_in(facts)]
    if sum(len(one.content or b"") for _, one in found) > MOST_BYTES:
        yield Finding(
            Fault.INCONSISTENT,
            f"{found[0][0]}.content",
            "Les photographies dépassent ensemble 4 mégaoctets",
            ARTICLE,
            "Gardez-en moins, ou nommez-les par leur empreinte sans les joindre.",
        )
        return
    for path, one in found:
        yield from _faults_of(path, one)


def _faults_of(path: str, one: Photograph) -> Iterator[Finding]:
    if one.content is None:
        if one.sha256 is None:
            yield Finding(
                Fault.ABSENT,
                f"{path}.sha256",
                f"Empreinte de la photographie {one.name}",
                ARTICLE,
                "Joignez l'image, ou donnez l'empreinte SHA-256 de son fichier.",
            )
        return
    if one.shows is None:
        yield Finding(
            Fault.ABSENT,
            f"{path}.shows",
            f"Ce que montre la photographie {one.name}",
            "PDF/UA-1, texte de remplacement",
            "Dites en une phrase ce que l'on voit, pour qui ne voit pas l'image.",
        )
    if one.sha256 not in (None, hashlib.sha256(one.content).hexdigest()):
        yield Finding(
            Fault.INCONSISTENT,
            f"{path}.sha256",
            f"L'empreinte de la photographie {one.name} n'est pas celle du fichier joint",
            ARTICLE,
            "Joignez le fichier d'origine, ou retirez l'empreinte : elle sera calculée.",
        )
    try:
        redrawn(one.content)
    except NoPicture as error:
        yield Finding(
            Fault.INCONSISTENT,
            f"{path}.content",
            f"La photographie {one.name} ne peut pas être montrée : {error}",
            ARTICLE,
            "Joignez un fichier JPEG ou PNG, ou nommez la photographie par son empreinte.",
        )


def pictures(facts: BaseModel) -> Mapping[str, bytes]:
    """What a page of these facts may show, by the name it asks for (`Photograph.digest`, `.jpg`)."""
    return {f"{one.digest}.jpg": redrawn(one.content) for _, one in photographs_in(facts) if one.content}


def redrawn(content: bytes) -> bytes:
    """The picture made anew: upright, opaque, at most 900 points a side, JPEG, and nothing else that the file held.

    The same file gives the same bytes on one version of Pillow. Raises NoPicture, in words.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as given:
            if given.width * given.height > MOST_PIXELS:
                raise NoPicture("elle a trop de points.")
            picture = ImageOps.exif_transpose(given).convert("RGBA")
    except NoPicture:
        raise
    except Exception as error:  # a damaged or hostile file may raise anything from inside a decoder
        raise NoPicture("ce n'est pas une image JPEG ou PNG lisible.") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    # A new sheet holds no metadata: neither place, nor device, nor comment.
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
