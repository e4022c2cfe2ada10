"""Papers about one person: facts and number in one transaction, the file by durable work, their dates as tasks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.facts import Confirmation
from documents.kinds import KINDS
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused, canonical_json
from documents.papers.issuing import plan_paper
from documents.rates import Unconfirmed
from service.flows.accounts import signing_in
from service.flows.mail import mailing
from service.flows.mail.letters import compose, moment_words
from service.flows.papers import social_numbers
from service.flows.papers.offers import confirmation_by
from service.flows.papers.papers_facts import (
    SEALED_KINDS,
    SEALED_MEMBER,
    Draft,
    Known,
    draft_paper,
    fault_of,
    gather,
    known_by_name,
    paper_of,
)
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import new_id
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.runtime.vocabulary import DeadlineHolder, LinkPurpose, PaperState, WorkKind
from service.store import audit
from service.store.mail import outbox
from service.store.papers import papers as store
from service.store.papers.number_series import next_number, reference_of
from service.store.papers.papers import IssuedPaperFacts
from service.store.reach import application_row
from service.tables.applications import Application
from service.tables.papers import Deadline, IssuedPaper
from service.tables.people import Candidate

SERIES = "DOC"
"""One register for every kind: numbers follow one another in the order of issue, from 1 each year."""


@dataclass(frozen=True)
class GivenConfirmation:
    """The word of whoever issues for one figure and amount, and the text that was read."""

    figure: str
    amount_cents: int
    text_read: str = ""


@dataclass(frozen=True)
class Wish:
    """Which paper, with which details of its own, and for which figures the issuer vouches.

    `assignment_id` is the training it is about; then it names the person alone, and not where they live.
    """

    kind: str
    details: Mapping[str, Any]
    confirmations: tuple[GivenConfirmation, ...] = ()
    assignment_id: UUID | None = None


async def check(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    wish: Wish,
    *,
    law: Law,
    vault: Vault,
    now: datetime,
) -> tuple[Known, Draft]:
    """The paper as it would be issued now, with everything that stops it; nothing is written but that it was read."""
    known = await gather(session, actor, application_id)
    audit.record(
        session, actor, action="paper.check", subject=("application", known.application.id), now=now,
        detail={"kind": wish.kind},
    )  # fmt: skip
    draft, _ = await _draft(session, actor, known, wish, law=law, vault=vault, now=now)
    return known, draft


async def _draft(
    session: AsyncSession, actor: Actor, known: Known, wish: Wish, *, law: Law, vault: Vault, now: datetime
) -> tuple[Draft, list[dict[str, Any]]]:
    """The draft with the issuer's confirmations in it, and these as the record keeps them."""
    paper = paper_of(wish.kind, is_gathered=wish.assignment_id is not None)
    if wish.assignment_id is not None:
        known = known_by_name(known, paper.kind)
    sealed = None
    if paper.kind in SEALED_KINDS:
        sealed = await social_numbers.open_number(
            session, actor, known.application.candidate_id, vault=vault, now=now
        )

    def drafted(confirmations: Iterable[Confirmation] = ()) -> Draft:
        return draft_paper(
            paper,
            known,
            details=wish.details,
            confirmations=confirmations,
            sealed_number=sealed,
            law=law,
            now=now,
        )

    draft = drafted()
    if not wish.confirmations:
        return draft, []
    records = _confirmed(actor, draft.doubts, wish.confirmations, now=now)
    given = [
        Confirmation.model_validate({name: one[name] for name in Confirmation.model_fields})
        for one in records
    ]
    return drafted(given), records


def _confirmed(
    actor: Actor,
    doubts: Iterable[Unconfirmed],
    confirmations: Iterable[GivenConfirmation],
    *,
    now: datetime,
) -> list[dict[str, Any]]:
    """Each confirmation under the issuer's own name; RuleBroken for another figure or amount than the paper uses."""
    waiting = {one.figure: one for one in doubts}
    records = []
    for place, given in enumerate(confirmations):
        if given.figure not in waiting:
            raise RuleBroken(
                "No figure of this paper waits for a confirmation under that name.",
                faults=[
                    Fault(
                        f"/confirmations/{place}/figure", "unknown", "Choose one of the paper's own figures."
                    )
                ],
            )
        if given.amount_cents != waiting[given.figure].amount_cents:
            detail = (
                "This is not the amount that is used; a new amount belongs in a new edition of the figures."
            )
            raise RuleBroken(
                detail, faults=[Fault(f"/confirmations/{place}/amount_cents", "other-amount", detail)]
            )
        records.append(
            confirmation_by(
                actor, given.figure, amount_cents=given.amount_cents, text_read=given.text_read, now=now
            )
        )
    return records


