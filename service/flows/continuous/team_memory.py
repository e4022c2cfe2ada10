"""What a team remembers: counted at night for everybody who reads it, shown beside what falls due, naming nobody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous import refreshers
from onboarding.continuous.notes import Told
from onboarding.continuous.refreshers import RefresherPolicy
from service.flows.continuous.refreshers import asked_by
from service.runtime.actors import Actor
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.store.continuous import notes
from service.store.continuous import team_memory as store
from service.store.continuous.team_memory import TeamFigures

HARDEST = 5


@dataclass(frozen=True)
class Hard:
    """A question that a team forgets often: what it asks, and how many of how many answers knew it."""

    prompt: Told
    known_percent: int
    answers: int


@dataclass(frozen=True)
class TeamMemory:
    """What a team remembers, in sums that name nobody; None where too few people answered to tell.

    What was answered is as of `counted_at` (None: not counted yet), what falls due as of now.
    """

    policy: RefresherPolicy
    answers: int
    kept_percent: int | None
    due: tuple[tuple[date, int], ...]
    overdue: int
    hardest: tuple[Hard, ...]
    counted_at: datetime | None


async def team_memory(
    session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime
) -> TeamMemory:
    """How much of what came back was still known, what falls due in the days ahead, and what is forgotten most."""
    today = civil_date(now)
    policy = editions.refresher_policy_on(today)
    due = await store.due_within(
        session, actor, today=today, until=today + timedelta(days=policy.days_ahead - 1)
    )
    found = await store.kept_for(session, actor)
    tells = found is not None and found.people >= policy.least_people
    days = (today + timedelta(days=ahead) for ahead in range(policy.days_ahead))
    return TeamMemory(
        policy=policy, answers=found.answers if found and tells else 0,
        kept_percent=refreshers.kept_percent(found.known, of=found.answers) if found and tells else None,
        due=tuple((day, due.days.get(day, 0)) for day in days), overdue=due.overdue,
        hardest=await _hardest(session, found, editions) if found else (),
        counted_at=found.counted_at if found else None,
    )  # fmt: skip


async def _hardest(session: AsyncSession, found: TeamFigures, editions: Editions) -> tuple[Hard, ...]:
    said = await notes.said_in(session, {one.note_id for one in found.hardest if one.note_id})
    return tuple(
        Hard(asked.prompt, one.known * 100 // one.answers, one.answers)
        for one in found.hardest
        if one.known < one.answers
        and (asked := asked_by(one.about, one.edition, one.note_id, said, editions)[0]) is not None
    )


async def count_stale(session: AsyncSession, *, editions: Editions, now: datetime) -> dict[str, TeamFigures]:
    """The figures of every set of programmes that somebody sees and that were not counted today.

    Once a day, for who reads them twice in an hour would otherwise learn what one person answered in between.
    """
    today = civil_date(now)
    policy = editions.refresher_policy_on(today)
    fresh = await store.counted_since(session, datetime.combine(today, time.min, tzinfo=PARIS))
    return {
        scope: await store.count(
            session, reader, since=today - timedelta(days=policy.figures_days), at=now,
            least_people=policy.least_people, limit=HARDEST,
        )
        for scope, reader in (await store.readers(session)).items()
        if scope not in fresh
    }  # fmt: skip


async def keep(session: AsyncSession, found: dict[str, TeamFigures]) -> None:
    """Keep what was counted; figures for what nobody sees any more go."""
    await store.keep(session, found)
    await store.drop_others(session, tuple(await store.readers(session)))
