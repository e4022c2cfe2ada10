"""A path whose one module is a training package, and those who bring it in, learn with it and report for it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from onboarding.paths.paths import Path
from service.flows.matching.lexicons import InForce
from service.flows.paths import path_shelf
from service.runtime.vocabulary import Role
from service.tables.authoring import TrainingEdition
from service.tables.people import Staff
from service.tables.training import LearningEvent
from tests.conftest import NOON, FixedClock
from tests.onboarding.package_lessons import REASSURING, WELCOMING
from tests.onboarding.package_makers import Sco, item, manifest, package
from tests.service.callers import add_candidate, as_candidate, as_staff
from tests.service.learning.test_assignments import give

SLUG, MODULE = "packaged", "play"
PAGE = b"<!doctype html><html><head><meta charset='utf-8'><title>U</title></head><body><p>Bonjour</p></body></html>"


def said(words: str) -> dict[str, str]:
    return {"fr": words, "en": f"{words} (en)"}


def path_with(sha256: str, *, slug: str = SLUG) -> Path:
    """One module, and all there is to do in it is the package."""
    return Path.model_validate(
        {
            "slug": slug, "edition": "2026-11", "valid_from": "2026-11-01", "source": "test", "confidence": "V1",
            "title": said("Accueillir"), "purpose": said("Savoir accueillir."), "audience": said("Tous."),
            "objectives": [said("Accueillir.")], "assistance": said("Demandez."),
            "modules": [
                {
                    "slug": MODULE, "title": said("Jouer"), "purpose": said("Jouer le paquet."), "minutes": 30,
                    "due_days": 5, "package": {"sha256": sha256, "title": said("L'accueil")},
                }
            ],
        }
    )  # fmt: skip


def edition_of(path: Path) -> TrainingEdition:
    """The row of a path that trainers published."""
    document = path_shelf.document_of(path)
    return TrainingEdition(path=path.slug, edition=path.edition, document=document, published_at=NOON)


async def publish(app: Any, path: Path) -> None:
    """Put this path among those that trainers published."""
    async with app.state.database.transaction() as session:
        session.add(edition_of(path))


def put_path(app: Any, path: Path) -> None:
    """Let the library hold this path, too."""
    editions = replace(
        app.state.editions, paths={**app.state.editions.paths, (path.slug, path.edition): path}
    )
    app.state.editions, app.state.in_force = editions, InForce(app.state.database, editions)


def marked(least: int = 80) -> bytes:
    """A package of one unit with a pass mark."""
    unit = Sco("SCO-1", "unit/index.html", inside=f"<adlcp:masteryscore>{least}</adlcp:masteryscore>")
    return package(manifest(unit), further=[item("unit/index.html", PAGE), item("unit/a.css", b"p{}")])


def two_units() -> bytes:
    """A package of two units, the second after the first, that read and report as training does."""
    first = Sco("SCO-1", "a.html", "Accueillir", "<adlcp:masteryscore>80</adlcp:masteryscore>")
    after = "<adlcp:prerequisites type='aicc_script'>SCO-1</adlcp:prerequisites>"
    units = manifest(first, Sco("SCO-2", "b.html", "Rassurer", after))
    return package(units, further=[item("a.html", WELCOMING), item("b.html", REASSURING)])


async def bring_in(trainer: httpx.AsyncClient, held: bytes, name: str = "accueil.zip") -> httpx.Response:
    return await trainer.post("/api/v1/packages", files={"file": (name, held, "application/zip")})


class Playing:
    """A trainer with a package on the shelf, a path that uses it, and a learner who has that path."""

    def __init__(self, app: Any, clock: FixedClock) -> None:
        self.app, self.clock = app, clock
        self.number = 0

    async def set_up(self, held: bytes) -> "Playing":
        self.trainer = await as_staff(self.app, self.clock, Role.TRAINER)
        brought = await bring_in(self.trainer, held)
        assert brought.status_code == 201, brought.text
        self.package: dict[str, Any] = brought.json()
        put_path(self.app, path_with(self.package["sha256"]))
        self.person, self.learner, self.assignment = await self.another()
        return self

    async def another(self, name: str = "Inès") -> tuple[UUID, httpx.AsyncClient, str]:
        """One more learner who was given the path."""
        self.number += 1
        person = await add_candidate(
            self.app, self.clock, given_name=name, email=f"p{self.number}@example.com", pseudonym=f"P-{self.number}"
        )  # fmt: skip
        given = await give(self.trainer, path=SLUG, candidate_id=str(person), start_date="2026-11-24")
        assert given.status_code == 201, given.text
        return person, await as_candidate(self.app, self.clock, person), given.json()["assignments"][0]

    def address(self, assignment: str = "") -> str:
        return f"/api/v1/me/assignments/{assignment or self.assignment}/modules/{MODULE}/package"

    async def open(
        self, unit: int = 1, *, by: httpx.AsyncClient | None = None, of: str = ""
    ) -> dict[str, Any]:
        """A window that was just opened."""
        answer = await (by or self.learner).post(f"{self.address(of)}/units/{unit}/sessions")
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def report(
        self,
        window: dict[str, Any],
        number: int = 1,
        *,
        is_final: bool = False,
        token: str = "",
        **values: str,
    ) -> httpx.Response:
        """One report of the content in this window; names of values have __ for the dots behind `cmi`."""
        body = {
            "unit": window["unit"], "session": window["session"], "number": number, "is_final": is_final,
            "values": {f"cmi.{name.replace('__', '.')}": value for name, value in values.items()},
        }  # fmt: skip
        async with httpx.AsyncClient(
            transport=self.trainer._transport, base_url="http://homeshore.test"
        ) as frame:
            return await frame.post(
                window["commit"], json=body, headers={"Authorization": f"Attempt {token or window['token']}"}
            )

    async def fetch(self, window: dict[str, Any], name: str, **headers: str) -> httpx.Response:
        """What the frame loads, without a session of anybody's."""
        async with httpx.AsyncClient(transport=self.trainer._transport) as frame:
            return await frame.get(window["folder"] + name, headers=headers)

    async def progress(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.learner.get(f"/api/v1/me/assignments/{self.assignment}")).json()
        return told

    async def own(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.learner.get(self.address())).json()
        return told


DONE: dict[str, Any] = {
    "core__lesson_status": "completed",
    "core__score__raw": "90",
    "core__session_time": "0000:02:30.00",
}
"""What content reports at its end, as keyword arguments of `Playing`."""


async def rows(app: Any, *tables: Any) -> list[int]:
    async with app.state.database.transaction(write=False) as session:
        return [int(await session.scalar(select(func.count()).select_from(table)) or 0) for table in tables]


async def events(app: Any) -> list[tuple[bool | None, int | None, int]]:
    async with app.state.database.transaction(write=False) as session:
        found = await session.scalars(select(LearningEvent).order_by(col(LearningEvent.at)))
        return [(one.is_passed, one.mark_percent, one.seconds) for one in found]


async def staff_id_in(app: Any) -> Any:
    async with app.state.database.transaction(write=False) as session:
        return await session.scalar(select(col(Staff.id)))
