"""People, how they are reached, what they agreed to and what is waited for; invitations that work once."""

import asyncio

import pytest

from fieldwork.people import Grant, Role
from storage import audit, consents, invitations, pending, people
from storage.connection import Database
from storage.database import Writer, transaction
from storage.driver import DatabaseError
from storage.invitations import Invitation
from storage.tx import Tx
from tests.storage.rows import NOW, a_person, after, only

TOKEN = "5" * 32
GRANT = Grant(Role.COORDINATOR, "leiden")


def invite(tx: Tx, token: str = TOKEN, name: str = "Noor") -> None:
    invitations.add(tx, token, GRANT, name, None, NOW, after(days=14))


def test_a_person_is_found_by_id_code_and_address(tx: Tx) -> None:
    person = a_person(tx, "K7M4")
    urn = people.urn_of(tx, person)
    assert urn is not None
    assert people.by_urn(tx, urn) == people.by_code(tx, "k7m4") == people.by_id(tx, person)
    assert people.by_id(tx, person).grants == (Grant(Role.FIELDWORKER, "leiden"),)


def test_nobody_is_found_where_nobody_is(tx: Tx) -> None:
    assert people.by_urn(tx, "telegram:404") is None
    assert people.by_code(tx, "K7M4") is None
    with pytest.raises(KeyError):
        people.by_id(tx, 404)


def test_somebody_new_is_invited_in_their_language_and_was_not_asked_about_media(tx: Tx) -> None:
    person = people.by_id(tx, people.add(tx, "K7M4", "en", NOW))
    assert (person.language, person.ask_when, person.standing, person.media_allowed) == (
        "en",
        "unsaid",
        "invited",
        None,
    )
    assert person.grants == ()
    assert people.name_of(tx, person.id) == ""


def test_a_code_belongs_to_one_person(tx: Tx) -> None:
    people.add(tx, "K7M4", "nl", NOW)
    with pytest.raises(DatabaseError, match="UNIQUE"):
        people.add(tx, "K7M4", "nl", NOW)


def test_wishes_are_kept(tx: Tx) -> None:
    person = a_person(tx)
    people.set_standing(tx, person, "taking_part")
    people.set_language(tx, person, "en")
    people.set_ask_when(tx, person, "morning")
    people.set_media_allowed(tx, person, False)
    found = people.by_id(tx, person)
    assert (found.standing, found.language, found.ask_when) == ("taking_part", "en", "morning")
    assert found.media_allowed is False


def test_the_last_name_given_stays(tx: Tx) -> None:
    person = a_person(tx)
    people.name(tx, person, "Fatima")
    people.name(tx, person, "Fatima el Idrissi")
    assert people.name_of(tx, person) == "Fatima el Idrissi"


def test_a_person_has_one_address_and_it_can_go_silent_and_come_back(tx: Tx) -> None:
    person = a_person(tx)
    people.reach_at(tx, person, "telegram:4242", NOW)
    people.set_reachable(tx, "telegram:4242", False, NOW)
    assert people.urn_of(tx, person) is None
    found = people.by_urn(tx, "telegram:4242")
    assert found is not None
    assert found.id == person
    people.reach_at(tx, person, "telegram:4343", NOW)
    assert people.urn_of(tx, person) == "telegram:4343"
    assert people.by_urn(tx, "telegram:4242") is None


def test_a_role_given_twice_is_given_once(tx: Tx) -> None:
    person = a_person(tx, "BBBB")
    people.grant(tx, person, GRANT, NOW)
    people.grant(tx, person, GRANT, NOW)
    other = a_person(tx, "CCCC", "utrecht")
    assert len(people.by_id(tx, person).grants) == 2
    assert [one.id for one in people.with_role(tx, Role.COORDINATOR, "leiden")] == [person]
    assert [one.id for one in people.with_role(tx, Role.FIELDWORKER)] == [person, other]
    assert people.with_role(tx, Role.COORDINATOR, "utrecht") == []


def test_an_invitation_is_used_once(tx: Tx) -> None:
    invite(tx)
    claimed = invitations.claim(tx, TOKEN, NOW)
    assert claimed == Invitation(1, GRANT, "Noor")
    assert invitations.claim(tx, TOKEN, NOW) is None


def test_an_invitation_expires(tx: Tx) -> None:
    invite(tx)
    assert invitations.claim(tx, TOKEN, after(days=14)) is None
    assert invitations.claim(tx, TOKEN, after(days=14, seconds=-1)) is not None


