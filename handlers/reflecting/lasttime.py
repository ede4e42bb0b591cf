"""What a form is told of a person's earlier reflections, when it begins: its hidden fields."""

from collections.abc import Mapping

from fieldwork import answerwords, pieces, wording
from fieldwork.people import Person
from forms.circumstances import Circumstances
from forms.earlier import COUNT, PREVIOUS
from forms.form import Form
from forms.rebuilding import rebuilt
from handlers.desk import Desk
from storage import answers, sessions
from storage.sessions import Session
from storage.tx import Tx


def hidden_values(tx: Tx, desk: Desk, person: Person, form: Form) -> dict[str, str]:
    """The hidden fields of this form that the person's own earlier reflections fill, in any version of it."""
    known = {COUNT: str(sessions.count_told(tx, person.id, form.form_id))}
    last = sessions.last_told(tx, person.id, form.form_id)
    if last is not None:
        told = _submitted(tx, desk, person, last)
        day = wording.date_in_words(last.started_on.astimezone(desk.study.timezone).date(), person.language)
        known |= {f"{PREVIOUS}{name}": _in_words(desk, value, day, person.language) for name, value in told.items()}
    return {name: known[name] for name in form.hidden if name in known}


def _submitted(tx: Tx, desk: Desk, person: Person, session: Session) -> Mapping[str, str]:
    """What counts of that reflection now, by name: what was skipped or no longer applies is not among it."""
    zone = desk.study.timezone
    around = Circumstances(session.started_on.astimezone(zone), person.code, session.instance_id, session.language)
    current = answers.current(tx, session.id).values()
    ended_on = session.completed_on or desk.now
    form = desk.forms[session.form_hash]
    return rebuilt(form, session.hidden, session.frozen, current, around, ended_on.astimezone(zone)).submission()


def _in_words(desk: Desk, value: str, day: str, language: str) -> str:
    """An answer short enough to stand in a question; a recording or picture is named by its day, not its file."""
    if sort := answerwords.only_file(value):
        return desk.texts.say(f"last.{sort}", language, day=day)
    return pieces.echoed(answerwords.without_files(value, lambda key: desk.texts.say(key, language)))
