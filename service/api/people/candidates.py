"""People in the API: enter, list, read, correct."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, EmailStr, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.profiles import Experience, HomePost, Level, Phrase, SpokenLanguage, Window
from service.api.models import In, Out
from service.api.responses import problems
from service.flows.people import candidates
from service.flows.people.candidates import Identity
from service.flows.recruiting import applications, blind
from service.http import idempotency
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Source, Stage
from service.store import audit
from service.store.people import candidates as people
from service.store.people.candidates import CandidateFacts, CandidateLine, CandidateQuestion, CandidateSort
from service.store.reach import id_of


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_without_nul)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_without_nul)]
Key = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(_without_nul)
]
Headline = Annotated[str, StringConstraints(max_length=300), AfterValidator(_without_nul)]


class ProfileIn(In):
    """What a person says about themselves for the work; nothing of article L1132-1 of the Code du travail."""

    headline: Headline | None = None
    skills: Annotated[list[Phrase], Field(max_length=300)] | None = None
    skill_levels: Annotated[dict[Phrase, Level], Field(max_length=300)] | None = None
    experience: Annotated[list[Experience], Field(max_length=100)] | None = None
    languages: Annotated[list[SpokenLanguage], Field(max_length=40)] | None = None
    availability: Annotated[list[Window], Field(max_length=200)] | None = None
    desired_weekly_hours: Annotated[float, Field(ge=0, le=48, strict=True)] | None = None
    home: HomePost | None = None
    equipment: Annotated[list[Phrase], Field(max_length=100)] | None = None
    telework_experience_months: Annotated[int, Field(ge=0, le=720, strict=True)] | None = None

    def said(self) -> dict[str, Any]:
        """Only what was sent, as JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class CandidateIn(In):
    """One person to enter; without a name a pseudonym is made."""

    external_id: Key | None = None
    given_name: Name = ""
    family_name: Name = ""
    email: EmailStr | None = None
    phone: Phone = ""
    locale: Literal["fr", "en"] = "fr"
    profile: ProfileIn = ProfileIn()
    programme_ids: Annotated[list[UUID], Field(max_length=20)] = []


class CandidateChangesIn(In):
    """What to change; members of `profile` that are left out stay as they are."""

    given_name: Name | None = None
    family_name: Name | None = None
    email: EmailStr | None = None
    phone: Phone | None = None
    locale: Literal["fr", "en"] | None = None
    profile: ProfileIn | None = None


class SkillOut(Out):
    """One known skill, the words it was read from, and how sure that is (0 to 100)."""

    skill: str
    phrase: str
    confidence: int
    taxonomy_edition: str


class TwinOut(Out):
    """Somebody who is likely the same person; nothing is merged by a program."""

    candidate_id: UUID
    signs: list[str]


class CandidateOut(Out):
    """One person's file."""

    id: UUID
    external_id: str | None
    pseudonym: str
    given_name: str
    family_name: str
    email: str
    phone: str
    locale: Locale
    source: Source
    profile: dict[str, Any]
    skills: list[SkillOut] = []
    likely_duplicates: list[TwinOut] = []
    is_agent: bool
    autonomy_score: int | None
    environment_score: int | None
    equipment_score: int | None
    created_at: datetime
    updated_at: datetime
    version: int


class CandidateLineOut(Out):
    """One line of the list, with the application that the question is about."""

    id: UUID
    pseudonym: str
    given_name: str
    family_name: str
    headline: str
    locale: Locale
    source: Source
    is_agent: bool
    autonomy_score: int | None
    environment_score: int | None
    equipment_score: int | None
    created_at: datetime
    application_id: UUID | None
    programme_id: UUID | None
    programme_title: str | None
    stage: Stage | None
    match_score: float | None
    match_outcome: str | None


class CandidatePageOut(Out):
    """One page of people; `next` is the cursor of the following page."""

    items: list[CandidateLineOut]
    next: str | None


