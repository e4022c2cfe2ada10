"""What an offer says, as requests bring it and as answers show it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints, WithJsonSchema

from documents.allowances import AllowanceMode
from documents.completeness import Missing
from documents.facts import FixedTermReason, ItemState, Pacing, Term, Weekday
from service.api.models import Flag, In, Line, Out, Reason, Text
from service.flows.papers.offers_checks import OfferChecks, fault_of
from service.runtime.errors import Fault
from service.runtime.vocabulary import OfferState
from service.store.papers.civil_details import CivilDetailsFacts
from service.store.papers.offers import HiringFacts, OfferLineFacts, RecordedOfferFacts


def _day_from_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("is not a date written YYYY-MM-DD")
    if len(value) != 10 or value[4] != "-" or value[7] != "-":  # Python also reads 20261201 and 2026-W49-1
        raise ValueError("is not a date written YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day_from_text), WithJsonSchema({"type": "string", "format": "date"})]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Cents = Annotated[StrictInt, Field(ge=0, le=100_000_000)]


class Shift(In):
    """One stretch of work in a day."""

    start: Clock
    end: Clock


class DayShifts(In):
    """The stretches of one weekday, in order."""

    day: Weekday
    shifts: Annotated[list[Shift], Field(min_length=1, max_length=4)]


class Trial(In):
    """Months for a CDI, days for a CDD; both zero: no trial."""

    months: Annotated[StrictInt, Field(ge=0, le=8)] = 0
    days: Annotated[StrictInt, Field(ge=0, le=60)] = 0
    is_renewable: Flag = False


class Equipment(In):
    """One thing lent for the work."""

    label: Line
    brand_model: Line
    serial: Line | None = None
    state: ItemState = ItemState.NEW
    value_cents: Cents | None = None


class Allowance(In):
    """How the telework allowance is paid; without `rate_cents` the exempt ceiling of the day is paid."""

    mode: AllowanceMode = AllowanceMode.MONTHLY
    rate_cents: Cents | None = None


class Calls(In):
    """Which calls there are, which sets the pause between two of them."""

    has_inbound: Flag = True
    has_outbound: Flag = False
    pacing: Pacing = Pacing.SIMPLE


class OfferEditIn(In):
    """Members to change; null puts one back to its default. Pay is gross, for a month of the contract's own hours."""

    job_title: Line | None = None
    duties: Annotated[list[Line], Field(max_length=12)] | None = None
    term: Term | None = None
    end_date: Day | None = None
    reason: FixedTermReason | None = None
    reason_detail: Text | None = None
    replaced_name: Line | None = None
    replaced_qualification: Line | None = None
    coefficient: Annotated[StrictInt, Field(gt=0, le=1000)] | None = None
    monthly_pay_cents: Cents | None = None
    weekly_minutes: Annotated[StrictInt, Field(gt=0, le=2100)] | None = None
    schedule: Annotated[list[DayShifts], Field(max_length=7)] | None = None
    home_days: Annotated[list[Weekday], Field(max_length=7)] | None = None
    contact_start: Clock | None = None
    contact_end: Clock | None = None
    start_date: Day | None = None
    start_time: Clock | None = None
    trial: Trial | None = None
    has_asked_fewer_hours: Flag | None = None
    fewer_hours_reason: Line | None = None
    uses_own_equipment: Flag | None = None
    equipment: Annotated[list[Equipment], Field(max_length=40)] | None = None
    occupation_indemnity_cents: Cents | None = None
    allowance: Allowance | None = None
    calls: Calls | None = None
    adaptation_months: Annotated[StrictInt, Field(ge=1, le=6)] | None = None
    adaptation_notice_days: Annotated[StrictInt, Field(ge=1, le=60)] | None = None

    def members(self) -> dict[str, Any]:
        """The members that the body names, as plain JSON values."""
        return self.model_dump(mode="json", exclude_unset=True)


class OfferIn(OfferEditIn):
    """An offer for one application; only its start is needed for a draft, all of it before it is sent."""

    start_date: Day


class WithdrawalIn(In):
    """Why the offer is taken back; the person reads it."""

    reason: Reason


class ConfirmationIn(In):
    """One figure of law that you read in the official text, with the amount you vouch for."""

    figure: Line
    amount_cents: Cents
    text_read: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(str)
    ] = ""


class CivilDetailsIn(In):
    """What a contract must say of a person beside the name; nothing more is asked."""

    street: Line
    postcode: Line
    city: Line
    birth_date: Day
    birth_place: Line


class AcceptanceIn(In):
    """Yes to the offer, yes to working from home, and what the contract must say."""

    wants_to_work_from_home: Flag
    civil_details: CivilDetailsIn


class DeclinationIn(In):
    """No, with a word when you wish."""

    note: Text = ""


class FaultOut(Out):
    """One thing to put right: where, which, and what to do."""

    pointer: str
    code: str
    detail: str


class UnconfirmedOut(Out):
    """A figure of law that a named person must confirm before a contract rests on it."""

    figure: str
    label: str
    amount_cents: int
    source: str
    why: str


class ConfirmationOut(Out):
    """Who vouched for which figure, and when."""

    figure: str
    amount_cents: int
    confirmed_by: str
    confirmed_on: date
    text_read: str | None


