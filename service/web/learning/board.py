"""The trainers' board: who is late, at a standstill, not yet through, and when the next class is."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning import board as flow
from service.flows.paths import paths
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Role
from service.store.learning import board as store
from service.store.learning.assignments import Position
from service.store.learning.board import BoardQuestion, Column
from service.web.learning.board_views import Said, TabView, tab_counts
from service.web.pages import render
from service.web.paths.training_views import Reader
from service.web.translations import Translator, locale_of

BASE = "/training"
LEARNERS = "/training/assignments"
ROWS = {"50": 50, "100": 100, "500": 500}
MANY = 100
NONE = "none"


class BoardPages(Controller):
    """The board."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.training.board")
    async def board(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        column: FromQuery[str] = "",
        cohort: FromQuery[str] = "",
        programme: FromQuery[str] = "",
        path: FromQuery[str] = "",
        rows: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
    ) -> Template:
        """Everybody on a path, those who are late first; the same number of queries for one learner and for 500."""
        secret, locale = request.app.state.secret, locale_of(request)
        known = {slug for slug, _ in library.paths}
        chosen = {
            "column": column if column == NONE or column in set(Column) else "",
            "cohort": cohort, "programme": programme, "path": path if path in known else "",
            "rows": rows if rows in ROWS else "",
        }  # fmt: skip
        question = BoardQuestion(
            column=Column(chosen["column"]) if chosen["column"] not in ("", NONE) else None,
            cohort_id=parse_id(cohort), programme_id=parse_id(programme), path=chosen["path"] or None,
        )  # fmt: skip
        limit, is_of_people = ROWS.get(rows, 50), chosen["column"] == NONE
        name = "people-without-path" if is_of_people else "assignments"
        start = read_cursor(secret, cursor, of=name) if cursor else None
        found = await flow.show(
            session, actor, question, editions=library, now=now, limit=0 if is_of_people else limit,
            after=None if start is None or is_of_people else position_of(start),
        )  # fmt: skip
        people, further = (
            await flow.without_path(
                session, actor, limit=limit, after=(str(start[0]), UUID(start[1])) if start else None
            )
            if is_of_people
            else ((), None)
        )
        position = further if is_of_people else found.next_position
        said = Said(locale, library, today=civil_date(now))
        translate = Translator(locale)
        return render(
            request,
            "trainer/board.html",
            title="Formation",
            learners=tuple(said.learner(one, base=LEARNERS) for one in found.learners),
            people=tuple((str(one.id), one.name) for one in people),
            is_of_people=is_of_people,
            tabs=tuple(
                TabView(label, _href({**chosen, "column": value}), count, value == chosen["column"])
                for value, label, count in tab_counts(found, translate)
            ),
            cohorts=tuple(
                (str(one), name) for one, name in await store.cohort_names(session, actor, limit=MANY)
            ),
            programmes=tuple(
                (str(one), name) for one, name in await store.programme_names(session, actor, limit=MANY)
            ),
            paths=path_choices(library, civil_date(now), Reader(locale)),
            chosen=chosen,
            thresholds=thresholds_of(found),
            here=_href(chosen),
            first_href=_href(chosen) if cursor else "",
            next_href=_href(chosen, write_cursor(secret, position, of=name)) if position else "",
            may_give=actor.role is Role.TRAINER,
        )


def thresholds_of(found: flow.Board) -> dict[str, int]:
    """The thresholds that the page says in words."""
    return {"stuck": found.rules.stuck_after_days, "again": found.rules.again_from}


def position_of(written: Any) -> Position:
    """Where a cursor of this list says the next page starts."""
    return (bool(written[0]), date.fromisoformat(written[1]), UUID(written[2]))


def _href(chosen: dict[str, str], cursor: str = "") -> str:
    query = {name: value for name, value in {**chosen, "cursor": cursor}.items() if value}
    return f"{BASE}?{urlencode(query)}" if query else BASE


def path_choices(editions: Editions, today: date, say: Reader) -> tuple[tuple[str, str], ...]:
    """The paths that are given today, by slug, with their names."""
    return tuple((path.slug, say(path.title)) for path in paths.in_force(editions, today))
