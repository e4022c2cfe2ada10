"""How a name is spelled for comparing: plain words, without what people put around a skill."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_PLAIN = str.maketrans(
    {chr(code): chr(code).lower() if chr(code).isalnum() or chr(code) in "+#" else " " for code in range(128)}
)
_MARKS = re.compile(r"[^\w+#]|_", re.UNICODE)
_LONE = re.compile(r"(?<![\w+#])[+#]+|[+#]+(?=\w)")


def plain(text: str) -> str:
    """Small letters without accents, words parted by one space, nothing else; `c++` and `c#` keep their signs.

    >>> plain("L’Écoute-active (œuvre)"), plain("C++ / C#")
    ('l ecoute active oeuvre', 'c++ c#')
    """
    if text.isascii():
        spaced = text.translate(_PLAIN)
    else:
        apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
        spaced = _MARKS.sub(" ", "".join(char for char in apart if not unicodedata.combining(char)))
    if "+" in spaced or "#" in spaced:
        spaced = _LONE.sub(" ", spaced)
    return " ".join(spaced.split())


@dataclass(frozen=True)
class Affixes:
    """Words before or after a skill that say how well or how long, not what: « expérience en », « (3 ans) »."""

    before: frozenset[tuple[str, ...]]
    after: frozenset[tuple[str, ...]]
    longest: int

    @classmethod
    def of(cls, before: Iterable[str], after: Iterable[str]) -> "Affixes":
        heads = frozenset(tuple(plain(text).split()) for text in before)
        tails = frozenset(tuple(plain(text).split()) for text in after)
        return cls(heads, tails, max((len(one) for one in heads | tails), default=0))

    def strip(self, words: Sequence[str]) -> Sequence[str]:
        """The words between the affixes; all of them when nothing would be left.

        >>> Affixes.of(["expérience en"], ["ans"]).strip("experience en vente 3 ans".split())
        ['vente']
        """
        left, right = 0, len(words)
        while (step := self._length(words, left, right, self.before, ahead=True)) and left + step < right:
            left += step
        while (step := self._length(words, left, right, self.after, ahead=False)) and left + step < right:
            right -= step
        return words[left:right]

    def _length(
        self, words: Sequence[str], left: int, right: int, affixes: frozenset[tuple[str, ...]], *, ahead: bool
    ) -> int:
        edge = words[left] if ahead else words[right - 1]
        if edge.isdigit():
            return 1
        for length in range(min(self.longest, right - left - 1), 0, -1):
            part = words[left : left + length] if ahead else words[right - length : right]
            if tuple(part) in affixes:
                return length
        return 0
