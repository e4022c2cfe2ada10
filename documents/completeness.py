"""What the law wants said, held against what is there: everything missing is named, with what to do."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from pydantic import BaseModel

from documents.allowances import AgreementKind
from documents.coherence import contract_faults
from documents.facts import Confirmation, PackFacts
from documents.faults import Fault
from documents.figures import Figures
from documents.glyphs import unshowable
from documents.kinds import DocumentKind
from documents.money import printable
from documents.photographs import photograph_faults
from documents.rates import Frozen, Unconfirmed
from documents.requirements import Requirements, Situation
from documents.schedules import is_below_floor, schedule_faults

CONTRACT = DocumentKind.EMPLOYMENT_CONTRACT


class Missing(Frozen):
    """One thing that stops the issue: where it is, which text wants it, and what to do."""

    kind: DocumentKind
    fault: Fault
    field: str
    label: str
    article: str
    remedy: str


SITUATIONS: dict[Situation, Callable[[PackFacts, Figures], bool]] = {
    Situation.ALWAYS: lambda facts, figures: True,
    Situation.FIXED_TERM: lambda facts, figures: facts.offer.is_fixed_term,
    Situation.REPLACEMENT: lambda facts, figures: facts.offer.reason == "replacement",
    Situation.PART_TIME: lambda facts, figures: facts.offer.is_part_time,
    Situation.BELOW_FLOOR: lambda facts, figures: is_below_floor(facts, figures),
    Situation.TELEWORK_TEXT: lambda facts, figures: facts.employer.telework_basis is not AgreementKind.NONE,
}


def missing(
    kind: DocumentKind, facts: PackFacts, *, figures: Figures, requirements: Requirements
) -> tuple[Missing, ...]:
    """All that stops this document; empty means it may be issued. Absent things come first, then the rest."""
    absent = tuple(_absent(kind, facts, figures, requirements))
    found = [
        *absent,
        *unshowable_texts(kind, facts),
        *unconfirmed(kind, _doubts_of(kind, figures), facts.confirmations),
    ]
    found += [
        Missing(
            kind=kind,
            fault=Fault.NO_FIGURE,
            field="offer.start_date",
            label=detail,
            article="Données de droit",
            remedy="Vérifiez la date et le coefficient, ou ajoutez l'édition manquante.",
        )
        for detail in figures.refusals
    ]
    if kind is DocumentKind.EQUIPMENT_LOAN:
        found += [Missing(kind=kind, **finding._asdict()) for finding in photograph_faults(facts)]
    if kind is CONTRACT:
        found += [
            Missing(kind=kind, **finding._asdict())
            for finding in (*contract_faults(facts, figures), *schedule_faults(facts, figures))
        ]
    return tuple(found)


def _absent(
    kind: DocumentKind, facts: PackFacts, figures: Figures, requirements: Requirements
) -> Iterator[Missing]:
    for item in requirements.items:
        if kind not in item.kinds or not SITUATIONS[item.when](facts, figures):
            continue
        if _is_empty(facts, item.field):
            yield Missing(
                kind=kind,
                fault=Fault.ABSENT,
                field=item.field,
                label=item.label,
                article=item.article,
                remedy=item.remedy,
            )


def _is_empty(facts: BaseModel, path: str) -> bool:
    value: object = facts
    for name in path.split("."):
        if value is None:
            return False  # the parent is named by its own requirement
        value = getattr(value, name)
    return value is None or value == ()


def unconfirmed(
    kind: DocumentKind, doubts: Iterable[Unconfirmed], confirmations: tuple[Confirmation, ...]
) -> Iterator[Missing]:
    """Every figure that a named person has not vouched for yet."""
    for doubt in doubts:
        if not is_confirmed(doubt, confirmations):
            yield Missing(
                kind=kind,
                fault=Fault.UNCONFIRMED,
                field=f"confirmations.{doubt.figure}",
                label=doubt.label,
                article=doubt.source,
                remedy=f"{doubt.why} Une personne nommée lit le texte officiel et confirme ce montant.",
            )


def _doubts_of(kind: DocumentKind, figures: Figures) -> tuple[Unconfirmed, ...]:
    part = {CONTRACT: figures.minimum, DocumentKind.ALLOWANCE_LETTER: figures.ceiling}.get(kind)
    return part.unconfirmed if part else ()


def is_confirmed(doubt: Unconfirmed, confirmations: tuple[Confirmation, ...]) -> bool:
    """The confirmation vouches for the very amount; another amount belongs in a new edition of the data."""
    return any(
        given.figure == doubt.figure and given.amount_cents == doubt.amount_cents for given in confirmations
    )


def unshowable_texts(kind: DocumentKind, facts: BaseModel) -> Iterator[Missing]:
    """Every text that the fonts cannot write, by its path."""
    for path, text in texts_of(facts):
        lacking = unshowable(printable(text))
        if lacking:
            yield Missing(
                kind=kind,
                fault=Fault.UNSHOWABLE,
                field=path,
                label=f"La police du document ne sait pas écrire {', '.join(lacking[:5])}",
                article="Lisibilité du document",
                remedy="Écrivez ce texte en lettres latines, tel qu'il figure sur une pièce d'identité française.",
            )


def texts_of(value: object) -> Iterator[tuple[str, str]]:
    """Every text inside facts with its path (`offer.duties.0`); a choice among fixed ones is none."""
    for path, inside in leaves_of(value):
        if isinstance(inside, str) and not isinstance(inside, StrEnum):
            yield path, inside


def leaves_of(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every single value inside facts with its path."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from leaves_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from leaves_of(item, f"{path}.{number}")
    else:
        yield path, value


def explain(found: tuple[Missing, ...]) -> str:
    """One line for each thing missing, for a log or a terminal."""
    return "\n".join(f"{item.label} ({item.article}) : {item.remedy}" for item in found)
