"""A path while somebody writes it: the same parts with nothing asked of them yet, and what it still lacks."""

import copy
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, StrictBool, StrictInt, StringConstraints, ValidationError

from onboarding.content import Language, Name, Slug, Value
from onboarding.faults import Fault, errors_in, faults_of_shape, place
from onboarding.paths import markdown
from onboarding.paths.blocks import Image, every_block
from onboarding.paths.markdown import MAXIMUM_CHARACTERS
from onboarding.paths.pages import PICTURES
from onboarding.paths.paths import Attachment, PackageUse, Path, QuestionKind, SkillLevel, faults_of

Typed = Annotated[str, StringConstraints(max_length=MAXIMUM_CHARACTERS)]
Small = Annotated[StrictInt, Field(ge=0, le=10_000)]
_SAID = {"fr": "…", "en": "…"}
_GAPS: dict[str, Any] = {
    "string_too_short": "…", "string_too_long": "…", "int_type": 1, "greater_than_equal": 1, "less_than_equal": 1,
    "objectives": [_SAID],
    "options": [{"slug": slug, "text": _SAID, "why": _SAID, "right": slug == "gap-1"} for slug in ("gap-1", "gap-2")],
}  # fmt: skip
"""What stands in for a gap while the rest is read: by the name of the list that is too short, or by what is wrong."""
CONFIDENCE = "house"
"""What is said of an edition that was written here: by the house's own trainers."""


class DraftWords(Value):
    """Something typed in one language or both, or not yet."""

    fr: Typed = ""
    en: Typed = ""

    def said_in(self, language: Language) -> str:
        """What is typed in one language, empty where nothing is yet."""
        return self.fr if language is Language.FR else self.en

    def language_in(self, language: Language) -> Language:
        """This language where something is typed in it, else the other where that has something.

        >>> DraftWords(fr="Bonjour").language_in(Language.EN).value
        'fr'
        """
        other = Language.EN if language is Language.FR else Language.FR
        return other if self.said_in(other) and not self.said_in(language) else language

    @property
    def is_blank(self) -> bool:
        return not (self.fr.strip() or self.en.strip())


class Named(Value):
    """A part of a path that is named when it is begun, for good."""

    slug: Slug


class DraftPage(Named):
    """A page being written; its text is Markdown."""

    title: DraftWords = DraftWords()
    text: DraftWords = DraftWords()


class DraftOption(Named):
    """A possible answer being written."""

    text: DraftWords = DraftWords()
    right: StrictBool = False
    why: DraftWords = DraftWords()


class DraftQuestion(Named):
    """A question being written."""

    kind: QuestionKind = QuestionKind.SINGLE
    text: DraftWords = DraftWords()
    points: Small = 1
    options: tuple[DraftOption, ...] = Field(default=(), max_length=12)


class DraftModule(Named):
    """A module being written."""

    title: DraftWords = DraftWords()
    purpose: DraftWords = DraftWords()
    prerequisites: tuple[Slug, ...] = Field(default=(), max_length=60)
    minutes: Small | None = None
    due_days: Small | None = None
    pass_percent: Small = 75
    attempts: Small | None = None
    pages: tuple[DraftPage, ...] = Field(default=(), max_length=60)
    quiz: tuple[DraftQuestion, ...] = Field(default=(), max_length=200)
    quiz_draw: Small | None = None
    files: tuple[Attachment, ...] = Field(default=(), max_length=30)
    package: PackageUse | None = None
    live_minutes: Small | None = None
    exemption: DraftWords = DraftWords()
    teaches: tuple[Name, ...] = Field(default=(), max_length=30)
    levels: tuple[SkillLevel, ...] = Field(default=(), max_length=30)

    @property
    def downloads(self) -> tuple[Attachment, ...]:
        """Files to open or keep, as in `Module`: those that no page shows as a picture."""
        texts = (text for page in self.pages for text in (page.text.fr, page.text.en))
        shown = {
            one.file for text in texts for one in every_block(markdown.read(text)) if isinstance(one, Image)
        }
        return tuple(f for f in self.files if f.name not in shown or f.media_type not in PICTURES)


