from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from documents.papers.information import clocks
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from documents.terms import HiringItem, in_force
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.INFORMATION_STATEMENT
WHOLE, FIRST, SECOND = "whole-cdi", "first-days-cdd", "later-items-supervisor"
DAY = ISSUED_AT.date()
SEVEN_DAYS, ONE_MONTH = {1, 2, 3, 4, 5, 7, 11, 12}, {6, 8, 9, 10, 13, 14}
MAY_REFER = {7, 8, 9, 10, 11, 12, 14}


def said(facts, law):
    plan = plan_of(KIND, facts, law)
    assert isinstance(plan, DocumentPlan), plan
    return words_of(plan.html)


def named(facts, law):
    return {item.field for item in check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)}


def test_the_fourteen_items_have_the_clocks_and_references_of_the_article(law):
    rows = in_force(law.terms.hiring_information, DAY)
    assert {row.item for row in rows} == set(HiringItem)
    assert sorted(row.number for row in rows) == list(range(1, 15))
    assert {row.number for row in rows if row.days == 7} == SEVEN_DAYS
    assert {row.number for row in rows if row.months == 1} == ONE_MONTH
    assert {row.number for row in rows if row.may_refer} == MAY_REFER


def test_each_item_has_its_day_counted_from_the_hiring(law):
    known = clocks(facts_of(KIND, FIRST), law, DAY)
    assert {clock.due for clock in known if clock.number in SEVEN_DAYS} == {date(2026, 12, 14)}
    assert {clock.due for clock in known if clock.number in ONE_MONTH - {6}} == {date(2027, 1, 7)}
    assert next(clock for clock in known if clock.number == 6).due is None


def test_a_month_ends_on_the_last_day_of_a_shorter_one(law):
    facts = with_fact(facts_of(KIND, WHOLE), "details.start_date", "2027-01-31")
    assert {clock.due for clock in clocks(facts, law, DAY) if clock.number == 13} == {date(2027, 2, 28)}


def test_the_whole_statement_gives_every_item_that_has_an_object(law):
    known = clocks(facts_of(KIND, WHOLE), law, DAY)
    assert {clock.number for clock in known if not clock.is_given} == {5, 6}
    words = said(facts_of(KIND, WHOLE), law)
    assert "2,5 jours ouvrables par mois, soit 30 par an" in words
    assert "1 mois pour une démission" in words
    assert "dépôt daté dans votre coffre de documents" in words


def test_the_first_part_leaves_the_rest_as_a_task_of_the_month(law):
    facts = facts_of(KIND, FIRST)
    words = said(facts, law)
    assert "1 320,00 €" in words
    assert "Retraite complémentaire" not in words
    first, rest = PAPERS[KIND].deadlines(facts, law, DAY)
    assert (first.on, rest.on) == (date(2026, 12, 14), date(2027, 1, 7))
    assert {first.holder, rest.holder} == {"employer"}


def test_the_second_part_says_neither_pay_nor_hours_again(law):
    words = said(facts_of(KIND, SECOND), law)
    assert "Salaire de base" not in words
    assert "Conventions et accords collectifs" in words
    (only,) = PAPERS[KIND].deadlines(facts_of(KIND, SECOND), law, DAY)
    assert only.on == date(2027, 1, 14)


@pytest.mark.parametrize("item", HiringItem)
def test_a_text_may_stand_for_an_item_only_where_the_law_lets_it(law, item):
    facts = with_fact(
        facts_of(KIND, WHOLE), "details.references", [{"item": item.value, "texts": "article L1"}]
    )
    row = next(one for one in in_force(law.terms.hiring_information, DAY) if one.item is item)
    assert ("details.references.0" in named(facts, law)) is not row.may_refer


def test_what_a_text_says_need_not_be_written_here(law):
    bare = with_fact(facts_of(KIND, WHOLE), "details.cover_conditions", None)
    assert named(bare, law) == {"details.cover_conditions"}
    told = with_fact(
        bare, "details.references", [{"item": "protection", "texts": "accord du 25 septembre 2015"}]
    )
    assert named(told, law) == set()
    assert "accord du 25 septembre 2015. Vous pouvez les consulter" in said(told, law)


def test_the_same_item_is_not_referred_to_twice(law):
    twice = [{"item": "leave", "texts": "article L1"}, {"item": "leave", "texts": "article L2"}]
    assert "details.references" in named(with_fact(facts_of(KIND, WHOLE), "details.references", twice), law)


def test_a_file_needs_its_proof_of_delivery_and_paper_does_not(law):
    facts = with_fact(facts_of(KIND, WHOLE), "details.delivery_proof", None)
    assert named(facts, law) == {"details.delivery_proof"}
    assert named(with_fact(facts, "details.delivery", "paper"), law) == set()


def test_a_pay_below_the_minimum_is_not_told_as_if_it_were_right(law):
    facts = with_fact(facts_of(KIND, FIRST), "details.monthly_pay_cents", 100000)
    found = check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)
    assert Fault.BELOW_MINIMUM in {item.fault for item in found}
