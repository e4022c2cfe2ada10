"""Programmes made ready for columns: tables by level for each wish, and by profile for hours, languages and traits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assessments.matching.matches import SkillFit
from assessments.matching.matching import Matcher, Prepared
from assessments.matching.preferences import preference_share
from assessments.matching.requirements import Wish
from assessments.profiles import AskedLanguage, Importance
from assessments.ranking.figures import Column, rounded
from assessments.ranking.homes import WHOLE, HomeAsked, home_asked
from assessments.ranking.packed import NOTHING_SHOWN, Traits
from assessments.ranking.people import STEPS, People, wished
from assessments.skills.languages import LanguageFit, fit_of

LEVELS = range(6)
SUM, FAR = 8, 20
"""Where the sum of gaps and the number of musts out of reach begin in a must's steps; the count of gaps is below."""


class Look(NamedTuple):
    """What a wish looks at; wishes that look at the same are looked up once."""

    skills: tuple[str, ...]
    is_either: bool
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tables:
    """One wish by level: its share, the steps and weeks lacking; `least` is the level for each best grade aimed at."""

    look: Look
    shares: Column
    steps: Column
    weeks: Column
    least: tuple[int, int, int, int]


class Tongue(NamedTuple):
    """A language asked, by the level that somebody has (a place in `STEPS`): whether it shuts, its share if wished."""

    code: str
    shuts: Column
    shares: Column | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One programme ready for any people."""

    prepared: Prepared
    musts: tuple[Tables, ...]
    shoulds: tuple[Tables, ...]
    nices: tuple[Tables, ...]
    conditions: tuple[Tables, ...]
    home: HomeAsked
    tongues: tuple[Tongue, ...]
    shuts: frozenset[str]
    softens: frozenset[str]
    is_leading: bool

    @property
    def looks(self) -> tuple[Look, ...]:
        every = (*self.musts, *self.shoulds, *self.nices, *self.conditions)
        return tuple(one.look for one in every)


@dataclass(frozen=True, slots=True)
class Fitted:
    """One programme against the distinct profiles of some people: the best grade each leaves (0 shuts), and shares."""

    asked: Asked
    rhythm_most: Column
    rhythm_share: Column
    tongue_most: Column
    tongue_shares: tuple[Column, ...]
    trait_most: Column
    trait_share: Column


def asked_of(prepared: Prepared, matcher: Matcher) -> Asked:
    """The programme's wishes as tables, each figure taken from `SkillFit` itself."""
    shuts, softens = _refusals(prepared, matcher)
    kinds: dict[Importance, list[Tables]] = {kind: [] for kind in Importance}
    for wish in prepared.wishes:
        kinds[wish.importance].append(_tables(wish, matcher))
    return Asked(
        prepared=prepared,
        musts=tuple(kinds[Importance.MUST]),
        shoulds=tuple(kinds[Importance.SHOULD]),
        nices=tuple(kinds[Importance.NICE]),
        conditions=tuple(_tables(wish, matcher) for wish in prepared.conditions),
        home=home_asked(prepared.programme),
        tongues=tuple(_tongue(one, matcher) for one in prepared.programme.languages),
        shuts=shuts,
        softens=softens,
        is_leading=_leads(prepared.wishes),
    )


def _tables(wish: Wish, matcher: Matcher) -> Tables:
    fits = [
        SkillFit(text=wish.text, importance=wish.importance, skills=wish.skills, asked=wish.level, shown=level,
                 gain=wish.gain)
        for level in LEVELS
    ]  # fmt: skip
    weeks = matcher.policy.training.weeks_a_level[wish.gain]
    steps = [(fit.gap > 0) + (fit.gap << SUM) + ((not fit.is_in_reach) << FAR) for fit in fits]
    reach = min(fit.shown for fit in fits if fit.is_in_reach)
    is_must = wish.importance is Importance.MUST
    return Tables(
        look=Look(wish.skills, wish.is_either, frozenset() if wish.skills else wish.content),
        shares=np.array([fit.share for fit in fits]),
        steps=np.array(steps, dtype=np.int32),
        weeks=np.array([float(fit.gap * weeks) for fit in fits]),
        least=(0, reach, max(reach, wish.level - 1), wish.level) if is_must else (0, 0, 0, 1),
    )


def fitted(asked: Asked, people: People, matcher: Matcher) -> Fitted:
    """Hours, languages, refusals and preferences looked at once for each distinct profile."""
    rhythm_most, rhythm_share = _rhythms(asked, people, matcher)
    tongue_most, tongue_shares = _tongues(asked, people)
    trait_most, trait_share = _traits(asked, people, matcher)
    return Fitted(asked, rhythm_most, rhythm_share, tongue_most, tongue_shares, trait_most, trait_share)


