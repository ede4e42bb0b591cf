"""What a running bot is made of before it runs: the study, its texts and forms, its places and its clock."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from random import Random, SystemRandom
from typing import TypeVar

from bot.clock import Now, system_now
from bot.databasekey import key_of
from bot.post import Post, post_of
from bot.problems import BadConfiguration, Problem
from bot.settings import LINE_ENDS, Settings, formats_named, hours_between, read_settings
from bot.studyfile import StudyFile, quiet_hours_of, read_study, study_of
from fieldwork.study import LANGUAGES, Rhythm, Study, words_hash
from fieldwork.texts import Texts, read_texts
from forms.form import Form
from forms.xform import read_xform
from handlers.desk import Desk
from handlers.rights.consenting import keep_texts, texts_to_agree
from handlers.rights.erasures import delete_files, erase_again
from handlers.work import Place
from storage import consents, erasurelog, receipts, workshops
from storage import forms as form_rows
from storage.backup import back_up, name_at
from storage.connection import Database
from storage.database import snapshot, transaction
from storage.files import sweep
from storage.migrate import migrate, needs_upgrade
from storage.tx import Tx

Read = TypeVar("Read")
DEFAULT_FORM = "wijkwerkplaats_reflectie.xlsx"
_LEFT_BEHIND_AFTER = timedelta(days=1)
"""Nobody works on one file that long, also not on the command line beside the bot."""


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that does not change while the bot runs."""

    study: Study
    texts: Texts
    place: Place
    media: Path
    backups: Path
    backups_kept: int = 0
    """How many daily copies; 0 for none."""
    backup_through: str = ""
    """A command every copy goes through; nothing for none."""
    now: Now = system_now
    random: Random = field(default_factory=SystemRandom)
    post: Post | None = None
    """The mail server; None where everything goes by chat."""

    def desk(self, forms: Mapping[str, Form], bot_name: str) -> Desk:
        """What a handler works with at this moment."""
        return Desk(self.study, self.texts, forms, self.now(), self.random, bot_name, self.media, self.post is not None)


def configured(folder: Path) -> tuple[Settings, Program]:
    """The program as `.env`, the environment and `study.toml` describe it.

    Raises BadConfiguration with every problem of both files.
    """
    problems: list[Problem] = []
    settings = _tried(problems, lambda: read_settings(folder / ".env"))
    file = _tried(problems, lambda: read_study(folder / (settings.study_file if settings else "study.toml")))
    post = _tried(problems, lambda: None if settings is None else post_of(settings, folder))
    if settings is None or file is None or problems:
        raise BadConfiguration(tuple(problems))
    return settings, _program(settings, file, folder, post)


def _tried(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What is read; None where it has problems, which are added to the others."""
    try:
        return read()
    except BadConfiguration as error:
        problems += error.problems
        return None


def _program(settings: Settings, file: StudyFile, folder: Path, post: Post | None) -> Program:
    quiet = hours_between(settings.quiet_hours) if settings.quiet_hours else quiet_hours_of(file)
    rhythm = Rhythm(quiet, prompt_after=timedelta(minutes=settings.prompt_delay))
    study = study_of(file, settings.timezone, rhythm, settings.study_name, settings.contact, settings.backups_kept)
    database = Database(folder / settings.database, key_of(settings, folder))
    weekly = formats_named(settings.weekly_files)
    place = Place(
        database, folder / settings.exports_dir, version("terugblik"), weekly, LINE_ENDS[settings.qdpx_line_ends]
    )
    return Program(
        study,
        catalogue(),
        place,
        folder / settings.media_dir,
        folder / settings.backup_dir,
        settings.backups_kept,
        settings.backup_through,
        post=post,
    )


def catalogue() -> Texts:
    """The bot's own words."""
    return read_texts(files("fieldwork").joinpath("texts.yaml").read_text(encoding="utf-8"))


def prepare(program: Program) -> Mapping[str, Form]:
    """Make the folders and the database ready, with a form for every city; all forms by hash.

    Raises BadConfiguration where a folder cannot be used or the study lost a city that has workshops, NotOurs
    and TooNew.
    """
    make_folders(program)
    sweep(program.place.exports, program.now() - _LEFT_BEHIND_AFTER)
    if needs_upgrade(program.place.database):
        keep_copy(program)
    migrate(program.place.database)
    _keep_erased(program)
    with snapshot(program.place.database) as rows:
        _expect_cities(program.study, workshops.cities(rows))
        xforms = form_rows.xforms(rows)
    if not xforms:
        with transaction(program.place.database) as tx:
            xforms = _publish_default(tx, program)
    _keep_consent_texts(program)
    return {form_hash: read_xform(xform) for form_hash, xform in xforms.items()}


def keep_copy(program: Program) -> Path:
    """Write a copy of the database of this moment; where it is."""
    target = program.backups / name_at(program.now(), program.backup_through)
    back_up(program.place.database, target, program.backup_through)
    return target


def _keep_erased(program: Program) -> None:
    """A copy of the database that was put back brings nobody back who was erased since."""
    lines = erasurelog.read(erasurelog.beside(program.place.database.path))
    with snapshot(program.place.database) as rows:
        back = [line for line in lines if receipts.is_back(rows, line.person_id, line.code)]
    if back:
        with transaction(program.place.database) as tx:
            gone = erase_again(tx, back, program.now(), program.random)
        for deleted in gone:
            delete_files(deleted, program.media, program.place.exports)


def _keep_consent_texts(program: Program) -> None:
    """The words that people are asked to agree to today stand in the database by their hash."""
    desk = program.desk({}, "")
    with snapshot(program.place.database) as rows:
        kept = consents.texts_kept(rows)
    if any(words_hash(words) not in kept for one in LANGUAGES for words in texts_to_agree(desk, one).values()):
        with transaction(program.place.database) as tx:
            keep_texts(tx, desk)


def make_folders(program: Program) -> None:
    """Make the folders that are not there yet. Raises BadConfiguration, naming the setting of each that cannot be."""
    database = program.place.database.path
    folders = {
        "DATABASE": database.parent,
        "EXPORTS_DIR": program.place.exports,
        "MEDIA_DIR": program.media,
        "BACKUP_DIR": program.backups,
    }
    problems = []
    for setting, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            problems.append(Problem(setting, f"{folder} ({error.strerror})", "a folder that can be made"))
            continue
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
            problems.append(Problem(setting, f"{folder}", "a folder that this account can write in"))
    if database.is_dir():
        problems.append(Problem("DATABASE", f"{database}, a folder", "a file"))
    if problems:
        raise BadConfiguration(tuple(problems))


def _expect_cities(study: Study, planned: Sequence[str]) -> None:
    """A city with workshops must stay in the study file, or its people would never hear of them again."""
    known = {city.code for city in study.cities}
    lost = [
        Problem("study.toml, city", f"no {code}", f"{code}, which has workshops")
        for code in planned
        if code not in known
    ]
    if lost:
        raise BadConfiguration(tuple(lost))


def _publish_default(tx: Tx, program: Program) -> dict[str, str]:
    """Put the program's own questionnaire in use for every city."""
    from forms.xlsform import compile_workbook

    workbook = files("forms").joinpath("questionnaires", DEFAULT_FORM).read_bytes()
    compiled = compile_workbook(workbook)
    form, now = compiled.form, program.now()
    form_rows.add(tx, form.hash, form.form_id, form.version, form.title, compiled.xform, workbook, None, now)
    form_rows.use(tx, "", form.hash, now)
    return {form.hash: compiled.xform}
