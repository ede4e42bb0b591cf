"""Invitations: a link, and a picture of it, that makes who opens it first somebody to the study."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from exports.qr import write_picture
from fieldwork import wording
from fieldwork.messages import Attachment, Rows, Say
from fieldwork.people import Grant, Role, Verb, may, new_token
from fieldwork.study import City
from fieldwork.taps import About, Key, button, read_key
from handlers import paging
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.people.rolewords import role_words
from handlers.rights.ownfiles import FOLDER, forget_later
from handlers.work import Finish, Place
from storage import audit, invitations, jobs, members, outbox, pending, people, shown
from storage.files import write_whole
from storage.invitations import Open
from storage.jobs import Job
from storage.pending import Pending
from storage.stamps import moment, stamp
from storage.tx import Rows as Reads
from storage.tx import Tx

CARD = "invitation_cards"
KIND = "invite_names"
"""What is waited for after /invite alone."""
NOT_NOW = "uninvite"
"""What the button does under the question for names."""
_WAITED_FOR = timedelta(minutes=10)
_CLOCKS_DIFFER = timedelta(seconds=3)
_LONGEST_NAME = 60
MOST_NAMES = 30
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class WrongName:
    """A line that gives no name to invite: which, and the sentence that says why."""

    number: int
    key: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Card:
    """A fresh link of an invitation, drawn."""

    invitation_id: int
    token: str
    picture: Path


def invite(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/invite with a name, or with a list of them, a line each; without, the names are asked for."""
    if rest.strip():
        read(tx, desk, caller, city, rest)
    else:
        _ask_names(tx, desk, caller, city)


def _ask_names(tx: Tx, desk: Desk, caller: Caller, city: City) -> None:
    """Ask for names; what is typed is a name as long as this stands as the open question."""
    there, not_now = desk.texts.buttons("invite.ask", caller.language)
    keys = [button(not_now, Key(About.DESK, caller.person.id, 0, NOT_NOW, ""))]
    if invitations.open_in(tx, city.code):
        keys.insert(0, button(there, paging.key(desk, caller, "invitations", city, act="open")))
    text = desk.texts.say("invite.ask", caller.language, city=city.name)
    said = outbox.write(tx, caller.urn, Say(text, (tuple(keys),)), now=desk.now)
    detail = {"city": city.code, "asked_on": stamp(desk.now), "said": said, "text": text}
    pending.wait_for(tx, caller.person.id, KIND, detail, desk.now)


def wrote(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, text: str) -> bool:
    """Whether words are for the question, which stands open, of who may still invite; an old one is put again."""
    city = desk.city(waiting.detail["city"])
    if not may(caller.person, Verb.INVITE, city.code) or not _stands_open(tx, caller, waiting):
        return False
    if desk.now - moment(waiting.detail["asked_on"]) > _WAITED_FOR:
        let_go(tx, desk, caller)
        _ask_names(tx, desk, caller, city)
    else:
        read(tx, desk, caller, city, text)
    return True


def _stands_open(tx: Tx, caller: Caller, waiting: Pending) -> bool:
    """Whether nothing with buttons came below the question, as far as is known where it stands."""
    if not shown.has_arrived(tx, waiting.detail.get("said", 0)):
        return True
    newest = shown.newest_with_buttons(tx, caller.urn, caller.incoming.said_on + _CLOCKS_DIFFER)
    if newest is None:
        return True
    keys = (read_key(one.data) for row in newest[1].buttons for one in row)
    return any(key is not None and key.act == NOT_NOW for key in keys)


