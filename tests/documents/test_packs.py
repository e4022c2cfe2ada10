import hashlib
import json
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import documents
from documents import packs, pdf
from documents.facts import PackFacts
from documents.kinds import DocumentKind

HIRINGS = ("cdi-full-time", "cdd-part-time", "cdi-hybrid-supervisor")

PACKAGE = Path(documents.__file__).parent
ISSUED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def words_of(html):
    """What a reader reads: the page without its marks, every space alike."""
    return (
        " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1])).split())
        .replace(" .", ".")
        .replace(" ,", ",")
    )


def text_of(content, tmp_path):
    file = tmp_path / "document.pdf"
    file.write_bytes(content)
    shown = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(shown.split())


def elements(element):
    yield element
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from elements(child)


@pytest.mark.parametrize("name", HIRINGS)
def test_the_manifest_and_the_archive_tell_the_truth(built, name):
    pack = built[name]
    manifest = json.loads(pack.manifest)
    with zipfile.ZipFile(BytesIO(pack.archive)) as archive:
        assert archive.namelist() == [*(one["file_name"] for one in manifest["documents"]), "manifest.json"]
        for listed, content in zip(manifest["documents"], pack.contents, strict=True):
            stored = archive.read(listed["file_name"])
            assert stored == content
            assert hashlib.sha256(stored).hexdigest() == listed["sha256"]
            with pikepdf.open(BytesIO(stored)) as document:
                assert len(document.pages) == listed["pages"]
    assert "smic/2026-06" in manifest["editions"]
    assert "grid-idcc-2098/2025-11" in manifest["editions"]


def test_the_same_facts_give_the_same_bytes(built, full_time, law, issued_at):
    again = packs.build_pack(full_time, law=law, issued_at=issued_at, reference="HS-2026-0042")
    assert again == built["cdi-full-time"]


def test_a_plan_survives_the_trip_to_another_process(built, full_time, law, issued_at):
    plan = packs.plan_pack(full_time, law=law, issued_at=issued_at, reference="HS-2026-0042")
    copy = packs.PackPlan.model_validate_json(plan.model_dump_json())
    assert copy == plan
    assert packs.render_document(copy.documents[3]) == built["cdi-full-time"].contents[3]


@pytest.mark.parametrize("name", HIRINGS)
def test_every_document_claims_its_standards_and_carries_its_facts(built, name):
    for content in built[name].contents:
        with pikepdf.open(BytesIO(content)) as document:
            with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
                assert metadata.pdfa_status == "3A"
                assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
                assert metadata["dc:title"] == document.docinfo["/Title"]
            assert str(document.Root.Lang) == "fr"
            assert bool(document.Root.MarkInfo.Marked)
            assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
            facts = json.loads(document.attachments["facts.json"].get_file().read_bytes())
            assert facts["facts"]["person"]["last_name"]
            assert facts["figures"]["rules_edition"] == "2026-11"


@pytest.mark.parametrize("name", HIRINGS)
def test_the_structure_tree_is_whole(built, name):
    for content in built[name].contents:
        with pikepdf.open(BytesIO(content)) as document:
            found = list(elements(document.Root.StructTreeRoot.K[0]))
            roles = [str(element.S) for element in found]
            assert roles.count("/H1") == 1
            levels = [int(role[2]) for role in roles if role in ("/H1", "/H2", "/H3")]
            assert all(after <= before + 1 for before, after in pairwise(levels))
            for element in found:
                if element.S == "/TH":
                    assert element.A.Scope in ("/Row", "/Column")
                if element.S == "/Figure":
                    assert str(element.Alt)


@pytest.mark.parametrize("name", HIRINGS)
def test_every_file_is_sound_small_and_embeds_its_fonts(built, name):
    for content in built[name].contents:
        with pikepdf.open(BytesIO(content)) as document:
            assert document.check_pdf_syntax() == []
            described = [
                item
                for item in document.objects
                if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
            ]
            assert described
            for font in described:
                assert "Atkinson" in str(font.FontName)
                assert "/FontFile2" in font or "/FontFile3" in font
        assert len(content) < 62_000


