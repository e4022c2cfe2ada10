"""The demonstration: fictional people, clients and staff, loaded once, with fresh links to come in by."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.facts import EmployerFacts
from service.flows.accounts import signing_in
from service.flows.demonstration import demonstration_training
from service.flows.demonstration.demonstration_scene import Scene
from service.flows.people.employer import write_employer
from service.flows.recruiting import imports
from service.flows.recruiting.applications import create_application
from service.flows.waves import waves
from service.flows.waves.waves_needs import read_lines
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import clock_from
from service.runtime.database import Database
from service.runtime.editions import Editions, load_editions
from service.runtime.errors import NotFound
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vocabulary import ImportKind, LinkPurpose, Role, Stage
from service.store.accounts.sign_ins import staff_by_email
from service.store.people.candidates import CandidateQuestion
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme

SHOWN_ROLES = (Role.RECRUITER, Role.TRAINER, Role.ADMINISTRATOR)
LINK_DAYS = 1


async def load_once_and_link(settings: Settings) -> dict[str, str]:
    """Load the demonstration unless it is there, and make one fresh link for each part to play: role -> address."""
    database = Database(settings.async_database_url, pooled=False)
    office = yaml.safe_load(_text("office.yaml"))
    try:
        async with database.transaction() as session:
            now = clock_from(settings.pretend_now)()
            if await staff_by_email(session, office["staff"][0]["email"]) is None:
                await load(session, office, settings=settings, now=now)
            links = await _links(session, office, now=now)
    finally:
        await database.close()
    return {who: f"{settings.public_url}/links/{token}" for who, token in links.items()}


def _text(name: str) -> str:
    return files("service.demo").joinpath(name).read_text("utf-8")


async def load(
    session: AsyncSession, office: Mapping[str, Any], *, settings: Settings, now: datetime
) -> None:
    """Write everything in the caller's transaction: those who apply, then a team that is in training."""
    editions, files = load_editions(), FileStore(settings.data_dir / "files")
    await write_employer(
        session, SYSTEM, EmployerFacts.model_validate(office["employer"]), check_version=_any_version, now=now
    )
    for person in office["staff"]:
        await signing_in.add_staff(
            session, name=person["name"], email=person["email"], role=Role(person["role"]), now=now
        )
    for kind in (ImportKind.PROGRAMMES, ImportKind.CANDIDATES):
        await _bring_in(session, f"{kind.value}.csv", kind, files=files, editions=editions, now=now)
    await _apply_everybody(session, office["applications"], now=now)
    await _compose_wave(session, office["wave"], now=now)
    await _bring_in(
        session, "training/people.csv", ImportKind.CANDIDATES, files=files, editions=editions, now=now
    )
    await demonstration_training.play(
        Scene(session, settings, files, editions, now, await _staff(session), await _people(session))
    )


async def _bring_in(
    session: AsyncSession, name: str, kind: ImportKind, *, files: FileStore, editions: Editions, now: datetime
) -> None:
    data = _text(name).encode()
    reading = imports.read_file(data, kind=kind, file_name=name.rpartition("/")[2])
    await imports.apply_at_once(session, SYSTEM, reading, data, files=files, editions=editions, now=now)


async def _staff(session: AsyncSession) -> Mapping[Role, Actor]:
    """The members of staff as they act; one of each role."""
    found = await session.scalars(select(Staff))
    return {
        one.role: Actor(
            ActorKind.STAFF,
            role=one.role,
            id=one.id,
            staff_id=one.id,
            name=one.name,
            sees_all_programmes=True,
        )
        for one in found
    }


async def _people(session: AsyncSession) -> Mapping[str, Candidate]:
    found = await session.scalars(select(Candidate).where(col(Candidate.external_id).startswith("demo-")))
    return {str(one.external_id): one for one in found}


def _any_version(_version: int) -> None:
    """The demonstration is written once, into an installation that has no employer yet."""


async def _apply_everybody(
    session: AsyncSession, wanted: Mapping[str, Mapping[str, list[str]]], *, now: datetime
) -> None:
    people = await _ids(session, Candidate)
    programmes = await _ids(session, Programme)
    for programme, stages in wanted.items():
        for stage, names in stages.items():
            for name in names:
                await create_application(
                    session, SYSTEM, candidate_id=people[name], programme_id=programmes[programme],
                    stage=Stage(stage), now=now,
                )  # fmt: skip


async def _compose_wave(session: AsyncSession, wanted: Mapping[str, Any], *, now: datetime) -> None:
    """A wave with its needs and everybody in it; a proposal is asked for by whoever tries it."""
    made = await waves.create(session, SYSTEM, name=wanted["name"], note=wanted["note"], now=now)
    ids = await _ids(session, Programme)
    for programme, part in wanted["programmes"].items():
        await waves.put_programme(
            session, SYSTEM, made.id, ids[programme], seats=part["seats"], needs=read_lines(part["needs"]),
            now=now,
        )  # fmt: skip
    await waves.add_people(session, SYSTEM, made.id, question=CandidateQuestion(), now=now)


async def _ids(session: AsyncSession, table: Any) -> dict[str, UUID]:
    rows = await session.execute(
        select(table.external_id, table.id).where(col(table.external_id).startswith("demo-"))
    )
    return {row.external_id: row.id for row in rows}


async def _links(session: AsyncSession, office: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    links = {}
    for role in SHOWN_ROLES:
        email = next(person["email"] for person in office["staff"] if person["role"] == role.value)
        staff_id = await signing_in.staff_id_of(session, email)
        _, links[role.value] = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=now, days=LINK_DAYS, staff_id=staff_id
        )
    people = await _ids(session, Candidate)
    if office["candidate"] not in people:
        raise NotFound("The demonstration's candidate is gone; start with an empty data directory.")
    for who, purpose in (("candidate", LinkPurpose.INVITATION), ("agent", LinkPurpose.SIGN_IN)):
        if office[who] in people:  # an installation of before there was a team has no agent
            _, links[who] = signing_in.make_link(
                session, purpose=purpose, now=now, days=LINK_DAYS, candidate_id=people[office[who]]
            )
    return links
