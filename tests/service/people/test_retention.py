"""What people were promised: their data go on request, or two years after the last contact, whole and alone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from service.flows import erasing
from service.flows.allowances.verifying import verify_everything
from service.flows.people import retention
from service.flows.people.naming import Signs
from service.flows.people.retention import months_after
from service.flows.recruiting import applications
from service.runtime.actors import SYSTEM
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.vocabulary import DecisionOutcome, PackState, Stage
from service.store import trail
from service.store.idempotent_answers import hold_key
from service.tables.applications import Application, Decision, Import
from service.tables.assessments import Response
from service.tables.offers import Document, Offer, Pack
from service.tables.people import Candidate, Staff
from service.tables.programmes import Employer
from service.tables.trail import AuditEntry, Mail
from tests.conftest import FixedClock
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
)
from tests.service.papers.offering import EMPLOYER, Scene, accepted_offer, new_key
from tests.service.people.traces import CANARY, REASON, bytes_on_disk, command, holding, rows, send_letters

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Whole:
    """The canary's file, and what stands beside it."""

    candidate_id: UUID
    bystander_id: UUID


def _people(bystanders: int) -> bytes:
    others = [
        {**PROFILE, "id": f"other-{n}", "given_name": f"Ana{n}", "family_name": "Roy", "headline": "x" * 190}
        for n in range(bystanders)
    ]
    half = bystanders // 2
    people = [*others[:half], {**PROFILE, **CANARY, "id": "canary-1"}, *others[half:]]
    return json.dumps(people).encode()


async def _import(app: Any, bearer: str, bystanders: int) -> None:
    async with api(app, bearer) as client:
        for attempt in ("first", "again"):  # the second check names the person as known
            form = {"file": (f"{attempt}.json", _people(bystanders))}
            checked = await client.post("/imports", data={"kind": "candidates"}, files=form)
            assert (checked.status_code, checked.json()["report"]["faults"][:1]) == (201, []), checked.text
            path = f"/imports/{checked.json()['id']}/apply"
            assert (await client.post(path, headers=new_key())).status_code == 200


async def _check_twin(app: Any, bearer: str) -> None:
    """A file that is only checked: its report shows the person as a likely twin and quotes a bad value."""
    rows = [
        {**PROFILE, **CANARY, "id": "twin-1"},
        {**PROFILE, "id": "bad-1", "desired_weekly_hours": CANARY["headline"]},
    ]
    async with api(app, bearer) as client:
        form = {"file": ("Quenouillac Zéphyrine.json", json.dumps(rows).encode())}
        checked = await client.post("/imports", data={"kind": "candidates"}, files=form)
    assert checked.json()["report"]["likely_duplicates"] == 1
    assert checked.json()["report"]["bad"] == 1


async def _id_of(app: Any, external_id: str) -> UUID:
    async with app.state.database.transaction() as session:
        found = await session.scalar(sa.select(Candidate.id).where(Candidate.external_id == external_id))
    assert found is not None
    return UUID(str(found))


async def _whole_file(app: Any, clock: FixedClock, *, bystanders: int = 40) -> Whole:
    """The canary comes by import, applies, answers, accepts an offer, gets a pack and letters."""
    recruiter = await bearer_of_staff(app, clock)
    await _import(app, recruiter, bystanders)
    candidate_id = await _id_of(app, "canary-1")
    programme_id = await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        applied = await applications.create_application(
            session, SYSTEM, candidate_id=candidate_id, programme_id=programme_id, now=clock()
        )
        session.add(Employer(facts=EMPLOYER, updated_at=clock()))
        session.add(
            Response(
                candidate_id=candidate_id, instrument="work-organisation", edition="2026-11",
                answers={"note": CANARY["headline"]}, started_at=clock(), saved_at=clock(),
            )
        )  # fmt: skip
    scene = Scene(applied.id, candidate_id, await bearer_of_candidate(app, clock, candidate_id), recruiter)
    await _pack(app, clock, candidate_id, await accepted_offer(app, scene))
    await _check_twin(app, recruiter)
    async with app.state.database.transaction() as session:
        kept = await hold_key(session, "staff:x", "k", request_hash="h", status=201, now=clock())
        kept.body = json.dumps(CANARY, ensure_ascii=False).encode()
    await send_letters(app)
    return Whole(candidate_id, await _id_of(app, "other-1"))


async def _pack(app: Any, clock: FixedClock, candidate_id: UUID, offer_id: str) -> None:
    """One document of the person's own, and one whose bytes somebody else has too."""
    own = app.state.files.put(f"contract of {CANARY['family_name']}".encode())
    archive = app.state.files.put(f"archive of {CANARY['family_name']}".encode())
    async with app.state.database.transaction() as session:
        pack = Pack(
            offer_id=UUID(offer_id), candidate_id=candidate_id, series="DOS", year=2026, number=1,
            state=PackState.READY, facts=dict(CANARY), archive_sha256=archive,
            manifest={"of": CANARY["family_name"]}, created_at=clock(),
        )  # fmt: skip
        session.add(pack)
        await session.flush()
        session.add(_document(pack, own, clock()))


