"""A learner in a training package: a unit opened in a window of its own, its reports kept, and what they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.progress import Progress
from onboarding.packages.manifests import Manifest, Unit, UnitKind
from onboarding.packages.scorm_resuming import resumed_values
from onboarding.packages.scorm_states import (
    PackageStanding,
    UnitState,
    is_open,
    open_session,
    show_asset,
    standing,
)
from onboarding.paths.paths import Module, Path
from service.flows.learning import learning
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Gone, NotFound
from service.runtime.ids import new_token, token_hash
from service.store import audit
from service.store.learning import assignments
from service.store.learning import package_attempts as store
from service.store.learning.assignments import AssignmentFacts
from service.store.learning.package_attempts import UnitFacts, WindowFacts
from service.store.paths import packages as shelf
from service.tables.packages import Package, PackageAttempt, PackageSession, PackageUnit
from service.tables.training import Assignment

REPORT_PREFIX = "hsp"
FOLDER_PREFIX = "hsf"
LONGEST_WINDOW = timedelta(hours=12)
"""How long one window reports and is served; opened again, it is a new one."""
KEPT_WINDOWS = timedelta(days=30)
"""How long a window that is over is kept; its time is the attempt's since it was told."""


@dataclass(frozen=True)
class Opened:
    """One window just opened: its secrets are told once, here. `address` is the unit's own below the folder."""

    session_id: UUID
    unit: Unit
    token: str
    folder: str
    address: str


@dataclass(frozen=True)
class Place:
    """A package in a module, as its learner finds it; `manifest` is None when the shelf no longer holds it."""

    facts: AssignmentFacts
    path: Path
    module: Module
    progress: Progress
    package: Package | None
    manifest: Manifest | None
    attempt_id: UUID | None
    seconds: int
    units: Mapping[str, UnitFacts]
    standing: PackageStanding | None

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody may begin it any more; who began it goes on."""
        return self.package is not None and self.package.withdrawn_at is not None and self.attempt_id is None


async def place_of(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    *,
    editions: Editions,
    now: datetime,
) -> Place:
    """The package of a module that its learner may work on now; Conflict, with the reason, while it is locked."""
    facts, path, found, progress = await learning.open_module(
        session, actor, assignment_id, module, editions=editions, now=now
    )
    if found.package is None:
        raise NotFound
    row = await shelf.by_hash(session, found.package.sha256)
    if row is None:
        return Place(facts, path, found, progress, None, None, None, 0, {}, None)
    manifest = shelf.manifest_of(row)
    attempt = await store.attempt_row(session, facts.id, found.slug, row.id)
    units = await store.units_of(session, attempt.id) if attempt else ()
    return Place(
        facts, path, found, progress, row, manifest, attempt.id if attempt else None,
        attempt.seconds if attempt else 0, {one.unit: one for one in units},
        standing(manifest, _thin(units)),
    )  # fmt: skip


def _thin(units: Iterable[UnitFacts]) -> dict[str, UnitState]:
    """What the standing of a whole package needs of its units."""
    return {
        one.unit: UnitState(
            unit=one.unit,
            best_status=one.best_status,
            best_percent=None if one.best_hundredths is None else Decimal(one.best_hundredths) / 100,
            earlier_centiseconds=one.centiseconds,
        )
        for one in units
    }


def unit_at(manifest: Manifest, number: int) -> Unit:
    """The unit of this number, from 1: names in a manifest are anybody's text and make no addresses."""
    if not 1 <= number <= len(manifest.units):
        raise NotFound
    return manifest.units[number - 1]


