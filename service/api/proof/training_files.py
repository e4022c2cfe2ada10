"""Proofs of training in the API: one learner's file, its papers, attendance sheets, and all of it for an auditor."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out
from service.api.papers.papers_models import (
    MOST_DETAILS,
    KindName,
    PaperCheckOut,
    PaperOut,
    check_out,
    paper_out,
)
from service.api.responses import problems
from service.flows.proof import training_details, training_files, training_papers, training_sheets
from service.flows.writing.drawing import draw
from service.http import idempotency
from service.http.downloads import attachment
from service.http.proof_downloads import ZIP, archive_of
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.store import reach
from service.store.proof import badges
from service.store.proof import training_files as store
from service.store.proof.training_files import WantedProof

PDF = "application/pdf"


class TrainingPaperIn(In):
    """One paper of a training to issue; what `details` leave out is what the traces say."""

    kind: KindName
    details: Annotated[dict[str, JsonValue], Field(max_length=MOST_DETAILS)] = {}


class TrainingFileOut(Out):
    """What is kept of one training, as the file at a distance says it (`details`), and what was issued about it."""

    training: UUID
    candidate_id: UUID
    person: str
    path: str
    edition: str
    is_complete: bool
    percent: int
    mean_minutes: int
    realised_minutes: int
    measured_minutes: int | None
    details: dict[str, Any]
    papers: list[PaperOut]
    badge_id: UUID | None


class TrainingFiles(Controller):
    """One training's proofs."""

    path = "/training/files/{assignment_id:str}"
    tags = ["Training proofs"]

    @get(operation_id="training_files.read", responses=problems(401, 404, 410), opt={"audited": True})
    async def read(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TrainingFileOut:
        """Read the traces of one training: activities with mean and real time, assistance, assessments, half-days."""
        proof = await training_files.gather(session, actor, assignment_id, editions=library, now=now)
        issued = (await store.papers_of(session, actor, [proof.facts.id])).get(proof.facts.id, [])
        badge = (await badges.of_assignments(session, actor, [proof.facts.id])).get(proof.facts.id)
        return TrainingFileOut(
            training=proof.facts.id,
            candidate_id=proof.facts.candidate_id,
            person=proof.facts.person,
            path=proof.facts.path,
            edition=proof.facts.edition,
            is_complete=proof.progress.is_complete,
            percent=proof.progress.percent,
            mean_minutes=proof.path.minutes,
            realised_minutes=proof.realised_minutes,
            measured_minutes=proof.measured_minutes,
            details=training_details.file_details(proof),
            papers=[paper_out(one) for one in issued],
            badge_id=badge.id if badge else None,
        )

    @get(
        "/content",
        operation_id="training_files.content",
        responses=problems(401, 404, 410, 422, 503),
        opt={"audited": True},
        media_type=PDF,
    )
    async def content(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download the file at a distance as the traces say it now, without a number."""
        plan = await training_papers.read_file(session, actor, assignment_id, editions=library, now=now)
        drawn = await draw(plan, processes=settings.pdf_processes)
        return attachment(drawn, file_name=plan.file_name, media_type=PDF)

    @post(
        "/papers/check",
        operation_id="training_files.check",
        status_code=200,
        responses=problems(401, 404, 410, 422),
    )
    async def check(
        self,
        assignment_id: FromPath[str],
        data: JSONBody[TrainingPaperIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> PaperCheckOut:
        """Say what a paper of this training would still need; no number is taken."""
        _, _, draft = await training_papers.check(
            session, actor, assignment_id, data.kind, data.details, editions=library, vault=vault, now=now
        )
        return check_out(draft)

    @post("/papers", operation_id="training_files.issue", responses=problems(401, 404, 409, 410, 422))
    async def issue(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        data: JSONBody[TrainingPaperIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Response[PaperOut]:
        """Issue a paper of this training under its number. Send an Idempotency-Key."""

        async def act() -> PaperOut:
            return paper_out(
                await training_papers.issue(
                    session,
                    actor,
                    assignment_id,
                    data.kind,
                    data.details,
                    editions=library,
                    vault=vault,
                    now=now,
                )
            )

        return await idempotency.once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, location=lambda out: f"/api/v1/papers/{out.id}"
        )


class TrainingProofs(Controller):
    """Proofs of many at once, and of one class."""

    tags = ["Training proofs"]

    @get(
        "/training/proofs",
        operation_id="training_proofs.export",
        responses=problems(401, 404, 422),
        media_type=ZIP,
    )
    async def export(
        self,
        state: State,
        actor: NamedDependency[Actor],
        library_apart: NamedDependency[Editions],
        files: NamedDependency[FileStore],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        candidate_id: FromQuery[str] = "",
        cohort_id: FromQuery[str] = "",
        path: FromQuery[str] = "",
        first_day: FromQuery[date | None] = None,
        last_day: FromQuery[date | None] = None,
    ) -> Stream:
        """Download everything that proves these trainings: papers, sheets, events, badges, trail, manifest (ZIP)."""
        wanted = WantedProof(
            candidate_id=reach.id_of(candidate_id) if candidate_id else None,
            cohort_id=reach.id_of(cohort_id) if cohort_id else None,
            path=path[:80] or None,
            first_day=first_day,
            last_day=last_day,
        )
        return await archive_of(
            state.database, actor, wanted, editions=library_apart, files=files, settings=settings, now=now
        )

    @get(
        "/classes/{class_id:str}/attendance-sheet",
        operation_id="attendance_sheets.content",
        responses=problems(401, 404, 422, 503),
        opt={"audited": True},
        media_type=PDF,
    )
    async def sheet(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download the attendance sheet of a class as it stands now: each half-day, who was there, who signed."""
        _, plan = await training_sheets.plan_sheet(session, actor, class_id, editions=library, now=now)
        drawn = await draw(plan, processes=settings.pdf_processes)
        return attachment(drawn, file_name=plan.file_name, media_type=PDF)
