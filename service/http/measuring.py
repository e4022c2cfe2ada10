"""One counter, one clock and one log line a request: method, route, status, milliseconds; never a body or a name."""

import time

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from service.runtime.log import log

REQUESTS = Counter("homeshore_requests_total", "Requests by route and status.", ["method", "route", "status"])
SECONDS = Histogram("homeshore_request_seconds", "Time to answer, by route.", ["method", "route"])


class Measuring:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != ScopeType.HTTP
        ):  # servers name it by a plain text, which is equal and not identical
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        scope["began"] = started  # type: ignore[typeddict-unknown-key]

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            _note(scope, status, time.perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("path_template") or "unmatched"
    method = scope.get("method", "")
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)
    log.info("request", method=method, path_template=route, status=status, ms=round(seconds * 1000, 1))
