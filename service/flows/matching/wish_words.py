"""The words of a programme held against what no post may ask for: a person is warned, and nothing is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessments.questionnaires.forbidden import Question, lint
from service.runtime.editions import Editions, in_force
from service.runtime.vocabulary import Locale

TEXTS = ("title", "description", "nature_of_work", "autonomy_given", "expectations")


@dataclass(frozen=True)
class Warned:
    """One piece of text to read again: which words, what they touch, why, and what to ask instead."""

    field: str
    found: str
    label: str
    reason: str
    ask_instead: str


def warnings_of(
    said: Mapping[str, object], *, editions: Editions, today: date, locale: Locale
) -> tuple[Warned, ...]:
    """Every forbidden ground that the wishes of a programme (its stored profile) touch, each once a field.

    A list of words proves nothing either way: a warning asks somebody to read again.
    """
    criteria = in_force(editions.forbidden_criteria, today)
    found: dict[tuple[str, str], Warned] = {}
    for one in lint(_texts(said), criteria):
        found.setdefault(
            (one.item, one.ground.value),
            Warned(
                one.item, one.found, one.label.in_(locale.value), one.reason.in_(locale.value),
                one.ask_instead.in_(locale.value),
            ),
        )  # fmt: skip
    return tuple(found.values())


def _texts(said: Mapping[str, object]) -> Iterator[Question]:
    for name in TEXTS:
        if isinstance(text := said.get(name), str) and text:
            yield Question(path=name, item=name, locale=None, text=text)
    skills = said.get("skills")
    for place, wish in enumerate(skills if isinstance(skills, list | tuple) else ()):
        text = wish.get("text") if isinstance(wish, dict) else None
        if isinstance(text, str) and text:
            yield Question(path=f"skills[{place}]", item="skills", locale=None, text=text)