def test_the_paper_reads_as_the_page_was_written(built, planned, tmp_path):
    for plan, content in zip(
        planned["cdd-part-time"].documents, built["cdd-part-time"].contents, strict=True
    ):
        paper = "".join(text_of(content, tmp_path).split())
        for sentence in re.findall(
            r"<li>([^<]+)</li>|<strong>([^<]+)</strong>|<h\d>([^<]+)</h\d>", plan.html
        ):
            assert "".join(unescape("".join(sentence)).split()) in paper, sentence


@pytest.mark.parametrize("name", HIRINGS)
def test_the_machine_checks_of_accessibility_find_nothing(built, name, tmp_path):
    for content in built[name].contents:
        file = tmp_path / "document.pdf"
        file.write_bytes(content)
        checked = subprocess.run([sys.executable, "-m", "pdfua", "check", file], capture_output=True)
        assert checked.returncode == 0, checked.stdout.decode()


def test_the_full_time_contract_says_what_the_law_wants(planned):
    text = words_of(planned["cdi-full-time"].documents[0].html)
    for words in (
        "SIRET 812 345 678 00019",
        "durée indéterminée",
        "7 rue des Ajoncs, 29200 Brest",
        "établissement de rattachement est Rivage Nantes",
        "coefficient 140",
        "2 mois, jusqu’au samedi 6 février 2027 inclus",
        "Elle n’est pas renouvelable",
        "1 920,00 € brut par mois",
        "ce minimum est de 1 867,02 €",
        "vérifié par Claire Delmas le 19/11/2026",
        "de 9 h à 17 h",
        "Vous avez la priorité",
        "présumé être un accident du travail",
        "6 secondes en réception et 10 secondes en émission",
        "Caisse Exemple Retraite",
        "après consultation du CSE",
        "(IDCC 2098)",
        "55,00 € par mois",
        "30,00 € par mois",
    ):
        assert words in text, words
    for words in ("Heures complémentaires", "Motif et durée", "carte bancaire"):
        assert words not in text


def test_the_part_time_fixed_term_contract_says_what_the_law_wants(planned):
    text = words_of(planned["cdd-part-time"].documents[0].html)
    for words in (
        "Inès Caradec, conseillère relation client, coefficient 140",
        "congé de maternité",
        "vendredi 4 juin 2027",
        "14 jours, jusqu’au dimanche 20 décembre 2026 inclus",
        "24 h par semaine",
        "8 h par semaine au plus",
        "au moins 7 jours ouvrés avant",
        "indemnité de 10 % de la rémunération brute totale",
        "données de carte bancaire",
        "2,70 € par jour télétravaillé",
        "deux jours ouvrables après votre embauche",
        "8 avenue du Modèle, 75013 Paris",
    ):
        assert words in text, words
    assert "Heures supplémentaires" not in text


def test_the_group_agreement_raises_the_ceiling_in_the_letter(planned):
    text = words_of(planned["cdi-hybrid-supervisor"].documents[1].html)
    assert "3 jours par semaine × 15,00 € = 45,00 €" in text
    assert "39,60 €" in text
    assert "5,40 €" in text
    assert "accord de groupe Rivage" in text


def test_the_loan_lists_each_item_and_forbids_pay_deductions(planned):
    text = words_of(planned["cdi-full-time"].documents[2].html)
    for words in ("EB14-0007731", "720,00 €", "929,00 €", "Aucune retenue sur salaire", "neuf", "bon"):
        assert words in text, words


def test_the_statement_is_one_page_and_offers_the_certificate(built, planned):
    pack = built["cdd-part-time"]
    text = words_of(planned["cdd-part-time"].documents[3].html)
    assert pack.documents[3].pages == 1
    assert "certificat de conformité électrique : il le paie" in text
    assert "N° de contrat" in text


def test_a_contract_that_plans_sundays_says_so(full_time, law, issued_at):
    offer = full_time.offer
    sunday = offer.schedule[4].model_copy(update={"day": "sunday"})
    weekend = full_time.model_copy(
        update={
            "offer": offer.model_copy(
                update={"schedule": (*offer.schedule[:4], sunday), "home_days": offer.home_days[:4]}
            )
        }
    )
    checked = type(weekend).model_validate_json(weekend.model_dump_json(warnings=False))
    plan = packs.plan_pack(checked, law=law, issued_at=issued_at, reference="R")
    assert "Le dimanche fait partie de vos jours de travail" in plan.documents[0].html


