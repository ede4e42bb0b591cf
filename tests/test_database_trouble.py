"""A database that cannot be used ends a start with one sentence that names it, and with an exit code of its own."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.program import configured, prepare
from bot.sandbox import Sandbox
from bot.startup import expect_usable
from storage.backup import encrypt_in_place
from storage.connection import Database, open_for_writing
from storage.driver import CAN_ENCRYPT
from storage.migrate import steps
from tests.command import forget_settings, init, terugblik
from tests.drivers import KEY
from tests.privileges import ordinary_account
from tests.test_operator_errors import told

needs_driver = pytest.mark.skipif(not CAN_ENCRYPT, reason="sqlcipher3 is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study that has run before, for a Bot API server that is not there."""
    forget_settings(monkeypatch)
    init(tmp_path)
    configure(tmp_path)
    prepare(configured(tmp_path)[1])
    return tmp_path


def configure(folder: Path, *lines: str) -> None:
    token = f"TELEGRAM_BOT_TOKEN={Sandbox(system_now).token}"
    (folder / ".env").write_text("\n".join((token, "TELEGRAM_API_URL=http://127.0.0.1:9", *lines)) + "\n")


def database(folder: Path) -> Path:
    return folder / "data" / "terugblik.db"


def refusal(folder: Path, code: int, command: str = "run") -> str:
    """The one sentence with which the command ends, having changed nothing."""
    before = database(folder).read_bytes()
    text = told(terugblik(*command.split(), "--folder", str(folder)), code)
    assert database(folder).read_bytes() == before
    (sentence,) = text.splitlines()
    return sentence


@contextmanager
def locked(path: Path) -> Iterator[None]:
    connection = open_for_writing(path)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


def test_a_file_that_can_be_read_only_is_told(folder: Path) -> None:
    database(folder).chmod(0o400)
    with ordinary_account():
        text = refusal(folder, 9)
    assert text.startswith(f"DATABASE: {database(folder)} cannot be used (")
    assert "let this account write the file and its folder" in text


def test_a_folder_that_can_be_read_only_is_told(folder: Path) -> None:
    database(folder).parent.chmod(0o500)
    try:
        with ordinary_account():
            text = refusal(folder, 2)
    finally:
        database(folder).parent.chmod(0o700)
    assert text == f"DATABASE: found {database(folder).parent}, expected a folder that this account can write in"


def test_a_file_that_another_program_holds_locked_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.connection.BUSY_AFTER", 10)
    with locked(database(folder)):
        text = refusal(folder, 10)
    assert "another program holds it locked; end that program" in text


def test_a_disk_that_is_nearly_full_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.startup.LEAST_FREE", 1 << 60)
    text = refusal(folder, 8)
    assert text.startswith(f"DATABASE: the disk of {database(folder).parent} has ")
    assert text.endswith("make room, and start again")


@pytest.mark.parametrize("place", [100, 4096 * 3], ids=["the schema's page", "a table's page"])
def test_a_damaged_file_is_told_with_the_way_back(folder: Path, place: int) -> None:
    content = bytearray(database(folder).read_bytes())
    content[place : place + 64] = bytes(range(64))
    database(folder).write_bytes(content)
    text = refusal(folder, 11)
    assert str(database(folder)) in text
    assert "terugblik restore COPY --overwrite" in text


def test_a_file_that_is_no_database_is_told(folder: Path) -> None:
    database(folder).write_text("Dit zijn aantekeningen.\n" * 300)
    assert "is not a database of Terugblik" in refusal(folder, 6)


def test_a_newer_file_is_told_with_both_versions(folder: Path) -> None:
    connection = open_for_writing(database(folder))
    connection.execute("PRAGMA user_version=99")
    connection.close()
    assert f"has schema 99, this program knows up to {len(steps())}: install the newer one" in refusal(folder, 6)


def test_a_file_that_others_could_read_is_for_this_account_alone_from_then_on(folder: Path) -> None:
    database(folder).chmod(0o644)
    expect_usable(configured(folder)[1])
    assert stat.S_IMODE(database(folder).stat().st_mode) == 0o600


