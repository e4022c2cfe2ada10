"""homeshore serve, work, demo: the service itself."""

import asyncio
import contextlib
import gc
import os
import signal
import sys

import click

from service.cli.interrupting import ending_at_once
from service.cli.output import answer, as_json, run, told
from service.runtime.clock import clock_from
from service.runtime.editions import load_editions
from service.runtime.log import configure_log
from service.runtime.schema import upgrade
from service.runtime.settings import Settings


@click.command()
@click.option(
    "--demo", "with_demo", is_flag=True, help="Load the demonstration data once, and print sign-in links."
)
@told
def serve(with_demo: bool) -> None:
    """Start the service: pages, API and durable work in one process. Ctrl-C stops it cleanly."""
    gc.disable()  # what is loaded here stays for good: to look for garbage among it is a fifth of the start
    with ending_at_once():
        import uvicorn

        from service.app import create_app

        settings = Settings()
        configure_log(settings.log_level)
        upgrade(settings)
        app = create_app(settings, clock=clock_from(settings.pretend_now), with_jobs=True)
        if with_demo:
            click.echo(_welcome(settings))
        else:
            click.echo(f"homeshore answers at {settings.public_url}")
        load_editions()
    gc.collect()
    gc.enable()
    gc.freeze()  # routes and editions stay for good: a collection that walks them again holds a page up for 0.4 s
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        date_header=True,
    )
    _leave()


@click.command()
@told
def work() -> None:
    """Do durable work only, beside a server on another machine (PostgreSQL)."""
    gc.disable()  # as above
    with ending_at_once():
        from service.jobs.worker import working
        from service.runtime.errors import RuleBroken
    gc.enable()
    gc.freeze()

    settings = Settings()
    if settings.is_embedded:
        raise RuleBroken(
            "The embedded database has one process, the server. Set HOMESHORE_DATABASE_URL to share work."
        )
    configure_log(settings.log_level)

    async def until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with working(settings, clock_from(settings.pretend_now)):
            click.echo(f"working as {settings.stable_worker_id}")
            await stop.wait()

    with ending_at_once(), contextlib.suppress(KeyboardInterrupt):
        upgrade(settings)
        run(until_told)
    _leave()


def _leave() -> None:
    """End the process now: Python would wait for every run that sleeps between two tries, for minutes.

    Such a run is durable and goes on at the next start.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@click.command()
@as_json
@told
def demo(json_output: bool) -> None:
    """Load the demonstration data once, and print fresh one-time sign-in links."""
    settings = Settings()
    upgrade(settings)
    answer(_demo_links(settings), json_output=json_output, words=_welcome(settings))


def _demo_links(settings: Settings) -> dict[str, str]:
    from service.flows.demonstration.demonstration import load_once_and_link

    return run(lambda: load_once_and_link(settings))


def _welcome(settings: Settings) -> str:
    links = _demo_links(settings)
    width = max(map(len, links))
    lines = [f"  {who:<{width}}  {address}" for who, address in links.items()]
    mail = "through SMTP" if settings.smtp_url else f"as files in {settings.data_dir / 'mail'}, also at /mail"
    return "\n".join(
        [
            f"homeshore answers at {settings.public_url}",
            f"Mail goes {mail}. Data is kept in {settings.data_dir}.",
            "One-time sign-in links (each opens once):",
            *lines,
            "Ctrl-C stops the service.",
        ]
    )
