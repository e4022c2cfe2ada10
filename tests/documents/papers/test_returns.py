import base64
import hashlib
import json
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageDraw
from pydantic import ValidationError

from documents.facts import LARGEST_PHOTOGRAPH, EquipmentItem, Photograph
from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.money import NO_BREAK
from documents.packs import PackRefused
from documents.papers.shelf import PAPERS
from documents.photographs import LARGEST_SIDE, NoPicture, photograph_faults, redrawn
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND, LOAN = DocumentKind.EQUIPMENT_RETURN, DocumentKind.EQUIPMENT_LOAN
WHOLE, MISSING, NAMED = "whole-with-photographs", "missing-items", "replacement-named-photographs"
PICTURED = "cdi-hybrid-with-photographs"


def told(facts, law, kind=KIND):
    plan = plan_of(kind, facts, law)
    assert not isinstance(plan, PackRefused), plan
    return words_of(plan.html).replace(NO_BREAK, " ")


def stopped(facts, law, kind=KIND):
    plan = plan_of(kind, facts, law)
    assert isinstance(plan, PackRefused)
    return {(item.fault, item.field) for item in plan.missing}


def picture(form="PNG", *, size=(60, 40), mode="RGB", **more):
    out = BytesIO()
    image = Image.new(mode, size, "red")
    ImageDraw.Draw(image).line([(0, 0), size], fill="white", width=4)
    image.save(out, form, **more)
    return out.getvalue()


def photograph(content, **more):
    return Photograph(**({"name": "a.png", "shows": "Un câble."} | more), content=base64.b64encode(content))


def faults(*photographs):
    item = EquipmentItem(label="Casque", brand_model="Exemple", photographs=photographs)
    return [(found.fault, found.field) for found in photograph_faults(item)]


def test_the_slip_says_each_item_as_lent_and_as_it_came_back(law):
    said = told(facts_of(KIND, WHOLE), law)
    assert "neuf neuf, sous film usagé deux rayures sur le capot" in said
    assert "3 éléments rendus sur 3" in said
    assert "Les données ont été effacées le mardi 17 novembre 2026 par Loïc Ménard" in said
    assert "articles L1331-2 et L3251-1" in said


def test_what_is_missing_is_listed_with_what_was_agreed(law):
    said = told(facts_of(KIND, MISSING), law)
    assert "2 éléments rendus sur 3" in said
    assert "Ordinateur portable : adaptateur réseau" in said
    assert "Clé de sécurité : non rendu (perdue en octobre 2026" in said
    assert "n’est pas une reconnaissance de faute ni de dette" in said
    due = PAPERS[KIND].deadlines(facts_of(KIND, MISSING), law, ISSUED_AT.date())
    assert [(one.on.isoformat(), one.holder) for one in due] == [
        ("2026-12-04", "person"),
        ("2026-11-30", "employer"),
    ]


@pytest.mark.parametrize(
    ("slug", "path", "value", "fault", "field"),
    [
        (WHOLE, "items", [], Fault.ABSENT, "items"),
        (WHOLE, "returned_on", None, Fault.ABSENT, "returned_on"),
        (WHOLE, "returned_on", "2025-03-09", Fault.INCONSISTENT, "returned_on"),
        (WHOLE, "returned_on", "2026-12-24", Fault.INCONSISTENT, "returned_on"),
        (WHOLE, "wiped_on", "2026-11-15", Fault.INCONSISTENT, "wiped_on"),
        (WHOLE, "wiped_on", None, Fault.ABSENT, "wipe_by"),
        (WHOLE, "wiped_by", None, Fault.ABSENT, "wiped_by"),
        (WHOLE, "items.0.state_on_return", None, Fault.ABSENT, "items.0.state_on_return"),
        (WHOLE, "items.1.serial", "EB14-0006120", Fault.INCONSISTENT, "items.1.serial"),
        (
            WHOLE,
            "items.0.missing_accessories",
            ["souris"],
            Fault.INCONSISTENT,
            "items.0.missing_accessories.0",
        ),
        (MISSING, "missing_by", None, Fault.ABSENT, "missing_by"),
        (MISSING, "items.1.missing_because", None, Fault.ABSENT, "items.1.missing_because"),
        (MISSING, "items.1.state_on_return", "good", Fault.INCONSISTENT, "items.1.state_on_return"),
        (NAMED, "items.0.photographs.0.sha256", None, Fault.ABSENT, "items.0.photographs.0.sha256"),
        (WHOLE, "items.0.photographs.0.sha256", "0" * 64, Fault.INCONSISTENT, "items.0.photographs.0.sha256"),
        (WHOLE, "items.0.photographs.0.shows", None, Fault.ABSENT, "items.0.photographs.0.shows"),
    ],
)
def test_what_is_absent_or_cannot_be_is_named_at_its_field(law, slug, path, value, fault, field):
    facts = with_fact(facts_of(KIND, slug), f"details.{path}", value)
    assert (fault, f"details.{field}") in stopped(facts, law)


