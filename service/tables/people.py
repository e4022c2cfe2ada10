"""People: staff, candidates, and how each proves who they are."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import LinkPurpose, Locale, Role, Source
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class Staff(Row, table=True):
    """Somebody of the employer (or of a client) who signs in here, written to in the language of `locale`.

    No password is set at first, none is a default.
    """

    name: str = Field(max_length=200)
    email: str = Field(max_length=320, unique=True)
    role: Role = choice(Role)
    locale: Locale = choice(Locale, default=Locale.FR)
    password_hash: str | None = Field(default=None, max_length=300)
    sees_all_programmes: bool = True
    is_active: bool = True
    created_at: datetime = moment()
    version: int = 1


class StaffProgramme(Row, table=True):
    """One programme that a member of staff may see when not all are theirs."""

    __tablename__ = "staff_programme"
    __table_args__ = (sa.UniqueConstraint("staff_id", "programme_id"),)

    staff_id: UUID = belongs_to("staff")
    programme_id: UUID = belongs_to("programme")


@versioned
class Candidate(Row, table=True):
    """One person, known by name or only by pseudonym, before and after hiring; `profile` is the person's own account.

    `folded_name`, `folded_email` and `folded_phone` exist to show likely duplicates; nothing is merged silently.
    `ledger` repeats what counts of the skill entries, so that matching reads one row a person; `ledger_until` is the
    next day on which age changes a level. Both are rewritten by the flow that writes an entry, without a new version.
    """

    external_id: str | None = Field(default=None, max_length=64, unique=True)
    pseudonym: str = Field(max_length=40)
    given_name: str = Field(default="", max_length=100)
    family_name: str = Field(default="", max_length=100)
    email: str = Field(default="", max_length=320)
    phone: str = Field(default="", max_length=40)
    folded_name: str = Field(default="", max_length=220, index=True)
    folded_email: str = Field(default="", max_length=320, index=True)
    folded_phone: str = Field(default="", max_length=40, index=True)
    locale: Locale = choice(Locale, default=Locale.FR)
    source: Source = choice(Source)
    profile: dict[str, Any] = document()
    is_agent: bool = False
    autonomy_score: int | None = None
    environment_score: int | None = None
    equipment_score: int | None = None
    ledger: list[dict[str, Any]] | None = document(default=None, nullable=True)
    ledger_until: date | None = Field(default=None, index=True)
    created_at: datetime = moment(index=True)
    updated_at: datetime = moment()
    version: int = 1


class CandidateSkill(Row, table=True):
    """One known skill that a phrase of a person's file was read as; rebuilt whenever the profile changes."""

    __tablename__ = "candidate_skill"
    __table_args__ = (sa.UniqueConstraint("candidate_id", "skill"),)

    candidate_id: UUID = belongs_to("candidate")
    skill: str = Field(max_length=80, index=True)
    phrase: str = Field(max_length=500)
    confidence: int
    taxonomy_edition: str = Field(max_length=40)


class SignIn(Row, table=True):
    """One signed-in session; the token itself is only in the person's hands. `is_blind`: people without identity."""

    __tablename__ = "sign_in"

    token_hash: str = Field(max_length=64, unique=True)
    staff_id: UUID | None = belongs_to("staff", default=None)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    is_blind: bool = False


class OneTimeLink(Row, table=True):
    """A link that opens once: opening its page uses nothing up, pressing its button does."""

    __tablename__ = "one_time_link"

    token_hash: str = Field(max_length=64, unique=True)
    purpose: LinkPurpose = choice(LinkPurpose)
    staff_id: UUID | None = belongs_to("staff", default=None)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    offer_id: UUID | None = Field(default=None)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class ApiToken(Row, table=True):
    """A machine's credential: it acts within its scopes for whoever made it, and can decide nothing about a person."""

    __tablename__ = "api_token"

    name: str = Field(max_length=100)
    token_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = document()
    staff_id: UUID = belongs_to("staff")
    created_at: datetime = moment()
    expires_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)
