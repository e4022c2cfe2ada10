"""What cannot hold together in a wave: the smallest sets of seats, least numbers, locks and fits that collide."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from assessments.allocation.allocations import Cause, Collision, Infeasible
from assessments.allocation.board import Board
from assessments.allocation.edges import Edges
from assessments.allocation.flow import most_valuable
from assessments.allocation.waves import Lock, LockKind
from assessments.values import Text

Set = tuple[Collision, ...]


def collisions_of(board: Board) -> Infeasible | None:
    """Every set found that cannot hold, or None; locks are held against each other first, then least numbers."""
    found = [*_of_locks(board), *_of_seats(board)]
    if not found and (starved := _of_least_numbers(board)):
        found.append(starved)
    if not found:
        return None
    return Infeasible(
        collisions=tuple(found), text=board.policy.words.infeasible, edition=board.policy.edition
    )


def _of_locks(board: Board) -> Iterator[Set]:
    """One lock against another of the same person, or against what the person can do."""
    words = board.policy.words
    by_person: dict[str, list[Lock]] = {}
    for lock in dict.fromkeys(board.wave.locks):
        by_person.setdefault(lock.person, []).append(lock)
    turn = {person.id: at for at, person in enumerate(board.people)}
    for name, locks in by_person.items():
        at = [lock for lock in locks if lock.kind is LockKind.AT]
        never = {lock.programme for lock in locks if lock.kind is LockKind.NEVER}
        if len(at) > 1:
            one = Collision(cause=Cause.ONE_PLACE, person=name, text=words.collide_one_place)
            yield (*(_locked(board, lock) for lock in at[:2]), one)
        for lock in at:
            if lock.programme in never:
                yield _locked(board, lock), _locked(board, lock.model_copy(update={"kind": LockKind.NEVER}))
            yield from _against_fit(board, lock, turn[name])


def _against_fit(board: Board, lock: Lock, person: int) -> Iterator[Set]:
    """A recruiter's lock does not open what is closed: it says what stands against it."""
    words = board.policy.words
    column = next(at for at, programme in enumerate(board.programmes) if programme.id == lock.programme)
    if column not in board.fits[person]:
        closed = {one.programme: one.reason for one in board.people[person].closed}
        why, cause = closed.get(lock.programme) or _named(board, words.collide_fit, column), Cause.FIT
    elif (person, column) in board.hours_short:
        why, cause = _named(board, words.collide_hours, column), Cause.HOURS
    else:
        return
    yield _locked(board, lock), Collision(cause=cause, programme=lock.programme, person=lock.person, text=why)


def _of_seats(board: Board) -> Iterator[Set]:
    """More people fixed at a programme than it has seats: as many locks as are one too many."""
    for at, programme in enumerate(board.programmes):
        fixed = [person for person, column in board.fixed.items() if column == at]
        if len(fixed) > programme.seats:
            locks = [Lock(person=board.people[one].id, programme=programme.id, kind=LockKind.AT)
                     for one in sorted(fixed)[: programme.seats + 1]]  # fmt: skip
            yield (_seats(board, at), *(_locked(board, lock) for lock in locks))


def _of_least_numbers(board: Board) -> Set | None:
    """Programmes whose least numbers are more than the people who could go to any of them (Hall's theorem)."""
    if not board.edges.seats_min.any() or most_valuable(board.edges) is not None:
        return None
    starved = _fewest(board, _starved(board))
    asked = sum(board.programmes[at].seats_min for at in starved)
    could = {int(one) for one in board.edges.person[np.isin(board.edges.programme, starved)]}
    could |= {person for person, column in board.fixed.items() if column in starved}
    least = [_least(board, at) for at in starved]
    locks = list(_locks_in_the_way(board, starved, lacking=asked - len(could)))
    people = Collision(
        cause=Cause.FIT, text=board.policy.words.collide_people.with_(count=len(could), asked=asked)
    )
    return (*least, *locks, people)


