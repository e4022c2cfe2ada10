"""Dated figures of law: read one edition, join editions into one table, find the row for a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from documents.edition_text import read_yaml

LAST_ROW_MAY_SERVE = timedelta(days=366)


class Confidence(StrEnum):
    """How a figure is known: official text, secondary source, computed here, from memory."""

    OFFICIAL = "V"
    SECONDARY = "V2"
    COMPUTED = "D"
    MEMORY = "M"


class Status(StrEnum):
    """Groups of the grid: employees, technicians and supervisors (TAM), executives."""

    EMPLOYEE = "employe"
    SUPERVISOR = "tam"
    EXECUTIVE = "cadre"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Frozen):
    """What every dated figure carries; an open row (no `valid_to`) ends where the next of its series begins.

    `review_on` is the day from which a newer official figure is to be expected: used on or after it, the
    row needs a named person's confirmation. `unverified` asks for that confirmation whatever the date.
    """

    valid_from: date
    valid_to: date | None = None
    review_on: date | None = None
    source: str = Field(min_length=3)
    confidence: Confidence
    unverified: bool = False
    note: str | None = None

    @property
    def series(self) -> str:
        return ""


R = TypeVar("R", bound=Row)


class SmicRow(Row):
    territory: Literal["france", "mayotte"] = "france"
    hourly_cents: int = Field(gt=0)

    @property
    def series(self) -> str:
        return self.territory


class AllowanceRow(Row):
    """Ceilings of the flat-rate allowance; per-day figures are empty where that mode did not exist."""

    scale: Literal["regular", "agreement"]
    monthly_per_weekly_day_cents: int = Field(gt=0)
    per_day_cents: int | None = Field(default=None, gt=0)
    monthly_cap_cents: int | None = Field(default=None, gt=0)

    @property
    def series(self) -> str:
        return self.scale


class TaxCapRow(Row):
    """What the employee need not declare (CGI art. 81, 1°)."""

    per_day_cents: int = Field(gt=0)
    per_month_cents: int = Field(gt=0)
    per_year_cents: int = Field(gt=0)


class AmountRow(Row):
    """A single amount: the social-security ceiling, the meal voucher."""

    amount_cents: int = Field(gt=0)


class GridRow(Row):
    """A conventional minimum for 151.67 h; `monthly = index × point value` where both are known."""

    status: Status
    level: str
    coefficient: int = Field(gt=0)
    index: int | None = Field(default=None, gt=0)
    point_value_mils: int = Field(gt=0, description="thousandths of a euro")
    monthly_cents: int = Field(gt=0)

    @property
    def series(self) -> str:
        return str(self.coefficient)


class CostRule(StrEnum):
    """How much of a real cost is exempt: by area, a fixed part, the professional share, all, nothing."""

    AREA_SHARE = "area_share"
    PART = "part"
    PROFESSIONAL_SHARE = "professional_share"
    WHOLE = "whole"
    NOTHING = "nothing"


class CostRow(Row):
    """One nature of real cost (BOSS § 1790); `percent` goes with `part`.

    `is_in_flat_rate`: the flat-rate allowance stands for it, so its receipts count against the same ceiling.
    """

    nature: str = Field(pattern=r"^[a-z_]+$")
    label: str = Field(min_length=3)
    family: Literal["fixed", "variable", "furniture", "adaptation", "hardware", "consumables", "connection"]
    rule: CostRule
    percent: int | None = Field(default=None, gt=0, le=100)
    is_in_flat_rate: bool = False

    @property
    def series(self) -> str:
        return self.nature

    @model_validator(mode="after")
    def _goes_together(self) -> "CostRow":
        if (self.percent is None) is (self.rule is CostRule.PART):
            raise ValueError(f"{self.nature}: percent goes with the rule “part”, and only with it")
        return self


class SmicEdition(Frozen):
    table: Literal["smic"]
    edition: str
    title: str
    rows: tuple[SmicRow, ...] = Field(min_length=1)


class AllowanceEdition(Frozen):
    table: Literal["telework-allowance"]
    edition: str
    title: str
    rows: tuple[AllowanceRow, ...] = Field(min_length=1)


class TaxCapEdition(Frozen):
    table: Literal["telework-tax-cap"]
    edition: str
    title: str
    rows: tuple[TaxCapRow, ...] = Field(min_length=1)


class AmountEdition(Frozen):
    table: Literal["social-security-ceiling", "meal-voucher"]
    edition: str
    title: str
    rows: tuple[AmountRow, ...] = Field(min_length=1)


class GridEdition(Frozen):
    table: Literal["grid-idcc-2098"]
    edition: str
    title: str
    rows: tuple[GridRow, ...] = Field(min_length=1)


class CostEdition(Frozen):
    table: Literal["real-costs"]
    edition: str
    title: str
    rows: tuple[CostRow, ...] = Field(min_length=1)


Edition = Annotated[
    SmicEdition | AllowanceEdition | TaxCapEdition | AmountEdition | GridEdition | CostEdition,
    Field(discriminator="table"),
]
_EDITION: TypeAdapter[Edition] = TypeAdapter(Edition)


class RatesError(ValueError):
    """A file of figures that cannot be used; the message names every fault."""


class NoFigure(Frozen):
    """There is no figure for that day: an expected refusal, in words for the person who asked."""

    table: str
    series: str
    on: date
    detail: str


class Unconfirmed(Frozen):
    """A figure that a named person must confirm before a document rests on it."""

    figure: str
    label: str
    amount_cents: int
    source: str
    confidence: Confidence
    why: str


def read(text: str) -> Edition:
    """One edition from YAML, checked whole: shape, dates, overlaps and gaps. Raises RatesError."""
    try:
        edition = _EDITION.validate_python(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise RatesError(str(error)) from error
    join(edition.rows)
    return edition


def join(rows: Iterable[R]) -> tuple[R, ...]:
    """Rows of one table in date order, open ones closed by their successor; overlaps and gaps raise."""
    series: defaultdict[str, list[R]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.valid_from):
        series[row.series].append(row)
    faults: list[str] = []
    joined = [row for name, members in series.items() for row in _closed(name, members, faults)]
    if faults:
        raise RatesError(" ; ".join(faults))
    return tuple(joined)


def _closed(name: str, rows: list[R], faults: list[str]) -> list[R]:
    closed: list[R] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if row.valid_to and row.valid_to < row.valid_from:
            faults.append(f"{name}: {row.valid_from} ends before it starts")
        if following is None:
            closed.append(row)
            continue
        day_before = following.valid_from - timedelta(days=1)
        end = row.valid_to or day_before
        if end > day_before or row.valid_from == following.valid_from:
            faults.append(f"{name}: {row.valid_from} overlaps {following.valid_from}")
        elif end < day_before:
            faults.append(f"{name}: gap from {end + timedelta(days=1)} to {day_before}")
        closed.append(row.model_copy(update={"valid_to": end}))
    return closed


def find(rows: Iterable[R], *, table: str, on: date, series: str = "") -> R | NoFigure:
    """The row in force on a day. The last row serves a year past its `review_on`, then there is no figure."""
    for row in rows:
        if row.series == series and row.valid_from <= on <= _horizon(row):
            return row
    return NoFigure(
        table=table,
        series=series,
        on=on,
        detail=f"{_in_words(table, series)} : aucun chiffre n'est connu au {on:%d/%m/%Y}. "
        "Ajoutez l'édition qui le donne.",
    )


def figure_in_words(figure: str) -> str:
    """A figure as its reader knows it, from its identifier; one of no known table is said as it is.

    >>> figure_in_words("smic/france/2026-06-01")
    'SMIC, en vigueur le 01/06/2026'
    >>> figure_in_words("grid-idcc-2098/140/2025-01-01")
    'Minimum conventionnel, coefficient 140, en vigueur le 01/01/2025'
    """
    table, _, rest = figure.partition("/")
    series, _, since = rest.rpartition("/")
    try:
        return f"{_in_words(table, series)}, en vigueur le {date.fromisoformat(since):%d/%m/%Y}"
    except ValueError:
        return figure


def _in_words(table: str, series: str) -> str:
    """The table as its reader knows it."""
    if table == "grid-idcc-2098":
        return f"Minimum conventionnel, coefficient {series}"
    if table == "real-costs":
        return f"Frais réels, nature « {series} »"
    return {"smic": "SMIC", "telework-allowance": "Plafond de l'allocation de télétravail"}.get(table, table)


def _horizon(row: Row) -> date:
    if row.valid_to:
        return row.valid_to
    return row.review_on + LAST_ROW_MAY_SERVE if row.review_on else date.max


def doubt(row: Row, *, table: str, label: str, amount_cents: int, on: date) -> Unconfirmed | None:
    """Why a named person must confirm this row before it is used on that day, or nothing.

    Computed or remembered figures (D, M), rows marked unverified, and rows past their review day ask for it.
    """
    reasons = []
    if row.unverified or row.confidence in (Confidence.COMPUTED, Confidence.MEMORY):
        reasons.append(row.note or "Ce chiffre n'a pas été lu dans le texte officiel.")
    if row.review_on and on >= row.review_on:
        reasons.append(f"Un nouveau montant est attendu depuis le {row.review_on:%d/%m/%Y}.")
    if not reasons:
        return None
    return Unconfirmed(
        figure="/".join(part for part in (table, row.series, row.valid_from.isoformat()) if part),
        label=label,
        amount_cents=amount_cents,
        source=row.source,
        confidence=row.confidence,
        why=" ".join(reasons),
    )
