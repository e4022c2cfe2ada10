"""A learner's own windows on training packages, and the reports of the content that runs in them."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.packages.scorm_states import Answer, Message, Outcome
from service.api.paths.packages_models import (
    OwnPackageOut,
    PackageReportIn,
    PackageReportOut,
    PackageSessionOut,
)
from service.api.responses import problems
from service.flows.learning import package_attempts, package_reports
from service.http.package_content import number_of
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, HomeshoreError, RuleBroken, TooLarge
from service.runtime.settings import Settings

MOST_REPORTED = 4_200_000
"""What one report may weigh: a million characters, as the rules of packages have it, in UTF-8."""


class OwnPackages(Controller):
    """The package of a module that one is learning."""

    path = "/me/assignments/{assignment_id:str}/modules/{module:str}/package"
    tags = ["Learning"]

    @get(operation_id="learning.package", responses=problems(401, 404, 409, 410))
    async def read(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> OwnPackageOut:
        """Read how far one is in the package of a module, unit by unit."""
        place = await package_attempts.place_of(
            session, actor, assignment_id, module, editions=library, now=now
        )
        return OwnPackageOut.of(place)

    @post(
        "/units/{number:str}/sessions",
        operation_id="learning.open_package_unit",
        responses=problems(401, 404, 409, 410),
    )
    async def open(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        number: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> PackageSessionOut:
        """Open a unit in a new window: it resumes where it stopped, and a window opened before is replaced."""
        opened = await package_attempts.open_unit(
            session, actor, assignment_id, module, number_of(number), editions=library, now=now
        )
        return PackageSessionOut.of(opened, settings.public_url)


class PackageReports(Controller):
    """Where windows of running content report."""

    path = "/package-sessions"
    tags = ["Learning"]

    @post(
        "/{session_id:str}/reports",
        operation_id="package_reports.create",
        responses=problems(401, 409, 413, 422),
        status_code=200,
        request_max_body_size=MOST_REPORTED,
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        session_id: FromPath[str],
        data: JSONBody[PackageReportIn],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> PackageReportOut:
        """Take one report with the window's own token (`Authorization: Attempt …`), which no session replaces.

        Told twice it counts once; one that comes after a newer one changes nothing but the best standing. 403 when the
        token is another window's: nothing changes.
        """
        outcome = await package_reports.report(
            session, session_id, _attempt_token(request), Message.model_validate(data.model_dump()),
            editions=library, now=now,
        )  # fmt: skip
        if not outcome.answer.is_taken:
            raise _refused(outcome)
        return PackageReportOut(answer=outcome.answer.value)


def _attempt_token(request: Request[Any, Any, Any]) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "attempt" else ""


def _refused(outcome: Outcome) -> HomeshoreError:
    """Why a report was not taken, as an error that the player tells apart by its code."""
    match outcome.answer:
        case Answer.SESSION_REPLACED:
            return Conflict("This unit was opened in another window since.", code="session-replaced")
        case Answer.SESSION_OVER:
            return Conflict("The content ended this session before.", code="session-over")
        case Answer.NUMBER_REUSED:
            return Conflict("Another report with this number was taken before.", code="number-reused")
        case Answer.WRONG_UNIT:
            return Conflict("This window plays another unit.", code="wrong-unit")
        case Answer.TOO_BIG:
            return TooLarge("The content reports more than is kept.", code="report-too-big")
        case _:
            faults = [
                Fault(f"/values/{one.element}", str(one.error), "not a value of SCORM")
                for one in outcome.faults
            ]
            return RuleBroken(
                "The content reports values that SCORM does not know.", code="report-faulty", faults=faults
            )
