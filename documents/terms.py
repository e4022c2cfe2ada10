"""Dated terms of work of the Code and of IDCC 2098: notice, trial, part time, Sundays, end of a fixed term."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from documents.edition_text import read_yaml
from documents.rates import Confidence, Frozen, NoFigure, RatesError, Row, Status, doubt, find, join

Share = tuple[int, int]


class Ending(StrEnum):
    """How an open-ended contract ends: who ends it, and why."""

    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    LEAVING_FOR_RETIREMENT = "leaving_for_retirement"
    PUT_INTO_RETIREMENT = "put_into_retirement"


class Text(StrEnum):
    """Which text gives a figure: the Code du travail or the branch."""

    CODE = "code"
    BRANCH = "idcc-2098"


class Party(StrEnum):
    EMPLOYER = "employer"
    EMPLOYEE = "employee"


class SpecialDay(StrEnum):
    """Days paid more when worked; 1 May is apart from the other public holidays."""

    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"
    MAY_DAY = "may_day"


class NoIndemnity(StrEnum):
    """Why the end-of-contract indemnity of a CDD is not due (L1243-8, L1243-10)."""

    SEASONAL_OR_CUSTOMARY = "seasonal_or_customary"
    EMPLOYMENT_POLICY = "employment_policy"
    SCHOOL_HOLIDAYS = "school_holidays"
    OPEN_ENDED_REFUSED = "open_ended_refused"
    OPEN_ENDED_FOLLOWS = "open_ended_follows"
    ENDED_BY_EMPLOYEE = "ended_by_employee"
    GROSS_MISCONDUCT = "gross_misconduct"
    FORCE_MAJEURE = "force_majeure"
    ENDED_IN_TRIAL = "ended_in_trial"


class TeleworkStep(StrEnum):
    """What a delay of telework is for; an amendment for an economic reason leaves longer to answer."""

    AMENDMENT_ANSWER = "amendment_answer"
    ECONOMIC_AMENDMENT_ANSWER = "economic_amendment_answer"
    YEARLY_INTERVIEW = "yearly_interview"
    ACCIDENT_REPORT = "accident_report"


class DelayStep(StrEnum):
    """What a delay of hiring, of training or of an accident is for."""

    DPAE_EARLIEST = "dpae_earliest"
    DPAE_RECEIPT = "dpae_receipt"
    DPAE_DISPUTE = "dpae_dispute"
    INFORMATION_AFTER_NOTICE = "information_after_notice"
    CONTRACT_DELIVERY = "contract_delivery"
    FIXED_TERM_DELIVERY = "fixed_term_delivery"
    PREVENTION_VISIT = "prevention_visit"
    CAREER_INTERVIEW_FIRST = "career_interview_first"
    CAREER_INTERVIEW_EVERY = "career_interview_every"
    ACCIDENT_DECLARATION = "accident_declaration"
    TRAINING_PROOF = "training_proof"
    DATA_REQUEST_ANSWER = "data_request_answer"


class HiringItem(StrEnum):
    """The fourteen things that an employee is told in writing (R1221-34), in the order of the article."""

    PARTIES = "parties"
    PLACE = "place"
    JOB = "job"
    HIRING_DATE = "hiring_date"
    FIXED_TERM = "fixed_term"
    USER_COMPANY = "user_company"
    TRIAL = "trial"
    TRAINING = "training"
    LEAVE = "leave"
    ENDING = "ending"
    PAY = "pay"
    HOURS = "hours"
    AGREEMENTS = "agreements"
    PROTECTION = "protection"


class ApplicantData(StrEnum):
    """What is kept of an applicant, each for its own time."""

    APPLICATION = "application"
    TALENT_POOL = "talent_pool"
    DISPUTE = "dispute"


class NoticeRow(Row):
    """Months of notice from some months of seniority; without a status, for everybody."""

    ending: Ending
    text: Text
    status: Status | None = None
    from_seniority_months: int = Field(default=0, ge=0)
    months: int = Field(ge=0)
    job_search_minutes_per_day: int = Field(default=0, ge=0)
    is_job_search_paid: bool = False

    @property
    def series(self) -> str:
        group = self.status.value if self.status else "all"
        return f"{self.text}/{self.ending}/{group}/{self.from_seniority_months}"


class DisabledNoticeRow(Row):
    """What the legal notice of a dismissal is multiplied by for a disabled worker, and up to how many months."""

    factor: int = Field(ge=1)
    most_months: int = Field(gt=0)


class TrialRow(Row):
    """CDI trial of one group. `renewal_weeks` and `renewal_months` add up; `total_months` caps the whole."""

    status: Status
    months: int = Field(gt=0)
    renewal_weeks: int = Field(default=0, ge=0)
    renewal_months: int = Field(default=0, ge=0)
    renewal_from_coefficient: int = Field(default=0, ge=0)
    total_months: int = Field(gt=0)

    @property
    def series(self) -> str:
        return self.status.value


class FixedTermTrialRow(Row):
    """CDD trial: days for each week, capped by days for a short contract and by months for a longer one."""

    days_per_week: int = Field(gt=0)
    short_months: int = Field(gt=0)
    short_most_days: int = Field(gt=0)
    long_most_months: int = Field(gt=0)


class TrialNoticeRow(Row):
    """Notice while the trial runs, from some presence: days counted with the first, or whole months."""

    party: Party
    from_days: int = Field(default=0, ge=0)
    from_months: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)
    weeks: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    words: str

    @property
    def series(self) -> str:
        return f"{self.party}/{self.from_months}/{self.from_days}"


class FixedTermNoticeRow(Row):
    """Notice of a person who leaves a CDD for a CDI: days for each week of the contract, up to some weeks."""

    days_per_week: int = Field(gt=0)
    most_weeks: int = Field(gt=0)


class ComplementaryRow(Row):
    """Limits and increases of complementary hours; shares are of the contract's hours."""

    full_time_minutes: int = Field(gt=0)
    complementary_share: Share
    first_tier_share: Share
    first_tier_increase_percent: int = Field(ge=0)
    second_tier_increase_percent: int = Field(ge=0)
    excess_minutes: int = Field(gt=0)
    excess_weeks: int = Field(gt=0)
    excess_among_weeks: int = Field(gt=0)
    excess_notice_days: int = Field(ge=0)


