"""What holds for every kind of paper and each of its examples: the file's form, its tags, its record, its pages."""

import json
import re
import subprocess
from collections import Counter
from itertools import pairwise

import pdfua
import pikepdf
import pytest

from documents import packs
from documents.kinds import DocumentKind, Signatory
from documents.money import printable
from documents.papers.mentions import holds
from documents.papers.shelf import PAPERS, examples_of
from tests.documents.papers.reading import (
    EXAMPLES,
    ISSUED_AT,
    elements,
    facts_of,
    plan_of,
    words_of,
)

EACH = pytest.mark.parametrize(("kind", "slug"), EXAMPLES)
WORDS = re.compile(r"\w+")
HAS_LINES_TO_WRITE_ON = DocumentKind.SCORECARD
HEADINGS = tuple(f"/H{level}" for level in range(1, 7))
SHOWS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
PAGE_WIDTH, PAGE_HEIGHT = 595.3, 841.9
NARROWEST_MARGIN = 45
"""Points: a little less than the 16 mm of the narrowest sheet."""
LEAST_ON_LAST_PAGE = 100
"""Points of text below the running head: fewer look like a page printed by mistake."""


@EACH
def test_the_file_is_sound_and_embeds_its_fonts(issued, kind, slug, tmp_path):
    paper = issued(kind, slug)
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper.content)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True)
    assert checked.returncode == 0, checked.stderr.decode()
    with paper.opened as document:
        assert document.check_pdf_syntax() == []
        fonts = [item for item in document.objects if _is_font(item)]
        described = [font for font in fonts if "/FontDescriptor" in font]
        assert described
        assert {str(font.Subtype) for font in fonts if font not in described} <= {"/Type0"}
        for font in described:
            assert "Atkinson" in str(font.FontDescriptor.FontName)
            assert "/FontFile2" in font.FontDescriptor or "/FontFile3" in font.FontDescriptor


def _is_font(item):
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"


@EACH
def test_the_file_claims_its_standards_and_names_itself(issued, kind, slug):
    paper = issued(kind, slug)
    with paper.opened as document:
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            assert metadata.pdfa_status == "3A"
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert metadata["dc:title"] == document.docinfo["/Title"] == paper.plan.title
        root = document.Root
        assert str(root.Lang) in ("fr", "en")
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert all(page.get("/Tabs") == "/S" for page in document.pages if "/Annots" in page)


