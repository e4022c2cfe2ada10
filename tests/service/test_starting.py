"""What a start of the service must not wait for."""

import subprocess
import sys

SLOW_TO_LOAD = ("scipy.stats", "scipy.optimize", "scipy.special", "weasyprint", "sklearn")

LOADED = f"import sys; import service.app; print([name for name in {SLOW_TO_LOAD!r} if name in sys.modules])"


def test_what_only_some_work_needs_is_not_loaded_at_the_start() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
