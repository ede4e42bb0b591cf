"""Writes a first `study.toml`, to start from."""

from datetime import date

import tomlkit

from bot.studyfile import RetentionTable
from fieldwork.study import LANGUAGES
from fieldwork.texts import Texts

CITIES = ("Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Leiden", "Nijmegen", "Almere", "Tilburg")
LINES = (
    ("L1", "Bestuurlijke verhoudingen", "Governance relations"),
    ("L2", "Professionele politiek van sociaal werk", "Professional politics of social work"),
    ("L3", "Frictie en dilemma's in zorg en veiligheid", "Friction and dilemmas in care and safety"),
)
EXAMPLE_ADDRESS = "sanne@example.org"
"""Nobody reads what is sent there."""


def first_study_file(texts: Texts, retention_date: date) -> str:
    """A study file to start from: the programme's cities and lines, and the consent text."""
    document = tomlkit.document()
    document.add(tomlkit.comment("The study as Terugblik runs it. Times are HH:MM, on the clocks of each city."))
    study = tomlkit.table()
    study["name"] = "Crafting Resilience"
    study["contact"] = f"Sanne Jansen, {EXAMPLE_ADDRESS}"
    study["store"] = "SURFdrive (map Terugblik)"
    study["retention_date"] = retention_date
    study["minutes"] = 5
    study["quiet_hours"] = "21:00-08:30"
    kept_at = tomlkit.inline_table()
    kept_at.update(
        {"nl": "een server van de universiteit in Nederland", "en": "a server of the university in the Netherlands"}
    )
    study["kept_at"] = kept_at
    document["study"] = study
    document["retention"] = _retention()
    document["consent"] = _consent(texts)
    document["care"] = _care()
    document["privacy"] = _privacy()
    document["city"] = _tables(
        [{"code": code_of(city), "name": city, "timezone": "Europe/Amsterdam"} for city in CITIES]
    )
    document["line"] = _tables([{"code": code, "nl": dutch, "en": english} for code, dutch, english in LINES])
    return tomlkit.dumps(document)


def code_of(city: str) -> str:
    """A city's name as it stands in file names."""
    return city.casefold().replace(" ", "-")


def _retention() -> tomlkit.items.Table:
    table = tomlkit.table()
    table.add(
        tomlkit.comment("Days: names after somebody stopped, photos and recordings after they were sent, answers")
    )
    table.add(tomlkit.comment("after they were given. 0 days for answers keeps them until the study's retention_date."))
    table.add(tomlkit.comment("terugblik retention shows what would go; automatic has it go every day."))
    for name, field in RetentionTable.model_fields.items():
        table[name] = field.default
    table["automatic"] = True
    return table


def _consent(texts: Texts) -> tomlkit.items.Table:
    table = tomlkit.table()
    table.add(tomlkit.comment("What people agree to. A change wants a new version. Blanks in braces are filled in."))
    table["version"] = "1"
    for language in LANGUAGES:
        table[language] = tomlkit.string(texts.entries["consent.ask"].texts[language], multiline=True)
    return table


def _care() -> tomlkit.items.Table:
    table = tomlkit.table()
    table.add(tomlkit.comment("After an answer with one of these words the person reads once whom to call. None: off."))
    table["words"] = list[str]()
    table["contact"] = ""
    return table


def _privacy() -> tomlkit.items.Table:
    table = tomlkit.table()
    table.add(
        tomlkit.comment("Ask before an open answer is final about telephone numbers, e-mail, IBAN, BSN, postcodes with")
    )
    table.add(
        tomlkit.comment(
            "a house number and names behind meneer or mevrouw, and flag what is left for the data steward."
        )
    )
    table["point_out_others"] = True
    table.add(
        tomlkit.comment("Take questions and answers out of the chat after sending; each person may choose otherwise.")
    )
    table["tidy_chat"] = False
    return table


def _tables(rows: list[dict[str, str]]) -> tomlkit.items.AoT:
    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        table.update(row)
        tables.append(table)
    return tables