def _rhythms(asked: Asked, people: People, matcher: Matcher) -> tuple[Column, Column]:
    programme, policy = asked.prepared.programme, matcher.policy.hours
    minutes = people.weeks.minutes(
        programme.opening_hours, split_shifts_allowed=programme.split_shifts_allowed, policy=policy
    )
    wishes = wished(people)
    usable = np.minimum((minutes / 60)[people.rhythm_weeks], wishes)
    ratio = np.minimum(usable / programme.weekly_hours, 2.0)  # more than twice is as good as twice
    most = np.full(len(ratio), WHOLE, dtype=np.uint8)
    wants_more = (people.rhythm_wishes >= 0) & (wishes > programme.weekly_hours + policy.wished_above_hours)
    most[wants_more] = 2
    most[ratio < policy.enough_ratio] = 1
    most[ratio < policy.partial_ratio] = 0
    return most, np.minimum(1.0, rounded(ratio, 4) / 10_000)


def _tongue(wanted: AskedLanguage, matcher: Matcher) -> Tongue:
    code = wanted.code.split("-")[0]
    fits = [fit_of(wanted, {code: level} if level else {}) for level in STEPS]
    shuts = np.array([fit.is_must and fit.short > 0 for fit in fits])
    shares = None if wanted.must else np.array([_language_share(fit, matcher) for fit in fits])
    return Tongue(code, shuts, shares)


def _tongues(asked: Asked, people: People) -> tuple[Column, tuple[Column, ...]]:
    most = np.full(len(people.spoken), WHOLE, dtype=np.uint8)
    for one in asked.tongues:
        most[one.shuts[people.tongue(one.code)]] = 0
    wished_for = [(one.shares, one.code) for one in asked.tongues if one.shares is not None]
    return most, tuple(shares[people.tongue(code)] for shares, code in wished_for)


def _language_share(fit: LanguageFit, matcher: Matcher) -> float:
    policy = matcher.policy.languages
    by_short = {0: policy.should_met, 1: policy.should_one_short}
    return by_short.get(fit.short, policy.should_missing)


def _traits(asked: Asked, people: People, matcher: Matcher) -> tuple[Column, Column]:
    most = [_most_of(one, asked) for one in people.kinds]
    shares = [_preference(one, asked.prepared, matcher) for one in people.kinds]
    return np.array(most, dtype=np.uint8), np.array(shares, dtype=np.float64)


def _refusals(prepared: Prepared, matcher: Matcher) -> tuple[frozenset[str], frozenset[str]]:
    """Refusals of the main work, which shut, and of work besides, which soften."""
    main = prepared.main_skills
    side = {key for wish in prepared.wishes for key in wish.skills} - main
    channels = [channel.value for channel in prepared.programme.channels]
    known = matcher.reader.policy.wishes.refusals
    return (
        frozenset(
            one.key for one in known if main & set(one.skills) or set(channels[:1]) & set(one.channels)
        ),
        frozenset(one.key for one in known if side & set(one.skills) or set(channels) & set(one.channels)),
    )


def _most_of(traits: Traits, asked: Asked) -> int:
    """The best grade that refusals leave, and experience beyond the post."""
    if not asked.shuts.isdisjoint(traits.refusals):
        return 0
    is_onsite = traits.refuses_onsite and asked.prepared.programme.onsite_days_per_week
    if is_onsite or not asked.softens.isdisjoint(traits.refusals):
        return 1
    return 2 if traits.is_over_qualified and not asked.is_leading else WHOLE


def _leads(wishes: Iterable[Wish]) -> bool:
    return any("team_management" in wish.skills for wish in wishes if wish.importance is Importance.MUST)


def _preference(traits: Traits, prepared: Prepared, matcher: Matcher) -> float:
    if not traits.preferred and not traits.preferred_sectors:
        return 1.0
    told = {"preferred": traits.preferred, "preferred_sectors": traits.preferred_sectors}
    reading = NOTHING_SHOWN.model_copy(update=told)
    share = preference_share(
        reading, prepared.programme, main_skills=prepared.main_skills, sectors=prepared.sectors,
        known=matcher.reader.policy.wishes.refusals,
    )  # fmt: skip
    return 1.0 if share is None else share


def level_of(look: Look, people: People, rows: slice) -> Column:
    """`requirements.Wish.level_in` of each person."""
    if not look.skills:
        return people.content_level(look.stems, rows)
    levels = [people.level(skill, rows) for skill in dict.fromkeys(look.skills)]
    best: Column = np.maximum.reduce(levels)
    if look.is_either or len(levels) == 1:
        return best
    means = [int(total / len(levels) + 0.5) for total in range(5 * len(levels) + 1)]
    total = np.add.reduce(levels, dtype=np.int16)
    mean: Column = np.array(means, dtype=np.uint8)[total]
    level: Column = np.maximum(mean, np.maximum(best, 1) - 1)
    return level


def contents_of(asked: Sequence[Asked]) -> set[frozenset[str]]:
    """The words that no known skill covers."""
    return {look.stems for one in asked for look in one.looks if not look.skills}
