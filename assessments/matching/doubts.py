"""What in a programme or a person's file contradicts itself, or lets nobody in: in words, with its field."""

from collections.abc import Iterator

from assessments.matching.availability import usable_hours
from assessments.matching.weighing import MatchingPolicy
from assessments.profiles import CandidateProfile, ProgrammeProfile, Window
from assessments.values import Text, Value

_ALWAYS = tuple(Window.model_validate({"day": day, "from": "00:00", "to": "24:00"}) for day in range(1, 8))


class Doubt(Value):
    """Something to look at again; `field` is where, as a path into the profile. Nothing is stopped by it."""

    field: str
    text: Text


def doubts_of_programme(programme: ProgrammeProfile, policy: MatchingPolicy) -> tuple[Doubt, ...]:
    """What lets nobody in, or everybody: hours, seats, skills."""
    return tuple(_of_programme(programme, policy))


def _of_programme(programme: ProgrammeProfile, policy: MatchingPolicy) -> Iterator[Doubt]:
    if not programme.skills:
        yield _doubt(policy, "skills", "no_skill")
    if programme.seats == 0:
        yield _doubt(policy, "seats", "no_seat")
    hours = usable_hours(
        _ALWAYS,
        programme.opening_hours,
        weekly_hours=programme.weekly_hours,
        wished_hours=None,
        split_shifts_allowed=programme.split_shifts_allowed,
        policy=policy.hours,
    )
    if hours.usable / hours.weekly < policy.hours.partial_ratio:
        split = not programme.split_shifts_allowed and any(
            one.day == other.day
            for at, one in enumerate(programme.opening_hours)
            for other in programme.opening_hours[at + 1 :]
        )
        name = "nobody_has_hours_unsplit" if split else "nobody_has_hours"
        yield _doubt(policy, "opening_hours", name, usable=f"{hours.usable:g}", weekly=f"{hours.weekly:g}")
    seen: dict[str, int] = {}
    for at, asked in enumerate(programme.skills):
        first = seen.setdefault(asked.text.casefold().strip(), at)
        if first != at:
            yield _doubt(policy, f"skills[{at + 1}]", "skill_twice", skill=asked.text, first=first + 1)


def doubts_of_person(person: CandidateProfile, policy: MatchingPolicy) -> tuple[Doubt, ...]:
    """Hours wished that the availability given cannot hold."""
    wished = person.desired_weekly_hours
    if not wished or not person.availability:
        return ()
    free = sum(window.minutes for window in person.availability) / 60
    if free >= wished:
        return ()
    return (_doubt(policy, "availability", "wishes_more_than_free", wished=f"{wished:g}", free=f"{free:g}"),)


def _doubt(policy: MatchingPolicy, field: str, name: str, **facts: object) -> Doubt:
    sentence = policy.doubts[name]
    return Doubt(field=field, text=sentence.with_(**facts) if facts else sentence)
