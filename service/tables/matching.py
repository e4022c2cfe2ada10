"""What matching reads of each person, packed so that a whole base loads in one go."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.tables.columns import Row, belongs_to


class PackedReading(Row, table=True):
    """One person's reading in bytes; made anew whenever the profile changes, and never the source of anything.

    `layout` names the editions and the form of the bytes, so that what an older release packed is packed again.
    `revision` is drawn anew each time: the sum of all tells a process whether what it holds is still what is stored.
    `profile` holds what many people share (a week, languages) and `words` the stems of the person's lines: both are
    read for a few people, or for a wish that no known skill covers.
    """

    __tablename__ = "packed_reading"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id"),
        sa.Index("ix_packed_reading_state", "layout", "revision"),
    )

    candidate_id: UUID = belongs_to("candidate")
    layout: str = Field(max_length=40)
    revision: int
    packed: bytes
    profile: bytes
    words: bytes
