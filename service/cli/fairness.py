"""homeshore fairness: selection rates and impact ratios by group, from one CSV file, without server or database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from assessments.validation.fairness import (
    FairnessPolicy,
    GroupName,
    ImpactRow,
    ImpactTable,
    PooledRow,
    above_median,
    impact,
    in_parts,
    tally,
)
from service.cli.output import answer, as_json, read_file, told
from service.flows.reading.reading_groups import Columns, GroupedPeople, by_part, read_groups
from service.runtime.clock import system_clock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--group", "groups", multiple=True, required=True, help="A column of groups; several: also crossed."
)
@click.option("--selected", help="The column that says who was selected: 1/0, true/false, oui/non, yes/no.")
@click.option("--score", help="A column of scores: selected means above the median of all.")
@click.option("--by", "part", help="A column of parts (a stage, a programme): also each part by itself.")
@as_json
@told
def fairness(
    file: Path,
    groups: tuple[str, ...],
    selected: str | None,
    score: str | None,
    part: str | None,
    json_output: bool,
) -> None:
    """Compare how often each group of FILE is selected with the group that is selected most often.

    A flag asks you to look: a ratio below four fifths, or a difference that chance seldom makes. Where people are too
    few, no flag is said. A flag proves no discrimination, and no flag disproves none.
    """
    if (selected is None) == (score is None):
        raise click.UsageError("Give --selected COLUMN, or --score COLUMN: one of the two.")
    if len(set(groups)) != len(groups):
        raise click.UsageError("Name each --group column once.")
    columns = Columns(groups=groups, selected=selected, score=score, part=part)
    people = read_file(file, lambda data: read_groups(data, columns))
    policy = load_policy()
    outcome = people.selected if people.selected is not None else _above_median(people)
    found = impact(tally(people.groups, outcome), policy)
    alone = _one_by_one(columns, people, outcome, policy)
    told_json: dict[str, Any] = {
        "file": file.name,
        "columns": list(groups),
        "form": "selected" if selected is not None else "above_median",
        **table_as_json(found, groups),
        "tables": {name: table_as_json(table, (name,)) for name, table in alone.items()},
    }
    words = [f"{name}\n{table_in_words(table)}" for name, table in alone.items()]
    words.append(f"{' x '.join(groups)}\n{table_in_words(found)}")
    if people.parts is not None:
        parts = {
            name: tally(people_of_part, outcomes)
            for name, (people_of_part, outcomes) in by_part(people, outcome).items()
        }
        split = in_parts(parts, policy)
        told_json["parts"] = {name: table_as_json(one, groups) for name, one in split.parts.items()}
        told_json["pooled"] = [_pooled_as_json(one) for one in split.pooled]
        words += [f"{part}: {name}\n{table_in_words(one)}" for name, one in split.parts.items()]
        words += [f"{' · '.join(one.group)}: {_pooled_in_words(one)}" for one in split.pooled]
    answer(told_json, json_output=json_output, words="\n\n".join(words))


def load_policy() -> FairnessPolicy:
    """The thresholds in force today."""
    from service.runtime.editions import in_force, load_fairness_policies

    return in_force(load_fairness_policies(), system_clock().date())


def _above_median(people: GroupedPeople) -> tuple[bool, ...]:
    """The median is that of the people whose group is known: they are the sample."""
    assert people.scores is not None
    known = [bool(all(group)) for group in people.groups]
    above = iter(above_median([score for score, is_in in zip(people.scores, known, strict=True) if is_in]))
    return tuple(next(above) if is_in else False for is_in in known)


def _one_by_one(
    columns: Columns, people: GroupedPeople, outcome: Sequence[bool], policy: FairnessPolicy
) -> dict[str, ImpactTable]:
    """Each column alone, when several are crossed."""
    if len(columns.groups) == 1:
        return {}
    return {
        name: impact(tally([(group[place],) for group in people.groups], outcome), policy)
        for place, name in enumerate(columns.groups)
    }


def table_as_json(table: ImpactTable, columns: Sequence[str]) -> dict[str, Any]:
    """One table as machines are told it; ratios as numbers and, exactly, as text."""
    return {
        "groups": [_row_as_json(row, columns) for row in table.rows],
        "reference": _name(table.reference) if table.reference else None,
        "n": table.n,
        "selected": table.selected,
        "unknown": table.unknown,
        "policy": table.policy_edition,
    }


def _row_as_json(row: ImpactRow, columns: Sequence[str]) -> dict[str, Any]:
    ratio, interval = row.impact_ratio, row.interval
    return {
        "group": _name(row.group),
        "values": dict(zip(columns, row.group, strict=True)),
        "n": row.n,
        "selected": row.selected,
        "rate": float(row.rate),
        "rate_exact": str(row.rate),
        "impact_ratio": None if ratio is None else float(ratio),
        "impact_ratio_exact": None if ratio is None else str(ratio),
        "interval": None if interval is None else [interval.low, interval.high],
        "p": row.p,
        "test": row.test,
        "standing": row.standing.value,
        "flag": row.flag,
        "reason": row.reason.en,
    }


def _pooled_as_json(row: PooledRow) -> dict[str, Any]:
    return {
        "group": _name(row.group),
        "overall": None if row.overall is None else float(row.overall),
        "within_parts": None if row.within is None else float(row.within),
        "within_parts_exact": None if row.within is None else str(row.within),
        "turns_round": row.turns_round,
    }


def _pooled_in_words(row: PooledRow) -> str:
    if row.within is None:
        return "no part holds this group and the reference."
    said = f"ratio {_ratio(row.overall)} over all, {_ratio(row.within)} within the parts."
    return f"{said} They point to different sides: trust the parts." if row.turns_round else said


def _name(group: GroupName) -> str:
    return " · ".join(group)


FLAGS: Mapping[bool | None, str] = {True: "LOOK", False: "-", None: "?"}


def table_in_words(table: ImpactTable) -> str:
    """One table in columns, and what each row says."""
    rows = [("group", "n", "selected", "rate", "ratio", "95 % interval", "p", "flag", "")]
    for row in table.rows:
        interval = f"{row.interval.low:.2f} to {row.interval.high:.2f}" if row.interval else "-"
        p = "-" if row.p is None else f"{row.p:.3f}" if row.p >= 0.001 else "<0.001"
        rows.append(
            (
                _name(row.group), str(row.n), str(row.selected), f"{float(row.rate):.1%}",
                _ratio(row.impact_ratio), interval, p, FLAGS[row.flag], row.reason.en,
            )
        )  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(8)]
    lines = []
    for first, *middle, last in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(middle, widths[1:], strict=True)]
        lines.append("  ".join([*cells, last]).rstrip())
    unknown = f", {table.unknown} of whom the group is not known" if table.unknown else ""
    return "\n".join([*lines, f"{table.n} people, {table.selected} selected{unknown}."])


def _ratio(ratio: Any) -> str:
    return "-" if ratio is None else f"{float(ratio):.3f}"
