"""Months of working from home: one closed and put right, one with a file that waits, one with faults."""

from typing import Any
from uuid import UUID

import httpx

from tests.conftest import FixedClock
from tests.service.allowances.allowances import at_home
from tests.service.cast import api
from tests.service.papers.offering import new_key


async def settle(app: Any, sessions: dict[str, str], ids: dict[str, str], *, clock: FixedClock) -> None:
    """Four people work from home: October is closed and put right, a file of November waits, another has faults."""
    by_day, rate = {"mode": "day"}, {"mode": "day", "rate_cents": 300}
    ids["worker"], other = map(
        str,
        await at_home(
            app, clock, "000101", "000102", names=("Awa Diallo", "Malo Kervella"), allowance=by_day,
            programme=UUID(ids["programme"]),
        ),
    )  # fmt: skip
    for number, name, more in (
        ("000103", "Rose Ménard", {"home_days": ["monday", "thursday"]}),
        ("000104", "Yves Pennec", {"allowance": rate, "start_date": "2026-10-12"}),
    ):
        programme = UUID(ids["programme"])
        await at_home(app, clock, number, names=(name,), programme=programme, **more)
    absent = {"start": "2026-11-02", "end": "2026-11-06", "kind": "leave"}
    async with api(app, sessions["recruiter"]) as client:
        _done(await client.post(f"/candidates/{ids['worker']}/absences", json=absent))
        _done(await client.post("/allowance-months/2026-10/closing", json={}, headers=new_key()))
        _done(
            await client.post(
                f"/allowance-months/2026-10/people/{ids['worker']}/corrections",
                json={"days": 20, "reason": "La feuille de temps est arrivée après la clôture."},
                headers=new_key(),
            )
        )
        _done(await client.put(f"/allowance-months/2026-11/people/{other}", json={"days": 15}))
        for place, month, text in (
            ("days-file", "2026-11", "matricule;jours\n000101;14\n000103;7\n"),
            ("faulty-days-file", "2026-12", "matricule;jours;verse\n000101;32;\n999;4;\n000103;4;-8\n"),
        ):
            sent = await client.post(
                f"/allowance-months/{month}/files",
                files={"file": ("jours.csv", text.encode(), "text/csv")},
            )
            _done(sent)
            ids[place] = sent.json()["id"]


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
