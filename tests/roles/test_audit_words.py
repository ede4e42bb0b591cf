"""What a steward types behind /audit narrows it down, in any order."""

from pathlib import Path

import pytest

from handlers.rights.auditing import only
from storage.audit import Only
from tests.roles.scene import scene


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Only()),
        ("Utrecht", Only(city="utrecht")),
        ("den haag", Only(city="den-haag")),
        ("K7M4", Only(code="K7M4")),
        ("exported", Only(verb="exported")),
        ("exported Den Haag", Only(city="den-haag", verb="exported")),
        ("K7M4 invited leiden", Only(city="leiden", code="K7M4", verb="invited")),
        ("utrechts", Only(verb="utrechts")),
    ],
)
def test_words_behind_audit_are_a_city_a_code_and_a_verb(tmp_path: Path, words: str, expected: Only) -> None:
    with scene(tmp_path) as town:
        assert only(town.desk, words) == expected
