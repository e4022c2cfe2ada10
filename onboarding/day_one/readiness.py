"""Fit for day one, or what is missing, who acts, and what to do: requirements are data, facts are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field, StrictBool, StrictInt, model_validator

from onboarding.content import Label, Name, Reason, Slug, Value, Words
from onboarding.day_one.checklists import Owner
from onboarding.day_one.equipment import Loan
from onboarding.day_one.tasks import TaskStanding, counted_from
from onboarding.faults import Fault, FaultyFileError, parse
from onboarding.learning.progress import Progress
from onboarding.learning.schedule import WorkingDays
from onboarding.paths.paths import Edition
from onboarding.sentences import Sentences


class Kind(StrEnum):
    """Which facts a requirement looks at."""

    WILL = "will"
    ASSESSMENT = "assessment"
    DOCUMENT = "document"
    FORMALITY = "formality"
    EQUIPMENT = "equipment"
    PATH = "path"
    TASK = "task"


class NothingKnown(Value):
    """What is told, and who acts, when nothing of a kind was recorded at all."""

    who: Owner
    missing: Words
    action: Words


class Requirement(Value):
    """One thing asked for day one.

    ``any_of`` names the subjects of which one is enough; left empty, everything of that kind that was given
    counts (each path assigned, each document of the pack, each loan). Nothing given is not everything in
    place: ``nothing_known`` then says what is missing, and a requirement with an empty ``any_of`` must have
    it. ``when`` asks it only where the placement carries that condition, ``unless`` only where it does not. A task
    brings its own owner, day, action and gate. A requirement that is no ``gate`` is told, and stops nobody.
    ``days_before`` counts back from day one, in working days as tasks do; a negative number leaves time after it.
    ``{item}`` in its sentences is the name of the thing found missing.
    """

    slug: Slug
    kind: Kind
    any_of: tuple[Name, ...] = ()
    when: Name | None = None
    unless: Name | None = None
    gate: StrictBool = True
    who: Owner
    days_before: StrictInt = Field(default=0, ge=-60, le=120)
    label: Label
    missing: Words
    action: Words
    source: str
    nothing_known: NothingKnown | None = None

    @model_validator(mode="after")
    def _silence_is_said(self) -> "Requirement":
        if not self.any_of and self.nothing_known is None:
            raise ValueError(
                "asks for everything of a kind: say in nothing_known what is missing without any"
            )
        return self


class Requirements(Value):
    """One edition of what day one asks for."""

    edition: Edition
    valid_from: date
    source: str
    confidence: str
    requirements: tuple[Requirement, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _slugs_are_distinct(self) -> "Requirements":
        slugs = [requirement.slug for requirement in self.requirements]
        repeated = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if repeated:
            raise ValueError(f"used twice: {', '.join(repeated)}")
        return self


class Party(StrEnum):
    """Whose will to work from home it is; both are needed (double volontariat)."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"


class Will(Value):
    """A dated yes to working from home, and the day it was taken back, if it was."""

    party: Party
    given_on: date
    withdrawn_on: date | None = None


class DocumentSigned(Value):
    """A document of the pack, and the day everyone had signed it."""

    kind: Name
    label: Label
    signed_on: date | None = None


class DimensionAssessed(Value):
    """A dimension assessed and confirmed by a person; ``open_remedies`` are gaps still being closed."""

    dimension: Name
    confirmed_on: date | None = None
    expires_on: date | None = None
    open_remedies: tuple[Words, ...] = ()


class FormalityDone(Value):
    """A formality towards a third party (the declaration before hiring, an account opened)."""

    formality: Name
    done_on: date | None = None


class Missing(Value):
    """One thing that is not in place yet, who acts and what to do; ``needed_by`` is the last day to do it."""

    requirement: Slug
    kind: Kind
    subject: Name
    gate: bool
    who: Owner
    what: Words
    action: Words
    needed_by: date
    is_overdue: bool
    source: str


