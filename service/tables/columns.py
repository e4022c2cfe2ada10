"""How the columns of every table are written, so that SQLite and PostgreSQL keep the same thing."""

from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import class_mapper
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from service.runtime.ids import new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
"""Replace the whole value to change it: an in-place change is not saved."""

T = TypeVar("T", bound=type[SQLModel])


class Row(SQLModel):
    """What every table has: a random public id."""

    id: UUID = Field(default_factory=new_id, primary_key=True)


def choice(kind: type[StrEnum], *, length: int = 30, **options: Any) -> Any:
    """A column that holds a member's value as text, without a native type and without a CHECK to migrate."""
    return Field(
        sa_type=sa.Enum(
            kind, native_enum=False, create_constraint=False, length=length, values_callable=_values
        ),
        **options,
    )


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def moment(**options: Any) -> Any:
    """An aware instant, kept in UTC; a naive one is refused."""
    return Field(sa_type=UTCDateTime, **options)


def document(**options: Any) -> Any:
    """A JSON value (JSONB on PostgreSQL)."""
    return Field(sa_type=Json, **options)


def belongs_to(target: str, *, ondelete: str = "CASCADE", **options: Any) -> Any:
    """A foreign key to `table.id`; the rule on deletion is always written."""
    return Field(foreign_key=f"{target}.id", ondelete=ondelete, index=True, **options)  # type: ignore[call-overload]


def versioned(table: T) -> T:
    """Count versions: an update of a row that somebody changed meanwhile raises StaleDataError."""
    mapper = class_mapper(table)
    mapper.version_id_col = table.__table__.c.version  # type: ignore[attr-defined]
    return table
