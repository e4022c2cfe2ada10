"""Which characters the embedded fonts can show: a name that would print as a blank box is refused by name."""

import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO

FACES = ("400-normal", "400-italic", "700-normal", "700-italic")
SUBSETS = ("latin", "latin-ext")
SHOWN_ANYWAY = frozenset("\n\u202f")


def font_file(face: str, subset: str) -> str:
    return f"atkinson-hyperlegible-{subset}-{face}.woff2"


@cache
def font_bytes(name: str) -> bytes:
    """One vendored font file of the package."""
    return files("documents").joinpath("fonts", name).read_bytes()


@cache
def coverage() -> frozenset[str]:
    """Every character that all four faces can show."""
    # A tenth of a second to import, paid once and only where documents are made.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    faces = []
    for face in FACES:
        shown: set[int] = set()
        for subset in SUBSETS:
            with TTFont(BytesIO(font_bytes(font_file(face, subset)))) as font:
                shown |= set(font.getBestCmap())
        faces.append(shown)
    return frozenset(map(chr, set.intersection(*faces))) | SHOWN_ANYWAY


def unshowable(text: str) -> tuple[str, ...]:
    """Characters the fonts lack, each once, in order of appearance, described for a person.

    >>> unshowable("Zoé L’Hôpital"), unshowable("李 Wei")
    ((), ('« 李 » (U+674E)',))
    """
    known = coverage()
    lacking = dict.fromkeys(character for character in text if character not in known)
    return tuple(f"« {_shape(character)} » (U+{ord(character):04X})" for character in lacking)


def _shape(character: str) -> str:
    """The character itself, or nothing where printing it would disturb the line (marks, directions)."""
    return "" if unicodedata.category(character).startswith(("C", "M", "Z")) else character
