"""The form of a paper, made from the model of its details: what was typed, what it says, refusals by field."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from litestar.datastructures import FormMultiDict
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from documents.facts import LONGEST_LINE
from documents.mentions import ALWAYS, Mentions
from service.runtime.errors import Fault, Tongue
from service.web.papers.offers_forms import money, typed_money
from service.web.papers.papers_words import choice_words
from service.web.translations import french

PREFIX = "d"
MORE_ROWS, LEAST_ROWS, MOST_ROWS = 2, 3, 60
IN_A_ROW = ("line", "text", "date", "time", "money", "number", "decimal", "yes", "choice", "lines")
"""What a cell of a row can hold; pictures come by the API."""
IN_CENTS = ", en centimes"
NOT_MONEY = french("Écrivez une somme en euros, par exemple 1 920 ou 1 867,02.")
NOT_WHOLE = french("Écrivez un nombre entier.")
UNFIT = french("Cette valeur ne convient pas. Corrigez-la.")


@dataclass(frozen=True)
class FieldView:
    """One field. `kind`: line, text, date, time, money, number, decimal, yes, choice, choices, lines, rows, group."""

    name: str
    member: str
    kind: str
    label: str
    help: str = ""
    is_required: bool = False
    is_optional: bool = False
    is_yes_at_first: bool = False
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["FieldView", ...] = ()
    longest: int = 0
    most: int = MOST_ROWS


@dataclass
class PaperForm:
    """What the form shows: its fields, what was typed by field, errors by field, and how many rows each list has."""

    fields: tuple[FieldView, ...]
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    extra_rows: int = MORE_ROWS

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    def values(self, name: str) -> tuple[str, ...]:
        return self.chosen.get(name, ())

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def rows(self, one: FieldView) -> range:
        """The numbers of the rows to show: those that hold something, and some empty ones."""
        filled = rows_typed(self.typed, one.name)
        return range(min(one.most, max(LEAST_ROWS, filled + self.extra_rows)))

    def is_ticked(self, column: FieldView, name: str, number: int) -> bool:
        """Whether a box in a row is ticked; in a row that holds nothing, as it would be by itself."""
        if number >= rows_typed(self.typed, name):
            return column.is_yes_at_first
        return self.value(f"{name}-{number}-{column.member}") == "yes"

    def refuse(self, faults: Iterable[Fault], tongue: Tongue) -> tuple[Fault, ...]:
        """Put each fault of a detail beside its field; what comes back belongs elsewhere."""
        others = []
        for fault in faults:
            place = self._place_of(fault.pointer)
            if place:
                self.errors.setdefault(place, fault.said(tongue))
            else:
                others.append(fault)
        return tuple(others)

    def _place_of(self, pointer: str) -> str:
        """The nearest field that is there for `/details/…`: the very one, else the list or group that holds it."""
        parts = pointer.strip("/").split("/")
        if parts[0] != "details" or len(parts) < 2:
            return ""
        name = "-".join((PREFIX, *parts[1:]))
        known = self._names()
        while name and name not in known:
            name = name.rpartition("-")[0]
        return name if name != PREFIX else ""

    def _names(self) -> frozenset[str]:
        found = set()
        for one in self.fields:
            found.add(one.name)
            for column in one.columns:
                if one.kind == "rows":
                    found.update(f"{one.name}-{n}-{column.member}" for n in self.rows(one))
                else:
                    found.add(column.name)
        return frozenset(found)


def fields_of(
    model: type[BaseModel] | None, mentions: Mentions | None, *, but: str = ""
) -> tuple[FieldView, ...]:
    """The fields of a paper's own details; required are those that the law always wants said."""
    if model is None:
        return ()
    wanted = {
        path for item in (mentions.items if mentions else ()) if item.when == ALWAYS for path in item.fields
    }
    return tuple(
        _field(name, member, f"{PREFIX}-{name}", is_required=f"details.{name}" in wanted)
        for name, member in model.model_fields.items()
        if name != but and _plain(member.annotation)[0] is not bytes
    )


def _field(member: str, info: FieldInfo, name: str, *, is_required: bool = False) -> FieldView:
    label = info.title or member.replace("_", " ").capitalize()
    inner, metadata = _plain(info.annotation)
    kind, options, columns = _kind(member, inner, [*info.metadata, *metadata], name)
    return FieldView(
        name=name,
        member=member,
        kind=kind,
        label=label.removesuffix(IN_CENTS) if kind == "money" else label,
        help=info.description or "",
        is_required=is_required,
        is_optional=info.is_required() or info.default is None,
        is_yes_at_first=info.default is True,
        options=options,
        columns=columns,
        longest=_longest(metadata + list(info.metadata)),
        most=_most(info.metadata),
    )


def _plain(annotation: Any) -> tuple[Any, list[Any]]:
    """An annotation without `| None` and without its constraints, and these."""
    metadata: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata += more
        elif get_origin(annotation) in (Union, types.UnionType):
            kept = [one for one in get_args(annotation) if one is not type(None)]
            annotation = kept[0]
        else:
            return annotation, metadata


