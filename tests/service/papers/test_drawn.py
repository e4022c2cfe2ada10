"""An unchanged document is drawn once; whatever changes, and whatever is lost or damaged, is drawn again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from documents import packs, pdf
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from service.jobs.tools import Tools
from service.runtime.drawn import DrawnFiles
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from tests.conftest import FixedClock

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEY = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def drawn(tmp_path: Path, store: FileStore) -> DrawnFiles:
    return DrawnFiles(tmp_path / "drawn", store)


def test_what_was_noted_is_found_until_its_file_is_gone(drawn: DrawnFiles, store: FileStore) -> None:
    assert drawn.find(KEY) is None
    sha256 = store.put(b"%PDF-1.7")
    drawn.note(KEY, sha256)
    assert drawn.find(KEY) == sha256
    assert drawn.forget_lost() == 0
    store.remove(sha256)
    assert drawn.find(KEY) is None
    assert drawn.forget_lost() == 1
    assert drawn.forget_lost() == 0


def test_a_damaged_file_or_note_is_no_find(drawn: DrawnFiles, store: FileStore, tmp_path: Path) -> None:
    sha256 = store.put(b"%PDF-1.7")
    drawn.note(KEY, sha256)
    store.path_of(sha256).write_bytes(b"%PDF-1.8")
    assert drawn.find(KEY) is None
    for torn in (b"", b"../../etc/passwd", sha256[:40].encode(), b"\xff" * 64):
        (tmp_path / "drawn" / "ab" / KEY).write_bytes(torn)
        assert drawn.find(KEY) is None
    assert drawn.find("../x") is None


def plan_of(html: str = "<p>Un</p>") -> DocumentPlan:
    return DocumentPlan(
        kind=DocumentKind.SHORTLIST, file_name="a.pdf", title="Titre", template="shortlist.2026-11.html",
        signatories=(), identifier="0" * 32, created=AT, html=html, facts_json='{"facts": 1}',
    )  # fmt: skip


def test_the_key_changes_with_words_facts_moment_and_libraries() -> None:
    plan = plan_of()
    keys = {
        packs.key_of(plan, making="weasyprint 70.0"),
        packs.key_of(plan, making="weasyprint 70.1"),
        packs.key_of(plan_of("<p>Deux</p>"), making="weasyprint 70.0"),
        packs.key_of(plan.model_copy(update={"created": AT.replace(hour=10)}), making="weasyprint 70.0"),
        packs.key_of(plan.model_copy(update={"facts_json": "{}"}), making="weasyprint 70.0"),
    }
    assert len(keys) == 5
    assert packs.key_of(DocumentPlan.model_validate_json(plan.model_dump_json()), making="x") == packs.key_of(
        plan, making="x"
    )


def test_an_unchanged_document_is_drawn_once_even_by_the_next_start(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path)
    calls: list[str] = []

    def render(_kit: Tools, make: object, *_: object) -> object:
        calls.append(getattr(make, "__name__", ""))
        return "weasyprint 70.0" if make is pdf.making else b"%PDF-1.7 drawn"

    monkeypatch.setattr(Tools, "render", render)
    for _ in range(2):
        kit = Tools(settings, clock, FileStore(tmp_path / "files"))
        try:
            first = kit.draw(plan_of())
            assert kit.draw(plan_of()) == first
            assert kit.files.get(first) == b"%PDF-1.7 drawn"
        finally:
            kit.renderers.shutdown()
    assert calls == ["making", "render_document", "making"]
