"""How long notice lasts, for either side: CDI, trial, and a CDD left for a CDI, by the Code and the branch."""

from datetime import date, datetime, time, timedelta

from documents.law import Law
from documents.rates import Frozen, NoFigure, Status
from documents.spans import Refused, Span, months_later, same_day_or_month_end, span_fault, whole_months
from documents.terms import (
    Ending,
    NoticeRow,
    Party,
    Text,
    TrialNoticeRow,
    Unsettled,
    in_force,
    none_known,
    unsettled,
)

GIVEN_BY_EMPLOYER = (Ending.DISMISSAL, Ending.PUT_INTO_RETIREMENT)


class Notice(Frozen):
    """Notice of a CDI: its months, what each text gives (None: nothing), and its last day.

    `last_day` bears the number of the day it was told on, or is the last of a shorter month.
    """

    months: int
    seniority_months: int
    code_months: int | None
    branch_months: int
    basis: Text
    last_day: date
    job_search_minutes_per_day: int
    is_job_search_paid: bool
    reason: str
    sources: tuple[str, ...]
    unsettled: tuple[Unsettled, ...]


class TrialNotice(Frozen):
    """Notice given while a trial runs: its length, when it ends, and when the work ends at the latest.

    The trial is never made longer by it: where `is_cut` the work ends with the trial, and an employer owes
    the pay of what is left (`is_pay_due`, L1221-25).
    """

    hours: int
    weeks: int
    months: int
    words: str
    ends_at: datetime
    work_ends_at: datetime
    is_cut: bool
    is_pay_due: bool
    source: str
    unsettled: tuple[Unsettled, ...]


class FixedTermNotice(Frozen):
    """Worked days of notice that a person owes who leaves a CDD for a CDI, unless both agree otherwise."""

    worked_days: int
    source: str
    unsettled: tuple[Unsettled, ...]


def notice_due(
    law: Law,
    *,
    ending: Ending,
    status: Status,
    hired_on: date,
    told_on: date,
    has_gross_misconduct: bool = False,
    is_disabled_worker: bool = False,
) -> Notice | NoFigure | Refused:
    """Notice of a CDI, told on a day, from the seniority reached that day.

    The longer of Code and branch when the employer ends the contract (L1234-1), the shorter when the person
    leaves for retirement (L1237-10), the branch's own for a resignation. Gross misconduct: none (L1234-1).
    """
    if fault := span_fault(Span(first=hired_on, last=told_on), field="told_on"):
        return fault
    if has_gross_misconduct and ending is not Ending.DISMISSAL:
        return Refused(
            field="has_gross_misconduct",
            detail="La faute grave ne supprime que le préavis d'un licenciement.",
        )
    rows = [
        row
        for row in in_force(law.terms.notice, told_on)
        if row.ending is ending and row.status in (None, status)
    ]
    seniority = whole_months(hired_on, told_on)
    branch = _step(rows, Text.BRANCH, seniority)
    if branch is None:
        return none_known("Préavis", table="notice", on=told_on)
    code = _step(rows, Text.CODE, seniority)
    code_months, doubts = code.months if code else None, _doubts(told_on, code, branch)
    if is_disabled_worker and ending is Ending.DISMISSAL and code_months is not None:
        doubled = _doubled(law, code_months, told_on)
        if isinstance(doubled, NoFigure):
            return doubled
        code_months, doubts = doubled[0], doubts + doubled[1]
    months, basis = _favourable(ending, code_months, branch.months)
    return Notice(
        months=0 if has_gross_misconduct else months,
        seniority_months=seniority,
        code_months=code_months,
        branch_months=branch.months,
        basis=Text.CODE if has_gross_misconduct else basis,
        last_day=told_on if has_gross_misconduct else same_day_or_month_end(told_on, months),
        job_search_minutes_per_day=0 if has_gross_misconduct else branch.job_search_minutes_per_day,
        is_job_search_paid=branch.is_job_search_paid and not has_gross_misconduct,
        reason=_reason(ending, has_gross_misconduct=has_gross_misconduct),
        sources=tuple(row.source for row in (code, branch) if row),
        unsettled=doubts,
    )


