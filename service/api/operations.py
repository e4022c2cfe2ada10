"""Is it alive, is it ready, how is it doing: for whoever runs the service."""

from litestar import Controller, MediaType, Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from service.api.models import Out
from service.api.responses import problems


class HealthOut(Out):
    """`ok` when the process answers (live) and reaches its database (ready)."""

    status: str


class Operations(Controller):
    """Health and metrics."""

    tags = ["Operations"]

    @get("/live", operation_id="ops.live", security=[{}], responses=problems())
    async def live(self) -> HealthOut:
        """Say that the process answers."""
        return HealthOut(status="ok")

    @get("/ready", operation_id="ops.ready", security=[{}], responses=problems(503))
    async def ready(self, state: State) -> HealthOut:
        """Say that the database is reached."""
        async with state.database.transaction(write=False) as session:
            await session.execute(text("SELECT 1"))
        return HealthOut(status="ok")

    @get("/metrics", operation_id="ops.metrics", responses=problems(401), media_type=MediaType.TEXT)
    async def metrics(self) -> Response[bytes]:
        """Counters in Prometheus' text form; no label names a person."""
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
