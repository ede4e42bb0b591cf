"""Writes the example workbook that the documents link to: `python -m benchmarks.sample`."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from exports.formats import Format
from tests.exports.city import Place, fill
from tests.exports.seed import Seed

SAMPLE = Path("docs/samples/leiden_all_stad.xlsx")


def main() -> None:
    """Fill the city of the tests, and write its workbook in English."""
    SAMPLE.parent.mkdir(exist_ok=True)
    write(SAMPLE)
    print(SAMPLE)


def write(target: Path) -> None:
    """The same rows every time, so the same bytes."""
    with TemporaryDirectory() as folder, closing(Seed(Path(folder) / "terugblik.db")) as seed:
        fill(seed, Path(folder) / "media")
        Place(seed, Path(folder) / "media").written(Format.WORKBOOK, target, "en")


if __name__ == "__main__":
    main()