def _document(pack: Pack, sha256: str, now: datetime) -> Document:
    return Document(
        pack_id=pack.id, candidate_id=pack.candidate_id, position=1, kind="employment_contract",
        title="Contrat", template_edition="2026-11", file_name="01.pdf", sha256=sha256, size_bytes=1, pages=1,
        created_at=now,
    )  # fmt: skip


async def test_an_erased_person_leaves_no_row_no_file_and_no_byte(app: Any, clock: FixedClock) -> None:
    whole = await _whole_file(app, clock)
    assert {"candidate", "mail", "pack", "import", "idempotent_answer"} <= set(holding(await rows(app)))
    assert len(holding(bytes_on_disk(app))) > 3
    said = await command(app, "erase", str(whole.candidate_id), "--reason", REASON, "--json", now=clock())
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["left"] == []
    assert holding(await rows(app)) == {}
    assert holding(bytes_on_disk(app)) == {}
    async with app.state.database.transaction() as session:
        for table in (Application, Offer, Pack, Document, Response, Mail):
            assert await session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        kept = list(
            await session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "candidate.erase"))
        )
        assert [(one.subject_id, one.detail) for one in kept] == [
            (str(whole.candidate_id), {"reason": REASON})
        ]
        assert await session.get(Candidate, whole.bystander_id) is not None
        assert await session.scalar(sa.select(sa.func.count()).select_from(Candidate)) == 40


async def test_what_is_stored_stays_sound_and_the_chain_holds(app: Any, clock: FixedClock) -> None:
    whole = await _whole_file(app, clock, bystanders=2)
    clock.move(minutes=1)
    async with app.state.database.transaction() as session:
        await trail.link_waiting(session, before=clock())
    said = await command(app, "erase", str(whole.candidate_id), "--reason", REASON, now=clock())
    assert said.exit_code == 0, said.output
    clock.move(minutes=1)
    async with app.state.database.transaction() as session:
        await trail.link_waiting(session, before=clock())
        findings = await verify_everything(session, app.state.files, app.state.editions)
    assert [one for one in findings if not one.holds] == []
    again = await command(app, "erase", str(whole.candidate_id), "--reason", REASON, now=clock())
    assert again.exit_code == 1


async def test_a_file_that_somebody_else_has_too_stays(app: Any, clock: FixedClock) -> None:
    whole = await _whole_file(app, clock, bystanders=2)
    shared = app.state.files.put(b"the same statement for two")
    other = await add_candidate(app, clock, given_name="Awa", family_name="Ba", email="awa@example.com")
    programme_id = await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        applied = await applications.create_application(
            session, SYSTEM, candidate_id=other, programme_id=programme_id, now=clock()
        )
        offer = Offer(
            application_id=applied.id, candidate_id=other, programme_id=programme_id, terms={},
            start_date=clock().date(), confirmations=[], created_at=clock(),
        )  # fmt: skip
        session.add(offer)
        await session.flush()
        theirs = Pack(
            offer_id=offer.id, candidate_id=other, series="DOS", year=2026, number=2, state=PackState.READY, facts={},
            archive_sha256=shared, created_at=clock(),
        )  # fmt: skip
        session.add(theirs)
        await session.flush()
        session.add(_document(theirs, shared, clock()))
        mine = await session.scalar(sa.select(Document).where(Document.candidate_id == whole.candidate_id))
        mine.sha256 = shared
    async with app.state.database.transaction() as session:
        erased = await erasing.erase(
            session, SYSTEM, whole.candidate_id, files=app.state.files, reason=REASON, now=clock()
        )
    assert shared not in erased.files
    erasing.remove_files(erased, files=app.state.files, settings=app.state.settings)
    assert app.state.files.get(shared)


async def test_a_list_changes_nothing_and_apply_erases_only_who_is_due(app: Any, clock: FixedClock) -> None:
    old = await add_candidate(app, clock, given_name="Zéphyrine", family_name="Quenouillac")
    clock.move(days=700)
    recent = [await add_candidate(app, clock, given_name=f"Ana{n}", family_name="Roy") for n in range(19)]
    clock.move(days=31)
    before = await rows(app)
    listed = await command(app, "retention", "--json", now=clock())
    assert listed.exit_code == 0, listed.output
    assert [one["candidate_id"] for one in json.loads(listed.stdout)["due"]] == [str(old)]
    assert await rows(app) == before
    done = await command(app, "retention", "--apply", "--json", now=clock())
    assert [one["candidate_id"] for one in json.loads(done.stdout)["erased"]] == [str(old)]
    assert holding(await rows(app)) == {}
    async with app.state.database.transaction() as session:
        assert set(await session.scalars(sa.select(Candidate.id))) == set(recent)


