"""The form of a class: what was typed, read into a plan, with every slip beside its field."""

from collections.abc import Mapping
from datetime import date, datetime, time

from onboarding.classes import ClassPolicy
from onboarding.content import Language
from service.flows.classes.class_plans import Plan
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, InBoth, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Locale
from service.web.translations import Translator, french

FIELDS = (
    "title", "day", "starts", "ends", "zone", "is_second", "cohort", "module", "place", "link", "note",
    "seats", "trainer",
)  # fmt: skip

_SLIPS = {
    "/title": ("title", french("Donnez un titre de 1 à 160 caractères.")),
    "/day": ("day", french("Choisissez un jour du mois passé ou des deux prochaines années.")),
    "/starts": ("starts", french("Donnez l'heure du début, par exemple 09:00.")),
    "/ends": ("ends", french("Donnez l'heure de fin, par exemple 12:00.")),
    "/zone": ("zone", french("Choisissez un fuseau de la liste.")),
    "/place": ("place", french("Dites où : un lieu, un lien, ou les deux. Un lieu tient en 200 caractères.")),
    "/link": ("link", french("Écrivez une adresse complète qui commence par https://.")),
    "/note": ("note", french("Écrivez au plus 1 000 caractères.")),
    "/seats": ("seats", french("Écrivez un nombre de places, ou laissez vide.")),
    "/module": ("module", french("Choisissez un module de la liste.")),
    "/cohort_id": ("cohort", french("Choisissez un groupe de la liste.")),
    "/trainer_id": ("trainer", french("Choisissez une personne de la liste.")),
    "/reason": (
        "reason",
        french("Dites pourquoi, en 3 à 300 caractères : les personnes concernées le lisent."),
    ),
    "/name": ("name", french("Écrivez votre prénom et votre nom.")),
    "/candidates": ("candidates", french("Une de ces personnes n'est pas dans votre périmètre.")),
    "/from_id": ("from", french("Cette personne n'anime aucune séance à venir.")),
}
_SAME = french("Cette personne anime déjà la séance.")


def errors_of(refusal: RuleBroken, locale: Locale) -> dict[str, str]:
    """Field -> sentence in the reader's language. Sentences of the policy itself are said as they are."""
    said = Translator(locale)
    found: dict[str, str] = {}
    for fault in refusal.faults:
        if fault.pointer in _SLIPS:
            field, sentence = _SLIPS[fault.pointer]
            found.setdefault(field, _sentence(fault, sentence, said, locale))
    return found


def _sentence(fault: Fault, sentence: str, said: Translator, locale: Locale) -> str:
    if isinstance(fault.sentence, InBoth):
        return fault.sentence.fr if locale is Locale.FR else fault.sentence.en
    return said(_SAME if fault.code == "same" else sentence)


def read_plan(data: Mapping[str, str], *, now: datetime) -> tuple[Plan | None, dict[str, str]]:
    """The plan typed, or the fields (with French sentences) that are no day, no time or no number."""
    errors: dict[str, str] = {}
    day = _day(data.get("day", ""))
    starts, ends = _clock(data.get("starts", "")), _clock(data.get("ends", ""))
    for field, value in (("day", day), ("starts", starts), ("ends", ends)):
        if value is None:
            errors[field] = _SLIPS[f"/{field}"][1]
    seats = data.get("seats", "").strip()
    if seats and not (seats.isdecimal() and seats.isascii() and len(seats) < 7):
        errors["seats"] = _SLIPS["/seats"][1]
    path, _, module = data.get("module", "").partition("/")
    chosen = {name: data.get(name, "").strip() for name in ("cohort", "trainer")}
    ids = {name: parse_id(value) if value else None for name, value in chosen.items()}
    errors |= {
        name: _SLIPS[f"/{name}_id"][1] for name, value in chosen.items() if value and ids[name] is None
    }
    if errors or day is None or starts is None or ends is None:
        return None, errors
    plan = Plan(
        title=data.get("title", "").replace("\x00", ""), day=day, starts=starts, ends=ends,
        zone=data.get("zone", ""), is_second={"first": False, "second": True}.get(data.get("is_second", "")),
        cohort_id=ids["cohort"], path=path, module=module, place=_line(data, "place"),
        link=_line(data, "link"), note=_line(data, "note"), seats=int(seats) if seats else None,
        trainer_id=ids["trainer"],
    )  # fmt: skip
    return plan, {}


def _line(data: Mapping[str, str], name: str) -> str:
    return data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return (
            time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if len(text) >= 5 else None
        )
    except ValueError:
        return None


def typed_of(plan: Plan) -> dict[str, str]:
    """A plan as its form shows it."""
    return {
        "title": plan.title, "day": plan.day.isoformat(), "starts": f"{plan.starts:%H:%M}",
        "ends": f"{plan.ends:%H:%M}", "zone": plan.zone,
        "is_second": "" if plan.is_second is None else "second" if plan.is_second else "first",
        "cohort": str(plan.cohort_id or ""), "module": f"{plan.path}/{plan.module}" if plan.module else "",
        "place": plan.place, "link": plan.link, "note": plan.note, "seats": str(plan.seats or ""),
        "trainer": str(plan.trainer_id or ""),
    }  # fmt: skip


def blank(*, now: datetime, cohort: str = "", trainer: str = "", module: str = "") -> dict[str, str]:
    """An empty form."""
    empty = dict.fromkeys(FIELDS, "")
    return {
        **empty, "day": civil_date(now).isoformat(), "zone": "Europe/Paris", "cohort": cohort,
        "trainer": trainer, "module": module,
    }  # fmt: skip


def zone_choices(policy: ClassPolicy, locale: Locale) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.said_in(Language(locale.value))) for one in policy.zones)


def module_choices(editions: Editions, locale: Locale, *, today: date) -> tuple[tuple[str, str], ...]:
    """Every module that asks for a live class, by the newest edition of its path that holds today."""
    said, newest = Language(locale.value), {}
    for path in sorted(editions.paths.values(), key=lambda one: one.valid_from):
        if path.valid_from <= today or path.slug not in newest:
            newest[path.slug] = path
    found = [
        (f"{path.slug}/{module.slug}", f"{path.title.said_in(said)} – {module.title.said_in(said)}")
        for path in newest.values()
        for module in path.modules
        if module.live is not None
    ]
    return tuple(sorted(found, key=lambda one: one[1]))
