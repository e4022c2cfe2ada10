"""homeshore validity: how reliable scales are, from one CSV file of answers; and the figures of our own editions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from assessments.figures import Figure, Lack
from assessments.validation.covariances import Deletion
from assessments.validation.policy import Quantity, ValidityPolicy
from assessments.validation.reliability import Reliability, observed_ends, reliability
from service.cli.output import answer, as_json, read_file, told
from service.flows.reading.reading_answers import AnswersFile, read_answers
from service.runtime.clock import system_clock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SMALL = -128
"""The mark of a missing answer where all answers fit a byte."""
OMEGA = "one factor by minimum residuals on the correlations"
LACKS = {
    Lack.TOO_FEW: "too few people",
    Lack.TOO_FEW_ITEMS: "too few items",
    Lack.NO_VARIATION: "nothing varies",
    Lack.CONSTANT_ITEM: "an item never varies",
    Lack.PAIRS_CONTRADICT: "pairs contradict each other: use --missing listwise",
}


@dataclass(frozen=True)
class Scale:
    """One scale as asked for on the command line; `reverse` names the columns with a minus."""

    name: str
    columns: tuple[str, ...]
    reverse: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """One scale's figures, and within which ends its reversed columns were mirrored."""

    figures: Reliability
    ends: tuple[float, float]
    is_declared: bool


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--own", "is_own", is_flag=True, help="No FILE: compute the installation's own figures and keep them."
)
@click.option(
    "--scale", "scales", multiple=True, metavar="NAME=COL,-COL,…",
    help="A scale and its columns; a minus before a column reverses it. May be given several times.",
)  # fmt: skip
@click.option(
    "--missing", type=click.Choice([one.value for one in Deletion]), default=Deletion.PAIRWISE.value,
    show_default=True, help="A missing answer leaves its pairs of items out, or the person's whole row.",
)  # fmt: skip
@click.option("--minimum", type=float, help="The lowest answer possible; by default the lowest one seen.")
@click.option("--maximum", type=float, help="The highest answer possible; by default the highest one seen.")
@click.option(
    "--resamples",
    type=click.IntRange(0, 10_000),
    default=500,
    show_default=True,
    help="Draws for the interval of omega.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="The same seed gives the same interval.",
)
@as_json
@told
def validity(
    file: Path | None,
    is_own: bool,
    scales: tuple[str, ...],
    missing: str,
    minimum: float | None,
    maximum: float | None,
    resamples: int,
    seed: int,
    json_output: bool,
) -> None:
    """Tell how reliable scales are: alpha, omega, standard error, and what each item brings to its scale.

    FILE has a header and one row a person, separated by ; , or tab. An empty cell, NA, N/A, NaN, null or a lone point
    is no answer. Alpha has Feldt's interval; omega (one factor, minimum residuals) a bootstrap. A reversed column
    is mirrored within --minimum and --maximum, else within the lowest and highest answer seen in its scale; that
    changes its mean and no reliability.
    """
    if is_own:
        if file is not None or scales:
            raise click.UsageError("--own takes neither FILE nor --scale.")
        _compute_own(json_output=json_output)
        return
    if file is None or not scales:
        raise click.UsageError("Give FILE and at least one --scale NAME=COLUMN,-COLUMN,COLUMN; or --own.")
    ends = _ends_of(minimum, maximum)
    asked = _scales_of(scales)
    columns = tuple(dict.fromkeys(column for scale in asked for column in scale.columns))
    answers = read_file(file, lambda data: read_answers(data, columns, ends=ends))
    policy = load_policy()
    results = [
        _figures_of(scale, answers, Deletion(missing), ends=ends, resamples=resamples, seed=seed)
        for scale in asked
    ]
    told_json = {
        "file": file.name,
        "rows": len(answers.values),
        "deletion": missing,
        "policy": policy.edition,
        "scales": {one.figures.scale: as_told(one, policy) for one in results},
    }
    words = [in_words(one, policy) for one in results]
    said = f"{len(answers.values)} rows, missing answers {missing}. Marks: edition {policy.edition}."
    answer(told_json, json_output=json_output, words="\n\n".join([*words, said]))


