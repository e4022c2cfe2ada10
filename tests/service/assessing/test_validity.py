"""Figures of our own questionnaires: computed, kept with their moment, shown honestly; cards for everybody."""

import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.flows.assessing import validity
from service.flows.assessing.model_cards import fingerprint_of
from service.jobs.figures import recompute
from service.runtime.vocabulary import OutcomeMeasure, ResponseState, Role, Source
from service.store.assessing import validity as store
from service.tables.assessments import Response, Scorecard
from service.tables.outcomes import Outcome, ValidityFigures
from service.tables.people import Candidate
from tests.conftest import NOON, FixedClock
from tests.service.cast import PROFILE, api, bearer_of_staff, browser
from tests.service.recruiting.test_interviews import _note, _open, _scene

pytestmark = pytest.mark.anyio

SLUG = "work-organisation"


async def answer_as(app: Any, count: int, *, seed: int = 4) -> list[UUID]:
    """So many people who submitted the first questionnaire, with one common cause behind their answers."""
    instrument = app.state.editions.instruments[SLUG, "2026-11"]
    items = [item.id for item in instrument.items if item.is_scored]
    chance = random.Random(seed)
    people = []
    async with app.state.database.transaction() as session:
        for number in range(count):
            cause = chance.gauss(0, 1)
            credits = {item: 25 * min(4, max(0, round(2 + cause + chance.gauss(0, 1)))) for item in items}
            person = Candidate(
                pseudonym=f"P{number}",
                source=Source.ENTERED,
                profile=PROFILE,
                created_at=NOON,
                updated_at=NOON,
            )
            session.add(person)
            await session.flush()
            sent = Response(
                candidate_id=person.id, instrument=SLUG, edition="2026-11", state=ResponseState.SUBMITTED, answers={},
                started_at=NOON, saved_at=NOON, submitted_at=NOON,
            )  # fmt: skip
            session.add(sent)
            await session.flush()
            score = round(100 * sum(credits.values()) / len(credits))
            result = {
                "score_hundredths": score,
                "contributions": [
                    {"item": item, "credit_percent": credit} for item, credit in credits.items()
                ],
            }
            session.add(
                Scorecard(
                    candidate_id=person.id,
                    response_id=sent.id,
                    instrument=SLUG,
                    edition="2026-11",
                    dimension="autonomy",
                    score=score // 100,
                    band="ready",
                    result=result,
                    scored_at=NOON,
                )
            )
            session.add(
                Outcome(
                    candidate_id=person.id,
                    days=90,
                    measure=OutcomeMeasure.AUTONOMY_AT_WORK,
                    value=min(5, max(1, round(3 + cause))),
                    recorded_on=NOON.date(),
                    created_at=NOON,
                )
            )
            people.append(person.id)
    return people


async def test_the_figures_are_computed_from_what_was_submitted_and_kept(app: Any, clock: FixedClock) -> None:
    await answer_as(app, 120)
    async with app.state.database.transaction(write=False) as session:
        gathered = await validity.gather(session, editions=app.state.editions, now=clock())
    computed = validity.compute_all(gathered)
    async with app.state.database.transaction() as session:
        await validity.keep(session, computed, now=clock())
    async with app.state.database.transaction(write=False) as session:
        kept = (await store.newest_figures(session))[SLUG, "2026-11"]
        assert not await validity.is_old(session, now=clock())
    found = kept.figures
    assert kept.computed_at == clock()
    assert found.people == 120
    assert found.composite.figure.value is not None
    assert found.composite.figure.value > 0.9
    (seen,) = [one for one in found.outcomes if one.criterion.n]
    assert (seen.measure, seen.days, seen.criterion.n) == ("autonomy_at_work", 90, 120)
    assert seen.criterion.raw.low is not None
    assert seen.criterion.raw.low > 0
    assert seen.verdict.value == "no_evidence", "120 people are too few to claim a link"


async def test_they_are_computed_again_once_a_day(app: Any, clock: FixedClock) -> None:
    settings = app.state.settings
    assert await recompute(settings, now=clock(), only_when_old=True) is not None
    clock.move(hours=23)
    assert await recompute(settings, now=clock(), only_when_old=True) is None
    clock.move(hours=2)
    assert await recompute(settings, now=clock(), only_when_old=True) is not None
    async with app.state.database.transaction(write=False) as session:
        rows = list(await session.scalars(select(ValidityFigures)))
    assert len(rows) == 2 * (1 + len(app.state.editions.instruments))


