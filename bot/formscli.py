"""The commands about questionnaires: `terugblik forms`."""

import asyncio
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import SystemRandom
from typing import Annotated, Literal

import typer

from bot.clock import system_now
from bot.telling import tell, told
from forms.problems import Problem, Severity

Language = Literal["nl", "en"]

app = typer.Typer(help="Questionnaires.", no_args_is_help=True)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="An XLSForm workbook.", exists=True, dir_okay=False)],
    language: Annotated[Language, typer.Option(help="The language of the report.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Check a questionnaire; every problem with its sheet, row and column."""
    from forms.xlsform import check_workbook

    with told():
        problems = check_workbook(file.read_bytes())
    if as_json:
        rows = [_row(one, language) for one in problems]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _list(problems, language)
    if any(one.severity is Severity.ERROR for one in problems):
        raise typer.Exit(1)
    tell(f"{file.name} can be used.")


def _row(problem: Problem, language: Language) -> dict[str, str | int | None]:
    """A problem as programs read it; None where it belongs to no such place."""
    return {
        "severity": problem.severity,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.found,
        "text": problem.text(language),
        "suggestion": problem.suggestion,
    }


@app.command("preview")
def preview(
    file: Annotated[Path, typer.Argument(help="An XLSForm workbook or an XForm.", exists=True, dir_okay=False)],
    language: Annotated[Language, typer.Option(help="The language of the talk.")] = "nl",
) -> None:
    """Play a questionnaire in the terminal as it will be in the chat; nothing is kept."""
    from bot.console import HOW, play, table
    from bot.rehearsal import rehearsed_program
    from forms.xlsform import Problems, compile_workbook

    with told(), tempfile.TemporaryDirectory(prefix="terugblik-preview-") as folder:
        content = file.read_bytes()
        try:
            compiled = compile_workbook(content)
        except Problems as error:
            _list(error.problems, language)
            raise typer.Exit(1) from None
        _list(compiled.warnings, language)
        tell(HOW)
        program = rehearsed_program(Path(folder), system_now, SystemRandom())
        played = asyncio.run(play(program, compiled, content, language, _typed(), typer.echo))
    typer.echo(f"\n{table(played.submission)}")
    if not played.is_ended:
        tell("It was stopped before its end; this is what was answered until then.")


def _list(problems: Iterable[Problem], language: Language) -> None:
    for one in problems:
        typer.echo(one.line(language))


def _typed() -> Iterator[str]:
    """Standard input by the line; shown where it comes from a file, so that the talk can be read."""
    stream = typer.get_text_stream("stdin", errors="replace")
    for line in stream:
        if not stream.isatty():
            typer.echo(f"\n> {line.rstrip()}")
        yield line
