"""Pages of papers: what was issued about a person, which paper to issue, its form, how far it is, its file."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from documents.kinds import KINDS, DocumentKind
from documents.papers.paper import Paper
from service.flows.papers import declarations, papers
from service.flows.papers.papers import GivenConfirmation, Wish
from service.flows.papers.papers_facts import SEALED_KINDS, SEALED_MEMBER, Draft, Known, details_of, paper_of
from service.flows.papers.social_numbers import shown_of
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.files import FileStore
from service.runtime.vault import Vault
from service.runtime.vocabulary import PaperState, Role
from service.store.papers import deadlines as deadline_store
from service.store.papers import papers as store
from service.web.pages import redirect, render
from service.web.papers.papers_forms import FieldView, PaperForm, fields_of, form_of, read_form
from service.web.papers.papers_views import deadline_view, groups_of, paper_view, stops_of
from service.web.translations import Translator, locale_of

MOST_TYPED = 200


class PaperPages(Controller):
    """Papers about one person."""

    include_in_schema = False

    @get("/applications/{application_id:str}/papers", operation_id="web.papers.list", opt={"audited": True})
    async def list_papers(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        known, found = await papers.papers_of_application(session, actor, application_id, now=now)
        locale, today = locale_of(request), civil_date(now)
        dates = await deadline_store.of_application(session, actor, known.application.id)
        return render(
            request,
            "recruiter/papers/list.html",
            title="Documents",
            person_name=known.hiring.person_name,
            programme_title=known.hiring.programme_title,
            application_href=f"/applications/{known.application.id}",
            offer_href=f"/offers/{known.offer.id}" if known.offer else "",
            papers=tuple(paper_view(one, locale) for one in found),
            deadlines=tuple(deadline_view(one, locale, today=today) for one in dates),
            groups=groups_of(known.application.id, Translator(locale))
            if actor.role is Role.RECRUITER
            else (),
            social_number=await shown_of(session, known.application.candidate_id),
        )

    @get(
        "/applications/{application_id:str}/papers/new/{kind:str}",
        operation_id="web.papers.new",
        opt={"audited": True},
    )
    async def new(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        kind: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Template:
        """The form of one kind, with what the hiring already says and what is missing elsewhere."""
        paper = paper_of(kind)
        fields = fields_for(paper, request, editions=editions, now=now)
        known, draft = await papers.check(
            session, actor, application_id, Wish(kind, {}), law=editions.law, vault=vault, now=now
        )
        said = getattr(draft.facts, "details", None)
        form = form_of(fields, said.model_dump(mode="json") if said is not None else draft.details)
        elsewhere = tuple(one for one in draft.faults if not one.pointer.startswith("/details/"))
        return _page(request, known, draft, form, elsewhere=elsewhere)

    @post(
        "/applications/{application_id:str}/papers/new/{kind:str}",
        operation_id="web.papers.issue",
        status_code=200,
    )
    async def issue(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        kind: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Issue what was typed; the same form sent twice leads to the same paper."""
        paper = paper_of(kind)
        posted = await request.form()
        fields = fields_for(paper, request, editions=editions, now=now)
        form, details = read_form(fields, posted)
        wish = Wish(kind, details)
        known, draft = await papers.check(
            session, actor, application_id, wish, law=editions.law, vault=vault, now=now
        )
        if posted.get("step") == "more":
            form.errors, form.extra_rows = {}, form.extra_rows + 3
            return _page(request, known, draft, form)
        confirmed = _confirmations(draft, form)
        if not form.errors:
            try:
                made = await papers.issue(
                    session, actor, application_id, Wish(kind, details, confirmed), law=editions.law,
                    vault=vault, now=now,
                )  # fmt: skip
                return redirect(f"/papers/{made.id}")
            except RuleBroken as refusal:
                faults = refusal.faults
        else:
            faults = draft.faults
        left = form.refuse(faults, Translator(locale_of(request)))
        return _page(request, known, draft, form, elsewhere=left, status=422)

    @get("/papers/{paper_id:str}", operation_id="web.papers.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        paper = await papers.read(session, actor, paper_id, now=now)
        locale, today = locale_of(request), civil_date(now)
        dates = await deadline_store.of_application(session, actor, paper.application_id)
        return render(
            request,
            "recruiter/papers/show.html",
            title="Document",
            paper=paper_view(paper, locale),
            person_name=paper.person_name,
            papers_href=f"/applications/{paper.application_id}/papers",
            deadlines=tuple(
                deadline_view(one, locale, today=today) for one in dates if one.paper_id == paper.id
            ),
            may_draw_again=actor.role is Role.RECRUITER,
            declaration_href=f"/papers/{paper.id}/declaration"
            if paper.kind == DocumentKind.DPAE_SHEET and actor.role is Role.RECRUITER
            else "",
        )

    @get("/papers/{paper_id:str}/progress", operation_id="web.papers.progress")
    async def progress(
        self, paper_id: FromPath[str], session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> Response[None]:
        """Nothing while the paper is being drawn; then the word to load the page again."""
        paper = await store.facts_of(session, actor, paper_id)
        headers = {} if paper.state is PaperState.REQUESTED else {"HX-Refresh": "true"}
        return Response(None, status_code=204, headers=headers)

    @post("/papers/{paper_id:str}/drawing", operation_id="web.papers.draw_again", status_code=200)
    async def draw_again(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        paper = await store.facts_of(session, actor, paper_id)
        if paper.state is PaperState.FAILED:  # a second press of the same button finds it under way
            await papers.draw_again(session, actor, paper_id, now=now)
        return redirect(f"/papers/{paper.id}")

    @get("/papers/{paper_id:str}/content", operation_id="web.papers.content", opt={"audited": True})
    async def content(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        paper, content = await papers.read_content(
            session, actor, paper_id, files=files, vault=vault, now=now
        )
        return attachment(content, file_name=paper.file_name, media_type="application/pdf")

    @get("/papers/{paper_id:str}/declaration", operation_id="web.papers.declaration", opt={"audited": True})
    async def declaration(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        name, content = await declarations.file_of(
            session, actor, paper_id, is_trial_run=False, law=editions.law, vault=vault, now=now
        )
        return attachment(content, file_name=name, media_type="application/xml")


def fields_for(
    paper: Paper[Any], request: Request[Any, Any, Any], *, editions: Editions, now: datetime
) -> tuple[FieldView, ...]:
    """The fields of one kind, in the page's language."""
    translate = Translator(locale_of(request))
    mentions = editions.law.mentions_on(paper.kind, civil_date(now))
    but = SEALED_MEMBER if paper.kind in SEALED_KINDS else ""
    return tuple(_said(one, translate) for one in fields_of(details_of(paper), mentions, but=but))


def _said(one: FieldView, translate: Translator) -> FieldView:
    return replace(
        one,
        label=translate(one.label),
        help=translate(one.help) if one.help else "",
        options=tuple((value, translate(words)) for value, words in one.options),
        columns=tuple(_said(column, translate) for column in one.columns),
    )


def _confirmations(draft: Draft, form: PaperForm) -> tuple[GivenConfirmation, ...]:
    """The figures that the issuer ticked, each at the amount that was shown."""
    return tuple(
        GivenConfirmation(
            doubt.figure, doubt.amount_cents, " ".join(form.value(f"read-{number}").split())[:MOST_TYPED]
        )
        for number, doubt in enumerate(draft.unconfirmed)
        if form.value(f"confirm-{number}") == f"{doubt.figure} {doubt.amount_cents}"
    )


def _page(
    request: Request[Any, Any, Any],
    known: Known,
    draft: Draft,
    form: PaperForm,
    *,
    elsewhere: tuple[Any, ...] = (),
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    kind, application_id = draft.paper.kind, known.application.id
    others = tuple(one for one in elsewhere if one.code != "unconfirmed" or not draft.unconfirmed)
    return render(
        request,
        "recruiter/papers/form.html",
        title="Établir un document",
        status=status,
        kind_title=translate(KINDS[kind].title),
        person_name=known.hiring.person_name,
        papers_href=f"/applications/{application_id}/papers",
        action=f"/applications/{application_id}/papers/new/{kind.value}",
        form=form,
        errors={name: translate(words) for name, words in form.errors.items()},
        stops=stops_of(others, known, translate),
        doubts=draft.unconfirmed,
        is_refused=status == 422,
        needs_number=kind in SEALED_KINDS,
        social_number=bool(getattr(getattr(draft.facts, "details", None), SEALED_MEMBER, None)),
    )
