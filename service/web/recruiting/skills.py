"""Skills in pages: find one, see its names and links in every list, and change them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.skills.concepts import ESCO, OWN, ROME
from assessments.skills.revisions import SkillChange
from service.flows.matching import lexicons
from service.flows.recruiting import skills
from service.flows.recruiting.skills import SkillName
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions, load_editions
from service.runtime.errors import RuleBroken, StaleVersion
from service.runtime.lexicon_shelf import LexiconShelf
from service.runtime.vocabulary import Locale
from service.store.recruiting import skills as store
from service.web.pages import redirect, render
from service.web.sent import shown_version, texts_of
from service.web.translations import Translator, french, locale_of

PAGE = 40
STALE = french("Quelqu'un a changé cette compétence entre-temps. Voici où elle en est.")
LIST_NAMES = {OWN: french("Notre liste"), ESCO: "ESCO", ROME: "ROME"}
CHANGES = {
    SkillChange.ALIAS_ADDED: french("nom ajouté"),
    SkillChange.ALIAS_REMOVED: french("nom retiré"),
    SkillChange.BROADER_SET: french("lien changé"),
}


@dataclass(frozen=True)
class SkillView:
    """One skill in the reader's language, with its label in the other one when it differs."""

    href: str
    label: str
    other: str
    family: str
    scheme: str
    notation: str


def view_of(one: SkillName, editions: Editions, locale: Locale) -> SkillView:
    label, other = (one.label_fr, one.label_en) if locale is Locale.FR else (one.label_en, one.label_fr)
    return SkillView(
        href=f"/skills/{one.scheme}/{one.notation}", label=label, other=other if other != label else "",
        family=family_of(one.family, editions, locale), scheme=list_name(one.scheme, locale),
        notation=one.notation,
    )  # fmt: skip


def list_name(scheme: str, locale: Locale) -> str:
    return Translator(locale)(LIST_NAMES[scheme]) if scheme in LIST_NAMES else scheme


def family_of(family: str, editions: Editions, locale: Locale) -> str:
    """A family of ours by its name; what another list says, as it says it."""
    words = editions.taxonomies[-1].families.get(family)
    return words.in_(locale.value) if words else family


def own_choices(editions: Editions, locale: Locale) -> list[tuple[str, str]]:
    """Every own skill by its label, for a list to choose from."""
    found = ((f"{OWN}:{one.key}", one.label.in_(locale.value)) for one in editions.taxonomies[-1].skills)
    return sorted(found, key=lambda pair: pair[1].casefold())


async def find(request: Request[Any, Any, Any], phrase: str) -> Any:
    """What a phrase means over every list; the index is made in a thread when it is first asked for."""
    database: Database = request.app.state.database
    async with database.transaction(write=False) as session:
        shelf = LexiconShelf(request.app.state.settings.data_dir)
        make = await lexicons.finder(session, load_editions(), shelf)
    finder = await asyncio.to_thread(make)
    return finder.find(phrase)


def meanings(found: Any, locale: Locale) -> list[tuple[str, str, str]]:
    """What a phrase may mean, the surest first: uri, label, list."""
    seen = [found.named, *found.alternatives] if found.named else list(found.alternatives)
    for part in found.parts:
        seen += [part.named] if part.named else []
    once = {one.skill: one for one in reversed(seen)}
    ordered = [once[uri] for uri in dict.fromkeys(one.skill for one in seen)]
    return [(one.skill, one.label.in_(locale.value), list_name(one.scheme, locale)) for one in ordered]