def _compute_own(*, json_output: bool) -> None:
    """The same that the worker does once a day."""
    from service.cli.output import run
    from service.jobs.figures import recompute
    from service.runtime.clock import clock_from
    from service.runtime.schema import current_revision
    from service.runtime.settings import Settings

    settings = Settings()
    if current_revision(settings) is None:
        raise click.ClickException(
            "There is no database here; set HOMESHORE_DATA_DIR or HOMESHORE_DATABASE_URL."
        )
    computed = run(lambda: recompute(settings, now=clock_from(settings.pretend_now)()))
    assert computed is not None
    lines = [
        f"{one.instrument} {one.edition}: {one.people} people, {one.composite.verdict.value.replace('_', ' ')}"
        for one in computed.editions
    ]
    rated = computed.interviews
    lines.append(
        f"interviews: {rated.rated} questions rated twice, {rated.icc.verdict.value.replace('_', ' ')}"
    )
    answer(
        {
            "editions": [one.model_dump(mode="json") for one in computed.editions],
            "interviews": rated.model_dump(mode="json"),
        },
        json_output=json_output,
        words="\n".join(lines),
    )


def load_policy() -> ValidityPolicy:
    """The marks in force today."""
    from service.runtime.editions import in_force, load_validity_policies

    return in_force(load_validity_policies(), system_clock().date())


def _ends_of(minimum: float | None, maximum: float | None) -> tuple[float, float] | None:
    if minimum is None and maximum is None:
        return None
    if minimum is None or maximum is None:
        raise click.UsageError("Give --minimum and --maximum together.")
    if not (np.isfinite(minimum) and np.isfinite(maximum) and minimum < maximum):
        raise click.UsageError("--minimum must be below --maximum.")
    return minimum, maximum


def _scales_of(given: Sequence[str]) -> list[Scale]:
    found = [_scale_of(one) for one in given]
    if len({scale.name for scale in found}) != len(found):
        raise click.UsageError("Give each scale its own name.")
    return found


def _scale_of(given: str) -> Scale:
    """One --scale.

    >>> _scale_of("calm = q1, -q2")
    Scale(name='calm', columns=('q1', 'q2'), reverse=('q2',))
    """
    name, equals, listed = given.partition("=")
    parts = [part.strip() for part in listed.split(",")]
    columns = tuple(part.removeprefix("-").strip() for part in parts)
    if not name.strip() or not equals or not all(columns):
        raise click.UsageError(f"--scale {given}: write NAME=COLUMN,-COLUMN,COLUMN.")
    if len(set(columns)) != len(columns):
        raise click.UsageError(f"--scale {given}: a column comes twice.")
    reverse = tuple(column for column, part in zip(columns, parts, strict=True) if part.startswith("-"))
    return Scale(name.strip(), columns, reverse)


def _figures_of(
    scale: Scale,
    answers: AnswersFile,
    deletion: Deletion,
    *,
    ends: tuple[float, float] | None,
    resamples: int,
    seed: int,
) -> Result:
    own = answers.values[:, [answers.columns.index(column) for column in scale.columns]]
    within = ends or observed_ends(own)
    small, mark = _in_bytes(own)
    figures = reliability(
        small, scale=scale.name, items=scale.columns, reverse=scale.reverse, ends=within,
        deletion=deletion, missing=mark, resamples=resamples, seed=seed,
    )  # fmt: skip
    return Result(figures, within, ends is not None)


def _in_bytes(answers: NDArray[np.float64]) -> tuple[NDArray[Any], int | None]:
    """The answers as one byte each when all are small whole numbers: read several times as fast, and exactly."""
    known = np.where(np.isnan(answers), 0, answers)
    if known.size and (np.abs(known) < -SMALL).all() and (known == np.rint(known)).all():
        return np.where(np.isnan(answers), SMALL, answers).astype(np.int8), SMALL
    return answers, None


