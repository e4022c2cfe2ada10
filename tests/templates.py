"""python -m tests.templates: every template compiles, keeps to the content policy and speaks both languages."""

import re
import sys
from pathlib import Path

from jinja2 import nodes

from service.web.pages import TEMPLATES, templates
from service.web.translations import english

ENVIRONMENT = templates().engine_instance.engine
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|\sstyle=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+=\s*[\"']", re.IGNORECASE),
    "another host": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE),
    "text that escapes escaping": re.compile(r"\|\s*safe\b"),
}
MACROS_MAY = ("text that escapes escaping",)
"""Macros put together attributes and shapes of their own; what people wrote is never among them."""
PAPER_OR_MAIL = ("mail",)
"""Letters carry their own style, as mail readers want it."""


def every_template() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def sentences(path: Path) -> set[str]:
    """Every French sentence that a template asks to have translated."""
    tree = ENVIRONMENT.parse(path.read_text("utf-8"))
    calls = [
        call
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
    ]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], nodes.Const)}


def faults() -> list[str]:
    """What is wrong, one line each."""
    found = []
    for path in every_template():
        name = path.relative_to(TEMPLATES)
        text = path.read_text("utf-8")
        ENVIRONMENT.get_template(str(name))
        if name.parts[0] not in PAPER_OR_MAIL:
            allowed = MACROS_MAY if name.parts[0] == "macros" else ()
            found += [
                f"{name}: {what}"
                for what, pattern in FORBIDDEN.items()
                if what not in allowed and pattern.search(text)
            ]
        found += [f"{name}: no English for « {sentence} »" for sentence in sentences(path) - set(english())]
    return sorted(found)


def main() -> None:
    wrong = faults()
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "templates: all sound\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
