"""A training path: modules in order, each with pages to read, a quiz, and what must come before it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from onboarding.content import Label, Language, Name, Slug, Value, Words, count_words
from onboarding.faults import Fault, FaultyFileError, parse, place
from onboarding.paths.pages import PICTURES, Page, faults_in

Edition = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2}[a-z]?)?$")]
"""The month or day it was made for; a letter tells apart those of one day, and sorts after the plain day."""
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file's bytes, in hexadecimal: how content names a file that is kept elsewhere."""


_SHORTEST_MONTH = 28


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


class Attachment(Value):
    """A file to open or keep, under the name a person sees; ``size`` in bytes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f]+$")]
    sha256: Hash
    media_type: Annotated[str, StringConstraints(min_length=3, max_length=100)]
    size: StrictInt = Field(ge=1)
    title: Label


class PackageUse(Value):
    """A package of an authoring tool (SCORM), named by its content."""

    sha256: Hash
    title: Label


class LiveClass(Value):
    """A class held live: this part is done once attendance of one held for the module is recorded."""

    minutes: StrictInt = Field(ge=15, le=600)


class SkillLevel(Value):
    """A level (1 to 5) of a skill of the taxonomy that a module shows once it is done."""

    skill: Name
    level: StrictInt = Field(ge=1, le=5)


class Module(Value):
    """One unit of a path.

    It is complete when every part that it has is: the quiz passed (then its pages need not be read), or without a
    quiz all pages read; the package completed; the class attended. Or exempted by the proof that ``exemption`` names.

    ``minutes`` is the average duration that the learner is told beforehand (D6313-3-1, 2°); ``due_days``
    counts working days after the learner's own start; ``attempts`` is ``None`` when the quiz may be taken
    without limit; ``quiz_draw`` is how many questions of the pool one attempt asks, ``None`` for all of them.
    ``teaches`` names skills of the taxonomy, written into the ledger on completion; ``levels`` says how high where
    that is known, as for a class given level by level.
    """

    slug: Slug
    title: Label
    purpose: Words
    prerequisites: tuple[Slug, ...] = ()
    minutes: StrictInt = Field(ge=1, le=600)
    due_days: StrictInt = Field(ge=0, le=400)
    pass_percent: StrictInt = Field(default=75, ge=1, le=100)
    attempts: StrictInt | None = Field(default=None, ge=1, le=50)
    pages: tuple[Page, ...] = Field(default=(), max_length=60)
    quiz: tuple[Question, ...] = Field(default=(), max_length=200)
    quiz_draw: StrictInt | None = Field(default=None, ge=1, le=200)
    files: tuple[Attachment, ...] = Field(default=(), max_length=30)
    package: PackageUse | None = None
    live: LiveClass | None = None
    exemption: Words | None = None
    teaches: tuple[Name, ...] = Field(default=(), max_length=30)
    levels: tuple[SkillLevel, ...] = Field(default=(), max_length=30)

    def words(self, language: Language) -> int:
        """How many words the pages hold in one language (the quiz is not counted)."""
        return sum(page.words(language) for page in self.pages)

    def file(self, name: str) -> Attachment | None:
        """The file of that name, or ``None``."""
        return next((file for file in self.files if file.name == name), None)

    @property
    def downloads(self) -> tuple[Attachment, ...]:
        """Files to open or keep: those that no page shows as a picture."""
        shown = {one.file for page in self.pages for language in Language for one in page.pictures(language)}
        return tuple(f for f in self.files if f.name not in shown or f.media_type not in PICTURES)


class Path(Value):
    """One edition of a training path; once begun by someone it is never edited, a new one is added.

    A path in French only repeats its French where English is asked, and says so in ``languages``. A completion holds
    for ``valid_months`` (``None``: for good); ``renewal_days`` before it ends, the path ``renewed_by`` opens, by
    default this one.
    """

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
    languages: tuple[Language, ...] = Field(default=tuple(Language), min_length=1)
    valid_months: StrictInt | None = Field(default=None, ge=1, le=120)
    renewal_days: StrictInt = Field(default=60, ge=1, le=365)
    renewed_by: Slug | None = None
    modules: tuple[Module, ...] = Field(min_length=1, max_length=60)

    @property
    def minutes(self) -> int:
        """Average duration of the whole path (D6313-3-1, 2°)."""
        return sum(module.minutes for module in self.modules)

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
    a due date before that of a prerequisite, a module with nothing to learn, a quiz without a key, a renewal that
    would begin on the day of the completion and so never end."""
    slugs = [module.slug for module in path.modules]
    faults = [*_repeated(slugs, "modules")]
    for number, module in enumerate(path.modules):
        at = place("modules", number)
        faults += _repeated([page.slug for page in module.pages], f"{at}.pages")
        faults += _repeated([question.slug for question in module.quiz], f"{at}.quiz")
        faults += _faults_before(path, number)
        faults += _faults_in_parts(module, at)
        kinds = {file.name: file.media_type for file in module.files}
        for read, page in enumerate(module.pages):
            faults += faults_in(page, f"{at}.pages[{read}]", files=kinds)
        for asked, question in enumerate(module.quiz):
            faults += _faults_in_question(question, f"{at}.quiz[{asked}]")
    if len(set(path.languages)) != len(path.languages) or Language.FR not in path.languages:
        what = "must hold French, and each language once"
        faults.append(Fault(where="languages", what=what, code="languages"))
    return tuple(faults + _faults_in_renewal(path) + _circles(path))


