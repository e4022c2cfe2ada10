"""What a programme could ask for otherwise, and whom each change would bring: everybody weighed again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from assessments.matching.counterfactuals import Known
from assessments.matching.matches import Outcome
from assessments.matching.matching import Matcher, Prepared
from assessments.profiles import Importance, ProgrammeProfile, Requirement, Window
from assessments.values import Value

_HALF_HOUR = 30
_DAY = 24 * 60


class VariationKind(StrEnum):
    """What would be asked for otherwise."""

    OPENS_EARLIER = "opens_earlier"
    CLOSES_LATER = "closes_later"
    SPLIT_SHIFTS = "split_shifts"
    FEWER_HOURS = "fewer_hours"
    LENDS_EQUIPMENT = "lends_equipment"
    NO_CARD_DATA = "no_card_data"
    NO_ONSITE_DAY = "no_onsite_day"
    LOWER_LEVEL = "lower_level"
    ONLY_WISHED = "only_wished"


class Variation(Value):
    """One change of a programme; `skill` is the client's line it is about, `value` the new time, hours or level."""

    kind: VariationKind
    skill: str = ""
    value: str = ""


class Gained(Value):
    """Whom a variation brings (ids, in the order given): to a match, and out of a `no`."""

    variation: Variation
    matches: tuple[str, ...]
    leaves_no: tuple[str, ...]


def variations_of(programme: ProgrammeProfile) -> Iterator[tuple[Variation, ProgrammeProfile]]:
    """Each single change worth asking about, with the programme as it would be."""
    yield from _of_hours(programme)
    if not programme.equipment_provided:
        yield (
            Variation(kind=VariationKind.LENDS_EQUIPMENT),
            programme.model_copy(update={"equipment_provided": True}),
        )
    if programme.card_data:
        yield Variation(kind=VariationKind.NO_CARD_DATA), programme.model_copy(update={"card_data": False})
    if programme.onsite_days_per_week:
        yield (
            Variation(kind=VariationKind.NO_ONSITE_DAY),
            programme.model_copy(update={"onsite_days_per_week": 0}),
        )
    yield from _of_skills(programme)


def _of_hours(programme: ProgrammeProfile) -> Iterator[tuple[Variation, ProgrammeProfile]]:
    for kind, earlier, later in (
        (VariationKind.OPENS_EARLIER, _HALF_HOUR, 0),
        (VariationKind.CLOSES_LATER, 0, _HALF_HOUR),
    ):
        windows = _stretched(programme.opening_hours, earlier=earlier, later=later)
        if windows != programme.opening_hours:
            ends = [window.start for window in windows] if earlier else [window.end for window in windows]
            value = min(ends) if earlier else max(ends)
            yield Variation(kind=kind, value=value), programme.model_copy(update={"opening_hours": windows})
    if not programme.split_shifts_allowed:
        yield (
            Variation(kind=VariationKind.SPLIT_SHIFTS),
            programme.model_copy(update={"split_shifts_allowed": True}),
        )
    if programme.weekly_hours > 20:
        fewer = max(20.0, programme.weekly_hours - 5)
        yield (
            Variation(kind=VariationKind.FEWER_HOURS, value=f"{fewer:g}"),
            programme.model_copy(update={"weekly_hours": fewer}),
        )


def _stretched(windows: Sequence[Window], *, earlier: int, later: int) -> tuple[Window, ...]:
    """The first opening of each day earlier, the last one later; never past midnight."""
    found = []
    for window in windows:
        same = [other for other in windows if other.day == window.day]
        start, end = _minutes(window.start), _minutes(window.end)
        if earlier and window.start == min(other.start for other in same):
            start = max(0, start - earlier)
        if later and window.end == max(other.end for other in same):
            end = min(_DAY, end + later)
        found.append(Window.model_validate({"day": window.day, "from": _clock(start), "to": _clock(end)}))
    return tuple(found)


def _of_skills(programme: ProgrammeProfile) -> Iterator[tuple[Variation, ProgrammeProfile]]:
    for at, asked in enumerate(programme.skills):
        if asked.importance is not Importance.MUST:
            continue
        if asked.level > 1:
            lower = asked.model_copy(update={"level": asked.level - 1})
            yield (
                Variation(kind=VariationKind.LOWER_LEVEL, skill=asked.text, value=str(lower.level)),
                _with_skill(programme, at, lower),
            )
        wished = asked.model_copy(update={"importance": Importance.SHOULD})
        yield Variation(kind=VariationKind.ONLY_WISHED, skill=asked.text), _with_skill(programme, at, wished)


def _with_skill(programme: ProgrammeProfile, at: int, asked: Requirement) -> ProgrammeProfile:
    skills = (*programme.skills[:at], asked, *programme.skills[at + 1 :])
    return programme.model_copy(update={"skills": skills})


def gains_of(people: Sequence[Known], prepared: Prepared, *, matcher: Matcher) -> tuple[Gained, ...]:
    """Each variation that brings somebody, the one that brings most first; everybody is weighed again under each."""
    now = {known.person.id: matcher.weigh(known.person, known.reading, prepared).outcome for known in people}
    found: list[Gained] = []
    for variation, programme in variations_of(prepared.programme):
        other = matcher.prepare(programme)
        then = {
            known.person.id: matcher.weigh(known.person, known.reading, other).outcome for known in people
        }
        gained = Gained(
            variation=variation,
            matches=tuple(_turned(now, then, lambda outcome: outcome is Outcome.MATCH)),
            leaves_no=tuple(_turned(now, then, lambda outcome: outcome is not Outcome.NO)),
        )
        if gained.matches or gained.leaves_no:
            found.append(gained)
    return tuple(sorted(found, key=lambda one: (-len(one.matches), -len(one.leaves_no), one.variation.kind)))


def _turned(
    now: Mapping[str, Outcome], then: Mapping[str, Outcome], is_so: Callable[[Outcome], bool]
) -> Iterator[str]:
    """Of whom it is so then and was not before."""
    return (name for name, outcome in then.items() if is_so(outcome) and not is_so(now[name]))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
