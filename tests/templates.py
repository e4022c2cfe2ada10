"""python -m tests.templates: every template compiles, keeps to the content policy and speaks both languages."""

import re
import sys

from service.http.languages import french_errors
from service.web.pages import TEMPLATES
from service.web.translations import english
from tests.sentences import (
    ENVIRONMENT,
    asked_for,
    every_template,
    of_errors,
    pages_code,
    placeholders,
    shell_code,
    titles,
    unmarked,
)

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
    return sorted(found) + unspoken()


def unspoken() -> list[str]:
    """What keeps a page from speaking English: no words, words nobody says, values lost, French nobody marked."""
    asked, known = asked_for(), english()
    return sorted(
        [f"{min(asked[one])}: no English for « {one} »" for one in asked.keys() - known.keys()]
        + [f"locale/en: nobody says « {one} »" for one in known.keys() - asked.keys()]
        + [
            f"locale/en: the values of « {one} » are others in English"
            for one, words in known.items()
            if placeholders(one) != placeholders(words)
        ]
        + [
            f"{path.name}: « {one} » is marked for nobody to translate"
            for path in pages_code()
            for one in unmarked(path)
        ]
    )


def untold() -> list[str]:
    """What keeps an error from speaking French: no words, words nobody says, values lost, sentences glued together."""
    known = french_errors()
    made = {path: of_errors(path) for path in shell_code()}
    asked = titles().union(*(sentences for sentences, _ in made.values()))
    return sorted(
        [
            f"{path.name}: glued, so nobody can translate it: {one}"
            for path, (_, glued) in made.items()
            for one in glued
        ]
        + [f"errors: no French for “{one}”" for one in asked - known.keys()]
        + [f"locale/fr: nobody says “{one}”" for one in known.keys() - asked]
        + [
            f"locale/fr: the values of “{one}” are others in French"
            for one, words in known.items()
            if placeholders(one) != placeholders(words)
        ]
    )


def main() -> None:
    wrong = faults() + untold()
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "templates: all sound\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
