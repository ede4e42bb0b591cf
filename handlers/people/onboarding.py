"""From an invitation link to taking part: who someone is, what they agree to, when they want to be asked."""

from datetime import timedelta

from fieldwork import wording
from fieldwork.messages import Rows, Say
from fieldwork.people import Grant, Person, Role
from fieldwork.recognise import is_no, is_yes
from fieldwork.study import LANGUAGES
from fieldwork.taps import About, Key, button
from handlers import menus
from handlers.desk import Caller, Desk, settle, tell
from handlers.menus import command_list
from handlers.people.rolewords import role_words
from handlers.reflecting import tidying
from handlers.rights import consenting, stopping
from handlers.workshops import replanning
from storage import audit, invitations, outbox, people
from storage.tx import Tx

_MOST_TRIES = 5
_STRANGER_TOLD_AGAIN_AFTER = timedelta(hours=1)
_TRIES_WITHIN = timedelta(hours=1)


def start_known(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/start by somebody we know: an invitation adds a role, else they go on where they are."""
    token = _token(caller)
    if token and _is_for_another(tx, desk, caller, token):
        tell(tx, desk, caller, "invite.not_yours")
    elif token and (invitation := _claim(tx, desk, caller.urn, token)):
        invitations.used_by(tx, invitation.id, caller.person.id)
        people.grant(tx, caller.person.id, invitation.grant, desk.now)
        caller = Caller(people.by_id(tx, caller.person.id), caller.urn, caller.incoming)
        _welcome(tx, desk, caller, invitation.grant)
    elif token:
        _say_link_is_dead(tx, desk, caller.urn, caller.language)
    elif caller.person.is_paused:
        stopping.come_back(tx, desk, caller)
    elif Role.FIELDWORKER in caller.person.roles() and not caller.person.is_taking_part:
        consenting.ask(tx, desk, caller)
    else:
        help_(tx, desk, caller)
        _ask_what_is_missing(tx, desk, caller)


def _ask_what_is_missing(tx: Tx, desk: Desk, caller: Caller) -> None:
    """Who blocked the bot halfway may never have read these questions."""
    if caller.person.is_taking_part and caller.person.ask_when == "unsaid":
        _ask_timing(tx, desk, caller)
    elif caller.person.is_taking_part and caller.person.media_allowed is None:
        consenting.ask_media(tx, desk, caller)
    elif caller.person.is_taking_part and caller.person.quotes_allowed is None:
        consenting.ask_quotes(tx, desk, caller)


def start_unknown(tx: Tx, desk: Desk, urn: str, token: str, first_name: str, language: str) -> Person | None:
    """/start by somebody new: an invitation makes them known, anything else gets one polite answer an hour."""
    is_tried = bool(token) and _may_try(tx, desk, urn)
    invitation = _claim(tx, desk, urn, token) if is_tried else None
    if invitation is None and is_tried:
        _say_link_is_dead(tx, desk, urn, language)
        return None
    if invitation is None:
        told_on = outbox.last_written_on(tx, urn)
        if told_on is None or desk.now - told_on >= _STRANGER_TOLD_AGAIN_AFTER:
            say_unknown(tx, desk, urn, language)
        return None
    person_id = people.add(tx, people.free_code(tx, desk.random), language, desk.now)
    people.name(tx, person_id, invitation.name or first_name)
    people.reach_at(tx, person_id, urn, desk.now)
    people.grant(tx, person_id, invitation.grant, desk.now)
    invitations.used_by(tx, invitation.id, person_id)
    return people.by_id(tx, person_id)


def welcome(tx: Tx, desk: Desk, caller: Caller) -> None:
    """The first words to somebody who just came in."""
    _welcome(tx, desk, caller, caller.person.grants[0])


def say_unknown(tx: Tx, desk: Desk, urn: str, language: str) -> None:
    """The one answer to whoever comes without a link."""
    text = desk.texts.say(
        "first_contact.unknown", _spoken(language), project=desk.study.name, contact=desk.study.contact
    )
    outbox.write(tx, urn, Say(text), now=desk.now)


def _say_link_is_dead(tx: Tx, desk: Desk, urn: str, language: str) -> None:
    """The same answer for a link that is wrong, used, taken back or too old, so that it tells a guesser nothing."""
    days = desk.study.rhythm.invitation_after.days
    text = desk.texts.say("first_contact.dead_link", _spoken(language), days=days, contact=desk.study.contact)
    outbox.write(tx, urn, Say(text), now=desk.now)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _is_for_another(tx: Tx, desk: Desk, caller: Caller, token: str) -> bool:
    """Whether a link that works is somebody else's: one's own to pass on, or for what one is already."""
    found = invitations.opened(tx, token, desk.now) if _may_try(tx, desk, caller.urn) else None
    if found is None:
        return False
    is_held = found.grant in caller.person.grants
    has_stopped = found.grant.role is Role.FIELDWORKER and not caller.person.is_taking_part
    return found.made_by == caller.person.id or (is_held and not has_stopped)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """An answer to consent, timing or media."""
    if key.id != caller.person.id:
        return
    answer = {
        "consent": _consent,
        "timing": _timing,
        "media": consenting.media,
        "quotes": consenting.quotes,
        "tidy": tidying.decide,
    }.get(key.act)
    if answer is not None:
        answer(tx, desk, caller, key)


def wrote(tx: Tx, desk: Desk, caller: Caller, text: str) -> None:
    """Words typed to the question for consent: yes and no count, anything else asks it again."""
    if is_yes(text) or is_no(text):
        _decided(tx, desk, caller, is_yes(text), caller.language)
    else:
        consenting.ask(tx, desk, caller)


def privacy(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/privacy: what is kept, where, how long, who sees what, and whom to ask; what was allowed can be changed."""
    study, kept, language = desk.study, desk.study.retention, caller.language
    tell(
        tx,
        desk,
        caller,
        "privacy",
        _what_can_be_changed(desk, caller),
        project=study.name,
        code=caller.person.code,
        contact=study.contact,
        kept_at=study.kept_at[language],
        store=study.store,
        answers_until=_answers_until(desk, language),
        media_days=kept.media_after.days,
        contact_days=kept.contact_after.days,
        backups=_backups(desk, language),
        channel_notice=desk.texts.say("consent.notice.telegram", language),
    )


def _what_can_be_changed(desk: Desk, caller: Caller) -> Rows:
    """A button for each thing that somebody who takes part allowed or not, also while they are deactivated."""
    if caller.person.standing != "taking_part":
        return ()
    labels, acts = desk.texts.buttons("privacy", caller.language), ("media", "quotes", "tidy")
    return tuple(
        (button(label, Key(About.PERSON, caller.person.id, 0, act, "ask")),)
        for label, act in zip(labels, acts, strict=True)
    )


def _backups(desk: Desk, language: str) -> str:
    days = desk.study.retention.backups_after.days
    key = "privacy.backups" if days else "privacy.no_backups"
    return desk.texts.say(key, language, n=days)


def _answers_until(desk: Desk, language: str) -> str:
    after = desk.study.retention.answers_after
    if after is None:
        return wording.date_in_words(desk.study.retention_date, language)
    return desk.texts.say("privacy.days", language, days=after.days)


def help_(tx: Tx, desk: Desk, caller: Caller) -> None:
    """/help: what this person can do, and why they are asked nothing where that is so."""
    person = caller.person
    commands = command_list(desk, person)
    text = desk.texts.say("help", caller.language, commands=commands, contact=desk.study.contact)
    has_left = person.roles() == {Role.FIELDWORKER} and person.standing in ("declined", "withdrawn")
    why = "err.not_taking_part" if has_left else "stop.paused" if person.is_paused else ""
    pieces = (desk.texts.say(why, caller.language) if why else "", text)
    outbox.write(tx, caller.urn, Say("\n\n".join(filter(None, pieces))), now=desk.now)


def _token(caller: Caller) -> str:
    return getattr(caller.incoming.what, "rest", "").strip()


def _claim(tx: Tx, desk: Desk, urn: str, token: str) -> invitations.Invitation | None:
    """Use the invitation; too many wrong ones in an hour and none is tried any more."""
    if not _may_try(tx, desk, urn):
        return None
    invitation = invitations.claim(tx, token, desk.now)
    if invitation is None:
        invitations.note_failure(tx, urn, desk.now)
        audit.note(tx, None, "invitation_refused", "", "", desk.now)
        return None
    audit.note(tx, None, "invitation_used", invitation.grant.city, str(invitation.id), desk.now)
    return invitation


def _may_try(tx: Tx, desk: Desk, urn: str) -> bool:
    return invitations.failures_since(tx, urn, desk.now - _TRIES_WITHIN) < _MOST_TRIES


def _welcome(tx: Tx, desk: Desk, caller: Caller, grant: Grant) -> None:
    """Fieldworkers are asked for consent; the others are told what they can do."""
    menus.show(tx, desk, caller.person)
    if grant.role is Role.FIELDWORKER and not caller.person.is_taking_part:
        first_name = people.name_of(tx, caller.person.id)
        study = desk.study
        tell(tx, desk, caller, "first_contact.known", first_name=first_name, project=study.name, minutes=study.minutes)
        consenting.ask(tx, desk, caller)
        return
    tell(
        tx,
        desk,
        caller,
        "welcome.role",
        first_name=people.name_of(tx, caller.person.id),
        project=desk.study.name,
        role=role_words(desk, grant, caller.language),
        code=caller.person.code,
    )
    help_(tx, desk, caller)


def _consent(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """The first answer, or that of who comes back."""
    if caller.person.is_taking_part and key.arg in ("yes", "no"):
        settle(tx, desk, caller, str(key))
        tell(tx, desk, caller, "consent.already")
    elif (language := consenting.tapped(tx, desk, caller, key)) is not None:
        _decided(tx, desk, caller, key.arg == "yes", language)


def _decided(tx: Tx, desk: Desk, caller: Caller, agreed: bool, language: str) -> None:
    """The first answer, or that of who comes back."""
    consenting.keep_answer(tx, desk, caller.person.id, agreed, language)
    if agreed:
        people.set_standing(tx, caller.person.id, "taking_part")
        menus.renew_of(tx, desk, caller.person.id)
        _plan_what_comes(tx, desk, people.by_id(tx, caller.person.id))
        _ask_timing(tx, desk, caller)
    else:
        people.leave(tx, caller.person.id, "declined", desk.now)
        menus.renew_of(tx, desk, caller.person.id)
        tell(tx, desk, caller, "consent.no")


def _plan_what_comes(tx: Tx, desk: Desk, person: Person) -> None:
    """Who stopped, or said no before, is still in the teams that they were planned in."""
    replanning.plan_for(tx, desk, person)
    for grant in person.grants:
        if grant.role is Role.FIELDWORKER:
            replanning.plan_what_comes(tx, desk, grant.city, person)


def _ask_timing(tx: Tx, desk: Desk, caller: Caller) -> None:
    rows: Rows = tuple(
        (key,) for key in consenting.choices(desk, caller, "consent.yes", "timing", ("after", "morning"))
    )
    tell(tx, desk, caller, "consent.yes", rows, first_name=people.name_of(tx, caller.person.id))


def _timing(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """When the person wants to be asked; what is planned moves along."""
    if key.arg not in ("after", "morning"):
        return
    settle(tx, desk, caller, str(key))
    people.set_ask_when(tx, caller.person.id, key.arg)
    replanning.plan_for(tx, desk, people.by_id(tx, caller.person.id))
    tell(tx, desk, caller, "timing.done", when=desk.texts.say(f"timing.{key.arg}", caller.language))
    if caller.person.media_allowed is None:
        consenting.ask_media(tx, desk, caller)
