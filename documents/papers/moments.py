"""Moments on paper: day and hour as clocks in France show them."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime

PARIS = ZoneInfo("Europe/Paris")


def _in_paris(moment: datetime) -> datetime:
    return moment.astimezone(PARIS)


Moment = Annotated[AwareDatetime, AfterValidator(_in_paris)]
"""An aware instant, kept and printed on the clock of Paris."""
