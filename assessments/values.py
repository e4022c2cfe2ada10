"""The frozen base every result here is built on, and a text that exists in French and in English."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

Locale: TypeAlias = Literal["fr", "en"]
Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Value(BaseModel):
    """A value object: frozen, equal by content, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Value):
    """The same words in French and in English; neither may be empty.

    >>> Text(fr="Bonjour", en="Hello").in_("fr")
    'Bonjour'
    """

    fr: Words
    en: Words

    def in_(self, locale: str) -> str:
        """The words in `locale` (`fr-FR` counts as `fr`); French for any language we do not write.

        >>> Text(fr="Bonjour", en="Hello").in_("en-GB")
        'Hello'
        """
        return self.en if locale.lower().startswith("en") else self.fr

    def with_(self, **facts: object) -> "Text":
        """The same text with each `{name}` replaced in both languages; a name left out raises KeyError.

        >>> Text(fr="{n} réponses", en="{n} answers").with_(n=3).en
        '3 answers'
        """
        return Text(fr=self.fr.format(**facts), en=self.en.format(**facts))
