"""The macros that every page is made of: each renders in both languages, and text stays text."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError

from service.web.pages import TEMPLATES
from tests.service.web.preview import context, environment
from tests.service.web.preview.macros import CALLS, Call

HOSTILE = """</textarea></title>"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}"""
CLOSED = {
    ("icons.icon", "name"),
    ("badges.badge", "shape"),
    ("badges.state", "value"),
    ("badges.term", "value"),
    ("blocks.lesson", "kind"),
    ("blocks.lesson", "tone"),
}
"""What these are given is one of a few words of ours; any other word is a mistake, and stops the page."""


class Shape(HTMLParser):
    """The tags of a page with the attributes each has, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def kinds(self) -> set[tuple[str, str]]:
        """Each tag with each of its attributes, whatever it holds."""
        return {(tag, name) for tag, attributes in self.tags for name in (*attributes, "")}

    @property
    def said(self) -> str:
        values = (value for _, attributes in self.tags for value in attributes.values() if value)
        return "\n".join((*self.words, *values))


def test_every_macro_has_a_sample() -> None:
    sampled = {call.macro for call in CALLS}
    for path in (TEMPLATES / "macros").glob("*.html"):
        module = environment().get_template(f"macros/{path.name}").make_module(context())
        named = {name for name in vars(module) if not name.startswith("_")} - {"shapes"}
        own = {name for name in named if f"macro {name}(" in path.read_text("utf-8")}
        assert {f"{path.stem}.{name}" for name in own} <= sampled, path.name


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_macro_renders_in_both_languages(call: Call, lang: str) -> None:
    html = call.render(lang)
    assert "<" in html or call.macro in ("scores.words", "blocks.lang")
    assert "{{" not in html
    assert "Undefined" not in html


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text among the arguments, keys of mappings that hold people's names included."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, tuple):
        for at, inner in enumerate(value):
            yield from places(inner, (*path, at))


def put(value: Any, path: tuple[Any, ...], text: str) -> Any:
    """The same arguments with one text replaced."""
    if not path:
        return text
    here, *rest = path
    if isinstance(value, Mapping):
        return {key: put(inner, tuple(rest), text) if key == here else inner for key, inner in value.items()}
    return tuple(put(inner, tuple(rest), text) if at == here else inner for at, inner in enumerate(value))


HOSTILE_CALLS = [
    pytest.param(call, path, id=f"{call}-{'-'.join(map(str, path))}")
    for call in CALLS
    for path in places(call.arguments)
    if path
]


@pytest.mark.parametrize(("call", "path"), HOSTILE_CALLS)
def test_hostile_text_stays_text_in_every_argument(call: Call, path: tuple[Any, ...]) -> None:
    given = put(call.arguments, path, HOSTILE)
    try:
        html = call.render(arguments=given)
    except (UndefinedError, KeyError):
        assert (call.macro, path[-1]) in CLOSED
        return
    shape = Shape(html)
    added = shape.kinds - Shape(call.render()).kinds
    assert not {tag for tag, _ in added} & {"script", "img"}, html
    assert not [name for _, name in shape.kinds if name.startswith("on") or "<" in name or '"' in name], html
    assert "<script" not in html
    assert "49" not in shape.said.replace(HOSTILE, "")
    if "alert" in html:
        # The hours of a time are read before the rest of it.
        assert HOSTILE[HOSTILE.index("<script") :] in shape.said, html


def test_a_field_says_its_help_and_its_error_and_keeps_what_was_typed() -> None:
    text = next(call for call in CALLS if call.macro == "forms.text")
    tags = Shape(text.render()).tags
    (field,) = [attributes for tag, attributes in tags if tag == "input"]
    known = {attributes.get("id") for _, attributes in tags}
    assert field["value"] == "Brest"
    assert field["aria-invalid"] == "true"
    assert set((field["aria-describedby"] or "").split()) <= known
    assert ("label", {"for": field["id"]}) in tags


@pytest.mark.parametrize("macro", ["radios", "checkboxes", "likert", "week"])
def test_a_group_is_described_and_never_called_invalid(macro: str) -> None:
    """aria-invalid is not allowed on a group; the error stands in the words that describe it."""
    call = next(call for call in CALLS if call.macro == f"forms.{macro}")
    tags = Shape(call.render()).tags
    (group,) = [attributes for tag, attributes in tags if tag == "fieldset"]
    assert group["aria-describedby"] == "n-help n-error"
    assert "aria-invalid" not in group


def test_an_absent_fact_is_said() -> None:
    facts = next(call for call in CALLS if call.macro == "blocks.facts")
    assert "Non renseigné" in facts.render("fr")
    assert "Not given" in facts.render("en")


def test_figures_are_written_as_the_language_wants() -> None:
    parts = next(call for call in CALLS if call.macro == "scores.contributions")
    assert "−6,9" in parts.render("fr")
    assert "−6.9" in parts.render("en")


def test_every_post_form_of_a_macro_carries_the_form_token() -> None:
    for call in CALLS:
        shape = Shape(call.render())
        posts = [
            attributes
            for tag, attributes in shape.tags
            if tag == "form" and attributes.get("method") == "post"
        ]
        tokens = [attributes for _, attributes in shape.tags if attributes.get("name") == "_csrf_token"]
        assert len(posts) <= len(tokens), call.macro
