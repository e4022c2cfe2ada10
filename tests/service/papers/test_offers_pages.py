"""The pages of offers: what is typed is kept, what is missing is said, an answer counts once."""

from html import escape
from typing import Any

import pytest
from sqlalchemy import update

from service.runtime.vocabulary import Role
from service.tables.offers import Offer
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff, browser, submit
from tests.service.papers.offering import (
    CIVIL,
    Scene,
    accepted_offer,
    make_offer,
    send_offer,
    set_scene,
)

pytestmark = pytest.mark.anyio

FORM: dict[str, Any] = {
    "job_title": "Conseiller à distance",
    "duties": "répondre aux clients\nsuivre les dossiers",
    "calls": ["inbound"],
    "pacing": "simple",
    "term": "cdi",
    "start_date": "2026-12-07",
    "start_time": "09:00",
    "trial": "2",
    "coefficient": "140",
    "monthly_pay": "1 920,50",
    "weekly_hours": "35",
    "home_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "contact_start": "09:00",
    "contact_end": "17:00",
    "allowance_mode": "month",
    "equipment-0-label": "Ordinateur portable",
    "equipment-0-brand_model": "Exemple Book 14",
    "equipment-0-value": "720",
    **{f"schedule-{day}-1-from": "09:00" for day in range(1, 6)},
    **{f"schedule-{day}-1-to": "12:30" for day in range(1, 6)},
    **{f"schedule-{day}-2-from": "13:30" for day in range(1, 6)},
    **{f"schedule-{day}-2-to": "17:00" for day in range(1, 6)},
}


async def _make(app: Any, scene: Scene, **changes: Any) -> Any:
    async with browser(app, scene.recruiter) as page:
        path = f"/applications/{scene.application_id}/offers"
        assert "1850" in (await page.get(f"{path}/new")).text  # the programme's sheet fills the form
        return await submit(page, path, {**FORM, **changes})


