"""A solution told to people: why each is where they are, why others are left, and whether anybody is passed over."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from assessments.allocation.allocations import (
    Allocation,
    ByHand,
    Fairness,
    Left,
    NotHere,
    PassedOver,
    Placed,
    WhyLeft,
)
from assessments.allocation.board import Board
from assessments.allocation.coverage import Coverage, covered_by, windows_of
from assessments.allocation.edges import Edges
from assessments.allocation.greedy import best_pair_first
from assessments.allocation.solution import Solution, wish_of
from assessments.allocation.waves import Goal
from assessments.values import Text

_MOST_TOLD = 10
_ORDER = tuple(
    WhyLeft(one)
    for one in ("equals", "hours_needed_less", "seats_taken", "no_seats", "kept_out", "hours", "no_fit")
)


def tell(board: Board, solution: Solution) -> Allocation:
    """The whole answer, people and programmes in the order in which the wave gave them."""
    teller = _Teller(board, solution)
    turn = {person.id: at for at, person in enumerate(board.people)}
    order = [turn[person.id] for person in board.wave.people]
    return Allocation(
        status=solution.status,
        placed=tuple(teller.placed(person) for person in order if person in solution.home),
        left=tuple(teller.left(person) for person in order if person not in solution.home),
        coverage=tuple(teller.coverage()),
        total=teller.points(solution.home) / 100,
        goals=solution.goals,
        gap=max((one.gap for one in solution.goals), default=0.0),
        certificate=solution.certificate,
        fairness=teller.fairness(),
        by_hand=teller.by_hand(),
        edition=board.policy.edition,
    )


class _Teller:
    """Board and solution with what is asked of them again and again."""

    def __init__(self, board: Board, solution: Solution) -> None:
        self.board, self.solution = board, solution
        self.words = board.policy.words
        self.there: dict[int, list[int]] = {at: [] for at in range(len(board.programmes))}
        for person, programme in solution.home.items():
            self.there[programme].append(person)

    def points(self, home: Mapping[int, int]) -> int:
        """Hundredths of a point over all that are placed."""
        return sum(self.board.fits[person].get(programme, 0) for person, programme in home.items())

    @cached_property
    def last(self) -> tuple[int | None, ...]:
        """Of each programme, who fits least among those placed and not fixed there."""
        fits, fixed = self.board.fits, self.board.fixed
        return tuple(
            min(
                (one for one in self.there[at] if one not in fixed),
                key=lambda one: (fits[one][at], -one),
                default=None,
            )
            for at in range(len(self.board.programmes))
        )

    def placed(self, person: int) -> Placed:
        board, at = self.board, self.solution.home[person]
        score = board.fits[person].get(at, 0)
        better = self._better(person, at)
        roster = self.solution.rosters.get(person)
        return Placed(
            person=board.people[person].id,
            programme=board.programmes[at].id,
            score=score / 100,
            wish=wish_of(board, person, at),
            is_locked=person in board.fixed,
            reason=self._why_here(person, score, better),
            better_fits=tuple(board.programmes[one].id for one in better),
            roster=None if roster is None else windows_of(roster),
            half_hours=None if roster is None else len(roster),
        )

    def _better(self, person: int, at: int) -> Sequence[int]:
        fits = self.board.fits[person]
        found = [one for one in fits if fits[one] > fits.get(at, 0) and self._is_open(person, one)]
        return sorted(found, key=lambda one: (-fits[one], one))

    def _is_open(self, person: int, at: int) -> bool:
        return (person, at) not in self.board.hours_short and (person, at) not in self.board.kept_out

    def _why_here(self, person: int, score: int, better: Sequence[int]) -> Text:
        if person in self.board.fixed:
            return self.words.locked
        if not better:
            return _told(self.words.best_fit, other="", score=_figure(score))
        more = self.board.fits[person][better[0]] - score
        return _told(self.words.better_elsewhere, other=self._name(better[0]), points=_figure(more))

    def left(self, person: int) -> Left:
        one = self.board.people[person]
        tellings = [self._why_not(person, at) for at in self.board.fits[person]]
        tellings.sort(key=lambda told: (_ORDER.index(told.why), told.lacking or 0, told.programme))
        closed = [NotHere(programme=no.programme, why=WhyLeft.NO_FIT, reason=no.reason) for no in one.closed]
        first = tellings[0] if tellings else None
        return Left(
            person=one.id,
            why=first.why if first else WhyLeft.NO_FIT,
            reason=first.reason if first else self.words.no_fit,
            programmes=(*tellings, *closed)[:_MOST_TOLD],
        )

    def _why_not(self, person: int, at: int) -> NotHere:
        programme = self.board.programmes[at]
        if (person, at) in self.board.kept_out:
            return self._not_here(at, WhyLeft.KEPT_OUT, self.words.kept_out)
        if (person, at) in self.board.hours_short:
            usable, asked = (f"{half / 2:g}" for half in self.board.hours_short[person, at])
            text = self._named(self.words.hours, at, usable=usable, asked=asked)
            return self._not_here(at, WhyLeft.HOURS, text)
        if not programme.seats:
            return self._not_here(at, WhyLeft.NO_SEATS, self._named(self.words.no_seats, at))
        last = self.last[at]
        if last is None:
            text = self.words.seats_locked if self.there[at] else self.words.whole_first
            return self._not_here(at, WhyLeft.SEATS_TAKEN, self._named(text, at))
        return self._beside(person, at, last)

    def _beside(self, person: int, at: int, last: int) -> NotHere:
        """Held against the person who fits least among those placed there."""
        lacking = self.board.fits[last][at] - self.board.fits[person][at]
        if lacking > 0:
            seats = str(self.board.programmes[at].seats)
            text = self._named(self.words.seats_taken, at, seats=seats, points=_figure(lacking))
            return self._not_here(at, WhyLeft.SEATS_TAKEN, text, lacking)
        if self.board.curves[at] and self.solution.rosters:
            text = self._named(self.words.hours_needed_less, at)
            return self._not_here(at, WhyLeft.HOURS_NEEDED_LESS, text)
        if lacking == 0 and person in self.solution.drawn:
            return self._not_here(at, WhyLeft.EQUALS, self._named(self.words.equals, at), 0)
        text = self.words.wishes_first if self._wishes_decide(lacking) else self.words.whole_first
        return self._not_here(at, WhyLeft.SEATS_TAKEN, self._named(text, at))

    def _wishes_decide(self, lacking: int) -> bool:
        goals = self.board.goals
        if Goal.WISHES not in goals:
            return False
        return lacking == 0 or Goal.FIT not in goals or goals.index(Goal.WISHES) < goals.index(Goal.FIT)

    def _not_here(self, at: int, why: WhyLeft, reason: Text, lacking: int | None = None) -> NotHere:
        return NotHere(
            programme=self.board.programmes[at].id,
            why=why,
            reason=reason,
            lacking=None if lacking is None else lacking / 100,
        )

    def coverage(self) -> Iterator[Coverage]:
        place = {programme.id: at for at, programme in enumerate(self.board.programmes)}
        for programme in self.board.wave.programmes:
            at = place[programme.id]
            rosters = [self.solution.rosters.get(person, frozenset()) for person in self.there[at]]
            yield covered_by(
                programme.id, seats=programme.seats, curve=self.board.curves[at], rosters=rosters
            )

    def fairness(self) -> Fairness:
        board = self.board
        left = [at for at in range(len(board.people)) if at not in self.solution.home]
        able = sum(any(self._is_open(at, one) for one in board.fits[at]) for at in left)
        wishes = Counter(wish_of(board, person, at) for person, at in self.solution.home.items())
        return Fairness(
            left_with_fit=able,
            left_without_fit=len(left) - able,
            wishes_given={wish: wishes[wish] for wish in sorted(one for one in wishes if one is not None)},
            passed_over=tuple(one for person in left for one in self._passed_over(person)),
            passed_over_points_max=board.policy.fairness.passed_over_points_max,
            drawn=tuple(board.people[one].id for one in sorted(self.solution.drawn)),
        )

    def _passed_over(self, person: int) -> Iterator[PassedOver]:
        """Where somebody placed fits less: first those whom the solver placed, then those whom a recruiter fixed."""
        for at, score in self.board.fits[person].items():
            if not self._is_open(person, at):
                continue
            placed = [one for one in self.there[at] if self.board.fits[one].get(at, 0) < score]
            if not placed:
                continue
            other = min(
                placed, key=lambda one: (one in self.board.fixed, self.board.fits[one].get(at, 0), one)
            )
            yield PassedOver(
                person=self.board.people[person].id,
                programme=self.board.programmes[at].id,
                placed=self.board.people[other].id,
                points=(score - self.board.fits[other].get(at, 0)) / 100,
                reason=self._why_passed(other, at),
            )

    def _why_passed(self, other: int, at: int) -> Text:
        if other in self.board.fixed:
            return self.words.passed_by_lock
        if self.board.curves[at] and self.solution.rosters:
            return self.words.passed_by_hours
        return self.words.passed_by_wishes if self._wishes_decide(-1) else self.words.passed_by_whole

    def by_hand(self) -> ByHand:
        """Fixed places kept, then the best pair first."""
        board, edges = self.board, self.board.edges
        chosen = best_pair_first(
            Edges(edges.people, edges.person, edges.programme, board.fit, edges.seats, edges.seats_min)
        )
        total = int(board.fit[chosen].sum()) + self.points(board.fixed)
        return ByHand(placed=len(chosen) + len(board.fixed), total=total / 100)

    def _name(self, at: int) -> str:
        programme = self.board.programmes[at]
        return programme.title or programme.id

    def _named(self, text: Text, at: int, **figures: str) -> Text:
        return _told(text, other="", programme=self._name(at), **figures)


def _figure(hundredths: int) -> str:
    """Points as they are told, with as few decimals as there are."""
    return f"{hundredths / 100:g}"


def _told(text: Text, *, other: str, programme: str = "", **figures: str) -> Text:
    """Names as they are, figures with the comma of French."""
    french = {name: value.replace(".", ",") for name, value in figures.items()}
    return Text(
        fr=text.fr.format(other=other, programme=programme, **french),
        en=text.en.format(other=other, programme=programme, **figures),
    )