class Readiness(Value):
    """Fit for day one when no gate is missing; never a judgement on the person, only on what is in place."""

    is_ready: bool
    start_date: date
    days_left: int
    missing: tuple[Missing, ...]
    in_place: tuple[Slug, ...]
    edition: str
    reasons: tuple[Reason, ...]


def read(text: str) -> Requirements:
    """Read one edition of the requirements from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: Requirements | tuple[Fault, ...] = parse(text, Requirements)
    if isinstance(parsed, Requirements):
        return parsed
    raise FaultyFileError(parsed)


class _Found(Value):
    """One subject that a requirement looks at: its name, and whether it is in place."""

    subject: Name
    label: Label
    is_in_place: bool
    task: TaskStanding | None = None


def readiness(
    requirements: Requirements,
    *,
    progress: Sequence[Progress] = (),
    documents: Sequence[DocumentSigned] = (),
    equipment: Sequence[Loan] = (),
    assessments: Sequence[DimensionAssessed] = (),
    wills: Sequence[Will] = (),
    formalities: Sequence[FormalityDone] = (),
    tasks: Sequence[TaskStanding] = (),
    conditions: frozenset[str] = frozenset(),
    today: date,
    start_date: date,
    known_since: date = date.min,
    working_days: WorkingDays,
    sentences: Sentences,
) -> Readiness:
    """Compare what is in place today with what day one asks for.

    A fact dated after ``today`` does not count yet. ``conditions`` are those of the placement
    (``handles_card_data``); ``tasks`` are those of its checklist that no other fact here stands for. Nothing is needed
    before the day on which this start was known. Gates come first among what is missing, then what is needed soonest,
    then the order of the requirements.
    """
    found = {
        Kind.WILL: _wills(wills, today),
        Kind.ASSESSMENT: _assessments(assessments, today, start_date),
        Kind.DOCUMENT: _documents(documents, today),
        Kind.FORMALITY: [_named(f.formality, _by(f.done_on, today)) for f in formalities],
        Kind.EQUIPMENT: _equipment(equipment, today),
        Kind.PATH: [_Found(subject=p.path, label=p.title, is_in_place=p.is_complete) for p in progress],
        Kind.TASK: [
            _Found(subject=one.slug, label=one.title, is_in_place=one.is_settled or one.optional, task=one)
            for one in tasks
        ],
    }
    asked = [
        r
        for r in requirements.requirements
        if (r.when is None or r.when in conditions) and (r.unless is None or r.unless not in conditions)
    ]
    gaps = _Gaps(
        asked=tuple(asked),
        today=today,
        needed_by={
            r.slug: counted_from(
                start_date, -r.days_before, known_since=known_since, working_days=working_days
            )
            for r in asked
        },
    )
    missing = sorted(gaps.among(found), key=lambda gap: (not gap.gate, gap.needed_by))
    in_place = [r for r in asked if _is_met(r, found[r.kind])]
    is_ready = not any(gap.gate for gap in missing)
    return Readiness(
        is_ready=is_ready,
        start_date=start_date,
        days_left=(start_date - today).days,
        missing=tuple(missing),
        in_place=tuple(requirement.slug for requirement in in_place),
        edition=requirements.edition,
        reasons=tuple(_reasons(missing, in_place, (start_date - today).days, sentences)),
    )


class _Gaps(Value):
    """The requirements asked of one placement, looked at on one day."""

    asked: tuple[Requirement, ...]
    today: date
    needed_by: Mapping[Slug, date]

    def among(self, found: dict[Kind, list[_Found]]) -> Iterator[Missing]:
        """Every gap once: a subject named by one requirement is not named again by a general one."""
        told: set[tuple[Kind, str]] = set()
        for requirement in self.asked:
            if requirement.nothing_known and not found[requirement.kind]:
                yield self._gap_of_silence(requirement, requirement.nothing_known)
            for one in _open_subjects(requirement, found[requirement.kind]):
                if requirement.any_of or (requirement.kind, one.subject) not in told:
                    told.add((requirement.kind, one.subject))
                    yield self._gap_of_task(requirement, one)

    def _gap_of_silence(self, requirement: Requirement, silence: NothingKnown) -> Missing:
        gap = self._gap(requirement, requirement.kind, requirement.label)
        return gap.model_copy(
            update={"who": silence.who, "what": silence.missing, "action": silence.action},
        )

    def _gap_of_task(self, requirement: Requirement, one: _Found) -> Missing:
        """A task says itself who acts, by when and how; anything else is as its requirement says."""
        gap, task = self._gap(requirement, one.subject, one.label), one.task
        if task is None:
            return gap
        own = {"gate": task.gate, "who": task.owner, "action": task.action, "source": task.source}
        return gap.model_copy(update={**own, "needed_by": task.due_on, "is_overdue": task.is_late})

    def _gap(self, requirement: Requirement, subject: str, label: Label) -> Missing:
        needed_by = self.needed_by[requirement.slug]
        return Missing(
            requirement=requirement.slug,
            kind=requirement.kind,
            subject=subject,
            gate=requirement.gate,
            who=requirement.who,
            what=_naming(requirement.missing, label),
            action=_naming(requirement.action, label),
            needed_by=needed_by,
            is_overdue=self.today > needed_by,
            source=requirement.source,
        )


def _is_met(requirement: Requirement, found: Sequence[_Found]) -> bool:
    """Told elsewhere is not in place: an unfinished path keeps each requirement that sees it open."""
    return bool(found) and not _open_subjects(requirement, found)


def _open_subjects(requirement: Requirement, found: Iterable[_Found]) -> list[_Found]:
    if not requirement.any_of:
        return [one for one in found if not one.is_in_place]
    named = [one for one in found if one.subject in requirement.any_of]
    if any(one.is_in_place for one in named):
        return []
    absent = _Found(subject=requirement.any_of[0], label=requirement.label, is_in_place=False)
    return [next(iter(named), absent)]


def _naming(sentence: Words, label: Label) -> Words:
    return Words(fr=sentence.fr.replace("{item}", label.fr), en=sentence.en.replace("{item}", label.en))


def _reasons(
    missing: Sequence[Missing], in_place: Sequence[Requirement], days_left: int, sentences: Sentences
) -> Iterator[Reason]:
    gates = sum(gap.gate for gap in missing)
    yield sentences.reason("not_ready", count=gates) if gates else sentences.reason("ready")
    code = "days_left" if days_left >= 0 else "day_one_passed"
    yield sentences.reason(code, days=abs(days_left))
    yield from (Reason(code=gap.requirement, text=gap.what) for gap in missing)
    yield from (sentences.reason("requirement_met", what=requirement.label) for requirement in in_place)


def _by(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _named(slug: str, is_in_place: bool) -> _Found:
    return _Found(subject=slug, label=Label(fr=slug, en=slug), is_in_place=is_in_place)


def _wills(wills: Sequence[Will], today: date) -> list[_Found]:
    """One standing yes of a party is enough, whatever was withdrawn before."""
    return [
        _named(will.party, _by(will.given_on, today) and not _by(will.withdrawn_on, today)) for will in wills
    ]


def _documents(documents: Sequence[DocumentSigned], today: date) -> list[_Found]:
    return [_Found(subject=d.kind, label=d.label, is_in_place=_by(d.signed_on, today)) for d in documents]


def _assessments(assessments: Sequence[DimensionAssessed], today: date, start_date: date) -> list[_Found]:
    """Confirmed by a person, still fresh on day one, and nothing left to arrange."""
    return [
        _named(
            one.dimension,
            _by(one.confirmed_on, today)
            and (one.expires_on is None or one.expires_on >= start_date)
            and not one.open_remedies,
        )
        for one in assessments
    ]


def _equipment(loans: Sequence[Loan], today: date) -> list[_Found]:
    return [
        _Found(subject=loan.item, label=loan.label, is_in_place=loan.is_in_hand(today))
        for loan in loans
        if not loan.is_returned(today)
    ]
