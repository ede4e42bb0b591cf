"""The key of the database, from the settings or from a file of its own."""

from pathlib import Path

from bot.problems import BadConfiguration, Problem
from bot.settings import KEY_EXPECTED, Settings, is_key
from storage.driver import CAN_ENCRYPT


def key_of(settings: Settings, folder: Path) -> str | None:
    """The key of 64 hexadecimal digits; None where the database is plain. Raises BadConfiguration."""
    if settings.database_key is None and settings.database_key_file is None:
        return None
    if settings.database_key is not None and settings.database_key_file is not None:
        raise _problem("DATABASE_KEY_FILE", "a file, and DATABASE_KEY as well", "one of the two")
    if not CAN_ENCRYPT:
        setting = "DATABASE_KEY" if settings.database_key else "DATABASE_KEY_FILE"
        raise _problem(setting, "a key, and no sqlcipher3", "sqlcipher3 installed, by `make encrypted`")
    if settings.database_key is not None:
        return settings.database_key.get_secret_value().lower()
    assert settings.database_key_file is not None
    return _read(folder / settings.database_key_file)


def _read(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _problem("DATABASE_KEY_FILE", f"{path} ({error.strerror})", "a file that can be read") from None
    except UnicodeDecodeError:
        key = ""
    if not is_key(key):
        raise _problem("DATABASE_KEY_FILE", f"something else in {path} (not shown)", KEY_EXPECTED)
    return key.lower()


def _problem(setting: str, found: str, expected: str) -> BadConfiguration:
    return BadConfiguration((Problem(setting, found, expected),))
