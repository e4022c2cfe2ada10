"""Ten thousand phrases against a list of fourteen thousand skills, beside a loop of rapidfuzz's extractOne (WRatio)."""

import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import cycle

from rapidfuzz import fuzz, process, utils

from assessments.skills import lexicon_pack
from assessments.skills.concepts import Concept
from assessments.skills.finding import Finder, Found, Way
from assessments.skills.lexicon import Lexicon, build, own_concepts
from assessments.skills.lexicon_policy import LexiconPolicy
from service.runtime.editions import load_editions
from tests.benchmarks.measuring import Measure, interleaved, seconds_of
from tests.benchmarks.skill_phrases import SHARES, Phrase, big_list, foreign_phrases, phrases_about

COUNT, FEW, SAMPLE, FOREIGN, TURNS = 10_000, 1_000, 200, 200, 3
TOLD = "extractOne(WRatio), one by one"
GROWTH = "the bar: ten times as many cost at most 10.5 times as much, here a ratio of 1.05"

Answer = Callable[[str], str | None]


def measure() -> list[Measure]:
    """Six lines; the loop is timed on the first phrases of the same list, and judged on the same ones."""
    concepts, which = big_list()
    phrases, kept = phrases_about(concepts, COUNT)
    policy = load_editions().lexicon_policies[-1]
    index, built_s = _built(kept, policy)
    packed = lexicon_pack.to_bytes(index)
    plain = _loop(kept)
    turns = cycle(range(0, SAMPLE, SAMPLE // TURNS))

    def a_few() -> None:
        start = next(turns)
        for phrase in phrases[start : start + SAMPLE // TURNS]:
            plain(phrase.text)

    # Far from one another: the resolver of our own list remembers the last thousand phrases.
    slices = [phrases[start : start + FEW] for start in range(0, COUNT, COUNT // TURNS)][:TURNS]

    def all_of(found_by: Finder) -> list[Found]:
        return found_by.find_all(phrase.text for phrase in phrases)

    # The lists themselves are no garbage: looking through them again and again would be timed with the longest run.
    gc.collect()
    gc.freeze()
    ours_s, bare_s, few_s, loop_s, loaded_s = interleaved(
        lambda: all_of(_finder(index, policy)),
        lambda: all_of(_finder(index, without_affixes(policy))),
        lambda: [_finder(index, policy).find_all(phrase.text for phrase in some) for some in slices],
        a_few,
        lambda: lexicon_pack.from_bytes(packed),
        turns=TURNS,
        warm=False,
    )
    gc.unfreeze()
    one_s = loop_s / (SAMPLE // TURNS)
    found = all_of(_finder(index, policy))
    what = f"{COUNT} phrases against {len(concepts)} skills of {which}"
    scaled = f"{TOLD} ({SAMPLE} timed, scaled)"
    slow_s = slowest_but_one_in_a_hundred(_finder(index, policy), phrases[:FEW])
    lines: list[tuple[str, float, str, float, int, str]] = [
        (what, ours_s, scaled, one_s * COUNT, TURNS, _rightness(phrases, found, plain)),
        ("the same without rules for affixes", bare_s, scaled, one_s * COUNT, TURNS, _by_way(phrases, found)),
        (f"ten times {FEW} phrases", 10 * few_s / TURNS, f"{COUNT} at once", ours_s, TURNS, GROWTH),
        ("one phrase by itself, the slowest but 1 %", slow_s, "one call of extractOne", one_s, FEW, ""),
        (
            f"an index of {len(packed) // 1_000_000} MB read back",
            loaded_s,
            "one call of it",
            one_s,
            TURNS,
            "",
        ),
        ("an index made", built_s, "forty calls of extractOne", 40 * one_s, 1, _foreign(index, policy)),
    ]
    return [Measure("resolving", *line) for line in lines]


def _built(kept: Sequence[Concept], policy: LexiconPolicy) -> tuple[Lexicon, float]:
    editions = load_editions()
    concepts = (*own_concepts(editions.taxonomies[-1]), *kept)
    made: list[Lexicon] = []
    taken = seconds_of(lambda: made.append(build(concepts, policy, editions.vocabularies[-1])))
    return made[0], taken


def _finder(index: Lexicon, policy: LexiconPolicy) -> Finder:
    """A finder that has not seen any phrase yet."""
    return Finder(index, policy, load_editions().resolver)


def without_affixes(policy: LexiconPolicy) -> LexiconPolicy:
    """The same policy with no rule for what people put around a skill."""
    return LexiconPolicy.model_validate({**policy.model_dump(), "before": (), "after": ()})


def _loop(kept: Sequence[Concept]) -> Answer:
    """What one writes in ten lines: every name in a list, and the best by WRatio."""
    owners: dict[str, str] = {}
    for one in kept:
        for name in one.names:
            owners.setdefault(utils.default_process(name), one.uri)
    names = list(owners)

    def answer(phrase: str) -> str | None:
        found = process.extractOne(phrase, names, scorer=fuzz.WRatio, processor=utils.default_process)
        return owners[found[0]] if found else None

    return answer


def first_of(found: Found) -> str | None:
    """The skill taken, or the nearest one shown when none was taken: a loop never says no either."""
    if found.named is not None:
        return found.named.uri
    return found.alternatives[0].uri if found.alternatives else None


def _rightness(phrases: Sequence[Phrase], found: Sequence[Found], plain: Answer) -> str:
    """Nearest skill right, ours and the loop's on the same phrases, then ours on all of them by kind."""
    same = [(phrase, first_of(one)) for phrase, one in zip(phrases, found, strict=True)]
    ours = sum(uri == phrase.uri for phrase, uri in same[:SAMPLE]) / SAMPLE
    loop = sum(plain(phrase.text) == phrase.uri for phrase, _ in same[:SAMPLE]) / SAMPLE
    right = Counter(phrase.kind for phrase, uri in same if uri == phrase.uri)
    every = Counter(phrase.kind for phrase in phrases)
    kinds = ", ".join(f"{kind} {right[kind] / every[kind]:.3f}" for kind in SHARES)
    whole = right.total() / len(phrases)
    on_same = f"nearest right on the same {SAMPLE}: ours {ours:.3f}, the loop {loop:.3f}"
    return f"{on_same}; ours on all {whole:.3f} ({kinds})"


def _by_way(phrases: Sequence[Phrase], found: Sequence[Found]) -> str:
    """How often what was taken is right, by the way it was found."""
    taken = Counter(one.way for one in found)
    right = Counter(
        one.way
        for phrase, one in zip(phrases, found, strict=True)
        if one.named and one.named.uri == phrase.uri
    )
    ways = ", ".join(
        f"{way} {right[way] / taken[way]:.3f} of {taken[way]}"
        for way in Way
        if way != Way.NONE and taken[way]
    )
    return f"with the rules, right when taken: {ways}; not taken {taken[Way.NONE]}"  # fmt: skip


def _foreign(index: Lexicon, policy: LexiconPolicy) -> str:
    """How near made-up words that name nothing come to a skill, beside the likeness from which one is taken."""
    finder = _finder(index, policy)
    best = [finder.nearest(phrase) for phrase in foreign_phrases(FOREIGN)]
    enough = policy.likeness.accepted
    taken = sum(finder.find(phrase).named is not None for phrase in foreign_phrases(FOREIGN))
    return (
        f"words that name nothing: nearest {100 * statistics.median(best):.0f} of 100 at the median, "
        f"{100 * enough:.0f} are needed; {taken} of {FOREIGN} taken"
    )


def slowest_but_one_in_a_hundred(finder: Finder, phrases: Sequence[Phrase]) -> float:
    """The 99th percentile of single calls, in seconds; each phrase is new to the finder."""
    taken = []
    for phrase in phrases:
        start = time.perf_counter()
        finder.find(phrase.text)
        taken.append(time.perf_counter() - start)
    return statistics.quantiles(taken, n=100)[98]
