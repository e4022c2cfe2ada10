"""A skill as any list names it: its scheme, notation, labels and aliases in two languages, and what it is a kind of."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from assessments.values import Text, Value, Words

SchemeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
"""`own`, `esco`, `rome`, or the short name of a customer's own list."""
Uri = Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^\S+$")]

OWN, ESCO, ROME = "own", "esco", "rome"


class Concept(Value):
    """One skill of one scheme. `uri` names it for good: ESCO's own address, else `scheme:notation`.

    At least one label is there; aliases are other names of the same skill, by language. `same_as` is the concept of
    another scheme that this one stands for (an own skill's ESCO concept).
    """

    uri: Uri
    scheme: SchemeName
    notation: Words
    label_fr: str = ""
    label_en: str = ""
    aliases_fr: tuple[str, ...] = ()
    aliases_en: tuple[str, ...] = ()
    broader: tuple[Uri, ...] = ()
    same_as: Uri | None = None
    kind: str = ""
    """What the list itself calls it: `knowledge`, `savoir-faire`; empty when it does not say."""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.label_fr.strip() and not self.label_en.strip():
            raise ValueError(f"{self.uri} has no label in French or in English")
        return self

    @property
    def label(self) -> Text:
        """The label in both languages; where the list has but one, that one stands for both."""
        return Text(fr=self.label_fr or self.label_en, en=self.label_en or self.label_fr)

    @property
    def names(self) -> tuple[str, ...]:
        """Every label and alias, each once, labels first."""
        every = (self.label_fr, self.label_en, *self.aliases_fr, *self.aliases_en)
        return tuple(dict.fromkeys(name for name in every if name.strip()))


class ConceptList(Value):
    """One edition of one scheme; a concept's uri comes once."""

    scheme: SchemeName
    edition: Words
    source: str = ""
    concepts: tuple[Concept, ...]

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if len({one.uri for one in self.concepts}) != len(self.concepts):
            raise ValueError("two concepts share a uri")
        return self


class Alias(Value):
    """A name that a person gave a concept in the product: it counts like the list's own names."""

    uri: Uri
    name: Words
    locale: Annotated[str, Field(pattern=r"^(fr|en)$")] = "fr"


class Changes(Value):
    """What an import changes, by uri: new ones, gone ones, and those whose names or links differ."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: Annotated[int, Field(ge=0)] = 0


def changes(before: Iterable[Concept], after: Iterable[Concept]) -> Changes:
    """What makes `before` into `after`; each kind sorted by uri."""
    old = {one.uri: one for one in before}
    new = {one.uri: one for one in after}
    changed = tuple(sorted(uri for uri in old.keys() & new.keys() if old[uri] != new[uri]))
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=changed,
        unchanged=len(old.keys() & new.keys()) - len(changed),
    )


def with_aliases(concepts: Iterable[Concept], aliases: Iterable[Alias]) -> tuple[Concept, ...]:
    """The concepts with the aliases given in the product; an alias of a concept that is not there is left out."""
    given: dict[str, list[Alias]] = defaultdict(list)
    for alias in aliases:
        given[alias.uri].append(alias)
    return tuple(_with_names(one, given[one.uri]) if one.uri in given else one for one in concepts)


def _with_names(concept: Concept, aliases: Sequence[Alias]) -> Concept:
    known = set(concept.names)
    new = [alias for alias in aliases if alias.name not in known]
    return concept.model_copy(
        update={
            "aliases_fr": (*concept.aliases_fr, *(one.name for one in new if one.locale == "fr")),
            "aliases_en": (*concept.aliases_en, *(one.name for one in new if one.locale == "en")),
        }
    )


def digest(concepts: Iterable[Concept]) -> str:
    """32 hex digits that change when any name or link of any concept does, whatever the order they come in."""
    lines = sorted("\x1f".join(_columns(one)) for one in concepts)
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()[:32]


def _columns(one: Concept) -> Iterator[str]:
    yield from (one.uri, one.scheme, one.notation, one.label_fr, one.label_en, one.same_as or "", one.kind)
    for several in (one.aliases_fr, one.aliases_en, one.broader):
        yield "\x1d".join(several)


def cycles(concepts: Iterable[Concept]) -> tuple[tuple[str, ...], ...]:
    """Each ring of concepts that are broader than themselves, once, from its smallest uri; () when there is none.

    A list with rings is still read: whoever climbs from kind to kind must stop at what was seen.
    """
    broader = {one.uri: one.broader for one in concepts}
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in broader:
        found |= _rings_from(start, broader, done)
    return tuple(sorted(found))


def _rings_from(start: str, broader: Mapping[str, tuple[str, ...]], done: set[str]) -> set[tuple[str, ...]]:
    """Depth first without recursion, so that a chain of a million links is no danger."""
    rings: set[tuple[str, ...]] = set()
    way: list[str] = []
    place: dict[str, int] = {}
    steps: list[Iterator[str]] = []

    def enter(uri: str) -> None:
        place[uri] = len(way)
        way.append(uri)
        steps.append(iter(broader.get(uri, ())))

    if start not in done:
        enter(start)
    while steps:
        wider = next(steps[-1], None)
        if wider is None:
            steps.pop()
            left = way.pop()
            del place[left]
            done.add(left)
        elif wider in place:
            ring = way[place[wider] :]
            first = ring.index(min(ring))
            rings.add((*ring[first:], *ring[:first]))
        elif wider not in done:
            enter(wider)
    return rings


def shared_labels(concepts: Iterable[Concept]) -> Mapping[str, tuple[str, ...]]:
    """Labels that several concepts of one scheme carry, with their uris; a phrase that says one is ambiguous."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in concepts:
        for label in {one.label_fr.strip().casefold(), one.label_en.strip().casefold()} - {""}:
            owners[one.scheme, label].append(one.uri)
    return {label: tuple(sorted(uris)) for (_, label), uris in sorted(owners.items()) if len(uris) > 1}
