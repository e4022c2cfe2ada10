"""A contest answered "to be done again" opens the questionnaire anew; who must answer is reminded before the day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from service.flows.recruiting.contests_reminders import remind_due
from service.store.assessing.assessments import is_last_sitting
from service.store.recruiting import contests as store
from service.tables.assessments import Response, Scorecard
from service.tables.contests import Contest
from service.tables.trail import AuditEntry, Mail
from tests.service.cast import browser
from tests.service.papers.offering import new_key
from tests.service.recruiting.test_contests import EQUIPMENT, Place, _answer, _open, _rows, _take, place

__all__ = ["place"]

pytestmark = pytest.mark.anyio


async def redone(place: Place) -> UUID:
    """A contested result that the second person wants done again; the id of the contest."""
    opened = await _open(place)
    taken = await _take(place, opened.json()["id"])
    place.clock.move(hours=1)
    answered = await _answer(place, taken, finding="redo")
    assert answered.status_code == 200, answered.text
    return UUID(opened.json()["id"])


async def test_what_is_to_be_done_again_opens_anew_and_what_was_sent_is_kept(place: Place) -> None:
    (sent,) = await _rows(place, sa.select(Response))
    (card,) = await _rows(place, sa.select(Scorecard))
    await redone(place)
    first, second = await _rows(place, sa.select(Response).order_by(Response.sitting))
    assert first.model_dump() == sent.model_dump()
    assert (second.sitting, second.edition, second.state.value) == (2, sent.edition, "draft")
    assert second.answers == sent.answers
    letters = await _rows(place, sa.select(Mail.body_text))
    assert any("de nouveau ouvert dans votre espace" in text for text in letters)
    async with place.api("person") as client:
        listed = (await client.get("/me/responses")).json()
        assert [(one["sitting"], one["state"]) for one in listed] == [(1, "submitted"), (2, "draft")]
        shown = await client.get(f"/me/responses/{second.id}")
        changed = await client.put(
            f"/me/responses/{second.id}/answers", json={"answers": {"headset": "bluetooth"}},
            headers={"If-Match": shown.headers["etag"]},
        )  # fmt: skip
        assert changed.status_code == 200, changed.text
        place.clock.move(hours=1)
        again = await client.post(f"/me/responses/{second.id}/submission", headers=new_key())
        assert again.status_code == 201, again.text
        assert again.json()["score"] != card.score
        subjects = (await client.get("/me/contests")).json()["open_to"]
        assert [one["about"] for one in subjects if one["kind"] == "scorecard"] == [EQUIPMENT]
    async with browser(place.app, place.person) as client:
        assert "Demander un second regard" in (await client.get("/me/report")).text
    cards = await _rows(place, sa.select(Scorecard).order_by(Scorecard.scored_at))
    assert cards[0].model_dump() == card.model_dump()
    (counted,) = await _rows(place, sa.select(Response).where(is_last_sitting()))
    assert counted.id == second.id


async def test_the_others_findings_open_nothing(place: Place) -> None:
    opened = await _open(place)
    assert (await _answer(place, await _take(place, opened.json()["id"]))).status_code == 200
    assert len(await _rows(place, sa.select(Response))) == 1


async def test_whoever_must_answer_is_reminded_once_and_in_time(place: Place) -> None:
    opened = (await _open(place)).json()

    async def remind() -> int:
        async with place.app.state.database.transaction() as session:
            return await remind_due(session, settings=place.app.state.settings, now=place.clock())

    async def letters() -> list[Any]:
        return await _rows(place, sa.select(Mail).where(Mail.subject.like("%second regard est attendu%")))

    assert await remind() == 0
    place.clock.move(days=16)
    assert await remind() == 1
    assert await remind() == 0
    (letter,) = await letters()
    assert letter.recipient == "approver@example.com", "whoever recommended first is not asked"
    assert opened["id"] in letter.body_text
    assert "15 décembre 2026" in letter.body_text
    assert "Personne ne l'a encore prise." in letter.body_text
    assert letter.subject == "Un second regard est attendu bientôt"
    (row,) = await _rows(place, sa.select(Contest))
    assert row.reminded_at == place.clock()
    actions = await _rows(place, sa.select(AuditEntry.action))
    assert actions.count("contest.remind") == 1


async def test_who_took_it_is_reminded_alone_and_who_answered_never(place: Place) -> None:
    opened = (await _open(place)).json()
    await _take(place, opened["id"])
    async with place.app.state.database.transaction() as session:
        until = place.clock().date() + timedelta(days=30)
        (row,) = await store.due_unreminded(session, until=until, limit=10)
        assert await store.mailbox_of_reviewer(session, row) == ("approver@example.com", "fr")
    shown = await _take(place, opened["id"])
    assert (await _answer(place, shown)).status_code == 200
    async with place.app.state.database.transaction() as session:
        assert await store.due_unreminded(session, until=until, limit=10) == []
