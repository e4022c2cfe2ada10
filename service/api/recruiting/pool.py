"""The talent pool in the API: who fits a programme today, letters to who agreed, and the person's own word."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.staleness import Ageing
from service.api.matching.matching import MatchOut, match_out
from service.api.models import Flag, In, Out, SaidOut, Text
from service.api.responses import problems
from service.flows.assessing import ageing
from service.flows.recruiting import blind, pool
from service.flows.recruiting.pool import Fitting, PoolPage
from service.flows.recruiting.pool_rules import Barrier, rule_on
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import PoolAnswer, PoolChannel
from service.store.assessing.assessments import own_id
from service.store.reach import candidate_row, id_of
from service.store.recruiting import pool as store
from service.store.recruiting.pool import PoolChoiceFacts


class AgedItemOut(Out):
    """One question to ask again; `known_on` is the day of the newest knowledge."""

    item: str
    prompt: SaidOut
    known_on: date


class AgedQuestionnaireOut(Out):
    """What of one questionnaire has aged, and about how many minutes it takes to look at it again."""

    instrument: str
    title: SaidOut
    minutes: int
    items: list[AgedItemOut]


class AgeingOut(Out):
    """What is to be asked again of one person; empty when everything still keeps."""

    items: list[AgedQuestionnaireOut]


class AskedAgainOut(Out):
    """The response that was opened again, with everything that still keeps filled in."""

    response_id: UUID
    instrument: str
    edition: str


class FittingOut(Out):
    """One person of the pool: why they fit, and what keeps them from being written to (null: nothing)."""

    candidate_id: UUID
    name: str
    match: MatchOut
    barrier: Barrier | None
    barrier_label: SaidOut | None
    last_letter: datetime | None
    answer: PoolAnswer | None
    aged: list[AgedQuestionnaireOut]


class PoolOut(Out):
    """The best of the pool for one programme today; `answers` counts letters by answer (`""`: none yet)."""

    programme_id: UUID
    programme_title: str
    found: int
    items: list[FittingOut]
    answers: dict[str, int]
    rule_edition: str
    is_decision: Literal[False] = False


class PoolLettersIn(In):
    """Whom to write to; each is checked by themselves."""

    candidate_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]


class PoolLetterOut(Out):
    """What became of one letter: written where nothing stood against it."""

    candidate_id: UUID
    is_written: bool
    barrier: Barrier | None


class PoolLettersOut(Out):
    """One answer a person, in the order asked for."""

    items: list[PoolLetterOut]


class PoolChoiceIn(In):
    """Whether one wants to be written to about other posts."""

    is_yes: Flag


class ToldChoiceIn(In):
    """What a person said aloud; a yes with when and where it was said."""

    is_yes: Flag
    note: Text = ""


class PoolChoiceOut(Out):
    """What was said, where, and who took it down (empty: the person alone)."""

    id: UUID
    is_yes: bool
    channel: PoolChannel
    wording_edition: str
    staff_name: str
    note: str
    at: datetime


class PoolChoicesOut(Out):
    """Everything one person said, the newest first; it holds. `wording` is what a yes of today agrees to."""

    wording: SaidOut
    wording_edition: str
    items: list[PoolChoiceOut]


class OwnPool(Controller):
    """One's own place in the pool."""

    path = "/me"
    tags = ["Talent pool"]

    @get("/pool", operation_id="me.pool.read", responses=problems(401))
    async def read_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PoolChoicesOut:
        """Read what one said about being written to."""
        return _choices_out(await store.choices_of(session, own_id(actor)), now)

    @put("/pool", operation_id="me.pool.choose", responses=problems(401))
    async def choose(
        self,
        data: JSONBody[PoolChoiceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PoolChoiceOut:
        """Say yes or no to letters about other posts; no is as easy as yes, and nothing else changes."""
        return _choice_out(await pool.choose(session, actor, is_yes=data.is_yes, now=now))

    @get("/ageing", operation_id="me.ageing.read", responses=problems(401))
    async def read_ageing(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AgeingOut:
        """Read which of one's own answers have aged."""
        found = await ageing.ageing_of_person(session, own_id(actor), editions=editions, now=now)
        return AgeingOut(items=[_aged_out(one) for one in found])

    @post("/ageing/{slug:str}", operation_id="me.ageing.begin", responses=problems(401, 404, 409))
    async def begin_again(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AskedAgainOut:
        """Open a questionnaire again with only what has aged left empty; what was sent stays as it was sent."""
        row = await ageing.begin_again(session, actor, slug, editions=editions, now=now)
        return AskedAgainOut(response_id=row.id, instrument=row.instrument, edition=row.edition)


class Pools(Controller):
    """The pool for who recruits."""

    tags = ["Talent pool"]

    @get(
        "/programmes/{programme_id:str}/pool",
        operation_id="pool.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> PoolOut:
        """List who of the pool fits a programme today, at most 50, with why; the reading is noted."""
        found = await pool.read_pool(
            request.app.state.database, actor, id_of(programme_id), editions=editions, now=now
        )
        return _pool_out(found, actor)

    @post(
        "/programmes/{programme_id:str}/pool/letters",
        operation_id="pool.write",
        responses=problems(401, 404, 409, 422),
    )
    async def write(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        data: JSONBody[PoolLettersIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[PoolLettersOut]:
        """Write to people who agreed and fit today; whoever may not be written to is told with why. Asked for again,
        the same letter is not written twice."""

        async def act() -> PoolLettersOut:
            found = await pool.write_to(
                session, actor, id_of(programme_id), data.candidate_ids, editions=editions, settings=settings,
                now=now,
            )  # fmt: skip
            return PoolLettersOut(
                items=[
                    PoolLetterOut(
                        candidate_id=one.candidate_id, is_written=one.barrier is None, barrier=one.barrier
                    )
                    for one in found
                ]
            )

        if "idempotency-key" in request.headers:
            return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]
        return Response(await act(), status_code=201)

    @get(
        "/candidates/{candidate_id:str}/pool",
        operation_id="pool.choices.list",
        responses=problems(401, 404),
    )
    async def choices(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PoolChoicesOut:
        """Read what one person said about being written to."""
        person = await candidate_row(session, actor, candidate_id)
        return _choices_out(await store.choices_of(session, person.id), now)

    @post(
        "/candidates/{candidate_id:str}/pool",
        operation_id="pool.choices.take_down",
        responses=problems(401, 404, 422),
    )
    async def take_down(
        self,
        candidate_id: FromPath[str],
        data: JSONBody[ToldChoiceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PoolChoiceOut:
        """Take down what a person said aloud; they read it in their own space and may take it back there."""
        return _choice_out(
            await pool.take_down(
                session, actor, id_of(candidate_id), is_yes=data.is_yes, note=data.note, now=now
            )
        )


def _choices_out(found: tuple[PoolChoiceFacts, ...], now: datetime) -> PoolChoicesOut:
    rule = rule_on(now)
    return PoolChoicesOut(
        wording=SaidOut.of(rule.wording),
        wording_edition=rule.edition,
        items=[_choice_out(one) for one in found],
    )


def _choice_out(one: PoolChoiceFacts) -> PoolChoiceOut:
    return PoolChoiceOut(**one.model_dump())


def _aged_out(one: Ageing) -> AgedQuestionnaireOut:
    return AgedQuestionnaireOut(
        instrument=one.instrument,
        title=SaidOut.of(one.title),
        minutes=one.minutes,
        items=[
            AgedItemOut(item=item.item, prompt=SaidOut.of(item.prompt), known_on=item.known_on)
            for item in one.items
        ],
    )


def _pool_out(found: PoolPage, actor: Actor) -> PoolOut:
    programme = found.page.shortlist.programme
    return PoolOut(
        programme_id=programme.id,
        programme_title=programme.title,
        found=found.found,
        items=[_fitting_out(one, found, actor) for one in found.fitting],
        answers=dict(found.answers),
        rule_edition=found.rule.edition,
    )


def _fitting_out(one: Fitting, found: PoolPage, actor: Actor) -> FittingOut:
    listed = blind.listed_of(actor, one.listed)
    return FittingOut(
        candidate_id=listed.person.id,
        name=listed.person.shown_name,
        match=match_out(listed.match),
        barrier=one.barrier,
        barrier_label=SaidOut.of(found.rule.barriers[one.barrier]) if one.barrier else None,
        last_letter=one.standing.written_at,
        answer=one.standing.answer,
        aged=[_aged_out(each) for each in one.ageing],
    )
