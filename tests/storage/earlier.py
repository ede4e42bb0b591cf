"""Databases as earlier versions of the program left them, with the rows of a study under way."""

from pathlib import Path

import pytest

from storage import migrate as migration
from storage.connection import Database, open_for_writing
from storage.migrate import migrate, steps

KEPT = Path(__file__).parent / "kept"
"""Rows as the program of a schema wrote them, one file for each schema whose rows were kept."""


def earlier_database(path: Path, version: int, key: str | None = None) -> Database:
    """A database in this schema: rows as the nearest earlier program wrote them, upgraded to it."""
    database = Database(path, key)
    scripts = steps()
    wrote = max(int(kept.stem) for kept in KEPT.glob("*.sql") if int(kept.stem) <= version)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migration, "steps", lambda: scripts[:wrote])
        migrate(database)
        connection = open_for_writing(database)
        connection.executescript(f"BEGIN;\n{(KEPT / f'{wrote:04}.sql').read_text(encoding='utf-8')}\nCOMMIT;")
        connection.close()
        then.setattr(migration, "steps", lambda: scripts[:version])
        assert migrate(database) == version
    return database
