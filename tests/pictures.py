"""python -m tests.pictures: a picture of each page and of each document, for the READMEs; `--only NAME`.

The scenery of the browser tests on a day of its own, Chromium, pdftoppm. A picture that hardly differs from the one
already there is left as it is, so that a run does not churn.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from service.http.authentication import SESSION_COOKIE
from service.runtime.schema import upgrade
from service.runtime.settings import Settings
from tests.journeys.scenery import Scenery, standing
from tests.journeys.serving import new_page, running_browser
from tests.pictures_of_documents import draw_documents
from tests.pictures_of_pages import SHOTS
from tests.pictures_shots import Shot
from tests.processes import ROOT

PAGES = ROOT / "service/web/pictures"
DOCUMENTS = ROOT / "documents/pictures"
COLOURS = 96
TALLEST = 2400
ALIKE = 0.004
"""The share of pixels that may differ (a minute of the clock, a made-up pseudonym) before a picture is a new one."""

SAY_AS_IN_THE_README = """(words) => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode())
        for (const [here, there] of Object.entries(words))
            walk.currentNode.data = walk.currentNode.data.replaceAll(here, there);
}"""
"""A free port and a folder that is gone tomorrow stand in some pages; the pictures show the usual ones."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="pictures whose name holds this")
    asked = parser.parse_args(arguments)

    def is_wanted(name: str) -> bool:
        return not asked.only or any(part in name for part in asked.only)

    PAGES.mkdir(exist_ok=True)
    DOCUMENTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="homeshore-pictures-") as folder:
        for name, picture in draw_documents(Path(folder), is_wanted):
            _tell(keep(picture, DOCUMENTS / f"{name}.png", alike=0))
        shots = [shot for shot in SHOTS if is_wanted(shot.name)]
        if shots:
            _take_all(shots, Path(folder))
    if not asked.only:
        _drop_old({shot.name for shot in SHOTS})
    size = sum(path.stat().st_size for place in (PAGES, DOCUMENTS) for path in place.glob("*.png"))
    sys.stdout.write(f"{size / 1e6:.1f} MB in all\n")


def _take_all(shots: Sequence[Shot], folder: Path) -> None:
    settings = Settings(data_dir=folder)
    upgrade(settings)
    with standing(settings) as (base_url, scenery), running_browser() as browser:
        place = Place(base_url, str(folder), scenery)
        for shot in shots:
            with _page_for(browser, shot, place) as page:
                _tell(keep(take(page, shot, place), PAGES / f"{shot.name}.png"))


@dataclass(frozen=True)
class Place:
    """Where pictures are taken."""

    base_url: str
    data_dir: str
    scenery: Scenery


@contextlib.contextmanager
def _page_for(browser: Browser, shot: Shot, place: Place) -> Iterator[Page]:
    with new_page(browser, width=shot.width, height=shot.height) as page:
        page.emulate_media(color_scheme="dark" if shot.is_dark else "light", reduced_motion="reduce")
        if shot.who:
            page.context.add_cookies(
                [{"name": SESSION_COOKIE, "value": place.scenery.sessions[shot.who], "url": place.base_url}]
            )
        yield page


def take(page: Page, shot: Shot, place: Place) -> Image.Image:
    """The whole page as it stands after what the shot does on it, down to a limit."""
    page.goto(place.base_url + shot.path.format_map(place.scenery.ids))
    for act in shot.acts:
        act(page)
    page.evaluate(SAY_AS_IN_THE_README, {place.base_url: "http://127.0.0.1:8000", place.data_dir: "var"})
    page.evaluate("document.fonts.ready")
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    return picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))


def keep(picture: Image.Image, path: Path, *, alike: float = ALIKE) -> tuple[Path, str]:
    """Write the picture in few colours, unless the one there is hardly different; a document's bytes never vary."""
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if path.exists() and _difference(few, Image.open(path)) <= alike:
        return path, "kept"
    few.save(path, optimize=True)
    return path, "written"


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ clearly; 1 when the sizes do."""
    if one.size != other.size:
        return 1.0
    apart = ImageChops.difference(one.convert("L"), other.convert("L")).point(
        lambda value: 255 * (value > 32)
    )
    return apart.histogram()[255] / (one.width * one.height)


def _drop_old(names: set[str]) -> None:
    for path in PAGES.glob("*.png"):
        if path.stem not in names:
            path.unlink()


def _tell(kept: tuple[Path, str]) -> None:
    path, what = kept
    sys.stdout.write(f"{what:<8}{path.relative_to(ROOT)} {path.stat().st_size // 1000} kB\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
