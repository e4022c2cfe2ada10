"""Every macro with sample arguments, and what is closed: words that name a drawing or a state, and times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from service.web.translations import Said
from tests.service.web.preview import context, environment

WEEK = ({"day": 1, "from": "08:00", "to": "12:30"}, {"day": 1, "from": "14:00", "to": "18:00"},
        {"day": 6, "from": "18:00", "to": "24:00"})  # fmt: skip
FITS = (
    {"label": "Factures", "points": 32.0, "most": 40},
    {"label": "Outil", "points": -6.9, "why": "module, 8 h"},
)
ROWS = ({"label": "Organisation", "value": 72, "low": 65, "high": 79, "band": "À l’aise", "href": "/x", "mark": 60},
        {"label": "Lieu", "value": 58, "low": 48, "high": 69, "band": "", "note": "déclaré"})  # fmt: skip
COLUMNS = ({"label": "Personne", "href": "?s=n", "sorted": "descending"}, {"label": "Score", "is_figure": True},
           {"label": "Actions", "is_unseen": True})  # fmt: skip
DRAWN = {
    "label": "Lieu",
    "hundredths": 5800,
    "low_hundredths": 4800,
    "high_hundredths": 6900,
    "said": "58 sur 100",
}
ANSWERED = {"prompt": "Bureau", "answered": ("Table",), "shown": ("Photo",), "why": "place", "hundredths": 580,
            "possible_hundredths": 1000}  # fmt: skip
RESULT = {
    "declared": DRAWN, "demonstrated": None, "not_demonstrated": "Rien n’est encore mesuré.", "band": "À compléter",
    "gaps": ({"text": "Un casque", "helps": ({"text": "Un prêt", "detail": "60 €"},)},),
    "criteria": ({"label": "Poste", "why": "On y reste.", "weight": "Pèse 30 %.", "hundredths": 580,
                  "possible_hundredths": 1000, "questions": (ANSWERED,)},),
}  # fmt: skip
WEEK_BOX = {"x": "0", "y": "20.00", "width": "4", "height": "20.00"}
COVERED = {
    "width": 8, "marks": (("0.00", "9 h"), ("50.00", "11 h"), ("100.00", "13 h")), "columns": ("Lundi",),
    "days": ({"name": "Lundi", "bars": (WEEK_BOX,), "gaps": (WEEK_BOX,), "need": "M0 40V0H8V40", "peak": 2,
              "covered": "3", "needed": "4", "missing": ("11 h à 13 h : 1", "14 h à 15 h : 1")},
             {"name": "Mardi", "bars": (), "gaps": (), "need": "M0 40", "peak": 0, "covered": "0", "needed": "0",
              "missing": ()}),
    "rows": ({"clock": "9 h", "cells": ({"planned": 1, "needed": 2, "lacks": 1},)},
             {"clock": "10 h", "cells": ({"planned": 0, "needed": 0, "lacks": 0},)}),
}  # fmt: skip
SCALE = ((1, "Pas du tout"), (2, "Plutôt pas", "presque"), (3, "Tout à fait"))


@dataclass(frozen=True)
class Call:
    """One call of one macro; `caller` is what a call block would write."""

    macro: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    caller: bool = False

    def __str__(self) -> str:
        return self.macro

    def render(self, lang: str = "fr", arguments: Mapping[str, Any] | None = None) -> str:
        file, _, name = self.macro.partition(".")
        module = environment().get_template(f"macros/{file}.html").make_module(context(lang=lang))
        given = dict(self.arguments if arguments is None else arguments)
        if self.caller:
            given["caller"] = lambda *row: Markup("<td>{}</td>").format(*row or ("…",))
        return str(getattr(module, name)(**given))


def _field(macro: str, **more: Any) -> Call:
    said = {"name": "n", "label": "Ville", "error": "À revoir.", "help": "Un mot suffit.", **more}
    return Call(f"forms.{macro}", said)


SAID = {"kind": "paragraph", "text": "Dites-le."}
CALLS = (
    Call("icons.icon", {"name": "check"}),
    Call("badges.badge", {"label": "Fait", "tone": "good", "shape": "check"}),
    Call("badges.badge", {"label": "Fait", "tone": "good"}),
    Call("badges.stage", {"label": "Entretien", "position": 3, "total": 5}),
    Call("badges.outcome", {"value": "after_training", "note": "8 h de formation"}),
    Call("badges.outcome", {"value": "autre"}),
    Call("badges.state", {"value": "late", "label": "En retard"}),
    Call("badges.term", {"value": "renewing"}),
    Call("badges.tags", {"labels": ("Appels entrants", "Anglais B1")}),
    Call("blocks.notice", {"words": "Il manque une adresse.", "tone": "warn", "title": "À compléter"}, caller=True),
    Call("blocks.empty", {"title": "Aucun programme", "words": "Ajoutez-en un.", "href": "/p", "label": "Ajouter"}),
    Call("blocks.facts", {"pairs": (("Reçue", "mardi"), ("Mail", None), ("Heures", "32 h", "par semaine"))}),
    Call("blocks.timeline", {"items": ({"when": "mardi", "what": "Reçue", "who": "Ada", "href": "/a"},
                                       {"when": "jeudi", "what": "Lue", "state": "now"},
                                       {"when": "lundi", "what": "Entretien", "state": "next"})}),
    Call("blocks.said", {"words": Said("Le client attend", "fr")}),
    Call("blocks.lang", {"words": Said("Le client attend", "fr")}),
    Call("blocks.steps", {"current": 2, "total": 5, "minutes": 1}),
    Call("blocks.steps", {"current": 2, "total": 5, "minutes": 7}),
    Call("blocks.trail", {"links": (("Candidatures", "/c"), ("Nadia", ""))}),
    Call("blocks.section", {"title": "Formation", "id": "training"}, caller=True),
    Call("blocks.link_button", {"label": "Continuer", "href": "/q", "tone": "quiet"}),
    Call("blocks.lesson", {"blocks": (
        {"kind": "heading", "text": "Écouter", "level": 2}, {"kind": "heading", "text": "Ce soir", "level": 3},
        SAID, {"kind": "list", "items": ((SAID,), (SAID, SAID)), "is_ordered": False},
        {"kind": "list", "items": ((SAID,),), "is_ordered": True, "start": 3},
        {"kind": "callout", "blocks": (SAID,), "title": "Attention", "tone": "warn"},
        {"kind": "dialogue", "lines": ({"speaker": "Cliente", "text": "Bonjour."},)},
        {"kind": "quote", "blocks": (SAID,)}, {"kind": "divider"}, {"kind": "code", "text": "a < b"},
        {"kind": "table", "head": ("Code", "Sens"), "rows": (("A1", "Rappel"),)},
        {"kind": "image", "href": "../files/poste.png", "text": "Un poste réglé", "note": "Le vôtre ?"},
        {"kind": "video", "href": "https://film.example/1", "text": "S’asseoir", "note": "film.example · 4:30"},
    )}),
    Call("charts.bars", {"caption": "Par étape", "unit": "personnes", "note": "ce mois", "label_head": "Étape",
                         "value_head": "Total", "rows": ({"label": "Offre", "value": 12, "href": "/o"},
                                                         {"label": "Lue", "value": 4.5, "words": "quatre"})}),
    Call("charts.bars", {"caption": "Par étape", "rows": ()}),
    Call("charts.progress", {"label": "Accueil", "value": 3, "most": 8, "words": "trois"}),
    Call("charts.week", {"caption": "Vos heures", "windows": WEEK, "note": "27 h"}),
    Call("scores.words", {"value": 72, "low": 65, "high": 79}),
    Call("scores.point", {"label": "Lieu", "value": 58, "low": 48, "high": 69, "band": "À compléter", "mark": 60,
                          "mark_words": "repère", "left": "À construire", "right": "À l’aise"}),
    Call("scores.point", {"label": "Lieu", "value": 58, "low": 48, "high": 69}),
    Call("scores.scorecard", {"caption": "Trois dimensions", "rows": ROWS, "note": "édition 2026-11"}),
    Call("scores.inline", {"value": 58, "low": 48, "high": 69}),
    Call("scores.contributions", {"caption": "Pourquoi", "rows": FITS, "total": 25.1, "total_label": "Total"}),
    Call("coverage.key"),
    Call("coverage.week", {"caption": "Semaine d’Énergie", "view": COVERED, "note": "sans samedi"}),
    Call("coverage.week", {"caption": "Besoin par jour", "view": COVERED, "planned": False}),
    Call("coverage.table", {"caption": "Par demi-heure", "view": COVERED, "label": "Le tableau"}),
    Call("coverage.small", {"words": "3 sur 4 h couvertes", "view": COVERED}),
    Call("reports.drawing", {"figure": DRAWN, "band": "À compléter"}),
    Call("reports.figures_of", {"report": {"words": {"demonstrated": "Montré"}}, "result": RESULT}),
    Call("reports.gaps", {"result": RESULT}),
    Call("reports.parts", {"caption": "Pourquoi", "result": RESULT, "total": "Total"}),
    Call("reports.questions", {"caption": "Détail", "result": RESULT, "answered": "Réponse :", "total": "Total"}),
    Call("reports.passage", {"said": {"paragraphs": ("Une personne décide.",), "items": ("Qui",)}}),
    Call("tables.data", {"caption": "Candidatures", "columns": COLUMNS, "rows": ("Nadia", "Yann"), "note": "triées",
                         "id": "list"}, caller=True),
    Call("tables.data", {"caption": "Candidatures", "columns": COLUMNS, "rows": ()}, caller=True),
    Call("tables.data", {"caption": "Candidatures", "columns": (), "rows": (), "empty": Markup("<p>Rien</p>")},
         caller=True),
    Call("tables.head", {"column": COLUMNS[0]}),
    Call("tables.pager", {"previous_href": "/c?b", "next_href": "/c?a", "words": "25 personnes"}),
    Call("tables.toolbar", {"href": "/c", "label": "Filtrer", "reset_href": "/c"}, caller=True),
    Call("forms.csrf"),
    Call("forms.hidden", {"name": "n", "value": "v"}),
    Call("forms.summary", {"errors": {"q2": "Choisissez.", "q3": "Écrivez."}, "title": "À revoir"}),
    Call("forms.summary", {"errors": {"q2": "Choisissez."}}),
    _field("text", value="Brest", autocomplete="off", inputmode="text", maxlength=80, width="short", unit="km", id="i"),
    _field("text", value=None, required=False),
    _field("email", value="a@b"),
    Call("forms.password", {"name": "n", "label": "Mot de passe", "error": "À revoir.", "help": "Long."}),
    _field("number", value="12,4", unit="Mbit/s"),
    _field("money", value="1 867,02", unit="€ brut"),
    _field("date", value="2026-12-01"),
    _field("textarea", value="Bonjour", maxlength=200, id="i"),
    _field("select", options=(("a1", "A1"), ("b1", "B1")), value="b1", prompt="Choisir", id="i"),
    _field("file", accept=".pdf"),
    _field("radios", options=SCALE, value="2"),
    _field("yes_no", value="yes"),
    _field("checkboxes", options=SCALE, values=("1", "3")),
    _field("checkbox", is_checked=True, value="oui", required=True),
    Call("forms.likert", {"name": "n", "statement": "Je planifie.", "options": SCALE, "value": 2, "error": "À revoir.",
                          "help": "Au plus vrai.", "number": 2, "total": 12}),
    _field("week", windows=WEEK),
    Call("forms.saved", {"words": "Au fur et à mesure."}),
    Call("forms.choice_keys"),
    Call("forms.submit", {"label": "Continuer", "other_href": "/p", "other_label": "Plus tard", "name": "n",
                          "value": "v"}, caller=True),
    Call("forms.action", {"href": "/r", "label": "Renvoyer", "tone": "quiet", "fields": {"id": "7"}}),
    Call("forms.confirm", {"href": "/d", "label": "Proposer", "words": "C’est votre décision.", "button": "Confirmer",
                           "reason_label": "Votre raison", "reason_name": "reason", "reason": "Parce que",
                           "error": "Plus long.", "fields": {"id": "7"}, "id": "i", "grave": True}, caller=True),
)  # fmt: skip
