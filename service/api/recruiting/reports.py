"""Reports on a person's answers, for machines: the same words and figures as the page and the paper."""

from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from documents.reports import ReportFacts
from service.api.models import Out
from service.api.responses import problems
from service.flows.recruiting import reports
from service.http.languages import speaker
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings


class DrawingOut(Out):
    """A score with its interval, in hundredths of a point, and the sentence that says both."""

    label: str
    hundredths: int
    low_hundredths: int
    high_hundredths: int
    said: str


class QuestionOut(Out):
    """One question that counted."""

    item: str
    prompt: str
    answered: list[str]
    shown: list[str]
    why: str | None
    hundredths: int
    possible_hundredths: int


class CriterionOut(Out):
    """A group of questions: why it matters, its weight in words, its part of the score."""

    label: str
    why: str
    weight: str
    hundredths: int
    possible_hundredths: int
    questions: list[QuestionOut]


class HelpOut(Out):
    """One thing that would close a gap; `detail` says cost, delay and payer where they are known."""

    text: str
    detail: str | None


class ReportGapOut(Out):
    """Something to arrange, and what can help."""

    text: str
    helps: list[HelpOut]


class ResultOut(Out):
    """One questionnaire; declared and demonstrated stay two figures, and contributions sum exactly to the declared."""

    key: str
    title: str
    purpose: str
    band: str
    declared: DrawingOut
    demonstrated: DrawingOut | None
    not_demonstrated: str | None
    sentences: list[str]
    criteria: list[CriterionOut]
    unanswered: list[str]
    gaps: list[ReportGapOut]
    talk: list[str]
    edition: str


class PassageOut(Out):
    """Paragraphs under a heading, then a list."""

    title: str
    paragraphs: list[str]
    items: list[str]


class AssessmentReportOut(Out):
    """What counted, what was missing, what can be done, who decides, how to contest; in one language."""

    language: str
    title: str
    lead: str
    made_on: date
    opening: PassageOut
    results: list[ResultOut]
    passages: list[PassageOut]
    edition: str


class OwnReports(Controller):
    """One's own report."""

    path = "/me"
    tags = ["Self-assessment"]

    @get("/report", operation_id="me.report.read", responses=problems(401))
    async def read(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> AssessmentReportOut:
        """Read one's own report, in French or English as Accept-Language asks (English when it asks for neither)."""
        return _out(
            await reports.own_report(
                session, actor, editions=editions, settings=settings, locale=speaker(request).locale, now=now
            )
        )


class Reports(Controller):
    """The report on one person, for whoever recruits."""

    path = "/candidates"
    tags = ["Screening"]

    @get(
        "/{candidate_id:str}/report",
        operation_id="reports.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssessmentReportOut:
        """Read what each answer brought and what to talk about. The read is noted in the audit trail."""
        return _out(
            await reports.read_sheet(
                session, actor, candidate_id, editions=editions, locale=speaker(request).locale, now=now
            )
        )


def _out(facts: ReportFacts) -> AssessmentReportOut:
    return AssessmentReportOut.model_validate(facts.model_dump(exclude={"words", "person"}))
