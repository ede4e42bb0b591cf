"""Files of exports: made from a snapshot, held back where somebody was erased meanwhile, noted, and sent."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree

from exports.course import Told, untold
from exports.formats import WITH_MEDIA, Format, Surroundings, file_name, write_file
from exports.period import Period
from exports.workbook import Request, Summary, forms_of
from fieldwork.messages import Attachment, Say
from fieldwork.study import City
from handlers.delivery import largefiles
from handlers.desk import Desk, send
from handlers.work import NotYet, Place
from storage import audit, exported, exporting, jobs, receipts
from storage.database import snapshot
from storage.exporting import Scope
from storage.files import sha256_of, write_whole
from storage.ledger import Made
from storage.tx import Rows, Tx

FORGETTING_COPY = "forget_copy"
_COPY_KEPT = timedelta(days=7)
"""So long our own copy of a file with photos and recordings stays; it may still have to be sent."""


def make_files(
    place: Place,
    desk: Desk,
    city: City,
    period: Period,
    language: str,
    wanted: Sequence[Format] = (Format.WORKBOOK,),
    folder: str = "",
    told: Told = untold,
) -> tuple[Made, ...]:
    """A file for every questionnaire of which the city has something in the period, in a folder of the exports.

    Several formats are one archive. `told` hears how many reflections are done; where it stops the work, no file
    is left of it.
    """
    made: list[Made] = []
    with snapshot(place.database) as rows:
        scope = Scope(period.since, period.until, city.code)
        whole = exporting.count(rows, scope)
        try:
            for form_id in exporting.form_ids(rows, scope):
                request = Request(desk.study, city, forms_of(rows, form_id), period, language, place.version)
                course_so_far = _after(sum(one.rows for one in made), whole, told)
                made.append(_make_file(place, desk, rows, request, wanted, folder, course_so_far))
        except BaseException:
            for one in made:
                (place.exports / one.file).unlink(missing_ok=True)
            raise
    return tuple(made)


def _after(before: int, whole: int, told: Told) -> Told:
    """The course of one file of several, in which `before` stand in earlier ones."""
    return lambda done, total: told(before + done, whole)


def _make_file(
    place: Place, desk: Desk, rows: Rows, request: Request, wanted: Sequence[Format], folder: str, told: Told
) -> Made:
    file = str(Path(folder) / file_name(request.city, request.period, request.form.form_id, wanted))
    target, around = place.exports / file, Surroundings(desk.media, desk.random, place.line_end, place.most_rows)
    summaries: list[Summary] = []
    write_whole(target, lambda aside: summaries.append(write_file(rows, request, wanted, aside, around, told)))
    (summary,) = summaries
    return Made(
        file,
        sha256_of(target),
        summary.rows,
        summary.people,
        summary.workshops,
        tuple(sorted(summary.codes)),
        "+".join(wanted),
        target.stat().st_size,
        summary.continued,
    )


def erased_so_far(place: Place) -> int:
    """How many people were erased, before rows are read for what is to go out."""
    with snapshot(place.database) as rows:
        return receipts.how_many(rows)


def hold_back(tx: Tx, place: Place, erased_before: int, made: Iterable[Made] = ()) -> None:
    """Where somebody was erased since, the files may hold them and go. Raises NotYet: they are made again."""
    if receipts.how_many(tx) == erased_before:
        return
    for one in made:
        _remove(place.exports / one.file)
    raise NotYet("somebody was erased while it was made")


@contextmanager
def gone_unless_noted(place: Place, made: Iterable[Made]) -> Iterator[None]:
    """Files that could not be noted go: nobody would know who is in them."""
    try:
        yield
    except BaseException:
        for one in made:
            _remove(place.exports / one.file)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def note_made(tx: Tx, desk: Desk, person_id: int | None, verb: str, city: City, made: Sequence[Made]) -> None:
    """What was made or given to somebody, who is in it, and the hash that tells it from any other."""
    for one in made:
        exported.add(tx, one.file, one.sha256, city.code, one.rows, one.codes, desk.now)
        if verb != "workbook_made":
            exported.given(tx, one.file, one.sha256, person_id, desk.now)
        if WITH_MEDIA.intersection(one.made_as.split("+")):
            detail, due_on = {"file": one.file, "sha256": one.sha256}, desk.now + _COPY_KEPT
            once_key = f"copy:{one.file}:{one.sha256}:{desk.now:%Y-%m-%d}"
            jobs.add(tx, FORGETTING_COPY, detail, desk.now, once_key=once_key, due_on=due_on)
        audit.note(tx, person_id, verb, city.code, f"{one.made_as} {one.file} {one.rows} {one.sha256}", desk.now)


def send_files(
    tx: Tx,
    desk: Desk,
    place: Place,
    person_id: int,
    language: str,
    made: Sequence[Made],
    not_before_on: datetime | None = None,
) -> None:
    """The files, each with what it holds."""
    for one in made:
        path = place.exports / one.file
        if one.size > place.most_sent:
            largefiles.announce(tx, desk, person_id, exported.number_of(tx, one.file, one.sha256), str(path), one.size)
            continue
        text = desk.texts.say(
            "co.export.ready",
            language,
            file=path.name,
            rows=one.rows,
            people=one.people,
            workshops=one.workshops,
            store=desk.study.store,
        )
        if one.continued:
            text += "\n" + desk.texts.say("co.export.continued", language, sheets=", ".join(one.continued))
        message = Say(text, attachment=Attachment(str(path), path.name))
        send(tx, desk, person_id, message, not_before_on=not_before_on)
