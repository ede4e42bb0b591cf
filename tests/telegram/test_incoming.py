"""Updates are read into neutral words, and whatever Telegram sends, nothing worse than Unreadable comes of it."""

import json
import os
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark, param, raises

from bot.channel import Unreadable
from bot.telegram.fetch import arrival
from bot.telegram.incoming import chat_of, read_update
from fieldwork.messages import (
    Command,
    Elsewhere,
    File,
    Incoming,
    Located,
    Reach,
    Sent,
    Tap,
    Text,
    Unusable,
    What,
)

_MUTATED = int(os.environ.get("MUTATED_SAMPLES", "5000"))
RECEIVED = datetime(2026, 11, 20, 15, 0, 7, tzinfo=UTC)
SAID = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DATE = int(SAID.timestamp())
FROM = {"id": 1001, "is_bot": False, "first_name": "Anna", "language_code": "nl-NL"}
CHAT = {"id": 1001, "type": "private", "first_name": "Anna"}
GROUP = {"id": -5, "type": "supergroup", "title": "Wijk"}
VOICE = {"file_id": "v1", "file_unique_id": "u", "duration": 12, "mime_type": "audio/ogg", "file_size": 900}
DOCUMENT = {"file_id": "d1", "file_unique_id": "u", "file_name": "plan.pdf", "file_size": 5000}
PHOTO = [
    {"file_id": "small", "file_unique_id": "a", "width": 90, "height": 60, "file_size": 1000},
    {"file_id": "large", "file_unique_id": "b", "width": 900, "height": 600, "file_size": 90000},
    {"file_id": "middle", "file_unique_id": "c", "width": 300, "height": 200, "file_size": 9000},
]


def message(**content: Any) -> dict[str, Any]:
    body = {"message_id": 17, "date": DATE, "chat": CHAT, "from": FROM, **content}
    return {"update_id": 700, "message": body}


def edited(**content: Any) -> dict[str, Any]:
    body = message(edit_date=DATE + 60, **content)["message"]
    return {"update_id": 701, "edited_message": body}


def tap(**parts: Any) -> dict[str, Any]:
    under = {"message_id": 18, "date": 0, "chat": CHAT}
    query = {"id": "4382", "from": FROM, "chat_instance": "1", "message": under, "data": "a:1:2", **parts}
    return {"update_id": 702, "callback_query": query}


