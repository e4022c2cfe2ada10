"""Reports on a person's answers: the person's own, whole and explained, and the sheet that staff bring to the talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import Dimension
from assessments.remedies.plans import Step
from documents.facts import LONGEST_LINE
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan, PackRefused, plan_report
from documents.pdf import PdfError
from documents.reports import Passage, ReportFacts
from service.flows.assessing.scoring import seen_today
from service.flows.matching.plans import plan_answers
from service.flows.people import retention
from service.flows.people.candidates import pseudonym_of
from service.flows.recruiting.blind import veil_over
from service.flows.recruiting.contests_rules import called, rule_on
from service.flows.recruiting.reports_results import Scored, bounds_of, result_of
from service.flows.writing.drawing import draw
from service.flows.writing.reports_words import Wording, printed, wording_on
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store import audit, reach
from service.store.assessing import assessments as store
from service.store.people import employer
from service.store.recruiting import contests, reports
from service.store.recruiting.contests import ContestFacts
from service.store.recruiting.reports import DecidedFacts, WeighedFacts
from service.tables.people import Candidate

AUTHOR = "Homeshore"
"""Who signs a paper while the employer's name is not written."""
HEADINGS = (
    "gaps", "no_gap", "talk", "talk_intro", "unanswered", "unanswered_intro", "parts", "counted", "counted_intro",
    "criterion", "question", "points", "answered", "sum", "total", "demonstrated",
)  # fmt: skip
SHEET_HEADINGS = {
    "criterion": "criterion", "drawing": "drawing", "points": "points", "demonstrated": "sheet_demonstrated",
    "to_talk_about": "sheet_talk", "talk_intro": "sheet_talk_intro", "answered_short": "sheet_answered",
    "helps": "sheet_helps", "unanswered": "sheet_unanswered", "notes": "sheet_notes",
    "confidential": "sheet_confidential",
}  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """What both reports rest on."""

    candidate_id: UUID
    name: str
    is_agent: bool
    scored: tuple[Scored, ...]
    weighed: tuple[WeighedFacts, ...]
    decided: tuple[DecidedFacts, ...]
    steps: tuple[Step, ...]


async def own_report(
    session: AsyncSession,
    actor: Actor,
    *,
    editions: Editions,
    settings: Settings,
    locale: Locale,
    now: datetime,
) -> ReportFacts:
    """One's own report: every question that counted, what can be done, who decides, how to contest, until when."""
    found = await _gather(session, actor, store.own_id(actor), editions, now)
    wording = wording_on(now, locale)
    passages = (
        _who_decides(found, wording),
        _how_to_contest(
            await contests.of_candidate(session, found.candidate_id), wording, editions=editions,
            settings=settings, now=now,
        ),
        await _about_data(session, found, wording, now=now),
    )  # fmt: skip
    return ReportFacts(
        language=locale.value,
        title=wording("title"),
        lead=wording("lead", name=found.name, day=wording.day(now)),
        person=found.name,
        made_on=civil_date(now),
        opening=_opening(found, wording),
        results=tuple(result_of(one, wording, steps=found.steps) for one in found.scored),
        passages=passages,
        words={key: wording(key) for key in HEADINGS},
        edition=wording.edition.edition,
    )


async def read_sheet(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    editions: Editions,
    locale: Locale,
    now: datetime,
    action: str = "scorecard.sheet",
    is_review: bool = False,
) -> ReportFacts:
    """The sheet that staff read and bring to the talk; the read is noted. A review also needs every decision."""
    found = await _gather(session, actor, candidate_id, editions, now)
    audit.record(session, actor, action=action, subject=("candidate", found.candidate_id), now=now)
    wording = wording_on(now, locale)
    return ReportFacts(
        language=locale.value,
        title=wording("sheet_title"),
        lead=wording("sheet_lead", name=found.name, day=wording.day(now)),
        person=found.name,
        made_on=civil_date(now),
        opening=_opening(found, wording),
        results=tuple(result_of(one, wording, steps=found.steps, is_sheet=True) for one in found.scored),
        passages=_sheet_passages(found, wording, is_review=is_review),
        words={name: wording(key) for name, key in SHEET_HEADINGS.items()},
        edition=wording.edition.edition,
    )


