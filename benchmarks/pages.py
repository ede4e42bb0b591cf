"""Draws the picture of the workbook's first sheet as it is printed: `python -m benchmarks.pages`.

It needs LibreOffice (`soffice`) and poppler (`pdftoppm`).
"""

import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from exports.period import iso_week
from exports.request import Request, forms_of
from exports.workbook import write_workbook
from storage.database import snapshot
from tests.exports.seed import ZONE, Seed, a_study
from tests.exports.weeks import six_weeks

_PICTURE = Path("docs/pictures/workbook-pages.png")
_SHOWN = (1, 3)
"""The key figures, and the charts."""
_DOTS, _HEIGHT = 75, 571
"""Dots an inch, and how many of them of a page are shown: what is below is empty."""


def main() -> None:
    """Print the workbook of an invented week, and put two of its pages beside one another."""
    with TemporaryDirectory() as folder:
        pages = _printed(_workbook(Path(folder)))
        width = sum(page.width for page in pages)
        picture = Image.new("RGB", (width, _HEIGHT), "white")
        for place, page in enumerate(pages):
            picture.paste(page, (place * page.width, 0))
        picture.quantize(64).save(_PICTURE, optimize=True)
    print(_PICTURE)


def _workbook(folder: Path) -> Path:
    study, target = a_study(), folder / "leiden.xlsx"
    with closing(Seed(folder / "terugblik.db")) as seed:
        six_weeks(seed)
        with snapshot(seed.path) as rows:
            request = Request(study, study.cities[0], forms_of(rows), iso_week("2026-W47", ZONE), "en", "")
            write_workbook(rows, request, target)
    return target


def _printed(workbook: Path) -> list[Image.Image]:
    folder = workbook.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(convert, check=True, capture_output=True)
    paper = workbook.with_suffix(".pdf")
    last = str(max(_SHOWN))
    subprocess.run(["pdftoppm", "-png", "-r", str(_DOTS), "-l", last, str(paper), str(folder / "page")], check=True)
    drawn = sorted(folder.glob("page-*.png"))
    return [Image.open(drawn[number - 1]).convert("RGB") for number in _SHOWN]


if __name__ == "__main__":
    main()
