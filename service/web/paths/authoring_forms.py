"""What the forms of trainers' pages say: parts of a draft as typed, and the numbers that are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.datastructures import FormMultiDict

from onboarding.content import Language
from onboarding.paths.drafts import (
    Draft,
    DraftModule,
    DraftOption,
    DraftPage,
    DraftQuestion,
    DraftWords,
    name_for,
    put,
)
from onboarding.paths.markdown import MAXIMUM_CHARACTERS
from onboarding.paths.paths import QuestionKind
from service.web.translations import french

FEWEST_ROWS = 2
BLANK = DraftWords()
MOST_OPTIONS = 12


@dataclass
class Form:
    """A form being read: texts with the line ends that Markdown knows, and a word beside each number that is none."""

    sent: FormMultiDict
    errors: dict[str, str] = field(default_factory=dict)
    """Beside which field to say what."""

    @property
    def typed(self) -> dict[str, str]:
        """Every field as it was typed, to be shown again beside the word about it."""
        return {name: value for name, value in self.sent.items() if isinstance(value, str)}

    def text(self, name: str) -> str:
        typed = str(self.sent.get(name) or "").replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(typed) > MAXIMUM_CHARACTERS:
            self.errors[name] = french("Ce texte est trop long. Faites-en deux pages.")
        return typed[:MAXIMUM_CHARACTERS]

    def words(self, name: str, kept: DraftWords = BLANK) -> DraftWords:
        """Both languages; one that the form does not ask for stays as it was."""
        return DraftWords(
            fr=self.text(f"{name}_fr") if f"{name}_fr" in self.sent else kept.fr,
            en=self.text(f"{name}_en") if f"{name}_en" in self.sent else kept.en,
        )

    def number(self, name: str, kept: int | None) -> int | None:
        """A whole number, or None when the field is empty; what is no number leaves what was kept."""
        typed = self.text(name)
        if not typed:
            return None
        if not (typed.isdecimal() and len(typed) <= 4):
            self.errors[name] = french("Donnez un nombre entier, en chiffres.")
            return kept
        return int(typed)

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(str(one) for one in self.sent.getall(name, []))


def facts_of(draft: Draft, form: Form, *, paths: Iterable[str]) -> Draft:
    """The draft with what its first page says: title, audience, objectives, languages, how long it holds."""
    both = form.text("languages") == "both"
    objectives = tuple(
        form.words(f"objective_{n}", kept)
        for n, kept in enumerate((*draft.objectives, *(BLANK for _ in range(20)))[:20])
        if f"objective_{n}_fr" in form.sent
    )
    renewed_by = form.text("renewed_by")
    return draft.model_copy(
        update={
            "title": form.words("title", draft.title),
            "purpose": form.words("purpose", draft.purpose),
            "audience": form.words("audience", draft.audience),
            "assistance": form.words("assistance", draft.assistance),
            "objectives": tuple(one for one in objectives if not one.is_blank),
            "languages": tuple(Language) if both else (Language.FR,),
            "valid_months": form.number("valid_months", draft.valid_months),
            "renewal_days": form.number("renewal_days", draft.renewal_days) or 60,
            "renewed_by": renewed_by if renewed_by in set(paths) else None,
        }
    )


def module_of(draft: Draft, module: DraftModule, form: Form, *, skills: Mapping[str, str]) -> DraftModule:
    """The module with what its settings say; `skills` are the keys of the taxonomy by their labels."""
    others = {one.slug for one in draft.modules if one.slug != module.slug}
    kept = tuple(one for one in form.several("teaches") if one in module.teaches)
    more = form.text("more_skill")
    if more and more.lower() not in skills:
        form.errors["more_skill"] = french(
            "Cette compétence n'est pas dans la liste. Choisissez un nom proposé."
        )
    added = (skills[more.lower()],) if more.lower() in skills else ()
    percent = form.number("pass_percent", module.pass_percent)
    return module.model_copy(
        update={
            "title": form.words("title", module.title),
            "purpose": form.words("purpose", module.purpose),
            "minutes": form.number("minutes", module.minutes),
            "due_days": form.number("due_days", module.due_days),
            "pass_percent": 75 if percent is None else percent,
            "attempts": form.number("attempts", module.attempts),
            "quiz_draw": form.number("quiz_draw", module.quiz_draw),
            "live_minutes": form.number("live_minutes", module.live_minutes),
            "prerequisites": tuple(one for one in form.several("prerequisites") if one in others),
            "exemption": form.words("exemption", module.exemption),
            "teaches": tuple(dict.fromkeys((*kept, *added))),
        }
    )


def page_of(page: DraftPage, form: Form) -> DraftPage:
    return page.model_copy(
        update={"title": form.words("title", page.title), "text": form.words("text", page.text)}
    )


def question_of(question: DraftQuestion, form: Form) -> DraftQuestion:
    """The question as typed; an answer whose every field was emptied goes, a new row that says something stays."""
    options: tuple[DraftOption, ...] = ()
    for row in range(MOST_OPTIONS):
        if f"option_{row}_fr" not in form.sent and f"option_{row}_en" not in form.sent:
            continue
        known = form.text(f"option_{row}_slug")
        kept = next((one for one in question.options if one.slug == known), None)
        slug = kept.slug if kept else name_for(
            "", {one.slug for one in (*question.options, *options)}, otherwise="option"
        )  # fmt: skip
        option = DraftOption(
            slug=slug,
            text=form.words(f"option_{row}", kept.text if kept else BLANK),
            why=form.words(f"why_{row}", kept.why if kept else BLANK),
            right=f"right_{row}" in form.sent,
        )
        if not (option.text.is_blank and option.why.is_blank):
            options = put(options, option)
    kind = QuestionKind.MULTIPLE if form.text("kind") == "multiple" else QuestionKind.SINGLE
    return question.model_copy(
        update={
            "text": form.words("text", question.text),
            "kind": kind,
            "points": form.number("points", question.points) or 1,
            "options": options,
        }
    )


def typed_of(part: Any, *names: str) -> dict[str, str]:
    """Fields of a part as a form shows them: `title_fr`, `title_en`, `minutes`."""
    told: dict[str, str] = {}
    for name in names:
        value = getattr(part, name)
        if isinstance(value, DraftWords):
            told |= {f"{name}_fr": value.fr, f"{name}_en": value.en}
        else:
            told[name] = "" if value is None else str(value)
    return told


def typed_question(question: DraftQuestion) -> list[dict[str, Any]]:
    """The rows of answers, and empty ones to write more."""
    rows = [
        {
            "slug": one.slug, "text_fr": one.text.fr, "text_en": one.text.en,
            "why_fr": one.why.fr, "why_en": one.why.en, "right": one.right,
        }
        for one in question.options
    ]  # fmt: skip
    blank = {"slug": "", "text_fr": "", "text_en": "", "why_fr": "", "why_en": "", "right": False}
    wanted = min(MOST_OPTIONS, max(FEWEST_ROWS, len(rows)) + 2)
    return rows + [dict(blank) for _ in range(wanted - len(rows))]
