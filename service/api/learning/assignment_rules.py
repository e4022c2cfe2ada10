"""Rules that give paths by themselves, for machines."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from pydantic import Field, StrictInt
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Line, Out
from service.api.paths.training_models import CohortName, Id, SlugText
from service.api.responses import problems
from service.flows.learning import assignment_rules as flow
from service.flows.learning.assignment_rules import RuleAsked
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.vocabulary import Stage
from service.store.learning import assignment_rules as store
from service.store.learning.assignment_rules import RuleFacts

StartDays = Annotated[StrictInt, Field(ge=-flow.MOST_DAYS, le=flow.MOST_DAYS)]


class AssignmentRuleIn(In):
    """A rule with at least one condition, all of which must be met; `start_days` count from the first day of work.

    `post` is the job title of an accepted offer; case, accents and spaces make no difference.
    """

    name: CohortName
    path: SlugText
    programme_id: Id | None = None
    stage: Stage | None = None
    skill: Line | None = None
    post: Line | None = None
    after_path: SlugText | None = None
    start_days: StartDays = 0


class AssignmentRuleChangeIn(In):
    """What to change of a rule: a member left out stays as it is, a condition sent as null is taken away."""

    name: CohortName = ""
    path: SlugText = ""
    programme_id: Id | None = None
    stage: Stage | None = None
    skill: Line | None = None
    post: Line | None = None
    after_path: SlugText | None = None
    start_days: StartDays = 0


class AssignmentRuleOut(Out):
    """One rule, whether it is switched on, and how many people it gave its path to."""

    id: UUID
    name: str
    path: str
    programme_id: UUID | None
    stage: Stage | None
    skill: str | None
    post: str | None
    after_path: str | None
    start_days: int
    is_active: bool
    given: int
    created_at: datetime
    applied_at: datetime | None

    @classmethod
    def of(cls, rule: RuleFacts) -> Self:
        return cls(**rule.model_dump(exclude={"programme", "version"}))


class AssignmentRulesOut(Out):
    """The rules within reach, by name."""

    items: list[AssignmentRuleOut]


class RuleMeetingOut(Out):
    """Somebody whom the rule would give its path to now, and from which day."""

    candidate_id: UUID
    person: str
    start_date: date


class RuleMeetingsOut(Out):
    """At most 200 people, by name."""

    items: list[RuleMeetingOut]


class RuleStartedOut(Out):
    """How many people were given the path at once."""

    given: int


def _tagged(rule: RuleFacts) -> Response[AssignmentRuleOut]:
    return Response(AssignmentRuleOut.of(rule), headers={"ETag": etag_of(rule.version)})


class AssignmentRules(Controller):
    """Rules that give paths."""

    path = "/assignment-rules"
    tags = ["Training"]

    @get(operation_id="assignment_rules.list", responses=problems(401))
    async def list_all(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> AssignmentRulesOut:
        """List the rules of the programmes within reach."""
        return AssignmentRulesOut(
            items=[AssignmentRuleOut.of(rule) for rule in await store.rules_of(session, actor)]
        )

    @post(
        operation_id="assignment_rules.write",
        responses={
            201: ResponseSpec(
                AssignmentRuleOut, description="The rule, switched off.", generate_examples=False
            ),
            **problems(401, 409, 422),
        },
    )
    async def write(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[AssignmentRuleIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Keep a rule, switched off until somebody looked at whom it is for (Idempotency-Key)."""

        async def act() -> AssignmentRuleOut:
            rule_id = await flow.write(
                session, actor, RuleAsked(**data.model_dump()), editions=library, now=now
            )
            return AssignmentRuleOut.of(await store.facts_of(session, actor, rule_id))

        return await once(request, session, actor, now=now, act=act)

    @get("/{rule_id:str}", operation_id="assignment_rules.read", responses=problems(401, 404))
    async def read(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[AssignmentRuleOut]:
        """Read one rule."""
        return _tagged(await store.facts_of(session, actor, rule_id))

    @patch(
        "/{rule_id:str}",
        operation_id="assignment_rules.edit",
        responses=problems(401, 404, 412, 422, 428),
    )
    async def edit(
        self,
        request: Request[Any, Any, Any],
        rule_id: FromPath[str],
        data: JSONBody[AssignmentRuleChangeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AssignmentRuleOut]:
        """Change a rule (If-Match); anything but its name switches it off, and what it gave stays given."""
        return _tagged(
            await flow.edit(
                session, actor, rule_id, data.model_dump(exclude_unset=True),
                check_version=lambda present: check_version(request, present), editions=library, now=now,
            )
        )  # fmt: skip

    @get("/{rule_id:str}/people", operation_id="assignment_rules.foresee", responses=problems(401, 404))
    async def foresee(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> RuleMeetingsOut:
        """List whom the rule would give its path to now; nothing is changed."""
        rule = await store.facts_of(session, actor, rule_id)
        foreseen = await flow.foresee(session, actor, rule, now=now)
        return RuleMeetingsOut(
            items=[
                RuleMeetingOut(candidate_id=one.candidate_id, person=one.person, start_date=one.start_date)
                for one in foreseen
            ]
        )

    @post(
        "/{rule_id:str}/start",
        operation_id="assignment_rules.start",
        status_code=200,
        responses=problems(401, 404, 422),
    )
    async def start(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> RuleStartedOut:
        """Switch the rule on and give its path at once to at most 200 people; the sweep goes on."""
        return RuleStartedOut(given=await flow.start(session, actor, rule_id, editions=library, now=now))

    @post(
        "/{rule_id:str}/pause",
        operation_id="assignment_rules.pause",
        status_code=200,
        responses=problems(401, 404),
    )
    async def pause(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AssignmentRuleOut:
        """Switch the rule off; what it gave stays given."""
        return AssignmentRuleOut.of(await flow.switch(session, actor, rule_id, is_active=False, now=now))

    @delete("/{rule_id:str}", operation_id="assignment_rules.remove", responses=problems(401, 404))
    async def remove(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Forget the rule; what it gave stays given."""
        await flow.remove(session, actor, rule_id, now=now)
