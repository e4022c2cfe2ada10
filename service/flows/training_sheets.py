"""The attendance sheet of one class: its half-days, who was expected, who was there, who signed and when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from documents.kinds import DocumentKind
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS
from onboarding.classes import ClassPolicy, Half, HalfDay, Noted, Presence, counted_minutes, half_days
from service.flows.papers_facts import fault_of
from service.flows.training_rules import TrainingRules, rules_on
from service.runtime.actors import SYSTEM, Actor
from service.runtime.clock import PARIS
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.store import audit, class_attendance, classes, employer
from service.store import training_files as store
from service.store.class_attendance import SignatureFacts
from service.store.classes import ClassFacts
from service.store.training_files import SeatFacts


@dataclass(frozen=True)
class NotedHere:
    """One person's half-day: how they were there, for how long, and the reason given."""

    presence: Presence
    minutes: int
    reason: str


@dataclass(frozen=True)
class HalfFacts:
    """One half-day with all that was noted and signed of it."""

    half: Half
    starts_at: datetime
    ends_at: datetime
    noted: Mapping[UUID, NotedHere]
    signed: Mapping[UUID, SignatureFacts]
    countersigned: SignatureFacts | None


@dataclass(frozen=True)
class HeldFacts:
    """One class as it was held."""

    facts: ClassFacts
    seats: tuple[SeatFacts, ...]
    halves: tuple[HalfFacts, ...]

    @property
    def clocks(self) -> ZoneInfo:
        return ZoneInfo(self.facts.zone)


async def held_of(session: AsyncSession, class_id: UUID, *, editions: Editions) -> HeldFacts:
    """One class whole. The caller has checked who is asking."""
    facts = await classes.facts_of(session, SYSTEM, class_id)
    policy = editions.class_policy_of(facts.policy_edition)
    noted = await class_attendance.noted_of(session, [facts.id])
    signed = await class_attendance.signatures_of(session, [facts.id])
    halves = half_days(facts.starts_at, facts.ends_at, zone=facts.zone, policy=policy)
    return HeldFacts(
        facts=facts,
        seats=await store.seats_of(session, facts.id),
        halves=tuple(
            HalfFacts(
                half=one.half,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                noted={row.candidate_id: _noted(one, row, policy) for row in noted if row.half is one.half},
                signed={row.candidate_id: row for row in signed if row.half is one.half and row.candidate_id},
                countersigned=next(
                    (row for row in reversed(signed) if row.half is one.half and row.candidate_id is None),
                    None,
                ),
            )
            for one in halves
        ),
    )


def _noted(half: HalfDay, row: class_attendance.NotedFacts, policy: ClassPolicy) -> NotedHere:
    told = Noted(half=row.half, presence=row.presence, missed_minutes=row.missed_minutes)
    reason = policy.reason(row.reason)
    return NotedHere(row.presence, counted_minutes(half, told), reason.fr if reason else "")


async def plan_sheet(
    session: AsyncSession, actor: Actor, class_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[ClassFacts, DocumentPlan]:
    """The sheet of a class within reach, as it stands now; RuleBroken names what it needs. The reading is noted."""
    facts = await classes.facts_of(session, actor, class_id)
    audit.record(session, actor, action="attendance_sheet.read", subject=("live_class", facts.id), now=now)
    held = await held_of(session, facts.id, editions=editions)
    plan = await plan_of_held(session, held, editions=editions, now=now)
    if isinstance(plan, PackRefused):
        raise RuleBroken(
            "This paper cannot be issued yet; see errors.",
            code="paper-incomplete",
            faults=[fault_of(item) for item in plan.missing],
        )
    return facts, plan


async def plan_of_held(
    session: AsyncSession, held: HeldFacts, *, editions: Editions, now: datetime
) -> DocumentPlan | PackRefused:
    """The sheet of a class that was read already, for everybody on its list."""
    known = (await employer.record(session)).facts
    details = sheet_details(held, editions=editions, rules=rules_on(now))
    paper = PAPERS[DocumentKind.ATTENDANCE_SHEET]
    read = paper.facts.model_validate({"employer": known, "details": details})
    return _planned(read, held, law=editions.law, now=now)


def _planned(read: Any, held: HeldFacts, *, law: Law, now: datetime) -> DocumentPlan | PackRefused:
    return plan_paper(
        DocumentKind.ATTENDANCE_SHEET,
        read,
        law=law,
        issued_at=now.astimezone(PARIS),
        reference=f"SEANCE-{str(held.facts.id)[:8]}",
    )


def sheet_details(held: HeldFacts, *, editions: Editions, rules: TrainingRules) -> dict[str, Any]:
    """The class as the sheet says it; two people of one name are told apart by a number."""
    facts = held.facts
    names = _told_apart(held.seats)
    return {
        "title": facts.title,
        "training": _training(facts, editions) or facts.title,
        "group": facts.cohort or None,
        "trainer": facts.trainer or None,
        "replaces": facts.first_trainer if facts.first_trainer not in ("", facts.trainer) else None,
        "way": "virtual_class" if facts.link else "on_site",
        "place": (facts.place or facts.link)[:200] or None,
        "zone": _zone(facts, editions),
        "halves": [
            {
                "on": half.starts_at.astimezone(held.clocks).date(),
                "name": rules.halves[half.half],
                "start": half.starts_at.astimezone(held.clocks).time(),
                "end": half.ends_at.astimezone(held.clocks).time(),
                "marks": [_mark(half, one.candidate_id, names[one.candidate_id]) for one in held.seats],
                "countersigned_as": half.countersigned.name if half.countersigned else None,
                "countersigned_at": half.countersigned.signed_at if half.countersigned else None,
            }
            for half in held.halves
        ],
    }


def _mark(half: HalfFacts, candidate_id: UUID, name: str) -> dict[str, Any]:
    noted, signed = half.noted.get(candidate_id), half.signed.get(candidate_id)
    return {
        "person": name,
        "presence": noted.presence.value if noted else ("present" if signed else "expected"),
        "reason": (noted.reason if noted else "") or None,
        "signed_as": signed.name if signed else None,
        "signed_at": signed.signed_at if signed else None,
    }


def _told_apart(seats: tuple[SeatFacts, ...]) -> dict[UUID, str]:
    often = Counter(one.name for one in seats)
    seen: Counter[str] = Counter()
    names = {}
    for one in seats:
        seen[one.name] += 1
        names[one.candidate_id] = f"{one.name} ({seen[one.name]})" if often[one.name] > 1 else one.name
    return names


def _training(facts: ClassFacts, editions: Editions) -> str:
    """The path and the module that the class is held for, by the newest edition that has them."""
    newest = max(
        (path for (slug, _), path in editions.paths.items() if slug == facts.path),
        key=lambda path: (path.valid_from, path.edition),
        default=None,
    )
    if newest is None:
        return ""
    module = newest.module(facts.module)
    return (f"{newest.title.fr} – {module.title.fr}" if module else newest.title.fr)[:200]


def _zone(facts: ClassFacts, editions: Editions) -> str:
    policy = editions.class_policy_of(facts.policy_edition)
    return next((one.fr for one in policy.zones if one.name == facts.zone), facts.zone)
