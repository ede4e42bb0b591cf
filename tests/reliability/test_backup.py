"""A copy made while people answer is whole, and what is put back is what was there."""

import asyncio
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from bot.program import prepare
from bot.rehearsal import rehearsed_program
from storage.backup import CommandFailed, NotWhole, WouldOverwrite, back_up, hash_file, kept, name_at, restore, rotate
from storage.connection import Database, Where, WrongKey
from storage.database import Writer, snapshot, transaction
from storage.migrate import NotOurs, migrate, steps
from storage.tx import Tx
from tests.drivers import DRIVERS, key_for
from tests.e2e.conftest import town
from tests.e2e.town import Town
from tests.storage.upgrading import kept_in

__all__ = ["town"]

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def say(number: int) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        tx.run(
            "INSERT INTO audit (done_on, verb, city, subject) VALUES ('2026', 'first', '', :n)",
            n=str(number),
        )
        tx.run(
            "INSERT INTO audit (done_on, verb, city, subject) VALUES ('2026', 'second', '', :n)",
            n=str(number),
        )

    return work


def said(path: Where) -> list[str]:
    with snapshot(path) as rows:
        return [f"{row['verb']} {row['subject']}" for row in rows.all("SELECT verb, subject FROM audit ORDER BY id")]


@pytest.mark.parametrize("driver", DRIVERS)
async def test_a_copy_under_load_holds_whole_transactions_and_comes_back_equal(tmp_path: Path, driver: str) -> None:
    path, copy = Database(tmp_path / "terugblik.db", key_for(driver)), tmp_path / "copies" / name_at(NOW)
    migrate(path)
    async with Writer(path) as writer:
        begun, finished = asyncio.Event(), asyncio.Event()

        async def load() -> int:
            number = 0
            while not finished.is_set():
                await writer.run(say(number))
                begun.set()
                number += 1
            return number

        loading = asyncio.create_task(load())
        await begun.wait()
        await asyncio.to_thread(back_up, path, copy)
        finished.set()
        total = await loading
    copied = Database(copy, path.key)
    found = said(copied)
    pairs = len(found) // 2
    assert 0 < pairs <= total
    assert found == [f"{verb} {number}" for number in range(pairs) for verb in ("first", "second")]
    before = kept_in(copied)
    restore(copy, path, overwrite=True)
    assert kept_in(path) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_database_is_not_overwritten_untold_and_a_bad_copy_not_at_all(tmp_path: Path) -> None:
    path, copy = tmp_path / "terugblik.db", tmp_path / "copy.db"
    migrate(path)
    back_up(path, copy)
    with pytest.raises(WouldOverwrite, match="nothing was changed"):
        restore(copy, path)
    torn = bytearray(copy.read_bytes())
    torn[8192:12288] = bytes(4096)
    (tmp_path / "torn.db").write_bytes(torn)
    with pytest.raises(NotWhole):
        restore(tmp_path / "torn.db", path, overwrite=True)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(NotOurs):
        restore(tmp_path / "other.db", path, overwrite=True)
    assert migrate(path) == len(steps())


def test_a_copy_can_go_through_a_command_and_nothing_plain_stays(tmp_path: Path) -> None:
    path = tmp_path / "terugblik.db"
    migrate(path)
    back_up(path, tmp_path / "copy.gz", "gzip -c")
    assert (tmp_path / "copy.gz").read_bytes()[:2] == b"\x1f\x8b"
    for command in ("false", "there-is-no-such-command"):
        with pytest.raises(CommandFailed, match=command):
            back_up(path, tmp_path / "copy.age", command)
    assert {file.name for file in tmp_path.glob("*copy*")} == {"copy.gz", "copy.gz.sha256"}


Filters = tuple[str, str]
"""A command that encrypts, and one that decrypts."""


@pytest.fixture
def through(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filters]:
    """The program that is asked for with a fresh key pair; another real filter where it is not installed."""
    if shutil.which(request.param) is None:
        yield "gzip -c", "gzip -dc"
    elif request.param == "age":
        yield from _age(tmp_path)
    else:
        yield from _gpg(monkeypatch)


