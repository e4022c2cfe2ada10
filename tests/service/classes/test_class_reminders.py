"""The working day before a class: everybody with a seat is reminded once, and the trainer reads who comes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from service.flows import erasing
from service.flows.classes import class_reminders
from service.runtime.actors import SYSTEM
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Locale, Role
from service.tables.classes import ClassReminder
from service.tables.people import Candidate
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.callers import add_staff, client_of, session_of
from tests.service.classes.classes import ONE_DATABASE, plan
from tests.service.learning.test_assignments import cohort_with, people

pytestmark = pytest.mark.anyio

DUE = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)  # Monday, half past nine in Paris; the class is on Tuesday


async def sweep(app: Any, at: datetime) -> int:
    async with app.state.database.transaction() as session:
        return await class_reminders.send_due(
            session, editions=load_editions(), settings=app.state.settings, now=at
        )


async def killed_sweep(app: Any, at: datetime) -> None:
    async with app.state.database.transaction() as session:
        await class_reminders.send_due(
            session, editions=load_editions(), settings=app.state.settings, now=at
        )  # fmt: skip
        raise RuntimeError("killed")


async def told(app: Any) -> dict[str, list[Mail]]:
    """The letters that sweeps wrote, by address, in order."""
    async with app.state.database.transaction(write=False) as session:
        found = await session.scalars(
            select(Mail)
            .join(ClassReminder, col(ClassReminder.letter_id) == col(Mail.id))
            .order_by(col(Mail.created_at))
        )
        letters: dict[str, list[Mail]] = {}
        for one in found:
            letters.setdefault(one.recipient, []).append(one)
        return letters


async def subjects(app: Any, to: str) -> Sequence[str]:
    async with app.state.database.transaction(write=False) as session:
        query = select(col(Mail.subject)).where(col(Mail.recipient) == to).order_by(col(Mail.created_at))
        return list(await session.scalars(query))


async def planned(
    app: Any, clock: FixedClock, count: int, **changes: Any
) -> tuple[httpx.AsyncClient, httpx.Response, list[str]]:
    """A class on Tuesday 1 December, planned a week before, with so many learners of its group."""
    nour = await add_staff(app, clock, Role.TRAINER, email="nour@example.com", name="Nour Petit")
    trainer = client_of(app, await session_of(app, clock, staff_id=nour))
    members = await people(app, clock, count)
    cohort = await cohort_with(trainer, members)
    made = await plan(trainer, cohort_id=cohort, trainer_id=str(nour), **changes)
    assert made.status_code == 201, made.text
    return trainer, made, members


async def test_everybody_with_a_seat_is_reminded_once_and_the_trainer_reads_who_comes(
    app: Any, clock: FixedClock
) -> None:
    _, made, members = await planned(
        app, clock, 3, seats=2, zone="Indian/Reunion", place="Salle 4", note="Apportez votre badge."
    )
    async with app.state.database.transaction() as session:
        await session.execute(
            update(Candidate).where(col(Candidate.id) == UUID(members[1])).values(locale=Locale.EN)
        )
    assert await sweep(app, DUE.replace(hour=4)) == 0, "not before nine on the clocks of La Réunion"
    with pytest.raises(RuntimeError):
        await killed_sweep(app, DUE.replace(hour=5))
    assert await told(app) == {}
    assert await sweep(app, DUE.replace(hour=5)) == 3
    assert await sweep(app, DUE) == 0
    letters = await told(app)
    assert {to: len(found) for to, found in letters.items()} == {
        "p0@example.com": 1, "p1@example.com": 1, "nour@example.com": 1,
    }  # fmt: skip
    (own,) = letters["p0@example.com"]
    for words in (
        "mardi 1er décembre 2026, 09:00 à 17:00 (heure de La Réunion)", "Nour Petit", "Apportez votre badge.",
        "Salle 4, ou à distance : https://visio.example/salle-4", "Branchez votre casque",
        f"/me/classes/{made.json()['id']}", "Vous ne pouvez pas venir ?",
    ):  # fmt: skip
        assert words in own.subject + own.body_text
    (english,) = letters["p1@example.com"]
    assert english.subject.startswith("Reminder: Premier appel, ensemble, Tuesday 1 December 2026")
    assert "Plug in your headset" in english.body_text
    (listed,) = letters["nour@example.com"]
    assert listed.subject.endswith(": 2 personnes viennent")
    assert "- Personne0\n- Personne1\n" in listed.body_text
    assert "Personne2" not in listed.body_text
    assert "En attente d'une place : 1." in listed.body_text


async def test_a_class_that_is_cancelled_or_moves_is_told_rightly(app: Any, clock: FixedClock) -> None:
    trainer, made, _ = await planned(app, clock, 1)
    other = await plan(
        trainer, title="Annulée", starts="08:00", ends="09:00", cohort_id=made.json()["cohort_id"]
    )
    at = made.headers["location"]
    clock.move(hours=1)
    await trainer.post(
        f"{other.headers['location']}/cancellation", json={"reason": "Salle fermée."},
        headers={"If-Match": "*"},
    )  # fmt: skip
    assert await sweep(app, DUE) == 2
    clock.now = DUE.replace(hour=10)
    anyhow = {"If-Match": "*"}
    trainer = client_of(app, await session_of(app, clock, staff_id=UUID(made.json()["trainer_id"])))
    later = await trainer.patch(at, json={"starts": "11:00"}, headers=anyhow)
    assert later.status_code == 200, later.text
    assert await sweep(app, DUE.replace(hour=11)) == 0, "the letter about the move said it all"
    clock.move(minutes=90)
    assert (await trainer.patch(at, json={"day": "2026-12-07"}, headers=anyhow)).status_code == 200
    assert await sweep(app, DUE.replace(day=30, hour=12)) == 0
    friday = datetime(2026, 12, 4, 9, tzinfo=UTC)
    assert await sweep(app, friday) == 2, "another day is recalled anew"
    found = await subjects(app, "p0@example.com")
    assert [one for one in found if one.startswith("Rappel")] == [
        "Rappel : Premier appel, ensemble, mardi 1er décembre 2026, 09:00 à 17:00 (heure de Paris)",
        "Rappel : Premier appel, ensemble, lundi 7 décembre 2026, 11:00 à 17:00 (heure de Paris)",
    ]


@ONE_DATABASE
async def test_who_was_invited_after_the_hour_is_not_written_to_twice_and_the_list_says_who_comes(
    app: Any, clock: FixedClock
) -> None:
    trainer, made, members = await planned(app, clock, 2, seats=1)
    clock.now = DUE.replace(hour=8, minute=10)
    trainer = client_of(app, await session_of(app, clock, staff_id=UUID(made.json()["trainer_id"])))
    gone = await trainer.delete(f"{made.headers['location']}/seats/{members[0]}")
    assert gone.status_code == 204, gone.text
    assert await sweep(app, DUE) == 1
    assert (await told(app)).keys() == {"nour@example.com"}
    assert [one[:6] for one in await subjects(app, "p1@example.com")] == ["Premie", "Premie"], (
        "waiting, then invited: the letter of the seat just left"
    )
    assert "- Personne1\n" in (await told(app))["nour@example.com"][0].body_text


@ONE_DATABASE
async def test_nobody_is_written_to_on_a_sunday_or_a_holiday_and_a_worker_that_stood_still_catches_up(
    app: Any, clock: FixedClock
) -> None:
    await planned(app, clock, 1, day="2026-12-28")
    for silent in (datetime(2026, 12, 25, 9, tzinfo=UTC), datetime(2026, 12, 27, 9, tzinfo=UTC)):
        assert await sweep(app, silent) == 0
    assert await sweep(app, datetime(2026, 12, 26, 9, tzinfo=UTC)) == 2


@ONE_DATABASE
async def test_the_list_goes_with_anybody_on_it_who_is_erased(app: Any, clock: FixedClock) -> None:
    _, _, members = await planned(app, clock, 2)
    await sweep(app, DUE)
    assert len((await told(app))["nour@example.com"]) == 1
    async with app.state.database.transaction() as session:
        await erasing.erase(
            session, SYSTEM, members[0], files=app.state.files, reason="Elle l'a demandé.", now=DUE
        )
    assert (await told(app)).keys() == {"p1@example.com"}
