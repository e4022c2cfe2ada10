"""The picture of a badge in pixels, in the house's own type."""

from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from onboarding.proof.badge_images import SIDE, shortened, wrapped

INK, MUTED, GREEN, PAPER = "#1B2430", "#545F6D", "#0A665F", "#FBFAF7"
SHIELD = (
    (200, 12),
    (370, 82),
    (370, 232),
    (352, 300),
    (296, 352),
    (200, 388),
    (104, 352),
    (48, 300),
    (30, 232),
    (30, 82),
)
TICK = ((164, 92), (190, 118), (240, 66))
FINE = 2
"""Drawn twice as large and made smaller, so that lines are smooth."""


@cache
def _font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    name = f"atkinson-hyperlegible-latin-{weight}-normal.woff2"
    return ImageFont.truetype(BytesIO(files("documents").joinpath("fonts", name).read_bytes()), size)


def drawn_png(*, title: str, issuer: str, day: str) -> bytes:
    """The badge as PNG, the same words at the same places as its SVG."""
    picture = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    shield = [(x * FINE, y * FINE) for x, y in SHIELD]
    draw.polygon(shield, fill=PAPER)
    draw.line([*shield, shield[0], shield[1]], fill=GREEN, width=10 * FINE, joint="curve")
    draw.line([(x * FINE, y * FINE) for x, y in TICK], fill=GREEN, width=12 * FINE, joint="curve")
    lines = wrapped(title)
    top = 200 - 17 * (len(lines) - 1)
    for number, line in enumerate(lines):
        _centred(draw, top + 34 * number, line, weight=700, size=28, ink=INK)
    _centred(draw, 318, shortened(issuer, 24), weight=400, size=17, ink=MUTED)
    _centred(draw, 342, day, weight=400, size=15, ink=MUTED)
    out = BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _centred(
    draw: ImageDraw.ImageDraw, baseline: int, text: str, *, weight: int, size: int, ink: str
) -> None:
    draw.text((200 * FINE, baseline * FINE), text, font=_font(weight, size * FINE), fill=ink, anchor="ms")
