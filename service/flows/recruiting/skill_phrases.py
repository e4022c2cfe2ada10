"""Phrases that no list understands: gathered from files and programmes, and answered by a person, once for all."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.skills.revisions import LONGEST_ALIAS, SkillChange, named
from service.flows.matching import lexicons
from service.flows.matching.matching import weigh_candidates, weigh_programmes
from service.flows.people.candidates import CheckVersion, note_skills
from service.flows.recruiting import skills
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions, load_editions
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken
from service.runtime.lexicon_shelf import LexiconShelf
from service.runtime.vocabulary import PhraseState
from service.store import audit
from service.store.recruiting import skill_phrases as store
from service.store.recruiting import skills as kept_skills
from service.store.recruiting.skill_phrases import Holder, PhraseFacts
from service.tables.people import Candidate
from service.tables.skills import SkillPhrase, SkillPhraseUse, SkillReading

Understood = Callable[[str], bool]
"""Whether any list understands a phrase."""

MOST_HOLDERS = 500
"""Files and programmes weighed again at once when a phrase is answered; the others are when they are next weighed."""
_PRIVATE = re.compile(r"@|https?:|www\.|(?:\d[\s.\-/]?){5,}")


def may_queue(phrase: str) -> bool:
    """Whether a phrase may be shown to others: not one that holds an address or a number that could be somebody's.

    >>> may_queue("gestion des zébulons"), may_queue("me joindre au 06 12 34 56 78"), may_queue("lea@example.com")
    (True, False, False)
    """
    return 2 <= len(named(phrase)) <= LONGEST_ALIAS and not _PRIVATE.search(phrase)


async def gather(
    database: Database, shipped: Editions, *, now: datetime, limit: int, shelf: LexiconShelf | None = None
) -> int:
    """Read files and programmes that changed and queue what no list understands; how many phrases are new.

    Three short transactions; understanding, which takes its time, is done in a thread between them.
    """
    async with database.transaction(write=False) as session:
        holders = await store.waiting(session, limit=limit)
        waiting = [row.phrase for row in await store.open_rows(session, limit=limit)]
        is_littered = await store.has_orphans(session)
        make = await lexicons.finder(session, shipped, shelf) if holders or waiting else None
    found: Mapping[Holder, tuple[str, ...]] = {}
    settled: Sequence[str] = ()
    if make is not None:
        finder = await asyncio.to_thread(make)

        def understood(phrase: str) -> bool:
            return finder.find(phrase).named is not None

        found = await asyncio.to_thread(not_understood, holders, understood)
        settled = [phrase for phrase in waiting if understood(phrase)]
    if not (found or settled or is_littered):
        return 0
    async with database.transaction() as session:
        return await note(session, found, settled=settled, now=now)


def not_understood(holders: Iterable[Holder], understood: Understood) -> Mapping[Holder, tuple[str, ...]]:
    """What no list understands of each file and programme; slow for many, so call it outside of a transaction."""
    return {
        holder: tuple(
            {
                named(phrase): phrase
                for phrase in holder.phrases
                if may_queue(phrase) and not understood(phrase)
            }.values()
        )
        for holder in holders
    }


async def note(
    session: AsyncSession,
    found: Mapping[Holder, tuple[str, ...]],
    *,
    settled: Sequence[str] = (),
    now: datetime,
) -> int:
    """Queue what was not understood, and note which version of each file was read; how many phrases are new.

    `settled` are phrases that a list brought in or a new alias understands by now: they leave the queue.
    """
    await store.forget(session, [named(phrase) for phrase in settled])
    texts = {named(phrase): (phrase, holder) for holder, phrases in found.items() for phrase in phrases}
    rows = dict(await store.rows_by_folded(session, tuple(texts)))
    new = [
        SkillPhrase(folded=folded, phrase=phrase[:300], locale=holder.locale, first_seen_at=now)
        for folded, (phrase, holder) in texts.items()
        if folded not in rows
    ]
    session.add_all(new)
    await session.flush()
    rows |= {row.folded: row for row in new}
    for holder, phrases in found.items():
        await _hold(session, holder, [rows[named(phrase)].id for phrase in phrases])
    await store.forget_orphans(session)
    return len(new)


async def _hold(session: AsyncSession, holder: Holder, phrase_ids: Iterable[UUID]) -> None:
    for table in (SkillPhraseUse, SkillReading):
        own = col(table.candidate_id) == holder.candidate_id
        if holder.candidate_id is None:
            own = col(table.programme_id) == holder.programme_id
        await session.execute(delete(table).where(own))
    session.add(
        SkillReading(
            candidate_id=holder.candidate_id, programme_id=holder.programme_id, read_version=holder.version
        )
    )  # fmt: skip
    session.add_all(
        SkillPhraseUse(
            phrase_id=phrase_id, candidate_id=holder.candidate_id, programme_id=holder.programme_id
        )
        for phrase_id in phrase_ids
    )
    await session.flush()


async def answer(
    session: AsyncSession,
    actor: Actor,
    phrase_id: str | UUID,
    *,
    uri: str,
    alias: str,
    check_version: CheckVersion,
    now: datetime,
) -> PhraseFacts:
    """Say which skill a phrase means: it becomes an alias of that skill, and its holders are weighed again.

    `uri` "" sets it aside: no skill worth noting. `alias` may shorten the phrase to the words that say the skill.
    """
    if not actor.is_person:
        raise Forbidden("Only a member of staff who signed in can change a skill.")
    facts = await store.facts_of(session, actor, phrase_id)
    check_version(facts.version)
    if facts.state is not PhraseState.OPEN:
        raise Conflict("Somebody has answered this phrase already.", code="phrase-answered")
    row = await store.row_of(session, facts.id)
    if uri:
        await _name(session, actor, row, uri=uri, alias=alias or row.phrase, now=now)
    row.state = PhraseState.ANSWERED if uri else PhraseState.SET_ASIDE
    row.uri, row.answered_at, row.staff_id = uri, now, actor.staff_id
    audit.record(
        session, actor, action="skill_phrase.answer", subject=("skill_phrase", row.id), now=now,
        detail={"uri": uri},
    )  # fmt: skip
    await session.flush()
    if uri:
        await _weigh_holders(session, row.id, now=now)
    return await store.facts_of(session, actor, row.id)


async def _name(
    session: AsyncSession, actor: Actor, row: SkillPhrase, *, uri: str, alias: str, now: datetime
) -> None:
    editions = await lexicons.revised(session, load_editions())
    scheme = await _scheme_of(session, uri)
    await skills.revise(
        session, actor, editions, uri=uri, scheme=scheme, kind=SkillChange.ALIAS_ADDED, name=alias,
        locale=row.locale, now=now, phrase_id=row.id,
    )  # fmt: skip


async def _scheme_of(session: AsyncSession, uri: str) -> str:
    if uri.startswith("own:"):
        return "own"
    kept = (await kept_skills.kept_of(session, [uri])).get(uri)
    if kept is None:
        raise RuleBroken(
            "No list has this skill.", code="skill-unknown",
            faults=[Fault("/skill", "unknown", "No list has this skill.")],
        )  # fmt: skip
    return kept.concept.scheme


async def _weigh_holders(session: AsyncSession, phrase_id: UUID, *, now: datetime) -> None:
    people, programmes = await store.holders_of(session, phrase_id, most=MOST_HOLDERS)
    editions = await lexicons.revised(session, load_editions())
    for candidate_id in people:
        row = await session.get(Candidate, candidate_id)
        if row is not None:
            await note_skills(session, editions, row)
    await weigh_candidates(session, editions, people, now=now)
    await weigh_programmes(session, editions, programmes, now=now)
