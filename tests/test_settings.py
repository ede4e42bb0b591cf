"""The configuration: what can be set, and every problem of it at once."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.firststudy import CITIES
from bot.problems import BadConfiguration
from bot.program import configured
from bot.settings import Settings, env_text, read_settings
from bot.studyfile import parse_study
from tests.command import forget_settings, init, terugblik

ROOT = Path(__file__).parents[1]
TOKEN = "4242:abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


def problems_of(folder: Path) -> dict[str, str]:
    """What stands wrong in the configuration, by name."""
    with pytest.raises(BadConfiguration) as refused:
        configured(folder)
    return {problem.name: f"{problem.found} / {problem.expected}" for problem in refused.value.problems}


def test_the_example_lists_every_setting_as_the_code_has_it() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_text()
    assert all(f"{name.upper()}=" in env_text() for name in Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


def test_the_defaults_are_those_of_the_example(tmp_path: Path) -> None:
    written = "\n".join(line.removeprefix("# ") for line in env_text().splitlines() if "=" in line)
    (tmp_path / ".env").write_text(written.replace("TELEGRAM_BOT_TOKEN=", f"TELEGRAM_BOT_TOKEN={TOKEN}"))
    spelled_out = read_settings(tmp_path / ".env")
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n")
    assert read_settings(tmp_path / ".env") == spelled_out
    assert spelled_out.telegram_api_url == "https://api.telegram.org"
    assert spelled_out.timezone == "Europe/Amsterdam"
    assert spelled_out.prompt_delay == 15


def test_what_init_writes_needs_nothing_but_the_token(tmp_path: Path) -> None:
    init(tmp_path)
    assert problems_of(tmp_path) == {"TELEGRAM_BOT_TOKEN": "nothing / a value"}
    _set(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}")
    settings, program = configured(tmp_path)
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert [city.name for city in program.study.cities] == list(CITIES)
    assert [line.code for line in program.study.lines] == ["L1", "L2", "L3"]
    assert program.study.rhythm.quiet.start == time(21, 0)
    assert program.study.rhythm.quiet.end == time(8, 30)
    assert program.study.rhythm.prompt_after == timedelta(minutes=15)


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("mine")
    (tmp_path / "study.toml").write_text("mine too")
    told = terugblik("init", "--folder", str(tmp_path))
    assert told.exit_code == 0
    assert told.stderr.count("is there already and stays as it is") == 2
    assert [(tmp_path / name).read_text() for name in (".env", "study.toml")] == ["mine", "mine too"]


def test_the_file_with_the_token_is_for_its_owner_only(tmp_path: Path) -> None:
    init(tmp_path)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init(tmp_path)
    _set(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}\nSTUDY_NAME=Uit het bestand\nPROMPT_DELAY=30\nQUIET_HOURS=22:00-07:00")
    monkeypatch.setenv("STUDY_NAME", "Uit de omgeving")
    monkeypatch.setenv("CONTACT", "Noor, noor@example.org")
    _, program = configured(tmp_path)
    assert program.study.name == "Uit de omgeving"
    assert program.study.contact == "Noor, noor@example.org"
    assert program.study.rhythm.prompt_after == timedelta(minutes=30)
    assert program.study.rhythm.quiet.start == time(22, 0)


def test_all_problems_of_both_files_come_at_once_by_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "TELEGRAM_BOT_TOKEN=1234:short\nTELEGRAM_API_URL=ftp://x\nTIMEZONE=Mars/Olympus\n"
        "QUIET_HOURS=late\nPROMPT_DELAY=-5\n"
    )
    (tmp_path / "study.toml").write_text(
        '[study]\nname = ""\ncontact = "Sanne"\nretention_date = "soon"\nquiet_hours = "25:00-08:00"\n'
        '[consent]\nversion = "1"\nnl = "Doe je mee, {wie}?"\nen = "Join?"\n'
        '[[city]]\ncode = "utrecht"\nname = "Utrecht"\ntimezone = "Europe/Utrecht"\n'
        '[[city]]\ncode = "not a code"\nname = "Leiden"\npostcode = "2300"\n'
    )
    found = problems_of(tmp_path)
    assert set(found) == {
        *("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TIMEZONE", "QUIET_HOURS", "PROMPT_DELAY"),
        *("study.toml, study, name", "study.toml, study, store", "study.toml, study, retention_date"),
        *("study.toml, study, quiet_hours", "study.toml, consent, nl", "study.toml, city 1, timezone"),
        *("study.toml, city 2, code", "study.toml, city 2, postcode"),
    }
    assert found["TIMEZONE"] == "'Mars/Olympus' / the name of a time zone, such as Europe/Amsterdam"
    assert found["study.toml, study, store"] == "nothing / a value"
    assert found["study.toml, city 2, postcode"] == "'2300' / no such name here"


def test_a_webhook_without_its_secret_is_refused_by_every_command_and_not_only_by_run(tmp_path: Path) -> None:
    init(tmp_path)
    _set(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}\nWEBHOOK_URL=https://example.org")
    expected = "16 to 256 letters, digits, dashes or underscores, because WEBHOOK_URL is set"
    assert problems_of(tmp_path) == {"WEBHOOK_SECRET": f"nothing / {expected}"}


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path)
    assert set(found) == {"TELEGRAM_BOT_TOKEN", str(tmp_path / "study.toml")}
    assert "terugblik init writes one" in found[str(tmp_path / "study.toml")]


def test_a_study_file_that_is_no_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="line 1"):
        parse_study("[study\n", "study.toml")


@pytest.mark.parametrize("setting", ["TELEGRAM_BOT_TOKEN=geheim-8315", "TELEGRAM_BOT_TOKEN=1:geheim-8315"])
def test_the_value_of_a_wrong_token_is_never_shown(tmp_path: Path, setting: str) -> None:
    init(tmp_path)
    _set(tmp_path, setting)
    told = terugblik("run", "--folder", str(tmp_path))
    assert told.exit_code == 2
    assert "TELEGRAM_BOT_TOKEN: found something else (not shown)" in told.stderr
    assert "8315" not in told.output


def test_the_value_of_a_right_token_is_not_in_how_settings_print(tmp_path: Path) -> None:
    init(tmp_path)
    _set(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}\nTIMEZONE=Mars/Olympus")
    assert TOKEN not in terugblik("doctor", "--folder", str(tmp_path)).output
    _set(tmp_path, f"TELEGRAM_BOT_TOKEN={TOKEN}")
    assert TOKEN not in repr(configured(tmp_path)[0])


def _set(folder: Path, text: str) -> None:
    (folder / ".env").write_text(text + "\n")
