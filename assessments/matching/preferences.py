"""What a person would rather do, held against a programme: it orders people, it never opens or shuts anything."""

from collections.abc import Iterable

from assessments.matching.readings import PersonReading, Refusal
from assessments.profiles import ProgrammeProfile


def preference_share(
    reading: PersonReading,
    programme: ProgrammeProfile,
    *,
    main_skills: frozenset[str],
    sectors: frozenset[str],
    known: Iterable[Refusal],
) -> float | None:
    """The share of what a person prefers that a programme offers, None for a person who says nothing of it.

    Kinds of work count together as one preference, and so do sectors: one of those named is enough.
    """
    met: list[bool] = []
    wanted = [one for one in known if one.key in reading.preferred]
    if wanted:
        channels = {channel.value for channel in programme.channels}
        met.append(any(channels & set(one.channels) or main_skills & set(one.skills) for one in wanted))
    if reading.preferred_sectors:
        met.append(bool(sectors & set(reading.preferred_sectors)))
    return sum(met) / len(met) if met else None
