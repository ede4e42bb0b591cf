"""What the data steward asks on the command line: the audit, who was erased, who agreed to what."""

from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from bot.options import HERE, Folder
from bot.program import Program, prepare
from bot.telling import BAD_CONFIGURATION, configured_or_told, stop, tell, told
from fieldwork.study import UnknownCity
from handlers.delivery.largefiles import megabytes
from handlers.rights.forgetting import limits
from storage import audit as entries
from storage import consents as agreed
from storage import exported, people, receipts
from storage import flags as flagged
from storage import retention as too_old
from storage.audit import Entry, Only, Seal
from storage.database import snapshot
from storage.stamps import stamp

audit = typer.Typer(help="Who did what, when, to which city.", no_args_is_help=True)

_MOST = 10_000
_SHORTEST_SEAL = 32
"""Signs of a hash; the chat shows no more."""


@audit.command()
def verify(
    seal: Annotated[
        str,
        typer.Option(help="A seal of earlier, printed by this command or from the chat; left out: only today's chain."),
    ] = "",
    folder: Folder = HERE,
) -> None:
    """Look whether anything in the audit was changed, deleted, moved or cut off, and print its seal."""
    program = prepared(folder)
    expected = _seal(seal) if seal else None
    with told(program), snapshot(program.place.database) as rows:
        found = list(entries.faults(rows, expected))
        now = entries.seal(rows)
    if found:
        stop("\n".join(found))
    tell(f"{now.entries} entries, all as they were written. Keep this seal in another place:")
    typer.echo(now)


@audit.command(name="list")
def list_(
    city: Annotated[str, typer.Option(help="Only of this city.")] = "",
    code: Annotated[str, typer.Option(help="Only by the person with this code.")] = "",
    verb: Annotated[str, typer.Option(help="Only of this kind, such as exported.")] = "",
    most: Annotated[int, typer.Option(help="At most so many.", min=1, max=_MOST)] = 100,
    folder: Folder = HERE,
) -> None:
    """Print the audit, the newest first, one entry a line with tabs between."""
    program = prepared(folder)
    only = Only(_city(program, city), code.upper(), verb)
    with told(program), snapshot(program.place.database) as rows:
        found = entries.page(rows, only, None, most)
    for entry in found:
        typer.echo(_line(entry))
    if not found:
        tell("There is no such entry.")


def erasures(folder: Folder = HERE) -> None:
    """Print who was erased, by code and receipt, and the files given away that hold them."""
    program = prepared(folder)
    with told(program), snapshot(program.place.database) as rows:
        asked = receipts.all_asked(rows)
        if not asked:
            tell("Nobody was erased.")
        for one in asked:
            state = "wiped" if one.wiped_on else "deleted" if one.deleted_on else "asked"
            pieces = (one.receipt, one.code, stamp(one.asked_on), state, f"{one.answers} answers", f"{one.files} files")
            typer.echo("\t".join(pieces))
            for each in exported.holding(rows, one.code):
                readers = " ".join(reader or "command-line" for reader in each.readers)
                typer.echo(f"\t{each.file}\t{each.sha256}\t{readers}")


def exports(
    most: Annotated[int, typer.Option(help="At most so many.", min=1, max=_MOST)] = 100,
    folder: Folder = HERE,
) -> None:
    """Print the files that were made, the newest first: number, time, city, rows, size, place and who has it."""
    program = prepared(folder)
    with told(program), snapshot(program.place.database) as rows:
        for one in islice(exported.listed(rows), most):
            path = program.place.exports / one.file
            size = megabytes(path.stat().st_size) if path.is_file() else "gone" if not path.exists() else "folder"
            readers = " ".join(reader or "command-line" for reader in one.readers) or "-"
            pieces = (str(one.number), stamp(one.made_on), one.city, str(one.rows), size, str(path), readers)
            typer.echo("\t".join(pieces))


def consents(
    code: Annotated[str, typer.Option(help="The person's code.")],
    folder: Folder = HERE,
) -> None:
    """Print what somebody agreed to, when, in which language, and the very words with their hash."""
    program = prepared(folder)
    with told(program), snapshot(program.place.database) as rows:
        person = people.by_code(rows, code)
        found = [] if person is None else agreed.proofs(rows, person.id)
    if not found:
        stop(f"--code: found {code!r}, expected the code of somebody who answered, such as K7M4")
    for one in found:
        pieces = (stamp(one.given_on), one.kind, one.answer, one.version, one.language, one.text_hash)
        typer.echo("\t".join(pieces))
    for hash, words in {one.text_hash: one.words for one in found}.items():
        typer.echo(f"\n{hash}\n{words or '(these words were not kept)'}")


def flags(
    city: Annotated[str, typer.Option(help="Only of this city.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print which answers may tell of somebody else: city, reflection, question, what was found; never the words."""
    program = prepared(folder)
    code = _city(program, city)
    with told(program), snapshot(program.place.database) as rows:
        found = flagged.listed(rows, code, _MOST)
    for one in found:
        pieces = (one.city, one.response_id, one.path.rpartition("/")[2], " ".join(one.sorts))
        typer.echo("\t".join((*pieces, "left" if one.is_left else "undecided")))
    if not found:
        tell("Nothing was found that may tell of somebody else. Not everything is found.")


def retention(
    on: Annotated[str, typer.Option(help="The day to look ahead to, such as 2027-12-31; left out: today.")] = "",
    folder: Folder = HERE,
) -> None:
    """Print what is too old to be kept, by city and kind; nothing is deleted by this command."""
    program = prepared(folder)
    try:
        now = datetime.combine(date.fromisoformat(on), time.max, program.study.timezone) if on else program.now()
    except ValueError:
        stop(f"--on: found {on!r}, expected a day such as 2027-12-31", BAD_CONFIGURATION)
    with told(program), snapshot(program.place.database) as rows:
        found = too_old.counts(rows, limits(program.study, now))
    for (kind, city), count in found.items():
        typer.echo(f"{city or '-'}\t{kind}\t{count}")
    if not found:
        tell("Nothing is too old.")
    elif program.study.retention.is_automatic:
        tell("The running bot deletes this by itself, once a day.")
    else:
        tell("To have it deleted every day, set automatic = true in [retention] of study.toml.")


def prepared(folder: Path) -> Program:
    """The program of this folder with its database at today's schema; what is wrong is told."""
    _, program = configured_or_told(folder)
    with told(program):
        prepare(program)
    return program


def _city(program: Program, name: str) -> str:
    """The code of the city with this name or code; '' for none."""
    try:
        return program.study.city(name).code if name else ""
    except UnknownCity as error:
        stop(f"--city: {error}", BAD_CONFIGURATION)


def _seal(text: str) -> Seal:
    count, _, hash = text.strip().partition(":")
    if not count.isdecimal() or not _SHORTEST_SEAL <= len(hash) <= 64:
        stop(f"--seal: found {text!r}, expected what this command printed, such as 12:ab3f…", BAD_CONFIGURATION)
    return Seal(int(count), hash)


def _line(entry: Entry) -> str:
    return "\t".join((str(entry.id), stamp(entry.done_on), entry.code or "bot", entry.verb, entry.city, entry.subject))
