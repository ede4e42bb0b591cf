"""Fills a database by plain INSERTs, for tests that read it."""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from fieldwork.study import City, ConsentText, Line, QuietHours, Rhythm, Study
from forms.xlsform import Compiled, compile_workbook
from storage.connection import open_for_writing
from storage.driver import Connection, Value
from storage.migrate import migrate
from storage.stamps import stamp
from storage.tx import Tx

ZONE = ZoneInfo("Europe/Amsterdam")
QUESTIONNAIRE = Path("forms/questionnaires/wijkwerkplaats_reflectie.xlsx")
NAMES = ("Fatima el Idrissi", "Joris van der Berg", "Ananya Raman", "Willem Smit")
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""In week 47 of 2026."""

CITIES = ("Leiden", "Utrecht", "Almere", "Nijmegen")


def a_study() -> Study:
    """A study with four cities and three research lines."""
    return Study(
        name="Wijken in beeld",
        contact="Noor, 06 0000 0000",
        cities=tuple(City(name.lower(), name, ZONE) for name in CITIES),
        lines=(
            Line("L1", {"nl": "Bestuur en bewoners", "en": "Governance and residents"}),
            Line("L2", {"nl": "Professionele ruimte", "en": "Professional room"}),
            Line("L3", {"nl": "Zorg en veiligheid", "en": "Care and safety"}),
        ),
        consent=ConsentText("1", {"nl": "Doe je mee?", "en": "Will you take part?"}),
        rhythm=Rhythm(QuietHours(time(21), time(8))),
        timezone=ZONE,
        retention_date=date(2036, 1, 1),
        store="de projectschijf",
    )


@cache
def default_form() -> Compiled:
    """The questionnaire that comes with the program."""
    return compile_workbook(QUESTIONNAIRE.read_bytes())


def small_form(version: str, survey: list[list[str]], choices: list[list[str]]) -> Compiled:
    """A questionnaire `small` of these rows: type, name, Dutch and English label, relevant; list, name, labels."""
    workbook = Workbook()
    sheets = {
        "survey": [["type", "name", "label::Nederlands (nl)", "label::English (en)", "relevant"], *survey],
        "choices": [["list_name", "name", "label::Nederlands (nl)", "label::English (en)"], *choices],
        "settings": [
            ["form_title", "form_id", "version", "default_language"],
            ["Klein", "small", version, "Nederlands (nl)"],
        ],
    }
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del workbook["Sheet"]
    stream = BytesIO()
    workbook.save(stream)
    return compile_workbook(stream.getvalue())


class Seed:
    """A database being filled; ids count up, so that the same calls give the same file."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self.path = path
        self._connection: Connection = open_for_writing(path)
        self._tx = Tx(self._connection)
        self._tx.one("PRAGMA synchronous=OFF")
        self._count = itertools.count(1)

    def close(self) -> None:
        self._connection.close()

    def insert(self, table: str, **values: Value) -> int:
        """A row; its rowid."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self._tx.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", **values)
        row = self._tx.one("SELECT last_insert_rowid() AS id")
        assert row is not None
        return int(row["id"])

    def many(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Rows with these columns, fast."""
        marks = ", ".join("?" for _ in columns)
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def run(self, sql: str, **values: Value) -> None:
        """Change what was filled in."""
        self._tx.run(sql, **values)

    def form(self, compiled: Compiled, published_on: datetime = MONDAY) -> str:
        """A published form; its hash."""
        form = compiled.form
        self.insert(
            "form",
            hash=form.hash,
            form_id=form.form_id,
            version=form.version,
            title=form.title,
            xform=compiled.xform,
            workbook=b"",
            published_on=stamp(published_on),
        )
        return form.hash

    def person(self, code: str, city: str = "leiden", role: str = "fieldworker", standing: str = "taking_part") -> int:
        """Somebody with a name and an address that must never leave."""
        number = next(self._count)
        joined = stamp(MONDAY - timedelta(days=60))
        person = self.insert("person", code=code, language="nl", standing=standing, joined_on=joined)
        self.insert("contact", person_id=person, name=NAMES[number % len(NAMES)])
        self.insert("address", urn=f"telegram:7310{number:05d}", person_id=person, changed_on=joined)
        self.insert("role_grant", person_id=person, role=role, city=city, granted_on=joined)
        return person

    def workshop(
        self, form: str, starts_on: datetime, city: str = "leiden", title: str = "Koffie", state: str = "planned"
    ) -> int:
        """A workshop of two hours."""
        return self.insert(
            "workshop",
            city=city,
            neighbourhood="Noord",
            title=title,
            starts_on=stamp(starts_on),
            ends_on=stamp(starts_on + timedelta(hours=2)),
            form_hash=form,
            state=state,
            planned_on=stamp(starts_on - timedelta(days=7)),
        )

    def prompt(
        self,
        workshop: int,
        person: int,
        state: str,
        asked_on: datetime | None = None,
        ended_on: datetime | None = None,
        reminders: int = 0,
    ) -> int:
        """Somebody of the team, and how it stands with asking them."""
        self.insert("team", workshop_id=workshop, person_id=person)
        return self.insert(
            "prompt",
            workshop_id=workshop,
            person_id=person,
            state=state,
            asked_on=stamp(asked_on) if asked_on else None,
            closes_on=stamp(asked_on + timedelta(hours=72)) if asked_on else None,
            opened_on=stamp(asked_on + timedelta(minutes=5)) if asked_on and state != "asked" else None,
            ended_on=stamp(ended_on) if ended_on else None,
            reminders=reminders,
        )

    def session(
        self,
        form: str,
        person: int,
        prompt: int | None,
        started_on: datetime,
        completed_on: datetime | None = None,
        state: str = "completed",
        is_test: bool = False,
        is_late: bool = False,
        hidden: Mapping[str, str] | None = None,
    ) -> int:
        """A session, by default a completed one."""
        number = next(self._count)
        return self.insert(
            "session",
            instance_id=f"uuid:00000000-0000-4000-8000-{number:012d}",
            prompt_id=prompt,
            person_id=person,
            form_hash=form,
            state=state,
            stage="ended",
            hidden=json.dumps(hidden or {}),
            language="nl",
            consent_version="1",
            is_test=int(is_test),
            is_late=int(is_late),
            started_on=stamp(started_on),
            touched_on=stamp(completed_on or started_on + timedelta(minutes=9)),
            active_seconds=240,
            completed_on=stamp(completed_on) if completed_on else None,
        )

    def answer(
        self,
        session: int,
        path: str,
        value: str,
        revision: int = 1,
        outcome: str = "answered",
        said_on: datetime = MONDAY,
        after_sending: bool = False,
    ) -> int:
        """One revision of an answer."""
        return self.insert(
            "answer",
            session_id=session,
            path=path,
            revision=revision,
            outcome=outcome,
            value=value,
            way="tap",
            language="nl",
            source="telegram:73100001:55",
            said_on=stamp(said_on),
            after_sending=int(after_sending),
        )

    def answers(self, session: int, values: Mapping[str, str], said_on: datetime = MONDAY) -> None:
        """Answers by path; an empty value is a skip."""
        for path, value in values.items():
            self.answer(session, path, value, outcome="answered" if value else "skipped", said_on=said_on)

    def part(
        self,
        session: int,
        path: str,
        answer: int | None,
        position: int,
        text: str = "",
        kind: str = "text",
        file: str = "",
        seconds: int | None = None,
        state: str = "kept",
    ) -> None:
        """One message of an open answer, with its file where it has one."""
        media = None
        if file:
            media = self.insert(
                "media",
                session_id=session,
                kind=kind,
                ref="AgACAgQAAxkBAAI-seeded-handle",
                state=state,
                file=file,
                seconds=seconds,
                sent_on=stamp(MONDAY),
            )
        self.insert(
            "part",
            session_id=session,
            path=path,
            answer_id=answer,
            position=position,
            kind=kind,
            text=text,
            media_id=media,
            source="telegram:73100001:56",
            said_on=stamp(MONDAY),
        )
