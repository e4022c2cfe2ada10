"""What the pages of live classes show: times on the clocks of their place, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from onboarding.classes import ClassPolicy, Half, HalfDay, Presence, Seat, instants, signing_window
from onboarding.content import Language
from service.flows.classes.class_sheets import LineFacts, SheetFacts
from service.flows.training_days import holidays
from service.runtime.clock import PARIS
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.classes.class_attendance import SignatureFacts
from service.store.classes.class_overlaps import OtherFacts
from service.store.classes.classes import ClassFacts
from service.web.figures import Figures
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french

PARIS_NAME = "Europe/Paris"

HALVES = {Half.MORNING: french("Matin"), Half.AFTERNOON: french("Après-midi")}
PRESENCES = {
    Presence.PRESENT: french("Était là"),
    Presence.LATE: french("Là en partie"),
    Presence.ABSENT: french("N'était pas là"),
}
SEATS = {
    Seat.TAKEN: french("Votre place est réservée"),
    Seat.WAITING: french("Liste d'attente"),
    Seat.LEFT: french("Vous ne participez pas"),
}
_STATES = {
    "to_come": ("waiting", french("À venir")),
    "now": ("doing", french("En ce moment")),
    "past": ("done", french("Passée")),
    "cancelled": ("none", french("Annulée")),
}


@dataclass(frozen=True)
class ClassView:
    """One class. `zone` is said only where its clocks are not those of Paris; then `in_paris` says the same there."""

    id: str
    href: str
    title: str
    day: str
    short_day: str
    hours: str
    zone: str
    in_paris: str
    place: str
    link: str
    link_host: str
    note: str
    trainer: str
    first_trainer: str
    replacement_reason: str
    cohort: str
    cohort_href: str
    module: str
    seats: int | None
    taken: int
    waiting: int
    state: str
    badge: str
    state_words: str
    cancelled_reason: str
    version: int

    @property
    def is_open(self) -> bool:
        return self.state == "to_come"

    @property
    def is_cancelled(self) -> bool:
        return self.state == "cancelled"


def class_view(
    held: ClassFacts, *, editions: Editions, locale: Locale, now: datetime, base: str = "/classes"
) -> ClassView:
    """One class for a page; `base` is the folder its own page lies in."""
    say, figures, policy = Reader(locale), Figures(locale), editions.class_policy_of(held.policy_edition)
    day = held.starts_at.astimezone(ZoneInfo(held.zone)).date()
    state = state_of(held, now)
    badge, words = _STATES[state]
    is_elsewhere = held.zone != PARIS_NAME
    return ClassView(
        id=str(held.id), href=f"{base}/{held.id}", title=say.house(held.title), day=figures.day(day),
        short_day=figures.short_day(day), hours=hours_of(held, held.zone, figures),
        zone=zone_words(held.zone, policy, locale) if is_elsewhere else "",
        in_paris=_in_paris(held, figures) if is_elsewhere else "",
        place=held.place, link=held.link, link_host=urlsplit(held.link).hostname or "", note=say.house(held.note),
        trainer=held.trainer, first_trainer=held.first_trainer, replacement_reason=held.replacement_reason,
        cohort=held.cohort, cohort_href=f"/training/cohorts/{held.cohort_id}" if held.cohort_id else "",
        module=module_title(held, editions, locale), seats=held.seats, taken=held.taken,
        waiting=held.waiting, state=state, badge=badge, state_words=Translator(locale)(words),
        cancelled_reason=held.cancelled_reason, version=held.version,
    )  # fmt: skip


def day_off_words(held: ClassFacts, locale: Locale) -> str:
    """That a class falls on a public holiday of the mainland or on a Sunday; nothing on any other day."""
    day, said = held.starts_at.astimezone(ZoneInfo(held.zone)).date(), Translator(locale)
    if day in holidays(day.year):
        return said(french("Cette séance tombe un jour férié"))
    return said(french("Cette séance tombe un dimanche")) if day.weekday() == 6 else ""


def state_of(held: ClassFacts, now: datetime) -> str:
    """cancelled, to_come, now or past."""
    if held.is_cancelled:
        return "cancelled"
    return "to_come" if now < held.starts_at else "now" if now < held.ends_at else "past"


def hours_of(held: ClassFacts | OtherFacts, zone: str, figures: Figures) -> str:
    """From when to when, with the distance from UTC on the one night when an hour comes twice."""
    starts, ends = (
        _clock(at.astimezone(ZoneInfo(zone)), zone, figures) for at in (held.starts_at, held.ends_at)
    )
    return Translator(figures.locale)(french("%(starts)s à %(ends)s"), starts=starts, ends=ends)


def _clock(local: datetime, zone: str, figures: Figures) -> str:
    is_twice = len(instants(local.date(), local.time(), zone=zone)) > 1
    return f"{figures.clock(local.time())} (UTC{local:%z})" if is_twice else figures.clock(local.time())


def moment_there(at: datetime, zone: str, figures: Figures) -> str:
    """A moment around a class, on the class's own clocks like the hours beside it."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{figures.short_day(local.date())}, {_clock(local, zone, figures)}"


