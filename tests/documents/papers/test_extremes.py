"""Facts with a hole or with an odd value anywhere: a paper comes out whole, or what stops it is named."""

from datetime import date, datetime, time
from enum import StrEnum

import pytest
from pydantic import BaseModel, ValidationError

from documents.faults import Fault
from documents.packs import DocumentPlan, PackRefused
from documents.papers.shelf import PAPERS
from documents.reports import ReportFacts
from tests.documents.papers.reading import EXAMPLES, facts_of, plan_of, with_fact, words_of

TYPED = [(kind, slug) for kind, slug in EXAMPLES if PAPERS[kind].facts is not ReportFacts]
"""Reports are left out: the product writes their facts itself."""
EACH = pytest.mark.parametrize(("kind", "slug"), TYPED)
ODD = {
    date: (date.min, date(1899, 12, 31), date(2024, 2, 29), date(2199, 1, 1), date.max),
    time: (time.min, time.max),
    bool: (False, True),
    int: (-1, 0, 1, 1_000_000, 2**62),
}


def leaves(value, path=""):
    """Every fact that is given, with its path; lists and groups of facts count as facts too."""
    if path:
        yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}.{number}")


def odd_values(value):
    kind = next((kind for kind in (bool, int, date, time) if isinstance(value, kind)), None)
    if kind is None or isinstance(value, StrEnum | datetime):
        return type(value) if isinstance(value, StrEnum) else ()
    return [one if kind in (bool, int) else one.isoformat() for one in ODD[kind]]


def check(plan):
    """Whole or refused; a paper never says that something is not there."""
    if isinstance(plan, PackRefused):
        assert plan.missing
        assert all(item.field and item.label and item.article and item.remedy for item in plan.missing)
    else:
        assert isinstance(plan, DocumentPlan)
        said = words_of(plan.html)
        assert "None" not in said.split(), said


@EACH
def test_without_any_one_fact_a_paper_is_whole_or_names_it(law, kind, slug):
    facts = facts_of(kind, slug)
    if not PAPERS[kind].own:
        assert isinstance(plan_of(kind, facts, law), DocumentPlan)
    for path, value in leaves(facts):
        if value in (None, ()) or path.split(".")[-1] == "content":
            continue
        try:
            poorer = with_fact(facts, path, [] if isinstance(value, tuple) else None)
        except ValidationError:
            continue
        plan = plan_of(kind, poorer, law)
        check(plan)
        if isinstance(plan, PackRefused):
            absent = [item.field for item in plan.missing if item.fault is Fault.ABSENT]
            group = path.rpartition(".")[0]
            assert not absent or any(name.startswith(group) for name in absent), (path, absent)


@pytest.mark.parametrize("kind", dict(TYPED))
def test_with_an_odd_value_anywhere_a_paper_is_whole_or_says_what_is_wrong(law, kind):
    facts = facts_of(kind, dict(reversed(TYPED))[kind])
    for path, value in leaves(facts):
        for odd in odd_values(value):
            try:
                changed = with_fact(facts, path, odd)
            except ValidationError:
                continue
            try:
                check(plan_of(kind, changed, law))
            except Exception as error:
                error.add_note(f"{path} = {odd!r}")
                raise


@EACH
def test_facts_of_nothing_but_a_frame_name_all_they_lack(law, kind, slug):
    if PAPERS[kind].own:
        return
    facts = facts_of(kind, slug)
    for part in ("employer", "person"):
        if part not in type(facts).model_fields:
            continue  # a sheet is about a class, not about one person
        plan = plan_of(kind, with_fact(facts, part, {}), law)
        check(plan)
