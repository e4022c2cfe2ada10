import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.skills.concepts import (
    Alias,
    Concept,
    ConceptList,
    changes,
    cycles,
    digest,
    shared_labels,
    with_aliases,
)


def concept(number: int, label: str = "", broader: tuple[int, ...] = ()) -> Concept:
    return Concept(
        uri=f"own:{number}", scheme="own", notation=str(number), label_fr=label or f"compétence {number}",
        broader=tuple(f"own:{one}" for one in broader),
    )  # fmt: skip


def test_a_skill_without_any_label_is_none():
    with pytest.raises(ValueError, match="no label"):
        Concept(uri="own:a", scheme="own", notation="a", label_fr=" ")


def test_one_language_stands_for_both_where_the_list_has_but_one():
    assert concept(1, "écoute").label.en == "écoute"


def test_a_list_names_each_skill_once():
    with pytest.raises(ValueError, match="share a uri"):
        ConceptList(scheme="own", edition="1", concepts=(concept(1), concept(1)))


def test_what_an_import_changes_is_told_apart():
    found = changes([concept(1), concept(2), concept(3)], [concept(2), concept(3, "autre"), concept(4)])

    assert (found.added, found.removed, found.changed, found.unchanged) == (
        ("own:4",),
        ("own:1",),
        ("own:3",),
        1,
    )


def test_the_same_list_in_another_order_has_the_same_digest_and_another_name_another_one():
    assert digest([concept(1), concept(2)]) == digest([concept(2), concept(1)])
    assert digest([concept(1)]) != digest([concept(1, "autre")])


def test_an_alias_given_here_counts_once_and_only_where_its_skill_is():
    given_here = [Alias(uri="own:1", name="prise d'appels"), Alias(uri="own:1", name="compétence 1"),
                  Alias(uri="own:9", name="ailleurs")]  # fmt: skip
    (one,) = with_aliases([concept(1)], given_here)

    assert one.aliases_fr == ("prise d'appels",)


def test_each_ring_is_told_once_however_one_enters_it():
    ring = [
        concept(1, broader=(2,)),
        concept(2, broader=(3,)),
        concept(3, broader=(1,)),
        concept(4, broader=(2, 4)),
    ]

    assert cycles(ring) == (("own:1", "own:2", "own:3"), ("own:4",))


def test_a_chain_of_a_hundred_thousand_links_is_climbed():
    assert cycles([concept(number, broader=(number + 1,)) for number in range(100_000)]) == ()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_a_list_without_links_back_has_no_ring(links):
    upwards = {number: tuple({high for low, high in links if low == number < high}) for number in range(7)}

    assert cycles([concept(number, broader=wider) for number, wider in upwards.items()]) == ()


def test_two_skills_of_one_label_are_named():
    assert shared_labels([concept(1, "Vendre"), concept(2, "vendre")]) == {"vendre": ("own:1", "own:2")}
