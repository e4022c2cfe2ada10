"""What the law wants each document to say: one dated edition, field by field."""

from datetime import date
from enum import StrEnum
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from documents.edition_text import read_yaml
from documents.kinds import DocumentKind
from documents.rates import Confidence, Frozen, RatesError


class Situation(StrEnum):
    """When a requirement holds."""

    ALWAYS = "always"
    FIXED_TERM = "fixed_term"
    REPLACEMENT = "replacement"
    PART_TIME = "part_time"
    BELOW_FLOOR = "below_floor"
    TELEWORK_TEXT = "telework_text"


class Requirement(Frozen):
    field: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")
    kinds: tuple[DocumentKind, ...]
    when: Situation = Situation.ALWAYS
    article: str
    label: str
    remedy: str


class Requirements(Frozen):
    """One edition of the list, whole."""

    requirements: Literal["hiring-pack"]
    edition: str
    valid_from: date
    confidence: Confidence
    items: tuple[Requirement, ...] = Field(min_length=1)


def read(text: str) -> Requirements:
    """One edition from YAML, checked whole; raises RatesError with every fault."""
    try:
        return Requirements.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise RatesError(str(error)) from error