class SpecialDayRow(Row):
    """What a worked special day adds: pay and rest, each in hundredths of the hours."""

    kind: SpecialDay
    increase_percent: int = Field(ge=0)
    rest_percent: int = Field(default=0, ge=0)

    @property
    def series(self) -> str:
        return self.kind.value


class IndemnityRow(Row):
    """The end-of-contract indemnity of a CDD; the reduced one needs an agreement that offers training."""

    percent: int = Field(gt=0)
    reduced_percent: int = Field(gt=0)


class NoIndemnityRow(Row):
    reason: NoIndemnity
    article: str
    words: str

    @property
    def series(self) -> str:
        return self.reason.value


class AnnualGuaranteeRow(Row):
    """From a coefficient, a lower month against a yearly guarantee; both in hundredths of the grid."""

    from_coefficient: int = Field(gt=0)
    monthly_percent: int = Field(gt=0, le=100)
    annual_percent: int = Field(ge=100)


class IndemnityTier(Frozen):
    """The share of a month's pay for each year of a tier of seniority; without `up_to_years`, to the end."""

    up_to_years: int | None = Field(default=None, gt=0)
    share: Share


class DismissalIndemnityRow(Row):
    """One text's scale of the dismissal indemnity, from some months of seniority."""

    text: Text
    statuses: tuple[Status, ...] = Field(min_length=1)
    from_seniority_months: int = Field(ge=0)
    most_months_of_pay: int | None = Field(default=None, gt=0)
    tiers: tuple[IndemnityTier, ...] = Field(min_length=1)

    @property
    def series(self) -> str:
        return self.text.value


class ProrationRow(Row):
    """How the pay of a month begun or left is shared out."""

    rule: Literal["real_hours"]
    words: str


class TeleworkDelayRow(Row):
    """How long one step of telework lasts at most, or at least: hours, days or months."""

    step: TeleworkStep
    hours: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    words: str

    @property
    def series(self) -> str:
        return self.step.value


class SensitiveWordRow(Row):
    """The beginning of a word that tells of health or of a protected situation, which a letter does not record.

    Lower case without accents, as the texts are folded before they are held against it.
    """

    stem: str = Field(pattern=r"^[a-z][a-z ]+$")

    @property
    def series(self) -> str:
        return self.stem


