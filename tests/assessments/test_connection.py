"""A measured line: the reference values of G.107, jitter by its three rules, and what is refused or doubtful."""

import json
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.lines.connection import LineResult, counted, line_measure, one_way_ms, summarise, word_of
from assessments.lines.emodel import Codec, call_quality, delay_impairment, equipment_impairment, mean_opinion
from assessments.lines.policy import LinePolicy, PartOfDay, read_policy
from assessments.lines.round_trips import fast_rise_jitter, mean_difference, percentile, rfc3550_jitter
from assessments.lines.samples import Refusal, Samples, read_samples
from assessments.questionnaires.items import Measure

SOURCE = files("assessments").joinpath("data/policies/connection/2026-11.yaml").read_text("utf-8")
POLICY = read_policy(SOURCE)
REFERENCE = Path(__file__).parents[3] / "shared/data/voip/g107_reference.json"

IMPAIRMENT_BY_LOSS = {
    "G.711 no PLC": {0: 0.0, 0.5: 9.896, 1: 17.925, 3: 39.041, 5: 51.075, 10: 66.434},
    "G.711 PLC": {0: 0.0, 0.5: 1.855, 1: 3.64, 3: 10.142, 5: 15.781, 10: 27.066},
    "G.729A+VAD": {0: 11.0, 1: 15.2, 3: 22.455, 5: 28.5},
    "G.723.1 6.3k+VAD": {0: 15.0, 1: 19.678, 3: 27.565, 5: 33.957},
    "GSM-EFR": {0: 5.0, 1: 13.182, 3: 25.769, 5: 35.0},
}
IMPAIRMENT_BY_DELAY = {50: 0.0, 100: 0.0, 150: 0.1635, 200: 3.0444, 250: 8.9167, 300: 14.7607, 400: 24.0701}
OPINION_BY_R = {0: 1.0, 50: 2.575, 60: 3.1, 70: 3.597, 80: 4.024, 90: 4.339, 93.2: 4.4093, 100: 4.5}

RAW: dict[str, Any] = {
    "idle": [{"at_ms": 50 * n, "ms": ms} for n, ms in enumerate((20, 22, 19, 40, 21, 20, 25, 20))],
    "loaded_down": [{"at_ms": 1000 + 100 * n, "ms": ms} for n, ms in enumerate((30, 60, 45))],
    "loaded_up": [{"at_ms": 2000 + 100 * n, "ms": ms} for n, ms in enumerate((30, 80, 45))],
    "down": [{"at_ms": 900, "bytes": 1_000_000, "ms": 400.0}],
    "up": [{"at_ms": 1900, "bytes": 250_000, "ms": 400.0}],
}


def codec(name: str) -> Codec:
    found = POLICY.codec(name)
    assert found is not None
    return found


def kept(**changes: Any) -> LineResult:
    read = read_samples(POLICY, RAW | changes)
    assert isinstance(read, Samples), read
    return summarise(POLICY, read)


def refused(**changes: Any) -> tuple[Refusal, ...]:
    read = read_samples(POLICY, RAW | changes)
    assert not isinstance(read, Samples)
    return read


def pings(*ms: float) -> list[dict[str, float]]:
    return [{"at_ms": float(n), "ms": value} for n, value in enumerate(ms)]


@pytest.mark.parametrize("name", IMPAIRMENT_BY_LOSS)
def test_loss_costs_what_the_recommendation_says(name: str) -> None:
    for loss, wanted in IMPAIRMENT_BY_LOSS[name].items():
        assert equipment_impairment(codec(name), loss) == pytest.approx(wanted, abs=0.001)


def test_delay_costs_what_the_recommendation_says() -> None:
    for delay, wanted in IMPAIRMENT_BY_DELAY.items():
        assert delay_impairment(delay) == pytest.approx(wanted, abs=0.0001)


def test_r_becomes_the_opinion_of_annex_b() -> None:
    for r, wanted in OPINION_BY_R.items():
        assert mean_opinion(r) == pytest.approx(wanted, abs=0.0005)


