"""A bar on the operator's terminal that shows how far an export is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from exports.course import Told, untold


@contextmanager
def course_shown(console: Console) -> Iterator[Told]:
    """What is told while the block lasts is drawn; nothing is where standard error is no terminal."""
    if not console.is_terminal:
        yield untold
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Reflections", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
