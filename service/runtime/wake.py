"""A bell between a commit and the dispatcher of durable work in the same process; a sweep hears what it misses."""

import threading

_bell = threading.Event()


def ring() -> None:
    """Say that an outbox row was committed."""
    _bell.set()


def wait(seconds: float) -> bool:
    """Wait for the bell at most that long; True when it rang."""
    rang = _bell.wait(seconds)
    _bell.clear()
    return rang
