"""Open invitations of a city: seen in a list, sent again with a new link, taken back."""

from collections.abc import Sequence

from fieldwork.messages import Rows, Say
from fieldwork.people import Verb
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from handlers import paging, undoing
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, tell
from handlers.paging import Listed
from handlers.people import inviting
from handlers.people.rolewords import role_words
from handlers.undoing import TooLate
from storage import audit, invitations, outbox
from storage.invitations import Open
from storage.tx import Tx
from storage.undoing import Change


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/uitnodigingen: who was invited and did not come in yet, a button each."""
    found = invitations.open_in(tx, city.code)
    if not found:
        tell(tx, desk, caller, "invitations.none", city=city.name)
        return

    def keys(shown: Sequence[tuple[int, Open]]) -> Rows:
        return paging.numbered(
            [button(str(number), city_key(desk, caller, city, "invitation", f"show {one.id}")) for number, one in shown]
        )

    listed: Listed[Open] = Listed(
        "invitations",
        city,
        line=lambda one, number: f"{number}. {_line(desk, one, caller.language)}",
        frame=lambda lines: desk.texts.say("invitations.list", caller.language, city=city.name, lines=lines),
        rows=keys,
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, lambda one: f"{one.id:09d}"), rest)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """One was picked, or is to be sent again or taken back."""
    city = picked(desk, caller, Verb.INVITE, key)
    act, _, number = key.arg.partition(" ")
    invitation = invitations.by_id(tx, int(number)) if is_count(number) else None
    if city is None or invitation is None or invitation.grant.city != city.code:
        tell(tx, desk, caller, "invitations.gone")
    elif act == "show":
        rows = inviting.choices(desk, caller.person.id, invitation, caller.language)
        tell(tx, desk, caller, "invitations.one", rows, line=_line(desk, invitation, caller.language))
    elif act == "renew":
        _bury(tx, desk, caller)
        inviting.send_links(tx, desk, [invitation.id], caller.person.id)
        audit.note(tx, caller.person.id, "invitation_renewed", city.code, str(invitation.id), desk.now)
    elif act == "revoke":
        _revoke(tx, desk, caller, city, invitation)


def unrevoke(tx: Tx, desk: Desk, caller: Caller, change: Change) -> str:
    """The invitation is open again, and its link works. Raises TooLate."""
    if not invitations.unrevoke(tx, change.detail["invitation"]):
        raise TooLate("invitations.gone")
    invitation = invitations.by_id(tx, change.detail["invitation"])
    if invitation is None:
        raise TooLate("invitations.gone")
    return _line(desk, invitation, caller.language)


def _revoke(tx: Tx, desk: Desk, caller: Caller, city: City, invitation: Open) -> None:
    _bury(tx, desk, caller)
    invitations.revoke(tx, invitation.id, desk.now)
    audit.note(tx, caller.person.id, "invitation_revoked", city.code, str(invitation.id), desk.now)
    detail = {"invitation": invitation.id}
    rows = undoing.offer(tx, desk, caller, city.code, "invitation_revoked", str(invitation.id), detail)
    tell(tx, desk, caller, "invitations.revoked", rows, name=invitation.name or "?")


def _bury(tx: Tx, desk: Desk, caller: Caller) -> None:
    """The message that was tapped no longer shows a link that does not work."""
    row, said = outbox.row_of_message(tx, caller.urn, caller.incoming.message or "") or (None, None)
    if isinstance(said, Say):
        text = desk.texts.say("invitations.dead", caller.language)
        outbox.write(tx, caller.urn, Say(text), now=desk.now, edit_of=row)


def _line(desk: Desk, invitation: Open, language: str) -> str:
    """`Amina: veldwerker in Utrecht, tot en met maandag 30 november`."""
    key = "invitations.line" if invitation.expires_on > desk.now else "invitations.expired"
    return desk.texts.say(
        key,
        language,
        name=invitation.name or "?",
        role=role_words(desk, invitation.grant, language),
        until=inviting.until(desk, invitation, language),
    )
