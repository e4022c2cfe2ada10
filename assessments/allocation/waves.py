"""A wave: the people to place, the programmes with seats and needs by half hour, and what a recruiter fixed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationError

from assessments.allocation.coverage import Need, half_hour_told, half_hours_inside, need_curve
from assessments.editions import Fault
from assessments.profiles import Identifier, Line, WeeklyHours, Windows
from assessments.values import Text, Value

MOST_SEATS = 100_000


class LockKind(StrEnum):
    """What a recruiter fixed for one person and one programme before the solver starts."""

    AT = "at"
    NEVER = "never"


class Goal(StrEnum):
    """What a placing is good for; a policy puts them in an order, and the earlier one always wins."""

    FILL = "fill"
    COVERAGE = "coverage"
    FIT = "fit"
    WISHES = "wishes"


class Fit(Value):
    """One programme that a person can do (gates of skills and languages passed), with the score of 0 to 100.

    Scores count in hundredths of a point. Hours are looked at again here where both sides say theirs.
    """

    programme: Identifier
    score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]

    @property
    def hundredths(self) -> int:
        """The score in hundredths of a point, rounded to the nearest."""
        return round(self.score * 100)


class Closed(Value):
    """One programme that a person cannot do today, and why, as matching said it."""

    programme: Identifier
    reason: Text


class WavePerson(Value):
    """Somebody whom the wave may place: an id, what fits, the hours, the wishes (best first); nothing else is known.

    `left_before` counts earlier waves that left this person: among equals they come first. Without `availability` any
    hours will do. `wishes` are ids of programmes; one that is not in the wave counts for nothing.
    """

    id: Identifier
    fits: tuple[Fit, ...] = ()
    closed: tuple[Closed, ...] = ()
    availability: Windows | None = None
    desired_weekly_hours: WeeklyHours | None = None
    wishes: Annotated[tuple[Identifier, ...], Field(max_length=50)] = ()
    left_before: Annotated[int, Field(ge=0, le=1000)] = 0


class WaveProgramme(Value):
    """One programme to fill: at most `seats` people, at least `seats_min`, and how many are needed when.

    Without `opening_hours` it is open when its needs say so, and at any time where it has none. `needs` may be empty:
    then only seats count. Where needs overlap, the highest holds.
    """

    id: Identifier
    title: Line = ""
    seats: Annotated[int, Field(ge=0, le=MOST_SEATS)] = 1
    seats_min: Annotated[int, Field(ge=0, le=MOST_SEATS)] = 0
    needs: Annotated[tuple[Need, ...], Field(max_length=400)] = ()
    opening_hours: Windows | None = None
    weekly_hours: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 35
    split_shifts_allowed: bool = False


class Lock(Value):
    """One person fixed at a programme, or kept from it, by a recruiter."""

    person: Identifier
    programme: Identifier
    kind: LockKind


class Wave(Value):
    """Several programmes to fill from the same people; `seed` numbers the draw among equals."""

    name: Line = ""
    programmes: Annotated[tuple[WaveProgramme, ...], Field(max_length=2000)]
    people: Annotated[tuple[WavePerson, ...], Field(max_length=200_000)]
    locks: Annotated[tuple[Lock, ...], Field(max_length=200_000)] = ()
    seed: int = 1


class Change(Value):
    """What a scenario changes of one programme; what is left out stays as it is. `seats` and others replace."""

    programme: Identifier
    seats: Annotated[int, Field(ge=0, le=MOST_SEATS)] | None = None
    seats_min: Annotated[int, Field(ge=0, le=MOST_SEATS)] | None = None
    needs: tuple[Need, ...] | None = None
    opening_hours: Windows | None = None
    weekly_hours: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] | None = None
    split_shifts_allowed: bool | None = None


class Scenario(Value):
    """The same wave under other conditions: changed programmes, other locks, another order of goals."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    changes: tuple[Change, ...] = ()
    locks: tuple[Lock, ...] | None = None
    goals: tuple[Goal, ...] | None = None


