"""A questionnaire sent as a workbook: checked, tried in the chat, and put in use for a city."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fieldwork import dialogue, wording
from fieldwork.messages import Attachment, Button, File, Rows, Say
from fieldwork.people import Verb, cities_for, may
from fieldwork.study import City
from fieldwork.taps import About, Key, button
from forms.form import Form
from forms.pictures import wanted
from forms.problems import Problem, Problems, Severity, errors, worst_first
from forms.sentences import sentence
from handlers import paging, talks
from handlers.bundles import Bundle, unpacked
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, send, settle, tell
from handlers.paging import Listed
from handlers.talks import active_talk
from handlers.work import Finish, Place
from storage import audit, formpictures, forms, jobs, people
from storage.connection import Tx
from storage.database import snapshot
from storage.files import write_whole
from storage.forms import Published
from storage.jobs import Job
from storage.pictures import NotAPicture

if TYPE_CHECKING:
    from forms.xlsform import Compiled

ENDINGS = (".xlsx", ".xls", ".xml", ".zip")
BIGGEST_FILE = 2 * 1024 * 1024
"""Bytes of a questionnaire."""
BIGGEST_BUNDLE = 20 * 1024 * 1024
"""Bytes of a questionnaire with its pictures; the channel hands over no more."""
_MOST_TOLD = 20
"""Problems that are told in the chat; where there are more, a file tells them all."""
_REPORTS = {"nl": "controle.txt", "en": "report.txt"}
_NO_VERSION = "–"
_SHORT_HASH = 16
"""Signs of a form's hash that fit under a button and tell it from any other."""

Shelve = Callable[[Form], None]
"""Makes a form known to the running bot."""


def is_questionnaire(caller: Caller, file: File) -> bool:
    """Whether this looks like a questionnaire from somebody who may publish one."""
    return (file.name or "").casefold().endswith(ENDINGS) and may(caller.person, Verb.PUBLISH)


