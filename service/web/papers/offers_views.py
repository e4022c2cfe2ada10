"""An offer in words: what its pages show, already written for the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from documents.allowances import AllowanceMode
from documents.completeness import Missing
from documents.facts import Confirmation, DayHours, Weekday
from documents.faults import Fault as Stop
from documents.kinds import KINDS, DocumentKind
from documents.rates import figure_in_words
from service.flows.mail.letters import moment_words
from service.flows.papers.offers_checks import OfferChecks, pointer_of
from service.runtime.errors import Fault, Tongue
from service.runtime.vocabulary import Locale, OfferState, PackState
from service.store.papers.offers import HiringFacts, OfferLineFacts, RecordedOfferFacts
from service.store.papers.packs import MadePackFacts
from service.web.figures import Figures
from service.web.translations import Translator

WEEK = tuple(Weekday)


@dataclass(frozen=True)
class DayView:
    """One working day: 0 is Monday."""

    number: int
    words: str


@dataclass(frozen=True)
class TermsView:
    """What is offered, value by value; an empty text was not said."""

    job_title: str
    duties: tuple[str, ...]
    is_fixed_term: bool
    end_day: str
    reason_detail: str
    replaced: str
    coefficient: str
    pay: str
    weekly_hours: str
    days: tuple[DayView, ...]
    home_days: tuple[int, ...]
    contact: str
    start_day: str
    start_time: str
    trial_months: int
    trial_days: int
    trial_is_renewable: bool
    allowance: str
    allowance_working: str
    allowance_is_daily: bool
    occupation_indemnity: str
    adaptation_months: int
    equipment: tuple[str, ...]
    uses_own_equipment: bool


@dataclass(frozen=True)
class FixView:
    """One thing to put right, and the page where that is done."""

    words: str
    article: str
    remedy: str
    href: str


@dataclass(frozen=True)
class DoubtView:
    """One figure of law that a person confirms."""

    figure: str
    label: str
    amount_cents: int
    source: str
    why: str


@dataclass(frozen=True)
class ConfirmedView:
    """A figure that somebody vouched for; `amount` is empty where the label already says it."""

    label: str
    amount: str
    name: str
    day: str


@dataclass(frozen=True)
class DocumentView:
    title: str
    kind_title: str
    pages: int
    kilobytes: int
    sha256: str
    href: str


@dataclass(frozen=True)
class PackView:
    """One pack: its state, its documents, where to load them from."""

    id: str
    reference: str
    state: PackState
    failure: str
    asked: str
    ready: str
    documents: tuple[DocumentView, ...]
    href: str
    archive_href: str


@dataclass(frozen=True)
class OfferView:
    """One offer as the employer's people read it."""

    id: str
    version: int
    state: OfferState
    person_name: str
    candidate_href: str
    application_href: str
    programme_title: str
    sent: str
    answered: str
    note: str
    minimum: str
    terms: TermsView
    to_fix: tuple[FixView, ...]
    before_sending: tuple[FixView, ...]
    doubts: tuple[DoubtView, ...]
    confirmed: tuple[ConfirmedView, ...]


@dataclass(frozen=True)
class OwnOfferView:
    """One offer as its person reads it, with the programme's sheet."""

    id: str
    state: OfferState
    programme_title: str
    nature_of_work: str
    autonomy_given: str
    expectations: str
    answered: str
    terms: TermsView


@dataclass(frozen=True)
class OfferLineView:
    href: str
    person_name: str
    programme_title: str
    job_title: str
    state: OfferState
    start_day: str


def terms_view(offer: RecordedOfferFacts, checks: OfferChecks, locale: Locale) -> TermsView:
    terms, law, say = offer.terms, checks.figures, Figures(locale)
    return TermsView(
        job_title=terms.job_title or "",
        duties=terms.duties,
        is_fixed_term=terms.is_fixed_term,
        end_day=say.day(terms.end_date) if terms.end_date else "",
        reason_detail=terms.reason_detail or "",
        replaced=", ".join(filter(None, (terms.replaced_name, terms.replaced_qualification))),
        coefficient=str(terms.coefficient or ""),
        pay=say.money(terms.monthly_pay_cents) if terms.monthly_pay_cents else "",
        weekly_hours=say.hours(terms.weekly_minutes) if terms.weekly_minutes else "",
        days=tuple(_day(day, say) for day in sorted(terms.schedule, key=lambda day: WEEK.index(day.day))),
        home_days=tuple(sorted(WEEK.index(day) for day in set(terms.home_days))),
        contact=" – ".join(say.clock(edge) for edge in (terms.contact_start, terms.contact_end) if edge),
        start_day=say.day(offer.start_date),
        start_time=say.clock(terms.start_time) if terms.start_time else "",
        trial_months=terms.trial.months,
        trial_days=terms.trial.days,
        trial_is_renewable=terms.trial.is_renewable,
        allowance=say.money(law.allowance_cents) if law.allowance_cents is not None else "",
        allowance_working=law.ceiling.working if law.ceiling and terms.allowance.rate_cents is None else "",
        allowance_is_daily=terms.allowance.mode is AllowanceMode.PER_DAY,
        occupation_indemnity=say.money(terms.occupation_indemnity_cents)
        if terms.occupation_indemnity_cents
        else "",
        adaptation_months=terms.adaptation_months or 0,
        equipment=tuple(f"{item.label}, {item.brand_model}" for item in terms.equipment),
        uses_own_equipment=terms.uses_own_equipment,
    )


