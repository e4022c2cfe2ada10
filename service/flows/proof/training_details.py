"""What papers say of a training beyond its number: the file at a distance, the programme, certificates, a summons."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from documents.papers.distance_files import MOST_ATTEMPTS, MOST_CLASSES, MOST_EXCHANGES
from onboarding.classes import Noted, counted_minutes
from onboarding.learning.progress import ModuleProgress
from onboarding.paths.paths import Module, Path
from service.flows.paths import paths
from service.flows.proof.training_files import Proof, minutes_of, standing_of
from service.runtime.clock import PARIS, civil_date
from service.store.learning.assignments import PACKAGE_COMPLETED, QUIZ_MARKED

LONGEST_LINE = 200


def file_details(proof: Proof) -> dict[str, Any]:
    """The details of the file at a distance (D6313-3-1), as JSON would."""
    attempts, exchanges = _attempts(proof), _exchanges(proof)
    classes = [line for _, line in classes_of(proof)]
    left_out = sum(
        max(0, len(found) - most)
        for found, most in (
            (attempts, MOST_ATTEMPTS),
            (exchanges, MOST_EXCHANGES),
            (classes, MOST_CLASSES),
        )
    )
    return {
        "title": proof.path.title.fr,
        "edition": proof.path.edition,
        "first_day": proof.first_day.isoformat(),
        "last_day": proof.last_day.isoformat(),
        "objectives": _objectives(proof),
        "activities": [_activity(one, proof) for one in proof.progress.modules],
        "assistance": _assistance(proof),
        "exchanges": exchanges[-MOST_EXCHANGES:],
        "assessments": attempts[-MOST_ATTEMPTS:],
        "classes": classes[-MOST_CLASSES:],
        "planned_assessments": _planned(proof),
        "left_out": left_out,
        "traces": " ".join(proof.rules.traces.split()),
        "accessibility_contact": _accessibility(proof),
    }


def programme_details(proof: Proof) -> dict[str, Any]:
    """What the path says beforehand: objectives, activities with mean durations, help, assessments."""
    rules = proof.rules
    return {
        "title": proof.path.title.fr,
        "first_day": proof.facts.start_date.isoformat(),
        "last_day": max(one.due for one in proof.progress.modules).isoformat(),
        "objectives": _objectives(proof)[:12],
        "audience": _short(proof.path.audience.fr) or rules.audience,
        "prerequisites": rules.prerequisites,
        "activities": [
            {"title": _short(one.title.fr), "way": _way(one, proof), "minutes": one.minutes}
            for one in proof.path.modules
        ],
        "assistance": _assistance(proof),
        "assessments": [
            {
                "title": _short(rules.quiz_title.format(module=one.title.fr)),
                "when": rules.quiz_when,
                "criterion": rules.quiz_criterion.format(percent=one.pass_percent),
            }
            for one in proof.path.modules
            if one.quiz
        ][:20]
        or [
            {
                "title": _short(proof.path.title.fr),
                "when": rules.quiz_when,
                "criterion": rules.reading_criterion,
            }
        ],
        "means": list(rules.means),
        "follow_up": rules.follow_up,
        "accessibility_contact": _accessibility(proof),
    }


def certificate_details(proof: Proof) -> dict[str, Any]:
    """What the ministry's model asks for; the days and minutes are those of what was done."""
    city = proof.employer.address.city if proof.employer.address else None
    return {
        "title": proof.path.title.fr,
        "first_day": proof.first_day.isoformat(),
        "last_day": proof.last_day.isoformat(),
        "realised_minutes": proof.realised_minutes or None,
        "has_distance_part": any(_way(one, proof) != "on_site" for one in proof.path.modules),
        **({"signed_at": city} if city else {}),
    }


def attestation_details(proof: Proof) -> dict[str, Any]:
    """What was aimed at; reached where the path is finished and a quiz says so, else left to the trainer."""
    is_shown = proof.progress.is_complete and any(one.quiz for one in proof.path.modules)
    ways = dict.fromkeys(proof.rules.ways[_way(one, proof)] for one in proof.path.modules)
    return {
        "title": proof.path.title.fr,
        "first_day": proof.first_day.isoformat(),
        "last_day": proof.last_day.isoformat(),
        "ways": list(ways),
        "realised_minutes": proof.realised_minutes or None,
        "outcomes": [
            {
                "objective": objective,
                "result": "acquired" if is_shown else "not_assessed",
                **({"assessed_by": proof.rules.assessed_by} if is_shown else {}),
            }
            for objective in _objectives(proof)
        ],
    }


def summons_details(proof: Proof) -> dict[str, Any]:
    """The classes to come that this learner has a seat in stand in the form's own lines; the rest is the trainer's."""
    return {
        "title": proof.path.title.fr,
        "first_day": proof.facts.start_date.isoformat(),
        "last_day": max(one.due for one in proof.progress.modules).isoformat(),
        "trainer": proof.trainer or proof.rules.teaching.nobody,
        "accessibility_contact": _accessibility(proof),
        **({"contact": proof.employer.support_contact} if proof.employer.support_contact else {}),
    }


def _objectives(proof: Proof) -> list[str]:
    return [_short(one.fr) for one in proof.path.objectives][:20]


def _activity(one: ModuleProgress, proof: Proof) -> dict[str, Any]:
    module = paths.module_of(proof.path, one.module)
    return {
        "title": _short(one.title.fr),
        "way": _way(module, proof),
        "minutes": one.minutes,
        "standing": standing_of(one).value,
        "done_on": one.completed_on.isoformat() if one.completed_on else None,
        "spent_minutes": minutes_of(one.seconds),
    }


