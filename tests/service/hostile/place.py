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

from service.flows.accounts import signing_in
from service.flows.day_one import checklists
from service.flows.proof import proof_archives
from service.http.rights import matrix, scopes
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import DeadlineHolder, Role
from service.store.day_one import checklists as store
from service.store.papers.offers import RecordedOfferFacts
from service.tables.offers import Offer
from service.tables.papers import Deadline
from tests.conftest import FixedClock
from tests.service.cast import BASE, add_candidate, api, bearer_of_candidate, bearer_of_staff
from tests.service.flows.test_judging_files import pdf
from tests.service.hostile.bodies import bodies
from tests.service.learning.training import pass_every_quiz
from tests.service.papers.issuing import example
from tests.service.papers.offering import make_offer, new_key, send_offer, set_scene
from tests.service.paths.packaged import marked

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
        made = await client.post(
            "/procedures", json=bodies(place.ids)["procedures.create"], headers=new_key()
        )
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
