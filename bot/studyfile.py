"""Reads `study.toml`, the description of a study."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.problems import BadConfiguration, Problem, from_validation
from bot.settings import hours_between, zone_named
from fieldwork.study import LANGUAGES, City, ConsentText, Line, QuietHours, Retention, Rhythm, Study

_Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$")]
_LONGEST_CONSENT = 3500
_Words = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _BothLanguages(_Table):
    """Words in each language; plain text is the same in both."""

    nl: _Words
    en: _Words

    @model_validator(mode="before")
    @classmethod
    def _the_same_in_both(cls, value: object) -> object:
        return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value


class _StudyTable(_Table):
    name: _Words
    contact: _Words
    store: _Words
    retention_date: date
    minutes: Annotated[int, Field(ge=1, le=60)] = 5
    quiet_hours: str = "21:00-08:30"
    kept_at: _BothLanguages = _BothLanguages(nl="een server van het onderzoek", en="a server of the study")

    @field_validator("quiet_hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        hours_between(value)
        return value


class _CityTable(_Table):
    code: _Code
    name: _Words
    timezone: Annotated[str, AfterValidator(zone_named)] = "Europe/Amsterdam"
    language: Literal["nl", "en"] = "nl"


class _LineTable(_Table):
    code: _Code
    nl: _Words
    en: _Words


class _ConsentTable(_Table):
    version: _Words
    nl: _Words
    en: _Words

    @field_validator(*LANGUAGES)
    @classmethod
    def _sayable(cls, text: str) -> str:
        try:
            text.format_map(dict.fromkeys(("channel_notice", "retention_date"), ""))
        except (ValueError, LookupError, AttributeError):
            raise ValueError("no braces but those of {channel_notice} and {retention_date}") from None
        if len(text) > _LONGEST_CONSENT:
            raise ValueError(f"expected at most {_LONGEST_CONSENT} characters")
        return text


class RetentionTable(_Table):
    contact_days: Annotated[int, Field(ge=1, le=3650)] = 90
    media_days: Annotated[int, Field(ge=1, le=3650)] = 730
    answers_days: Annotated[int, Field(ge=0, le=36500)] = 0
    automatic: bool = False


class _PrivacyTable(_Table):
    point_out_others: bool = True
    tidy_chat: bool = False


class _CareTable(_Table):
    words: list[_Words] = []
    contact: str = ""


class StudyFile(_Table):
    """A study file as it is written, checked."""

    study: _StudyTable
    retention: RetentionTable = RetentionTable()
    consent: _ConsentTable
    city: Annotated[list[_CityTable], Field(min_length=1)]
    line: list[_LineTable] = []
    care: _CareTable = _CareTable()
    privacy: _PrivacyTable = _PrivacyTable()


def read_study(path: Path) -> StudyFile:
    """Read and check the file. Raises BadConfiguration with every problem in it."""
    try:
        return parse_study(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        problem = Problem(str(path), "no such file", "a study file: terugblik init writes one")
        raise BadConfiguration((problem,)) from None
    except UnicodeDecodeError as error:
        raise BadConfiguration((Problem(str(path), str(error), "a text in UTF-8"),)) from None
    except OSError as error:
        raise BadConfiguration((Problem(str(path), str(error.strerror), "a file that can be read"),)) from None


def parse_study(text: str, name: str) -> StudyFile:
    """Check the text of a study file. Raises BadConfiguration with every problem in it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration((Problem(name, str(error), "a TOML file"),)) from None
    repeated = tuple(_repeated(tables, name))
    try:
        file = StudyFile.model_validate(tables)
    except ValidationError as error:
        raise BadConfiguration((*from_validation(error, name), *repeated)) from None
    if repeated:
        raise BadConfiguration(repeated)
    return file


def _repeated(tables: Mapping[str, object], name: str) -> Iterator[Problem]:
    """Codes and names that stand twice: people and files could not tell the two apart."""
    for kind, key, expected in (
        ("city", "code", "a code that no other city has"),
        ("city", "name", "a name that no other city has"),
        ("line", "code", "a code that no other line has"),
    ):
        rows = tables.get(kind)
        seen: dict[str, int] = {}
        for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
            value = row.get(key) if isinstance(row, dict) else None
            if not isinstance(value, str):
                continue
            first = seen.setdefault(value.strip().casefold(), number)
            if first != number:
                yield Problem(f"{name}, {kind} {number}, {key}", f"{value!r}, as {kind} {first} has", expected)


def study_of(
    file: StudyFile,
    timezone: str,
    rhythm: Rhythm,
    name: str | None = None,
    contact: str | None = None,
    backups_kept: int = 0,
) -> Study:
    """The study as the rules know it; a name or contact that is given goes before the file's."""
    return Study(
        name=name or file.study.name,
        contact=contact or file.study.contact,
        cities=tuple(City(city.code, city.name, ZoneInfo(city.timezone), city.language) for city in file.city),
        lines=tuple(Line(line.code, {"nl": line.nl, "en": line.en}) for line in file.line),
        consent=ConsentText(file.consent.version, {"nl": file.consent.nl, "en": file.consent.en}),
        rhythm=rhythm,
        timezone=ZoneInfo(timezone),
        retention_date=file.study.retention_date,
        store=file.study.store,
        minutes=file.study.minutes,
        retention=_retention_of(file.retention, backups_kept),
        kept_at={"nl": file.study.kept_at.nl, "en": file.study.kept_at.en},
        points_out=file.privacy.point_out_others,
        tidies=file.privacy.tidy_chat,
        care_words=tuple(file.care.words),
        care_contact=file.care.contact or file.study.contact,
    )


def _retention_of(table: RetentionTable, backups_kept: int) -> Retention:
    """A copy a day is kept, so that the oldest is as many days old."""
    return Retention(
        contact_after=timedelta(days=table.contact_days),
        media_after=timedelta(days=table.media_days),
        answers_after=timedelta(days=table.answers_days) if table.answers_days else None,
        backups_after=timedelta(days=backups_kept),
        is_automatic=table.automatic,
    )


def quiet_hours_of(file: StudyFile) -> QuietHours:
    """When nobody is written to unasked."""
    return hours_between(file.study.quiet_hours)
