"""The pages of proof: a trainer issues from the traces, a learner takes the badge, a stranger verifies its file."""

from typing import Any

import httpx
import pytest

from service.http.authentication import SESSION_COOKIE
from tests.conftest import FixedClock
from tests.service.cast import browser, submit
from tests.service.proof.test_training_files import trained

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]


def token_of(client: httpx.AsyncClient) -> str:
    return client.headers["authorization"].removeprefix("Bearer ")


async def test_a_trainer_issues_the_file_and_a_certificate_from_its_form(app: Any, clock: FixedClock) -> None:
    trainer, _, assignment = await trained(app, clock)
    here = f"/training/files/{assignment}"
    async with browser(app, token_of(trainer)) as page:
        assert "Maïwenn Le Goff" in (await page.get("/training/files")).text
        issued = await submit(page, here, {})
        assert (issued.status_code, issued.headers["location"]) == (303, here)
        form = await page.get(f"{here}/papers/completion_certificate")
        assert 'value="Nantes"' in form.text
        fields = {
            "d-title": "Essentiel", "d-first_day": "2026-11-20", "d-last_day": "2026-11-24", "d-nature": "training",
            "d-realised_minutes": "270", "d-signed_at": "Nantes", "d-has_distance_part": "yes",
        }  # fmt: skip
        wrong = {**fields, "d-last_day": "2026-11-10"}
        assert (await submit(page, f"{here}/papers/completion_certificate", wrong)).status_code == 422
        made = await submit(page, f"{here}/papers/completion_certificate", fields)
        assert made.status_code == 303, made.text
        shown = (await page.get(here)).text
        assert "Certificat de réalisation" in shown
        assert "DOC-2026-" in shown


async def test_a_learner_takes_the_badge_and_a_stranger_verifies_its_picture(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, assignment = await trained(app, clock)
    async with browser(app, token_of(learner)) as page:
        assert "Obtenir mon badge" in (await page.get("/me/certificates")).text
        assert (await submit(page, f"/me/certificates/{assignment}/badge", {})).status_code == 303
        (badge,) = (await learner.get("/api/v1/me/badges")).json()["items"]
        picture = (await page.get(f"/me/certificates/badges/{badge['id']}/png")).content
    async with browser(app) as stranger:
        assert SESSION_COOKIE not in stranger.cookies
        token = {"_csrf_token": stranger.cookies.get("csrftoken", "")}
        for content, says in ((picture, "Ce badge est valable"), (b"GIF89a", "Nous ne confirmons pas")):
            sent = {"badge": ("badge.png", content, "image/png")}
            told = await stranger.post("/badges/check", data=token, files=sent)
            assert (told.status_code, says in told.text) == (200, True)
        assert "Maïwenn Le Goff" not in told.text
        nothing = await stranger.post("/badges/check", data=token, files={"badge": ("", b"")})
        assert nothing.status_code == 422
    async with browser(app, token_of(trainer)) as page:
        back = f"/training/files/{assignment}/badge/withdrawal"
        kept = await submit(page, back, {"reason": "non"})
        assert kept.status_code == 422
        assert "Write at least" not in kept.text
        assert (await submit(page, back, {"reason": "Donné par erreur à un homonyme."})).status_code == 303
