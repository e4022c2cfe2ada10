"""How well a ranking agrees with a recruiter's grades, beside TF-IDF, BM25 and the skill formula of a known ERP."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from assessments.matching.matching import Match, Outcome
from assessments.profiles import CandidateProfile, Importance, ProgrammeProfile
from assessments.values import Value

Scores = NDArray[np.float64]

DEPTH = 10
RELEVANT_GRADE = 2
_WORD = re.compile(r"(?u)\b\w\w+\b")
_K1 = 1.5
_B = 0.75


def _tuple_from_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class JudgedHours(Value):
    """Hours as the judge's file states them."""

    usable: float
    weekly: float
    ratio: float


class Judgement(Value):
    """What one recruiter decided of one pair: 3 call today, 2 interview, 1 train or remedy, 0 another programme."""

    programme: Annotated[str, Field(min_length=1, max_length=64)]
    candidate: Annotated[str, Field(min_length=1, max_length=64)]
    grade: Annotated[int, Field(ge=0, le=3)]
    reason: str = ""
    missing: Annotated[tuple[str, ...], BeforeValidator(_tuple_from_list)] = ()
    remedies: Annotated[tuple[str, ...], BeforeValidator(_tuple_from_list)] = ()
    hours: JudgedHours | None = None
    blocking: Literal["skill", "language", "hours", "line", "wish"] | None = None
    hand: bool = False


class RankingQuality(Value):
    """Mean over the programmes; None where no programme has anyone to find."""

    method: str
    ndcg_at_10: float | None
    mean_average_precision: float | None


class GateQuality(Value):
    """`no` held against grade 0: how often a `no` was right, how many zeros it found, whom it wrongly shut out."""

    precision: float | None
    recall: float | None
    good_shut_out: float | None
    trainable_as_training: float | None
    hours_equal: float | None


class Evaluation(Value):
    """Our ranking first, then the baselines; `pairs` is how many judged pairs were found among the matches."""

    pairs: int
    unjudged: int
    rankings: tuple[RankingQuality, ...]
    gates: GateQuality


def evaluate(
    matches: Sequence[Match],
    judgements: Iterable[Judgement],
    *,
    persons: Sequence[CandidateProfile],
    programmes: Sequence[ProgrammeProfile],
) -> Evaluation:
    """Quality of `matches` against the judgements; pairs that nobody judged are left out everywhere."""
    judged = {(entry.programme, entry.candidate): entry for entry in judgements}
    pairs = [
        (match, judged[key]) for match in matches if (key := (match.programme, match.candidate)) in judged
    ]
    ours = {(match.programme, match.candidate): match.score for match in matches}
    grades = {key: entry.grade for key, entry in judged.items() if key in ours}
    texts = [text_of_person(person) for person in persons]
    wanted = [text_of_programme(programme) for programme in programmes]
    rankings = [_quality("homeshore", ours, grades)]
    for method, scores in (("tfidf", tfidf(wanted, texts)), ("bm25", bm25(wanted, texts))):
        rankings.append(_quality(method, _by_pair(scores, programmes, persons), grades))
    rankings.append(_quality("erp", {pair: erp_share(match) for pair, match in _pairs(matches)}, grades))
    return Evaluation(
        pairs=len(pairs),
        unjudged=len(matches) - len(pairs),
        rankings=tuple(rankings),
        gates=_gates(pairs, programmes),
    )


def _pairs(matches: Iterable[Match]) -> Iterable[tuple[tuple[str, str], Match]]:
    return (((match.programme, match.candidate), match) for match in matches)


def erp_share(match: Match) -> float:
    """Sum of min(level, 2 x required) over the sum of what is required, as a known ERP ranks by skills; 1 is met.

    The formula is given the levels that we read: an ERP has only what was typed in. Importance, hours, languages and
    line are not in it, and one skill held twice over makes up for another that is missing.
    """
    fits = (*match.met, *match.partial, *match.missing)
    required = sum(fit.asked for fit in fits)
    return sum(min(fit.shown, 2 * fit.asked) for fit in fits) / required if required else 0.0


def _by_pair(
    scores: Scores, programmes: Sequence[ProgrammeProfile], persons: Sequence[CandidateProfile]
) -> dict[tuple[str, str], float]:
    return {
        (programme.id, person.id): float(scores[row, column])
        for row, programme in enumerate(programmes)
        for column, person in enumerate(persons)
    }


def _quality(
    method: str, scores: Mapping[tuple[str, str], float], grades: Mapping[tuple[str, str], int]
) -> RankingQuality:
    ndcgs: list[float] = []
    precisions: list[float] = []
    for programme in sorted({programme for programme, _ in grades}):
        keys = [key for key in grades if key[0] == programme and key in scores]
        ranked = [grades[key] for key in sorted(keys, key=lambda key: (-scores[key], key[1]))]
        if (ndcg := ndcg_at(ranked)) is not None:
            ndcgs.append(ndcg)
        if (precision := average_precision(ranked)) is not None:
            precisions.append(precision)
    return RankingQuality(method=method, ndcg_at_10=_mean(ndcgs), mean_average_precision=_mean(precisions))


