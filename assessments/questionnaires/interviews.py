"""A structured interview: the same core for everybody, then what the assessment left open; and two readings of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, Key, faults_of_words, read_as
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.scoring import ScaleScore, Scorecard, points
from assessments.values import Text, Value

Rating = Annotated[int, Field(ge=1, le=5)]
Anchors = Annotated[tuple[Text, ...], Field(min_length=5, max_length=5)]


class Part(StrEnum):
    """Why a question is in a guide: everybody is asked it, or the assessment left its scale open."""

    CORE = "core"
    OPEN = "open"


class PointKind(StrEnum):
    """What the assessment left open; a point is talked about and noted, and never rated."""

    MISSING = "missing"
    GAP = "gap"
    CONTRADICTION = "contradiction"
    SIGNAL = "signal"
    CONTEST = "contest"


class Question(Value):
    """One behavioural question (situation, action, result) with an anchor for each rating from 1 to 5.

    `scale` is the scale of a questionnaire that it looks at. A core question with `channels` is asked for
    programmes that have one of them.
    """

    id: Key
    label: Text
    scale: Key | None = None
    is_core: bool = False
    channels: tuple[str, ...] = ()
    text: Text
    probes: Annotated[tuple[Text, ...], Field(min_length=3)]
    anchors: Anchors
    minutes: int = Field(ge=1, le=20)


class PointWords(Value):
    """How each kind of open point is put, and how to begin to talk about it."""

    missing: Text
    missing_ask: Text
    other_title: Text
    gap: Text
    gap_planned: Text
    gap_ask: Text
    contradiction: Text
    contradiction_ask: Text
    signal: Text
    signal_ask: Text
    contest: Text
    contest_ask: Text
    core: Text
    weak_scale: Text
    wide_interval: Text


WORD_FACTS = {
    "missing": frozenset({"title"}),
    "gap": frozenset({"title"}),
    "gap_planned": frozenset({"gap", "remedy"}),
    "contradiction": frozenset({"seen"}),
    "signal": frozenset({"seen"}),
    "contest": frozenset({"words"}),
    "weak_scale": frozenset({"label", "points"}),
    "wide_interval": frozenset({"label", "low", "high"}),
}


class InterviewPolicy(Edition):
    """One edition of the questions. A scale whose interval is wider than `wide_hundredths` is asked about.

    `most_open_questions` keeps the talk short: the weakest and least certain scales come first.
    """

    wide_hundredths: int = Field(ge=0, le=10_000)
    most_open_questions: int = Field(ge=0, le=10)
    opening: tuple[Text, ...]
    closing: tuple[Text, ...]
    never: tuple[Text, ...]
    not_a_decision: Text
    words: PointWords
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class GuideQuestion(Value):
    """A question as one guide asks it."""

    id: str
    part: Part
    label: Text
    why: Text
    text: Text
    probes: tuple[Text, ...]
    anchors: Anchors
    minutes: int


class GuidePoint(Value):
    """Something left open: what it is, how to begin, and the questions or things it is about."""

    id: str
    kind: PointKind
    text: Text
    ask: Text
    details: tuple[Text, ...] = ()


class Guide(Value):
    """One interview's guide, frozen with the editions it was made from."""

    questions: tuple[GuideQuestion, ...]
    points: tuple[GuidePoint, ...]
    opening: tuple[Text, ...]
    closing: tuple[Text, ...]
    never: tuple[Text, ...]
    minutes: int
    policy_edition: str
    instrument_editions: tuple[str, ...]
    not_a_decision: Text
    is_decision: Literal[False] = False

    def question(self, question_id: str) -> GuideQuestion | None:
        """The question of that name, or None."""
        return next((one for one in self.questions if one.id == question_id), None)


class OpenMatters(Value):
    """What is open beside the scorecards: signals and contradictions seen, what is contested, what is planned.

    `planned` are remedies by what their gap is about (an item or a scale).
    """

    signals: tuple[Text, ...] = ()
    contradictions: tuple[Text, ...] = ()
    contested: tuple[str, ...] = ()
    planned: Mapping[str, Text] = {}


