"""Buttons and links that are forged, old, of somebody else or plain noise change nothing of anybody's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldwork.people import Role, new_token
from fieldwork.taps import About, Key
from handlers import desktaps
from storage import invitations
from storage.stamps import stamp
from tests.examples import examples
from tests.roles.scene import GRANTS, STRANGER, Scene, scene

VICTIM, COORDINATOR = Role.FIELDWORKER, Role.COORDINATOR
ATTACKERS = ("Lea", "Olaf", Role.INVESTIGATOR, Role.STEWARD, Role.OPERATOR, "nobody")
WORDS = (
    *("choose", "on", "off", "back", "skip", "pause", "done", "continue", "list", "jump", "keep", "send", "change"),
    *("start", "later", "snooze", "absent", "late", "present"),
    *("consent", "timing", "media", "quotes", "language", "stop", "stop_surely", "midway"),
    *desktaps.ACTS,
)
ARGS = ("", "0", "1", "yes", "no", "erase", "keep", "en", "all", "again", "s", "L1", "export", "people", "²", "9" * 30)
NOISE = st.one_of(
    st.text(max_size=80),
    st.binary(max_size=64).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
    st.sampled_from(("", ":", "::::", "s:1:1", "d:-1:0:city:x", "q:1:1:a:b", "s:1e3:0:choose:0", "x" * 5000)),
)
"""What a button never holds."""
KEYS = st.builds(
    Key,
    st.sampled_from(About),
    st.integers(0, 12) | st.just(10**18),
    st.integers(0, 12) | st.just(10**18),
    st.sampled_from(WORDS),
    st.sampled_from(ARGS),
)
"""What could stand under a button, of anybody."""
hostile = examples(150)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("town")) as place:
        place.type(VICTIM, "/vraag Mag mijn zus mee?")
        for command in ("/remind", "/workshops", "/export", "/forms", "/status", "/people"):
            place.type(COORDINATOR, command)
        for command in ("/taal", "/stop", "/privacy"):
            place.type(VICTIM, command)
        yield place


@hostile
@given(name=st.sampled_from(ATTACKERS), data=NOISE, message=st.integers(1, 10**9))
def test_noise_under_a_button_changes_nothing_for_anybody(town: Scene, name: str, data: str, message: int) -> None:
    before, said = town.rows(), town.newest()
    with town.taken_back():
        town.tap(name, data, message)
        assert town.rows() == before
        assert _spoken_to_since(town, said) <= {town.urn(name), STRANGER}


@hostile
@given(name=st.sampled_from(ATTACKERS), key=KEYS, message=st.integers(1, 60), again=st.booleans())
def test_a_button_that_could_be_anybodys_moves_only_what_is_ones_own(
    town: Scene, name: str, key: Key, message: int, again: bool
) -> None:
    before, said = _of_others(town, name), town.newest()
    with town.taken_back():
        for _ in range(1 + again):
            heard = town.tap(name, str(key), message)
            if key.about in (About.PERSON, About.DESK) and key.id != town.people[name]:
                assert set(heard.texts) <= {town.desk.texts.say("err.stale_button", "nl")}
            assert town.code(VICTIM) not in "".join(heard.texts)
        assert _of_others(town, name) == before
        assert _spoken_to_since(town, said) <= {town.urn(name), STRANGER}
        assert [row for row in town.tx.all("SELECT detail FROM job") if "utrecht" in row["detail"]] == []


@hostile
@given(name=st.sampled_from(ATTACKERS), number=st.integers(0, 10**6), message=st.integers(1, 60))
def test_a_button_that_was_put_to_somebody_else_changes_nothing(
    town: Scene, name: str, number: int, message: int
) -> None:
    others = [
        button.data
        for other in (VICTIM, COORDINATOR)
        for _, said in town.heard(other)
        for row in said.buttons
        for button in row
    ]
    before, last = town.rows(), town.newest()
    with town.taken_back():
        heard = town.tap(name, others[number % len(others)], message)
        assert set(heard.texts) <= {town.desk.texts.say("err.stale_button", "nl")}
        assert town.rows() == before
        assert _spoken_to_since(town, last) <= {town.urn(name)}


@hostile
@given(st.sampled_from((*ATTACKERS, VICTIM)), st.text(min_size=1, max_size=5000) | KEYS.map(str))
def test_a_link_with_anything_behind_it_lets_nobody_in(town: Scene, name: str, payload: str) -> None:
    before, said = _but(town, "invitation_failure", "audit", "audit_head"), town.newest()
    with town.taken_back():
        town.type(name, f"/start {payload}")
        town.stranger(f"/start {payload}")
        assert _but(town, "invitation_failure", "audit", "audit_head") == before
        assert _spoken_to_since(town, said) <= {town.urn(name), STRANGER}


def test_guessing_is_slow_and_a_link_does_not_say_why_it_is_dead(town: Scene) -> None:
    with town.taken_back():
        live, used, old = (new_token(town.desk.random) for _ in range(3))
        for token, lasts in ((live, 1), (used, 1), (old, -1)):
            ends_on = town.desk.now + timedelta(days=lasts)
            invitations.add(town.tx, token, GRANTS[VICTIM], "", None, town.desk.now, ends_on)
        assert invitations.claim(town.tx, used, town.desk.now) is not None
        assert invitations.claim(town.tx, used, town.desk.now) is None
        told = [town.stranger(f"/start {token}") for token in (used, old, "0" * 32, live[:-1], live.upper() + "x")]
        assert len(set(map(tuple, told))) == 1 and told[0][0].startswith("Deze link werkt niet of niet meer.")
        assert town.stranger(f"/start {live}") == [], "after five wrong ones no link is tried any more"
        assert invitations.opened(town.tx, live, town.desk.now) is not None


def test_a_link_that_was_taken_back_is_dead_for_everybody_also_for_who_made_it(town: Scene) -> None:
    with town.taken_back():
        token, ends_on = new_token(town.desk.random), town.desk.now + timedelta(days=1)
        invitations.add(town.tx, token, GRANTS[VICTIM], "", town.people[COORDINATOR], town.desk.now, ends_on)
        assert town.type(COORDINATOR, f"/start {token}").texts[0].startswith("Deze link is niet voor jou.")
        town.tx.run("UPDATE invitation SET revoked_on = :now WHERE used_on IS NULL", now=stamp(town.desk.now))
        for told in (town.type(COORDINATOR, f"/start {token}").texts, town.stranger(f"/start {token}")):
            assert told[0].startswith("Deze link werkt niet of niet meer.")
        assert invitations.opened(town.tx, token, town.desk.now) is None


def _but(town: Scene, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but these."""
    return {name: rows for name, rows in town.rows().items() if name not in tables}


def _of_others(town: Scene, name: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row that is not this person's own, and everything there is of workshops and cities."""
    person, kept = town.people[name], {}
    for table, rows in _but(town, "job", "pending", "audit", "audit_head", "form_in_use").items():
        names = [row["name"] for row in town.tx.all(f"PRAGMA table_info({table})")]
        own = "id" if table == "person" else "person_id"
        place = names.index(own) if own in names else None
        kept[table] = [row for row in rows if place is None or row[place] != person]
    return kept


def _spoken_to_since(town: Scene, said: int) -> set[str]:
    """Everybody who was told something after that row."""
    return {row["urn"] for row in town.tx.all("SELECT DISTINCT urn FROM outbox WHERE id > :said", said=said)}