class WaveError(ValueError):
    """A wave that cannot be read or solved as it stands; `faults` holds everything that is wrong, and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path or '(whole file)'}: {fault.message}" for fault in faults))


def under(wave: Wave, scenario: Scenario) -> Wave:
    """The wave as the scenario has it; raises WaveError for a programme that is not in it."""
    changes = {change.programme: change for change in scenario.changes}
    known = {programme.id for programme in wave.programmes}
    if unknown := sorted(set(changes) - known):
        raise WaveError(
            [Fault(path="changes", message=f"the wave has no programme {name!r}") for name in unknown]
        )
    programmes = tuple(
        programme.model_copy(update=_changed(changes[programme.id])) if programme.id in changes else programme
        for programme in wave.programmes
    )
    locks = wave.locks if scenario.locks is None else scenario.locks
    return wave.model_copy(update={"programmes": programmes, "locks": locks})


def _changed(change: Change) -> dict[str, object]:
    return {
        name: value
        for name in type(change).model_fields
        if name != "programme" and (value := getattr(change, name)) is not None
    }


def read(content: object) -> Wave:
    """A wave from what a JSON text holds; raises WaveError with every fault of shape, or else of sense, at once."""
    try:
        wave = Wave.model_validate(content)
    except ValidationError as error:
        raise WaveError(faults_of_shape(error)) from error
    if faults := tuple(faults_of(wave)):
        raise WaveError(faults)
    return wave


def faults_of_shape(error: ValidationError) -> list[Fault]:
    """Each fault pydantic found, with the way to it as in `people[3].fits[0].score`."""
    return [Fault(path=_path(one["loc"]), message=one["msg"]) for one in error.errors()]


def _path(steps: Iterable[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def faults_of(wave: Wave) -> Iterator[Fault]:
    """What no solver could make sense of: ids that come twice, that nobody has, hours against hours.

    Wishes that cannot all be granted (too many locks for the seats) are no faults: they are told as collisions.
    """
    programmes = [programme.id for programme in wave.programmes]
    yield from _twice("programmes", programmes)
    yield from _twice("people", [person.id for person in wave.people])
    known = set(programmes)
    for at, person in enumerate(wave.people):
        named = [fit.programme for fit in person.fits]
        for step in _unknown(named, known):
            yield Fault(path=f"people[{at}].fits[{step}].programme", message=_no_such(named[step]))
        yield from _twice(f"people[{at}].fits", named, of="programme")
    for at, programme in enumerate(wave.programmes):
        yield from _faults_of_programme(f"programmes[{at}]", programme)
    people = {person.id for person in wave.people}
    for at, lock in enumerate(wave.locks):
        if lock.programme not in known:
            yield Fault(path=f"locks[{at}].programme", message=_no_such(lock.programme))
        if lock.person not in people:
            yield Fault(path=f"locks[{at}].person", message=f"nobody in the wave has the id {lock.person!r}")


def _twice(path: str, ids: Sequence[str], *, of: str = "id") -> Iterator[Fault]:
    if len(set(ids)) == len(ids):
        return
    often = Counter(ids)
    seen: set[str] = set()
    for at, one in enumerate(ids):
        if often[one] > 1 and one in seen:
            yield Fault(path=f"{path}[{at}].{of}", message=f"{one!r} comes twice")
        seen.add(one)


def _unknown(named: Sequence[str], known: set[str]) -> list[int]:
    return [at for at, one in enumerate(named) if one not in known]


def _no_such(programme: str) -> str:
    return f"the wave has no programme {programme!r}"


def _faults_of_programme(path: str, programme: WaveProgramme) -> Iterator[Fault]:
    if programme.seats_min > programme.seats:
        yield Fault(
            path=f"{path}.seats_min", message=f"asks for {programme.seats_min} of {programme.seats} seats"
        )
    if programme.opening_hours is None:
        return
    is_open = half_hours_inside(programme.opening_hours)
    for at, need in enumerate(programme.needs):
        outside = [slot for slot in need_curve([need]) if slot not in is_open]
        if outside and need.people:
            told = half_hour_told(outside[0])
            yield Fault(
                path=f"{path}.needs[{at}]", message=f"needs people on {told}, when the programme is closed"
            )
