"""Packages served: each file in its fence, to its own window alone, and films from where they are asked."""

from typing import Any

import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.onboarding.package_makers import Sco, item, manifest, package
from tests.service.callers import as_staff, in_browser
from tests.service.paths.packaged import PAGE, Playing, marked, staff_id_in

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@ONE_DATABASE
async def test_content_is_served_in_its_fence_to_its_own_window_alone(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    window = await play.open()
    page = await play.fetch(window, "unit/index.html")
    assert page.headers["content-type"] == "text/html"  # its encoding is its own to tell
    assert f'<script src="{window["folder"]}__homeshore__/runtime.js"></script>' in page.text
    policy = page.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert window["folder"] in policy
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers
    part = await play.fetch(window, "unit/a.css", Range="bytes=1-2")
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"{}", "bytes 1-2/3")
    assert (await play.fetch(window, "unit/a.css", Range="bytes=9-")).status_code == 416
    for name in ("unit/", "unit/A.css", "nothing.html", "..%2f..%2fhomeshore.db", "imsmanifest.xml/x"):
        assert (await play.fetch(window, name)).status_code == 404
    assert (
        await play.fetch({"folder": window["folder"].replace("hsf_", "hsf_x")}, "unit/a.css")
    ).status_code == 404
    app.state.files.remove(play.package["sha256"])
    assert (await play.fetch(window, "unit/a.css")).status_code == 410


@ONE_DATABASE
async def test_a_film_is_brought_in_by_the_page_and_sent_in_pieces_from_where_it_is_asked(
    app: Any, clock: FixedClock
) -> None:
    film = bytes(range(256)) * 12_000
    long = PAGE + b"<p>" + b"mot " * 300_000
    for is_deflated in (False, True):
        unit = manifest(Sco("SCO-1", f"{is_deflated}.html"))
        made = package(
            unit, further=[item(f"{is_deflated}.html", long), item("film.mp4", film, is_deflated=is_deflated)]
        )
        trainer = await as_staff(app, clock, Role.TRAINER, email=f"{is_deflated}@example.com")
        page = await in_browser(app, clock, staff_id=await staff_id_in(app))
        answer = await page.post(
            "/training/packages", data={"_csrf_token": page.cookies["csrftoken"]},
            files={"file": ("film.zip", made, "application/zip")},
        )  # fmt: skip
        assert answer.status_code == 303
        here = answer.headers["location"]
        opened = await page.post(
            f"{here}/units/1/sessions", headers={"x-csrftoken": page.cookies["csrftoken"]}
        )
        folder = opened.json()["folder"]
        whole = await trainer.get(folder + "film.mp4")
        assert (whole.status_code, whole.content == film) == (200, True)
        assert whole.headers["content-length"] == str(len(film))
        later = await trainer.get(folder + "film.mp4", headers={"Range": "bytes=1500000-"})
        assert (later.status_code, later.content == film[1_500_000:]) == (206, True)
        shown = (await trainer.get(folder + f"{is_deflated}.html")).content
        assert len(shown) == len(long) + len(f'<script src="{folder}__homeshore__/runtime.js"></script>')
