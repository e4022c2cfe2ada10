"""What the pages of a measured line show: three parts of the day, figures in words, how a call would sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.lines.connection import word_of
from assessments.lines.policy import LinePolicy, Reading
from service.flows.assessing.measurements import Slot, Standing, part_now, standing
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.assessing import measurements as store
from service.store.assessing.measurements import MeasurementFacts
from service.web.figures import Figures
from service.web.translations import Translator, french

TONES = {"good": "good", "enough": "info", "to_arrange": "warn"}
WIRED = {True: french("par un câble"), False: french("sans fil"), None: french("non dit")}


@dataclass(frozen=True)
class SlotView:
    """One part of the day: `state` is done, now or next."""

    label: str
    hours: str
    state: str
    is_now: bool
    taken_at: datetime | None
    band: str


@dataclass(frozen=True)
class CellView:
    """A figure with its unit, and the word for it."""

    said: str
    word: str = ""


@dataclass(frozen=True)
class RowView:
    """One measure over the parts of the day."""

    label: str
    cells: tuple[CellView, ...]
    counted: CellView


@dataclass(frozen=True)
class VerdictView:
    """How a call would sound, in words; `facts` are what the figure rests on."""

    label: str
    sentence: str
    tone: str
    reasons: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TakenView:
    """One measuring as recruiters read it."""

    id: str
    taken_at: datetime
    part: str
    how: str
    browser: str
    verdict: VerdictView
    doubts: tuple[str, ...]


def slot_views(found: Standing, locale: Locale, *, now: datetime) -> tuple[SlotView, ...]:
    current = part_now(found.policy, now).key
    return tuple(_slot_view(slot, locale, is_now=slot.part.key is current) for slot in found.slots)


def _slot_view(slot: Slot, locale: Locale, *, is_now: bool) -> SlotView:
    kept, language = slot.kept, locale.value
    return SlotView(
        label=slot.part.label.in_(language),
        hours=slot.part.when.in_(language),
        state="done" if kept else "now" if is_now else "next",
        is_now=is_now,
        taken_at=kept.taken_at if kept else None,
        band=kept.result.band.label.in_(language) if kept else "",
    )


def row_views(found: Standing, locale: Locale) -> tuple[RowView, ...]:
    """Every measure in the order of the edition; none while nothing was measured."""
    if not found.measured:
        return ()
    return tuple(
        RowView(
            label=reading.label.in_(locale.value),
            cells=tuple(
                CellView("–")
                if slot.kept is None
                else cell(found.policy, reading, slot.kept.result.measured, locale)
                for slot in found.slots
            ),
            counted=cell(found.policy, reading, found.figures, locale),
        )
        for reading in found.policy.readings
    )


def cell(policy: LinePolicy, reading: Reading, figures: object, locale: Locale) -> CellView:
    """One figure as people read it, or that it was not measured."""
    assert isinstance(figures, dict)
    value: int | None = figures.get(reading.measure)
    _, word = word_of(policy, reading.measure, value)
    if value is None:
        return CellView(word.in_(locale.value))
    number = Figures(locale).number(value / reading.per_unit, digits=1)
    return CellView(f"{number}\u00a0{reading.unit.in_(locale.value)}", word.in_(locale.value))


def weakest(kept: Sequence[MeasurementFacts]) -> MeasurementFacts | None:
    """The measuring under which a call would sound worst: the one that counts for the line."""
    return min(kept, key=lambda one: (one.result.call.r, one.taken_at), default=None)


def verdict_view(policy: LinePolicy, kept: MeasurementFacts, translate: Translator) -> VerdictView:
    """How a call would sound on the line of one measuring, with everything the figure rests on."""
    result, language, figures = kept.result, translate.locale.value, Figures(translate.locale)
    first, *others = (reason.in_(language) for reason in result.reasons)
    used = policy.codec(result.codec)
    facts = [
        (translate("Facteur R"), figures.number(result.call.r, digits=1)),
        (translate("Note d'écoute (MOS), de 1 à 4,5"), figures.number(result.call.mos, digits=2)),
        (translate("Codage de la voix supposé"), result.codec),
        (translate("Délai d'un seul côté"), f"{figures.number(result.call.one_way_ms, digits=0)}\u00a0ms"),
        (
            translate("Gigue, règle qui compte"),
            _jitter(figures, result.idle.jitter.mean_difference_ms, translate),
        ),
        (
            translate("Gigue selon la RFC 3550"),
            f"{figures.number(result.idle.jitter.rfc3550_ms, digits=1)}\u00a0ms",
        ),
        (translate("Formule"), result.formula),
        (translate("Édition des règles"), result.edition),
    ]
    if result.call_under_load:
        facts.insert(
            2, (translate("Facteur R, ligne chargée"), figures.number(result.call_under_load.r, digits=1))
        )
    said = policy.path.said.with_(packet_ms=f"{used.packet_ms:g}" if used else "?").in_(language)
    return VerdictView(
        label=result.band.label.in_(language),
        sentence=first,
        tone="good" if result.call.r >= 80 else "info" if result.call.r >= 70 else "warn",
        reasons=(*others, said),
        facts=tuple(facts),
    )


def _jitter(figures: Figures, value: float, translate: Translator) -> str:
    number = f"{figures.number(value, digits=1)}\u00a0ms"
    return translate("%(number)s (moyenne des écarts entre deux délais qui se suivent)", number=number)


def taken_views(
    editions: Editions, kept: Sequence[MeasurementFacts], translate: Translator
) -> tuple[TakenView, ...]:
    """Every measuring of one person, newest first, for those who recruit and equip."""
    return tuple(_taken_view(editions.line_policy_of(one.edition), one, translate) for one in kept)


def _taken_view(policy: LinePolicy, one: MeasurementFacts, translate: Translator) -> TakenView:
    locale = translate.locale
    part = next(part for part in policy.parts_of_day if part.key is one.part_of_day)
    return TakenView(
        id=str(one.id),
        taken_at=one.taken_at,
        part=part.label.in_(locale.value),
        how=translate(WIRED[one.is_wired]),
        browser=one.browser_family,
        verdict=verdict_view(policy, one, translate),
        doubts=tuple(doubt.in_(locale.value) for doubt in one.result.doubts),
    )


@dataclass(frozen=True)
class LineView:
    """Everything measured of one person, for their file."""

    counts: str
    slots: tuple[SlotView, ...]
    rows: tuple[RowView, ...]
    taken: tuple[TakenView, ...]


async def line_view(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    *,
    editions: Editions,
    translate: Translator,
    now: datetime,
) -> LineView | None:
    """What was measured of a person's line; None for a reader whose role does not see it."""
    if not matrix()["measurements.list"].allows(actor):
        return None
    kept, locale = await store.kept_of(session, actor, candidate_id), translate.locale
    found = standing(editions, kept, now=now)
    return LineView(
        counts=found.policy.counts.in_(locale.value),
        slots=slot_views(found, locale, now=now),
        rows=row_views(found, locale),
        taken=taken_views(editions, kept, translate),
    )