# The shared cases are not ours to copy; published values of G.107 stand above, as data of our own.
@pytest.mark.skipif(not REFERENCE.exists(), reason="the shared reference is not here")
def test_every_case_of_the_shared_reference_is_met() -> None:
    reference = json.loads(REFERENCE.read_text("utf-8"))
    for case in reference["cases"]:
        heard = call_quality(codec(case["codec"]), one_way_ms=case["one_way_ms"], loss_pct=case["loss_pct"])
        assert heard.r == pytest.approx(case["R"], abs=0.01), case
        assert heard.mos == pytest.approx(case["mos"], abs=0.005), case
    for name, by_loss in reference["ie_eff"].items():
        for loss, wanted in by_loss.items():
            assert equipment_impairment(codec(name), float(loss)) == pytest.approx(wanted, abs=0.001)
    for row in reference["side_by_side"]["rows"]:
        used = codec("G.711 PLC")
        delay = one_way_ms(POLICY, used, rtt_ms=row["rtt_ms"], jitter_ms=row["jitter_ms"])
        assert delay == row["Ta_ms"]
        heard = call_quality(used, one_way_ms=delay, loss_pct=row["loss_pct"])
        assert heard.r == pytest.approx(row["G711_PLC_R"], abs=0.006)


delays = st.floats(0, 2000)
losses = st.floats(0, 100)
codecs = st.sampled_from(POLICY.codecs)
bursts = st.floats(1, 10)


@given(codecs, delays, delays, losses, bursts)
def test_more_delay_never_sounds_better(used: Codec, one: float, other: float, loss: float, b: float) -> None:
    near, far = sorted((one, other))
    better = call_quality(used, one_way_ms=near, loss_pct=loss, burst_ratio=b)
    worse = call_quality(used, one_way_ms=far, loss_pct=loss, burst_ratio=b)
    assert worse.r <= better.r + 1e-9
    assert worse.mos <= better.mos + 1e-9


@given(codecs, delays, losses, losses, bursts)
def test_more_loss_never_sounds_better(used: Codec, delay: float, one: float, other: float, b: float) -> None:
    few, many = sorted((one, other))
    better = call_quality(used, one_way_ms=delay, loss_pct=few, burst_ratio=b)
    worse = call_quality(used, one_way_ms=delay, loss_pct=many, burst_ratio=b)
    assert worse.r <= better.r + 1e-9
    assert 1 <= worse.mos <= better.mos + 1e-9 <= 4.5


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_the_opinion_is_bounded_and_never_falls_as_r_rises(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 <= mean_opinion(low) <= mean_opinion(high) + 1e-12 <= 4.5 + 1e-12


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, 1e9])
def test_a_figure_that_no_line_has_is_no_call(bad: float) -> None:
    with pytest.raises(ValueError, match="one_way_ms"):
        call_quality(codec(""), one_way_ms=bad)


