"""What the API takes and gives of allowance months, statements, files of days and simulations."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from documents.allowance_days import AbsenceKind
from documents.allowances import AgreementKind, AllowanceMode, AllowanceStatement
from service.api.models import Flag, In, Out, Reason, Text
from service.api.recruiting.imports import FaultLineOut
from service.flows.allowances.allowance_days import SaidDays
from service.flows.allowances.allowance_simulations import Simulation
from service.flows.allowances.allowances import MonthBook
from service.flows.recruiting.imports import Report
from service.runtime.vocabulary import AllowanceMonthState, DaysSource, ImportState
from service.store.allowances.allowances import FileFacts, MonthFacts, StatementFacts

Days = Annotated[StrictInt, Field(ge=0, le=31)]
WeeklyDays = Annotated[StrictInt, Field(ge=0, le=6)]
Cents = Annotated[StrictInt, Field(ge=0, le=100_000_000)]
Month = Annotated[str, StringConstraints(pattern=r"^20[2-9][0-9]-(0[1-9]|1[0-2])$")]
MapText = Annotated[str, StringConstraints(max_length=20_000)]


class SumsOut(Out):
    """What a whole month comes to, in cents."""

    people: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int


class AllowanceMonthOut(Out):
    """One month: `state` closed means that its sums stand; `editions` names the figures of law they rest on."""

    month: str
    state: AllowanceMonthState
    sums: SumsOut | None
    editions: dict[str, Any]
    confirmations: list[dict[str, Any]]
    closed_at: datetime | None
    closed_by: UUID | None

    @classmethod
    def of(cls, facts: MonthFacts, sums: dict[str, int] | None = None) -> "AllowanceMonthOut":
        kept = sums or facts.figures
        return cls(
            month=f"{facts.month:%Y-%m}",
            state=facts.state,
            sums=SumsOut(**kept) if kept else None,
            editions=facts.editions,
            confirmations=list(facts.confirmations),
            closed_at=facts.closed_at,
            closed_by=facts.closed_by,
        )


class AllowanceMonthsOut(Out):
    """Closed months, the newest first."""

    items: list[AllowanceMonthOut]


class AllowanceLineOut(Out):
    """One person's month; `refusal` says what stops it, in words."""

    candidate_id: UUID
    name: str
    number: str
    mode: AllowanceMode
    weekly_days: int
    days: int | None
    is_whole: bool
    source: DaysSource
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    is_corrected: bool
    refusal: str

    @classmethod
    def of(cls, book: MonthBook, place: int) -> "AllowanceLineOut":
        worked, split = book.worked(place), book.split
        return cls(
            candidate_id=book.candidate_ids[place],
            name=book.names[place],
            number=book.numbers[place],
            mode=book.mode(place),
            weekly_days=worked.weekly_days,
            days=worked.days,
            is_whole=worked.is_whole,
            source=book.sources[place],
            ceiling_cents=int(split.ceiling_cents[place]),
            paid_cents=int(split.paid_cents[place]),
            exempt_cents=int(split.exempt_cents[place]),
            taxable_cents=int(split.taxable_cents[place]),
            is_corrected=place in book.corrected,
            refusal=split.details[split.refusal[place]],
        )


class AllowanceDoubtOut(Out):
    """A figure of law that a named person confirms when the month is closed."""

    figure: str
    label: str
    amount_cents: int
    source: str
    why: str


class AllowanceMonthPageOut(Out):
    """A month with one page of its people, by name."""

    month: AllowanceMonthOut
    agreement: AgreementKind
    doubts: list[AllowanceDoubtOut]
    items: list[AllowanceLineOut]


class DaysIn(In):
    """Days really worked from home; what is left out is said by contract and schedule."""

    days: Days
    is_whole: Flag | None = None
    paid_cents: Cents | None = None
    receipts_cents: Cents = 0
    note: Text = ""

    @property
    def said(self) -> SaidDays:
        return SaidDays(self.days, self.is_whole, self.paid_cents, self.receipts_cents)


class CorrectionIn(In):
    """What a closed month should have said, and why."""

    days: Days
    is_whole: Flag | None = None
    paid_cents: Cents | None = None
    receipts_cents: Cents = 0
    reason: Reason

    @property
    def said(self) -> SaidDays:
        return SaidDays(self.days, self.is_whole, self.paid_cents, self.receipts_cents)


class ClosingIn(In):
    """`text_read` names the official text that confirms the figures in doubt, where there are some."""

    text_read: Text = ""


