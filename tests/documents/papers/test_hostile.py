"""Texts made to break out of their place: they print as text, or are refused by name; nothing is fetched or opened."""

import contextlib
import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

import documents
from documents import pdf
from documents.completeness import texts_of
from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan, PackRefused
from documents.papers import issuing
from documents.papers.shelf import PAPERS, examples_of
from tests.documents.papers.payloads import FETCHING, MARKUP, TEMPLATES
from tests.documents.papers.reading import ISSUED_AT, Issued, facts_of, plan_of, render, with_fact, words_of

EACH_KIND = pytest.mark.parametrize("kind", PAPERS)
ALL = tuple(one.format(url="http://127.0.0.1:9/x", canary="/canary") for one in FETCHING) + MARKUP + TEMPLATES
SEEN_WITH_MANY_FIELDS = (DocumentKind.EMPLOYMENT_CONTRACT, DocumentKind.SHORTLIST)
SAYS_WHICH = {"figure", "key", "item", "about", "serial", "accessories", "missing_accessories"}
"""Texts that other facts are found by: another one is another fact, not another text."""


@cache
def first_of(kind):
    return facts_of(kind, next(iter(examples_of(kind))))


@cache
def places(kind):
    """The paths of a kind's free texts: those that take any words at all."""
    facts, found = first_of(kind), []
    for path, _ in texts_of(facts):
        if SAYS_WHICH & {*path.split(".")}:
            continue
        with contextlib.suppress(ValidationError):
            with_fact(facts, path, "Texte libre")
            found.append(path)
    return tuple(found)


def filled(kind, text_of):
    """The first example with every free text replaced by `text_of(number of the place)`."""
    data = first_of(kind).model_dump(mode="json")
    for number, path in enumerate(places(kind)):
        *parents, last = path.split(".")
        place = data
        for name in parents:
            place = place[int(name) if name.isdigit() else name]
        place[int(last) if last.isdigit() else last] = text_of(number)
    return PAPERS[kind].facts.model_validate(data)


def even(text):
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


@EACH_KIND
def test_every_kind_has_places_for_words(kind):
    assert len(places(kind)) >= 8


@pytest.mark.parametrize("payload", ALL)
def test_a_hostile_text_in_every_place_stays_text(law, payload):
    for kind in SEEN_WITH_MANY_FIELDS:
        plain = plan_of(kind, filled(kind, lambda number: "Texte libre"), law)
        plan = plan_of(kind, filled(kind, lambda number: payload), law)
        assert isinstance(plan, DocumentPlan), plan
        assert plan.html.count("<") == plain.html.count("<")
        assert even(payload) in even(words_of(plan.html))


@EACH_KIND
def test_every_place_of_a_kind_keeps_every_hostile_text_as_text(law, kind):
    plain = plan_of(kind, filled(kind, lambda number: f"Texte libre {number}"), law)
    assert isinstance(plain, DocumentPlan), plain
    for start in range(0, len(ALL), len(places(kind))):
        plan = plan_of(kind, filled(kind, lambda number, start=start: ALL[(start + number) % len(ALL)]), law)
        assert isinstance(plan, DocumentPlan), plan
        assert plan.html.count("<") == plain.html.count("<")
        assert plan.html.count(">") == plain.html.count(">")


RENDERING = """
import json, sys
from documents import packs, pdf
from documents.packs import DocumentPlan
plans = [DocumentPlan.model_validate(one) for one in json.load(sys.stdin)]
packs.render_document(plans.pop(0))
seen = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        seen.add(("open", str(arguments[0])))
    elif event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "urllib.", "ftplib.", "http.")):
        seen.add((event, ""))
sys.addaudithook(note)
for plan in plans:
    packs.render_document(plan)
print(json.dumps(sorted(seen)))
"""


