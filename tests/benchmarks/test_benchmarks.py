"""The measuring itself: turns alternate, the table tells where we lose, both scorings agree; nothing is timed."""

import json

from assessments.questionnaires.rescoring import compiled, encode_all
from service.runtime.editions import load_editions
from tests.benchmarks import allocation, items, population, scoring, skills
from tests.benchmarks.__main__ import as_json, as_table
from tests.benchmarks.measuring import Measure, interleaved

LOST = Measure(
    "lists", "first page", ours_s=0.2, instead="rows dumped", instead_s=0.1, n=3, note="ours says more"
)
WON = Measure("skills", "phrases", ours_s=0.1, instead="a loop", instead_s=2.0)
ALONE = Measure("starting", "warm start", ours_s=3.0)


def test_turns_alternate_so_that_a_busy_moment_slows_both() -> None:
    calls: list[str] = []
    taken = interleaved(lambda: calls.append("a"), lambda: calls.append("b"), turns=3, warm=True)
    assert "".join(calls) == "ab" + "ab" + "ba" + "ab"
    assert len(taken) == 2


def test_the_table_says_where_we_are_slower_and_what_the_seconds_do_not_say() -> None:
    table = as_table([LOST, WON, ALONE], "2 cores")
    lost, said, won, alone, *_ = table.splitlines()[1:]
    assert "0.5x slower" in lost
    assert said.strip() == "ours says more"
    assert "20x" in won
    assert "slower" not in won
    assert "x" not in alone
    assert table.endswith("2 cores\n")


def test_the_figures_for_programs_carry_the_ratio() -> None:
    body = json.loads(as_json([LOST, ALONE], "2 cores"))
    assert [one["ratio"] for one in body["measures"]] == [0.5, None]
    assert body["machine"] == "2 cores"


def test_the_plain_loop_gives_the_same_scores_as_both_of_our_ways() -> None:
    instrument = next(one for (slug, _), one in load_editions().instruments.items() if slug == scoring.SLUG)
    answered = scoring._answer_sets(instrument, 40)
    ready = compiled(instrument)
    assert (
        scoring._check(
            instrument, ready, answered, encode_all(ready, [answers.to_json() for answers in answered])
        )
        > 0
    )


def test_every_phrase_is_judged_by_a_skill_that_exists() -> None:
    known = {skill.key for skill in load_editions().taxonomies[-1].skills}
    assert {skill for _, skill in skills.PHRASES if skill} <= known


def test_the_made_up_people_are_the_same_at_each_run() -> None:
    assert population.people(30) == population.people(30)
    assert len({person.id for person in population.profiles(30)}) == 30
    assert len(population.programmes(10)) == 10


def test_the_loop_over_items_gives_the_same_figures_as_our_one_pass() -> None:
    answers = items.made_up(500, 8)
    items.check(items.at_once(answers), items.again_for_each(answers))


def test_the_made_up_wave_has_a_proved_optimum_that_beats_the_best_pair_first() -> None:
    edges = allocation.made_up(1, people=200, programmes=10, pairs=4)
    chosen, hand = allocation.most_valuable(edges), allocation.best_pair_first(edges)
    assert chosen is not None
    prices = allocation.prices_of(edges, chosen)
    assert prices is not None
    allocation.check(edges, chosen, prices)
    assert edges.worth(hand) < edges.worth(chosen) == round(allocation.general(edges))
