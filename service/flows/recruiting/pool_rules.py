"""The dated rules of the talent pool (pool.yaml), and what keeps somebody from being written to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field, TypeAdapter

from assessments.editions import Edition
from assessments.values import Text
from service.flows.people.retention import months_after
from service.runtime.clock import civil_date
from service.runtime.editions import in_force
from service.store.recruiting.pool import PoolStanding


class Barrier(StrEnum):
    """Why somebody is not written to about a post; one is enough."""

    NOT_ASKED = "not_asked"
    SAID_NO = "said_no"
    YES_TOO_OLD = "yes_too_old"
    NO_ADDRESS = "no_address"
    PAST_RETENTION = "past_retention"
    WRITTEN_LATELY = "written_lately"
    ABOUT_THIS_ALREADY = "about_this_already"
    NOT_IN_POOL = "not_in_pool"
    DOES_NOT_FIT = "does_not_fit"


class PoolRule(Edition):
    """One edition of the rules."""

    yes_holds_months: int = Field(ge=1)
    quiet_days: int = Field(ge=0)
    most_at_once: int = Field(ge=1)
    wording: Text
    barriers: dict[Barrier, Text]

    def barrier(self, one: PoolStanding, *, now: datetime, kept_until: datetime | None) -> Barrier | None:
        """What keeps this person from being written to at this moment, the person's own word first; None for nothing.

        `kept_until` is when their data are past the time files are kept.
        """
        if one.is_yes is None or one.said_at is None:
            return Barrier.NOT_ASKED
        if not one.is_yes:
            return Barrier.SAID_NO
        if months_after(one.said_at, self.yes_holds_months) <= now:
            return Barrier.YES_TOO_OLD
        if kept_until is not None and kept_until <= now:
            return Barrier.PAST_RETENTION
        if not one.email:
            return Barrier.NO_ADDRESS
        if one.is_written_about_this:
            return Barrier.ABOUT_THIS_ALREADY
        if one.written_at is not None and one.written_at + timedelta(days=self.quiet_days) > now:
            return Barrier.WRITTEN_LATELY
        return None


@cache
def editions() -> Sequence[PoolRule]:
    """Every edition, checked whole."""
    text = files("service.flows.recruiting").joinpath("pool.yaml").read_text("utf-8")
    return TypeAdapter(list[PoolRule]).validate_python(yaml.safe_load(text))


def rule_on(moment: datetime) -> PoolRule:
    return in_force(editions(), civil_date(moment))
