"""The trainers' pages of proof: what shows each training, papers to issue, badges, all of it for an auditor."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from documents.kinds import KINDS
from service.flows.papers.papers_facts import Draft, Known, paper_of
from service.flows.proof import badges as badge_flow
from service.flows.proof import training_files as flow
from service.flows.proof import training_papers, training_sheets
from service.flows.proof.training_files import Proof
from service.flows.writing.drawing import draw
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import HomeshoreError, NotFound, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.runtime.vocabulary import Role
from service.store.learning import assignments
from service.store.proof import badges
from service.store.proof import training_files as store
from service.web.pages import redirect, render
from service.web.papers.papers import fields_for
from service.web.papers.papers_forms import PaperForm, form_of, read_form
from service.web.papers.papers_views import stops_of
from service.web.papers.papers_words import GROUPS
from service.web.proof.training_files_views import STANDINGS, proof_view
from service.web.translations import Translator, french, locale_of

BASE = "/training/files"
ROWS, MANY_COHORTS = 25, 100
WHEN = {kind: when for _, kinds in GROUPS for kind, when in kinds}


class TrainingFilePages(Controller):
    """Proofs of training."""

    include_in_schema = False

    @get(f"{BASE}/{{assignment_id:str}}", operation_id="web.training_files.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """What is kept of one training, what was issued, what can be."""
        return await _show(request, session, actor, assignment_id, library, settings, now)

    @get(
        f"{BASE}/{{assignment_id:str}}/content",
        operation_id="web.training_files.content",
        opt={"audited": True},
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
        plan = await training_papers.read_file(session, actor, assignment_id, editions=library, now=now)
        drawn = await draw(plan, processes=settings.pdf_processes)
        return attachment(drawn, file_name=plan.file_name, media_type="application/pdf")

    @post(f"{BASE}/{{assignment_id:str}}", operation_id="web.training_files.issue_file", status_code=200)
    async def issue_file(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Redirect | Template:
        """Issue the file at a distance under its number."""
        try:
            made = await training_papers.issue(
                session, actor, assignment_id, training_papers.FILE.value, {}, editions=library, vault=vault,
                now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            return await _show(
                request, session, actor, assignment_id, library, settings, now, refusal=refusal
            )
        return redirect(
            f"{BASE}/{made.assignment_id}", flash=french("Le dossier est établi ; son fichier se prépare.")
        )

    @get(
        f"{BASE}/{{assignment_id:str}}/papers/{{kind:str}}",
        operation_id="web.training_files.paper_form",
        opt={"audited": True},
    )
    async def paper_form(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        kind: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Template:
        """The form of one kind, with what the traces already say."""
        fields = fields_for(paper_of(kind), request, editions=library, now=now)
        proof, known, draft = await training_papers.check(
            session, actor, assignment_id, kind, {}, editions=library, vault=vault, now=now
        )
        said = getattr(draft.facts, "details", None)
        form = form_of(fields, said.model_dump(mode="json") if said is not None else draft.details)
        elsewhere = tuple(one for one in draft.faults if not one.pointer.startswith("/details/"))
        return _form_page(request, proof, known, draft, form, elsewhere=elsewhere)

    @post(
        f"{BASE}/{{assignment_id:str}}/papers/{{kind:str}}",
        operation_id="web.training_files.issue",
        status_code=200,
    )
    async def issue(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        kind: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Issue what was typed; the same form sent twice leads to the same paper."""
        posted = await request.form()
        form, details = read_form(fields_for(paper_of(kind), request, editions=library, now=now), posted)
        proof, known, draft = await training_papers.check(
            session, actor, assignment_id, kind, details, editions=library, vault=vault, now=now
        )
        if posted.get("step") == "more":
            form.errors, form.extra_rows = {}, form.extra_rows + 3
            return _form_page(request, proof, known, draft, form)
        faults = draft.faults
        if not form.errors:
            try:
                await training_papers.issue(
                    session, actor, assignment_id, kind, details, editions=library, vault=vault, now=now
                )
                return redirect(
                    f"{BASE}/{proof.facts.id}",
                    flash=french("Le document est établi ; son fichier se prépare."),
                )
            except RuleBroken as refusal:
                faults = refusal.faults
        left = form.refuse(faults, Translator(locale_of(request)))
        return _form_page(request, proof, known, draft, form, elsewhere=left, status=422)

    @post(f"{BASE}/{{assignment_id:str}}/badge", operation_id="web.training_files.award", status_code=200)
    async def award(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Redirect | Template:
        try:
            made = await badge_flow.award(
                session, actor, assignment_id, editions=library, settings=settings, vault=vault, now=now
            )
        except RuleBroken as refusal:
            return await _show(
                request, session, actor, assignment_id, library, settings, now, refusal=refusal
            )
        return redirect(f"{BASE}/{made.assignment_id}", flash=french("Le badge est donné."))

    @post(
        f"{BASE}/{{assignment_id:str}}/badge/withdrawal",
        operation_id="web.training_files.withdraw",
        status_code=200,
    )
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect | Template:
        facts = await assignments.facts_of(session, actor, assignment_id)
        badge = (await badges.of_assignments(session, actor, [facts.id])).get(facts.id)
        if badge is None:
            raise NotFound
        try:
            await badge_flow.withdraw(session, actor, badge.id, reason=data.get("reason", ""), now=now)
        except RuleBroken as refusal:
            return await _show(
                request, session, actor, assignment_id, library, settings, now,
                refusal=refusal, reason=data.get("reason", ""),
            )  # fmt: skip
        return redirect(
            f"{BASE}/{facts.id}", flash=french("Le badge est retiré. Qui le vérifie lit pourquoi.")
        )

    @get(
        "/classes/{class_id:str}/attendance-sheet",
        operation_id="web.attendance_sheets.content",
        opt={"audited": True},
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
        _, plan = await training_sheets.plan_sheet(session, actor, class_id, editions=library, now=now)
        drawn = await draw(plan, processes=settings.pdf_processes)
        return attachment(drawn, file_name=plan.file_name, media_type="application/pdf")


async def _show(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    assignment_id: str,
    library: Editions,
    settings: Settings,
    now: datetime,
    *,
    refusal: HomeshoreError | None = None,
    reason: str = "",
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    proof = await flow.gather(session, actor, assignment_id, editions=library, now=now)
    issued = (await store.papers_of(session, actor, [proof.facts.id])).get(proof.facts.id, [])
    badge = (await badges.of_assignments(session, actor, [proof.facts.id])).get(proof.facts.id)
    is_done = proof.progress.is_complete
    kinds = tuple(
        (
            translate(KINDS[kind].title),
            translate(WHEN.get(kind, "")),
            f"{BASE}/{proof.facts.id}/papers/{kind.value}",
        )
        for kind in training_papers.TYPED
        if is_done or kind not in training_papers.ONLY_WHEN_DONE
    )
    said = [one.said(translate) for one in refusal.faults] or [refusal.said(translate)] if refusal else []
    return render(
        request,
        "trainer/training_file.html",
        title="Preuves d'une formation",
        status=422 if refusal else 200,
        proof=proof_view(proof, issued, badge, locale=locale, settings=settings),
        standing_words={name: translate(words) for name, words in STANDINGS.items()},
        kinds=kinds if actor.role is Role.TRAINER else (),
        may_issue=actor.role is Role.TRAINER,
        refused=said,
        reason=reason,
        here=f"{BASE}/{proof.facts.id}",
        learner_href=f"/training/assignments/{proof.facts.id}",
        export_href=f"{BASE}/export?training={proof.facts.id}",
    )


def _form_page(
    request: Request[Any, Any, Any],
    proof: Proof,
    known: Known,
    draft: Draft,
    form: PaperForm,
    *,
    elsewhere: tuple[Any, ...] = (),
    status: int = 200,
) -> Template:
    translate, kind = Translator(locale_of(request)), draft.paper.kind
    return render(
        request,
        "recruiter/papers/form.html",
        title="Établir un document",
        status=status,
        kind_title=translate(KINDS[kind].title),
        person_name=proof.facts.person,
        papers_href=f"{BASE}/{proof.facts.id}",
        action=f"{BASE}/{proof.facts.id}/papers/{kind.value}",
        form=form,
        errors={name: translate(words) for name, words in form.errors.items()},
        stops=stops_of(elsewhere, known, translate),
        doubts=(),
        is_refused=status == 422,
        needs_number=False,
        social_number=False,
    )
