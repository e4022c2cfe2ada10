"""homeshore staff, link, token: who may come in, from the command line of whoever runs the machine."""

from uuid import UUID

import click

from service.cli.output import answer, as_json, run, told, transaction
from service.flows.accounts import signing_in
from service.http.rights import scopes
from service.runtime.actors import SYSTEM
from service.runtime.clock import clock_from
from service.runtime.errors import RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import STAFF_ROLES, LinkPurpose, Role


@click.group()
def staff() -> None:
    """Members of staff."""


@staff.command("add")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in STAFF_ROLES]))
@click.option("--name", required=True)
@as_json
@told
def add_staff(email: str, role: str, name: str, json_output: bool) -> None:
    """Add a member of staff; they come in by a one-time link (`homeshore link EMAIL`) and choose a password."""

    settings = Settings()

    async def work() -> UUID:
        async with transaction(settings) as session:
            return await signing_in.add_staff(
                session, name=name, email=email, role=Role(role), now=clock_from(settings.pretend_now)()
            )

    row_id = run(work)
    answer({"id": str(row_id)}, json_output=json_output, words=f"{name} ({role}) is known.")


@click.command()
@click.argument("email")
@click.option("--hours", default=24.0, show_default=True, help="How long the link holds.")
@as_json
@told
def link(email: str, hours: float, json_output: bool) -> None:
    """Print a fresh one-time sign-in link for a member of staff."""
    settings = Settings()

    async def work() -> str:
        async with transaction(settings) as session:
            staff_id = await signing_in.staff_id_of(session, email)
            _, secret = signing_in.make_link(
                session,
                purpose=LinkPurpose.SIGN_IN,
                now=clock_from(settings.pretend_now)(),
                days=hours / 24,
                staff_id=staff_id,
            )
            return secret

    secret = run(work)
    address = f"{settings.public_url}/links/{secret}"
    answer({"link": address, "token": secret}, json_output=json_output, words=address)


@click.command()
@click.argument("email")
@click.option("--name", default="command line", show_default=True)
@click.option("--scope", "wanted", multiple=True, help="Repeat for several; without it, every scope.")
@click.option("--days", default=30, show_default=True)
@as_json
@told
def token(email: str, name: str, wanted: tuple[str, ...], days: int, json_output: bool) -> None:
    """Print a fresh API token that reaches as far as this member of staff. It can decide nothing about a person."""
    unknown = set(wanted) - scopes()
    if unknown:
        raise RuleBroken(
            f"Unknown scopes: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(scopes()))}."
        )

    settings = Settings()

    async def work() -> str:
        async with transaction(settings) as session:
            staff_id = await signing_in.staff_id_of(session, email)
            _, secret = await signing_in.make_api_token(
                session, SYSTEM, name=name, scopes=wanted or sorted(scopes()), staff_id=staff_id,
                now=clock_from(settings.pretend_now)(), days=days,
            )  # fmt: skip
            return secret

    secret = run(work)
    answer({"token": secret}, json_output=json_output, words=secret)
