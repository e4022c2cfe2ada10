"""A training path: modules in order, each with pages to read, a quiz, and what must come before it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from onboarding.content import Label, Language, Page, Slug, Value, Words, count_words
from onboarding.faults import Fault, FaultyFileError, parse, place

Edition = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]


class QuestionKind(StrEnum):
    """Whether one option is to be chosen or all that fit."""

    SINGLE = "single"
    MULTIPLE = "multiple"


class Option(Value):
    """One possible answer, whether it is right, and why: shown after marking, whatever was chosen."""

    slug: Slug
    text: Words
    is_right: StrictBool = Field(alias="right", default=False)
    why: Words


class Question(Value):
    """One question of a quiz, worth ``points``."""

    slug: Slug
    kind: QuestionKind
    text: Words
    points: StrictInt = Field(default=1, ge=1, le=100)
    options: tuple[Option, ...] = Field(min_length=2, max_length=12)

    @property
    def key(self) -> frozenset[str]:
        """Slugs of the options that are right."""
        return frozenset(option.slug for option in self.options if option.is_right)


class Module(Value):
    """One unit of a path.

    ``minutes`` is the average duration that the learner is told beforehand (D6313-3-1, 2°); ``due_days``
    counts working days after the learner's own start; ``attempts`` is ``None`` when the quiz may be taken
    without limit.
    """

    slug: Slug
    title: Label
    purpose: Words
    prerequisites: tuple[Slug, ...] = ()
    minutes: StrictInt = Field(ge=1, le=600)
    due_days: StrictInt = Field(ge=0, le=400)
    pass_percent: StrictInt = Field(default=75, ge=1, le=100)
    attempts: StrictInt | None = Field(default=None, ge=1, le=50)
    pages: tuple[Page, ...] = Field(min_length=1)
    quiz: tuple[Question, ...] = ()

    def words(self, language: Language) -> int:
        """How many words the pages hold in one language (the quiz is not counted)."""
        return sum(page.words(language) for page in self.pages)


class Path(Value):
    """One edition of a training path; once begun by someone it is never edited, a new one is added."""

    slug: Slug
    edition: Edition
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1)]
    confidence: Annotated[str, StringConstraints(min_length=1)]
    title: Label
    purpose: Words
    audience: Words
    objectives: tuple[Words, ...] = Field(min_length=1)
    assistance: Words
    modules: tuple[Module, ...] = Field(min_length=1)

    @property
    def minutes(self) -> int:
        """Average duration of the whole path (D6313-3-1, 2°)."""
        return sum(module.minutes for module in self.modules)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages that the whole path exists in; the model asks for each sentence in all of them."""
        return tuple(Language)

    def module(self, slug: str) -> Module | None:
        """The module of that name, or ``None`` when this edition has none."""
        return next((module for module in self.modules if module.slug == slug), None)


def read(text: str) -> Path:
    """Read one edition from YAML; raises ``FaultyFileError`` holding every fault when anything is wrong."""
    checked = check(text)
    if isinstance(checked, Path):
        return checked
    raise FaultyFileError(checked)


def check(text: str) -> Path | tuple[Fault, ...]:
    """The same reading for an author's page: the path, or all faults with their places, as a value."""
    parsed = parse(text, Path)
    if not isinstance(parsed, Path):
        return parsed
    return faults_of(parsed) or parsed


def faults_of(path: Path) -> tuple[Fault, ...]:
    """What a well-shaped path may still have wrong: names used twice, unknown or circular prerequisites,
    a due date before that of a prerequisite, a quiz without a key."""
    slugs = [module.slug for module in path.modules]
    faults = [*_repeated(slugs, "modules")]
    for number, module in enumerate(path.modules):
        at = place("modules", number)
        faults += _repeated([page.slug for page in module.pages], f"{at}.pages")
        faults += _repeated([question.slug for question in module.quiz], f"{at}.quiz")
        faults += _faults_before(path, number)
        for asked, question in enumerate(module.quiz):
            faults += _faults_in_question(question, f"{at}.quiz[{asked}]")
    return tuple(faults + _circles(path))


def _repeated(slugs: list[str], at: str) -> list[Fault]:
    return [
        Fault(where=f"{at}[{number}].slug", what=f"{slug!r} is already used")
        for number, slug in enumerate(slugs)
        if slug in slugs[:number]
    ]


def _faults_before(path: Path, number: int) -> list[Fault]:
    module, faults = path.modules[number], []
    for place_in_list, slug in enumerate(module.prerequisites):
        where = place("modules", number, "prerequisites", place_in_list)
        needed = path.module(slug)
        if needed is None:
            faults.append(Fault(where=where, what=f"no module is called {slug!r}"))
        elif needed.due_days > module.due_days:
            faults.append(Fault(where=where, what=f"{slug!r} is due after {module.slug!r}, which needs it"))
    return faults


def _circles(path: Path) -> list[Fault]:
    """Name each module that stands on a circle: peel off what needs nothing, look at what stays."""
    left = {m.slug: {p for p in m.prerequisites if path.module(p)} for m in path.modules}
    while True:
        free = {slug for slug, needs in left.items() if not needs & left.keys()}
        if not free:
            break
        left = {slug: needs for slug, needs in left.items() if slug not in free}
    circle = {slug for slug in left if _reaches(left, slug)}
    return [
        Fault(
            where=place("modules", number, "prerequisites"),
            what=f"{module.slug!r} needs itself, by way of {', '.join(sorted(circle))}",
        )
        for number, module in enumerate(path.modules)
        if module.slug in circle
    ]


def _reaches(needs: dict[str, set[str]], goal: str) -> bool:
    """Whether ``goal`` is among what it needs, at any remove."""
    seen: set[str] = set()
    front = set(needs[goal])
    while front:
        seen |= front
        front = {further for slug in front for further in needs.get(slug, ())} - seen
    return goal in seen


def _faults_in_question(question: Question, at: str) -> list[Fault]:
    faults = _repeated([option.slug for option in question.options], f"{at}.options")
    right = sum(option.is_right for option in question.options)
    if question.kind is QuestionKind.SINGLE and right != 1:
        faults.append(Fault(where=f"{at}.options", what=f"one option must be right, {right} are"))
    if question.kind is QuestionKind.MULTIPLE and right == 0:
        faults.append(Fault(where=f"{at}.options", what="at least one option must be right"))
    return faults


def quiz_words(module: Module, language: Language) -> int:
    """How many words the quiz holds: questions, options and the whys."""
    texts = [
        words for q in module.quiz for words in (q.text, *(w for o in q.options for w in (o.text, o.why)))
    ]
    return count_words(text.said_in(language) for text in texts)
