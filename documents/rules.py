"""Working-time, trial and notice figures of the convention and the Code: one dated, sourced edition."""

from datetime import date
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from documents.edition_text import read_yaml
from documents.rates import Confidence, Frozen, RatesError


class ByStatus(Frozen):
    """One figure for each group of the grid."""

    employe: int = Field(ge=0)
    tam: int = Field(ge=0)
    cadre: int = Field(ge=0)


class WordsByStatus(Frozen):
    employe: str
    tam: str
    cadre: str


class Sourced(Frozen):
    source: str
    confidence: Confidence
    note: str | None = None


class TrialRules(Sourced):
    cdi_months: ByStatus
    renewal_days: ByStatus
    renewal_words: WordsByStatus
    renewal_employee_from_coefficient: int
    cdd_days_per_week: int
    cdd_short_months: int
    cdd_short_max_days: int
    cdd_long_max_days: int


class NoticeStep(Frozen):
    from_presence_days: int
    after: str
    words: str


class TrialNotice(Sourced):
    employer: tuple[NoticeStep, ...]
    employee: tuple[NoticeStep, ...]


class NoticeRules(Sourced):
    resignation_months: ByStatus
    dismissal_months: ByStatus
    dismissal_after_two_years_months: ByStatus
    job_search_hours_per_day: int


class PartTimeRules(Sourced):
    """Minutes a week; shares are (numerator, denominator) of the contract's hours."""

    floor_minutes: int
    full_time_minutes: int
    complementary_share: tuple[int, int]
    first_tier_share: tuple[int, int]
    first_tier_increase_percent: int
    second_tier_increase_percent: int
    change_notice_working_days: int
    excess_minutes: int
    excess_weeks: int


class WorkingTimeRules(Sourced):
    max_day_minutes: int
    max_week_minutes: int
    average_week_minutes: int
    rest_minutes: int
    overtime_first_hours: int
    overtime_first_percent: int
    overtime_beyond_percent: int


class Pace(Frozen):
    inbound: int
    outbound: int


class PacingSeconds(Frozen):
    simple: Pace
    complex: Pace


class BreakRules(Sourced):
    longest_sequence_minutes: int
    pause_minutes_per_two_hours: int
    pause_minutes_per_three_hours: int
    lunch_minutes: int
    pacing_seconds: PacingSeconds


class PremiumRules(Sourced):
    sunday_percent: int
    night_percent: int


class FixedTermRules(Sourced):
    end_indemnity_percent: int
    max_months: int
    max_renewals: int


class LeaveRules(Sourced):
    tenths_of_working_days_per_month: int
    sick_child_days: int


class SickPayRules(Sourced):
    seniority_months: int
    proof_hours: int


class Rules(Frozen):
    """One edition of the branch's rules, whole."""

    rules: Literal["idcc-2098"]
    edition: str
    valid_from: date
    convention: str
    agreements: tuple[str, ...]
    trial: TrialRules
    trial_notice: TrialNotice
    notice: NoticeRules
    part_time: PartTimeRules
    working_time: WorkingTimeRules
    breaks: BreakRules
    premiums: PremiumRules
    fixed_term: FixedTermRules
    leave: LeaveRules
    sick_pay: SickPayRules


def read(text: str) -> Rules:
    """One edition from YAML, checked whole; raises RatesError with every fault."""
    try:
        return Rules.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise RatesError(str(error)) from error
