"""What trainers' pages show of a path: its parts, its editions, and how much each still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onboarding.content import count_words
from onboarding.paths.blocks import every_text
from onboarding.paths.drafts import DraftModule
from onboarding.paths.markdown import read
from onboarding.paths.paths import Path
from service.flows.paths.authoring import Written
from service.runtime.vocabulary import Locale
from service.store.paths.authoring import EditionFacts
from service.web.figures import Figures
from service.web.paths.authoring_faults import FaultView
from service.web.paths.authoring_names import BASE, named
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french


@dataclass(frozen=True)
class PartView:
    """A page or a question in a list, with its length."""

    slug: str
    name: str
    href: str
    note: str
    faults: int


@dataclass(frozen=True)
class DraftModuleView:
    """A module in the list of a draft."""

    slug: str
    name: str
    href: str
    minutes: int | None
    due_days: int | None
    parts: tuple[str, ...]
    waits_for: tuple[str, ...]
    faults: int


def module_views(
    written: Written, faults: tuple[FaultView, ...], locale: Locale
) -> tuple[DraftModuleView, ...]:
    say, base = Translator(locale), f"{BASE}/{written.facts.path}/draft/modules"
    names = {one.slug: named(one, one.title) for one in written.draft.modules}
    return tuple(
        DraftModuleView(
            slug=one.slug,
            name=names[one.slug],
            href=f"{base}/{one.slug}",
            minutes=one.minutes,
            due_days=one.due_days,
            parts=_parts(one, say),
            waits_for=tuple(names[slug] for slug in one.prerequisites if slug in names),
            faults=_count(faults, f"{base}/{one.slug}"),
        )
        for one in written.draft.modules
    )


def _parts(module: DraftModule, say: Translator) -> tuple[str, ...]:
    parts = []
    if module.pages:
        parts.append(
            say(french("%(n)s pages"), n=len(module.pages))
            if len(module.pages) > 1
            else say(french("1 page"))
        )
    if module.quiz:
        one = len(module.quiz) == 1
        parts.append(say(french("1 question")) if one else say(french("%(n)s questions"), n=len(module.quiz)))
    if module.package:
        parts.append(say(french("paquet SCORM")))
    if module.live_minutes is not None:
        parts.append(say(french("séance")))
    if module.files:
        parts.append(
            say(french("%(n)s fichiers"), n=len(module.files))
            if len(module.files) > 1
            else say(french("1 fichier"))
        )
    return tuple(parts)


def _count(faults: tuple[FaultView, ...], href: str) -> int:
    return sum(one.is_in(href) for one in faults)


def part_views(
    written: Written, module: DraftModule, faults: tuple[FaultView, ...], locale: Locale
) -> tuple[tuple[PartView, ...], tuple[PartView, ...]]:
    """The pages and the questions of a module."""
    say, base = Translator(locale), f"{BASE}/{written.facts.path}/draft/modules/{module.slug}"
    pages = tuple(
        PartView(
            one.slug, named(one, one.title), f"{base}/pages/{one.slug}",
            say(french("%(n)s mots"), n=words_in(one.text.fr)), _count(faults, f"{base}/pages/{one.slug}"),
        )
        for one in module.pages
    )  # fmt: skip
    questions = tuple(
        PartView(
            one.slug, one.text.fr or one.text.en or say(french("Question %(n)s"), n=number),
            f"{base}/questions/{one.slug}", say(french("%(n)s réponses"), n=len(one.options)),
            _count(faults, f"{base}/questions/{one.slug}"),
        )
        for number, one in enumerate(module.quiz, start=1)
    )  # fmt: skip
    return pages, questions


def words_in(text: str) -> int:
    return count_words(every_text(read(text)))


@dataclass(frozen=True)
class PathLine:
    """One path in the list: its edition in force, and the draft that lies open."""

    href: str
    title: str
    edition: str
    languages: str
    minutes: int
    modules: int
    draft_href: str


def path_lines(
    given: Mapping[str, Path], newest: Mapping[str, Path], drafts: Mapping[str, str], locale: Locale
) -> tuple[PathLine, ...]:
    """Every path there is, given today or not, and those that only a draft tells of; `drafts`: title by path."""
    lines, say = [], Reader(locale)
    for slug in sorted({*newest, *drafts}):
        path = given.get(slug) or newest.get(slug)
        title = say(path.title) if path else drafts[slug]
        lines.append(
            PathLine(
                href=f"{BASE}/{slug}" if path else f"{BASE}/{slug}/draft",
                title=title or slug,
                edition=given[slug].edition if slug in given else "",
                languages=", ".join(one.value.upper() for one in path.languages) if path else "",
                minutes=path.minutes if path else 0,
                modules=len(path.modules) if path else 0,
                draft_href=f"{BASE}/{slug}/draft" if slug in drafts else "",
            )
        )
    return tuple(lines)


@dataclass(frozen=True)
class EditionView:
    """One edition in the table of a path."""

    name: str
    href: str
    valid_from: str
    by: str
    note: str
    learners: int
    under_way: int
    state: str
    reason: str
    may_withdraw: bool


def edition_views(
    path_slug: str,
    found: Mapping[str, EditionFacts],
    valid: Mapping[str, date],
    current: str,
    locale: Locale,
    *,
    today: date,
) -> tuple[EditionView, ...]:
    figures, views = Figures(locale), []
    for name in sorted(found, reverse=True):
        one = found[name]
        is_ahead = name in valid and valid[name] > today
        state = "ahead" if is_ahead else "given" if name == current else "kept"
        state = "withdrawn" if one.withdrawn_at else state
        views.append(
            EditionView(
                name=name, href=f"{BASE}/{path_slug}/editions/{name}",
                valid_from=figures.short_day(valid[name]) if name in valid else "",
                by=one.published_by, note=one.note, learners=one.learners, under_way=one.under_way,
                state=state, reason=one.reason, may_withdraw=one.withdrawn_at is None and name in valid,
            )
        )  # fmt: skip
    return tuple(views)
