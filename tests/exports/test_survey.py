"""A sheet that ATLAS.ti reads as a survey."""

from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from exports.formats import Format, Surroundings, write_file
from exports.period import everything
from exports.request import Request, forms_of
from exports.survey import TooManyRows
from storage.database import snapshot
from tests.exports.city import Place
from tests.exports.seed import a_study

SIGNS = "!&:.<"


@pytest.fixture(scope="module")
def rows(place: Place, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    target = tmp_path_factory.mktemp("survey") / "leiden.xlsx"
    assert place.written(Format.SURVEY, target).rows == 4
    book = load_workbook(target)
    assert book.sheetnames == ["Survey"]
    header, *rows = book["Survey"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_every_row_is_a_document_with_a_name_of_its_own_and_a_day(rows: list[dict[str, object]]) -> None:
    assert len({row["!document"] for row in rows}) == 4
    assert [row["&day"] for row in rows] == ["20261103", "20261110", "20261110", "20261111"]


def test_choices_make_groups_options_are_yes_or_no_and_the_rest_is_left_alone(rows: list[dict[str, object]]) -> None:
    anna, bram, *_ = rows
    assert (anna[":held::Ging het door?"], anna[":influence::Hoeveel invloed had jij?"]) == ("ja", 4)
    assert anna[".who__police::Wie waren er? wijkagent"] == 1
    assert bram[":influence::Hoeveel invloed had jij?"] is None
    assert {"<hours", "<next", "<who", "<members"} <= {name.split("::")[0] for name in rows[0]}


def test_open_questions_have_no_sign_and_their_words_as_a_comment(rows: list[dict[str, object]]) -> None:
    plain = [name for name in rows[0] if name[0] not in SIGNS]
    assert plain == [
        "moment::Vertel over één moment.",
        "photo::Foto van de flap",
        "after::Verder nog iets?",
        "said_1::Wat zei die? (1)",
        "said_2::Wat zei die? (2)",
    ]
    assert rows[1]["after::Verder nog iets?"] == "Nee. 🙂🙂 Dank!"


@pytest.mark.parametrize("most_rows", [4, 5])
def test_more_rows_than_its_sheet_holds_are_refused_with_what_to_do(
    place: Place, tmp_path: Path, most_rows: int
) -> None:
    study, target = a_study(), tmp_path / "leiden.xlsx"
    around = Surroundings(place.media, Random(1), most_rows=most_rows)
    with snapshot(place.seed.path) as found:
        request = Request(study, study.cities[0], forms_of(found, "stad"), everything(), "nl", "")
        if most_rows == 5:
            assert write_file(found, request, (Format.SURVEY,), target, around).continued == ()
            return
        with pytest.raises(TooManyRows, match="4 reflections were found, and the one sheet of a survey holds 3:"):
            write_file(found, request, (Format.SURVEY,), target, around)
    assert not target.exists()
