"""Phrases that no list understood, in the API: the queue, and the answer of a person, which becomes an alias."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out
from service.api.recruiting.skills import SkillAlias, SkillUri
from service.api.responses import problems
from service.flows.recruiting import skill_phrases
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import PhraseState
from service.store.recruiting import skill_phrases as store
from service.store.recruiting.skill_phrases import PhraseFacts


class PhraseAnswerIn(In):
    """The skill that the phrase means, by its uri; null when it means none worth noting.

    `alias` shortens the phrase to the words that say the skill; left out, the whole phrase becomes the alias.
    """

    skill: SkillUri | None
    alias: SkillAlias | None = None


class PhraseOut(Out):
    """One phrase, how many files and programmes within reach hold it, and what a person said it means."""

    id: UUID
    phrase: str
    locale: str
    state: PhraseState
    skill: str | None
    first_seen_at: datetime
    answered_at: datetime | None
    people: int
    programmes: int


class PhrasePageOut(Out):
    """One page of phrases, those of the most files first; `next` is the cursor of the following page."""

    items: list[PhraseOut]
    next: str | None


class SkillPhrases(Controller):
    """Phrases that no list understood."""

    path = "/skill-phrases"
    tags = ["Skills"]

    @get(operation_id="skill_phrases.list", responses=problems(401, 422))
    async def list_phrases(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        standing: Annotated[PhraseState, QueryParameter(name="state")] = PhraseState.OPEN,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[PhrasePageOut]:
        """List the phrases that wait, or that were answered; only those of files and programmes within reach."""
        secret: bytes = request.app.state.secret
        listing = f"{standing.value} skill phrases"
        after = read_cursor(secret, cursor, of=listing) if cursor else None
        page = await store.page_of(session, actor, state=standing, limit=limit, after=after)
        following = write_cursor(secret, page.after, of=listing) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        return Response(
            PhrasePageOut(items=[_out(one) for one in page.lines], next=following), headers=headers
        )

    @get("/{phrase_id:str}", operation_id="skill_phrases.read", responses=problems(401, 404))
    async def read(
        self,
        phrase_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[PhraseOut]:
        """Read one phrase."""
        return _answer(await store.facts_of(session, actor, phrase_id))

    @put(
        "/{phrase_id:str}/answer",
        operation_id="skill_phrases.answer",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def answer(
        self,
        request: Request[Any, Any, Any],
        phrase_id: FromPath[str],
        data: JSONBody[PhraseAnswerIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[PhraseOut]:
        """Say which skill a phrase means: it becomes an alias, and whoever wrote it is weighed again."""
        found = await skill_phrases.answer(
            session, actor, phrase_id, uri=data.skill or "", alias=data.alias or "",
            check_version=partial(check_version, request), now=now,
        )  # fmt: skip
        return _answer(found)


def _out(one: PhraseFacts) -> PhraseOut:
    return PhraseOut(
        id=one.id, phrase=one.phrase, locale=one.locale.value, state=one.state, skill=one.uri or None,
        first_seen_at=one.first_seen_at, answered_at=one.answered_at, people=one.people,
        programmes=one.programmes,
    )  # fmt: skip


def _answer(found: PhraseFacts) -> Response[PhraseOut]:
    return Response(_out(found), headers={"ETag": etag_of(found.version)})
