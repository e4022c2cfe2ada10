"""Evidence recorded by mistake: withdrawn by staff with a reason, kept to be read, and counting no more."""

from typing import Any

import pytest
from sqlalchemy import select

from service.runtime.vocabulary import Role
from service.tables.evidence import Evidence
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import API, submitted
from tests.service.callers import (
    add_staff,
    as_candidate,
    as_staff,
    client_of,
    form_token,
    in_browser,
    session_of,
)
from tests.service.cast import add_candidate

pytestmark = pytest.mark.anyio

SLUG = "home-workplace"
WHY = "Le document montré était celui de quelqu'un d'autre."


async def test_what_was_noted_by_mistake_is_withdrawn_and_counts_no_more(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    own = await as_candidate(app, clock, person)
    await submitted(own, SLUG)
    staff_id = await add_staff(app, clock, Role.RECRUITER)
    token = await session_of(app, clock, staff_id=staff_id)
    staff, pages = client_of(app, token), await in_browser(app, clock, staff_id=staff_id)
    place = f"{API}/candidates/{person}"

    async def demonstrated() -> Any:
        (card,) = (await staff.get(f"{place}/scorecards")).json()
        return card["demonstrated"]["score_hundredths"] if card["demonstrated"] else None

    before = await demonstrated()
    noted = await staff.post(
        f"{place}/evidence",
        json={
            "instrument": SLUG,
            "item": "electrical",
            "kind": "attested",
            "known_on": "2026-11-20",
            "value": "damaged",
        },
    )
    assert noted.status_code == 201, noted.text
    shown = await demonstrated()
    assert shown != before
    path = f"/candidates/{person}/evidence/{noted.json()['id']}/withdrawal"
    short = await pages.post(path, data={**form_token(pages), "why": "<b>faux</b>"})
    assert short.status_code == 422
    assert "&lt;b&gt;faux&lt;/b&gt;" in short.text
    assert await demonstrated() == shown
    done = await pages.post(path, data={**form_token(pages), "why": WHY})
    assert done.status_code == 303, done.text
    assert await demonstrated() == before
    page = (await pages.get(f"/candidates/{person}/evidence")).text
    assert "Retiré le 24 nov. 2026" in page
    assert "quelqu&#39;un d&#39;autre" in page
    (listed,) = (await staff.get(f"{place}/evidence")).json()
    assert (listed["withdrawn_why"], listed["withdrawn_by"]) == (WHY, "Ada Roche")
    again = await staff.post(f"/api/v1{path}", json={"why": WHY})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-withdrawn")
    other = await add_candidate(app, clock)
    moved = path.replace(str(person), str(other))
    assert (await staff.post(f"/api/v1{moved}", json={"why": WHY})).status_code == 404
    approver = await as_staff(app, clock, Role.APPROVER)
    assert (await approver.post(f"/api/v1{path}", json={"why": WHY})).status_code == 403
    async with app.state.database.transaction(write=False) as session:
        (row,) = await session.scalars(select(Evidence))
        actions = list(await session.scalars(select(AuditEntry.action)))
    assert row.value == "damaged"
    assert actions.count("evidence.withdraw") == 1
