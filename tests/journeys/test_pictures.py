"""The READMEs show every page: each has a picture, each picture is shown."""

import re

from litestar import Litestar
from litestar.routes import HTTPRoute

from service.app import create_app
from service.runtime.settings import Settings
from tests.journeys.visits import PAGES
from tests.pictures import PAGES as FOLDER
from tests.pictures_of_pages import SHOTS
from tests.processes import ROOT


def test_every_page_has_a_picture(sqlite_settings: Settings) -> None:
    addresses = _addresses(create_app(sqlite_settings))
    paths = [re.sub(r"\{.+?\}", "x", shot.path).partition("?")[0] for shot in SHOTS]
    shown_after_a_step = {"web.shortlists.compare"}
    unseen = {name for name in PAGES if not any(addresses[name].fullmatch(path) for path in paths)}
    assert unseen <= shown_after_a_step


def test_every_picture_is_taken_and_shown_in_a_readme() -> None:
    read = "".join(path.read_text("utf-8") for path in ROOT.glob("**/README.md") if ".venv" not in path.parts)
    for shot in SHOTS:
        assert (FOLDER / f"{shot.name}.png").exists(), shot.name
        assert f"pictures/{shot.name}.png" in read, shot.name


def _addresses(app: Litestar) -> dict[str, re.Pattern[str]]:
    """Operation -> what its addresses look like."""
    return {
        str(handler.operation_id): re.compile(re.sub(r"\{.+?\}", "[^/]+", route.path))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    }
