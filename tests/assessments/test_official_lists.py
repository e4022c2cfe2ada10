import csv

import pytest

from assessments.skills import esco, rome
from assessments.skills.concept_files import ListError

ADDRESS = "http://data.europa.eu/esco/skill/"
HEAD = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status\n"
ENGLISH = (
    HEAD
    + f'Skill,{ADDRESS}a,skill/competence,,answer incoming calls,"take calls\nanswer calls",,released\n'
    + f"Skill,{ADDRESS}b,knowledge,,billing,,,released\n"
    + f"Skill,{ADDRESS}c,knowledge,,gone,,,obsolete\n"
)
FRENCH = HEAD + f"Skill,{ADDRESS}a,skill/competence,,répondre à des appels entrants,,,released\n"
LINKS = f"conceptType,conceptUri,broaderType,broaderUri\nX,{ADDRESS}b,X,{ADDRESS}a\n"


def test_both_languages_of_one_skill_come_together():
    listed = esco.read({"skills_en.csv": ENGLISH, "skills_fr.csv": "\ufeff" + FRENCH}, edition="1.2").concepts
    calls, billing = listed.concepts

    assert (calls.label_fr, calls.label_en) == ("répondre à des appels entrants", "answer incoming calls")
    assert calls.aliases_en == ("take calls", "answer calls")
    assert (billing.kind, billing.label.fr) == ("knowledge", "billing")


def test_links_and_the_cut_in_both_languages_are_read_too():
    cut = (
        "id,label_en,alt_en,label_fr,alt_fr\na,answer incoming calls,call desk,répondre aux appels,hotline\n"
    )
    read = esco.read(
        {"skills_en.csv": ENGLISH, "broader.csv": LINKS, "cut.csv": cut, "jobs.csv": "id,isco08\n"},
        edition="1",
    )
    calls, billing = read.concepts.concepts

    assert billing.broader == (f"{ADDRESS}a",)
    assert (calls.aliases_fr, "call desk" in calls.aliases_en) == (("hotline",), True)
    assert read.ignored_files == ("jobs.csv",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("skills.csv", ENGLISH, "no language"),
        ("skills_en.csv", ENGLISH + "X,not-an-address,,,label,,,released\n", "no address of ESCO"),
        ("skills_en.csv", ENGLISH + f"X,{ADDRESS}d,,,,,,released\n", "no label"),
        ("skills_en.csv", ENGLISH + f"X,{ADDRESS}a,,,again,,,released\n", "a line before"),
        ("skills_en.csv", ENGLISH + "X,too,few\n", "as many fields"),
        ("skills_en.csv", "", "no file of ESCO"),
        ("skills_en.csv", "a,b\n1,2\n", "no file of ESCO"),
        ("skills_en.csv", ENGLISH + '"never closed', "as many fields"),
        ("skills_en.csv", HEAD + "x" * 1_100_000, "field larger"),
    ],
)
def test_what_makes_no_list_is_said_with_its_file(name, text, said):
    with pytest.raises(ListError, match=said) as caught:
        esco.read({name: text}, edition="1")

    assert caught.value.faults[0].file == name


def test_the_limit_for_fields_is_left_as_it_was():
    before = csv.field_size_limit()
    esco.read({"skills_en.csv": ENGLISH}, edition="1")

    assert csv.field_size_limit() == before


def test_competences_come_with_what_they_are_a_kind_of_and_contexts_do_not():
    links = (
        "code_rome,code_ogr,type,libelle,categorie,code_ogr_macro_comp\n"
        "D1408,11,competence,Traiter une réclamation,Savoir-faire,30\n"
        "D1432,11,competence,Traiter une réclamation,Savoir-faire,30\n"
        "D1408,12,savoir,Droit de la consommation,Normes,\n"
        "D1408,13,contexte_travail,Travail le samedi,Horaires,\n"
    )
    macro = "code_ogr,libelle_competence,cat_comp,code_ogr_macro_comp\n30,Gérer la relation,Savoir-faire,\n"
    read = rome.read(
        {"liens.csv": links, "macro.csv": macro, "metiers.csv": "code_rome,libelle_rome\n"}, edition="460"
    )

    assert [(one.uri, one.broader, one.kind) for one in read.concepts.concepts] == [
        ("rome:11", ("rome:30",), "Savoir-faire"), ("rome:12", (), "Savoir"), ("rome:30", (), "Savoir-faire"),
    ]  # fmt: skip
    assert read.ignored_files == ("metiers.csv",)


def test_a_code_that_is_none_is_said_with_its_line():
    with pytest.raises(ListError, match=r"l\.csv:2: « x » is no OGR code"):
        rome.read({"l.csv": "code_ogr,type,libelle\nx,savoir,Y\n"}, edition="1")
