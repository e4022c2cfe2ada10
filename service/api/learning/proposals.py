"""Paths made of what a match lacks, for machines."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.placement import Sitting
from service.api.models import In, Out, SaidOut
from service.api.paths.training_models import Day, SlugText
from service.api.responses import problems
from service.flows.learning import proposals as flow
from service.flows.learning.proposals import Proposal
from service.flows.paths import paths
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.editions import Editions


class SittingOut(Out):
    """An hour of learning on one day; `from_minute` counts from midnight on the person's clocks."""

    module: str
    day: date
    from_minute: int
    minutes: int

    @classmethod
    def of(cls, one: Sitting) -> Self:
        return cls(module=one.module, day=one.day, from_minute=one.from_minute, minutes=one.minutes)


class ProposedModuleOut(Out):
    """One module of the proposed path; `due` is the day of its last hour, or counted in working days without one."""

    slug: str
    title: SaidOut
    minutes: int
    is_class: bool
    skills: dict[str, int]
    due: date


class ProposalOut(Out):
    """What the person would learn for the programme, and when; `path` is null where there is nothing to give."""

    candidate_id: UUID
    programme_id: UUID
    outcome: str
    path: str | None
    title: SaidOut | None
    minutes: int
    first: date
    done_on: date | None
    is_in_time: bool | None
    has_week: bool
    modules: list[ProposedModuleOut]
    sittings: list[SittingOut]
    open_needs: list[str]

    @classmethod
    def of(cls, found: Proposal) -> Self:
        path, placement = found.path, found.placement
        due = paths.dates_of(path, found.first, found.due_dates) if path else {}
        return cls(
            candidate_id=found.person.id,
            programme_id=found.programme.id,
            outcome=found.match.outcome.value,
            path=path.slug if path else None,
            title=SaidOut.of(path.title) if path else None,
            minutes=path.minutes if path else 0,
            first=found.first,
            done_on=placement.done_on if placement else None,
            is_in_time=found.is_in_time,
            has_week=found.has_week,
            modules=[
                ProposedModuleOut(
                    slug=module.slug, title=SaidOut.of(module.title), minutes=module.minutes,
                    is_class=module.live is not None, due=due[module.slug],
                    skills={one.skill: one.level for one in module.levels},
                )
                for module in (path.modules if path else ())
            ],
            sittings=[SittingOut.of(one) for one in (placement.sittings if placement else ())],
            open_needs=[need.text for need in (found.training.open_needs if found.training else ())],
        )  # fmt: skip


class ProposalGivenIn(In):
    """The path that was looked at, and the day from which its hours were placed."""

    path: SlugText
    first: Day


class ProposalGivenOut(Out):
    """The new assignment, with its own dates and hours."""

    assignment_id: UUID


class Proposals(Controller):
    """Paths made of what a match lacks."""

    path = "/candidates"
    tags = ["Training"]

    @get(
        "/{candidate_id:str}/training-proposals/{programme_id:str}",
        operation_id="proposals.read",
        responses=problems(401, 404, 422),
        opt={"audited": True},
    )
    async def read(
        self,
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        first: FromQuery[date | None] = None,
    ) -> ProposalOut:
        """Propose a path of what the person lacks for the programme, in the hours of their own week."""
        return ProposalOut.of(
            await flow.propose(
                session, actor, candidate_id, programme_id, first=first, library=library, now=now
            )
        )

    @post(
        "/{candidate_id:str}/training-proposals/{programme_id:str}",
        operation_id="proposals.give",
        responses={
            201: ResponseSpec(ProposalGivenOut, description="The assignment made.", generate_examples=False),
            **problems(401, 404, 409, 422),
        },
    )
    async def give(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        data: JSONBody[ProposalGivenIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Give the proposed path with its own dates and hours (Idempotency-Key); 409 when it changed meanwhile."""

        async def act() -> ProposalGivenOut:
            given = await flow.give(
                session, actor, candidate_id, programme_id, first=data.first, path=data.path,
                library=library, now=now,
            )  # fmt: skip
            return ProposalGivenOut(assignment_id=given)

        return await once(request, session, actor, now=now, act=act)
