"""Packs of documents and the documents in them: which ones somebody reaches, and how far each pack is."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import PackState
from service.store.papers.offers import offers_within
from service.store.reach import id_of
from service.tables.offers import Document, Offer, Pack


class DocumentFacts(BaseModel):
    """One document of a pack."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    pack_id: UUID
    candidate_id: UUID
    position: int
    kind: str
    title: str
    template_edition: str
    file_name: str
    sha256: str
    size_bytes: int
    pages: int
    created_at: datetime


class MadePackFacts(BaseModel):
    """One pack and what is in it; no document before it is ready."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    offer_id: UUID
    candidate_id: UUID
    state: PackState
    failure: str
    reference: str
    archive_sha256: str | None
    manifest: dict[str, Any] | None
    created_at: datetime
    ready_at: datetime | None
    documents: tuple[DocumentFacts, ...] = ()


def packs_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Pack`: its offer is within reach; a candidate sees only what is ready."""
    reach = col(Pack.offer_id).in_(select(col(Offer.id)).where(offers_within(actor)))
    if actor.kind is ActorKind.CANDIDATE:
        return sa.and_(reach, col(Pack.state) == PackState.READY)
    return reach


async def facts_of(session: AsyncSession, actor: Actor, pack_id: str | UUID) -> MadePackFacts:
    """The pack, if within reach; NotFound otherwise."""
    found = await _packs(session, actor, col(Pack.id) == id_of(pack_id))
    if not found:
        raise NotFound
    return found[0]


async def of_offer(session: AsyncSession, actor: Actor, offer_id: UUID) -> tuple[MadePackFacts, ...]:
    """Every pack of an offer, the newest first."""
    return await _packs(session, actor, col(Pack.offer_id) == offer_id)


async def of_candidate(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[MadePackFacts, ...]:
    """Every pack of a person within the actor's reach, the newest first."""
    return await _packs(session, actor, col(Pack.candidate_id) == candidate_id)


async def document_of(session: AsyncSession, actor: Actor, document_id: str | UUID) -> DocumentFacts:
    """The document, if its pack is within reach; NotFound otherwise."""
    row = await session.scalar(
        select(Document)
        .join(Pack, col(Pack.id) == col(Document.pack_id))
        .where(col(Document.id) == id_of(document_id), packs_within(actor))
    )
    if row is None:
        raise NotFound
    return DocumentFacts.model_validate(row)


async def requested_of(session: AsyncSession, offer_id: UUID) -> UUID | None:
    """The pack of this offer that is being made, if any."""
    found: UUID | None = await session.scalar(
        select(col(Pack.id)).where(col(Pack.offer_id) == offer_id, col(Pack.state) == PackState.REQUESTED)
    )
    return found


async def _packs(
    session: AsyncSession, actor: Actor, condition: ColumnElement[bool]
) -> tuple[MadePackFacts, ...]:
    rows = await session.scalars(
        select(Pack)
        .where(condition, packs_within(actor))
        .order_by(col(Pack.created_at).desc(), col(Pack.id).desc())
    )
    packs = list(rows)
    documents = await session.scalars(
        select(Document)
        .where(col(Document.pack_id).in_([pack.id for pack in packs]))
        .order_by(col(Document.position))
    )
    inside = [DocumentFacts.model_validate(document) for document in documents]
    return tuple(_facts(pack, inside) for pack in packs)


def _facts(pack: Pack, documents: list[DocumentFacts]) -> MadePackFacts:
    return MadePackFacts(
        id=pack.id,
        offer_id=pack.offer_id,
        candidate_id=pack.candidate_id,
        state=pack.state,
        failure=pack.failure,
        reference=pack.facts.get("plan", {}).get("reference", ""),
        archive_sha256=pack.archive_sha256,
        manifest=pack.manifest,
        created_at=pack.created_at,
        ready_at=pack.ready_at,
        documents=tuple(document for document in documents if document.pack_id == pack.id),
    )
