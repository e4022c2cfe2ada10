"""homeshore allowance: what one month of telework may be paid without contributions, without a server or a database."""

import re
from datetime import date
from typing import Any

import click

from documents.allowances import (
    AgreementKind,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    statement,
)
from documents.money import NO_BREAK, euros
from service.cli.output import answer, as_json, told
from service.runtime.editions import load_law
from service.runtime.errors import RuleBroken

LARGEST_EUROS = 1_000_000


class Month(click.ParamType[date]):
    """A month as `2026-03`; its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", str(value)):
            self.fail(f"“{value}” is no month such as 2026-03", param, ctx)
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"“{value}” is no month of the calendar", param, ctx)


class Euros(click.ParamType[int]):
    """Euros as `80`, `80.00` or `80,00`; integer cents, never below nothing."""

    name = "euros"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"[0-9]{1,7}([.,][0-9]{1,2})?", value):
            self.fail(f"“{value}” is no amount such as 80.00, in euros and not negative", param, ctx)
        whole, _, rest = value.replace(",", ".").partition(".")
        if int(whole) > LARGEST_EUROS:
            self.fail(f"“{value}” is more than {LARGEST_EUROS:,} euros", param, ctx)
        return int(whole) * 100 + int(rest.ljust(2, "0"))


@click.command()
@click.option("--month", type=Month(), required=True, metavar="YYYY-MM", help="The month worked.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in AllowanceMode]),
    required=True,
    help="Paid per day really worked at home, or per month for each weekly day.",
)
@click.option("--days", type=click.IntRange(0, 31), help="Days really worked at home in the month.")
@click.option("--weekly-days", type=click.IntRange(0, 6), help="Home days of the agreed week.")
@click.option(
    "--agreement",
    type=click.Choice([kind.value for kind in AgreementKind]),
    default=AgreementKind.NONE.value,
    show_default=True,
    help="What sets the amount.",
)
@click.option(
    "--incomplete",
    "is_incomplete",
    is_flag=True,
    help="An entry, exit, leave, sickness or suspension in the month: the lower of both modes.",
)
@click.option("--paid", type=Euros(), help="What the employer pays; the ceiling itself without it.")
@click.option("--receipts", type=Euros(), default="0", help="Real costs that receipts prove.")
@as_json
@told
def allowance(
    month: date, mode: str, days: int | None, weekly_days: int | None, agreement: str, is_incomplete: bool,
    paid: int | None, receipts: int, json_output: bool,
) -> None:  # fmt: skip
    """The ceiling of one month of the telework allowance, and what is exempt and taxable of what is paid."""
    asked = AllowanceMode(mode)
    if asked is AllowanceMode.MONTHLY and weekly_days is None:
        raise click.UsageError("--mode month needs --weekly-days.")
    worked = MonthWorked(month=month, weekly_days=weekly_days or 0, days=days, is_whole=not is_incomplete)
    made = statement(
        load_law(), worked, mode=asked, agreement=AgreementKind(agreement), paid_cents=paid, receipts_cents=receipts
    )  # fmt: skip
    if isinstance(made, AllowanceRefused):
        raise RuleBroken(made.detail)
    answer(_told(made), json_output=json_output, words=_words(made))


def _told(made: AllowanceStatement) -> dict[str, Any]:
    found = made.ceiling
    return {
        "month": f"{made.month:%Y-%m}",
        "mode": found.mode.value,
        "ceiling_cents": found.ceiling_cents,
        "paid_cents": made.paid_cents,
        "exempt_cents": made.exempt_cents,
        "taxable_cents": made.taxable_cents,
        "rate_cents": found.rate_cents,
        "cap_cents": found.cap_cents,
        "scale": found.scale,
        "valid_from": found.valid_from.isoformat(),
        "source": found.source,
        "confidence": found.confidence.value,
        "lines": [line.model_dump() for line in made.lines],
        "reasons": list(made.reasons),
        "unconfirmed": [doubt.model_dump(mode="json") for doubt in found.unconfirmed],
    }


def _words(made: AllowanceStatement) -> str:
    rows = [(euros(line.cents).replace(NO_BREAK, " "), line.label) for line in made.lines]
    width = max(len(amount) for amount, _ in rows)
    lines = [f"{amount.rjust(width)}  {label}" for amount, label in rows]
    return "\n".join([*lines, "", *made.reasons]).replace(NO_BREAK, " ")