class Candidates(Controller):
    """People."""

    path = "/candidates"
    tags = ["Candidates"]

    @post(operation_id="candidates.create", responses=problems(401, 404, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[CandidateIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[CandidateOut]:
        """Enter one person, with an application for each programme named."""

        async def act() -> CandidateOut:
            facts = await candidates.create_candidate(
                session, actor, profile={**data.profile.said(), "locale": data.locale},
                identity=Identity(data.given_name, data.family_name, data.email or "", data.phone),
                source=Source.ENTERED, editions=editions, now=now, external_id=data.external_id,
            )  # fmt: skip
            for programme_id in dict.fromkeys(data.programme_ids):
                await applications.create_application(
                    session, actor, candidate_id=facts.id, programme_id=programme_id, now=now
                )
            return await _file(session, facts)

        def location(out: CandidateOut) -> str:
            return f"/api/v1/candidates/{out.id}"

        if "idempotency-key" in request.headers:
            return await idempotency.once(  # type: ignore[return-value]
                request, session, actor, now=now, act=act, location=location
            )
        out = await act()
        return Response(
            out, status_code=201, headers={"Location": location(out), "ETag": etag_of(out.version)}
        )

    @get(operation_id="candidates.list", responses=problems(401, 422))
    async def list_candidates(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        stage: FromQuery[Stage | None] = None,
        programme: FromQuery[UUID | None] = None,
        min_score: Annotated[int | None, QueryParameter(ge=0, le=100)] = None,
        outcome: Annotated[str | None, QueryParameter(max_length=30)] = None,
        skill: Annotated[str | None, QueryParameter(max_length=80)] = None,
        q: Annotated[str | None, QueryParameter(max_length=200)] = None,
        sort: FromQuery[CandidateSort] = CandidateSort.CREATED_DOWN,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[CandidatePageOut]:
        """List, filter and sort the people within reach."""
        question = CandidateQuestion(stage, programme, min_score, outcome, skill, q, sort)
        secret: bytes = request.app.state.secret
        after = read_cursor(secret, cursor, of="candidates") if cursor else None
        page = await people.page_of(session, actor, question, limit=limit, after=after)
        following = write_cursor(secret, page.after, of="candidates") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        items = [line_out(blind.line_of(actor, line)) for line in page.lines]
        return Response(CandidatePageOut(items=items, next=following), headers=headers)

    @get(
        "/{candidate_id:str}",
        operation_id="candidates.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[CandidateOut]:
        """Read one person's file; the reading is noted."""
        facts = await people.facts_of(session, actor, id_of(candidate_id))
        audit.record(session, actor, action="candidate.read", subject=("candidate", facts.id), now=now)
        out = await _file(session, facts) if not actor.is_blind else await _blind_file(session, actor, facts)
        return Response(out, headers={"ETag": etag_of(facts.version)})

    @patch(
        "/{candidate_id:str}",
        operation_id="candidates.edit",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def edit(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        data: JSONBody[CandidateChangesIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[CandidateOut]:
        """Correct a person's file."""
        changes = data.model_dump(exclude_unset=True, exclude={"profile"})
        if data.profile is not None:
            changes["profile"] = data.profile.said()
        facts = await candidates.edit_candidate(
            session, actor, id_of(candidate_id), changes=changes,
            check_version=lambda version: check_version(request, version), editions=editions, now=now,
        )  # fmt: skip
        out = await _file(session, facts) if not actor.is_blind else await _blind_file(session, actor, facts)
        return Response(out, headers={"ETag": etag_of(facts.version)})


def line_out(line: CandidateLine) -> CandidateLineOut:
    return CandidateLineOut.model_validate(line)


async def _blind_file(session: AsyncSession, actor: Actor, facts: CandidateFacts) -> CandidateOut:
    """The file without identity, and without twins, who would give it away."""
    out = CandidateOut.model_validate(blind.person_of(actor, facts))
    skills = [SkillOut.model_validate(skill) for skill in await people.skills_of(session, facts.id)]
    return out.model_copy(update={"skills": blind.veil_of(actor, facts).over_own_words(skills)})


async def _file(session: AsyncSession, facts: CandidateFacts) -> CandidateOut:
    out = CandidateOut.model_validate(facts)
    identity = Identity(facts.given_name, facts.family_name, facts.email, facts.phone)
    twins = await candidates.twins_of(session, identity, but=facts.id)
    skills = await people.skills_of(session, facts.id)
    return out.model_copy(
        update={
            "skills": [SkillOut.model_validate(skill) for skill in skills],
            "likely_duplicates": [
                TwinOut(candidate_id=twin.known.id, signs=[sign.value for sign in twin.signs])
                for twin in twins
            ],
        }
    )
