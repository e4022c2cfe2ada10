"""Contesting in pages: one's own requests and their state; for staff, the queue, the evidence, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import contests, reports
from service.flows.recruiting.contests_rules import ContestRule, called, rule_on
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken, StaleVersion
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import ContestFinding, ContestKind, Locale
from service.store.reach import id_of
from service.store.recruiting.contests import ContestFacts, SubjectFacts
from service.web.figures import Figures
from service.web.matching.ledger import note_about
from service.web.pages import redirect, render
from service.web.sent import shown_version, texts_of
from service.web.translations import Translator, french, locale_of, unbroken

PAGE = 25
OWN = "/me/contests"
STALE = french("Quelqu'un a modifié cette demande entre-temps. Voici où elle en est.")


@dataclass(frozen=True)
class ContestView:
    """One contested result in words."""

    id: UUID
    candidate_id: UUID
    shown_name: str
    subject: str
    words: str
    opened_at: datetime
    due: str
    is_late: bool
    reviewer: str
    is_taken: bool
    finding: str
    answer: str
    answered_at: datetime | None
    version: int


def view_of(one: ContestFacts, editions: Editions, locale: Locale, now: datetime) -> ContestView:
    rule = rule_on(one.opened_at)
    finding = rule.findings[one.finding].in_(locale.value) if one.finding else ""
    about = SubjectFacts(
        kind=one.kind, subject_id=one.subject_id, about=one.about, at=one.about_at or one.opened_at,
        first_staff_id=None,
    )  # fmt: skip
    return ContestView(
        id=one.id, candidate_id=one.candidate_id, shown_name=one.shown_name,
        subject=subject_words(about, rule, editions, locale), words=one.words, opened_at=one.opened_at,
        due=Figures(locale).day(one.answer_due),
        is_late=not one.is_answered and civil_date(now) > one.answer_due, reviewer=one.reviewer_name,
        is_taken=one.reviewer_id is not None, finding=finding, answer=one.answer,
        answered_at=one.answered_at, version=one.version,
    )  # fmt: skip


def subject_words(one: SubjectFacts, rule: ContestRule, editions: Editions, locale: Locale) -> str:
    """A result by its name and its day."""
    what = called(one.about, one.kind, editions, moment=one.at, locale=locale)
    day = Figures(locale).day(civil_date(one.at))
    return unbroken(rule.subjects[one.kind].in_(locale.value).format(what=what, day=day), locale)


class OwnContestPages(Controller):
    """What one asks to be looked at again."""

    path = OWN
    include_in_schema = False

    @get(operation_id="web.own_contests.list")
    async def list_own(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        about: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> Template:
        """One's own requests with their state, and the form for another."""
        return await _own_page(request, session, actor, editions, now, typed={"subject": about})

    @post(operation_id="web.own_contests.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Ask; with an error everything typed is kept."""
        form = await request.form()
        typed = texts_of(form, ("subject", "words"))
        kind, _, subject_id = typed["subject"].partition(":")
        found = parse_id(subject_id)
        try:
            if found is None or kind not in {one.value for one in ContestKind}:
                raise NotFound
            await contests.open_contest(
                session, actor, kind=ContestKind(kind), subject_id=found, words=typed["words"],
                settings=settings, now=now,
            )  # fmt: skip
        except NotFound:
            errors = {"subject": french("Choisissez ce qui doit être regardé à nouveau.")}
        except RuleBroken as refusal:
            errors = {"words": refusal.said(Translator(locale_of(request)))}
        except Conflict:
            return redirect(OWN, flash=french("Cette demande était déjà partie."), tone="info")
        else:
            return redirect(OWN, flash=french("Votre demande est partie. Une deuxième personne regarde."))
        return await _own_page(request, session, actor, editions, now, typed=typed, errors=errors, status=422)


async def _own_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    now: datetime,
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    locale, rule = locale_of(request), rule_on(now)
    found = await contests.own_contests(session, actor)
    translate = Translator(locale)
    return render(
        request, "candidate/contests.html", title=french("Demander un second regard"), status=status,
        contests=tuple(view_of(one, editions, locale, now) for one in found.contests),
        choices=tuple(
            (f"{one.kind.value}:{one.subject_id}", subject_words(one, rule, editions, locale))
            for one in found.open_to
        ),
        days=rule.answer_within_days, least=rule.least_characters, most=rule.most_characters,
        typed={"subject": "", "words": "", **typed},
        errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip


class ContestPages(Controller):
    """What people ask to be looked at again, for those who look."""

    path = "/contests"
    include_in_schema = False

    @get(operation_id="web.contests.list")
    async def queue(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """The queue, the soonest due first; or what was answered."""
        secret, answered = request.app.state.secret, show == "answered"
        listing = "answered contests" if answered else "contests"
        page = await contests.queue(
            session, actor, limit=PAGE, answered=answered,
            after=read_cursor(secret, cursor, of=listing) if cursor else None,
        )  # fmt: skip
        kept = "show=answered&" if answered else ""
        after = write_cursor(secret, page.after, of=listing) if page.after else ""
        return render(
            request, "recruiter/contests/list.html", title=french("Demandes d'un second regard"),
            contests=tuple(view_of(one, editions, locale_of(request), now) for one in page.lines),
            is_answered=answered, next_href=f"?{kept}cursor={after}" if after else "",
            first_href=f"?{kept}" if cursor else "",
        )  # fmt: skip

    @get("/{contest_id:str}", operation_id="web.contests.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        contest_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What the person wrote, and everything it is about."""
        return await _review_page(request, session, actor, contest_id, editions, now)

    @post("/{contest_id:str}/taking", operation_id="web.contests.take", status_code=200)
    async def take(
        self,
        request: Request[Any, Any, Any],
        contest_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take it; the page that was read must still be true."""
        form = await request.form()
        here = f"/contests/{id_of(contest_id)}"
        try:
            await contests.take(session, actor, contest_id, check_version=shown_version(form), now=now)
        except (StaleVersion, Conflict):
            return redirect(here, flash=STALE, tone="warn")
        return redirect(here, flash=french("Vous regardez cette demande. Répondez quand vous avez tout lu."))

    @post("/{contest_id:str}/answer", operation_id="web.contests.answer", status_code=200)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        contest_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Answer; with an error everything typed is kept."""
        form = await request.form()
        typed = texts_of(form, ("finding", "answer"))
        errors: dict[str, str] = {}
        if typed["finding"] not in {one.value for one in ContestFinding}:
            errors["finding"] = french("Choisissez ce que vous avez trouvé.")
        else:
            try:
                await contests.answer(
                    session, actor, contest_id, finding=ContestFinding(typed["finding"]),
                    words=typed["answer"], check_version=shown_version(form), settings=settings, now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                errors["answer"] = refusal.said(Translator(locale_of(request)))
            except (StaleVersion, Conflict):
                return await _review_page(
                    request, session, actor, contest_id, editions, now, typed=typed, notice=STALE, status=409
                )
            else:
                return redirect("/contests", flash=french("Votre réponse est partie."))
        return await _review_page(
            request, session, actor, contest_id, editions, now, typed=typed, errors=errors, status=422
        )


async def _review_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    contest_id: str,
    editions: Editions,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> Template:
    locale = locale_of(request)
    found, may_review = await contests.read(session, actor, contest_id, now=now)
    sheet = await reports.read_sheet(
        session, actor, found.candidate_id, editions=editions, locale=locale, now=now, is_review=True
    )
    translate, rule = Translator(locale), rule_on(found.opened_at)
    note = await note_about(session, actor, found, editions=editions, locale=locale, now=now)
    return render(
        request, "recruiter/contests/show.html", title=french("Un second regard"), status=status,
        contest=view_of(found, editions, locale, now), report=sheet, may_review=may_review,
        is_mine=found.reviewer_id == actor.staff_id,
        findings=tuple((one.value, rule.findings[one].in_(locale.value)) for one in ContestFinding),
        is_decision=found.kind is ContestKind.DECISION, note=note, least=rule.least_answer_characters,
        most=rule.most_characters, notice=translate(notice) if notice else "",
        typed={"finding": "", "answer": "", **(typed or {})},
        errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip
