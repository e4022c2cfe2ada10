"""Skills of every list: found, read with their links, and changed by people, one revision at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.skills.concepts import OWN, Concept
from assessments.skills.revisions import Refusal, Refused, Revision, SkillChange, named, refusal, revised
from assessments.skills.skills import Skill, Taxonomy
from service.flows.matching import lexicons
from service.flows.matching.skill_lists import searched
from service.flows.people.candidates import CheckVersion
from service.runtime.actors import Actor
from service.runtime.editions import Editions, load_editions
from service.runtime.errors import Fault, Forbidden, NotFound, RuleBroken, told
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.recruiting import skills as store
from service.store.recruiting.skills import Kept, RevisionFacts
from service.tables.skills import SkillRevision


class SkillName(BaseModel):
    """One skill by its list, its notation there, and its label in both languages."""

    model_config = ConfigDict(frozen=True)

    uri: str
    scheme: str
    notation: str
    label_fr: str
    label_en: str
    family: str = ""


class SkillFacts(SkillName):
    """One skill with its names and its links; `version` is the number of its last revision here, 0 when none.

    `shows` and `hints` are words that show an own skill a little, or its basis; `former` are labels of before.
    """

    aliases_fr: tuple[str, ...]
    aliases_en: tuple[str, ...]
    shows: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    broader: tuple[SkillName, ...] = ()
    narrower: tuple[SkillName, ...] = ()
    same_as: SkillName | None = None
    same_as_uri: str = ""
    rome: str = ""
    stood_for_by: tuple[SkillName, ...] = ()
    history: tuple[RevisionFacts, ...] = ()
    given: tuple[str, ...] = ()
    removed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class SkillPage:
    """Skills of one list by label, and the position after the last one when there are more."""

    lines: tuple[SkillName, ...]
    after: tuple[str, str] | None


REFUSALS = {
    Refusal.EMPTY: told(
        "Nothing is left of this name to be read: write at least one word that says something."
    ),
    Refusal.TOO_LONG: told("A name has at most 120 characters."),
    Refusal.KNOWN: told("This skill has that name already."),
    Refusal.TAKEN: told("Another skill has that name: %(skills)s. Two skills never share one."),
    Refusal.NOT_THERE: told("This skill has nothing of that name to take away, or there is no such skill."),
    Refusal.CYCLE: told("The link would make a skill a kind of itself: %(skills)s."),
}


async def page_of(
    session: AsyncSession,
    editions: Editions,
    *,
    scheme: str,
    q: str,
    family: str,
    limit: int,
    after: Sequence[Any] | None = None,
) -> SkillPage:
    """Skills of one list whose names hold every word of `q`, by label; ours may be narrowed to one family."""
    if scheme != OWN:
        page = await store.page_of(session, scheme, q=q, limit=limit, after=after)
        return SkillPage(tuple(name_of(one.concept) for one in page.lines), page.after)
    words, start = named(q).split(), tuple(after) if after else ("", "")
    fitting = sorted(
        (
            (skill.label.fr, skill.key)
            for skill in editions.taxonomies[-1].skills
            if _holds(skill, words, family)
        ),
    )
    found = [pair for pair in fitting if pair > start]
    skills = {skill.key: skill for skill in editions.taxonomies[-1].skills}
    lines = tuple(own_name(skills[key]) for _, key in found[:limit])
    return SkillPage(lines, found[limit - 1] if len(found) > limit else None)


def _holds(skill: Skill, words: Iterable[str], family: str) -> bool:
    if family and skill.family != family:
        return False
    names = " ".join(named(name) for name in (*skill.names, skill.key))
    return all(word in names for word in words)


def own_name(skill: Skill) -> SkillName:
    return SkillName(
        uri=f"{OWN}:{skill.key}", scheme=OWN, notation=skill.key, label_fr=skill.label.fr,
        label_en=skill.label.en, family=skill.family,
    )  # fmt: skip


def name_of(concept: Concept) -> SkillName:
    return SkillName(
        uri=concept.uri, scheme=concept.scheme, notation=concept.notation, label_fr=concept.label.fr,
        label_en=concept.label.en, family=concept.kind,
    )  # fmt: skip


async def read(session: AsyncSession, editions: Editions, *, scheme: str, notation: str) -> SkillFacts:
    """One skill with its names, its links in every list, and what people changed; NotFound when no list has it."""
    if scheme == OWN:
        return await _own(session, editions, notation)
    return await _brought_in(session, editions, await store.kept_by_notation(session, scheme, notation))


async def _own(session: AsyncSession, editions: Editions, key: str) -> SkillFacts:
    skills = {skill.key: skill for skill in editions.taxonomies[-1].skills}
    skill = skills.get(key)
    if skill is None:
        raise NotFound
    uri = f"{OWN}:{key}"
    official = await store.kept_of(session, [skill.esco]) if skill.esco else {}
    history = await store.history_of(session, uri)
    return SkillFacts(
        **own_name(skill).model_dump(), aliases_fr=skill.aliases, aliases_en=(),
        shows=(*skill.weak, *skill.means), hints=skill.hints,
        broader=(own_name(skills[skill.broader]),) if skill.broader else (),
        narrower=tuple(own_name(one) for one in skills.values() if one.broader == key),
        same_as=name_of(official[skill.esco].concept) if skill.esco and skill.esco in official else None,
        same_as_uri=skill.esco or "", rome=skill.rome or "",
        stood_for_by=tuple(name_of(one) for one in await store.standing_for(session, uri)),
        history=history, given=_given(history), version=history[0].number if history else 0,
    )  # fmt: skip


async def _brought_in(session: AsyncSession, editions: Editions, kept: Kept) -> SkillFacts:
    concept = kept.concept
    wider = await store.kept_of(session, concept.broader)
    history = await store.history_of(session, concept.uri)
    return SkillFacts(
        **name_of(concept).model_dump(), aliases_fr=concept.aliases_fr, aliases_en=concept.aliases_en,
        former=kept.former, broader=tuple(name_of(one.concept) for one in wider.values()),
        narrower=tuple(name_of(one) for one in await store.narrower_of(session, concept.uri)),
        same_as=_own_of(editions, concept), same_as_uri=concept.same_as or "",
        stood_for_by=tuple(own_name(one) for one in editions.taxonomies[-1].skills if one.esco == concept.uri),
        history=history, given=_given(history), removed_at=kept.removed_at,
        version=history[0].number if history else 0,
    )  # fmt: skip


def _own_of(editions: Editions, concept: Concept) -> SkillName | None:
    key = (concept.same_as or "").removeprefix(f"{OWN}:")
    return next((own_name(one) for one in editions.taxonomies[-1].skills if one.key == key), None)


def _given(history: Sequence[RevisionFacts]) -> tuple[str, ...]:
    """Aliases that people gave and nobody took away."""
    given: dict[str, str] = {}
    for one in reversed(history):
        if one.kind is SkillChange.ALIAS_ADDED:
            given[named(one.name)] = one.name
        elif one.kind is SkillChange.ALIAS_REMOVED:
            given.pop(named(one.name), None)
    return tuple(given.values())


async def change(
    session: AsyncSession,
    actor: Actor,
    *,
    scheme: str,
    notation: str,
    kind: SkillChange,
    name: str,
    locale: Locale,
    check_version: CheckVersion,
    now: datetime,
) -> SkillFacts:
    """Change one skill of any list: an edition more. RuleBroken says why not: a shared name, or a ring of kinds.

    `name` is an alias, or for a broader link the uri of the wider skill ("" for none).
    """
    if not actor.is_person:
        raise Forbidden("Only a member of staff who signed in can change a skill.")
    editions = await lexicons.revised(session, load_editions())
    facts = await read(session, editions, scheme=scheme, notation=notation)
    check_version(facts.version)
    await revise(
        session, actor, editions, uri=facts.uri, scheme=scheme, kind=kind, name=name, locale=locale, now=now
    )
    after = await lexicons.revised(session, load_editions())
    return await read(session, after, scheme=scheme, notation=notation)


async def revise(
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    *,
    uri: str,
    scheme: str,
    kind: SkillChange,
    name: str,
    locale: Locale,
    now: datetime,
    phrase_id: UUID | None = None,
) -> int:
    """Write one revision and return its number; RuleBroken when it is refused."""
    name = " ".join(name.split())
    number = (await session.scalar(select(sa.func.max(col(SkillRevision.number)))) or 0) + 1
    wanted = Revision(number=number, uri=uri, kind=kind, name=name, locale=locale.value)
    met = await _met(session, editions, wanted, scheme)
    why = refusal(wanted, met.values(), editions.resolver.vocabulary)
    if why is not None:
        raise refused(why, met)
    session.add(
        SkillRevision(
            number=number, uri=uri, kind=kind, locale=locale, name=name, staff_id=actor.staff_id, made_at=now,
            phrase_id=phrase_id,
        )
    )  # fmt: skip
    await _search_by(session, wanted)
    audit.record(
        session, actor, action="skill.revise", subject=("skill", uri[:40]), now=now,
        detail={"uri": uri, "number": number, "kind": kind.value},
    )  # fmt: skip
    lexicons.ring_after_commit(session)
    await session.flush()
    return number


def refused(why: Refused, met: Mapping[str, Concept]) -> RuleBroken:
    """The refusal in words, with the labels of the other skills concerned."""
    labels = ", ".join(f"« {met[uri].label.fr} »" if uri in met else uri for uri in why.uris)
    return RuleBroken(
        REFUSALS[why.why], code=f"skill-{why.why.value.replace('_', '-')}", skills=labels,
        faults=[Fault("/name", why.why.value, REFUSALS[why.why], {"skills": labels})],
    )  # fmt: skip


async def _met(
    session: AsyncSession, editions: Editions, wanted: Revision, scheme: str
) -> dict[str, Concept]:
    """The skills that a change may meet: all of ours, and of a list brought in the one changed and its namesakes."""
    met = {one.uri: one for one in own_concepts(editions.taxonomies[-1])}
    if scheme != OWN:
        if wanted.kind is SkillChange.BROADER_SET:
            rows = await store.kept_rows(session, scheme)
            every = (Concept.model_validate(row.concept) for row in rows.values() if row.removed_at is None)
            met = {one.uri: one for one in revised(every, await store.revisions_of(session))}
        else:
            met |= {one.uri: one for one in await store.namesakes(session, wanted.name, scheme=scheme)}
        met |= {uri: one.concept for uri, one in (await store.kept_of(session, [wanted.uri])).items()}
    return met


def own_concepts(taxonomy: Taxonomy) -> tuple[Concept, ...]:
    """Our own list as concepts."""
    from assessments.skills import lexicon

    return lexicon.own_concepts(taxonomy)


async def _search_by(session: AsyncSession, wanted: Revision) -> None:
    """Keep what a search reads of a skill brought in as true as what it shows."""
    row = await store.concept_row(session, wanted.uri)
    if row is not None:
        kept = (await store.kept_of(session, [wanted.uri]))[wanted.uri]
        row.folded = searched(revised([kept.concept], [wanted])[0])
