"""The trainers' board and acts for many learners, for machines."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.board import Situation
from service.api.learning.assignments import known_path, position_from
from service.api.models import Count, In, Out, SaidOut, Text
from service.api.paths.training_models import Day, Id, SlugText
from service.api.responses import problems
from service.flows.learning import board as flow
from service.flows.learning import exemptions
from service.flows.learning import group_actions as acts
from service.flows.learning.board import Learner, Steps
from service.flows.learning.group_acts import (
    LONGEST_WORDS,
    MOST_ATTEMPTS,
    MOST_DAYS,
    Act,
    Asked,
    Done,
    Effect,
)
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store import reach
from service.store.learning.board import BoardQuestion, Column


class BoardLineOut(Out):
    """One path of one learner and what holds today, the first thing to act on first."""

    assignment_id: UUID
    candidate_id: UUID
    person: str
    cohort: str
    path: str
    edition: str
    start_date: date
    percent: int
    is_complete: bool
    modules_done: int
    situations: list[Situation]
    late_days: int
    still_days: int
    unpassed: int
    next_due: date
    next_step: SaidOut
    next_class_at: datetime | None

    @classmethod
    def of(cls, one: Learner, steps: Steps) -> Self:
        line = one.line
        return cls(
            assignment_id=line.id, candidate_id=line.candidate_id, person=line.person, cohort=line.cohort,
            path=line.path, edition=line.edition, start_date=line.start_date, percent=line.percent,
            is_complete=line.is_complete, modules_done=line.modules_done, situations=list(one.situations),
            late_days=one.late_days, still_days=one.still_days, unpassed=line.unpassed,
            next_due=line.next_due, next_step=SaidOut.of(steps.step(line)), next_class_at=line.class_at,
        )  # fmt: skip


class BoardOut(Out):
    """One page of the board, how many lines stand in each column, and the thresholds it was read by."""

    items: list[BoardLineOut]
    counts: dict[str, int]
    without_path: int
    rules_edition: str


class GroupActIn(In):
    """One act for many: `give` needs `path` and `start_date`, `attempts` takes `count`, `dates` takes `days`.

    `edition` lets them go on with the edition given today; what is finished stays so.

    `exempt` needs `path`, `module`, in `words` the proof that you saw, and the `reason` that each person reads; a
    person of the staff does it, for at most 50 people at once.
    """

    act: Act
    assignments: Annotated[list[Id], Field(max_length=500)] = []
    candidates: Annotated[list[Id], Field(max_length=500)] = []
    path: SlugText | None = None
    start_date: Day | None = None
    count: Annotated[Count, Field(ge=1, le=MOST_ATTEMPTS)] = 1
    days: Annotated[Count, Field(ge=0, le=MOST_DAYS)] = 0
    words: Annotated[Text, Field(max_length=LONGEST_WORDS)] = ""
    module: SlugText | None = None
    reason: Annotated[Text, Field(max_length=exemptions.LONGEST_WORDS)] = ""
    dry_run: bool = False


class EffectOut(Out):
    """What the act does for one learner, or why it does nothing."""

    candidate_id: UUID
    assignment_id: UUID | None
    effect: Effect


class GroupActOut(Out):
    """The assignments made or changed (none of them in a dry run), and what was found for each learner."""

    done: list[UUID]
    effects: list[EffectOut]


class TrainingBoard(Controller):
    """Who needs a hand."""

    path = "/training"
    tags = ["Training"]

    @get("/board", operation_id="training.board", responses=problems(401, 404, 422))
    async def board(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        column: FromQuery[Column | None] = None,
        cohort: FromQuery[str | None] = None,
        programme: FromQuery[str | None] = None,
        path: FromQuery[str | None] = None,
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[BoardOut]:
        """Read the board: unfinished first, then what is due soonest; `column` narrows it to one situation."""
        secret = request.app.state.secret
        question = BoardQuestion(
            column=column,
            cohort_id=reach.id_of(cohort) if cohort else None,
            programme_id=reach.id_of(programme) if programme else None,
            path=known_path(library, path) if path else None,
        )
        after = position_from(read_cursor(secret, cursor, of="assignments")) if cursor else None
        found = await flow.show(
            session, actor, question, editions=library, now=now, limit=checked_limit(limit), after=after
        )
        steps = Steps(library, today=civil_date(now))
        headers = {}
        if found.next_position:
            position = write_cursor(secret, found.next_position, of="assignments")
            headers["Link"] = next_link(request, settings.public_url, position)
        out = BoardOut(
            items=[BoardLineOut.of(one, steps) for one in found.learners],
            counts=dict(found.counts),
            without_path=found.without_path,
            rules_edition=found.rules.edition,
        )
        return Response(out, headers=headers)

    @post(
        "/actions",
        operation_id="training.act",
        responses={
            201: ResponseSpec(
                GroupActOut, description="What was done, learner by learner.", generate_examples=False
            ),
            **problems(401, 403, 404, 409, 422),
        },
    )
    async def act(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[GroupActIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        files: NamedDependency[FileStore],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Do one thing for many learners, or with `dry_run` say what it would do (Idempotency-Key)."""

        async def act() -> GroupActOut:
            asked = Asked(
                data.act, path=data.path or "", start_date=data.start_date, count=data.count, days=data.days,
                words=" ".join(data.words.split()), module=data.module or "",
                reason=" ".join(data.reason.split()),
            )  # fmt: skip
            chosen = await acts.chosen_of(
                session, actor, data.assignments, data.candidates, act=data.act, editions=library, now=now
            )
            if data.dry_run:
                acts.check(asked, editions=library, now=now)
                done = Done((), await acts.foresee(session, actor, chosen, asked, editions=library, now=now))
            else:
                done = await acts.act(
                    session, actor, chosen, asked, editions=library, settings=settings, files=files, now=now
                )
            return GroupActOut(
                done=list(done.done),
                effects=[
                    EffectOut(
                        candidate_id=one.candidate_id,
                        assignment_id=one.line.id if one.line else None,
                        effect=one.effect,
                    )
                    for one in done.effects
                ],
            )

        return await once(request, session, actor, now=now, act=act)