def let_go(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Names are there, or something else was begun: what is typed next is no name, and the question shows that."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != KIND:
        return
    pending.done(tx, caller.person.id)
    said = waiting.detail.get("said")
    if said is not None and outbox.is_kept(tx, said):
        outbox.write(tx, caller.urn, Say(waiting.detail["text"]), now=desk.now, edit_of=said)


def not_now(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Toch niet]; that something was tapped has ended the waiting already."""
    settle(tx, desk, caller, str(key))


def read(tx: Tx, desk: Desk, caller: Caller, city: City, text: str) -> None:
    """Invite everybody whose name can be read, and say of each other line what is wrong with it."""
    lines = text.strip().splitlines()
    if len(lines) > MOST_NAMES:
        tell(tx, desk, caller, "invite.too_many", found=len(lines), most=MOST_NAMES)
        return
    names, wrong = sorted_names(tx, city, lines)
    if names:
        let_go(tx, desk, caller)
        made = [add(tx, desk, Grant(Role.FIELDWORKER, city.code), name, caller.person.id) for name in names]
        send_links(tx, desk, made, caller.person.id)
    pieces = [desk.texts.say("invite.made", caller.language, count=len(names))] if len(lines) > 1 else []
    for one in wrong:
        reason = desk.texts.say(one.key, caller.language, **one.values)
        pieces.append(desk.texts.say("invite.wrong", caller.language, line=one.number, reason=reason))
    if pieces:
        outbox.write(tx, caller.urn, Say("\n".join(pieces)), now=desk.now)


def sorted_names(rows: Reads, city: City, lines: Sequence[str]) -> tuple[list[str], list[WrongName]]:
    """The names to invite, in order, and the lines that are none."""
    taken = {one.name.casefold(): "invite.open_already" for one in invitations.open_in(rows, city.code)}
    there = (one for one in members.of_city(rows, city.code) if one.is_reachable)
    taken |= {one.name.casefold(): "invite.there_already" for one in there}
    names, wrong = [], []
    for number, line in enumerate(lines, start=1):
        name = " ".join(line.split())
        key = _fault(name) or taken.get(name.casefold(), "")
        if key:
            wrong.append(
                WrongName(number, key, {"name": name[:_LONGEST_NAME], "longest": _LONGEST_NAME, "city": city.name})
            )
        elif name:
            taken[name.casefold()] = "invite.twice"
            names.append(name)
    return names, wrong


def _fault(name: str) -> str:
    """What keeps a line from being a name; '' for nothing. An empty line is passed over."""
    if len(name) > _LONGEST_NAME:
        return "invite.too_long"
    if "@" in name or "/" in name or sum(sign.isdigit() for sign in name) > _MOST_DIGITS:
        return "invite.contact"
    if name and (not any(sign.isalpha() for sign in name) or not name.isprintable()):
        return "invite.no_name"
    return ""


def add(tx: Tx, desk: Desk, grant: Grant, name: str, made_by: int | None) -> int:
    """An invitation whose link nobody has yet; its id."""
    return _kept(tx, desk, grant, name, made_by, new_token(desk.random))


def send_links(tx: Tx, desk: Desk, invitation_ids: Sequence[int], person_id: int) -> None:
    """Have a fresh link of each open invitation drawn and sent to who invites; an earlier link works until then."""
    jobs.add(tx, CARD, {"invitations": list(invitation_ids), "person": person_id}, desk.now)


def new_link(tx: Tx, desk: Desk, grant: Grant, name: str, made_by: int | None) -> str:
    """Make an invitation; the link that uses it."""
    return new_invitation(tx, desk, grant, name, made_by)[1]


def new_invitation(tx: Tx, desk: Desk, grant: Grant, name: str, made_by: int | None) -> tuple[int, str]:
    """Make an invitation; its id and the link that uses it."""
    token = new_token(desk.random)
    return _kept(tx, desk, grant, name, made_by, token), link_of(desk, token)


def link_of(desk: Desk, token: str) -> str:
    """What somebody opens to use an invitation."""
    return f"https://t.me/{desk.bot_name}?start={token}"


def make_cards(place: Place, desk: Desk, job: Job) -> Finish:
    """Draw fresh links of open invitations. A token is kept nowhere but in the picture and its caption."""
    person_id: int = job.detail["person"]
    cards = [_drawn(place, desk, job, id) for id in job.detail["invitations"]]

    def finish(tx: Tx, desk: Desk) -> None:
        expires_on = desk.now + desk.study.rhythm.invitation_after
        for card in cards:
            if invitations.renew(tx, card.invitation_id, card.token, expires_on):
                _send(tx, desk, person_id, card)
        forget_later(tx, desk, [card.picture.name for card in cards])

    return finish


def _drawn(place: Place, desk: Desk, job: Job, invitation_id: int) -> _Card:
    card = _Card(
        invitation_id,
        new_token(desk.random),
        place.exports / FOLDER / f"{job.detail['person']}-{job.id}-{invitation_id}.png",
    )
    write_whole(card.picture, lambda aside: write_picture(link_of(desk, card.token), aside))
    return card


def until(desk: Desk, invitation: Open, language: str) -> str:
    """The last day on which the link works."""
    return wording.day(invitation.expires_on, desk.study.timezone, language, desk.now)


def choices(desk: Desk, person_id: int, invitation: Open, language: str) -> Rows:
    """[Nieuwe link] [Intrekken]."""
    turn = next(number for number, city in enumerate(desk.study.cities) if city.code == invitation.grant.city)
    labels = desk.texts.buttons("invite.card", language)
    acts = (f"{act} {invitation.id}" for act in ("renew", "revoke"))
    return (
        tuple(
            button(label, Key(About.DESK, person_id, turn, "invitation", arg))
            for label, arg in zip(labels, acts, strict=True)
        ),
    )


def _send(tx: Tx, desk: Desk, person_id: int, card: _Card) -> None:
    invitation, person = invitations.by_id(tx, card.invitation_id), people.by_id(tx, person_id)
    assert invitation is not None, "it was open a moment ago"
    text = desk.texts.say(
        "invite.card",
        person.language,
        name=invitation.name or "?",
        role=role_words(desk, invitation.grant, person.language),
        link=link_of(desk, card.token),
        until=until(desk, invitation, person.language),
    )
    rows = choices(desk, person_id, invitation, person.language)
    said = Say(text, rows, Attachment(str(card.picture), f"{card.invitation_id}.png", "photo"))
    send(tx, desk, person_id, said, priority=0)


def _kept(tx: Tx, desk: Desk, grant: Grant, name: str, made_by: int | None, token: str) -> int:
    expires_on = desk.now + desk.study.rhythm.invitation_after
    invitation = invitations.add(tx, token, grant, name, made_by, desk.now, expires_on)
    audit.note(tx, made_by, "invited", grant.city, grant.role, desk.now)
    return invitation