def test_own_equipment_needs_no_loan(full_time, law, issued_at):
    own = full_time.model_copy(
        update={"offer": full_time.offer.model_copy(update={"uses_own_equipment": True, "equipment": ()})}
    )
    plan = packs.plan_pack(own, law=law, issued_at=issued_at, reference="R")
    assert DocumentKind.EQUIPMENT_LOAN not in [document.kind for document in plan.documents]


def test_a_pack_with_something_missing_is_refused_before_any_page(full_time, law, issued_at):
    bare = full_time.model_copy(update={"person": full_time.person.model_copy(update={"address": None})})
    refused = packs.build_pack(bare, law=law, issued_at=issued_at, reference="R")
    assert isinstance(refused, packs.PackRefused)
    assert [gap.field for gap in refused.missing] == ["person.address"]


def test_a_shortlist_shows_everyone_in_order_and_decides_nothing(shortlist, issued_at):
    plan = packs.plan_shortlist(
        shortlist, author="Rivage Relation Client", issued_at=issued_at, reference="Liste"
    )
    text = words_of(plan.html)
    places = [text.index(person.name) for person in shortlist.people]
    assert places == sorted(places)
    assert "Il ne décide de rien" in text
    assert plan.signatories == ()
    assert packs.render_document(plan).startswith(b"%PDF-1.7")


def test_a_shortlist_names_a_text_that_the_fonts_cannot_write(shortlist, issued_at):
    first = shortlist.people[0].model_copy(update={"name": "王"})
    odd = shortlist.model_copy(update={"people": (first, *shortlist.people[1:])})
    refused = packs.plan_shortlist(odd, author="Rivage", issued_at=issued_at, reference="Liste")
    assert [gap.field for gap in refused.missing] == ["people.0.name"]


def test_signs_that_the_fonts_lack_are_written_in_other_signs(shortlist, issued_at):
    first = shortlist.people[0].model_copy(update={"missing": ("débit ≥ 8 Mbit/s → box 4G",)})
    plan = packs.plan_shortlist(
        shortlist.model_copy(update={"people": (first,)}), author="R", issued_at=issued_at, reference="Liste"
    )
    assert "débit au moins 8 Mbit/s – box 4G" in words_of(plan.html)


def test_an_empty_shortlist_says_what_to_do(shortlist, issued_at):
    nobody = shortlist.model_copy(update={"people": ()})
    plan = packs.plan_shortlist(nobody, author="Rivage", issued_at=issued_at, reference="Liste")
    assert "Élargissez les horaires" in words_of(plan.html)


def test_a_plan_is_rendered_the_same_in_another_process(built, planned):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=pdf.warm) as pool:
        made = pool.submit(packs.render_document, planned["cdi-full-time"].documents[1]).result()
    assert made == built["cdi-full-time"].contents[1]


OPTIONAL = {
    "employer": (
        "name",
        "siret",
        "address",
        "pay_day",
        "pension_fund",
        "telework_basis_text",
        "support_contact",
    ),
    "person": ("first_name", "last_name", "address", "birth_date", "birth_place"),
    "programme": ("name", "nature_of_work"),
    "offer": (
        "job_title",
        "end_date",
        "reason",
        "coefficient",
        "monthly_pay_cents",
        "weekly_minutes",
        "start_date",
        "start_time",
        "contact_start",
        "contact_end",
        "occupation_indemnity_cents",
    ),
    "will": ("person_agreed_on", "employer_agreed_on", "adaptation_months"),
    "home": ("insurer", "policy_number", "insured_until", "connection"),
}
PATHS = [(part, field) for part, fields in OPTIONAL.items() for field in fields]


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(HIRINGS), gone=st.sets(st.sampled_from(PATHS), max_size=6))
def test_a_plan_is_whole_or_refused_by_name_whatever_is_absent(law, name, gone):
    data = json.loads((PACKAGE / "examples" / f"{name}.json").read_text("utf-8"))
    for part, field in gone:
        data[part].pop(field, None)
    facts = PackFacts.model_validate_json(json.dumps(data))
    plan = packs.plan_pack(facts, law=law, issued_at=ISSUED_AT, reference="R")
    if isinstance(plan, packs.PackRefused):
        assert plan.missing
        assert {tuple(gap.field.split(".")[:2]) for gap in plan.missing if gap.fault == "absent"} <= set(gone)
    else:
        assert all("None" not in words_of(document.html) for document in plan.documents)
