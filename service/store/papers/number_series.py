"""Numbers without a gap: taken in the transaction that issues, given back when it does not hold."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.ids import new_id
from service.tables.papers import NumberSeries


async def next_number(session: AsyncSession, series: str, *, year: int) -> int:
    """Take the next number of a series and year, from 1.

    One statement takes and locks: a second taker waits until the first commits (and gets the number after), or rolls
    back (and gets the same one). So take it late, and do nothing slow before the end of the transaction.
    """
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    last = col(NumberSeries.last_number)
    taking = (
        dialect.insert(NumberSeries)
        .values(id=new_id(), series=series, year=year, last_number=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last_number": last + 1})
        .returning(last)
    )
    number: int = (await session.execute(taking)).scalar_one()
    return number


def reference_of(series: str, *, year: int, number: int) -> str:
    """A number as papers and people write it.

    >>> reference_of("DOC", year=2026, number=42)
    'DOC-2026-00042'
    """
    return f"{series}-{year}-{number:05d}"
