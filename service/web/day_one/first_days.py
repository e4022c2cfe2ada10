"""The first day of a placement on another date: what hangs on it is shown first, then it is moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.moves import Shift, ShiftKind
from service.flows.day_one.first_days import move_start
from service.flows.day_one.first_days_ahead import Ahead, Training, TrainingStanding, look_ahead
from service.flows.recruiting import blind
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.store.day_one import checklists as store
from service.web.day_one.checklists import NOT_A_DAY, typed_of
from service.web.day_one.checklists_views import OWNERS, Failed, Said, failed
from service.web.pages import redirect, render
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

MOVED_MEANWHILE = french("Quelqu'un a déplacé le premier jour entre-temps. Relisez, puis recommencez.")
STANDINGS = {
    TrainingStanding.FOLLOWS: french("pas encore commencée"),
    TrainingStanding.BEGUN: french(
        "déjà commencée, %(percent)s %% : ce qui est fait reste fait, et ses modules se ferment jusqu'au nouveau jour"
    ),
    TrainingStanding.FINISHED: french("terminée : elle reste comme elle est"),
    TrainingStanding.ANOTHER_DAY: french(
        "commence un autre jour : elle garde ses dates, et son formateur peut les déplacer"
    ),
    TrainingStanding.GIVEN_TWICE: french("donnée déjà à partir de ce jour-là : celle-ci garde ses dates"),
    TrainingStanding.WITHDRAWN: french("son édition a été retirée : elle garde ses dates"),
}
CHANGES = {
    ShiftKind.AGAIN: french("à refaire"),
    ShiftKind.STANDS_AGAIN: french("compte de nouveau comme faite"),
}


class FirstDayPages(Controller):
    """One first day."""

    path = "/applications/{application_id:str}/onboarding/start"
    include_in_schema = False

    @get(operation_id="web.onboarding.start_ahead", opt={"audited": True})
    async def ahead(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        start_date: Annotated[str, QueryParameter(max_length=40)] = "",
    ) -> Template:
        """What another first day would change; without a day, the question."""
        typed = {"start_date": start_date} if start_date else {}
        return await _page(request, session, actor, application_id, typed, library=library, now=now)

    @post(operation_id="web.onboarding.move_start", status_code=200)
    async def move(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Move it, with the trainings that are ticked."""
        form = await request.form()
        typed = typed_of(form)
        ticked = tuple(str(value) for value in form.getall("training", []))
        day, version, translate = (
            read_day(typed.get("start_date", "")), typed.get("version"), Translator(locale_of(request)),
        )  # fmt: skip

        def check(present: int) -> None:
            if str(present) != version:
                raise StaleVersion

        errors: Mapping[str, str] = {} if day else {"start_date": translate(NOT_A_DAY)}
        if day is not None:
            try:
                async with session.begin_nested():  # all of it or nothing: the page that says why commits
                    await move_start(
                        session, actor, application_id, start_date=day, reason=typed.get("reason", "")[:500],
                        trainings=[known for one in ticked if (known := parse_id(one))], check_version=check,
                        editions=library, settings=settings, now=now,
                    )  # fmt: skip
            except StaleVersion:
                errors = {"start_date": translate(MOVED_MEANWHILE)}
            except Conflict as refusal:
                errors = {"trainings": refusal.said(translate)}
            except RuleBroken as refusal:
                errors = failed("start", typed, refusal, locale_of(request)).errors
        if errors:
            return await _page(
                request, session, actor, application_id, typed, library=library, now=now, ticked=ticked,
                errors=errors,
            )  # fmt: skip
        return redirect(
            f"/applications/{application_id}/onboarding",
            flash=french("Le premier jour est déplacé. La personne reçoit un message."),
        )


@dataclass(frozen=True)
class TrainingView:
    """One training as the page shows it; `choice` is (value, label, help) for one that may follow."""

    title: str
    standing: str
    starts: str
    choice: tuple[str, str, str] | None


