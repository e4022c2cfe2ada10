"""The pages of live classes: planned, signed for, shown by the month."""

import re
from typing import Any
from uuid import UUID

import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_staff, client_of, form_token, in_browser, session_of
from tests.service.classes.classes import ONE_DATABASE, on_the_day
from tests.service.learning.test_assignments import cohort_with, people

pytestmark = pytest.mark.anyio


@ONE_DATABASE
async def test_the_pages_plan_sign_and_show_a_month(app: Any, clock: FixedClock) -> None:
    staff = await add_staff(app, clock, Role.TRAINER, email="nour@example.com", name="Nour Petit")
    trainer = client_of(app, await session_of(app, clock, staff_id=staff))
    (person,) = await people(app, clock, 1)
    cohort = await cohort_with(trainer, [person])
    pages = await in_browser(app, clock, staff_id=staff)
    form = {**form_token(pages), "title": "Écouter", "day": "2027-03-28", "starts": "02:30", "ends": "04:00",
            "zone": "Europe/Paris", "cohort": cohort, "place": "Salle 4"}  # fmt: skip
    refused = await pages.post("/classes/new", data=form)
    assert refused.status_code == 422
    assert "02:30 n&#39;existe pas ce jour-là" in refused.text.replace("\u00a0", " ")
    assert 'value="Écouter"' in refused.text
    sent = await pages.post(
        "/classes/new", data={**form, "day": "2026-12-01", "starts": "09:00", "ends": "12:00"}
    )
    assert sent.status_code == 303
    at = sent.headers["location"]
    other = {**form, "title": "Rappeler", "day": "2026-12-01", "starts": "11:00", "ends": "12:30"}
    clash = await pages.post("/classes/new", data=other)
    shown = (await pages.get(clash.headers["location"])).text.replace("\u00a0", " ")
    assert "Elle tombe en même temps qu&#39;une autre" in shown
    assert re.search(rf'<a href="{at}">Écouter</a>, <span class="number">[^<]+</span> · Personne0', shown)
    month = await pages.get(f"/training/cohorts/{cohort}/calendar?month=2026-12")
    assert re.search(rf'<a href="{at}">Écouter</a>', month.text)
    learner = await in_browser(app, clock, candidate_id=UUID(person))
    own = f"/me{at}"
    assert "Votre prochaine séance" in (await learner.get("/me")).text
    feed = await learner.post("/calendar-feed", data=form_token(learner))
    assert re.search(r'value="http://homeshore.test/calendars/hsc_[^"]+\.ics"', feed.text)
    mine = (await learner.get(own)).text
    assert "Vous pourrez signer" in mine
    assert "Rappeler</a>" in mine
    on_the_day(clock, 10, 50)
    learner = await in_browser(app, clock, candidate_id=UUID(person))
    pages = await in_browser(app, clock, staff_id=staff)
    assert "À signer" in (await learner.get("/me/classes")).text.replace("\u00a0", " ")
    unsigned = await learner.post(f"{own}/signatures/morning", data={**form_token(learner), "name": " "})
    assert unsigned.status_code == 422
    await learner.post(f"{own}/signatures/morning", data={**form_token(learner), "name": "Personne Zéro"})
    assert "Personne Zéro" in (await learner.get(own)).text
    sheet = f"{at}/attendance"
    short = {**form_token(pages), f"presence-{person}": "late", f"missed-{person}": ""}
    assert (await pages.post(f"{sheet}/morning", data=short)).status_code == 422
    await pages.post(f"{sheet}/morning", data={**form_token(pages), f"presence-{person}": "present"})
    signed = await pages.post(f"{sheet}/morning/signature", data={**form_token(pages), "name": "Nour Petit"})
    assert signed.status_code == 303
    shown = await pages.get(sheet)
    assert "Signé par Nour Petit" in shown.text
    assert "Suivie" in shown.text
