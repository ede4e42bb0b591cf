"""An encrypted database says nothing without its key, notices flipped bits, and is told apart from a plain one."""

from pathlib import Path
from random import Random

import pytest

from storage.backup import AlreadyEncrypted, NotWhole, back_up, check, encrypt_in_place, restore
from storage.connection import APPLICATION_ID, Database, WrongKey
from storage.database import reading, snapshot, transaction
from storage.driver import CAN_ENCRYPT
from storage.migrate import migrate, needs_upgrade
from tests.drivers import KEY
from tests.storage.rows import a_person

pytestmark = pytest.mark.skipif(not CAN_ENCRYPT, reason="sqlcipher3 is not installed")

WORDS = "Dit is heel vertrouwelijk"


def filled(path: Path, key: str | None) -> Database:
    """A database in which somebody said something."""
    database = Database(path, key)
    migrate(database)
    with transaction(database) as tx:
        person = a_person(tx)
        tx.run("INSERT INTO contact (person_id, name) VALUES (:person, :name)", person=person, name=WORDS)
    return database


def said(database: Database) -> list[str]:
    with snapshot(database) as rows:
        return [row["name"] for row in rows.all("SELECT name FROM contact")]


def readable(folder: Path) -> list[str]:
    """The files in which the words can be read by anybody."""
    return [path.name for path in folder.rglob("*") if path.is_file() and WORDS.encode() in path.read_bytes()]


@pytest.fixture
def encrypted(tmp_path: Path) -> Database:
    return filled(tmp_path / "terugblik.db", KEY)


@pytest.fixture
def plain(tmp_path: Path) -> Database:
    return filled(tmp_path / "terugblik.db", None)


async def test_who_has_the_key_reads_and_the_files_say_nothing(encrypted: Database, tmp_path: Path) -> None:
    with snapshot(encrypted) as rows:
        assert [row["name"] for row in rows.all("SELECT name FROM contact")] == [WORDS]
        assert readable(tmp_path) == []
    async with reading(encrypted) as reader:
        row = await reader.one("SELECT name FROM contact")
        assert row is not None
        assert row["name"] == WORDS
    assert KEY not in repr(encrypted)


@pytest.mark.parametrize("key", [None, "b" * 64], ids=["no key", "another key"])
def test_without_the_key_nothing_is_read_or_changed_and_the_setting_is_named(
    encrypted: Database, key: str | None
) -> None:
    before = encrypted.path.read_bytes()
    misfit = Database(encrypted.path, key)
    for use in (migrate, needs_upgrade, check, said):
        with pytest.raises(WrongKey, match="DATABASE_KEY"):
            use(misfit)
    assert encrypted.path.read_bytes() == before


def test_a_key_for_a_plain_database_is_told_with_the_way_to_encrypt_it(plain: Database) -> None:
    before = plain.path.read_bytes()
    for use in (migrate, needs_upgrade, check, said):
        with pytest.raises(WrongKey, match=r"DATABASE_KEY is set: `terugblik encrypt`"):
            use(Database(plain.path, KEY))
    assert plain.path.read_bytes() == before


def test_a_plain_database_is_encrypted_in_place_with_its_marks_and_nothing_plain_stays(
    plain: Database, tmp_path: Path
) -> None:
    assert readable(tmp_path) == ["terugblik.db"]
    encrypted = Database(plain.path, KEY)
    encrypt_in_place(encrypted)
    assert said(encrypted) == [WORDS]
    assert readable(tmp_path) == []
    assert [path.name for path in tmp_path.glob(".*")] == []
    with snapshot(encrypted) as rows:
        mark = rows.one("PRAGMA application_id")
    assert mark is not None
    assert mark[0] == APPLICATION_ID
    assert not needs_upgrade(encrypted)
    with pytest.raises(AlreadyEncrypted):
        encrypt_in_place(encrypted)


def test_a_copy_of_an_encrypted_database_is_encrypted_and_comes_back_with_its_key(
    encrypted: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "copy.db"
    back_up(encrypted, copy)
    assert readable(tmp_path) == []
    with pytest.raises(WrongKey):
        restore(copy, Database(encrypted.path), overwrite=True)
    with transaction(encrypted) as tx:
        tx.run("DELETE FROM contact")
    restore(copy, encrypted, overwrite=True)
    assert said(encrypted) == [WORDS]


def test_a_plain_copy_that_is_put_back_where_there_is_a_key_is_encrypted_on_the_way(
    plain: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "copy.db"
    back_up(plain, copy)
    restore(copy, Database(plain.path, KEY), overwrite=True)
    assert said(Database(plain.path, KEY)) == [WORDS]
    assert readable(tmp_path) == ["copy.db"]


def test_every_flipped_bit_is_noticed(encrypted: Database, tmp_path: Path) -> None:
    whole = encrypted.path.read_bytes()
    chance = Random(11)
    for number in range(40):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"flipped-{number}.db"
        path.write_bytes(flipped)
        with pytest.raises((NotWhole, WrongKey)):
            check(Database(path, KEY))
