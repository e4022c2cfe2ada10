"""Changing what was given in the API: another start, another edition, told before; and what was changed."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.editions import Carried
from onboarding.paths.paths import Path
from service.api.models import In, Out
from service.api.paths.training_models import AssignmentDetailOut, Day
from service.api.responses import problems
from service.flows.learning import learning, moving
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store import audit
from service.store.learning import assignment_changes, assignments
from service.store.learning.assignment_changes import ChangeFacts

Why = Annotated[str, StringConstraints(max_length=moving.LONGEST_WHY)]


class StartIn(In):
    """The new start, and why."""

    start_date: Day
    why: Why = ""


class EditionIn(In):
    """The edition that `edition-ahead` told of, and why."""

    edition: Annotated[str, StringConstraints(max_length=40)]
    why: Why = ""


class AheadOut(Out):
    """What a move to the edition given today means for this learner; `edition` is null when there is none to move to.

    What was done of `kept` and `changed` modules stays done; `dropped_done` are done and no longer there.
    """

    edition: str | None
    kept: list[str]
    changed: list[str]
    dropped: list[str]
    dropped_done: list[str]
    added: list[str]

    @classmethod
    def of(cls, ahead: tuple[Path, Carried] | None) -> Self:
        if ahead is None:
            return cls(edition=None, kept=[], changed=[], dropped=[], dropped_done=[], added=[])
        path, carried = ahead
        return cls(edition=path.edition, **{name: list(slugs) for name, slugs in carried})


class AssignmentChangeOut(Out):
    """One change: `before` and `after` are days for a start and for the next due date, editions for an edition."""

    id: UUID
    kind: str
    before: str
    after: str
    why: str
    by: str
    at: datetime

    @classmethod
    def of(cls, facts: ChangeFacts) -> Self:
        return cls(**facts.model_dump())


class AssignmentChangesOut(Out):
    """What was changed of one assignment, the first change first."""

    items: list[AssignmentChangeOut]


class Moving(Controller):
    """Changing an assignment."""

    path = "/assignments/{assignment_id:str}"
    tags = ["Training"]

    @post(
        "/start",
        operation_id="assignments.move_start",
        status_code=200,
        responses=problems(401, 404, 409, 410, 422),
    )
    async def move_start(
        self,
        assignment_id: FromPath[str],
        data: JSONBody[StartIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssignmentDetailOut:
        """Let a path begin on another day; what was done stays done, and the same day again changes nothing."""
        await moving.move_start(
            session, actor, assignment_id, start_date=data.start_date, why=data.why, editions=library, now=now
        )
        return await _afterwards(session, actor, assignment_id, library, today=civil_date(now))

    @get("/edition-ahead", operation_id="assignments.edition_ahead", responses=problems(401, 404))
    async def edition_ahead(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AheadOut:
        """Tell what a move to the edition given today would mean; nothing changes."""
        return AheadOut.of(
            await moving.edition_ahead(session, actor, assignment_id, editions=library, now=now)
        )

    @post(
        "/edition",
        operation_id="assignments.move_edition",
        status_code=200,
        responses=problems(401, 404, 409, 410, 422),
    )
    async def move_edition(
        self,
        assignment_id: FromPath[str],
        data: JSONBody[EditionIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssignmentDetailOut:
        """Let a learner go on with the edition given today; what is common stays done."""
        await moving.move_edition(
            session, actor, assignment_id, edition=data.edition, why=data.why, editions=library, now=now
        )
        return await _afterwards(session, actor, assignment_id, library, today=civil_date(now))

    @get("/changes", operation_id="assignments.changes", responses=problems(401, 404), opt={"audited": True})
    async def changes(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AssignmentChangesOut:
        """List what was changed of an assignment, by whom and why; the reading is noted."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        audit.record(
            session, actor, action="assignment.read", subject=("candidate", facts.candidate_id), now=now
        )
        found = await assignment_changes.changes_of(session, facts.id)
        return AssignmentChangesOut(items=[AssignmentChangeOut.of(one) for one in found])


async def _afterwards(
    session: AsyncSession, actor: Actor, assignment_id: str, library: Editions, *, today: date
) -> AssignmentDetailOut:
    facts = await assignments.facts_of(session, actor, assignment_id)
    return AssignmentDetailOut.of(facts, learning.standing(facts, editions=library, today=today))
