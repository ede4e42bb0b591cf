"""What the buttons of the desk do, read from the code, so that a new one is forged too."""

import ast
from functools import cache
from pathlib import Path

from handlers import dispatch


@cache
def desk_acts() -> tuple[str, ...]:
    """Every act that the dispatcher knows at the desk."""
    tree = ast.parse(Path(dispatch.__file__).read_text(encoding="utf-8"))
    desk = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_at_desk")
    values = (node.value for node in ast.walk(desk) if isinstance(node, ast.MatchValue))
    acts = tuple(value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str))
    assert "plan" in acts and len(acts) > 10
    return acts