def read_policy(text: str) -> InterviewPolicy:
    """One edition of the questions from YAML; raises EditionError with all its faults."""
    policy = read_as(InterviewPolicy, text)
    names = [question.id for question in policy.questions]
    scales = [question.scale for question in policy.questions if question.scale]
    faults = [
        Fault(path=f"questions ({name})", message="comes twice") for name in names if names.count(name) > 1
    ]
    faults += [
        Fault(path="questions", message=f"the scale {one!r} has two questions")
        for one in scales
        if scales.count(one) > 1
    ]
    if not any(question.is_core and not question.channels for question in policy.questions):
        faults.append(Fault(path="questions", message="no core question is asked of everybody"))
    faults += faults_of_words(policy.words, path="words", facts=WORD_FACTS)
    if faults:
        raise EditionError(faults)
    return policy


def make_guide(
    policy: InterviewPolicy,
    *,
    channels: Sequence[str],
    cards: Sequence[Scorecard],
    instruments: Iterable[Instrument],
    matters: OpenMatters,
) -> Guide:
    """The guide for one person and one programme.

    The core depends on the programme's channels alone, never on the person: everybody for one programme is asked the
    same, in the same order. What follows is what the scorecards left open. Nothing that somebody answered is
    repeated here but scores and gaps.
    """
    core = [one for one in policy.questions if one.is_core and _is_asked(one, channels)]
    opened = _open_questions(policy, core, cards)
    questions = (
        *(_asked(one, Part.CORE, policy.words.core) for one in core),
        *(_asked(one, Part.OPEN, why) for one, why in opened),
    )
    return Guide(
        questions=questions,
        points=tuple(_points(policy.words, cards, list(instruments), matters)),
        opening=policy.opening,
        closing=policy.closing,
        never=policy.never,
        minutes=sum(one.minutes for one in questions) + 10,
        policy_edition=policy.edition,
        instrument_editions=tuple(f"{card.instrument} {card.edition}" for card in cards),
        not_a_decision=policy.not_a_decision,
    )


def _is_asked(question: Question, channels: Sequence[str]) -> bool:
    return not question.channels or bool(set(question.channels) & set(channels))


def _asked(question: Question, part: Part, why: Text) -> GuideQuestion:
    return GuideQuestion(
        id=question.id,
        part=part,
        label=question.label,
        why=why,
        text=question.text,
        probes=question.probes,
        anchors=question.anchors,
        minutes=question.minutes,
    )


def _open_questions(
    policy: InterviewPolicy, core: Sequence[Question], cards: Sequence[Scorecard]
) -> list[tuple[Question, Text]]:
    """Scales that are weak or uncertain and not in the core; the lowest lower end of the interval first."""
    by_scale = {one.scale: one for one in policy.questions if one.scale and one not in core}
    weak = {gap.about for card in cards for gap in card.gaps}
    found = []
    for scale in (scale for card in cards for scale in card.scales):
        question = by_scale.get(scale.scale)
        why = _why_open(policy, scale, is_weak=scale.scale in weak)
        if question is not None and why is not None:
            found.append((scale.low_hundredths or 0, question.id, question, why))
    found.sort(key=lambda one: one[:2])
    return [(question, why) for _, _, question, why in found[: policy.most_open_questions]]


def _why_open(policy: InterviewPolicy, scale: ScaleScore, *, is_weak: bool) -> Text | None:
    low, high, score = scale.low_hundredths, scale.high_hundredths, scale.score_hundredths
    if is_weak and score is not None:
        return _with_points(policy.words.weak_scale, scale.label, points=score)
    if low is not None and high is not None and high - low > policy.wide_hundredths:
        return _with_points(policy.words.wide_interval, scale.label, low=low, high=high)
    return None


def _with_points(sentence: Text, label: Text, **hundredths: int) -> Text:
    said = {
        locale: {name: points(value, locale) for name, value in hundredths.items()} for locale in ("fr", "en")
    }
    return Text(
        fr=sentence.fr.format(label=label.fr, **said["fr"]),
        en=sentence.en.format(label=label.en, **said["en"]),
    )


def _points(
    words: PointWords, cards: Sequence[Scorecard], instruments: Sequence[Instrument], matters: OpenMatters
) -> Iterator[GuidePoint]:
    for at, said in enumerate(matters.contested):
        text = words.contest.with_(words=said)
        yield GuidePoint(id=f"contest_{at}", kind=PointKind.CONTEST, text=text, ask=words.contest_ask)
    for at, seen in enumerate(matters.contradictions):
        text = _put(words.contradiction, seen=seen)
        yield GuidePoint(
            id=f"contradiction_{at}", kind=PointKind.CONTRADICTION, text=text, ask=words.contradiction_ask
        )
    yield from _gaps(words, cards, instruments, matters.planned)
    yield from _missing(words, cards, instruments)
    for at, seen in enumerate(matters.signals):
        text = _put(words.signal, seen=seen)
        yield GuidePoint(id=f"signal_{at}", kind=PointKind.SIGNAL, text=text, ask=words.signal_ask)