async def test_the_newest_outcome_of_its_kind_counts(app: Any, clock: FixedClock) -> None:
    (person,) = await answer_as(app, 1)
    clock.move(minutes=5)
    async with app.state.database.transaction() as session:
        session.add(
            Outcome(
                candidate_id=person,
                days=90,
                measure=OutcomeMeasure.AUTONOMY_AT_WORK,
                value=1,
                recorded_on=NOON.date(),
                created_at=clock(),
            )
        )
    async with app.state.database.transaction(write=False) as session:
        found = await store.newest_outcomes(session)
    assert found == {("autonomy_at_work", 90): {person: 1}}


async def test_the_page_says_that_nothing_is_known_before_anything_is(app: Any, clock: FixedClock) -> None:
    async with browser(app, await bearer_of_staff(app, clock, Role.ADMINISTRATOR)) as client:
        page = (await client.get("/validity")).text
        assert "Aucune mesure n’existe encore pour cette édition" in page
        assert "encore calculé" in page
        await recompute(app.state.settings, now=clock())
        page = (await client.get("/validity")).text
        assert "a encore envoyé ce questionnaire" in page


async def test_the_page_shows_each_figure_with_its_interval_and_number(app: Any, clock: FixedClock) -> None:
    await answer_as(app, 30)
    await recompute(app.state.settings, now=clock())
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        page = (await client.get("/validity")).text
    assert "30 personnes" in page
    assert "Pas encore de preuve" in page
    assert "Les questions de «\u00a0S’organiser et tenir son plan\u00a0»" in page
    assert "Moins de 100 personnes" in page
    assert "nan" not in page.lower().replace("nance", "")


async def test_the_figures_of_a_handful_tell_nothing_of_them(app: Any, clock: FixedClock) -> None:
    await answer_as(app, 3)
    await recompute(app.state.settings, now=clock())
    async with api(app, await bearer_of_staff(app, clock)) as client:
        body = (await client.get("/validity")).json()
    (own,) = [one for one in body["editions"] if one["instrument"] == SLUG]
    assert own["figures"]["people"] == 3
    assert own["figures"]["mean"] is None
    assert own["is_advice_only"]
    assert not own["has_evidence"]
    assert all(one["criterion"]["raw"]["value"] is None for one in own["figures"]["outcomes"])


async def test_everybody_may_read_a_model_card_in_both_languages(app: Any, clock: FixedClock) -> None:
    async with browser(app) as client:
        listed = (await client.get("/model-cards")).text
        for slug, edition in app.state.editions.instruments:
            assert f'href="/model-cards/{slug}/{edition}"' in listed
            page = await client.get(f"/model-cards/{slug}/{edition}")
            assert page.status_code == 200
            assert "À quoi il ne sert pas" in page.text
            english = await client.get(f"/model-cards/{slug}/{edition}", headers={"Accept-Language": "en"})
            assert "What it is not for" in english.text
        assert (await client.get("/model-cards/nothing/2026-11")).status_code == 404
        assert (await client.get(f"/model-cards/{SLUG}/1999-01")).status_code == 404


async def test_the_card_in_the_api_names_the_edition_by_its_fingerprint(app: Any, clock: FixedClock) -> None:
    instrument = app.state.editions.instruments[SLUG, "2026-11"]
    async with api(app) as client:
        body = (await client.get(f"/model-cards/{SLUG}/2026-11")).json()
    assert body["fingerprint"] == fingerprint_of(instrument)
    assert body["figures"] is None
    assert sum(scale["weight"] for scale in body["scales"]) == 100
    changed = instrument.model_copy(update={"minutes": instrument.minutes + 1})
    assert fingerprint_of(changed) != fingerprint_of(instrument)


async def test_the_core_questions_of_two_raters_make_up_the_agreement(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    opened = await _open(app, scene)
    core = [one["id"] for one in opened["guide"]["questions"] if one["part"] == "core"]
    for bearer, rating in ((scene.first, 4), (scene.second, 3)):
        await _note(app, bearer, opened["id"], ratings=dict.fromkeys(core, rating), send=True)
        clock.move(minutes=1)
    async with app.state.database.transaction(write=False) as session:
        assert await store.rated_twice(session) == [[4.0, 3.0]] * len(core)
    await recompute(app.state.settings, now=clock())
    async with api(app, scene.first) as client:
        body = (await client.get("/validity")).json()
    assert body["interviews"]["figures"]["rated"] == len(core)
    assert body["interviews"]["figures"]["icc"]["verdict"] == "no_evidence"
