"""homeshore match, homeshore evaluate: people weighed for programmes from two files, without server or database."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from pydantic import TypeAdapter, ValidationError

from assessments.matching.doubts import doubts_of_person, doubts_of_programme
from assessments.matching.evaluation import Evaluation, GateQuality, Judgement
from assessments.matching.evaluation import evaluate as hold_against
from assessments.matching.matching import Match, Matcher
from assessments.profiles import CandidateProfile, ProgrammeProfile
from assessments.remedies.plans import RemedyPlan
from service.cli.output import answer, as_json, told
from service.flows.matching.matching_ranks import weigh_all
from service.flows.reading.reading_files import (
    CandidateRow,
    ProgrammeRow,
    ReadFile,
    read_candidates,
    read_programmes,
)
from service.flows.writing.shortlists_on_paper import lacking, lacking_languages
from service.runtime.clock import PARIS, system_clock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_FAULTS = 50

candidates_file = click.option(
    "--candidates", "candidates_path", type=FILE, required=True, help="People: JSON or CSV."
)
programmes_file = click.option(
    "--programmes", "programmes_path", type=FILE, required=True, help="Programmes: JSON or CSV."
)


@click.command()
@candidates_file
@programmes_file
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of reasons.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Count delays from this day; today otherwise."
)
@as_json
@told
def match(
    candidates_path: Path, programmes_path: Path, lang: str, day: datetime | None, json_output: bool
) -> None:
    """Weigh every person for every programme: outcome, score, rank, reasons, what is missing, what would close it."""
    persons, programmes = read_both(candidates_path, programmes_path)
    _say_doubts(candidates_path, programmes_path, persons, programmes, lang)
    now = day.replace(tzinfo=PARIS) if day else system_clock()
    people, wanted = [row.profile for row in persons], [row.profile for row in programmes]
    ranked = ranked_with_plans(people, wanted, now=now)
    if json_output:
        from service.cli.courses import trainings

        training = trainings(people, wanted, ranked, now=now, lang=lang)
        pairs = [
            told_match(one, lang) | {"training": training.get((one.programme, one.candidate))}
            for matches in ranked
            for one in matches
        ]
        click.echo(json.dumps(pairs, ensure_ascii=False, indent=2))
    else:
        titles = [f"{row.profile.id} · {row.profile.title}" for row in programmes]
        click.echo("\n\n".join(_table_of(*one) for one in zip(titles, ranked, strict=True)))


@click.command()
@candidates_file
@programmes_file
@click.option("--judgements", "judgements_path", type=FILE, required=True, help="A recruiter's grades: JSON.")
@as_json
@told
def evaluate(candidates_path: Path, programmes_path: Path, judgements_path: Path, json_output: bool) -> None:
    """Hold the ranking against a recruiter's grades, beside TF-IDF, BM25 and the skill formula of an ERP."""
    persons, programmes = read_both(candidates_path, programmes_path)
    people = [row.profile for row in persons]
    wanted = [row.profile for row in programmes]
    judgements = read_judgements(judgements_path)
    matches = [one for ranked in weigh_all(load_matcher(), people, wanted) for one in ranked]
    found = hold_against(matches, judgements, persons=people, programmes=wanted)
    if not found.pairs:
        stop(f"{judgements_path}: no judgement names a programme and a person of these files.")
    answer(found.model_dump(mode="json"), json_output=json_output, words=_evaluation_words(found))


def ranked_with_plans(
    people: Sequence[CandidateProfile],
    programmes: Sequence[ProgrammeProfile],
    *,
    now: datetime,
    tick: Callable[[int], object] = lambda _: None,
) -> tuple[tuple[Match, ...], ...]:
    """Every pair ranked, one sequence a programme, each with the plan that closes its gaps."""
    from service.flows.matching.plans import plan_match
    from service.runtime.editions import load_editions

    editions = load_editions()
    ranked = weigh_all(editions.matcher, people, programmes, tick=tick)
    return tuple(
        tuple(plan_match(editions, one, now=now, start=wanted.start_date) for one in matches)
        for wanted, matches in zip(programmes, ranked, strict=True)
    )


def load_matcher() -> Matcher:
    from service.runtime.editions import load_editions

    return load_editions().matcher


def read_both(
    candidates_path: Path, programmes_path: Path
) -> tuple[tuple[CandidateRow, ...], tuple[ProgrammeRow, ...]]:
    """The rows of both files; when a row is bad, every fault of both is said and the command ends with status 1."""
    people = read_candidates(_content(candidates_path), candidates_path.name)
    programmes = read_programmes(_content(programmes_path), programmes_path.name)
    is_sound = _say_faults(candidates_path, people)
    is_sound = _say_faults(programmes_path, programmes) and is_sound
    if not is_sound:
        sys.exit(1)
    return people.rows, programmes.rows


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        stop(f"{path}: {error.strerror}")


def stop(words: str) -> NoReturn:
    """One line on standard error, status 1."""
    click.echo(f"homeshore: {words}", err=True)
    sys.exit(1)