@pytest.mark.parametrize("token", ["", "6" * 32, TOKEN + "5", TOKEN[:-1], "%"])
def test_a_wrong_token_opens_nothing(tx: Tx, token: str) -> None:
    invite(tx)
    assert invitations.claim(tx, token, NOW) is None
    assert invitations.claim(tx, TOKEN, NOW) is not None


def test_a_token_is_nowhere_in_the_file(path: Database) -> None:
    with transaction(path) as tx:
        invite(tx)
        row = only(tx.all("SELECT * FROM invitation"))
    assert len(row["token_hash"]) == 64
    files = [path.path, *path.path.parent.glob("terugblik.db-*")]
    assert not any(TOKEN.encode() in file.read_bytes() for file in files)


def test_a_used_invitation_knows_by_whom_and_forgets_the_name(tx: Tx) -> None:
    invite(tx)
    claimed = invitations.claim(tx, TOKEN, NOW)
    assert claimed is not None
    person = a_person(tx)
    invitations.used_by(tx, claimed.id, person)
    row = only(tx.all("SELECT used_by, name FROM invitation"))
    assert (row["used_by"], row["name"]) == (person, "")


def claim(tx: Tx) -> Invitation | None:
    return invitations.claim(tx, TOKEN, NOW)


async def test_of_many_who_open_an_invitation_at_once_one_gets_it(path: Database) -> None:
    async with Writer(path) as writer:
        await writer.run(invite)
        claims = await asyncio.gather(*(writer.run(claim) for _ in range(20)))
    assert sum(found is not None for found in claims) == 1


def test_of_two_programs_that_open_an_invitation_one_gets_it(path: Database) -> None:
    with transaction(path) as tx:
        invite(tx)
    found = []
    for _ in range(2):
        with transaction(path) as tx:
            found.append(invitations.claim(tx, TOKEN, NOW))
    assert [one is not None for one in found] == [True, False]


def test_failures_are_counted_by_address_within_the_last_hour(tx: Tx) -> None:
    for minutes in (0, 30, 59):
        invitations.note_failure(tx, "telegram:1", after(minutes=minutes))
    invitations.note_failure(tx, "telegram:2", NOW)
    assert invitations.failures_since(tx, "telegram:1", after(minutes=-1)) == 3
    assert invitations.failures_since(tx, "telegram:1", NOW) == 2
    assert invitations.failures_since(tx, "telegram:3", after(minutes=-1)) == 0


def test_the_last_answer_about_the_study_counts_and_every_one_is_kept(tx: Tx) -> None:
    person = a_person(tx)
    assert consents.version_agreed(tx, person) is None
    for answer, version, agreed in (("yes", "1", "1"), ("no", "1", None), ("yes", "2", "2")):
        consents.add(tx, person, "study", "yes" if answer == "yes" else "no", version, "h", "nl", NOW)
        assert consents.version_agreed(tx, person) == agreed
    consents.add(tx, person, "media", "no", "2", "h", "nl", NOW)
    assert consents.version_agreed(tx, person) == "2"
    assert len(tx.all("SELECT * FROM consent")) == 4


def test_one_thing_is_waited_for_at_a_time(tx: Tx) -> None:
    person, other = a_person(tx), a_person(tx)
    assert pending.waiting_for(tx, person, NOW) is None
    pending.wait_for(tx, person, "plan_lines", {"city": "leiden"}, NOW)
    pending.wait_for(tx, person, "move", {"workshop": 7, "title": "Één"}, NOW)
    found = pending.waiting_for(tx, person, NOW)
    assert found is not None
    assert (found.kind, found.detail) == ("move", {"workshop": 7, "title": "Één"})
    assert pending.waiting_for(tx, person, NOW + pending.FORGOTTEN_AFTER) is None
    assert pending.waiting_for(tx, other, NOW) is None
    pending.done(tx, person)
    assert pending.waiting_for(tx, person, NOW) is None


def test_an_act_is_written_down(tx: Tx) -> None:
    person = a_person(tx)
    audit.note(tx, person, "exported", "leiden", "leiden_2026-W47.xlsx", NOW)
    audit.note(tx, None, "workbook_made", "leiden", "x", after(hours=1))
    rows = tx.all("SELECT person_id, verb, done_on FROM audit ORDER BY id")
    assert [(row["person_id"], row["verb"]) for row in rows] == [(person, "exported"), (None, "workbook_made")]
    assert rows[0]["done_on"] == "2026-11-20T15:00:00.000Z"
