"""What a learner's pages show besides reading: package, class, files, proofs, and how long a path holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onboarding.classes import Seat
from onboarding.continuous import validity
from onboarding.learning.progress import ModuleProgress
from onboarding.paths.paths import Module
from service.flows.paths import paths
from service.runtime.editions import Editions
from service.store.classes.classes import ClassFacts, OwnClassFacts
from service.store.learning.assignments import AssignmentFacts
from service.store.learning.exemptions import ExemptionFacts
from service.web.figures import Figures
from service.web.paths.training_views import NO_BREAK, Reader

KILOBYTE = 1000
HOUR = 60


@dataclass(frozen=True)
class FileView:
    """One file of a module; `kilobytes` is at least one."""

    title: str
    name: str
    kilobytes: int


@dataclass(frozen=True)
class PartsView:
    """What there is to do in a module besides reading and its quiz; a title is empty where there is no such part."""

    package: str
    is_package_done: bool
    package_percent: int | None
    class_minutes: int
    is_attended: bool
    files: tuple[FileView, ...]
    exemption: str
    exempted_on: str
    spent: str


def parts_view(module: Module, here: ModuleProgress, say: Reader) -> PartsView:
    return PartsView(
        package=say(module.package.title) if module.package else "",
        is_package_done=bool(here.is_package_done),
        package_percent=here.package_percent,
        class_minutes=module.live.minutes if module.live else 0,
        is_attended=bool(here.is_attended),
        files=tuple(
            FileView(say(one.title), one.name, max(1, round(one.size / KILOBYTE))) for one in module.files
        ),
        exemption=say(module.exemption) if module.exemption else "",
        exempted_on=say.day(here.exempted_on) if here.exempted_on else "",
        spent=time_words(here.seconds, say),
    )


def time_words(seconds: int, say: Reader) -> str:
    """Time really spent, to the minute; empty before there is any."""
    return minutes_words(max(1, round(seconds / 60)), say) if seconds else ""


def minutes_words(minutes: int, say: Reader) -> str:
    """A length of time as people say it: 25 min, 1 h 25."""
    return f"{minutes}{NO_BREAK}min" if minutes < HOUR else Figures(say.locale).hours(minutes)


@dataclass(frozen=True)
class ProofView:
    """One proof that was sent, and what was decided: `state` is waiting, granted or kept (the module stays to do)."""

    id: str
    on: str
    words: str
    has_file: bool
    state: str
    decided_on: str
    decided_by: str
    reason: str


def proof_views(found: Iterable[ExemptionFacts], say: Reader) -> tuple[ProofView, ...]:
    return tuple(
        ProofView(
            id=str(one.id), on=say.moment_day(one.asked_at), words=one.words, has_file=bool(one.sha256),
            state="waiting" if one.decided_at is None else "granted" if one.is_granted else "kept",
            decided_on=say.moment_day(one.decided_at) if one.decided_at else "", decided_by=one.decided_by,
            reason=one.reason,
        )
        for one in found
    )  # fmt: skip


@dataclass(frozen=True)
class ClassView:
    """One class to come for a module; `is_mine` when the learner is on its list."""

    title: str
    when: str
    place: str
    is_mine: bool
    is_waiting: bool


def class_views(
    own: Iterable[OwnClassFacts], open_ones: Iterable[ClassFacts], say: Reader, *, of: tuple[str, str]
) -> tuple[ClassView, ...]:
    """Classes to come for the module `of` (path, module), in order."""
    seats = [(one.held, True, one.seat is Seat.WAITING) for one in own if one.seat is not Seat.LEFT]
    seats += [(held, False, False) for held in open_ones]
    told = [one for one in seats if (one[0].path, one[0].module) == of and not one[0].is_cancelled]
    return tuple(
        ClassView(
            title=say.house(held.title), when=Figures(say.locale).moment(held.starts_at), place=held.place or held.link,
            is_mine=is_mine, is_waiting=is_waiting,
        )
        for held, is_mine, is_waiting in sorted(told, key=lambda one: one[0].starts_at)
    )  # fmt: skip


@dataclass(frozen=True)
class TermView:
    """How long a finished path holds: `state` is for_good, valid, renewing or over."""

    state: str
    words: str
    until: str


def term_view(facts: AssignmentFacts, say: Reader, *, editions: Editions, today: date) -> TermView | None:
    """Nothing before the path is finished."""
    if not facts.is_complete:
        return None
    found = validity.standing(
        facts.expires_on, renewal_on=facts.renewal_on, today=today,
        sentences=paths.sentences_in_force(editions, today),
    )  # fmt: skip
    return TermView(
        state=found.state.value,
        words=say(found.reason.text),
        until=say.day(facts.expires_on) if facts.expires_on else "",
    )
