"""The shortest way from the levels a person shows to those a programme asks for, over courses that exist."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import combinations, count

from assessments.matching.courses import Course
from assessments.matching.matches import Outcome
from assessments.matching.matching import Prepared
from assessments.matching.readings import PersonReading, Shown
from assessments.matching.requirements import Wish
from assessments.profiles import Importance
from assessments.values import Value

MOST_KEPT = 4096
_MOST_STEPS = 200_000


class Need(Value):
    """A level of a skill to reach, from the one shown, and the client's line that asks for it."""

    skill: str
    shown: int
    asked: int
    text: str


class TrainingPath(Value):
    """Courses in an order they can be taken, the least time there is; `open_needs` are what no course teaches."""

    courses: tuple[Course, ...]
    minutes: int
    open_needs: tuple[Need, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the courses close every need."""
        return not self.open_needs


def needs_of(prepared: Prepared, reading: PersonReading, *, with_wished: bool = False) -> tuple[Need, ...]:
    """What must be learnt for a programme: the musts, or the wishes too where these keep a person from more.

    Where one skill of several is enough, the one nearest to what is asked; else each that is under it.
    """
    asked = [
        wish
        for wish in prepared.wishes
        if wish.level_in(reading)[0] < wish.level
        and (wish.importance is Importance.MUST or (with_wished and wish.importance is Importance.SHOULD))
    ]
    found: dict[str, Need] = {}
    for wish in asked:
        for need in _needs_of_wish(wish, reading):
            if need.skill not in found or found[need.skill].asked < need.asked:
                found[need.skill] = need
    return tuple(found.values())


def _needs_of_wish(wish: Wish, reading: PersonReading) -> Iterator[Need]:
    if not wish.skills:
        yield Need(skill="", shown=wish.level_in(reading)[0], asked=wish.level, text=wish.text)
        return
    levels = {skill: reading.level(skill) for skill in wish.skills}
    wanted = (max(levels, key=lambda key: (levels[key], key)),) if wish.is_either else wish.skills
    for skill in wanted:
        if levels[skill] < wish.level:
            yield Need(skill=skill, shown=levels[skill], asked=wish.level, text=wish.text)


class Training:
    """The courses of a day, by what they lift; paths found are kept, since many people lack the same.

    `most_minutes` is the longest path that is still a preparation for a start.
    """

    def __init__(
        self, courses: Sequence[Course], *, minutes_a_day: int = 420, most_minutes: int = 8400
    ) -> None:
        self.courses = tuple(courses)
        self.minutes_a_day, self.most_minutes = minutes_a_day, most_minutes
        self._known = {course.id: course for course in self.courses}
        self._lifting: dict[str, list[Course]] = {}
        for course in self.courses:
            for lift in course.lifts:
                self._lifting.setdefault(lift.skill, []).append(course)
        self.shortest = lru_cache(maxsize=MOST_KEPT)(self._shortest)

    def _shortest(self, needs: tuple[Need, ...]) -> TrainingPath:
        """The courses that lift every need in the least time, to the proven optimum; ties go to fewer, then by id.

        Nobody takes a course twice. Needs that no course can bring to their level, alone or beside the others, are told
        in `open_needs`, and nothing is planned for them: as few as can be, then those whose absence leaves the shortest
        path.

        >>> from assessments.matching.courses import Lift
        >>> from assessments.values import Text
        >>> def course(name, minutes, *skills):
        ...     lifts = tuple(Lift(skill=skill, level=1) for skill in skills)
        ...     return Course(id=name, title=Text(fr=name, en=name), minutes=minutes, lifts=lifts)
        >>> training = Training((course("a", 60, "calls"), course("b", 60, "crm"), course("ab", 90, "calls", "crm")))
        >>> needs = tuple(Need(skill=name, shown=0, asked=1, text=name) for name in ("calls", "crm"))
        >>> [one.id for one in training.shortest(needs).courses], training.shortest(needs[:1]).minutes
        (['ab'], 60)
        """
        reachable = tuple(need for need in needs if self._can_reach(need))
        for count_closed in range(len(reachable), -1, -1):
            ways = [
                (found, closed)
                for closed in combinations(reachable, count_closed)
                if (found := _cheapest(closed, self._useful(closed))) is not None
            ]
            if ways:
                break
        found, closed = min(ways, key=lambda way: sum(course.minutes for course in way[0]))
        return TrainingPath(
            courses=found,
            minutes=sum(course.minutes for course in found),
            open_needs=tuple(need for need in needs if need not in closed),
        )

    def _can_reach(self, need: Need) -> bool:
        level = need.shown
        lifts = [
            lift
            for one in self._lifting.get(need.skill, ())
            for lift in one.lifts
            if lift.skill == need.skill
        ]
        while level < need.asked:
            higher = max((lift.level for lift in lifts if lift.since <= level), default=level)
            if higher <= level:
                return False
            level = higher
        return True

    def _useful(self, needs: Sequence[Need]) -> tuple[Course, ...]:
        """Courses that lift something needed, and all that must come before them."""
        wanted = {need.skill: need for need in needs}
        waiting = [
            course.id
            for skill, need in wanted.items()
            for course in self._lifting.get(skill, ())
            if any(
                lift.skill in wanted
                and lift.level > wanted[lift.skill].shown
                and lift.since < wanted[lift.skill].asked
                for lift in course.lifts
            )
        ]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found and name in self._known:
                found.add(name)
                waiting += self._known[name].needs
        return tuple(sorted((self._known[name] for name in found), key=lambda course: course.id))


def _cheapest(needs: Sequence[Need], courses: Sequence[Course]) -> tuple[Course, ...] | None:
    """Dijkstra over levels reached and courses taken that others need; the first state with every level wins.

    None where no order of the courses reaches them all.
    """
    goal = tuple(need.asked for need in needs)
    needed = frozenset(name for course in courses for name in course.needs)
    start = tuple(need.shown for need in needs)
    tick = count()
    front: list[tuple[int, int, tuple[str, ...], int, tuple[int, ...], tuple[Course, ...]]] = []
    heappush(front, (0, 0, (), next(tick), start, ()))
    seen: set[tuple[tuple[int, ...], frozenset[str]]] = set()
    while front and next(tick) < _MOST_STEPS:
        minutes, taken, ids, _, levels, path = heappop(front)
        if all(level >= most for level, most in zip(levels, goal, strict=True)):
            return path
        before = frozenset(ids)
        state = (levels, before & needed)
        if state in seen:
            continue
        seen.add(state)
        for course in courses:
            if course.id in before or not set(course.needs) <= before:
                continue
            lifted = _lifted(levels, needs, course)
            if lifted != levels or course.id in needed:
                more = tuple(sorted((*ids, course.id)))
                heappush(
                    front,
                    (minutes + course.minutes, taken + 1, more, next(tick), lifted, (*path, course)),
                )
    return None


def _lifted(levels: tuple[int, ...], needs: Sequence[Need], course: Course) -> tuple[int, ...]:
    lifts = {lift.skill: lift for lift in course.lifts}
    return tuple(
        max(level, min(need.asked, lift.level))
        if (lift := lifts.get(need.skill)) and lift.since <= level
        else level
        for level, need in zip(levels, needs, strict=True)
    )


def after(reading: PersonReading, courses: Iterable[Course]) -> PersonReading:
    """What the person would show after courses, in this order; the words that show it are the course's title."""
    levels = dict(reading.skills)
    for course in courses:
        for lift in course.lifts:
            held = levels[lift.skill].level if lift.skill in levels else 0
            if lift.since <= held < lift.level:
                levels[lift.skill] = Shown(level=lift.level, evidence=course.title.fr[:200], source="course")
    return reading.model_copy(update={"skills": levels})


def asks_for_wished(outcome: Outcome, prepared: Prepared, reading: PersonReading) -> bool:
    """Whether no must is lacking and yet a class is asked for: then it is for what is wished."""
    return outcome is Outcome.AFTER_TRAINING and not needs_of(prepared, reading)
