"""Outbox rows become workflows here and nowhere else: at once after a commit, and again by a sweep.

A workflow carries its outbox row's id, so the same wish started twice is one run. A row is done when its workflow says
so; until then the sweep keeps an eye on it, and takes over what a dead worker left.
"""

import threading
from datetime import timedelta

from dbos import DBOS, SetWorkflowID

from service.flows.mail import mailing
from service.flows.papers import packs, papers
from service.flows.proof import proof_archives
from service.jobs import proof_workflows, workflows
from service.jobs.tools import tools
from service.runtime import wake
from service.runtime.clock import system_clock
from service.runtime.log import log
from service.runtime.vocabulary import WorkKind
from service.store.mail import outbox

SWEEP_SECONDS = 3.0
DEAD_AFTER = timedelta(seconds=15)

RUNS = {
    WorkKind.MAIL: ("mail", workflows.deliver_mail),
    WorkKind.PACK: ("documents", workflows.make_pack),
    WorkKind.PAPER: ("documents", workflows.make_paper),
    WorkKind.PROOF_ARCHIVE: ("archives", proof_workflows.make_proof_archive),
}


def run(stop: threading.Event) -> None:
    """Dispatch until told to stop; a fault of one round is logged and the next round tries again."""
    while not stop.is_set():
        try:
            dispatch_waiting()
        except Exception as error:
            log.error("dispatch_failed", error_type=type(error).__name__)
        wake.wait(SWEEP_SECONDS)


def dispatch_waiting() -> int:
    """Start what waits and take over what is stranded; how many rows were looked at."""
    rows = tools().do(_open_rows)
    for row in rows:
        _start_or_take_over(row)
    return len(rows)


async def _open_rows() -> list[outbox.OpenWork]:
    async with tools().transaction() as session:
        now = system_clock()  # a heartbeat is about this machine, never about a trial's pretended day
        await outbox.say_alive(session, tools().settings.stable_worker_id, now=now)
        return await outbox.open_work(session, now=now, dead_after=DEAD_AFTER)


def _start_or_take_over(row: outbox.OpenWork) -> None:
    run_id = str(row.id)
    status = DBOS.get_workflow_status(run_id)
    if status is None:
        queue, workflow = RUNS[row.kind]
        with SetWorkflowID(run_id):
            DBOS.enqueue_workflow(queue, workflow, run_id, str(row.subject_id))
    elif status.status == "PENDING" and status.executor_id not in row.living_workers:
        DBOS.resume_workflow(run_id)
        log.info("run_taken_over", id=run_id, worker=str(status.executor_id))
    elif status.status in ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
        tools().do(lambda: _give_up(row, status.status))


async def _give_up(row: outbox.OpenWork, why: str) -> None:
    async with tools().transaction() as session:
        if row.kind is WorkKind.PACK:  # else nobody could ask for it again
            await packs.give_up(session, row.subject_id, cause=f"La préparation s'est arrêtée ({why}).")
        if row.kind is WorkKind.PAPER:
            await papers.give_up(session, row.subject_id, cause=f"La préparation s'est arrêtée ({why}).")
        if row.kind is WorkKind.PROOF_ARCHIVE:
            await proof_archives.give_up(session, row.subject_id)
        if row.kind is WorkKind.MAIL:
            await mailing.note_failed(session, row.subject_id)
        await outbox.mark_failed(session, row.id, why, now=tools().clock())
