"""Questionnaires and a person's own answers to them, for machines."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments import answers as core_answers
from assessments.instruments import Instrument
from assessments.items import Item
from service.api.assessments import ScorecardOut, TextOut, scorecard_out
from service.api.models import In, Out
from service.api.responses import problems
from service.flows import answering, assessments
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store import assessments as store
from service.store.assessments import ResponseFacts

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,47}$")]
ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Words = Annotated[str, StringConstraints(max_length=4000)]
AnswerIn = StrictBool | StrictInt | Words | Annotated[list[Words], Field(max_length=50)] | None


class NoticeOut(Out):
    """What a person must know before the first question (L1221-8)."""

    measured: TextOut
    counts: TextOut
    seen_by: TextOut
    decides: TextOut
    rights: TextOut


class OptionOut(Out):
    """One choice."""

    value: str
    label: TextOut


class ConditionOut(Out):
    """Asked only when `item` was answered with one of these."""

    item: str
    is_any_of: list[str]


class ItemOut(Out):
    """One question as it is asked; how it counts is told by the scorecard."""

    id: str
    kind: str
    prompt: TextOut
    help: TextOut | None
    situation: TextOut | None
    is_required: bool
    only_if: ConditionOut | None
    options: list[OptionOut]
    unit: TextOut | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None


class QuestionPageOut(Out):
    """A short page of questions."""

    id: str
    title: TextOut
    items: list[ItemOut]


class InstrumentOut(Out):
    """One questionnaire in the edition that holds today."""

    slug: str
    edition: str
    dimension: str
    title: TextOut
    purpose: TextOut
    minutes: int


class WholeInstrumentOut(InstrumentOut):
    """The questionnaire with its notice, the points of agreement and every question."""

    notice: NoticeOut
    agreement: list[TextOut]
    pages: list[QuestionPageOut]


def _only_true(value: object) -> object:
    if value is not True:  # 1 equals True, but nobody says yes with a number
        raise ValueError("is true, once the notice was read")
    return value


class BeginIn(In):
    """Begin a questionnaire. `notice_read` says that the person read its notice before."""

    instrument: Slug
    notice_read: Annotated[Literal[True], BeforeValidator(_only_true)]
    locale: Locale = Locale.FR


class AnswersIn(In):
    """Answers by item; null empties one, items left out stay as they are."""

    answers: Annotated[dict[ItemName, AnswerIn], Field(max_length=200)]


class ProgressOut(Out):
    """How far the answers go; nothing in `required_open` means that they can be submitted."""

    answered: int
    total: int
    required_open: list[str]
    resume_page: str | None


class ResponseOut(Out):
    """One person's answers to one questionnaire; send its ETag back to change them."""

    id: UUID
    instrument: str
    edition: str
    locale: Locale
    state: str
    answers: dict[str, bool | int | str | list[str]]
    progress: ProgressOut
    extra_time_percent: int | None
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
        self, slug: FromPath[str], editions: NamedDependency[Editions], now: NamedDependency[datetime]
    ) -> WholeInstrumentOut:
        """Read one questionnaire with its notice and every question, in French and in English."""
        return _whole(answering.instrument_for(editions, slug, now=now))


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
    ) -> list[ResponseOut]:
        """List one's own answers, questionnaire by questionnaire."""
        return [_response_out(one, editions) for one in await store.responses_of(session, actor)]

    @post(
        "/responses",
        operation_id="me.responses.begin",
        responses={
            **problems(401, 404),
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
        found, is_new = await answering.begin(
            session, actor, data.instrument, locale=data.locale, editions=editions, now=now
        )
        answer = _answer(found, editions, status=201 if is_new else 200)
        answer.headers["Location"] = f"/api/v1/me/responses/{found.id}"
        return answer

    @get("/responses/{response_id:str}", operation_id="me.responses.read", responses=problems(401, 404))
    async def read(
        self,
        response_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Response[ResponseOut]:
        """Read one's own answers and how far they go."""
        return _answer(await store.response(session, actor, response_id), editions)

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
        found = await answering.change_answers(session, row, data.answers, editions=editions, now=now)
        return _answer(found, editions)

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
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> list[ScorecardOut]:
        """List one's own results, newest first."""
        return [scorecard_out(one) for one in await store.scorecards_of(session, actor)]


def _answer(found: ResponseFacts, editions: Editions, *, status: int = 200) -> Response[ResponseOut]:
    return Response(
        _response_out(found, editions), status_code=status, headers={"ETag": etag_of(found.version)}
    )


def _response_out(found: ResponseFacts, editions: Editions) -> ResponseOut:
    instrument = answering.instrument_of(editions, found)
    progress = core_answers.progress(instrument, answering.answers_of(instrument, found.answers))
    said = found.model_dump(exclude={"candidate_id", "state", "timings", "page_opened", "page_closed"})
    return ResponseOut(
        **said, state=found.state.value, progress=ProgressOut.model_validate(progress.model_dump())
    )


def _head(instrument: Instrument) -> dict[str, Any]:
    return instrument.model_dump(
        mode="json", include={"slug", "edition", "dimension", "title", "purpose", "minutes"}
    )


def _whole(instrument: Instrument) -> WholeInstrumentOut:
    pages = [
        QuestionPageOut(id=page.id, title=page.title, items=[_item_out(item) for item in page.items])
        for page in instrument.pages
    ]
    said = instrument.model_dump(mode="json", include={"notice", "agreement"})
    return WholeInstrumentOut(**_head(instrument), **said, pages=pages)


def _item_out(item: Item) -> ItemOut:
    told = item.model_dump(
        mode="json",
        include={
            "id", "kind", "prompt", "help", "situation", "only_if", "unit", "minimum", "maximum", "max_length",
        },
    )  # fmt: skip
    options = [OptionOut(value=one.value, label=one.label) for one in getattr(item, "options", ())]
    return ItemOut(**told, is_required=item.required, options=options)
