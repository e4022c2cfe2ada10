"""homeshore: the one command. Each subcommand lives in its own module and is imported only when called."""

from importlib import import_module

import click

from service.cli.interrupting import ending_at_once

COMMANDS = {
    "serve": "service.cli.serving:serve",
    "work": "service.cli.serving:work",
    "demo": "service.cli.serving:demo",
    "import": "service.cli.importing:import_command",
    "db": "service.cli.database:db",
    "verify": "service.cli.database:verify",
    "link": "service.cli.people:link",
    "token": "service.cli.people:token",
    "staff": "service.cli.people:staff",
    "match": "service.cli.matching:match",
    "screen": "service.cli.screening:screen",
    "connection": "service.cli.connection:connection",
    "validity": "service.cli.validity:validity",
    "model-card": "service.cli.model_cards:model_card",
    "fairness": "service.cli.fairness:fairness",
    "lint": "service.cli.linting:lint_command",
    "skills": "service.cli.skills:skills",
    "evaluate": "service.cli.matching:evaluate",
    "allocate": "service.cli.allocating:allocate",
    "pack": "service.cli.packs:pack",
    "documents": "service.cli.documents:documents",
    "allowance": "service.cli.allowance:allowance",
    "paths": "service.cli.paths:paths",
    "packages": "service.cli.packages:packages",
    "training": "service.cli.training:training",
    "proof": "service.cli.proofs:proof",
    "rescore": "service.cli.rescoring:rescore",
    "erase": "service.cli.retention:erase",
    "retention": "service.cli.retention:retention",
    "doctor": "service.cli.doctor:doctor",
}
"""Name -> module:command, in the order of `homeshore --help`."""


class LazyCommands(click.Group):
    """A group that imports a subcommand's module when it is asked for: `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        with ending_at_once():
            command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hire, equip, train and contract customer-relations agents who work from home."""