def test_the_list_of_the_loan_is_taken_over(law):
    hiring = facts_of(LOAN, PICTURED)
    items = PAPERS[KIND].prefill(hiring)["items"]
    assert [item.serial for item in items] == [item.serial for item in hiring.offer.equipment]
    assert items[0].condition_on_loan == hiring.offer.equipment[0].condition


def test_a_photograph_is_named_by_its_hash_and_shown_with_its_words(issued):
    paper = issued(KIND, WHOLE)
    shown = [one for item in paper.facts.details.items for one in item.photographs]
    record = json.loads(paper.plan.facts_json)["facts"]["details"]["items"][0]["photographs"][0]
    assert hashlib.sha256(base64.b64decode(record["content"])).hexdigest() == shown[0].digest
    said = paper.words.replace(" ", "")
    assert all(one.digest in said for one in shown)
    with paper.opened as document:
        images = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]
        assert len(images) == len(shown)
        assert not any(image.get("/Interpolate", False) for image in images)
        tagged = [
            item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
        assert {str(item.Alt) for item in tagged} == {one.shows for one in shown}


def test_a_photograph_without_its_file_is_only_named(issued):
    paper = issued(KIND, NAMED)
    assert paper.plan.pictures == {}
    assert "IMG_2091.heic" in paper.words


def test_a_loan_says_condition_accessories_and_return_delay(law):
    said = told(facts_of(LOAN, PICTURED), law, LOAN)
    assert "État à la remise" in said
    assert "avec : chargeur 65 W, housse" in said
    assert "dans les 10 jours, après la demande" in said
    assert "État à la remise" not in told(facts_of(LOAN, "cdi-full-time"), law, LOAN)


def test_a_hiring_without_photographs_keeps_its_record(full_time):
    (item, *_) = full_time.offer.equipment
    assert set(item.model_dump(mode="json")) == {"label", "brand_model", "serial", "state", "value_cents"}
    assert "equipment_return_days" not in full_time.offer.model_dump(mode="json")


def test_a_loan_with_a_false_hash_stops_the_pack(law):
    facts = with_fact(facts_of(LOAN, PICTURED), "offer.equipment.0.photographs.0.sha256", "f" * 64)
    assert (Fault.INCONSISTENT, "offer.equipment.0.photographs.0.sha256") in stopped(facts, law, LOAN)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"GIF89a" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1/x'/></svg>",
        b"\x89PNG\r\n\x1a\n" + bytes(80),
        picture("GIF"),
        picture("TIFF"),
        picture("JPEG")[:200],
        picture("PNG", size=(9000, 9000), mode="1"),
    ],
    ids=["empty", "text", "gif head", "svg", "broken png", "gif", "tiff", "cut jpeg", "bomb"],
)
def test_what_is_no_picture_is_refused_in_words(content):
    with pytest.raises(NoPicture):
        redrawn(content)
    if content:
        assert (Fault.INCONSISTENT, "photographs.0.content") in faults(photograph(content))


def test_what_a_file_holds_beside_its_picture_is_left_behind():
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "48.8566 N, 2.3522 E", 6
    content = picture("JPEG", size=(60, 40), exif=exif, comment=b"secret place")
    made = redrawn(content)
    assert b"secret" not in made
    assert b"48.8566" not in made
    with Image.open(BytesIO(made)) as shown:
        assert shown.size == (40, 60), "turned upright"
        assert not shown.getexif()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_every_kind_of_picture_becomes_a_small_opaque_one(mode):
    made = redrawn(picture(size=(2000, 1000), mode=mode))
    assert made == redrawn(picture(size=(2000, 1000), mode=mode))
    with Image.open(BytesIO(made)) as shown:
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (LARGEST_SIDE, LARGEST_SIDE // 2))


def test_a_file_too_large_or_not_base64_never_enters_the_facts():
    for content in ("@@@", "a" * (LARGEST_PHOTOGRAPH + 4)):
        with pytest.raises(ValidationError):
            Photograph.model_validate_json(json.dumps({"name": "a.jpg", "content": content}))


def test_photographs_together_are_limited_before_any_is_read():
    heavy = photograph(picture() + bytes(500_000))
    many = EquipmentItem(label="Casque", brand_model="Exemple", photographs=(heavy,) * 6)
    facts = with_fact(facts_of(LOAN, PICTURED), "offer.equipment", [many.model_dump(mode="json")] * 2)
    found = [item.field for item in photograph_faults(facts)]
    assert found == ["offer.equipment.0.photographs.0.content"]


def test_hostile_words_of_a_photograph_stay_words(law):
    facts = with_fact(facts_of(KIND, WHOLE), "details.items.0.photographs.0.shows", '"><img src="http://x/">')
    facts = with_fact(facts, "details.items.0.photographs.0.name", "asset:../../../../etc/passwd")
    html = plan_of(KIND, facts, law).html
    assert html.count("<img") == 3
    assert 'src="http' not in html
    assert 'src="asset:..' not in html


@pytest.mark.parametrize("slug", [WHOLE, MISSING, NAMED])
def test_the_slip_is_two_pages(issued, slug):
    assert len(issued(KIND, slug).pages) == 2
