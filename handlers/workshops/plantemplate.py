"""The template in which many workshops are filled in: made beside the loop, sent to who asked."""

from pathlib import Path

from fieldwork.messages import Attachment, Say
from fieldwork.people import Role, Verb, may
from fieldwork.study import City
from fieldwork.taps import Key
from handlers.cities import picked
from handlers.delivery.exportfiles import note_made
from handlers.desk import Caller, Desk, send, tell
from handlers.work import Finish, Place
from storage import jobs, people
from storage.database import snapshot
from storage.files import sha256_of, write_whole
from storage.jobs import Job
from storage.ledger import Made
from storage.tx import Rows as Reads
from storage.tx import Tx

KIND = "plan_template"


def order(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Sjabloon]: have it made for the city of the button."""
    city = picked(desk, caller, Verb.PLAN, key)
    if city is None:
        tell(tx, desk, caller, "err.stale_button")
        return
    jobs.add(tx, KIND, {"person": caller.person.id, "city": city.code}, desk.now)
    tell(tx, desk, caller, "export.started")


def make(place: Place, desk: Desk, job: Job) -> Finish:
    """Write it and send it; whether they still may plan there is asked again."""
    city, person_id = desk.city(job.detail["city"]), job.detail["person"]
    with snapshot(place.database) as rows:
        language = people.by_id(rows, person_id).language
        made = write(rows, desk, city, language, place.exports, f"template-{job.id}")
    path = place.exports / made.file

    def finish(tx: Tx, desk: Desk) -> None:
        if may(people.by_id(tx, person_id), Verb.PLAN, city.code):
            text = desk.texts.say("plan.template", language)
            send(tx, desk, person_id, Say(text, attachment=Attachment(str(path), path.name)), priority=0)
            note_made(tx, desk, person_id, "template_made", city, (made,))

    return finish


def write(reads: Reads, desk: Desk, city: City, language: str, folder: Path, below: str) -> Made:
    """Write a city's template below this folder; what it holds."""
    # Loads openpyxl, which costs an idle bot 20 MB.
    from exports.plantemplate import Member, write_template

    team = [
        Member(one.code, desk.texts.say(f"standing.{one.standing}", language), one.ask_when == "morning")
        for one in people.with_role(reads, Role.FIELDWORKER, city.code)
        if one.standing in ("invited", "taking_part")
    ]
    file = str(Path(below) / f"planning_{city.code}.xlsx")
    today = desk.now.astimezone(city.timezone).date()
    write_whole(folder / file, lambda aside: write_template(aside, city, team, today, language))
    codes = tuple(one.code for one in team)
    return Made(file, sha256_of(folder / file), 0, len(codes), 0, codes)