@EACH
def test_the_checks_of_accessibility_find_nothing(issued, kind, slug, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(issued(kind, slug).content)
    report = pdfua.validate(file)
    assert not report.findings, report.findings


@EACH
def test_all_that_is_printed_is_tagged_or_marked_as_decoration(issued, kind, slug):
    with issued(kind, slug).opened as document:
        told = Counter(_leaves(document.Root.StructTreeRoot))
        assert max(told.values()) == 1
        printed = set()
        for number, page in enumerate(document.pages):
            printed |= {(number, mark) for mark in _marks(page)}
        pages = {page.objgen: number for number, page in enumerate(document.pages)}
        assert {(pages[place], mark) for place, mark in told} == printed


def _leaves(element, page=None):
    """The marked contents that the tree owns, each as its page and its number there."""
    page = element.get("/Pg", page)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            if "/S" in child:
                yield from _leaves(child, page)
            elif child.get("/Type") == "/MCR":
                yield child.get("/Pg", page).objgen, int(child.MCID)
        else:
            yield page.objgen, int(child)


def _marks(page):
    """The numbers of a page's tagged contents; what is shown outside of any mark fails."""
    open_marks = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            open_marks.append(instruction.operands)
            if operator == "BDC" and isinstance(instruction.operands[1], pikepdf.Dictionary):
                mark = instruction.operands[1].get("/MCID")
                if mark is not None:
                    yield int(mark)
        elif operator == "EMC":
            open_marks.pop()
        elif operator in SHOWS:
            assert open_marks, f"{operator} stands outside of every tag"
    assert not open_marks


@EACH
def test_the_tags_tell_the_order_that_readers_see(issued, kind, slug):
    with issued(kind, slug).opened as document:
        found = list(elements(document.Root.StructTreeRoot.K[0]))
        roles = [str(element.S) for element in found]
        assert roles.count("/H1") == 1
        levels = [int(role[2]) for role in roles if role in HEADINGS]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels
        for element in found:
            children = [str(child.S) for child in _inside(element)]
            match str(element.S):
                case "/TH":
                    assert element.A.Scope in ("/Row", "/Column")
                case "/Figure":
                    assert str(element.Alt).strip()
                case "/TR":
                    assert set(children) <= {"/TH", "/TD"}
                case "/Table":
                    assert "/TH" in [str(one.S) for one in elements(element)]
                case "/L":
                    assert set(children) <= {"/LI", "/L"}


def _inside(element):
    children = element.get("/K", [])
    listed = children if isinstance(children, pikepdf.Array) else [children]
    return [child for child in listed if isinstance(child, pikepdf.Dictionary) and "/S" in child]


@EACH
def test_no_heading_stands_alone_at_the_foot_of_a_page_or_above_nothing(issued, kind, slug):
    with issued(kind, slug).opened as document:
        leaves = [
            (str(element.S), page, _path_role(path))
            for element, page, path in _walk(document.Root.StructTreeRoot.K[0], None, ())
        ]
    headings = [index for index, (_, _, heading) in enumerate(leaves) if heading]
    for index in headings:
        following = next((leaf for leaf in leaves[index + 1 :] if leaf[2] != leaves[index][2]), None)
        assert following, "a heading ends the paper"
        if kind is HAS_LINES_TO_WRITE_ON and following[2]:
            continue
        assert following[1] == leaves[index][1], f"{leaves[index][2]} stands alone on its page"
        if following[2]:
            assert following[2][0] > leaves[index][2][0], "a section is empty"


def _walk(element, page, path):
    """Every piece of marked content in reading order, with its page and the elements above it."""
    page = element.get("/Pg", page)
    path = (*path, element)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            if "/S" in child:
                yield from _walk(child, page, path)
            elif child.get("/Type") == "/MCR":
                yield element, child.get("/Pg", page).objgen, path
        else:
            yield element, page.objgen, path


def _path_role(path):
    """The heading that a piece belongs to, as its role and its place in the file."""
    return next(((str(one.S), one.objgen) for one in path if str(one.S) in HEADINGS), None)


@EACH
def test_no_word_leaves_its_page_and_the_last_page_is_worth_its_sheet(issued, kind, slug):
    pages = issued(kind, slug).pages
    for number, words in enumerate(pages, start=1):
        body = _body(words)
        assert body, f"page {number} is empty"
        assert min(word.left for word in words) > NARROWEST_MARGIN
        assert max(word.right for word in words) < PAGE_WIDTH - NARROWEST_MARGIN
        assert max(word.bottom for word in body) < PAGE_HEIGHT - NARROWEST_MARGIN
    if len(pages) > 1 and kind is not HAS_LINES_TO_WRITE_ON:
        last = _body(pages[-1])
        printed = max(word.bottom for word in last) - min(word.top for word in last)
        assert printed > LEAST_ON_LAST_PAGE, f"{printed:.0f} points of text on the last page"


def _body(words):
    """The words between running head and foot; the foot is the last line, the head stands in the upper margin."""
    foot = max(word.top for word in words) - 6
    return [word for word in words if word.bottom > 62 and word.top < foot]


@EACH
def test_the_place_to_sign_is_never_torn(issued, kind, slug):
    paper = issued(kind, slug)
    blocks = re.findall(r'<section class="signatures">(.*?)</section>', paper.plan.html, re.DOTALL)
    assert bool(blocks) == bool(paper.plan.signatories)
    for block in blocks:
        wanted = set(WORDS.findall(words_of(f"<body>{block}")))
        printed = [set(WORDS.findall(" ".join(word.text for word in page))) for page in paper.pages]
        assert any(wanted <= page for page in printed), wanted
    signed = words_of(f"<body>{''.join(blocks)}")
    if blocks:
        assert (paper.facts.employer.signatory_name in signed) == (
            Signatory.EMPLOYER in paper.plan.signatories
        )
        name = paper.facts.person.full_name
        assert bool(name and name in signed) == (Signatory.PERSON in paper.plan.signatories)


@EACH
def test_the_facts_travel_inside(issued, kind, slug):
    paper = issued(kind, slug)
    with paper.opened as document:
        assert list(document.attachments) == ["facts.json"]
        record = json.loads(document.attachments["facts.json"].get_file().read_bytes())
        assert [str(file.AFRelationship) for file in document.Root.AF] == ["/Data"]
    assert record["facts"] == paper.facts.model_dump(mode="json")


@EACH
def test_every_mention_stands_where_its_edition_says(issued, law, kind, slug):
    paper, wanted = issued(kind, slug), law.mentions_on(kind, ISSUED_AT.date())
    said = _even(paper.words)
    for item in wanted.items if wanted else ():
        if holds(PAPERS[kind], paper.facts, item):
            assert _even(item.clause) in said, (item.mention, item.clause)


def _even(text):
    """Words as compared: one kind of apostrophe and of space."""
    return re.sub(r"\s+", " ", printable(text).replace("'", "’").replace("\u00a0", " ")).casefold()


@EACH
def test_nothing_on_paper_is_left_of_the_machine(issued, kind, slug):
    paper = issued(kind, slug)
    words = paper.words
    if '<html lang="en">' in paper.plan.html:  # where "None of them" is a sentence
        words = words.replace("None ", "")
    for trace in ("None", "Undefined", "{{", "{%", "&amp;", "..", ", ,", " ;.", "()", "« »", "True", "False"):
        assert trace not in words, words[max(0, words.index(trace) - 60) : words.index(trace) + 40]


@pytest.mark.parametrize("kind", PAPERS)
def test_the_same_facts_give_the_same_bytes(issued, law, kind):
    for slug in examples_of(kind):
        again = plan_of(kind, facts_of(kind, slug), law)
        assert again == issued(kind, slug).plan
    first = issued(kind, next(iter(examples_of(kind))))
    assert packs.render_document(first.plan) == first.content
