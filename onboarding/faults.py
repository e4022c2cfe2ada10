"""Read an author's YAML into a value, or say everything that is wrong with it and where."""

from collections.abc import Hashable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

MAXIMUM_CHARACTERS = 2_000_000
MAXIMUM_DEPTH = 30

Shape = TypeVar("Shape", bound=BaseModel)


class Fault(BaseModel):
    """One thing wrong in a file: the path to it (``modules[2].quiz[0]``) and what to put right.

    ``code`` is stable, and with the values ``given`` says the same in another language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    where: str
    what: str
    code: str = "faulty"
    given: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class FaultyFileError(ValueError):
    """A file that cannot be used; ``faults`` lists everything found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that remembers keys written twice, which YAML would drop silently."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[Fault] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name in seen:
                line = _line(key.start_mark)
                self.repeated.append(Fault(where=line, what=f"the key {name!r} is written twice"))
            elif name is not None:
                seen.add(name)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def parse(text: str, shape: type[Shape]) -> Shape | tuple[Fault, ...]:
    """Parse YAML and validate it whole against ``shape``; every fault at once, in reading order."""
    refused = _refuse_hostile(text)
    if refused:
        return refused
    loader = _Loader(text)
    try:
        raw = loader.get_single_data()
    except (yaml.YAMLError, ValueError) as error:
        return (Fault(where=_mark(error), what=f"is not YAML: {_said(error)}"),)
    finally:
        loader.dispose()
    try:
        value = shape.model_validate(raw)
    except ValidationError as error:
        return (*loader.repeated, *faults_of_shape(error))
    return tuple(loader.repeated) or value


def _refuse_hostile(text: str) -> tuple[Fault, ...]:
    """Refuse what could exhaust the reader, before anything is built: size, depth, aliases, tags."""
    if len(text) > MAXIMUM_CHARACTERS:
        return (Fault(where="", what=f"is longer than {MAXIMUM_CHARACTERS} characters"),)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                return (Fault(where=_line(event.start_mark), what="uses a YAML alias; write the text out"),)
            if getattr(event, "tag", None):
                return (
                    Fault(where=_line(event.start_mark), what="uses a YAML tag; plain values are enough"),
                )
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAXIMUM_DEPTH:
                return (Fault(where="", what=f"is nested deeper than {MAXIMUM_DEPTH} levels"),)
    except (yaml.YAMLError, ValueError) as error:
        return (Fault(where=_mark(error), what=f"is not YAML: {_said(error)}"),)
    return ()


def _mark(error: Exception) -> str:
    return _line(getattr(error, "problem_mark", None))


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else ""


def _said(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)


def faults_of_shape(error: ValidationError) -> tuple[Fault, ...]:
    """Everything that a value lacks or holds wrongly, each with its place."""
    return tuple(
        Fault(
            where=place(*found["loc"]),
            what=found["msg"].removeprefix("Value error, "),
            code=found["type"].replace("_", "-"),
            given=tuple(
                (name, told) for name, told in found.get("ctx", {}).items() if isinstance(told, str | int)
            ),
        )
        for found in errors_in(error)
    )


def errors_in(error: ValidationError) -> list[ErrorDetails]:
    """What is wrong, without the lists said to be too short only because something in them is wrong."""
    return [
        found
        for found in error.errors(include_url=False)
        if not (found["type"] == "too_short" and len(found["input"]) >= found["ctx"]["min_length"])
    ]


def place(*steps: int | str) -> str:
    """Write a place the way people point at it.

    >>> place("modules", 2, "quiz", 0, "text", "en")
    'modules[2].quiz[0].text.en'
    """
    written = ""
    for step in steps:
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
    return written