class AllowanceStandingOut(Out):
    """What a month came to at one time; `delta_` goes on the payslip of `settled_in`."""

    id: UUID
    position: int
    settled_in: str
    days: int | None
    is_whole: bool
    source: DaysSource
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    delta_paid_cents: int
    delta_exempt_cents: int
    delta_taxable_cents: int
    law_edition: str
    reason: str
    made_at: datetime

    @classmethod
    def of(cls, facts: StatementFacts) -> "AllowanceStandingOut":
        held = {name: getattr(facts, name) for name in cls.model_fields if name != "settled_in"}
        return cls(**held, settled_in=f"{facts.settled_in:%Y-%m}")


class StatementLineOut(Out):
    label: str
    cents: int


class AllowanceStatementOut(Out):
    """One person's month line by line, as it stands, with its reasons, and every standing it had."""

    month: str
    line: AllowanceLineOut
    lines: list[StatementLineOut]
    reasons: list[str]
    standings: list[AllowanceStandingOut]


class AbsenceIn(In):
    """Days without work, both ends included."""

    start: date
    end: date
    kind: AbsenceKind = AbsenceKind.LEAVE


class AbsenceOut(Out):
    id: UUID
    start: date
    end: date
    kind: AbsenceKind


class AbsencesOut(Out):
    """The newest first."""

    items: list[AbsenceOut]


class PayrollNumberIn(In):
    """The number by which the payroll program knows the person."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class DaysReportOut(Out):
    """What taking the file in does; `bad` above 0 stops it whole."""

    new: int
    changed: int
    unchanged: int
    bad: int
    faults: list[FaultLineOut]
    fault_count: int


class AllowanceFileOut(Out):
    """One file of days with the report of its trial."""

    id: UUID
    month: str
    file_name: str
    state: ImportState
    report: DaysReportOut
    created_at: datetime
    applied_at: datetime | None

    @classmethod
    def of(cls, facts: FileFacts) -> "AllowanceFileOut":
        report = Report.model_validate(facts.report)
        told = report.model_dump(include=set(DaysReportOut.model_fields))
        held = facts.model_dump(exclude={"month", "report"})
        return cls(**held, month=f"{facts.month:%Y-%m}", report=DaysReportOut(**told))


class FileApplyIn(In):
    """`reason` is asked where the month is closed already: each line that changes a sum becomes a correction."""

    reason: Text = ""


class PayrollMapIn(In):
    """A map of payroll columns in YAML, as `documents/exports/variables.yaml` shows it."""

    text: MapText

    @classmethod
    def as_kept(cls, body: Any) -> Any:
        """As sent: it is a file."""
        return body


class PayrollMapOut(Out):
    """The map that counts; `sent_at` is empty for the one that ships."""

    text: str
    title: str
    headers: list[str]
    sent_at: datetime | None


class SimulationIn(In):
    """A month to try: `days` in the day mode and in a month that is not whole, `weekly_days` in the month mode."""

    month: Month
    mode: AllowanceMode
    days: Days | None = None
    weekly_days: WeeklyDays = 0
    agreement: AgreementKind = AgreementKind.NONE
    is_whole: Flag = True
    paid_cents: Cents | None = None


class TaxOut(Out):
    """What an employee need not declare as income; a figure computed here says so by its confidence."""

    per_day_cents: int
    per_month_cents: int
    per_year_cents: int
    source: str
    confidence: str


class SimulationOut(Out):
    """The ceiling, what is exempt and taxable of what is paid, and what the figures rest on."""

    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    rate_cents: int
    cap_cents: int | None
    working: str
    source: str
    confidence: str
    valid_from: date
    reasons: list[str]
    tax: TaxOut | None

    @classmethod
    def of(cls, found: Simulation) -> "SimulationOut":
        made, cap = found.made, found.tax_cap
        return cls(
            ceiling_cents=made.ceiling.ceiling_cents,
            paid_cents=made.paid_cents,
            exempt_cents=made.exempt_cents,
            taxable_cents=made.taxable_cents,
            rate_cents=made.ceiling.rate_cents,
            cap_cents=made.ceiling.cap_cents,
            working=made.ceiling.working,
            source=made.ceiling.source,
            confidence=made.ceiling.confidence.value,
            valid_from=made.ceiling.valid_from,
            reasons=list(made.reasons),
            tax=cap
            and TaxOut(
                per_day_cents=cap.per_day_cents,
                per_month_cents=cap.per_month_cents,
                per_year_cents=cap.per_year_cents,
                source=cap.source,
                confidence=cap.confidence.value,
            ),
        )


def lines_of(made: AllowanceStatement) -> list[StatementLineOut]:
    return [StatementLineOut(label=line.label, cents=line.cents) for line in made.lines]
