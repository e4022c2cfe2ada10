"""Badges of finished paths: signed once, verified by anybody, named by choice, withdrawn by a person."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from onboarding.proof.badge_images import baked_in
from tests.conftest import FixedClock
from tests.service.callers import client_of
from tests.service.proof.test_training_files import trained

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]


async def award(learner: Any, assignment: str) -> dict[str, Any]:
    made = await learner.post(f"/api/v1/me/assignments/{assignment}/badge")
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def test_a_badge_is_signed_by_the_key_that_everybody_can_read_and_says_whose_it_is(
    app: Any, clock: FixedClock
) -> None:
    _, learner, assignment = await trained(app, clock)
    badge = await award(learner, assignment)
    assert await award(learner, assignment) == badge
    anybody = client_of(app)
    published = await anybody.get("/badges/keys")
    assert published.headers["access-control-allow-origin"] == "*", "verifiers run in browsers, too"
    assert "access-control-allow-origin" not in (await anybody.get("/badges/check")).headers
    keys = KeySet.import_key_set(published.json())
    read = jwt.decode(badge["signed"], keys, algorithms=["RS256"])
    kid = read.header["kid"]
    single = (await anybody.get(kid.removeprefix(app.state.settings.public_url))).json()
    assert single["kid"] == kid
    assert set(single) == {"kty", "n", "e", "kid", "use", "alg"}
    claims = read.claims
    assert (claims["iss"], claims["jti"]) == (claims["issuer"]["id"], badge["address"])
    issuer = (await anybody.get(claims["iss"].removeprefix(app.state.settings.public_url))).json()
    assert issuer == claims["issuer"]
    told = claims["credentialSubject"]["achievement"]["id"].removeprefix(app.state.settings.public_url)
    assert (await anybody.get(told)).json()["name"] == claims["name"]
    for form in ("png", "svg"):
        content = (
            await learner.get(f"/api/v1/me/badges/{badge['id']}/content", params={"form": form})
        ).content
        assert (baked_in(content) if form == "png" else content.decode()).count(badge["signed"]) == 1
        page = await anybody.post("/api/v1/badges/check", json={"credential": badge["signed"]})
        assert (page.json()["verdict"], page.json()["holder"]) == ("valid", "Maïwenn Le Goff")


async def test_the_public_page_names_nobody_unless_the_holder_wants_it(app: Any, clock: FixedClock) -> None:
    trainer, learner, assignment = await trained(app, clock)
    badge = await award(learner, assignment)
    anybody = client_of(app)
    address, api = f"/badges/{badge['id']}", f"/api/v1/badges/{badge['id']}"
    assert "Le Goff" not in (await anybody.get(address)).text
    assert (await anybody.get(api)).json()["holder"] == ""
    own = f"/api/v1/me/badges/{badge['id']}/name"
    assert (await trainer.post(own, json={"is_shown": True})).status_code == 403
    assert (await learner.post(own, json={"is_shown": True})).status_code == 200
    assert "Maïwenn Le Goff" in (await anybody.get(address)).text
    assert (await anybody.get(api)).json()["holder"] == "Maïwenn Le Goff"


async def test_a_withdrawn_badge_says_so_with_the_reason_wherever_it_is_verified(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, assignment = await trained(app, clock)
    badge = await award(learner, assignment)
    anybody, take_back = client_of(app), f"/api/v1/badges/{badge['id']}/withdrawal"
    assert (await anybody.get(f"/badges/{badge['id']}/status")).json()["revokedCredential"] == []
    assert (await learner.post(take_back, json={"reason": "Je n'en veux plus"})).status_code == 403
    assert (await trainer.post(take_back, json={"reason": "non"})).status_code == 422
    reason = "Donné pour une autre personne du même nom."
    assert (await trainer.post(take_back, json={"reason": reason})).status_code == 200
    verdict = (await anybody.get(f"/api/v1/badges/{badge['id']}")).json()
    assert (verdict["verdict"], verdict["withdrawal_reason"]) == ("withdrawn", reason)
    (listed,) = (await anybody.get(f"/badges/{badge['id']}/status")).json()["revokedCredential"]
    assert (listed["id"], listed["revocationReason"]) == (badge["address"], reason)
    assert (await award(learner, assignment))["withdrawn_at"]


async def test_nothing_of_a_token_can_be_changed_and_nothing_else_passes_for_one(
    app: Any, clock: FixedClock
) -> None:
    _, learner, assignment = await trained(app, clock)
    head, body, seal = (await award(learner, assignment))["signed"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["identifier"][0]["identityHash"] = "Une Autre"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    anybody = client_of(app)
    for token in (
        f"{head}.{forged}.{seal}",
        f"{unsigned}.{forged}.",
        f"{head}.{body}.",
        "a.b.c",
        "é",
        "..",
        "{}",
    ):
        answer = await anybody.post("/api/v1/badges/check", json={"credential": token})
        assert (answer.status_code, answer.json()["verdict"]) == (200, "unknown"), token


async def test_a_path_that_is_not_finished_has_no_badge(app: Any, clock: FixedClock) -> None:
    _, learner, assignment = await trained(app, clock, but=1)
    refused = await learner.post(f"/api/v1/me/assignments/{assignment}/badge")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "training-unfinished")
    assert (await learner.get("/api/v1/me/badges")).json() == {"items": []}
