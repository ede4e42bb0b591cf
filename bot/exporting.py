"""Files that the command line makes: noted like any other, and gone where somebody in them was erased meanwhile."""

from pathlib import Path

from bot.program import Program
from exports.course import Told
from exports.formats import Format
from exports.period import Period
from exports.xforms import people_in, write_xforms
from fieldwork.study import City, Language
from handlers.delivery.exportfiles import erased_so_far, gone_unless_noted, hold_back, make_files, note_made
from handlers.desk import Desk
from storage.database import snapshot, transaction
from storage.files import sha256_of_folder
from storage.ledger import Made


def make(
    program: Program, desk: Desk, city: City, period: Period, language: Language, made_as: Format, told: Told
) -> tuple[Path, ...]:
    """Make them, and note that the command line has them; none where there is nothing in the period.

    Raises NotYet where somebody was erased meanwhile.
    """
    place = program.place
    erased = erased_so_far(place)
    if made_as is Format.XFORMS:
        made = _xforms(program, city, period)
    else:
        made = make_files(place, desk, city, period, language, (made_as,), told=told)
    with gone_unless_noted(place, made), transaction(place.database) as tx:
        hold_back(tx, place, erased, made)
        note_made(tx, desk, None, "exported", city, made)
    return tuple(place.exports / one.file for one in made)


def _xforms(program: Program, city: City, period: Period) -> tuple[Made, ...]:
    with snapshot(program.place.database) as rows:
        paths = write_xforms(rows, program.study, city, period, program.place.exports)
        codes = tuple(sorted(people_in(rows, city, period)))
    return tuple(Made(path.name, sha256_of_folder(path), 0, len(codes), 0, codes, Format.XFORMS) for path in paths)
