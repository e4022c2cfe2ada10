"""Kept searches in the API: one's own, live, with who is new since the last look."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import Field, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Line, Out
from service.api.responses import problems
from service.flows.recruiting import blind
from service.flows.recruiting import saved_searches as flow
from service.flows.recruiting.saved_searches import Look, Standing
from service.runtime.actors import Actor
from service.runtime.vocabulary import Stage
from service.store.people.candidates import CandidateLine, CandidateQuestion
from service.store.recruiting.saved_searches import SavedSearchFacts

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class SearchQuestionIn(In):
    """The filters of the list of people; at least one."""

    q: Line | None = None
    stage: Stage | None = None
    programme_id: UUID | None = None
    skill: Line | None = None
    outcome: Line | None = None
    min_score: Annotated[StrictInt, Field(ge=0, le=100)] | None = None


class SavedSearchIn(In):
    """A search under a name of one's own."""

    name: Name
    question: SearchQuestionIn


class SavedSearchOut(Out):
    """One search with how many it finds now, and how many of them are new since the last look."""

    id: UUID
    name: str
    question: dict[str, str | int]
    found: int
    new: int
    looked_at: datetime


class SavedSearchesOut(Out):
    """One's own searches, by name."""

    items: list[SavedSearchOut]


class FoundPersonOut(Out):
    """One person a search finds."""

    candidate_id: UUID
    name: str
    headline: str
    stage: Stage | None
    match_score: float | None
    is_new: bool


class SavedSearchLookOut(SavedSearchOut):
    """A search with whom it finds now: new people first, at most 50 of each."""

    people: list[FoundPersonOut]


class LookedOut(Out):
    """How many were new."""

    new: int


class SavedSearches(Controller):
    """Searches that stay live."""

    path = "/searches"
    tags = ["Talent pool"]

    @get(operation_id="searches.list", responses=problems(401))
    async def list_own(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> SavedSearchesOut:
        """List one's own searches with how many each finds and how many are new."""
        return SavedSearchesOut(items=[_out(one) for one in await flow.standings(session, actor)])

    @post(operation_id="searches.keep", responses=problems(401, 409, 422))
    async def keep(
        self,
        data: JSONBody[SavedSearchIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> SavedSearchOut:
        """Keep a search; whoever it finds now is known from here on. A name is used once."""
        question = CandidateQuestion(**data.question.model_dump())
        kept = await flow.keep(session, actor, name=data.name, question=question, now=now)
        return _out((await flow.look(session, actor, kept.id)).standing)

    @get("/{search_id:str}", operation_id="searches.read", responses=problems(401, 404))
    async def read(
        self,
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> SavedSearchLookOut:
        """Read whom a search finds now; reading changes nothing."""
        return _look_out(await flow.look(session, actor, search_id), actor)

    @post("/{search_id:str}/looks", operation_id="searches.look", responses=problems(401, 404))
    async def note_look(
        self,
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> LookedOut:
        """Say that one has looked: whoever is found now is no longer new."""
        return LookedOut(new=await flow.note_look(session, actor, search_id, now=now))

    @delete("/{search_id:str}", operation_id="searches.remove", responses=problems(401, 404))
    async def remove(
        self,
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Forget a search of one's own."""
        await flow.remove(session, actor, search_id, now=now)


def _told(search: SavedSearchFacts) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else str(value) for name, value in search.question.items()}


def _out(one: Standing) -> SavedSearchOut:
    return SavedSearchOut(
        id=one.search.id, name=one.search.name, question=_told(one.search), found=one.found, new=one.new,
        looked_at=one.search.looked_at,
    )  # fmt: skip


def _look_out(found: Look, actor: Actor) -> SavedSearchLookOut:
    people = [_person_out(blind.line_of(actor, one), is_new=True) for one in found.new]
    people += [_person_out(blind.line_of(actor, one), is_new=False) for one in found.known]
    return SavedSearchLookOut(**_out(found.standing).model_dump(), people=people)


def _person_out(line: CandidateLine, *, is_new: bool) -> FoundPersonOut:
    return FoundPersonOut(
        candidate_id=line.id, name=line.shown_name, headline=line.headline, stage=line.stage,
        match_score=line.match_score, is_new=is_new,
    )  # fmt: skip
