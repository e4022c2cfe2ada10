"""Many people against many programmes: `Matcher.weigh`'s score and outcome of each pair, and each programme's best.

The same figures, worked out over columns: what a person brings is looked up in tables by level and by distinct profile,
and everything is added and rounded in the order in which the single pair is. People come in chunks that stay in the
processor's cache, and once a programme has enough people, whoever cannot come near the last of them is passed over at
the first look. Nothing of the size people times programmes is ever held.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

import numpy as np

from assessments.matching.matches import Outcome
from assessments.matching.matching import Matcher, Prepared
from assessments.ranking.figures import Column, rounded, summed
from assessments.ranking.homes import HomeAsked, HomeFound, homes_for
from assessments.ranking.people import People
from assessments.ranking.programmes import (
    FAR,
    SUM,
    Asked,
    Fitted,
    Look,
    Tables,
    asked_of,
    contents_of,
    fitted,
    level_of,
)

OUTCOMES = tuple(Outcome)
ROWS_AT_ONCE = 32_768
THREADS = 2
_COUNT = (1 << SUM) - 1
_TWO_SHORT = 2 | 2 << SUM


@dataclass(frozen=True, slots=True)
class Weighed:
    """People of some rows for one programme: score in hundredths, place in `OUTCOMES`, grade.

    `line_alone`: nothing but the line stands against this person, so that a plan may undo the `no`.
    """

    rows: Column
    hundredths: Column
    outcomes: Column
    grades: Column
    line_alone: Column


@dataclass(frozen=True, slots=True)
class Best:
    """The best of one programme by score, then by place: rows of `People` and scores in hundredths."""

    rows: Column
    hundredths: Column


class Ranker:
    """A matcher and programmes made ready once; `weighed` and `best` then take any people."""

    def __init__(
        self, matcher: Matcher, programmes: Sequence[Prepared], *, rows_at_once: int = ROWS_AT_ONCE
    ) -> None:
        self.matcher = matcher
        self.rows_at_once = rows_at_once
        self.asked = tuple(asked_of(one, matcher) for one in programmes)
        self.contents = contents_of(self.asked)
        bands = matcher.policy.score.bands
        grades = sorted(bands)
        self._low = np.array([float(bands[grade][0]) for grade in grades])
        self._span = np.array([float(bands[grade][1] - bands[grade][0]) for grade in grades])
        # The most hundredths that somebody of at most this grade can have.
        self._most = np.maximum.accumulate(rounded(np.maximum(self._low, self._low + self._span), 2))

    def weighed(self, people: People, programme: int = 0) -> Weighed:
        """Everybody for one programme (its place in what the ranker was made of)."""
        people.ready_for(self.contents)
        ready = fitted(self.asked[programme], people, self.matcher)
        parts = [
            self._weigh(ready, _Part(people, rows), None)
            for rows in _chunks(len(people), most=self.rows_at_once)
        ]
        if not parts:
            nobody = np.zeros(0, dtype=np.int64)
            return Weighed(nobody, nobody, nobody, nobody, nobody.astype(bool))
        return Weighed(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in Weighed.__slots__)
        )

    def best(self, people: People, *, most: int = 50, threads: int = THREADS) -> tuple[Best, ...]:
        """The best of every programme, as sorting everybody by (-score, id) would put them."""
        people.ready_for(self.contents)
        ready = [fitted(one, people, self.matcher) for one in self.asked]
        leaders = [_Leaders(most) for _ in ready]
        chunks, turn = (
            list(_chunks(len(people), first=max(1, self.rows_at_once // 32), most=self.rows_at_once)),
            count(),
        )

        def work(_: int) -> None:
            while (at := next(turn)) < len(chunks):
                part = _Part(people, chunks[at])
                for one, leading in zip(ready, leaders, strict=True):
                    self._lead(one, part, leading)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
        return tuple(one.best() for one in leaders)

    def _lead(self, ready: Fitted, part: "_Part", leading: "_Leaders") -> None:
        floor = leading.needed(part.rows.start)
        aimed = int(np.searchsorted(self._most, floor))
        if aimed == len(self._most):
            return
        picked = _picked(ready.asked, part, aimed)
        if picked is None or len(picked):
            found = self._weigh(ready, part, picked, least_grade=aimed)
            enough = found.hundredths >= floor
            leading.add(found.rows[enough], found.hundredths[enough])

    def _weigh(self, ready: Fitted, part: "_Part", picked: Column | None, *, least_grade: int = 0) -> Weighed:
        """The picked places of a part (all for None); whoever is surely below `least_grade` may be left out."""
        most, home = _most(ready, part, picked), part.home(ready.asked.home, self.matcher)
        if least_grade:
            left = np.minimum(most, _at(home.most, picked))
            chosen = np.flatnonzero(left >= least_grade)
            most, picked = most[chosen], chosen if picked is None else picked[chosen]
        return self._figures(ready, part, picked, most, home)

    def _figures(
        self, ready: Fitted, part: "_Part", picked: Column | None, most: Column, home: HomeFound
    ) -> Weighed:
        asked = ready.asked
        musts = [part.levels(one, picked) for one in asked.musts]
        size = len(most)
        steps = sum(
            (one.steps[level] for one, level in zip(asked.musts, musts, strict=True)),
            start=np.zeros(size, np.int32),
        )
        load = summed(one.weeks[level] for one, level in zip(asked.musts, musts, strict=True))
        shoulds = [part.levels(one, picked) for one in asked.shoulds]
        tongues = _at(part.tongues, picked)
        wished = [one.shares[level] for one, level in zip(asked.shoulds, shoulds, strict=True)]
        coverage = _mean([*wished, *(share[tongues] for share in ready.tongue_shares)])
        skilled = self._skilled(steps, load, coverage, shoulds)
        grade = np.minimum(skilled, most)
        for one in asked.conditions:
            grade[part.levels(one, picked) < one.least[3]] = 0
        is_open = grade > 0
        home_most = _at(home.most, picked)
        grade = np.minimum(grade, home_most)
        lowered = np.maximum(grade.astype(np.int16) - _at(home.lowers, picked), 1)
        grade = np.where(grade > 0, lowered, 0).astype(np.uint8)
        shares = {
            "must": _mean([one.shares[level] for one, level in zip(asked.musts, musts, strict=True)]),
            "should": coverage,
            "nice": _mean([one.shares[part.levels(one, picked)] for one in asked.nices]),
            "hours": ready.rhythm_share[_at(part.rhythms, picked)],
            "home": np.maximum(0.0, 1.0 - 0.5 * _at(home.count, picked)),
            "preference": ready.trait_share[_at(part.traits, picked)],
        }
        places = np.arange(part.rows.start, part.rows.stop)
        return Weighed(
            rows=_at(places, picked),
            hundredths=self._hundredths(grade, shares),
            outcomes=_outcomes(grade, skilled, steps),
            grades=grade,
            line_alone=is_open & (home_most == 0),
        )

    def _skilled(
        self, steps: Column, load: Column | float, coverage: Column | float, shoulds: Sequence[Column]
    ) -> Column:
        """`SkillScale.grade` of each."""
        policy, training = self.matcher.policy.skills, self.matcher.policy.training
        gaps, short = steps & _COUNT, (steps >> SUM) & ((1 << FAR - SUM) - 1)
        is_excellent = (gaps == 0) & (coverage >= policy.excellent_coverage)
        for level in shoulds:
            is_excellent &= level > 0
        is_good = ((gaps <= 1) & (short <= 1) & (coverage >= policy.good_coverage)) | (
            ((steps & ((1 << FAR) - 1)) == _TWO_SHORT) & (coverage >= policy.good_coverage_two_gaps)
        )
        is_far = (load >= training.far_weeks) & (coverage < training.far_coverage)
        is_out = ((steps >> FAR) > 0) | (load > training.weeks_max) | is_far
        grade = np.where(is_excellent, 3, np.where(is_good, 2, 1))
        return np.where(is_out, 0, grade).astype(np.uint8)

    def _hundredths(self, grade: Column, shares: dict[str, Column | float]) -> Column:
        """`Matcher._score` of each."""
        weights = self.matcher.policy.score.weights
        fit = summed(np.asarray(weights[name] * share) for name, share in shares.items()) / sum(
            weights.values()
        )
        return rounded(self._low[grade] + self._span[grade] * fit, 2)


@dataclass(slots=True)
class _Part:
    """Some rows, and what was looked up in them for one programme and serves the next."""

    people: People
    rows: slice
    known: dict[Look, Column] = field(default_factory=dict)
    homes: dict[HomeAsked, HomeFound] = field(default_factory=dict)

    @property
    def rhythms(self) -> Column:
        return self.people.rhythms[self.rows]

    @property
    def tongues(self) -> Column:
        return self.people.tongues[self.rows]

    @property
    def traits(self) -> Column:
        return self.people.traits[self.rows]

    def levels(self, one: Tables, picked: Column | None) -> Column:
        if one.look not in self.known:
            self.known[one.look] = level_of(one.look, self.people, self.rows)
        return _at(self.known[one.look], picked)

    def home(self, asked: HomeAsked, matcher: Matcher) -> HomeFound:
        if asked not in self.homes:
            homes, line = self.people.homes[self.rows], self.people.line[:, self.rows]
            self.homes[asked] = homes_for(asked, homes, line, matcher.policy.line)
        return self.homes[asked]


class _Leaders:
    """The best so far."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.rows = self.hundredths = np.zeros(0, dtype=np.int64)
        self._floor, self._last = -1, -1
        self._lock = Lock()

    def needed(self, first_row: int) -> int:
        """The least hundredths with which a row from here on still comes among them: of equals the earlier stays."""
        with self._lock:
            return self._floor + (self._floor >= 0 and first_row > self._last)

    def add(self, rows: Column, hundredths: Column) -> None:
        with self._lock:
            rows = np.concatenate([self.rows, rows])
            hundredths = np.concatenate([self.hundredths, hundredths])
            order = np.lexsort((rows, -hundredths))[: self.most]
            self.rows, self.hundredths = rows[order], hundredths[order]
            if len(order) == self.most:
                self._floor, self._last = int(self.hundredths[-1]), int(self.rows.max())

    def best(self) -> Best:
        return Best(self.rows, self.hundredths)


