"""An interview as pages show it, in the page's language: guide, ratings with their anchors, two readings, agreement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessments.figures import Figure
from assessments.questionnaires.interviews import Guide, GuidePoint, GuideQuestion, Part, PointKind
from service.flows.recruiting.interviews import AgreementFacts, comparison_of
from service.store.recruiting.interviews import InterviewFile, InterviewLine, NoteFacts
from service.web.figures import Figures
from service.web.translations import Translator, french

KINDS = {
    PointKind.MISSING: french("Sans réponse"),
    PointKind.GAP: french("À arranger"),
    PointKind.CONTRADICTION: french("Réponses à rapprocher"),
    PointKind.SIGNAL: french("Façon de répondre"),
    PointKind.CONTEST: french("Contesté"),
}
APART = (
    french("identiques"),
    french("à un point"),
    french("à deux points"),
    french("à trois points"),
    french("à quatre points"),
)

Noted = tuple[Mapping[str, int | None], Mapping[str, str]]


@dataclass(frozen=True)
class QuestionView:
    """One question with its five anchors (value, words), and what the reader noted."""

    id: str
    label: str
    why: str
    text: str
    probes: tuple[str, ...]
    anchors: tuple[tuple[str, str], ...]
    minutes: int
    rating: str
    note: str


@dataclass(frozen=True)
class PointView:
    """One open point, and what the reader noted."""

    id: str
    kind: str
    text: str
    ask: str
    details: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class GuideView:
    """The guide in two parts."""

    core: tuple[QuestionView, ...]
    opened: tuple[QuestionView, ...]
    points: tuple[PointView, ...]
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    never: tuple[str, ...]
    minutes: int
    edition: str
    instruments: tuple[str, ...]
    not_a_decision: str


def guide_view(guide: Guide, noted: Noted | None, translate: Translator) -> GuideView:
    """The guide with the reader's own ratings and notes, or empty for paper."""
    lang = translate.locale.value
    ratings, notes = noted or ({}, {})
    asked = [(one.part, _question(one, ratings, notes, lang)) for one in guide.questions]
    return GuideView(
        core=tuple(view for part, view in asked if part is Part.CORE),
        opened=tuple(view for part, view in asked if part is Part.OPEN),
        points=tuple(_point(one, notes, translate) for one in guide.points),
        opening=tuple(text.in_(lang) for text in guide.opening),
        closing=tuple(text.in_(lang) for text in guide.closing),
        never=tuple(text.in_(lang) for text in guide.never),
        minutes=guide.minutes,
        edition=guide.policy_edition,
        instruments=guide.instrument_editions,
        not_a_decision=guide.not_a_decision.in_(lang),
    )


def _question(
    one: GuideQuestion, ratings: Mapping[str, int | None], notes: Mapping[str, str], lang: str
) -> QuestionView:
    rating = ratings.get(one.id)
    return QuestionView(
        id=one.id,
        label=one.label.in_(lang),
        why=one.why.in_(lang),
        text=one.text.in_(lang),
        probes=tuple(text.in_(lang) for text in one.probes),
        anchors=tuple((str(at), text.in_(lang)) for at, text in enumerate(one.anchors, start=1)),
        minutes=one.minutes,
        rating="" if rating is None else str(rating),
        note=notes.get(one.id, ""),
    )


def _point(one: GuidePoint, notes: Mapping[str, str], translate: Translator) -> PointView:
    lang = translate.locale.value
    return PointView(
        id=one.id,
        kind=translate(KINDS[one.kind]),
        text=one.text.in_(lang),
        ask=one.ask.in_(lang),
        details=tuple(text.in_(lang) for text in one.details),
        note=notes.get(one.id, ""),
    )


@dataclass(frozen=True)
class SideRow:
    """One question or point with what each person rated and wrote; `apart` in words, empty without two ratings."""

    label: str
    ratings: tuple[str, ...]
    notes: tuple[str, ...]
    apart: str
    steps: int | None


