"""Archives of proofs too large to be made while somebody waits: what was asked for, whose, and how far each is."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import ProofArchiveState
from service.tables.columns import Row, belongs_to, choice, document, moment


class ProofArchive(Row, table=True):
    """One archive for whoever asked, and for nobody else; its file goes on the day `kept_until`."""

    __tablename__ = "proof_archive"
    __table_args__ = (sa.Index("ix_proof_archive_asker", "asked_by", "created_at"),)

    asked_by: UUID = belongs_to("staff")
    wanted: dict[str, Any] = document()
    trainings: int
    made: int = 0
    state: ProofArchiveState = choice(ProofArchiveState, default=ProofArchiveState.REQUESTED)
    sha256: str | None = Field(default=None, max_length=64)
    size_bytes: int | None = Field(default=None, sa_type=sa.BigInteger)
    created_at: datetime = moment()
    ready_at: datetime | None = moment(default=None)
    kept_until: datetime | None = moment(default=None, index=True)


class ProofArchiveTraining(Row, table=True):
    """One training that an archive is to hold, or holds: where somebody is erased, it is known which archives go."""

    __tablename__ = "proof_archive_training"
    __table_args__ = (sa.UniqueConstraint("archive_id", "position"),)

    archive_id: UUID = belongs_to("proof_archive")
    candidate_id: UUID = belongs_to("candidate")
    assignment_id: UUID = belongs_to("assignment")
    position: int
