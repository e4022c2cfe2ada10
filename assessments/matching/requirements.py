"""What a programme asks for, in the client's words, as known skills with a level and what training can give."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.matching.readings import PersonReading, Reader
from assessments.profiles import Importance, ProgrammeProfile, Requirement
from assessments.skills.phrases import Hit, fold
from assessments.skills.skills import Meaning, Strength

_EITHER = re.compile(r"\b(?:ou|or)\b|/")


@dataclass(frozen=True)
class Wish:
    """One requirement: the skills it names (one is enough if `is_either`), or only its content words."""

    text: str
    importance: Importance
    level: int
    skills: tuple[str, ...]
    gain: int
    is_either: bool
    content: frozenset[str]

    def level_in(self, reading: PersonReading) -> tuple[int, str | None]:
        """Level shown, and the skill that shows it best.

        Of several skills the mean counts, rounded half up, but never more than one level under the best: a
        client's line names one piece of work, and the other words often only say what it is about.
        """
        if not self.skills:
            return reading.content_level(self.content, hint=1), None
        levels = {skill: reading.level(skill) for skill in self.skills}
        best = max(levels, key=lambda skill: (levels[skill], skill))
        if self.is_either or len(levels) == 1:
            return levels[best], best
        mean = int(sum(levels.values()) / len(levels) + 0.5)
        return max(mean, levels[best] - 1), best


def wish_of(asked: Requirement, reader: Reader, *, unknown_gain: int) -> Wish:
    """A requirement read; a gain of several skills is that of the slowest, or of the best where one is enough."""
    skills = _skills_of(asked.text, reader)
    is_either = bool(_EITHER.search(fold(asked.text)))
    gains = [reader.resolver.skills[key].gain for key in skills] or [unknown_gain]
    return Wish(
        text=asked.text,
        importance=asked.importance,
        level=asked.level,
        skills=skills,
        gain=max(gains) if is_either else min(gains),
        is_either=is_either,
        content=reader.content(asked.text),
    )


def _skills_of(text: str, reader: Reader) -> tuple[str, ...]:
    """The skills a text names: those of its fullest phrases first, of looser words only where nothing else fits."""
    exact = reader.resolver.resolve(text)
    if exact.skill and exact.tier in ("exact", "folded"):
        return (exact.skill,)
    for strengths in ((Strength.SHOWN,), (Strength.MEANS,), (Strength.WEAK,), (Strength.HINT,)):
        found = _essential(_named(text, reader, strengths), reader)
        if found:
            return found
    return (exact.skill,) if exact.skill and exact.tier == "fuzzy" else ()


def _essential(found: tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    """Without what only illustrates: a tool beside its broad skill, a sector or a trait beside a skill of the trade."""
    skills = reader.resolver.skills
    wide = tuple(key for key in found if skills[key].broader not in found)
    core = tuple(key for key in wide if skills[key].family not in reader.policy.context_families) or wide
    if not any(skills[key].family in reader.policy.channel_families for key in core):
        return core
    # « courriels aux assurés »: beside a channel, a sector only says for whom.
    return tuple(key for key in core if skills[key].family not in reader.policy.sector_families)


def _named(text: str, reader: Reader, strengths: Iterable[Strength]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for clause in reader.resolver.clauses(text):
        every = reader.resolver.find(clause)
        hits = [hit for hit in every if hit.meaning.strength in strengths]
        for hit in (*_heads(every, hits), *hits):
            if hit.meaning.skill and not _is_part_of_longer(hit, hits):
                found[hit.meaning.skill] = None
    return tuple(found)


def _heads(every: Iterable[Hit[Meaning]], hits: list[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """The looser word that opens a line (« appels d'assurés ») is what the work is; the rest says of what."""
    if not hits or any(0 in hit.taken for hit in hits):
        return []
    return [hit for hit in every if 0 in hit.taken and hit.meaning.strength is Strength.WEAK]


def _is_part_of_longer(hit: Hit[Meaning], hits: Iterable[Hit[Meaning]]) -> bool:
    return any(hit.taken < other.taken for other in hits)


def conditions_of(programme: ProgrammeProfile, reader: Reader) -> tuple[Wish, ...]:
    """Past practice that the description makes a condition, one wish a sentence; any one of its skills is enough."""
    words = reader.policy.conditions
    wishes = []
    for sentence in re.split(r"(?<=[.!?])\s+", programme.description):
        folded = fold(sentence)
        marker = next((marker for marker in words.markers if marker in folded), None)
        if marker is None:
            continue
        asked = folded.split(marker, 1)[1]
        skills = _named(asked, reader, (Strength.SHOWN, Strength.MEANS, Strength.WEAK))
        if skills:
            wishes.append(Wish(asked.strip(" ."), Importance.MUST, words.level, skills, 0, True, frozenset()))
    return tuple(wishes)


@dataclass(frozen=True)
class Prepared:
    """A programme with its wishes and its sectors read once."""

    programme: ProgrammeProfile
    wishes: tuple[Wish, ...]
    conditions: tuple[Wish, ...]
    sectors: frozenset[str] = frozenset()

    @property
    def main_skills(self) -> frozenset[str]:
        """The skills of the musts: what the work is."""
        return frozenset(
            key for wish in self.wishes if wish.importance is Importance.MUST for key in wish.skills
        )
