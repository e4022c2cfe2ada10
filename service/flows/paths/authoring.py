"""Trainers write paths: drafts that keep whatever was typed, editions that are never changed once published."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.faults import Fault as PathFault
from onboarding.faults import place
from onboarding.paths import drafts
from onboarding.paths.drafts import Draft, DraftWords
from onboarding.paths.paths import Path
from service.flows.paths import path_shelf, paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken, StaleVersion
from service.store import audit
from service.store.paths import authoring as store
from service.store.paths import packages
from service.tables.authoring import EditionWithdrawal, TrainingDraft, TrainingEdition

MOST_BYTES = 2_000_000
SHORTEST_REASON = 20
FURTHEST = timedelta(days=731)
TWINS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Written:
    """A draft as it stands: what was typed, what it still lacks, and what there is to know about it."""

    facts: store.DraftFacts
    draft: Draft
    faults: tuple[PathFault, ...]
    edition: str


def read_draft(document: dict[str, Any]) -> Draft:
    """A draft from its row: kept as JSON, read as JSON."""
    return Draft.model_validate_json(json.dumps(document))


def mark_of(part: object) -> str:
    """What tells one state of a part of a draft from another: a form carries it, so that nobody overwrites unseen."""
    held = part.model_dump_json() if hasattr(part, "model_dump_json") else repr(part)
    return hashlib.sha256(str(held).encode()).hexdigest()[:16]


async def written(session: AsyncSession, slug: str, *, library: Editions, now: datetime) -> Written:
    """The draft of a path with everything it lacks."""
    facts = await store.draft_of(session, slug)
    draft, day = read_draft(facts.document), civil_date(now)
    edition = edition_named(library, slug, day)
    checked = drafts.check(draft, slug=slug, edition=edition, valid_from=day, source=_source(slug, edition))
    faults = checked if isinstance(checked, tuple) else ()
    return Written(facts, draft, faults + await _faults_around(session, draft, slug, library), edition)


def _source(slug: str, edition: str) -> str:
    return f"Written by the trainers of this employer ({slug}, {edition})"


async def _faults_around(
    session: AsyncSession, draft: Draft, slug: str, library: Editions
) -> tuple[PathFault, ...]:
    """What only the installation can tell: packages and files that are there, skills and paths that are known."""
    gone = await packages.not_offered(session, {m.package.sha256 for m in draft.modules if m.package})
    lost = await store.files_missing(session, {f.sha256 for m in draft.modules for f in m.files})
    known = {skill.key for skill in library.taxonomies[-1].skills}
    faults = []
    for number, module in enumerate(draft.modules):
        at = place("modules", number)
        if module.package and module.package.sha256 in gone:
            told = (("name", module.package.title.fr),)
            faults.append(
                PathFault(where=f"{at}.package", what="is no longer offered", code="package-gone", given=told)
            )
        faults += [
            PathFault(
                where=f"{at}.files[{n}]", what="is not kept here", code="file-lost",
                given=(("name", one.name),),
            )
            for n, one in enumerate(module.files)
            if one.sha256 in lost
        ]  # fmt: skip
        faults += [
            PathFault(
                where=f"{at}.teaches[{n}]", what=f"no skill is called {one!r}", code="skill-unknown",
                given=(("name", one),),
            )
            for n, one in enumerate(module.teaches)
            if one not in known
        ]  # fmt: skip
    if draft.renewed_by and draft.renewed_by != slug and all(draft.renewed_by != s for s, _ in library.paths):
        told = (("name", draft.renewed_by),)
        faults.append(
            PathFault(where="renewed_by", what="no path is called so", code="path-unknown", given=told)
        )
    return tuple(faults)


def edition_named(library: Editions, slug: str, day: date) -> str:
    """The name of an edition published for `day`: the day itself, then with a letter for another of the same day."""
    taken = {edition for name, edition in library.paths if name == slug}
    for letter in ("", *TWINS[1:]):
        if (name := f"{day.isoformat()}{letter}") not in taken:
            return name
    raise Conflict("This path was published too often today. Go on tomorrow.", code="editions-used-up")


async def begin(
    session: AsyncSession,
    actor: Actor,
    title: DraftWords,
    *,
    languages: tuple[Language, ...],
    like: Path | None = None,
    library: Editions,
    now: datetime,
) -> str:
    """Begin a new path, empty or as a copy of an edition of another; its name, made from the title."""
    taken = {name for name, _ in library.paths} | {one.path for one in await store.drafts(session)}
    slug = drafts.name_for(title.fr or title.en, taken, otherwise="path")
    if like is None:
        draft = Draft(title=title, languages=languages)
    else:
        draft = Draft.of(like).model_copy(update={"title": title, "languages": languages})
    await _keep(session, actor, slug, draft, based_on="", now=now)
    return slug


async def begin_edition(
    session: AsyncSession, actor: Actor, slug: str, edition: str, *, library: Editions, now: datetime
) -> None:
    """Begin the next edition of a path from one there is; Conflict while another draft of it lies open."""
    path = edition_of(library, slug, edition)
    if await store.has_draft(session, slug):
        raise Conflict("A draft of this path lies open already.", code="draft-open")
    await _keep(session, actor, slug, Draft.of(path), based_on=edition, now=now)


def edition_of(library: Editions, slug: str, edition: str) -> Path:
    """One edition of a path; NotFound when no such is kept."""
    path = library.paths.get((slug, edition))
    if path is None:
        raise NotFound("No edition of that name is kept.")
    return path


async def _keep(
    session: AsyncSession, actor: Actor, slug: str, draft: Draft, *, based_on: str, now: datetime
) -> None:
    row = TrainingDraft(
        path=slug, document=draft.model_dump(mode="json"), based_on=based_on,
        created_by=actor.staff_id, created_at=now, edited_by=actor.staff_id, edited_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="draft.begin", subject=("draft", row.id), now=now, detail={"path": slug}
    )


async def change(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    edit: Callable[[Draft], Draft],
    *,
    now: datetime,
    check_version: Callable[[int], None] = lambda version: None,
) -> Draft:
    """Write what `edit` makes of the draft, faulty or not; `edit` raises StaleVersion where somebody was faster."""
    row = await store.draft_row(session, slug)
    check_version(row.version)
    draft = edit(read_draft(row.document))
    document = draft.model_dump(mode="json")
    if len(json.dumps(document)) > MOST_BYTES:
        raise RuleBroken("The path is too long. Make two of it.", code="path-too-long")
    row.document, row.edited_by, row.edited_at = document, actor.staff_id, now
    audit.record(
        session, actor, action="draft.write", subject=("draft", row.id), now=now, detail={"path": slug}
    )
    await session.flush()
    return draft


def unchanged(part: object, mark: str) -> None:
    """StaleVersion when the part is no longer what the form showed; an empty mark asks nothing."""
    if mark and mark_of(part) != mark:
        raise StaleVersion("Somebody changed this part of the path since you opened it. Read it again.")


async def discard(session: AsyncSession, actor: Actor, slug: str, *, now: datetime) -> None:
    """Throw a draft away; what was published stays."""
    row = await store.draft_row(session, slug)
    await session.delete(row)
    audit.record(
        session, actor, action="draft.discard", subject=("draft", row.id), now=now, detail={"path": slug}
    )
    await session.flush()


async def publish(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    *,
    valid_from: date,
    note: str,
    library: Editions,
    now: datetime,
) -> Path:
    """Freeze the draft as an edition that is given from `valid_from` on; those who began another stay on theirs.

    RuleBroken with every fault and its pointer into the path while the draft lacks anything.
    """
    row = await store.draft_row(session, slug)
    today = civil_date(now)
    if not today <= valid_from <= today + FURTHEST:
        raise RuleBroken(
            "Choose a day from today on, within two years.",
            faults=[Fault("/valid_from", "range", "from today on, within two years")],
        )
    draft, edition = read_draft(row.document), edition_named(library, slug, valid_from)
    path = drafts.check(
        draft, slug=slug, edition=edition, valid_from=valid_from, source=_source(slug, edition)
    )
    faults = path if isinstance(path, tuple) else ()
    faults += await _faults_around(session, draft, slug, library)
    if isinstance(path, tuple) or faults:
        raise RuleBroken(
            "The path cannot be published yet; see errors.",
            code="path-faulty",
            faults=[Fault(pointer_of(one.where), one.code, one.what) for one in faults],
        )
    published = TrainingEdition(
        path=slug,
        edition=edition,
        document=path_shelf.document_of(path),
        note=note.strip()[:2000],
        published_by=actor.staff_id,
        published_at=now,
    )
    session.add(published)
    await session.delete(row)
    audit.record(
        session,
        actor,
        action="path.publish",
        subject=("edition", published.id),
        now=now,
        detail={"path": slug, "edition": edition},
    )
    await session.flush()
    return path


def pointer_of(where: str) -> str:
    """A place in a path as a JSON pointer.

    >>> pointer_of("modules[2].pages[0].text.fr")
    '/modules/2/pages/0/text/fr'
    """
    return "/" + where.replace("[", ".").replace("]", "").replace(".", "/")


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    edition: str,
    *,
    reason: str,
    library: Editions,
    now: datetime,
) -> None:
    """Give an edition to nobody any more; those who began it go on with it. Said twice, it is once."""
    edition_of(library, slug, edition)
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken(
            "Say why in at least %(least)s characters.",
            least=SHORTEST_REASON,
            faults=[
                Fault("/reason", "too-short", "at least %(least)s characters", {"least": SHORTEST_REASON})
            ],
        )
    if (slug, edition) in library.withdrawn:
        return
    taken = EditionWithdrawal(
        path=slug,
        edition=edition,
        reason=reason.strip()[:2000],
        withdrawn_by=actor.staff_id,
        withdrawn_at=now,
    )
    session.add(taken)
    audit.record(
        session,
        actor,
        action="path.withdraw",
        subject=("edition_withdrawal", taken.id),
        now=now,
        detail={"path": slug, "edition": edition},
    )
    await session.flush()


def newest(library: Editions, slug: str) -> Path:
    """The newest edition kept of a path, in force or not; NotFound when there is none."""
    names = paths.editions_of(library, slug)
    if not names:
        raise NotFound("There is no path of that name.")
    return max((library.paths[slug, name] for name in names), key=lambda one: (one.valid_from, one.edition))
