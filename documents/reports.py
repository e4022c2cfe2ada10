"""What a report on somebody's answers says, in the language it is written in: figures in hundredths, words ready."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from documents.facts import Line, Text
from documents.rates import Frozen

Hundredths = Annotated[int, Field(ge=0, le=10_000, strict=True)]
"""Hundredths of a point out of one hundred points."""


class Drawing(Frozen):
    """A score as a point with its interval, and the sentence that says both."""

    label: Line
    hundredths: Hundredths
    low_hundredths: Hundredths
    high_hundredths: Hundredths
    said: Text


class Question(Frozen):
    """One question that counted: what was answered, what was shown, what it brought of what it could bring."""

    item: Line
    prompt: Text
    answered: tuple[Text, ...] = ()
    shown: tuple[Text, ...] = ()
    why: Text | None = None
    hundredths: Hundredths
    possible_hundredths: Hundredths


class Criterion(Frozen):
    """A group of questions: why it matters for the post, its weight in words, and its part of the score."""

    label: Line
    why: Text
    weight: Line
    hundredths: Hundredths
    possible_hundredths: Hundredths
    questions: tuple[Question, ...] = ()


class Help(Frozen):
    """One thing that would close a gap, with what it costs, how long it takes and who pays, where that is known."""

    text: Text
    detail: Text | None = None


class Gap(Frozen):
    """Something to arrange, about a question or a criterion, and what can help."""

    about: Line
    text: Text
    helps: tuple[Help, ...] = ()


class Result(Frozen):
    """One questionnaire; `declared` and `demonstrated` stay two figures. Contributions sum exactly to the score."""

    key: Line
    title: Line
    purpose: Text
    band: Line
    declared: Drawing
    demonstrated: Drawing | None = None
    not_demonstrated: Text | None = None
    sentences: tuple[Text, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    unanswered: tuple[Text, ...] = ()
    gaps: tuple[Gap, ...] = ()
    talk: tuple[Text, ...] = ()
    edition: Line

    @property
    def costliest(self) -> tuple[Question, ...]:
        """The three questions without a gap of their own that left most points; ties in the order they were asked."""
        told = {gap.about for gap in self.gaps}
        asked = [question for criterion in self.criteria for question in criterion.questions]
        left = [
            question
            for question in asked
            if question.possible_hundredths > question.hundredths and question.item not in told
        ]
        left.sort(key=lambda question: question.hundredths - question.possible_hundredths)
        return tuple(left[:3])


class Passage(Frozen):
    """A few paragraphs under a heading, then a list."""

    title: Line
    paragraphs: tuple[Text, ...] = ()
    items: tuple[Text, ...] = ()


class ReportFacts(Frozen):
    """One report. `words` are the headings of its template; `passages` come after the results."""

    language: Literal["fr", "en"]
    title: Line
    lead: Text
    person: Line
    made_on: date
    opening: Passage
    results: tuple[Result, ...] = Field(default=(), max_length=10)
    passages: tuple[Passage, ...] = ()
    words: Mapping[str, Line]
    edition: Line
