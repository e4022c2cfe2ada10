"""The durable runs: each thin over flows, each step harmless when done twice."""

from uuid import UUID

from dbos import DBOS

from service.flows import mailing
from service.jobs.tools import tools
from service.store import outbox


@DBOS.workflow()
def deliver_mail(run_id: str, mail_id: str) -> None:
    """Send one letter, trying again for some hours when the server is away."""
    _send_letter(mail_id)
    _finish(run_id)


@DBOS.step(retries_allowed=True, max_attempts=8, interval_seconds=2.0, backoff_rate=3.0)
def _send_letter(mail_id: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            letter = await mailing.letter_to_send(session, UUID(mail_id))
        if letter is None:
            return
        file_name = mailing.send_letter(letter, tools().settings)
        async with tools().transaction() as session:
            await mailing.note_sent(session, UUID(mail_id), file_name=file_name, now=tools().clock())

    tools().do(work)


@DBOS.workflow()
def make_pack(run_id: str, pack_id: str) -> None:
    """Render the documents of one pack, keep them, mark the pack ready (or failed, with its cause)."""
    _finish(run_id)


@DBOS.step()
def _finish(run_id: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            await outbox.mark_done(session, UUID(run_id), now=tools().clock())

    tools().do(work)
