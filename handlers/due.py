"""What the clock finds: prompts to put, to repeat and to close, weekly work to begin."""

import logging
from datetime import datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from fieldwork.messages import Say
from fieldwork.people import Person, Role
from fieldwork.schedule import SENT_AT, Week, can_ask_now, next_look, out_of_quiet, weeks_after
from handlers.desk import Desk, send
from handlers.reflecting import answeringlate, promptwords
from handlers.reflecting.talks import talk_of
from handlers.rights import consenting
from storage import jobs, ledger, people, prompts, sessions, workshops
from storage.prompts import Prompt
from storage.troubles import is_storage_fault
from storage.tx import Tx
from storage.workshops import Workshop

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Rows looked at in one transaction, so that nobody's reply waits long for it."""
MADE_AT = time(7, 0)
"""Mondays, when the workbooks of the week before are made."""
_TESTS_LAST = timedelta(hours=24)
_TRY_AGAIN_AFTER = timedelta(hours=1)


def look_at_prompts(tx: Tx, desk: Desk) -> int:
    """Take the next step with every prompt that is due; how many there were. One that fails is set aside."""
    found = prompts.due(tx, desk.now, MOST_AT_ONCE)
    for prompt in found:
        try:
            with tx.part():
                _take_step(tx, desk, prompt)
        except Exception as failure:
            if is_storage_fault(failure):
                raise
            log.exception("prompt %d is set aside", prompt.id)
            prompts.set_aside(tx, prompt.id, type(failure).__name__)
    return len(found)


def _take_step(tx: Tx, desk: Desk, prompt: Prompt) -> None:
    workshop = workshops.by_id(tx, prompt.workshop_id)
    assert workshop is not None, "a prompt's workshop is never deleted"
    _look_at(tx, desk, prompt, people.by_id(tx, prompt.person_id), workshop)


def forget_old_tests(tx: Tx, desk: Desk) -> None:
    """A form that was tried and not finished leaves nothing behind either."""
    for session_id in sessions.tests_before(tx, desk.now - _TESTS_LAST):
        sessions.forget_test(tx, session_id)


def begin_weekly_work(tx: Tx, desk: Desk) -> None:
    """Claim what is owed for the weeks that are over: workbooks on Monday at seven, the rest at half past eight."""
    made, sent = _latest_week(desk, MADE_AT), _latest_week(desk, SENT_AT)
    for city in desk.study.cities:
        for week in _owed(tx, desk, "workbook", city.code, made, made):
            _job(tx, desk, "workbook", city.code, week, {"city": city.code})
        for week in _owed(tx, desk, "delivery", city.code, made, sent):
            _job(tx, desk, "delivery", city.code, week, {"city": city.code})
    for line in desk.study.lines:
        for week in _owed(tx, desk, "digest", line.code, made, sent):
            ids = [one.id for one in people.with_role(tx, Role.INVESTIGATOR) if line.code in one.lines()]
            _job(tx, desk, "digest", line.code, week, {"line": line.code, "people": ids, "by_email": True})


def _owed(tx: Tx, desk: Desk, work: str, scope: str, first: Week, latest: Week) -> list[Week]:
    """The weeks that are claimed now. The first time ever nothing is owed: the study begins after the week `first`."""
    last = ledger.last(tx, work, scope)
    if last is None:
        ledger.claim(tx, work, scope, first, desk.now)
        return []
    return [week for week in weeks_after(last, latest) if ledger.claim(tx, work, scope, week, desk.now)]


def next_weekly_on(desk: Desk) -> datetime:
    """When weekly work begins next."""
    return min(_fires_after(desk, clock, desk.now) for clock in (MADE_AT, SENT_AT))


def _latest_week(desk: Desk, clock: time) -> Week:
    """The week that was over at the last Monday on which this hour has come."""
    # More than a week back, since a week is an hour shorter or longer where clocks change.
    fired = _fires_after(desk, clock, desk.now - timedelta(days=8))
    while (following := _fires_after(desk, clock, fired)) <= desk.now:
        fired = following
    return Week.of(fired, desk.study.timezone).plus(-1)


def _fires_after(desk: Desk, clock: time, moment: datetime) -> datetime:
    trigger = CronTrigger(day_of_week="mon", hour=clock.hour, minute=clock.minute, timezone=desk.study.timezone)
    fires_on: datetime = trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
    return fires_on


def _job(tx: Tx, desk: Desk, kind: str, scope: str, week: Week, detail: dict[str, object]) -> None:
    jobs.add(tx, kind, {**detail, "week": str(week)}, desk.now, once_key=f"{kind}:{scope}:{week}")