async def test_a_recruiter_makes_sends_and_follows_an_offer(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await _make(app, scene)
    assert made.status_code == 303, made.text
    async with browser(app, scene.recruiter) as page:
        path = made.headers["location"]
        shown = (await page.get(path)).text
        assert "1\u00a0920,50\u00a0€" in shown
        assert "répondre aux clients" in shown
        edited = await submit(page, f"{path}/edit", {**FORM, "version": "1", "monthly_pay": "1950"})
        assert edited.status_code == 303
        stale = await submit(page, f"{path}/edit", {**FORM, "version": "1", "monthly_pay": "1999"})
        assert stale.status_code == 422
        assert "1999" in stale.text
        sent = await submit(page, f"{path}/sending", {})
        assert sent.status_code == 303, sent.text
        assert "Maïwenn Le Goff" in (await page.get("/offers")).text
        assert "pas encore répondu" in (await page.get(path)).text


async def test_a_wrong_entry_is_said_beside_its_field_and_nothing_is_lost(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    answer = await _make(app, scene, monthly_pay="beaucoup", **{"schedule-1-1-to": ""})
    assert answer.status_code == 422
    assert 'value="beaucoup"' in answer.text
    assert "par exemple 1 920" in answer.text
    assert "Exemple Book 14" in answer.text
    assert "le début et la fin" in answer.text
    dated = await _make(app, scene, start_date="2026-13-45")
    assert dated.status_code == 422
    assert "Cette valeur ne convient pas" in dated.text


async def test_the_address_of_a_form_asked_for_again_leads_one_level_up(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    async with browser(app, scene.recruiter) as page:
        answer = await page.get(f"/applications/{scene.application_id}/offers", follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/applications/{scene.application_id}",
        )


async def test_an_offer_against_the_law_is_not_sent_and_the_page_says_why(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    made = await _make(app, scene, monthly_pay="1500")
    async with browser(app, scene.recruiter) as page:
        answer = await submit(page, f"{made.headers['location']}/sending", {})
    assert answer.status_code == 422
    assert "sous le minimum" in answer.text
    assert "1\u00a0867,02\u00a0€" in answer.text


async def test_the_person_reads_and_accepts_in_plain_words(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    async with browser(app, scene.candidate) as page:
        path = f"/me/offers/{made['id']}"
        shown = (await page.get(path)).text
        assert "1\u00a0920,00\u00a0€ brut par mois" in shown
        assert "Vous répondez aux abonnés." in shown
        assert "à domicile" in shown
        short = await submit(page, f"{path}/acceptance", {**CIVIL, "birth_place": ""})
        assert short.status_code == 422
        assert "7 rue des Ajoncs" in short.text
        assert "lieu de naissance" in short.text
        assert "jamais imposé" in short.text
        yes = {**CIVIL, "wants_to_work_from_home": "yes"}
        assert (await submit(page, f"{path}/acceptance", yes)).status_code == 303
        again = await submit(page, f"{path}/acceptance", yes)  # the other tab
        assert again.status_code == 303
        late = await submit(page, f"{path}/declination", {"note": "finalement non"})
        assert late.status_code == 303
        assert "Vous avez accepté" in (await page.get(path)).text
        details = (await page.get("/me/civil-details")).text
        assert "Quimper (29)" in details
        moved = await submit(page, "/me/civil-details", {**CIVIL, "city": "Vannes", "version": "1"})
        assert moved.status_code == 303
        assert "Pas encore de document" in (await page.get("/me/documents")).text


async def test_the_page_names_what_a_contract_still_needs_and_where(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock, with_employer=False)
    offer_id = await accepted_offer(app, scene)
    async with browser(app, scene.recruiter) as page:
        answer = await submit(page, f"/offers/{offer_id}/packs", {})
        assert answer.status_code == 422
        assert "SIRET" in answer.text
        assert 'href="/employer"' in answer.text


async def test_a_pack_shows_its_progress_and_a_second_press_makes_no_second_one(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    async with browser(app, scene.recruiter) as page:
        first = await submit(page, f"/offers/{offer_id}/packs", {})
        second = await submit(page, f"/offers/{offer_id}/packs", {})
        assert first.headers["location"] == second.headers["location"]
        path = first.headers["location"]
        assert "en préparation" in (await page.get(path)).text
        progress = await page.get(f"{path}/progress")
        assert progress.status_code == 204
        assert "hx-refresh" not in progress.headers


async def test_an_approver_confirms_a_figure_under_their_own_name(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    doubt = made["unconfirmed"][0]
    async with browser(app, await bearer_of_staff(app, clock, Role.APPROVER)) as page:
        fields = {
            "figure": doubt["figure"],
            "amount_cents": str(doubt["amount_cents"]),
            "text_read": "décret lu",
        }
        assert (await submit(page, f"/offers/{made['id']}/confirmations", fields)).status_code == 303
        shown = (await page.get(f"/offers/{made['id']}")).text
        assert "Ada approver" in shown
        assert doubt["figure"] not in shown
        assert escape(doubt["label"]) in shown


async def test_a_figure_confirmed_and_no_longer_used_is_named_in_words(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    given = {
        "figure": "smic/france/2024-11-01", "amount_cents": 1188, "confirmed_by": "Ada", "confirmed_on": "2026-11-20"
    }  # fmt: skip
    async with app.state.database.transaction() as session:
        await session.execute(update(Offer).values(confirmations=[given]))
    async with browser(app, scene.recruiter) as page:
        shown = (await page.get(f"/offers/{made['id']}")).text
    assert "SMIC, en vigueur le 01/11/2024 · 11,88\u00a0€" in shown
    assert given["figure"] not in shown


async def test_a_withdrawal_wants_a_reason_and_keeps_what_was_typed(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    async with browser(app, scene.recruiter) as page:
        path = f"/offers/{made['id']}/withdrawal"
        short = await submit(page, path, {"reason": "trop court"})
        assert short.status_code == 422
        assert "trop court" in short.text
        done = await submit(page, path, {"reason": "Le programme ouvre plus tard que prévu."})
        assert done.status_code == 303
    async with api(app, scene.recruiter) as client:
        assert (await client.get(f"/offers/{made['id']}")).json()["state"] == "withdrawn"