class DelayRow(Row):
    """How long one step lasts: hours, days, months or years, and in words; days may be working days only."""

    step: DelayStep
    hours: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    is_working_days: bool = False
    months: int = Field(default=0, ge=0)
    years: int = Field(default=0, ge=0)
    words: str

    @property
    def series(self) -> str:
        return self.step.value


class HiringItemRow(Row):
    """One item of R1221-34: its number, by when from hiring, and whether naming the texts is enough (R1221-35)."""

    item: HiringItem
    number: int = Field(gt=0)
    label: str
    days: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    may_refer: bool = False

    @property
    def series(self) -> str:
        return self.item.value


class RetentionRow(Row):
    """How long something about an applicant is kept, from when, and what for."""

    data: ApplicantData
    label: str
    months: int = Field(gt=0)
    words: str
    since: str
    purpose: str

    @property
    def series(self) -> str:
        return self.data.value


class TermsFile(Frozen):
    """What every edition of terms carries."""

    terms: str
    edition: str
    title: str
    rows: tuple[Row, ...]


class NoticeEdition(TermsFile):
    terms: Literal["notice"]
    rows: tuple[NoticeRow, ...] = Field(min_length=1)


class DisabledNoticeEdition(TermsFile):
    terms: Literal["disabled-notice"]
    rows: tuple[DisabledNoticeRow, ...] = Field(min_length=1)


class TrialEdition(TermsFile):
    terms: Literal["trial"]
    rows: tuple[TrialRow, ...] = Field(min_length=1)


class TrialNoticeEdition(TermsFile):
    terms: Literal["trial-notice"]
    rows: tuple[TrialNoticeRow, ...] = Field(min_length=1)


class FixedTermNoticeEdition(TermsFile):
    terms: Literal["fixed-term-notice"]
    rows: tuple[FixedTermNoticeRow, ...] = Field(min_length=1)


class ComplementaryEdition(TermsFile):
    terms: Literal["complementary-hours"]
    rows: tuple[ComplementaryRow, ...] = Field(min_length=1)


class SpecialDayEdition(TermsFile):
    terms: Literal["special-days"]
    rows: tuple[SpecialDayRow, ...] = Field(min_length=1)


class IndemnityEdition(TermsFile):
    terms: Literal["end-of-fixed-term"]
    rows: tuple[IndemnityRow, ...] = Field(min_length=1)


class NoIndemnityEdition(TermsFile):
    terms: Literal["no-end-indemnity"]
    rows: tuple[NoIndemnityRow, ...] = Field(min_length=1)


class FixedTermTrialEdition(TermsFile):
    terms: Literal["fixed-term-trial"]
    rows: tuple[FixedTermTrialRow, ...] = Field(min_length=1)


class AnnualGuaranteeEdition(TermsFile):
    terms: Literal["annual-guarantee"]
    rows: tuple[AnnualGuaranteeRow, ...] = Field(min_length=1)


class DismissalIndemnityEdition(TermsFile):
    terms: Literal["dismissal-indemnity"]
    rows: tuple[DismissalIndemnityRow, ...] = Field(min_length=1)


class ProrationEdition(TermsFile):
    terms: Literal["proration"]
    rows: tuple[ProrationRow, ...] = Field(min_length=1)


class TeleworkDelayEdition(TermsFile):
    terms: Literal["telework-delays"]
    rows: tuple[TeleworkDelayRow, ...] = Field(min_length=1)


class SensitiveWordEdition(TermsFile):
    terms: Literal["sensitive-words"]
    rows: tuple[SensitiveWordRow, ...] = Field(min_length=1)


class DelayEdition(TermsFile):
    terms: Literal["delays"]
    rows: tuple[DelayRow, ...] = Field(min_length=1)


class HiringItemEdition(TermsFile):
    terms: Literal["hiring-information"]
    rows: tuple[HiringItemRow, ...] = Field(min_length=1)


class RetentionEdition(TermsFile):
    terms: Literal["applicant-retention"]
    rows: tuple[RetentionRow, ...] = Field(min_length=1)