def test_the_command_writes_for_this_account_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import cli

    monkeypatch.setattr("sys.argv", ["terugblik", "init", "--folder", str(tmp_path / "study")])
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit):
            cli.main()
    finally:
        os.umask(before)
    for path in (tmp_path / "study", *(tmp_path / "study").iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_a_copy_goes_through_the_command_of_the_settings_and_comes_back_when_told_to(folder: Path) -> None:
    configure(folder, "BACKUP_THROUGH=gzip -c")
    copy = Path(terugblik("backup", "--folder", str(folder)).stdout.strip())
    assert copy.parent == folder / "data" / "backups"
    assert copy.read_bytes()[:2] == b"\x1f\x8b"
    restore = ("restore", str(copy), "--folder", str(folder))
    assert "--overwrite replaces it" in told(terugblik(*restore), 1)
    database(folder).unlink()
    assert "gzip -x: ended with " in told(terugblik(*restore, "--through", "gzip -x"), 1)
    assert not database(folder).exists()
    assert terugblik(*restore, "--through", "gzip -dc").exit_code == 0
    expect_usable(configured(folder)[1])
    assert "BACKUP_THROUGH" in settings_problem(folder, "BACKUP_THROUGH=gzip 'c")


def settings_problem(folder: Path, line: str) -> str:
    configure(folder, line)
    return told(terugblik("run", "--folder", str(folder)), 2)


@needs_driver
@pytest.mark.parametrize("command", ["run", "export --city Utrecht", "replay"])
def test_a_key_that_does_not_fit_is_told_by_its_setting(folder: Path, command: str) -> None:
    configure(folder, f"DATABASE_KEY={KEY}")
    assert "is not encrypted, and DATABASE_KEY is set: `terugblik encrypt`" in refusal(folder, 7, command)
    encrypt_in_place(Database(database(folder), KEY))
    configure(folder)
    assert "set DATABASE_KEY or DATABASE_KEY_FILE" in refusal(folder, 7, command)
    configure(folder, f"DATABASE_KEY={'b' * 64}")
    assert "cannot be read with DATABASE_KEY" in refusal(folder, 7, command)


@needs_driver
def test_a_key_is_read_from_a_file_and_encrypts_what_was_plain(folder: Path) -> None:
    configure(folder, "DATABASE_KEY_FILE=database.key")
    key_file = folder / "database.key"
    assert told(terugblik("encrypt", "--folder", str(folder)), 2).startswith(
        f"The configuration cannot be used:\n  DATABASE_KEY_FILE: found {key_file} (No such file"
    )
    key_file.write_text("welkom01\n")
    text = told(terugblik("encrypt", "--folder", str(folder)), 2)
    assert "expected 64 hexadecimal digits" in text
    assert "welkom01" not in text
    key_file.write_text(f"{KEY.upper()}\n")
    assert terugblik("encrypt", "--folder", str(folder)).exit_code == 0
    assert b"SQLite" not in database(folder).read_bytes()[:16]
    assert terugblik("export", "--city", "Utrecht", "--folder", str(folder)).exit_code == 0
    assert "it is encrypted already" in told(terugblik("encrypt", "--folder", str(folder)), 1)


def test_a_key_that_is_none_or_comes_twice_is_told_and_not_shown(folder: Path) -> None:
    configure(folder, "DATABASE_KEY=geheim")
    text = told(terugblik("run", "--folder", str(folder)), 2)
    assert "DATABASE_KEY: found something else (not shown), expected 64 hexadecimal digits" in text
    assert "geheim" not in text
    configure(folder, f"DATABASE_KEY={KEY}", "DATABASE_KEY_FILE=database.key")
    text = told(terugblik("run", "--folder", str(folder)), 2)
    assert "DATABASE_KEY_FILE: found a file, and DATABASE_KEY as well, expected one of the two" in text


def test_a_key_without_the_driver_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.databasekey.CAN_ENCRYPT", False)
    configure(folder, f"DATABASE_KEY={KEY}")
    text = told(terugblik("run", "--folder", str(folder)), 2)
    assert "DATABASE_KEY: found a key, and no sqlcipher3, expected sqlcipher3 installed, by `make encrypted`" in text
