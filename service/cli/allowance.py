"""homeshore allowance: what one month of telework may be paid without contributions, without a server or a database."""

import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

import click

from documents.allowance_days import SheetFault
from documents.allowance_months import PersonMonth, in_columns, split_month
from documents.allowance_people import Employee, is_time_sheet, read_days, read_people
from documents.allowances import (
    AgreementKind,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    statement,
)
from documents.money import NO_BREAK, euros
from documents.payroll_lines import (
    PayrollMap,
    PayrollMapError,
    PayrollRefused,
    lines_of_month,
    read_map,
    write_lines,
)
from service.cli.output import MOST_FAULTS, answer, as_json, told
from service.flows.reading.reading_text import UnreadableFile, decode
from service.runtime.editions import load_law
from service.runtime.errors import Fault, InBoth, Malformed, RuleBroken

LARGEST_EUROS = 1_000_000
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITTEN = click.Path(dir_okay=False, path_type=Path)


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
@click.option(
    "--file", "--people", "people_path", type=READABLE, help="Everybody's month, a CSV file; needs --out."
)
@click.option("--out", "out_path", type=WRITTEN, help="The payroll lines of --file.")
@click.option(
    "--map", "--columns", "columns_path", type=READABLE, help="Your own map of payroll columns (YAML)."
)
@as_json
@told
def allowance(
    month: date, mode: str | None, days: int | None, weekly_days: int | None, agreement: str, is_incomplete: bool,
    paid: int | None, receipts: int, people_path: Path | None, out_path: Path | None, columns_path: Path | None,
    json_output: bool,
) -> None:  # fmt: skip
    """The ceiling of one month of the telework allowance, and what is exempt and taxable of what is paid.

    For one person, with --mode; for everybody, with --file and --out, as lines for payroll. The columns of
    --file are matricule;mode;jours;rythme;complet;accord;verse;justificatifs (matricule and mode are a must), or
    those of a time sheet, matricule;date;heures, which is paid per day under --agreement.
    """
    if people_path is not None:
        if out_path is None or days is not None or weekly_days is not None or paid is not None:
            raise click.UsageError("--file goes with --out, and not with what is said of one person.")
        _everybody(
            month, people_path, out_path, columns_path, mode=mode, agreement=AgreementKind(agreement),
            json_output=json_output,
        )  # fmt: skip
        return
    if mode is None:
        raise click.UsageError("Missing option '--mode' (or --file and --out for everybody).")
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


def _everybody(
    month: date,
    people_path: Path,
    out_path: Path,
    columns_path: Path | None,
    *,
    mode: str | None,
    agreement: AgreementKind,
    json_output: bool,
) -> None:
    """Lines for payroll, or every fault with its place and nothing written."""
    try:
        text = decode(people_path.read_bytes())
    except UnreadableFile as error:
        raise Malformed("%(path)s: %(problem)s", path=people_path, problem=str(error)) from None
    columns = _columns(columns_path)
    if mode is not None and (mode != AllowanceMode.PER_DAY.value or not is_time_sheet(text)):
        raise click.UsageError("--mode day goes with a time sheet; other files say the mode of each person.")
    people = _people(people_path, text, month, agreement)
    held = in_columns([one.month for one in people], month=month)
    split = split_month(load_law(), held)
    numbers = [one.number for one in people]
    if split.refusal.any():
        refused = zip(numbers, split.refusal.tolist(), strict=True)
        raise RuleBroken(
            "Nothing was written.",
            faults=[Fault(number, "refused", _bare(split.details[why])) for number, why in refused if why][
                :MOST_FAULTS
            ],
        )
    lines = lines_of_month(numbers, held, split)
    written = write_lines(lines, columns)
    if isinstance(written, PayrollRefused):
        places = [Fault(one.field, "refused", _bare(one.detail)) for one in written.faults[:MOST_FAULTS]]
        raise RuleBroken("Nothing was written.", faults=places)
    out_path.write_text(written, "utf-8-sig", newline="")
    sums = {
        "people": len(people),
        "lines": len(lines),
        "paid_cents": int(split.paid_cents.sum()),
        "exempt_cents": int(split.exempt_cents.sum()),
        "taxable_cents": int(split.taxable_cents.sum()),
        "columns": f"{columns.payroll_map}/{columns.edition}",
        "out": str(out_path),
    }
    exempt, taxable = euros(int(split.exempt_cents.sum())), euros(int(split.taxable_cents.sum()))
    words = f"{len(people)} people, {len(lines)} lines, {exempt} exempt, {taxable} taxable -> {out_path}"
    answer(sums, json_output=json_output, words=words.replace(NO_BREAK, " "))


def _people(path: Path, text: str, month: date, agreement: AgreementKind) -> list[Employee]:
    if is_time_sheet(text):
        held, faults = read_days(text, month=month)
        if faults:
            _tell(path, faults)
        return [
            Employee(
                one.number,
                PersonMonth(
                    worked=MonthWorked(month=month, days=one.days),
                    mode=AllowanceMode.PER_DAY,
                    agreement=agreement,
                ),
            )
            for one in held
        ]
    read = read_people(text, month=month)
    if wrong := [one for one in read if isinstance(one, SheetFault)]:
        _tell(path, wrong)
    return [one for one in read if isinstance(one, Employee)]


def _columns(path: Path | None) -> PayrollMap:
    shipped = files("documents").joinpath("exports", "variables.yaml")
    try:
        return read_map(decode(path.read_bytes()) if path else shipped.read_text("utf-8"))
    except (PayrollMapError, UnreadableFile) as error:
        raise Malformed("%(path)s: %(problem)s", path=path, problem=str(error)) from None


def _tell(path: Path, faults: Sequence[SheetFault]) -> NoReturn:
    for one in faults[:MOST_FAULTS]:
        column = f", {one.column}" if one.column else ""
        value = f", « {one.value} »" if one.value else ""
        click.echo(f"{path}: ligne {one.line}{column}{value} : {one.detail}", err=True)
    raise RuleBroken("%(path)s: %(count)s fault(s), nothing was written.", path=path, count=len(faults))


def _bare(detail: str) -> InBoth:
    """A sentence of law, which is French in both places."""
    return InBoth(detail, detail)
