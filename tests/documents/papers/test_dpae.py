import json
from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from stdnum.fr import nir as social_number

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from documents.papers.dpae import DpaeDetails, DpaeRefused, capitals, dpae_file, masked, window_of
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.DPAE_SHEET
CDI, CDD, NEW = "registered-cdi", "short-cdd-usual-name", "born-in-corsica-not-registered"
IN_WINDOW = date(2026, 12, 1)
NUMBER = "294052923200146"


def details(facts, **more):
    return facts.model_copy(update={"details": facts.details.model_copy(update=more)})


def stopped(facts, law, *, on=ISSUED_AT):
    return {item.field for item in check_paper(KIND, facts, law=law, issued_at=on)}


def read(content):
    return {
        element.tag.rpartition("}")[2]: element.text for element in ElementTree.fromstring(content).iter()
    }


def test_the_window_opens_eight_days_before_and_closes_with_the_work(law):
    window = window_of(date(2026, 12, 7), law)
    assert (window.opens, window.closes) == (date(2026, 11, 29), date(2026, 12, 7))
    words = words_of(plan_of(KIND, facts_of(KIND, CDI), law).html)
    assert "du 29/11/2026 au 07/12/2026, avant 9 h" in words


def test_the_sheet_holds_all_that_the_article_wants(law):
    words = words_of(plan_of(KIND, facts_of(KIND, CDI), law).html)
    for one in (
        "812 345 678 00019",
        "82.20Z",
        "santé au travail Exemple 44",
        "Le Goff",
        "féminin",
        "17/05/1994, Quimper (29), département 29",
        "2 94 05 29 232 001 46",
        "lundi 7 décembre 2026, 9 h",
        "contrat à durée indéterminée (CDI)",
        "2 mois, soit 62 jours",
    ):
        assert one in words


def test_the_trial_of_a_short_fixed_term_is_not_declared(law):
    facts = facts_of(KIND, CDD)
    assert "non déclarée : le CDD ne dépasse pas six mois" in words_of(plan_of(KIND, facts, law).html)
    longer = with_fact(facts, "details.end_date", "2027-06-07")
    assert "14 jours" in words_of(plan_of(KIND, longer, law).html)


def test_no_record_of_the_sheet_tells_the_number(law, issued):
    paper = issued(KIND, CDI)
    assert NUMBER not in paper.plan.facts_json
    assert NUMBER not in paper.facts.model_dump_json()
    assert NUMBER not in repr(paper.facts)
    with pikepdf.open(BytesIO(paper.content)) as document:
        attached = next(iter(document.attachments.values())).get_file().read_bytes()
    assert NUMBER.encode() not in attached
    assert json.loads(attached)["facts"]["details"]["nir"] == masked(NUMBER)


def test_a_record_read_back_keeps_the_number_masked_and_makes_no_file(law):
    facts = facts_of(KIND, CDI)
    back = type(facts).model_validate_json(facts.model_dump_json())
    assert back.details.nir == masked(NUMBER)
    assert isinstance(plan_of(KIND, back, law), DocumentPlan)
    refused = dpae_file(back, law, on=IN_WINDOW)
    assert isinstance(refused, DpaeRefused)
    assert "masqué" in refused.reasons[0]


@pytest.mark.parametrize("kind", [kind for kind in PAPERS if kind is not KIND])
def test_no_other_paper_has_a_place_for_the_number(kind):
    assert "nir" not in json.dumps(PAPERS[kind].facts.model_json_schema()).lower().split('"')


@given(st.integers(1, 2), st.integers(0, 99), st.integers(1, 12), st.integers(1, 95), st.integers(0, 999_999))
def test_a_number_is_taken_with_its_key_and_refused_with_any_other(sex, year, month, place, rest):
    bare = f"{sex}{year:02d}{month:02d}{place:02d}{rest:06d}"
    key = social_number.calc_check_digits(bare)
    assert DpaeDetails(nir=bare + key).nir == bare + key
    wrong = f"{int(key) % 97 + 1:02d}"
    with pytest.raises(ValidationError):
        DpaeDetails(nir=bare + wrong)


def test_a_number_from_corsica_is_valid():
    bare = "179072A004123"
    assert DpaeDetails(nir=bare + social_number.calc_check_digits(bare)).nir[5:7] == "2A"


@pytest.mark.parametrize("bad", ["", "29405", "2940529232001467", "29405292320014A", "•" * 15, "29405•••"])
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ValidationError):
        DpaeDetails(nir=bad)


def test_the_number_is_not_there_before_the_hiring_is_accepted(law):
    assert "details.nir" in stopped(details(facts_of(KIND, CDI), accepted_on=None), law)
    assert "details.accepted_on" in stopped(details(facts_of(KIND, CDI), accepted_on=date(2026, 11, 22)), law)


@pytest.mark.parametrize(
    ("path", "value"),
    [("details.sex", "male"), ("person.birth_date", "1995-05-17"), ("person.birth_date", "1994-06-17")],
)
def test_a_number_that_tells_another_person_is_a_slip_to_correct(law, path, value):
    facts = facts_of(KIND, CDI)
    changed = with_fact(facts, path, value)
    whole = details(changed, nir=facts.details.nir)
    assert "details.nir" in stopped(whole, law)


