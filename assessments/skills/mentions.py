"""What a line of text mentions, what it refuses and what it prefers, word by word and whatever the accents."""

from collections.abc import Iterable
from functools import lru_cache

from assessments.skills.phrases import fold
from assessments.skills.reading_policy import WishWords

_PREFERRED_WORDS = 8


@lru_cache(maxsize=8192)
def _padded(text: str) -> str:
    return " " + " ".join("".join(char if char.isalnum() else " " for char in text).split()) + " "


def mentions(texts: Iterable[str], words: Iterable[str], *, but: Iterable[str] = ()) -> bool:
    """Whether one of the texts holds one of the words and none of the others."""
    wanted, unwanted = [_padded(word) for word in words], [_padded(word) for word in but]
    return any(
        any(word in text for word in wanted) and not any(word in text for word in unwanted)
        for text in map(_padded, texts)
    )


def refuses(line: str, words: Iterable[str], wishes: WishWords) -> bool:
    """Whether a line refuses one of the things: a marker, then the thing within two words, no description."""
    text = _padded(fold(line))
    for marker in wishes.markers:
        for after in text.split(_padded(marker))[1:]:
            close = " " + " ".join(after.split()[:3]) + " "
            descriptive = {word.strip() for word in wishes.descriptive}
            if any(_padded(word) in close for word in words) and not descriptive & set(close.split()):
                return True
    return False


def preferred_in(line: str, wishes: WishWords) -> Iterable[str]:
    """What follows each word of preference of a line, unless the words beside it deny it; folded."""
    text = _padded(fold(line))
    for marker in wishes.preferring:
        for before, after in _around(text, _padded(marker)):
            near = {*before.split()[-2:], *after.split()[:1]}
            if not near & set(wishes.not_preferring):
                yield " ".join(after.split()[:_PREFERRED_WORDS])


def _around(text: str, marker: str) -> Iterable[tuple[str, str]]:
    start = text.find(marker)
    while start >= 0:
        yield text[:start], text[start + len(marker) :]
        start = text.find(marker, start + 1)


def refusals_in(lines: Iterable[str], wishes: WishWords) -> tuple[str, ...]:
    found = set()
    for line in lines:
        text = _padded(fold(line))
        if any(_padded(marker) in text for marker in wishes.markers):
            found |= {refusal.key for refusal in wishes.refusals if refuses(line, refusal.words, wishes)}
        for marker in wishes.only_markers:
            for only in wishes.only:
                if any(_padded(marker).rstrip() + _padded(word) in text for word in only.words):
                    found.add(only.key)
    return tuple(sorted(found))
