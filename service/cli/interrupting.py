"""Ctrl-C while a command is still loading."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process at once inside the block, where nothing needs to be closed yet.

    Python's own handler raises KeyboardInterrupt wherever the main thread stands. Inside the import machinery that is
    often a callback whose exceptions are printed and dropped: the Ctrl-C is lost, and the service starts and stays.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
