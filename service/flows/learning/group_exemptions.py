"""Exempting several learners from one module on a proof that a trainer saw: who can be, and then one by one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.progress import Progress
from onboarding.paths.paths import Module, Path
from service.flows.learning import exemptions, learning
from service.flows.learning.group_acts import Asked, Done, Effect, Foreseen
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Gone
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store.learning import assignments
from service.store.learning import exemptions as store
from service.store.learning.board import BoardLine


def exemptable(lines: Iterable[BoardLine], *, editions: Editions) -> tuple[tuple[Path, Module], ...]:
    """The modules of these learners' paths that a proof can take the place of, each once, in order."""
    found: dict[tuple[str, str], tuple[Path, Module]] = {}
    for key in dict.fromkeys((line.path, line.edition) for line in lines):
        path = editions.paths.get(key)
        for module in path.modules if path else ():
            if path is not None and module.exemption is not None:
                found.setdefault((path.slug, module.slug), (path, module))
    return tuple(found.values())


def faults_of(asked: Asked, *, editions: Editions, now: datetime) -> Iterator[Fault]:
    """What an exemption lacks: the module, the proof that was seen, a reason to read."""
    if not asked.path or not asked.module:
        yield Fault("/module", "missing", "Choose a module of a path.")
    if not asked.words:
        yield Fault("/words", "missing", "Name the proof that you saw.")
    if fault := exemptions.reason_fault(asked.reason, editions=editions, now=now):
        yield fault


async def foresee(
    session: AsyncSession,
    actor: Actor,
    lines: Sequence[BoardLine],
    asked: Asked,
    *,
    editions: Editions,
    now: datetime,
) -> tuple[Foreseen, ...]:
    """Who would be exempted, and why the others would not, in three queries."""
    ids = [line.id for line in lines]
    found = await assignments.many_of(session, actor, ids)
    standings = {
        facts.id: standing
        for facts, standing in learning.standings(found, editions=editions, today=civil_date(now))
    }
    waiting = {
        one.assignment_id
        for one in await store.of_assignments(session, actor, ids)
        if one.module == asked.module and one.decided_at is None
    }
    return tuple(
        Foreseen(
            line.candidate_id, line.person, line,
            _effect(line, asked, standings.get(line.id), waits=line.id in waiting, editions=editions),
        )
        for line in lines
    )  # fmt: skip


def _effect(
    line: BoardLine, asked: Asked, standing: Progress | None, *, waits: bool, editions: Editions
) -> Effect:
    if line.path != asked.path:
        return Effect.OTHER_PATH
    path = editions.paths.get((line.path, line.edition))
    module = path.module(asked.module) if path else None
    if module is None or module.exemption is None or standing is None:
        return Effect.NO_PROOF
    if learning.module_standing(standing, asked.module).is_complete:
        return Effect.MODULE_DONE
    return Effect.PROOF_WAITS if waits else Effect.WILL


async def exempt(
    session: AsyncSession,
    actor: Actor,
    foreseen: Sequence[Foreseen],
    asked: Asked,
    *,
    settings: Settings,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> Done:
    """Note the proof for everybody it can be noted for, each whole or not at all; each person is written to."""
    exemptions.check_person(actor)
    done, effects = [], []
    for one in foreseen:
        if one.line is None or one.effect is not Effect.WILL:
            effects.append(one)
            continue
        try:
            async with session.begin_nested():
                await exemptions.enter_seen(
                    session, actor, one.line.id, asked.module, words=asked.words, reason=asked.reason,
                    judged=None, files=files, settings=settings, editions=editions, now=now,
                )  # fmt: skip
        except (Conflict, Gone):
            effects.append(Foreseen(one.candidate_id, one.person, one.line, Effect.CHANGED))
            continue
        done.append(one.line.id)
        effects.append(one)
    return Done(tuple(done), tuple(effects))
