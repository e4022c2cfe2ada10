"""homeshore proof check: what an auditor was given, held against its own manifest."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main


def archive(path: Path, files: dict[str, bytes], **listed: bytes) -> Path:
    """An archive whose manifest lists `files` (or what `listed` says of a file of that name)."""
    told = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(listed.get(name, content)).hexdigest()}
        for name, content in files.items()
    ]
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
        made.writestr("manifest.json", json.dumps({"files": told}))
    return path


def check(path: Path) -> tuple[int, Any]:
    done = CliRunner().invoke(main, ["proof", "check", str(path), "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else done.output


def test_an_archive_that_is_as_its_manifest_says_holds(tmp_path: Path) -> None:
    assert check(archive(tmp_path / "a.zip", {"a": b"1"})) == (0, {"holds": True, "problems": []})


def test_what_was_changed_or_signed_by_nobody_is_named(tmp_path: Path) -> None:
    files = {"a": b"1", "b": b"2", "personnes/0001-a/badge.jwt": b"a.b.c"}
    status, said = check(archive(tmp_path / "a.zip", files, b=b"3"))
    assert (status, said["holds"]) == (1, False)
    assert said["problems"] == [
        "b: its SHA-256 is another one",
        "personnes/0001-a/badge.jwt: no key of this archive signed it",
    ]


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100])
def test_what_is_no_archive_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    status, said = check(tmp_path / "a.zip")
    assert status == 1
    assert "is not an archive of proofs" in said
