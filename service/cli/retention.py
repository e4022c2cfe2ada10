"""homeshore erase, homeshore retention: people's data go, on request or when their time is over."""

import sys
from collections.abc import Sequence
from uuid import UUID

import click

from service.cli.output import answer, as_json, run, told, transaction
from service.flows import erasing
from service.flows.erasing import ErasedFacts
from service.flows.people import retention as flow
from service.runtime.actors import SYSTEM
from service.runtime.clock import clock_from
from service.runtime.files import FileStore
from service.runtime.schema import copies_aside, current_revision, empty_wal
from service.runtime.settings import Settings


@click.command()
@click.argument("candidate_id")
@click.option("--reason", required=True, help="Kept in the trail; without the person's name.")
@as_json
@told
def erase(candidate_id: str, reason: str, json_output: bool) -> None:
    """Erase one person who asked for it, with everything that belongs to them. Nobody who was hired."""
    settings = _installation()
    erased = run(lambda: _erase(settings, candidate_id, reason))
    assert erased is not None
    left = _clean(settings)
    answer(
        {"erased": erased.model_dump(mode="json"), "left": left},
        json_output=json_output,
        words="\n".join([_words(erased), *left]),
    )


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Erase; without it people are only listed.")
@click.option("--yes-really", is_flag=True, help="Erase even more than one person in twenty.")
@as_json
@told
def retention(is_applied: bool, yes_really: bool, json_output: bool) -> None:
    """List who is past the period that data may be kept, and with --apply erase them. Schedule it, say, every week."""
    settings = _installation()
    people, is_stopped = run(lambda: _due(settings))
    is_stopped = is_stopped and is_applied and not yes_really
    erased: list[ErasedFacts] = []
    left: list[str] = []
    if is_applied and not is_stopped:
        erased = run(lambda: _sweep(settings, people))
        left = _clean(settings)
    said = {
        "due": [one.model_dump(mode="json") for one in people],
        "erased": [one.model_dump(mode="json") for one in erased],
        "stopped": is_stopped,
        "left": left,
    }
    lines = [_due_words(one) for one in people]
    lines += [_end(people, erased, is_applied=is_applied, is_stopped=is_stopped), *left]
    answer(said, json_output=json_output, words="\n".join(lines))
    sys.exit(1 if is_stopped else 0)


def _installation() -> Settings:
    """The settings, when there is a database behind them: a list of nobody from a wrong folder would mislead."""
    settings = Settings()
    if current_revision(settings) is None:
        raise click.ClickException(
            "There is no database here; set HOMESHORE_DATA_DIR or HOMESHORE_DATABASE_URL."
        )
    return settings


async def _due(settings: Settings) -> tuple[tuple[flow.DueFacts, ...], bool]:
    """Who is due, and whether these are too many to be true."""
    async with transaction(settings) as session:
        people = await flow.due(session, now=clock_from(settings.pretend_now)())
        return people, await flow.is_too_many(session, len(people))


async def _erase(
    settings: Settings, candidate_id: str | UUID, reason: str, *, if_due: bool = False
) -> ErasedFacts | None:
    """Erase in one transaction, then on disk; None when the person is no longer due, and that was asked."""
    files, now = FileStore(settings.data_dir / "files"), clock_from(settings.pretend_now)()
    async with transaction(settings) as session:
        if if_due and candidate_id not in {one.candidate_id for one in await flow.due(session, now=now)}:
            return None
        erased = await erasing.erase(session, SYSTEM, candidate_id, files=files, reason=reason, now=now)
    erasing.remove_files(erased, files=files, settings=settings)
    return erased


async def _sweep(settings: Settings, people: Sequence[flow.DueFacts]) -> list[ErasedFacts]:
    """One transaction a person; whoever came back or was hired meanwhile is no longer due and stays."""
    reasons = {one.candidate_id: f"retention {one.edition}: {one.rule.value}" for one in people}
    swept = [await _erase(settings, one, reason, if_due=True) for one, reason in reasons.items()]
    return [one for one in swept if one is not None]


def _clean(settings: Settings) -> list[str]:
    """Empty SQLite's log, remove files that no row refers to, and say in words what is still to be done by hand."""

    async def work() -> int:
        async with transaction(settings) as session:
            return await erasing.remove_forgotten(
                session, files=FileStore(settings.data_dir / "files"), settings=settings,
                now=clock_from(settings.pretend_now)(),
            )  # fmt: skip

    run(work)
    left = [f"An older copy of the database still holds them: {path}" for path in copies_aside(settings)]
    if settings.is_embedded and not empty_wal(settings):
        left.append("The database was being read: its log still holds them until this command runs again.")
    return left


def _words(erased: ErasedFacts) -> str:
    return (
        f"{erased.candidate_id} is erased, with {len(erased.letters)} letters and {len(erased.files)} files; "
        f"{len(erased.imports)} imports lost their file. Your backups are yours to see to."
    )


def _due_words(one: flow.DueFacts) -> str:
    return (
        f"{one.candidate_id}  {one.shown_name}  last contact {one.last_contact:%Y-%m-%d}, "
        f"due since {one.since:%Y-%m-%d} ({one.rule.value}, {one.edition})"
    )


def _end(
    people: Sequence[flow.DueFacts], erased: Sequence[ErasedFacts], *, is_applied: bool, is_stopped: bool
) -> str:
    if is_stopped:
        return (
            f"{len(people)} are more than one in twenty of everybody: nothing was erased. See --yes-really."
        )
    if is_applied:
        return f"{len(erased)} of {len(people)} erased. Your backups are yours to see to."
    return f"{len(people)} past the period; nothing was erased. Add --apply to erase them."
