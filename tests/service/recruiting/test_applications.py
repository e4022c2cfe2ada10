"""Applications, stages and decisions, on both databases."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from service.flows.accounts import signing_in
from service.http.rights import scopes
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import OfferState
from service.tables.offers import Offer
from tests.conftest import NOON, FixedClock
from tests.service.cast import (
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)

pytestmark = pytest.mark.anyio

REASON = "Les horaires demandés ne sont pas possibles avant le printemps."


async def _application(client: Any, candidate: UUID, programme: UUID) -> str:
    made = await client.post(
        "/applications", json={"candidate_id": str(candidate), "programme_id": str(programme)}
    )
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_stages_move_by_steps_and_a_decision_is_no_step(app: Any, clock: FixedClock) -> None:
    person, programme = await add_candidate(app, clock, given_name="Awa"), await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        place = f"/applications/{await _application(client, person, programme)}"
        again = await client.post(
            "/applications", json={"candidate_id": str(person), "programme_id": str(programme)}
        )
        assert again.status_code == 409
        assert (await client.post(f"{place}/stage", json={"stage": "interview"})).status_code == 200
        for stage in ("hired", "not_retained"):
            refused = await client.post(f"{place}/stage", json={"stage": stage})
            assert refused.status_code == 422
            assert refused.json()["type"] == "/problems/decision-needed"
        history = (await client.get(place)).json()["history"]
        assert [step["to_stage"] for step in history] == ["applied", "interview"]


async def test_a_decision_needs_a_person_a_reason_and_an_accepted_offer(app: Any, clock: FixedClock) -> None:
    person, programme = await add_candidate(app, clock, given_name="Awa"), await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        application = await _application(client, person, programme)
        path = f"/applications/{application}/decisions"
        hire = {"outcome": "hire", "reason": REASON}
        assert (await client.post(path, json=hire)).status_code == 428
        assert (
            await client.post(path, json={**hire, "reason": "non"}, headers={"Idempotency-Key": "a"})
        ).status_code == 400
        early = await client.post(path, json=hire, headers={"Idempotency-Key": "b"})
        assert early.json()["type"] == "/problems/offer-not-accepted"
        async with app.state.database.transaction() as session:
            session.add(
                Offer(
                    application_id=UUID(application), candidate_id=person, programme_id=programme, terms={},
                    state=OfferState.ACCEPTED, start_date=NOON.date(), confirmations=[], created_at=clock(),
                )
            )  # fmt: skip
        first = await client.post(path, json=hire, headers={"Idempotency-Key": "c"})
        twin = await client.post(path, json=hire, headers={"Idempotency-Key": "c"})
        assert first.status_code == twin.status_code == 201
        assert first.content == twin.content
        closed = await client.post(path, json=hire, headers={"Idempotency-Key": "d"})
        assert closed.status_code == 409
        assert (await client.get(f"/candidates/{person}")).json()["is_agent"] is True


async def test_no_token_decides_whatever_its_scopes(app: Any, clock: FixedClock) -> None:
    person, programme = await add_candidate(app, clock, given_name="Awa"), await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        application = await _application(client, person, programme)
    async with app.state.database.transaction() as session:
        maker = await signing_in.staff_id_of(session, "recruiter@example.com")
        _, secret = await signing_in.make_api_token(
            session, SYSTEM, name="machine", scopes=sorted(scopes()), staff_id=maker, now=clock(), days=1
        )
    async with api(app, secret) as machine:
        refused = await machine.post(
            f"/applications/{application}/decisions",
            json={"outcome": "not_retain", "reason": REASON},
            headers={"Idempotency-Key": "x"},
        )
        assert refused.status_code == 403
        assert (await machine.get(f"/applications/{application}")).json()["stage"] == "applied"


async def test_a_candidate_withdraws_the_own_application_only(app: Any, clock: FixedClock) -> None:
    own, other = (
        await add_candidate(app, clock, given_name="Awa"),
        await add_candidate(app, clock, given_name="B"),
    )
    programme = await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        mine = await _application(client, own, programme)
        theirs = await _application(client, other, programme)
    async with api(app, await bearer_of_candidate(app, clock, own)) as client:
        assert (await client.post(f"/applications/{theirs}/withdrawal", json={})).status_code == 404
        taken = await client.post(f"/applications/{mine}/withdrawal", json={"reason": "autre poste"})
        assert taken.json()["stage"] == "withdrawn"
        assert [item["id"] for item in (await client.get("/applications")).json()["items"]] == [mine]


async def test_the_decision_page_keeps_what_was_typed_and_asks_for_the_reason(
    app: Any, clock: FixedClock
) -> None:
    person, programme = await add_candidate(app, clock, given_name="Awa"), await add_programme(app, clock)
    token = await bearer_of_staff(app, clock)
    async with api(app, token) as client:
        application = await _application(client, person, programme)
    async with browser(app, token) as client:
        place = f"/applications/{application}"
        board = await client.get("/applications")
        assert "Awa" in board.text
        short = await submit(client, f"{place}/decisions", {"outcome": "not_retain", "reason": "trop court"})
        assert short.status_code == 422
        assert "trop court" in short.text
        done = await submit(client, f"{place}/decisions", {"outcome": "not_retain", "reason": REASON})
        assert done.status_code == 303, done.text
        assert REASON in (await client.get(place)).text


async def test_the_page_offers_the_hire_only_after_an_accepted_offer(app: Any, clock: FixedClock) -> None:
    person, programme = await add_candidate(app, clock, given_name="Awa"), await add_programme(app, clock)
    token = await bearer_of_staff(app, clock)
    async with api(app, token) as client:
        application = await _application(client, person, programme)
    place, hire = f"/applications/{application}", 'value="hire"'
    async with browser(app, token) as client:
        early = (await client.get(place)).text
        assert hire not in early
        assert "Préparez d&#39;abord l&#39;offre." in early
        forged = await submit(client, f"{place}/decisions", {"outcome": "hire", "reason": REASON})
        assert forged.status_code == 422
        assert "L&#39;embauche suit une offre acceptée." in forged.text
        for state in (OfferState.SENT, OfferState.ACCEPTED):
            async with app.state.database.transaction() as session:
                await session.execute(delete(Offer))
                session.add(
                    Offer(
                        application_id=UUID(application), candidate_id=person, programme_id=programme, terms={},
                        state=state, start_date=NOON.date(), confirmations=[], created_at=clock(),
                    )
                )  # fmt: skip
            shown = (await client.get(place)).text
            assert (hire in shown) is (state is OfferState.ACCEPTED)
            assert ("quand la personne a accepté" in shown) is (state is OfferState.SENT)


async def test_anybody_applies_and_nobody_learns_who_is_known(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    closed = await add_programme(app, clock, title="Fermé")
    async with api(app, await bearer_of_staff(app, clock)) as client:
        await client.patch(f"/programmes/{closed}", json={"state": "closed"}, headers={"If-Match": "*"})
    form = {
        "given_name": "Léo", "family_name": "Blanc", "email": "leo@example.com", "programmes": str(programme),
        "skills": "accueil\nventes", "level-fr": "C2", "hours-1-1-from": "09:00", "hours-1-1-to": "17:00",
        "is_read": "yes",
    }  # fmt: skip
    async with browser(app) as client:
        assert (await client.get(f"/programmes/{closed}/sheet")).status_code == 404
        assert "Fermé" not in (await client.get("/apply")).text
        missing = await submit(client, "/apply", {**form, "email": "leo@"})
        assert missing.status_code == 422
        assert "accueil" in missing.text
        first = await submit(client, "/apply", form)
        second = await submit(client, "/apply", form)
        assert first.status_code == second.status_code == 303
        assert first.headers["location"] == second.headers["location"] == "/apply/thanks"