def received(tx: Tx, desk: Desk, caller: Caller, file: File) -> None:
    """Have the file checked beside the loop."""
    most = BIGGEST_BUNDLE if (file.name or "").casefold().endswith(".zip") else BIGGEST_FILE
    if (file.size or 0) > most:
        tell(tx, desk, caller, "err.file_too_big", megabytes=most // 1024**2)
        return
    jobs.add(tx, "check_form", {"ref": file.ref, "person": caller.person.id}, desk.now)
    tell(tx, desk, caller, "form.checking")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of reading a file: a form that can be used, or what is wrong with it."""

    content: bytes
    compiled: "Compiled | None"
    problems: Sequence[Problem]
    pictures: Mapping[str, str] = field(default_factory=dict)
    """The pictures that came along, by the name the form calls them: where they lie in the media folder."""


def check(content: bytes, media: Path) -> Checked:
    """Compile a questionnaire; runs in a thread, and only then loads what reads workbooks."""
    from forms.xlsform import compile_workbook

    try:
        bundle = unpacked(content)
        compiled = compile_workbook(bundle.questionnaire)
    except Problems as found:
        return Checked(content, None, found.problems)
    pictures, problems = _shelved(bundle, wanted(compiled.form), media)
    return Checked(bundle.questionnaire, compiled, (*compiled.warnings, *problems), pictures)


def _shelved(bundle: Bundle, names: Sequence[str], media: Path) -> tuple[dict[str, str], list[Problem]]:
    """Put the pictures that the form shows into the media folder; what is wrong with those that cannot be read."""
    sent = {name.casefold(): content for name, content in bundle.pictures.items()}
    kept: dict[str, str] = {}
    problems = []
    for name in names:
        content = sent.get(name.casefold())
        try:
            if content is not None:
                kept[name] = formpictures.shelve(content, media)
        except NotAPicture:
            message = {language: f'"{name}": {words}' for language, words in sentence("picture_unreadable").items()}
            problems.append(Problem(None, None, None, name, message, None, Severity.WARNING))
    return kept, problems


def long_reports(problems: Sequence[Problem], folder: Path) -> Mapping[str, Path]:
    """A file with every problem, by language, in this folder; none where the chat can tell them all."""
    if len(problems) <= _MOST_TOLD:
        return {}
    files = {language: folder / name for language, name in _REPORTS.items()}
    for language, file in files.items():
        write_whole(file, partial(_write_lines, [problem.line(language) for problem in problems]))
    return files


def _write_lines(lines: Sequence[str], file: Path) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def report(checked: Checked, person_id: int, shelve: Shelve, files: Mapping[str, Path]) -> Finish:
    """Tell who sent it; a clean one is kept and can be tried and used."""

    def finish(tx: Tx, desk: Desk) -> None:
        language = people.by_id(tx, person_id).language
        found = _told(desk, checked.problems, language)
        if checked.compiled is None:
            text = desk.texts.say("form.wrong", language, count=len(errors(checked.problems)), problems=found)
            send(tx, desk, person_id, Say(text), priority=0)
        else:
            _keep(tx, desk, checked, checked.compiled, person_id)
            shelve(checked.compiled.form)
            _tell_clean(tx, desk, person_id, checked.compiled.form, language, found)
        if file := files.get(language):
            send(tx, desk, person_id, Say("", attachment=Attachment(str(file), file.name)), priority=0)

    return finish


def _told(desk: Desk, problems: Sequence[Problem], language: str) -> str:
    """What the chat tells of the problems, the worst first."""
    lines = [f"• {problem.line(language)}" for problem in worst_first(problems)[:_MOST_TOLD]]
    if more := len(problems) - len(lines):
        lines.append(desk.texts.say("form.more", language, count=more))
    return "\n".join(lines)


def _tell_clean(tx: Tx, desk: Desk, person_id: int, form: Form, language: str, found: str) -> None:
    n, version = talks.number_of_questions(form), form.version or _NO_VERSION
    is_taken = forms.is_another(tx, form.form_id, form.version, form.hash)
    pieces = (
        desk.texts.say("form.clean", language, title=form.title, version=version, n=n),
        desk.texts.say("form.same_version", language, form=form.form_id, version=version) if is_taken else "",
        found,
        _still_missing(tx, desk, language, form.hash),
    )
    row = _choices(desk, person_id, language, form.hash)
    send(tx, desk, person_id, Say("\n\n".join(piece for piece in pieces if piece), (row,)), priority=0)


def is_awaited_picture(tx: Tx, caller: Caller, file: File) -> bool:
    """Whether this is a picture that a questionnaire shows and that has not come, from somebody who may publish."""
    if file.kind != "document" or not file.name or not may(caller.person, Verb.PUBLISH):
        return False
    return bool(formpictures.awaiting(tx, file.name))


def received_picture(tx: Tx, desk: Desk, caller: Caller, file: File) -> None:
    """Have the picture kept beside the loop."""
    if (file.size or 0) > BIGGEST_BUNDLE:
        tell(tx, desk, caller, "err.file_too_big", megabytes=BIGGEST_BUNDLE // 1024**2)
        return
    jobs.add(tx, "keep_picture", {"ref": file.ref, "name": file.name, "person": caller.person.id}, desk.now)


def kept_picture(name: str, file: str | None, person_id: int) -> Finish:
    """The picture goes to every questionnaire that waits for it; who sent it reads what is still missing."""

    def finish(tx: Tx, desk: Desk) -> None:
        language = people.by_id(tx, person_id).language
        if file is None:
            send(tx, desk, person_id, Say(desk.texts.say("form.picture_wrong", language, name=name)), priority=0)
            return
        waiting = formpictures.awaiting(tx, name)
        for form_hash in waiting:
            formpictures.came(tx, form_hash, name, file)
        missing = (_still_missing(tx, desk, language, form_hash) for form_hash in waiting)
        pieces = (desk.texts.say("form.picture_kept", language, name=name), *dict.fromkeys(missing))
        send(tx, desk, person_id, Say("\n".join(piece for piece in pieces if piece)), priority=0)

    return finish


def _still_missing(tx: Tx, desk: Desk, language: str, form_hash: str) -> str:
    names = formpictures.missing(tx, form_hash)
    return desk.texts.say("form.pictures_missing", language, names=", ".join(names)) if names else ""


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
            [button(str(number), _key(caller.person.id, "workbook", one.hash)) for number, one in shown]
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


def _keep(tx: Tx, desk: Desk, checked: Checked, compiled: "Compiled", person_id: int) -> None:
    form, content = compiled.form, checked.content
    forms.add(tx, form.hash, form.form_id, form.version, form.title, compiled.xform, content, person_id, desk.now)
    formpictures.want(tx, form.hash, wanted(form))
    for name, file in checked.pictures.items():
        formpictures.came(tx, form.hash, name, file)
    audit.note(tx, person_id, "form_checked", "", f"{form.form_id} {form.hash}", desk.now)


def _choices(desk: Desk, person_id: int, language: str, form_hash: str) -> tuple[Button, ...]:
    preview, use = desk.texts.buttons("form.clean", language)
    return (
        button(preview, _key(person_id, "preview", form_hash)),
        button(use, _key(person_id, "use", form_hash)),
    )


def _key(person_id: int, act: str, form_hash: str) -> Key:
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
    version = published.version or _NO_VERSION
    tell(tx, desk, caller, "form.used", title=published.title, version=version, city=city.name)


def _line(tx: Tx, desk: Desk, language: str, number: int, one: Published) -> str:
    used = [desk.city(city).name if city else desk.texts.say("form.elsewhere", language) for city in one.cities]
    by = "" if one.published_by is None else f"{people.by_id(tx, one.published_by).code}, "
    day = wording.day(one.published_on, desk.study.timezone, language)
    where = ", ".join(used) or desk.texts.say("form.unused", language)
    return f"{number}. {one.title} ({one.form_id}, {one.version or _NO_VERSION}) – {by}{day} – {where}"