def _day(day: DayHours, say: Figures) -> DayView:
    spans = ", ".join(f"{say.clock(shift.start)} – {say.clock(shift.end)}" for shift in day.shifts)
    return DayView(WEEK.index(day.day), spans)


def offer_view(
    offer: RecordedOfferFacts, hiring: HiringFacts, checks: OfferChecks, locale: Locale
) -> OfferView:
    minimum = checks.figures.minimum
    return OfferView(
        id=str(offer.id),
        version=offer.version,
        state=offer.state,
        person_name=hiring.person_name,
        candidate_href=f"/candidates/{offer.candidate_id}",
        application_href=f"/applications/{offer.application_id}",
        programme_title=hiring.programme_title,
        sent=_moment(offer.sent_at, locale),
        answered=_moment(offer.answered_at, locale),
        note=offer.answer_note,
        minimum=Figures(locale).money(minimum.amount_cents) if minimum else "",
        terms=terms_view(offer, checks, locale),
        to_fix=tuple(_fix(item, offer) for item in checks.missing if item.fault is not Stop.UNCONFIRMED)
        + tuple(_unread(fault, offer, Translator(locale)) for fault in checks.unread),
        before_sending=tuple(_fix(item, offer) for item in checks.stops_sending),
        doubts=tuple(
            DoubtView(doubt.figure, doubt.label, doubt.amount_cents, doubt.source, doubt.why)
            for doubt in checks.unconfirmed
        ),
        confirmed=tuple(_confirmed(given, checks, Figures(locale)) for given in checks.facts.confirmations),
    )


def _confirmed(given: Confirmation, checks: OfferChecks, say: Figures) -> ConfirmedView:
    """By the label it was confirmed under; a figure that is no longer used is named by its table and day."""
    labels = [
        doubt.label
        for doubt in checks.figures.unconfirmed
        if (doubt.figure, doubt.amount_cents) == (given.figure, given.amount_cents)
    ]
    return ConfirmedView(
        label=labels[0] if labels else figure_in_words(given.figure),
        amount="" if labels else say.money(given.amount_cents),
        name=given.confirmed_by,
        day=say.day(given.confirmed_on),
    )


def _moment(moment: datetime | None, locale: Locale) -> str:
    return moment_words(moment, locale) if moment else ""


def _fix(item: Missing, offer: RecordedOfferFacts) -> FixView:
    return FixView(item.label, item.article, item.remedy, fix_href(pointer_of(item.field), offer))


def _unread(fault: Fault, offer: RecordedOfferFacts, tongue: Tongue) -> FixView:
    return FixView(fault.said(tongue), "", "", fix_href(fault.pointer, offer))


def fix_href(pointer: str, offer: RecordedOfferFacts) -> str:
    """The page where this can be put right; empty when only time or the person can."""
    part = pointer.strip("/").split("/")[0]
    places = {
        "employer": "/employer",
        "programme": f"/programmes/{offer.programme_id}",
        "person": f"/candidates/{offer.candidate_id}" if "name" in pointer or "email" in pointer else "",
        "confirmations": f"/offers/{offer.id}#confirmations",
        "will": "",
    }
    if part in places:
        return places[part]
    return f"/offers/{offer.id}/edit" if offer.state is OfferState.DRAFT else ""


def own_offer_view(
    offer: RecordedOfferFacts, hiring: HiringFacts, checks: OfferChecks, locale: Locale
) -> OwnOfferView:
    sheet = hiring.programme
    return OwnOfferView(
        id=str(offer.id),
        state=offer.state,
        programme_title=hiring.programme_title,
        nature_of_work=str(sheet.get("nature_of_work") or ""),
        autonomy_given=str(sheet.get("autonomy_given") or ""),
        expectations=str(sheet.get("expectations") or ""),
        answered=_moment(offer.answered_at, locale),
        terms=terms_view(offer, checks, locale),
    )


def line_view(line: OfferLineFacts, locale: Locale, *, base: str = "/offers") -> OfferLineView:
    return OfferLineView(
        href=f"{base}/{line.id}",
        person_name=line.person_name,
        programme_title=line.programme_title,
        job_title=line.job_title,
        state=line.state,
        start_day=Figures(locale).day(line.start_date),
    )


def pack_view(pack: MadePackFacts, locale: Locale) -> PackView:
    return PackView(
        id=str(pack.id),
        reference=pack.reference,
        state=pack.state,
        failure=pack.failure,
        asked=moment_words(pack.created_at, locale),
        ready=_moment(pack.ready_at, locale),
        documents=tuple(
            DocumentView(
                title=document.title,
                kind_title=Translator(locale)(KINDS[DocumentKind(document.kind)].title),
                pages=document.pages,
                kilobytes=-(-document.size_bytes // 1000),
                sha256=document.sha256,
                href=f"/documents/{document.id}/content",
            )
            for document in pack.documents
        ),
        href=f"/packs/{pack.id}",
        archive_href=f"/packs/{pack.id}/archive" if pack.archive_sha256 else "",
    )