class Draft(Value):
    """A path being written."""

    title: DraftWords = DraftWords()
    purpose: DraftWords = DraftWords()
    audience: DraftWords = DraftWords()
    objectives: tuple[DraftWords, ...] = Field(default=(), max_length=20)
    assistance: DraftWords = DraftWords()
    languages: tuple[Language, ...] = (Language.FR,)
    valid_months: Small | None = None
    renewal_days: Small = 60
    renewed_by: Slug | None = None
    modules: tuple[DraftModule, ...] = Field(default=(), max_length=60)

    @classmethod
    def of(cls, path: Path) -> Self:
        """The draft that begins from an edition; what repeats the French is left empty, to be written one day."""
        told = path.model_dump(mode="json", by_alias=True)
        for name in ("slug", "edition", "valid_from", "source", "confidence"):
            del told[name]
        for module in told["modules"]:
            live = module.pop("live")
            module["live_minutes"] = live and live["minutes"]
            module["exemption"] = module["exemption"] or {}
        if Language.EN not in path.languages:
            told = _without_english(told)
        return cls.model_validate(told)

    def module(self, slug: str) -> DraftModule | None:
        """The module of that name, or ``None``."""
        return found(self.modules, slug)

    def with_module(self, module: DraftModule) -> Self:
        """The draft with that module in place of the one of its name, or at the end."""
        return self.model_copy(update={"modules": put(self.modules, module)})

    def without_module(self, slug: str) -> Self:
        """The draft without a module, which no other waits for any more."""
        left = tuple(
            one.model_copy(update={"prerequisites": tuple(p for p in one.prerequisites if p != slug)})
            for one in self.modules
            if one.slug != slug
        )
        return self.model_copy(update={"modules": left})


Part = TypeVar("Part", bound=Named)


def found(parts: Sequence[Part], slug: str) -> Part | None:
    """The part of that name, or ``None``."""
    return next((one for one in parts if one.slug == slug), None)


def put(parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    """The parts with this one in place of the one of its name, or at the end."""
    if found(parts, part.slug) is None:
        return (*parts, part)
    return tuple(part if one.slug == part.slug else one for one in parts)


def without(parts: Sequence[Part], slug: str) -> tuple[Part, ...]:
    """The parts but the one of that name."""
    return tuple(one for one in parts if one.slug != slug)


def moved(parts: Sequence[Part], slug: str, *, by: int) -> tuple[Part, ...]:
    """The parts with one moved ``by`` places; at either end it stays there."""
    order = list(parts)
    at = next((place for place, one in enumerate(order) if one.slug == slug), None)
    if at is None:
        return tuple(order)
    part = order.pop(at)
    order.insert(max(0, min(len(order), at + by)), part)
    return tuple(order)


def name_for(title: str, taken: Collection[str], *, otherwise: str) -> str:
    """A name in addresses and records made from a title, that nothing else bears yet.

    >>> name_for("Décrocher à l'heure", {"decrocher-a-l-heure"}, otherwise="module")
    'decrocher-a-l-heure-2'
    """
    folded = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", folded)
    stem = "-".join(words)[:50].strip("-") or otherwise
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def check(
    draft: Draft, *, slug: str, edition: str, valid_from: date, source: str
) -> Path | tuple[Fault, ...]:
    """The path that the draft makes, or everything it still lacks, each with its place in the path."""
    told = draft.model_dump(mode="json")
    told |= {
        "slug": slug, "edition": edition, "valid_from": valid_from.isoformat(),
        "source": source, "confidence": CONFIDENCE,
        "objectives": [one.model_dump() for one in draft.objectives if not one.is_blank],
    }  # fmt: skip
    for module, typed in zip(told["modules"], draft.modules, strict=True):
        minutes = module.pop("live_minutes")
        module["live"] = None if minutes is None else {"minutes": minutes}
        if typed.exemption.is_blank:
            module["exemption"] = None
    if Language.EN not in draft.languages:
        told = _in_french(told)
    checked = _checked(told)
    if isinstance(checked, tuple) and Language.EN not in draft.languages:
        return tuple(fault for fault in checked if not fault.where.endswith(".en"))
    return checked


def _checked(told: dict[str, Any]) -> Path | tuple[Fault, ...]:
    try:
        path = Path.model_validate(told)
    except ValidationError as error:
        return faults_of_shape(error) + _faults_beyond(told, error)
    return faults_of(path) or path


def _faults_beyond(told: dict[str, Any], error: ValidationError) -> tuple[Fault, ...]:
    """What else is wrong, read with the gaps filled in: a circle is told although a title is missing."""
    filled, unknown = copy.deepcopy(told), []
    for one in errors_in(error):
        *way, last = one["loc"]
        gap = _GAPS.get(f"{last}", _GAPS.get(one["type"]))
        if gap is None:
            return ()
        holder: Any = filled
        for step in way:
            holder = holder[step]
        holder[last] = gap
        unknown.append(place(*one["loc"]))
    try:
        path = Path.model_validate(filled)
    except ValidationError:
        return ()
    return tuple(
        fault for fault in faults_of(path) if fault.code != "due-before" and fault.where not in unknown
    )


def _in_french(told: Any) -> Any:
    """Each sentence repeated where English is asked: a path in French only says so in ``languages``."""
    if isinstance(told, dict):
        if set(told) == {"fr", "en"}:
            return {"fr": told["fr"], "en": told["fr"]}
        return {name: _in_french(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_in_french(value) for value in told]
    return told


def _without_english(told: Any) -> Any:
    if isinstance(told, dict):
        if set(told) == {"fr", "en"}:
            return {"fr": told["fr"], "en": ""}
        kept = ("files", "package")  # values of the path itself: their names are never left empty
        return {name: value if name in kept else _without_english(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_without_english(value) for value in told]
    return told
