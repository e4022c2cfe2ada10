"""Packages: a manifest is read whole or refused whole, with every problem and its line."""

import io
import resource
from collections.abc import Callable
from decimal import Decimal

import pytest

from onboarding.content import Language
from onboarding.packages import manifests, package_rules
from onboarding.packages.manifests import Manifest, Standard, UnitKind
from onboarding.packages.packages import Checked, check
from onboarding.packages.prerequisites import ScriptError, read_script
from tests.onboarding.package_makers import (
    SCORM_2004,
    Sco,
    archive,
    item,
    manifest,
    package,
    scorm_2004,
    several,
    single,
)
from tests.onboarding.samples import PACKAGE_RULES as RULES

ONE = Sco("SCO-1", "index.html")


def checked(held: bytes) -> Checked:
    return check(io.BytesIO(held), RULES)


def accepted(held: bytes) -> Manifest:
    found = checked(held)
    assert found.is_accepted, found.problems
    assert found.manifest is not None
    return found.manifest


def refused(held: bytes) -> list[tuple[str, str]]:
    found = checked(held)
    assert not found.is_accepted
    assert found.manifest is None
    assert all(problem.text.fr and problem.text.en for problem in found.problems)
    return [(problem.code, problem.place.removeprefix("imsmanifest.xml:")) for problem in found.problems]


def of_item(inside: str, *, attributes: str = "") -> bytes:
    return package(manifest(Sco("SCO-1", "index.html", inside=inside, attributes=attributes)), "index.html")


# What is taken


def test_a_package_of_one_unit_offers_it():
    found = accepted(single())
    assert (found.standard, found.title) == (Standard.SCORM_1_2, "Accueil à distance")
    (unit,) = found.units
    assert (unit.identifier, unit.kind, unit.path) == ("SCO-1", UnitKind.SCO, "unit/index.html")


def test_a_package_of_several_units_keeps_their_order_and_what_the_manifest_says_of_each():
    found = accepted(several())
    first, second, third = found.units
    assert (first.path, first.fragment, first.mastery_score) == ("unites/a/index.html", "debut", Decimal(80))
    assert first.launch_data == "langue=fr"
    assert (second.path, second.query) == ("unites/b b/index.html", "mode=1&theme=calme")
    assert (second.max_time_centiseconds, second.time_limit_action) == (180_000, "exit,message")
    assert not second.is_visible
    assert second.prerequisites == ("SCO-1",)
    assert (third.kind, third.prerequisites) == (UnitKind.ASSET, ("PART",))
    assert found.groups == {"PART": ("SCO-1", "SCO-2")}


def test_the_default_organization_is_the_one_played_and_the_first_where_none_is_named():
    two = (
        '<organizations{0}><organization identifier="A"><title>A</title><item identifier="A1"'
        ' identifierref="RES-SCO-1"><title>a</title></item></organization><organization identifier="B">'
        '<title>B</title><item identifier="B1" identifierref="RES-SCO-1"><title>b</title></item></organization>'
        "</organizations>"
    )
    for told, played in ((' default="B"', "B"), ("", "A")):
        content = manifest(ONE, organizations=two.format(told))
        assert accepted(package(content, "index.html")).organization == played


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_manifests_come_in_the_encodings_that_tools_write(encoding: str):
    text = manifest(ONE).decode().replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert accepted(package(text.encode(encoding), "index.html")).title == "Accueil à distance"


def test_units_that_name_one_another_are_taken_when_another_way_leads_in():
    def needs(script: str) -> str:
        return f"<adlcp:prerequisites>{script}</adlcp:prerequisites>"

    units = (
        Sco("A", "a.html", inside=needs("B|C")),
        Sco("B", "b.html", inside=needs("A")),
        Sco("C", "c.html"),
    )
    found = accepted(package(manifest(*units), "a.html", "b.html", "c.html"))
    assert [unit.prerequisites for unit in found.units] == [("B|C",), ("A",), ()]


def test_a_script_over_many_units_is_read_once(monkeypatch: pytest.MonkeyPatch):
    below = "".join(f'<item identifier="U{n}" identifierref="RES-SCO-1"/>' for n in range(50))
    items = (
        '<item identifier="F" identifierref="RES-SCO-1"/>'
        f'<item identifier="H">{below}<adlcp:prerequisites>F</adlcp:prerequisites></item>'
    )
    read, texts = manifests.read_script, list[str]()
    monkeypatch.setattr(manifests, "read_script", lambda text: texts.append(text) or read(text))
    assert len(accepted(package(manifest(ONE, items=items), "index.html")).units) == 51
    assert texts == ["F"]