class FiguresOut(Out):
    """What the law of the start date gives for these terms, in cents; empty where the terms say too little."""

    minimum_pay_cents: int | None
    minimum_basis: str | None
    allowance_mode: str | None
    allowance_rate_cents: int | None
    allowance_cents: int | None
    allowance_exempt_cents: int | None
    trial_max_months: int | None
    trial_max_days: int | None
    editions: list[str]


class OfferOut(Out):
    """One offer; `terms` has the request's members, `to_fix` what stops a contract, `unconfirmed` what to confirm."""

    id: UUID
    application_id: UUID
    candidate_id: UUID
    programme_id: UUID
    programme_title: str
    person_name: str
    state: OfferState
    terms: dict[str, Any]
    employer_will_at: datetime | None
    candidate_will_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None
    answer_note: str
    confirmations: list[ConfirmationOut]
    figures: FiguresOut
    unconfirmed: list[UnconfirmedOut]
    to_fix: list[FaultOut]
    created_at: datetime
    version: int


class OwnOfferOut(Out):
    """One offer as the person reads it."""

    id: UUID
    state: OfferState
    programme_title: str
    terms: dict[str, Any]
    figures: FiguresOut
    sent_at: datetime | None
    answered_at: datetime | None
    candidate_will_at: datetime | None


class OfferLineOut(Out):
    """One line of the list."""

    id: UUID
    application_id: UUID
    candidate_id: UUID
    programme_id: UUID
    state: OfferState
    person_name: str
    programme_title: str
    job_title: str
    start_date: date
    created_at: datetime


class OfferPageOut(Out):
    """One page of offers; `next` is the cursor of the following page."""

    items: list[OfferLineOut]
    next: str | None


class CivilDetailsOut(Out):
    """What the person gave; empty before."""

    street: str
    postcode: str
    city: str
    birth_date: date | None
    birth_place: str
    version: int


def offer_out(offer: RecordedOfferFacts, hiring: HiringFacts, checks: OfferChecks) -> OfferOut:
    return OfferOut(
        id=offer.id,
        application_id=offer.application_id,
        candidate_id=offer.candidate_id,
        programme_id=offer.programme_id,
        programme_title=hiring.programme_title,
        person_name=hiring.person_name,
        state=offer.state,
        terms=terms_out(offer),
        employer_will_at=offer.employer_will_at,
        candidate_will_at=offer.candidate_will_at,
        sent_at=offer.sent_at,
        answered_at=offer.answered_at,
        answer_note=offer.answer_note,
        confirmations=[
            ConfirmationOut.model_validate({name: given.get(name) for name in ConfirmationOut.model_fields})
            for given in offer.confirmations
        ],
        figures=figures_out(checks),
        unconfirmed=[
            UnconfirmedOut(**doubt.model_dump(include=set(UnconfirmedOut.model_fields)))
            for doubt in checks.unconfirmed
        ],
        to_fix=[*map(_told, checks.unread), *map(_fault_out, checks.missing)],
        created_at=offer.created_at,
        version=offer.version,
    )


def own_offer_out(offer: RecordedOfferFacts, hiring: HiringFacts, checks: OfferChecks) -> OwnOfferOut:
    return OwnOfferOut(
        id=offer.id,
        state=offer.state,
        programme_title=hiring.programme_title,
        terms=terms_out(offer),
        figures=figures_out(checks),
        sent_at=offer.sent_at,
        answered_at=offer.answered_at,
        candidate_will_at=offer.candidate_will_at,
    )


def line_out(line: OfferLineFacts) -> OfferLineOut:
    return OfferLineOut.model_validate(line)


def details_out(details: CivilDetailsFacts) -> CivilDetailsOut:
    return CivilDetailsOut.model_validate(details)


def terms_out(offer: RecordedOfferFacts) -> dict[str, Any]:
    """The terms as a request would say them: times to the minute, what was not said left out."""
    terms: dict[str, Any] = offer.terms.model_dump(mode="json", exclude_none=True)
    for name in ("contact_start", "contact_end", "start_time"):
        if name in terms:
            terms[name] = terms[name][:5]
    for day in terms["schedule"]:
        day["shifts"] = [{edge: clock[:5] for edge, clock in shift.items()} for shift in day["shifts"]]
    return terms


def figures_out(checks: OfferChecks) -> FiguresOut:
    found = checks.figures
    minimum, ceiling, trial = found.minimum, found.ceiling, found.trial_ceiling
    return FiguresOut(
        minimum_pay_cents=minimum.amount_cents if minimum else None,
        minimum_basis=minimum.basis.value if minimum else None,
        allowance_mode=ceiling.mode.value if ceiling else None,
        allowance_rate_cents=found.allowance_rate_cents,
        allowance_cents=found.allowance_cents,
        allowance_exempt_cents=found.exempt_cents,
        trial_max_months=trial.months if trial else None,
        trial_max_days=trial.days if trial else None,
        editions=list(found.editions),
    )


def _fault_out(item: Missing) -> FaultOut:
    return _told(fault_of(item))


def _told(fault: Fault) -> FaultOut:
    return FaultOut(pointer=fault.pointer, code=fault.code, detail=fault.detail)