@dataclass(frozen=True)
class SidesView:
    """Both readings; the counts are None while only one person sent."""

    names: tuple[str, ...]
    rows: tuple[SideRow, ...]
    both: int | None
    exact: int
    adjacent: int
    further: int


def sides_view(found: InterviewFile, translate: Translator) -> SidesView | None:
    """What was sent, side by side; None as long as nothing may be shown."""
    if not found.revealed:
        return None
    comparison = comparison_of(found)
    steps = {one.question: one.apart for one in comparison.differences} if comparison else {}
    guide, lang = found.interview.guide, translate.locale.value
    named = [(one.id, one.label.in_(lang), True) for one in guide.questions]
    named += [(one.id, one.text.in_(lang), False) for one in guide.points]
    named.append(("general", translate("En général"), False))
    rows = [
        _row(name, label, is_rated, found.revealed, steps.get(name), translate)
        for name, label, is_rated in named
        if is_rated or any(note.notes.get(name) for note in found.revealed)
    ]
    return SidesView(
        names=tuple(note.name or "—" for note in found.revealed),
        rows=tuple(rows),
        both=comparison.both if comparison else None,
        exact=comparison.exact if comparison else 0,
        adjacent=comparison.adjacent if comparison else 0,
        further=comparison.further if comparison else 0,
    )


def _row(
    name: str,
    label: str,
    is_rated: bool,
    notes: tuple[NoteFacts, ...],
    steps: int | None,
    translate: Translator,
) -> SideRow:
    rated = [note.ratings.get(name) for note in notes]
    return SideRow(
        label=label,
        ratings=tuple("" if value is None else f"{value}/5" for value in rated) if is_rated else (),
        notes=tuple(note.notes.get(name, "") for note in notes),
        apart=translate(APART[steps]) if steps is not None else "",
        steps=steps,
    )


@dataclass(frozen=True)
class LineView:
    """One interview of a list; `state` is open, waiting (one sent), read (both sent) or closed."""

    id: UUID
    shown_name: str
    programme_title: str
    opened_at: datetime
    state: str
    raters: tuple[tuple[str, bool], ...]


def line_view(line: InterviewLine) -> LineView:
    sent = sum(one.is_submitted for one in line.raters)
    state = "closed" if line.closed_at else ("open", "waiting", "read")[min(sent, 2)]
    return LineView(
        id=line.id,
        shown_name=line.shown_name,
        programme_title=line.programme_title or "",
        opened_at=line.opened_at,
        state=state,
        raters=tuple((one.name or "—", one.is_submitted) for one in line.raters),
    )


@dataclass(frozen=True)
class FigureView:
    """A figure in words; empty `value` where there is none yet."""

    label: str
    value: str
    interval: str
    n: int


@dataclass(frozen=True)
class AgreementView:
    """How far raters agree over a programme's interviews."""

    interviews: int
    ratings: int
    exact: int
    adjacent: int
    figures: tuple[FigureView, ...]


def agreement_view(found: AgreementFacts, translate: Translator) -> AgreementView:
    """Figures to two decimals, each with its interval and n."""
    return AgreementView(
        interviews=found.interviews,
        ratings=found.ratings,
        exact=found.exact,
        adjacent=found.adjacent,
        figures=(
            _figure(translate("Corrélation intraclasse, ICC(1,1)"), found.intraclass, translate),
            _figure(translate("Alpha de Krippendorff, ordinal"), found.alpha, translate),
        ),
    )


def _figure(label: str, figure: Figure, translate: Translator) -> FigureView:
    said = Figures(translate.locale)
    if figure.value is None:
        return FigureView(label, "", "", figure.n)
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = translate(
            "de %(low)s à %(high)s", low=said.number(figure.low), high=said.number(figure.high)
        )
    return FigureView(label, said.number(figure.value), interval, figure.n)
