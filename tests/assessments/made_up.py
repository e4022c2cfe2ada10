"""Questionnaires of every kind of item that counts, as hypothesis makes them up."""

from typing import Any

from hypothesis import strategies as st

from assessments.questionnaires.instruments import Instrument
from tests.assessments.answer_sets import shipped

WORK, HOME, EQUIPMENT = map(shipped, ("work-organisation", "home-workplace", "equipment-connection"))
_FRAME = WORK.model_dump(mode="json")
shipped_ones = st.sampled_from([WORK, HOME, EQUIPMENT])
percents = st.integers(0, 100)


def text(words: str) -> dict[str, str]:
    return {"fr": words, "en": f"{words} (en)"}


def _options(credits: list[int], **more: Any) -> list[dict[str, Any]]:
    return [
        {"value": f"o{at}", "label": text(f"O{at}"), "credit": credit, **more}
        for at, credit in enumerate(credits)
    ]


@st.composite
def _items(draw: st.DrawFn, name: str, scale: str) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["likert", "single", "multiple", "yes_no", "number", "scenario", "ranking", "measurement"]
        )
    )
    item: dict[str, Any] = {
        "kind": kind, "id": name, "prompt": text(name), "scale": scale, "weight": draw(st.integers(1, 20)),
    }  # fmt: skip
    credits = [100, *draw(st.lists(percents, min_size=2, max_size=4))]
    match kind:
        case "likert":
            item["reverse"] = draw(st.booleans())
        case "single":
            item["options"] = _options(credits)
            if draw(st.booleans()):
                item["options"].append({"value": "unknown", "label": text("?"), "unknown": True})
        case "multiple":
            item["options"] = _options(credits)
        case "yes_no":
            item["good"] = draw(st.sampled_from(["yes", "no"]))
        case "number":
            edges = sorted(draw(st.sets(st.integers(-5, 50), min_size=1, max_size=4)))
            item |= {"unit": text("min"), "minimum": edges[0], "maximum": 60}
            item["steps"] = [
                {"at_least": edge, "credit": one} for edge, one in zip(edges, credits, strict=False)
            ]
        case "scenario":
            item |= {"situation": text("S"), "options": _options(credits, why=text("W"))}
        case "ranking":
            key = [f"r{at}" for at in range(draw(st.integers(3, 6)))]
            item |= {"key": key, "why": text("W")}
            item["options"] = [{"value": one, "label": text(one)} for one in reversed(key)]
        case _:
            edges = sorted(draw(st.sets(st.integers(1, 99), min_size=1, max_size=3)), reverse=True)
            item |= {
                "measure": "jitter_ms",
                "unit": text("ms"),
                "minimum": 0,
                "maximum": 100,
                "better": "more",
            }
            item["steps"] = [{"edge": edge, "credit": 100 - 30 * at} for at, edge in enumerate(edges)]
    return item


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """One to four scales of one to six items of any kind, any weights, either kind of error."""
    counts = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(counts) - 1, max_size=len(counts) - 1)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    scales = [
        {"id": f"s{at}", "label": text(f"S{at}"), "why": text("W"), "weight": share}
        for at, share in enumerate(shares)
    ]
    items = [
        draw(_items(f"q{scale}_{at}", f"s{scale}"))
        for scale, count in enumerate(counts)
        for at in range(count)
    ]
    items = draw(st.permutations(items))
    pages = [
        {"id": f"p{at}", "title": text("P"), "items": items[at : at + 8]} for at in range(0, len(items), 8)
    ]
    doubts = sorted(draw(st.lists(percents, min_size=4, max_size=4)), reverse=True)
    error = {
        **_FRAME["error"],
        "kind": draw(st.sampled_from(["answers", "facts"])),
        "floor_hundredths": draw(st.integers(1, 500)),
        "doubt_percent": dict(zip(("declared", "measured", "attested", "verified"), doubts, strict=True)),
    }
    points = draw(st.sampled_from([3, 5, 6]))
    return Instrument.model_validate_json(
        Instrument.model_construct(**_FRAME | {
            "scales": scales, "pages": pages, "error": error, "agreement": [text(f"A{at}") for at in range(points)],
            "remedies": [], "quality": _FRAME["quality"] | {"contradictions": []},
        }).model_dump_json(warnings=False)
    )  # fmt: skip
