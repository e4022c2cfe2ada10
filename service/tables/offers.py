"""Offers, the facts that only a contract needs, and the packs made of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import OfferState, PackState
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Offer(Row, table=True):
    """One offer for one application. `terms` is what is offered; both wills to work from home are dated here.

    `confirmations`: figures of law not yet verified, each with the person who confirmed it and when.
    """

    __table_args__ = (sa.Index("ix_offer_created_at", "created_at", "id"),)

    application_id: UUID = belongs_to("application")
    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID = belongs_to("programme")
    state: OfferState = choice(OfferState, default=OfferState.DRAFT)
    terms: dict[str, Any] = document()
    start_date: date
    employer_will_at: datetime | None = moment(default=None)
    candidate_will_at: datetime | None = moment(default=None)
    sent_at: datetime | None = moment(default=None)
    answered_at: datetime | None = moment(default=None)
    answer_note: str = Field(default="", max_length=2000)
    confirmations: list[dict[str, Any]] = document()
    made_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    version: int = 1


@versioned
class CivilDetails(Row, table=True):
    """What a contract must say of a person and an application must not ask: only after an offer was accepted."""

    __tablename__ = "civil_details"

    candidate_id: UUID = belongs_to("candidate", unique=True)
    facts: dict[str, Any] = document()
    updated_at: datetime = moment()
    version: int = 1


class Pack(Row, table=True):
    """One set of documents to sign. `facts` are frozen when it is asked for, so a retry says the same."""

    __table_args__ = (sa.UniqueConstraint("series", "year", "number"),)

    offer_id: UUID = belongs_to("offer")
    candidate_id: UUID = belongs_to("candidate")
    series: str = Field(max_length=20)
    year: int
    number: int
    state: PackState = choice(PackState, default=PackState.REQUESTED)
    failure: str = Field(default="", max_length=2000)
    facts: dict[str, Any] = document()
    archive_sha256: str | None = Field(default=None, max_length=64)
    manifest: dict[str, Any] | None = document(default=None, nullable=True)
    requested_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    ready_at: datetime | None = moment(default=None)


class Document(Row, table=True):
    """One document of a pack, kept by its SHA-256."""

    __table_args__ = (sa.UniqueConstraint("pack_id", "kind"),)

    pack_id: UUID = belongs_to("pack")
    candidate_id: UUID = belongs_to("candidate")
    position: int
    kind: str = Field(max_length=60)
    title: str = Field(max_length=200)
    template_edition: str = Field(max_length=40)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size_bytes: int
    pages: int
    created_at: datetime = moment()
