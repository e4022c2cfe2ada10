"""Bytes that move only to be counted: who may move them, how many at most, and how long the server itself took."""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import InternalServerException
from litestar.handlers.base import BaseRouteHandler

from assessments.lines.policy import Plan
from service.flows.assessing.measurements import is_over
from service.runtime.errors import Gone, NotFound, TooLarge, TooManyRequests, UnsupportedMediaType
from service.runtime.vocabulary import MeasurementState
from service.store.assessing import measurements

CHUNK = token_urlsafe(49_152)[:65_536].encode()
"""One block of letters that no network on the way can make smaller; sent again and again."""
SLACK = 2
"""Times the plan that may be moved: a browser repeats what failed."""
MOST_REMEMBERED = 10_000
PLAIN = ("", "text/plain", "application/octet-stream")


@dataclass
class Moved:
    """What one measuring moved so far, and how many transfers of it are under way."""

    down: int = 0
    up: int = 0
    under_way: int = 0


class Ledger:
    """What each open measuring has moved in this process; forgotten oldest first. Another process counts its own."""

    def __init__(self) -> None:
        self._moved: OrderedDict[str, Moved] = OrderedDict()

    def of(self, measurement_id: str) -> Moved:
        found = self._moved.setdefault(measurement_id, Moved())
        self._moved.move_to_end(measurement_id)
        while len(self._moved) > MOST_REMEMBERED:
            self._moved.popitem(last=False)
        return found


LEDGER = Ledger()
MOST_AT_ONCE = 4
"""One transfer, the round trips beside it, and two that a browser gave up but the network has not."""


async def has_open_measurement(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Guard: only the person who opened this measuring, and only while it is open.

    In a reading transaction of its own, over before the first byte moves: nothing slow may hold the database.
    """
    state = connection.app.state
    now = state.clock()
    async with state.database.transaction(write=False) as session:
        opened = await measurements.own(
            session, connection.user, str(connection.path_params["measurement_id"])
        )
    policy = state.editions.line_policy_of(opened.edition)
    if opened.state is not MeasurementState.OPEN or is_over(policy, opened, now=now):
        raise Gone("This measuring is over; open a new one.", code="measurement-over")
    connection.scope["state"]["plan"] = policy.plan(opened.plan)


def plan_of(request: Request[Any, Any, Any]) -> Plan:
    """The plan of the measuring that the guard let through."""
    plan: Plan = request.scope["state"]["plan"]
    return plan


def measuring_of(request: Request[Any, Any, Any]) -> Moved:
    """What this measuring moved; raises when too much of it is under way at once."""
    moved = LEDGER.of(str(request.path_params["measurement_id"]))
    if moved.under_way >= MOST_AT_ONCE:
        raise TooManyRequests("Too many transfers of one measuring at once.")
    return moved


def check_wish(plan: Plan, wanted: int) -> None:
    """One transfer may be as large as the plan's largest, and no larger."""
    if wanted < 0:
        raise NotFound
    if wanted > plan.largest:
        raise TooLarge("At most %(most)s bytes at a time.", most=plan.largest)


def may_send(plan: Plan, moved: Moved, wanted: int) -> None:
    """Note what is about to be sent down; TooManyRequests when the measuring has had its share."""
    check_wish(plan, wanted)
    if moved.down + wanted > SLACK * plan.most_bytes("download"):
        raise TooManyRequests("This measuring has received all that it may.")
    moved.down += wanted


async def blocks(wanted: int, moved: Moved) -> AsyncIterator[bytes]:
    """So many bytes, a block at a time; the network's own pace holds it back, so little is in memory."""
    moved.under_way += 1
    try:
        for start in range(0, wanted, len(CHUNK)):
            yield CHUNK[: min(len(CHUNK), wanted - start)]
    finally:
        moved.under_way -= 1


async def swallow(request: Request[Any, Any, Any], plan: Plan, moved: Moved) -> int:
    """Read a body to its end and keep nothing of it; how many bytes it was. Raises as soon as it is too much."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() not in PLAIN:
        raise UnsupportedMediaType("Send plain bytes: application/octet-stream or text/plain.")
    check_wish(plan, request.content_length or 0)
    moved.under_way += 1
    taken = 0
    try:
        async for block in request.stream():
            taken += len(block)
            moved.up += len(block)
            check_wish(plan, taken)
            if moved.up > SLACK * plan.most_bytes("upload"):
                raise TooManyRequests("This measuring has sent all that it may.")
    except InternalServerException:  # the browser went away in the middle: nothing of it was kept anyway
        raise Gone("The connection was lost before the end.") from None
    finally:
        moved.under_way -= 1
    return taken


def server_timing(request: Request[Any, Any, Any]) -> str:
    """How long the request has been here, in the words that the measuring script subtracts from a round trip."""
    began: float = request.scope["began"]  # type: ignore[typeddict-item]
    spent_ms = (time.perf_counter() - began) * 1000
    return f"cfReqDur;dur={spent_ms:.3f}"
