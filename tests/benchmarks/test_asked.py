"""What is asked of a figure is judged by its bound, and a benchmark that does not keep it fails."""

import pytest

from benchmarks.asked import Asked, judge


def test_one_figure_out_of_bounds_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    fast, slow = Asked("speed", " times", 2.5, at_least=2.5), Asked("wait", " ms", 300, below=300)
    judge([fast])
    with pytest.raises(SystemExit) as ended:
        judge([fast, slow])
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "NO   wait: 300 ms, asked below 300"
