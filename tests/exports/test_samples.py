"""The samples that the documents link to are what the program makes, and every reader takes them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pyreadstat
import pytest
from openpyxl import load_workbook

from bot.demo.scene import BEGINS_ON
from bot.demo.seed import seed
from bot.program import prepare
from bot.rehearsal import rehearsed_program
from exports.formats import Format
from exports.period import everything
from handlers.delivery.exportfiles import make_files
from storage.database import transaction
from tests.exports import datapackage, refi

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
KINDS = (Format.QDPX, Format.SAV, Format.SURVEY, Format.PACKAGE, Format.DEPOSIT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Format, Path]:
    """All the demo's invented reflections of Utrecht, in each format."""
    folder = tmp_path_factory.mktemp("samples")
    program = rehearsed_program(folder, lambda: BEGINS_ON, Random(1))
    forms = prepare(program)
    desk = program.desk(forms, "")
    with transaction(program.place.database) as tx:
        seed(tx, desk)
    found = {}
    for kind in KINDS:
        (file,) = make_files(program.place, desk, desk.city("utrecht"), everything(), "en", (kind,))
        found[kind] = program.place.exports / file.file
    return found


def insides(path: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sample(path: Path) -> Path:
    return SAMPLES / path.name.replace("utrecht_all_wijkwerkplaats_reflectie", "utrecht")


def test_the_samples_are_what_is_made_today(made: Mapping[Format, Path], update: bool) -> None:
    if update:
        SAMPLES.mkdir(exist_ok=True)
        for path in made.values():
            sample(path).write_bytes(path.read_bytes())
    for kind in (Format.QDPX, Format.SURVEY, Format.PACKAGE, Format.DEPOSIT):
        assert insides(sample(made[kind])) == insides(made[kind]), "write them anew with --update"
    ours, theirs = (pyreadstat.read_sav(path)[0] for path in (made[Format.SAV], sample(made[Format.SAV])))
    assert ours.equals(theirs), "write them anew with --update"


def test_every_reader_takes_the_samples(made: Mapping[Format, Path]) -> None:
    project = refi.read(sample(made[Format.QDPX]))
    inside, deposit = (datapackage.read(sample(made[kind])) for kind in (Format.PACKAGE, Format.DEPOSIT))
    frame, _ = pyreadstat.read_sav(sample(made[Format.SAV]))
    rows = load_workbook(sample(made[Format.SURVEY]))["Survey"].max_row
    counts = {len(project.sources), len(inside.tables["reflections"]), len(deposit.tables["reflections"]), len(frame)}
    assert counts == {rows - 1} and counts != {0}
