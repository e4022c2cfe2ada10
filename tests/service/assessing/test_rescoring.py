"""A whole base under another edition, evidence beside a score, and who ties: on both databases."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlmodel import col

from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument
from service.cli.rescoring import rescore as rescore_command
from service.flows.allowances.verifying import verify_everything
from service.flows.assessing import assessments
from service.flows.assessing.rescoring import rescore
from service.runtime.actors import SYSTEM
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.vocabulary import Locale, Role
from service.store.assessing import assessments as store
from service.tables.applications import Application
from service.tables.assessments import Response, Scorecard
from service.tables.evidence import Evidence
from service.tables.people import Candidate
from service.tables.trail import AuditEntry
from tests.assessments.answer_sets import extreme_value
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_staff
from tests.service.cast import add_programme

pytestmark = pytest.mark.anyio

SLUG, NEXT = "home-workplace", "2027-11"
ROOM, SEAT = "room_closes", "seat"


def stored(instrument: Instrument, *, best: bool, **changes: Any) -> dict[str, Any]:
    answers = {
        item.id: extreme_value(instrument, item, best=best)
        for item in instrument.items
        if item.is_scored and item.kind != "measurement"
    }
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in (answers | changes).items()
    }


async def scored(app: Any, clock: FixedClock, number: int, *, best: bool, **changes: Any) -> UUID:
    """A person who submitted the questionnaire on the home workplace."""
    person = await add_candidate(app, clock, email=f"p{number}@example.com", pseudonym=f"P-{number:04}")
    instrument = app.state.editions.instruments[SLUG, "2026-11"]
    async with app.state.database.transaction() as session:
        row = Response(
            candidate_id=person, instrument=SLUG, edition="2026-11", locale=Locale.FR,
            answers=stored(instrument, best=best, **changes), timings={instrument.pages[0].id: 1},
            notice_read_at=clock(), started_at=clock(), saved_at=clock(),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        await assessments.submit(session, SYSTEM, row, editions=app.state.editions, now=clock())
    return person


def with_next_edition(app: Any) -> Editions:
    """Every edition, and one a year later: only calls count to speak of, and the seat is asked about otherwise."""
    content = app.state.editions.instruments[SLUG, "2026-11"].model_dump(mode="json") | {
        "edition": NEXT, "valid_from": "2027-11-01",
    }  # fmt: skip
    for scale in content["scales"]:
        scale["weight"] = 101 - len(content["scales"]) if scale["id"] == "calls" else 1
    for page in content["pages"]:
        for item in page["items"]:
            if item["id"] == SEAT:
                item["prompt"] = {"fr": "Votre siège se règle-t-il ?", "en": "Can your chair be adjusted?"}
    later = Instrument.model_validate(content)
    editions: Editions = app.state.editions
    return replace(editions, instruments={**editions.instruments, (SLUG, NEXT): later})


async def cards_of(app: Any, person: UUID) -> list[Scorecard]:
    async with app.state.database.transaction(write=False) as session:
        rows = await session.scalars(
            select(Scorecard).where(col(Scorecard.candidate_id) == person).order_by(col(Scorecard.edition))
        )
        return list(rows)


async def is_sound(app: Any, editions: Editions) -> bool:
    async with app.state.database.transaction(write=False) as session:
        found = await verify_everything(session, app.state.files, editions)
    return next(one for one in found if "recomputes" in one.promise).holds


async def test_a_base_is_scored_again_beside_the_old_scores_and_first_tried_without_a_trace(
    app: Any, clock: FixedClock
) -> None:
    editions, database = with_next_edition(app), app.state.database
    instrument = editions.instruments[SLUG, "2026-11"]
    poor_elsewhere = {
        item.id: value
        for item in instrument.items
        if item.scale not in (None, "calls")
        and not isinstance(value := extreme_value(instrument, item, best=False), tuple)
    }
    good = await scored(app, clock, 1, best=True)
    better = await scored(app, clock, 2, best=True, **poor_elsewhere)
    before = (await cards_of(app, better))[0]
    clock.move(days=1)
    told = await rescore(database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=True, batch=1)
    assert (told.considered, told.scored, told.already, told.not_scored) == (2, 2, 0, 0)
    assert told.editions["2026-11"].changed == (SEAT,)
    assert [one.candidate_id for one in told.moved] == [better]
    assert told.moved[0].to_band == "ready"
    assert told.moved[0].from_hundredths == before.result["score_hundredths"]
    assert not told.moved[0].is_within_error
    assert len(await cards_of(app, better)) == 1

    done = await rescore(database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=False)
    assert done == told.model_copy(update={"is_dry_run": False})
    old, new = await cards_of(app, better)
    assert old.model_dump() == before.model_dump()
    assert new.result["score_hundredths"] == told.moved[0].to_hundredths
    assert SEAT in new.result["missing"]
    async with database.transaction(write=False) as session:
        newest = await store.newest_scorecards_of(session, better)
        listed = await session.scalar(
            select(col(Candidate.environment_score)).where(col(Candidate.id) == better)
        )
        noted = await session.scalar(
            select(func.count()).where(col(AuditEntry.action) == "scorecard.rescore")
        )
    assert ([card.edition for card in newest], listed, noted) == ([NEXT], new.score, 2)
    assert len(await cards_of(app, good)) == 2
    assert await is_sound(app, editions)

    again = await rescore(database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=False)
    assert (again.considered, again.already, again.moved) == (0, 2, ())


async def test_a_run_that_was_stopped_goes_on_where_it_was(app: Any, clock: FixedClock) -> None:
    editions, database = with_next_edition(app), app.state.database
    people = [await scored(app, clock, number, best=number % 2 == 0) for number in range(3)]

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rescore(
            database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=False, batch=2, tick=stop
        )
    counts = [len(await cards_of(app, person)) for person in people]
    assert sorted(counts) == [1, 2, 2]
    rest = await rescore(database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=False, batch=2)
    assert (rest.already, rest.scored) == (2, 1)
    assert [len(await cards_of(app, person)) for person in people] == [2, 2, 2]


async def test_an_edition_that_nobody_knows_is_refused_by_name(app: Any, clock: FixedClock) -> None:
    with pytest.raises(RuleBroken, match="no edition home-workplace 1999-01"):
        await rescore(
            app.state.database, SLUG, "1999-01", editions=app.state.editions, now=clock(), is_dry_run=True
        )


async def test_what_was_shown_later_stands_beside_the_score_and_what_was_kept_still_recomputes(
    app: Any, clock: FixedClock
) -> None:
    person = await scored(app, clock, 1, best=True)
    instrument = app.state.editions.instruments[SLUG, "2026-11"]
    room = instrument.item(ROOM)
    assert room is not None
    value = extreme_value(instrument, room, best=True)
    async with app.state.database.transaction() as session:
        session.add(
            Evidence(
                candidate_id=person, instrument=SLUG, item=ROOM, kind=HowKnown.VERIFIED, value=value,
                known_on=clock().date(), recorded_at=clock(),
            )
        )  # fmt: skip
    client = await as_staff(app, clock, Role.RECRUITER)
    (card,) = (await client.get(f"/api/v1/candidates/{person}/scorecards")).json()
    (kept,) = await cards_of(app, person)
    assert kept.result["demonstrated"] is None
    assert kept.standard_error == kept.result["standard_error_hundredths"]
    assert [one["kind"] for one in kept.signals] == ["too_fast"]
    assert card["signals"][0]["text"]["fr"]
    assert card["score_hundredths"] == kept.result["score_hundredths"]
    assert card["standard_error_hundredths"] < kept.standard_error
    assert card["low_hundredths"] < card["score_hundredths"] <= card["high_hundredths"]
    assert card["demonstrated"]["score_hundredths"] == 10_000
    assert card["demonstrated"]["confidence_percent"] == card["demonstrated"]["known_percent"]
    clock.move(days=700)
    client = await as_staff(app, clock, Role.APPROVER)
    (older,) = (await client.get(f"/api/v1/candidates/{person}/scorecards")).json()
    assert older["demonstrated"]["confidence_percent"] < card["demonstrated"]["confidence_percent"]
    assert older["demonstrated"]["score_hundredths"] == card["demonstrated"]["score_hundredths"]
    assert await is_sound(app, app.state.editions)
    editions = with_next_edition(app)
    await rescore(app.state.database, SLUG, NEXT, editions=editions, now=clock(), is_dry_run=False)
    assert (await cards_of(app, person))[1].result["demonstrated"] is not None
    assert await is_sound(app, editions)


async def test_a_card_changed_by_hand_no_longer_recomputes(app: Any, clock: FixedClock) -> None:
    person = await scored(app, clock, 1, best=True)
    async with app.state.database.transaction() as session:
        row = await session.scalar(select(Scorecard).where(col(Scorecard.candidate_id) == person))
        assert row is not None
        row.result = {**row.result, "standard_error_hundredths": 1}
    assert not await is_sound(app, app.state.editions)


async def test_people_of_a_programme_are_told_apart_only_beyond_their_errors(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    people = [
        await scored(app, clock, 1, best=True),
        await scored(app, clock, 2, best=True, room_closes="open_space"),
        await scored(app, clock, 3, best=False),
    ]
    stranger = await scored(app, clock, 4, best=True)
    async with app.state.database.transaction() as session:
        for person in people:
            session.add(
                Application(
                    candidate_id=person,
                    programme_id=programme,
                    created_at=clock(),
                    stage_since=clock() - timedelta(1),
                )
            )
    client = await as_staff(app, clock, Role.RECRUITER)
    path = f"/api/v1/programmes/{programme}/standings"
    listed = (await client.get(path, params={"dimension": "environment"})).json()
    assert [one["candidate_id"] for one in listed] == [str(person) for person in people]
    assert str(stranger) not in str(listed)
    assert listed[0]["ties_with"] == [str(people[1])]
    assert (listed[0]["from_place"], listed[0]["to_place"]) == (1, 2)
    assert listed[2]["ties_with"] == []
    assert [one["tier"] for one in listed] == [1, 1, 2]
    assert (await client.get(path, params={"dimension": "autonomy"})).json() == []
    assert (await client.get(path, params={"dimension": "charm"})).status_code == 400
    trainer = await as_staff(app, clock, Role.TRAINER)
    assert (await trainer.get(path, params={"dimension": "environment"})).status_code == 403
    async with app.state.database.transaction(write=False) as session:
        noted = await session.scalar(select(func.count()).where(col(AuditEntry.action) == "standing.list"))
    assert noted == 2


def test_the_command_answers_in_json_and_says_what_is_wrong(
    sqlite_settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMESHORE_DATA_DIR", str(sqlite_settings.data_dir))
    asked = ["--instrument", SLUG, "--to", "2026-11", "--dry-run"]
    told = CliRunner().invoke(rescore_command, [*asked, "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["considered"] == 0
    assert "0 would be scored" in CliRunner().invoke(rescore_command, asked).stdout
    wrong = CliRunner().invoke(rescore_command, ["--instrument", SLUG, "--to", "1999-01"])
    assert wrong.exit_code == 1
    assert "no edition home-workplace 1999-01" in wrong.stderr
    monkeypatch.setenv("HOMESHORE_DATA_DIR", str(tmp_path / "empty"))
    nothing = CliRunner().invoke(rescore_command, asked)
    assert nothing.exit_code != 0
    assert "no database here" in nothing.output
