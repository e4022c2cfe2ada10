"""What the README promises, taken out of it: the journey's commands, its table of settings, its links."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from service.runtime.settings import Settings
from tests.processes import COMMAND, ROOT, environment

README = ROOT / "README.md"
JOURNEY = re.compile(r"^## The same journey by API alone$.*?^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)\)|(?:src|href)=\"([^\"#]+)\"")
RUN_SECONDS = 300


def journey() -> str:
    """The commands of the journey, word for word."""
    found = JOURNEY.search(README.read_text("utf-8"))
    assert found, "the README has no journey"
    return found.group(1)


def run_journey(settings: Settings, *, port: int, out: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Run the commands as a newcomer pastes them, against the server on `port`.

    The pack lands in `out`. Gives what the commands named on the way (tokens and ids), by name.
    """
    names = re.findall(r"^\s*([A-Z]+)=\$\(", journey(), re.MULTILINE)
    told = out / "named.json"
    said = "; ".join(f'echo "{name}=${name}"' for name in dict.fromkeys(names))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{journey()}\n{{ {said}; }} > '{told}'"],
        cwd=ROOT,
        env={**environment(settings), "PORT": str(port), "OUT": str(out), **variables},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    (out / "journey.log").write_text(done.stdout, "utf-8")
    return dict(line.split("=", 1) for line in told.read_text("utf-8").splitlines())


def settings_table() -> str:
    """The table of settings as the README must have it, from `homeshore doctor --json` in a bare environment."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("HOMESHORE_")}
    answer = subprocess.run(
        [*COMMAND, "doctor", "--json"], cwd=ROOT, env=bare, capture_output=True, text=True
    )
    rows = ["| variable | without it | meaning |", "| --- | --- | --- |"]
    for row in json.loads(answer.stdout)["settings"]:
        value = f"`{row['value']}`" if row["value"] not in ("", "None") else ""
        rows.append(f"| `{row['variable']}` | {value} | {row['meaning']} |".replace("|  |", "| |"))
    return "\n".join(rows)


def linked_files(page: Path) -> list[Path]:
    """Every file of the project that a page links to or shows."""
    found = [one or other for one, other in LINK.findall(page.read_text("utf-8"))]
    return [page.parent / target for target in found if not re.match(r"[a-z]+:", target)]


if __name__ == "__main__":
    sys.stdout.write(settings_table() + "\n")
