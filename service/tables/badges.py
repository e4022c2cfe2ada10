"""Badges: the keys that sign them, and each one that was given for a finished path."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from service.tables.columns import Row, belongs_to, document, moment


class SigningKey(Row, table=True):
    """A pair of keys that signs badges: the public half for everybody, the private one under the vault's seal.

    The newest one signs; older ones stay, since what they signed is still to be verified.
    """

    __tablename__ = "signing_key"

    thumbprint: str = Field(max_length=64, unique=True)
    public_jwk: dict[str, Any] = document()
    sealed: bytes
    created_at: datetime = moment()


class Badge(Row, table=True):
    """One signed credential for one finished path; withdrawn by a person with a reason, never signed anew.

    `subject` is whom the credential speaks of, a name used nowhere else. `is_name_shown` is the holder's own choice
    for the public page.
    """

    candidate_id: UUID = belongs_to("candidate")
    assignment_id: UUID = belongs_to("assignment", unique=True)
    key_id: UUID = belongs_to("signing_key", ondelete="RESTRICT")
    subject: UUID
    path: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    title_fr: str = Field(max_length=200)
    title_en: str = Field(max_length=200)
    issuer_name: str = Field(max_length=200)
    signed: str
    is_name_shown: bool = False
    issued_at: datetime = moment()
    completed_at: datetime = moment()
    valid_until: datetime | None = moment(default=None)
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    withdrawal_reason: str = Field(default="", max_length=500)
