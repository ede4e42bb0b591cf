"""Draws the pictures of the workbook's first sheet as it is printed: `python -m benchmarks.pages`.

It needs LibreOffice (`soffice`) and poppler (`pdftoppm`).
"""

import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

from exports.period import iso_week
from exports.request import Request, forms_of
from exports.workbook import write_workbook
from fieldwork.study import Language
from storage.database import snapshot
from tests.exports.seed import ZONE, Seed, a_study
from tests.exports.weeks import six_weeks

_PICTURES = Path("docs/pictures")
_MARGIN, _FOOT = 25, 0.9
"""Dots around what is shown; where the foot of a page begins."""
_COLOURS = 64
_LAST_PAGE = 3


def main() -> None:
    """Print the workbook of an invented week: in English figures and charts, in Dutch both pages of figures."""
    with TemporaryDirectory() as folder:
        first, _, charts = _printed(Path(folder), "en", 75)
        _save([(first, (0, 0)), (charts, (first.width, 0))], "workbook-pages.png")
        first, second, _ = _printed(Path(folder), "nl", 140)
        _save([(first, (0, 0)), (second, (0, first.height))], "werkboek.png")


def _printed(folder: Path, language: Language, dots: int) -> list[Image.Image]:
    """The first pages at so many dots an inch, each without what is empty above, below and to the right."""
    workbook = _workbook(folder, language)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(convert, check=True, capture_output=True)
    draw = ["pdftoppm", "-png", "-r", str(dots), "-l", str(_LAST_PAGE), str(workbook.with_suffix(".pdf"))]
    subprocess.run([*draw, str(folder / language)], check=True)
    return [_cropped(Image.open(page).convert("RGB")) for page in sorted(folder.glob(f"{language}-*.png"))]


def _workbook(folder: Path, language: Language) -> Path:
    study, target = a_study(), folder / f"{language}.xlsx"
    with closing(Seed(folder / f"{language}.db")) as seed:
        six_weeks(seed)
        with snapshot(seed.path) as rows:
            request = Request(study, study.cities[0], forms_of(rows), iso_week("2026-W47", ZONE), language, "")
            write_workbook(rows, request, target)
    return target


def _cropped(page: Image.Image) -> Image.Image:
    shown = page.crop((0, 0, page.width, int(page.height * _FOOT)))
    box = ImageChops.invert(shown).getbbox() or (0, 0, *shown.size)
    return shown.crop((0, box[1] - _MARGIN // 2, box[2] + _MARGIN, box[3] + _MARGIN // 2))


def _save(placed: Sequence[tuple[Image.Image, tuple[int, int]]], name: str) -> None:
    """The pages, each with its upper left corner there, as one picture."""
    width = max(left + page.width for page, (left, _) in placed)
    height = max(top + page.height for page, (_, top) in placed)
    picture = Image.new("RGB", (width, height), "white")
    for page, corner in placed:
        picture.paste(page, corner)
    picture.quantize(_COLOURS).save(_PICTURES / name, optimize=True)
    print(_PICTURES / name)


if __name__ == "__main__":
    main()
