"""A whole installation to be hostile to: one person of each role, one of each thing, and a picture of every row."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy import text
from sqlmodel import SQLModel

from service.flows import checklists, proof_archives, signing_in
from service.http.rights import matrix, scopes
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import DeadlineHolder, Role
from service.store import checklists as store
from service.store.offers import RecordedOfferFacts
from service.tables.offers import Offer
from service.tables.papers import Deadline
from tests.conftest import FixedClock
from tests.service.flows.test_judging_files import pdf
from tests.service.issuing import example, valid_number, wish
from tests.service.offering import CIVIL, EMPLOYER, TERMS, make_offer, new_key, send_offer, set_scene
from tests.service.packaged import marked
from tests.service.people import BASE, add_candidate, api, bearer_of_candidate, bearer_of_staff
from tests.service.training import pass_every_quiz

UNSAFE = ("post", "put", "patch", "delete")


@dataclass
class Place:
    """The application, a session token for each role, a token of all scopes, and the ids that paths name."""

    app: Litestar
    clock: FixedClock
    bearers: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def bearer_for(self, operation: str) -> str:
        """Somebody who may call this operation."""
        roles = matrix()[operation].roles
        return next((bearer for role, bearer in self.bearers.items() if role in roles), "")

    def filled(self, path: str) -> str:
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:str}}", value)
        return path


@dataclass(frozen=True)
class Operation:
    """One operation of the API as its description tells it."""

    name: str
    method: str
    path: str
    media_type: str | None


def operations(app: Litestar) -> Iterator[Operation]:
    for path, entry in app.openapi_schema.to_schema()["paths"].items():
        for method, told in entry.items():
            if method in ("get", *UNSAFE):
                content = told.get("requestBody", {}).get("content", {})
                yield Operation(told["operationId"], method.upper(), path, next(iter(content), None))


async def settle(app: Any, clock: FixedClock) -> Place:
    """Everything that a path or a body can name, and everybody who can ask."""
    scene = await set_scene(app, clock, phone="0612345678")
    place = Place(app, clock)
    place.bearers = {"recruiter": scene.recruiter, "candidate": scene.candidate}
    for role in (
        Role.TRAINER,
        Role.APPROVER,
        Role.ADMINISTRATOR,
        Role.SUPERVISOR,
        Role.SUPPORT,
        Role.CLIENT_MANAGER,
    ):
        place.bearers[role.value] = await bearer_of_staff(app, clock, role)
    place.ids["month"] = "2026-12"
    place.ids["application_id"] = str(scene.application_id)
    place.ids["candidate_id"] = str(scene.candidate_id)
    other = await add_candidate(app, clock, given_name="Paul", family_name="Hamon", email="paul@example.com")
    place.ids["other_candidate"] = str(other)
    place.bearers["other"] = await bearer_of_candidate(app, clock, other)
    await _make_work(place, scene)
    await _make_training(place)
    await _make_package(place)
    await _make_answers(place)
    await _make_help(place)
    await _make_wave(place)
    await _make_paper(place)
    await _make_arrival(place)
    await _make_badge(place)
    place.bearers["token"] = await _token(app, clock)
    return place


async def _token(app: Any, clock: FixedClock) -> str:
    async with app.state.database.transaction() as session:
        maker = await signing_in.staff_id_of(session, "recruiter@example.com")
        _, secret = await signing_in.make_api_token(
            session, SYSTEM, name="all", scopes=sorted(scopes()), staff_id=maker, now=clock(), days=1
        )
    return secret


async def _make_work(place: Place, scene: Any) -> None:
    made = await make_offer(place.app, scene)
    place.ids["offer_id"] = made["id"]
    await send_offer(place.app, scene, made["id"])
    async with api(place.app, place.bearers["recruiter"]) as client:
        programmes = (await client.get("/programmes")).json()["items"]
        place.ids["programme_id"] = programmes[0]["id"]
        content = b"given_name;family_name;skills\nLou;Martin;appels entrants\n"
        answer = await client.post(
            "/imports", data={"kind": "candidates"}, files={"file": ("people.csv", content, "text/csv")}
        )
        assert answer.status_code == 201, answer.text
        place.ids["import_id"] = answer.json()["id"]
        away = {"start": "2026-12-10", "end": "2026-12-11"}
        noted = await client.post(f"/candidates/{place.ids['candidate_id']}/absences", json=away)
        assert noted.status_code == 201, noted.text
        place.ids["absence_id"] = noted.json()["id"]


async def _make_class(place: Place, client: httpx.AsyncClient) -> None:
    """A class this morning with the candidate in it, so that it can be noted and signed at noon."""
    plan = {"title": "Écouter", "day": "2026-11-24", "starts": "09:00", "ends": "12:00", "place": "Salle 4"}
    held = await client.post("/classes", json=plan)
    assert held.status_code == 201, held.text
    place.ids["class_id"], place.ids["half"] = held.json()["id"], "morning"
    people = {"candidates": [place.ids["candidate_id"]]}
    listed = await client.post(f"/classes/{place.ids['class_id']}/seats", json=people)
    assert listed.status_code == 200, listed.text


async def _make_training(place: Place) -> None:
    async with api(place.app, place.bearers["trainer"]) as client:
        slug = (await client.get("/paths")).json()["items"][0]["slug"]
        path = (await client.get(f"/paths/{slug}")).json()
        place.ids["slug"], place.ids["module"] = slug, path["modules"][0]["slug"]
        draft = await client.post("/path-drafts", json={"title": {"fr": "Écouter"}, "like": slug})
        assert draft.status_code == 201, draft.text
        place.ids["edition"], place.ids["path"] = path["edition"], draft.json()["path"]
        cohort = await client.post("/cohorts", json={"name": "Janvier", "start_date": "2026-12-07"})
        assert cohort.status_code == 201, cohort.text
        place.ids["cohort_id"] = cohort.json()["id"]
        await _make_class(place, client)
        given = await client.post(
            "/assignments",
            json={"path": slug, "candidate_id": place.ids["candidate_id"], "start_date": "2026-11-24"},
            headers=new_key(),
        )
        assert given.status_code == 201, given.text
        place.ids["assignment_id"] = given.json()["assignments"][0]
        rule = {"name": "Après l'embauche", "path": place.ids["slug"], "stage": "hired"}
        kept = await client.post("/assignment-rules", json=rule, headers=new_key())
        assert kept.status_code == 201, kept.text
        place.ids["rule_id"] = kept.json()["id"]
    async with api(place.app, place.bearers["candidate"]) as client:
        here = f"/me/assignments/{place.ids['assignment_id']}/modules/{place.ids['module']}/proofs"
        sent = await client.post(here, files={"file": ("titre.pdf", pdf(), "application/pdf")})
        assert sent.status_code == 201, sent.text
        place.ids["exemption_id"] = sent.json()["id"]


async def _make_package(place: Place) -> None:
    """A package on the shelf, and the name of a window that nobody opened."""
    async with api(place.app, place.bearers["trainer"]) as client:
        made = await client.post("/packages", files={"file": ("accueil.zip", marked(), "application/zip")})
        assert made.status_code == 201, made.text
        place.ids |= {"package_id": made.json()["id"], "number": "1", "session_id": made.json()["id"]}


async def _make_badge(place: Place) -> None:
    """Another path that the candidate is through with, its badge, and an archive of proofs that was given up."""
    async with api(place.app, place.bearers["trainer"]) as client:
        body = {
            "path": "leading-at-a-distance",
            "candidate_id": place.ids["candidate_id"],
            "start_date": "2026-11-20",
        }
        given = await client.post("/assignments", json=body, headers=new_key())
        assert given.status_code == 201, given.text
    finished = given.json()["assignments"][0]
    await pass_every_quiz(place.app, finished, now=place.clock())
    async with api(place.app, place.bearers["candidate"]) as client:
        made = await client.post(f"/me/assignments/{finished}/badge")
        assert made.status_code == 201, made.text
        place.ids["badge_id"] = made.json()["id"]
    async with api(place.app, place.bearers["trainer"]) as client:
        asked = await client.post("/training/proof-archives", json={}, headers=new_key())
        assert asked.status_code == 201, asked.text
    place.ids["archive_id"] = asked.json()["id"]
    async with place.app.state.database.transaction() as session:
        await proof_archives.give_up(session, UUID(place.ids["archive_id"]))


async def _make_answers(place: Place) -> None:
    async with api(place.app, place.bearers["candidate"]) as client:
        slug = (await client.get("/instruments")).json()[0]["slug"]
        begun = await client.post("/me/responses", json={"instrument": slug, "notice_read": True})
        assert begun.status_code in (200, 201), begun.text
        place.ids["response_id"], place.ids["instrument"] = begun.json()["id"], slug


async def _make_help(place: Place) -> None:
    """Nobody is hired, so no card is due; the person has asked and the trainer has said what changed."""
    async with api(place.app, place.bearers["candidate"]) as client:
        asked = {"topic": "work", "words": "Où est-ce que je note un paiement en trois fois ?"}
        made = await client.post("/me/help", json=asked, headers=new_key())
        assert made.status_code == 201, made.text
        place.ids["request_id"] = made.json()["id"]
    async with api(place.app, place.bearers["trainer"]) as client:
        made = await client.post("/procedures", json=bodies(place)["procedures.create"], headers=new_key())
        assert made.status_code == 201, made.text
        place.ids["note_id"] = made.json()["id"]


async def _make_wave(place: Place) -> None:
    async with api(place.app, place.bearers["recruiter"]) as client:
        wave = (await client.post("/waves", json={"name": "Janvier"}, headers=new_key())).json()["id"]
        await client.put(f"/waves/{wave}/programmes/{place.ids['programme_id']}", json={"seats": 1})
        people = {"candidate_ids": [place.ids["candidate_id"], place.ids["other_candidate"]]}
        await client.post(f"/waves/{wave}/people", json=people)
        asked = {"name": "Comme prévu", "seconds": 1}
        made = await client.post(f"/waves/{wave}/scenarios", json=asked)
        assert made.status_code == 201, made.text
        place.ids["wave_id"], place.ids["scenario_id"] = wave, made.json()["id"]


async def _make_paper(place: Place) -> None:
    async with api(place.app, place.bearers["recruiter"]) as client:
        url = f"/applications/{place.ids['application_id']}/papers"
        made = await client.post(url, json=example("candidate_notice"), headers=new_key())
        assert made.status_code == 201, made.text
        place.ids["paper_id"] = made.json()["id"]
    async with place.app.state.database.transaction() as session:
        row = Deadline(
            paper_id=UUID(place.ids["paper_id"]),
            application_id=UUID(place.ids["application_id"]),
            candidate_id=UUID(place.ids["candidate_id"]),
            what="Répondre",
            due_on=place.clock().date(),
            article="RGPD art. 13",
            holder=DeadlineHolder.EMPLOYER,
        )
        session.add(row)
        place.ids["deadline_id"] = str(row.id)


async def _make_arrival(place: Place) -> None:
    """The checklist of the offer, as its answer would open it."""
    async with place.app.state.database.transaction() as session:
        row = await session.get(Offer, UUID(place.ids["offer_id"]))
        opened = await checklists.open_for_offer(
            session, SYSTEM, RecordedOfferFacts.model_validate(row), editions=place.app.state.editions,
            now=place.clock(),
        )  # fmt: skip
        tasks, loans = (
            await store.tasks_of(session, [opened]),
            await store.loans_of(session, [opened]),
        )
    place.ids["task_id"] = next(str(one.id) for one in tasks if one.slug == "welcome-call")
    place.ids["loan_id"], place.ids["desk"] = str(loans[0].id), "it"


def bodies(place: Place) -> dict[str, Any]:
    """A body that fits the schema, for every operation that takes JSON."""
    ids = place.ids
    return {
        "civil_details.replace": CIVIL,
        "offers.confirm": {"figure": "smic_hourly", "amount_cents": 1200, "text_read": "lu"},
        "offers.create": TERMS,
        "offers.edit": {"weekly_minutes": 2000, "job_title": "Conseillère", "trial": {"months": 1}},
        "papers.check": wish(),
        "training_files.check": {"kind": "training_programme", "details": {"audience": "Toute l'équipe"}},
        "training_files.issue": {"kind": "training_programme", "details": {"audience": "Toute l'équipe"}},
        "proof_archives.create": {"path": "leading-at-a-distance", "first_day": "2026-11-01"},
        "badges.withdraw": {"reason": "Donné à une autre personne du même nom."},
        "badges.check": {"credential": "a.b.c"},
        "own_badges.show_name": {"is_shown": True},
        "papers.issue": wish(
            confirmations=[{"figure": "smic_hourly", "amount_cents": 1200, "text_read": "lu"}]
        ),
        "own_social_number.give": {"number": valid_number()},
        "offers.withdraw": {"reason": "Le programme ne commence pas à la date prévue."},
        "own_offers.accept": {"wants_to_work_from_home": True, "civil_details": CIVIL},
        "own_offers.decline": {"note": "Merci."},
        "onboarding.finish": {"done_on": "2026-11-24", "note": "Au téléphone."},
        "onboarding.reopen": {"why": "La personne n'avait pas décroché."},
        "onboarding.set_aside": {"why": "La personne a déjà travaillé ici."},
        "onboarding.move_start": {"start_date": "2026-12-14", "reason": "Le client décale."},
        "onboarding.add_task": {"label": "Envoyer un badge", "owner": "it", "due": -2},
        "onboarding.edit_task": {"label": "Envoyer deux badges", "owner": "it", "on": "2026-12-01"},
        "onboarding.lend": {"label": "Casque", "serial": "C-1"},
        "equipment.ask_back": {"returns_on": "2026-12-31"},
        "equipment.send": {"on": "2026-11-24", "note": "Colis 8K"},
        "equipment.take_back": {"on": "2026-11-24", "note": "Intact."},
        "own_tasks.finish": {"statements": ["insured"], "name": "Maïwenn", "is_read": True},
        "own_equipment.receive": {"on": "2026-11-24", "note": ""},
        "own_digest.choose": {"is_wanted": False},
        "own_language.choose": {"locale": "en"},
        "desks.put": {"address": "it@example.com", "locale": "en"},
        "absences.create": {"start": "2026-12-10", "end": "2026-12-11", "kind": "leave"},
        "allowance_days.put": {"days": 12, "is_whole": True, "paid_cents": 4000, "note": "Vu."},
        "allowance_files.apply": {"reason": "La feuille de temps est arrivée tard."},
        "allowance_months.close": {"text_read": "Arrêté du 4 septembre 2025"},
        "allowance_simulations.create": {"month": "2026-03", "mode": "day", "days": 18},
        "allowance_statements.correct": {"days": 3, "reason": "La feuille de temps est arrivée tard."},
        "payroll_map.replace": {"text": "payroll_map: x"},
        "payroll_numbers.put": {"number": "00042"},
        "applications.create": {"candidate_id": ids["other_candidate"], "programme_id": ids["programme_id"]},
        "applications.move": {"stage": "interview", "reason": "Rendez-vous pris."},
        "applications.withdraw": {"reason": "J'ai trouvé un autre travail."},
        "decisions.create": {
            "outcome": "not_retain",
            "reason": "Les horaires ne se rejoignent pas du tout.",
        },
        "assignments.create": {
            "path": ids["slug"],
            "candidate_id": ids["other_candidate"],
            "start_date": "2026-12-01",
        },
        "assignments.grant_attempts": {"count": 2},
        "training.act": {
            "act": "exempt",
            "assignments": [ids["assignment_id"]],
            "path": ids["slug"],
            "module": ids["module"],
            "days": 3,
            "words": "Titre de 2024.",
            "reason": "Titre de 2024, vu en original.",
        },
        "assignment_rules.write": {
            "name": "Dès l'offre",
            "path": ids["slug"],
            "programme_id": ids["programme_id"],
            "stage": "offer",
            "skill": "crm",
            "post": "Superviseure",
            "start_days": -5,
        },
        "assignment_rules.edit": {"name": "Dès l'embauche", "post": "Superviseure", "start_days": 2},
        "proposals.give": {"path": "preparation-0", "first": "2026-12-01"},
        "assignments.move_start": {"start_date": "2026-12-01", "why": "Arrêt."},
        "assignments.move_edition": {"edition": "2027-01", "why": "Module retiré."},
        "exemptions.decide": {"is_granted": True, "reason": "Titre de 2024, vu en original."},
        "exemptions.decide_many": {
            "exemptions": [ids["exemption_id"]],
            "is_granted": False,
            "reason": "Le titre est d'un autre métier.",
        },
        "exemptions.enter": {
            "module": ids["module"],
            "words": "Titre professionnel",
            "reason": "Titre de 2024, vu en original.",
        },
        "candidates.create": {
            "given_name": "Aya",
            "email": "aya@example.com",
            "phone": "0611111111",
            "profile": {
                "headline": "Bonjour",
                "skills": ["appels"],
                "languages": [{"code": "fr", "cefr": "C1"}],
                "desired_weekly_hours": 30,
                "telework_experience_months": 3,
                "home": {"dedicated_room": True, "wired": False},
            },
        },
        "candidates.edit": {"given_name": "Ana", "profile": {"headline": "Autre", "skills": ["courriels"]}},
        "path_drafts.begin": {"title": {"fr": "Rappeler"}, "languages": ["fr"], "like": ids["slug"]},
        "path_drafts.edit": {
            "title": {"fr": "Écouter mieux", "en": "Listen better"},
            "objectives": [{"fr": "Écouter"}],
            "valid_months": 12,
        },
        "path_drafts.publish": {"valid_from": "2026-12-01", "note": "Plus court."},
        "editions.withdraw": {"reason": "Une consigne y manque, la suite vient."},
        "classes.plan": {
            "title": "Répondre",
            "day": "2026-12-02",
            "starts": "09:00",
            "ends": "12:00",
            "zone": "Europe/Paris",
            "place": "Salle 4",
            "link": "https://visio.example/a",
            "note": "Bonjour",
            "seats": 3,
            "cohort_id": ids["cohort_id"],
        },
        "classes.change": {"title": "Répondre mieux", "starts": "10:00", "note": "Autre"},
        "classes.cancel": {"reason": "La salle est fermée."},
        "classes.replace_trainer": {"trainer_id": ids["other_candidate"], "reason": "En congé."},
        "classes.hand_over": {
            "from_id": ids["other_candidate"],
            "to_id": ids["candidate_id"],
            "reason": "En congé.",
        },
        "classes.enrol": {"candidates": [ids["other_candidate"]]},
        "class_attendance.note": {
            "marks": [
                {
                    "candidate_id": ids["candidate_id"],
                    "presence": "late",
                    "missed_minutes": 5,
                    "reason": "technical",
                }
            ],
        },
        "class_attendance.sign": {"name": "Nour Petit"},
        "own_classes.sign": {"name": "Ana Martin"},
        "cohorts.add_members": {"candidates": [ids["other_candidate"]], "paths_from": "2026-12-07"},
        "cohorts.create": {"name": "Février", "start_date": "2027-02-01"},
        "cohorts.edit": {"name": "Mars", "start_date": "2027-03-01"},
        "employer.edit": {"facts": {**EMPLOYER, "has_works_council": True}},
        "learning.answer": {"answers": {"q": ["a"]}},
        "learning.read_page": {"page": "accueil"},
        "packages.withdraw": {"why": "Le texte de loi a changé depuis."},
        "package_reports.create": {
            "unit": "SCO-1",
            "session": ids["session_id"],
            "number": 1,
            "is_final": False,
            "values": {"cmi.core.lesson_status": "completed"},
        },
        "programmes.create": {
            "client_name": "Port",
            "profile": {
                "title": "Énergie",
                "seats": 3,
                "weekly_hours": 35,
                "card_data": False,
                "split_shifts_allowed": True,
            },
        },
        "programmes.edit": {"state": "closed", "profile": {"seats": 4, "pay_min_cents": 190000}},
        "contests.answer": {"finding": "stands", "answer": "J'ai relu toutes les réponses avec vous."},
        "evidence.create": {
            "instrument": "home-workplace",
            "item": "electrical",
            "kind": "attested",
            "known_on": "2026-11-20",
            "note": "Attestation vue.",
        },
        "evidence.withdraw": {"why": "Le document était celui de quelqu'un d'autre."},
        "me.refreshers.answer": {"turn": 0, "recall": "well", "chosen": ["choice-1"]},
        "me.help.ask": {"topic": "work", "words": "Où est-ce que je note un paiement en trois fois ?"},
        "me.help.reply": {"words": "Je ne trouve pas cet onglet."},
        "help.answer": {"words": "Dans l'onglet Paiement, tout en bas."},
        "help.keep": {
            "note": {"title": "Paiement en trois fois ?", "lesson": "Onglet Paiement."},
            "programme_id": ids["programme_id"],
        },
        "procedures.create": {
            "programme_id": ids["programme_id"],
            "title": "Le remboursement passe à 30 jours",
            "lesson": "Depuis lundi, sur présentation du ticket.",
            "question": "Un client revient après 20 jours : que faites-vous ?",
            "choices": [{"text": "Je rembourse.", "is_right": True}, {"text": "Je refuse."}],
        },
        "procedures.withdraw": {"why": "La règle a encore changé."},
        "interviews.note": {"ratings": {"question": 3}, "notes": {"question": "Un exemple précis."}},
        "ledger.observe": {
            "skill": "crm",
            "level": 3,
            "seen_on": "2026-11-20",
            "words": "Une matinée d'écoute, sept appels notés.",
        },
        "ledger.take_back": {"why": "Autre personne."},
        "me.pool.choose": {"is_yes": True},
        "pool.choices.take_down": {"is_yes": True, "note": "Au téléphone."},
        "pool.write": {"candidate_ids": [ids["other_candidate"]]},
        "searches.keep": {"name": "Appels", "question": {"skill": "crm", "min_score": 10}},
        "me.contests.open": {
            "kind": "scorecard",
            "subject_id": ids["other_candidate"],
            "words": "Une réponse a été mal comprise.",
        },
        "me.responses.open_page": {"extra_time_percent": 33},
        "outcomes.create": {"days": 90, "measure": "in_post", "value": 1, "recorded_on": "2026-11-20"},
        "me.responses.begin": {"instrument": ids["instrument"], "notice_read": True},
        "me.responses.save": {"answers": {"item": "x"}},
        "skills.add_alias": {"name": "gribouillage frénétique", "locale": "fr"},
        "skills.set_broader": {"broader": "own:inbound_calls"},
        "skill_phrases.answer": {"skill": "own:complaints", "alias": "gribouillage"},
        "waves.create": {"name": "Février", "note": "Les pointes de l'an dernier."},
        "waves.edit": {"name": "Mars"},
        "waves.programmes.put": {
            "seats": 2,
            "needs": [{"day": 1, "from": "09:00", "to": "12:00", "people": 1}],
        },
        "waves.people.add": {"candidate_ids": [ids["other_candidate"]]},
        "waves.locks.put": {"kind": "never"},
        "scenarios.propose": {
            "name": "Deux places",
            "first": "fit",
            "changes": [{"programme_id": ids["programme_id"], "seats": 2}],
            "seconds": 1,
        },
        "scenarios.gains": {"programme_ids": [ids["programme_id"]]},
        "scenarios.apply": {
            "candidate_ids": [ids["other_candidate"]],
            "stage": "interview",
            "reason": "Ces horaires vont bien à cette personne.",
        },
        "sign_ins.create": {"email": "ada@example.com", "password": "a long password"},
    }


async def picture(app: Any) -> dict[str, tuple[int, str]]:
    """Each table's rows, counted and hashed: two equal pictures mean that nothing at all was written."""
    found = {}
    async with app.state.database.transaction(write=False) as session:
        for name in SQLModel.metadata.tables:
            rows = sorted(repr(row) for row in await session.execute(text(f'SELECT * FROM "{name}"')))
            found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def listed(wrong: list[Any]) -> str:
    """What went wrong, one a line, for the message of an assertion."""
    return "\n".join(str(one) for one in wrong[:60])


def client_of(app: Any, bearer: str = "", **cookies: str) -> httpx.AsyncClient:
    """A client that gets a 500 as a 500 instead of the error behind it."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url=BASE,
        headers={"Authorization": f"Bearer {bearer}"} if bearer else {},
        cookies=cookies,
    )
