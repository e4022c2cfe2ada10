"""homeshore doctor: every setting, and what this machine lacks with how to get it."""

import os
import re
import sqlite3
import sys
from collections.abc import Callable
from ctypes.util import find_library

import click

from service.cli.output import answer, as_json, told
from service.runtime.database import SAFE_SQLITE
from service.runtime.settings import Settings

PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@click.command()
@as_json
@told
def doctor(json_output: bool) -> None:
    """List every setting, and check what the machine must have."""
    settings = Settings()
    listed = [
        {
            "variable": f"HOMESHORE_{name.upper()}",
            "value": _shown(name, str(getattr(settings, name))),
            "meaning": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]
    checks = [check(settings) for check in CHECKS]
    words = "\n".join(
        [f"{row['variable']} = {row['value']}\n    {row['meaning']}" for row in listed]
        + ["", *(f"{'ok     ' if row['ok'] else 'MISSING'} {row['what']}: {row['say']}" for row in checks)]
    )
    answer({"settings": listed, "checks": checks}, json_output=json_output, words=words)
    sys.exit(0 if all(row["ok"] for row in checks) else 1)


def _shown(name: str, value: str) -> str:
    """A setting's value, without the secret in it."""
    if name in ("secret", "turn_secret", "vault_key"):
        return "(set)" if value else ""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:…@", value)


def _python(_settings: Settings) -> dict[str, object]:
    return {"what": "Python 3.11 or later", "ok": sys.version_info >= (3, 11), "say": sys.version.split()[0]}


def _sqlite(settings: Settings) -> dict[str, object]:
    safe = sqlite3.sqlite_version_info >= SAFE_SQLITE or not settings.is_embedded
    hint = (
        sqlite3.sqlite_version
        if safe
        else f"{sqlite3.sqlite_version}: install the pysqlite3 wheel, or use PostgreSQL"
    )
    return {"what": "SQLite 3.51.3 or later", "ok": safe, "say": hint}


def _pango(_settings: Settings) -> dict[str, object]:
    missing = [name for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset") if not find_library(name)]
    say = "found" if not missing else f"missing {', '.join(missing)}; type: {PANGO}"
    return {"what": "Pango, for PDF documents", "ok": not missing, "say": say}


def _relay(settings: Settings) -> dict[str, object]:
    ok = bool(settings.turn_url) is bool(settings.turn_secret)
    said = "packet loss is measured" if settings.measures_loss else "none: packet loss is “not measured”"
    hint = "set both HOMESHORE_TURN_URL and HOMESHORE_TURN_SECRET, or neither"
    return {"what": "a TURN server, for packet loss (optional)", "ok": ok, "say": said if ok else hint}


def _data_dir(settings: Settings) -> dict[str, object]:
    folder = settings.data_dir.resolve()
    present = folder if folder.exists() else folder.parent
    ok = os.access(present, os.W_OK)
    return {"what": "a data directory that can be written", "ok": ok, "say": str(folder)}


CHECKS: tuple[Callable[[Settings], dict[str, object]], ...] = (_python, _sqlite, _pango, _data_dir, _relay)
