"""Files to teach with: pictures that pages show and papers that modules hand out, judged by their bytes."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Label
from onboarding.paths.drafts import Draft, name_for
from onboarding.paths.paths import Attachment, Module
from service.flows.assessing.judging_files import Judged, judge, refusal
from service.flows.paths import authoring
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.files import FileStore
from service.store import audit
from service.store.paths import authoring as store
from service.tables.authoring import TeachingFile

ACCEPTS = ("application/pdf", "image/jpeg", "image/png", "image/webp")
MOST_MEGABYTES = 10
MOST_BYTES = (MOST_MEGABYTES + 1) * 1_000_000
KINDS = "PDF, JPEG, PNG, WebP"


def judged(content: bytes) -> Judged:
    """The file as it may be kept; RuleBroken says why not. Slow: call it in a thread, outside a transaction."""
    found = judge(content, accepts=ACCEPTS, max_megabytes=MOST_MEGABYTES)
    if isinstance(found, Judged):
        return found
    raise refusal(found, pointer="/file", megabytes=MOST_MEGABYTES, kinds=KINDS)


def name_of(file_name: str, extension: str, taken: set[str]) -> str:
    """A name that text can point at without signs that Markdown knows, and that no other file of the module bears.

    >>> name_of("Mon poste (2).JPG", "jpg", {"mon-poste-2.jpg"})
    'mon-poste-2-2.jpg'
    """
    stem = re.sub(r"\.[^.]*$", "", PurePosixPath(file_name.replace("\\", "/")).name)
    stems = {re.sub(r"\.[^.]*$", "", one) for one in taken}
    return f"{name_for(stem, stems, otherwise='file')}.{extension}"


async def keep(
    session: AsyncSession, actor: Actor, found: Judged, *, name: str, title: tuple[str, str],
    files: FileStore, now: datetime,
) -> Attachment:  # fmt: skip
    """Keep the bytes once and make what a module holds of them."""
    sha256 = files.put(found.content)
    if await store.file_of(session, sha256) is None:
        row = TeachingFile(
            sha256=sha256, media_type=found.media_type, size_bytes=len(found.content), file_name=name,
            uploaded_by=actor.staff_id, uploaded_at=now,
        )  # fmt: skip
        session.add(row)
        audit.record(session, actor, action="teaching_file.keep", subject=("teaching_file", row.id), now=now)
        await session.flush()
    return Attachment(
        name=name, sha256=sha256, media_type=found.media_type, size=len(found.content),
        title=Label.plain(*title),
    )  # fmt: skip


async def add_to_draft(
    session: AsyncSession, actor: Actor, slug: str, module: str, found: Judged, *, file_name: str,
    title: tuple[str, str] = ("", ""), files: FileStore, now: datetime,
) -> Attachment:  # fmt: skip
    """Add a file to a module of a draft, under a name that texts can point at."""
    here = authoring.read_draft((await store.draft_of(session, slug)).document).module(module)
    if here is None:
        raise NotFound
    name = name_of(file_name, found.extension, {one.name for one in here.files})
    said = title[0][:200] or name, title[1][:200] or name
    kept = await keep(session, actor, found, name=name, title=said, files=files, now=now)

    def edit(draft: Draft) -> Draft:
        there = draft.module(module)
        if there is None:
            raise NotFound
        return draft.with_module(there.model_copy(update={"files": (*there.files, kept)}))

    await authoring.change(session, actor, slug, edit, now=now)
    return kept


def bytes_of(module: Module, name: str, files: FileStore) -> tuple[Attachment, bytes]:
    """One file of a module; NotFound when it has none of that name. The caller has checked who is asking."""
    found = module.file(name)
    if found is None:
        raise NotFound
    return found, files.get(found.sha256)
