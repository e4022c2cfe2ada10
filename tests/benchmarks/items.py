"""All item figures of a long questionnaire: our one pass over the answers, beside NumPy asked again for each item.

Both sides run in a process of their own with one thread of linear algebra: what else runs here weighs on both alike.
"""

import json
import os
import subprocess
import sys

import numpy as np
from numpy.typing import NDArray

from assessments.validation.covariances import Deletion
from assessments.validation.reliability import Reliability, reliability
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.population import SEED

PEOPLE, ITEMS, TURNS = 100_000, 60, 3
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Answers = NDArray[np.int8]


def measure() -> list[Measure]:
    """One line; both sides give the same alpha, alpha without each item and correlation with the rest to 1e-9."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.items"],
        env={**os.environ, **ONE_THREAD}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return [
        Measure(
            "items",
            f"all item figures of {PEOPLE:,} people x {ITEMS} items",
            found["ours_s"],
            "NumPy, alpha and correlation again for each item",
            found["instead_s"],
            TURNS,
            f"same figures to 1e-9, ours with omega as well; ours takes {found['megabytes']:.0f} MB over the answers",
        )
    ]


def made_up(people: int, items: int) -> Answers:
    """Answers of one to five with one common cause."""
    chance = np.random.default_rng(SEED)
    cause = chance.normal(size=(people, 1))
    return np.clip(np.round(3 + 0.6 * cause + chance.normal(size=(people, items))), 1, 5).astype(np.int8)


def at_once(answers: Answers) -> Reliability:
    """Ours: every figure, without the bootstrap of omega."""
    names = [f"q{at + 1}" for at in range(answers.shape[1])]
    return reliability(answers, scale="s", items=names, deletion=Deletion.PAIRWISE, resamples=0)


def again_for_each(answers: Answers) -> tuple[float, list[float], list[float]]:
    """What one writes in NumPy: alpha, then for each item alpha of the others and the correlation with their sum."""
    without, rest = [], []
    for item in range(answers.shape[1]):
        others = np.delete(answers, item, axis=1)
        without.append(_alpha(others))
        rest.append(float(np.corrcoef(answers[:, item], others.sum(axis=1))[0, 1]))
    return _alpha(answers), without, rest


def _alpha(answers: Answers) -> float:
    items = answers.shape[1]
    each = answers.var(axis=0, ddof=1).sum()
    return float(items / (items - 1) * (1 - each / answers.sum(axis=1).var(ddof=1)))


def check(ours: Reliability, theirs: tuple[float, list[float], list[float]]) -> None:
    """Both must say the same before anything is timed."""
    alpha, without, rest = theirs
    assert abs((ours.alpha.value or 0) - alpha) < 1e-9
    assert np.allclose([item.alpha_if_deleted for item in ours.items], without, rtol=0, atol=1e-9)
    assert np.allclose([item.item_rest for item in ours.items], rest, rtol=0, atol=1e-9)


def _megabytes(answers: Answers) -> float:
    """What one call of ours holds at most beside the answers themselves."""
    import tracemalloc

    tracemalloc.start()
    at_once(answers)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    answers = made_up(PEOPLE, ITEMS)
    check(at_once(answers), again_for_each(answers))
    ours_s, instead_s = interleaved(
        lambda: at_once(answers), lambda: again_for_each(answers), turns=TURNS, warm=False
    )
    sys.stdout.write(json.dumps({"ours_s": ours_s, "instead_s": instead_s, "megabytes": _megabytes(answers)}))


if __name__ == "__main__":
    main()