def as_told(result: Result, policy: ValidityPolicy) -> dict[str, Any]:
    """One scale as machines are told it: plain numbers, null with a reason beside it where there is none."""
    found = result.figures
    return {
        "scale": found.scale,
        "n": found.n,
        "n_least": found.n_least,
        "deletion": found.deletion.value,
        "alpha": found.alpha.value,
        "interval": _interval(found.alpha),
        "interval_level": found.alpha.level,
        "interval_method": found.alpha.method or None,
        "alpha_lack": found.alpha.lack.value if found.alpha.lack else None,
        "standardised_alpha": found.standardised_alpha,
        "omega": found.omega.value,
        "omega_method": OMEGA,
        "omega_interval": _interval(found.omega),
        "omega_interval_method": found.omega.method or None,
        "omega_lack": found.omega.lack.value if found.omega.lack else None,
        "mean": found.mean,
        "sd": found.sd,
        "sem": found.sem,
        "item_rest": {item.item: item.item_rest for item in found.items},
        "alpha_if_deleted": {item.item: item.alpha_if_deleted for item in found.items},
        "items": [item.model_dump() for item in found.items],
        "reversed_within": _reversal(result),
        "verdict": policy.judge(Quantity.SCALE_RELIABILITY, found.alpha).value,
        "notes": [
            {"remark": note.remark.value, "items": list(note.items), "says": policy.said(note).en}
            for note in found.notes
        ],
    }  # fmt: skip


def _interval(figure: Figure) -> list[float] | None:
    return None if figure.low is None or figure.high is None else [figure.low, figure.high]


def _reversal(result: Result) -> dict[str, Any] | None:
    if not any(item.is_reversed for item in result.figures.items):
        return None
    low, high = result.ends
    return {"minimum": low, "maximum": high, "from": "declared" if result.is_declared else "observed"}


def in_words(result: Result, policy: ValidityPolicy) -> str:
    """One scale as people read it: the figures, a table of its items, and what to know about them."""
    found = result.figures
    verdict = policy.verdicts[policy.judge(Quantity.SCALE_RELIABILITY, found.alpha)]
    lines = [
        f"{found.scale}: {verdict.label.en.lower()}",
        f"  n {found.n}" + (f" (smallest pair {found.n_least})" if found.n_least != found.n else ""),
        f"  alpha  {_said(found.alpha)}",
        f"  omega  {_said(found.omega)}  ({OMEGA})",
        f"  standardised alpha {_short(found.standardised_alpha)}; sum of items: mean {_short(found.mean)}, "
        f"sd {_short(found.sd)}, standard error {_short(found.sem)}",
        "",
        *_table(found),
    ]
    reversal = _reversal(result)
    if reversal:
        lines.append(
            f"  - reversed within {reversal['minimum']:g} to {reversal['maximum']:g} ({reversal['from']})"
        )
    lines += [f"  ! {policy.said(note).en}" for note in found.notes]
    return "\n".join(lines)


def _said(figure: Figure) -> str:
    if figure.value is None:
        return f"none: {LACKS.get(figure.lack, 'cannot be computed') if figure.lack else ''}"
    if figure.low is None or figure.high is None:
        return _short(figure.value)
    return f"{figure.value:.3f}  {figure.level:.0%} interval {figure.low:.3f} to {figure.high:.3f}, {figure.method}"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(found: Reliability) -> list[str]:
    rows: list[tuple[str, ...]] = [("item", "n", "missing", "mean", "sd", "item-rest r", "alpha without")]
    for item in found.items:
        name = f"-{item.item}" if item.is_reversed else item.item
        figures = map(_short, (item.mean, item.sd, item.item_rest, item.alpha_if_deleted))
        rows.append((name, str(item.n), str(item.missing), *figures))
    widths = [max(len(row[at]) for row in rows) for at in range(7)]
    return [
        "  " + "  ".join([row[0].ljust(widths[0]), *(row[at].rjust(widths[at]) for at in range(1, 7))])
        for row in rows
    ]
