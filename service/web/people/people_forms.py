"""The form by which a person enters or is entered, read with every problem beside its field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from litestar.datastructures import FormMultiDict

from service.flows.people.candidates import checked_profile
from service.flows.reading.reading_cells import BadCell, number
from service.runtime.errors import RuleBroken
from service.runtime.ids import parse_id
from service.web.translations import Translator, french

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
LANGUAGES = (
    ("fr", french("Français")),
    ("en", french("Anglais")),
    ("es", french("Espagnol")),
    ("de", french("Allemand")),
    ("it", french("Italien")),
    ("pt", french("Portugais")),
    ("ar", french("Arabe")),
    ("nl", french("Néerlandais")),
)
DAYS = (
    french("lundi"),
    french("mardi"),
    french("mercredi"),
    french("jeudi"),
    french("vendredi"),
    french("samedi"),
    french("dimanche"),
)
TURNS = (1, 2)


@dataclass(frozen=True)
class PersonForm:
    """What was typed, as it was typed."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    headline: str = ""
    skills: str = ""
    hours_text: str = ""
    desired_weekly_hours: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    windows: tuple[dict[str, Any], ...] = ()
    programmes: tuple[str, ...] = ()
    is_read: bool = False


@dataclass(frozen=True)
class Said:
    """The same, checked."""

    given_name: str
    family_name: str
    email: str
    phone: str
    profile: dict[str, Any]
    programme_ids: tuple[UUID, ...]


def read_person(
    data: FormMultiDict, *, is_name_needed: bool
) -> tuple[PersonForm, Said | None, dict[str, str]]:
    """The form as typed, what it says if all is well, and the French error of each field."""
    form = _typed(data)
    errors: dict[str, str] = {}
    if is_name_needed and not form.given_name:
        errors["given_name"] = french("Écrivez votre prénom.")
    if is_name_needed and not form.family_name:
        errors["family_name"] = french("Écrivez votre nom.")
    email = _email(form.email, errors, is_needed=is_name_needed)
    profile = _profile(form, errors)
    if errors or profile is None:
        return form, None, errors
    ids = tuple(found for found in map(parse_id, form.programmes) if found is not None)
    return form, Said(form.given_name, form.family_name, email, form.phone, profile, ids), {}


def _typed(data: FormMultiDict) -> PersonForm:
    def text(name: str, most: int) -> str:
        return str(data.get(name) or "").replace("\x00", "").strip()[:most]

    return PersonForm(
        given_name=text("given_name", 100),
        family_name=text("family_name", 100),
        email=text("email", 320),
        phone=text("phone", 40),
        headline=text("headline", 300),
        skills=text("skills", 10_000),
        desired_weekly_hours=text("desired_weekly_hours", 10),
        levels={code: text(f"level-{code}", 2) for code, _ in LANGUAGES},
        windows=tuple(_windows(data)),
        programmes=tuple(str(value) for value in data.getall("programmes", [])),
        is_read=bool(data.get("is_read")),
    )


def _windows(data: FormMultiDict) -> Iterable[dict[str, Any]]:
    for day in range(1, 8):
        for turn in TURNS:
            start = str(data.get(f"hours-{day}-{turn}-from") or "").strip()[:5]
            end = str(data.get(f"hours-{day}-{turn}-to") or "").strip()[:5]
            if start or end:
                yield {"day": day, "from": start, "to": "24:00" if end == "00:00" else end}


def _email(typed: str, errors: dict[str, str], *, is_needed: bool) -> str:
    if not typed:
        if is_needed:
            errors["email"] = french("Écrivez votre adresse e-mail : nous vous répondons par là.")
        return ""
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        errors["email"] = french("Cette adresse n'est pas complète. Exemple : prenom.nom@exemple.fr")
        return ""


def _profile(form: PersonForm, errors: dict[str, str]) -> dict[str, Any] | None:
    values: dict[str, Any] = {
        "headline": form.headline,
        "skills": _lines(form.skills),
        "languages": [
            {"code": code, "cefr": level} for code, level in form.levels.items() if level in LEVELS
        ],
        "availability": list(form.windows),
    }
    if form.desired_weekly_hours:
        try:
            values["desired_weekly_hours"] = number(form.desired_weekly_hours)
        except BadCell:
            errors["desired_weekly_hours"] = french("Écrivez un nombre d'heures, comme 28 ou 17,5.")
    try:
        checked_profile(values)
    except RuleBroken as refusal:
        places = " ".join(fault.pointer for fault in refusal.faults)
        if "availability" in places:
            errors["hours"] = french(
                "Une plage finit après son début. Écrivez une nuit en deux plages, sur deux jours."
            )
        elif "desired_weekly_hours" in places:
            errors["desired_weekly_hours"] = french("Écrivez entre 0 et 60 heures par semaine.")
        else:
            errors["skills"] = french("Une ligne ne se lit pas. Écrivez une compétence par ligne.")
    return None if errors else values


def _lines(text: str) -> list[str]:
    stripped = (line.strip()[:300] for line in re.split(r"[\r\n|]+", text))
    return [line for line in stripped if line][:300]


def hours_words(windows_of: Iterable[Mapping[str, Any]], translate: Translator) -> list[tuple[str, str]]:
    """Days and hours for people, the days with the same hours together: ("lundi au vendredi", "09:00 à 17:00")."""
    by_day: dict[int, list[str]] = {}
    for window in windows_of:
        by_day.setdefault(int(window["day"]), []).append(f"{window['from']} – {window['to']}")
    rows: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        words = ", ".join(sorted(by_day[day]))
        if rows and rows[-1][1] == day - 1 and rows[-1][2] == words:
            rows[-1] = (rows[-1][0], day, words)
        else:
            rows.append((day, day, words))
    return [(_days(first, last, translate), words) for first, last, words in rows]


def _days(first: int, last: int, translate: Translator) -> str:
    if first == last:
        return translate(DAYS[first - 1])
    return translate(
        "%(first)s au %(last)s", first=translate(DAYS[first - 1]), last=translate(DAYS[last - 1])
    )


def hours_text(windows_of: Iterable[Mapping[str, Any]]) -> str:
    """Weekly hours as one line that `reading_cells.windows` reads back.

    >>> hours_text(windows("lun-ven 09:00-17:00; sam 10:00-13:00"))
    'lun-ven 09:00-17:00; sam 10:00-13:00'
    """
    by_day: dict[int, list[str]] = {}
    for window in windows_of:
        by_day.setdefault(int(window["day"]), []).append(f"{window['from']}-{window['to']}")
    parts: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        words = " ".join(sorted(by_day[day]))
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == words:
            parts[-1] = (parts[-1][0], day, words)
        else:
            parts.append((day, day, words))
    short = [name[:3] for name in DAYS]
    return "; ".join(
        f"{short[first - 1]}{'' if first == last else '-' + short[last - 1]} {words}"
        for first, last, words in parts
    )