def _look_at(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    zone = desk.city(workshop.city).timezone
    if prompt.closes_on is not None and desk.now >= prompt.closes_on:
        _close(tx, desk, prompt, person, workshop)
    elif not person.is_taking_part or workshop.state != "planned":
        prompts.ended(tx, prompt.id, "cancelled", desk.now)
    elif person.is_paused:
        _pass_over(tx, desk, prompt)
    elif people.urn_of(tx, person.id) is None:
        _wait_for_return(tx, desk, prompt, workshop)
    elif not can_ask_now(desk.now, person.ask_when, desk.study.rhythm, zone):
        prompts.look_again(tx, prompt.id, out_of_quiet(desk.now, desk.study.rhythm.quiet, zone))
    elif consenting.is_outdated(tx, desk, person):
        _ask_consent_first(tx, desk, prompt, person, workshop)
    elif prompt.state == "planned":
        _ask_first(tx, desk, prompt, person, workshop)
    elif prompt.state == "snoozed":
        _ask_again(tx, desk, prompt, person, workshop)
    else:
        _remind(tx, desk, prompt, person, workshop)


def _pass_over(tx: Tx, desk: Desk, prompt: Prompt) -> None:
    """Who takes a break is asked nothing; what was asked before stays open until it closes."""
    if prompt.closes_on is None:
        prompts.ended(tx, prompt.id, "cancelled", desk.now)
    else:
        prompts.look_again(tx, prompt.id, prompt.closes_on)


def _ask_consent_first(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    """The text people agree to is new: it is put first, and the questions wait for it until they would close."""
    if prompt.state == "planned" and desk.now > workshop.ends_on + desk.study.rhythm.close_after:
        prompts.ended(tx, prompt.id, "cancelled", desk.now)
        return
    consenting.put_once(tx, desk, person)
    prompts.look_again(tx, prompt.id, desk.now + _TRY_AGAIN_AFTER)


def _wait_for_return(tx: Tx, desk: Desk, prompt: Prompt, workshop: Workshop) -> None:
    """Who cannot be reached is neither asked nor reminded; what comes days too late is undeliverable."""
    if prompt.state == "planned" and desk.now > workshop.ends_on + desk.study.rhythm.close_after:
        prompts.ended(tx, prompt.id, "missed", desk.now)
        prompts.undeliverable(tx, prompt.id)
        return
    again_on = desk.now + _TRY_AGAIN_AFTER
    prompts.look_again(tx, prompt.id, again_on if prompt.closes_on is None else min(again_on, prompt.closes_on))


def _ask_first(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    """Ask; what comes days too late is marked missed."""
    rhythm, zone = desk.study.rhythm, desk.city(workshop.city).timezone
    if desk.now > workshop.ends_on + rhythm.close_after:
        prompts.ended(tx, prompt.id, "missed", desk.now)
        return
    closes_on = desk.now + rhythm.close_after
    prompts.asked(tx, prompt.id, desk.now, closes_on, next_look(desk.now, desk.now, rhythm, zone))
    asked = prompts.by_id(tx, prompt.id)
    assert asked is not None
    send(tx, desk, person.id, promptwords.invitation_to_answer(tx, desk, person, asked, "prompt.ask"))


def _ask_again(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    """The moment somebody chose with Later has come; it is no reminder."""
    assert prompt.asked_on is not None
    zone = desk.city(workshop.city).timezone
    prompts.asked_again(tx, prompt.id, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
    begun = sessions.of_prompt(tx, prompt.id) is not None
    words = promptwords.reminder if begun else promptwords.asked_anew
    send(tx, desk, person.id, words(tx, desk, person, prompt))


def _remind(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    assert prompt.asked_on is not None and prompt.closes_on is not None
    is_late = desk.now >= prompt.asked_on + desk.study.rhythm.close_after
    if is_late or prompt.reminders >= len(desk.study.rhythm.remind_after):
        prompts.look_again(tx, prompt.id, prompt.closes_on)
        return
    zone = desk.city(workshop.city).timezone
    prompts.reminded(tx, prompt.id, next_look(prompt.asked_on, desk.now, desk.study.rhythm, zone))
    send(tx, desk, person.id, promptwords.reminder(tx, desk, person, prompt))


def _close(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> None:
    """The questions closed; what was answered stays, and the person reads so, not at night."""
    assert prompt.closes_on is not None
    said = _closed(tx, desk, prompt, person, workshop)
    if person.is_taking_part:
        zone = desk.city(workshop.city).timezone
        send(tx, desk, person.id, said, not_before_on=out_of_quiet(desk.now, desk.study.rhythm.quiet, zone))


def _closed(tx: Tx, desk: Desk, prompt: Prompt, person: Person, workshop: Workshop) -> Say:
    """Close it; the words for that. What was answered to the end counts as sent."""
    assert prompt.closes_on is not None
    session = sessions.of_prompt(tx, prompt.id)
    talk = None if session is None else talk_of(tx, desk, person, session)
    if talk is not None and talk.send_unconfirmed():
        until = desk.when(desk.now + desk.study.rhythm.amend_after, workshop.city, person.language)
        return Say(desk.texts.say("done.auto", person.language, amend_until=until))
    prompts.ended(tx, prompt.id, "expired", prompt.closes_on)
    if talk is None and people.urn_of(tx, person.id) is None:
        prompts.undeliverable(tx, prompt.id)
    if talk is None:
        text = desk.texts.say("expire.nothing", person.language, workshop=workshop.title)
    else:
        done, n = talk.expire()
        text = desk.texts.say("expire.partial", person.language, workshop=workshop.title, done=done, n=n)
    return Say(text, answeringlate.late_rows(tx, desk, person, prompt.id))
