"""A customer's own list of skills from CSV."""

import pytest

from assessments.skills import own_lists
from assessments.skills.concept_files import ListError

HEAD = "notation;label_fr;label_en;aliases_fr;broader;same_as\n"


def read(text: str, scheme: str = "acme") -> own_lists.ReadList:
    return own_lists.read({"liste.csv": text}, scheme=scheme, edition="2026-11")


def test_each_row_is_a_skill_with_its_names_and_its_links() -> None:
    found = read(
        HEAD + "R1;Réclamation;Complaint;plainte | litige;;complaints\nR2;Litige grave;;;R1;\n"
    ).concepts
    first, second = found.concepts
    assert (first.uri, first.names) == ("acme:R1", ("Réclamation", "Complaint", "plainte", "litige"))
    assert first.same_as == "own:complaints"
    assert second.broader == ("acme:R1",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + "R1;Un;;;;\nR1;Deux;;;;\n", 3),
        (HEAD + "R1;;;;;\n", 2),
        (HEAD + "R 1;Un;;;;\n", 2),
        (HEAD + "R1;Un;;;R9;\n", 2),
        (HEAD + f"R1;{'x' * 301};;;;\n", 2),
        ("name;label\nR1;Un\n", 1),
    ],
)
def test_every_fault_says_its_line(text: str, line: int) -> None:
    with pytest.raises(ListError) as refused:
        read(text)
    assert [fault.line for fault in refused.value.faults] == [line]


@pytest.mark.parametrize("scheme", ["own", "esco", "Rome", "x", "a b"])
def test_a_list_is_not_named_like_another(scheme: str) -> None:
    with pytest.raises(ListError):
        read(HEAD + "R1;Un;;;;\n", scheme)
