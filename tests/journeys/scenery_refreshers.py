"""What comes back to Nolwenn and whom she asks: a changed procedure, an answered question, one that waits."""

from typing import Any
from uuid import UUID

from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application
from tests.conftest import NOON
from tests.service.cast import PROGRAMME, api
from tests.service.papers.offering import new_key

NOTE = {
    "title": "Le remboursement passe de 14 à 30 jours",
    "lesson": "Avant : 14 jours après l'achat.\nDepuis lundi : 30 jours, sur présentation du ticket.",
    "question": "Un client rapporte un article après 20 jours, ticket en main. Que faites-vous ?",
    "choices": [
        {"text": "Je rembourse.", "is_right": True, "why": "Le délai est de 30 jours depuis lundi."},
        {"text": "Je propose un avoir.", "why": "L'avoir ne vaut qu'au-delà de 30 jours."},
        {"text": "Je dis que le délai est passé."},
    ],
}
ASKED = "Le client veut payer en trois fois : où est-ce que je le note ?"
ANSWER = "Dans l'onglet Paiement, choisissez « Échelonner ». Le client reçoit un courriel."


async def remember(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """Adds the ids `procedure`, `withdrawn-procedure`, `card`, `known-card`, `review`, `help`, `waiting-help`."""
    async with api(app, sessions[Role.RECRUITER.value]) as client:
        told = {"client_name": "Rivages", "profile": {**PROGRAMME, "title": "Boutique en ligne"}}
        programme = _done(await client.post("/programmes", json=told, headers=new_key()))["id"]
    async with app.state.database.transaction() as session:
        session.add(
            Application(
                candidate_id=UUID(ids["nolwenn"]), programme_id=UUID(programme), stage=Stage.HIRED,
                stage_since=NOON, created_at=NOON,
            )
        )  # fmt: skip
    async with api(app, sessions[Role.TRAINER.value]) as trainer:
        for name, title in (
            ("procedure", NOTE["title"]), ("other-procedure", "Le code promo change"),
            ("withdrawn-procedure", "Le service ferme à 19 h"),
        ):  # fmt: skip
            note = {**NOTE, "title": title, "programme_id": programme}
            ids[name] = _done(await trainer.post("/procedures", json=note, headers=new_key()))["id"]
        await _ask_and_answer(app, sessions, ids, trainer)
        url = f"/procedures/{ids['withdrawn-procedure']}/withdrawal"
        why = {"why": "Le service ferme à 18 h, comme avant."}
        _done(await trainer.post(url, json=why, headers={"If-Match": "*"}))
    await _answer_one(app, sessions, ids)


async def _ask_and_answer(app: Any, sessions: dict[str, str], ids: dict[str, str], trainer: Any) -> None:
    async with api(app, sessions["nolwenn"]) as learner:
        place = {"assignment_id": ids["assignment"], "module": ids["module"], "page": ids["page"]}
        for name, body in (
            ("help", {"topic": "work", "words": ASKED}),
            ("waiting-help", {"topic": "lesson", "words": "La hauteur de l'écran, d'où ?", "place": place}),
        ):
            ids[name] = _done(await learner.post("/me/help", json=body, headers=new_key()))["id"]
    url = f"/help/{ids['help']}"
    _done(await trainer.post(f"{url}/answers", json={"words": ANSWER}, headers={"If-Match": "*"}))
    _done(await trainer.post(f"{url}/card", json={}))


async def _answer_one(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """Of what is due one card is answered; one with choices and one that learners judge themselves are left."""
    async with api(app, sessions["nolwenn"]) as learner:
        cards = _done(await learner.get("/me/refreshers"))["cards"]
        ids["known-card"] = next(one["id"] for one in cards if not one["choices"])
        ids["card"] = next(one["id"] for one in cards if one["choices"])
        other = await _another(learner, ids)
        answer = {"turn": other["turn"], "recall": "well", "chosen": ["choice-2"]}
        url = f"/me/refreshers/{other['id']}/answers"
        ids["review"] = _done(await learner.post(url, json=answer))["id"]


async def _another(learner: Any, ids: dict[str, str]) -> Any:
    kept = {ids["card"], ids["known-card"]}
    return next(one for one in _done(await learner.get("/me/refreshers"))["cards"] if one["id"] not in kept)


def _done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()
