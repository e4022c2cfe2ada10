"""The durable runs: each thin over flows, each step harmless when done twice."""

import hashlib
from typing import Any
from uuid import UUID

from dbos import DBOS
from dbos import error as dbos_error

from documents.packs import DocumentPlan, PackPlan, assemble, render_document
from documents.pdf import PdfError, count_pages
from service.flows.mail import mailing
from service.flows.papers import packs, papers
from service.flows.papers.papers_facts import SEALED_KINDS
from service.jobs.tools import tools
from service.runtime.vault import installation_vault
from service.store.mail import outbox


@DBOS.workflow()
def deliver_mail(run_id: str, mail_id: str) -> None:
    """Send one letter, trying again for some hours when the server is away."""
    _send_letter(mail_id)
    _finish(run_id)


@DBOS.step(retries_allowed=True, max_attempts=8, interval_seconds=2.0, backoff_rate=3.0)
def _send_letter(mail_id: str) -> None:
    kit = tools()  # asked for once: a stop between the letter and its note would send it again

    async def work() -> None:
        async with kit.transaction() as session:
            letter = await mailing.letter_to_send(session, UUID(mail_id))
        if letter is None:
            return
        file_name = mailing.send_letter(letter, kit.settings)
        async with kit.transaction() as session:
            await mailing.note_sent(session, UUID(mail_id), file_name=file_name, now=kit.clock())

    kit.do(work)


@DBOS.workflow()
def make_pack(run_id: str, pack_id: str) -> None:
    """Render the documents of one pack, keep them, mark the pack ready (or failed, with its cause in words)."""
    try:
        count = _documents_in(pack_id)
        rendered = [_render_document(pack_id, number) for number in range(count)]
        cause = next((one["cause"] for one in rendered if "cause" in one), "")
        if not cause and count:
            _keep_pack(run_id, pack_id, [one["sha256"] for one in rendered])
            return
    except dbos_error.DBOSMaxStepRetriesExceeded as error:
        cause = f"Une étape n'a pas abouti, même en recommençant ({error.step_name})."
    if cause:
        _give_up_pack(pack_id, cause)
    _finish(run_id)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _documents_in(pack_id: str) -> int:
    """How many documents are still to be made: none when the pack is ready, given up or gone."""
    plan = _plan_of(pack_id)
    return len(plan.documents) if plan else 0


def _plan_of(pack_id: str) -> PackPlan | None:
    async def work() -> PackPlan | None:
        async with tools().transaction() as session:
            return await packs.plan_of(session, UUID(pack_id))

    return tools().do(work)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _render_document(pack_id: str, number: int) -> dict[str, str]:
    """The SHA-256 under which one document is kept, or the cause why it cannot be drawn; never its bytes."""
    plan = _plan_of(pack_id)
    if plan is None:
        return {"cause": "Le dossier n'est plus à faire."}
    try:
        return {"sha256": tools().draw(plan.documents[number])}
    except PdfError as error:
        return {"cause": f"« {plan.documents[number].title} » n'a pas pu être dessiné : {error}"}


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _keep_pack(run_id: str, pack_id: str, hashes: list[str]) -> None:
    """Assemble the archive, then note documents, archive and the end of the run in one transaction."""
    plan = _plan_of(pack_id)
    made = None
    if plan is not None:
        made = tools().render(assemble, plan, [tools().files.get(sha256) for sha256 in hashes])
        archive_sha256 = tools().files.put(made.archive)

    async def work() -> None:
        async with tools().transaction() as session:
            now = tools().clock()
            if made is not None:
                await packs.keep_pack(
                    session,
                    UUID(pack_id),
                    made,
                    archive_sha256=archive_sha256,
                    settings=tools().settings,
                    now=now,
                )
            await outbox.mark_done(session, UUID(run_id), now=now)

    tools().do(work)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _give_up_pack(pack_id: str, cause: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            await packs.give_up(session, UUID(pack_id), cause=cause)

    tools().do(work)


@DBOS.workflow()
def make_paper(run_id: str, paper_id: str) -> None:
    """Draw one issued paper, keep it, mark it ready (or failed, with its cause in words); its number stands already."""
    try:
        drawn = _draw_paper(paper_id)
        cause = str(drawn.pop("cause", ""))
        if drawn:
            _keep_paper(run_id, paper_id, drawn)
            return
    except dbos_error.DBOSMaxStepRetriesExceeded as error:
        cause = f"Une étape n'a pas abouti, même en recommençant ({error.step_name})."
    if cause:
        _give_up_paper(run_id, paper_id, cause)
    else:
        _finish(run_id)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _draw_paper(paper_id: str) -> dict[str, str | int]:
    """Where the paper is kept and what it is, or the cause why it cannot be drawn; nothing when it is there or gone."""
    kit = tools()
    vault = installation_vault(kit.settings)

    async def work() -> DocumentPlan | None:
        async with kit.transaction() as session:
            return await papers.plan_of(session, UUID(paper_id), vault=vault)

    plan = kit.do(work)
    if plan is None:
        return {}
    try:
        is_sealed = plan.kind in SEALED_KINDS
        content = kit.render(render_document, plan) if is_sealed else kit.files.get(kit.draw(plan))
    except PdfError as error:
        return {"cause": f"« {plan.title} » n'a pas pu être dessiné : {error}"}
    kept = papers.kept_bytes(plan, UUID(paper_id), content, vault=vault)
    return {
        "sha256": hashlib.sha256(content).hexdigest() if kept is content else "",
        "file_sha256": kit.files.put(kept),
        "size_bytes": len(content),
        "pages": kit.render(count_pages, content),
    }


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _keep_paper(run_id: str, paper_id: str, drawn: dict[str, Any]) -> None:
    """Note the file, the letter about it and the end of the run in one transaction."""

    async def work() -> None:
        async with tools().transaction() as session:
            now = tools().clock()
            found = papers.Drawn(**drawn)
            await papers.keep(session, UUID(paper_id), found, settings=tools().settings, now=now)
            await outbox.mark_done(session, UUID(run_id), now=now)

    tools().do(work)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _give_up_paper(run_id: str, paper_id: str, cause: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            await papers.give_up(session, UUID(paper_id), cause=cause)
            await outbox.mark_failed(session, UUID(run_id), cause, now=tools().clock())

    tools().do(work)


@DBOS.step()
def _finish(run_id: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            await outbox.mark_done(session, UUID(run_id), now=tools().clock())

    tools().do(work)
