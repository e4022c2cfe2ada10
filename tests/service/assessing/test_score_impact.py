"""Groups beside one another for one questionnaire: above the median or not, as the month began; on its card."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import anyio.to_thread
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assessments.validation.fairness import Standing, above_median
from service.cli import main
from service.flows.assessing.score_impact import twice_median
from service.jobs.figures import recompute
from service.runtime.vocabulary import ResponseState, Sex, Source
from service.store.assessing import validity as store
from service.store.assessing.surveys import ScoreCount
from service.tables.assessments import Response, Scorecard
from service.tables.people import Candidate
from service.tables.surveys import SelfDescription
from tests.conftest import NOON, FixedClock
from tests.service.cast import api, browser

pytestmark = pytest.mark.anyio

LAST_MONTH = datetime(2026, 10, 5, tzinfo=UTC)
SLUG, EDITION = "home-workplace", "2026-11"


async def crowd(
    app: Any,
    sex: Sex | None,
    *,
    n: int,
    high: int,
    sent_at: datetime = LAST_MONTH,
    said_at: datetime = LAST_MONTH,
) -> None:
    """So many people with 20 points, and `high` of them with 80."""
    async with app.state.database.transaction() as session:
        for place in range(n):
            person = Candidate(
                pseudonym="P", source=Source.APPLIED, profile={}, created_at=sent_at, updated_at=sent_at,
            )  # fmt: skip
            session.add(person)
            await session.flush()
            sent = Response(
                candidate_id=person.id, instrument=SLUG, edition=EDITION, state=ResponseState.SUBMITTED, answers={},
                started_at=sent_at, saved_at=sent_at, submitted_at=sent_at,
            )  # fmt: skip
            session.add(sent)
            await session.flush()
            session.add(
                Scorecard(
                    candidate_id=person.id, response_id=sent.id, instrument=SLUG, edition=EDITION,
                    dimension="environment", score=80 if place < high else 20, band="ready", result={},
                    scored_at=sent_at,
                )
            )  # fmt: skip
            if sex is not None:
                session.add(SelfDescription(candidate_id=person.id, sex=sex, age_band=None, given_at=said_at))


async def test_a_card_compares_the_groups_and_hides_the_small_and_the_new(
    app: Any, clock: FixedClock
) -> None:
    await crowd(app, Sex.WOMAN, n=80, high=24)
    await crowd(app, Sex.MAN, n=80, high=48)
    await crowd(app, Sex.OTHER, n=10, high=2)
    await crowd(app, None, n=20, high=5)
    await crowd(app, Sex.WOMAN, n=5, high=5, said_at=NOON)  # said after the month began: not known yet
    await crowd(app, Sex.WOMAN, n=5, high=5, sent_at=NOON)  # sent after it: not there yet
    assert await recompute(app.state.settings, now=clock(), editions=app.state.editions) is not None
    async with app.state.database.transaction(write=False) as session:
        found = await store.newest_impact(session, SLUG, EDITION)
        assert set(await store.newest_figures(session)) == set(app.state.editions.instruments)
    assert found is not None
    assert (found.people, found.as_of.isoformat()) == (195, "2026-11-01")
    table = found.tables["sex"]
    assert table.unknown == 10 + 20 + 5
    assert [row.group for row in table.rows] == [("man",), ("woman",)]
    women = table.row("woman")
    assert (women.n, women.selected, women.impact_ratio) == (80, 24, Fraction(1, 2))
    assert (women.standing, women.flag) == (Standing.COMPARED, True)
    assert not found.tables["age_band"].rows
    async with browser(app) as client:
        page = " ".join((await client.get(f"/model-cards/{SLUG}/{EDITION}")).text.split())
        assert "Les groupes comparés" in page
        for said in (">0,50<", "30 %", "60 %", "À regarder", "novembre 2026", "35 personnes"):
            assert said in page, said
        assert "Ni l&#39;un" not in page
        other = (await client.get(f"/model-cards/work-organisation/{EDITION}")).text
        assert "Pas encore de chiffres" in other
    async with api(app) as client:
        body = (await client.get(f"/model-cards/{SLUG}/{EDITION}")).json()
        assert body["impact"]["tables"]["sex"]["rows"][1]["impact_ratio"] == "1/2"
    settings = {
        f"HOMESHORE_{name.upper()}": str(value)
        for name, value in app.state.settings.model_dump(
            mode="json", include={"data_dir", "database_url"}
        ).items()
    }

    def printed(*more: str) -> str:
        told = CliRunner(env=settings).invoke(main, ["model-card", SLUG, *more])
        assert told.exit_code == 0, told.output
        return told.output

    assert json.loads(await anyio.to_thread.run_sync(lambda: printed("--json")))["impact"] == body["impact"]
    assert "- woman: 24 of 80, ratio 0.50." in await anyio.to_thread.run_sync(printed)


def test_a_card_prints_without_any_database_and_names_the_cards_there_are(tmp_path: Any) -> None:
    runner = CliRunner(env={"HOMESHORE_DATA_DIR": str(tmp_path / "none"), "HOMESHORE_DATABASE_URL": ""})
    told = runner.invoke(main, ["model-card", "work-organisation", "--lang", "fr"])
    assert "À quoi il ne sert pas" in told.output
    assert "no evidence yet" in told.output
    assert not (tmp_path / "none").exists()
    wrong = runner.invoke(main, ["model-card", "nothing"])
    assert wrong.exit_code == 2
    assert "work-organisation 2026-11" in wrong.output


@given(st.lists(st.integers(0, 100), max_size=40))
def test_the_median_of_sums_is_the_median_of_people(scores: list[int]) -> None:
    counts = [
        ScoreCount(sex=None, age_band=None, score=score, count=scores.count(score)) for score in set(scores)
    ]
    middle = twice_median(counts)
    assert [2 * score > middle for score in scores] == list(above_median(scores))