def ndcg_at(ranked_grades: Sequence[int], depth: int = DEPTH) -> float | None:
    """Normalised discounted gain of grades in ranked order, with gains 2^grade - 1; None where all grades are 0.

    >>> ndcg_at([3, 2, 0])
    1.0
    >>> round(ndcg_at([0, 3]), 4)
    0.6309
    """
    ideal = _dcg(sorted(ranked_grades, reverse=True)[:depth])
    return _dcg(ranked_grades[:depth]) / ideal if ideal else None


def _dcg(grades: Sequence[int]) -> float:
    gains = np.exp2(np.asarray(grades, dtype=np.float64)) - 1
    return float(np.sum(gains / np.log2(np.arange(2, len(grades) + 2))))


def average_precision(ranked_grades: Sequence[int], relevant_from: int = RELEVANT_GRADE) -> float | None:
    """Mean precision at each relevant place (grade 2 or more); None where nobody is relevant.

    >>> average_precision([3, 0, 2])
    0.8333333333333333
    """
    places = [place for place, grade in enumerate(ranked_grades, start=1) if grade >= relevant_from]
    return _mean([found / place for found, place in enumerate(places, start=1)])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _share(part: Sequence[bool]) -> float | None:
    return sum(part) / len(part) if part else None


def _gates(pairs: Sequence[tuple[Match, Judgement]], programmes: Sequence[ProgrammeProfile]) -> GateQuality:
    musts = {
        programme.id: {skill.text for skill in programme.skills if skill.importance is Importance.MUST}
        for programme in programmes
    }
    return GateQuality(
        precision=_share([entry.grade == 0 for match, entry in pairs if match.outcome is Outcome.NO]),
        recall=_share([match.outcome is Outcome.NO for match, entry in pairs if entry.grade == 0]),
        good_shut_out=_share(
            [match.outcome is Outcome.NO for match, entry in pairs if entry.grade >= RELEVANT_GRADE]
        ),
        trainable_as_training=_share(
            [
                match.outcome is Outcome.AFTER_TRAINING
                for match, entry in pairs
                if entry.grade == 1 and set(entry.missing) & musts.get(entry.programme, set())
            ]
        ),
        hours_equal=_share(
            [abs(match.hours.usable - entry.hours.usable) < 1e-6 for match, entry in pairs if entry.hours]
        ),
    )


def text_of_person(person: CandidateProfile) -> str:
    """All that a person wrote about work, as one text."""
    posts = (f"{post.title} {post.employer_kind} {post.description}" for post in person.experience)
    return " ".join((person.headline, *person.skills, *posts))


def text_of_programme(programme: ProgrammeProfile) -> str:
    """All that a client wrote about a programme, as one text."""
    return " ".join(
        (
            programme.title,
            programme.client_sector,
            programme.description,
            *(skill.text for skill in programme.skills),
        )
    )


def _counts(texts: Sequence[str]) -> tuple[Scores, list[str]]:
    """Word counts, one row a text, words of two letters or more in lower case, in alphabetical order."""
    bags = [Counter(_WORD.findall(text.lower())) for text in texts]
    words = sorted(set().union(*bags)) if bags else []
    place = {word: index for index, word in enumerate(words)}
    counts = np.zeros((len(texts), len(words)))
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            counts[row, place[word]] = count
    return counts, words


def tfidf(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    """Cosine of TF-IDF vectors (smoothed idf, length 1), queries × documents; both count for the idf."""
    counts, _ = _counts([*queries, *documents])
    present = (counts > 0).sum(axis=0)
    vectors = counts * (np.log((1 + len(counts)) / (1 + present)) + 1)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    product: Scores = vectors[: len(queries)] @ vectors[len(queries) :].T
    return product


def bm25(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    """Okapi BM25 (k1 1.5, b 0.75, idf ln(1 + (N - n + 0.5) / (n + 0.5))), queries × documents."""
    counts, _ = _counts([*queries, *documents])
    asked, held = counts[: len(queries)], counts[len(queries) :]
    present = (held > 0).sum(axis=0)
    idf = np.log1p((len(held) - present + 0.5) / (present + 0.5))
    length = held.sum(axis=1, keepdims=True)
    mean_length = float(length.mean()) if len(held) and length.any() else 1.0
    weight = held * (_K1 + 1) / (held + _K1 * (1 - _B + _B * length / mean_length))
    scores: Scores = asked @ (weight * idf).T
    return scores
