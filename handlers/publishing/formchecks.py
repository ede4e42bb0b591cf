"""A questionnaire that somebody sends: checked beside the loop; they read what is wrong, or try and use it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fieldwork.messages import Attachment, Button, File, Say
from fieldwork.people import Verb, may
from fieldwork.taps import button
from forms.form import Form
from forms.pictures import wanted
from forms.problems import Problem, Problems, Severity, errors, worst_first
from forms.sentences import sentence
from handlers.desk import Caller, Desk, send, tell
from handlers.publishing.awaitedpictures import still_missing
from handlers.publishing.bundles import BIGGEST_BUNDLE, Bundle, unpacked
from handlers.publishing.questionnaires import NO_VERSION, form_key
from handlers.reflecting import talks
from handlers.work import Finish
from storage import audit, formpictures, forms, jobs, people
from storage.files import write_whole
from storage.pictures import NotAPicture
from storage.tx import Tx

if TYPE_CHECKING:
    from forms.xlsform import Compiled

ENDINGS = (".xlsx", ".xls", ".xml", ".zip")
BIGGEST_FILE = 2 * 1024 * 1024
"""Bytes of a questionnaire."""
_MOST_TOLD = 20
"""Problems that are told in the chat; where there are more, a file tells them all."""
_REPORTS = {"nl": "controle.txt", "en": "report.txt"}
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
    jobs.add(tx, "check_form", {"ref": file.ref, "name": file.name, "person": caller.person.id}, desk.now)
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
    n, version = talks.number_of_questions(form), form.version or NO_VERSION
    is_taken = forms.is_another(tx, form.form_id, form.version, form.hash)
    pieces = (
        desk.texts.say("form.clean", language, title=form.title, version=version, n=n),
        desk.texts.say("form.same_version", language, form=form.form_id, version=version) if is_taken else "",
        found,
        still_missing(tx, desk, language, form.hash),
    )
    row = _choices(desk, person_id, language, form.hash)
    send(tx, desk, person_id, Say("\n\n".join(piece for piece in pieces if piece), (row,)), priority=0)


def _choices(desk: Desk, person_id: int, language: str, form_hash: str) -> tuple[Button, ...]:
    preview, use = desk.texts.buttons("form.clean", language)
    return (
        button(preview, form_key(person_id, "preview", form_hash)),
        button(use, form_key(person_id, "use", form_hash)),
    )


def _keep(tx: Tx, desk: Desk, checked: Checked, compiled: "Compiled", person_id: int) -> None:
    form, content = compiled.form, checked.content
    forms.add(tx, form.hash, form.form_id, form.version, form.title, compiled.xform, content, person_id, desk.now)
    formpictures.want(tx, form.hash, wanted(form))
    for name, file in checked.pictures.items():
        formpictures.came(tx, form.hash, name, file)
    audit.note(tx, person_id, "form_checked", "", f"{form.form_id} {form.hash}", desk.now)
