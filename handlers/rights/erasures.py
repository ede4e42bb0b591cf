"""Erasing people, and what the steward sees of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from fieldwork import wording
from fieldwork.messages import Menu, Rows, Say
from fieldwork.people import CODE_SIGNS, Person, Role, Verb, may
from fieldwork.taps import About, Key, button
from handlers import paging
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.menus import show as show_menu
from handlers.paging import Listed
from storage import audit, erasing, exported, files, jobs, outbox, people, quoted, quotes, receipts
from storage.erasing import Deleted
from storage.erasurelog import Line
from storage.quoted import Told
from storage.receipts import Erasure
from storage.tx import Tx

_MOST_FILES = 15
_SIGNS_OF_RECEIPT = 8


def order(tx: Tx, desk: Desk, person: Person) -> None:
    """Somebody wants to be erased: noted with a receipt number, and done by a job."""
    receipt = "".join(desk.random.choices(CODE_SIGNS, k=_SIGNS_OF_RECEIPT))
    city = next((grant.city for grant in person.grants if grant.role is Role.FIELDWORKER), "")
    erasure = receipts.ask(tx, person.id, receipt, city, desk.now)
    jobs.add(tx, "erase", {"erasure": erasure}, desk.now, once_key=f"erase:{erasure}")
    audit.note(tx, person.id, "erasure_asked", city, person.code, desk.now)


def delete(tx: Tx, desk: Desk, erasure: Erasure) -> Deleted:
    """Delete the rows, and tell the person and the stewards."""
    language = people.by_id(tx, erasure.person_id).language
    gone = erasing.delete(tx, erasure, people.free_code(tx, desk.random), desk.now)
    tell_without(tx, desk, gone.told)
    audit.note(tx, None, "erased", erasure.city, f"{erasure.code} {erasure.receipt}", desk.now)
    given = exported.holding(tx, erasure.code)
    if erasure.urn is not None:
        outbox.write(tx, erasure.urn, Say(_receipt(desk, erasure, gone, len(given), language)), now=desk.now)
        if (known := people.by_urn(tx, erasure.urn)) is not None:
            show_menu(tx, desk, known)
        else:
            outbox.write(tx, erasure.urn, Menu(()), now=desk.now)
    for steward in people.with_role(tx, Role.STEWARD):
        text = desk.texts.say("erasures.news", steward.language, receipt=erasure.receipt, files=len(given))
        send(tx, desk, steward.id, Say(text))
    return gone


def take_quotes_out(tx: Tx, desk: Desk, person: Person, urn: str) -> None:
    """Who no longer wants to be quoted: as far as it can be reached, nobody reads their words any more."""
    tell_without(tx, desk, quoted.take_out(tx, person.id, urn))
    quotes.forget_of(tx, person.id)


def tell_without(tx: Tx, desk: Desk, told: Sequence[Told]) -> None:
    """In the chats of others their messages change to what they say without the person's words."""
    for one in told:
        reader = people.by_urn(tx, one.urn)
        if reader is not None:
            said = one.rest or Say(desk.texts.say("quote.erased", reader.language))
            outbox.write(tx, one.urn, said, now=desk.now, edit_of=one.row)


def wiped(tx: Tx, desk: Desk, erasure_id: int) -> None:
    """The file's bytes were looked through."""
    erasure = receipts.by_id(tx, erasure_id)
    if erasure.wiped_on is None:
        receipts.wiped(tx, erasure_id, desk.now)
        audit.note(tx, None, "wiped", erasure.city, f"{erasure.code} {erasure.receipt}", desk.now)


def erase_again(tx: Tx, lines: Sequence[Line], now: datetime, random: Random) -> list[Deleted]:
    """Who was erased and is back, since an older copy of the database was put back, goes once more."""
    gone = []
    for line in lines:
        erasure_id = receipts.ask(tx, line.person_id, line.receipt, line.city, now)
        gone.append(erasing.delete(tx, receipts.by_id(tx, erasure_id), people.free_code(tx, random), now))
        jobs.add(tx, "erase", {"erasure": erasure_id}, now)
        audit.note(tx, None, "erased_again", line.city, f"{line.code} {line.receipt}", now)
    return gone