async def open_unit(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    number: int,
    *,
    editions: Editions,
    now: datetime,
) -> Opened:
    """Open one unit in a new window; it resumes there, and a window opened before is told that it was replaced.

    Conflict while module or unit are locked, or when the package was withdrawn before it was begun; Gone when the shelf
    no longer holds it.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    place = await place_of(session, actor, row.id, module, editions=editions, now=now)
    if place.package is None or place.manifest is None:
        raise Gone(
            "This package is no longer here. Tell your trainer: what you did is kept.", code="package-missing"
        )
    if place.is_withdrawn:
        raise Conflict(
            "This package was withdrawn. Ask your trainer what takes its place.", code="package-withdrawn"
        )
    unit = unit_at(place.manifest, number)
    if not is_open(place.manifest, unit, _thin(place.units.values())):
        raise Conflict("Another unit of this package comes first.", code="unit-locked")
    attempt = await _attempt(session, actor, row, place.package, place.module, now=now)
    await store.forget_windows(session, before=now - KEPT_WINDOWS)
    window, opened = _window(place.package.id, unit, now=now)
    window.attempt_id = attempt.id
    session.add(window)
    kept = await unit_row(session, attempt, unit)
    state = open_session(store.state_of(kept), str(window.id))
    write(kept, show_asset(state, unit))
    await session.flush()
    if unit.kind is UnitKind.ASSET:
        await settle(session, actor, row, attempt, place.manifest, editions=editions, now=now)
    return opened


async def try_unit(
    session: AsyncSession, actor: Actor, package_id: str | UUID, number: int, *, now: datetime
) -> Opened:
    """Open one unit for somebody of the staff who wants to see it: it plays as for a learner, and nothing is kept."""
    facts = await shelf.facts_of(session, package_id)
    window, opened = _window(facts.id, unit_at(facts.manifest, number), now=now)
    window.staff_id = actor.staff_id
    session.add(window)
    await session.flush()
    return opened


def _window(package_id: UUID, unit: Unit, *, now: datetime) -> tuple[PackageSession, Opened]:
    token, folder = new_token(REPORT_PREFIX), new_token(FOLDER_PREFIX)
    row = PackageSession(
        package_id=package_id, unit=unit.identifier, token_hash=token_hash(token), folder_hash=token_hash(folder),
        opened_at=now, expires_at=now + LONGEST_WINDOW,
    )  # fmt: skip
    return row, Opened(row.id, unit, token, folder, _address(unit))


def _address(unit: Unit) -> str:
    """Where a unit begins, below the folder of its package."""
    query = f"?{unit.query}" if unit.query else ""
    return quote(unit.path) + query + (f"#{unit.fragment}" if unit.fragment else "")


async def _attempt(
    session: AsyncSession, actor: Actor, row: Assignment, package: Package, module: Module, *, now: datetime
) -> PackageAttempt:
    """The attempt of this module, begun now if it was not; the assignment is held, so two windows cannot begin two."""
    found = await store.attempt_row(session, row.id, module.slug, package.id, to_change=True)
    if found is not None:
        return found
    begun = PackageAttempt(
        assignment_id=row.id, candidate_id=row.candidate_id, package_id=package.id, module=module.slug,
        begun_at=now,
    )  # fmt: skip
    session.add(begun)
    await session.flush()
    audit.record(
        session, actor, action="package.begin", subject=("assignment", row.id), now=now,
        detail={"module": module.slug, "package": str(package.id)},
    )  # fmt: skip
    return begun


async def unit_row(session: AsyncSession, attempt: PackageAttempt, unit: Unit) -> PackageUnit:
    """The unit of an attempt that the caller holds, made when nothing of it is kept yet."""
    found = await store.unit_row(session, attempt.id, unit.identifier)
    if found is not None:
        return found
    made = PackageUnit(attempt_id=attempt.id, unit=unit.identifier, state={}, best_status="")
    write(made, UnitState(unit=unit.identifier))
    session.add(made)
    return made


def write(row: PackageUnit, state: UnitState) -> None:
    """Keep the state, and beside it what lists need."""
    row.state = state.model_dump(mode="json")
    row.best_status = state.best_status.value
    row.best_hundredths = None if state.best_percent is None else int(state.best_percent * 100)
    row.centiseconds = state.total_centiseconds


async def settle(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    attempt: PackageAttempt,
    manifest: Manifest,
    *,
    has_failed: bool = False,
    editions: Editions,
    now: datetime,
) -> None:
    """Bring the attempt up to its units; an end of the whole package, or one below its mark, becomes a learning event.

    Not when the module no longer stands in the edition begun: then the attempt keeps what was done, for its trainer.
    """
    found = standing(manifest, _thin(await store.units_of(session, attempt.id)))
    attempt.percent = found.percent
    attempt.score_hundredths = None if found.score is None else int(found.score * 100)
    is_first_end = found.is_complete and attempt.completed_at is None
    if is_first_end:
        attempt.completed_at = now
    await session.flush()
    if not (is_first_end or (has_failed and not found.is_complete)) or not _is_taught(
        row, attempt, manifest, editions
    ):
        return
    await learning.note_package(
        session, actor, row, attempt.module, attempt=str(attempt.id), passed=found.is_complete,
        percent=None if found.score is None else min(int(found.score), 100), seconds=attempt.seconds,
        editions=editions, now=now,
    )  # fmt: skip


def _is_taught(row: Assignment, attempt: PackageAttempt, manifest: Manifest, editions: Editions) -> bool:
    path = editions.paths.get((row.path, row.edition))
    module = path.module(attempt.module) if path is not None else None
    return module is not None and module.package is not None


async def start_of_content(session: AsyncSession, window: WindowFacts) -> tuple[Manifest, dict[str, str]]:
    """What the run-time of a window starts from: the values that its unit finds when it starts (again)."""
    package = await session.get(Package, window.package_id)
    assert package is not None, "a window goes with its package"
    manifest = shelf.manifest_of(package)
    unit = next(one for one in manifest.units if one.identifier == window.unit)
    state, learner, name = UnitState(unit=unit.identifier), uuid5(window.id, "learner").hex, ""
    if window.attempt_id is not None:
        attempt = await session.get(PackageAttempt, window.attempt_id)
        kept = await store.unit_row(session, window.attempt_id, unit.identifier)
        assert attempt is not None, "a window goes with its attempt"
        assert kept is not None, "a window was opened on its unit"
        person = await store.candidate_of(session, attempt.candidate_id)
        state, learner = store.state_of(kept), uuid5(attempt.id, "learner").hex
        name = (person.given_name or person.pseudonym) if person is not None else ""
    values = resumed_values(state, unit, standard=manifest.standard, learner=learner, name=name)
    return manifest, values
