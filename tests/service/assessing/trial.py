"""A small questionnaire of our own with every kind of question, so that tests do not lean on the real ones."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from assessments.questionnaires.instruments import Instrument
from service.flows.matching.lexicons import InForce
from service.runtime.editions import Editions, load_editions

SLUG = "trial"
ANSWERS: dict[str, Any] = {
    "order": ["second", "first", "third"],
    "act": "listen",
    "words": "Rien à ajouter",
    "hours": 4,
    "calm": 5,
}


def _said(words: str) -> dict[str, str]:
    return {"fr": words, "en": f"{words} (en)"}


def _choice(value: str, credit: int | None = None) -> dict[str, Any]:
    told = {"value": value, "label": _said(value.title())}
    return told if credit is None else {**told, "credit": credit, "why": _said("Parce que.")}


def trial(edition: str = "2026-11", valid_from: date = date(2026, 11, 1)) -> Instrument:
    """The questionnaire, in one edition."""
    real = next(one for one in load_editions().instruments.values() if one.slug == "work-organisation")
    told = real.model_dump(mode="json")
    told |= {
        "slug": SLUG, "edition": edition, "valid_from": valid_from.isoformat(), "title": _said("Essai"),
        "remedies": [],
        "scales": [{"id": "all", "label": _said("Tout"), "why": _said("Pour voir."), "weight": 100}],
        "quality": {**told["quality"], "contradictions": []},
        "pages": [
            {"id": "order", "title": _said("Un ordre"), "items": [
                {"kind": "ranking", "id": "order", "scale": "all", "prompt": _said("Mettez en ordre"),
                 "key": ["first", "second", "third"], "why": _said("Du plus pressé au moins pressé."),
                 "options": [_choice("first"), _choice("second"), _choice("third")]},
                {"kind": "scenario", "id": "act", "scale": "all", "prompt": _said("Que faites-vous ?"),
                 "situation": _said("Un client crie."),
                 "options": [_choice("listen", 100), _choice("wait", 40), _choice("hang_up", 0)]},
            ]},
            {"id": "proof", "title": _said("Des preuves"), "items": [
                {"kind": "file", "id": "bill", "prompt": _said("Une facture"), "max_megabytes": 1,
                 "accepts": ["application/pdf", "image/jpeg"]},
                {"kind": "measurement", "id": "down", "scale": "all", "prompt": _said("Le débit reçu"),
                 "measure": "download_kbps", "unit": _said("Mbit/s"), "per_unit": 1000, "minimum": 0,
                 "maximum": 2_000_000, "better": "more", "known_by": ["measured"],
                 "steps": [{"edge": 1000, "credit": 50}, {"edge": 8000, "credit": 100}]},
                {"kind": "short_text", "id": "words", "prompt": _said("Vos mots"), "required": False},
                {"kind": "yes_no", "id": "alarm", "scale": "all", "prompt": _said("Un détecteur de fumée ?"),
                 "required": False, "known_by": ["declared", "attested", "verified"]},
            ]},
            {"id": "quick", "title": _said("Vite"), "minutes": 3, "items": [
                {"kind": "number", "id": "hours", "scale": "all", "prompt": _said("Combien ?"),
                 "unit": {"fr": "heures", "en": "hours"}, "minimum": 0, "maximum": 24,
                 "steps": [{"at_least": 0, "credit": 0}, {"at_least": 4, "credit": 100}]},
                {"kind": "likert", "id": "calm", "scale": "all", "prompt": _said("Je reste calme.")},
            ]},
        ],
    }  # fmt: skip
    return Instrument.model_validate_json(json.dumps(told))


def give(app: Any, *instruments: Instrument) -> Instrument:
    """Put editions of the trial questionnaire among those that the service gives; the first is given back."""
    found = instruments or (trial(),)
    editions = app.state.editions
    more = {(one.slug, one.edition): one for one in found}
    put_in_force(app, replace(editions, instruments={**editions.instruments, **more}))
    return found[0]


def put_in_force(app: Any, editions: Editions) -> None:
    """Let requests be given these editions, and whoever looks at the service's state."""
    app.state.editions = editions
    app.state.in_force = InForce(app.state.database, editions)