def test_the_same_round_trips_give_three_jitters_by_three_named_rules() -> None:
    trips = [20, 22, 19, 40, 21, 20, 25, 20]
    assert mean_difference(trips) == 8.0
    assert rfc3550_jitter(trips) == pytest.approx(2.8734, abs=1e-4)
    assert fast_rise_jitter(trips) == pytest.approx(11.1199, abs=1e-4)
    assert kept().idle.jitter.model_dump() == {
        "mean_difference_ms": 8.0, "rfc3550_ms": 2.87, "fast_rise_ms": 11.12,
    }  # fmt: skip


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50), st.floats(0, 100))
def test_a_percentile_lies_among_its_values(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9


def test_samples_come_to_whole_figures_and_a_call_with_all_it_rests_on() -> None:
    result = kept()
    assert (result.download_kbps, result.upload_kbps) == (20_000, 5_000)
    assert (result.idle.median_ms, result.idle.p95_ms) == (20.5, 34.75)
    assert result.measured[Measure.LOADED_LATENCY_MS] == 77
    assert result.call.codec == "G.711 PLC"
    assert result.call.one_way_ms == 20.5 / 2 + 2 * 8 + 20
    assert "06/2015" in result.formula
    assert result.band.key == "very_satisfied"
    assert result.doubts == ()


def test_what_was_not_measured_stays_unknown_and_is_said() -> None:
    result = kept()
    assert result.loss_permille is None
    assert result.mic_level is None
    assert Measure.LOSS_PERMILLE not in result.measured
    assert POLICY.words.loss_unknown in result.reasons
    assert word_of(POLICY, Measure.LOSS_PERMILLE, None) == ("not_measured", POLICY.words.not_measured)


def test_loss_and_microphone_count_when_they_were_measured() -> None:
    result = kept(
        loss={"sent": 300, "lost": 3},
        microphone={"quiet_db": [-60.0, -58.0, -59.0], "voice_db": [-30.0, -25.0]},
    )
    assert result.loss_permille == 10
    assert result.call.loss_pct == 1.0
    assert result.mic_level == 34
    assert POLICY.words.loss_unknown not in result.reasons


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"down": [{"at_ms": 1, "bytes": 25_000_000, "ms": 20}]}, "/down", "out_of_bounds"),  # 10 Gbit/s
        ({"idle": pings(20, 20, -5, 20, 20, 20)}, "/idle/2/ms", "out_of_bounds"),
        ({"idle": pings(20, 20, math.nan, 20, 20)}, "/idle/2/ms", "not_a_number"),
        ({"idle": pings(20, 20, math.inf, 20, 20)}, "/idle/2/ms", "not_a_number"),
        ({"idle": pings(*[20.0] * 10_000)}, "/idle", "too_many"),
        ({"idle": list(reversed(pings(*[20.0] * 9)))}, "/idle", "runs_backwards"),
        ({"idle": pings(20, 20)}, "/idle", "too_few"),
        ({"up": []}, "/up", "too_few"),
        ({"idle": [{"at_ms": 1, "ms": "20"}]}, "/idle/0/ms", "not_a_number"),
        ({"idle": [{"at_ms": 1, "ms": True}]}, "/idle/0/ms", "not_a_number"),
        ({"down": [{"at_ms": 1, "bytes": 10**400, "ms": 2}]}, "/down/0/bytes", "not_a_number"),
        ({"down": [{"at_ms": 1, "bytes": 100, "ms": 0}]}, "/down/0/ms", "out_of_bounds"),
        ({"r_factor": 93.2}, "/r_factor", "unknown_field"),
        ({"loss": {"sent": 100, "lost": 101}}, "/loss/lost", "more_lost_than_sent"),
        ({"loss": {"sent": 0, "lost": 0}}, "/loss/sent", "out_of_bounds"),
        ({"microphone": {"quiet_db": [], "voice_db": [-3.0]}}, "/microphone/quiet_db", "too_few"),
        ({"microphone": {"quiet_db": [3.0], "voice_db": [-3.0]}}, "/microphone/quiet_db/0", "out_of_bounds"),
    ],
)
def test_a_hostile_measurement_is_refused_with_its_field_and_what_to_do(
    changes: dict[str, Any], field: str, code: str
) -> None:
    found = refused(**changes)
    assert (found[0].field, found[0].code) == (field, code)
    assert len(found) <= 20
    for locale, word in (("fr", "esurez"), ("en", "easure")):
        assert word in found[0].text.in_(locale)


@pytest.mark.parametrize("raw", [None, [], "x", 3, {}, {"idle": None}])
def test_what_is_no_measurement_at_all_is_refused_too(raw: object) -> None:
    assert not isinstance(read_samples(POLICY, raw), Samples)


def test_a_surprising_measurement_is_kept_and_shown_to_a_person_at_no_cost() -> None:
    fast = kept(down=[{"at_ms": 1, "bytes": 25_000_000, "ms": 60}])
    assert fast.download_kbps > 3_000_000
    assert len(fast.doubts) == 1
    assert fast.call == kept().call
    assert kept(loaded_down=pings(1, 1, 1), loaded_up=[]).doubts == (POLICY.words.one_sided,)


