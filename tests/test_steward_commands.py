"""What the data steward asks on the command line: data on standard output, words on standard error."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.program import configured
from fieldwork.conversation import Record
from fieldwork.people import Grant, Role
from storage import answers, audit, consents, erasing, exported, flags, people, receipts, sessions
from storage.connection import open_for_writing
from storage.database import transaction
from storage.sessions import Beginning
from storage.stamps import stamp
from tests.command import forget_settings, prepared_in, terugblik

CODE = "K7M4"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody in Utrecht who said yes, stopped a year ago, and is in a file that was given away."""
    forget_settings(monkeypatch)
    program, _ = prepared_in(tmp_path)
    now = system_now()
    with transaction(program.place.database) as tx:
        person = people.add(tx, CODE, "nl", now)
        people.name(tx, person, "Amina")
        people.grant(tx, person, Grant(Role.FIELDWORKER, "utrecht"), now)
        consents.keep_text(tx, "f" * 64, "study", "1", "nl", "Doe je mee?", now)
        consents.add(tx, person, "study", "yes", "1", "f" * 64, "nl", now)
        people.leave(tx, person, "withdrawn", now - timedelta(days=365))
        exported.add(tx, "utrecht.xlsx", "0" * 64, "utrecht", 1, [CODE], now)
        exported.given(tx, "utrecht.xlsx", "0" * 64, None, now)
        audit.note(tx, person, "consent_yes", "", "1", now)
        audit.note(tx, None, "workbook_made", "utrecht", "utrecht.xlsx", now)
    return tmp_path


def told(folder: Path, *words: str, code: int = 0) -> str:
    """What the command prints."""
    result = terugblik(*words, "--folder", str(folder))
    assert result.exit_code == code, result.stderr
    return result.stdout if code == 0 else result.stderr


def test_the_audit_is_listed_by_city_code_and_verb(folder: Path) -> None:
    assert [line.split("\t")[3] for line in told(folder, "audit", "list").splitlines()] == [
        "workbook_made",
        "consent_yes",
    ]
    assert "consent_yes" not in told(folder, "audit", "list", "--city", "utrecht")
    assert told(folder, "audit", "list", "--code", "k7m4").split("\t")[2:4] == [CODE, "consent_yes"]
    assert told(folder, "audit", "list", "--verb", "reminded") == ""


def test_verify_prints_a_seal_that_finds_what_is_cut_off_later(folder: Path) -> None:
    seal = told(folder, "audit", "verify").strip()
    assert seal.startswith("2:") and told(folder, "audit", "verify", "--seal", seal).strip() == seal
    assert "expected what this command printed" in told(folder, "audit", "verify", "--seal", "12", code=2)
    with closing(open_for_writing(configured(folder)[1].place.database)) as connection:
        for name in ("audit_is_not_deleted", "audit_head_counts_up"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM audit WHERE id = 2")
        assert "expected 2" in told(folder, "audit", "verify", code=1)
        connection.execute("UPDATE audit_head SET entries = 1, hash = (SELECT hash FROM audit)")
    assert told(folder, "audit", "verify").startswith("1:")
    assert "does not run through" in told(folder, "audit", "verify", "--seal", seal, code=1)


def test_a_proof_has_the_words_and_a_code_that_is_none_is_refused(folder: Path) -> None:
    proof = told(folder, "consents", "--code", CODE.lower())
    assert "study\tyes\t1\tnl\t" + "f" * 64 in proof and "Doe je mee?" in proof and "Amina" not in proof
    assert "expected the code of somebody" in told(folder, "consents", "--code", "XXXX", code=1)


def test_erasures_name_the_files_to_recall_and_who_has_them(folder: Path) -> None:
    assert told(folder, "erasures") == ""
    with transaction(configured(folder)[1].place.database) as tx:
        person = people.by_code(tx, CODE)
        assert person is not None
        erasure = receipts.by_id(tx, receipts.ask(tx, person.id, "BCDF2346", "utrecht", system_now()))
        erasing.delete(tx, erasure, "X2Y3", system_now())
    first, second = told(folder, "erasures").splitlines()
    assert first.split("\t")[:2] == ["BCDF2346", CODE] and "deleted" in first
    assert second.split("\t")[1:] == ["utrecht.xlsx", "0" * 64, "command-line"]


def test_every_file_that_was_made_is_listed_with_its_number_and_place(folder: Path) -> None:
    place = configured(folder)[1].place
    (number, _, city, rows, size, path, readers), *others = (
        line.split("\t") for line in told(folder, "exports").splitlines()
    )
    assert (number, city, rows, size, readers, others) == ("1", "utrecht", "1", "gone", "command-line", [])
    assert path == str(place.exports / "utrecht.xlsx")
    Path(path).write_bytes(b"x" * 2_400_000)
    assert told(folder, "exports").split("\t")[4] == "2 MB"


def test_retention_counts_by_city_and_deletes_nothing(folder: Path) -> None:
    assert told(folder, "retention") == "utrecht\tcontact\t1\n"
    assert told(folder, "retention") == "utrecht\tcontact\t1\n"
    assert "utrecht\texport\t1" in told(folder, "retention", "--on", "2099-01-01")
    assert "expected a day such as" in told(folder, "retention", "--on", "morgen", code=2)


def test_what_may_tell_of_others_is_listed_by_city_and_never_in_words(folder: Path) -> None:
    assert told(folder, "flags") == ""
    now = system_now()
    with transaction(configured(folder)[1].place.database) as tx:
        person = people.by_code(tx, CODE)
        form = tx.one("SELECT hash FROM form")
        assert person is not None and form is not None
        workshop = tx.add(
            "INSERT INTO workshop (city, neighbourhood, title, starts_on, ends_on, form_hash, planned_on)"
            " VALUES ('utrecht', 'Overvecht', 'Groen', :now, :now, :form, :now) RETURNING id",
            now=stamp(now),
            form=form["hash"],
        )
        prompt = tx.add(
            "INSERT INTO prompt (workshop_id, person_id) VALUES (:workshop, :person) RETURNING id",
            workshop=workshop,
            person=person.id,
        )
        session = sessions.begin(tx, Beginning("uuid:1", person.id, form["hash"], "nl", prompt, "1"), now)
        record = Record("/data/reflection/moment", "answered", "Mevrouw Jansen belde", "typed")
        answer = answers.add(tx, session, record, "nl", now, False)
        flags.add(tx, session, answer, ("name",), now)
    assert told(folder, "flags") == "utrecht\tuuid:1\tmoment\tname\tleft\n"
    assert told(folder, "flags", "--city", "Leiden") == ""
    assert "'Parijs' is not a city of this study" in told(folder, "flags", "--city", "Parijs", code=2)