def delete_files(gone: Deleted, media: Path, exports: Path) -> None:
    """Delete what the person sent, and our own copies of files that hold the person."""
    files.delete((*(media / file for file in gone.media), *(exports / file for file in gone.exports)))


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/erasures: the latest first; one, or that of a receipt, with the files given away that hold the person."""
    words, turn = paging.parted(rest)
    found = [one for one in receipts.all_asked(tx) if words.upper() in ("", one.receipt, one.code)]
    if len(found) == 1:
        _show(tx, desk, caller, found[0])
    elif found:
        _list(tx, desk, caller, found, turn)
    else:
        tell(tx, desk, caller, "erasures.none")


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """A number of the list; or [Teruggehaald]: the steward says that the files were recalled."""
    if not may(caller.person, Verb.SEE_ERASURES):
        tell(tx, desk, caller, "err.stale_button")
    elif key.act == "erasure" and (found := [one for one in receipts.all_asked(tx) if one.receipt == key.arg]):
        _show(tx, desk, caller, found[0])
    elif key.act == "recalled" and receipts.recalled(tx, key.arg, desk.now):
        settle(tx, desk, caller, str(key))
        audit.note(tx, caller.person.id, "files_recalled", "", key.arg, desk.now)
    else:
        tell(tx, desk, caller, "err.stale_button")


def _list(tx: Tx, desk: Desk, caller: Caller, found: Sequence[Erasure], turn: str) -> None:
    def keys(shown: Sequence[tuple[int, Erasure]]) -> Rows:
        return paging.numbered(
            [button(str(number), Key(About.DESK, caller.person.id, 0, "erasure", one.receipt)) for number, one in shown]
        )

    listed: Listed[Erasure] = Listed(
        "erasures",
        None,
        line=lambda one, number: desk.texts.say(
            "erasures.line",
            caller.language,
            number=number,
            receipt=one.receipt,
            code=one.code,
            asked=wording.day(one.asked_on, desk.study.timezone, caller.language, desk.now),
            state=_state(desk, one, caller.language),
        ),
        frame=lambda lines: desk.texts.say("erasures.list", caller.language, lines=lines),
        rows=keys,
    )
    paging.show(tx, desk, caller, listed, paging.found_in(found, _mark), turn)


def _mark(erasure: Erasure) -> str:
    """The newest sorts first."""
    return f"{10**12 - erasure.id:012d}"


def _state(desk: Desk, one: Erasure, language: str) -> str:
    state = "wiped" if one.wiped_on else "deleted" if one.deleted_on else "asked"
    return desk.texts.say(f"erasure.{state}", language)


def _show(tx: Tx, desk: Desk, caller: Caller, one: Erasure) -> None:
    given = exported.holding(tx, one.code)
    files = [f"• {each.file}: {', '.join(reader or 'bot' for reader in each.readers)}" for each in given[:_MOST_FILES]]
    if len(given) > _MOST_FILES:
        files.append(f"• + {len(given) - _MOST_FILES}")
    labels = desk.texts.buttons("erasures.one", caller.language)
    rows = ((button(labels[0], Key(About.DESK, caller.person.id, 0, "recalled", one.receipt)),),) if given else ()
    tell(
        tx,
        desk,
        caller,
        "erasures.one",
        rows,
        receipt=one.receipt,
        code=one.code,
        asked=wording.day(one.asked_on, desk.study.timezone, caller.language, desk.now),
        state=_state(desk, one, caller.language),
        count=one.answers,
        media=one.files,
        elsewhere=one.elsewhere,
        backups_until=_backups_until(desk, one, caller.language) or "–",
        files="\n".join(files) or desk.texts.say("erasures.no_files", caller.language),
    )


def _receipt(desk: Desk, erasure: Erasure, gone: Deleted, given: int, language: str) -> str:
    """What the person reads last from us."""
    until = _backups_until(desk, erasure, language)
    text = desk.texts.say(
        "stop.erased",
        language,
        count=gone.answers,
        receipt=erasure.receipt,
        backups=f"{desk.texts.say('stop.backups', language, until=until)}\n" if until else "",
    )
    elsewhere = ("stop.words_elsewhere", "stop.elsewhere") if gone.is_elsewhere else ("stop.elsewhere",)
    pieces = [text, "\n".join(desk.texts.say(key, language) for key in elsewhere)]
    pieces += [desk.texts.say("stop.recall", language, files=given)] if given else []
    return "\n\n".join(pieces)


def _backups_until(desk: Desk, erasure: Erasure, language: str) -> str:
    """The day on which the last copy that still holds the person is deleted; '' where none are made."""
    if not desk.study.retention.backups_after:
        return ""
    last = (erasure.deleted_on or desk.now) + desk.study.retention.backups_after + timedelta(days=1)
    return wording.date_in_words(last.astimezone(desk.study.timezone).date(), language)
