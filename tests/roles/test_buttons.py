"""Every button that commands offer: pressed by who may no longer, or by somebody else, it changes nothing."""

from itertools import product
from pathlib import Path

from fieldwork.people import Grant, Role
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, read_key
from handlers.commands import COMMANDS
from storage import people
from tests.roles.scene import Heard, Scene, scene

REFUSALS = ("err.stale_button", "err.button_over", "err.not_taking_part", "denied.role")
WORDS = {
    "vraag": "Hoe laat begint het?",
    "plan": "20-11 19:00–20:30 | Overvecht | Samen | {code}",
    "invite": "Zoë",
    "consent": "{code}",
}
"""What is typed behind a command so that it comes to buttons."""
OF_THEIR_OWN = ("unexport",)
"""To stop what one ordered oneself takes no role."""
OF_NO_CITY = ("workbook", "use", "preview")
"""What a coordinator of one city may do as well as one of another: to look at the study's questionnaires."""
_DEEP = 3
"""Buttons that a button offers are pressed too, so many times over."""


def test_a_button_does_nothing_for_who_lost_the_role_or_for_somebody_else(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        acts = {act for role in Role for _, act, _ in _pressed_by(town, role)}
    assert acts >= {
        "plan",
        "workshop",
        "move",
        "cancel",
        "remind",
        "export",
        "city",
        "start",
        "later",
        "stop",
        "page",
        "email",
    }


Sort = tuple[About, str, str]
"""What a button belongs to, what it does, and with what; of a question's answers one stands for all."""


def _pressed_by(town: Scene, role: Role) -> set[Sort]:
    """Every sort of button that the role's commands come to, each tried by all who must not."""
    code, seen = town.code(Role.FIELDWORKER), set[Sort]()
    for known in COMMANDS:
        words = WORDS.get(known.names[0], "").format(code=code)
        with town.taken_back():
            _press_all(town, role, town.type(role, f"/{known.names[0]} {words}".strip()), _DEEP, seen)
    return seen


def _press_all(town: Scene, role: Role, heard: Heard, deep: int, seen: set[Sort]) -> None:
    for data in heard.buttons if deep else ():
        if (sort := _sort(data)) in seen:
            continue
        seen.add(sort)
        for other in town.people:
            if other != role:
                _must_do_nothing(town, other, data)
        for change in (_take_role_away, _send_elsewhere):
            if (
                sort[0] is About.PERSON
                or sort[1] in OF_THEIR_OWN
                or (change is _send_elsewhere and sort[1] in OF_NO_CITY)
            ):
                continue
            with town.taken_back():
                change(town, role)
                _must_do_nothing(town, role, data)
        with town.taken_back():
            _press_all(town, role, town.tap(role, data), deep - 1, seen)


def _sort(data: str) -> Sort:
    key = read_key(data)
    assert key is not None, data
    return (key.about, key.act, "" if key.about is About.SESSION else key.arg)


def test_words_that_were_asked_for_come_to_nothing_once_the_role_is_gone(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        line = WORDS["plan"].format(code=town.code(Role.FIELDWORKER))
        for first, change in product(("/plan", f"/plan {line}"), (_take_role_away, _send_elsewhere)):
            with town.taken_back():
                town.type(Role.COORDINATOR, first)
                change(town, Role.COORDINATOR)
                before = town.rows()
                assert town.type(Role.COORDINATOR, line).texts[0].startswith("Dat snap ik niet.")
                assert town.rows() == before


def test_a_code_for_an_address_comes_to_nothing_once_the_role_is_gone(tmp_path: Path) -> None:
    with scene(tmp_path) as town:
        town.tap(Role.INVESTIGATOR, town.type(Role.INVESTIGATOR, "/email").buttons[0])
        _take_role_away(town, Role.INVESTIGATOR)
        before = town.rows()
        told = town.type(Role.INVESTIGATOR, "other@university.example").texts[0]
        assert told.startswith("Dat snap ik niet.")
        assert town.rows() == before


def _must_do_nothing(town: Scene, name: str, data: str) -> None:
    """Nothing changes, and nothing is told but that the button is old."""
    with town.taken_back():
        before = town.rows()
        heard = town.tap(name, data)
        assert town.rows() == before, (name, data)
        refusals = {town.desk.texts.say(key, language) for key in REFUSALS for language in LANGUAGES}
        refusals |= {town.desk.texts.say("co.denied", "nl", city="Utrecht")}
        assert set(heard.texts) <= refusals, (name, data, heard.texts)


def _take_role_away(town: Scene, role: Role) -> None:
    town.tx.run("DELETE FROM role_grant WHERE person_id = :id", id=town.people[role])


def _send_elsewhere(town: Scene, role: Role) -> None:
    """Who coordinated Utrecht coordinates Almere now, and everybody else is nothing any more."""
    _take_role_away(town, role)
    if role is Role.COORDINATOR:
        people.grant(town.tx, town.people[role], Grant(role, "almere"), town.desk.now)
