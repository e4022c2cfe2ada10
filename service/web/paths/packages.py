"""Trainers' pages of training packages: bring one in, read what is wrong, see who plays it, try it, withdraw it."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.packages.packages import Checked
from onboarding.packages.scorm_pages import SANDBOX
from service.flows.learning import package_attempts
from service.flows.paths import packages
from service.http.package_content import number_of, window_told
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions, in_force
from service.runtime.errors import Conflict
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store.learning import package_attempts as attempts
from service.store.paths import packages as shelf
from service.web.figures import Figures
from service.web.pages import redirect, render
from service.web.paths.package_views import STANDARDS, attempt_view, shelf_view, size_in_words, unit_view
from service.web.paths.training_views import Reader, unbroken
from service.web.translations import Translator, french, locale_of

BASE = "/training/packages"
ROWS = 25
LEAST_REASON = 20


class PackagePages(Controller):
    """The shelf of training packages."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.packages.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        cursor: FromQuery[str] = "",
    ) -> Template:
        """What is on the shelf, and the form that brings a package in."""
        return await _list_page(request, session, actor, cursor=cursor)

    @post(operation_id="web.packages.create", status_code=200, request_max_body_size=packages.MOST_UPLOADED)
    async def create(
        self,
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Check the file; refused, every problem is shown with its place, and nothing of it is kept."""
        form = await request.form()
        file, database = form.get("file"), request.app.state.database
        assert isinstance(database, Database)
        if not isinstance(file, UploadFile) or not file.filename:
            told = french("Choisissez le fichier ZIP exporté par votre outil auteur.")
            async with database.transaction(write=False) as session:
                return await _list_page(request, session, actor, errors={"file": told}, status=422)
        rules = in_force(editions.package_rules, civil_date(now))
        found, sha256 = await asyncio.to_thread(packages.check, file.file, rules, files=files)
        if not found.is_accepted:
            return _refused_page(request, found, file.filename)
        async with database.transaction() as session:
            package_id, is_new = await packages.keep(
                session, actor, found, sha256, file_name=file.filename, now=now
            )
        if not is_new:
            told = french("Ce paquet est déjà là : les deux fichiers sont les mêmes, à l'octet près.")
            return redirect(f"{BASE}/{package_id}", flash=told, tone="info")
        told = french("Le paquet est accepté. Essayez-le, puis choisissez-le dans un module.")
        return redirect(f"{BASE}/{package_id}", flash=told)

    @get("/{package_id:str}", operation_id="web.packages.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        cursor: FromQuery[str] = "",
    ) -> Template:
        """One package: its units, the paths that use it, the learners within reach."""
        return await _package_page(request, session, actor, library, package_id, cursor=cursor)

    @post("/{package_id:str}/withdrawal", operation_id="web.packages.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        package_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Withdraw it with a reason; who began it goes on to its end."""
        why = data.get("reason", "").strip()
        if len(why) < LEAST_REASON:
            told = {"reason": french("Dites pourquoi, en vingt caractères au moins.")}
            return await _package_page(
                request, session, actor, library, package_id, errors=told, reason=why, status=422
            )
        try:
            await packages.withdraw(session, actor, package_id, why=why[:2000], now=now)
        except Conflict:
            return redirect(f"{BASE}/{package_id}", flash="Ce paquet est déjà retiré.", tone="info")
        told_so = french("Le paquet est retiré. Les personnes qui l'ont commencé peuvent le finir.")
        return redirect(f"{BASE}/{package_id}", flash=told_so)

    @post("/{package_id:str}/back", operation_id="web.packages.put_back", status_code=200)
    async def put_back(
        self,
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Offer it again."""
        await packages.put_back(session, actor, package_id, now=now)
        return redirect(f"{BASE}/{package_id}", flash="Le paquet est de nouveau proposé.")

    @post("/{package_id:str}/removal", operation_id="web.packages.remove", status_code=200)
    async def remove(
        self,
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Remove it while nobody began it and no path uses it."""
        try:
            await packages.remove(session, actor, package_id, editions=library, now=now)
        except Conflict:
            told = french("Ce paquet sert déjà. Retirez-le plutôt : rien ne se perd.")
            return redirect(f"{BASE}/{package_id}", flash=told, tone="warn")
        return redirect(BASE, flash="Le paquet est supprimé.")

    @get("/{package_id:str}/units/{number:str}", operation_id="web.packages.try")
    async def try_unit(
        self,
        request: Request[Any, Any, Any],
        package_id: FromPath[str],
        number: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """See one unit as a learner would; nothing of it is kept."""
        facts = await shelf.facts_of(session, package_id)
        unit = package_attempts.unit_at(facts.manifest, number_of(number))
        here = f"{BASE}/{facts.id}"
        return render(
            request,
            "packages/try.html",
            title="Essayer un paquet",
            package_title=facts.title,
            href=here,
            unit_title=unit.title or facts.title,
            open_href=f"{here}/units/{number_of(number)}/sessions",
            sandbox=SANDBOX,
        )

    @post("/{package_id:str}/units/{number:str}/sessions", operation_id="web.packages.open", status_code=201)
    async def open(
        self,
        package_id: FromPath[str],
        number: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[dict[str, Any]]:
        """Open a window on it for oneself."""
        opened = await package_attempts.try_unit(session, actor, package_id, number_of(number), now=now)
        return Response(window_told(opened, settings.public_url))


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    cursor: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    secret, translate = request.app.state.secret, Translator(locale_of(request))
    figures = Figures(locale_of(request))
    at = read_cursor(secret, cursor, of="packages") if cursor else None
    after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
    rows = await shelf.page_of(session, limit=ROWS + 1, after=after)
    next_href = ""
    if len(rows) > ROWS:
        position = (rows[ROWS - 1].created_at.isoformat(), rows[ROWS - 1].id)
        next_href = f"{BASE}?cursor={write_cursor(secret, position, of='packages')}"
    return render(
        request,
        "packages/list.html",
        title="Paquets SCORM",
        status=status,
        shelf=tuple(shelf_view(row, figures, translate, href=f"{BASE}/{row.id}") for row in rows[:ROWS]),
        may_write=actor.role is Role.TRAINER,
        errors={name: translate(words) for name, words in (errors or {}).items()},
        first_href=BASE if cursor else "",
        next_href=next_href,
    )


async def _package_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    package_id: str,
    *,
    cursor: str = "",
    errors: dict[str, str] | None = None,
    reason: str = "",
    status: int = 200,
) -> Template:
    secret, locale = request.app.state.secret, locale_of(request)
    translate, figures, say = Translator(locale), Figures(locale), Reader(locale)
    facts = await shelf.facts_of(session, package_id)
    at = read_cursor(secret, cursor, of="package_attempts") if cursor else None
    after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
    rows = await attempts.page_of_package(session, actor, facts.id, limit=ROWS + 1, after=after)
    here, next_href = f"{BASE}/{facts.id}", ""
    if len(rows) > ROWS:
        position = (rows[ROWS - 1].begun_at.isoformat(), rows[ROWS - 1].id)
        next_href = f"{here}?cursor={write_cursor(secret, position, of='package_attempts')}"
    uses = packages.uses_of(library.paths.values(), facts.sha256)
    may_write = actor.role is Role.TRAINER
    return render(
        request,
        "packages/show.html",
        title=facts.title,
        status=status,
        package=shelf_view(facts, figures, translate, href=here),
        facts=facts,
        unpacked=size_in_words(facts.unpacked_bytes, figures, translate),
        standard=STANDARDS[facts.kind],
        units=tuple(
            unit_view(number, one, None, figures, translate, href=f"{here}/units/{number}", is_open=True)
            for number, one in enumerate(facts.manifest.units, 1)
        ),
        uses=tuple((say(path.title), path.edition, say(module.title)) for path, module in uses),
        learners=tuple(attempt_view(one, facts.manifest, figures, translate) for one in rows[:ROWS]),
        first_href=here if cursor else "",
        next_href=next_href,
        may_write=may_write,
        may_remove=may_write and not uses and not facts.learners,
        errors={name: translate(words) for name, words in (errors or {}).items()},
        reason=reason,
    )


def _refused_page(request: Request[Any, Any, Any], found: Checked, file_name: str) -> Template:
    language = Language(locale_of(request).value)
    return render(
        request,
        "packages/refused.html",
        title="Ce paquet ne peut pas être repris",
        status=422,
        file_name=file_name,
        problems=tuple((one.place, unbroken(one.text.said_in(language))) for one in found.problems),
    )
