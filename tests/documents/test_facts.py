import pytest
from pydantic import ValidationError

from documents.facts import OfferFacts, PersonFacts


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "", "   ", "x" * 201, "\ud800"])
def test_text_that_is_no_name_is_refused(name):
    with pytest.raises(ValidationError):
        PersonFacts(first_name=name)


@pytest.mark.parametrize("name", ["O'Brien", "d'Éon", "李", "Ng", "X", "Null", "N/A", "Łukasik"])
def test_no_name_is_invalid_for_being_unusual(name):
    assert PersonFacts(last_name=f" {name} ").last_name == name


def test_a_name_typed_in_pieces_is_kept_in_one_form():
    assert PersonFacts(first_name="Zoe\u0301") == PersonFacts(first_name="Zoé")


@pytest.mark.parametrize("wrong", [-1, 1.5, "100", True, 10**12])
def test_money_is_whole_cents(wrong):
    with pytest.raises(ValidationError):
        OfferFacts(monthly_pay_cents=wrong)


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError):
        PersonFacts(nir="1234567890123")


def test_a_clause_of_a_hundred_thousand_characters_is_refused():
    with pytest.raises(ValidationError):
        OfferFacts(reason_detail="x" * 100_000)
