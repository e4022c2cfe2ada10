"""Applications for recruiters: where everybody stands, one application whole, steps and decisions."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import applications, blind
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import DECIDED_STAGES, FINAL_STAGES, DecisionOutcome, Role, Stage
from service.store import audit
from service.store.papers import offers as offers_store
from service.store.papers import papers as papers_store
from service.store.recruiting import applications as store
from service.store.recruiting import interviews as interviews_store
from service.store.recruiting import programmes as programmes_store
from service.store.recruiting.applications import ApplicationSort
from service.web.matching.matching import STAGES
from service.web.pages import redirect, render
from service.web.papers.papers_views import paper_view
from service.web.translations import Translator, french, locale_of

PAGE = 50
OUTCOMES = (
    (DecisionOutcome.NOT_RETAIN.value, french("Ne pas retenir pour ce programme")),
    (DecisionOutcome.HIRE.value, french("Embaucher (l'offre est acceptée)")),
)
REFUSALS = {
    "offer-not-accepted": french(
        "L'embauche suit une offre acceptée. Faites l'offre, puis attendez la réponse."
    ),
    "application-closed": french("Cette candidature est déjà close."),
}
SHORT_REASON = french("Écrivez la raison en au moins 20 caractères. La personne peut demander à la lire.")


class ApplicationPages(Controller):
    """Applications and decisions."""

    include_in_schema = False
    path = "/applications"

    @get(operation_id="web.applications.list")
    async def board(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        programme: Annotated[str, QueryParameter(max_length=100)] = "",
        stage: Annotated[str, QueryParameter(max_length=30)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """How many stand at each stage, and who stands at the chosen one, the best score first."""
        chosen = Stage(stage) if stage in {known.value for known in Stage} else Stage.APPLIED
        programme_id, secret = parse_id(programme), request.app.state.secret
        page = await store.page_of(
            session, actor, limit=PAGE, stage=chosen, programme_id=programme_id, sort=ApplicationSort.MATCH_DOWN,
            after=read_cursor(secret, cursor, of="applications") if cursor else None,
        )  # fmt: skip
        counts = await store.counts_by_stage(session, actor, programme_id=programme_id)
        translate = Translator(locale_of(request))
        kept = f"&programme={programme_id}" if programme_id else ""
        here = f"/applications?stage={chosen.value}{kept}"
        return render(
            request, "recruiter/applications.html", title="Candidatures", programme=programme,
            lines=tuple(blind.line_of(actor, line) for line in page.lines),
            stage=chosen.value,
            stages=[
                (known.value, translate(STAGES[known]), counts[known], f"/applications?stage={known.value}{kept}")
                for known in Stage
            ],
            programmes=[
                (str(one.id), one.title) for one in await programmes_store.facts_of_many(session, actor)
            ],
            next_href=f"{here}&cursor={write_cursor(secret, page.after, of='applications')}" if page.after else "",
            first_href=here if cursor else "",
        )  # fmt: skip

    @get("/{application_id:str}", operation_id="web.applications.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """One application with its history, and what can be done."""
        line = await store.line_of(session, actor, application_id)
        audit.record(session, actor, action="application.read", subject=("application", line.id), now=now)
        return await _page(request, session, actor, line, typed={}, errors={})

    @post("/{application_id:str}/stage", operation_id="web.applications.move", status_code=200)
    async def move(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Take one step."""
        form = await request.form()
        wanted, reason = str(form.get("stage") or ""), _text(form.get("reason"))
        line = await store.line_of(session, actor, application_id)
        if wanted not in {stage.value for stage in _steps(line.stage)}:
            errors = {"stage": french("Choisissez une étape dans la liste.")}
            return await _page(
                request, session, actor, line, typed={"step_reason": reason}, errors=errors, status=422
            )
        try:
            await applications.move_application(
                session, actor, line.id, stage=Stage(wanted), reason=reason, now=now
            )
        except RuleBroken:
            errors = {"step_reason": french("Dites comment la personne a retiré sa candidature.")}
            typed = {"stage": wanted, "step_reason": reason}
            return await _page(request, session, actor, line, typed=typed, errors=errors, status=422)
        return redirect(f"/applications/{line.id}", flash="L'étape est enregistrée.")

    @post("/{application_id:str}/decisions", operation_id="web.decisions.create", status_code=200)
    async def decide(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Confirm a decision as a person; pressed twice, it is recorded once because the application is then closed."""
        form = await request.form()
        outcome, reason = str(form.get("outcome") or ""), _text(form.get("reason"))
        line = await store.line_of(session, actor, application_id)
        errors: dict[str, str] = {}
        if outcome not in {value for value, _ in OUTCOMES}:
            errors["outcome"] = french("Choisissez votre décision.")
        if len(reason) < applications.MIN_REASON:
            errors["reason"] = SHORT_REASON
        if not errors:
            try:
                await applications.decide(
                    session, actor, line.id, outcome=DecisionOutcome(outcome), reason=reason, now=now
                )
            except (RuleBroken, Conflict) as refusal:
                errors["outcome"] = REFUSALS.get(refusal.code) or refusal.said(Translator(locale_of(request)))
            else:
                return redirect(f"/applications/{line.id}", flash="Votre décision est enregistrée.")
        typed = {"outcome": outcome, "reason": reason}
        return await _page(request, session, actor, line, typed=typed, errors=errors, status=422)

    @post("/{application_id:str}/withdrawal", operation_id="web.applications.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """The candidate takes the own application back."""
        form = await request.form()
        try:
            await applications.withdraw(
                session, actor, application_id, reason=_text(form.get("reason")), now=now
            )
        except Conflict:
            return redirect("/me", flash="Cette candidature est déjà close.", tone="info")
        return redirect("/me", flash="Votre candidature est retirée.")


def _text(value: Any) -> str:
    return str(value or "").replace("\x00", "").strip()[:2000]


def _steps(stage: Stage) -> list[Stage]:
    """Where an application can go from here by a step; decisions are no steps."""
    if stage in FINAL_STAGES:
        return []
    return [other for other in Stage if other is not stage and other not in DECIDED_STAGES]


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    line: store.ApplicationLine,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    is_accepted = await offers_store.accepted_for(session, line.id) is not None
    veil, line = await blind.veil_over(session, actor, line.candidate_id), blind.line_of(actor, line)
    may_see_interviews = matrix()["web.interviews.show"].allows(actor)
    may_see_papers = matrix()["web.papers.list"].allows(actor) and not actor.is_blind
    issued = await papers_store.of_application(session, actor, line.id) if may_see_papers else ()
    held = (
        await interviews_store.lines_of(session, actor, application_id=line.id) if may_see_interviews else ()
    )
    return render(
        request, "recruiter/application.html", title=line.shown_name, status=status, line=line, veil=veil,
        history=await store.history_of(session, line.id), decisions=await store.decisions_of(session, line.id),
        stage_words={stage: translate(words) for stage, words in STAGES.items()},
        steps=[(stage.value, translate(STAGES[stage])) for stage in _steps(line.stage)],
        outcomes=[
            (value, translate(words)) for value, words in OUTCOMES
            if is_accepted or value != DecisionOutcome.HIRE.value
        ],
        is_accepted=is_accepted, open_offer_id=await offers_store.open_offer_of(session, line.id), typed=typed,
        errors={name: translate(words) for name, words in errors.items()},
        may_recruit=actor.role is Role.RECRUITER, is_closed=line.stage in FINAL_STAGES, interviews=held,
        may_see_papers=may_see_papers, issued=tuple(paper_view(one, locale_of(request)) for one in issued),
        may_see_interviews=may_see_interviews, has_open_interview=any(one.closed_at is None for one in held),
    )  # fmt: skip
