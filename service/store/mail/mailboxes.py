"""Where a member of staff is written to, and in which language."""

from typing import NamedTuple

from sqlalchemy import Select, select
from sqlmodel import col

from service.runtime.vocabulary import Locale
from service.tables.people import Staff


class Mailbox(NamedTuple):
    """An address, and the language its reader chose."""

    address: str
    locale: Locale


def of_staff() -> Select[str, Locale]:
    """Mailboxes of those who still work here; the caller says whose. Each row is a `Mailbox(*row)`."""
    return select(col(Staff.email), col(Staff.locale)).where(col(Staff.is_active))
