"""The law as shipped, read once for all tests of the documents."""

from pathlib import Path

import pytest

import documents
from documents import law as law_module


@pytest.fixture(scope="session")
def law_texts():
    data = Path(documents.__file__).parent / "data"
    return {file.relative_to(data).as_posix(): file.read_text("utf-8") for file in data.rglob("*.yaml")}


@pytest.fixture(scope="session")
def law(law_texts):
    return law_module.gather(law_texts)
