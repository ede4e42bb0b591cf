"""The rule of the talk: what is waited for, and what each thing a person does then comes to.

A pair of stage and event that the table does not hold changes nothing: the person is told that the button
is old or the words were not understood, and what waits keeps waiting.
"""

from collections.abc import Callable

from fieldwork.answering import choose, go, miss, point, point_in_vain, show, tick, write
from fieldwork.conversation import (
    AGAIN,
    POINTED,
    Chose,
    Confirmed,
    Conversation,
    Doubted,
    Event,
    Jumped,
    Missed,
    Pointed,
    Showed,
    Stage,
    Ticked,
    Turn,
    Voice,
    Went,
    Wrote,
)
from fieldwork.pausing import point_in_pause, resume, show_in_pause, write_in_pause
from fieldwork.receipts import put_nudge
from fieldwork.reviewing import doubt, go_at_list, go_at_summary, jump, send, write_at_list, write_at_summary
from fieldwork.turns import go_on, put

Move = Callable[[Conversation, Event, Voice], Turn]


def begin(talk: Conversation, voice: Voice) -> Turn:
    """Put the first question."""
    return go_on(talk, None, voice, ())


def step(talk: Conversation, event: Event, voice: Voice) -> Turn:
    """What the event comes to."""
    move = MOVES.get((talk.stage, type(event)))
    return move(talk, event, voice) if move else Turn(talk, toast=voice.say("err.stale_button"))


def nudge(talk: Conversation, voice: Voice) -> Turn:
    """It was quiet for some minutes after a message: ask once whether that was all."""
    if talk.stage is not Stage.ASKING or not talk.parts or talk.offered in (POINTED, AGAIN):
        return Turn(talk)
    return put(talk, talk, put_nudge, voice)


MOVES: dict[tuple[Stage, type[Event]], Move] = {
    (Stage.ASKING, Chose): choose,
    (Stage.ASKING, Ticked): tick,
    (Stage.ASKING, Wrote): write,
    (Stage.ASKING, Showed): show,
    (Stage.ASKING, Pointed): point,
    (Stage.ASKING, Went): go,
    (Stage.ASKING, Missed): miss,
    (Stage.SUMMARY, Confirmed): send,
    (Stage.SUMMARY, Doubted): doubt,
    (Stage.SUMMARY, Wrote): write_at_summary,
    (Stage.SUMMARY, Went): go_at_summary,
    (Stage.SUMMARY, Pointed): point_in_vain,
    (Stage.SUMMARY, Missed): miss,
    (Stage.CHOOSING, Jumped): jump,
    (Stage.CHOOSING, Wrote): write_at_list,
    (Stage.CHOOSING, Went): go_at_list,
    (Stage.CHOOSING, Pointed): point_in_vain,
    (Stage.CHOOSING, Missed): miss,
    (Stage.PAUSED, Went): resume,
    (Stage.PAUSED, Wrote): write_in_pause,
    (Stage.PAUSED, Showed): show_in_pause,
    (Stage.PAUSED, Pointed): point_in_pause,
    (Stage.PAUSED, Missed): resume,
}