async def own_paper(
    database: Database, actor: Actor, *, editions: Editions, settings: Settings, locale: Locale, now: datetime
) -> bytes:
    """One's own report as a PDF; it is drawn after the transaction, so that nobody's write waits for it."""
    async with database.transaction(write=False) as session:
        facts = await own_report(session, actor, editions=editions, settings=settings, locale=locale, now=now)
        author = (await employer.record(session)).facts.name or ""
    plan = plan_paper(facts, DocumentKind.ASSESSMENT_REPORT, author=author, now=now)
    return await draw(plan, processes=settings.pdf_processes)


async def sheet_paper(
    database: Database,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    editions: Editions,
    settings: Settings,
    locale: Locale,
    now: datetime,
) -> bytes:
    """The sheet as a PDF, with the reading noted."""
    async with database.transaction() as session:
        facts = await read_sheet(
            session, actor, candidate_id, editions=editions, locale=locale, now=now, action="scorecard.print"
        )
    plan = plan_paper(facts, DocumentKind.SCORECARD, author=actor.name, now=now)
    return await draw(plan, processes=settings.pdf_processes)


def plan_paper(facts: ReportFacts, kind: DocumentKind, *, author: str, now: datetime) -> DocumentPlan:
    """The document of a report, ready for a rendering process."""
    plan = plan_report(
        kind, facts, author=printed(author, longest=LONGEST_LINE) or AUTHOR, issued_at=now,
        reference=f"{civil_date(now)} · {facts.edition}",
    )  # fmt: skip
    if isinstance(
        plan, PackRefused
    ):  # people's words went through `printed`, so that no emoji stops a report
        raise PdfError("; ".join(missing.label for missing in plan.missing))
    return plan


async def _gather(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, editions: Editions, now: datetime
) -> Gathered:
    person = await reach.candidate_row(session, actor, candidate_id)
    veil = await veil_over(session, actor, person.id)
    cards = await seen_today(
        session, await store.newest_scorecards_of(session, person.id), editions=editions, now=now
    )
    answers = await reports.answers_of(session, [card.response_id for card in cards])
    shown = await reports.shown_of(session, person.id)
    order = list(Dimension)
    return Gathered(
        candidate_id=person.id,
        name=pseudonym_of(person.id) if actor.is_blind else _name_of(person),
        is_agent=person.is_agent,
        scored=tuple(
            Scored(
                editions.instruments[card.instrument, card.edition], card.result, answers[card.response_id],
                card.signals, shown,
            )
            for card in sorted(cards, key=lambda card: order.index(card.result.dimension))
        ),
        weighed=await reports.weighed(session, person.id),
        decided=veil.over(await reports.decided(session, actor, person.id)),
        steps=plan_answers(editions, [gap for card in cards for gap in card.result.gaps], now=now).steps,
    )  # fmt: skip


def _name_of(person: Candidate) -> str:
    return printed(f"{person.given_name} {person.family_name}", longest=LONGEST_LINE) or person.pseudonym


def _opening(found: Gathered, wording: Wording) -> Passage:
    if not found.scored:
        return Passage(title=wording("opening"), paragraphs=(wording("opening_empty"),))
    return Passage(
        title=wording("opening"),
        paragraphs=tuple(wording(f"opening_{key}") for key in ("person", "interval", "missing")),
        items=tuple(_opening_line(one, wording) for one in found.scored),
    )


def _opening_line(scored: Scored, wording: Wording) -> str:
    card = scored.card
    low, high = bounds_of(card)
    return wording(
        "opening_line", title=wording.text(scored.instrument.title), low=wording.points(low),
        points=wording.points(card.score_hundredths or 0), high=wording.points(high),
    )  # fmt: skip


def _who_decides(found: Gathered, wording: Wording) -> Passage:
    """That a person decides; the last recommendation, with its own words; every decision, with who and why."""
    said = [wording("decides_text"), *_recommended(found.weighed, wording)]
    none = () if found.decided else (wording("decided_none"),)
    return Passage(
        title=wording("decides"), paragraphs=(*said, *none), items=tuple(_decisions(found, wording, "decision")),
    )  # fmt: skip


