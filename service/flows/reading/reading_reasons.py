"""Why a value of a file cannot be taken, in words that tell a recruiter what to write instead."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_BY_TYPE: Mapping[str, str] = {
    "missing": "manque",
    "extra_forbidden": "n'est pas un champ connu",
    "string_type": "doit être un texte",
    "string_unicode": "contient des caractères qui ne se lisent pas",
    "string_too_long": "est trop long ({max_length} caractères au plus)",
    "string_too_short": "est vide",
    "string_pattern_mismatch": "n'est pas un code attendu, comme fr ou en",
    "int_type": "doit être un nombre entier",
    "float_type": "doit être un nombre",
    "bool_type": "doit être oui ou non (true ou false)",
    "finite_number": "doit être un nombre fini",
    "greater_than_equal": "doit être au moins {ge}",
    "greater_than": "doit être plus grand que {gt}",
    "less_than_equal": "doit être au plus {le}",
    "less_than": "doit être plus petit que {lt}",
    "literal_error": "n'est pas une valeur prévue : {expected}",
    "enum": "n'est pas une valeur prévue : {expected}",
    "too_long": "contient trop d'éléments ({max_length} au plus)",
    "tuple_type": "doit être une liste",
    "dict_type": "doit être un objet",
    "model_type": "doit être un objet",
    "model_attributes_type": "doit être un objet",
    "date_type": "doit être une date, comme 2027-01-11",
}

_BY_WORDS = (
    ("NUL character", "contient un caractère nul"),
    ("is not a time", "n'est pas une heure entre 00:00 et 24:00, écrite HH:MM"),
    ("ends before it starts", "finit avant de commencer ; une nuit s'écrit en deux plages sur deux jours"),
    ("names no language", "ne nomme aucune langue : donnez un code ou des mots"),
    ("pays at most less", "donne un salaire maximal plus petit que le salaire minimal"),
    ("isoformat", "doit être une date, comme 2027-01-11"),
    ("day is out of range", "n'est pas un jour du calendrier"),
    ("email address", "n'est pas une adresse e-mail complète, comme prenom.nom@exemple.fr"),
)


def reason_of(error: ErrorDetails) -> str:
    """The French reason of one pydantic error; the library's own words when none fits."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    template = _BY_TYPE.get(error["type"])
    if template is not None:
        said = {name: _plain(value) for name, value in context.items() if name != "error"}
        if "expected" in said:  # the library joins the choices in English
            said["expected"] = str(said["expected"]).replace(" or ", " ou ")
        return template.format(**said)
    return next((words for part, words in _BY_WORDS if part in error["msg"]), error["msg"])


def _plain(value: Any) -> Any:
    """A bound as people write it: « 60 », « 0,5 »."""
    return f"{value:.10g}".replace(".", ",") if isinstance(value, float) else value


def place_of(error: ErrorDetails) -> str:
    """The column or JSON path, counted from 1 where people count: `availability[2].to`.

    >>> place_of({"type": "missing", "loc": ("availability", 1, "to"), "msg": "", "input": None})
    'availability[2].to'
    """
    place = ""
    for part in error["loc"]:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return place.lstrip(".")


def shown(value: Any) -> str:
    """A value as it stands in the report: short, on one line."""
    text = "" if value is None else value if isinstance(value, str) else repr(value).removesuffix(".0")
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= 80 else f"{line[:79]}…"
