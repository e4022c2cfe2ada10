"""Figures about questionnaires as pages show them: in words, with their interval, or with the reason for none."""

from dataclasses import dataclass
from datetime import date, datetime

from assessments.figures import Figure, Lack
from assessments.questionnaires.instruments import Instrument
from assessments.validation.policy import Quantity, ValidityPolicy, Verdict
from assessments.validation.reliability import ItemFigures
from assessments.validation.validity import EditionFigures, InterviewFigures
from service.runtime.vocabulary import Locale
from service.store.assessing.validity import AgreementFacts, FiguresFacts
from service.web.translations import Translator

TONES = {
    Verdict.NO_EVIDENCE: ("neutral", "empty"),
    Verdict.MET: ("good", "full"),
    Verdict.WATCH: ("warn", "ring"),
    Verdict.STOP: ("bad", "bad"),
}
"""Tone and shape of the word beside a figure."""


@dataclass(frozen=True)
class FigureView:
    """One figure: `value` and `interval` in words ("" for none), numbers for the drawing, and what it says."""

    label: str
    note: str
    value: str
    interval: str
    n: int
    verdict: str
    tone: str
    shape: str
    lack: str
    point: float | None
    low: float | None
    high: float | None
    least: float
    most: float


@dataclass(frozen=True)
class ItemView:
    """One question's figures in words."""

    prompt: str
    n: int
    missing: int
    mean: str
    sd: str
    item_rest: str
    alpha_without: str
    drift: str


@dataclass(frozen=True)
class ScaleView:
    """One scale: alpha and omega, what to know about them, and its questions."""

    label: str
    alpha: FigureView
    omega: FigureView
    remarks: tuple[str, ...]
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class CutView:
    """One mark: how often two sittings agree about it."""

    label: str
    cut: str
    agreement: FigureView
    kappa: FigureView
    accuracy: str
    borderline: int


@dataclass(frozen=True)
class OutcomeView:
    """The link with one outcome."""

    label: str
    days: int
    raw: FigureView
    corrected: str


@dataclass(frozen=True)
class EditionView:
    """All that is known of one edition, or that nothing was computed yet (`computed_at` is None)."""

    slug: str
    edition: str
    title: str
    card_href: str
    banner: str
    banner_tone: str
    is_of_facts: bool
    is_shown: bool
    people: int
    since: date | None
    until: date | None
    mean: str
    sd: str
    sem: str
    computed_at: datetime | None
    whole: tuple[FigureView, ...]
    scales: tuple[ScaleView, ...]
    cuts: tuple[CutView, ...]
    outcomes: tuple[OutcomeView, ...]


@dataclass(frozen=True)
class InterviewView:
    """How far interviewers agree."""

    rated: int
    computed_at: datetime
    figures: tuple[FigureView, ...]


@dataclass(frozen=True)
class Words:
    """Numbers and the policy's words in one language."""

    policy: ValidityPolicy
    locale: Locale

    def decimal(self, value: float | None, digits: int = 2) -> str:
        """A number with just so many decimals; a dash for none."""
        if value is None:
            return "–"
        text = f"{value:.{digits}f}".replace("-", "−")
        return text.replace(".", ",") if self.locale is Locale.FR else text

    def interval(self, figure: Figure, digits: int = 2) -> str:
        if figure.low is None or figure.high is None:
            return ""
        translate = Translator(self.locale)
        low, high = self.decimal(figure.low, digits), self.decimal(figure.high, digits)
        return translate("%(low)s à %(high)s", low=low, high=high)

    def figure(
        self, quantity: Quantity, figure: Figure, *, label: str = "", least: float = 0.0
    ) -> FigureView:
        """One figure held against its mark."""
        threshold = self.policy.threshold(quantity)
        verdict = threshold.judge(figure)
        tone, shape = TONES[verdict]
        lack = self._lack(figure.lack) if figure.lack and figure.value is None else ""
        return FigureView(
            label=label or threshold.label.in_(self.locale.value),
            note=threshold.says.in_(self.locale.value),
            value="" if figure.value is None else self.decimal(figure.value),
            interval=self.interval(figure),
            n=figure.n,
            verdict=self.policy.verdicts[verdict].label.in_(self.locale.value),
            tone=tone,
            shape=shape,
            lack=lack,
            point=figure.value,
            low=figure.low,
            high=figure.high,
            least=least,
            most=1.0,
        )

    def _lack(self, lack: Lack) -> str:
        return self.policy.lacks[lack].in_(self.locale.value)