def _say_faults(path: Path, read: ReadFile[Any]) -> bool:
    if read.ignored_columns:
        click.echo(f"{path}: columns not read: {', '.join(read.ignored_columns)}", err=True)
    for fault in read.faults[:MOST_FAULTS]:
        value = f" « {fault.value} »" if fault.value else ""
        place = f", {fault.column}" if fault.column else ""
        click.echo(f"{path}: ligne {fault.line}{place}{value} : {fault.reason}", err=True)
    if len(read.faults) > MOST_FAULTS:
        click.echo(f"{path}: … {len(read.faults) - MOST_FAULTS} more", err=True)
    if read.faults:
        click.echo(f"homeshore: {path}: {read.bad_rows} bad row(s), nothing was done.", err=True)
    return not read.faults


def _say_doubts(
    candidates_path: Path,
    programmes_path: Path,
    persons: Sequence[CandidateRow],
    programmes: Sequence[ProgrammeRow],
    lang: str,
) -> None:
    """What contradicts itself or lets nobody in, on standard error; the ranking is made all the same."""
    policy = load_matcher().policy
    found = [
        (programmes_path, programme.line, programme.profile.id, doubt)
        for programme in programmes
        for doubt in doubts_of_programme(programme.profile, policy)
    ]
    found += [
        (candidates_path, person.line, person.profile.id, doubt)
        for person in persons
        for doubt in doubts_of_person(person.profile, policy)
    ]
    for path, line, name, doubt in found[:MOST_FAULTS]:
        click.echo(f"{path}: ligne {line}, {name}, {doubt.field} : {doubt.text.in_(lang)}", err=True)


def told_match(one: Match, lang: str) -> dict[str, Any]:
    """One pair as machines are told it."""
    return {
        "programme": one.programme,
        "candidate": one.candidate,
        "outcome": one.outcome.value,
        "score": one.score,
        "rank": one.rank,
        "reasons": [reason.in_(lang) for reason in one.reasons],
        "missing": [*lacking_languages(one, lang), *(fit.text for fit in lacking(one))],
        "plan": told_plan(one.plan, lang) if one.plan else None,
    }


def told_plan(plan: RemedyPlan, lang: str) -> dict[str, Any]:
    """What would close the gaps; `holds_from` is the day from which the match holds, null while one is open."""
    return {
        "outcome": plan.outcome.value,
        "holds_from": plan.holds_from and plan.holds_from.isoformat(),
        "is_in_time": plan.is_in_time,
        "cost_cents": plan.cost_cents,
        "months": plan.months,
        "delay_working_days": plan.delay_days,
        "steps": [
            {
                "remedy": step.remedy,
                "text": step.text.in_(lang),
                "closes": list(step.closes),
                "payer": step.payer.value,
                "once_cents": step.once_cents,
                "monthly_cents": step.monthly_cents,
                "delay_working_days": step.delay_days,
                "ready_on": step.ready_on.isoformat(),
                "why": step.why.in_(lang),
            }
            for step in plan.steps
        ],
        "gaps": [
            {
                "key": gap.key,
                "text": gap.text.in_(lang),
                "closed_by": list(gap.closed_by),
                "after_talk": [text.in_(lang) for text in gap.after_talk],
            }
            for gap in plan.gaps
        ],
        "reasons": [reason.in_(lang) for reason in plan.reasons],
        "edition": plan.edition,
    }


def _table_of(title: str, matches: Sequence[Match]) -> str:
    rows = [("rank", "candidate", "outcome", "score", "missing")]
    for one in matches:
        skills = (f"{fit.text} {fit.shown}/{fit.asked}" for fit in lacking(one))
        lacks = ", ".join([*lacking_languages(one), *skills])
        rows.append((str(one.rank), one.candidate, one.outcome.value, f"{one.score:.2f}", lacks))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.rjust(width) if cell[:1].isdigit() else cell.ljust(width) for cell, width in cells)
        + f"  {row[4]}".rstrip()
        for row in rows
        if (cells := list(zip(row[:4], widths, strict=True)))
    ]
    return "\n".join([title, *lines])


def read_judgements(path: Path) -> tuple[Judgement, ...]:
    """A recruiter's grades; a file that does not fit ends the command, each fault with its entry, counted from 1."""
    try:
        return _JUDGEMENTS.validate_json(_content(path))
    except ValidationError as error:
        for entry in error.errors(include_url=False)[:MOST_FAULTS]:
            place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in entry["loc"])
            click.echo(f"{path}: {place or 'file'}: {entry['msg']}", err=True)
        stop(f"{path}: not a list of judgements.")


_JUDGEMENTS = TypeAdapter(tuple[Judgement, ...])

_GATES: Mapping[str, str] = {
    "precision": "of those told no, were graded 0",
    "recall": "of those graded 0, were told no",
    "good_shut_out": "of those graded 2 or 3, were told no",
    "trainable_as_training": "of those graded 1 for a must, are after_training",
    "hours_equal": "of the hours, equal the judge's",
}


def _evaluation_words(found: Evaluation) -> str:
    lines = [f"{found.pairs} pairs judged, {found.unjudged} not", "", "method     NDCG@10     MAP"]
    for one in found.rankings:
        lines.append(
            f"{one.method:<9}  {_figure(one.ndcg_at_10):>7}  {_figure(one.mean_average_precision):>6}"
        )
    return "\n".join([*lines, "", *_gate_lines(found.gates)])


def _gate_lines(gates: GateQuality) -> list[str]:
    return [f"{_figure(getattr(gates, name)):>7}  {words}" for name, words in _GATES.items()]


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
