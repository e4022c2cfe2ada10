"""Training packages: the shelf for trainers, a learner's own windows, and the reports of running content."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, MultipartBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.paths.packages_models import (
    PackageAttemptOut,
    PackageAttemptsOut,
    PackageOut,
    PackagesOut,
    PackageWithdrawalIn,
)
from service.api.responses import problems
from service.flows.paths import packages
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions, in_force
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store.learning import package_attempts as attempts
from service.store.paths import packages as shelf


@dataclass
class PackageForm:
    """One ZIP file as an authoring tool exports it: SCORM 1.2, or SCORM 2004 of a single unit."""

    file: UploadFile


class Packages(Controller):
    """The shelf of training packages."""

    path = "/packages"
    tags = ["Training"]

    @get(operation_id="packages.list", responses=problems(401, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[PackagesOut]:
        """List the shelf, the newest first."""
        secret = request.app.state.secret
        at = read_cursor(secret, cursor, of="packages") if cursor else None
        after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
        rows = await shelf.page_of(session, limit=checked_limit(limit) + 1, after=after)
        headers = {}
        if len(rows) > limit:
            position = (rows[limit - 1].created_at.isoformat(), rows[limit - 1].id)
            written = write_cursor(secret, position, of="packages")
            headers["Link"] = next_link(request, settings.public_url, written)
        return Response(PackagesOut(items=[PackageOut.of(row) for row in rows[:limit]]), headers=headers)

    @post(
        operation_id="packages.create",
        responses=problems(401, 413, 422),
        request_max_body_size=packages.MOST_UPLOADED,
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: MultipartBody[PackageForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[PackageOut]:
        """Bring in a package. It is checked before anything is unpacked: 422 names every problem with its place.

        The same bytes again are the same package: 200 instead of 201.
        """
        rules = in_force(editions.package_rules, civil_date(now))
        found, sha256 = await asyncio.to_thread(packages.check, data.file.file, rules, files=files)
        if not found.is_accepted:
            raise packages.refusal(found)
        database: Database = request.app.state.database
        async with database.transaction() as session:
            package_id, is_new = await packages.keep(
                session, actor, found, sha256, file_name=data.file.filename, now=now
            )
            facts = await shelf.facts_of(session, package_id)
        headers = {"Location": f"/api/v1/packages/{package_id}"}
        return Response(PackageOut.of(facts), status_code=201 if is_new else 200, headers=headers)

    @get("/{package_id:str}", operation_id="packages.read", responses=problems(401, 404))
    async def read(self, package_id: FromPath[str], session: NamedDependency[AsyncSession]) -> PackageOut:
        """Read one package: its units, its size, whether it is withdrawn."""
        return PackageOut.of(await shelf.facts_of(session, package_id))

    @get("/{package_id:str}/attempts", operation_id="packages.attempts", responses=problems(401, 404, 422))
    async def attempts(
        self,
        request: Request[Any, Any, Any],
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[PackageAttemptsOut]:
        """List the learners within reach who began a package, the latest first."""
        secret, facts = request.app.state.secret, await shelf.facts_of(session, package_id)
        at = read_cursor(secret, cursor, of="package_attempts") if cursor else None
        after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
        rows = await attempts.page_of_package(
            session, actor, facts.id, limit=checked_limit(limit) + 1, after=after
        )
        headers = {}
        if len(rows) > limit:
            position = (rows[limit - 1].begun_at.isoformat(), rows[limit - 1].id)
            written = write_cursor(secret, position, of="package_attempts")
            headers["Link"] = next_link(request, settings.public_url, written)
        out = PackageAttemptsOut(items=[PackageAttemptOut.of(row) for row in rows[:limit]])
        return Response(out, headers=headers)

    @post(
        "/{package_id:str}/withdrawal",
        operation_id="packages.withdraw",
        responses=problems(401, 404, 409),
        status_code=200,
    )
    async def withdraw(
        self,
        package_id: FromPath[str],
        data: JSONBody[PackageWithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PackageOut:
        """Withdraw a package with a reason: who began it goes on to its end, nobody else opens it."""
        await packages.withdraw(session, actor, package_id, why=data.why, now=now)
        return PackageOut.of(await shelf.facts_of(session, package_id))

    @delete(
        "/{package_id:str}/withdrawal",
        operation_id="packages.put_back",
        responses=problems(401, 404),
        status_code=200,
    )
    async def put_back(
        self,
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PackageOut:
        """Offer a withdrawn package again."""
        await packages.put_back(session, actor, package_id, now=now)
        return PackageOut.of(await shelf.facts_of(session, package_id))

    @delete(
        "/{package_id:str}",
        operation_id="packages.remove",
        responses=problems(401, 404, 409),
        status_code=204,
    )
    async def remove(
        self,
        package_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Remove a package that nobody began and no path uses."""
        await packages.remove(session, actor, package_id, editions=library, now=now)
