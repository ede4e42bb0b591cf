"""What people agree to: the words of each kind of consent, the questions, and the answers with their proof."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from fieldwork import wording
from fieldwork.messages import Button, Say
from fieldwork.people import Person
from fieldwork.study import LANGUAGES, words_hash
from fieldwork.taps import About, Key, button
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.rights import erasures
from storage import audit, consents, outbox, people
from storage.consents import Kind
from storage.tx import Tx


def texts_to_agree(desk: Desk, language: str) -> dict[Kind, str]:
    """The words of each kind of consent, as they are shown."""
    return {
        "study": words_of_study(desk, language),
        "media": desk.texts.say("consent.media", language),
        "quotes": desk.texts.say("consent.quotes", language),
    }


def words_of_study(desk: Desk, language: str) -> str:
    """The words people agree to, as they are shown."""
    return desk.study.consent.texts[language].format_map(_consent_blanks(desk, language))


def question(desk: Desk, person: Person) -> Say:
    """The words people agree to, with their buttons."""
    labels = desk.texts.buttons("consent.ask", person.language)
    acts = (Key(About.PERSON, person.id, 0, "consent", answer) for answer in ("yes", "no", "question"))
    return Say(
        words_of_study(desk, person.language),
        tuple((button(label, key),) for label, key in zip(labels, acts, strict=True)),
    )


def ask(tx: Tx, desk: Desk, caller: Caller) -> None:
    outbox.write(tx, caller.urn, question(desk, caller.person), now=desk.now)


def ask_media(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Ask whether photos and recordings may be kept."""
    tell(tx, desk, caller, "consent.media", (choices(desk, caller, "consent.media", "media", ("yes", "no")),))


def ask_quotes(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Ask whether words may be quoted."""
    tell(tx, desk, caller, "consent.quotes", (choices(desk, caller, "consent.quotes", "quotes", ("yes", "no")),))


def media(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Whether photos and recordings may be kept: a consent of its own."""
    if _extra(tx, desk, caller, key, "media"):
        people.set_media_allowed(tx, caller.person.id, key.arg == "yes")
        tell(tx, desk, caller, f"media.{key.arg}")
        if caller.person.quotes_allowed is None:
            ask_quotes(tx, desk, caller)


def quotes(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Whether words may be quoted: a consent of its own."""
    if _extra(tx, desk, caller, key, "quotes"):
        people.set_quotes_allowed(tx, caller.person.id, key.arg == "yes")
        if key.arg == "no":
            erasures.take_quotes_out(tx, desk, caller.person, caller.urn)
        tell(tx, desk, caller, f"quotes.{key.arg}")


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> str | None:
    """The language of the words that were answered with yes or no; None where there is nothing to decide."""
    if key.arg == "question":
        tell(tx, desk, caller, "consent.question", contact=desk.study.contact)
        return None
    if key.arg not in ("yes", "no"):
        return None
    language = _language_shown(tx, caller, lambda language: words_of_study(desk, language))
    settle(tx, desk, caller, str(key), shows=language is not None)
    if language is None and is_outdated(tx, desk, caller.person):
        put_new(tx, desk, caller.person)
    elif language is None:
        ask(tx, desk, caller)
    return language


def keep_answer(tx: Tx, desk: Desk, person_id: int, agreed: bool, language: str) -> None:
    """Keep the answer with the version, the hash and the language of the words that were shown."""
    version = desk.study.consent.version
    _keep(tx, desk, person_id, "study", agreed, language, words_of_study(desk, language))
    audit.note(tx, person_id, "consent_yes" if agreed else "consent_no", "", version, desk.now)


def keep_texts(tx: Tx, desk: Desk) -> None:
    """Keep the words of today, in every language, so that each hash in a proof has its text."""
    for language in LANGUAGES:
        for kind, words in texts_to_agree(desk, language).items():
            consents.keep_text(tx, words_hash(words), kind, desk.study.consent.version, language, words, desk.now)


def _extra(tx: Tx, desk: Desk, caller: Caller, key: Key, kind: Literal["media", "quotes"]) -> bool:
    """Keep the answer to one of the further questions; False where it was none, or its words are not today's."""
    if key.arg == "ask":
        _ask_extra(tx, desk, caller, kind)
        return False
    if key.arg not in ("yes", "no"):
        return False
    language = _language_shown(tx, caller, lambda language: texts_to_agree(desk, language)[kind])
    settle(tx, desk, caller, str(key), shows=language is not None)
    if language is None:
        _ask_extra(tx, desk, caller, kind)
        return False
    _keep(tx, desk, caller.person.id, kind, key.arg == "yes", language, texts_to_agree(desk, language)[kind])
    audit.note(tx, caller.person.id, f"{kind}_{key.arg}", "", desk.study.consent.version, desk.now)
    return True


def _ask_extra(tx: Tx, desk: Desk, caller: Caller, kind: Literal["media", "quotes"]) -> None:
    ask = ask_media if kind == "media" else ask_quotes
    ask(tx, desk, caller)


def _keep(tx: Tx, desk: Desk, person_id: int, kind: Kind, agreed: bool, language: str, words: str) -> None:
    version, shown = desk.study.consent.version, words_hash(words)
    consents.keep_text(tx, shown, kind, version, language, words, desk.now)
    consents.add(tx, person_id, kind, "yes" if agreed else "no", version, shown, language, desk.now)


def choices(desk: Desk, caller: Caller, text: str, act: str, answers: tuple[str, ...]) -> tuple[Button, ...]:
    labels = desk.texts.buttons(text, caller.language)
    person = caller.person.id
    return tuple(
        button(label, Key(About.PERSON, person, 0, act, answer)) for label, answer in zip(labels, answers, strict=True)
    )


def _language_shown(tx: Tx, caller: Caller, words: Callable[[str], str]) -> str | None:
    """The language of the words above the tapped button; None where those are not the words of today."""
    _, shown = outbox.row_of_message(tx, caller.urn, caller.incoming.message or "") or (None, None)
    if not isinstance(shown, Say):
        return None
    return next((language for language in LANGUAGES if words(language) == shown.text), None)


def _consent_blanks(desk: Desk, language: str) -> dict[str, str]:
    return {
        "channel_notice": desk.texts.say("consent.notice.telegram", language),
        "retention_date": wording.date_in_words(desk.study.retention_date, language),
    }


def is_outdated(tx: Tx, desk: Desk, person: Person) -> bool:
    """Whether the person takes part, but agreed to another version than today's."""
    if not person.is_taking_part:
        return False
    agreed = consents.version_agreed(tx, person.id)
    return agreed is not None and agreed != desk.study.consent.version


def put_new(
    tx: Tx, desk: Desk, person: Person, *, why: str | None = None, not_before_on: datetime | None = None
) -> None:
    """Say that the text is new, or changed once more before they chose, or `why` else it comes now, and ask."""
    before, today = consents.asked_version(tx, person.id), desk.study.consent.version
    is_second = before not in (None, today, consents.version_agreed(tx, person.id))
    consents.asked(tx, person.id, today)
    said = why or ("consent.changed_again" if is_second else "consent.changed")
    send(tx, desk, person.id, Say(desk.texts.say(said, person.language)), priority=0, not_before_on=not_before_on)
    send(tx, desk, person.id, question(desk, person), priority=0, not_before_on=not_before_on)


def put_once(tx: Tx, desk: Desk, person: Person) -> None:
    """Ask unasked: for each version one time."""
    if consents.asked_version(tx, person.id) != desk.study.consent.version:
        put_new(tx, desk, person)
