"""The two drivers a database is opened with: what is tested with one is tested with the other."""

import pytest

from storage.driver import CAN_ENCRYPT

KEY = "5a" * 32
DRIVERS = (
    "plain",
    pytest.param("encrypted", marks=pytest.mark.skipif(not CAN_ENCRYPT, reason="sqlcipher3 is not installed")),
)


def key_for(driver: str) -> str | None:
    """The key of a database that this driver opens."""
    return KEY if driver == "encrypted" else None
