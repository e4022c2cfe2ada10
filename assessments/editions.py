"""Read one dated YAML edition into a frozen value, or say every fault it has and where."""

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import StringConstraints, ValidationError

from assessments.values import Text, Value, Words

EditionName = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]


class Confidence(StrEnum):
    """How sure we are of what an edition says."""

    VERIFIED = "verified"
    REASONED = "reasoned"
    UNVERIFIED = "unverified"


class Edition(Value):
    """What every dated file says about itself; an edition in use is never edited, a new one is added."""

    edition: EditionName
    valid_from: date
    source: Words
    confidence: Confidence


class Fault(Value):
    """One thing wrong in an edition: `path` is the way to it, as in `pages[0].items[2].prompt.en`."""

    path: str
    message: str


class EditionError(ValueError):
    """An edition that cannot be used; `faults` holds all that was found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path or '(whole file)'}: {fault.message}" for fault in faults))


SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where the wheel brings it: some ten times as fast, the same values and faults."""


class _Loader(SafeLoader):  # type: ignore[misc, valid-type]
    """YAML where only true and false are booleans (`no` stays a word) and a key may not come twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} comes twice", key_node.start_mark
                )
            seen.add(key)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


_Loader.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

E = TypeVar("E", bound=Edition)


def content_of(text: str) -> Any:
    """What a YAML text holds; raises EditionError for what is none."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader of our own)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise EditionError([Fault(path="", message=str(error) or "nested too deep")]) from error


def read_as(model: type[E], text: str) -> E:
    """`text` as one edition of `model`; raises EditionError with every fault of shape at once."""
    try:
        return model.model_validate(content_of(text))
    except ValidationError as error:
        raise EditionError([_fault(one["loc"], one["msg"]) for one in error.errors()]) from error


def faults_of_words(words: Value, *, path: str, facts: Mapping[str, frozenset[str]]) -> list[Fault]:
    """The sentences among the fields of `words` that ask for a `{fact}` nobody will fill in.

    `facts` says by field which are filled in; a field that is not in it has none. Found at load, because a
    sentence that fails while it is said would fail in front of a person.
    """
    texts = [
        (name, text) for name in type(words).model_fields if isinstance(text := getattr(words, name), Text)
    ]
    return [
        Fault(path=f"{path}.{name}.{locale}", message="asks for a fact that is not filled in here")
        for name, text in texts
        for locale in ("fr", "en")
        if not _asked(text.in_(locale)) <= facts.get(name, frozenset())
    ]


def _asked(sentence: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return {"a brace that is not closed"}


def _fault(steps: Sequence[int | str], message: str) -> Fault:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return Fault(path=path.removeprefix("."), message=message)