def test_hostile_papers_are_drawn_without_a_call_or_a_file(law, tmp_path, listener):
    port, calls = listener
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-5521")
    texts = [one.format(url=f"http://127.0.0.1:{port}/x", canary=canary) for one in FETCHING]
    chosen = [kind for kind in PAPERS if kind is not DocumentKind.ASSESSMENT_REPORT][::2]
    plans = [
        plan_of(kind, filled(kind, lambda number, at=at: texts[(7 * at + number) % len(texts)]), law)
        for at, kind in enumerate(chosen)
    ]
    assert all(isinstance(plan, DocumentPlan) for plan in plans), plans
    given = json.dumps([plan.model_dump(mode="json") for plan in [plans[0], *plans]])
    done = subprocess.run(
        [sys.executable, "-c", RENDERING],
        input=given.encode(),
        capture_output=True,
        cwd=Path(documents.__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr.decode()
    seen = json.loads(done.stdout)
    assert calls == []
    assert {event for event, _ in seen} <= {"open"}
    own = (str(Path(documents.__file__).parent), sys.prefix, sys.base_prefix)
    strange = [path for _, path in seen if not path.startswith(own)]
    assert strange == []


UNWRITABLE = (
    "李",
    "أحمد",
    "🙂",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "a\u200db",
    "x\u0338y",
    "\U000e0041",
)


@EACH_KIND
@pytest.mark.parametrize("text", UNWRITABLE, ids=ascii)
def test_a_text_that_the_fonts_cannot_write_is_refused_by_the_name_of_its_place(law, kind, text):
    refused = plan_of(kind, filled(kind, lambda number: text), law)
    assert isinstance(refused, PackRefused), refused
    named = {item.field for item in refused.missing if item.fault is Fault.UNSHOWABLE}
    assert named == set(places(kind))
    assert all("U+" in item.label for item in refused.missing if item.fault is Fault.UNSHOWABLE)


@EACH_KIND
@pytest.mark.parametrize(
    "text", ["\x00", "a\x07b", "\x1b[31m", "a\nb", "a\x7f", "a\x85b", "   ", "", "x" * 100_000]
)
def test_what_is_no_text_at_all_is_refused_where_it_stands(kind, text):
    for path in places(kind)[::7]:
        with pytest.raises(ValidationError) as refused:
            with_fact(first_of(kind), path, text)
        assert path.split(".")[-1] in [str(part) for error in refused.value.errors() for part in error["loc"]]


@EACH_KIND
@pytest.mark.parametrize("fact", ["salaire", "__class__", "details.__dict__"])
def test_a_fact_that_no_paper_knows_is_refused_by_name(kind, fact):
    data = first_of(kind).model_dump(mode="json") | {fact: "x"}
    with pytest.raises(ValidationError, match="Extra inputs"):
        PAPERS[kind].facts.model_validate(data)


def test_a_placeholder_that_nobody_fills_is_named_with_its_template(law, monkeypatch):
    kind = next(
        kind
        for kind, paper in PAPERS.items()
        if not paper.own and paper.context(first_of(kind), law, ISSUED_AT.date())
    )
    poor = dict(PAPERS) | {kind: replace(PAPERS[kind], context=lambda *_: {})}
    monkeypatch.setattr(issuing, "PAPERS", poor)
    with pytest.raises(issuing.WordingError, match=rf"{kind.value}\.2026-11\.html: '\w+' is undefined"):
        plan_of(kind, first_of(kind), law)


@pytest.mark.parametrize("kind", [DocumentKind.TELEWORK_AMENDMENT, DocumentKind.EQUIPMENT_LOAN])
def test_the_longest_words_stay_on_their_page(law, kind, rendered):
    facts = filled(kind, lambda number: "w" * 200)
    plan = plan_of(kind, facts, law)
    assert isinstance(plan, DocumentPlan), plan
    pages = Issued(kind=kind, slug="longest", facts=facts, plan=plan, content=render(plan, rendered)).pages
    assert max(word.right for page in pages for word in page) < 595


def test_four_hundred_nested_blocks_are_drawn_or_refused_in_words():
    html = f"<html lang=fr><title>t</title><h1>t</h1>{'<div>' * 400}x{'</div>' * 400}"
    try:
        said = pdf.render(html, title="t", identifier="0" * 32, created=ISSUED_AT)[:8].decode()
    except pdf.PdfError as refused:
        said = str(refused)
    assert said in ("%PDF-1.7", "the page is nested too deep")