def _decisions(found: Gathered, wording: Wording, outcome_key: str) -> Iterable[str]:
    for one in found.decided:
        yield wording(
            "decided_by", day=wording.day(one.decided_at), name=one.staff_name or wording("somebody"),
            programme=one.programme or wording("without_programme"),
            outcome=wording(f"{outcome_key}_{one.outcome.value}"), reason=one.reason,
        )  # fmt: skip


def _recommended(weighed: Sequence[WeighedFacts], wording: Wording) -> Iterable[str]:
    if not weighed:
        yield wording("recommended_none")
        return
    last = weighed[0].screening
    told = {
        "day": wording.day(last.screened_at),
        "label": wording.text(last.result.label),
        "sentence": wording.text(last.result.sentence),
    }
    name = weighed[0].staff_name
    yield wording("recommended_by", name=name, **told) if name else wording("recommended", **told)
    yield wording.text(last.result.not_a_decision)


def _how_to_contest(
    asked: Sequence[ContestFacts], wording: Wording, *, editions: Editions, settings: Settings, now: datetime
) -> Passage:
    days = rule_on(now).answer_within_days
    return Passage(
        title=wording("contest"),
        paragraphs=(
            wording("contest_how", url=f"{settings.public_url}/me/contests"),
            wording("contest_who", days=days),
            wording("contest_safe"),
            wording("contest_else"),
        ),
        items=tuple(_asked(one, wording, editions) for one in asked),
    )


def _asked(one: ContestFacts, wording: Wording, editions: Editions) -> str:
    rule = rule_on(one.opened_at)
    told = {
        "day": wording.day(one.opened_at),
        "what": called(one.about, one.kind, editions, moment=one.opened_at, locale=wording.locale),
        "due": wording.day(one.answer_due),
        "name": one.reviewer_name or wording("somebody"),
    }
    if one.answered_at is not None and one.finding is not None:
        finding = wording.text(rule.findings[one.finding])
        return wording("contest_answered", answered=wording.day(one.answered_at), finding=finding, **told)
    return wording("contest_taken" if one.reviewer_id else "contest_open", **told)


async def _about_data(session: AsyncSession, found: Gathered, wording: Wording, *, now: datetime) -> Passage:
    until = await retention.kept_until(session, found.candidate_id, now=now)
    contact = (await employer.record(session)).facts.data_protection_contact
    kept = wording("data_agent") if until is None else wording("data_kept", day=wording.day(until))
    rights = wording("data_rights", contact=contact) if contact else wording("data_rights_alone")
    said = (wording("data_seen"), wording("data_alone"), kept, rights, _method(found, wording))
    return Passage(title=wording("data"), paragraphs=tuple(one for one in said if one))


def _method(found: Gathered, wording: Wording) -> str:
    named = [
        wording("edition_of", title=wording.text(one.instrument.title), edition=one.card.edition)
        for one in found.scored
    ]
    if found.weighed:
        named.append(wording("policy_of", edition=found.weighed[0].screening.policy_edition))
    return wording("data_method", editions=", ".join(named)) if named else ""


def _sheet_passages(found: Gathered, wording: Wording, *, is_review: bool) -> tuple[Passage, ...]:
    """The last recommendation with its reasons, and the editions that everything here rests on."""
    made: list[Passage] = []
    if is_review and found.decided:
        said = tuple(_decisions(found, wording, "sheet_decision"))
        made.append(Passage(title=wording("sheet_decisions"), items=said))
    if found.weighed:
        last = found.weighed[0].screening.result
        made.append(
            Passage(
                title=wording("sheet_recommended"), paragraphs=tuple(_recommended(found.weighed, wording)),
                items=tuple(wording.text(one) for one in last.reasons) if is_review else (),
            )
        )  # fmt: skip
    editions = _method(found, wording)
    if editions:
        made.append(Passage(title=wording("sheet_editions"), paragraphs=(editions,)))
    return tuple(made)
