"""What is asked often is found by an index, and the check of it notices what is not."""

from collections.abc import Iterator

import pytest

from storage import exporting
from storage.database import transaction
from storage.driver import Row, Value
from storage.exporting import Scope
from storage.migrate import migrate
from storage.tx import Tx
from tests.storage.queries import Statements, read_for_deletion, scans, unexpected
from tests.storage.rows import NOW, after

SEARCHES = {
    "SELECT value FROM answer WHERE session_id = :id": "by an index",
    "UPDATE answer SET value = '' WHERE id = :id": "by its id",
    "SELECT max(revision) FROM answer WHERE session_id = :id AND path = ''": "the greatest, by an index",
    "WITH few (id) AS (SELECT 1) SELECT * FROM few": "no table",
    "SELECT value FROM json_each('[1]')": "no table",
    "INSERT INTO pulse (what, felt_on) VALUES ('poll', :id)": "nothing is read",
}
SCANS = {
    "SELECT value FROM answer WHERE value = :id": {"answer"},
    "SELECT a.value FROM session s JOIN answer a ON a.value = s.language WHERE s.id = :id": {"answer"},
    "SELECT 1 FROM answer AS told WHERE told.shown = :id": {"answer"},
    "UPDATE prompt SET error = 'no' WHERE reminders = :id": {"prompt"},
    "DELETE FROM session WHERE stage = :id": {"session"},
    "SELECT count(*) FROM inbox WHERE state <> 'x'": {"inbox"},
    "SELECT session_id FROM answer ORDER BY session_id": {"answer.sqlite_autoindex_answer_1"},
    # From the last row back until one fits, which may be the first; SQLite calls that a search.
    "SELECT max(id) FROM outbox WHERE urn = 'x' AND state IN ('sending', 'uncertain')": {"outbox"},
    "SELECT id FROM session WHERE id IN (SELECT session_id FROM part WHERE text = :id)": {"part"},
}


@pytest.fixture(scope="module")
def tx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tx]:
    path = tmp_path_factory.mktemp("queries") / "terugblik.db"
    migrate(path)
    with transaction(path) as tx:
        yield tx


@pytest.mark.parametrize("sql", SEARCHES)
def test_what_is_found_by_an_index_or_is_no_table_is_not_told(tx: Tx, sql: str) -> None:
    assert scans(tx, sql, {"id": 1}) == set(), SEARCHES[sql]


@pytest.mark.parametrize("sql", SCANS)
def test_what_is_read_from_one_end_to_the_other_is_told(tx: Tx, sql: str) -> None:
    assert scans(tx, sql, {"id": 1}) == SCANS[sql]


def test_what_a_deletion_looks_through_for_references_is_told(tx: Tx) -> None:
    with pytest.raises(Undone), tx.part():
        assert read_for_deletion(tx, "DELETE FROM media WHERE id = 1") == set()
        tx.run("DROP INDEX part_by_media")
        tx.run("DROP INDEX media_by_session")
        assert read_for_deletion(tx, "DELETE FROM media WHERE id = 1") == {"part.media_id"}
        assert read_for_deletion(tx, "DELETE FROM session WHERE id = 1") == {"media.session_id"}
        raise Undone


def test_an_index_that_is_not_there_any_more_is_missed(tx: Tx) -> None:
    with pytest.raises(Undone), tx.part():
        tx.run("DROP INDEX inbox_update")
        statements = Statements({"SELECT 1 FROM inbox WHERE channel = :channel AND update_key = '1'": {"channel": "x"}})
        assert list(unexpected(tx, statements).values()) == [{"inbox"}]
        raise Undone


@pytest.mark.parametrize("city", ["utrecht", ""])
def test_the_export_of_a_week_looks_at_the_whole_study_for_the_sum_only(tx: Tx, city: str) -> None:
    rows, scope = Noting(tx), Scope(NOW, after(days=7), city, "wijkwerkplaats")
    exporting.reflections(rows, scope, 0, 400)
    exporting.answers(rows, scope, 1, 400)
    exporting.parts(rows, scope, 1, 400)
    exporting.files_missing(rows, scope)
    exporting.last_change(rows, scope)
    exporting.count(rows, scope)
    exporting.form_ids(rows, scope)
    for each in (exporting.prompts, exporting.workshops, exporting.revisions):
        assert list(each(rows, scope)) == []
    assert rows.read == []
    exporting.left_out(rows, scope)
    exporting.count_sessions(rows)
    assert rows.read == ["session", "session.sqlite_autoindex_session_2"]


class Undone(Exception):
    """What was changed to be looked at is put back."""


class Noting(Tx):
    """A transaction that notes what its queries read from one end to the other."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection)
        self.read: list[str] = []
        self._tx = tx

    def _note(self, sql: str, values: dict[str, Value]) -> None:
        self.read += scans(self._tx, sql, values)

    def all(self, sql: str, **values: Value) -> list[Row]:
        self._note(sql, values)
        return super().all(sql, **values)

    def one(self, sql: str, **values: Value) -> Row | None:
        self._note(sql, values)
        return super().one(sql, **values)

    def each(self, sql: str, **values: Value) -> Iterator[Row]:
        self._note(sql, values)
        return super().each(sql, **values)
