"""People against programmes: everything read once, beside one pair at a time, beside TF-IDF over the same texts."""

from collections.abc import Iterable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from assessments.matching.matching import Match
from assessments.profiles import CandidateProfile, ProgrammeProfile
from service.runtime.editions import load_editions
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import profiles, programmes

PEOPLE, PROGRAMMES, TURNS = 200, 10, 3


def measure() -> list[Measure]:
    """Two lines: against reading both sides for each pair, and against a plain text search."""
    persons, wanted = profiles(PEOPLE), programmes(PROGRAMMES)
    matcher = load_editions().matcher

    found: dict[str, dict[tuple[str, str], float]] = {}

    def all_at_once() -> None:
        found["ours"] = _scores(matcher.rank(persons, wanted))

    def one_pair_at_a_time() -> None:
        found["pairs"] = _scores(
            matcher.match(person, programme) for programme in wanted for person in persons
        )

    matcher.rank(persons[:20], wanted)  # imports and indexes are made when first asked for
    ours_s, pairs_s, words_s = interleaved(
        all_at_once, one_pair_at_a_time, lambda: _similar(persons, wanted), turns=TURNS, warm=False
    )
    assert found["ours"] == found["pairs"], "both ways must give the same scores"
    what = f"{PEOPLE} people x {PROGRAMMES} programmes, ranked with reasons"
    return [
        Measure("matching", what, ours_s, "reading and matching one pair at a time", pairs_s, TURNS, "same scores"),
        Measure(
            "matching", what, ours_s, "scikit-learn TF-IDF over the same texts", words_s, TURNS,
            "TF-IDF gives a likeness: no gates, hours, languages, training or reasons",
        ),
    ]  # fmt: skip


def _scores(matches: Iterable[Match]) -> dict[tuple[str, str], float]:
    return {(match.programme, match.candidate): match.score for match in matches}


def _similar(persons: Sequence[CandidateProfile], wanted: Sequence[ProgrammeProfile]) -> object:
    said = [
        " ".join((one.headline, *one.skills, *(post.description for post in one.experience)))
        for one in persons
    ]
    asked = [" ".join((one.title, one.description, *(skill.text for skill in one.skills))) for one in wanted]
    weights = TfidfVectorizer(strip_accents="unicode").fit(said + asked)
    likeness = (weights.transform(asked) @ weights.transform(said).T).toarray()
    return likeness.argsort(axis=1)[:, ::-1]
