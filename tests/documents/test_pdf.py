import contextlib
import gc
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from documents import packs, pdf, wording
from documents.completeness import texts_of
from documents.facts import LONGEST_TEXT
from documents.figures import reckon
from documents.kinds import PACK_ORDER

CREATED = datetime(2026, 11, 21, tzinfo=UTC)
A4_WIDTH, RIGHT_MARGIN = 595.28, 62.36


def page(body, head=""):
    return f'<!doctype html><html lang="fr"><head><title>t</title>{head}</head><body><h1>t</h1>{body}</body></html>'


def render(html):
    return pdf.render(html, title="t", identifier="0" * 32, created=CREATED)


def uncompressed(content):
    with pikepdf.open(BytesIO(content)) as document:
        streams = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
    return b"\n".join(streams)


FETCHES = [
    page('<img src="{url}">'),
    page('<img srcset="{url} 2x" src="{url}">'),
    page('<object data="{url}"></object>'),
    page('<embed src="{url}">'),
    page('<svg width="10" height="10"><image href="{url}" width="10" height="10"/></svg>'),
    page("x", head='<link rel="stylesheet" href="{url}">'),
    page("x", head='<link rel="attachment" href="{url}">'),
    page('<a rel="attachment" href="{url}">x</a>'),
    page("x", head="<style>@import url({url});</style>"),
    page("x", head="<style>body {{ background: url({url}) }}</style>"),
    page("<ul><li>x</ul>", head="<style>li {{ list-style-image: url({url}) }}</style>"),
    page("x", head="<style>p::before {{ content: url({url}) }}</style><p>x</p>"),
    page('<p style="background-image: url({url})">x</p>'),
    page(
        "x",
        head='<style>@font-face {{ font-family: f; src: url("{url}") }} body {{ font-family: f }}</style>',
    ),
    page("x", head='<base href="{url}"><link rel="stylesheet" href="a.css">'),
    page("x", head="<style>@page {{ background: url({url}) }}</style>"),
    page('<p style="border-image: url({url}) 3">x</p>'),
    page('<p style="mask-image: url({url})">x</p>'),
]
SCHEMES = ["http://127.0.0.1:{port}/x", "file://{canary}", "ftp://127.0.0.1:{port}/x", "asset:../pdf.py"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("html", FETCHES)
def test_nothing_is_ever_fetched(listener, html, scheme, tmp_path):
    port, calls = listener
    canary = tmp_path / "canary.txt"
    canary.write_bytes(b"CANARY-5521")
    url = scheme.format(port=port, canary=canary)
    with contextlib.suppress(pdf.PdfError):
        content = render(html.format(url=url))
        assert canary.read_bytes() not in uncompressed(content)
    assert calls == []


def test_a_page_nested_too_deep_is_refused_in_words():
    with pytest.raises(pdf.PdfError, match="nested"):
        render(page("<div>" * 900 + "x" + "</div>" * 900))


def test_a_page_with_glyphs_the_fonts_lack_is_refused():
    with pytest.raises(pdf.PdfError, match="U\\+674E"):
        render(page("李"))


def test_a_machine_without_pango_hears_what_to_install(tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    script = (
        "from datetime import datetime, timezone\nfrom documents import pdf\n"
        "try:\n    pdf.render('<p>x</p>', title='t', identifier='0', created=datetime.now(timezone.utc))\n"
        "except pdf.PangoMissing as error:\n    print(error)\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=os.environ | {"PYTHONPATH": path}
    )
    assert b"apt-get install libpango" in done.stdout, done.stderr


PAYLOADS = [
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "${7*7}",
    "{0.__class__}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<style>@import url(http://127.0.0.1/x)</style>",
    "</main></body><svg onload=alert(1)>",
    '<link rel=attachment href="file:///etc/passwd">',
    "O'Brien & d'Éon",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_value_in_every_field_stays_text(full_time, law, payload):
    facts = _poisoned(full_time, payload)
    assert sum(payload in text for _, text in texts_of(facts)) > 30
    figures = reckon(facts, law)
    for kind in PACK_ORDER:
        clean = wording.write_document(
            kind, full_time, figures=figures, issued_on=CREATED.date(), reference="R"
        )
        html = wording.write_document(kind, facts, figures=figures, issued_on=CREATED.date(), reference="R")
        assert html.count("<") == clean.count("<")


def test_a_pack_full_of_hostile_values_renders_and_calls_nobody(full_time, law, issued_at, listener):
    port, calls = listener
    payload = f'<img src="http://127.0.0.1:{port}/x"><script>1</script>'
    plan = packs.plan_pack(_poisoned(full_time, payload), law=law, issued_at=issued_at, reference="R")
    assert isinstance(plan, packs.PackPlan), plan
    assert packs.render_document(plan.documents[1]).startswith(b"%PDF-1.7")
    assert calls == []


def _poisoned(facts, payload):
    """The same facts with the payload in every free text; codes and figures stay."""
    kept = {
        "siret",
        "ape_code",
        "figure",
        "term",
        "reason",
        "mode",
        "day",
        "state",
        "pacing",
        "telework_basis",
    }

    def poison(value, name=""):
        if isinstance(value, dict):
            return {key: item if key in kept else poison(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return value if name == "home_days" else [poison(item, name) for item in value]
        is_text = isinstance(value, str) and not name.endswith(
            ("date", "_on", "_until", "start", "end", "origin")
        )
        return payload if is_text and name != "start_time" else value

    return type(facts).model_validate(poison(facts.model_dump(mode="json")))


def columns(*words):
    return f"<table><tbody><tr>{''.join(f'<td>{word}</td>' for word in words)}</tr></tbody></table>"


LONG, VERY_LONG = "W" * 180, "W" * 3000
LOOSE, TIGHT, HARD = pdf.Tightness


@pytest.mark.parametrize(
    "body",
    [
        columns(LONG, "b"),
        columns(VERY_LONG, "b"),
        columns(*["Attributions" * 2] * 6),
        f"<p>{LONG}</p><ul><li>{LONG}</li></ul>",
        f'<div class="pair"><div class="sign"><p>{LONG}</p></div><div class="sign"><p>b</p></div></div>',
        f'<div class="two"><div class="drawn"><p>{LONG}</p></div><div class="drawn">b</div></div>',
        f"<h2>{LONG}</h2>",
    ],
    ids=[
        "a cell",
        "a cell of a fixed width",
        "six columns",
        "a paragraph",
        "a signature",
        "side by side",
        "a head",
    ],
)
def test_no_word_however_long_leaves_the_page(body, tmp_path):
    paper = tmp_path / "a.pdf"
    paper.write_bytes(render(page(body)))
    boxes = subprocess.run(["pdftotext", "-bbox", paper, "-"], capture_output=True, text=True, check=True)
    right = [float(one) for one in re.findall(r'xMax="([\d.]+)"', boxes.stdout)]
    assert max(right) <= A4_WIDTH - RIGHT_MARGIN + 0.5


def test_a_page_is_squeezed_only_where_its_words_need_it():
    def tightness(*tables):
        return pdf._tightness(page("".join(tables)))

    assert (
        tightness(columns("Rochefoucauld-Montbéliard", "supplémentaires", "14&nbsp;décembre 2026")) == LOOSE
    )
    assert tightness(columns(*["c" * 15] * 4), columns(*["c" * 15] * 4)) == LOOSE
    assert tightness(columns(*["c" * 16] * 4)) == TIGHT
    assert tightness(columns("a", "b" * 31)) == TIGHT
    assert tightness(columns("a", "b" * 201)) == HARD
    rows = "<tr><td>" + "d" * 25 + "</td><td>e</td></tr><tr><td>f</td><td>" + "g" * 25 + "</td><td>"
    assert tightness(f"<table>{rows}{'h' * 11}</td></tr></table>") == TIGHT


def test_the_longest_text_of_a_fact_without_a_space_is_drawn():
    word = "W" * LONGEST_TEXT
    assert render(page(f"<p>{word}</p>{columns(word, word)}"))


def test_a_head_over_two_columns_keeps_its_span_and_says_what_it_heads():
    body = (
        '<table><thead><tr><th scope="col" colspan="2">a</th></tr></thead>'
        '<tbody><tr><th scope="row">b</th><td>c</td></tr></tbody></table>'
    )
    with pikepdf.open(BytesIO(render(page(body)))) as document:
        heads = [
            one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH"
        ]
        assert [(str(one.A.Scope), int(one.A.get("/ColSpan", 1))) for one in heads] == [
            ("/Column", 2),
            ("/Row", 1),
        ]


def test_the_collector_is_as_it_was_after_a_page_and_after_a_refusal():
    assert gc.isenabled()
    render(page("x"))
    with pytest.raises(pdf.PdfError):
        render(page('<img alt="a" src="asset:none.jpg">'))
    assert gc.isenabled()
