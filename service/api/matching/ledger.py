"""The skill ledger in the API: each level with what it rests on, and what staff saw at work."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import AfterValidator, Field, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.ledger import Held, Part
from assessments.matching.ledger_policy import HowShown
from service.api.models import In, Line, Out, SaidOut, without_nul
from service.api.responses import problems
from service.flows.matching import ledger
from service.flows.matching.ledger import Ledger, Seen
from service.flows.recruiting import blind
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.veil import NO_VEIL, Veil
from service.store.assessing.assessments import own_id
from service.store.matching.ledger import SkillEntryFacts
from service.store.reach import id_of

SkillLevel = Annotated[StrictInt, Field(ge=0, le=5)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(without_nul)]


class ObservationIn(In):
    """What was seen at work: a skill of the taxonomy by its key, a level from 0 to 5, the day, and what was seen."""

    skill: Line
    level: SkillLevel
    seen_on: date
    words: Said


class TakingBackIn(In):
    """Why a note is taken back."""

    why: Said


class SkillEntryOut(Out):
    """One thing shown, by whom (empty: a program wrote down what happened), and the person's request to look again."""

    id: UUID
    skill: str
    level: int
    evidence: HowShown
    known_on: date
    words: str
    staff_name: str
    recorded_at: datetime
    policy_edition: str
    contest_id: UUID | None
    is_contested: bool
    ended_at: datetime | None
    ended_why: str


class LedgerLineOut(Out):
    """One entry today: the level it still shows, and whether it carries the level, bounds it, or agrees."""

    level: int
    part: Part
    entry: SkillEntryOut


class HeldSkillOut(Out):
    """One skill today. `declared` is what the person's own words show; `most` bounds it where somebody saw less."""

    skill: str
    label: SaidOut
    level: int
    level_label: SaidOut
    declared: int
    most: int | None
    lines: list[LedgerLineOut]


class LedgerOut(Out):
    """Every skill of one person today, the highest first, and what no longer counts, with why."""

    candidate_id: UUID
    policy_edition: str
    skills: list[HeldSkillOut]
    ended: list[SkillEntryOut]


class OwnLedger(Controller):
    """One's own skills."""

    path = "/me/ledger"
    tags = ["Skill ledger"]

    @get(operation_id="me.ledger.read", responses=problems(401), opt={"audited": True})
    async def read_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LedgerOut:
        """Read one's own skills and what each level rests on; contest a note at `/me/contests`, kind `skill`."""
        found = await ledger.read_ledger(session, actor, own_id(actor), editions=editions, now=now)
        return _ledger_out(found, NO_VEIL)


class SkillLedgers(Controller):
    """The skills of people, with what they rest on."""

    path = "/candidates/{candidate_id:str}/ledger"
    tags = ["Skill ledger"]

    @get(operation_id="ledger.read", responses=problems(401, 404), opt={"audited": True})
    async def read(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LedgerOut:
        """Read one person's skills and what each level rests on; the reading is noted."""
        found = await ledger.read_ledger(session, actor, id_of(candidate_id), editions=editions, now=now)
        return _ledger_out(found, blind.veil_of(actor, found.person))

    @post("/observations", operation_id="ledger.observe", responses=problems(401, 404, 409, 422))
    async def observe(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        data: JSONBody[ObservationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[SkillEntryOut]:
        """Note what one saw of a person at work; the person reads it and may contest it."""

        async def act() -> SkillEntryOut:
            seen = Seen(**data.model_dump())
            found = await ledger.observe(
                session, actor, id_of(candidate_id), seen, editions=editions, now=now
            )
            return _entry_out(found, NO_VEIL)

        if "idempotency-key" in request.headers:
            return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]
        return Response(await act(), status_code=201)

    @post(
        "/entries/{entry_id:str}/end",
        operation_id="ledger.take_back",
        status_code=204,
        responses=problems(401, 404, 409, 422),
    )
    async def take_back(
        self,
        candidate_id: FromPath[str],
        entry_id: FromPath[str],
        data: JSONBody[TakingBackIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Take back a note of one's own, with a reason; it stays readable and counts no more."""
        await ledger.take_back(
            session, actor, id_of(candidate_id), entry_id, why=data.why, editions=editions, now=now
        )


def _ledger_out(found: Ledger, veil: Veil) -> LedgerOut:
    return LedgerOut(
        candidate_id=found.person.id,
        policy_edition=found.policy.edition,
        skills=[_held_out(one, found, veil) for one in found.held if one.level or one.lines],
        ended=[_entry_out(one, veil) for one in found.ended],
    )


def _held_out(one: Held, found: Ledger, veil: Veil) -> HeldSkillOut:
    skill = found.editions.resolver.skills.get(one.skill)
    return HeldSkillOut(
        skill=one.skill,
        label=SaidOut.of(skill.label) if skill else SaidOut(fr=one.skill, en=one.skill),
        level=one.level,
        level_label=SaidOut.of(found.policy.levels[one.level]),
        declared=one.declared,
        most=one.most,
        lines=[
            LedgerLineOut(
                level=line.level, part=line.part, entry=_entry_out(found.entries[line.entry.id], veil)
            )
            for line in one.lines
        ],
    )


def _entry_out(one: SkillEntryFacts, veil: Veil) -> SkillEntryOut:
    told = one.model_dump(include=set(SkillEntryOut.model_fields))
    return SkillEntryOut(**{**told, "words": veil.over(one.words), "ended_why": veil.over(one.ended_why)})