def test_the_weakest_moment_counts_for_the_line_and_the_best_try_for_the_microphone() -> None:
    loud, soft = ({"quiet_db": [-60.0], "voice_db": [level]} for level in (-30.0, -50.0))
    morning = kept(microphone=soft)
    evening = kept(
        idle=pings(*[120.0] * 6), down=[{"at_ms": 1, "bytes": 100_000, "ms": 400.0}], microphone=loud
    )
    figures = counted(POLICY, [morning, evening])
    assert figures[Measure.DOWNLOAD_KBPS] == 2_000
    assert figures[Measure.UPLOAD_KBPS] == 5_000
    assert figures[Measure.IDLE_LATENCY_MS] == 120
    assert figures[Measure.JITTER_MS] == 8
    assert figures[Measure.MIC_LEVEL] == 30
    assert Measure.LOSS_PERMILLE not in figures
    assert counted(POLICY, []) == {}


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=4))
def test_one_more_moment_never_lifts_the_figure_of_the_line(ms: list[int]) -> None:
    results = [kept(down=[{"at_ms": 1, "bytes": 1_000_000, "ms": float(one)}]) for one in ms]
    whole = counted(POLICY, results)[Measure.DOWNLOAD_KBPS]
    assert whole == min(one.download_kbps for one in results)
    assert whole <= counted(POLICY, results[:1])[Measure.DOWNLOAD_KBPS]


def test_figures_become_the_measured_line_of_a_profile() -> None:
    line = line_measure(counted(POLICY, [kept(loss={"sent": 300, "lost": 3})]))
    assert line is not None
    assert (line.download_mbps, line.upload_mbps, line.latency_ms) == (20.0, 5.0, 21.0)
    assert (line.jitter_ms, line.loss_pct) == (8.0, 1.0)
    assert line_measure({}) is None


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (4, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening"),
        (0, "evening"),
    ],
)  # fmt: skip
def test_each_hour_of_the_clock_has_its_part_of_the_day(hour: int, part: str) -> None:
    assert POLICY.part_at(hour).key is PartOfDay(part)


def test_a_mark_is_reached_at_its_edge_in_either_direction() -> None:
    upload, delay = Measure.UPLOAD_KBPS, Measure.IDLE_LATENCY_MS
    assert [word_of(POLICY, upload, one)[0] for one in (5000, 4999, 1000, 999)] == [
        "good", "enough", "enough", "to_arrange",
    ]  # fmt: skip
    assert [word_of(POLICY, delay, one)[0] for one in (100, 101, 260, 261)] == [
        "good", "enough", "enough", "to_arrange",
    ]  # fmt: skip


def test_samples_and_results_survive_storage_unchanged() -> None:
    result = kept(loss={"sent": 300, "lost": 3})
    assert LineResult.model_validate(json.loads(result.model_dump_json())) == result
    read = read_samples(POLICY, RAW)
    assert isinstance(read, Samples)
    assert read_samples(POLICY, json.loads(read.model_dump_json())) == read
    assert summarise(POLICY, read) == summarise(POLICY, read)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('assumed_codec: "G.711 PLC"', 'assumed_codec: "Opus"', "codecs"),
        ("{field: at_ms,", "{field: at_noon,", "bounds"),
        ("{key: evening,", "{key: morning,", "parts_of_day"),
        ("prend {points} points à", "prend {marks} points à", "words.delay_costs.fr"),
        ("({count} sur {least})", "({amount} sur {least})", "problems.too_few.fr"),
    ],
)
def test_an_edition_that_could_fail_in_front_of_a_person_is_refused(old: str, new: str, path: str) -> None:
    assert old in SOURCE
    with pytest.raises(EditionError) as caught:
        read_policy(SOURCE.replace(old, new, 1))
    assert path in {fault.path for fault in caught.value.faults}


def test_every_codec_has_its_source() -> None:
    policy: LinePolicy = POLICY
    assert len(policy.codecs) == 5
    assert all("G.113" in one.source for one in policy.codecs)
