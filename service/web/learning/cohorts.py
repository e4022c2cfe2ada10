"""Pages of the groups that start together."""

from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.classes import cohorts as flow
from service.flows.learning import learning
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store import reach
from service.store.learning import assignments, cohorts
from service.store.learning.assignments import Wanted
from service.web.learning.training import BASE as LEARNERS
from service.web.learning.training import MANY_COHORTS
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader, path_view
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

BASE = "/training/cohorts"

_SLIPS = {
    "/name": ("name", french("Donnez un nom de 1 à 120 caractères.")),
    "/start_date": ("start_date", french("Choisissez un jour de l'année passée ou des deux prochaines.")),
    "/candidates": ("candidates", french("Une de ces personnes n'est pas dans votre périmètre.")),
    "/seats": (
        "seats",
        french("Écrivez un nombre de places de 1 à 500, pas moins que de personnes dans le groupe."),
    ),
}


class CohortPages(Controller):
    """Groups."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.cohorts.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        """The groups within reach, and a form for a new one."""
        typed = {"name": "", "start_date": civil_date(now).isoformat(), "seats": ""}
        return await _list_page(request, session, actor, typed=typed, errors={})

    @post(operation_id="web.cohorts.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Make a group; on a slip the form comes back whole."""
        start, seats = read_day(data.get("start_date", "")), _seats_in(data)
        errors = {} if start else {"start_date": french("Donnez le jour du début.")}
        try:
            flow.check_name(data.get("name", ""))
            flow.check_seats(seats)
            if start is not None:
                cohort_id = await flow.create(
                    session,
                    actor,
                    name=data["name"],
                    start_date=start,
                    programme_id=None,
                    seats=seats,
                    now=now,
                )
                return redirect(f"{BASE}/{cohort_id}", flash="Le groupe est créé. Ajoutez-y des personnes.")
        except RuleBroken as refusal:
            errors = {**_errors_of(refusal), **errors}
        return await _list_page(request, session, actor, typed=data, errors=errors)

    @get("/{cohort_id:str}", operation_id="web.cohorts.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        q: FromQuery[str] = "",
    ) -> Template:
        """One group: its people, where they stand, and who could join."""
        return await _cohort_page(request, session, actor, library, now, cohort_id, q=q, errors={})

    @post("/{cohort_id:str}", operation_id="web.cohorts.edit", status_code=200)
    async def edit(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Rename the group or move its start, unless somebody changed it since the page was read."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        start = read_day(data.get("start_date", ""))
        errors = {} if start else {"start_date": french("Donnez le jour du début.")}
        if data.get("version") != str(row.version):
            errors["name"] = french(
                "Quelqu'un a modifié ce groupe entre-temps. Vérifiez, puis enregistrez de nouveau."
            )
        if not errors:
            try:
                seats = _seats_in(data)
                await flow.edit(
                    session, actor, row, name=data.get("name", ""), start_date=start, seats=seats,
                    without_seats=seats is None, now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                errors = _errors_of(refusal)
            else:
                return redirect(f"{BASE}/{row.id}", flash="Le groupe est enregistré.")
        return await _cohort_page(
            request, session, actor, library, now, cohort_id, q="", errors=errors, typed=data
        )

    @post("/{cohort_id:str}/members", operation_id="web.cohorts.add", status_code=200)
    async def add(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Add the people ticked, and give them the group's paths from a day of their own when asked."""
        form = await request.form()
        named = [parse_id(str(value)) for value in form.getall("candidates", [])]
        with_paths = form.get("with_paths") == "yes"
        start = read_day(str(form.get("paths_from", ""))) if with_paths else None
        errors: dict[str, str] = {}
        if not named:
            errors["candidates"] = french("Cochez au moins une personne.")
        if with_paths and start is None:
            errors["paths_from"] = french("Donnez le jour du début.")
        if not errors:
            try:
                return await self._join(session, actor, cohort_id, named, library, settings, now, start)
            except RuleBroken as refusal:
                errors = _joining_errors(refusal)
        return await _cohort_page(
            request, session, actor, library, now, cohort_id, q=str(form.get("q", "")), errors=errors,
            ticked=tuple(str(one) for one in named),
        )  # fmt: skip

    async def _join(
        self, session: AsyncSession, actor: Actor, cohort_id: str, named: list[Any], editions: Editions,
        settings: Settings, now: datetime, start: date | None,
    ) -> Redirect:  # fmt: skip
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        known = [one for one in named if one is not None]
        await flow.add_members(
            session, actor, row, known, editions=editions, settings=settings, now=now, with_paths_from=start
        )
        return redirect(f"{BASE}/{row.id}", flash="Le groupe est à jour.")

    @post(
        "/{cohort_id:str}/members/{candidate_id:str}/remove",
        operation_id="web.cohorts.remove",
        status_code=200,
    )
    async def remove(
        self,
        cohort_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take somebody out; what they were given stays theirs."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        await flow.remove_member(
            session, actor, row, reach.id_of(candidate_id), editions=library, settings=settings, now=now
        )
        return redirect(f"{BASE}/{row.id}", flash="La personne ne fait plus partie du groupe.")


def _seats_in(data: dict[str, str]) -> int | None:
    """The seats typed; none for an empty field, and a number that no group may have for what is no number."""
    typed = data.get("seats", "").strip()
    if not typed:
        return None
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 7 else 0


def _joining_errors(refusal: RuleBroken) -> dict[str, str]:
    if any(fault.code == "no-seat" for fault in refusal.faults):
        return {
            "candidates": french(
                "Le groupe n'a plus assez de places. Ajoutez des places, ou cochez moins de personnes."
            )
        }
    return _errors_of(refusal)


def _errors_of(refusal: RuleBroken) -> dict[str, str]:
    return dict(_SLIPS[fault.pointer] for fault in refusal.faults if fault.pointer in _SLIPS)


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    say = Reader(locale_of(request))
    groups = await cohorts.page_of(session, actor, limit=MANY_COHORTS)
    return render(
        request,
        "trainer/cohorts.html",
        title="Groupes",
        status=422 if errors else 200,
        cohorts=tuple(
            {
                "href": f"{BASE}/{group.id}",
                "name": group.name,
                "start": say.short_day(group.start_date),
                "members": group.members,
                "seats": group.seats,
                "programme": group.programme,
            }
            for group in groups
        ),
        typed={name: typed.get(name, "") for name in ("name", "start_date", "seats")},
        errors={name: Translator(say.locale)(words) for name, words in errors.items()},
        may_give=actor.role is Role.TRAINER,
    )


async def _cohort_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    now: datetime,
    cohort_id: str,
    *,
    q: str,
    errors: dict[str, str],
    typed: dict[str, str] | None = None,
    ticked: tuple[str, ...] = (),
) -> Template:
    say, today = Reader(locale_of(request)), civil_date(now)
    facts = await cohorts.facts_of(session, actor, cohort_id)
    members = await cohorts.members_of(session, actor, facts.id)
    present = {member.id for member in members}
    given = await assignments.page_of(session, actor, Wanted(cohort_id=facts.id), limit=200)
    found = await cohorts.people_found(session, actor, words=q) if actor.role is Role.TRAINER else ()
    written = {
        "name": facts.name, "start_date": facts.start_date.isoformat(), "seats": str(facts.seats or ""),
        **(typed or {}),
    }  # fmt: skip
    return render(
        request,
        "trainer/cohort.html",
        title=facts.name,
        status=422 if errors else 200,
        cohort={"id": str(facts.id), "href": f"{BASE}/{facts.id}", "version": facts.version},
        start=say.day(facts.start_date),
        programme=facts.programme,
        seats=facts.seats,
        members=tuple({"id": str(member.id), "name": member.name} for member in members),
        learners=tuple(
            path_view(one, progress, say, base=LEARNERS)
            for one, progress in learning.standings(given, editions=editions, today=today)
        ),
        others=tuple((str(one.id), one.name) for one in found if one.id not in present),
        ticked=ticked,
        q=q,
        today=today.isoformat(),
        typed=written,
        errors={name: Translator(say.locale)(words) for name, words in errors.items()},
        may_give=actor.role is Role.TRAINER,
    )
