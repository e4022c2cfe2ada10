"""The sentences that people read, found where they are written: templates, the code of pages, errors raised."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from documents.kinds import KINDS
from service.flows.papers.papers_facts import details_of, issuable, paper_of
from service.web.pages import TEMPLATES, templates
from service.web.papers.papers_forms import FieldView, fields_of

SERVICE = Path(__file__).parents[1] / "service"
ENVIRONMENT = templates().engine_instance.engine
MARKS = ("_", "french", "translate")
"""Calls whose first argument is a sentence to translate; so is what is passed as `title=` or `flash=`."""
KEYWORDS = ("title", "flash")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
LOOKS_FRENCH = re.compile(r"[àâçèéêëîïôùûœÀÉÊ«»]|\b\w{2,} [a-z]{2,}.*[.!?]$|^\w+'\w+ ")
NOT_SENTENCES = ("« ", "«", " (?=[»", ":souhaité")
"""Typography, and a word of the lines that people type, which have one language."""


def every_template() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def in_template(path: Path) -> set[str]:
    """Every French sentence that a template asks to have translated."""
    tree = ENVIRONMENT.parse(path.read_text("utf-8"))
    calls = [
        call
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
    ]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], nodes.Const)}


def in_code(path: Path) -> set[str]:
    """Every French sentence that the code of a page marks, titles or leaves for the next page."""
    found: set[str] = set()
    for call in _calls(path):
        if _name(call.func) in MARKS and call.args:
            found |= set(_texts(call.args[0]))
        for keyword in call.keywords:
            if keyword.arg in KEYWORDS:
                found |= set(_texts(keyword.value))
    return found - {""}


def unmarked(path: Path) -> set[str]:
    """French in the code of a page that nobody could find to translate."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return (
        {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in told
            and LOOKS_FRENCH.search(node.value)
            and not node.value.startswith(NOT_SENTENCES)
        }
        - in_code(path)
        - of_errors(path)[0]
    )


def pages_code() -> list[Path]:
    return sorted((SERVICE / "web").rglob("*.py"))


def asked_for() -> dict[str, set[str]]:
    """Every French sentence of pages -> the files that say it."""
    places: dict[str, set[str]] = {}
    for path in every_template():
        for sentence in in_template(path):
            places.setdefault(sentence, set()).add(str(path.relative_to(SERVICE)))
    for path in pages_code():
        for sentence in in_code(path):
            places.setdefault(sentence, set()).add(str(path.relative_to(SERVICE)))
    for sentence in in_forms_of_papers():
        places.setdefault(sentence, set()).add("documents/papers")
    return places


def in_forms_of_papers() -> set[str]:
    """What the models of papers call their fields, and how each kind is called: French with English beside."""

    def said(fields: tuple[FieldView, ...]) -> Iterator[str]:
        for one in fields:
            yield from (one.label, one.help)
            yield from said(one.columns)

    forms = (fields_of(details_of(paper_of(kind.value)), None) for kind in issuable())
    titles_of_kinds = {kind.title for kind in KINDS.values()}
    return titles_of_kinds.union(*(said(fields) for fields in forms)) - {""}


TO_OPERATORS = ("cli", "runtime/database.py")
"""What answers the operator at start or at the command line, in English."""
ERRORS = SERVICE / "runtime" / "errors.py"
ERROR_KINDS = {
    node.name for node in ast.parse(ERRORS.read_text("utf-8")).body if isinstance(node, ast.ClassDef)
} - {"InBoth", "Tongue", "Fault"}
PASSED_ON = {"Fault": 2, "told": 0, "_unknown": 1, "_at": 2} | dict.fromkeys(ERROR_KINDS, 0)
"""Which argument of a call is the sentence of an error."""


def shell_code() -> list[Path]:
    """Every module that people or programs may get an error from."""
    return [
        path
        for path in sorted(SERVICE.rglob("*.py"))
        if not str(path.relative_to(SERVICE)).startswith(TO_OPERATORS)
    ]


def of_errors(path: Path) -> tuple[set[str], set[str]]:
    """The English sentences of errors that a module makes, and those put together so that nobody can translate them."""
    constants = _assigned(path)
    found: set[str] = set()
    glued: set[str] = set()
    for call in _calls(path):
        place = PASSED_ON.get(_name(call.func))
        for value in [] if place is None else _sentence_of(call, place):
            if isinstance(value, ast.JoinedStr):
                glued.add(ast.unparse(value))
            elif isinstance(value, ast.Name):
                found |= constants.get(value.id, set())
            else:
                found |= set(_texts(value))
    return found - {""}, glued


def titles() -> set[str]:
    """The title of each kind of error."""
    tree = ast.parse(ERRORS.read_text("utf-8"))
    pairs = [
        (target, value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node)
    ]
    return {value.value for target, value in pairs if target == "title" and isinstance(value, ast.Constant)}


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(map(ast.unparse, target.elts), value.elts, strict=True)
    else:
        yield ast.unparse(target), value


def _sentence_of(call: ast.Call, place: int) -> list[ast.expr]:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "sentence"]
    return named or call.args[place : place + 1]


def _assigned(path: Path) -> dict[str, set[str]]:
    """Every text that a module gives a name, by the name."""
    named: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node):
                named.setdefault(name, set()).update(_texts(value))
    return named


def placeholders(sentence: str) -> list[str]:
    """What a translation must say too, whatever its order.

    >>> placeholders("%(percent)s %% de %(name)s")
    ['%%', '%(name)s', '%(percent)s']
    """
    return sorted(PLACEHOLDER.findall(sentence))


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        return function.attr
    return _name(function.func) if isinstance(function, ast.Call) else ""


def _texts(value: ast.expr) -> Iterator[str]:
    """The sentences of an expression: a constant, or either side of a choice."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _texts(part)