def test_who_has_no_number_yet_is_declared_all_the_same(law):
    facts = facts_of(KIND, NEW)
    assert "la déclaration demande l’immatriculation" in words_of(plan_of(KIND, facts, law).html)
    written = dpae_file(facts, law, on=date(2026, 11, 24))
    assert isinstance(written, bytes)
    assert b"NIR" not in written


def test_the_file_has_the_layout_and_the_letters_of_the_deposit(law):
    written = dpae_file(facts_of(KIND, CDI), law, on=IN_WINDOW)
    assert isinstance(written, bytes)
    assert written.startswith(b"<?xml version='1.0' encoding='ISO-8859-1'?>")
    told = read(written)
    assert told["FR_DUE_Upload.Test.Indicator"] == "120"
    assert told["FR_Organization.SIRET.Identifier"] == "81234567800019"
    assert told["FR_Organization.APE.Code"] == "8220Z"
    assert told["FR_PersonIdentity.Surname.Text"] == "LE GOFF"
    assert told["FR_PersonIdentity.ChristianName.Text"] == "MAIWENN"
    assert told["FR_PersonIdentity.Sex.Code"] == "2"
    assert (told["FR_NNI.NIR.Identifier"], told["FR_NNI.NIRKey.Text"]) == ("2940529232001", "46")
    assert (told["FR_Birth.Date"], told["FR_Birth.Town.Text"]) == ("1994-05-17", "QUIMPER")
    assert told["FR_Contract.StartContract.Date"] == "2026-12-07"
    assert told["FR_Contract.StartContract.Time"] == "09:00:00"
    assert told["FR_Contract.Nature.Code"] == "CDI"
    assert told["FR_Contract.TrialTime.Text"] == "62"
    assert "FR_Contract.EndContract.Date" not in told


def test_a_fixed_term_file_says_its_end_and_a_trial_run_says_that_it_is_one(law):
    told = read(dpae_file(facts_of(KIND, CDD), law, on=IN_WINDOW, is_trial_run=True))
    assert told["FR_DUE_Upload.Test.Indicator"] == "1"
    assert told["FR_Contract.EndContract.Date"] == "2027-06-04"
    assert told["FR_PersonIdentity.UsualName.Text"] == "L'HOPITAL-LUKASIK"
    assert "FR_Contract.TrialTime.Text" not in told


@pytest.mark.parametrize(
    ("on", "reason"), [(date(2026, 11, 28), "29/11/2026"), (date(2026, 12, 8), "commencé")]
)
def test_no_file_is_made_before_the_window_nor_after_the_work_began(law, on, reason):
    refused = dpae_file(facts_of(KIND, CDI), law, on=on)
    assert isinstance(refused, DpaeRefused)
    assert reason in " ".join(refused.reasons)


@pytest.mark.parametrize("on", [date(2026, 11, 29), date(2026, 12, 6), date(2026, 12, 7)])
def test_a_file_is_made_on_every_day_of_the_window(law, on):
    assert isinstance(dpae_file(facts_of(KIND, CDI), law, on=on), bytes)


def test_a_hiring_begun_without_declaration_is_put_right_and_says_so(law):
    late = details(facts_of(KIND, CDI), is_late=True)
    after = datetime(2026, 12, 9, 9, tzinfo=UTC)
    assert "details.start_date" in stopped(facts_of(KIND, CDI), law, on=after)
    assert "Régularisation" in words_of(plan_of(KIND, late, law, issued_at=after).html)
    assert isinstance(dpae_file(late, law, on=after.date()), bytes)


def test_a_file_with_something_absent_names_it(law):
    refused = dpae_file(details(facts_of(KIND, CDI), urssaf_code=None, start_time=None), law, on=IN_WINDOW)
    assert refused.reasons == ("Il manque : code de l'URSSAF, heure d'embauche.",)


def test_the_same_facts_give_the_same_file(law):
    facts = facts_of(KIND, CDI)
    assert dpae_file(facts, law, on=IN_WINDOW) == dpae_file(facts, law, on=IN_WINDOW)


@given(st.text(max_size=80))
def test_names_in_the_file_are_capitals_and_short(text):
    written = capitals(text)
    assert len(written) <= 32
    assert all(one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-." for one in written)


def test_sending_is_a_deadline_of_the_day_before(law):
    (deadline,) = PAPERS[KIND].deadlines(facts_of(KIND, CDI), law, ISSUED_AT.date())
    assert (deadline.on, deadline.holder) == (date(2026, 12, 6), "employer")


def test_a_missing_birth_place_is_named_with_its_article(law):
    found = check_paper(
        KIND, with_fact(facts_of(KIND, NEW), "person.birth_place", None), law=law, issued_at=ISSUED_AT
    )
    assert [(one.field, one.fault, one.article) for one in found] == [
        ("person.birth_place", Fault.ABSENT, "R1221-1 2°")
    ]
