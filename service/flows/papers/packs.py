"""A pack of documents is asked for with its facts frozen, made by durable work, and read by those it concerns."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import PackFacts
from documents.kinds import KINDS
from documents.law import Law
from documents.packs import Pack as MadePack
from documents.packs import PackPlan, PackRefused, check_pack, plan_pack
from service.flows.accounts import signing_in
from service.flows.mail import mailing
from service.flows.mail.letters import compose, moment_words
from service.flows.papers.offers import job_title_of, standing_of
from service.flows.papers.offers_checks import fault_of
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.errors import Conflict, Forbidden, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import new_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, OfferState, PackState, WorkKind
from service.store import audit
from service.store.mail import outbox
from service.store.papers import offers
from service.store.papers import packs as store
from service.store.papers.number_series import next_number, reference_of
from service.store.papers.packs import DocumentFacts, MadePackFacts
from service.tables.offers import Document, Offer, Pack

SERIES = "DOS"
"""The register of packs (*dossiers*): numbers follow one another in the order they are asked for, from 1 each year."""


async def request_pack(
    session: AsyncSession, actor: Actor, offer_id: str | UUID, *, law: Law, now: datetime
) -> MadePackFacts:
    """Freeze the facts and ask for the documents; RuleBroken names everything that is missing."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await offers.offer_row(session, actor, offer_id)
    if row.state not in (OfferState.SENT, OfferState.ACCEPTED):
        raise Conflict("This offer is not accepted; there is no contract to make.", code="offer-state")
    if await store.requested_of(session, row.id):
        raise Conflict("A pack of this offer is being made already.", code="pack-under-way")
    year = civil_date(now).year
    facts = await _whole_facts(session, row, law=law, now=now)
    number = await next_number(session, SERIES, year=year)
    plan = _plan(facts, reference_of(SERIES, year=year, number=number), law=law, now=now)
    pack = Pack(
        id=new_id(),
        offer_id=row.id,
        candidate_id=row.candidate_id,
        series=SERIES,
        year=year,
        number=number,
        facts={"plan": plan.model_dump(mode="json")},
        requested_by=actor.staff_id,
        created_at=now,
    )
    session.add(pack)
    await session.flush()
    outbox.ask(session, WorkKind.PACK, pack.id, now=now)
    audit.record(
        session,
        actor,
        action="pack.request",
        subject=("pack", pack.id),
        now=now,
        detail={"offer": str(row.id)},
    )
    return await store.facts_of(session, actor, pack.id)


async def _whole_facts(session: AsyncSession, row: Offer, *, law: Law, now: datetime) -> PackFacts:
    """What the documents say, nothing missing; RuleBroken names what is, before any number is taken."""
    _, _, checks = await standing_of(session, row, law=law, now=now)
    missing = check_pack(checks.facts, law=law, issued_at=now.astimezone(PARIS))
    if missing:
        faults = [*checks.unread, *map(fault_of, missing)]
        raise RuleBroken(
            "The documents cannot be made yet; see errors.", code="pack-incomplete", faults=faults
        )
    return checks.facts


def _plan(facts: PackFacts, reference: str, *, law: Law, now: datetime) -> PackPlan:
    """Every document worded now, so that a retry after an upgrade still says the same."""
    plan = plan_pack(facts, law=law, issued_at=now.astimezone(PARIS), reference=reference)
    assert not isinstance(plan, PackRefused), "checked before its number was taken"
    return plan


async def plan_of(session: AsyncSession, pack_id: UUID) -> PackPlan | None:
    """What is still to be made of a pack; None when it is ready, given up, or gone with its person."""
    row = await session.get(Pack, pack_id)
    if row is None or row.state is not PackState.REQUESTED:
        return None
    return PackPlan.model_validate(row.facts["plan"])


async def keep_pack(
    session: AsyncSession,
    pack_id: UUID,
    made: MadePack,
    *,
    archive_sha256: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Note the documents and say that the pack is ready; done before, it does nothing."""
    row = await session.get(Pack, pack_id)
    if row is None or row.state is not PackState.REQUESTED:
        return
    session.add_all(_documents(row, made, now=now))
    row.archive_sha256, row.manifest = archive_sha256, json.loads(made.manifest)
    row.state, row.ready_at = PackState.READY, now
    await _tell_person(session, row, settings=settings, now=now)


def _documents(row: Pack, made: MadePack, *, now: datetime) -> list[Document]:
    return [
        Document(
            pack_id=row.id,
            candidate_id=row.candidate_id,
            position=position,
            kind=issued.kind.value,
            title=issued.title[:200],
            template_edition=KINDS[issued.kind].edition,
            file_name=issued.file_name,
            sha256=issued.sha256,
            size_bytes=issued.size_bytes,
            pages=issued.pages,
            created_at=now,
        )
        for position, issued in enumerate(made.documents, start=1)
    ]


async def _tell_person(session: AsyncSession, row: Pack, *, settings: Settings, now: datetime) -> None:
    offer = await session.get(Offer, row.offer_id)
    hiring = await offers.hiring_of(session, offer) if offer else None
    if offer is None or hiring is None or not hiring.email:
        return
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.OFFER, now=now, days=settings.link_days, candidate_id=row.candidate_id,
        offer_id=offer.id,
    )  # fmt: skip
    words = compose(
        "documents_ready", hiring.locale, name=hiring.given_name, job_title=job_title_of(offer),
        url=f"{settings.public_url}/links/{token}", until=moment_words(link.expires_at, hiring.locale),
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=hiring.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=row.candidate_id, now=now,
    )  # fmt: skip


async def give_up(session: AsyncSession, pack_id: UUID, *, cause: str) -> None:
    """Say in words why the documents could not be made; a person may ask again."""
    row = await session.get(Pack, pack_id)
    if row is not None and row.state is PackState.REQUESTED:
        row.state, row.failure = PackState.FAILED, cause[:2000]


async def read_pack(
    session: AsyncSession, actor: Actor, pack_id: str | UUID, *, now: datetime
) -> MadePackFacts:
    """How far a pack is and what is in it; the reading is noted."""
    facts = await store.facts_of(session, actor, pack_id)
    audit.record(session, actor, action="pack.read", subject=("pack", facts.id), now=now)
    return facts


async def read_document(
    session: AsyncSession, actor: Actor, document_id: str | UUID, *, files: FileStore, now: datetime
) -> tuple[DocumentFacts, bytes]:
    """The bytes of one document; the reading is noted."""
    facts = await store.document_of(session, actor, document_id)
    audit.record(session, actor, action="document.read", subject=("document", facts.id), now=now)
    return facts, files.get(facts.sha256)


async def read_archive(
    session: AsyncSession, actor: Actor, pack_id: str | UUID, *, files: FileStore, now: datetime
) -> tuple[MadePackFacts, bytes]:
    """The whole pack as one archive with its manifest; NotFound before it is ready."""
    facts = await store.facts_of(session, actor, pack_id)
    if facts.archive_sha256 is None:
        raise NotFound("The archive is not ready yet.")
    audit.record(session, actor, action="pack.download", subject=("pack", facts.id), now=now)
    return facts, files.get(facts.archive_sha256)


async def packs_of_person(session: AsyncSession, actor: Actor, *, now: datetime) -> Sequence[MadePackFacts]:
    """One's own documents, once they are ready."""
    if actor.id is None:
        raise NotFound
    audit.record(session, actor, action="pack.read", subject=("candidate", actor.id), now=now)
    return await store.of_candidate(session, actor, actor.id)
