"""A REFI-QDA project, read back by the standard's rules."""

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from exports.formats import Format
from tests.exports.city import HIDDEN_WORDS, ODD_WORDS, PHOTO, VOICE, Place
from tests.exports.refi import BreaksTheRules, Project, follow, read

CLEAN = "Een bewoner 👩\u200d🌾 nam het woord.\nDaarna שלום =1+1"


@pytest.fixture(scope="module")
def path(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("qda") / "leiden.qdpx"
    assert place.written(Format.QDPX, target).rows == 4
    return target


@pytest.fixture(scope="module")
def project(path: Path) -> Project:
    return read(path)


def test_every_reflection_is_a_document_and_every_person_a_case(project: Project) -> None:
    texts = [one for one in project.sources if not one.name.startswith(("photo", "voice"))]
    assert [one.name.split()[0] for one in texts] == ["ANNA", "BRAM", "CEES", "DIRK"]
    assert set(project.cases) == {"ANNA", "BRAM", "CEES", "DIRK"}
    of_anna = {one.guid for one in project.sources if one.variables["person_code"] == "ANNA"}
    assert len(of_anna) == 3 and set(project.cases["ANNA"]) == of_anna


def test_each_open_question_is_a_code_on_the_words_that_answer_it(project: Project) -> None:
    assert list(project.codes) == ["moment", "photo", "after", "said"]
    coded = [pair for one in project.sources for pair in one.coded]
    assert ("moment", f"{CLEAN}\n[voice-2.ogg]") in coded
    assert ("after", "Nee. 🙂🙂 Dank!") in coded
    assert ("said", "Hallo 🙂") in coded
    assert ("moment", f"{ODD_WORDS}\n[voice-9.ogg]".replace("\x0b", "\ufffd")) in coded
    assert coded.count(("moment", "")) == coded.count(("photo", "")) == 1


def test_photos_and_recordings_are_sources_as_they_were_sent(project: Project) -> None:
    files = {one.name: one.content for one in project.sources if one.name.startswith(("photo", "voice"))}
    assert files == {"photo-1.jpg": PHOTO, "voice-2.ogg": VOICE}
    selected = {one.name: one.selected for one in project.sources if one.name in files}
    assert selected == {"photo-1.jpg": [(0, 0, 3, 2)], "voice-2.ogg": [(0, 34_000)]}
    assert "Niet in dit project: voice-9.ogg (geen toestemming voor foto's en opnamen)" in project.description
    assert "Niet in dit project: voice-3.ogg (staat niet op zijn plaats)" in project.description


def test_a_file_that_cannot_be_measured_is_coded_all_the_same(place: Place, tmp_path: Path) -> None:
    (tmp_path / "photo-1.jpg").write_bytes(b"no picture")
    Place(place.seed, tmp_path).written(Format.QDPX, tmp_path / "leiden.qdpx")
    (photo,) = (one for one in read(tmp_path / "leiden.qdpx").sources if one.name == "photo-1.jpg")
    assert (photo.selected, photo.coded) == ([], [("photo", "")])


def test_variables_have_their_types_and_a_missing_answer_has_no_value(project: Project) -> None:
    kinds = {"held": "Text", "who": "Text", "who__police": "Boolean", "influence": "Integer", "count": "Integer"}
    assert kinds.items() <= project.variables.items()
    assert {"hours": "Float", "next": "Date", "workshop_start": "DateTime"}.items() <= project.variables.items()
    anna, bram = (one.variables for one in project.sources if one.name.startswith(("ANNA", "BRAM")))
    assert {name: anna[name] for name in kinds} == {
        "held": "ja",
        "who": "wijkagent",
        "who__police": "true",
        "influence": "4",
        "count": "12",
    }
    assert (anna["hours"], anna["next"], anna["workshop_start"]) == ("1.5", "2026-11-30", "2026-11-03T14:00:00Z")
    assert (anna["version"], bram["version"]) == ("1", "2")
    assert not {"influence", "count", "who", "who__police"} & set(bram)


def test_what_is_answered_in_a_repeat_stands_in_the_document(project: Project) -> None:
    (bram,) = (one.content.decode() for one in project.sources if one.name.startswith("BRAM"))
    assert "Wat zei die? (1)\nHallo 🙂\n" in bram
    assert "Leeftijd (1): 41\n" in bram and "Leeftijd (2): 2\n" in bram


def test_what_must_stay_out_is_nowhere(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert not any(words in everything for words in (*HIDDEN_WORDS, "GONE", "UTRE"))


def test_positions_count_the_line_ends_that_are_asked_for(place: Place, tmp_path: Path) -> None:
    place.written(Format.QDPX, tmp_path / "windows.qdpx", line_end="\r\n")
    project = read(tmp_path / "windows.qdpx")
    coded = [pair for one in project.sources for pair in one.coded]
    assert ("moment", f"{CLEAN}\n[voice-2.ogg]".replace("\n", "\r\n")) in coded
    assert ("after", "Nee. 🙂🙂 Dank!") in coded


def test_guids_stay_the_same_when_more_is_answered(place: Place, project: Project, tmp_path: Path) -> None:
    place.written(Format.QDPX, tmp_path / "english.qdpx", "en")
    again = read(tmp_path / "english.qdpx")
    assert [one.guid for one in again.sources] == [one.guid for one in project.sources]
    assert again.codes == project.codes
    assert "What did they say? (1)" in "".join(one.content.decode() for one in again.sources if one.content != PHOTO)


@pytest.mark.parametrize(
    "xml",
    [
        '<Project xmlns="urn:QDA-XML:project:1.0"/>',
        '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Variables/></Project>',
        '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Description/><Users><User guid="1"/></Users></Project>',
        '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Codes/></Project>',
    ],
)
def test_the_reader_refuses_what_breaks_the_rules(xml: str) -> None:
    with pytest.raises(BreaksTheRules):
        follow(etree.fromstring(xml))
