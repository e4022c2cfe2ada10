"""The skill ledger of a person: who writes to it, who reads it, how it is contested, and what matching makes of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.flows.matching import ledger
from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.people import Candidate
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.callers import as_candidate
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)
from tests.service.learning.test_assignments import PATH, give
from tests.service.learning.test_learning import as_staff, right_answers
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

SEEN: dict[str, Any] = {
    "skill": "complaints", "level": 4, "seen_on": "2026-11-20",
    "words": "Trois réclamations difficiles, toutes closes avec le client calmé.",
}  # fmt: skip
FRENCH = "Trois réclamations difficiles"


async def _applied(app: Any, clock: FixedClock) -> tuple[UUID, UUID]:
    """Somebody who applied for a programme that asks for complaints at level 4."""
    wanted = {"text": "gestion des réclamations", "level": 4, "importance": "must"}
    person, programme = await add_candidate(app, clock), await add_programme(app, clock, skills=[wanted])
    async with api(app, await bearer_of_staff(app, clock)) as client:
        body = {"candidate_id": str(person), "programme_id": str(programme)}
        made = await client.post("/applications", json=body, headers=new_key())
        assert made.status_code == 201, made.text
    return person, UUID(made.json()["id"])


async def _score(app: Any, application_id: UUID) -> tuple[str, int]:
    async with app.state.database.transaction(write=False) as session:
        row = await session.get(Application, application_id)
        return row.match_outcome, row.match["met"][0]["shown"] if row.match["met"] else 0


async def test_what_a_supervisor_saw_is_weighed_at_once_explained_and_read_by_the_person(
    app: Any, clock: FixedClock
) -> None:
    person, application = await _applied(app, clock)
    before = await _score(app, application)
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        for _ in range(2):
            noted = await client.post(f"/candidates/{person}/ledger/observations", json=SEEN)
            assert noted.status_code == 201, noted.text
    assert (before, await _score(app, application)) == (("no", 0), ("after_remedy", 4))
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        own = (await client.get("/me/ledger")).json()
        match = (await client.get(f"/applications/{application}/match")).json()["match"]
        file = (await client.get(f"/candidates/{person}")).json()
    top = own["skills"][0]
    assert (top["skill"], top["level"], len(top["lines"])) == ("complaints", 4, 1)
    assert (top["lines"][0]["part"], top["lines"][0]["entry"]["staff_name"]) == ("carries", "Ada supervisor")
    assert match["met"][0]["evidence"] == SEEN["words"]
    assert file["version"] == 1


async def test_a_person_without_entries_is_weighed_as_before_and_keeps_no_ledger(
    app: Any, clock: FixedClock
) -> None:
    person, application = await _applied(app, clock)
    async with app.state.database.transaction() as session:
        stored = (await session.get(Application, application)).match
        await ledger.rewrite(session, person, editions=app.state.editions, now=clock())
        assert (await session.get(Application, application)).match == stored
        assert (await session.get(Candidate, person)).ledger is None


async def test_what_does_not_fit_is_said_beside_each_member(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    wrong = {"skill": "levitation", "level": 3, "seen_on": "2027-01-01", "words": "Bien."}
    async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        refused = await client.post(f"/candidates/{person}/ledger/observations", json=wrong)
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.json()["errors"]} == {"/skill", "/seen_on", "/words"}


async def test_a_recruiter_reads_and_does_not_note_and_nobody_reads_who_is_out_of_reach(
    app: Any, clock: FixedClock
) -> None:
    person, other = await add_candidate(app, clock), await add_candidate(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        assert (await client.get(f"/candidates/{person}/ledger")).status_code == 200
        assert (await client.post(f"/candidates/{person}/ledger/observations", json=SEEN)).status_code == 403
    async with api(app, await bearer_of_candidate(app, clock, other)) as client:
        assert (await client.get(f"/candidates/{person}/ledger")).status_code == 403
        assert (await client.get("/me/ledger")).json()["candidate_id"] == str(other)
    async with app.state.database.transaction(write=False) as session:
        read = await session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "ledger.read"))
        assert sorted(read) == sorted(map(str, (person, other)))


async def test_a_low_note_bounds_until_it_is_contested_and_ends_when_somebody_else_finds_it_wrong(
    app: Any, clock: FixedClock
) -> None:
    post = {"title": "Conseillère", "employer_kind": "centre", "months": 30, "description": "Réclamations."}
    person = await add_candidate(app, clock, profile={**PROFILE, "experience": [post]})
    low = {**SEEN, "level": 1}
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        noted = (await client.post(f"/candidates/{person}/ledger/observations", json=low)).json()

    async def level() -> tuple[int, int]:
        found = (await own.get("/me/ledger")).json()
        return next(
            (one["level"], len(one["lines"])) for one in found["skills"] if one["skill"] == "complaints"
        )

    async with api(app, await bearer_of_candidate(app, clock, person)) as own:
        assert await level() == (1, 1)
        asked = {"kind": "skill", "subject_id": noted["id"], "words": "Ce jour-là, l'outil ne marchait pas."}
        made = await own.post("/me/contests", json=asked, headers=new_key())
        assert made.status_code == 201, made.text
        assert await level() == (4, 1)
        async with api(app, await bearer_of_staff(app, clock, Role.APPROVER)) as reviewer:
            url = f"/contests/{made.json()['id']}"
            assert (await reviewer.post(f"{url}/taking", headers={"If-Match": "*"})).status_code == 200
            said = {
                "finding": "changed",
                "answer": "L'outil était en panne ce jour-là : la note ne compte plus.",
            }
            answered = await reviewer.put(f"{url}/answer", json=said, headers={"If-Match": "*"})
            assert answered.status_code == 200, answered.text
        assert await level() == (4, 0)
        (ended,) = (await own.get("/me/ledger")).json()["ended"]
        assert ended["ended_why"] == said["answer"]


async def test_only_who_wrote_a_note_takes_it_back_and_says_why(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        noted = (await client.post(f"/candidates/{person}/ledger/observations", json=SEEN)).json()
        url = f"/candidates/{person}/ledger/entries/{noted['id']}/end"
        async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as other:
            assert (await other.post(url, json={"why": "Une erreur."})).status_code == 403
        assert (await client.post(url, json={"why": ""})).status_code == 422
        assert (await client.post(url, json={"why": "Pas la bonne personne."})).status_code == 204
        assert (await client.post(url, json={"why": "Encore."})).status_code == 409
        found = (await client.get(f"/candidates/{person}/ledger")).json()
    assert [one["ended_why"] for one in found["ended"]] == ["Pas la bonne personne."]
    async with app.state.database.transaction(write=False) as session:
        row = await session.get(Candidate, person)
        assert (row.ledger, row.ledger_until) == (None, None)


async def test_a_module_that_is_passed_writes_its_skills_once_on_the_day_it_was_passed(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    given = await give(trainer, candidate_id=str(person), start_date="2026-11-24")
    learner = await as_candidate(app, clock, person)
    address = f"/api/v1/me/assignments/{given.json()['assignments'][0]}"
    first = (await learner.get(address)).json()["next_step"]["module"]
    while (step := (await learner.get(address)).json()["next_step"])["module"] == first:
        module = f"{address}/modules/{first}"
        if step["kind"] == "read_page":
            await learner.post(f"{module}/reading", json={"page": step["page"]})
        else:
            body = {"answers": right_answers(app, first)}
            await learner.post(f"{module}/attempts", json=body, headers=new_key())
    await learner.post(f"{address}/modules/{step['module']}/reading", json={"page": step["page"]})
    taught = app.state.editions.ledger_policies[-1].taught(PATH, first)
    found = (await learner.get("/api/v1/me/ledger")).json()["skills"]
    lines = {one["skill"]: one["lines"] for one in found if one["lines"]}
    assert taught
    assert set(lines) == set(taught)
    assert {line["entry"]["evidence"] for each in lines.values() for line in each} == {"trained"}
    async with app.state.database.transaction(write=False) as session:
        assert (await session.get(Candidate, person)).ledger_until == clock().date() + timedelta(days=360)


async def test_age_alone_weighs_open_applications_anew_on_its_day(app: Any, clock: FixedClock) -> None:
    person, application = await _applied(app, clock)
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        await client.post(f"/candidates/{person}/ledger/observations", json=SEEN)
    async with app.state.database.transaction() as session:
        assert await ledger.refresh_due(session, editions=app.state.editions, now=clock()) == 0
    later = clock() + timedelta(days=727)
    async with app.state.database.transaction() as session:
        assert await ledger.refresh_due(session, editions=app.state.editions, now=later) == 1
    assert (await _score(app, application))[0] == "after_training"


async def test_the_pages_show_the_same_and_keep_what_was_typed(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock, given_name="Lou", family_name="Martin")
    page = f"/candidates/{person}/skills"
    async with browser(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        wrong = await submit(client, page, {**SEEN, "skill": "", "words": "Trop court"})
        assert wrong.status_code == 422
        assert "Trop court" in wrong.text
        assert "Choisissez une compétence" in wrong.text
        assert (await submit(client, page, SEEN)).status_code == 303
        shown = await client.get(page)
        assert FRENCH in shown.text
        assert "donne le niveau" in shown.text
        assert "Retirer ma note" in shown.text
    async with browser(app, await bearer_of_candidate(app, clock, person)) as client:
        own = await client.get("/me/skills")
        assert FRENCH in own.text
        assert "Demander un second regard" in own.text
        assert "/me/skills" in (await client.get("/me")).text
        (link,) = [part.split('"')[0] for part in own.text.split('href="')[1:] if "about=skill" in part]
        asked = await client.get(link)
        assert "gérer les réclamations" in asked.text.lower() or "réclamations" in asked.text
