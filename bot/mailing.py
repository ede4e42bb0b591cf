"""Sends the e-mails that wait as jobs, one after the other."""

import asyncio
from collections.abc import Callable

from bot.post import Post, TooBig, deliver
from exports.letter import email_of
from handlers.delivery import mailing
from handlers.delivery.mailing import Ready
from handlers.desk import Desk
from handlers.work import Finish, Hopeless, Place
from storage.jobs import Job


class NoPost(Hopeless):
    """There is no mail server any more."""


async def send(place: Place, post: Post | None, desk: Callable[[], Desk], job: Job) -> Finish:
    """Write the letter of this job in a thread and hand it over; without its workbooks where it is too big."""
    if post is None:
        raise NoPost("SMTP_HOST: nothing, expected a mail server")
    ready = await asyncio.to_thread(mailing.write, place, desk(), post.envelope, job)
    if ready is None:
        return lambda tx, desk: None
    try:
        await _hand_over(place, post, ready)
    except TooBig:
        if not ready.letter.files:
            raise
        ready = await asyncio.to_thread(mailing.write, place, desk(), post.envelope, job, encloses=False)
        assert ready is not None
        await _hand_over(place, post, ready)
    return ready.finish


async def _hand_over(place: Place, post: Post, ready: Ready) -> None:
    message = await asyncio.to_thread(email_of, ready.letter)
    await asyncio.to_thread(mailing.hold_back, place, ready)
    await deliver(post, message, ready.letter.to)
