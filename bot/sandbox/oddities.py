"""What phones can send besides words, pictures and recordings, as the Bot API tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

_FILE = {"file_id": "BQACAgQAAx0", "file_unique_id": "AgAD0", "file_size": 4096}
_POINT = {"latitude": 52.0907, "longitude": 5.1214}
_SENDER = {"id": 777_000_001, "is_bot": False, "first_name": "Iemand"}
_OTHER_BOT = {"id": 777_000_002, "is_bot": True, "first_name": "Gif", "username": "gif"}


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something beside the text: `name` as the chat shows it, `fields` as the Bot API does."""

    name: str
    fields: Mapping[str, object]
    has_text: bool = False
    """Whether the message is words all the same, only not the sender's own."""


ODDITIES: Mapping[str, Oddity] = {
    "animation": Oddity("GIF", {"animation": {**_FILE, "width": 90, "height": 60, "duration": 2}, "document": _FILE}),
    "dice": Oddity("dice", {"dice": {"emoji": "🎲", "value": 4}}),
    "poll": Oddity(
        "poll",
        {
            "poll": {
                **{"id": "5", "question": "Wanneer?", "options": [{"text": "Nu", "voter_count": 0}]},
                **{"total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular"},
                "allows_multiple_answers": False,
            }
        },
    ),
    "contact": Oddity("contact", {"contact": {"phone_number": "+31600000000", "first_name": "Iemand"}}),
    "venue": Oddity(
        "venue", {"venue": {"location": _POINT, "title": "Buurthuis", "address": "Plein 1"}, "location": _POINT}
    ),
    "game": Oddity("game", {"game": {"title": "Spel", "description": "Een spel", "photo": []}}),
    "story": Oddity("story", {"story": {"chat": {"id": 777_000_001, "type": "private"}, "id": 3}}),
    "video_note": Oddity("video note", {"video_note": {**_FILE, "length": 240, "duration": 5}}),
    "forwarded": Oddity(
        "forwarded",
        {"forward_origin": {"type": "user", "date": 1_700_000_000, "sender_user": _SENDER}, "forward_date": 1},
        has_text=True,
    ),
    "via_bot": Oddity("via a bot", {"via_bot": _OTHER_BOT}, has_text=True),
}
"""By the name of the Bot API's field."""
