"""The trainers' list of proofs, and all of it for an auditor: at once where it is small, prepared where it is large."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Stream, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.proof import proof_archives
from service.flows.proof.training_rules import rules_on
from service.http.paging import read_cursor, write_cursor
from service.http.proof_downloads import archive_of, kept_archive
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.store.learning import assignments, cohorts
from service.store.proof import proof_archives as archive_store
from service.store.proof import training_files as store
from service.store.proof.training_files import Position, WantedProof
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.proof.training_files import BASE
from service.web.proof.training_files_views import listed_view
from service.web.proof.training_proofs_views import archive_views
from service.web.translations import Translator, french, locale_of

ARCHIVES = f"{BASE}/archives"
FILTERS = ("cohort", "path", "first_day", "last_day")
ROWS, MANY_COHORTS = 25, 100


class TrainingProofPages(Controller):
    """Proofs of many trainings."""

    include_in_schema = False

    @get(BASE, operation_id="web.training_files.list")
    async def list_files(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        cohort: FromQuery[str] = "",
        path: FromQuery[str] = "",
        first_day: FromQuery[str] = "",
        last_day: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
    ) -> Template:
        """Every training within reach, the newest first, with what shows it; the same filters make the archive."""
        chosen = {"cohort": cohort, "path": path, "first_day": first_day, "last_day": last_day}
        return await _list_page(request, session, actor, library, chosen, now=now, cursor=cursor)

    @get(f"{BASE}/export", operation_id="web.training_files.export")
    async def export(
        self,
        request: Request[Any, Any, Any],
        state: State,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        files: NamedDependency[FileStore],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        training: FromQuery[str] = "",
        cohort: FromQuery[str] = "",
        path: FromQuery[str] = "",
        first_day: FromQuery[str] = "",
        last_day: FromQuery[str] = "",
    ) -> Stream | Template:
        """The archive for an auditor; where nobody fits, the list says so."""
        chosen = {"cohort": cohort, "path": path, "first_day": first_day, "last_day": last_day}
        wanted = _wanted(chosen)
        if training:
            facts = await assignments.facts_of(session, actor, training)
            wanted = WantedProof(candidate_id=facts.candidate_id, path=facts.path)
        try:
            return await archive_of(
                state.database, actor, wanted, editions=library, files=files, settings=settings, now=now
            )
        except (NotFound, RuleBroken) as refusal:
            said = refusal.said(Translator(locale_of(request)))
            return await _list_page(request, session, actor, library, chosen, now=now, error=said)

    @post(ARCHIVES, operation_id="web.proof_archives.create", status_code=200)
    async def prepare(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect | Template:
        """Ask for what the filter shows; a refusal is said on the list, with the filter as it was."""
        chosen = {name: data.get(name, "") for name in FILTERS}
        try:
            await proof_archives.request(session, actor, _wanted(chosen), now=now)
        except (Conflict, NotFound, RuleBroken) as refusal:
            said = refusal.said(Translator(locale_of(request)))
            return await _list_page(request, session, actor, library, chosen, now=now, error=said)
        return redirect(
            f"{_href(chosen)}#export",
            flash=french("L'archive se prépare. Vous pouvez quitter cette page : elle se fait sans vous."),
        )

    @get(ARCHIVES, operation_id="web.proof_archives.list")
    async def list_archives(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """The part of the list that changes while an archive is made."""
        found = archive_views(
            await archive_store.newest_of(session, actor), locale_of(request), base=ARCHIVES
        )
        return render(request, "trainer/_proof_archives.html", title="Preuves", archives=found)

    @get(f"{ARCHIVES}/{{archive_id:str}}", operation_id="web.proof_archives.content", opt={"audited": True})
    async def content(
        self,
        archive_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Stream:
        return kept_archive(await proof_archives.read(session, actor, archive_id, now=now), files)


def _wanted(chosen: dict[str, str]) -> WantedProof:
    return WantedProof(
        cohort_id=parse_id(chosen["cohort"]) if chosen["cohort"] else None,
        path=chosen["path"][:80] or None,
        first_day=_day(chosen["first_day"]),
        last_day=_day(chosen["last_day"]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _href(chosen: dict[str, str], cursor: str = "") -> str:
    query = urlencode({name: value for name, value in {**chosen, "cursor": cursor}.items() if value})
    return f"{BASE}?{query}" if query else BASE


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    chosen: dict[str, str],
    *,
    now: datetime,
    cursor: str = "",
    error: str = "",
) -> Template:
    say, secret = Reader(locale_of(request)), request.app.state.secret
    rules, wanted = rules_on(now), _wanted(chosen)
    after: Position | None = None
    if cursor:
        day, last_id = read_cursor(secret, cursor, of="training-files")
        at = parse_id(last_id)
        after = (date.fromisoformat(day), at) if at else None
    rows = await store.page_of(session, actor, wanted, limit=ROWS + 1, after=after)
    shown = rows[:ROWS]
    proven = await store.proven_of(session, [one.id for one in shown])
    counted = await store.count_wanted(session, actor, wanted, most=rules.most_learners_prepared)
    archives = await archive_store.newest_of(session, actor)
    groups = await cohorts.page_of(session, actor, limit=MANY_COHORTS)
    last = shown[-1] if len(rows) > ROWS else None
    return render(
        request,
        "trainer/training_files.html",
        title="Preuves",
        status=422 if error else 200,
        rows=tuple(listed_view(one, proven[one.id], library, say) for one in shown),
        cohorts=tuple((str(one.id), one.name) for one in groups),
        paths=tuple(
            sorted(
                {(slug, say(path.title)) for (slug, _), path in library.paths.items()}, key=lambda one: one[1]
            )
        ),
        chosen=chosen,
        error=error,
        counted=counted,
        is_prepared=counted > rules.most_learners_at_once,
        most_prepared=rules.most_learners_prepared,
        kept_days=rules.archive_kept_days,
        archives_href=ARCHIVES,
        archives=archive_views(archives, locale_of(request), base=ARCHIVES),
        export_href=f"{BASE}/export?{urlencode({name: value for name, value in chosen.items() if value})}",
        first_href=_href(chosen) if cursor else "",
        next_href=_href(chosen, write_cursor(secret, (last.start_date, last.id), of="training-files"))
        if last
        else "",
    )
