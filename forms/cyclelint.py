"""Finds in the survey sheet what goes round in a ring, and groups that are not closed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forms.columns import begins, bracket, column, ends
from forms.nodes import Node, Repeat
from forms.order import Cycle, ordered
from forms.problems import Problem, shortened
from forms.rows import cells_of
from forms.sentences import sentence
from forms.workbook import Row, Sheet
from forms.xpath.parser import parse
from forms.xpath.syntax import Expression, ExpressionError

_MOST_RINGS = 20


def brackets_of(survey: Sheet) -> Iterator[Problem]:
    """Every begin without its end, every end without its begin, every repeat within a repeat."""
    open_ones: list[tuple[Row, str]] = []
    for row in survey.rows:
        kind = bracket(cells_of(row).get("type", ""))
        sort = kind.partition(" ")[2]
        if begins(kind):
            if sort == "repeat" and any(outer == "repeat" for _, outer in open_ones):
                yield _told(survey, row, "nested_repeat")
            open_ones.append((row, sort))
        elif ends(kind) and open_ones and open_ones[-1][1] == sort:
            open_ones.pop()
        elif ends(kind):
            inside = f"begin_{open_ones[-1][1]}" if open_ones else "-"
            yield _told(survey, row, "nothing_to_end", open=inside)
    for row, sort in open_ones:
        yield _told(survey, row, "never_ended", end=f"end_{sort}")


def _told(survey: Sheet, row: Row, key: str, **words: str) -> Problem:
    header = next(each for each in survey.columns if column(each) == "type")
    cell = shortened(row.cells.get(header, ""))
    return Problem("survey", row.number, header, cell, sentence(key, found=cell, **words))


def cycles_of(survey: Sheet) -> Iterator[Problem]:
    """Every ring of conditions and calculations, told at one of its rows."""
    rows, repeats = _placed(survey)
    names = {path.rpartition("/")[2]: path for path in rows}
    nodes = [_node(path, row, names, repeats) for path, row in rows.items()]
    for _ in range(_MOST_RINGS):
        ring = _first_ring(nodes, {path: Repeat(path) for path in repeats})
        if ring is None:
            break
        yield _ring(ring, rows, survey)
        inside = set(ring.paths)
        nodes = [replace(each, relevant=None, calculation=None) if each.path in inside else each for each in nodes]


def _first_ring(nodes: list[Node], repeats: Mapping[str, Repeat]) -> Cycle | None:
    try:
        ordered(nodes, repeats)
    except Cycle as ring:
        return ring
    return None


def _placed(survey: Sheet) -> tuple[dict[str, Row], set[str]]:
    """The rows with a name by the path they get, and which of the paths are repeats."""
    rows: dict[str, Row] = {}
    repeats: set[str] = set()
    inside = ["/data"]
    for row in survey.rows:
        cells = cells_of(row)
        kind, name = bracket(cells.get("type", "")), cells.get("name", "")
        if ends(kind) and len(inside) > 1:
            inside.pop()
        elif name and kind:
            path = f"{inside[-1]}/{name}"
            rows.setdefault(path, row)
            if begins(kind):
                inside.append(path)
            if kind == "begin repeat":
                repeats.add(path)
    return rows, repeats


def _node(path: str, row: Row, names: Mapping[str, str], repeats: set[str]) -> Node:
    cells = cells_of(row)
    outer = [place for place in repeats if f"{path}/".startswith(f"{place}/")]
    # A calculation with a trigger is worked out by an answer, not by what it reads.
    calculation = "" if cells.get("trigger") else cells.get("calculation", "")
    return Node(
        path,
        _read(cells.get("relevant", ""), path, names),
        _read(calculation, path, names),
        repeat=max(outer, key=len) if outer else None,
    )


def _read(cell: str, path: str, names: Mapping[str, str]) -> Expression | None:
    try:
        return parse(cell, path, names) if cell else None
    except ExpressionError:
        return None


def _ring(ring: Cycle, rows: Mapping[str, Row], survey: Sheet) -> Problem:
    path = next(each for each in ring.paths if each in rows)
    row = rows[path]
    header = next((each for each in survey.columns if _ties(each, row)), None)
    names = " → ".join(each.rpartition("/")[2] for each in ring.paths)
    cell = shortened(row.cells.get(header, "")) if header else path.rpartition("/")[2]
    return Problem("survey", row.number, header, cell, sentence("cycle", found=names))


def _ties(header: str, row: Row) -> bool:
    return column(header) in ("relevant", "calculation") and header in row.cells
