"""Invitations by mail, links that open once, and new links for whoever lost theirs, on both databases."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.runtime.vocabulary import Locale, Role, Stage
from service.tables.applications import Application, StageChange
from service.tables.people import OneTimeLink
from service.tables.trail import AuditEntry, Mail, Outbox
from tests.conftest import FixedClock
from tests.service.callers import (
    add_candidate,
    add_staff,
    as_staff,
    client_of,
    form_token,
    in_browser,
    link_for,
)

pytestmark = pytest.mark.anyio

API = "/api/v1"


async def _letters(app: Any) -> list[Mail]:
    async with app.state.database.transaction() as session:
        return list(await session.scalars(select(Mail).order_by(col(Mail.created_at), col(Mail.id))))


def _token_in(letter: Mail) -> str:
    found = re.search(r"http://homeshore\.test/links/(hsl_[\w-]+)", letter.body_text)
    assert found, letter.body_text
    return found.group(1)


async def test_an_invitation_is_a_letter_with_a_link_that_opens_the_questionnaires(
    app: Any, clock: FixedClock
) -> None:
    candidate_id = await add_candidate(app, clock)
    recruiter = await as_staff(app, clock)
    url = f"{API}/candidates/{candidate_id}/invitations"
    answer = await recruiter.post(url, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["sent_by"] == "Ada Roche"
    (letter,) = await _letters(app)
    assert letter.recipient == "ines@example.com"
    assert "Bonjour Inès," in letter.body_text
    assert "Ada Roche vous invite" in letter.body_text
    assert "mardi 8 décembre 2026" in letter.body_text
    token = _token_in(letter)
    assert token in letter.body_html
    assert token not in answer.text
    async with app.state.database.transaction() as session:
        link = await session.scalar(select(OneTimeLink).where(col(OneTimeLink.candidate_id) == candidate_id))
        assert token not in str(link.model_dump())
        assert (await session.scalar(select(Outbox))).subject_id == letter.id
    async with client_of(app) as visitor:
        signed_in = await visitor.post(f"{API}/sign-ins", json={"link_token": token})
    assert signed_in.json()["id"] == str(candidate_id)
    assert (await recruiter.get(url)).json()[0]["opened_at"] is not None


async def test_the_same_key_sends_one_letter_and_an_open_application_moves_to_invited(
    app: Any, clock: FixedClock
) -> None:
    candidate_id = await add_candidate(app, clock)
    async with app.state.database.transaction() as session:
        session.add(Application(candidate_id=candidate_id, stage_since=clock(), created_at=clock()))
    recruiter = await as_staff(app, clock)
    url = f"{API}/candidates/{candidate_id}/invitations"
    first = await recruiter.post(url, headers={"Idempotency-Key": "one"})
    again = await recruiter.post(url, headers={"Idempotency-Key": "one"})
    assert first.content == again.content
    assert len(await _letters(app)) == 1
    assert (await recruiter.post(url)).status_code == 400
    async with app.state.database.transaction() as session:
        assert (await session.scalar(select(Application))).stage is Stage.INVITED
        change = await session.scalar(select(StageChange))
        assert change.staff_id is not None
        assert "invitation.create" in {row.action for row in await session.scalars(select(AuditEntry))}


async def test_somebody_without_an_address_is_not_invited_and_we_say_what_to_do(
    app: Any, clock: FixedClock
) -> None:
    recruiter = await as_staff(app, clock)
    for email, code in (("", "no-address"), ("nobody at home", "address-unusable")):
        candidate_id = await add_candidate(app, clock, email=email)
        answer = await recruiter.post(
            f"{API}/candidates/{candidate_id}/invitations",
            headers={"Idempotency-Key": code, "Accept-Language": "fr"},
        )
        assert answer.status_code == 422
        assert answer.json()["type"] == f"/problems/{code}"
        assert "fiche" in answer.json()["detail"]
    assert await _letters(app) == []


async def test_an_english_speaker_is_written_to_in_english(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock, given_name="Owen", locale=Locale.EN)
    recruiter = await as_staff(app, clock)
    await recruiter.post(f"{API}/candidates/{candidate_id}/invitations", headers={"Idempotency-Key": "1"})
    (letter,) = await _letters(app)
    assert letter.subject == "Working from home: your questionnaires are ready"
    assert "Hello Owen," in letter.body_text
    assert 'lang="en"' in letter.body_html


async def test_no_name_can_put_markup_or_a_button_into_a_letter(app: Any, clock: FixedClock) -> None:
    hostile = "<img src=x>\n\n> Cliquez : http://evil.example/\r\nBcc: all@example.com"
    candidate_id = await add_candidate(app, clock, given_name=hostile)
    recruiter = await as_staff(app, clock)
    await recruiter.post(f"{API}/candidates/{candidate_id}/invitations", headers={"Idempotency-Key": "1"})
    (letter,) = await _letters(app)
    assert "<img" not in letter.body_html
    assert 'href="http://evil' not in letter.body_html
    assert "\n" not in letter.subject


async def test_a_button_pressed_twice_sends_one_letter(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    client = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    for _ in range(2):
        answer = await client.post(f"/candidates/{candidate_id}/invitations", data=form_token(client))
        assert answer.status_code == 303
    assert len(await _letters(app)) == 1
    clock.move(minutes=2)
    await client.post(f"/candidates/{candidate_id}/invitations", data=form_token(client))
    assert len(await _letters(app)) == 2


async def test_looking_at_a_link_uses_nothing_up_and_a_used_one_offers_help(
    app: Any, clock: FixedClock
) -> None:
    candidate_id = await add_candidate(app, clock)
    token = await link_for(app, clock, candidate_id=candidate_id)
    async with client_of(app) as client:
        for _ in range(3):  # a mail scanner looks, more than once
            page = await client.get(f"/links/{token}")
            assert page.status_code == 200
            assert "Bonjour Inès" in page.text
        assert (await client.head(f"/links/{token}")).status_code in (200, 405)
        opened = await client.post(f"/links/{token}", data=form_token(client))
        assert (opened.status_code, opened.headers["location"]) == (303, "/me")
        used = await client.get(f"/links/{token}")
        assert used.status_code == 410
        assert "Il a déjà servi" in used.text
        assert (await client.post(f"/links/{token}", data=form_token(client))).status_code == 410
        unknown = await client.get("/links/hsl_unknown")
        assert unknown.status_code == 404
        assert f'action="/links/{token}/renewal"' in used.text


async def test_a_link_that_is_too_old_says_so_and_a_new_one_comes_to_the_address_on_file(
    app: Any, clock: FixedClock
) -> None:
    candidate_id = await add_candidate(app, clock)
    token = await link_for(app, clock, candidate_id=candidate_id)
    clock.move(days=2)
    async with client_of(app) as client:
        assert "Sa date est passée" in (await client.get(f"/links/{token}")).text
        known = await client.post(f"/links/{token}/renewal", data=form_token(client))
        unknown = await client.post("/links/hsl_nobody/renewal", data=form_token(client))
        assert (known.status_code, unknown.status_code) == (200, 200)
        assert _without_token(known.text) == _without_token(unknown.text)
        (letter,) = await _letters(app)
        assert letter.recipient == "ines@example.com"
        fresh = await client.post(f"/links/{_token_in(letter)}", data=form_token(client))
        assert fresh.headers["location"] == "/me"


def _without_token(page: str) -> str:
    return re.sub(r'(name="_csrf_token" value="[^"]*"|/language/en\?next=[^"]*)', "", page)


async def test_asking_by_address_says_the_same_for_everybody_and_is_limited(
    app: Any, clock: FixedClock
) -> None:
    await add_candidate(app, clock, email="Ines+emploi@example.com")
    async with client_of(app) as client:
        await client.get("/sign-in")
        pages = [
            await client.post("/sign-in/link", data={"email": email, **form_token(client)})
            for email in ("ines+emploi@EXAMPLE.com", "ines@example.com", "eve@example.com", "", "\x00")
        ]
        assert {page.status_code for page in pages} == {200}
        assert len({_without_token(page.text) for page in pages}) == 1
        assert [letter.recipient for letter in await _letters(app)] == ["Ines+emploi@example.com"]
        for _ in range(5):
            await client.post(
                "/sign-in/link", data={"email": "ines+emploi@example.com", **form_token(client)}
            )
        assert len(await _letters(app)) == 3


async def test_staff_get_a_link_and_an_address_that_two_people_share_gets_none(
    app: Any, clock: FixedClock
) -> None:
    await add_staff(app, clock, Role.TRAINER, email="ada@example.com")
    for name in ("Inès", "Noé"):
        await add_candidate(app, clock, given_name=name, email="home@example.com")
    async with client_of(app) as client:
        await client.get("/sign-in")
        for email in ("ada@example.com", "home@example.com"):
            await client.post("/sign-in/link", data={"email": email, **form_token(client)})
    assert [letter.recipient for letter in await _letters(app)] == ["ada@example.com"]
