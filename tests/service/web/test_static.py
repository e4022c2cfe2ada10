"""What is vendored has its licence, nothing is fetched from elsewhere, and colours can be read."""

import re
from pathlib import Path

import pytest

from service.web.pages import STATIC

STYLES = (STATIC / "styles.css").read_text("utf-8")
OWN = [path for path in STATIC.glob("*.*") if path.suffix in (".js", ".css", ".svg")]
VENDORED = [
    path
    for folder in ("fonts", "vendor")
    for path in sorted((STATIC / folder).rglob("*"))
    if path.is_file() and not re.search(r"LICENSE|NOTICE", path.name)
]
NAMES_ONLY = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml")
"""Names of vocabularies; nothing is fetched from them."""
SOURCE_MAP = re.compile(r"/[/*]# sourceMappingURL=\S+")


def named(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


def licences_of(path: Path) -> list[Path]:
    """The licence texts in the same folder: of the whole folder, or named after the file (`htmx-LICENSE.txt`)."""
    texts = [beside for beside in path.parent.iterdir() if "LICENSE" in beside.name]
    return [text for text in texts if path.name.startswith(text.name.split("LICENSE")[0].rstrip("-"))]


@pytest.mark.parametrize("path", VENDORED, ids=named)
def test_every_vendored_file_has_its_licence_beside_it(path: Path) -> None:
    found = licences_of(path)
    assert found
    assert all(len(text.read_text("utf-8")) > 300 for text in found)


def foreign_addresses(text: str) -> set[str]:
    """Every address of another host, whatever it is for."""
    plain = SOURCE_MAP.sub("", text)
    for name in NAMES_ONLY:
        plain = plain.replace(name, "")
    absolute = re.findall(r"(?:https?|wss?):\\?/\\?/[\w.-]+", plain)
    relative = re.findall(r"""(?:url\(|src=|href=|@import|from)\s*["']?(//[\w.-]+)""", plain)
    return {*absolute, *relative}


@pytest.mark.parametrize("path", OWN, ids=named)
def test_no_file_of_ours_names_another_host(path: Path) -> None:
    assert foreign_addresses(path.read_text("utf-8")) == set()


@pytest.mark.parametrize("path", [path for path in VENDORED if path.suffix == ".css"], ids=named)
def test_no_vendored_style_sheet_fetches_from_another_host(path: Path) -> None:
    text = SOURCE_MAP.sub("", path.read_text("utf-8"))
    assert "@import" not in text
    fetched = re.findall(r"url\(\s*[\"']?([^\"')]{1,60})", text)
    assert [address for address in fetched if not address.startswith("data:")] == []


def test_htmx_names_no_other_host() -> None:
    (script,) = STATIC.glob("vendor/htmx-*.js")
    assert foreign_addresses(script.read_text("utf-8")) == set()


def test_the_api_reference_is_told_to_ask_nobody_else() -> None:
    """The vendored reference knows a validator on another host; only an explicit null keeps it quiet."""
    script = (STATIC / "reference.js").read_text("utf-8")
    assert "validatorUrl: null" in script
    assert 'url: "/schema/openapi.json"' in script


def test_every_font_that_the_style_sheet_names_is_there() -> None:
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', STYLES)
    assert fonts
    for font in fonts:
        assert (STATIC / font).read_bytes()[:4] == b"wOF2", font


# Colours


def palette(selector: str) -> dict[str, str]:
    """The custom properties of the first block after `selector`."""
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", STYLES)
    assert block, selector
    return {name: value.lower() for name, value in re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", block[1])}


LIGHT = palette(':root, [data-theme="light"]')
DARK = palette(':root:not([data-theme="light"])')
PAPER = {**LIGHT, **palette(":root, [data-theme]")}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definition).

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2, definition).

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "accent", "good", "warn", "bad", "info")
      for ground in ("bg", "surface", "sunk")),
    *((tone, f"{tone}-soft") for tone in ("accent", "good", "warn", "bad", "info")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "good", "warn", "bad", "info")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]  # fmt: skip
LINES = [("line", "bg"), ("line", "surface"), ("line", "sunk"), ("accent", "accent-soft")]


@pytest.mark.parametrize("colours", [LIGHT, DARK, PAPER], ids=["light", "dark", "paper"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_every_text_can_be_read_on_its_ground(colours: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK, PAPER], ids=["light", "dark", "paper"])
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_every_line_that_carries_meaning_can_be_seen(colours: dict[str, str], line: str, ground: str) -> None:
    assert contrast(colours[line], colours[ground]) >= 3


def test_the_dark_that_one_chooses_is_the_dark_of_the_system() -> None:
    chosen = re.search(r'@media screen \{\s*\[data-theme="dark"\]\s*\{([^}]*)\}', STYLES)
    assert chosen
    assert dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", chosen[1].lower())) == DARK
    assert LIGHT.keys() == DARK.keys()


def test_no_rule_colours_outside_the_palette() -> None:
    """Apart from the palettes, the reference's daylight and print, colours come by their names."""
    rules = re.sub(r":root[^{]*\{[^}]*\}|\[data-theme[^{]*\{[^}]*\}|\.reference[^{]*\{[^}]*\}", "", STYLES)
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[\s;,)])", rules) == []