def _gaps(
    words: PointWords,
    cards: Sequence[Scorecard],
    instruments: Sequence[Instrument],
    planned: Mapping[str, Text],
) -> Iterator[GuidePoint]:
    """One point a questionnaire, with each thing to arrange and what is planned for it."""
    titles = {(one.slug, one.edition): one.title for one in instruments}
    for card in cards:
        if card.gaps:
            title = titles.get((card.instrument, card.edition), words.other_title)
            yield GuidePoint(
                id=f"gap_{card.dimension.value}",
                kind=PointKind.GAP,
                text=_put(words.gap, title=title),
                ask=words.gap_ask,
                details=tuple(
                    _put(words.gap_planned, gap=gap.text, remedy=planned[gap.about])
                    if gap.about in planned
                    else gap.text
                    for gap in card.gaps
                ),
            )


def _missing(
    words: PointWords, cards: Sequence[Scorecard], instruments: Sequence[Instrument]
) -> Iterator[GuidePoint]:
    """One point a questionnaire, with all its questions that have no answer."""
    known = {(one.slug, one.edition): one for one in instruments}
    for card in cards:
        instrument = known.get((card.instrument, card.edition))
        if instrument is None or not card.missing:
            continue
        items = (instrument.item(name) for name in card.missing)
        yield GuidePoint(
            id=f"missing_{card.dimension.value}",
            kind=PointKind.MISSING,
            text=_put(words.missing, title=instrument.title),
            ask=words.missing_ask,
            details=tuple(item.prompt for item in items if item is not None),
        )


def _put(sentence: Text, **facts: Text) -> Text:
    return Text(
        fr=sentence.fr.format(**{name: text.fr.rstrip(".") for name, text in facts.items()}),
        en=sentence.en.format(**{name: text.en.rstrip(".") for name, text in facts.items()}),
    )


# Two readings


class Difference(Value):
    """One question as two people rated it; None where one of them did not."""

    question: str
    first: int | None
    second: int | None

    @property
    def apart(self) -> int | None:
        """Steps between the two, None where one is missing."""
        return None if self.first is None or self.second is None else abs(self.first - self.second)


class Comparison(Value):
    """How two readings of one interview stand to each other: counts over the questions that both rated."""

    differences: tuple[Difference, ...]
    both: int
    exact: int
    adjacent: int
    further: int


def compare(guide: Guide, first: Mapping[str, int | None], second: Mapping[str, int | None]) -> Comparison:
    """Exact (the same), adjacent (one step apart) and further, question by question in the order of the guide.

    Nothing is averaged and nothing follows from it: two people who differ talk about why.
    """
    found = tuple(
        Difference(question=one.id, first=first.get(one.id), second=second.get(one.id))
        for one in guide.questions
    )
    steps = [one.apart for one in found if one.apart is not None]
    return Comparison(
        differences=found,
        both=len(steps),
        exact=steps.count(0),
        adjacent=steps.count(1),
        further=sum(step > 1 for step in steps),
    )


def faults_of_note(
    guide: Guide, ratings: Mapping[str, int | None], notes: Mapping[str, str]
) -> tuple[Fault, ...]:
    """What in a note does not belong to the guide: unknown questions or points, ratings outside 1 to 5."""
    asked = {one.id for one in guide.questions}
    noted = asked | {one.id for one in guide.points} | {GENERAL}
    faults = [
        Fault(path=f"ratings.{name}", message="is no question of this guide")
        for name in ratings
        if name not in asked
    ]
    faults += [
        Fault(path=f"ratings.{name}", message="is 1 to 5, or nothing")
        for name, value in ratings.items()
        if name in asked and value is not None and value not in range(1, 6)
    ]
    faults += [
        Fault(path=f"notes.{name}", message="is no question and no point of this guide")
        for name in notes
        if name not in noted
    ]
    return tuple(faults)


GENERAL = "general"
"""The note that is about no question."""


def unrated(guide: Guide, ratings: Mapping[str, int | None]) -> tuple[str, ...]:
    """Questions without a rating, in order; leaving one out is allowed, and said before sending."""
    return tuple(one.id for one in guide.questions if ratings.get(one.id) is None)
