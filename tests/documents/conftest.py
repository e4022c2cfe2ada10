"""The law as shipped and the example hirings, read once for all tests of the documents."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

import documents
from documents import law as law_module
from documents import packs
from documents.facts import PackFacts, ShortlistFacts

PACKAGE = Path(documents.__file__).parent
ISSUED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HIRINGS = ("cdi-full-time", "cdd-part-time", "cdi-hybrid-supervisor")


def example(name):
    return PackFacts.model_validate_json((PACKAGE / "examples" / f"{name}.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def law_texts():
    data = PACKAGE / "data"
    return {file.relative_to(data).as_posix(): file.read_text("utf-8") for file in data.rglob("*.yaml")}


@pytest.fixture(scope="session")
def law(law_texts):
    return law_module.gather(law_texts)


@pytest.fixture
def full_time():
    return example("cdi-full-time")


@pytest.fixture
def part_time():
    return example("cdd-part-time")


@pytest.fixture
def supervisor():
    return example("cdi-hybrid-supervisor")


@pytest.fixture
def shortlist():
    return ShortlistFacts.model_validate_json(
        (PACKAGE / "examples" / "shortlist" / "energy-eight-seats.json").read_text("utf-8")
    )


@pytest.fixture(scope="session")
def built(law):
    """The three example packs, rendered once."""
    made = {
        name: packs.build_pack(example(name), law=law, issued_at=ISSUED_AT, reference="HS-2026-0042")
        for name in HIRINGS
    }
    assert all(isinstance(pack, packs.Pack) for pack in made.values()), made
    return made


@pytest.fixture(scope="session")
def planned(law):
    """The three example packs, worded only."""
    return {
        name: packs.plan_pack(example(name), law=law, issued_at=ISSUED_AT, reference="HS-2026-0042")
        for name in HIRINGS
    }


@pytest.fixture
def issued_at():
    return ISSUED_AT


@pytest.fixture
def listener():
    """A port on this machine, and the list of whoever called."""
    server = socket.create_server(("127.0.0.1", 0))
    calls = []

    def listen():
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            calls.append(address)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()
