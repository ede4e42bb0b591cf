"""/email: an investigator has the weekly summary sent by e-mail, to an address they prove to be theirs."""

import re
from datetime import timedelta

from fieldwork.messages import Say
from fieldwork.people import Verb, may
from fieldwork.schedule import Week
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, send, settle, tell
from storage import audit, jobs, mailboxes, pending, people
from storage.jobs import Job
from storage.pending import Pending
from storage.tx import Tx

ADDRESS, CODE = "email_address", "email_code"
"""What is waited for: an address, and the code that was sent to it. The code's job has the same name."""
SUMMARY = "letter"
"""The job of a weekly summary by e-mail."""
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST = 254
_MOST_CODES = 5
_CODES_COUNTED_FOR = timedelta(days=1)
_MOST_TRIES = 5


def is_mailbox(text: str) -> bool:
    """Whether mail can be sent to it; addresses with other signs than ASCII's are left to newer mail servers."""
    return len(text) <= _LONGEST and _MAILBOX.fullmatch(text) is not None


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/email: where summaries go now, or to which address they shall."""
    address = mailboxes.address_of(tx, caller.person.id)
    if not desk.mails:
        tell(tx, desk, caller, "email.off", contact=desk.study.contact)
    elif address is None:
        _ask_address(tx, desk, caller)
    else:
        labels = zip(desk.texts.buttons("email.now", caller.language), ("other", "chat"), strict=True)
        rows = tuple((button(label, Key(About.DESK, caller.person.id, 0, "email", way)),) for label, way in labels)
        tell(tx, desk, caller, "email.now", rows, address=address)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Another address, or by chat again."""
    if not may(caller.person, Verb.DIGEST) or key.arg not in ("other", "chat"):
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    if key.arg == "other":
        _ask_address(tx, desk, caller)
        return
    mailboxes.set_to(tx, caller.person.id, None)
    audit.note(tx, caller.person.id, "email_ended", "", "", desk.now)
    tell(tx, desk, caller, "email.ended")


def is_asked_of(caller: Caller, waiting: Pending) -> bool:
    """Whether an address or a code is waited for, from somebody who still investigates."""
    return waiting.kind in (ADDRESS, CODE) and may(caller.person, Verb.DIGEST)


def wrote(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, text: str) -> None:
    """An address, or the code that was sent to it."""
    said = text.strip()
    if waiting.kind == CODE and not is_mailbox(said):
        _try_code(tx, desk, caller, waiting, said)
    elif not is_mailbox(said):
        tell(tx, desk, caller, "email.wrong")
    elif mailboxes.asked_since(tx, caller.person.id, desk.now - _CODES_COUNTED_FOR) >= _MOST_CODES:
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "email.too_often", contact=desk.study.contact)
    else:
        _send_code(tx, desk, caller, said)


def has_sent(tx: Tx, desk: Desk, person_id: int, line: str, week: Week) -> bool:
    """Have a weekly summary sent by e-mail, once, to who prefers that; whether they do."""
    if not desk.mails or mailboxes.address_of(tx, person_id) is None:
        return False
    detail = {"person": person_id, "line": line, "week": str(week)}
    jobs.add(tx, SUMMARY, detail, desk.now, once_key=f"{SUMMARY}:{line}:{week}:{person_id}")
    return True


def given_up(tx: Tx, desk: Desk, job: Job) -> None:
    """It will never be taken: the summary comes by chat after all, and who gave the address hears of it."""
    person = people.by_id(tx, job.detail["person"])
    if job.kind == CODE:
        pending.done(tx, person.id)
        send(tx, desk, person.id, Say(desk.texts.say("email.code_failed", person.language)))
    elif may(person, Verb.DIGEST):
        send(tx, desk, person.id, Say(desk.texts.say("email.failed", person.language, contact=desk.study.contact)))
        again = {"line": job.detail["line"], "week": job.detail["week"], "people": [person.id]}
        jobs.add(tx, "digest", again, desk.now)


def _ask_address(tx: Tx, desk: Desk, caller: Caller) -> None:
    pending.wait_for(tx, caller.person.id, ADDRESS, {}, desk.now)
    tell(tx, desk, caller, "email.ask")


def _send_code(tx: Tx, desk: Desk, caller: Caller, address: str) -> None:
    """The address stands with what is waited for, not in the job: it goes with the person."""
    code = f"{desk.random.randrange(1_000_000):06d}"
    pending.wait_for(tx, caller.person.id, CODE, {"address": address, "code": code, "tries": 0}, desk.now)
    jobs.add(tx, CODE, {"person": caller.person.id}, desk.now)
    audit.note(tx, caller.person.id, "email_asked", "", "", desk.now)
    tell(tx, desk, caller, "email.code_sent", address=address)


def _try_code(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, said: str) -> None:
    detail = waiting.detail
    if re.sub(r"[\s-]", "", said) == detail["code"]:
        pending.done(tx, caller.person.id)
        mailboxes.set_to(tx, caller.person.id, detail["address"])
        audit.note(tx, caller.person.id, "email_set", "", "", desk.now)
        tell(tx, desk, caller, "email.set", address=detail["address"])
    elif detail["tries"] + 1 >= _MOST_TRIES:
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "email.code_over")
    else:
        pending.wait_for(tx, caller.person.id, CODE, {**detail, "tries": detail["tries"] + 1}, desk.now)
        tell(tx, desk, caller, "email.code_wrong")
