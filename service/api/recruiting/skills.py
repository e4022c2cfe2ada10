"""Skills in the API: find one by a phrase, list and read those of every list, change their names and links."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.skills.concepts import OWN
from assessments.skills.revisions import SkillChange
from service.api.models import In, Out, SaidOut, without_nul
from service.api.responses import problems
from service.flows.matching import lexicons
from service.flows.recruiting import skills
from service.flows.recruiting.skills import SkillFacts, SkillName
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions, load_editions
from service.runtime.lexicon_shelf import LexiconShelf
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale

SkillAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(without_nul)
]
SkillUri = Annotated[str, StringConstraints(max_length=300, pattern=r"^\S*$"), AfterValidator(without_nul)]


class AliasIn(In):
    """Another name of the skill, in one language."""

    name: SkillAlias
    locale: Locale = Locale.FR


class BroaderIn(In):
    """The skill that this one is a kind of, by its uri in the same list; null when it is of none."""

    broader: SkillUri | None


class SkillNameOut(Out):
    """One skill: `uri` names it everywhere, `scheme` and `notation` are its path here."""

    uri: str
    scheme: str
    notation: str
    label_fr: str
    label_en: str
    family: str


class SkillRevisionOut(Out):
    """One change of a skill; its number is the edition that it made."""

    number: int
    kind: SkillChange
    locale: str
    name: str
    made_at: datetime
    staff_name: str


class ListedSkillOut(SkillNameOut):
    """One skill with its names and links; send its ETag back to change it.

    `given` are the aliases that people gave here; `shows` and `hints` are words that show an own skill a little, or its
    basis; `former` are labels of earlier editions; `stood_for_by` are skills of other lists that mean this one.
    """

    aliases_fr: list[str]
    aliases_en: list[str]
    given: list[str]
    shows: list[str]
    hints: list[str]
    former: list[str]
    broader: list[SkillNameOut]
    narrower: list[SkillNameOut]
    same_as: SkillNameOut | None
    same_as_uri: str
    rome: str
    stood_for_by: list[SkillNameOut]
    history: list[SkillRevisionOut]
    removed_at: datetime | None


class SkillPageOut(Out):
    """One page of skills; `next` is the cursor of the following page."""

    items: list[SkillNameOut]
    next: str | None


class SkillSeenOut(Out):
    """A skill that a phrase may mean; `uri` is that of the official skill when ours stands for one."""

    skill: str
    uri: str
    scheme: str
    label: SaidOut
    confidence: float


class SkillFoundOut(Out):
    """What a phrase was taken to mean; `chosen` is null when nothing fits, and a tie is said, never settled."""

    phrase: str
    chosen: SkillSeenOut | None
    way: str
    is_ambiguous: bool
    is_to_confirm: bool
    alternatives: list[SkillSeenOut]
    parts: list["SkillFoundOut"]


class Skills(Controller):
    """Skills of our own list and of every list brought in."""

    path = "/skills"
    tags = ["Skills"]

    @get(operation_id="skills.list", responses=problems(401, 422))
    async def list_skills(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        scheme: Annotated[str, QueryParameter(max_length=32)] = OWN,
        q: Annotated[str, QueryParameter(max_length=200)] = "",
        family: Annotated[str, QueryParameter(max_length=80)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[SkillPageOut]:
        """List the skills of one list by label; every word of `q` stands in one of their names."""
        secret: bytes = request.app.state.secret
        listing = f"skills of {scheme}"
        after = read_cursor(secret, cursor, of=listing) if cursor else None
        page = await skills.page_of(
            session, editions, scheme=scheme, q=q, family=family, limit=limit, after=after
        )
        following = write_cursor(secret, page.after, of=listing) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        out = SkillPageOut(items=[_name(one) for one in page.lines], next=following)
        return Response(out, headers=headers)

    @get("/found", operation_id="skills.find", responses=problems(401, 422))
    async def find(
        self, request: Request[Any, Any, Any], phrase: Annotated[str, QueryParameter(max_length=10_000)]
    ) -> SkillFoundOut:
        """Say which skill a phrase means, in French or English, over every list; read by its first 300 characters."""
        database: Database = request.app.state.database
        async with database.transaction(write=False) as session:
            shelf = LexiconShelf(request.app.state.settings.data_dir)
            make = await lexicons.finder(session, load_editions(), shelf)
        finder = await asyncio.to_thread(make)
        return _found(finder.find(phrase))

    @get("/{scheme:str}/{notation:str}", operation_id="skills.read", responses=problems(401, 404))
    async def read(
        self,
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
    ) -> Response[ListedSkillOut]:
        """Read one skill with its names, its links and what people changed."""
        return _answer(await skills.read(session, editions, scheme=scheme, notation=notation))

    @post(
        "/{scheme:str}/{notation:str}/aliases",
        operation_id="skills.add_alias",
        status_code=200,
        responses=problems(401, 404, 412, 422, 428),
    )
    async def add_alias(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        data: JSONBody[AliasIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ListedSkillOut]:
        """Give a skill another name; 422 when another skill has it."""
        changed = await skills.change(
            session, actor, scheme=scheme, notation=notation, kind=SkillChange.ALIAS_ADDED, name=data.name,
            locale=data.locale, check_version=partial(check_version, request), now=now,
        )  # fmt: skip
        return _answer(changed)

    @delete(
        "/{scheme:str}/{notation:str}/aliases",
        operation_id="skills.remove_alias",
        status_code=200,
        responses=problems(401, 404, 412, 422, 428),
    )
    async def remove_alias(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        name: Annotated[str, QueryParameter(max_length=300)],
    ) -> Response[ListedSkillOut]:
        """Take an alias away; a label stays. It can be given again."""
        changed = await skills.change(
            session, actor, scheme=scheme, notation=notation, kind=SkillChange.ALIAS_REMOVED, name=name,
            locale=Locale.FR, check_version=partial(check_version, request), now=now,
        )  # fmt: skip
        return _answer(changed)

    @put(
        "/{scheme:str}/{notation:str}/broader",
        operation_id="skills.set_broader",
        responses=problems(401, 404, 412, 422, 428),
    )
    async def set_broader(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        data: JSONBody[BroaderIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ListedSkillOut]:
        """Say which skill this one is a kind of; 422 when that would make a skill a kind of itself."""
        changed = await skills.change(
            session, actor, scheme=scheme, notation=notation, kind=SkillChange.BROADER_SET,
            name=data.broader or "", locale=Locale.FR, check_version=partial(check_version, request), now=now,
        )  # fmt: skip
        return _answer(changed)


def _name(one: SkillName) -> SkillNameOut:
    return SkillNameOut(**one.model_dump(include=set(SkillNameOut.model_fields)))


def _answer(facts: SkillFacts) -> Response[ListedSkillOut]:
    told = facts.model_dump(include=set(ListedSkillOut.model_fields) - {"history"})
    history = [
        SkillRevisionOut(**one.model_dump(include=set(SkillRevisionOut.model_fields)))
        for one in facts.history
    ]
    return Response(ListedSkillOut(**told, history=history), headers={"ETag": etag_of(facts.version)})


def _found(found: Any) -> SkillFoundOut:
    return SkillFoundOut(
        phrase=found.phrase, chosen=_seen(found.named) if found.named else None, way=found.way.value,
        is_ambiguous=found.is_ambiguous, is_to_confirm=found.is_to_confirm,
        alternatives=[_seen(one) for one in found.alternatives], parts=[_found(one) for one in found.parts],
    )  # fmt: skip


def _seen(one: Any) -> SkillSeenOut:
    return SkillSeenOut(
        skill=one.skill,
        uri=one.uri,
        scheme=one.scheme,
        label=SaidOut.of(one.label),
        confidence=one.confidence,
    )
