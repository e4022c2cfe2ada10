"""Ten thousand ways to write the names of a big list of skills, each with the skill it names; the same at each run."""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessments.skills import esco
from assessments.skills.concepts import ESCO, Concept
from tests.benchmarks.population import SEED

OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "esco"
AFFIXES = (
    "expérience en {}", "bonne maîtrise de {}", "connaissance de {}", "{} (3 ans)", "{} 5 years", "experience in {}",
    "strong knowledge of {}", "{} - niveau avancé", "compétences en {}", "proficient in {}", "notions de {}",
    "{} (advanced)",
)  # fmt: skip
SHARES = {
    "case and marks": 18, "without accents": 10, "one slip": 16, "two slips": 12, "word order": 12, "affix": 14,
    "word left out": 8, "name not in the index": 10,
}  # fmt: skip
"""Of a hundred phrases, how many are written how."""


@dataclass(frozen=True)
class Phrase:
    """What somebody writes, what it names, and how it differs from the name."""

    text: str
    uri: str
    kind: str


def big_list() -> tuple[tuple[Concept, ...], str]:
    """ESCO's skills where its files lie beside the project, else a made-up list as long; and which it is."""
    files = [OFFICIAL / "skills_en.csv", OFFICIAL / "skills_fr.csv"]
    if all(file.is_file() for file in files):
        texts = {file.name: file.read_text("utf-8") for file in files}
        return esco.read(texts, edition="1.2").concepts.concepts, "ESCO"
    return made_up_list(), "a made-up list"


def made_up_list(count: int = 14_000) -> tuple[Concept, ...]:
    """Skills of made-up words, in two made-up languages, each with seven other names."""
    chance = random.Random(SEED)
    nouns, verbs = [_word(chance, 3) for _ in range(9_000)], [_word(chance, 2) for _ in range(600)]

    def name() -> str:
        few = chance.sample(nouns, chance.choice((1, 2, 2, 3)))
        return " ".join((chance.choice(verbs), few[0], *(f"of {noun}" for noun in few[1:])))

    return tuple(
        Concept(
            uri=f"esco:{number}", scheme=ESCO, notation=str(number), label_en=name(), label_fr=name() + "é",
            aliases_en=tuple(dict.fromkeys(name() for _ in range(7))),
        )
        for number in range(count)
    )  # fmt: skip


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(
        chance.choice("bcdfglmnprstv") + chance.choice(("a", "e", "i", "o", "u", "er", "an", "il"))
        for _ in range(syllables)
    )


def phrases_about(concepts: Sequence[Concept], count: int) -> tuple[list[Phrase], tuple[Concept, ...]]:
    """`count` different phrases, and the list without the names that the last kind asks for."""
    chance = random.Random(SEED)
    known = {name.casefold() for one in concepts for name in one.names}
    dealt: dict[str, list[Phrase]] = {}
    seen: set[str] = set()
    hidden: dict[str, set[str]] = {}
    for kind, share in SHARES.items():
        wanted, dealt[kind] = count * share // 100, []
        while len(dealt[kind]) < wanted:
            one = chance.choice(concepts)
            name = _name_for(chance, one, kind)
            text = WRITTEN[kind](chance, name) if name else None
            if (
                not text
                or text in seen
                or (kind not in ("case and marks", "name not in the index") and text in known)
            ):
                continue
            seen.add(text)
            dealt[kind].append(Phrase(text, one.uri, kind))
            if kind == "name not in the index":
                hidden.setdefault(one.uri, set()).add(name)
    phrases = [phrase for kind in SHARES for phrase in dealt[kind]]
    chance.shuffle(phrases)
    return phrases, tuple(_without(one, hidden.get(one.uri, set())) for one in concepts)


def _without(one: Concept, names: set[str]) -> Concept:
    if not names:
        return one
    return one.model_copy(update={"aliases_en": tuple(name for name in one.aliases_en if name not in names)})


def _name_for(chance: random.Random, one: Concept, kind: str) -> str:
    if kind == "without accents":
        return one.label_fr if not one.label_fr.isascii() else ""
    if kind == "name not in the index":
        return chance.choice(one.aliases_en) if len(one.aliases_en) > 1 else ""
    return chance.choice(one.names)


def _case(chance: random.Random, name: str) -> str:
    shown = chance.choice((str.upper, str.title, str.capitalize))(name)
    return chance.choice(("{}", "{}.", "- {}", "« {} »", "{} ;", "• {}", "{}!")).format(shown)


def _plain(_: random.Random, name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("œ", "oe")


def _slip(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, max(2, len(name) - 1))
    letter = chance.choice("abcdefghilmnoprstuv")
    swapped = name[: at - 1] + name[at : at + 1] + name[at - 1] + name[at + 1 :]
    return chance.choice((name[:at] + name[at + 1 :], name[:at] + letter + name[at + 1 :],
                          name[:at] + letter + name[at:], swapped))  # fmt: skip


def _one_slip(chance: random.Random, name: str) -> str | None:
    return _slip(chance, name) if len(name) >= 6 else None


def _two_slips(chance: random.Random, name: str) -> str | None:
    return _slip(chance, _slip(chance, name)) if len(name) >= 10 else None


def _reordered(chance: random.Random, name: str) -> str | None:
    words = name.split()
    return " ".join(chance.sample(words, len(words))) if len(words) > 1 else None


def _affixed(chance: random.Random, name: str) -> str:
    return chance.choice(AFFIXES).format(name)


def _shortened(chance: random.Random, name: str) -> str | None:
    words = name.split()
    if len(words) < 3:
        return None
    left_out = chance.randrange(len(words))
    return " ".join(word for at, word in enumerate(words) if at != left_out)


WRITTEN: dict[str, Callable[[random.Random, str], str | None]] = {
    "case and marks": _case, "without accents": _plain, "one slip": _one_slip, "two slips": _two_slips,
    "word order": _reordered, "affix": _affixed, "word left out": _shortened,
    "name not in the index": lambda _, name: name,
}  # fmt: skip


def foreign_phrases(count: int) -> Iterator[str]:
    """Phrases that name no skill of any list: made-up words, two to four of them."""
    chance = random.Random(SEED + 1)
    for _ in range(count):
        yield " ".join(_word(chance, chance.choice((2, 3, 4))) for _ in range(chance.choice((2, 3, 4))))
