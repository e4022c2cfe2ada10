"""Small waves made up from a number, and what trying everything gives: the judge of the solvers."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

from assessments.allocation.policy import AllocationPolicy
from assessments.allocation.waves import Wave, read
from service.runtime.editions import load_allocation_policies

DAY = {"from": "09:00", "to": "17:00"}


def policy(**changes: Any) -> AllocationPolicy:
    return load_allocation_policies()[-1].model_copy(update=changes)


def wave(number: int, *, people: int = 6, programmes: int = 3) -> Wave:
    """Few seats, scores that are often equal, wishes, sometimes least numbers and locks that may collide."""
    chance = random.Random(number)
    names = [f"p{at}" for at in range(programmes)]
    locks = {(chance.randrange(people), chance.choice(names)): chance.choice(["at", "never"])
             for _ in range(chance.choice([0, 0, 1, 2]))}  # fmt: skip
    seats = [chance.randint(0, 3) for _ in names]
    return read({
        "seed": number,
        "programmes": [
            {"id": name, "seats": count, "seats_min": min(count, chance.choice([0, 0, 0, 1, 2]))}
            for name, count in zip(names, seats, strict=True)
        ],
        "people": [
            {
                "id": f"c{at}",
                "fits": [{"programme": name, "score": chance.choice([55, 60, 60.5, 72.25, 90, 0])}
                         for name in names if chance.random() < 0.6],
                "wishes": chance.sample(names, chance.randint(0, 2)),
                "left_before": chance.choice([0, 0, 1]),
            }
            for at in range(people)
        ],
        "locks": [{"person": f"c{at}", "programme": name, "kind": kind} for (at, name), kind in locks.items()],
    })  # fmt: skip


def placings(given: Wave) -> Iterator[dict[str, str]]:
    """Every placing that keeps seats, least numbers, fits and locks."""
    at = {(lock.person, lock.programme) for lock in given.locks if lock.kind == "at"}
    never = {(lock.person, lock.programme) for lock in given.locks if lock.kind == "never"}
    choices = []
    for person in given.people:
        fits = [fit.programme for fit in person.fits if (person.id, fit.programme) not in never]
        fixed = [programme for name, programme in at if name == person.id]
        choices.append([one for one in fits if one in fixed] if fixed else [None, *fits])
    if any(len({programme for name, programme in at if name == person.id}) > 1 for person in given.people):
        return
    for chosen in product(*choices):
        counts = [chosen.count(programme.id) for programme in given.programmes]
        if all(
            one.seats_min <= count <= one.seats for one, count in zip(given.programmes, counts, strict=True)
        ):
            yield {person.id: where for person, where in zip(given.people, chosen, strict=True) if where}


def goals_of(given: Wave, placing: dict[str, str], points: tuple[int, ...]) -> tuple[int, int, int]:
    """People, hundredths of a point, points of wishes: compared in this order."""
    people = {person.id: person for person in given.people}
    fit = wish = 0
    for name, programme in placing.items():
        fit += next(one.hundredths for one in people[name].fits if one.programme == programme)
        wishes = people[name].wishes
        wish += points[wishes.index(programme)] if programme in wishes[: len(points)] else 0
    return len(placing), fit, wish
