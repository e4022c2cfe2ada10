"""Every example of every kind of paper, rendered once for all tests of a run."""

from functools import cache

import pytest

from documents.packs import DocumentPlan
from tests.documents.papers.reading import Issued, facts_of, plan_of, render


@pytest.fixture(scope="session")
def rendered(tmp_path_factory, worker_id):
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "papers"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def issued(law, rendered):
    """`issued(kind, slug)`: facts, plan and bytes of one example."""

    @cache
    def issue(kind, slug):
        facts = facts_of(kind, slug)
        plan = plan_of(kind, facts, law)
        assert isinstance(plan, DocumentPlan), plan
        return Issued(kind=kind, slug=slug, facts=facts, plan=plan, content=render(plan, rendered))

    return issue
