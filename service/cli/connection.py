"""homeshore connection: how a call sounds on a line, from figures or from the raw samples of a measuring."""

import json
from pathlib import Path
from typing import Any

import click

from assessments.lines import connection as core
from assessments.lines.emodel import CallQuality, Codec, call_quality, faults_of
from assessments.lines.policy import LinePolicy
from assessments.lines.samples import Samples, read_samples
from service.cli.output import answer, as_json, told
from service.runtime.errors import Fault, InBoth, Malformed, RuleBroken

RANGES = {
    "one_way_ms": ("--one-way-ms", "a number of milliseconds from 0 to 60000"),
    "loss_pct": ("--loss-pct", "a percentage from 0 to 100"),
    "burst_ratio": ("--burst-ratio", "a ratio from 1 (losses at random) to 100"),
}


@click.command()
@click.option("--one-way-ms", type=float, help="Delay from mouth to ear, one way.")
@click.option("--loss-pct", type=float, default=0.0, show_default=True, help="Packets lost, in percent.")
@click.option("--codec", default="", help="Codec, such as “G.711 PLC” (assumed when left out).")
@click.option("--burst-ratio", type=float, default=1.0, show_default=True, help="1: losses at random.")
@click.option(
    "--samples",
    "samples_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Raw samples of a measuring, as JSON: summed up and judged instead.",
)
@as_json
@told
def connection(
    one_way_ms: float | None,
    loss_pct: float,
    codec: str,
    burst_ratio: float,
    samples_path: Path | None,
    json_output: bool,
) -> None:
    """R factor and MOS of a call (ITU-T G.107) for a delay, a loss and a codec, or from raw samples."""
    policy = _policy()
    used = _codec(policy, codec)
    if (samples_path is None) == (one_way_ms is None):
        raise click.UsageError("Give either --one-way-ms or --samples.")
    if samples_path is not None:
        _from_samples(policy, used, samples_path, json_output=json_output)
        return
    assert one_way_ms is not None
    _check(one_way_ms=one_way_ms, loss_pct=loss_pct, burst_ratio=burst_ratio)
    heard = call_quality(used, one_way_ms=one_way_ms, loss_pct=loss_pct, burst_ratio=burst_ratio)
    value = {**heard.model_dump(), "band": policy.band_of(heard.r).key, "edition": policy.edition}
    answer(value, json_output=json_output, words=_words(policy, used, heard))


def _policy() -> LinePolicy:
    from service.runtime.editions import load_line_policies

    return load_line_policies()[-1]


def _codec(policy: LinePolicy, name: str) -> Codec:
    found = policy.codec(name)
    if found is None:
        known = ", ".join(f"“{one.key}”" for one in policy.codecs)
        raise RuleBroken(
            "There is no codec “%(name)s” here. Known codecs: %(known)s.", name=name, known=known
        )
    return found


def _check(**figures: float) -> None:
    faults = [
        Fault(option, "out-of-range", f"give {wanted}")
        for option, wanted in (RANGES[name] for name in faults_of(**figures))
    ]
    if faults:
        raise RuleBroken("No line has such figures.", faults=faults)


def _from_samples(policy: LinePolicy, used: Codec, path: Path, *, json_output: bool) -> None:
    read = read_samples(policy, _read_json(path))
    if not isinstance(read, Samples):
        faults = [Fault(one.field, one.code, InBoth(one.text.fr, one.text.en)) for one in read]
        raise RuleBroken("The samples cannot be used.", faults=faults)
    result = core.summarise(policy, read, codec=used)
    told = result.model_dump(mode="json") | {"r": result.call.r, "mos": result.call.mos}
    lines = [_words(policy, used, result.call), "", *_figures(policy, result)]
    lines += [text.en for text in (*result.reasons, *result.doubts)]
    answer(told, json_output=json_output, words="\n".join(lines))


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Malformed("%(path)s is not JSON: %(problem)s.", path=path, problem=error) from None


def _words(policy: LinePolicy, used: Codec, heard: CallQuality) -> str:
    band = policy.band_of(heard.r)
    return "\n".join(
        [
            f"R {heard.r:.2f}   MOS {heard.mos:.3f}   {band.label.en}",
            f"one way {heard.one_way_ms:g} ms, loss {heard.loss_pct:g} %, burst ratio {heard.burst_ratio:g}",
            f"codec {used.key} (Ie {used.ie:g}, Bpl {used.bpl:g}; {used.source})",
            f"{heard.formula}; edition {policy.edition}",
        ]
    )


def _figures(policy: LinePolicy, result: core.LineResult) -> list[str]:
    def row(label: str, value: int | None, per_unit: int, unit: str) -> str:
        said = "not measured" if value is None else f"{value / per_unit:g} {unit}"
        return f"{label:<34}{said}"

    return [
        row(one.label.en, result.measured.get(one.measure), one.per_unit, one.unit.en)
        for one in policy.readings
    ]
