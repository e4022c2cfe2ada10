"""What handlers receive: the request's one transaction, who acts, the time, the settings, the files, the editions."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.matching.lexicons import InForce
from service.flows.paths import path_shelf
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.runtime.vault import Vault, installation_vault

READS = ("GET", "HEAD", "OPTIONS")


async def provide_session(request: Request[Any, Any, Any]) -> AsyncIterator[AsyncSession]:
    """One transaction for the whole request, committed before the answer leaves; a failing commit becomes the answer.

    A read of a person's file writes an audit entry, so its handler says `opt={"audited": True}` and gets a writing one.
    """
    write = request.method not in READS or bool(request.route_handler.opt.get("audited"))
    async with request.app.state.database.transaction(write=write) as session:
        yield session


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    actor: Actor = request.user
    return actor


def provide_now(state: State) -> datetime:
    now: datetime = state.clock()
    return now


def provide_settings(state: State) -> Settings:
    settings: Settings = state.settings
    return settings


def provide_files(state: State) -> FileStore:
    files: FileStore = state.files
    return files


def provide_vault(state: State) -> Vault:
    """What opens what is kept under seal; the key is read when it is needed, never kept with the requests."""
    return installation_vault(state.settings)


async def provide_editions(state: State) -> Editions:
    """The editions in force, our own skills as people changed them."""
    in_force: InForce = state.in_force
    return await in_force.editions()


async def provide_library(
    session: NamedDependency[AsyncSession], editions: NamedDependency[Editions]
) -> Editions:
    """The same with every path that trainers published here: what whoever speaks of training takes."""
    return await path_shelf.library(session, editions)


async def provide_library_apart(state: State, editions: NamedDependency[Editions]) -> Editions:
    """The library for a handler that takes no session, since it opens transactions of its own: read in a short one.

    `library` would hold the request's transaction open beside them, and SQLite's one writer would wait for itself.
    """
    async with state.database.transaction(write=False) as session:
        return await path_shelf.library(session, editions)


DEPENDENCIES = {
    "session": Provide(provide_session),
    "actor": Provide(provide_actor, sync_to_thread=False),
    "now": Provide(provide_now, sync_to_thread=False),
    "settings": Provide(provide_settings, sync_to_thread=False),
    "files": Provide(provide_files, sync_to_thread=False),
    "vault": Provide(provide_vault, sync_to_thread=False),
    "editions": Provide(provide_editions),
    "library": Provide(provide_library),
    "library_apart": Provide(provide_library_apart),
}
