"""What the way of answering shows: signals for a person to look at, in words; none of them enters a score."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from assessments.editions import Edition, EditionError, faults_of_words, read_as
from assessments.questionnaires.answers import Answers
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import FileItem, LikertItem, MeasurementItem
from assessments.values import Text, Value


class SignalKind(StrEnum):
    """What can be seen of the way of answering."""

    TOO_FAST = "too_fast"
    STRAIGHT_LINE = "straight_line"
    CONTRADICTION = "contradiction"


class Signal(Value):
    """One thing seen: its words, the items it is about, and for a page its name. `edition` is that of the words."""

    kind: SignalKind
    text: Text
    items: tuple[str, ...]
    page: str | None = None
    edition: str


class SignalWords(Value):
    """What is said of each kind; `{...}` is filled with what was seen."""

    too_fast: Text
    straight_line: Text
    contradiction: Text


WORD_FACTS = {
    "too_fast": frozenset({"page", "items", "seconds"}),
    "straight_line": frozenset({"items", "answer"}),
    "contradiction": frozenset({"first", "second"}),
}


class QualityWords(Edition):
    """One edition of the words; `counts_for_nothing` goes wherever signals are shown."""

    words: SignalWords
    counts_for_nothing: Text


def read_words(text: str) -> QualityWords:
    """One edition of the words from YAML; raises EditionError with all its faults."""
    found = read_as(QualityWords, text)
    faults = faults_of_words(found.words, path="words", facts=WORD_FACTS)
    if faults:
        raise EditionError(faults)
    return found


def signals(
    instrument: Instrument, answers: Answers, *, timings: Mapping[str, int], words: QualityWords
) -> tuple[Signal, ...]:
    """What is worth a look, by the limits of the questionnaire's own edition: pages answered too fast, then runs of one
    answer, then pairs that contradict each other.

    `timings` are the seconds spent on each page by its name; a page without one raises no signal.
    """
    return (
        *_too_fast(instrument, answers, timings, words),
        *_straight_lines(instrument, answers, words),
        *_contradictions(instrument, answers, words),
    )


def _too_fast(
    instrument: Instrument, answers: Answers, timings: Mapping[str, int], words: QualityWords
) -> Iterator[Signal]:
    given = {answer.item for answer in answers.answers}
    for page in instrument.pages:
        asked = tuple(
            item.id
            for item in page.items
            if item.id in given and not isinstance(item, MeasurementItem | FileItem)
        )
        seconds = timings.get(page.id)
        if seconds is None or not asked:
            continue
        if seconds < instrument.quality.fastest_seconds_per_item * len(asked):
            text = _said(words.words.too_fast, page=page.title, items=len(asked), seconds=seconds)
            yield Signal(
                kind=SignalKind.TOO_FAST, text=text, items=asked, page=page.id, edition=words.edition
            )


def _straight_lines(instrument: Instrument, answers: Answers, words: QualityWords) -> Iterator[Signal]:
    """Runs of agreement items in the order asked, whatever is asked between them; one left out ends a run."""
    most = instrument.quality.straight_line_items
    if most is None:
        return
    run: list[str] = []
    point: object = None
    asked = [item.id for item in instrument.items if isinstance(item, LikertItem)]
    for name in (*asked, None):
        value = None if name is None else answers.get(name)
        if value is not None and value == point and name is not None:
            run.append(name)
            continue
        if len(run) >= most and isinstance(point, int):
            answer = instrument.agreement[point - 1]
            text = _said(words.words.straight_line, items=len(run), answer=answer)
            yield Signal(kind=SignalKind.STRAIGHT_LINE, text=text, items=tuple(run), edition=words.edition)
        run, point = ([] if name is None or value is None else [name]), value


def _contradictions(instrument: Instrument, answers: Answers, words: QualityWords) -> Iterator[Signal]:
    for pair in instrument.quality.contradictions:
        first, second = (instrument.item(name) for name in pair.items)
        points = [_mirrored(instrument, one, answers) for one in (first, second)]
        if first is None or second is None or points[0] is None or points[1] is None:
            continue
        if abs(points[0] - points[1]) >= pair.apart_points:
            text = _said(words.words.contradiction, first=first.prompt, second=second.prompt)
            yield Signal(kind=SignalKind.CONTRADICTION, text=text, items=pair.items, edition=words.edition)


def _mirrored(instrument: Instrument, item: object, answers: Answers) -> int | None:
    if not isinstance(item, LikertItem):
        return None
    point = answers.get(item.id)
    if not isinstance(point, int):
        return None
    return len(instrument.agreement) + 1 - point if item.reverse else point


def _said(sentence: Text, **facts: Text | int) -> Text:
    fr, en = (
        sentence.in_(locale).format(
            **{name: one.in_(locale) if isinstance(one, Text) else one for name, one in facts.items()}
        )
        for locale in ("fr", "en")
    )
    return Text(fr=fr, en=en)
