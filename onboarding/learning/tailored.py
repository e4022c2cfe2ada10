"""A path made of the modules that one match lacks: the same lack gives the same path, whoever has it."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import accumulate

from onboarding.content import Label, Words
from onboarding.learning.board import TailoredWords
from onboarding.paths.paths import LiveClass, Module, Path, SkillLevel

PREFIX = "preparation-"


def taken_over(path: Path, module: Module, lifts: Mapping[str, int]) -> Module:
    """A module of another path under a name that says where it comes from; the levels it lifts to go with it."""
    slug = shortened(f"{path.slug}-{module.slug}")
    shown = {"teaches": tuple(lifts), "levels": _levels(lifts)}
    return module.model_copy(update={"slug": slug, "prerequisites": (), **shown})


def _levels(lifts: Mapping[str, int]) -> tuple[SkillLevel, ...]:
    return tuple(SkillLevel(skill=skill, level=level) for skill, level in lifts.items())


def held_live(
    name: str,
    title: Label,
    minutes: int,
    lifts: Mapping[str, int],
    words: TailoredWords,
    *,
    most_minutes: int,
) -> tuple[Module, ...]:
    """A class of the catalogue as modules that fit a day each, evenly cut; the last one shows the skill.

    >>> words = TailoredWords.model_construct(class_purpose=Words(fr="Une classe", en="A class"))
    >>> parts = held_live("crm-2", Label(fr="CRM", en="CRM"), 650, {"crm": 2}, words, most_minutes=240)
    >>> [(one.slug, one.minutes) for one in parts]
    [('class-crm-2-part-1', 217), ('class-crm-2-part-2', 217), ('class-crm-2-part-3', 216)]
    """
    count = -(-minutes // most_minutes)
    ends = list(accumulate([minutes // count + (place < minutes % count) for place in range(count)]))
    lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    base = shortened(f"class-{name.replace('_', '-').lower()}", most=50)
    return tuple(
        Module(
            slug=base if count == 1 else f"{base}-part-{place + 1}",
            title=_part(title, place + 1, count),
            purpose=words.class_purpose,
            minutes=length,
            due_days=0,
            live=LiveClass(minutes=max(length, 15)),
            teaches=tuple(lifts) if place + 1 == count else (),
            levels=_levels(lifts) if place + 1 == count else (),
        )
        for place, length in enumerate(lengths)
    )


def _part(title: Label, number: int, count: int) -> Label:
    """The title, with which part of how many it is; cut where a label would grow too long."""
    if count == 1:
        return title
    tail = f" ({number}/{count})"
    return Label(fr=title.fr[: 200 - len(tail)] + tail, en=title.en[: 200 - len(tail)] + tail)


def tailor(
    modules: Sequence[Module],
    *,
    taught: Sequence[Label],
    words: TailoredWords,
    today: date,
    minutes_a_day: int,
) -> Path:
    """One path of these modules, each needing the one before it; ``taught`` names what they are the parts of.

    Due dates count on ``minutes_a_day``; a person whose week is narrower has dates of their own. The slug is named by
    what the path is made of, and the edition by the day.
    """
    chained = [
        module.model_copy(
            update={
                "prerequisites": (modules[place - 1].slug,) if place else (),
                "due_days": min(400, done // minutes_a_day),
            }
        )
        for place, (module, done) in enumerate(
            zip(modules, accumulate(module.minutes for module in modules), strict=True)
        )
    ]
    title = _title(taught, words)
    return Path(
        slug=name_of(modules),
        edition=today.isoformat(),
        valid_from=today,
        source=words.source,
        confidence=words.confidence,
        title=title,
        purpose=words.purpose,
        audience=words.audience,
        objectives=tuple(_filled(words.objective, title=title) for title in taught),
        assistance=words.assistance,
        modules=tuple(chained),
    )


def name_of(modules: Sequence[Module]) -> str:
    """The slug of the path made of these modules: their content names it, so that a changed module is another path."""
    told = "\n".join(module.model_dump_json() for module in modules)
    return PREFIX + sha256(told.encode()).hexdigest()[:12]


def _title(taught: Sequence[Label], words: TailoredWords) -> Label:
    first, more = taught[0], len(taught) - 1
    pattern = words.title_many if more else words.title_one
    filled = _filled(pattern, first=first, more=Words(fr=str(more), en=str(more)) if more else first)
    return Label(fr=filled.fr[:200], en=filled.en[:200])


def _filled(pattern: Words, **values: Words) -> Words:
    return Words(
        fr=pattern.fr.format(**{name: words.fr for name, words in values.items()}),
        en=pattern.en.format(**{name: words.en for name, words in values.items()}),
    )


def shortened(slug: str, most: int = 60) -> str:
    """A name within its length: what is too long ends in a digest, so that two long names stay two.

    >>> shortened("a-" + "b" * 70, most=20)
    'a-bbbbbbbbb-33dca3bc'
    """
    if len(slug) <= most:
        return slug
    return f"{slug[: most - 9].rstrip('-')}-{sha256(slug.encode()).hexdigest()[:8]}"
