"""What a placement asks of everybody before and after day one: tasks as one dated edition of data."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from onboarding.content import Label, Name, Slug, Value, Words
from onboarding.faults import Fault, FaultyFileError, parse
from onboarding.paths.paths import Edition
from onboarding.sentences import complete

SPOKEN: dict[str, frozenset[str]] = {
    "again_for_new_start": frozenset({"day"}),
    "ends_before_start": frozenset({"day"}),
    "window_opens": frozenset({"day"}),
    "window_open": frozenset({"day"}),
    "window_passed": frozenset({"day"}),
}
"""What is said of one task beside its own words, with the names each sentence may use."""


class Owner(StrEnum):
    """Who acts."""

    CANDIDATE = "candidate"
    RECRUITER = "recruiter"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"
    IT = "it"
    PAYROLL = "payroll"


class TaskState(StrEnum):
    """How a task is recorded; `SET_ASIDE` is one that somebody said, with a reason, is not needed here."""

    OPEN = "open"
    DONE = "done"
    SET_ASIDE = "set_aside"


class Proof(StrEnum):
    """What shows a task done. `SENDING` and `RECEPTION` are settled by the loans themselves, one by one."""

    NONE = "none"
    FILE = "file"
    PHOTO = "photo"
    STATEMENT = "statement"
    ACKNOWLEDGEMENT = "acknowledgement"
    RECEIPT = "receipt"
    SENDING = "sending"
    RECEPTION = "reception"


OWN_WORD = (Proof.STATEMENT, Proof.ACKNOWLEDGEMENT, Proof.PHOTO, Proof.RECEPTION)
"""What only the person can say or give: nobody else ever settles such a task for them."""


class FeedKind(StrEnum):
    """Which facts of day one a finished task is."""

    FORMALITY = "formality"
    DOCUMENTS = "documents"
    EQUIPMENT = "equipment"


class Feed(Value):
    """The fact that a finished task is: one formality by its name, all documents of the pack, or all loans."""

    kind: FeedKind
    subject: Name | None = None

    @model_validator(mode="after")
    def _formality_is_named(self) -> "Feed":
        if (self.kind is FeedKind.FORMALITY) != (self.subject is not None):
            raise ValueError("a formality is named, and nothing else is")
        return self


class FollowKind(StrEnum):
    """What settles a task by itself, because it is recorded elsewhere."""

    PATH_ASSIGNED = "path_assigned"
    PATH_FINISHED = "path_finished"
    SOCIAL_NUMBER = "social_number"


class Follow(Value):
    """The record elsewhere that settles a task; `path` says which path."""

    kind: FollowKind
    path: Slug | None = None

    @model_validator(mode="after")
    def _path_is_named(self) -> "Follow":
        if (self.kind is FollowKind.SOCIAL_NUMBER) != (self.path is None):
            raise ValueError("name the path that settles this task")
        return self


class Statement(Value):
    """One thing that a person states on their honour."""

    slug: Slug
    text: Words


class Task(Value):
    """One task as the edition words it.

    ``due`` counts working days from day one: -5 is the fifth working day before it, 0 that day, 5 the fifth after.
    ``when`` and ``unless`` are conditions of the placement, all of the first and none of the second. ``window`` names
    the span of days that law allows. ``for_this_start``: done for one start, it is asked again when the start moves.
    ``holds_on_day_one``: what is shown says until when it holds, and must still hold on day one. ``on`` is a day of
    its own that stays when the start moves: a task added to one placement may have one, a task of an edition never.
    """

    slug: Slug
    owner: Owner
    title: Label
    action: Words
    source: str
    due: StrictInt = Field(ge=-60, le=120)
    on: date | None = None
    when: tuple[Name, ...] = ()
    unless: tuple[Name, ...] = ()
    gate: StrictBool = True
    optional: StrictBool = False
    proof: Proof = Proof.NONE
    statements: tuple[Statement, ...] = ()
    holds_on_day_one: StrictBool = False
    window: Name | None = None
    for_this_start: StrictBool = False
    may_be_set_aside: StrictBool = True
    feeds: Feed | None = None
    follows: Follow | None = None
    place: Name | None = None

    def is_for_day_one(self, start: date) -> bool:
        """Whether day one asks for it, rather than the weeks after it."""
        return self.gate or (self.on <= start if self.on is not None else self.due <= 0)

    @model_validator(mode="after")
    def _holds_together(self) -> "Task":
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterable[str]:
        if self.optional and self.gate:
            yield "what is optional is no gate"
        if self.proof is Proof.PHOTO and not self.optional:
            yield "a picture of the workplace is given only by choice: make it optional"
        if (self.proof is Proof.STATEMENT) != bool(self.statements):
            yield "a sworn statement has statements, and nothing else has"
        if self.proof in OWN_WORD and self.owner is not Owner.CANDIDATE:
            yield "only the person gives their own word"
        if self.holds_on_day_one and self.proof is not Proof.FILE:
            yield "only a file says until when it holds"
        if self.follows and self.proof is not Proof.NONE:
            yield "what is recorded elsewhere asks for no proof here"


class DigestRules(Value):
    """When the daily letter leaves, and what it speaks of: what is late, and what is due within ``ahead_days``.

    ``silent_weekdays`` are ISO numbers (7 is Sunday); nothing leaves on a public holiday either.
    """

    hour: StrictInt = Field(ge=0, le=23)
    until_hour: StrictInt = Field(ge=1, le=24)
    ahead_days: StrictInt = Field(ge=0, le=30)
    silent_weekdays: tuple[StrictInt, ...]
    link_days: StrictInt = Field(ge=1, le=60)
    forget_after_days: StrictInt = Field(ge=1, le=365)


class MoveRules(Value):
    """How far from today a first day may be put, in calendar days."""

    back_days: StrictInt = Field(ge=0, le=366)
    ahead_days: StrictInt = Field(ge=1, le=731)


class EquipmentKind(Value):
    """One kind of thing that is lent; ``words`` are how offers write it, in lower case."""

    slug: Name
    label: Label
    words: tuple[str, ...] = ()


class Checklist(Value):
    """One edition of the tasks of a placement."""

    edition: Edition
    valid_from: date
    source: str
    confidence: str
    digest: DigestRules
    move: MoveRules
    equipment: tuple[EquipmentKind, ...] = Field(min_length=1)
    months: tuple[Label, ...] = Field(min_length=12, max_length=12)
    phrases: dict[str, Words]
    tasks: tuple[Task, ...] = Field(min_length=1)

    @field_validator("phrases")
    @classmethod
    def _is_complete(cls, given: dict[str, Words]) -> dict[str, Words]:
        return complete(given, SPOKEN)

    @model_validator(mode="after")
    def _slugs_are_distinct(self) -> "Checklist":
        for slugs in ([one.slug for one in self.tasks], [one.slug for one in self.equipment]):
            repeated = sorted({slug for slug in slugs if slugs.count(slug) > 1})
            if repeated:
                raise ValueError(f"used twice: {', '.join(repeated)}")
        return self

    @model_validator(mode="after")
    def _no_task_has_a_day_of_its_own(self) -> "Checklist":
        dated = [one.slug for one in self.tasks if one.on is not None]
        if dated:
            raise ValueError(f"an edition serves every start, and names no day: {', '.join(dated)}")
        return self

    def tasks_for(self, conditions: Iterable[str]) -> tuple[Task, ...]:
        """The tasks that a placement with these conditions asks, in the order of the edition."""
        true = frozenset(conditions)
        return tuple(one for one in self.tasks if true.issuperset(one.when) and not true & set(one.unless))

    def task(self, slug: str) -> Task | None:
        return next((one for one in self.tasks if one.slug == slug), None)

    def kind_of_equipment(self, written: str) -> EquipmentKind:
        """Which kind an offer's words name; the last kind stands for whatever no other one names."""
        folded = written.casefold()
        found = (one for one in self.equipment if any(words in folded for words in one.words))
        return next(found, self.equipment[-1])

    def said(self, code: str, **values: str) -> Words:
        """A phrase, with its values in each language under ``NAME_fr`` and ``NAME_en``."""
        words = self.phrases[code]
        names = SPOKEN[code]
        return Words(
            fr=words.fr.format_map({name: values[f"{name}_fr"] for name in names}),
            en=words.en.format_map({name: values[f"{name}_en"] for name in names}),
        )


def read(text: str) -> Checklist:
    """Read one edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: Checklist | tuple[Fault, ...] = parse(text, Checklist)
    if isinstance(parsed, Checklist):
        return parsed
    raise FaultyFileError(parsed)
