"""The library of paths: what ships beside what trainers published here, without what was taken back."""

import json
from dataclasses import replace

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.paths import Path
from service.flows.matching.lexicons import Kept
from service.runtime.editions import Editions
from service.runtime.log import log
from service.store.paths import authoring as store

_INDEXED = ("resolver", "matcher")
_libraries: Kept[tuple[Editions, Editions]] = Kept()


async def library(session: AsyncSession, editions: Editions) -> Editions:
    """The editions with every path there is, and which of them nobody is given any more.

    One query; where nobody published or took back anything since, it is the same object as before.
    """
    found = await store.stamp(session)
    if found == store.NOTHING:
        return editions
    key = (found, id(editions))
    kept = _libraries.of(key) or _libraries.keep(key, (editions, await _made(session, editions)))
    return kept[1]


async def _made(session: AsyncSession, editions: Editions) -> Editions:
    paths = dict(editions.paths)
    for one in await store.published(session):
        path = _read(one)
        if path is not None:
            paths[one.path, one.edition] = path
    made = replace(editions, paths=paths, withdrawn=await store.withdrawn(session))
    # What is indexed over the skills is the same: it is handed on, not made again after each publication.
    made.__dict__.update({name: editions.__dict__[name] for name in _INDEXED if name in editions.__dict__})
    return made


def _read(one: store.Published) -> Path | None:
    """The path; one that this version of the service cannot read is left out, with a line in the log."""
    try:
        return path_of(one.document)
    except ValidationError:
        log.error("published_edition_unread", path=one.path, edition=one.edition)
        return None


def path_of(document: dict[str, object]) -> Path:
    """A path from its row; JSON's own types are strict ones, so dates and tuples are read from text."""
    return Path.model_validate_json(json.dumps(document))


def document_of(path: Path) -> dict[str, object]:
    """A path as its row keeps it."""
    return path.model_dump(mode="json", by_alias=True)
