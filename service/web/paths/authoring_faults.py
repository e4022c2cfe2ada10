"""What a draft lacks, in the reader's words, with the address of the form that puts it right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from onboarding.faults import Fault
from onboarding.paths.drafts import Draft
from service.flows.paths.authoring import Written
from service.runtime.vocabulary import Locale
from service.web.paths.authoring_names import BASE, named
from service.web.translations import Translator, french

_SAID = {
    "string-too-short": french("Il manque un texte."),
    "string-too-long": french("Ce texte est trop long : %(max_length)s signes au plus."),
    "too-short": french("Il en manque : ajoutez-en."),
    "too-long": french("Il y en a trop : faites-en plusieurs."),
    "int-type": french("Il manque un nombre."),
    "greater-than-equal": french("Ce nombre est trop petit : au moins %(ge)s."),
    "less-than-equal": french("Ce nombre est trop grand : au plus %(le)s."),
    "html": french("Un texte contient du HTML, qui s'afficherait tel quel : %(about)s"),
    "open-strong": french("Un texte ouvre ** sans le refermer."),
    "control-character": french("Un texte contient un signe invisible. Effacez-le et tapez-le à nouveau."),
    "link-refused": french("Un lien doit commencer par https:// ; celui-ci ne s'ouvrirait pas : %(about)s"),
    "mark-unknown": french("Encadré inconnu : %(about)s. Écrivez CONSEIL, RÈGLE, ATTENTION ou DIALOGUE."),
    "dialogue-unread": french("Un dialogue n'est pas lisible : chaque ligne commence par qui parle, puis deux-points."),
    "picture-unknown": french("Une image n'est pas parmi les fichiers du module : %(about)s"),
    "picture-not": french("Ce fichier n'est pas une image : %(about)s"),
    "picture-words": french("Dites entre crochets ce que montre l'image, pour qui ne la voit pas : %(about)s"),
    "module-unknown": french("Un module attendu avant n'existe plus : %(name)s"),
    "due-before": french("Ce module est à finir avant un module qu'il attend. Changez l'échéance de l'un des deux."),
    "circle": french("Ces modules s'attendent en rond, aucun ne s'ouvrirait : %(names)s. Retirez une attente."),
    "nothing-to-do": french("Ce module est vide : ajoutez une page, un paquet, une séance, ou fichier et questions."),
    "draw-too-many": french("Un essai poserait %(asked)s questions, il y en a %(there)s."),
    "one-right": french("Une seule réponse doit être juste ; il y en a %(right)s."),
    "none-right": french("Au moins une réponse doit être juste."),
    "package-gone": french("Ce paquet n'est plus proposé : %(name)s. Choisissez-en un autre."),
    "file-lost": french("Ce fichier n'est plus là : %(name)s. Retirez-le et envoyez-le à nouveau."),
    "skill-unknown": french("Cette compétence n'est plus dans la liste : %(name)s"),
    "path-unknown": french("Le parcours de renouvellement n'existe pas : %(name)s"),
    "renewal-at-once": french("Il s'ouvrirait sitôt le parcours terminé, sans fin. Donnez au plus %(most)s jours."),
    "used-twice": french("Deux parties portent le même nom : %(name)s"),
}  # fmt: skip
_OTHERWISE = french("À revoir : %(what)s")

_FIELDS = {
    "title": french("Titre"),
    "purpose": french("But"),
    "audience": french("Public"),
    "objectives": french("Objectifs"),
    "assistance": french("Assistance"),
    "languages": french("Langues"),
    "modules": french("Modules"),
    "minutes": french("Durée moyenne"),
    "due_days": french("Échéance"),
    "pass_percent": french("Seuil"),
    "attempts": french("Essais"),
    "quiz_draw": french("Questions posées"),
    "pages": french("Contenu"),
    "files": french("Fichiers"),
    "package": french("Paquet SCORM"),
    "live": french("Séance"),
    "exemption": french("Dispense"),
    "teaches": french("Compétences"),
    "prerequisites": french("Modules attendus avant"),
    "text": french("Texte"),
    "options": french("Réponses"),
    "points": french("Points"),
    "valid_months": french("Durée de validité"),
    "renewal_days": french("Renouvellement"),
    "renewed_by": french("Parcours de renouvellement"),
}
_FACTS = french("Présentation")
_WHOLE = french("L'ensemble")
_LANGUAGES = {"fr": french("français"), "en": french("anglais")}


@dataclass(frozen=True)
class FaultView:
    """One thing to put right: its form and the field there, in words and as an address, and what is wrong."""

    href: str
    form: tuple[str, ...]
    """Names on the way to the form: none for the path itself, then a module, then its page or question."""
    field: str
    words: str

    def is_in(self, href: str) -> bool:
        """Whether the form at `href`, or one below it, puts it right."""
        form = self.href.partition("#")[0]
        return form == href or form.startswith(f"{href}/")


@dataclass(frozen=True)
class FaultLine:
    """Fields of one form that have the same wrong with them; `form` is empty in that form itself."""

    form: str
    fields: tuple[FaultView, ...]
    words: str


def fault_views(written: Written, locale: Locale) -> tuple[FaultView, ...]:
    """Everything the draft lacks, in reading order, each once."""
    views = (_fault_view(fault, written.draft, written.facts.path, locale) for fault in written.faults)
    return tuple(dict.fromkeys(views))


def fault_lines(views: Iterable[FaultView], *, depth: int = 0) -> tuple[FaultLine, ...]:
    """One line for each form and each thing wrong there; forms are named from `depth` names down."""
    lines: dict[tuple[str, str], list[FaultView]] = {}
    for one in views:
        lines.setdefault((" › ".join(one.form[depth:]), one.words), []).append(one)
    return tuple(FaultLine(form, tuple(fields), words) for (form, words), fields in lines.items())


def _fault_view(fault: Fault, draft: Draft, slug: str, locale: Locale) -> FaultView:
    say = Translator(locale)
    given = dict(fault.given)
    if "names" in given:
        titles = {one.slug: named(one, one.title) for one in draft.modules}
        given["names"] = ", ".join(titles.get(one, one) for one in str(given["names"]).split(", "))
    sentence = _SAID.get(fault.code, _OTHERWISE)
    try:
        words = say(sentence, **({"what": fault.what} | given))
    except KeyError:
        words = say(_OTHERWISE, what=fault.what)
    href, form, field = _place(fault.where, draft, f"{BASE}/{slug}/draft", say)
    return FaultView(href, form, field, words)


def _place(where: str, draft: Draft, base: str, say: Translator) -> tuple[str, tuple[str, ...], str]:
    """The form that holds a place of the path, its name, and the place in the words of that form."""
    steps = [int(one) if one.isdigit() else one for one in re.findall(r"[^.\[\]]+", where)]
    if len(steps) < 2 or steps[0] != "modules" or not isinstance(steps[1], int):
        if steps[:1] == ["modules"]:
            return f"{base}#modules", (), say(_FIELDS["modules"])
        return f"{base}/facts#{_field_id(steps)}", (say(_FACTS),), _words_of(steps, say)
    module, rest = draft.modules[steps[1]], steps[2:]
    href = f"{base}/modules/{module.slug}"
    form: tuple[str, ...] = (named(module, module.title),)
    match rest:
        case ["pages", int(number), *inner]:
            page, rest = module.pages[number], inner
            href, form = f"{href}/pages/{page.slug}", (*form, named(page, page.title))
        case ["quiz", int(number), *inner]:
            question, rest = module.quiz[number], inner
            href = f"{href}/questions/{question.slug}"
            form = (*form, say(french("question %(n)s"), n=number + 1))
    return f"{href}#{_field_id(rest)}", form, _words_of(rest, say) or say(_WHOLE)


def _field_id(steps: list[int | str]) -> str:
    """The id that the form gives to a place: `title_fr`, `objective_2_fr`, `option_1_en`, `why_0_fr`."""
    match steps:
        case ["options", int(row), "why", str(language)]:
            return f"why_{row}_{language}"
        case ["options", int(row), "text", str(language)]:
            return f"option_{row}_{language}"
        case ["objectives", int(row), str(language)]:
            return f"objective_{row}_{language}"
        case ["live", *_]:
            return "live_minutes"
        case [str(name), "fr" | "en" as language]:
            return f"{name}_{language}"
        case [str(name), *_]:
            return name
    return "main"


def _words_of(steps: list[int | str], say: Translator) -> str:
    match steps:
        case ["options", int(row), "why", *_]:
            words = say(french("Pourquoi de la réponse %(n)s"), n=row + 1)
        case ["options", int(row), *_]:
            words = say(french("Réponse %(n)s"), n=row + 1)
        case ["objectives", int(row), *_]:
            words = say(french("Objectif %(n)s"), n=row + 1)
        case [str(name), int(row), *_] if name in _FIELDS:
            words = f"{say(_FIELDS[name])} {row + 1}"
        case [str(name), *_] if name in _FIELDS:
            words = say(_FIELDS[name])
        case _:
            words = ""
    language = steps[-1] if steps else ""
    return f"{words} ({say(_LANGUAGES[language])})" if language in _LANGUAGES else words
