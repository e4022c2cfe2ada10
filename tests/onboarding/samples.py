"""A small path, and the editions that the tests speak with."""

from importlib.resources import files

from onboarding import sentences
from onboarding.day_one import checklists, readiness
from onboarding.packages import package_rules
from onboarding.paths import paths

SENTENCES = sentences.read(files("onboarding").joinpath("data/sentences/2026-11.yaml").read_text("utf-8"))
PACKAGE_RULES = package_rules.read(
    files("onboarding").joinpath("data/packages/2026-11.yaml").read_text("utf-8")
)
CHECKLIST = checklists.read(files("onboarding").joinpath("data/checklists/2026-11.yaml").read_text("utf-8"))
REQUIREMENTS = readiness.read(files("onboarding").joinpath("data/readiness/2026-11.yaml").read_text("utf-8"))


def module_text(slug: str, *, needs: str = "[]", due: int = 1, attempts: str = "null") -> str:
    """One module with two pages and a quiz of three questions."""
    return f"""
  - slug: {slug}
    title: {{fr: "Le module {slug}", en: "Module {slug}"}}
    purpose: {{fr: "Savoir", en: "To know"}}
    prerequisites: {needs}
    minutes: 30
    due_days: {due}
    pass_percent: 66
    attempts: {attempts}
    pages:
      - slug: one
        title: {{fr: "Un", en: "One"}}
        text:
          fr: "Une **phrase** simple.\\n\\n- un\\n- deux"
          en: "A plain **sentence**.\\n\\n- one\\n- two"
      - slug: two
        title: {{fr: "Deux", en: "Two"}}
        text:
          fr: "> [!DIALOGUE]\\n> Vous : Bonjour\\n> Client : Bonjour"
          en: "> [!DIALOGUE]\\n> You: Hello\\n> Customer: Hello"
    quiz:
      - slug: q1
        kind: single
        text: {{fr: "Un ?", en: "One?"}}
        options:
          - {{slug: a, right: true, text: {{fr: "A", en: "A"}}, why: {{fr: "oui", en: "it is"}}}}
          - {{slug: b, text: {{fr: "B", en: "B"}}, why: {{fr: "pas ici", en: "not here"}}}}
      - slug: q2
        kind: multiple
        text: {{fr: "Deux ?", en: "Two?"}}
        options:
          - {{slug: a, right: true, text: {{fr: "A", en: "A"}}, why: {{fr: "oui", en: "it is"}}}}
          - {{slug: b, right: true, text: {{fr: "B", en: "B"}}, why: {{fr: "oui", en: "it is"}}}}
          - {{slug: c, text: {{fr: "C", en: "C"}}, why: {{fr: "pas ici", en: "not here"}}}}
      - slug: q3
        kind: single
        text: {{fr: "Trois ?", en: "Three?"}}
        options:
          - {{slug: a, text: {{fr: "A", en: "A"}}, why: {{fr: "pas ici", en: "not here"}}}}
          - {{slug: b, right: true, text: {{fr: "B", en: "B"}}, why: {{fr: "oui", en: "it is"}}}}
"""


def path_text(*modules: str) -> str:
    """A whole path file around the modules given."""
    return f"""
slug: sample
edition: 2026-11
valid_from: 2026-11-01
source: made for the tests
confidence: V
title: {{fr: "Un essai", en: "A sample"}}
purpose: {{fr: "Essayer", en: "To try"}}
audience: {{fr: "Tous", en: "Everyone"}}
objectives:
  - {{fr: "Savoir", en: "To know"}}
assistance: {{fr: "Écrivez au formateur", en: "Write to the trainer"}}
modules:
{"".join(modules)}
"""


def sample() -> paths.Path:
    """Three modules: ``first``, then ``second`` (two tries), and ``third`` beside them."""
    return paths.read(
        path_text(
            module_text("first"),
            module_text("second", needs="[first]", due=3, attempts="2"),
            module_text("third", due=5),
        )
    )


FULL_KEY = {"q1": ["a"], "q2": ["b", "a"], "q3": ["b"]}
