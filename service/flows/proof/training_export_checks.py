"""An auditor's archive checked without the service: manifest, trail, badges."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import rfc8785

from service.flows.proof.badges import decoded
from service.flows.proof.training_exports import KEYS, MANIFEST, TRAIL

LARGEST = 50_000_000
"""Bytes of one file; the largest honest one is a paper of some hundred kilobytes."""


def problems_in(archive: zipfile.ZipFile) -> Iterator[str]:
    """What is not as manifest, trail and badges say, each in one line; nothing where all of it holds."""
    names = [one.filename for one in archive.infolist()]
    if MANIFEST not in names:
        yield f"{MANIFEST}: absent"
        return
    if len(set(names)) != len(names):
        yield "archive: a name stands twice"
    listed = {one["name"]: one for one in _read(archive, MANIFEST).get("files", [])}
    for name in sorted(set(names) - set(listed) - {MANIFEST}):
        yield f"{name}: not in the manifest"
    for name in sorted(set(listed) - set(names)):
        yield f"{name}: absent"
    for name in sorted(set(listed) & set(names)):
        content = _content(archive, name)
        if content is None:
            yield f"{name}: larger than {LARGEST} bytes"
        elif hashlib.sha256(content).hexdigest() != listed[name]["sha256"]:
            yield f"{name}: its SHA-256 is another one"
    yield from _in_trail(archive, names)
    yield from _in_badges(archive, names)


def _in_trail(archive: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    if TRAIL not in names:
        return
    places: dict[int, dict[str, Any]] = {}
    for entry in _read(archive, TRAIL)["entries"]:
        if entry["hash"] is None:
            continue  # younger than the chain's last link; said by its missing position
        if hashlib.sha256(rfc8785.dumps(entry["spoken"])).hexdigest() != entry["hash"]:
            yield f"{TRAIL}: entry {entry['spoken']['id']} does not fit its hash"
        places[entry["position"]] = entry
    for position, entry in sorted(places.items()):
        before = places.get(position - 1)
        if before and entry["spoken"]["previous"] != before["hash"]:
            yield f"{TRAIL}: entry {entry['spoken']['id']} does not follow the one before"


def _in_badges(archive: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    keys = _read(archive, KEYS).get("keys", []) if KEYS in names else []
    for name in names:
        if not name.endswith("/badge.jwt"):
            continue
        token = (_content(archive, name) or b"").decode("ascii", "replace")
        if not any(decoded(token, key) for key in keys):
            yield f"{name}: no key of this archive signed it"


def _read(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    read = json.loads(_content(archive, name) or b"{}")
    return read if isinstance(read, dict) else {}


def _content(archive: zipfile.ZipFile, name: str) -> bytes | None:
    with archive.open(name) as file:
        content = file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else None