def edition_view(
    instrument: Instrument, facts: FiguresFacts | None, policy: ValidityPolicy, locale: Locale
) -> EditionView:
    """One edition for the page; everything empty when nothing was computed yet."""
    found = facts.figures if facts else None
    words = Words(policy, locale)
    banner, tone = _banner(found, policy, locale)
    return EditionView(
        slug=instrument.slug,
        edition=instrument.edition,
        title=instrument.title.in_(locale.value),
        card_href=f"/model-cards/{instrument.slug}/{instrument.edition}",
        banner=banner,
        banner_tone=tone,
        is_of_facts=found.is_of_facts if found else False,
        is_shown=found.is_shown if found else False,
        people=found.people if found else 0,
        since=found.since if found else None,
        until=found.until if found else None,
        mean=words.decimal(found.mean if found else None, 1),
        sd=words.decimal(found.sd if found else None, 1),
        sem=words.decimal(found.sem if found else None, 1),
        computed_at=facts.computed_at if facts else None,
        whole=_whole(found, words) if found else (),
        scales=_scales(found, instrument, words) if found else (),
        cuts=_cuts(found, words) if found else (),
        outcomes=_outcomes(found, words) if found else (),
    )


def _banner(found: EditionFigures | None, policy: ValidityPolicy, locale: Locale) -> tuple[str, str]:
    """What stands over the figures: a crossed limit, a list of facts, or that nothing is known yet."""
    if found is not None and found.stops:
        return policy.stops.advice_only.in_(locale.value), "bad"
    if found is not None and found.is_of_facts:
        return policy.stops.facts.in_(locale.value), "info"
    if found is None or not found.has_evidence:
        return policy.stops.none_known.in_(locale.value), "info"
    return "", ""


def _whole(found: EditionFigures, words: Words) -> tuple[FigureView, ...]:
    drifted = words.figure(Quantity.DRIFT, found.drift.figure)
    if found.is_of_facts:
        return (drifted,)
    return (words.figure(Quantity.COMPOSITE_RELIABILITY, found.composite.figure), drifted)


def _scales(found: EditionFigures, instrument: Instrument, words: Words) -> tuple[ScaleView, ...]:
    drifts = {one.item: one.figure for one in found.item_drift}
    views = []
    for scale in found.scales:
        known = scale.reliability
        if known is None:
            continue
        views.append(
            ScaleView(
                label=scale.label.in_(words.locale.value),
                alpha=words.figure(Quantity.SCALE_RELIABILITY, known.alpha, label="alpha"),
                omega=words.figure(Quantity.SCALE_RELIABILITY, known.omega, label="omega"),
                remarks=tuple(
                    words.policy.said(note.model_copy(update={"items": _prompts(instrument, note.items, words)}))
                    .in_(words.locale.value)
                    for note in known.notes
                ) if found.is_shown else (),
                items=tuple(_item(one, instrument, drifts.get(one.item), words) for one in known.items),
            )
        )  # fmt: skip
    return tuple(views)


def _prompts(instrument: Instrument, items: tuple[str, ...], words: Words) -> tuple[str, ...]:
    return tuple(_prompt(instrument, item, words).rstrip(".") for item in items)


def _prompt(instrument: Instrument, item: str, words: Words) -> str:
    found = instrument.item(item)
    return found.prompt.in_(words.locale.value) if found else item


def _item(one: ItemFigures, instrument: Instrument, moved: Figure | None, words: Words) -> ItemView:
    return ItemView(
        prompt=_prompt(instrument, one.item, words),
        n=one.n,
        missing=one.missing,
        mean=words.decimal(one.mean, 1),
        sd=words.decimal(one.sd, 1),
        item_rest=words.decimal(one.item_rest),
        alpha_without=words.decimal(one.alpha_if_deleted),
        drift=words.decimal(moved.value if moved else None),
    )


def _cuts(found: EditionFigures, words: Words) -> tuple[CutView, ...]:
    return tuple(
        CutView(
            label=cut.label.in_(words.locale.value),
            cut=words.decimal(cut.consistency.cut, 0),
            agreement=words.figure(Quantity.DECISION_AGREEMENT, cut.consistency.agreement),
            kappa=words.figure(Quantity.DECISION_KAPPA, cut.consistency.kappa),
            accuracy=words.decimal(cut.consistency.accuracy.value),
            borderline=cut.consistency.borderline,
        )
        for cut in found.cuts
    )


def _outcomes(found: EditionFigures, words: Words) -> tuple[OutcomeView, ...]:
    views = []
    for one in found.outcomes:
        measure = words.policy.measure(one.measure)
        corrected = one.criterion.corrected
        views.append(
            OutcomeView(
                label=measure.label.in_(words.locale.value) if measure else one.measure,
                days=one.days,
                raw=words.figure(Quantity.CRITERION, one.criterion.raw, least=-1.0),
                corrected=f"{words.decimal(corrected.value)} ({words.interval(corrected)})"
                if corrected.value is not None and corrected.low is not None
                else words.decimal(corrected.value),
            )
        )
    return tuple(views)


def interview_view(facts: AgreementFacts, policy: ValidityPolicy, locale: Locale) -> InterviewView:
    """How far interviewers agree, held against the marks in force."""
    found: InterviewFigures = facts.figures
    words = Words(policy, locale)
    return InterviewView(
        rated=found.rated,
        computed_at=facts.computed_at,
        figures=(
            words.figure(Quantity.RATER_ICC, found.icc.figure),
            words.figure(Quantity.RATER_ALPHA, found.alpha.figure),
        ),
    )
