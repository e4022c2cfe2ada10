"""Interviews for machines of people who recruit: guides, one's own notes, and both readings once they may be seen."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import Field, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.interviews import Guide, Part, PointKind
from service.api.models import In, Out, SaidOut, Text
from service.api.responses import problems
from service.flows.recruiting import interviews
from service.flows.recruiting.interviews import AgreementFacts
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.reach import application_row, id_of
from service.store.recruiting import interviews as store
from service.store.recruiting.interviews import InterviewFile, InterviewLine, NoteFacts

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
Rating = Annotated[StrictInt, Field(ge=1, le=5)]


class GuideQuestionOut(Out):
    """One question with an anchor for each rating from 1 to 5, and why it is asked."""

    id: str
    part: Part
    label: SaidOut
    why: SaidOut
    text: SaidOut
    probes: list[SaidOut]
    anchors: list[SaidOut]
    minutes: int


class GuidePointOut(Out):
    """Something that the assessment left open: talked about and noted, never rated."""

    id: str
    kind: PointKind
    text: SaidOut
    ask: SaidOut
    details: list[SaidOut]


class GuideOut(Out):
    """The guide as it was frozen: core questions first, the same for everybody of one programme."""

    questions: list[GuideQuestionOut]
    points: list[GuidePointOut]
    opening: list[SaidOut]
    closing: list[SaidOut]
    never: list[SaidOut]
    minutes: int
    policy_edition: str
    instrument_editions: list[str]
    not_a_decision: SaidOut
    is_decision: Literal[False]


class RaterOut(Out):
    """Who notes an interview, and whether they have sent their notes."""

    staff_id: UUID | None
    name: str
    is_submitted: bool


class NoteOut(Out):
    """What one person noted."""

    staff_id: UUID | None
    name: str
    ratings: dict[str, int | None]
    notes: dict[str, str]
    saved_at: datetime
    submitted_at: datetime | None
    version: int


class DifferenceOut(Out):
    """One question as two people rated it."""

    question: str
    first: int | None
    second: int | None
    apart: int | None


class ComparisonOut(Out):
    """Two readings side by side; nothing is averaged, and nothing follows from it by itself."""

    both: int
    exact: int
    adjacent: int
    further: int
    differences: list[DifferenceOut]


class InterviewOut(Out):
    """One interview as the caller may see it. `revealed` is empty until two people have sent, or it is closed.

    `version` is that of the interview, for closing it; a note has its own, in the ETag.
    """

    id: UUID
    application_id: UUID
    candidate_id: UUID
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    version: int
    guide: GuideOut
    raters: list[RaterOut]
    own: NoteOut | None
    revealed: list[NoteOut]
    comparison: ComparisonOut | None
    is_decision: Literal[False] = False


class InterviewLineOut(Out):
    """One line of the list."""

    id: UUID
    application_id: UUID
    opened_at: datetime
    closed_at: datetime | None
    raters: list[RaterOut]


class InterviewLinesOut(Out):
    """The interviews of one application, newest first."""

    items: list[InterviewLineOut]


class NoteIn(In):
    """What to keep; questions and points left out stay as they are, null takes a rating back."""

    ratings: Annotated[dict[Name, Rating | None], Field(max_length=50)] = {}
    notes: Annotated[dict[Name, Text], Field(max_length=200)] = {}


class InterviewFigureOut(Out):
    """A statistic with its interval and its number of cases; `lack` says why there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    lack: str | None


class InterviewAgreementOut(Out):
    """How far two raters agree over the core questions of a programme's interviews."""

    programme_id: UUID
    interviews: int
    ratings: int
    exact: int
    adjacent: int
    icc: InterviewFigureOut
    alpha: InterviewFigureOut