def trial_notice_due(
    law: Law, *, by: Party, started_on: date, told_at: datetime, trial_last_day: date
) -> TrialNotice | NoFigure | Refused:
    """Notice while a trial runs (L1221-25 for the employer, L1221-26 for the person).

    Days of presence are counted with the first: the eighth day is "8 days". `told_at` is aware; notice in
    weeks or months ends at the same hour of the day it falls on.
    """
    told_on = told_at.date()
    for field, span in (
        ("trial_last_day", Span(first=started_on, last=trial_last_day)),
        ("told_at", Span(first=started_on, last=told_on)),
    ):
        if fault := span_fault(span, field=field):
            return fault
    if told_on > trial_last_day:
        return Refused(
            field="told_at",
            detail=f"La période d'essai a pris fin le {trial_last_day:%d/%m/%Y} : "
            "les règles de la démission ou du licenciement s'appliquent.",
        )
    row = _trial_step(law, by=by, started_on=started_on, told_on=told_on)
    if row is None:
        return none_known("Préavis de la période d'essai", table="trial-notice", on=told_on)
    ends_at = _ends_at(told_at, row)
    trial_ends_at = datetime.combine(trial_last_day + timedelta(days=1), time(), tzinfo=told_at.tzinfo)
    return TrialNotice(
        hours=row.hours,
        weeks=row.weeks,
        months=row.months,
        words=row.words,
        ends_at=ends_at,
        work_ends_at=min(ends_at, trial_ends_at),
        is_cut=ends_at > trial_ends_at,
        is_pay_due=by is Party.EMPLOYER and ends_at > trial_ends_at,
        source=row.source,
        unsettled=unsettled(row, table="trial-notice", label="Préavis de la période d'essai", on=told_on),
    )


def fixed_term_notice_due(
    law: Law, *, start: date, end: date, told_on: date, worked_days_per_week: int = 5
) -> FixedTermNotice | NoFigure | Refused:
    """A day for each whole week of the CDD, renewals included, at least one, at most two weeks (L1243-2)."""
    if not 1 <= worked_days_per_week <= 6:
        return Refused(field="worked_days_per_week", detail="Une semaine compte de 1 à 6 jours travaillés.")
    if fault := span_fault(Span(first=start, last=end), field="end"):
        return fault
    if not start <= told_on <= end:
        return Refused(
            field="told_on", detail="Le préavis se donne entre le premier et le dernier jour du contrat."
        )
    rows = in_force(law.terms.fixed_term_notice, told_on)
    if not rows:
        return none_known("Préavis du CDD", table="fixed-term-notice", on=told_on)
    weeks = ((end - start).days + 1) // 7
    days = min(max(weeks * rows[0].days_per_week, 1), rows[0].most_weeks * worked_days_per_week)
    return FixedTermNotice(
        worked_days=days,
        source=rows[0].source,
        unsettled=unsettled(rows[0], table="fixed-term-notice", label="Préavis du CDD", on=told_on),
    )


def _step(rows: list[NoticeRow], text: Text, seniority: int) -> NoticeRow | None:
    reached = [row for row in rows if row.text is text and row.from_seniority_months <= seniority]
    return max(reached, key=lambda row: row.from_seniority_months, default=None)


def _favourable(ending: Ending, code: int | None, branch: int) -> tuple[int, Text]:
    """What serves the person; on a tie the branch is named."""
    if code is None:
        return branch, Text.BRANCH
    is_code = code > branch if ending in GIVEN_BY_EMPLOYER else code < branch
    return (code, Text.CODE) if is_code else (branch, Text.BRANCH)


def _doubled(law: Law, months: int, on: date) -> tuple[int, tuple[Unsettled, ...]] | NoFigure:
    """The legal notice of a disabled worker: doubled, up to three months (L5213-9)."""
    rows = in_force(law.terms.disabled_notice, on)
    if not rows:
        return none_known("Préavis d'un travailleur handicapé", table="disabled-notice", on=on)
    doubts = unsettled(rows[0], table="disabled-notice", label="Préavis d'un travailleur handicapé", on=on)
    return max(months, min(months * rows[0].factor, rows[0].most_months)), doubts


def _doubts(on: date, *rows: NoticeRow | None) -> tuple[Unsettled, ...]:
    return unsettled(*(row for row in rows if row), table="notice", label="Préavis", on=on)


def _reason(ending: Ending, *, has_gross_misconduct: bool) -> str:
    if has_gross_misconduct:
        return "Pas de préavis en cas de faute grave (L1234-1)."
    return {
        Ending.RESIGNATION: "La branche fixe le préavis de la démission (L1237-1).",
        Ending.LEAVING_FOR_RETIREMENT: "Le plus court du Code et de la branche (L1237-10).",
    }.get(ending, "Le plus long du Code et de la branche (L1234-1).")


def _trial_step(law: Law, *, by: Party, started_on: date, told_on: date) -> TrialNoticeRow | None:
    presence = (told_on - started_on).days + 1
    reached = [
        row
        for row in in_force(law.terms.trial_notice, told_on)
        if row.party is by
        and row.from_days <= presence
        and months_later(started_on, row.from_months) <= told_on
    ]
    return max(reached, key=lambda row: (row.from_months, row.from_days), default=None)


def _ends_at(told_at: datetime, row: TrialNoticeRow) -> datetime:
    if row.hours:
        return told_at + timedelta(hours=row.hours)
    day = same_day_or_month_end(told_at.date(), row.months) + timedelta(weeks=row.weeks)
    return datetime.combine(day, told_at.timetz())
