"""The skill ledger in pages: every level with what it rests on, for staff and for the person; noting what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.ledger import Held, Line, Part
from assessments.matching.ledger_policy import HowShown, LedgerPolicy
from service.flows.matching import ledger
from service.flows.matching.ledger import LONGEST, Ledger, Seen
from service.flows.recruiting import blind
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Forbidden, RuleBroken
from service.runtime.veil import NO_VEIL, Veil
from service.runtime.vocabulary import ContestKind, Locale
from service.store.assessing.assessments import own_id
from service.store.matching.ledger import SkillEntryFacts
from service.store.people import candidates as people
from service.store.reach import id_of
from service.store.recruiting.contests import ContestFacts
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

MAY_BE_CONTESTED = (HowShown.TESTED, HowShown.OBSERVED)
ERRORS = {
    "/skill": french("Choisissez une compétence dans la liste."),
    "/level": french("Choisissez un niveau."),
    "/seen_on": french("Écrivez un jour passé, ou aujourd'hui."),
    "/words": french("Dites ce que vous avez vu, entre 20 et 500 caractères."),
}


@dataclass(frozen=True)
class ObservationForm:
    """The form as it was typed."""

    skill: str = ""
    level: str = ""
    seen_on: str = ""
    words: str = ""


@dataclass(frozen=True)
class EntryView:
    """One thing shown, on a page; `part` is what it does to the level of today."""

    id: UUID
    how: str
    level_words: str
    faded: str
    part: str
    known_on: date
    words: str
    by: str
    is_contested: bool
    may_contest: bool
    is_own: bool


@dataclass(frozen=True)
class SkillView:
    """One skill today, with the level in words and everything it rests on."""

    key: str
    label: str
    level: int
    level_words: str
    declared: int
    declared_words: str
    is_bounded: bool
    entries: tuple[EntryView, ...]


@dataclass(frozen=True)
class EndedView:
    """One note by itself: what it says, who wrote it, and why it counts no more where it does not."""

    label: str
    how: str
    known_on: date
    words: str
    why: str
    by: str


class LedgerPages(Controller):
    """One person's skills, for staff."""

    include_in_schema = False
    path = "/candidates/{candidate_id:str}/skills"

    @get(operation_id="web.ledger.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Every skill, and the form for who saw the person at work; the reading is noted."""
        form = ObservationForm(seen_on=civil_date(now).isoformat())
        return await _staff_page(request, session, actor, candidate_id, form, {}, editions=editions, now=now)

    @post(operation_id="web.ledger.observe", status_code=200)
    async def observe(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note what was seen; with errors the form comes back as it was typed."""
        sent = await request.form()
        form = ObservationForm(
            **{one.name: str(sent.get(one.name) or "").replace("\x00", "") for one in fields(ObservationForm)}
        )
        errors: dict[str, str] = {}
        try:
            seen = _seen(form)
            await ledger.observe(session, actor, candidate_id, seen, editions=editions, now=now)
        except RuleBroken as refused:
            errors = {fault.pointer.removeprefix("/"): ERRORS[fault.pointer] for fault in refused.faults}
        else:
            return redirect(f"/candidates/{id_of(candidate_id)}/skills", flash=french("C'est noté."))
        return await _staff_page(
            request, session, actor, candidate_id, form, errors, editions=editions, now=now, status=422
        )

    @post("/{entry_id:str}/end", operation_id="web.ledger.take_back", status_code=200)
    async def take_back(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        entry_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take back a note of one's own."""
        form = await request.form()
        here = f"/candidates/{id_of(candidate_id)}/skills"
        why = str(form.get("why") or "").replace("\x00", "")
        try:
            await ledger.take_back(
                session, actor, candidate_id, entry_id, why=why, editions=editions, now=now
            )
        except RuleBroken:
            return redirect(here, flash=french("Dites en quelques mots pourquoi."), tone="warn")
        except Conflict:
            return redirect(here, flash=french("Cette note était déjà retirée."), tone="info")
        except Forbidden:
            return redirect(
                here, flash=french("Seule la personne qui a écrit cette note la retire."), tone="warn"
            )
        return redirect(here, flash=french("La note est retirée. Elle reste lisible."))


class OwnLedgerPages(Controller):
    """One's own skills."""

    include_in_schema = False
    path = "/me/skills"

    @get(operation_id="web.own_ledger.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One's own skills and how each is known, with the way to contest."""
        found = await ledger.read_ledger(session, actor, own_id(actor), editions=editions, now=now)
        locale = locale_of(request)
        skills = skill_views(found, locale)
        return render(
            request, "candidate/skills.html", title="Vos compétences",
            shown=tuple(one for one in skills if one.entries),
            said=tuple(one for one in skills if not one.entries and one.level),
            ended=ended_views(found, locale), rules=_rules(found.policy, locale),
        )  # fmt: skip


def _seen(form: ObservationForm) -> Seen:
    """What was typed; a day or a level that is none is left to the flow, which refuses it in words."""
    try:
        seen_on = date.fromisoformat(form.seen_on)
    except ValueError:
        seen_on = date.max
    is_level = form.level.isascii() and form.level.isdecimal() and len(form.level) == 1
    return Seen(form.skill, int(form.level) if is_level else -1, seen_on, form.words)


async def _staff_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    candidate_id: str,
    form: ObservationForm,
    errors: Mapping[str, str],
    *,
    editions: Editions,
    now: datetime,
    status: int = 200,
) -> Template:
    found = await ledger.read_ledger(session, actor, candidate_id, editions=editions, now=now)
    locale = locale_of(request)
    translate = Translator(locale)
    veil = blind.veil_of(actor, found.person)
    skills = skill_views(found, locale, actor=actor, veil=veil)
    return render(
        request, "recruiter/skills.html", title="Compétences", status=status, veil=veil,
        person=blind.person_of(actor, found.person), form=form,
        errors={name: translate(words) for name, words in errors.items()},
        shown=tuple(one for one in skills if one.entries),
        said=tuple(one for one in skills if not one.entries and one.level),
        ended=ended_views(found, locale, veil=veil), rules=_rules(found.policy, locale),
        may_observe=matrix()["web.ledger.observe"].allows(actor),
        choices=sorted(
            ((key, skill.label.in_(locale.value)) for key, skill in found.editions.resolver.skills.items()),
            key=lambda pair: pair[1].casefold(),
        ),
        levels=[
            (str(n), f"{n} · {words.in_(locale.value)}") for n, words in enumerate(found.policy.levels)
        ],
        least=found.policy.observation_least_characters, most=LONGEST,
    )  # fmt: skip


def skill_views(
    found: Ledger, locale: Locale, *, actor: Actor | None = None, veil: Veil = NO_VEIL
) -> tuple[SkillView, ...]:
    """Every skill of a ledger as a page shows it; `actor` is the reader, to tell their own notes."""
    return tuple(
        SkillView(
            key=one.skill,
            label=_label(one.skill, found.editions, locale),
            level=one.level,
            level_words=_level(found.policy, one.level, locale),
            declared=one.declared,
            declared_words=_level(found.policy, one.declared, locale),
            is_bounded=one.most is not None and one.declared > one.level,
            entries=tuple(_entry_view(line, one, found, locale, actor, veil) for line in one.lines),
        )
        for one in found.held
    )


def _entry_view(
    line: Line, held: Held, found: Ledger, locale: Locale, actor: Actor | None, veil: Veil
) -> EntryView:
    facts = found.entries[line.entry.id]
    translate = Translator(locale)
    faded = line.level < facts.level and line.part is not Part.BOUNDS and held.most != line.level
    return EntryView(
        id=facts.id,
        how=found.policy.wear(facts.evidence).label.in_(locale.value),
        level_words=_level(found.policy, facts.level, locale),
        faded=_level(found.policy, line.level, locale) if faded else "",
        part=translate(PARTS[line.part]),
        known_on=facts.known_on,
        words=veil.over(facts.words),
        by=facts.staff_name,
        is_contested=facts.is_contested,
        may_contest=facts.evidence in MAY_BE_CONTESTED and facts.contest_id is None,
        is_own=actor is not None and facts.staff_id is not None and facts.staff_id == actor.staff_id,
    )


PARTS = {
    Part.CARRIES: french("donne le niveau"),
    Part.BOUNDS: french("limite le niveau"),
    Part.AGREES: "",
}


def ended_views(found: Ledger, locale: Locale, *, veil: Veil = NO_VEIL) -> tuple[EndedView, ...]:
    """What counts no more, and why."""
    return tuple(_ended_view(one, found, locale, veil) for one in found.ended)


def _ended_view(one: SkillEntryFacts, found: Ledger, locale: Locale, veil: Veil) -> EndedView:
    how = found.policy.wear(one.evidence).label.in_(locale.value)
    return EndedView(
        _label(one.skill, found.editions, locale), how, one.known_on, veil.over(one.words),
        veil.over(one.ended_why), one.staff_name,
    )  # fmt: skip


async def note_about(
    session: AsyncSession,
    actor: Actor,
    contest: ContestFacts,
    *,
    editions: Editions,
    locale: Locale,
    now: datetime,
) -> EndedView | None:
    """The note of a skill that somebody contests, for whoever looks again; None for anything else."""
    if contest.kind is not ContestKind.SKILL:
        return None
    person = await people.facts_of(session, actor, contest.candidate_id)
    found = await ledger.ledger_of(session, person, editions=editions, now=now)
    every = (*found.entries.values(), *found.ended)
    one = next(one for one in every if one.id == contest.subject_id)
    view = _ended_view(one, found, locale, blind.veil_of(actor, person))
    return replace(view, label=f"{view.label}, {_level(found.policy, one.level, locale)}")


def _label(key: str, editions: Editions, locale: Locale) -> str:
    skill = editions.resolver.skills.get(key)
    return skill.label.in_(locale.value) if skill else key


def _level(policy: LedgerPolicy, level: int, locale: Locale) -> str:
    return f"{level} · {policy.levels[level].in_(locale.value)}"


def _rules(policy: LedgerPolicy, locale: Locale) -> list[tuple[str, str]]:
    """How each way of knowing ages, strongest first."""
    return [
        (wear.label.in_(locale.value), wear.why.in_(locale.value))
        for wear in reversed(policy.kinds)
    ]  # fmt: skip
