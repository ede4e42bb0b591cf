"""What benchmarks found comes into the document as tables, each in its place."""

from pathlib import Path

import pytest

from benchmarks.figures import figure, tell
from benchmarks.machine import facts
from benchmarks.report import BENCHMARKS, DOCUMENT, MACHINE, Benchmark, facts_table, read, renewed, table_of


def test_figures_stand_side_by_side_by_what_their_names_say(tmp_path: Path) -> None:
    file = tmp_path / "turns.json"
    figures = [
        figure("one: turns", "turns/s", [100.0, 300.0]),
        figure("other: turns", "turns/s", [50.0, 50.0]),
        figure("other: memory", "MiB", [7.0]),
        figure("one, beside other", "turns/s", [100.0, 300.0], against=[50.0, 50.0], note="2.5 is asked"),
    ]
    tell(figures, file)
    assert table_of(Benchmark("turns", column_first=": "), read(file)) == (
        "|  | one | other |\n| --- | --- | --- |\n"
        "| turns | 200 (150–250) turns/s | 50 turns/s |\n"
        "| memory |  | 7 MiB |\n"
        "\n|  |  | times |  |\n| --- | --- | --- | --- |\n"
        "| one, beside other | 200 (150–250) turns/s | 4 (3–5) | 2.5 is asked |\n"
    )
    grown = [figure("a turn, disk, 895 answers", "ms", [2.5]), figure("a turn, disk, 9,000 answers", "ms", [2.5])]
    assert (
        table_of(Benchmark("growth", column_last=", "), grown).splitlines()[0] == "|  | 895 answers | 9,000 answers |"
    )


def test_a_table_comes_into_its_place_and_the_others_stay() -> None:
    text = "a\n<!-- measured: pacing -->\nold\n<!-- end -->\nb\n<!-- measured: turns -->\nkept\n<!-- end -->\n"
    assert renewed(text, {"pacing": "new\n"}) == text.replace("old", "new")


@pytest.mark.parametrize("name", [MACHINE, *(one.name for one in BENCHMARKS)])
def test_the_document_has_a_place_for_every_benchmark(name: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text, {name: "measured anew\n"}).count("measured anew") == 1


def test_the_machine_is_told_also_where_there_are_no_other_bots(tmp_path: Path) -> None:
    about = facts(tmp_path)
    assert (about["the other bots'"], "SQLite" in facts_table(about)) == ("–", True)
    assert "0 cores" not in about["processor"]
