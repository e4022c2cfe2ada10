import pytest

from documents.kinds import KINDS, DocumentKind
from documents.papers.shelf import PAPERS, examples_of


def test_every_kind_has_its_title_and_file_and_no_two_share_them():
    assert set(KINDS) == set(DocumentKind)
    for said in ("title", "file_stem"):
        assert len({getattr(kind, said) for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", PAPERS)
def test_every_example_of_a_kind_fits_its_facts(kind):
    examples = examples_of(kind)
    assert examples
    for text in examples.values():
        assert isinstance(PAPERS[kind].facts.model_validate_json(text), PAPERS[kind].facts)


def test_every_kind_stands_on_the_shelf_with_three_examples():
    assert set(PAPERS) == set(DocumentKind)
    assert all(len(examples_of(kind)) >= 3 for kind in PAPERS)