def _in_paris(held: ClassFacts, figures: Figures) -> str:
    day = held.starts_at.astimezone(PARIS).date()
    return f"{figures.short_day(day)}, {hours_of(held, PARIS_NAME, figures)}"


def zone_words(name: str, policy: ClassPolicy, locale: Locale) -> str:
    zone = policy.zone(name)
    return zone.said_in(Language(locale.value)) if zone else name


def module_title(held: ClassFacts, editions: Editions, locale: Locale) -> str:
    """The module a class is held for, by the newest edition that has it."""
    found = [
        (path.valid_from, module)
        for (slug, _), path in editions.paths.items()
        if slug == held.path and (module := path.module(held.module)) is not None
    ]
    if not found:
        return ""
    return Reader(locale)(max(found, key=lambda one: one[0])[1].title)


@dataclass(frozen=True)
class SignatureView:
    """A signature as people read it."""

    name: str
    at: str
    fingerprint: str


@dataclass(frozen=True)
class MarkView:
    """One half-day of one person on a sheet."""

    candidate_id: str
    person: str
    presence: str
    missed_minutes: str
    reason: str
    reason_words: str
    presence_words: str
    signature: SignatureView | None
    is_contradiction: bool


@dataclass(frozen=True)
class HalfView:
    """One half-day: its hours, everybody's line, and whether it may be noted or signed now."""

    half: str
    title: str
    hours: str
    minutes: int
    marks: tuple[MarkView, ...]
    signature: SignatureView | None
    may_note: bool
    may_sign: bool
    is_noted: bool
    opens: str


def half_views(
    sheet: SheetFacts, *, policy: ClassPolicy, locale: Locale, now: datetime
) -> tuple[HalfView, ...]:
    return tuple(_half_view(sheet, one, policy=policy, locale=locale, now=now) for one in sheet.half_days)


def _half_view(
    sheet: SheetFacts, half_day: HalfDay, *, policy: ClassPolicy, locale: Locale, now: datetime
) -> HalfView:
    figures, half, said = Figures(locale), half_day.half, Translator(locale)
    there = ZoneInfo(sheet.held.zone)
    starts, ends = half_day.starts_at.astimezone(there), half_day.ends_at.astimezone(there)
    signed = sheet.trainer_signature_for(half)
    opens, _ = signing_window(half_day, policy=policy)
    closing = signing_window(
        HalfDay(half=half, starts_at=half_day.ends_at, ends_at=half_day.ends_at), policy=policy
    )
    is_noted = bool(sheet.lines) and all(line.noted_for(half) for line in sheet.lines)
    is_open = signed is None and not sheet.held.is_cancelled
    return HalfView(
        half=half.value, title=said(HALVES[half]), minutes=half_day.minutes,
        hours=f"{figures.clock(starts.time())} – {figures.clock(ends.time())}",
        marks=tuple(_mark_view(line, half, zone=sheet.held.zone, policy=policy, locale=locale) for line in sheet.lines),
        signature=signature_view(signed, sheet.held.zone, figures), may_note=is_open and now >= opens,
        may_sign=is_open and is_noted and now >= closing[0], is_noted=is_noted,
        opens=moment_there(opens, sheet.held.zone, figures),
    )  # fmt: skip


def _mark_view(line: LineFacts, half: Half, *, zone: str, policy: ClassPolicy, locale: Locale) -> MarkView:
    noted, signature = line.noted_for(half), line.signature_for(half)
    reason = policy.reason(noted.reason) if noted else None
    presence = noted.presence if noted else Presence.PRESENT if signature else None
    return MarkView(
        candidate_id=str(line.candidate_id), person=line.person,
        presence=presence.value if presence else "",
        missed_minutes=str(noted.missed_minutes or "") if noted else "",
        reason=noted.reason if noted else "",
        reason_words=reason.said_in(Language(locale.value)) if reason else "",
        presence_words=Translator(locale)(PRESENCES[noted.presence]) if noted else "",
        signature=signature_view(signature, zone, Figures(locale)),
        is_contradiction=bool(noted and signature and noted.presence is Presence.ABSENT),
    )  # fmt: skip


def signature_view(signature: SignatureFacts | None, zone: str, figures: Figures) -> SignatureView | None:
    if signature is None:
        return None
    return SignatureView(
        signature.name, moment_there(signature.signed_at, zone, figures), signature.fingerprint
    )
