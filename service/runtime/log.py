"""Logs that an operator can read and a thief cannot use: allow-listed keys, ids only, no bodies, no names."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "method", "path_template", "status", "ms", "actor_role", "kind", "id",
        "state", "attempt", "error_type", "count", "seconds", "worker", "queue", "revision", "address", "port",
    }
)  # fmt: skip


def _only_allowed(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    return {key: value for key, value in entry.items() if key in ALLOWED_KEYS}


def configure_log(level: str) -> None:
    """Set up structured logs on standard error, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos", "alembic", "weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)


log: structlog.stdlib.BoundLogger = structlog.get_logger()
