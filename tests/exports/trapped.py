"""A real workbook that holds the traps which only the whole export meets, and a chart without its cells."""

import re
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from exports.archive import Archive
from exports.period import everything
from exports.request import Request
from exports.workbook import forms_of, write_workbook
from storage.database import snapshot
from tests.exports.seed import MONDAY, Seed, a_study, default_form

IN = "/data/reflection/"
LONG = "Een lang verhaal 🙂 שלום\n" * 4_200
"""Over 100,000 characters."""
TOLD = "De bewoners vertelden hoe het vroeger ging, en iemand vroeg waarom niemand dat ooit had opgeschreven. " * 6
STARTS = MONDAY + timedelta(hours=4)
"""14:00 in the cells of the wall clock, 13:00 UTC."""


def write(target: Path, folder: Path) -> None:
    """Two reflections: a text that no cell holds, and every option of every multiple choice under a long text."""
    form = default_form()
    with closing(Seed(folder / "terugblik.db")) as seed:
        version = seed.form(form)
        workshop = seed.workshop(version, STARTS)
        for code, text in (("ANNA", LONG), ("BRAM", TOLD)):
            person, asked = seed.person(code), STARTS + timedelta(hours=2)
            prompt = seed.prompt(workshop, person, "completed", asked, asked + timedelta(hours=1))
            session = seed.session(version, person, prompt, asked, asked + timedelta(hours=1))
            every = {
                path: " ".join(choice.name for choice in form.form.question(path).choices)
                for path in (f"{IN}present", f"{IN}voice_acts")
            }
            seed.answers(session, {"/data/held": "as_planned", **every, f"{IN}friction": "other"})
            for name, words in (("moment", text), ("friction_story", TOLD)):
                seed.part(session, IN + name, seed.answer(session, IN + name, words), 1, words)
        study = a_study()
        with snapshot(seed.path) as rows:
            write_workbook(rows, Request(study, study.cities[0], forms_of(rows), everything(), "en", "1"), target)


def without_references(path: Path, chart: str) -> Path:
    """A copy in which this chart knows no cells, only the values that it keeps."""
    target = path.with_name(f"{path.stem}_kept.xlsx")
    with zipfile.ZipFile(path) as source, Archive(target, "w") as archive:
        for entry in source.namelist():
            content = source.read(entry).decode()
            is_meant = entry == f"xl/charts/{chart}"
            archive.writestr(entry, re.sub(r"<f>[^<]*</f>", "<f/>", content) if is_meant else content)
    return target
