"""The attendance sheet of one class on paper: its half-days, who was expected, who was there, who signed and when."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from documents.kinds import DocumentKind
from documents.packs import DocumentPlan, PackRefused
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS
from onboarding.classes import HalfDay
from service.flows.classes import class_sheets
from service.flows.classes.class_sheets import LineFacts, SheetFacts
from service.flows.papers.papers_facts import fault_of
from service.flows.proof.training_rules import TrainingRules, rules_on
from service.runtime.actors import Actor
from service.runtime.clock import PARIS
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.store import audit
from service.store.classes.classes import ClassFacts
from service.store.people import employer


async def plan_sheet(
    session: AsyncSession, actor: Actor, class_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[SheetFacts, DocumentPlan]:
    """The sheet of a class within reach as it stands now; RuleBroken names what it needs. The reading is noted."""
    sheet = await class_sheets.attendance_facts(session, actor, class_id, editions=editions)
    audit.record(
        session, actor, action="attendance_sheet.read", subject=("live_class", sheet.held.id), now=now
    )
    plan = await plan_of(session, sheet, editions=editions, now=now)
    if isinstance(plan, PackRefused):
        raise RuleBroken(
            "This paper cannot be issued yet; see errors.",
            code="paper-incomplete",
            faults=[fault_of(item) for item in plan.missing],
        )
    return sheet, plan


async def plan_of(
    session: AsyncSession, sheet: SheetFacts, *, editions: Editions, now: datetime
) -> DocumentPlan | PackRefused:
    """A sheet that was read already, worded."""
    known = (await employer.record(session)).facts
    details = sheet_details(sheet, editions=editions, rules=rules_on(now))
    kind = DocumentKind.ATTENDANCE_SHEET
    return plan_paper(
        kind,
        PAPERS[kind].facts.model_validate({"employer": known, "details": details}),
        law=editions.law,
        issued_at=now.astimezone(PARIS),
        reference=f"SEANCE-{str(sheet.held.id)[:8]}",
    )


def sheet_details(sheet: SheetFacts, *, editions: Editions, rules: TrainingRules) -> dict[str, Any]:
    """The class as the sheet says it; two people of one name are told apart by a number.

    Whoever signed for the class led it, where nobody was named beforehand.
    """
    held = sheet.held
    names = _told_apart(sheet.lines)
    signed_by = next((one.name for one in sheet.trainer_signatures), "")
    trainer = held.trainer or signed_by or rules.nobody_leads
    return {
        "title": held.title,
        "training": _training(held, editions) or held.title,
        "group": held.cohort or None,
        "trainer": trainer,
        "replaces": held.first_trainer if held.first_trainer not in ("", held.trainer) else None,
        "way": "on_site" if held.place else "virtual_class",
        "place": (held.place or held.link)[:200] or None,
        "link": held.link[:200] if held.place and held.link else None,
        "zone": _zone(held, editions),
        "clocks": held.zone,
        "halves": [_half(sheet, half, names, editions=editions, rules=rules) for half in sheet.half_days],
    }


def _half(
    sheet: SheetFacts, half: HalfDay, names: dict[UUID, str], *, editions: Editions, rules: TrainingRules
) -> dict[str, Any]:
    clocks = ZoneInfo(sheet.held.zone)
    starts, ends = half.starts_at.astimezone(clocks), half.ends_at.astimezone(clocks)
    signed = sheet.trainer_signature_for(half.half)
    return {
        "on": starts.date(),
        "name": rules.halves[half.half],
        "start": starts.time(),
        "end": ends.time(),
        "marks": [
            _mark(sheet.held, half, line, names[line.candidate_id], editions=editions) for line in sheet.lines
        ],
        "countersigned_as": signed.name if signed else None,
        "countersigned_at": signed.signed_at if signed else None,
    }


def _mark(
    held: ClassFacts, half: HalfDay, line: LineFacts, name: str, *, editions: Editions
) -> dict[str, Any]:
    noted, signed = line.noted_for(half.half), line.signature_for(half.half)
    policy = editions.class_policy_of(held.policy_edition)
    reason = policy.reason(noted.reason) if noted else None
    return {
        "person": name,
        "presence": noted.presence.value if noted else ("present" if signed else "expected"),
        "missed_minutes": noted.missed_minutes if noted else 0,
        "reason": reason.fr if reason else None,
        "signed_as": signed.name if signed else None,
        "signed_at": signed.signed_at if signed else None,
    }


def _told_apart(lines: tuple[LineFacts, ...]) -> dict[UUID, str]:
    often = Counter(one.person for one in lines)
    seen: Counter[str] = Counter()
    names = {}
    for one in lines:
        seen[one.person] += 1
        is_shared = often[one.person] > 1
        names[one.candidate_id] = f"{one.person} ({seen[one.person]})" if is_shared else one.person
    return names


def _training(held: ClassFacts, editions: Editions) -> str:
    """The path and the module that the class is held for, by the newest edition that has them."""
    newest = max(
        (path for (slug, _), path in editions.paths.items() if slug == held.path),
        key=lambda path: (path.valid_from, path.edition),
        default=None,
    )
    if newest is None:
        return ""
    module = newest.module(held.module)
    return (f"{newest.title.fr} – {module.title.fr}" if module else newest.title.fr)[:200]


def _zone(held: ClassFacts, editions: Editions) -> str:
    policy = editions.class_policy_of(held.policy_edition)
    return next((one.fr for one in policy.zones if one.name == held.zone), held.zone)
