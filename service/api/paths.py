"""Training paths: what can be given to people today."""

from datetime import datetime

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.api.responses import problems
from service.api.training_models import PathOut, PathsOut
from service.flows import paths
from service.runtime.clock import civil_date
from service.runtime.editions import Editions


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
