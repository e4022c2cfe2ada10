"""Training paths: what can be given to people today."""

from datetime import date, datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.paths import Path
from service.api.models import In, Out, Reason
from service.api.paths.training_models import PathOut, PathsOut
from service.api.responses import problems
from service.flows.paths import authoring, paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.store.paths import authoring as store


class EditionLineOut(Out):
    """One edition of a path: shipped or published here, and how many people are on it."""

    edition: str
    valid_from: date
    is_shipped: bool
    note: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    reason: str
    learners: int


class EditionsOut(Out):
    """Every edition kept of a path, the newest first."""

    items: tuple[EditionLineOut, ...]


class EditionOut(Out):
    """One edition whole, its quizzes with their keys: for those who write and look after paths."""

    path: Path


class PathWithdrawalIn(In):
    """Why an edition is given to nobody any more."""

    reason: Reason


class Paths(Controller):
    """Training paths."""

    path = "/paths"
    tags = ["Training"]

    @get(operation_id="paths.list", responses=problems(401))
    async def list(self, library: NamedDependency[Editions], now: NamedDependency[datetime]) -> PathsOut:
        """List the paths given today, each in its edition in force."""
        found = paths.in_force(library, civil_date(now))
        return PathsOut(items=[PathOut.of(one, paths.editions_of(library, one.slug)) for one in found])

    @get("/{slug:str}", operation_id="paths.read", responses=problems(401, 404))
    async def read(
        self, slug: FromPath[str], library: NamedDependency[Editions], now: NamedDependency[datetime]
    ) -> PathOut:
        """Read one path: objectives, assistance, modules with their average time."""
        found = paths.to_give(library, slug, today=civil_date(now))
        return PathOut.of(found, paths.editions_of(library, slug))

    @get("/{slug:str}/editions", operation_id="editions.list", responses=problems(401, 404))
    async def editions(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
    ) -> EditionsOut:
        """List every edition kept of a path."""
        kept = paths.editions_of(library, slug)
        if not kept:
            raise NotFound("There is no path of that name.")
        found = await store.editions_of(session, slug, kept)
        told = {"published_by", "withdrawn_by", "under_way"}
        return EditionsOut(
            items=tuple(
                EditionLineOut(
                    **found[name].model_dump(exclude=told), valid_from=library.paths[slug, name].valid_from
                )
                for name in kept
            )
        )

    @get("/{slug:str}/editions/{edition:str}", operation_id="editions.read", responses=problems(401, 404))
    async def edition(
        self, slug: FromPath[str], edition: FromPath[str], library: NamedDependency[Editions]
    ) -> EditionOut:
        """Read one edition whole: every page as Markdown, every question with its key."""
        found = library.paths.get((slug, edition))
        if found is None:
            raise NotFound("No edition of that name is kept.")
        return EditionOut(path=found)

    @post(
        "/{slug:str}/editions/{edition:str}/withdrawal",
        operation_id="editions.withdraw",
        status_code=200,
        responses=problems(401, 404, 422),
    )
    async def withdraw(
        self,
        slug: FromPath[str],
        edition: FromPath[str],
        data: JSONBody[PathWithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Give an edition to nobody any more; those who began it finish it."""
        await authoring.withdraw(session, actor, slug, edition, reason=data.reason, library=library, now=now)
