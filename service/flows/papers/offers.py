"""Offers are made, corrected, sent and withdrawn by people of the employer, and answered once by the person."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.facts import Confirmation
from documents.glyphs import unshowable
from documents.law import Law
from service.flows.accounts import signing_in
from service.flows.day_one import checklists
from service.flows.mail import mailing
from service.flows.mail.letters import LetterWords, compose, day_words, moment_words
from service.flows.papers import civil_details
from service.flows.papers.offers_checks import OfferChecks, check_offer, fault_of
from service.flows.recruiting.applications import step
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import load_editions
from service.runtime.errors import Conflict, Fault, Forbidden, Gone, RuleBroken, told
from service.runtime.settings import Settings
from service.runtime.vocabulary import FINAL_STAGES, LinkPurpose, OfferState, Stage
from service.store import audit
from service.store.papers import offers as store
from service.store.papers.offers import HiringFacts, RecordedOfferFacts
from service.store.papers.offers_terms import TermsFacts, as_document, merged
from service.store.reach import application_row
from service.tables.applications import Application
from service.tables.offers import Offer

CheckVersion = Callable[[int], None]
NO_WILL = Fault(
    "/wants_to_work_from_home",
    "absent",
    "Tick this box if you want to work from home. Home working is never imposed.",
)
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
WHERE_IT_STANDS = {
    OfferState.DRAFT: told("This offer is not sent yet; send it first."),
    OfferState.SENT: told("This offer is sent; it no longer changes."),
    OfferState.ACCEPTED: told("This offer is accepted; it no longer changes."),
    OfferState.DECLINED: told("This offer was answered with no; it is closed."),
    OfferState.WITHDRAWN: told("This offer was withdrawn; it is closed."),
}
YEARS = {"first": EARLIEST.year, "last": LATEST.year}


def checked_terms(values: Mapping[str, Any]) -> TermsFacts:
    """Terms that fit their shape; RuleBroken names each member that does not. They need not be complete yet."""
    try:
        terms = TermsFacts.model_validate(values)
    except ValidationError as error:
        faults = [
            Fault("/" + "/".join(map(str, entry["loc"])), "invalid", entry["msg"]) for entry in error.errors()
        ]
        raise RuleBroken("The offer does not fit its shape; see errors.", faults=faults) from None
    faults = [
        Fault(f"/{name}", "date", "Choose a date between %(first)s and %(last)s.", YEARS)
        for name, day in (("start_date", terms.start_date), ("end_date", terms.end_date))
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    if terms.start_date is None:
        faults.append(Fault("/start_date", "missing", "Give the start date."))
    if faults:
        raise RuleBroken("The offer does not fit its shape; see errors.", faults=faults)
    return terms


async def make_offer(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    terms: Mapping[str, Any],
    now: datetime,
) -> RecordedOfferFacts:
    """A draft for one application; Conflict when there is an open offer already or the application is over."""
    application = await application_row(session, actor, application_id)
    await session.execute(
        select(col(Application.id)).where(col(Application.id) == application.id).with_for_update()
    )
    if application.stage in FINAL_STAGES:
        raise Conflict("This application is over; no offer can be made for it.", code="application-over")
    if application.programme_id is None:
        raise RuleBroken("Choose a programme for this application first.", code="no-programme")
    if await store.open_offer_of(session, application.id):
        raise Conflict("There is an open offer for this application already.", code="offer-open")
    wanted = checked_terms(merged({}, terms))
    assert wanted.start_date is not None
    row = Offer(
        application_id=application.id,
        candidate_id=application.candidate_id,
        programme_id=application.programme_id,
        terms=as_document(wanted),
        start_date=wanted.start_date,
        confirmations=[],
        made_by=actor.staff_id,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    _note(session, actor, "offer.create", row, now=now)
    return RecordedOfferFacts.model_validate(row)


async def edit_offer(
    session: AsyncSession,
    actor: Actor,
    offer_id: str | UUID,
    *,
    changes: Mapping[str, Any],
    check_version: CheckVersion,
    now: datetime,
) -> RecordedOfferFacts:
    """Change the members that `changes` names (None takes one back); only while the offer is a draft."""
    row = await store.offer_row(session, actor, offer_id)
    check_version(row.version)
    _refuse_unless(row, OfferState.DRAFT)
    wanted = checked_terms(merged(row.terms, changes))
    assert wanted.start_date is not None
    row.terms, row.start_date = as_document(wanted), wanted.start_date
    _note(session, actor, "offer.edit", row, now=now, detail={"members": sorted(changes)})
    await session.flush()
    return RecordedOfferFacts.model_validate(row)


async def read_offer(
    session: AsyncSession, actor: Actor, offer_id: str | UUID, *, law: Law, now: datetime
) -> tuple[RecordedOfferFacts, HiringFacts, OfferChecks]:
    """The offer, whom it is about and how it stands with the law; the reading is noted."""
    row = await store.offer_row(session, actor, offer_id)
    _note(session, actor, "offer.read", row, now=now)
    return await standing_of(session, row, law=law, now=now)


async def standing_of(
    session: AsyncSession, row: Offer, *, law: Law, now: datetime
) -> tuple[RecordedOfferFacts, HiringFacts, OfferChecks]:
    facts, hiring = RecordedOfferFacts.model_validate(row), await store.hiring_of(session, row)
    return facts, hiring, check_offer(facts, hiring, law=law, now=now)


async def send_offer(
    session: AsyncSession, actor: Actor, offer_id: str | UUID, *, law: Law, settings: Settings, now: datetime
) -> RecordedOfferFacts:
    """Say that the employer wants this hiring and the work from home, and write to the person.

    Sent once more, only the letter with a fresh link goes again: the employer's will keeps its date. RuleBroken names
    what the law does not allow in it.
    """
    _refuse_machines(actor)
    row = await store.offer_row(session, actor, offer_id)
    if row.state not in (OfferState.DRAFT, OfferState.SENT):
        _refuse_unless(row, OfferState.DRAFT)
    _, hiring, checks = await standing_of(session, row, law=law, now=now)
    faults = [fault_of(item) for item in checks.stops_sending] + _sending_faults(row, hiring, now=now)
    if faults:
        raise RuleBroken("This offer cannot be sent yet; see errors.", code="offer-incomplete", faults=faults)
    if row.state is OfferState.DRAFT:
        row.state, row.sent_at, row.employer_will_at = OfferState.SENT, now, now
        await _move_to_offer(session, actor, row, now=now)
    _write_offer(session, row, hiring, settings=settings, now=now)
    _note(session, actor, "offer.send", row, now=now)
    await session.flush()
    return RecordedOfferFacts.model_validate(row)


def _sending_faults(row: Offer, hiring: HiringFacts, *, now: datetime) -> list[Fault]:
    faults = []
    if row.start_date < civil_date(now):
        faults.append(Fault("/start_date", "past", "The start date is past. Choose a date to come."))
    if not hiring.email:
        faults.append(
            Fault(
                "/person/email",
                "absent",
                "The person's e-mail address is missing. Add it to the file.",
            )
        )
    return faults


async def _move_to_offer(session: AsyncSession, actor: Actor, row: Offer, *, now: datetime) -> None:
    application = await application_row(session, actor, row.application_id)
    if application.stage in FINAL_STAGES:
        raise Conflict("This application is over; no offer can be sent for it.", code="application-over")
    await step(session, actor, application, stage=Stage.OFFER, now=now)


def _write_offer(
    session: AsyncSession, row: Offer, hiring: HiringFacts, *, settings: Settings, now: datetime
) -> None:
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.OFFER, now=now, days=settings.link_days, candidate_id=row.candidate_id,
        offer_id=row.id,
    )  # fmt: skip
    words = compose(
        "offer", hiring.locale, name=hiring.given_name, job_title=job_title_of(row),
        programme=hiring.programme_title, start=day_words(row.start_date, hiring.locale),
        url=f"{settings.public_url}/links/{token}", until=moment_words(link.expires_at, hiring.locale),
    )  # fmt: skip
    _post(session, row, words, recipient=hiring.email, now=now)


def _post(session: AsyncSession, row: Offer, words: LetterWords, *, recipient: str, now: datetime) -> None:
    mailing.write_letter(
        session, recipient=recipient, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=row.candidate_id, now=now,
    )  # fmt: skip


def job_title_of(row: Offer) -> str:
    return str(row.terms.get("job_title") or "")


async def withdraw_offer(
    session: AsyncSession, actor: Actor, offer_id: str | UUID, *, reason: str, now: datetime
) -> RecordedOfferFacts:
    """Take a draft or an unanswered offer back, with a reason that the person reads."""
    _refuse_machines(actor)
    row = await store.offer_row(session, actor, offer_id)
    _refuse_unless(row, OfferState.DRAFT, OfferState.SENT)
    was_sent = row.state is OfferState.SENT
    row.state = OfferState.WITHDRAWN
    if was_sent:
        hiring = await store.hiring_of(session, row)
        words = compose(
            "offer_withdrawn",
            hiring.locale,
            name=hiring.given_name,
            job_title=job_title_of(row),
            reason=reason,
        )
        _post(session, row, words, recipient=hiring.email, now=now)
    _note(session, actor, "offer.withdraw", row, now=now)
    await session.flush()
    return RecordedOfferFacts.model_validate(row)


async def confirm_figure(
    session: AsyncSession,
    actor: Actor,
    offer_id: str | UUID,
    *,
    figure: str,
    amount_cents: int,
    text_read: str,
    law: Law,
    now: datetime,
) -> RecordedOfferFacts:
    """A named person vouches for one figure of law that is not verified; saying it twice changes nothing."""
    _refuse_machines(actor)
    row = await store.offer_row(session, actor, offer_id)
    _refuse_unless(row, OfferState.DRAFT, OfferState.SENT, OfferState.ACCEPTED)
    facts, _, checks = await standing_of(session, row, law=law, now=now)
    doubts = {doubt.figure: doubt for doubt in checks.figures.unconfirmed}
    if figure not in doubts:
        raise RuleBroken(
            "No figure of this offer waits for a confirmation under that name.",
            faults=[Fault("/figure", "unknown", "Choose one of the offer's unconfirmed figures.")],
        )
    if amount_cents != doubts[figure].amount_cents:
        detail = "This is not the amount that is used; a new amount belongs in a new edition of the figures."
        raise RuleBroken(detail, faults=[Fault("/amount_cents", "other-amount", detail)])
    if any(doubt.figure == figure for doubt in checks.unconfirmed):
        given = confirmation_by(actor, figure, amount_cents=amount_cents, text_read=text_read, now=now)
        row.confirmations = [*facts.confirmations, given]
        _note(session, actor, "offer.confirm", row, now=now, detail={"figure": figure})
        await session.flush()
    return RecordedOfferFacts.model_validate(row)


def confirmation_by(
    actor: Actor, figure: str, *, amount_cents: int, text_read: str, now: datetime
) -> dict[str, Any]:
    """What the contract will print of a confirmation; RuleBroken when it could not."""
    lacking = unshowable(f"{actor.name}{text_read}")
    try:
        given = Confirmation(
            figure=figure,
            amount_cents=amount_cents,
            confirmed_by=actor.name,
            confirmed_on=civil_date(now),
            text_read=text_read or None,
        )
    except ValidationError:
        given = None
    if given is None or lacking:
        detail = "Write one line, in Latin letters: the contract takes up these words."
        raise RuleBroken(detail, faults=[Fault("/text_read", "invalid", detail)])
    return {**given.model_dump(mode="json"), "staff_id": str(actor.staff_id)}


async def accept_offer(
    session: AsyncSession,
    actor: Actor,
    offer_id: str | UUID,
    *,
    wants_to_work_from_home: bool,
    details: Mapping[str, Any],
    settings: Settings,
    now: datetime,
) -> RecordedOfferFacts:
    """The person says yes, once: to the offer and to working from home, with what the contract must say of them.

    The checklist of the placement opens with that answer.
    """
    row = await store.offer_row(session, actor, offer_id)
    _refuse_answered(row, now=now)
    faults = [] if wants_to_work_from_home else [NO_WILL]
    faults += civil_details.faults_in(details, now=now)
    if faults:
        raise RuleBroken("Something is still missing; see errors.", code="answer-incomplete", faults=faults)
    await civil_details.record_details(session, row.candidate_id, details, now=now)
    row.state, row.answered_at, row.candidate_will_at = OfferState.ACCEPTED, now, now
    _note(session, actor, "offer.accept", row, now=now)
    accepted = RecordedOfferFacts.model_validate(row)
    await checklists.open_for_offer(session, actor, accepted, editions=load_editions(), now=now)
    await _tell_maker(session, row, "offer_accepted", settings=settings, now=now)
    await session.flush()
    return RecordedOfferFacts.model_validate(row)


async def decline_offer(
    session: AsyncSession, actor: Actor, offer_id: str | UUID, *, note: str, settings: Settings, now: datetime
) -> RecordedOfferFacts:
    """The person says no, once, with a word when they wish."""
    row = await store.offer_row(session, actor, offer_id)
    _refuse_answered(row, now=now)
    row.state, row.answered_at, row.answer_note = OfferState.DECLINED, now, note
    _note(session, actor, "offer.decline", row, now=now)
    await _tell_maker(session, row, "offer_declined", settings=settings, now=now)
    await session.flush()
    return RecordedOfferFacts.model_validate(row)


async def _tell_maker(
    session: AsyncSession, row: Offer, letter: str, *, settings: Settings, now: datetime
) -> None:
    maker = await store.mailbox_of_maker(session, row)
    if maker is None:
        return
    hiring = await store.hiring_of(session, row)
    words = compose(
        letter, maker.locale, person=hiring.person_name, job_title=job_title_of(row), note=row.answer_note,
        url=f"{settings.public_url}/offers/{row.id}",
    )  # fmt: skip
    _post(session, row, words, recipient=maker.address, now=now)


def _refuse_answered(row: Offer, *, now: datetime) -> None:
    if row.state in (OfferState.ACCEPTED, OfferState.DECLINED):
        raise Conflict("You have already answered this offer; one answer counts.", code="offer-answered")
    if row.state is not OfferState.SENT:
        raise Gone("This offer was withdrawn.", code="offer-withdrawn")
    if row.start_date < civil_date(now):
        raise Gone("The start date of this offer is past. Ask us for a new offer.", code="offer-past")


def _refuse_unless(row: Offer, *states: OfferState) -> None:
    if row.state not in states:
        raise Conflict(
            WHERE_IT_STANDS[row.state],
            code="offer-state",
        )


def _refuse_machines(actor: Actor) -> None:
    """The employer's will, a confirmation and a withdrawal are said by a person who signed in."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")


def _note(
    session: AsyncSession,
    actor: Actor,
    action: str,
    row: Offer,
    *,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(session, actor, action=action, subject=("offer", row.id), now=now, detail=detail)
