"""python -m tests.benchmarks: every subject in one run, and one table at the end; `--only NAME`, `--json`."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from textwrap import indent

from tests.benchmarks.measuring import Measure

SUBJECTS = (
    "skills", "resolving", "matching", "allocation", "ranking", "scoring",
    "items", "contracts", "allowance", "lists", "training", "imports", "refreshers", "starting",
)  # fmt: skip


def machine() -> str:
    """Cores, Python, and how busy the machine was: on a busy one the ratios are rough."""
    cores = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{cores}, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else cores


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=SUBJECTS, metavar="NAME", help=", ".join(SUBJECTS))
    parser.add_argument("--json", action="store_true", help="figures for a program, not a table")
    asked = parser.parse_args(arguments)
    found: list[Measure] = []
    on = machine()
    for subject in asked.only or SUBJECTS:
        begun = time.monotonic()
        sys.stderr.write(f"{subject} …")
        sys.stderr.flush()
        found += import_module(f"tests.benchmarks.{subject}").measure()
        sys.stderr.write(f" {time.monotonic() - begun:.0f} s\n")
    sys.stdout.write(as_json(found, on) if asked.json else as_table(found, on))


def as_json(found: Sequence[Measure], on: str) -> str:
    body = {"machine": on, "measures": [one.as_json() for one in found]}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def as_table(found: Sequence[Measure], on: str) -> str:
    """One line a measure, with what the seconds do not say under it; where we lose, it says so."""
    rows = [("what", "ours", "instead", "ratio", "n", "")]
    rows += [
        (one.what, _seconds(one.ours_s), _seconds(one.instead_s), _ratio(one), str(one.n), one.instead)
        for one in found
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    lines = [_line(rows[0], widths)]
    for row, one in zip(rows[1:], found, strict=True):
        lines.append(_line(row, widths))
        if one.note:
            lines.append(indent(one.note, "    "))
    told = "ratio: seconds of the other way over ours, medians of n turns taken alternately; under 1 we are slower"
    return "\n".join([*lines, "", told, on]) + "\n"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    what, *figures = (
        row[at].ljust(width) if at == 0 else row[at].rjust(width) for at, width in enumerate(widths)
    )
    return "  ".join((what, *figures, row[5])).rstrip()


def _seconds(value: float | None) -> str:
    """Three figures, in seconds or milliseconds.

    >>> _seconds(1.2345), _seconds(0.01234), _seconds(None)
    ('1.23 s', '12.3 ms', '')
    """
    if value is None:
        return ""
    return f"{value:.3g} s" if value >= 1 else f"{1000 * value:.3g} ms"


def _ratio(one: Measure) -> str:
    if one.ratio is None:
        return ""
    figures = f"{one.ratio:,.0f}" if one.ratio >= 100 else f"{one.ratio:.2g}"
    return f"{figures}x" + (" slower" if one.ratio < 1 else "")


if __name__ == "__main__":
    main()
