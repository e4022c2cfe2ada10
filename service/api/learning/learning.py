"""A learner's own work: what was given, what to read, quizzes and their marks."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.learning.learning_models import LessonOut, MarkOut, QuizAnswersIn, ReadingIn
from service.api.paths.training_models import (
    AssignmentDetailOut,
    AssignmentOut,
    AssignmentsOut,
    ModuleStandingOut,
)
from service.api.responses import problems
from service.flows.learning import learning, quizzes
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.ids import new_id
from service.store import reach
from service.store.learning import assignments


class Learning(Controller):
    """One's own training."""

    path = "/me/assignments"
    tags = ["Learning"]

    @get(operation_id="learning.list", responses=problems(401, 410))
    async def list(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssignmentsOut:
        """List one's paths with the next step of each; what is due soonest first."""
        found = await learning.progress_of(
            session, actor, reach.id_of(str(actor.id)), editions=library, now=now
        )
        return AssignmentsOut(items=[AssignmentOut.of(facts, standing) for facts, standing in found])

    @get("/{assignment_id:str}", operation_id="learning.read", responses=problems(401, 404, 410))
    async def read(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssignmentDetailOut:
        """Read one's path: modules, dates, marks, the next step."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        return AssignmentDetailOut.of(
            facts, learning.standing(facts, editions=library, today=civil_date(now))
        )

    @get(
        "/{assignment_id:str}/modules/{module:str}",
        operation_id="learning.module",
        responses=problems(401, 404, 409, 410),
    )
    async def module(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LessonOut:
        """Read a module that is open: its pages, and its quiz without the key."""
        facts, _, found, standing = await learning.open_module(
            session, actor, assignment_id, module, editions=library, now=now
        )
        here = learning.module_standing(standing, found.slug)
        return LessonOut.of(found, here, asked=quizzes.asked_next(facts, found, here))

    @post(
        "/{assignment_id:str}/modules/{module:str}/reading",
        operation_id="learning.read_page",
        status_code=200,
        responses=problems(401, 404, 409, 410),
    )
    async def read_page(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        data: JSONBody[ReadingIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ModuleStandingOut:
        """Say that a page was read to its end; said again, nothing changes."""
        progressed = await learning.read_page(
            session, actor, assignment_id, module, data.page, editions=library, now=now, seconds=data.seconds
        )
        return ModuleStandingOut.of(learning.module_standing(progressed, module))

    @post(
        "/{assignment_id:str}/modules/{module:str}/attempts",
        operation_id="learning.answer",
        responses={
            201: ResponseSpec(MarkOut, description="The mark, with why.", generate_examples=False),
            **problems(401, 404, 409, 410, 422),
        },
    )
    async def answer(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        data: JSONBody[QuizAnswersIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Answer a quiz and get the mark with why for every option (Idempotency-Key)."""

        async def act() -> MarkOut:
            event = await quizzes.answer_quiz(
                session, actor, assignment_id, module, data.answers,
                attempt=str(new_id()), editions=library, now=now, seconds=data.seconds,
            )  # fmt: skip
            facts = await assignments.facts_of(session, actor, assignment_id)
            mark = quizzes.kept_mark(facts, event, editions=library, today=civil_date(now))
            return MarkOut.of(event.id, mark)

        return await once(request, session, actor, now=now, act=act)
