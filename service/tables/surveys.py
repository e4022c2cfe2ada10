"""What people say about themselves for the fairness figures alone: optional, kept apart, never read one by one."""

from datetime import datetime
from uuid import UUID

from service.runtime.vocabulary import AgeBand, Sex
from service.tables.columns import Row, belongs_to, choice, moment


class SelfDescription(Row, table=True):
    """Sex and age band as somebody gave them. Only sums over many people leave; no other table points here."""

    __tablename__ = "self_description"

    candidate_id: UUID = belongs_to("candidate", unique=True)
    sex: Sex | None = choice(Sex, default=None, nullable=True)
    age_band: AgeBand | None = choice(AgeBand, default=None, nullable=True)
    given_at: datetime = moment()
