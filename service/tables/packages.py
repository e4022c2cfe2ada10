"""Training packages of authoring tools: what the shelf holds, who plays which, and the windows they play in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import PackageKind
from service.tables.columns import Row, belongs_to, choice, document, moment


class Package(Row, table=True):
    """One ZIP file that was found sound, kept whole by its SHA-256; `manifest` is what it offers, as it was read then.

    Withdrawn, it stays for those who began it; nobody else opens it.
    """

    __table_args__ = (sa.Index("ix_package_created_at", "created_at", "id"),)

    sha256: str = Field(max_length=64, unique=True)
    kind: PackageKind = choice(PackageKind)
    title: str = Field(max_length=255)
    file_name: str = Field(max_length=200)
    size_bytes: int = Field(sa_type=sa.BigInteger)
    unpacked_bytes: int = Field(sa_type=sa.BigInteger)
    files: int
    manifest: dict[str, Any] = document()
    rules_edition: str = Field(max_length=40)
    created_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    withdrawn_why: str = Field(default="", max_length=2000)


class PackageEntry(Row, table=True):
    """Where one file of a package lies in its ZIP: nothing is ever unpacked, and one row finds a file."""

    __tablename__ = "package_entry"
    __table_args__ = (sa.UniqueConstraint("package_id", "name"),)

    package_id: UUID = belongs_to("package")
    name: str = Field(max_length=512)
    size: int = Field(sa_type=sa.BigInteger)
    packed: int = Field(sa_type=sa.BigInteger)
    crc: int = Field(sa_type=sa.BigInteger)
    is_deflated: bool
    data_at: int = Field(sa_type=sa.BigInteger)


class PackageAttempt(Row, table=True):
    """One learner in one package of one module: `percent` of its units done, and the mean score of those that keep one.

    Scores are hundredths of a percent. `seconds` is time really spent, of all its windows together.
    """

    __tablename__ = "package_attempt"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "module", "package_id"),
        sa.Index("ix_package_attempt_of_package", "package_id", "begun_at", "id"),
    )

    assignment_id: UUID = belongs_to("assignment")
    candidate_id: UUID = belongs_to("candidate")
    package_id: UUID = Field(foreign_key="package.id", ondelete="RESTRICT")
    module: str = Field(max_length=80)
    begun_at: datetime = moment()
    reported_at: datetime | None = moment(default=None)
    completed_at: datetime | None = moment(default=None)
    percent: int = 0
    score_hundredths: int | None = None
    seconds: int = 0


class PackageUnit(Row, table=True):
    """One unit of an attempt: the whole `state` as its content last told it, and what lists need of it."""

    __tablename__ = "package_unit"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "unit"),)

    attempt_id: UUID = belongs_to("package_attempt")
    unit: str = Field(max_length=255)
    state: dict[str, Any] = document()
    best_status: str = Field(max_length=20)
    best_hundredths: int | None = None
    centiseconds: int = Field(default=0, sa_type=sa.BigInteger)


class PackageSession(Row, table=True):
    """One window in which one unit plays: its token reports for this attempt, its folder serves this package.

    Both are secrets, kept as hashes. Without an attempt it is somebody of the staff who looks: nothing of it is kept.
    """

    __tablename__ = "package_session"

    package_id: UUID = belongs_to("package")
    attempt_id: UUID | None = belongs_to("package_attempt", default=None)
    staff_id: UUID | None = belongs_to("staff", default=None)
    unit: str = Field(max_length=255)
    token_hash: str = Field(max_length=64, unique=True)
    folder_hash: str = Field(max_length=64, unique=True)
    opened_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    reported_at: datetime | None = moment(default=None)
    seconds: int = 0
