"""Self-descriptions stay the person's own; only sums of many people leave, and only as the month began."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from service.runtime.vocabulary import AgeBand, Role, Sex, Source, Stage
from service.tables.applications import Application, StageChange
from service.tables.people import Candidate
from service.tables.surveys import SelfDescription
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.callers import add_staff, session_of
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

LONG_AGO = datetime(2026, 1, 10, tzinfo=UTC)
SERVICE = Path(__file__).parents[3] / "service"


async def rows_of(app: Any) -> list[SelfDescription]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(SelfDescription)))


async def test_a_candidate_describes_changes_and_withdraws(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock, given_name="Inès")
    async with browser(app, await bearer_of_candidate(app, clock, person)) as client:
        shown = (await client.get("/me/description")).text
        assert "au moins 30 personnes" in shown
        assert "Retirer mes réponses" not in shown
        assert "/me/description" in (await client.get("/me")).text
        await submit(client, "/me/description", {"sex": "woman", "age_band": "26_39"})
        await submit(client, "/me/description", {"sex": "woman", "age_band": ""})
        (row,) = await rows_of(app)
        assert (row.sex, row.age_band) == (Sex.WOMAN, None)
        assert "Retirer mes réponses" in (await client.get("/me/description")).text
        await submit(client, "/me/description/withdrawal", {})
        await submit(client, "/me/description/withdrawal", {})
        assert await rows_of(app) == []
        await submit(client, "/me/description", {"sex": "man"})
        await submit(client, "/me/description", {"sex": "", "age_band": ""})
    assert await rows_of(app) == []


async def test_an_answer_that_is_not_offered_comes_back_with_what_was_chosen(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock, given_name="Inès")
    async with browser(app, await bearer_of_candidate(app, clock, person)) as client:
        answer = await submit(client, "/me/description", {"sex": "martian", "age_band": "26_39"})
        assert answer.status_code == 422
        assert "Choisissez une des réponses de la liste, ou aucune." in answer.text
        assert re.search(r'value="26_39"[^>]* checked', answer.text)
    assert await rows_of(app) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CANDIDATE, Role.AGENT)])
async def test_no_role_of_the_staff_is_shown_one_description(app: Any, clock: FixedClock, role: Role) -> None:
    person = await add_candidate(app, clock, given_name="Inès")
    await describe(app, person, Sex.OTHER, AgeBand.FROM_55)
    token = await session_of(app, clock, staff_id=await add_staff(app, clock, role))
    async with browser(app, token) as client:
        assert (await client.get("/me/description")).status_code == 403
        pages = [
            (await client.get(path)).text for path in ("/candidates", f"/candidates/{person}", "/fairness")
        ]
    async with api(app, token) as client:
        pages.append((await client.get(f"/candidates/{person}")).text)
    for text in pages:
        assert "55_and_over" not in text
        assert "Ni l&#39;un" not in text
        assert "55 ans" not in text


async def describe(app: Any, person: UUID, sex: Sex, age: AgeBand, at: datetime = LONG_AGO) -> None:
    async with app.state.database.transaction() as session:
        session.add(SelfDescription(candidate_id=person, sex=sex, age_band=age, given_at=at))


async def crowd(
    app: Any,
    programme: UUID,
    sex: Sex | None,
    *,
    n: int,
    gone_on: int,
    at: datetime = LONG_AGO,
    waiting: int = 0,
) -> None:
    """People who applied: some were invited, the others were not retained, and some still wait."""
    async with app.state.database.transaction() as session:
        for place in range(n + waiting):
            person = Candidate(
                pseudonym="P", source=Source.APPLIED, profile={}, created_at=at, updated_at=at,
                folded_name="", folded_email="", folded_phone="",
            )  # fmt: skip
            session.add(person)
            await session.flush()
            application = Application(
                candidate_id=person.id,
                programme_id=programme,
                stage=Stage.APPLIED,
                stage_since=at,
                created_at=at,
            )
            session.add(application)
            if sex is not None:
                session.add(SelfDescription(candidate_id=person.id, sex=sex, age_band=None, given_at=at))
            await session.flush()
            steps = [Stage.APPLIED]
            if place < n:
                steps.append(Stage.INVITED if place < gone_on else Stage.NOT_RETAINED)
            for step in steps:
                session.add(StageChange(application_id=application.id, to_stage=step, at=at))


async def fairness_page(app: Any, clock: FixedClock, role: Role = Role.SUPERVISOR, query: str = "") -> str:
    async with browser(app, await bearer_of_staff(app, clock, role)) as client:
        answer = await client.get(f"/fairness{query}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def test_without_answers_the_page_says_that_there_is_no_evidence_yet(
    app: Any, clock: FixedClock
) -> None:
    assert "Pas encore de chiffres" in await fairness_page(app, clock, Role.ADMINISTRATOR)


async def test_rates_stand_by_step_with_n_interval_and_p(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    await crowd(app, programme, Sex.WOMAN, n=40, gone_on=16, waiting=7)
    await crowd(app, programme, Sex.MAN, n=40, gone_on=32)
    await crowd(app, programme, None, n=5, gone_on=1)
    text = await fairness_page(app, clock)
    assert '<td class="figure">40</td><td class="figure">16</td><td class="figure nowrap">40 %</td>' in text
    assert "0,5" in text
    assert "À regarder" in text
    assert "Sans réponse, ou groupe trop petit : 5 candidatures." in text
    assert "Pas encore de chiffres" not in text
    assert "Pas encore de chiffres" in await fairness_page_again(
        app, clock, f"?programme={await add_programme(app, clock)}"
    )


async def fairness_page_again(app: Any, clock: FixedClock, query: str) -> str:
    token = await session_of(app, clock, staff_id=await add_staff(app, clock, Role.ADMINISTRATOR))
    async with browser(app, token) as client:
        return (await client.get(f"/fairness{query}")).text


async def test_a_small_group_cannot_be_told_from_those_who_said_nothing(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    await crowd(app, programme, Sex.WOMAN, n=30, gone_on=15)
    await crowd(app, programme, Sex.OTHER, n=29, gone_on=29)
    await crowd(app, programme, None, n=3, gone_on=0)
    text = await fairness_page(app, clock)
    assert "autrement" not in text
    assert "Sans réponse, ou groupe trop petit : 32 candidatures." in text
    assert "Un seul groupe" in text


async def test_figures_stand_still_within_a_month(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    await crowd(app, programme, Sex.WOMAN, n=30, gone_on=15, at=clock())
    assert "Pas encore de chiffres" in await fairness_page(app, clock)


async def test_a_supervisor_sees_the_figures_of_the_own_programmes_only(app: Any, clock: FixedClock) -> None:
    programme, other = await add_programme(app, clock), await add_programme(app, clock, title="Autre")
    await crowd(app, programme, Sex.WOMAN, n=30, gone_on=15)
    staff = await add_staff(app, clock, Role.SUPERVISOR, sees_all_programmes=False)
    async with browser(app, await session_of(app, clock, staff_id=staff)) as client:
        for path in ("/fairness", f"/fairness?programme={programme}", f"/fairness?programme={other}"):
            assert "Pas encore de chiffres" in (await client.get(path)).text


async def test_the_trail_says_that_something_was_given_and_never_what(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock, given_name="Inès")
    async with browser(app, await bearer_of_candidate(app, clock, person)) as client:
        await submit(client, "/me/description", {"sex": "woman", "age_band": "26_39"})
    async with app.state.database.transaction(write=False) as session:
        entries = list(await session.scalars(select(AuditEntry)))
    given = [entry for entry in entries if entry.action == "self_description.give"]
    assert [entry.detail for entry in given] == [{}]


def names_in(tree: ast.AST) -> set[str]:
    found = {getattr(node, "id", "") for node in ast.walk(tree)}
    return found | {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}


def test_nothing_that_scores_or_shows_people_can_reach_a_description() -> None:
    knowing = {
        str(path.relative_to(SERVICE))
        for path in SERVICE.rglob("*.py")
        if "SelfDescription" in names_in(ast.parse(path.read_text("utf-8")))
    }
    assert knowing == {"flows/assessing/surveys.py", "store/assessing/surveys.py"}


def test_no_other_table_points_to_a_description() -> None:
    pointing = {
        table.name
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "self_description"
    }
    assert pointing == set()
