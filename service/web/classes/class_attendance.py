"""The attendance sheet of a class: who was there each half-day, who signed, and the trainer's own signature."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Half, Presence
from onboarding.content import Language
from service.flows.classes import class_attendance as flow
from service.flows.classes import class_sheets
from service.flows.classes.class_attendance import Mark
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.ids import parse_id
from service.store import audit
from service.store.classes import classes
from service.web.classes.class_forms import errors_of
from service.web.classes.class_views import PRESENCES, class_view, half_views
from service.web.classes.classes import BASE
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

REFUSALS = {
    "class-not-begun": french("Cette demi-journée n'a pas commencé."),
    "half-day-signed": french("Cette demi-journée est signée : les présences ne changent plus."),
    "class-cancelled": french("Cette séance est annulée."),
    "sign-too-early": french("Vous signez à la fin de la demi-journée."),
}
TO_REVIEW = french(
    "Dites pour chaque personne en retard les minutes manquées, et pour chaque absence la raison."
)
INCOMPLETE = french("Notez d'abord chaque personne, enregistrez, puis signez.")
OTHERS = french(
    "Il reste à noter des personnes d'autres programmes, que vous ne voyez pas : demandez à un formateur qui les suit."
)


def half_of(text: str) -> Half:
    try:
        return Half(text)
    except ValueError:
        raise NotFound from None


class ClassAttendancePages(Controller):
    """Attendance by half-day."""

    path = f"{BASE}/{{class_id:str}}/attendance"
    include_in_schema = False

    @get(operation_id="web.class_attendance.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The sheet: half-days, people, signatures."""
        return await _page(request, session, actor, library, now, class_id)

    @post("/{half:str}", operation_id="web.class_attendance.note", status_code=200)
    async def note(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        half: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep who was there; what was typed comes back with every refusal."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        form, chosen = await request.form(), half_of(half)
        marks, typed = _marks(form)
        here = f"{BASE}/{row.id}/attendance"
        try:
            await flow.note(session, actor, row, chosen, marks, editions=library, now=now)
        except RuleBroken:
            return await _page(
                request, session, actor, library, now, class_id, errors={f"note-{chosen.value}": TO_REVIEW},
                typed={chosen.value: typed},
            )  # fmt: skip
        except Conflict as refusal:
            return redirect(here, flash=REFUSALS.get(refusal.code, TO_REVIEW), tone="warn")
        return redirect(here, flash="Les présences sont enregistrées.")

    @post("/{half:str}/signature", operation_id="web.class_attendance.sign", status_code=200)
    async def sign(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        half: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Sign the half-day as its trainer."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        chosen = half_of(half)
        try:
            await flow.countersign(
                session, actor, row, chosen, name=data.get("name", ""), editions=library, now=now
            )
        except RuleBroken as refusal:
            words = errors_of(refusal, locale_of(request)).get("name") or INCOMPLETE
            sheet = await class_sheets.attendance_facts(session, actor, row.id, editions=library)
            if words == INCOMPLETE and all(line.noted_for(chosen) for line in sheet.lines):
                words = OTHERS
            return await _page(
                request, session, actor, library, now, class_id, errors={f"sign-{chosen.value}": words}
            )
        except Conflict as refusal:
            flash = REFUSALS.get(refusal.code, INCOMPLETE)
            return redirect(f"{BASE}/{row.id}/attendance", flash=flash, tone="warn")
        return redirect(f"{BASE}/{row.id}/attendance", flash="La demi-journée est signée.")


def _marks(form: FormMultiDict) -> tuple[dict[UUID, Mark], dict[str, dict[str, str]]]:
    """Fields come as `presence-ID`, `missed-ID` and `reason-ID`; a person without a choice is left as noted before."""
    marks: dict[UUID, Mark] = {}
    typed: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        kind, _, key = name.partition("-")
        candidate_id = parse_id(key) if kind == "presence" else None
        if candidate_id is None or value not in set(Presence):
            continue
        missed, reason = str(form.get(f"missed-{key}", "")).strip(), str(form.get(f"reason-{key}", ""))
        presence = Presence(str(value))
        typed[key] = {"presence": presence.value, "missed": missed, "reason": reason}
        minutes = int(missed) if missed.isdecimal() and missed.isascii() and len(missed) < 5 else 0
        marks[candidate_id] = Mark(
            presence=presence,
            missed_minutes=minutes if presence is Presence.LATE else 0,
            reason="" if presence is Presence.PRESENT else reason[:60],
        )
    return marks, typed


async def _page(
    request: Request[Any, Any, Any], session: AsyncSession, actor: Actor, editions: Editions, now: datetime,
    class_id: str, *, errors: dict[str, str] | None = None,
    typed: dict[str, dict[str, dict[str, str]]] | None = None,
) -> Template:  # fmt: skip
    locale = locale_of(request)
    said = Translator(locale)
    sheet = await class_sheets.attendance_facts(session, actor, class_id, editions=editions)
    policy = editions.class_policy_of(sheet.held.policy_edition)
    audit.record(session, actor, action="class.read_attendance", subject=("class", sheet.held.id), now=now)
    may_note = matrix()["web.class_attendance.note"].allows(actor)
    return render(
        request, "trainer/classes/attendance.html", title="Présences", status=422 if errors else 200,
        held=class_view(sheet.held, editions=editions, locale=locale, now=now),
        halves=half_views(sheet, policy=policy, locale=locale, now=now),
        attended={
            str(line.candidate_id): (line.attended.minutes, line.attended.minutes_possible, line.attended.is_attended)
            for line in sheet.lines
        },
        lines=[(str(line.candidate_id), line.person) for line in sheet.lines],
        is_concluded=sheet.is_concluded, percent=policy.attended_percent, may_note=may_note,
        presences=[(one.value, said(words)) for one, words in PRESENCES.items()],
        reasons=[(one.code, one.said_in(Language(locale.value))) for one in policy.reasons],
        statement=policy.statement_of_trainer.said_in(Language(locale.value)),
        typed=typed or {}, errors={field: said(words) for field, words in (errors or {}).items()},
    )  # fmt: skip