async def issue(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    wish: Wish,
    *,
    law: Law,
    vault: Vault,
    now: datetime,
) -> IssuedPaperFacts:
    """Number the paper, keep its facts, ask for its file; RuleBroken names everything missing and takes no number.

    What says the very same as a paper that is there already is that paper: no second number, nothing drawn again.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    application = await application_row(session, actor, application_id)
    await session.execute(
        select(col(Application.id)).where(col(Application.id) == application.id).with_for_update()
    )
    known = await gather(session, actor, application.id)
    draft, confirmations = await _draft(session, actor, known, wish, law=law, vault=vault, now=now)
    if draft.faults or draft.facts is None:
        raise RuleBroken(
            "This paper cannot be issued yet; see errors.", code="paper-incomplete", faults=draft.faults
        )
    row = _row(known, draft, law=law, vault=vault, now=now)
    same = await store.same_as(session, row.application_id, row.kind, facts_sha256=row.facts_sha256)
    if same is not None:
        return await store.facts_of(session, actor, same)
    row.confirmations, row.issued_by, row.assignment_id = confirmations, actor.staff_id, wish.assignment_id
    row.number = await next_number(session, row.series, year=row.year)
    reference = reference_of(row.series, year=row.year, number=row.number)
    plan = _planned(draft, reference, law=law, now=now)
    row.title, row.file_name = plan.title[:300], f"{reference.lower()}-{plan.file_name}"
    row.plan = _kept_plan(row, plan, vault)
    session.add(row)
    await session.flush()
    session.add_all(_deadlines(row, draft, law=law))
    outbox.ask(session, WorkKind.PAPER, row.id, now=now)
    audit.record(
        session, actor, action="paper.issue", subject=("paper", row.id), now=now,
        detail={"kind": row.kind, "number": reference, "application": str(row.application_id)},
    )  # fmt: skip
    await session.flush()
    return await store.facts_of(session, actor, row.id)


def _planned(draft: Draft, reference: str, *, law: Law, now: datetime) -> DocumentPlan:
    plan = plan_paper(
        draft.paper.kind, draft.facts, law=law, issued_at=now.astimezone(PARIS), reference=reference
    )
    if isinstance(plan, PackRefused):
        raise RuleBroken(
            "This paper cannot be issued yet; see errors.",
            code="paper-incomplete",
            faults=[fault_of(item) for item in plan.missing],
        )
    return plan


def _row(known: Known, draft: Draft, *, law: Law, vault: Vault, now: datetime) -> IssuedPaper:
    """The row without its number: what is said, by which editions, about whom.

    The record of a sealed paper holds its social-security number masked (its own serializer sees to that).
    """
    kind, day = draft.paper.kind, civil_date(now)
    wanted = law.mentions_on(kind, day)
    said = draft.facts.model_dump(mode="json")
    is_sealed = kind in SEALED_KINDS
    record = canonical_json(
        {
            "kind": kind.value,
            "template": KINDS[kind].edition,
            "mentions": wanted.edition if wanted else law.requirements_on(day).edition,
            "facts": said,
            **({"number": getattr(draft.facts.details, SEALED_MEMBER)} if is_sealed else {}),
        }
    )
    return IssuedPaper(
        id=new_id(),
        application_id=known.application.id,
        candidate_id=known.application.candidate_id,
        offer_id=known.offer.id if known.offer else None,
        kind=kind.value,
        title="",
        series=SERIES,
        year=day.year,
        number=0,
        template_edition=KINDS[kind].edition,
        mentions_edition=wanted.edition if wanted else law.requirements_on(day).edition,
        facts=said,
        facts_sha256=_fingerprint(record, vault)
        if is_sealed
        else hashlib.sha256(record.encode()).hexdigest(),
        confirmations=[],
        file_name="",
        issued_on=day,
        created_at=now,
    )


def _fingerprint(record: str, vault: Vault) -> str:
    """A hash that nobody can search a social-security number by."""
    return hmac.new(vault.key, record.encode(), hashlib.sha256).hexdigest()


def _about(paper_id: UUID) -> str:
    return f"issued_paper/{paper_id}"


def _kept_plan(row: IssuedPaper, plan: DocumentPlan, vault: Vault) -> dict[str, Any]:
    text = plan.model_dump_json()
    if row.kind not in SEALED_KINDS:
        kept: dict[str, Any] = json.loads(text)
        return kept
    return {"sealed": base64.b64encode(vault.seal(text.encode(), about=_about(row.id))).decode()}


def _deadlines(row: IssuedPaper, draft: Draft, *, law: Law) -> list[Deadline]:
    return [
        Deadline(
            paper_id=row.id,
            application_id=row.application_id,
            candidate_id=row.candidate_id,
            what=one.what[:300],
            due_on=one.on,
            article=one.article[:300],
            holder=DeadlineHolder(one.holder),
        )
        for one in draft.paper.deadlines(draft.facts, law, row.issued_on)
    ]


async def plan_of(session: AsyncSession, paper_id: UUID, *, vault: Vault) -> DocumentPlan | None:
    """What is still to be drawn of a paper; None when it is ready, given up, or gone with its person."""
    row = await session.get(IssuedPaper, paper_id)
    if row is None or row.state is not PaperState.REQUESTED or row.plan is None:
        return None
    if row.kind in SEALED_KINDS:
        text = vault.open(base64.b64decode(row.plan["sealed"]), about=_about(row.id))
        return DocumentPlan.model_validate_json(text)
    return DocumentPlan.model_validate(row.plan)


def kept_bytes(plan: DocumentPlan, paper_id: UUID, content: bytes, *, vault: Vault) -> bytes:
    """The paper as it is kept: under seal when it holds a social-security number."""
    return vault.seal(content, about=_about(paper_id)) if plan.kind in SEALED_KINDS else content


@dataclass(frozen=True)
class Drawn:
    """What came of drawing one paper; `sha256` is empty where even a hash would say too much."""

    sha256: str
    file_sha256: str
    size_bytes: int
    pages: int


async def keep(
    session: AsyncSession, paper_id: UUID, drawn: Drawn, *, settings: Settings, now: datetime
) -> None:
    """Note the file, say that the paper is ready, tell the person; done before, it does nothing."""
    row = await session.get(IssuedPaper, paper_id)
    if row is None or row.state is not PaperState.REQUESTED:
        return
    row.sha256, row.file_sha256 = drawn.sha256 or None, drawn.file_sha256
    row.size_bytes, row.pages = drawn.size_bytes, drawn.pages
    row.state, row.ready_at, row.plan, row.failure = PaperState.READY, now, None, ""
    await _tell_person(session, row, settings=settings, now=now)


async def _tell_person(session: AsyncSession, row: IssuedPaper, *, settings: Settings, now: datetime) -> None:
    person = await session.get(Candidate, row.candidate_id)
    if person is None or not person.email:
        return
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.SIGN_IN, now=now, days=settings.link_days, candidate_id=person.id
    )
    words = compose(
        "paper_ready", person.locale, name=person.given_name, title=row.title,
        url=f"{settings.public_url}/links/{token}", until=moment_words(link.expires_at, person.locale),
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=person.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=person.id, now=now,
    )  # fmt: skip


async def give_up(session: AsyncSession, paper_id: UUID, *, cause: str) -> None:
    """Say in words why the paper could not be drawn; its number and facts stay, and a person may ask again."""
    row = await session.get(IssuedPaper, paper_id)
    if row is not None and row.state is PaperState.REQUESTED:
        row.state, row.failure = PaperState.FAILED, cause[:2000]


async def draw_again(
    session: AsyncSession, actor: Actor, paper_id: str | UUID, *, now: datetime
) -> IssuedPaperFacts:
    """Ask once more for the file of a paper that could not be drawn: the same number, the same words."""
    facts = await store.facts_of(session, actor, paper_id)
    row = await session.get(IssuedPaper, facts.id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not PaperState.FAILED:
        raise Conflict(
            "This paper is being made or is ready; there is nothing to make again.", code="not-failed"
        )
    row.state, row.failure = PaperState.REQUESTED, ""
    outbox.ask(session, WorkKind.PAPER, row.id, now=now)
    audit.record(session, actor, action="paper.draw_again", subject=("paper", row.id), now=now)
    await session.flush()
    return await store.facts_of(session, actor, row.id)


async def read(
    session: AsyncSession, actor: Actor, paper_id: str | UUID, *, now: datetime
) -> IssuedPaperFacts:
    """How far a paper is; the reading is noted."""
    facts = await store.facts_of(session, actor, paper_id)
    audit.record(session, actor, action="paper.read", subject=("paper", facts.id), now=now)
    return facts


async def read_content(
    session: AsyncSession,
    actor: Actor,
    paper_id: str | UUID,
    *,
    files: FileStore,
    vault: Vault,
    now: datetime,
) -> tuple[IssuedPaperFacts, bytes]:
    """The PDF, read from where it is kept and never drawn again; NotFound before it is ready."""
    facts = await store.facts_of(session, actor, paper_id)
    if facts.file_sha256 is None:
        raise NotFound("The paper is not ready yet.")
    audit.record(session, actor, action="paper.download", subject=("paper", facts.id), now=now)
    content = files.get(facts.file_sha256)
    is_sealed = facts.kind in SEALED_KINDS
    return facts, vault.open(content, about=_about(facts.id)) if is_sealed else content


async def papers_of_person(
    session: AsyncSession, actor: Actor, *, now: datetime
) -> tuple[IssuedPaperFacts, ...]:
    """One's own papers, once they are ready."""
    if actor.id is None:
        raise NotFound
    audit.record(session, actor, action="paper.read", subject=("candidate", actor.id), now=now)
    return await store.of_candidate(session, actor, actor.id)


async def papers_of_application(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, now: datetime
) -> tuple[Known, tuple[IssuedPaperFacts, ...]]:
    """Every paper of one application, and the hiring they are about; the reading is noted."""
    known = await gather(session, actor, application_id)
    audit.record(session, actor, action="paper.read", subject=("application", known.application.id), now=now)
    return known, await store.of_application(session, actor, known.application.id)