def _kind(
    member: str, inner: Any, metadata: list[Any], name: str
) -> tuple[str, tuple[tuple[str, str], ...], tuple[FieldView, ...]]:
    if get_origin(inner) is tuple:
        return _list_kind(get_args(inner)[0], name)
    if options := _options(inner):
        return "choice", options, ()
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        columns = (_field(sub, info, f"{name}-{sub}") for sub, info in inner.model_fields.items())
        return "group", (), tuple(columns)
    if inner is int:
        return ("money" if member.endswith("_cents") else "number"), (), ()
    if inner is bytes:
        return "bytes", (), ()
    plain = {bool: "yes", date: "date", time: "time", Decimal: "decimal", float: "decimal"}.get(inner, "line")
    return ("text" if plain == "line" and _longest(metadata) > LONGEST_LINE else plain), (), ()


def _list_kind(item: Any, name: str) -> tuple[str, tuple[tuple[str, str], ...], tuple[FieldView, ...]]:
    inner, _ = _plain(item)
    if options := _options(inner):
        return "choices", options, ()
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        columns = (_field(sub, info, f"{name}-{sub}") for sub, info in inner.model_fields.items())
        return "rows", (), tuple(one for one in columns if one.kind in IN_A_ROW)
    return "lines", (), ()


def _options(inner: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return tuple((one.value, choice_words(inner.__name__, one.value)) for one in inner)
    if get_origin(inner) is Literal:
        return tuple((str(one), choice_words("", str(one))) for one in get_args(inner))
    return ()


def _longest(metadata: Iterable[Any]) -> int:
    found = [one.max_length for one in metadata if isinstance(one, StringConstraints) and one.max_length]
    return max(found, default=0)


def _most(metadata: Iterable[Any]) -> int:
    found = [one.max_length for one in metadata if getattr(one, "max_length", None)]
    return min(MOST_ROWS, *found) if found else MOST_ROWS


def form_of(fields: tuple[FieldView, ...], details: Mapping[str, Any]) -> PaperForm:
    """The fields with what `details` (as JSON) already say."""
    form = PaperForm(fields)
    for one in fields:
        _type_in(form, one, details.get(one.member))
    return form


def _type_in(form: PaperForm, one: FieldView, value: Any) -> None:
    if value is None:
        return
    if one.kind == "group":
        for column in one.columns:
            _type_in(form, column, value.get(column.member))
    elif one.kind == "rows":
        for number, item in enumerate(value):
            for column in one.columns:
                typed = _as_typed(column, item.get(column.member))
                form.typed[f"{one.name}-{number}-{column.member}"] = typed
    elif one.kind == "choices":
        form.chosen[one.name] = tuple(map(str, value))
    else:
        form.typed[one.name] = _as_typed(one, value)


def _as_typed(one: FieldView, value: Any) -> str:
    if value is None:
        return ""
    if one.kind == "money":
        return typed_money(value)
    if one.kind == "yes":
        return "yes" if value else ""
    if one.kind == "lines":
        return "\n".join(map(str, value))
    if one.kind == "decimal":
        return str(value).replace(".", ",")
    return str(value)[:5] if one.kind == "time" else str(value)


def read_form(fields: tuple[FieldView, ...], posted: FormMultiDict) -> tuple[PaperForm, dict[str, Any]]:
    """What was typed, kept whole, and the details that it says; errors are in the form."""
    form = PaperForm(
        fields,
        typed={name: str(value) for name, value in posted.items() if isinstance(value, str)},
        chosen={
            one.name: tuple(map(str, posted.getall(one.name, []))) for one in fields if one.kind == "choices"
        },
    )
    return form, {one.member: _said(form, one) for one in fields}


def _said(form: PaperForm, one: FieldView) -> Any:
    if one.kind == "choices":
        return list(form.values(one.name))
    if one.kind == "group":
        inside = {column.member: _said(form, column) for column in one.columns}
        return inside if any(inside.values()) else None
    if one.kind == "rows":
        return [_row(form, one, number) for number in _filled_rows(form, one)]
    return _one_said(form, one, one.name)


def _filled_rows(form: PaperForm, one: FieldView) -> list[int]:
    return [
        number
        for number in range(rows_typed(form.typed, one.name))
        if any(
            form.value(f"{one.name}-{number}-{column.member}").strip()
            for column in one.columns
            if column.kind != "yes"
        )
    ]


def _row(form: PaperForm, one: FieldView, number: int) -> dict[str, Any]:
    said = {
        column.member: _one_said(form, column, f"{one.name}-{number}-{column.member}")
        for column in one.columns
    }
    return {name: value for name, value in said.items() if value is not None}


def _one_said(form: PaperForm, one: FieldView, name: str) -> Any:
    text = form.value(name).strip()
    if one.kind == "yes":
        return text == "yes"
    if one.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if not text:
        return None
    if one.kind == "money":
        cents = money(text)
        if cents is None:
            form.errors[name] = NOT_MONEY
        return cents
    if one.kind == "number":
        plain = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if plain.isascii() and plain.isdigit() and len(plain) < 10:
            return int(plain)
        form.errors[name] = NOT_WHOLE
        return None
    if one.kind == "decimal":
        return "".join(text.split()).replace(",", ".")
    return text if one.kind == "text" else " ".join(text.split())


def rows_typed(typed: Mapping[str, str], name: str) -> int:
    """How many rows of a list the form holds something in, counted to the last such row."""
    last = -1
    for key, value in typed.items():
        if value.strip() and key.startswith(f"{name}-"):
            number = key[len(name) + 1 :].partition("-")[0]
            if number.isascii() and number.isdigit() and len(number) < 4:
                last = max(last, int(number))
    return min(last + 1, MOST_ROWS)
