"""The floors of the house: what may import what, and what must stand nowhere in the tree."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
FLOORS = ("forms", "fieldwork", "storage", "exports", "handlers", "bot")
LONGEST_MODULE = 400
PURE = ("forms", "fieldwork")
# fmt: off
INPUT_OUTPUT = {
    "aiohttp", "aiosqlite", "apscheduler", "asyncio", "fcntl", "ftplib", "glob", "http", "httpx", "importlib",
    "logging", "matplotlib", "mmap", "multiprocessing", "openpyxl", "os", "pathlib", "PIL", "queue", "requests",
    "sched", "secrets", "select", "selectors", "shutil", "signal", "smtplib", "socket", "sqlcipher3", "sqlite3",
    "ssl", "subprocess", "sys", "telegram", "tempfile", "threading", "time", "urllib", "urllib3", "uuid", "uvloop",
}
# fmt: on
"""Files, networks, threads, clocks and chance: what a pure floor gets as parameters or not at all."""
CLOCK_READERS = {"bot/clock.py", "bot/sandbox/webhook.py"}
"""The bot's clock; and the sandbox, which is a world of its own."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(floor: str) -> list[Path]:
    found = sorted((PROJECT / floor).rglob("*.py"))
    assert found, f"no modules in {floor}"
    return found


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and full name of everything the module imports, wherever in it."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports by a relative name"
            yield node.lineno, node.module or ""


def importers(library: str, floors: tuple[str, ...] = FLOORS) -> set[str]:
    """The modules that import the library or anything in it."""
    paths = (path for floor in floors for path in modules(floor))
    return {name_of(path) for path in paths if any(name.split(".")[0] == library for _, name in imports(path))}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_itself_and_lower_floors_only(floor: str) -> None:
    higher = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"tests", "benchmarks"}
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in modules(floor)
        for line, name in imports(path)
        if name.split(".")[0] in higher
    ]
    assert wrong == []


@pytest.mark.parametrize("floor", PURE)
def test_a_pure_floor_imports_nothing_that_reads_or_writes(floor: str) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in modules(floor)
        for line, name in imports(path)
        if name.split(".")[0] in INPUT_OUTPUT
    ]
    assert wrong == []


@pytest.mark.parametrize("floor", PURE)
def test_a_pure_floor_opens_and_prints_nothing(floor: str) -> None:
    called = {
        f"{name_of(path)}:{node.lineno}"
        for path in modules(floor)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("open", "print", "input", "exec", "eval", "__import__")
    }
    assert called == set()


def test_chance_is_a_parameter_below_the_program() -> None:
    for floor in FLOORS[:-1]:
        for path in modules(floor):
            names = [
                alias.name
                for node in ast.walk(tree(path))
                if isinstance(node, ast.ImportFrom) and node.module == "random"
                for alias in node.names
            ]
            assert set(names) <= {"Random"}, name_of(path)
            assert "random" not in {name for node in ast.walk(tree(path)) for name in _plainly_imported(node)}


def _plainly_imported(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_only_the_clock_reads_the_time() -> None:
    readers = {
        name_of(path)
        for floor in FLOORS
        for path in modules(floor)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "utcnow", "today")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    }
    assert readers <= CLOCK_READERS


def test_telegram_is_known_in_its_own_room_only() -> None:
    found = importers("telegram")
    assert found
    assert {name for name in found if not name.startswith("bot/telegram/")} == set()


@pytest.mark.parametrize(
    ("driver", "room"),
    [
        ("sqlite3", {"storage/driver.py"}),
        ("sqlcipher3", {"storage/driver.py"}),
        ("aiosqlite", {"storage/database.py"}),
    ],
)
def test_the_database_driver_is_named_in_one_module(driver: str, room: set[str]) -> None:
    assert importers(driver) == room


def test_openpyxl_is_imported_above_the_pure_floors_only() -> None:
    assert importers("openpyxl", PURE) == set()


SENDING = {"aiohttp", "aiosmtplib", "apscheduler", "asyncio", "http", "smtplib", "socket", "threading", "urllib"}
"""What sends, or does something later or beside."""
DECIDING = {"storage.jobs", "storage.ledger", "storage.outbox", "storage.people", "storage.audit"}
"""Rows of what is to be done and said, of who may, and of who did."""


def test_what_leaves_only_reads_rows_and_makes_bytes() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in modules("exports")
        for line, name in imports(path)
        if name.split(".")[0] in SENDING or name in DECIDING or name == "fieldwork.people"
    ]
    taken = [
        f"{name_of(path)}:{node.lineno} takes {alias.name}"
        for path in modules("exports")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{node.module}.{alias.name}" in DECIDING or (node.module, alias.name) == ("storage.database", "transaction")
    ]
    written = [
        f"{name_of(path)}:{node.lineno} calls {node.func.attr}"
        for path in modules("exports")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in {("rows", "run"), ("tx", "run"), ("tx", "add")}
    ]
    assert (wrong, taken, written) == ([], [], [])


def test_nothing_of_the_product_imports_the_tests() -> None:
    assert importers("tests") == importers("pytest") == importers("hypothesis") == set()


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    paths = [path for floor in (*FLOORS, "tests") for path in modules(floor)]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_begins_with_what_it_is() -> None:
    bare = [
        name_of(path)
        for floor in FLOORS
        for path in modules(floor)
        if tree(path).body and ast.get_docstring(tree(path)) is None
    ]
    assert bare == []


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the project, by its place in it."""
    for folder, below, files in os.walk(PROJECT):
        below[:] = [name for name in below if _is_ours(name)]
        for name in files:
            path = Path(folder) / name
            if name == ".git" or path.suffix == ".pyc":
                continue
            try:
                yield name_of(path), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def _is_ours(folder: str) -> bool:
    """Not an environment, a cache or what a run left behind; `.ci` and its like are ours."""
    made = {".git", ".venv", ".venv-peers", "__pycache__", "data", "exports-out", "node_modules"}
    return folder not in made and not folder.endswith((".egg-info", "_cache")) and folder != ".hypothesis"


REGISTRIES = tuple(
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("anaconda", "org"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("quay", "io"),
    )
)


def test_no_registry_is_named_anywhere() -> None:
    named = [(place, host) for place, text in texts() for host in REGISTRIES if host in text]
    assert named == []


MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users)/[a-z]|\b[A-Z]:\\Users")


def test_no_path_of_a_machine_stands_anywhere() -> None:
    found = [
        place
        for place, text in texts()
        if f"{PROJECT}/" in text or MACHINE_PATH.search(text.replace("(?:home|Users)", ""))
    ]
    assert found == []