def _age(folder: Path) -> Iterator[Filters]:
    key = folder / "key.txt"
    subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    recipient = key.read_text().partition("public key: ")[2].split()[0]
    yield f"age -r {recipient}", f"age --decrypt -i {key}"


def _gpg(monkeypatch: pytest.MonkeyPatch) -> Iterator[Filters]:
    # A socket's path may not be long.
    with TemporaryDirectory() as home:
        monkeypatch.setenv("GNUPGHOME", home)
        make = "gpg --batch --quiet --passphrase= --pinentry-mode=loopback --quick-generate-key steward@example.org"
        subprocess.run([*make.split(), "future-default", "default", "never"], check=True, capture_output=True)
        encrypt = "gpg --batch --quiet --trust-model=always --encrypt --recipient=steward@example.org"
        yield encrypt, "gpg --batch --quiet --decrypt"
        subprocess.run(["gpgconf", "--kill", "all"], check=False)


@pytest.mark.parametrize(("through", "driver"), [("gpg", DRIVERS[0]), ("age", DRIVERS[-1])], indirect=["through"])
def test_a_copy_that_was_encrypted_by_a_command_comes_back_by_another_and_nothing_plain_stays(
    tmp_path: Path, through: Filters, driver: str
) -> None:
    path, copy = Database(tmp_path / "terugblik.db", key_for(driver)), tmp_path / "copies" / name_at(NOW, "gpg")
    migrate(path)
    with transaction(path) as tx:
        say(7)(tx)
    before = kept_in(path)
    encrypt, decrypt = through
    back_up(path, copy, encrypt)
    assert sorted(file.name for file in copy.parent.iterdir()) == [copy.name, f"{copy.name}.sha256"]
    assert b"SQLite" not in copy.read_bytes()
    for wrong, refusal in (("", (NotWhole, NotOurs, WrongKey)), ("false", CommandFailed)):
        with pytest.raises(refusal):
            restore(copy, path, overwrite=True, through=wrong)
    with transaction(path) as tx:
        say(8)(tx)
    restore(copy, path, overwrite=True, through=decrypt)
    assert kept_in(path) == before
    assert list(tmp_path.glob(".*")) == []


def test_a_copy_that_is_not_the_one_that_was_made_is_refused_by_its_hash(tmp_path: Path) -> None:
    path, copy = tmp_path / "terugblik.db", tmp_path / "copy.db"
    migrate(path)
    back_up(path, copy)
    with transaction(copy) as tx:
        say(7)(tx)
    before = path.read_bytes()
    with pytest.raises(NotWhole, match=r"copy\.db\.sha256"):
        restore(copy, path, overwrite=True)
    assert path.read_bytes() == before


def test_the_oldest_copies_go(tmp_path: Path) -> None:
    for day in range(5):
        (tmp_path / name_at(NOW + timedelta(days=day))).touch()
        hash_file(tmp_path / name_at(NOW + timedelta(days=day))).touch()
    (tmp_path / "terugblik-notes.db").touch()
    rotate(tmp_path, 2)
    assert [path.name for path in kept(tmp_path)] == [name_at(NOW + timedelta(days=day)) for day in (3, 4)]
    assert (tmp_path / "terugblik-notes.db").exists()
    assert len(list(tmp_path.glob("*.sha256"))) == 2


def test_before_an_upgrade_the_old_file_is_copied_and_its_rows_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = rehearsed_program(tmp_path, lambda: NOW, Random(1))
    scripts = steps()
    with monkeypatch.context() as earlier:
        earlier.setattr("storage.migrate.steps", lambda: scripts[:1])
        migrate(program.place.database)
    with transaction(program.place.database) as tx:
        tx.run("INSERT INTO audit (done_on, verb, city, subject) VALUES ('2026', 'kept', '', '1')")
    prepare(program)
    (copy,) = kept(program.backups)
    assert said(copy) == said(program.place.database) == ["kept 1"]


async def test_every_day_has_its_copy(town: Town) -> None:
    # A rehearsal keeps no copies; this one does.
    object.__setattr__(town.play.program, "backups_kept", 14)
    for _ in range(3):
        await town.play.forward(days=1)
    assert len(kept(town.play.program.backups)) >= 3
    days = town.rows("SELECT once_key FROM job WHERE kind = 'backup' AND state = 'done'")
    assert len(days) >= 3
