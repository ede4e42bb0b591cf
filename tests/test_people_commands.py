"""Who takes part, on the command line: the same functions as in the chat, and never an answer."""

import asyncio
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.program import Program
from bot.sandbox import Sandbox
from fieldwork.people import Grant, Role
from fieldwork.planning import PlannedWorkshop, Span
from fieldwork.schedule import Week
from handlers.workshops.planning import save
from storage import people, prompts
from storage.database import snapshot, transaction
from storage.driver import Row
from storage.stamps import moment
from tests.command import forget_settings, init, prepared_in, terugblik

CODES = {"Amina": "K7M4", "Bilal": "R2QX"}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Two people of Utrecht who were asked about a workshop this week, at noon; Bilal cannot be reached."""
    forget_settings(monkeypatch)
    (program, forms), now = prepared_in(tmp_path), system_now()
    with transaction(program.place.database) as tx:
        for name, code in CODES.items():
            person = people.add(tx, code, "nl", now)
            people.name(tx, person, name)
            people.grant(tx, person, Grant(Role.FIELDWORKER, "utrecht"), now)
            people.set_standing(tx, person, "taking_part")
            people.set_ask_when(tx, person, "after")
        people.reach_at(tx, 1, "telegram:1", now)
        desk = program.desk(forms, "")
        city = desk.city("utrecht")
        span = Span(now - timedelta(minutes=2), now - timedelta(minutes=1))
        workshop = save(tx, desk, city, PlannedWorkshop(span, "Overvecht", "Groen", tuple(CODES.values())), None)
        for prompt in prompts.of_workshop(tx, workshop):
            prompts.asked(tx, prompt.id, now, now + timedelta(days=3), now + timedelta(days=1))
    return program


def rows(program: Program, sql: str) -> list[Row]:
    with snapshot(program.place.database) as kept:
        return kept.all(sql)


def folder(program: Program) -> Path:
    return next(path for path in program.place.database.path.parents if (path / "study.toml").exists())


def terug(program: Program, words: str) -> tuple[int, str, str]:
    told = terugblik(*words.split(), "--folder", str(folder(program)))
    return told.exit_code, told.stdout, told.stderr


def test_status_prints_a_week_of_a_city_in_the_words_of_the_workbook(program: Program) -> None:
    (planned,) = rows(program, "SELECT starts_on FROM workshop")
    of_it = Week.of(moment(planned["starts_on"]), program.study.timezone)
    code, out, _ = terug(program, f"status --city Utrecht --week {of_it}")
    assert code == 0
    week, workshop = out.splitlines()
    assert week == f"Utrecht\t{of_it}\t0 of 2"
    assert workshop.endswith("\tGroen\tsent 2")
    assert terug(program, "status --city utrecht --week 2026-W99")[0] == 2
    assert terug(program, "status --city Urk")[0] == 1
    assert terug(program, "status --city utrecht --week 2020-W10")[1] == "Utrecht\t2020-W10\t0 of 0\n"


def test_people_are_printed_and_changed_and_the_audit_says_so(program: Program) -> None:
    code, out, _ = terug(program, "people --city utrecht")
    assert code == 0
    assert out.splitlines() == [
        "K7M4\tAmina\tfieldworker\ttakes part\treachable\t-",
        "R2QX\tBilal\tfieldworker\ttakes part\tunreachable\t-",
    ]
    assert (
        terug(program, "people --city utrecht --code k7m4 --role both")[1].split("\t")[2] == "coordinator+fieldworker"
    )
    _, out, err = terug(program, "people --city utrecht --code K7M4 --deactivate")
    assert out.split("\t")[3] == "not active"
    assert "K7M4 was coordinator+fieldworker in Utrecht, and is not active in Utrecht." in err
    assert f"terugblik people --city utrecht --code K7M4 --activate --folder {folder(program)}" in err
    assert terug(program, "people --city utrecht --code K7M4 --role both")[0] == 1
    assert terug(program, "people --city utrecht --code K7M4 --activate")[1].split("\t")[3] == "takes part"
    _, out, err = terug(program, "people --city utrecht --code R2QX --to Leiden")
    assert out.split("\t")[2] == "fieldworker"
    assert "terugblik people --city leiden --code R2QX --to utrecht --folder" in err
    assert "R2QX" in terug(program, "people --city leiden")[1]
    for wrong in ("--code K7M4", "--deactivate", "--code K7M4 --deactivate --activate"):
        assert terug(program, f"people --city utrecht {wrong}")[0] == 2, wrong
    assert terug(program, "people --city utrecht --code ZZZZ --deactivate")[0] == 1
    verbs = [row["verb"] for row in rows(program, "SELECT verb FROM audit ORDER BY id DESC LIMIT 4")]
    assert verbs == ["city_changed", "reactivated", "deactivated", "role_changed"]


def test_remind_says_who_and_sends_only_when_told_to(program: Program) -> None:
    code, out, err = terug(program, "remind --city utrecht")
    assert code == 0 and "K7M4 Amina: Groen" in out and "Unreachable: R2QX." in out and "Nothing was sent" in err
    assert rows(program, "SELECT 1 FROM outbox") == []
    code, _, err = terug(program, "remind --city utrecht --yes")
    assert code == 0
    sent = len(rows(program, "SELECT 1 FROM outbox"))
    held = "for 1 fieldworker. These are quiet hours." in err
    assert ("What comes in the morning cannot be taken back" if held else "What was sent cannot be taken back.") in err
    assert (sent, held) in ((1, False), (0, True))
    assert terug(program, "remind --city leiden --yes")[0] == 1
    assert [row["verb"] for row in rows(program, "SELECT verb FROM audit WHERE city = 'leiden'")] == []


async def test_a_list_is_invited_with_its_codes_and_an_invitation_is_renewed_and_taken_back(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Amina\n\nBilal\namina\n", encoding="utf-8")
    async with Sandbox(system_now) as sandbox:
        init(tmp_path)
        (tmp_path / ".env").write_text(
            f"TELEGRAM_BOT_TOKEN={sandbox.token}\nTELEGRAM_API_URL={sandbox.url}\nCONTACT=Noor\n"
        )

        async def run_here(*words: str) -> tuple[int, str, str]:
            told = await asyncio.to_thread(terugblik, *words, "--folder", str(tmp_path))
            return told.exit_code, told.stdout, told.stderr

        person = ("invite", "--role", "fieldworker", "--city", "Utrecht")
        code, out, err = await run_here(*person, "--names", str(names), "--qr", str(tmp_path / "codes"))
        assert code == 1 and "names.txt, line 4: amina is there twice." in err
        assert [line.split("\t")[0] for line in out.splitlines()] == ["Amina", "Bilal"]
        assert sorted(path.name for path in (tmp_path / "codes").iterdir()) == ["invitation-1.png", "invitation-2.png"]
        code, out, err = await run_here(*person, "--name", "Cora", "--qr", "terminal")
        assert "Invitation 3 was made: Cora, fieldworker, utrecht." in err and "invitations --revoke 3" in err
        assert code == 0 and "█" in out and "https://t.me/terugblik_bot?start=" in out.splitlines()[0]
        code, out, _ = await run_here("invitations", "--city", "Utrecht")
        lines = [line.split("\t") for line in out.splitlines()]
        assert [(line[0], line[1], line[4]) for line in lines] == [
            ("1", "open", "Amina"),
            ("2", "open", "Bilal"),
            ("3", "open", "Cora"),
        ]
        code, link, err = await run_here("invitations", "--renew", "2", "--qr", str(tmp_path / "bilal.png"))
        assert "Invitation 2 (Bilal, fieldworker, utrecht) has a new link." in err and "invitations --revoke 2" in err
        assert (
            code == 0 and link.startswith("https://t.me/") and (tmp_path / "bilal.png").read_bytes()[:4] == b"\x89PNG"
        )
        code, _, err = await run_here("invitations", "--revoke", "1")
        assert code == 0 and "The link of invitation 1 (Amina, fieldworker, utrecht) no longer works." in err
        assert "To take it back: terugblik invitations --restore 1" in err
        code, _, err = await run_here("invitations", "--restore", "1")
        assert code == 0 and "works again" in err and "invitations --revoke 1" in err
        assert (await run_here("invitations", "--restore", "1"))[0] == 1
        assert (await run_here("invitations", "--revoke", "1"))[0] == 0
        assert (await run_here("invitations", "--revoke", "1"))[0] == 1
        assert (await run_here("invitations", "--renew", "9"))[0] == 1
        assert "Amina" not in (await run_here("invitations"))[1]
        assert (await run_here("invite", "--role", "steward", "--names", str(names)))[0] == 1
        assert (await run_here(*person, "--names", str(tmp_path / "absent.txt")))[0] == 2


def test_a_workshop_is_moved_gets_another_team_and_is_cancelled_each_with_its_way_back(program: Program) -> None:
    here, day = str(folder(program)), (system_now() + timedelta(days=20)).strftime("%Y-%m-%d")

    def ran(*words: str, code: int = 0) -> tuple[str, str]:
        told = terugblik(*words, "--folder", here)
        assert told.exit_code == code, told.stderr
        return told.stdout.strip(), told.stderr.strip().splitlines()[-1] if told.stderr.strip() else ""

    _, back = ran("plan", "--city", "Utrecht", "--line", f"{day} 19:00–20:30 | Noord | Blauw | K7M4")
    assert back == "1 planned, 0 wrong"
    first = f"2\tUtrecht\t{day} 19:00–20:30\tNoord\tBlauw\tK7M4\tplanned"
    assert ran("workshops", "--city", "utrecht")[0] == first
    changed, back = ran("workshops", "--number", "2", "--move", f"{day} 20:00-21:00")
    assert f"{day} 20:00–21:00" in changed
    assert ran(*_words_of(back))[0] == first
    changed, back = ran("workshops", "--number", "2", "--team", "Bilal")
    assert "\tR2QX\t" in changed
    assert ran(*_words_of(back))[0] == first
    cancelled, back = ran("workshops", "--number", "2", "--cancel")
    assert cancelled.endswith("cancelled")
    ran(*_words_of(back))
    assert ran("workshops")[0] == first.replace("2", "3", 1)
    assert "somebody was asked" in ran("workshops", "--number", "1", "--unplan", code=1)[1]
    ran("workshops", "--number", "3", "--unplan")
    assert "Nothing is planned." in ran("workshops")[1]
    assert "that is planned" in ran("workshops", "--number", "3", "--cancel", code=1)[1]
    assert "expected it with one change" in ran("workshops", "--cancel", code=2)[1]
    assert [row["verb"] for row in rows(program, "SELECT verb FROM audit ORDER BY id")][-7:] == [
        "workshop_moved",
        "workshop_moved",
        "team_changed",
        "team_changed",
        "workshop_cancelled",
        "workshop_planned",
        "undone",
    ]


def _words_of(back: str) -> list[str]:
    """What stands behind `terugblik` in the words that tell how to take something back."""
    words = shlex.split(back.removeprefix("To take it back: "))
    return words[1 : words.index("--folder")]
