"""A guide asks everybody the same core, then what was left open; two readings are held side by side, never averaged."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.questionnaires import instruments, interviews
from assessments.questionnaires.instruments import Band, BandKey, Dimension, Instrument
from assessments.questionnaires.interviews import (
    Guide,
    OpenMatters,
    Part,
    PointKind,
    compare,
    faults_of_note,
    make_guide,
    unrated,
)
from assessments.questionnaires.scoring import Gap, ScaleScore, Scorecard
from assessments.values import Text

DATA = files("assessments").joinpath("data")
SHIPPED = (DATA / "policies/interviews/2026-11.yaml").read_text("utf-8")
POLICY = interviews.read_policy(SHIPPED)
WORK = instruments.read((DATA / "instruments/work-organisation/2026-11.yaml").read_text("utf-8"))


def words(text: str) -> Text:
    return Text(fr=text, en=text)


def scale(name: str, score: int = 8000, *, low: int | None = None, high: int | None = None) -> ScaleScore:
    return ScaleScore(
        scale=name, label=words(name), score_hundredths=score, standard_error_hundredths=500,
        low_hundredths=score - 1000 if low is None else low, high_hundredths=score + 1000 if high is None else high,
        contributed_hundredths=1000, possible_hundredths=1500,
    )  # fmt: skip


def card(*scales: ScaleScore, gaps: tuple[Gap, ...] = (), missing: tuple[str, ...] = ()) -> Scorecard:
    band = Band(key=BandKey.READY, from_hundredths=0, label=words("band"), sentence=words("band"))
    return Scorecard(
        instrument=WORK.slug, edition=WORK.edition, dimension=Dimension.AUTONOMY, score_hundredths=8000,
        standard_error_hundredths=500, low_hundredths=7000, high_hundredths=9000, known_percent=90, band=band,
        scales=scales, contributions=(), missing=missing, gaps=gaps, reasons=(),
    )  # fmt: skip


def guide(*cards: Scorecard, channels: tuple[str, ...] = ("voice",), **matters: object) -> Guide:
    return make_guide(
        POLICY,
        channels=channels,
        cards=cards,
        instruments=[WORK],
        matters=OpenMatters.model_validate(matters),
    )


def asked(made: Guide, part: Part) -> list[str]:
    return [question.id for question in made.questions if question.part is part]


# The shipped questions


def test_every_question_asks_for_a_situation_an_action_and_a_result_and_has_five_different_anchors() -> None:
    for question in POLICY.questions:
        for locale in ("fr", "en"):
            begins = [probe.in_(locale).split(":")[0].strip() for probe in question.probes]
            assert begins == (
                ["Situation", "Action", "Résultat"] if locale == "fr" else ["Situation", "Action", "Result"]
            )
            assert len({anchor.in_(locale) for anchor in question.anchors}) == 5


def test_every_scale_of_the_way_of_working_has_a_question() -> None:
    assert {question.scale for question in POLICY.questions} >= {one.id for one in WORK.scales}


def test_no_question_and_no_anchor_touches_what_must_not_be_looked_at() -> None:
    forbidden = re.compile(
        r"\b(âge|age|enfants?|children|famil\w*|conjoint|mari\w*|spouse|santé|health|malad\w*|illness|grossesse|pregnan\w*|"
        r"religi\w*|syndi\w*|union|origin\w*|national\w*|accent|adresse|address|logement|housing|domicile|voiture|car)\b",
        re.IGNORECASE,
    )
    for question in POLICY.questions:
        for text in (question.text, *question.probes, *question.anchors):
            assert not forbidden.search(f"{text.fr} {text.en}"), text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: digital", "id: rhythm", "comes twice"),
        ("scale: digital", "scale: rhythm", "two questions"),
        ("is_core: true", "is_core: false", "no core question"),
        ("{gap}. Prévu : {remedy}.", "{gap}. Prévu : {thing}.", "words.gap_planned.fr"),
        ("wide_hundredths: 3500", "wide_hundredths: -1", "wide_hundredths"),
    ],
)
def test_a_faulty_edition_says_where(old: str, new: str, said: str) -> None:
    with pytest.raises(EditionError, match=said):
        interviews.read_policy(SHIPPED.replace(old, new))


# The guide


@given(
    st.lists(
        st.builds(scale, st.sampled_from([one.id for one in WORK.scales]), st.integers(1500, 8000)),
        max_size=7, unique_by=lambda one: one.scale,
    ),
    st.lists(st.text(min_size=1, max_size=30).filter(str.strip), max_size=3),
)  # fmt: skip
def test_the_core_is_the_same_for_everybody_of_one_programme(
    scales: list[ScaleScore], contested: list[str]
) -> None:
    gaps = tuple(Gap(about=one.scale, text=words("gap"), remedies=()) for one in scales[:2])
    made = guide(card(*scales, gaps=gaps), contested=tuple(contested))
    plain = guide()
    core = [question for question in made.questions if question.part is Part.CORE]
    assert core == list(plain.questions)
    assert made.questions[: len(core)] == tuple(core)


def test_a_written_programme_is_asked_about_writing_and_not_about_calls() -> None:
    assert asked(guide(channels=("chat",)), Part.CORE) == [
        "planning",
        "written_care",
        "contact",
        "confidentiality",
    ]
    assert asked(guide(channels=("voice",)), Part.CORE) == [
        "planning",
        "steadiness",
        "contact",
        "confidentiality",
    ]


def test_a_weak_or_uncertain_scale_outside_the_core_brings_its_question_with_the_reason() -> None:
    gap = Gap(about="digital", text=words("Training on the tools is useful."), remedies=())
    made = guide(
        card(
            scale("digital", 3000),
            scale("rhythm", 5000, low=2000, high=8000),
            scale("initiative"),
            gaps=(gap,),
        )
    )
    assert asked(made, Part.OPEN) == ["digital", "rhythm"]
    why = {question.id: question.why.en for question in made.questions}
    assert "30 points out of 100" in why["digital"]
    assert "from 20 to 80" in why["rhythm"]


def test_open_questions_are_few_and_the_least_certain_come_first() -> None:
    wide = [
        scale(name, 5000, low=low, high=9500)
        for name, low in (("digital", 500), ("rhythm", 100), ("initiative", 300))
    ]
    short = POLICY.model_copy(update={"most_open_questions": 2})
    made = make_guide(
        short, channels=["voice"], cards=[card(*wide)], instruments=[WORK], matters=OpenMatters()
    )
    assert asked(made, Part.OPEN) == ["rhythm", "initiative"]


def test_everything_left_open_becomes_a_point_with_a_way_to_begin() -> None:
    first = WORK.items[0]
    made = guide(
        card(gaps=(Gap(about="seat", text=words("No adjustable chair."), remedies=()),), missing=(first.id,)),
        contested=("I never said {that}",), contradictions=(words("A and B"),), signals=(words("Very fast"),),
        planned={"seat": words("A chair on loan.")},
    )  # fmt: skip
    kinds = [point.kind for point in made.points]
    assert kinds == [
        PointKind.CONTEST, PointKind.CONTRADICTION, PointKind.GAP, PointKind.MISSING, PointKind.SIGNAL
    ]  # fmt: skip
    assert "I never said {that}" in made.points[0].text.en
    assert [detail.en for detail in made.points[2].details] == [
        "No adjustable chair. Planned: A chair on loan."
    ]
    assert made.points[3].details == (first.prompt,)
    assert all(point.ask.fr for point in made.points)


def test_a_guide_with_nothing_open_is_the_core_alone() -> None:
    made = guide()
    assert made.points == ()
    assert asked(made, Part.OPEN) == []
    assert Guide.model_validate(made.model_dump(mode="json")) == made


def test_an_instrument_of_another_edition_leaves_its_missing_answers_out_and_breaks_nothing() -> None:
    other: list[Instrument] = []
    made = make_guide(
        POLICY, channels=[], cards=[card(missing=("x",))], instruments=other, matters=OpenMatters()
    )
    assert made.points == ()


# Notes


def test_a_note_may_leave_questions_out_but_not_speak_of_others() -> None:
    made = guide()
    assert (
        faults_of_note(made, {"planning": 5, "contact": None}, {"general": "fine", "planning": "well"}) == ()
    )
    found = faults_of_note(made, {"planning": 6, "horoscope": 3}, {"horoscope": "no"})
    assert [fault.path for fault in found] == ["ratings.horoscope", "ratings.planning", "notes.horoscope"]
    assert unrated(made, {"planning": 3}) == ("steadiness", "contact", "confidentiality")


ratings = st.dictionaries(
    st.sampled_from(["planning", "steadiness", "contact", "confidentiality"]), st.none() | st.integers(1, 5)
)


@given(ratings, ratings)
def test_two_readings_count_each_question_once_and_it_does_not_matter_who_is_first(
    first: dict[str, int | None], second: dict[str, int | None]
) -> None:
    made = guide()
    one, other = compare(made, first, second), compare(made, second, first)
    assert one.exact + one.adjacent + one.further == one.both
    assert (one.both, one.exact, one.adjacent, one.further) == (
        other.both,
        other.exact,
        other.adjacent,
        other.further,
    )
    assert [each.question for each in one.differences] == [question.id for question in made.questions]
    assert all(each.apart is None or 0 <= each.apart <= 4 for each in one.differences)


def test_differences_say_how_far_apart_two_ratings_are() -> None:
    found = compare(
        guide(),
        {"planning": 2, "contact": 4, "steadiness": 3},
        {"planning": 2, "contact": 1, "steadiness": 4},
    )
    assert (found.both, found.exact, found.adjacent, found.further) == (3, 1, 1, 1)
    assert [one.apart for one in found.differences] == [0, 1, 3, None]
