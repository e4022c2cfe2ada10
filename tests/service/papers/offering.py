"""An application ready for an offer, a whole offer, and what a contract asks of person and employer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from service.flows.recruiting import applications
from service.runtime.actors import SYSTEM
from service.tables.programmes import Employer
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, add_programme, api, bearer_of_candidate, bearer_of_staff

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")

TERMS: dict[str, Any] = {
    "job_title": "Conseillère, conseiller relation client à distance",
    "duties": ["répondre aux demandes des clients par téléphone et par écrit"],
    "term": "cdi",
    "coefficient": 140,
    "monthly_pay_cents": 192_000,
    "weekly_minutes": 2100,
    "schedule": [
        {"day": day, "shifts": [{"start": "09:00", "end": "12:30"}, {"start": "13:30", "end": "17:00"}]}
        for day in DAYS
    ],
    "home_days": list(DAYS),
    "contact_start": "09:00",
    "contact_end": "17:00",
    "start_date": "2026-12-07",
    "start_time": "09:00",
    "trial": {"months": 2},
    "equipment": [
        {
            "label": "Ordinateur portable",
            "brand_model": "Exemple Book 14",
            "serial": "EB14-0007731",
            "value_cents": 72_000,
        }
    ],
}

CIVIL: dict[str, Any] = {
    "street": "7 rue des Ajoncs",
    "postcode": "29200",
    "city": "Brest",
    "birth_date": "1994-05-17",
    "birth_place": "Quimper (29)",
}

EMPLOYER: dict[str, Any] = {
    "name": "Rivage Relation Client",
    "legal_form": "société par actions simplifiée au capital de 50 000 €",
    "siret": "81234567800019",
    "ape_code": "82.20Z",
    "address": {"street": "12 quai des Exemples", "postcode": "44000", "city": "Nantes"},
    "signatory_name": "Claire Delmas",
    "signatory_title": "directrice des ressources humaines",
    "site_name": "Rivage Nantes",
    "site_address": {"street": "12 quai des Exemples", "postcode": "44000", "city": "Nantes"},
    "urssaf": "URSSAF Pays de la Loire",
    "pension_fund": {"name": "Caisse Exemple Retraite", "address": "3 rue du Modèle, 75009 Paris"},
    "welfare_insurer": {"name": "Prévoyance Exemple", "address": "8 avenue du Modèle, 75013 Paris"},
    "health_insurer": {"name": "Mutuelle Exemple", "address": "21 rue du Port, 44100 Nantes"},
    "occupational_health": "le service de santé au travail Exemple 44",
    "data_protection_contact": "dpo@rivage.example",
    "support_contact": "assistance@rivage.example",
    "pay_day": 28,
}


@dataclass(frozen=True)
class Scene:
    """One application, and a session of the person and of a recruiter."""

    application_id: UUID
    candidate_id: UUID
    candidate: str
    recruiter: str


async def set_scene(app: Any, clock: FixedClock, *, with_employer: bool = True, **identity: str) -> Scene:
    """Somebody who applied, with a recruiter who may make an offer."""
    known = {"given_name": "Maïwenn", "family_name": "Le Goff", "email": "maiwenn@example.com", **identity}
    candidate_id = await add_candidate(app, clock, **known)
    programme_id = await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        application = await applications.create_application(
            session, SYSTEM, candidate_id=candidate_id, programme_id=programme_id, now=clock()
        )
        if with_employer:
            session.add(Employer(facts=EMPLOYER, updated_at=clock()))
    return Scene(
        application_id=application.id,
        candidate_id=candidate_id,
        candidate=await bearer_of_candidate(app, clock, candidate_id),
        recruiter=await bearer_of_staff(app, clock),
    )


def new_key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def make_offer(app: Any, scene: Scene, **changes: Any) -> dict[str, Any]:
    """A draft of a whole offer, as the API answers it."""
    async with api(app, scene.recruiter) as client:
        answer = await client.post(
            f"/applications/{scene.application_id}/offers", json={**TERMS, **changes}, headers=new_key()
        )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def send_offer(app: Any, scene: Scene, offer_id: str) -> None:
    async with api(app, scene.recruiter) as client:
        answer = await client.post(f"/offers/{offer_id}/sending", headers=new_key())
    assert answer.status_code == 201, answer.text


async def accept_offer(app: Any, scene: Scene, offer_id: str) -> None:
    async with api(app, scene.candidate) as client:
        answer = await client.post(
            f"/me/offers/{offer_id}/acceptance",
            json={"wants_to_work_from_home": True, "civil_details": CIVIL},
            headers=new_key(),
        )
    assert answer.status_code == 201, answer.text


async def confirm_figures(app: Any, scene: Scene, offer_id: str) -> None:
    """Every figure that waits for a named person is confirmed by the recruiter."""
    async with api(app, scene.recruiter) as client:
        for doubt in (await client.get(f"/offers/{offer_id}")).json()["unconfirmed"]:
            answer = await client.post(
                f"/offers/{offer_id}/confirmations",
                json={
                    "figure": doubt["figure"],
                    "amount_cents": doubt["amount_cents"],
                    "text_read": "lu sur Légifrance",
                },
            )
            assert answer.status_code == 201, answer.text


async def accepted_offer(app: Any, scene: Scene, **changes: Any) -> str:
    """An offer with everything that a pack needs."""
    made = await make_offer(app, scene, **changes)
    await send_offer(app, scene, made["id"])
    await accept_offer(app, scene, made["id"])
    await confirm_figures(app, scene, made["id"])
    return str(made["id"])