TermsEdition = Annotated[
    NoticeEdition
    | DisabledNoticeEdition
    | TrialEdition
    | TrialNoticeEdition
    | FixedTermNoticeEdition
    | ComplementaryEdition
    | SpecialDayEdition
    | IndemnityEdition
    | NoIndemnityEdition
    | FixedTermTrialEdition
    | AnnualGuaranteeEdition
    | DismissalIndemnityEdition
    | ProrationEdition
    | TeleworkDelayEdition
    | SensitiveWordEdition
    | DelayEdition
    | HiringItemEdition
    | RetentionEdition,
    Field(discriminator="terms"),
]
_EDITION: TypeAdapter[TermsEdition] = TypeAdapter(TermsEdition)


class Terms(Frozen):
    """Every table of terms in date order, and the editions it came from (`table/edition`)."""

    editions: tuple[str, ...]
    notice: tuple[NoticeRow, ...]
    disabled_notice: tuple[DisabledNoticeRow, ...]
    trial: tuple[TrialRow, ...]
    trial_notice: tuple[TrialNoticeRow, ...]
    fixed_term_notice: tuple[FixedTermNoticeRow, ...]
    complementary_hours: tuple[ComplementaryRow, ...]
    special_days: tuple[SpecialDayRow, ...]
    end_of_fixed_term: tuple[IndemnityRow, ...]
    no_end_indemnity: tuple[NoIndemnityRow, ...]
    fixed_term_trial: tuple[FixedTermTrialRow, ...]
    annual_guarantee: tuple[AnnualGuaranteeRow, ...]
    dismissal_indemnity: tuple[DismissalIndemnityRow, ...]
    proration: tuple[ProrationRow, ...]
    telework_delays: tuple[TeleworkDelayRow, ...]
    sensitive_words: tuple[SensitiveWordRow, ...]
    delays: tuple[DelayRow, ...]
    hiring_information: tuple[HiringItemRow, ...]
    applicant_retention: tuple[RetentionRow, ...]


class Unsettled(Frozen):
    """A term that was not read in its official text, or is overdue: what a named person should check, and why."""

    figure: str
    label: str
    source: str
    confidence: Confidence
    why: str


R = TypeVar("R", bound=Row)


def read(text: str) -> TermsEdition:
    """One edition from YAML, checked whole: shape, dates, overlaps and gaps. Raises RatesError."""
    try:
        edition = _EDITION.validate_python(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise RatesError(str(error)) from error
    join(edition.rows)
    return edition


def gather(editions: Iterable[TermsFile]) -> Terms:
    """All editions of each table joined; a table without any raises RatesError naming it."""
    rows: dict[str, list[Row]] = {}
    every = tuple(editions)
    for edition in every:
        rows.setdefault(edition.terms, []).extend(edition.rows)
    tables = {field: field.replace("_", "-") for field in Terms.model_fields if field != "editions"}
    if lacking := set(tables.values()) - rows.keys():
        raise RatesError(f"no edition of the terms {', '.join(sorted(lacking))}")
    names = tuple(sorted(f"{edition.terms}/{edition.edition}" for edition in every))
    return Terms.model_validate(
        {"editions": names} | {field: join(rows[table]) for field, table in tables.items()}
    )


def in_force(rows: Iterable[R], on: date) -> tuple[R, ...]:
    """The rows of every series in force on a day."""
    every = tuple(rows)
    names = dict.fromkeys(row.series for row in every)
    found = (find(every, table="", on=on, series=name) for name in names)
    return tuple(row for row in found if not isinstance(row, NoFigure))


def none_known(subject: str, *, table: str, on: date) -> NoFigure:
    """The refusal for a day that no edition covers, in words."""
    return NoFigure(
        table=table,
        series="",
        on=on,
        detail=f"{subject} : aucune règle n'est connue au {on:%d/%m/%Y}. Ajoutez l'édition qui la donne.",
    )


def unsettled(*rows: Row, table: str, label: str, on: date) -> tuple[Unsettled, ...]:
    """What a named person should check among these rows, by the same reasons as a doubtful amount."""
    found = (doubt(row, table=table, label=label, amount_cents=0, on=on) for row in rows)
    return tuple(
        Unsettled(figure=one.figure, label=label, source=one.source, confidence=one.confidence, why=one.why)
        for one in found
        if one
    )
