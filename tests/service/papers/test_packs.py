"""Packs of documents: everything missing is named, facts are frozen, downloads reach only those they concern."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from documents.packs import assemble, render_document
from service.cli.packs import pack as pack_command
from service.flows.papers import packs
from service.tables.offers import Document, Pack
from service.tables.papers import NumberSeries
from service.tables.trail import AuditEntry, Mail, Outbox
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, api, bearer_of_candidate
from tests.service.papers.offering import (
    CIVIL,
    EMPLOYER,
    TERMS,
    accept_offer,
    accepted_offer,
    make_offer,
    new_key,
    send_offer,
    set_scene,
)

pytestmark = pytest.mark.anyio


async def _make(app: Any, clock: FixedClock, pack_id: str) -> None:
    """What the durable run does, in this process."""
    async with app.state.database.transaction() as session:
        plan = await packs.plan_of(session, UUID(pack_id))
    assert plan is not None
    made = assemble(plan, [render_document(document) for document in plan.documents])
    for content in made.contents:
        app.state.files.put(content)
    archive_sha256 = app.state.files.put(made.archive)
    for _ in range(2):  # done twice, it is there once
        async with app.state.database.transaction() as session:
            await packs.keep_pack(
                session,
                UUID(pack_id),
                made,
                archive_sha256=archive_sha256,
                settings=app.state.settings,
                now=clock(),
            )


async def test_everything_missing_is_named_with_its_article(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock, with_employer=False)
    made = await make_offer(app, scene)
    async with api(app, scene.recruiter) as client:
        draft = await client.post(f"/offers/{made['id']}/packs", headers=new_key())
        assert draft.status_code == 409
        await send_offer(app, scene, made["id"])
        answer = await client.post(f"/offers/{made['id']}/packs", headers=new_key())
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/problems/pack-incomplete"
    found = {fault["pointer"]: fault["detail"] for fault in problem["errors"]}
    assert {"/employer/siret", "/person/birth_date", "/will/person_agreed_on"} <= set(found)
    assert "R1221-34" in found["/employer/siret"]
    assert any(pointer.startswith("/confirmations/") for pointer in found)
    async with app.state.database.transaction() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Pack)) == 0
        assert await session.scalar(sa.select(sa.func.count()).select_from(NumberSeries)) == 0


async def test_an_unconfirmed_figure_alone_stops_the_contract(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    await accept_offer(app, scene, made["id"])
    async with api(app, scene.recruiter) as client:
        answer = await client.post(f"/offers/{made['id']}/packs", headers=new_key())
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["errors"]} == {"unconfirmed"}


async def test_packs_bear_numbers_without_a_gap_and_what_is_refused_takes_none(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    async with api(app, scene.recruiter) as client:
        first = (await client.post(f"/offers/{offer_id}/packs", headers=new_key())).json()
        assert first["reference"] == "DOS-2026-00001"
        under_way = await client.post(f"/offers/{offer_id}/packs", headers=new_key())
        assert under_way.status_code == 409
        await _make(app, clock, first["id"])
        second = (await client.post(f"/offers/{offer_id}/packs", headers=new_key())).json()
        assert second["reference"] == "DOS-2026-00002"
    async with app.state.database.transaction() as session:
        plan = await packs.plan_of(session, UUID(second["id"]))
        assert plan is not None
        assert all("DOS-2026-00002-" in document.html for document in plan.documents)


async def test_a_pack_is_asked_for_once_and_freezes_its_facts(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    key = new_key()
    async with api(app, scene.recruiter) as client:
        first = await client.post(f"/offers/{offer_id}/packs", headers=key)
        again = await client.post(f"/offers/{offer_id}/packs", headers=key)
        assert first.status_code == 201, first.text
        assert first.content == again.content
        other = await client.post(f"/offers/{offer_id}/packs", headers=new_key())
        assert other.status_code == 409
        pack_id = first.json()["id"]
        assert first.headers["location"] == f"/api/v1/packs/{pack_id}"
        assert (await client.get(f"/packs/{pack_id}")).json()["state"] == "requested"
        assert (await client.get(f"/packs/{pack_id}/archive")).status_code == 404
    async with api(app, scene.candidate) as person:
        moved = {**CIVIL, "city": "Quimper"}
        await person.put("/me/civil-details", json=moved, headers={"If-Match": "*"})
    async with app.state.database.transaction() as session:
        plan = await packs.plan_of(session, UUID(pack_id))
        assert plan is not None
        assert "Brest" in plan.documents[0].html
        assert "Quimper</" not in plan.documents[0].html
        asked = list(await session.scalars(sa.select(Outbox).where(Outbox.kind == "pack")))
        assert [str(one.subject_id) for one in asked] == [pack_id]


async def test_a_ready_pack_is_downloaded_by_those_it_concerns(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    stranger = await bearer_of_candidate(
        app, clock, await add_candidate(app, clock, given_name="Autre", email="autre@example.com")
    )
    async with api(app, scene.recruiter) as client:
        pack_id = (await client.post(f"/offers/{offer_id}/packs", headers=new_key())).json()["id"]
    async with api(app, scene.candidate) as person:
        assert (await person.get(f"/packs/{pack_id}")).status_code == 404
        assert (await person.get("/me/packs")).json()["items"] == []
    await _make(app, clock, pack_id)
    async with api(app, scene.candidate) as person:
        pack = (await person.get("/me/packs")).json()["items"][0]
        assert [one["kind"] for one in pack["documents"]] == [
            "employment_contract", "allowance_letter", "equipment_loan", "sworn_statement",
        ]  # fmt: skip
        content = await person.get(pack["documents"][0]["content"].removeprefix("/api/v1"))
        assert content.content.startswith(b"%PDF-")
        assert content.headers["content-type"] == "application/pdf"
        assert content.headers["content-disposition"] == 'attachment; filename="01-contrat-de-travail.pdf"'
        assert content.headers["cache-control"] == "no-store"
        assert content.headers["x-content-type-options"] == "nosniff"
        archive = await person.get(f"/packs/{pack_id}/archive")
    with ZipFile(BytesIO(archive.content)) as found:
        manifest = json.loads(found.read("manifest.json"))
        assert [one["sha256"] for one in manifest["documents"]] == [
            one["sha256"] for one in pack["documents"]
        ]
        assert len(found.namelist()) == 5
    async with api(app, stranger) as other:
        for path in (
            f"/packs/{pack_id}",
            f"/packs/{pack_id}/archive",
            f"/documents/{pack['documents'][0]['id']}/content",
        ):
            assert (await other.get(path)).status_code == 404
    async with app.state.database.transaction() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Document)) == 4
        noted = list(await session.scalars(sa.select(AuditEntry.action)))
        assert noted.count("document.read") == 1
        assert noted.count("pack.download") == 1
        told = list(await session.scalars(sa.select(Mail).where(Mail.subject.startswith("Vos documents"))))
        assert len(told) == 1


async def test_a_pack_that_could_not_be_made_says_why_and_may_be_asked_again(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    async with api(app, scene.recruiter) as client:
        pack_id = (await client.post(f"/offers/{offer_id}/packs", headers=new_key())).json()["id"]
        async with app.state.database.transaction() as session:
            await packs.give_up(session, UUID(pack_id), cause="WeasyPrint cannot load Pango.")
        failed = (await client.get(f"/packs/{pack_id}")).json()
        assert (failed["state"], failed["failure"]) == ("failed", "WeasyPrint cannot load Pango.")
        assert (await client.post(f"/offers/{offer_id}/packs", headers=new_key())).status_code == 201


def _facts() -> dict[str, Any]:
    home = {"address": {name: CIVIL[name] for name in ("street", "postcode", "city")}}
    born = {name: CIVIL[name] for name in ("birth_date", "birth_place")}
    return {
        "employer": EMPLOYER,
        "person": {"first_name": "Maïwenn", "last_name": "Le Goff", **home, **born},
        "programme": {"name": "Énergie verte", "nature_of_work": "répondre aux abonnés."},
        "offer": TERMS,
        "will": {"person_agreed_on": "2026-11-20", "employer_agreed_on": "2026-11-18"},
    }


def test_the_command_names_what_is_missing_and_writes_nothing(tmp_path: Any) -> None:
    source = tmp_path / "facts.json"
    source.write_text(json.dumps(_facts()), "utf-8")
    result = CliRunner().invoke(pack_command, [str(source), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "SMIC" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_makes_the_pack_from_a_file_of_facts(tmp_path: Any) -> None:
    confirmed = [
        {"figure": "smic/france/2026-06-01", "amount_cents": 1231},
        {"figure": "grid-idcc-2098/140/2025-11-01", "amount_cents": 183_904},
    ]
    named = [{**one, "confirmed_by": "Claire Delmas", "confirmed_on": "2026-11-19"} for one in confirmed]
    source = tmp_path / "facts.json"
    source.write_text(json.dumps({**_facts(), "confirmations": named}), "utf-8")
    out = tmp_path / "out"
    result = CliRunner().invoke(pack_command, [str(source), "--out", str(out), "--json"])
    assert result.exit_code == 0, result.stderr
    listed = json.loads(result.stdout)["documents"]
    assert len(listed) == 4
    assert (out / listed[0]["file_name"]).read_bytes().startswith(b"%PDF-")
    assert (
        json.loads((out / "manifest.json").read_text("utf-8"))["documents"][0]["sha256"]
        == listed[0]["sha256"]
    )
