"""Measured lines, for machines: what each came to, and every raw sample."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.assessing import measurements
from service.runtime.actors import Actor
from service.store.assessing import measurements as store
from service.store.assessing.measurements import MeasurementFacts, WholeMeasurementFacts


class MeasurementOut(Out):
    """One measuring of a line. A figure that is absent from `measured` was not measured; `doubts` are for a person.

    `r` and `mos` follow `formula` for the `codec` assumed; `one_way_ms` is estimated from the round trip.
    """

    id: UUID
    candidate_id: UUID
    taken_at: datetime
    part_of_day: str
    is_wired: bool | None
    plan: str
    browser_family: str
    edition: str
    codec: str
    formula: str
    r: float
    mos: Annotated[float, Field(ge=1, le=4.5)]
    one_way_ms: float
    measured: dict[str, int]
    reasons: list[dict[str, str]]
    doubts: list[dict[str, str]]
    result: dict[str, Any]


class WholeMeasurementOut(MeasurementOut):
    """The same with everything the browser sent, untouched."""

    samples: dict[str, Any]


class OwnMeasurements(Controller):
    """A candidate's own line."""

    path = "/me/measurements"
    tags = ["Self-assessment"]

    @get(operation_id="me.measurements.list", responses=problems(401))
    async def list_own(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> list[MeasurementOut]:
        """List what was measured of one's own line, newest first."""
        return [_out(one) for one in await store.kept_of(session, actor)]


class Measurements(Controller):
    """Measured lines, for whoever recruits and equips."""

    tags = ["Screening"]

    @get(
        "/candidates/{candidate_id:str}/measurements",
        operation_id="measurements.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def list_of(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[MeasurementOut]:
        """List what was measured of a person's line, newest first. The read is noted in the audit trail."""
        return [
            _out(one) for one in await measurements.read_measurements(session, actor, candidate_id, now=now)
        ]

    @get(
        "/measurements/{measurement_id:str}",
        operation_id="measurements.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        measurement_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> WholeMeasurementOut:
        """Read one measuring with its raw samples. The read is noted in the audit trail."""
        found = await measurements.read_whole(session, actor, measurement_id, now=now)
        return WholeMeasurementOut(**_members(found), samples=found.samples)


def _out(found: MeasurementFacts) -> MeasurementOut:
    return MeasurementOut(**_members(found))


def _members(found: MeasurementFacts | WholeMeasurementFacts) -> dict[str, Any]:
    result = found.result.model_dump(mode="json")
    call = result["call"]
    return {
        **found.model_dump(exclude={"result", "samples"}),
        "part_of_day": found.part_of_day.value,
        "codec": result["codec"],
        "formula": result["formula"],
        "r": call["r"],
        "mos": call["mos"],
        "one_way_ms": call["one_way_ms"],
        "measured": result["measured"],
        "reasons": result["reasons"],
        "doubts": result["doubts"],
        "result": result,
    }
