"""What must be done before a unit opens: the AICC script of a SCORM 1.2 manifest, read and weighed."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_TOKEN = re.compile(r'\s*(?:(\d+)\s*\*|([A-Za-z_][\w.\-]*)|(<>|[&|~(){},=])|"([^"]*)"|(\S))')
_MOST_CHARACTERS = 2_000
_MOST_DEPTH = 30
_DONE = frozenset({"passed", "completed"})
_STATUSES = {
    name: status
    for status in ("passed", "completed", "browsed", "failed", "not attempted", "incomplete")
    for name in (status, status[0])
}

Standing = Callable[[str], str]
"""The status of an item, in SCORM 1.2's words."""


class ScriptError(ValueError):
    """A script that is none; ``at`` counts characters from 1."""

    def __init__(self, at: int) -> None:
        super().__init__(f"at character {at}")
        self.at = at


class Script(NamedTuple):
    """A script read: the items that it asks about, and what it makes of their standing.

    One that only rises asks for nothing but things done: once met, it stays so.
    """

    items: tuple[str, ...]
    is_met: Callable[[Standing], bool]
    only_rises: bool


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def read_script(text: str) -> Script:
    """Read one script (SCORM 1.2 CAM 2.3.5.2): ``&`` before ``|``, ``~``, ``=``, ``<>``, sets and ``3*{A,B,C,D}``.

    An item alone is true when it was passed or completed. Raises ``ScriptError``.

    >>> script = read_script("A1 & 1*{B1,B2}")
    >>> script.items, script.is_met({"A1": "passed", "B1": "failed", "B2": "completed"}.__getitem__)
    (('A1', 'B1', 'B2'), True)
    """
    if len(text) > _MOST_CHARACTERS:
        raise ScriptError(_MOST_CHARACTERS)
    reader = _Reader(_tokens(text), len(text))
    met = reader.either(0)
    reader.finish()
    signs = {token.text for token in reader.tokens if token.kind == "sign"}
    return Script(tuple(dict.fromkeys(reader.items)), met, not signs & {"~", "=", "<>"})


def never_open(scripts: Mapping[str, tuple[Script, ...]], groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Whoever stays closed although all that ever opens gets done; what asks for something not done may always open.

    `groups` are headings, done once all below them is.
    """
    done: set[str] = set()
    met: dict[int, bool | int] = {}

    def standing(name: str) -> str:
        return "completed" if done.issuperset(groups.get(name, (name,))) else "not attempted"

    def is_met(script: Script) -> bool:
        """Weighed once for each number of things done, however many units share it; once met it stays so."""
        known = met.get(id(script))
        if known is not True and known != len(done):
            met[id(script)] = known = script.is_met(standing) or len(done)
        return known is True

    is_moving = True
    while is_moving:
        before = len(done)
        for name, asked in scripts.items():
            if name not in done and all(is_met(one) for one in asked if one.only_rises):
                done.add(name)
        is_moving = len(done) > before
    return scripts.keys() - done


def circle(needs: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The names that wait for themselves, by way of others or not; what only hangs from a circle is not named."""
    left = {name: needed & needs.keys() for name, needed in needs.items()}
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}
    return tuple(name for name in left if _waits_for_itself(left, name))


def _waits_for_itself(needs: Mapping[str, frozenset[str]], name: str) -> bool:
    seen: set[str] = set()
    front = set(needs[name])
    while front and name not in front:
        seen |= front
        front = {further for one in front for further in needs.get(one, ())} - seen
    return name in front


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for found in _TOKEN.finditer(text):
        for kind, value in zip(("times", "item", "sign", "words", "odd"), found.groups(), strict=True):
            if value is not None:
                tokens.append(_Token(kind, value, found.start(found.lastindex or 0) + 1))
    return tokens


class _Reader:
    """Recursive descent over the tokens; every method returns what its part makes of a standing."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.items: list[str] = []
        self.tokens = [*tokens, _Token("end", "", length + 1)]
        self._at = 0

    def either(self, depth: int) -> Callable[[Standing], bool]:
        parts = [self._both(depth)]
        while self._took("|"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else lambda standing: any(part(standing) for part in parts)

    def finish(self) -> None:
        if self._next.kind != "end":
            raise ScriptError(self._next.at)

    def _both(self, depth: int) -> Callable[[Standing], bool]:
        parts = [self._part(depth)]
        while self._took("&"):
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else lambda standing: all(part(standing) for part in parts)

    def _part(self, depth: int) -> Callable[[Standing], bool]:
        if depth > _MOST_DEPTH:
            raise ScriptError(self._next.at)
        if self._took("~"):
            inner = self._part(depth + 1)
            return lambda standing: not inner(standing)
        if self._took("("):
            inner = self.either(depth + 1)
            self._must(")")
            return inner
        if self._next.kind == "times":
            return self._set(int(self._take().text), depth)
        if self._next.text == "{" and self._next.kind == "sign":
            return self._set(None, depth)
        return self._item()

    def _set(self, wanted: int | None, depth: int) -> Callable[[Standing], bool]:
        """At least so many of a set, or all of it where no number is told."""
        self._must("{")
        parts = [self.either(depth + 1)]
        while self._took(","):
            parts.append(self.either(depth + 1))
        self._must("}")
        needed = len(parts) if wanted is None else wanted
        return lambda standing: sum(part(standing) for part in parts) >= needed

    def _item(self) -> Callable[[Standing], bool]:
        token = self._take()
        if token.kind != "item":
            raise ScriptError(token.at)
        self.items.append(token.text)
        if self._took("="):
            status = self._status()
            return lambda standing: standing(token.text) == status
        if self._took("<>"):
            status = self._status()
            return lambda standing: standing(token.text) != status
        return lambda standing: standing(token.text) in _DONE

    def _status(self) -> str:
        token = self._take()
        status = _STATUSES.get(token.text.lower()) if token.kind in ("item", "words") else None
        if status is None:
            raise ScriptError(token.at)
        return status

    @property
    def _next(self) -> _Token:
        return self.tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _took(self, sign: str) -> bool:
        if self._next.kind != "sign" or self._next.text != sign:
            return False
        self._at += 1
        return True

    def _must(self, sign: str) -> None:
        if not self._took(sign):
            raise ScriptError(self._next.at)
