"""E-mail as the operator sets it: the settings, the command for one investigator, and what doctor sees of it."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.doctor import way_of_mail
from bot.problems import BadConfiguration
from bot.program import Program, configured, prepare
from bot.sandbox import Sandbox
from fieldwork.people import Grant, Role
from handlers.work import Failed
from storage import erasing, mailboxes, owncopy, people
from storage.database import snapshot, transaction
from tests.command import forget_settings, init, terugblik
from tests.mailserver import HERE, PASSWORD, USERNAME, mail_server

CODE = "K7M4"
ADDRESS = "carla@university.example"
LOCK = "open sesame 47"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study with one investigator and no bot."""
    forget_settings(monkeypatch)
    init(tmp_path)
    set_to(tmp_path)
    _, program = configured(tmp_path)
    prepare(program)
    with transaction(program.place.database) as tx:
        person = people.add(tx, CODE, "nl", system_now())
        people.grant(tx, person, Grant(Role.INVESTIGATOR, line="L1"), system_now())
        people.grant(tx, people.add(tx, "P2QX", "nl", system_now()), Grant(Role.FIELDWORKER, "utrecht"), system_now())
    return tmp_path


def set_to(folder: Path, **settings: object) -> None:
    """Write the settings, beside those that every study needs."""
    lines = [f"TELEGRAM_BOT_TOKEN={Sandbox(system_now).token}", "TELEGRAM_API_URL=http://127.0.0.1:9", "CONTACT=Noor"]
    lines += [f"{name.upper()}={value}" for name, value in settings.items()]
    (folder / ".env").write_text("\n".join(lines) + "\n")


def problems(folder: Path) -> dict[str, str]:
    with pytest.raises(BadConfiguration) as refused:
        configured(folder)
    return {problem.name: f"{problem.found} / {problem.expected}" for problem in refused.value.problems}


def program_of(folder: Path) -> Program:
    return configured(folder)[1]


def test_a_mail_server_needs_a_sender_and_a_password_for_its_account(folder: Path) -> None:
    assert program_of(folder).post is None
    set_to(folder, smtp_host="mail.example.org")
    assert problems(folder) == {"SMTP_FROM": "nothing / an address, because SMTP_HOST is set"}
    set_to(folder, smtp_host="mail.example.org", smtp_from="not an address")
    assert problems(folder)["SMTP_FROM"].startswith("'not an address' / an address, or a name with one")
    set_to(folder, smtp_host="mail.example.org", smtp_from="Terug <t@example.org>", smtp_username=USERNAME)
    assert problems(folder) == {"SMTP_PASSWORD": "nothing / a value, because the other one is set"}


def test_passwords_are_in_nothing_that_is_printed(folder: Path) -> None:
    mail = {"smtp_host": "mail.example.org", "smtp_from": "Terug <t@example.org>", "smtp_username": USERNAME}
    set_to(folder, **mail, smtp_password=PASSWORD, workbook_password=LOCK)
    settings, program = configured(folder)
    assert program.post is not None
    assert (program.post.password, program.post.envelope.password) == (PASSWORD, LOCK)
    assert program.post.envelope.sender.addr_spec == "t@example.org"
    for told in (repr(settings), repr(program), repr(program.post)):
        assert PASSWORD not in told
        assert LOCK not in told
    set_to(folder, **mail, smtp_password=PASSWORD, workbook_password="short")
    assert problems(folder)["WORKBOOK_PASSWORD"] == "something else (not shown) / 8 to 255 characters"


def email(folder: Path, *words: str) -> tuple[int, str]:
    told = terugblik("email", *words, "--folder", str(folder))
    return told.exit_code, told.stderr


def address(folder: Path) -> str | None:
    with snapshot(program_of(folder).place.database) as rows:
        person = people.by_code(rows, CODE)
        assert person is not None
        return mailboxes.address_of(rows, person.id)


def test_the_operator_sets_an_investigators_address_and_takes_it_away(folder: Path) -> None:
    assert email(folder, "--code", "k7m4", "--to", ADDRESS) == (
        0,
        "K7M4 gets the weekly summary by e-mail as soon as SMTP_HOST is set; by chat until then.\n"
        f"To take it back: terugblik email --code K7M4 --folder {folder}\n",
    )
    assert address(folder) == ADDRESS
    assert email(folder, "--code", CODE, "--to", "carla@university")[0] == 2
    code, told = email(folder, "--code", "P2QX", "--to", ADDRESS)
    assert (code, told) == (1, "--code: found 'P2QX', expected the code of an investigator, such as K7M4\n")
    assert address(folder) == ADDRESS
    assert email(folder, "--code", CODE)[0] == 0
    assert address(folder) is None


def test_an_address_is_in_ones_own_copy_and_goes_when_the_person_is_forgotten(folder: Path) -> None:
    email(folder, "--code", CODE, "--to", ADDRESS)
    with transaction(program_of(folder).place.database) as tx:
        person = people.by_code(tx, CODE)
        assert person is not None
        assert owncopy.everything(tx, person.id)["person"]["email"] == ADDRESS
        erasing.forget_who(tx, person.id)
        assert mailboxes.address_of(tx, person.id) is None


async def test_doctor_logs_in_at_the_mail_server_and_sends_nothing(folder: Path) -> None:
    assert way_of_mail(None) == "not set; summaries go by chat"
    async with mail_server(folder / "mail") as server:
        mail = {
            "smtp_host": HERE,
            "smtp_port": server.port,
            "smtp_from": "t@example.org",
            "smtp_username": USERNAME,
            "smtp_password": PASSWORD,
            "smtp_ca_file": "mail/mail.pem",
        }
        set_to(folder, **mail)
        way = await asyncio.to_thread(way_of_mail, program_of(folder).post)
        assert way == f"{HERE}:{server.port}, starttls; workbooks are not locked: WORKBOOK_PASSWORD is not set"
        set_to(folder, **{**mail, "smtp_password": "another"})
        with pytest.raises(Failed, match=re.escape("refuses SMTP_USERNAME and SMTP_PASSWORD (535 5.7.8)")):
            await asyncio.to_thread(way_of_mail, program_of(folder).post)
        assert server.senders == []