def member(status: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    change = {
        "chat": chat,
        "from": FROM,
        "date": DATE,
        "old_chat_member": {"status": "member"},
        "new_chat_member": {"status": status, "user": {"id": 42, "is_bot": True}},
    }
    return {"update_id": 703, "my_chat_member": change}


def read(update: object) -> Incoming:
    incoming = read_update(update, RECEIVED)
    assert incoming is not None
    return incoming


def test_a_message_says_who_what_when_and_where_the_reply_goes() -> None:
    assert read(message(text="Het ging goed")) == Incoming(
        key="telegram:msg:1001:17",
        urn="telegram:1001",
        what=Text("Het ging goed"),
        said_on=SAID,
        message="17",
        first_name="Anna",
        language="nl",
    )


@mark.parametrize(
    ("content", "what"),
    [
        param({"text": "/start abc123"}, Command("start", "abc123"), id="command"),
        param({"text": "/Help@terugblik_bot"}, Command("help"), id="command with the bot's name"),
        param({"text": "/plan\nUtrecht | A"}, Command("plan", "Utrecht | A"), id="lines"),
        param({"text": "/ of zo"}, Text("/ of zo"), id="slash"),
        param({"text": "1/2 bewoners"}, Text("1/2 bewoners"), id="slash inside"),
        param({"text": "stuk \ud83d"}, Text("stuk \ufffd"), id="half a sign"),
        param({"photo": PHOTO, "caption": "muur"}, Sent(File("photo", "large", 90000), "muur"), id="photo"),
        param(
            {"photo": PHOTO, "media_group_id": "9"},
            Sent(File("photo", "large", 90000), album="9"),
            id="album",
        ),
        param({"voice": VOICE}, Sent(File("voice", "v1", 900, None, 12, "audio/ogg")), id="voice"),
        param({"document": DOCUMENT}, Sent(File("document", "d1", 5000, "plan.pdf")), id="document"),
        param({"animation": DOCUMENT, "document": DOCUMENT}, Unusable("animation"), id="animation"),
        param({"sticker": {"file_id": "s"}}, Unusable("sticker"), id="sticker"),
        param({"venue": {}, "location": {}}, Unusable("location"), id="a venue without a place"),
        param({"video_note": VOICE}, Sent(File("video", "v1", 900, None, 12, "audio/ogg")), id="round film"),
        param({"location": {"latitude": 52.1, "longitude": 5}}, Located(52.1, 5.0), id="location"),
        param(
            {"location": {"latitude": 52.1, "longitude": 5.2, "horizontal_accuracy": 12.5, "live_period": 60}},
            Located(52.1, 5.2, 12.5),
            id="live location",
        ),
        param(
            {"venue": {"title": "Plein"}, "location": {"latitude": 52.1, "longitude": 5.2}},
            Located(52.1, 5.2),
            id="venue",
        ),
        param({"location": {"latitude": 91, "longitude": 5}}, Unusable("location"), id="nowhere on earth"),
        param({"location": {"latitude": "52", "longitude": True}}, Unusable("location"), id="no numbers"),
        param({"poll": {}}, Unusable("poll"), id="poll"),
        param({"something_new": {}}, Unusable("other"), id="not known yet"),
    ],
)
def test_what_was_sent_is_told_apart(content: dict[str, Any], what: What) -> None:
    assert read(message(**content)).what == what


def test_an_edit_is_a_thing_of_its_own_at_its_own_time() -> None:
    incoming = read(edited(text="Beter"))
    assert incoming.key.startswith(f"telegram:msg:1001:17:edit:{DATE + 60}:")
    assert (incoming.edited, incoming.message, incoming.what) == (True, "17", Text("Beter"))
    assert incoming.said_on.timestamp() == DATE + 60


def test_a_tap_under_a_message_that_telegram_no_longer_shows_still_counts() -> None:
    incoming = read(tap())
    assert (incoming.key, incoming.urn, incoming.message) == ("telegram:cb:4382", "telegram:1001", "18")
    assert (incoming.what, incoming.said_on) == (Tap("a:1:2"), RECEIVED)


def test_a_tap_of_which_the_message_is_not_told_counts_in_the_chat_of_who_tapped() -> None:
    incoming = read(tap(message=None, id=4382))
    assert (incoming.key, incoming.urn, incoming.message) == ("telegram:cb:4382", "telegram:1001", None)
    assert incoming.what == Tap("a:1:2")
    assert chat_of(tap(message=None)) == "telegram:1001"


_EVERYTHING = ("text", "caption", "photo", "voice", "sticker", "location", "edit_date", "forward_origin", "via_bot")


def test_what_a_server_leaves_out_and_what_it_calls_null_or_empty_are_the_same() -> None:
    nothing: dict[str, object] = {**dict.fromkeys(_EVERYTHING), "photo": []}
    assert read(message(**{**nothing, "text": "hoi"})) == read(message(text="hoi"))
    assert read(message(**{**nothing, "voice": VOICE})) == read(message(voice=VOICE))
    bare = {"message_id": 17, "date": DATE, "chat": {"id": 1001}, "text": "hoi"}
    assert read({"message": None, "edited_message": None, "callback_query": None, **message(text="hoi")})
    assert read({"message": bare}).what == Text("hoi")
    assert read({"message": {**bare, "chat": {"id": -5}}}).what == Elsewhere()
    assert read({"edited_message": bare}).said_on == SAID


@mark.parametrize(("status", "reachable"), [("kicked", False), ("left", False), ("member", True)])
def test_blocking_and_coming_back_are_told(status: str, reachable: bool) -> None:
    assert read(member(status)).what == Reach(reachable)


@mark.parametrize(
    "update",
    [message(chat=GROUP, text="hoi"), member("member", GROUP), tap(message={"message_id": 1, "chat": GROUP})],
)
def test_what_happens_in_a_group_is_elsewhere(update: dict[str, Any]) -> None:
    assert read(update).what == Elsewhere()


@mark.parametrize(
    "update",
    [
        message(text="hoi", **{"from": {**FROM, "is_bot": True}}),
        message(pinned_message={}),
        edited(location={"latitude": 1, "longitude": 2}),
        tap(message=None, inline_message_id="AbC"),
        {"update_id": 1, "poll": {}},
        {"update_id": 1, "message": None},
    ],
)
def test_what_asks_nothing_of_us_is_passed_over(update: dict[str, Any]) -> None:
    assert read_update(update, RECEIVED) is None


@mark.parametrize(
    "update",
    [
        None,
        [],
        {"message": 7},
        message(text=7),
        message(text="x", chat=None),
        message(text="x", chat={"id": "1001", "type": "private"}),
        message(text="x", message_id=1 << 70),
        message(text="x", date=1 << 62),
        message(text="x", **{"from": "Anna"}),
        message(photo=[{}]),
        message(voice={"duration": 2}),
        tap(id=7.5),
        tap(data=7),
        tap(message=None, **{"from": None}),
        member(None),  # type: ignore[arg-type]  # a broken update is the point
    ],
)
def test_a_broken_update_is_unreadable(update: object) -> None:
    with raises(Unreadable):
        read_update(update, RECEIVED)


def test_unreadable_says_where_and_never_what() -> None:
    with raises(Unreadable) as caught:
        read_update(message(text=["geheim antwoord"]), RECEIVED)
    assert str(caught.value) == "text: expected text, found list"


SAMPLES = [
    message(text="hoi"),
    message(text="/start x"),
    message(photo=PHOTO, caption="muur", media_group_id="9"),
    message(voice=VOICE),
    message(document=DOCUMENT),
    message(sticker={"file_id": "s"}),
    edited(text="beter"),
    tap(),
    member("kicked"),
    message(chat=GROUP, text="hoi"),
]
ODD: list[Any] = [None, True, 0, -1, 1 << 70, 1e308, float("nan"), "", "\ud800", "x" * 5000, [], {}, [{}], {"id": {}}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something can be changed inside a nested value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, part in inside for place in places(part, (*path, key))]


def mutated(update: dict[str, Any], random: Random) -> dict[str, Any]:
    """A few parts taken away or replaced by something odd."""
    broken = deepcopy(update)
    for _ in range(random.randint(1, 3)):
        found = places(broken)
        if not found:
            return broken
        *way, last = random.choice(found)
        holder = broken
        for step in way:
            holder = holder[step]
        if random.random() < 0.3:
            del holder[last]
        else:
            holder[last] = deepcopy(random.choice(ODD))
    return broken


def survives(update: object) -> None:
    """Reading ends with an Incoming, with nothing, or with Unreadable; keeping always works."""
    kept = arrival(update)
    again = json.loads(kept.raw)
    kept.raw.encode()
    chat_of(update)
    try:
        incoming = read_update(again, RECEIVED)
    except Unreadable:
        return
    if incoming is not None:
        assert incoming.urn == kept.chat
        f"{incoming!r}".encode()


def test_thousands_of_mutated_updates_stop_nothing() -> None:
    random = Random(20261120)
    for _ in range(_MUTATED):
        survives(mutated(random.choice(SAMPLES), random))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(), parts, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query"]), json_values) | json_values)
def test_any_json_stops_nothing(update: object) -> None:
    survives(update)
