"""Work that failed for good: who waits for it reads so."""

from fieldwork.messages import Say
from fieldwork.people import Role
from fieldwork.pieces import echoed
from fieldwork.schedule import Week
from handlers.delivery import course, mailbox
from handlers.delivery.weekly import morning
from handlers.desk import Desk, send
from storage import people
from storage.jobs import Job
from storage.tx import Tx

_TELLS_WHO_ASKED = {
    "own_copy": "own.failed",
    "own_reflections": "mine.failed",
    "invitation_cards": "invite.failed",
    "export": "export.failed",
    "read_plan": "plan.file_failed",
    "plan_template": "plan.file_failed",
    "check_form": "form.failed",
    "keep_picture": "form.failed",
    "send_form": "form.not_sent",
    "overview": "overview.failed",
    "retention_report": "retention.failed",
}
"""What somebody reads whose own order came to nothing, by the kind of work."""


def given_up(tx: Tx, desk: Desk, job: Job) -> None:
    """The work failed for good: who waits for it reads so, instead of nothing."""
    if job.kind == "export":
        course.end(tx, desk, job, "export.stopped")
    if (key := _TELLS_WHO_ASKED.get(job.kind)) is not None:
        language, file = people.by_id(tx, job.detail["person"]).language, echoed(job.detail.get("name") or "…")
        send(tx, desk, job.detail["person"], Say(desk.texts.say(key, language, contact=desk.study.contact, file=file)))
        return
    match job.kind:
        case "erase":
            for steward in people.with_role(tx, Role.STEWARD):
                send(tx, desk, steward.id, Say(desk.texts.say("erasures.failed", steward.language)))
        case "delivery":
            city, week = desk.city(job.detail["city"]), Week.parse(job.detail["week"]).number
            for person in people.with_role(tx, Role.COORDINATOR, city.code):
                contact = desk.study.contact
                text = desk.texts.say("weekly.failed", person.language, city=city.name, week=week, contact=contact)
                send(tx, desk, person.id, Say(text), not_before_on=morning(desk))
        case "email_code" | "letter":
            mailbox.given_up(tx, desk, job)
        case "digest":
            week = Week.parse(job.detail["week"]).number
            for person_id in job.detail["people"]:
                language = people.by_id(tx, person_id).language
                text = desk.texts.say("digest.failed", language, week=week, contact=desk.study.contact)
                send(tx, desk, person_id, Say(text))
