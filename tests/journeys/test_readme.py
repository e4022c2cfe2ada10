"""The README is true: its commands run as pasted, its table of settings is the service's, its links lead somewhere."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from service.runtime.settings import Settings
from tests.conftest import NOON
from tests.journeys.readme import README, linked_files, run_journey, settings_table
from tests.processes import ROOT, free_port, start_server

PAGES = (README, *sorted(ROOT.glob("*/README.md")))


def test_the_journey_by_api_alone_ends_with_a_pack_as_the_readme_says(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    port, moment = free_port(), {"HOMESHORE_PRETEND_NOW": NOON.isoformat()}
    server = start_server(sqlite_settings, port=port, demo=True, **moment)
    try:
        named = run_journey(sqlite_settings, port=port, out=tmp_path, variables=moment)
    finally:
        server.stop()
    with ZipFile(tmp_path / "pack.zip") as archive:
        papers = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(papers) == 4
        assert all(archive.read(name).startswith(b"%PDF-") for name in papers)
        assert len(json.loads(archive.read("manifest.json"))["documents"]) == 4
    assert named["CANDIDATE"]


def test_the_table_of_settings_is_what_doctor_lists() -> None:
    assert settings_table() in README.read_text("utf-8"), f"put this into the README:\n{settings_table()}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_readme_leads_somewhere(page: Path) -> None:
    gone = [str(target) for target in linked_files(page) if not target.exists()]
    assert not gone, gone
