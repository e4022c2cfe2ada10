"""Rules that give paths: looked at, switched on, changed, on both databases."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.flows.learning import assignment_rules
from service.flows.learning.assignment_rules import RuleAsked
from service.runtime.actors import SYSTEM, Actor
from service.runtime.clock import civil_date
from service.runtime.vocabulary import OfferState, Role, Stage
from service.tables.applications import Application
from service.tables.offers import Offer
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.service.callers import as_staff, form_token
from tests.service.cast import add_programme
from tests.service.learning.test_assignments import PATH, once
from tests.service.learning.test_assignments import people as some_people
from tests.service.learning.test_board import LIMITED, give
from tests.service.learning.test_training import Statements, trainer_pages

pytestmark = pytest.mark.anyio


async def apply_to(
    app: Any, clock: FixedClock, person: str, programme: UUID, stage: Stage, **more: Any
) -> UUID:
    async with app.state.database.transaction() as session:
        row = Application(
            candidate_id=UUID(person), programme_id=programme, stage=stage, stage_since=clock(),
            created_at=clock(), **more,
        )  # fmt: skip
        session.add(row)
    return row.id


async def rule(app: Any, clock: FixedClock, **asked: Any) -> UUID:
    async with app.state.database.transaction() as session:
        return await assignment_rules.write(
            session, SYSTEM_OF_ALL, RuleAsked(name="Règle", path=PATH, **asked),
            editions=app.state.editions, now=clock(),
        )  # fmt: skip


SYSTEM_OF_ALL = Actor(SYSTEM.kind, name="service", sees_all_programmes=True)


async def sweep(app: Any, clock: FixedClock) -> int:
    async with app.state.database.transaction() as session:
        return await assignment_rules.apply_active(session, editions=app.state.editions, now=clock())


async def test_a_rule_is_looked_at_first_then_gives_its_path_once_a_week_before_the_first_day(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    hired, applied = await some_people(app, clock, 2)
    application = await apply_to(app, clock, hired, programme, Stage.HIRED)
    await apply_to(app, clock, applied, programme, Stage.APPLIED)
    async with app.state.database.transaction() as session:
        session.add(
            Offer(
                application_id=application, candidate_id=UUID(hired), programme_id=programme,
                state=OfferState.ACCEPTED, terms={}, start_date=date(2026, 12, 14), confirmations=[],
                created_at=clock(),
            )
        )  # fmt: skip
    trainer = await trainer_pages(app, clock)
    form = {**form_token(trainer), "name": "Dès l'offre", "path": PATH, "start_days": "-5"}
    nothing = await trainer.post("/training/rules", data=form)
    assert nothing.status_code == 422, "a rule without a condition would be for everybody"
    made = await trainer.post("/training/rules", data={**form, "programme": str(programme), "stage": "offer"})
    at = made.headers["location"]
    shown = (await trainer.get(at)).text
    assert "Personne0" in shown
    assert "7 déc. 2026" in shown
    assert "Personne1" not in shown
    assert await sweep(app, clock) == 0, "a rule that nobody switched on gives nothing"
    started = await trainer.post(f"{at}/start", data=form_token(trainer))
    assert started.status_code == 303, started.text
    assert await sweep(app, clock) == 0, "and nobody is given it twice"
    async with app.state.database.transaction() as session:
        row = await session.scalar(select(Assignment))
        assert (row.start_date, str(row.rule_id)) == (date(2026, 12, 7), at.rsplit("/", 1)[-1])
        moved = await session.scalar(
            select(Application).where(col(Application.candidate_id) == UUID(applied))
        )
        moved.stage = Stage.OFFER
    assert await sweep(app, clock) == 1, "who comes to meet it is given it by the sweep"
    await trainer.post(f"{at}/remove", data=form_token(trainer))
    async with app.state.database.transaction() as session:
        kept = list(await session.scalars(select(Assignment)))
        assert [one.rule_id for one in kept] == [None, None]


async def test_a_rule_for_a_lacking_skill_or_a_finished_path_finds_just_those(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    lacks, shows, finished = await some_people(app, clock, 3)
    fit = {"text": "x", "importance": "must", "skills": ["crm"], "asked": 3, "shown": 1, "gain": 2}
    match = {"missing": [], "partial": [fit]}
    await apply_to(app, clock, lacks, programme, Stage.SHORTLISTED, match=match)
    full = {"missing": [], "partial": [{**fit, "shown": 3}]}
    await apply_to(app, clock, shows, programme, Stage.SHORTLISTED, match=full)
    skill = await rule(app, clock, skill="crm")
    after = await rule(app, clock, after_path=LIMITED)
    done = await give(app, clock, finished, civil_date(clock()), LIMITED)
    async with app.state.database.transaction() as session:
        row = await session.get(Assignment, done)
        row.is_complete, row.percent = True, 100
    api = await as_staff(app, clock, Role.TRAINER)
    for rule_id, person in ((skill, lacks), (after, finished)):
        met = (await api.get(f"/api/v1/assignment-rules/{rule_id}/people")).json()["items"]
        assert [one["candidate_id"] for one in met] == [person]
        started = await api.post(f"/api/v1/assignment-rules/{rule_id}/start")
        assert started.json() == {"given": 1}, started.text


async def test_a_trainer_of_one_programme_neither_sees_nor_writes_rules_for_all(
    app: Any, clock: FixedClock
) -> None:
    await rule(app, clock, stage=Stage.HIRED)
    api = await as_staff(app, clock, Role.TRAINER, sees_all_programmes=False)
    assert (await api.get("/api/v1/assignment-rules")).json() == {"items": []}
    body = {"name": "Pour tous", "path": PATH, "stage": "hired"}
    refused = await api.post("/api/v1/assignment-rules", json=body, headers=once())
    assert refused.status_code == 422


async def accepted(
    app: Any, clock: FixedClock, person: str, programme: UUID, post: str, stage: Stage = Stage.HIRED
) -> None:
    application = await apply_to(app, clock, person, programme, stage)
    async with app.state.database.transaction() as session:
        session.add(
            Offer(
                application_id=application, candidate_id=UUID(person), programme_id=programme,
                state=OfferState.ACCEPTED, terms={"job_title": post}, start_date=date(2026, 12, 14),
                confirmations=[], created_at=clock(),
            )
        )  # fmt: skip


async def test_a_rule_for_a_post_finds_whoever_accepted_that_post_however_it_was_typed(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    leads, advises, applies = await some_people(app, clock, 3)
    await accepted(app, clock, leads, programme, "Superviseur  d'Équipe")
    await accepted(app, clock, advises, programme, "Conseiller")
    await apply_to(app, clock, applies, programme, Stage.OFFER)
    made = await rule(app, clock, post="superviseur d’équipe")
    api = await as_staff(app, clock, Role.TRAINER)
    met = (await api.get(f"/api/v1/assignment-rules/{made}/people")).json()["items"]
    assert [one["candidate_id"] for one in met] == [leads]
    pages = await trainer_pages(app, clock)
    form = (await pages.get(f"/training/rules/{made}/edit")).text.replace("&#39;", "'")
    for post in ("Conseiller", "Tuteur ou tutrice", "superviseur d’équipe"):
        assert f'<option value="{post}"' in form, "posts of offers, roles of the career map, and what is kept"


async def test_an_edit_takes_nothing_back_and_pauses_the_rule_until_somebody_looked_again(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    (person,) = await some_people(app, clock, 1)
    await apply_to(app, clock, person, programme, Stage.HIRED)
    made = await rule(app, clock, stage=Stage.HIRED)
    api = await as_staff(app, clock, Role.TRAINER)
    at = f"/api/v1/assignment-rules/{made}"
    assert (await api.post(f"{at}/start")).json() == {"given": 1}
    shown = await api.get(at)
    await sweep(app, clock)
    tag = {"If-Match": shown.headers["etag"]}
    renamed = await api.patch(at, json={"name": "Dès l'embauche"}, headers=tag)
    assert renamed.status_code == 200, "the sweep between reading and writing makes no edit stale"
    assert renamed.json()["is_active"], "a name changes nobody's path"
    assert (await api.patch(at, json={"start_days": 5}, headers=tag)).status_code == 412
    assert (await api.patch(at, json={"start_days": 5})).status_code == 428
    tag = {"If-Match": renamed.headers["etag"]}
    empty = await api.patch(at, json={"stage": None}, headers=tag)
    assert [one["pointer"] for one in empty.json()["errors"]] == ["/conditions"]
    told = (await (await trainer_pages(app, clock)).get(f"/training/rules/{made}/edit")).text
    assert "a donné un parcours à 1 personne" in told.replace("\xa0", " ")
    changed = (await api.patch(at, json={"path": LIMITED}, headers=tag)).json()
    assert (changed["path"], changed["is_active"], changed["given"]) == (LIMITED, False, 1)
    assert await sweep(app, clock) == 0
    async with app.state.database.transaction() as session:
        (kept,) = await session.scalars(select(Assignment))
        assert (kept.path, str(kept.rule_id)) == (PATH, str(made))


async def test_the_form_of_a_rule_keeps_what_it_holds_and_what_was_typed(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    made = await rule(app, clock, stage=Stage.APPLIED, skill="crm", programme_id=programme, start_days=-5)
    trainer = await trainer_pages(app, clock)
    at = f"/training/rules/{made}"
    typed = {
        **form_token(trainer), "version": "1", "name": "Autre", "path": PATH, "programme": str(programme),
        "stage": "applied", "skill": "crm", "start_days": "-5",
    }  # fmt: skip
    statements = Statements(app)
    form = (await trainer.get(f"{at}/edit")).text
    assert len(statements.sent) == 7, statements.sent
    for chosen in (PATH, str(programme), "applied", "crm"):
        assert f'value="{chosen}" selected' in form
    slip = await trainer.post(f"{at}/edit", data={**typed, "start_days": "bientôt"})
    assert (slip.status_code, "bientôt" in slip.text or "Autre" in slip.text) == (422, True)
    saved = await trainer.post(f"{at}/edit", data=typed)
    assert (saved.status_code, saved.headers["location"]) == (303, at)
    stale = await trainer.post(f"{at}/edit", data={**typed, "name": "Encore"})
    assert (stale.status_code, "Encore" in stale.text) == (409, True)
