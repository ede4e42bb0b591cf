"""The questionnaires there are: listed, given back as a workbook, tried in the chat, and put in use for a city."""

from collections.abc import Sequence

from fieldwork import dialogue, wording
from fieldwork.messages import Attachment, Rows, Say
from fieldwork.people import Verb, cities_for, may
from fieldwork.study import City
from fieldwork.taps import About, Key, button
from handlers import paging
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.paging import Listed
from handlers.reflecting import talks
from handlers.reflecting.talks import active_talk
from handlers.work import Finish, Place
from storage import audit, forms, jobs, people
from storage.database import snapshot
from storage.files import write_whole
from storage.forms import Published
from storage.jobs import Job
from storage.tx import Tx

NO_VERSION = "–"
_SHORT_HASH = 16
"""Signs of a form's hash that fit under a button and tell it from any other."""


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """[Voorbeeld], [Gebruiken], a city for it, or the workbook back."""
    published = forms.by_beginning(tx, key.arg)
    if published is None or not may(caller.person, Verb.PUBLISH):
        tell(tx, desk, caller, "err.stale_button")
    elif key.act == "preview":
        _preview(tx, desk, caller, published)
    elif key.act == "use":
        _ask_where(tx, desk, caller, key, published)
    elif key.act == "usein":
        _use_in(tx, desk, caller, key, published)
    else:
        jobs.add(tx, "send_form", {"form": published.hash, "person": caller.person.id}, desk.now)


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """/forms: every version, who published it and when, and where it is used."""

    def keys(shown: Sequence[tuple[int, Published]]) -> Rows:
        return paging.numbered(
            [button(str(number), form_key(caller.person.id, "workbook", one.hash)) for number, one in shown]
        )

    listed: Listed[Published] = Listed(
        "forms",
        None,
        line=lambda one, number: _line(tx, desk, caller.language, number, one),
        frame=lambda lines: desk.texts.say("form.list", caller.language, lines=lines),
        rows=keys,
    )
    paging.show(tx, desk, caller, listed, paging.found_in(forms.published(tx), _mark), paging.parted(rest)[1])


def _mark(one: Published) -> str:
    """The newest sorts first."""
    return f"{10**14 - int(one.published_on.timestamp() * 1000):014d}{one.hash[:8]}"


def send_workbook(place: Place, desk: Desk, job: Job) -> Finish:
    """Give a published questionnaire back as the file it was."""
    with snapshot(place.database) as rows:
        published = forms.by_beginning(rows, job.detail["form"])
        assert published is not None, "a published form is never deleted"
        content = forms.workbook(rows, published.hash)
    ending = ".xml" if content.lstrip()[:1] == b"<" else ".xls" if content[:2] == b"\xd0\xcf" else ".xlsx"
    target = place.exports / "forms" / f"{published.hash[:_SHORT_HASH]}{ending}"
    write_whole(target, lambda aside: aside.write_bytes(content))
    attachment = Attachment(str(target), f"{published.form_id}_{published.version}{ending}")

    def finish(tx: Tx, desk: Desk) -> None:
        if may(people.by_id(tx, job.detail["person"]), Verb.PUBLISH):
            send(tx, desk, job.detail["person"], Say("", attachment=attachment), priority=0)

    return finish


def form_key(person_id: int, act: str, form_hash: str) -> Key:
    return Key(About.DESK, person_id, 0, act, form_hash[:_SHORT_HASH])


def _preview(tx: Tx, desk: Desk, caller: Caller, published: Published) -> None:
    """Play it as a test: outside every count, and gone when it ends."""
    busy = active_talk(tx, desk, caller.person)
    if busy is not None and not busy.session.is_test:
        tell(tx, desk, caller, "form.busy")
        return
    if busy is not None:
        busy.forget()
    tell(tx, desk, caller, "form.preview", title=published.title)
    talk = talks.begin_test(tx, desk, caller.person, published.hash)
    talk.keep(dialogue.begin(talk.now, talk.voice), caller.incoming.said_on)


def _ask_where(tx: Tx, desk: Desk, caller: Caller, key: Key, published: Published) -> None:
    """For the only city, or the one that is picked."""
    codes = cities_for(caller.person, Verb.PUBLISH, tuple(city.code for city in desk.study.cities))
    cities = [desk.city(code) for code in codes]
    if len(cities) == 1:
        _put_in_use(tx, desk, caller, cities[0], published)
        return
    short = published.hash[:_SHORT_HASH]
    rows = tuple((button(city.name, city_key(desk, caller, city, "usein", short)),) for city in cities)
    tell(tx, desk, caller, "city.ask", rows)


def _use_in(tx: Tx, desk: Desk, caller: Caller, key: Key, published: Published) -> None:
    city = picked(desk, caller, Verb.PUBLISH, key)
    if city is None:
        tell(tx, desk, caller, "err.stale_button")
        return
    settle(tx, desk, caller, str(key))
    _put_in_use(tx, desk, caller, city, published)


def _put_in_use(tx: Tx, desk: Desk, caller: Caller, city: City, published: Published) -> None:
    """New workshops of the city get it; what is planned or under way keeps what it has."""
    forms.use(tx, city.code, published.hash, desk.now)
    audit.note(tx, caller.person.id, "form_used", city.code, f"{published.form_id} {published.hash}", desk.now)
    version = published.version or NO_VERSION
    tell(tx, desk, caller, "form.used", title=published.title, version=version, city=city.name)


def _line(tx: Tx, desk: Desk, language: str, number: int, one: Published) -> str:
    used = [desk.city(city).name if city else desk.texts.say("form.elsewhere", language) for city in one.cities]
    by = "" if one.published_by is None else f"{people.by_id(tx, one.published_by).code}, "
    day = wording.day(one.published_on, desk.study.timezone, language)
    where = ", ".join(used) or desk.texts.say("form.unused", language)
    return f"{number}. {one.title} ({one.form_id}, {one.version or NO_VERSION}) – {by}{day} – {where}"
