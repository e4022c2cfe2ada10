"""Writing paths: drafts that trainers work on, editions published, editions taken back, and files to teach with."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.tables.columns import Row, belongs_to, document, moment, versioned


@versioned
class TrainingDraft(Row, table=True):
    """The next edition of one path, kept as it was typed, however faulty; `based_on` is the edition it began from."""

    __tablename__ = "training_draft"

    path: str = Field(max_length=80, unique=True)
    document: dict[str, Any] = document()
    based_on: str = Field(default="", max_length=40)
    created_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    edited_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    edited_at: datetime = moment()
    version: int = 1


class TrainingEdition(Row, table=True):
    """One edition of a path as it was published: never changed, since people began it; `note` says what is new."""

    __tablename__ = "training_edition"
    __table_args__ = (sa.UniqueConstraint("path", "edition"),)

    path: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    document: dict[str, Any] = document()
    note: str = Field(default="", max_length=2000)
    published_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    published_at: datetime = moment()


class EditionWithdrawal(Row, table=True):
    """An edition, published here or shipped, that nobody is given any more; those who began it go on."""

    __tablename__ = "edition_withdrawal"
    __table_args__ = (sa.UniqueConstraint("path", "edition"),)

    path: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    reason: str = Field(max_length=2000)
    withdrawn_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    withdrawn_at: datetime = moment()


class TeachingFile(Row, table=True):
    """One file that modules may show or hand out, kept once by its SHA-256."""

    __tablename__ = "teaching_file"

    sha256: str = Field(max_length=64, unique=True)
    media_type: str = Field(max_length=100)
    size_bytes: int = Field(sa_type=sa.BigInteger)
    file_name: str = Field(max_length=200)
    uploaded_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    uploaded_at: datetime = moment()
