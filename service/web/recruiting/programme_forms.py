"""The form of a programme: cells as in a CSV file, read with the problem of each field beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar.datastructures import FormMultiDict

from service.flows.reading import reading_cells as cells
from service.flows.reading.reading_cells import BadCell
from service.flows.recruiting.programmes import checked_profile
from service.runtime.errors import RuleBroken
from service.store.recruiting.programmes import ProgrammeFacts
from service.web.people.people_forms import hours_text
from service.web.translations import french

READERS: Mapping[str, Callable[[str], Any]] = {
    "title": cells.words,
    "client_sector": cells.words,
    "description": cells.words,
    "nature_of_work": cells.words,
    "autonomy_given": cells.words,
    "expectations": cells.words,
    "channels": cells.channels,
    "languages": cells.asked,
    "skills": cells.requirements,
    "opening_hours": cells.windows,
    "weekly_hours": cells.number,
    "seats": cells.whole,
    "start_date": cells.day,
    "home_days_per_week": cells.number,
    "onsite_days_per_week": cells.number,
    "min_download_mbps": cells.number,
    "min_upload_mbps": cells.number,
    "max_latency_ms": cells.number,
    "pay_min_cents": cells.euros,
    "pay_max_cents": cells.euros,
    "equipment": cells.listed,
}
TICKS = ("split_shifts_allowed", "equipment_provided", "card_data")


def read_programme(data: FormMultiDict) -> tuple[dict[str, str], dict[str, Any] | None, dict[str, str]]:
    """What was typed, the profile it says if all is well (None takes a member away), and the error of each field."""
    typed = {
        name: str(data.get(name) or "").replace("\x00", "").strip()[:10_000]
        for name in (*READERS, *TICKS, "client_name", "version")
    }
    values: dict[str, Any] = {name: typed[name] == "yes" for name in TICKS}
    errors: dict[str, str] = {}
    for name, read in READERS.items():
        lines = (
            typed[name].replace("\r", "").replace("\n", "|")
            if name in ("skills", "equipment")
            else typed[name]
        )
        try:
            values[name] = read(lines) if lines else None
        except BadCell as problem:
            errors[name] = f"Cette valeur {problem}."
    if not typed["title"]:
        errors["title"] = french("Donnez un titre au programme.")
    if not errors:
        _check(values, errors)
    return typed, None if errors else values, errors


def _check(values: Mapping[str, Any], errors: dict[str, str]) -> None:
    try:
        checked_profile({name: value for name, value in values.items() if value is not None})
    except RuleBroken as refusal:
        for fault in refusal.faults:
            name = ([*fault.pointer.split("/"), "", ""])[2] or "pay_max_cents"
            errors[name] = _WORDS.get(name, french("Cette valeur ne convient pas. Regardez l'exemple."))


_WORDS = {
    "pay_max_cents": french("Le salaire maximal est plus petit que le salaire minimal."),
    "languages": french("Écrivez un code et un niveau, comme fr:B2 | en:B1:souhaité."),
    "skills": french("Écrivez une compétence par ligne, comme appels entrants:3:indispensable."),
    "channels": french(
        "Choisissez parmi voix, courriel, tchat, réseaux sociaux, sms, visio, courrier, back-office."
    ),
    "weekly_hours": french("Écrivez entre 1 et 60 heures."),
}


def typed_of(facts: ProgrammeFacts) -> dict[str, str]:
    """A programme as the form shows it."""
    profile = facts.profile
    typed = {name: str(profile.get(name) or "") for name in READERS}
    for name in ("weekly_hours", "home_days_per_week", "onsite_days_per_week"):
        typed[name] = f"{profile[name]:g}".replace(".", ",") if profile.get(name) is not None else ""
    for name in ("pay_min_cents", "pay_max_cents"):
        typed[name] = f"{profile[name] / 100:.2f}".replace(".", ",") if profile.get(name) else ""
    typed["channels"] = " | ".join(profile.get("channels", ()))
    typed["languages"] = " | ".join(
        f"{one['code']}:{one['cefr_min']}{'' if one.get('must', True) else ':souhaité'}"
        for one in profile.get("languages", ())
    )
    typed["skills"] = "\n".join(
        f"{one['text']}:{one.get('level', 3)}:{one.get('importance', 'should')}"
        for one in profile.get("skills", ())
    )
    typed["equipment"] = "\n".join(profile.get("equipment", ()))
    typed["opening_hours"] = hours_text(profile.get("opening_hours", ()))
    typed |= {name: "yes" if profile.get(name) else "" for name in TICKS}
    return typed | {"client_name": facts.client_name, "version": str(facts.version)}
