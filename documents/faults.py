"""Why a document cannot be issued, and one such finding."""

from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Why a document cannot be issued yet."""

    ABSENT = "absent"
    UNCONFIRMED = "unconfirmed"
    BELOW_MINIMUM = "below_minimum"
    INCONSISTENT = "inconsistent"
    NO_FIGURE = "no_figure"
    UNSHOWABLE = "unshowable"


class Finding(NamedTuple):
    """One thing found: what is wrong, where, in words, by which text, and what to do."""

    fault: Fault
    field: str
    label: str
    article: str
    remedy: str
