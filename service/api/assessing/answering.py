"""Questionnaires and a person's own answers to them, for machines."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import Item
from service.api.assessing.assessments import ScorecardOut, scorecard_out
from service.api.models import In, Out, SaidOut
from service.api.responses import problems
from service.flows.assessing import answering, answering_pages, assessments, time_limits
from service.flows.assessing.answering import Beginning, Given
from service.flows.assessing.time_limits import MOST_SECONDS
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.assessing import assessments as store
from service.store.assessing.assessments import ResponseFacts

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,47}$")]
ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Words = Annotated[str, StringConstraints(max_length=4000)]
EditionName = Annotated[str, StringConstraints(max_length=40)]
ExtraTime = Literal[0, 33, 50, 100] | None
AnswerIn = StrictBool | StrictInt | Words | Annotated[list[Words], Field(max_length=50)] | None


class NoticeOut(Out):
    """What a person must know before the first question (L1221-8)."""

    measured: SaidOut
    counts: SaidOut
    seen_by: SaidOut
    decides: SaidOut
    rights: SaidOut


class OptionOut(Out):
    """One choice."""

    value: str
    label: SaidOut


class ConditionOut(Out):
    """Asked only when `item` was answered with one of these."""

    item: str
    is_any_of: list[str]


class ItemOut(Out):
    """One question as it is asked; how it counts is told by the scorecard."""

    id: str
    kind: str
    prompt: SaidOut
    help: SaidOut | None
    situation: SaidOut | None
    is_required: bool
    only_if: ConditionOut | None
    options: list[OptionOut]
    known_by: list[HowKnown]
    unit: SaidOut | None = None
    per_unit: int | None = None
    measure: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    accepts: list[str] | None = None
    max_megabytes: int | None = None


class QuestionPageOut(Out):
    """A short page of questions; `minutes` is how long it stays open once begun, null where there is no limit."""

    id: str
    title: SaidOut
    intro: SaidOut | None
    minutes: int | None
    items: list[ItemOut]


class InstrumentOut(Out):
    """One questionnaire in the edition that holds today."""

    slug: str
    edition: str
    dimension: str
    title: SaidOut
    purpose: SaidOut
    minutes: int


class WholeInstrumentOut(InstrumentOut):
    """The questionnaire with its notice, the points of agreement and every question."""

    notice: NoticeOut
    agreement: list[SaidOut]
    pages: list[QuestionPageOut]


def _only_true(value: object) -> object:
    if value is not True:  # 1 equals True, but nobody says yes with a number
        raise ValueError("is true, once the notice was read")
    return value


class BeginIn(In):
    """Begin a questionnaire. `notice_read` says that the person read its notice before, in `edition` when given.

    `extra_time_percent` lengthens every time limit, no reason asked; null takes the limits away.
    """

    instrument: Slug
    notice_read: Annotated[Literal[True], BeforeValidator(_only_true)]
    locale: Locale = Locale.FR
    extra_time_percent: ExtraTime = 0
    edition: EditionName = ""


class OpeningIn(In):
    """Begin a page that has a time limit, with the time that the person wants."""

    extra_time_percent: ExtraTime = 0


class AnswersIn(In):
    """Answers by item; null empties one, items left out stay as they are.

    `seconds`: how long the person has spent on each page in all. `edition`: the one these answers are for, when the
    caller wants to be sure.
    """

    answers: Annotated[dict[ItemName, AnswerIn], Field(max_length=200)]
    seconds: Annotated[
        dict[ItemName, Annotated[StrictInt, Field(ge=0, le=MOST_SECONDS)]], Field(max_length=50)
    ] = {}
    edition: EditionName = ""


class ProgressOut(Out):
    """How far the answers go; nothing in `required_open` means that they can be submitted."""

    answered: int
    total: int
    required_open: list[str]
    resume_page: str | None


class PageTimeOut(Out):
    """A page with a time limit for this person; it is begun once, and what is open on it afterwards is missing."""

    page: str
    seconds: int | None
    opened_at: datetime | None
    closes_at: datetime | None
    is_closed: bool


class ResponseOut(Out):
    """One person's answers to one questionnaire; send its ETag back to change them.

    `sitting` counts from 1: one more each time that a second person asked for it to be done again.
    `is_current_edition` is false once a newer edition is given to others: these answers go on with theirs.
    """

    id: UUID
    instrument: str
    edition: str
    sitting: int
    locale: Locale
    state: str
    answers: dict[str, bool | int | str | list[str]]
    progress: ProgressOut
    is_current_edition: bool
    extra_time_percent: int | None
    timed_pages: list[PageTimeOut]
    seconds: dict[str, int]
    notice_read_at: datetime | None
    started_at: datetime
    saved_at: datetime
    submitted_at: datetime | None
    version: int


class Instruments(Controller):
    """Questionnaires."""

    path = "/instruments"
    tags = ["Self-assessment"]

    @get(operation_id="instruments.list", responses=problems(401))
    async def list_all(
        self, editions: NamedDependency[Editions], now: NamedDependency[datetime]
    ) -> list[InstrumentOut]:
        """List the questionnaires that a person who begins today is given."""
        return [InstrumentOut(**_head(one)) for one in editions.instruments_on(civil_date(now))]

    @get("/{slug:str}", operation_id="instruments.read", responses=problems(401, 404))
    async def read(
        self,
        slug: FromPath[str],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        edition: Annotated[str, QueryParameter(max_length=40)] = "",
    ) -> WholeInstrumentOut:
        """Read one questionnaire with its notice and every question, in French and in English.

        Without `edition` that of today; an earlier one stays readable for those who began with it.
        """
        return _whole(answering.edition_of(editions, slug, edition, now=now))


class OwnResponses(Controller):
    """A candidate's own answers."""

    path = "/me"
    tags = ["Self-assessment"]

    @get("/responses", operation_id="me.responses.list", responses=problems(401))
    async def list_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> list[ResponseOut]:
        """List one's own answers, questionnaire by questionnaire."""
        return [_response_out(one, editions, now=now) for one in await store.responses_of(session, actor)]

    @post(
        "/responses",
        operation_id="me.responses.begin",
        responses={
            **problems(401, 404, 409),
            200: ResponseSpec(ResponseOut, description="It was begun before.", generate_examples=False),
        },
    )
    async def begin(
        self,
        data: JSONBody[BeginIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ResponseOut]:
        """Begin a questionnaire after its notice was read; beginning again gives the same answers back (200)."""
        how = Beginning(data.locale, data.extra_time_percent, data.edition)
        found, is_new = await answering.begin(
            session, actor, data.instrument, how, editions=editions, now=now
        )
        answer = _answer(found, editions, now=now, status=201 if is_new else 200)
        answer.headers["Location"] = f"/api/v1/me/responses/{found.id}"
        return answer

    @get("/responses/{response_id:str}", operation_id="me.responses.read", responses=problems(401, 404))
    async def read(
        self,
        response_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ResponseOut]:
        """Read one's own answers and how far they go."""
        return _answer(await store.response(session, actor, response_id), editions, now=now)

    @put(
        "/responses/{response_id:str}/answers",
        operation_id="me.responses.save",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def save(
        self,
        request: Request[Any, Any, Any],
        response_id: FromPath[str],
        data: JSONBody[AnswersIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ResponseOut]:
        """Save some answers beside those already there; none is saved when one of them does not fit."""
        row = await store.response_row(session, actor, response_id, to_change=True)
        check_version(request, row.version)
        given = Given(data.answers, data.seconds, data.edition)
        found = await answering.change_answers(session, row, given, editions=editions, now=now)
        return _answer(found, editions, now=now)

    @post(
        "/responses/{response_id:str}/pages/{page_id:str}/opening",
        operation_id="me.responses.open_page",
        responses=problems(401, 404, 409),
        status_code=200,
    )
    async def open_page(
        self,
        response_id: FromPath[str],
        page_id: FromPath[str],
        data: JSONBody[OpeningIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ResponseOut]:
        """Begin a page that has a time limit; a second call changes nothing, and the time runs on."""
        row = await store.response_row(session, actor, response_id, to_change=True)
        found = await answering_pages.open_page(
            session, row, page_id, extra_time_percent=data.extra_time_percent, editions=editions, now=now
        )
        return _answer(found, editions, now=now)

    @post(
        "/responses/{response_id:str}/submission",
        operation_id="me.responses.submit",
        responses=problems(401, 404, 409, 422),
    )
    async def submit(
        self,
        request: Request[Any, Any, Any],
        response_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ScorecardOut]:
        """Submit the answers, once: they freeze and are scored. Send an Idempotency-Key."""

        async def act() -> ScorecardOut:
            row = await store.response_row(session, actor, response_id, to_change=True)
            return scorecard_out(await assessments.submit(session, actor, row, editions=editions, now=now))

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @get("/scorecards", operation_id="me.scorecards.list", responses=problems(401))
    async def scorecards(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> list[ScorecardOut]:
        """List one's own results, newest first."""
        found = await assessments.own_scorecards(session, actor, editions=editions, now=now)
        return [scorecard_out(one) for one in found]


def _answer(
    found: ResponseFacts, editions: Editions, *, now: datetime, status: int = 200
) -> Response[ResponseOut]:
    told = _response_out(found, editions, now=now)
    return Response(told, status_code=status, headers={"ETag": etag_of(found.version)})


def _response_out(found: ResponseFacts, editions: Editions, *, now: datetime) -> ResponseOut:
    instrument = answering.instrument_of(editions, found)
    saved = answering.answers_of(instrument, found.answers)
    progress = time_limits.progress_of(instrument, saved, found, now=now)
    said = found.model_dump(exclude={"candidate_id", "state", "timings", "page_opened", "page_closed"})
    return ResponseOut(
        **said,
        state=found.state.value,
        seconds=found.timings,
        is_current_edition=answering.is_current(editions, found, now=now),
        timed_pages=[
            _page_time(page, found, now=now) for page in instrument.pages if page.minutes is not None
        ],
        progress=ProgressOut.model_validate(progress.model_dump()),
    )


def _page_time(page: Page, found: ResponseFacts, *, now: datetime) -> PageTimeOut:
    return PageTimeOut(
        page=page.id,
        seconds=time_limits.seconds_for(page, found.extra_time_percent),
        opened_at=found.page_opened.get(page.id),
        closes_at=time_limits.closes_at(page, found),
        is_closed=time_limits.is_closed(page, found, now=now),
    )


def _head(instrument: Instrument) -> dict[str, Any]:
    return instrument.model_dump(
        mode="json", include={"slug", "edition", "dimension", "title", "purpose", "minutes"}
    )


def _whole(instrument: Instrument) -> WholeInstrumentOut:
    pages = [
        QuestionPageOut(
            id=page.id,
            title=page.title,
            intro=page.intro,
            minutes=page.minutes,
            items=[_item_out(item) for item in page.items],
        )
        for page in instrument.pages
    ]
    said = instrument.model_dump(mode="json", include={"notice", "agreement"})
    return WholeInstrumentOut(**_head(instrument), **said, pages=pages)


def _item_out(item: Item) -> ItemOut:
    told = item.model_dump(
        mode="json",
        include={
            "id", "kind", "prompt", "help", "situation", "only_if", "unit", "minimum", "maximum", "max_length",
            "known_by", "per_unit", "measure", "accepts", "max_megabytes",
        },
    )  # fmt: skip
    options = [OptionOut(value=one.value, label=one.label) for one in getattr(item, "options", ())]
    return ItemOut(**told, is_required=item.required, options=options)