def _chunks(size: int, *, most: int, first: int | None = None) -> Iterator[slice]:
    """All rows; small chunks first, so that most people meet a floor that is already high."""
    start, rows = 0, first or most
    while start < size:
        yield slice(start, min(size, start + rows))
        start, rows = start + rows, min(most, 2 * rows)


def _at(column: Column, picked: Column | None) -> Column:
    return column if picked is None else column[picked]


def _picked(asked: Asked, part: _Part, aimed: int) -> Column | None:
    """The places of whoever shows at least what a grade needs of each wish; None for everybody."""
    tests = [one for one in (*asked.musts, *asked.shoulds) if one.least[aimed]]
    if not tests:
        return None
    fits = part.levels(tests[0], None) >= tests[0].least[aimed]
    for one in tests[1:]:
        fits &= part.levels(one, None) >= one.least[aimed]
    return np.flatnonzero(fits)


def _most(ready: Fitted, part: _Part, picked: Column | None) -> Column:
    """The best grade that hours, languages and traits leave."""
    rhythm = ready.rhythm_most[_at(part.rhythms, picked)]
    tongue = ready.tongue_most[_at(part.tongues, picked)]
    return np.minimum(np.minimum(rhythm, tongue), ready.trait_most[_at(part.traits, picked)])


def _mean(shares: Sequence[Column]) -> Column | float:
    """As `skill_fits.mean`."""
    return summed(shares) / len(shares) if shares else 1.0


def _outcomes(grade: Column, skilled: Column, steps: Column) -> Column:
    """As `matching._outcome`."""
    no, match, training, remedy = (
        OUTCOMES.index(one)
        for one in (Outcome.NO, Outcome.MATCH, Outcome.AFTER_TRAINING, Outcome.AFTER_REMEDY)
    )
    is_trained = (skilled == 1) | ((steps & _COUNT) > 0)
    open_ones = np.where(is_trained, training, np.where(grade >= 2, match, remedy))
    return np.where(grade == 0, no, open_ones).astype(np.uint8)
