"""What the law wants one kind of paper to say: a dated edition, with the clause that says it and the facts it needs."""

from datetime import date

import yaml
from pydantic import Field, ValidationError

from documents.edition_text import read_yaml
from documents.kinds import DocumentKind
from documents.rates import Confidence, Frozen, RatesError

ALWAYS = "always"


class Mention(Frozen):
    """One thing to say. `clause` are words of the issued paper; `fields` are paths in its facts, none of them empty.

    `when` is `always` or the name of a situation of that paper. `label` is what to call it where it is missing.
    """

    mention: str = Field(min_length=2)
    article: str = Field(min_length=2)
    clause: str = Field(min_length=2)
    fields: tuple[str, ...] = ()
    when: str = ALWAYS
    label: str | None = None
    remedy: str | None = None

    @property
    def name(self) -> str:
        return self.label or self.mention


class Mentions(Frozen):
    """One edition of what one kind of paper has to say, whole."""

    mentions: DocumentKind
    edition: str
    valid_from: date
    confidence: Confidence
    source: str | None = None
    items: tuple[Mention, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """How records name this edition: `telework_amendment/2026-11`."""
        return f"{self.mentions.value}/{self.edition}"


def read(text: str) -> Mentions:
    """One edition from YAML, checked whole; raises RatesError with every fault."""
    try:
        found = Mentions.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise RatesError(str(error)) from error
    if lacking := [item.mention for item in found.items if item.fields and not item.remedy]:
        raise RatesError(f"{found.name}: a mention with fields needs a remedy: {', '.join(lacking)}")
    return found
