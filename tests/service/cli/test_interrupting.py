"""Ctrl-C while a command loads."""

import signal
import subprocess
import sys

IN_A_CALLBACK = """
import time
from service.cli.interrupting import ending_at_once

class Dropped:
    def __del__(self):
        print("here", flush=True)
        time.sleep(60)

with ending_at_once():
    Dropped()
print("went on", flush=True)
time.sleep(60)
"""


def test_a_ctrl_c_in_a_callback_of_the_interpreter_ends_the_process_and_is_not_lost() -> None:
    process = subprocess.Popen([sys.executable, "-c", IN_A_CALLBACK], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert (said, process.returncode) == ("", -signal.SIGINT)


def test_afterwards_ctrl_c_is_what_it_was() -> None:
    from service.cli.interrupting import ending_at_once

    before = signal.getsignal(signal.SIGINT)
    with ending_at_once():
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before