@dataclass(frozen=True)
class ShiftView:
    """One task that changes."""

    title: str
    holder: str
    was: str
    due: str
    change: str
    is_again: bool
    is_late: bool
    why: str


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    application_id: str,
    typed: Mapping[str, str],
    *,
    library: Editions,
    now: datetime,
    ticked: tuple[str, ...] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Template:
    facts = await store.facts_of(session, actor, application_id)
    said, translate, errors = Said(locale_of(request)), Translator(locale_of(request)), dict(errors or {})
    day, ahead = read_day(typed.get("start_date", "")), None
    if day is None and typed.get("start_date"):
        errors["start_date"] = translate(NOT_A_DAY)
    if day is not None:
        try:
            ahead = await look_ahead(
                session, actor, application_id, start_date=day, editions=library, now=now
            )
        except RuleBroken as refusal:
            errors = {**failed("start", typed, refusal, locale_of(request)).errors, **errors}
    person = blind.name_of(actor, facts.candidate_id, facts.person_name)
    base = f"/applications/{facts.application_id}"
    return render(
        request, "onboarding/move.html", title="Déplacer le premier jour", status=422 if errors else 200,
        person=person, programme=facts.programme_title, list_href=f"{base}/onboarding",
        start=said.day(facts.start_date),
        here=f"{base}/onboarding/start", slip=Failed("start", typed, errors), version=str(facts.version),
        chosen=typed.get("start_date", ""),
        **(_told(ahead, said, translate, ticked, base=base, actor=actor) if ahead else {"ahead": None}),
    )  # fmt: skip


def _told(
    one: Ahead,
    said: Said,
    translate: Translator,
    ticked: tuple[str, ...] | None,
    *,
    base: str,
    actor: Actor,
) -> dict[str, Any]:
    """What hangs on the day, for the page."""
    views = tuple(_training_view(training, said, translate) for training in one.trainings)
    declared, rights = one.declaration, matrix()
    return {
        "ahead": one,
        "new_start": said.day(one.start),
        "shifts": tuple(_shift_view(task, said, translate) for task in one.shifts),
        "choices": tuple(view.choice for view in views if view.choice is not None),
        "ticked": ticked
        if ticked is not None
        else tuple(str(training.id) for training in one.trainings if training.follows_unless_told),
        "kept_trainings": tuple(view for view in views if view.choice is None),
        "classes": tuple(
            (f"/classes/{each.held.id}", each.held.title, said.day(civil_date(each.held.starts_at)))
            for each in one.classes
        ),
        "offered": said.day(one.offered) if one.offered else "",
        "signed": said.day(one.signed_on) if one.signed_on else "",
        "offer_href": f"/offers/{one.offer_id}" if one.offer_id else "",
        "papers_href": f"{base}/papers" if rights["web.papers.list"].allows(actor) else "",
        "papers": tuple(
            (f"/papers/{paper.id}", paper.title, paper.reference, said.short(paper.issued_on))
            for paper in one.papers
        ),
        "declared_for": said.day(declared.done_for) if declared and declared.done_for else "",
        "opens": said.day(declared.window.opens) if declared else "",
        "closes": said.day(declared.window.closes) if declared else "",
        "dpae_href": f"{base}/papers/new/dpae_sheet" if rights["web.papers.new"].allows(actor) else "",
    }


def _training_view(one: Training, said: Said, translate: Translator) -> TrainingView:
    standing = translate(STANDINGS[one.standing], percent=str(one.percent))
    choice = None
    if one.may_follow:
        choice = (str(one.id), said(one.title), _dates(one, standing, said, translate))
    return TrainingView(said(one.title), standing, said.short(one.starts), choice)


def _dates(one: Training, standing: str, said: Said, translate: Translator) -> str:
    told = [standing[:1].upper() + standing[1:] + "."]
    if one.last_due and one.last_due_after:
        told.append(
            translate(
                french("Dernier module attendu le %(after)s au lieu du %(before)s."),
                before=said.short(one.last_due), after=said.short(one.last_due_after),
            )
        )  # fmt: skip
    if one.has_hours_set_apart:
        told.append(translate(french("Les heures posées dans la semaine de la personne sont libérées.")))
    return " ".join(told)


def _shift_view(one: Shift, said: Said, translate: Translator) -> ShiftView:
    return ShiftView(
        title=said(one.title), holder=translate(OWNERS[one.owner]), was=said.short(one.was_due),
        due=said.short(one.due),
        change=translate(CHANGES[one.kind]) if one.kind in CHANGES else "", is_again=one.kind is ShiftKind.AGAIN,
        is_late=one.is_late, why=said(one.why) if one.why else "",
    )  # fmt: skip
