"""Lists of skills brought in from elsewhere, what people changed in them here, and phrases nobody understood yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from assessments.skills.revisions import SkillChange
from service.runtime.vocabulary import ImportState, Locale, PhraseState
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


class SkillEdition(Row, table=True):
    """One edition of one list: the files it was read from, by their hashes, and what it changed.

    `sha256` is of the concepts read, so that the same list in other files is known as the same. `report` is a
    `flows/skill_lists.Report`.
    """

    __tablename__ = "skill_edition"
    __table_args__ = (sa.Index("ix_skill_edition_scheme_applied_at", "scheme", "applied_at"),)

    scheme: str = Field(max_length=32)
    title: str = Field(max_length=200)
    edition: str = Field(max_length=80)
    sha256: str = Field(max_length=64)
    source: str = Field(default="", max_length=500)
    licence: str = Field(default="", max_length=200)
    files: list[dict[str, Any]] = document()
    state: ImportState = choice(ImportState)
    report: dict[str, Any] = document()
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    applied_at: datetime | None = moment(default=None)


class SkillConcept(Row, table=True):
    """One skill of a list, as its newest edition says it; one that an edition leaves out stays, with `removed_at`.

    `former` are labels that earlier editions gave it: they still name it. `label` sorts, `folded` is searched.
    """

    __tablename__ = "skill_concept"
    __table_args__ = (sa.Index("ix_skill_concept_scheme_label", "scheme", "label", "id"),)

    uri: str = Field(max_length=300, unique=True)
    scheme: str = Field(max_length=32)
    notation: str = Field(max_length=300)
    label: str = Field(max_length=600)
    folded: str
    concept: dict[str, Any] = document()
    former: list[str] = document()
    edition_id: UUID = belongs_to("skill_edition")
    removed_at: datetime | None = moment(default=None)


class SkillRevision(Row, table=True):
    """One change that a person made to one skill, of any list; `number` counts them and names the edition it makes.

    `name` is the alias, or the uri of the broader skill ("" takes it away).
    """

    __tablename__ = "skill_revision"

    number: int = Field(unique=True)
    uri: str = Field(max_length=300, index=True)
    kind: SkillChange = choice(SkillChange)
    locale: Locale = choice(Locale, default=Locale.FR)
    name: str = Field(max_length=300)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    made_at: datetime = moment()
    phrase_id: UUID | None = belongs_to("skill_phrase", ondelete="SET NULL", default=None)


@versioned
class SkillPhrase(Row, table=True):
    """A phrase that no list understood, as it was first written, and what a person said it means."""

    __tablename__ = "skill_phrase"
    __table_args__ = (sa.Index("ix_skill_phrase_state_folded", "state", "folded"),)

    folded: str = Field(max_length=300, unique=True)
    phrase: str = Field(max_length=300)
    locale: Locale = choice(Locale, default=Locale.FR)
    state: PhraseState = choice(PhraseState, default=PhraseState.OPEN)
    uri: str = Field(default="", max_length=300)
    first_seen_at: datetime = moment()
    answered_at: datetime | None = moment(default=None)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    version: int = 1


class SkillPhraseUse(Row, table=True):
    """Whose file or which programme holds an unresolved phrase; it goes when they go."""

    __tablename__ = "skill_phrase_use"
    __table_args__ = (
        sa.UniqueConstraint("phrase_id", "candidate_id"),
        sa.UniqueConstraint("phrase_id", "programme_id"),
    )

    phrase_id: UUID = belongs_to("skill_phrase")
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    programme_id: UUID | None = belongs_to("programme", default=None)


class SkillReading(Row, table=True):
    """Which version of a file or programme was last read for phrases that nobody understands."""

    __tablename__ = "skill_reading"

    candidate_id: UUID | None = Field(
        default=None, foreign_key="candidate.id", ondelete="CASCADE", unique=True
    )
    programme_id: UUID | None = Field(
        default=None, foreign_key="programme.id", ondelete="CASCADE", unique=True
    )
    read_version: int