def _way(module: Module, proof: Proof) -> str:
    """Alone or live; on site where every class that was held for it had a place, as its attendance sheets say."""
    if not module.live:
        return "alone"
    places = [one.held.place for one in proof.held if one.held.module == module.slug]
    return "on_site" if places and all(places) else "virtual_class"


def _assistance(proof: Proof) -> list[dict[str, Any]]:
    teaching, technical = proof.rules.teaching, proof.rules.technical
    people: list[dict[str, Any]] = [
        {
            "name": teaching.name.format(trainer=proof.trainer) if proof.trainer else teaching.nobody,
            "role": teaching.role,
            "contact": teaching.contact,
            "reply": teaching.reply(proof.reply_days),
        }
    ]
    if proof.employer.support_contact:
        people.append(
            {
                "name": technical.name,
                "role": technical.role,
                "contact": proof.employer.support_contact,
                "reply": technical.reply,
                "is_technical": True,
            }
        )
    return people


def _accessibility(proof: Proof) -> str:
    contact = proof.employer.support_contact or proof.employer.data_protection_contact or ""
    return proof.rules.accessibility.format(contact=contact) if contact else proof.rules.teaching.nobody


def _planned(proof: Proof) -> str:
    rules, quizzes = proof.rules, [one for one in proof.path.modules if one.quiz]
    packages = [rules.packages] if any(one.package for one in proof.path.modules) else []
    if not quizzes:
        return f"{' ; '.join([rules.no_quiz, *packages])}."
    bounds = sorted({one.pass_percent for one in quizzes})
    bound = (
        rules.bound.format(percent=bounds[0])
        if len(bounds) == 1
        else rules.bounds.format(least=bounds[0], most=bounds[-1])
    )
    return _short(f"{' ; '.join([rules.quizzes(len(quizzes)), bound, *packages, rules.retake])}.")


def _attempts(proof: Proof) -> list[dict[str, Any]]:
    """Every try that was marked: of quizzes, and of packages whose content told a score."""
    counted: dict[tuple[str, str], int] = {}
    found = []
    for event in proof.facts.events:
        is_quiz = event.kind == QUIZ_MARKED
        if not is_quiz and (event.kind != PACKAGE_COMPLETED or event.mark_percent is None):
            continue
        which = (event.kind, event.module)
        counted[which] = number = counted.get(which, 0) + 1
        percent = event.mark_percent or 0
        bound = int(event.detail.get("pass_percent", 1)) if is_quiz else None
        title = proof.rules.quiz_title if is_quiz else proof.rules.package_title
        found.append(
            {
                "title": _short(title.format(module=_title(proof.path, event.module))),
                "on": civil_date(event.at).isoformat(),
                "attempt": number,
                "percent": percent,
                "pass_percent": bound,
                "is_reached": bool(event.is_passed) if bound is None else percent >= bound,
            }
        )
    return found


def _exchanges(proof: Proof) -> list[dict[str, Any]]:
    return [
        {
            "asked_at": one.asked_at.astimezone(PARIS).isoformat(),
            "subject": _short(_title(proof.path, one.module) or proof.path.title.fr),
            "answered_at": one.answered_at.astimezone(PARIS).isoformat() if one.answered_at else None,
            "answered_by": one.answered_by or None,
            "delay": lasted(one.asked_at, one.answered_at) if one.answered_at else None,
        }
        for one in proof.helped
    ]


def lasted(begun: datetime, ended: datetime) -> str:
    """How long an answer took, as a reader says it.

    >>> day = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
    >>> [lasted(day, datetime(2026, 11, *at, tzinfo=PARIS)) for at in ((23, 9, 45), (23, 13, 28), (25, 10, 0))]
    ['45 min', '4 h 28', '2 j 1 h']
    """
    minutes = max(0, int((ended - begun).total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} j {hours} h" if hours else f"{days} j"
    return (f"{hours} h {left:02d}" if left else f"{hours} h") if hours else f"{left} min"


def classes_of(proof: Proof) -> list[tuple[UUID, dict[str, Any]]]:
    """Each half-day of a class that was noted for this learner, with the class it is of."""
    found = []
    for sheet in proof.held:
        (line,) = sheet.lines
        clocks = ZoneInfo(sheet.held.zone)
        for half in sheet.half_days:
            noted = line.noted_for(half.half)
            if noted is None:
                continue
            signed, trainer = line.signature_for(half.half), sheet.trainer_signature_for(half.half)
            starts, ends = half.starts_at.astimezone(clocks), half.ends_at.astimezone(clocks)
            told = Noted(half=noted.half, presence=noted.presence, missed_minutes=noted.missed_minutes)
            said = {
                "title": _short(sheet.held.title),
                "on": starts.date().isoformat(),
                "half": f"{proof.rules.halves[half.half]}, {starts:%H:%M} à {ends:%H:%M}",
                "minutes": counted_minutes(half, told),
                "signed_at": signed.signed_at.astimezone(PARIS).isoformat() if signed else None,
                "trainer": trainer.name if trainer else None,
            }
            found.append((sheet.held.id, said))
    return found


def _title(path: Path, module: str) -> str:
    found = path.module(module)
    return found.title.fr if found else module


def _short(text: str) -> str:
    """One printed line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_LINE else plain[: LONGEST_LINE - 1].rstrip() + "…"
