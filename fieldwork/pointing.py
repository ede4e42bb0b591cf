"""Points out, before an open answer is kept, what in it may tell of somebody else."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fieldwork.conversation import AGAIN, POINTED, Conversation, Part, Voice
from fieldwork.messages import Say
from fieldwork.recognise import Way, as_label
from fieldwork.taps import About, Key, button
from fieldwork.thirdparty import Sort, found_in

_SHOWN = 4
"""Characters of a passage that are repeated, enough to find it again in one's own words."""
_MOST = 10


def sorts_in(parts: Iterable[Part]) -> tuple[Sort, ...]:
    """What the words and captions of an answer hold, each sort once."""
    return tuple(dict.fromkeys(one.sort for part in parts for one in found_in(part.text)))


def sorts_of(text: str) -> tuple[Sort, ...]:
    """The same of one text."""
    return tuple(dict.fromkeys(one.sort for one in found_in(text)))


def put_pointed(talk: Conversation, voice: Voice) -> Say:
    """What was found, and whether it has to change; nothing is lost by not answering."""
    row = tuple(
        button(label, Key(About.SESSION, talk.session, talk.asking, act))
        for label, act in zip(voice.labels("third.ask"), ("reword", "leave"), strict=True)
    )
    return Say(pointed_out(talk.parts, voice), (row,))


def put_again(talk: Conversation, voice: Voice) -> Say:
    """After Aanpassen: what to send."""
    _, leave = voice.labels("third.ask")
    return Say(voice.say("third.again"), ((button(leave, Key(About.SESSION, talk.session, talk.asking, "leave")),),))


def pointed_out(parts: Iterable[Part], voice: Voice) -> str:
    """The words that point it out: each sort, and how the passage begins."""
    lines = [
        f"• {voice.say(f'found.{one.sort}')}: {part.text[one.start : one.end][:_SHOWN]}…"
        for part in parts
        for one in found_in(part.text)
    ]
    return voice.say("third.ask", found="\n".join(dict.fromkeys(lines[:_MOST])))


def typed_choice(talk: Conversation, text: str, voice: Voice) -> Way | None:
    """The button these words name, while it is asked whether something has to change."""
    if talk.offered not in (POINTED, AGAIN):
        return None
    labels = [as_label(label) for label in voice.labels("third.ask")]
    wanted = as_label(text)
    return (Way.REWORD, Way.LEAVE)[labels.index(wanted)] if wanted in labels else None


def reworded(parts: Sequence[Part], fresh: Part) -> tuple[Part, ...]:
    """The messages with new words in the place of those in which something was found; files stay, without caption."""
    found = [bool(found_in(part.text)) for part in parts]
    first = next((place for place, is_found in enumerate(found) if is_found and not parts[place].file), len(parts))
    kept: list[Part] = []
    for place, (part, is_found) in enumerate(zip(parts, found, strict=True)):
        if place == first:
            kept.append(fresh)
        elif not is_found:
            kept.append(part)
        elif part.file:
            kept.append(replace(part, text=""))
    return (*kept, *((fresh,) if first == len(parts) else ()))