class SkillPages(Controller):
    """Skills of our own list and of every list brought in."""

    path = "/skills"
    include_in_schema = False

    @get(operation_id="web.skills.list")
    async def list_skills(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        q: Annotated[str, QueryParameter(max_length=300)] = "",
        scheme: Annotated[str, QueryParameter(max_length=32)] = OWN,
        family: Annotated[str, QueryParameter(max_length=80)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """What a phrase means, and the skills of one list whose names hold its words."""
        locale, secret = locale_of(request), request.app.state.secret
        listing = f"skills of {scheme}"
        after = read_cursor(secret, cursor, of=listing) if cursor else None
        page = await skills.page_of(
            session, editions, scheme=scheme, q=q, family=family, limit=PAGE, after=after
        )
        counts = await store.counts_by_scheme(session)
        kept = urlencode({"q": q, "scheme": scheme, "family": family})
        following = write_cursor(secret, page.after, of=listing) if page.after else ""
        found = await find(request, q) if q.strip() and not cursor else None
        return render(
            request, "recruiter/skills/list.html", title=french("Compétences"), q=q, scheme=scheme,
            family=family, skills=tuple(view_of(one, editions, locale) for one in page.lines),
            schemes=[(one, f"{list_name(one, locale)} ({count})") for one, count in _counts(editions, counts)],
            families=sorted(
                ((key, words.in_(locale.value)) for key, words in editions.taxonomies[-1].families.items()),
                key=lambda pair: pair[1],
            ),
            meanings=_linked(meanings(found, locale)) if found else (), found=found,
            is_own=scheme == OWN, first_href=f"?{kept}" if cursor else "",
            next_href=f"?{kept}&cursor={following}" if following else "", **_may(actor),
        )  # fmt: skip

    @get("/{scheme:str}/{notation:str}", operation_id="web.skills.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Template:
        """One skill with its names, its links and what people changed."""
        return await _page(request, session, actor, editions, scheme, notation)

    @post("/{scheme:str}/{notation:str}/aliases", operation_id="web.skills.add_alias", status_code=200)
    async def add_alias(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Give another name; refused with the reason, everything typed kept."""
        return await _change(
            request, session, actor, editions, scheme, notation, SkillChange.ALIAS_ADDED, now,
            flash=french("Le nom est ajouté : il compte dès maintenant."),
        )  # fmt: skip

    @post(
        "/{scheme:str}/{notation:str}/aliases/removal",
        operation_id="web.skills.remove_alias",
        status_code=200,
    )
    async def remove_alias(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Take a name away; it can be given again."""
        return await _change(
            request, session, actor, editions, scheme, notation, SkillChange.ALIAS_REMOVED, now,
            flash=french("Le nom est retiré."),
        )  # fmt: skip

    @post("/{scheme:str}/{notation:str}/broader", operation_id="web.skills.set_broader", status_code=200)
    async def set_broader(
        self,
        request: Request[Any, Any, Any],
        scheme: FromPath[str],
        notation: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say which skill this one is a kind of."""
        return await _change(
            request, session, actor, editions, scheme, notation, SkillChange.BROADER_SET, now,
            flash=french("Le lien est enregistré."),
        )  # fmt: skip


def _counts(editions: Editions, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(OWN, len(editions.taxonomies[-1].skills)), *counts.items()]


def _linked(found: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Each meaning with the address of its page."""
    return [(_href(uri), label, name) for uri, label, name in found]


def _href(uri: str) -> str:
    if uri.startswith("http"):
        return f"/skills/{ESCO}/{uri.rpartition('/')[2]}"
    scheme, _, notation = uri.partition(":")
    return f"/skills/{scheme}/{notation}"


def _may(actor: Actor) -> dict[str, Any]:
    rights = matrix()
    return {
        "may_edit": rights["web.skills.add_alias"].allows(actor),
        "may_answer": rights["web.skill_phrases.list"].allows(actor),
        "may_import": rights["web.skill_lists.list"].allows(actor),
    }


async def _change(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    scheme: str,
    notation: str,
    kind: SkillChange,
    now: datetime,
    *,
    flash: str,
) -> Template | Redirect:
    form = await request.form()
    typed = texts_of(form, ("name", "locale", "broader"))
    name = typed["broader"] if kind is SkillChange.BROADER_SET else typed["name"]
    here = f"/skills/{scheme}/{notation}"
    try:
        await skills.change(
            session, actor, scheme=scheme, notation=notation, kind=kind, name=name[:300],
            locale=Locale.EN if typed["locale"] == "en" else Locale.FR, check_version=shown_version(form),
            now=now,
        )  # fmt: skip
    except StaleVersion:
        return redirect(here, flash=STALE, tone="warn")
    except RuleBroken as refusal:
        field = "broader" if kind is SkillChange.BROADER_SET else "name"
        errors = {field: refusal.said(Translator(locale_of(request)))}
        return await _page(
            request, session, actor, editions, scheme, notation, typed=typed, errors=errors, status=422
        )
    return redirect(here, flash=flash)


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    scheme: str,
    notation: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    facts = await skills.read(session, editions, scheme=scheme, notation=notation)

    def viewed(names: Sequence[SkillName]) -> tuple[SkillView, ...]:
        return tuple(view_of(one, editions, locale) for one in names)

    return render(
        request, "recruiter/skills/show.html", title=viewed((facts,))[0].label, status=status, facts=facts,
        skill=view_of(facts, editions, locale), broader=viewed(facts.broader), narrower=viewed(facts.narrower),
        same_as=view_of(facts.same_as, editions, locale) if facts.same_as else None,
        stood_for_by=viewed(facts.stood_for_by),
        history=tuple((one, translate(CHANGES[one.kind])) for one in facts.history),
        is_own=scheme == OWN, choices=own_choices(editions, locale) if scheme == OWN else (),
        typed={"name": "", "locale": "fr", "broader": facts.broader[0].uri if facts.broader else "", **(typed or {})},
        errors=errors or {}, **_may(actor),
    )  # fmt: skip
