"""Every statement that a running bot carries out, and whether SQLite reads a whole table or index for it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import storage.database
from storage.connection import Where, open_for_reading, open_for_writing
from storage.driver import Connection
from storage.tx import Tx
from tests.reliability.instead import instead

_READS = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?( USING)?")
_STEERING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "VACUUM")


@dataclass
class Statements:
    """The statements of the writer and of the loop's readers, each once, with parameters that it was given."""

    found: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def note(self, sql: str, values: Any) -> None:
        if not sql.startswith(_STEERING):
            self.found.setdefault(sql, values if isinstance(values, dict) else {})


ALWAYS = {
    "outbox.outbox_open": "what is still to be said",
    "outbox.outbox_passing": "somebody's words on their way to another",
    "outbox.outbox_dead": "what the channel refused, which an operator reads",
    "inbox.inbox_new": "what is still to be handled",
    "inbox.inbox_dead": "what was set aside, which an operator reads",
    "prompt.prompt_set_aside": "the same",
    "job.job_due": "work that is still to be done",
    "job.job_given_up": "work that an operator reads about",
    "job.job_struggling": "the same",
    "audit_head": "one row",
    "pending": "a row for each person at most, of the last hour",
    "invitation_failure": "guesses of strangers, of the last day",
    "erasure": "a row for everybody who wanted to be erased",
    "form": "a row for each version of a questionnaire",
    "form_in_use.sqlite_autoindex_form_in_use_1": "a row for each city",
    "form_picture.sqlite_autoindex_form_picture_1": "the pictures of questionnaires",
}
"""What may be read from end to end, and what is in it: it does not grow with the answers."""
SOMETIMES = {
    "SELECT coalesce(max(id), 0) + 1 AS id FROM audit": ("audit", "the greatest of all ids is the last"),
    "SELECT person_id, menu FROM address": ("address", "a row for each person, every ten minutes"),
    "SELECT name FROM contact": ("contact", "a row for each person, when a quote is put to be approved"),
    "FROM invitation WHERE used_on IS NULL": ("invitation", "a coordinator's list of invitations"),
    "FROM flag f JOIN answer a": ("flag", "a steward's list of what was found in answers"),
    "FROM person p\n        WHERE 1\n": ("person", "the study is over, and everybody's name goes"),
    "WHERE instr(body, :": ("outbox", "somebody is erased, and their name is looked for"),
    "AND instr(body, :file) > 0": ("outbox", "the same"),
    "DELETE FROM outbox WHERE edit_of IN": ("outbox", "somebody is erased, with all they were told"),
    "DELETE FROM outbox WHERE (urn": ("outbox", "the same"),
    "DELETE FROM inbox WHERE chat = :urn": ("inbox", "somebody is erased, with all they sent"),
    "UPDATE invitation SET name = '' WHERE name = :name": ("invitation", "somebody is erased"),
    "SELECT id FROM media": ("media.media_by_session", "somebody is erased, and their files"),
    "SELECT id, detail FROM job WHERE kind <> 'erase'": ("job", "the same"),
}
"""What may be read from end to end by statements that hold this, and why."""


def unexpected(tx: Tx, statements: Statements) -> dict[str, set[str]]:
    """What statements read from end to end that may not be, by statement."""
    wrong = {sql: _unexpected(tx, sql, values) for sql, values in statements.found.items()}
    return {sql: names for sql, names in wrong.items() if names}


def _unexpected(tx: Tx, sql: str, values: Mapping[str, Any]) -> set[str]:
    here = {name for words, (name, _) in SOMETIMES.items() if words in sql}
    return (scans(tx, sql, values) | read_for_deletion(tx, sql)) - here - ALWAYS.keys()


@contextmanager
def watched(statements: Statements) -> Iterator[None]:
    """Note what bots carry out that are started in the block. Left out are slow work, which reads a snapshot beside
    the loop, and short commands."""

    def writing(where: Where, *, checkpoints: bool = True) -> Connection:
        connection = open_for_writing(where, checkpoints=checkpoints)
        return cast(Connection, _Watched(connection, statements)) if checkpoints else connection

    def reading(where: Where) -> Connection:
        return cast(Connection, _Watched(open_for_reading(where), statements))

    with (
        instead(storage.database, "open_for_writing", writing),
        instead(storage.database, "open_for_reading", reading),
    ):
        yield


class _Watched:
    """A connection whose statements are noted, until it begins a snapshot."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements: Statements | None = statements

    def execute(self, sql: str, values: Any = ()) -> Any:
        if sql == "BEGIN":
            self._statements = None
        if self._statements is not None:
            self._statements.note(sql, values)
        return self._connection.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def scans(tx: Tx, sql: str, values: Mapping[str, Any]) -> set[str]:
    """The tables and indexes of which the statement reads all that there is: `prompt`, `prompt.prompt_due`."""
    tables = {row["name"] for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found: set[str] = set()
    for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **values):
        read = _READS.match(row["detail"])
        # A search without an index is for the least or the greatest, row by row until one fits.
        if read is not None and (read[1] == "SCAN" or not (read[3] or read[4])):
            table = _table(read[2], sql, tables)
            found |= {f"{table}.{read[3]}" if read[3] else table} if table else set()
    return found


def _table(alias: str, sql: str, tables: set[str]) -> str | None:
    """The table that the statement calls so; None where it is a part of the statement itself."""
    if alias in tables:
        return alias
    named = re.findall(rf"(?i)\b(\w+)\s+(?:AS\s+)?{alias}\b", sql)
    return next((name for name in named if name in tables), None)


def read_for_deletion(tx: Tx, sql: str) -> set[str]:
    """The tables of which all is read to see whether they refer to what is deleted: `part.media_id`."""
    deleted = re.match(r"\s*DELETE FROM (\w+)", sql)
    if deleted is None:
        return set()
    children = tx.all(
        'SELECT t.name AS child, f."from" AS source FROM sqlite_schema t, pragma_foreign_key_list(t.name) f'
        " WHERE t.type = 'table' AND f.\"table\" = :parent",
        parent=deleted[1],
    )
    return {f"{row['child']}.{row['source']}" for row in children if not _is_indexed(tx, row["child"], row["source"])}


def _is_indexed(tx: Tx, table: str, column: str) -> bool:
    row = tx.one(
        "SELECT 1 FROM pragma_index_list(:table) i, pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = :column"
        " UNION ALL SELECT 1 FROM pragma_table_info(:table) WHERE pk = 1 AND name = :column",
        table=table,
        column=column,
    )
    return row is not None
