"""The blind review: nothing that says who somebody is leaves the server, and the weighing sees no difference."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from assessments.matching.availability import UsableHours
from assessments.matching.matches import Editions, Match, Outcome
from assessments.values import Text
from service.flows.recruiting import blind
from service.runtime.veil import Veil
from service.runtime.vocabulary import Role
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.callers import add_staff, session_of
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)

pytestmark = pytest.mark.anyio

CANARIES = (
    "Zéphyrine",
    "ZEPHYRINE",
    "Quetzalcoatl",
    "quetzalcoatl",
    "canari@plume.example",
    "06 98 76 54 32",
    "1979",
)
PHRASES = ("appels entrants", "gestion des réclamations")
TELLING: dict[str, Any] = {
    **PROFILE,
    "headline": "Zéphyrine Quetzalcoatl, trois ans d'appels entrants",
    "skills": [*PHRASES, "appels entrants (zephyrine)"],
    "experience": [
        {
            "title": "Conseillère, appels entrants, depuis 1979",
            "months": 36,
            "description": "Écrivez à canari@plume.example ou au 06 98 76 54 32. ZEPHYRINE a tenu la file d'appels.",
        }
    ],
    "languages": [{"code": "fr", "cefr": "C2", "text": "langue de Quetzalcoatl"}],
}


@pytest.fixture
async def person(app: Any, clock: FixedClock) -> UUID:
    return await add_candidate(
        app, clock, profile=TELLING, given_name="Zéphyrine", family_name="Quetzalcoatl",
        email="canari@plume.example", phone="06 98 76 54 32",
    )  # fmt: skip


@pytest.fixture
async def applied(app: Any, clock: FixedClock, person: UUID) -> tuple[UUID, str]:
    """The programme and the application; a step of its history speaks of the person by name."""
    programme = await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        made = await client.post(
            "/applications", json={"candidate_id": str(person), "programme_id": str(programme)}
        )
        application = made.json()["id"]
        await client.post(
            f"/applications/{application}/stage",
            json={
                "stage": "invited",
                "reason": "Zéphyrine Quetzalcoatl a demandé un lien par canari@plume.example.",
            },
        )
    return programme, application


def leaks(text: str) -> list[str]:
    """Canaries that stand in a text as words; the digits of a year also happen inside ids and tokens."""
    return [canary for canary in CANARIES if re.search(rf"(?<![\w-]){re.escape(canary)}(?![\w-])", text)]


def pages_of(person: UUID, programme: UUID, application: str) -> list[str]:
    return [
        "/candidates",
        "/candidates?sort=name",
        f"/candidates/{person}",
        "/applications?stage=invited",
        f"/applications/{application}",
        f"/programmes/{programme}/shortlist",
        f"/programmes/{programme}/shortlist.csv",
    ]


async def second_recruiter(app: Any, clock: FixedClock) -> str:
    return await session_of(
        app, clock, staff_id=await add_staff(app, clock, Role.RECRUITER, email="second@example.com")
    )


async def test_a_blind_session_is_sent_no_identity_on_any_page_of_review(
    app: Any, clock: FixedClock, person: UUID, applied: tuple[UUID, str]
) -> None:
    token = await second_recruiter(app, clock)
    async with browser(app, token) as client:
        for path in pages_of(person, *applied):
            assert leaks((await client.get(path)).text), path
        answer = await submit(client, "/review", {"look": "blind", "next": "/candidates"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/candidates")
        for path in pages_of(person, *applied):
            seen = await client.get(path)
            assert seen.status_code == 200
            assert leaks(seen.text) == [], path
            assert "Candidat " in seen.text
        again = await submit(client, "/review", {"look": "open", "next": "//evil.example"})
        assert again.headers["location"] == "/candidates"
        assert leaks((await client.get(f"/candidates/{person}")).text)


@pytest.mark.parametrize("ending", ["blind", "blind=true", "blind=1"])
async def test_the_api_veils_what_is_asked_blind(
    app: Any, clock: FixedClock, person: UUID, applied: tuple[UUID, str], ending: str
) -> None:
    programme, application = applied
    paths = [
        "/candidates", f"/candidates/{person}", "/applications", f"/applications/{application}",
        f"/applications/{application}/match", f"/candidates/{person}/matches", f"/programmes/{programme}/shortlist",
    ]  # fmt: skip
    async with api(app, await second_recruiter(app, clock)) as client:
        for path in paths:
            seen = await client.get(f"{path}?{ending}")
            assert seen.status_code == 200, (path, seen.text)
            assert leaks(seen.text) == [], path
        assert leaks((await client.get(f"/candidates/{person}")).text)


async def test_the_weighing_is_the_same_blind_and_open(
    app: Any, clock: FixedClock, person: UUID, applied: tuple[UUID, str]
) -> None:
    programme, _ = applied
    async with api(app, await second_recruiter(app, clock)) as client:
        seen = (await client.get(f"/programmes/{programme}/shortlist")).json()["items"][0]
        blind = (await client.get(f"/programmes/{programme}/shortlist?blind")).json()["items"][0]
    assert (blind["match"]["score"], blind["match"]["outcome"], blind["rank"]) == (
        seen["match"]["score"], seen["match"]["outcome"], seen["rank"],
    )  # fmt: skip
    assert len(blind["match"]["met"]) == len(seen["match"]["met"])


async def test_nobody_is_found_by_name_in_a_blind_review(app: Any, clock: FixedClock, person: UUID) -> None:
    async with api(app, await second_recruiter(app, clock)) as client:
        assert len((await client.get("/candidates?q=quetzal")).json()["items"]) == 1
        for word in ("canari", "plume.example"):
            assert (await client.get(f"/candidates?q={word}&blind")).json()["items"] == []


async def test_identity_comes_back_to_contact_somebody_and_that_is_noted(
    app: Any, clock: FixedClock, person: UUID
) -> None:
    async with browser(app, await second_recruiter(app, clock)) as client:
        await submit(client, "/review", {"look": "blind"})
        shown = await submit(client, f"/candidates/{person}/identity", {})
        assert "canari@plume.example" in shown.text
        assert leaks((await client.get(f"/candidates/{person}")).text) == []
    async with app.state.database.transaction(write=False) as session:
        entries = list(await session.scalars(select(AuditEntry).order_by(AuditEntry.id)))  # type: ignore[arg-type]
    noted = [(entry.action, entry.detail.get("blind")) for entry in entries if "review" in entry.action]
    assert noted == [("review.blind", None)]
    reads = [
        (entry.action, entry.detail.get("blind")) for entry in entries if entry.subject_id == str(person)
    ]
    assert ("candidate.identity_read", True) in reads
    assert ("candidate.read", True) in reads


async def test_a_candidate_has_no_such_switch_and_sees_the_own_file(
    app: Any, clock: FixedClock, person: UUID
) -> None:
    token = await bearer_of_candidate(app, clock, person)
    async with browser(app, token) as client:
        assert (await submit(client, "/review", {"look": "blind"})).status_code == 403
    async with api(app, token) as client:
        assert "Quetzalcoatl" in (await client.get(f"/candidates/{person}?blind")).text


def test_an_id_that_looks_like_a_telephone_number_stays_an_id() -> None:
    match = Match(
        candidate="06123456-7890-7123-8456-012345678901", programme="01 44 55 66 77", outcome=Outcome.MATCH,
        score=80.0, rank=1, grade=3, blocking=None, reasons=(Text(fr="au 06 12 34 56 78", en="at 06 12 34 56 78"),),
        met=(), partial=(), missing=(), remedies=(), training_weeks=0.0,
        hours=UsableHours(usable=35.0, weekly=35.0, ratio=1.0),
        editions=Editions(matching="2026-11", readings="2026-11", skills="2026-11"),
    )  # fmt: skip
    veiled = blind.veiled_match(Veil(True, ("Kerjean",)), match)
    assert (veiled.candidate, veiled.programme) == (match.candidate, match.programme)
    assert "06 12" not in veiled.reasons[0].fr
