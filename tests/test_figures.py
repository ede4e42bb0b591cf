"""Figures of benchmarks are told with their spread."""

import json
from pathlib import Path

import pytest

from benchmarks.figures import Spread, figure, spread, tell


def test_each_pair_is_a_ratio_of_its_own() -> None:
    slowed_halfway = figure("a turn", "ms", [1.0, 2.0, 10.0, 20.0], against=[1.0, 2.0, 10.0, 20.0])
    assert slowed_halfway.ratio == Spread(1.0, 1.0, 1.0)
    assert slowed_halfway.value.low < slowed_halfway.value.median < slowed_halfway.value.high


def test_a_single_value_has_no_spread() -> None:
    assert spread([3.5]) == Spread(3.5, 3.5, 3.5)


def test_what_is_told_is_also_added_to_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "figures.json"
    tell([figure("a turn", "ms", [1.5, 1.25, 1.75])], target)
    tell([figure("the export", "s", [12345.0], against=[1000.0], note="to 1,000 answers")], target)
    assert capsys.readouterr().out.splitlines() == [
        "a turn  1.5 (1.38–1.62) ms",
        "the export  12,345 (12,345–12,345) s              × 12.3 (12.3–12.3)  to 1,000 answers",
    ]
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [line["name"] for line in lines] == ["a turn", "the export"]
    assert lines[0] == {
        "name": "a turn",
        "unit": "ms",
        "value": {"median": 1.5, "low": 1.375, "high": 1.625},
        "ratio": None,
        "note": "",
    }
