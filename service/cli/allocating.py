"""homeshore allocate: a whole wave placed at once from one file, without server or database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.allocation.allocations import Allocation, Comparison, Counterfactual, Infeasible
from assessments.allocation.coverage import Coverage, half_hour_told
from assessments.allocation.waves import Goal, Scenario, Wave, WaveError, faults_of_shape, read
from service.cli.output import answer, as_json, told
from service.flows.reading.reading_text import UnreadableFile, decode
from service.runtime.clock import system_clock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_FAULTS = 50
MOST_LEFT = 20


class _Settings(BaseModel):
    """What a file may say beside the wave itself."""

    model_config = ConfigDict(extra="forbid")

    goals: tuple[Goal, ...] | None = None
    scenarios: tuple[Scenario, ...] = ()


@click.command()
@click.argument("file", type=FILE)
@click.option("--seconds", type=click.FloatRange(0.1, 3600), help="How long half hours are searched for.")
@click.option(
    "--what-if", is_flag=True, help="What more seats or other opening hours would bring, solved again."
)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of reasons.")
@as_json
@told
def allocate(file: Path, seconds: float | None, what_if: bool, lang: str, json_output: bool) -> None:
    """Place everybody of a wave over all its programmes: who goes where, who is left and why, coverage by half hour.

    FILE is JSON: programmes, people with what fits them, locks, and if wanted scenarios and an order of goals. A
    wave in which demands collide ends with status 1, and they are named. A proposal: a person decides.
    """
    from assessments.allocation.scenarios import compare, counterfactuals
    from service.runtime.editions import in_force, load_allocation_policies

    wave, settings = _read(file)
    policy = in_force(load_allocation_policies(), system_clock().date())
    if settings.goals:
        policy = policy.model_copy(update={"goals": settings.goals})
    try:
        found = compare(wave, settings.scenarios, policy, seconds=seconds)
    except WaveError as error:
        _refuse(file, error)
    changes = counterfactuals(wave, policy) if what_if else ()
    answer(
        {
            **_in(found.model_dump(mode="json"), lang),
            "what_if": [_in(one.model_dump(mode="json"), lang) for one in changes],
        },
        json_output=json_output,
        words="\n".join(_words(found, changes, lang)),
    )
    if isinstance(found.base, Infeasible):
        sys.exit(1)


def _read(file: Path) -> tuple[Wave, _Settings]:
    try:
        content = json.loads(decode(file.read_bytes()))
        if not isinstance(content, dict):
            raise WaveError([])
        beside = {name: content.pop(name) for name in _Settings.model_fields if name in content}
        return read(content), _Settings.model_validate(beside)
    except json.JSONDecodeError as error:
        _stop(f"{file}: line {error.lineno}, column {error.colno}: no JSON ({error.msg})")
    except (OSError, UnreadableFile, RecursionError) as error:
        _stop(f"{file}: {error}")
    except ValidationError as error:
        _refuse(file, WaveError(faults_of_shape(error)))
    except WaveError as error:
        if not error.faults:
            _stop(f"{file}: one object with programmes and people is expected")
        _refuse(file, error)


def _stop(words: str) -> NoReturn:
    click.echo(f"homeshore: {words}", err=True)
    sys.exit(1)


def _refuse(file: Path, error: WaveError) -> NoReturn:
    for fault in error.faults[:MOST_FAULTS]:
        click.echo(f"homeshore: {file}: {fault.path or 'the whole file'}: {fault.message}", err=True)
    if (more := len(error.faults) - MOST_FAULTS) > 0:
        click.echo(f"homeshore: {file}: and {more} more", err=True)
    sys.exit(1)


def _in(value: Any, lang: str) -> Any:
    """Texts in one language."""
    if isinstance(value, dict):
        if set(value) == {"fr", "en"}:
            return value[lang]
        return {name: _in(one, lang) for name, one in value.items()}
    return [_in(one, lang) for one in value] if isinstance(value, list) else value


def _words(found: Comparison, changes: tuple[Counterfactual, ...], lang: str) -> Iterator[str]:
    yield from _of_one(found.base, lang)
    for one in found.scenarios:
        yield f"\n{one.name}"
        yield from _of_one(one.result, lang)
        if one.points is not None:
            hours = f", {one.half_hours_covered or 0:+d} half hours covered"
            yield f"  beside: {len(one.more)} more, {len(one.fewer)} no longer, {one.points:+g} points{hours}"
    if changes:
        yield ""
    for change in changes:
        yield f"what if: {change.text.in_(lang)} ({change.points_more:+g} points)"


def _of_one(result: Allocation | Infeasible, lang: str) -> Iterator[str]:
    if isinstance(result, Infeasible):
        yield result.text.in_(lang)
        for collision in result.collisions:
            yield from (f"  {one.person or one.programme or ''}: {one.text.in_(lang)}" for one in collision)
            yield ""
        return
    hand = result.by_hand
    yield f"{len(result.placed)} placed, {len(result.left)} left, {result.total:g} points: {result.status.value}"
    for goal in result.goals:
        yield f"  {goal.goal.value}: {goal.value} of at most {goal.bound} (gap {100 * goal.gap:.2f} %)"
    if result.certificate:
        yield f"proved by the prices of seats: {result.certificate.is_proved}"
    yield f"best pair first would give: {hand.placed} placed, {hand.total:g} points"
    for coverage in result.coverage:
        yield _of_programme(coverage)
    for placed in result.placed:
        yield f"  {placed.person} -> {placed.programme} ({placed.score:g}): {placed.reason.in_(lang)}"
    for left in result.left[:MOST_LEFT]:
        yield f"  {left.person} left: {left.reason.in_(lang)}"
    if (more := len(result.left) - MOST_LEFT) > 0:
        yield f"  and {more} more left; --json tells each"


def _of_programme(coverage: Coverage) -> str:
    told = f"{coverage.programme}: {coverage.placed} of {coverage.seats} seats"
    if not coverage.needed:
        return told
    told += f", {coverage.covered} of {coverage.needed} half hours covered"
    worst = max(coverage.half_hours, key=lambda one: (one.short, -one.slot))
    return f"{told}; most lacking {half_hour_told(worst.slot)}: {worst.short}" if worst.short else told
