"""What a solved wave says: who goes where, who is left and why, how well half hours are covered, how sure it is."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assessments.allocation.coverage import Coverage
from assessments.allocation.waves import Change, Goal
from assessments.profiles import Windows
from assessments.values import Text, Value


class Status(StrEnum):
    """How sure the answer is: proved to be the best, or the best found in the time given."""

    PROVED = "proved"
    BEST_FOUND = "best_found"


class WhyLeft(StrEnum):
    """Why somebody is not placed; about these programmes and seats, never about the person."""

    NO_FIT = "no_fit"
    HOURS = "hours"
    KEPT_OUT = "kept_out"
    NO_SEATS = "no_seats"
    SEATS_TAKEN = "seats_taken"
    EQUALS = "equals"
    HOURS_NEEDED_LESS = "hours_needed_less"


class Placed(Value):
    """One person at one programme; `wish` is the place among the person's wishes (1 the best), `roster` the week.

    `roster` and `half_hours` are None where no needs were given, because then no hours were planned.
    """

    person: str
    programme: str
    score: float
    wish: int | None
    is_locked: bool
    reason: Text
    better_fits: tuple[str, ...] = ()
    roster: Windows | None = None
    half_hours: int | None = None


class NotHere(Value):
    """One programme that a person who is left could not have, and why.

    `lacking` is how many points the score stands under that of the last person placed there; 0 among equals; None
    where the seat did not turn on the score.
    """

    programme: str
    why: WhyLeft
    reason: Text
    lacking: float | None = None


class Left(Value):
    """One person who is not placed: the reason that counts most, then programme by programme."""

    person: str
    why: WhyLeft
    reason: Text
    programmes: tuple[NotHere, ...] = ()


class GoalReached(Value):
    """One goal: what was reached, and what no placing could pass, given the goals before it.

    Units: people for `fill`, half hours covered for `coverage`, hundredths of a point for `fit`, points of the policy
    for `wishes`. More is better in each.
    """

    goal: Goal
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the value may lie under the best, as a share of the bound; 0.0 is the proven best."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0


class Price(Value):
    """What one seat of a programme is worth to the whole: in the certificate's units, 0 where seats are free."""

    programme: str
    price: int


class Certificate(Value):
    """A proof by prices that no other placing is worth more: `total` and `bound` are equal.

    A pair is worth the sum of `weights[goal]` x its share in that goal; whoever holds prices can check the bound
    without any solver (`allocation_proof`).
    """

    weights: dict[Goal, int]
    prices: tuple[Price, ...]
    total: int
    bound: int
    is_proved: bool


class PassedOver(Value):
    """Somebody left who fits a programme better than somebody placed there, by `points`; and why it is so."""

    person: str
    programme: str
    placed: str
    points: float
    reason: Text


class Fairness(Value):
    """Who is left beside whom: told in whole, so that nobody is passed over in silence.

    `left_with_fit` people could do at least one programme. `passed_over` lists those who fit better than somebody
    placed there (none where only seats bind, which the prices prove); never by more than `passed_over_points_max`.
    `drawn` are people left while an equal was placed: the order among them was earlier waves, then the draw.
    """

    left_with_fit: int
    left_without_fit: int
    wishes_given: dict[int, int]
    passed_over: tuple[PassedOver, ...]
    passed_over_points_max: float
    drawn: tuple[str, ...]


class ByHand(Value):
    """What taking the best pair first, again and again, would have given: people placed, and points."""

    placed: int
    total: float


class Allocation(Value):
    """A proposal for a whole wave; a person applies it or does not.

    `total` is the sum of scores in points. `gap` is the largest of the goals'. `certificate` is there where prices
    prove the answer (no needs by half hour).
    """

    kind: Literal["allocation"] = "allocation"
    status: Status
    placed: tuple[Placed, ...]
    left: tuple[Left, ...]
    coverage: tuple[Coverage, ...]
    total: float
    goals: tuple[GoalReached, ...]
    gap: Annotated[float, Field(ge=0)]
    certificate: Certificate | None
    fairness: Fairness
    by_hand: ByHand
    edition: str


class Cause(StrEnum):
    """The sorts of constraints that can collide."""

    SEATS = "seats"
    SEATS_MIN = "seats_min"
    LOCK_AT = "lock_at"
    LOCK_NEVER = "lock_never"
    ONE_PLACE = "one_place"
    FIT = "fit"
    HOURS = "hours"


class Collision(Value):
    """One of the constraints that cannot all hold; without any one of them the others could."""

    cause: Cause
    programme: str | None = None
    person: str | None = None
    text: Text


class Infeasible(Value):
    """No placing keeps everything asked; each of `collisions` is a smallest set that cannot hold together."""

    kind: Literal["infeasible"] = "infeasible"
    collisions: tuple[tuple[Collision, ...], ...]
    text: Text
    edition: str


class Compared(Value):
    """One scenario beside the wave as it is: its own result, and who is placed more or no longer."""

    name: str
    result: Allocation | Infeasible
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    points: float | None = None
    half_hours_covered: int | None = None


class Comparison(Value):
    """A wave as it is, and every scenario beside it."""

    base: Allocation | Infeasible
    scenarios: tuple[Compared, ...]


class Counterfactual(Value):
    """One change that was solved again, and what it would bring: people placed more, points, half hours covered."""

    change: Change
    text: Text
    people_more: int
    more: tuple[str, ...]
    points_more: float
    half_hours_more: int | None = None