class Interviews(Controller):
    """Interviews."""

    tags = ["Interviews"]

    @post(
        "/applications/{application_id:str}/interviews",
        operation_id="interviews.open",
        responses=problems(401, 404, 409, 422),
    )
    async def open(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[InterviewOut]:
        """Make the guide of an application's interview and freeze it."""

        async def act() -> InterviewOut:
            found = await interviews.open_interview(
                session, actor, id_of(application_id), editions=editions, now=now
            )
            return interview_out(found)

        return await once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, location=lambda out: f"/api/v1/interviews/{out.id}"
        )

    @get(
        "/applications/{application_id:str}/interviews",
        operation_id="interviews.list",
        responses=problems(401, 404),
    )
    async def list_interviews(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> InterviewLinesOut:
        """List the interviews of one application, newest first; no notes."""
        row = await application_row(session, actor, id_of(application_id))
        lines = await store.lines_of(session, actor, application_id=row.id)
        return InterviewLinesOut(items=[_line_out(one) for one in lines])

    @get(
        "/interviews/{interview_id:str}",
        operation_id="interviews.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[InterviewOut]:
        """Read the guide, one's own notes, and the other's once both were sent. The ETag is that of one's own notes."""
        found = await interviews.read_interview(session, actor, id_of(interview_id), now=now)
        return Response(interview_out(found), headers={"ETag": etag_of(own_version(found))})

    @put(
        "/interviews/{interview_id:str}/notes",
        operation_id="interviews.note",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def note(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        data: JSONBody[NoteIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[NoteOut]:
        """Keep one's own ratings and notes as they are written."""
        found = await interviews.save_note(
            session, actor, id_of(interview_id), ratings=data.ratings, notes=data.notes, now=now,
            check_version=lambda version: check_version(request, version),
        )  # fmt: skip
        return Response(note_out(found), headers={"ETag": etag_of(found.version)})

    @post(
        "/interviews/{interview_id:str}/notes/submission",
        operation_id="interviews.submit",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def submit(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[NoteOut]:
        """Send one's own notes; they do not change afterwards."""
        found = await interviews.submit_note(
            session, actor, id_of(interview_id), now=now,
            check_version=lambda version: check_version(request, version),
        )  # fmt: skip
        return Response(note_out(found), headers={"ETag": etag_of(found.version)})

    @post(
        "/interviews/{interview_id:str}/closure",
        operation_id="interviews.close",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def close(
        self,
        request: Request[Any, Any, Any],
        interview_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> InterviewOut:
        """Close an interview that was noted; If-Match names the interview's own version. It decides nothing."""
        found = await interviews.close_interview(
            session, actor, id_of(interview_id), editions=editions, now=now,
            check_version=lambda version: check_version(request, version),
        )  # fmt: skip
        return interview_out(found)

    @get(
        "/programmes/{programme_id:str}/interview-agreement",
        operation_id="interviews.agreement",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def agreement(
        self,
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> InterviewAgreementOut:
        """Read how far two raters agree over a programme's interviews: ICC(1,1) and Krippendorff's ordinal alpha."""
        key = id_of(programme_id)
        return agreement_out(key, await interviews.agreement_of(session, actor, key, now=now))


def own_version(found: InterviewFile) -> int:
    """The version of the reader's own note, 0 where nothing is kept yet."""
    return found.own.version if found.own else 0


def interview_out(found: InterviewFile) -> InterviewOut:
    one, comparison = found.interview, interviews.comparison_of(found)
    return InterviewOut(
        id=one.id,
        application_id=one.application_id,
        candidate_id=one.candidate_id,
        opened_by=one.opened_by,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        version=one.version,
        guide=_guide_out(one.guide),
        raters=[RaterOut.model_validate(rater.model_dump()) for rater in found.raters],
        own=note_out(found.own) if found.own else None,
        revealed=[note_out(note) for note in found.revealed],
        comparison=ComparisonOut(
            both=comparison.both,
            exact=comparison.exact,
            adjacent=comparison.adjacent,
            further=comparison.further,
            differences=[
                DifferenceOut(question=each.question, first=each.first, second=each.second, apart=each.apart)
                for each in comparison.differences
            ],
        )
        if comparison
        else None,
    )


def _guide_out(guide: Guide) -> GuideOut:
    return GuideOut.model_validate(guide.model_dump(mode="json"))


def note_out(note: NoteFacts) -> NoteOut:
    return NoteOut.model_validate(note.model_dump(exclude={"id"}))


def _line_out(line: InterviewLine) -> InterviewLineOut:
    return InterviewLineOut.model_validate(line.model_dump(exclude={"shown_name", "programme_title"}))


def agreement_out(programme_id: UUID, found: AgreementFacts) -> InterviewAgreementOut:
    figures = {
        name: InterviewFigureOut(
            value=one.value, low=one.low, high=one.high, n=one.n, lack=one.lack.value if one.lack else None
        )
        for name, one in (("icc", found.intraclass), ("alpha", found.alpha))
    }
    return InterviewAgreementOut(
        programme_id=programme_id,
        interviews=found.interviews,
        ratings=found.ratings,
        exact=found.exact,
        adjacent=found.adjacent,
        **figures,
    )
