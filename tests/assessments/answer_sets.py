"""Answers to any questionnaire for the tests: the best, the weakest, any at all, as values or as a posted form."""

from importlib.resources import files

from hypothesis import strategies as st

from assessments.questionnaires.answer_values import AnswerValue, to_form
from assessments.questionnaires.answers import Answer, Answers
from assessments.questionnaires.instruments import Instrument, read
from assessments.questionnaires.items import Item

SLUGS = ("work-organisation", "home-workplace", "equipment-connection")
FILE_ID = "0123456789abcdef0123456789abcdef"


def shipped(slug: str) -> Instrument:
    """One questionnaire as it is shipped."""
    return read(files("assessments").joinpath(f"data/instruments/{slug}/2026-11.yaml").read_text("utf-8"))


def answered(instrument: Instrument, values: dict[str, AnswerValue]) -> Answers:
    """These values as answers, in the order in which they stand."""
    answers = tuple(Answer(item=name, value=value) for name, value in values.items())
    return Answers(instrument=instrument.slug, edition=instrument.edition, answers=answers)


def extreme(instrument: Instrument, *, best: bool) -> dict[str, AnswerValue]:
    """For every item that counts, measured ones among them, the answer worth most or least."""
    return {
        item.id: extreme_value(instrument, item, best=best) for item in instrument.items if item.is_scored
    }


def extreme_value(instrument: Instrument, item: Item, *, best: bool) -> AnswerValue:
    """The answer to one item that is worth most or least."""
    match item.kind:
        case "likert":
            return len(instrument.agreement) if item.reverse != best else 1
        case "yes_no":
            return (item.good == "yes") == best
        case "number":
            return item.maximum if best else item.minimum
        case "measurement":
            return item.maximum if best == (item.better == "more") else item.minimum
        case "multiple":
            return tuple(option.value for option in item.options if (option.credit > 0) == best)
        case "single":
            graded = sorted((one.credit, one.value) for one in item.options if not one.unknown)
            return graded[-1 if best else 0][1]
        case "scenario":
            acts = sorted((act.credit, act.value) for act in item.options)
            return acts[-1 if best else 0][1]
        case "ranking":
            key = item.key or tuple(option.value for option in item.options)
            return key if best else key[::-1]
        case "file":
            return FILE_ID
        case _:
            return "Deux lignes\nici"


def full_form(instrument: Instrument) -> dict[str, list[str]]:
    """A posted form with an answer to everything that can be typed or chosen."""
    return {
        item.id: list(to_form(extreme_value(instrument, item, best=True)))
        for item in instrument.items
        if item.kind != "measurement"
    }


def values_of(instrument: Instrument, item: Item) -> st.SearchStrategy[AnswerValue]:
    """Any answer that one item takes."""
    match item.kind:
        case "likert":
            return st.integers(1, len(instrument.agreement))
        case "single" | "scenario":
            return st.sampled_from([option.value for option in item.options])
        case "multiple":
            chosen = st.lists(st.sampled_from([one.value for one in item.options]), min_size=1, unique=True)
            return chosen.map(tuple)
        case "ranking":
            return st.permutations([option.value for option in item.options]).map(tuple)
        case "yes_no":
            return st.booleans()
        case "number" | "measurement":
            return st.integers(item.minimum, item.maximum)
        case "file":
            return st.text(alphabet="0123456789abcdef", min_size=32, max_size=32)
        case _:
            return st.text(min_size=1, max_size=5)


@st.composite
def answer_sets(draw: st.DrawFn, instrument: Instrument) -> dict[str, AnswerValue]:
    """Any answers to any of the items of one questionnaire."""
    kept = draw(st.lists(st.sampled_from(instrument.items), unique_by=lambda item: item.id))
    return {item.id: draw(values_of(instrument, item)) for item in kept}
