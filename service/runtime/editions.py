"""Every dated data file of the core, found and checked whole once at start."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from assessments import instruments
from onboarding import paths

T = TypeVar("T")


@dataclass(frozen=True)
class Editions:
    """What is in force, by what it is; older editions stay readable under (slug, edition)."""

    instruments: Mapping[tuple[str, str], instruments.Instrument]
    paths: Mapping[tuple[str, str], paths.Path]


@cache
def load_editions() -> Editions:
    """Read every edition; a faulty file stops the start with all its faults named."""
    return Editions(
        instruments=_by_edition("assessments", "data/instruments", instruments.read),
        paths=_by_edition("onboarding", "data/paths", paths.read),
    )


def _by_edition(package: str, folder: str, read: Callable[[str], T]) -> Mapping[tuple[str, str], T]:
    found = {}
    for text in _texts(package, folder):
        edition = read(text)
        found[edition.slug, edition.edition] = edition  # type: ignore[attr-defined]
    return found


def _texts(package: str, folder: str) -> Iterator[str]:
    for slug in sorted(files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if slug.is_dir():
            for source in sorted(slug.iterdir(), key=lambda entry: entry.name):
                if source.name.endswith(".yaml"):
                    yield source.read_text("utf-8")