def _starved(board: Board) -> list[int]:
    """Programmes that cannot all have their least number, found from a placing that fills as many as it can."""
    edges = board.edges
    chosen = most_valuable(_only_least(board))
    assert chosen is not None  # with no least numbers there is always a placing
    home = dict(zip(edges.person[chosen].tolist(), edges.programme[chosen].tolist(), strict=True))
    filled = np.bincount(edges.programme[chosen], minlength=edges.programmes)
    people_of: dict[int, list[int]] = {}
    for person, programme in zip(edges.person.tolist(), edges.programme.tolist(), strict=True):
        people_of.setdefault(programme, []).append(person)
    first = int(np.flatnonzero(filled < edges.seats_min)[0])
    found, waiting = {first}, deque([first])
    while waiting:
        for person in people_of.get(waiting.popleft(), []):
            other = home.get(person)
            if other is not None and other not in found:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def _only_least(board: Board) -> Edges:
    edges = board.edges
    return replace(edges, value=np.ones(len(edges.person), dtype=np.int64), seats=edges.seats_min,
                   seats_min=np.zeros(edges.programmes, dtype=np.int64))  # fmt: skip


def _fewest(board: Board, starved: Sequence[int]) -> list[int]:
    """Those among them that still collide when any one is left out no more."""
    kept = list(starved)
    for at in starved:
        fewer = [one for one in kept if one != at]
        if fewer and not _can_fill(board, fewer):
            kept = fewer
    return kept


def _can_fill(board: Board, programmes: Sequence[int]) -> bool:
    least = np.zeros_like(board.edges.seats_min)
    least[list(programmes)] = board.edges.seats_min[list(programmes)]
    return most_valuable(replace(board.edges, seats_min=least)) is not None


def _locks_in_the_way(board: Board, starved: Sequence[int], *, lacking: int) -> Iterator[Collision]:
    """Locks that keep away people who could help: those fixed elsewhere or kept out; named where they alone decide."""
    wanted = set(starved)
    could = {int(one) for one in board.edges.person[np.isin(board.edges.programme, list(starved))]}
    helped: dict[int, list[Collision]] = {}
    for person, fits in enumerate(board.fits):
        able = {at for at in wanted & set(fits) if (person, at) not in board.hours_short}
        if not able or person in could or board.fixed.get(person) in wanted:
            continue
        name = board.people[person].id
        if person in board.fixed:
            programme = board.programmes[board.fixed[person]].id
            helped[person] = [_locked(board, Lock(person=name, programme=programme, kind=LockKind.AT))]
        else:
            helped[person] = [
                _locked(board, Lock(person=name, programme=board.programmes[at].id, kind=LockKind.NEVER))
                for at in sorted(able)
            ]
    # With all but these freed, one person is still lacking: so each of these, taken away, is enough.
    for person in sorted(helped)[: max(0, len(helped) - lacking + 1)] if len(helped) >= lacking else ():
        yield from helped[person]


def _named(board: Board, text: Text, at: int, **facts: object) -> Text:
    programme = board.programmes[at]
    return text.with_(programme=programme.title or programme.id, **facts)


def _seats(board: Board, at: int) -> Collision:
    programme = board.programmes[at]
    text = _named(board, board.policy.words.collide_seats, at, count=programme.seats)
    return Collision(cause=Cause.SEATS, programme=programme.id, text=text)


def _least(board: Board, at: int) -> Collision:
    programme = board.programmes[at]
    text = _named(board, board.policy.words.collide_seats_min, at, count=programme.seats_min)
    return Collision(cause=Cause.SEATS_MIN, programme=programme.id, text=text)


def _locked(board: Board, lock: Lock) -> Collision:
    is_at = lock.kind is LockKind.AT
    words = board.policy.words.collide_lock_at if is_at else board.policy.words.collide_lock_never
    column = next(at for at, programme in enumerate(board.programmes) if programme.id == lock.programme)
    return Collision(
        cause=Cause.LOCK_AT if is_at else Cause.LOCK_NEVER,
        programme=lock.programme,
        person=lock.person,
        text=_named(board, words, column),
    )