async def test_more_than_one_in_twenty_needs_a_second_word(app: Any, clock: FixedClock) -> None:
    for n in range(3):
        await add_candidate(app, clock, given_name=f"Ana{n}", family_name="Roy")
    clock.move(days=731)
    stopped = await command(app, "retention", "--apply", now=clock())
    assert stopped.exit_code == 1
    assert "nothing was erased" in stopped.output
    async with app.state.database.transaction() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Candidate)) == 3
    meant = await command(app, "retention", "--apply", "--yes-really", now=clock())
    assert meant.exit_code == 0, meant.output
    async with app.state.database.transaction() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Candidate)) == 0


async def test_any_contact_starts_the_two_years_anew(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock, given_name="Awa", family_name="Ba")
    clock.move(days=600)
    await bearer_of_candidate(app, clock, candidate_id)
    signed_in = clock()
    clock.move(days=200)
    async with app.state.database.transaction() as session:
        assert await retention.due(session, now=clock()) == ()
        (late,) = await retention.due(session, now=months_after(signed_in, 24))
    assert (late.last_contact, late.rule) == (signed_in, retention.Rule.POOL)


async def test_a_decision_of_late_is_kept_three_months_to_be_explained(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock, given_name="Awa", family_name="Ba")
    programme_id = await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        applied = await applications.create_application(
            session, SYSTEM, candidate_id=candidate_id, programme_id=programme_id, now=clock()
        )
        staff = Staff(name="Ada", email="ada@example.com", role="recruiter", created_at=clock())
        session.add(staff)
        await session.flush()
        session.add(
            Decision(
                application_id=applied.id, outcome=DecisionOutcome.NOT_RETAIN, reason="r" * 20,
                staff_id=staff.id, decided_at=months_after(clock(), 23),
            )
        )  # fmt: skip
    async with app.state.database.transaction() as session:
        assert await retention.due(session, now=months_after(clock(), 25)) == ()
        (late,) = await retention.due(session, now=months_after(clock(), 26))
    assert late.rule is retention.Rule.EXPLANATION


async def test_who_was_hired_is_never_swept_and_never_erased_here(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock, given_name="Awa", family_name="Ba")
    programme_id = await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        applied = await applications.create_application(
            session, SYSTEM, candidate_id=candidate_id, programme_id=programme_id, now=clock()
        )
        await session.execute(
            sa.update(Application).where(Application.id == applied.id).values(stage=Stage.HIRED)
        )
    clock.move(days=4000)
    async with app.state.database.transaction() as session:
        assert await retention.due(session, now=clock()) == ()
        with pytest.raises(Conflict, match="personnel file"):
            await erasing.erase(
                session, SYSTEM, candidate_id, files=app.state.files, reason=REASON, now=clock()
            )


async def test_the_reason_that_is_kept_does_not_name_the_person(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(
        app, clock, given_name="Awa", family_name="Ba", email="awa@example.com"
    )
    for reason in ("", "ba awa wrote to us", "letter from AWA@example.com"):
        async with app.state.database.transaction() as session:
            with pytest.raises(RuleBroken):
                await erasing.erase(
                    session, SYSTEM, candidate_id, files=app.state.files, reason=reason, now=clock()
                )


async def test_an_import_that_lost_its_file_says_so_and_others_keep_theirs(
    app: Any, clock: FixedClock
) -> None:
    bearer = await bearer_of_staff(app, clock)
    await _import(app, bearer, 2)
    async with api(app, bearer) as client:
        apart = json.dumps([{**PROFILE, "id": "apart-1", "given_name": "Léo", "family_name": "Petit"}])
        other = await client.post(
            "/imports", data={"kind": "candidates"}, files={"file": ("apart.json", apart.encode())}
        )
    candidate_id = await _id_of(app, "canary-1")
    async with app.state.database.transaction() as session:
        erased = await erasing.erase(
            session, SYSTEM, candidate_id, files=app.state.files, reason=REASON, now=clock()
        )
    erasing.remove_files(erased, files=app.state.files, settings=app.state.settings)
    async with app.state.database.transaction() as session:
        kept = {str(row.id): row.sha256 for row in await session.scalars(sa.select(Import))}
    assert len(erased.imports) == 2
    assert app.state.files.get(kept[other.json()["id"]])
    with pytest.raises(NotFound):
        app.state.files.get(kept[str(erased.imports[0])])


def test_two_people_who_share_the_two_names_between_them_are_not_taken_for_one() -> None:
    person = Signs(("marie", "martin"), "", "", "")
    assert person.are_in("Martin;Marie;;")
    assert not person.are_in("Marie-Laure Saint-Martin")
    assert not person.are_in("Marie;Roy" + ";" * 200 + "Paul;Martin")


def test_a_month_that_is_shorter_ends_earlier() -> None:
    leap = datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert months_after(leap, 24) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert months_after(leap, 3) == datetime(2024, 5, 29, 12, tzinfo=UTC)