def test_without_a_version_the_namespaces_say_what_it_is():
    content = manifest(ONE).replace(b"<schemaversion>1.2</schemaversion>", b"")
    assert accepted(package(content, "index.html")).standard is Standard.SCORM_1_2


def test_bases_add_up_from_the_manifest_to_the_file():
    content = manifest(ONE, of_manifest='xml:base="a/"', of_resources='xml:base="b/"')
    assert accepted(package(content, "a/b/index.html")).units[0].path == "a/b/index.html"


@pytest.mark.parametrize("version", ["2004 3rd Edition", "2004 4th Edition", "CAM 1.3", "1.3", "SCORM 2004"])
def test_a_single_unit_of_scorm_2004_is_taken_with_the_settings_that_tools_add(version: str):
    inside = """<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true">
<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>
<imsss:deliveryControls completionSetByContent="true"/></imsss:sequencing>
<adlcp:dataFromLMS>abc</adlcp:dataFromLMS>"""
    flow = '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'
    found = accepted(scorm_2004(inside, version=version, of_organization=flow))
    assert found.standard is Standard.SCORM_2004
    assert (found.units[0].mastery_score, found.units[0].launch_data) == (Decimal(80), "abc")


# What is refused

REFUSED: dict[str, tuple[Callable[[], bytes], list[tuple[str, str]]]] = {
    "no manifest": (lambda: archive([item("index.html")]), [("no_manifest", "archive")]),
    "a manifest in a folder": (
        lambda: archive([item("course/imsmanifest.xml"), item("course/index.html")]),
        [("manifest_in_folder", "course/imsmanifest.xml")],
    ),
    "a manifest in capitals": (
        lambda: archive([item("imsManifest.xml", manifest(ONE)), item("index.html")]),
        [("manifest_case", "imsManifest.xml")],
    ),
    "cmi5": (lambda: archive([item("cmi5.xml"), item("index.html")]), [("cmi5_not_yet", "cmi5.xml")]),
    "xAPI": (lambda: archive([item("tincan.xml"), item("index.html")]), [("xapi_not_yet", "tincan.xml")]),
    "a manifest too big": (
        lambda: package(b" " * 3_000_000),
        [("manifest_too_big", "imsmanifest.xml")],
    ),
    "an empty manifest": (lambda: package(b""), [("xml_not_well_formed", "1")]),
    "half a manifest": (lambda: package(manifest(ONE)[:-20], "index.html"), [("xml_not_well_formed", "9")]),
    "an unknown encoding": (
        lambda: package(manifest(ONE).replace(b'"utf-8"', b'"klingon"'), "index.html"),
        [("xml_not_well_formed", "imsmanifest.xml")],
    ),
    "another document": (lambda: package(b"<html/>"), [("root_is_not_manifest", "1")]),
    "an unknown version": (
        lambda: package(manifest(ONE).replace(b">1.2<", b">3.0<"), "index.html"),
        [("version_unknown", "3")],
    ),
    "nothing that says SCORM": (
        lambda: package(b'<manifest identifier="m"><organizations/></manifest>'),
        [("standard_unknown", "1")],
    ),
    "no organization": (
        lambda: package(manifest(ONE, organizations="<organizations/>"), "index.html"),
        [("no_organization", "4")],
    ),
    "an unknown default organization": (
        lambda: package(manifest(ONE).replace(b'default="ORG"', b'default="OTHER"'), "index.html"),
        [("default_unknown", "4")],
    ),
    "an empty organization": (
        lambda: package(manifest(resources='<resource identifier="R" type="webcontent"/>')),
        [("no_unit", "4")],
    ),
    "no resources": (
        lambda: package(manifest(items='<item identifier="I" identifierref="R"/>')),
        [("no_resources", "6"), ("resource_unknown", "5")],
    ),
    "a missing file": (lambda: package(manifest(ONE)), [("href_missing", "8")]),
    "a missing further file": (
        lambda: package(
            manifest(ONE, resources='<resource identifier="R"><file href="pic.png"/></resource>'),
            "index.html",
        ),
        [("href_missing", "8")],
    ),
    "a file in other capitals": (lambda: package(manifest(ONE), "Index.html"), [("href_case", "8")]),
    "an address elsewhere": (
        lambda: package(manifest(Sco("S", "https://elsewhere.example/a.html"))),
        [("href_elsewhere", "8")],
    ),
    "an address of a script": (
        lambda: package(manifest(Sco("S", "javascript:alert(1)"))),
        [("href_elsewhere", "8")],
    ),
    "an address of a host alone": (
        lambda: package(manifest(Sco("S", "//elsewhere.example/a.html"))),
        [("href_elsewhere", "8")],
    ),
    "an absolute address": (lambda: package(manifest(Sco("S", "/index.html"))), [("href_outside", "8")]),
    "an address that climbs out": (
        lambda: package(manifest(Sco("S", "../index.html")), "index.html"),
        [("href_outside", "8")],
    ),
    "an address that climbs out in disguise": (
        lambda: package(manifest(Sco("S", "a/%2e%2e/%2e%2e/index.html")), "index.html"),
        [("href_outside", "8")],
    ),
    "an address with a backslash": (
        lambda: package(manifest(Sco("S", "a\\index.html")), "a/index.html"),
        [("href_outside", "8")],
    ),
    "a base elsewhere": (
        lambda: package(manifest(ONE, of_resources='xml:base="https://elsewhere.example/"'), "index.html"),
        [("base_wrong", "7")],
    ),
    "a base that climbs out": (
        lambda: package(manifest(ONE, of_resources='xml:base="../"'), "index.html"),
        [("base_wrong", "7")],
    ),
    "parameters that break out": (
        lambda: of_item("", attributes="parameters='?a=\"&gt;'"),
        [("parameters_wrong", "5")],
    ),
    "an unknown resource": (
        lambda: package(manifest(ONE, items='<item identifier="I" identifierref="X"/>'), "index.html"),
        [("resource_unknown", "5")],
    ),
    "an unknown dependency": (
        lambda: package(
            manifest(ONE, resources='<resource identifier="R"><dependency identifierref="X"/></resource>'),
            "index.html",
        ),
        [("resource_unknown", "8")],
    ),
    "an item that leads nowhere": (
        lambda: package(manifest(ONE, items='<item identifier="I"><title>t</title></item>'), "index.html"),
        [("item_leads_nowhere", "5")],
    ),
    "a resource without an address": (
        lambda: package(
            manifest(items='<item identifier="I" identifierref="R"/>', resources='<resource identifier="R"/>')
        ),
        [("resource_without_href", "7")],
    ),
    "an unknown kind of resource": (
        lambda: package(manifest(Sco("S", "index.html", kind="game")), "index.html"),
        [("scorm_type_unknown", "8")],
    ),
    "one identifier twice": (
        lambda: package(manifest(ONE, Sco("SCO-1", "b.html")), "index.html", "b.html"),
        [("identifier_twice", "6"), ("identifier_twice", "10")],
    ),
    "no identifier": (
        lambda: package(manifest(ONE, items='<item identifierref="RES-SCO-1"/>'), "index.html"),
        [("identifier_missing", "5")],
    ),
    "an identifier too long": (
        lambda: package(
            manifest(ONE, items=f'<item identifier="{"I" * 256}" identifierref="RES-SCO-1"/>'), "index.html"
        ),
        [("identifier_too_long", "5")],
    ),
    "a manifest in the manifest": (
        lambda: package(manifest(ONE, last='<manifest identifier="m2"/>'), "index.html"),
        [("submanifest", "10")],
    ),
    "a pass mark of words": (
        lambda: of_item("<adlcp:masteryscore>all</adlcp:masteryscore>"),
        [("mastery_wrong", "5")],
    ),
    "a pass mark above 100": (
        lambda: of_item("<adlcp:masteryscore>101</adlcp:masteryscore>"),
        [("mastery_wrong", "5")],
    ),
    "a longest time in minutes": (
        lambda: of_item("<adlcp:maxtimeallowed>30 min</adlcp:maxtimeallowed>"),
        [("max_time_wrong", "5")],
    ),
    "an unknown end of the time": (
        lambda: of_item("<adlcp:timelimitaction>explode</adlcp:timelimitaction>"),
        [("time_action_unknown", "5")],
    ),
    "launch data too long": (
        lambda: of_item(f"<adlcp:datafromlms>{'a' * 5000}</adlcp:datafromlms>"),
        [("launch_data_too_long", "5")],
    ),
    "prerequisites that cannot be read": (
        lambda: of_item("<adlcp:prerequisites type='aicc_script'>A &amp;&amp; B</adlcp:prerequisites>"),
        [("prerequisites_wrong", "5")],
    ),
    "prerequisites in another language": (
        lambda: of_item("<adlcp:prerequisites type='javascript'>alert(1)</adlcp:prerequisites>"),
        [("prerequisites_type", "5")],
    ),
    "prerequisites that do not exist": (
        lambda: of_item("<adlcp:prerequisites type='aicc_script'>SCO-9</adlcp:prerequisites>"),
        [("prerequisites_unknown", "5")],
    ),
    "a unit that waits for itself": (
        lambda: of_item("<adlcp:prerequisites type='aicc_script'>SCO-1</adlcp:prerequisites>"),
        [("prerequisites_circle", "5")],
    ),
    "units that wait for one another": (
        lambda: package(
            manifest(
                Sco("A", "a.html", inside="<adlcp:prerequisites>B</adlcp:prerequisites>"),
                Sco("B", "b.html", inside="<adlcp:prerequisites>A|C</adlcp:prerequisites>"),
                Sco("C", "c.html", inside="<adlcp:prerequisites>A</adlcp:prerequisites>"),
                Sco("D", "d.html", inside="<adlcp:prerequisites>A</adlcp:prerequisites>"),
            ),
            "a.html",
            "b.html",
            "c.html",
            "d.html",
        ),
        [("prerequisites_circle", "5")],
    ),
    "501 units": (
        lambda: package(manifest(*(Sco(f"S{n}", "index.html") for n in range(501))), "index.html"),
        [("too_many_units", "4")],
    ),
    "two units of SCORM 2004": (
        lambda: package(
            manifest(ONE, Sco("SCO-2", "b.html"), version="2004 4th Edition"), "index.html", "b.html"
        ),
        [("several_units_2004", "4")],
    ),
    "sequencing rules of SCORM 2004": (
        lambda: scorm_2004(
            "\n<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule/></imsss:sequencingRules>\n"
            '<imsss:limitConditions attemptLimit="1"/></imsss:sequencing>'
        ),
        [("sequencing", "6"), ("sequencing", "7")],
    ),
    "objectives shared between packages": (
        lambda: scorm_2004(
            "<imsss:sequencing><imsss:objectives><imsss:objective><imsss:mapInfo/></imsss:objective>"
            "</imsss:objectives></imsss:sequencing>"
        ),
        [("sequencing", "5")],
    ),
    "sequencing told elsewhere": (
        lambda: scorm_2004('<imsss:sequencing IDRef="common"/>'),
        [("sequencing", "5")],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_package_is_refused_for_what_it_is_and_at_its_line(name: str):
    make, expected = REFUSED[name]
    assert sorted(refused(make())) == sorted(expected)


def test_every_problem_of_archive_and_manifest_is_told_at_once():
    content = manifest(
        Sco("A", "gone.html", inside="<adlcp:masteryscore>lots</adlcp:masteryscore>"),
        Sco("B", "../out.html", inside="<adlcp:prerequisites>NOBODY</adlcp:prerequisites>"),
        Sco("A", "http://elsewhere.example/"),
    )
    assert {code for code, _ in refused(package(content, further=[item("inner.zip"), item("a:b")]))} == {
        "nested_archive",
        "name_drive",
        "href_missing",
        "href_outside",
        "href_elsewhere",
        "mastery_wrong",
        "prerequisites_unknown",
        "identifier_twice",
    }


def test_a_damaged_page_is_told_as_damaged_and_not_as_missing():
    held = archive([item("imsmanifest.xml", manifest(ONE)), item("index.html", crc=1)])
    assert refused(held) == [("checksum_differs", "index.html")]


def test_a_damaged_manifest_is_not_told_as_missing():
    held = archive([item("imsmanifest.xml", manifest(ONE), crc=1), item("index.html")])
    assert [code for code, _ in refused(held)] == ["checksum_differs"]


def test_hostile_text_is_shown_on_one_line_without_invisible_characters():
    held = package(manifest(Sco("S", "a&#x202e;\n" + "x" * 900)), further=[item("<script>\x1b[31m")])
    for problem in checked(held).problems:
        for text in (problem.place, problem.text.fr, problem.text.en):
            assert text.isprintable()
            assert len(text) < 500


def test_beyond_the_most_problems_the_rest_is_counted():
    rules = RULES.model_copy(update={"most_problems": 3})
    found = check(io.BytesIO(archive([item(f"{n}:") for n in range(10)])), rules)
    assert [problem.code for problem in found.problems] == ["name_drive"] * 3 + ["more_problems"]
    assert "7" in found.problems[-1].text.said_in(Language.EN)


def test_the_rules_are_refused_when_a_sentence_is_missing_or_uses_what_it_is_not_given():
    raw = RULES.model_dump(mode="json")
    raw["sentences"]["is_link"]["fr"] = "Lien vers {target}"
    del raw["sentences"]["overlap"]
    with pytest.raises(ValueError, match=r"overlap.*target"):
        package_rules.PackageRules.model_validate(raw)


# XML that means harm


def _doctype(inside: str, body: str = "&a;") -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE manifest [{inside}]><manifest>{body}</manifest>'.encode()


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20)
)
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a billion laughs": (lambda: _doctype(LAUGHS, "&u;"), "xml_dtd"),
    "one entity, many times": (lambda: _doctype(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50_000), "xml_dtd"),
    "an entity of itself": (lambda: _doctype('<!ENTITY a "&a;">'), "xml_dtd"),
    "a file of the machine": (lambda: _doctype('<!ENTITY a SYSTEM "file:///etc/passwd">'), "xml_dtd"),
    "an address of the network": (lambda: _doctype('<!ENTITY a SYSTEM "http://127.0.0.1:9/x">'), "xml_dtd"),
    "a DTD of the network": (
        lambda: b'<!DOCTYPE manifest SYSTEM "http://127.0.0.1:9/x.dtd"><manifest/>',
        "xml_dtd",
    ),
    "parameter entities": (
        lambda: _doctype('<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;', ""),
        "xml_dtd",
    ),
    "attributes of a DTD": (lambda: _doctype('<!ATTLIST manifest x CDATA "y">', ""), "xml_dtd"),
    "a DOCTYPE alone": (lambda: b"<!DOCTYPE manifest><manifest/>", "xml_dtd"),
    "a deep nest": (lambda: b"<manifest>" + b"<a>" * 600_000, "xml_too_deep"),
    "a million elements": (lambda: b"<manifest>" + b"<a/>" * 500_000 + b"</manifest>", "xml_too_many"),
    "one endless attribute": (lambda: b'<manifest a="' + b"x" * 2_000_000, "xml_not_well_formed"),
    "one endless name": (lambda: b"<" + b"m" * 2_000_000 + b"/>", "root_is_not_manifest"),
    "a hundred thousand attributes": (
        lambda: b"<manifest " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
        "standard_unknown",
    ),
    "a comment without an end": (lambda: b"<manifest><!-- " + b"-" * 2_000_000, "xml_not_well_formed"),
    "20 MB of spaces": (lambda: b" " * 20_000_000, "manifest_too_big"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_xml_that_means_harm_is_refused_in_little_memory(name: str):
    make, code = BOMBS[name]
    held = archive([item("imsmanifest.xml", make(), is_deflated=True)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = refused(held)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    assert [told for told, _ in found] == [code]


# Prerequisites


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("A", True), ("B", False), ("~B", True), ("A & C", True), ("A & B", False), ("B | C", True),
        ("A | B & D", True), ("(A | B) & D", False), ("B = failed", True), ("B = f", True), ("B <> passed", True),
        ('D = "not attempted"', True), ("2*{A,B,C}", True), ("3*{A,B,C}", False), ("{A,C}", True), ("{A,B}", False),
        ("~(A & B)", True), ("A-1.x", False),
    ],
)  # fmt: skip
def test_prerequisites_are_weighed_as_aicc_wrote_them(text: str, is_met: bool):
    standing = {"A": "passed", "B": "failed", "C": "completed", "D": "not attempted", "A-1.x": "incomplete"}
    assert read_script(text).is_met(standing.__getitem__) is is_met


@pytest.mark.parametrize(
    "text",
    ["", "A &", "& A", "A B", "(A", "A)", "A = lost", "3*A", "3*{}", "{A,}", "A = ", "A; B", "~" * 500 + "A"],
)
def test_what_is_no_script_is_refused_with_its_place(text: str):
    with pytest.raises(ScriptError) as error:
        read_script(text)
    assert 1 <= error.value.at <= len(text) + 1


def test_a_manifest_of_scorm_2004_with_its_own_namespaces_is_known_without_a_version():
    content = manifest(ONE, version="2004 4th Edition").replace(
        b"<schemaversion>2004 4th Edition</schemaversion>", b""
    )
    assert SCORM_2004.encode() in content
    assert accepted(package(content, "index.html")).standard is Standard.SCORM_2004
