"""How a hired person's work goes: what was noted, and a form to note more."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import outcomes as flow
from service.flows.recruiting.outcomes import Noted
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.vocabulary import OutcomeMeasure
from service.store import audit
from service.store.people import candidates as people
from service.store.reach import id_of
from service.store.recruiting import outcomes as store
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

MOST = 2000


@dataclass(frozen=True)
class OutcomeForm:
    """The form as it was typed."""

    days: str = ""
    measure: str = ""
    value: str = ""
    recorded_on: str = ""
    note: str = ""


@dataclass(frozen=True)
class OutcomeLine:
    """One thing noted; `is_newest` when no later note of its kind replaces it."""

    days: int
    label: str
    unit: str
    value: int
    recorded_on: date
    who: str
    note: str
    is_newest: bool


class OutcomePages(Controller):
    """Outcomes of one person."""

    include_in_schema = False
    path = "/candidates/{candidate_id:str}/outcomes"

    @get(operation_id="web.outcomes.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What was noted, and the form; the reading is noted."""
        audit.record(
            session, actor, action="outcomes.read", subject=("candidate", id_of(candidate_id)), now=now
        )
        form = OutcomeForm(recorded_on=civil_date(now).isoformat())
        return await _page(request, session, actor, candidate_id, form, {}, editions=editions, now=now)

    @post(operation_id="web.outcomes.record", status_code=200)
    async def record(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note one outcome; with errors the form comes back as it was typed."""
        sent = await request.form()
        form = OutcomeForm(**{one.name: str(sent.get(one.name, "")).strip() for one in fields(OutcomeForm)})
        noted, errors = _read(form)
        if noted is not None:
            try:
                await flow.record_outcome(
                    session, actor, id_of(candidate_id), noted, editions=editions, now=now
                )
            except RuleBroken as error:
                errors = {_field_of(fault.pointer): _words_of(fault.code) for fault in error.faults}
            else:
                return redirect(f"/candidates/{id_of(candidate_id)}/outcomes", flash="C'est noté.")
        return await _page(
            request, session, actor, candidate_id, form, errors, editions=editions, now=now, status=422
        )


def _read(form: OutcomeForm) -> tuple[Noted | None, dict[str, str]]:
    errors: dict[str, str] = {}
    if not form.days.isdecimal() or len(form.days) > 4:
        errors["days"] = french("Choisissez un moment dans la liste.")
    if form.measure not in {one.value for one in OutcomeMeasure}:
        errors["measure"] = french("Choisissez ce qui est regardé.")
    if not form.value.isdecimal() or not form.value.isascii() or len(form.value) > 4:
        errors["value"] = french("Écrivez un nombre entier.")
    try:
        day = date.fromisoformat(form.recorded_on)
    except ValueError:
        errors["recorded_on"] = french("Écrivez une date.")
    if len(form.note) > MOST or "\x00" in form.note:
        errors["note"] = french("Écrivez 2 000 caractères au plus.")
    if errors:
        return None, errors
    return Noted(int(form.days), OutcomeMeasure(form.measure), int(form.value), day, form.note), {}


def _field_of(pointer: str) -> str:
    field = pointer.removeprefix("/")
    return field if field in {one.name for one in fields(OutcomeForm)} else "measure"


def _words_of(code: str) -> str:
    known = {
        "unknown_days": french("Choisissez un moment dans la liste."),
        "out_of_range": french("Ce nombre est hors des bornes de ce qui est regardé."),
        "to_come": french("Ce jour est encore à venir."),
        "not_hired": french("Seule la suite d'une personne embauchée peut être notée."),
    }
    return known[code]


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    candidate_id: str,
    form: OutcomeForm,
    errors: Mapping[str, str],
    *,
    editions: Editions,
    now: datetime,
    status: int = 200,
) -> Template:
    person = await people.facts_of(session, actor, id_of(candidate_id))
    locale = locale_of(request)
    policy, translate = editions.validity_policy_on(civil_date(now)), Translator(locale)
    lines: list[OutcomeLine] = []
    for one in await store.outcomes_of(session, actor, person.id):
        measure = policy.measure(one.measure.value)
        label = measure.label.in_(locale.value) if measure else one.measure.value
        lines.append(
            OutcomeLine(
                days=one.days,
                label=label,
                unit=measure.unit.in_(locale.value) if measure else "",
                value=one.value,
                recorded_on=one.recorded_on,
                who=one.staff_name or "",
                note=one.note,
                is_newest=not any(line.days == one.days and line.label == label for line in lines),
            )
        )
    is_hired = bool(await store.hired_application_ids(session, person.id)) or person.is_agent
    return render(
        request, "recruiter/outcomes.html", title="La suite au travail", status=status, person=person, form=form,
        errors=dict(errors), lines=tuple(lines), is_hired=is_hired,
        may_record=is_hired and matrix()["web.outcomes.record"].allows(actor),
        days=[(str(one), translate("%(n)s jours après le début", n=one)) for one in policy.days],
        measures=[
            (one.measure, f"{one.label.in_(locale.value)} ({one.unit.in_(locale.value)})")
            for one in policy.measures
        ],
    )  # fmt: skip
