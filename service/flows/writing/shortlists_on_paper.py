"""Ranked matches as a shortlist on paper and in a spreadsheet: facts for the document, rows for the file."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from assessments.matching.matching import Blocking, Match, Outcome, SkillFit
from assessments.profiles import Importance, ProgrammeProfile
from documents.facts import LONGEST_LINE, RankedPerson, ShortlistFacts
from documents.glyphs import coverage
from documents.packs import DocumentPlan, PackRefused, plan_shortlist, render_document
from documents.pdf import PdfError
from service.flows.writing.writing_csv import Cell, write_csv

ON_PAPER = 20
"""People a meeting can talk about; the spreadsheet holds everybody."""
LONGEST_WORK = 400


@dataclass(frozen=True)
class Entry:
    """One person of a shortlist, by the name that those who may see it know."""

    name: str
    match: Match


@cache
def wording() -> Mapping[str, Any]:
    """The words of shortlists (shortlists.yaml)."""
    text = files("service.flows.writing").joinpath("shortlists.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def outcome_words(outcome: Outcome) -> str:
    """The outcome in French, as it stands beside a name."""
    return str(wording()["outcomes"][outcome.value])


def blocking_words(blocking: Blocking | None) -> str:
    return str(wording()["blocking"][blocking.value]) if blocking else ""


def lacking(match: Match) -> tuple[SkillFit, ...]:
    """What is asked or wished for and not wholly shown, musts first; what is only nice to have is left out."""
    fits = [fit for fit in (*match.missing, *match.partial) if fit.importance is not Importance.NICE]
    order = list(Importance)
    return tuple(sorted(fits, key=lambda fit: (order.index(fit.importance), fit.shown / fit.asked)))


def lacking_languages(match: Match, locale: str = "fr") -> tuple[str, ...]:
    """Languages asked or wished for and not shown at that level, with the level: « anglais C1 »."""
    return tuple(
        f"{language_name(language.code, locale)} {language.asked}"
        for language in match.languages
        if language.short
    )


def language_name(code: str, locale: str = "fr") -> str:
    """A language by its name; its code where no name is known.

    >>> language_name("en"), language_name("pt-BR"), language_name("xx")
    ('anglais', 'portugais', 'xx')
    """
    name = Locale(locale).languages.get(code.split("-")[0])
    return str(name) if name else code


def plan_paper(
    programme: ProgrammeProfile,
    entries: Sequence[Entry],
    *,
    client_name: str = "",
    author: str = "",
    reference: str,
    now: datetime,
) -> DocumentPlan:
    """The document for a meeting, ready for a rendering process: the first people of whom no `no` was found."""
    author = line(author) or str(wording()["author"])
    facts = facts_for_paper(programme, entries, client_name=client_name)
    plan = plan_shortlist(facts, author=author, issued_at=now, reference=line(reference))
    if isinstance(
        plan, PackRefused
    ):  # every text went through `line`, so that nobody's emoji stops a meeting
        raise PdfError("; ".join(missing.label for missing in plan.missing))
    return plan


def facts_for_paper(
    programme: ProgrammeProfile, entries: Sequence[Entry], *, client_name: str = ""
) -> ShortlistFacts:
    shown = [entry for entry in entries if entry.match.outcome is not Outcome.NO][:ON_PAPER]
    return ShortlistFacts(
        programme=line(programme.title) or line(programme.id) or "Programme",
        client=line(client_name) or None,
        nature_of_work=line(programme.nature_of_work or programme.description, longest=LONGEST_WORK) or None,
        seats=programme.seats,
        weekly_hours=str(wording()["weekly_hours"]).format(weekly=_number(programme.weekly_hours)),
        start_date=programme.start_date,
        criteria=_criteria(programme),
        people=tuple(_ranked(entry) for entry in shown),
        considered=len(entries),
        policy_edition=entries[0].match.editions.matching if entries else str(wording()["edition"]),
    )


def _criteria(programme: ProgrammeProfile) -> tuple[str, ...]:
    languages = [
        str(wording()["language" if asked.must else "language_wished"]).format(
            language=language_name(asked.code), level=asked.cefr_min
        )
        for asked in programme.languages
    ]
    musts = [skill.text for skill in programme.skills if skill.importance is Importance.MUST]
    return tuple(text for text in map(line, (*languages, *musts)) if text)


def _ranked(entry: Entry) -> RankedPerson:
    match = entry.match
    met = [fit for fit in match.met if fit.importance is not Importance.NICE]
    return RankedPerson(
        rank=match.rank,
        name=line(entry.name) or line(match.candidate),
        score=match.score,
        outcome=outcome_words(match.outcome),
        met=_lines(fit.text for fit in met),
        missing=_lines([*lacking_languages(match), *map(_short, lacking(match))]),
        hours=_hours(match),
        remedies=_lines(remedy.text.fr for remedy in match.remedies),
    )


def _lines(texts: Any) -> tuple[str, ...]:
    return tuple(text for text in map(line, texts) if text)


def _short(fit: SkillFit) -> str:
    return f"{fit.text} ({fit.shown}/{fit.asked})"


def _hours(match: Match) -> str:
    words = str(wording()["hours"])
    return words.format(usable=_number(match.hours.usable), weekly=_number(match.hours.weekly))


def _number(value: float) -> str:
    return f"{round(value, 2):g}".replace(".", ",")


def line(text: str, *, longest: int = LONGEST_LINE) -> str:
    """A person's words as paper can print them: one line, no control characters, « ? » for what the fonts lack.

    >>> line(" appels\\n\\tentrants 🎧 ")
    'appels entrants ?'
    """
    known = coverage()
    normal = " ".join(unicodedata.normalize("NFC", text).split())
    kept = (mark for mark in normal if unicodedata.category(mark) not in ("Cc", "Cs", "Cf"))
    printed = "".join(mark if mark in known else "?" for mark in kept)
    if len(printed) <= longest:
        return printed
    cut = printed[: longest - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def write_spreadsheet(entries: Sequence[Entry]) -> bytes:
    """Everybody, best first, one row a person."""
    return write_csv(wording()["columns"], [_row(entry) for entry in entries])


def _row(entry: Entry) -> list[Cell]:
    match = entry.match
    return [
        match.rank,
        entry.name,
        outcome_words(match.outcome),
        match.score,
        "\n".join([*lacking_languages(match), *map(_short, lacking(match))]),
        "\n".join(remedy.text.fr for remedy in match.remedies),
        match.training_weeks,
        round(match.hours.usable, 2),
        match.hours.weekly,
        "\n".join(reason.fr for reason in match.reasons),
        blocking_words(match.blocking),
        match.candidate,
    ]


def write_index(rows: Sequence[tuple[ProgrammeProfile, Sequence[Entry], str, str]]) -> bytes:
    """One row a programme: how many people, how they stand, and the names of its two files."""
    return write_csv(wording()["index_columns"], [_index_row(*row) for row in rows])


def _index_row(programme: ProgrammeProfile, entries: Sequence[Entry], csv: str, pdf: str) -> list[Cell]:
    counts = outcomes_of(entries)
    return [programme.id, programme.title, len(entries), *(counts[one] for one in Outcome), csv, pdf]


def outcomes_of(entries: Sequence[Entry]) -> Mapping[Outcome, int]:
    """How many people stand where; every outcome is there."""
    found = Counter(entry.match.outcome for entry in entries)
    return {outcome: found[outcome] for outcome in Outcome}


def render(plan: DocumentPlan) -> bytes:
    """The PDF; for a process of its own, never a thread."""
    return render_document(plan)
