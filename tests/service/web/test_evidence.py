"""The pages of answering and of evidence: every kind of question without a script, time, files, what staff saw."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from service.flows.assessing import evidence
from service.runtime.actors import SYSTEM
from service.tables.assessments import Response
from tests.conftest import FixedClock
from tests.service.assessing.filling_in import answer_all, fill, show
from tests.service.assessing.trial import ANSWERS, SLUG, give
from tests.service.callers import add_candidate, add_staff, form_token, in_browser
from tests.service.cast import PROFILE
from tests.service.flows.test_judging_files import picture

pytestmark = pytest.mark.anyio

BASE = f"/me/questionnaires/{SLUG}"
JPEG = {"_file.bill": ("ma facture.jpg", picture(), "image/jpeg")}


async def someone(app: Any, clock: FixedClock) -> tuple[httpx.AsyncClient, UUID]:
    """A candidate in a browser without scripts, who has begun the trial questionnaire."""
    give(app)
    candidate_id = await add_candidate(app, clock, profile=PROFILE)
    client = await in_browser(app, clock, candidate_id=candidate_id)
    begun = await client.post(f"{BASE}/notice", data=form_token(client))
    assert begun.status_code == 303, begun.text
    return client, candidate_id


async def stored(app: Any) -> Response:
    async with app.state.database.transaction() as session:
        return await session.scalar(select(Response))  # type: ignore[no-any-return]


async def test_every_kind_is_answered_without_a_script_and_sent(app: Any, clock: FixedClock) -> None:
    client, _ = await someone(app, clock)
    order = await show(client, f"{BASE}/pages/order")
    assert "Un client crie." in order
    assert 'aria-labelledby="act-scene"' in order
    clock.move(seconds=50)
    sent = await answer_all(client, (await given(app)), ANSWERS)
    assert sent.status_code == 303, sent.text
    row = await stored(app)
    assert row.answers == ANSWERS
    assert set(row.timings) <= {"order", "proof", "quick"}


async def given(app: Any) -> Any:
    return app.state.editions.instruments[SLUG, "2026-11"]


async def test_an_order_that_is_not_whole_stays_as_chosen_beside_what_to_do(
    app: Any, clock: FixedClock
) -> None:
    client, _ = await someone(app, clock)
    path = f"{BASE}/pages/order"
    answer = await fill(client, path, {"order.first": "1", "order.second": "1", "act": "listen"})
    assert answer.status_code == 422
    assert "Chaque proposition doit avoir sa place" in answer.text
    assert 'href="#order.first"' in answer.text
    first = re.search(r'<select id="order\.first".*?</select>', answer.text, re.DOTALL)
    assert first
    assert "<option selected>1" in first[0]
    assert (await stored(app)).answers == {"act": "listen"}


async def test_a_file_is_joined_shown_again_and_taken_back_and_costs_no_other_answer(
    app: Any, clock: FixedClock
) -> None:
    client, _ = await someone(app, clock)
    path = f"{BASE}/pages/proof"
    wrong = await fill(
        client, path, {"words": "gardé"}, files={"_file.bill": ("x.jpg", b"<html>")}, go="stay"
    )
    assert wrong.status_code == 422
    assert "Ce fichier n&#39;est pas d&#39;un type" in wrong.text
    assert (await stored(app)).answers == {"words": "gardé"}
    joined = await fill(client, path, {"words": "gardé"}, files=JPEG, go="stay")
    assert joined.headers["location"] == path
    page = (await client.get(path)).text
    href = re.search(r'href="(/me/files/[^"]+)"', page)
    assert href
    assert "JPEG" in page
    assert (await client.get(href[1])).headers["content-disposition"].startswith("attachment")
    onward = await fill(client, path, {"words": "gardé"})
    assert onward.headers["location"] == f"{BASE}/pages/quick"
    assert "bill" in (await stored(app)).answers, "going on without a new file keeps the old one"
    taken = await fill(client, path, {"words": "gardé"}, go="remove:bill")
    assert taken.headers["location"] == path
    assert (await stored(app)).answers == {"words": "gardé"}


async def test_what_is_measured_is_shown_with_its_day_and_never_typed(app: Any, clock: FixedClock) -> None:
    client, candidate_id = await someone(app, clock)
    path = f"{BASE}/pages/proof"
    before = (await client.get(path)).text
    assert "Pas encore mesuré" in before
    assert 'href="/me/measurement"' in before
    typed = await fill(client, path, {"down": "9000"})
    assert typed.status_code == 422
    assert "Cette valeur se mesure" in typed.text
    async with app.state.database.transaction() as session:
        await evidence.record_measured(
            session, SYSTEM, candidate_id, {"download_kbps": 12_500}, editions=app.state.editions, now=clock()
        )
    page = (await client.get(path)).text
    assert "12,5\u00a0Mbit/s" in page
    assert "mesuré le 24 nov. 2026" in page


async def test_a_page_with_a_time_limit_asks_first_closes_and_holds_nobody_up(
    app: Any, clock: FixedClock
) -> None:
    give(app)
    client = await in_browser(app, clock, candidate_id=await add_candidate(app, clock))
    notice = (await client.get(f"{BASE}/notice")).text
    assert "Personne ne vous demandera pourquoi" in notice
    await client.post(f"{BASE}/notice", data={**form_token(client), "extra_time": "100"})
    path = f"{BASE}/pages/quick"
    waiting = (await client.get(path)).text
    assert 'name="hours"' not in waiting
    assert 'value="100" checked' in waiting
    await client.post(f"{path}/opening", data={**form_token(client), "extra_time": "100"})
    clock.move(minutes=4)
    assert "Il vous reste 2 minutes" in (await client.get(path)).text
    late = await fill(client, path, {"hours": "4"}, go="later")
    assert late.headers["location"] == "/me"
    clock.move(minutes=3)
    closed = (await client.get(path)).text
    assert "Le temps de cette page est passé" in closed
    assert "4\u00a0heures" in closed
    assert "Sans réponse" in closed
    for page, fields in (
        ("order", {"order.first": "1", "order.second": "2", "order.third": "3", "act": "wait"}),
        ("proof", {}),
    ):
        assert (await fill(client, f"{BASE}/pages/{page}", fields)).status_code == 303
    assert "elle ne change plus" in (await client.get(f"{BASE}/review")).text
    assert (await client.get(BASE)).headers["location"] == f"{BASE}/review"
    sent = await client.post(f"{BASE}/submission", data=form_token(client))
    assert sent.headers["location"] == "/me/results"


async def test_staff_notes_what_was_shown_beside_what_was_said(app: Any, clock: FixedClock) -> None:
    client, candidate_id = await someone(app, clock)
    await fill(client, f"{BASE}/pages/proof", {"alarm": "no"})
    recruiter = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    path = f"/candidates/{candidate_id}/evidence"
    assert f'href="{path}"' in (await recruiter.get(f"/candidates/{candidate_id}")).text
    assert "Rien n&#39;a encore été montré" in (await recruiter.get(path)).text
    about = f"{SLUG}.alarm"
    asked = (await recruiter.get(f"{path}?about={about}")).text
    assert "<strong>Non</strong>" in asked
    assert (await recruiter.get(f"{path}?about={SLUG}.calm")).status_code == 404
    fields = {**form_token(recruiter), "about": about, "alarm": "yes", "kind": "verified", "note": "Vu <b>"}
    wrong = await recruiter.post(
        path, data={**fields, "known_on": "demain"}, files={"file": ("a.pdf", b"%PDF-")}
    )
    assert wrong.status_code == 422
    assert "Vu &lt;b&gt;" in wrong.text
    assert "Écrivez le jour" in wrong.text
    assert "ne s&#39;ouvre pas" in wrong.text
    right = await recruiter.post(
        path, data={**fields, "known_on": "2026-11-20"}, files={"file": ("a.png", picture("PNG"))}
    )
    assert right.headers["location"] == path, right.text
    page = (await recruiter.get(path)).text
    assert "autre que dit" in page
    assert "Ada Roche" in page
    file = re.search(rf'href="({path}/files/[^"]+)"', page)
    assert file
    assert (await recruiter.get(file[1])).headers["content-type"] == "image/png"
    assert (await stored(app)).answers == {"alarm": False}