def _faults_in_renewal(path: Path) -> list[Fault]:
    most = None if path.valid_months is None else path.valid_months * _SHORTEST_MONTH - 1
    if most is None or path.renewal_days <= most:
        return []
    what = f"would open on the day of the completion; at most {most}"
    return [Fault(where="renewal_days", what=what, code="renewal-at-once", given=(("most", most),))]


def _faults_in_parts(module: Module, at: str) -> list[Fault]:
    faults = _repeated_names([file.name for file in module.files], f"{at}.files")
    if not (module.pages or module.package or module.live or (module.files and module.quiz)):
        what = "holds nothing to do: add a page, a package, a class, or a file with a quiz on it"
        faults.append(Fault(where=f"{at}.pages", what=what, code="nothing-to-do"))
    if module.quiz_draw is not None and module.quiz_draw > len(module.quiz):
        what = f"asks {module.quiz_draw} questions of {len(module.quiz)}"
        given = (("asked", module.quiz_draw), ("there", len(module.quiz)))
        faults.append(Fault(where=f"{at}.quiz_draw", what=what, code="draw-too-many", given=given))
    return faults


def _repeated_names(names: list[str], at: str) -> list[Fault]:
    return [
        Fault(
            where=f"{at}[{number}].name",
            what=f"{name!r} is already used",
            code="used-twice",
            given=(("name", name),),
        )
        for number, name in enumerate(names)
        if name in names[:number]
    ]


def _repeated(slugs: list[str], at: str) -> list[Fault]:
    return [
        Fault(
            where=f"{at}[{number}].slug",
            what=f"{slug!r} is already used",
            code="used-twice",
            given=(("name", slug),),
        )
        for number, slug in enumerate(slugs)
        if slug in slugs[:number]
    ]


def _faults_before(path: Path, number: int) -> list[Fault]:
    module, faults = path.modules[number], []
    for place_in_list, slug in enumerate(module.prerequisites):
        where = place("modules", number, "prerequisites", place_in_list)
        needed = path.module(slug)
        if needed is None:
            what = f"no module is called {slug!r}"
            faults.append(Fault(where=where, what=what, code="module-unknown", given=(("name", slug),)))
        elif needed.due_days > module.due_days:
            what = f"{slug!r} is due after {module.slug!r}, which needs it"
            faults.append(Fault(where=where, what=what, code="due-before", given=(("name", slug),)))
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
            code="circle",
            given=(("names", ", ".join(sorted(circle))),),
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
        what = f"one option must be right, {right} are"
        faults.append(Fault(where=f"{at}.options", what=what, code="one-right", given=(("right", right),)))
    if question.kind is QuestionKind.MULTIPLE and right == 0:
        what = "at least one option must be right"
        faults.append(Fault(where=f"{at}.options", what=what, code="none-right"))
    return faults


def quiz_words(module: Module, language: Language) -> int:
    """How many words the quiz holds: questions, options and the whys."""
    texts = [
        words for q in module.quiz for words in (q.text, *(w for o in q.options for w in (o.text, o.why)))
    ]
    return count_words(text.said_in(language) for text in texts)
