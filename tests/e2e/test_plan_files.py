"""Coordinators send their planning as a file: what is right is kept once confirmed, what is wrong is named by row."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from handlers.tablefile import NotATable
from handlers.workshops.planfile import Readout, find_plan, read_plan
from tests.e2e.town import Town, offers, say, tap
from tests.forms.hostile_files import HOSTILE

HEADER = ("Datum", "Begin", "Einde", "Wijk", "Titel", "Veldwerkers")
Cells = Sequence[object]


def workbook(*rows: Cells, merged: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    if merged:
        book.worksheets[0].merge_cells(merged)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def row(code: str, title: str, day: object = "20-11-2026") -> list[object]:
    return [day, "10:00", "11:30", "Overvecht", title, code]


def read(town: Town, content: bytes, city: str = "utrecht") -> Readout:
    desk = town.play.app.desk()
    with town.play.in_transaction() as tx:
        return read_plan(tx, desk, find_plan(content), desk.city(city))


def newest_file(phone: Phone) -> bytes:
    return next(message.document.content for message in reversed(phone.messages) if message.document)


async def test_of_thirty_rows_three_are_listed_and_twentyseven_planned_once_confirmed(town: Town) -> None:
    await town.fieldworker("Amina")
    await town.fieldworker("Bilal", in_the_morning=True)
    bram = await town.coordinator()
    amina, bilal = town.code("Amina"), town.code("Bilal")
    rows = [row(f"{amina} {bilal}", f"Werkplaats {number}") for number in range(30)]
    rows[4][0], rows[9][4], rows[29][5] = "31-02-2027", "", "ZZZZ"
    await say(bram, "/plan", "Stuur één regel per workshop")
    bram.send_document(workbook(HEADER, *rows), "planning.xlsx")
    await bram.wait_for("Workshops: 27. Er is nog niets opgeslagen.")
    (listed,) = [one.text for one in bram.messages if "die niet kloppen" in one.text]
    assert listed == (
        "Rijen die niet kloppen: 3.\n"
        'Rij 6: "31-02-2027" is geen datum. Bijvoorbeeld: 12-03 of 12-03-2027.\n'
        "Rij 11: de wijk of de titel is leeg. Bijvoorbeeld: Overvecht.\n"
        "Rij 31: ZZZZ is geen veldwerker van Utrecht. Stuur /people voor de codes.\n\n"
        "Verbeter ze en stuur ze later opnieuw."
    )
    asked = f"vrijdag 20 november om 11:45 ({amina}); zaterdag 21 november om 08:30 ({bilal})"
    assert sum(one.text.count(asked) for one in bram.messages) == 27
    assert town.count("workshop") == [0]
    await tap(bram, "Opslaan", "Opgeslagen: 27.")
    assert town.count("workshop", "prompt") == [27, 54]
    dues = {line["due_on"] for line in town.rows("SELECT due_on FROM prompt")}
    assert dues == {"2026-11-20T10:45:00.000Z", "2026-11-21T07:30:00.000Z"}
    bram.catch_up()
    bram.send_document(workbook(HEADER, *rows[:3], row(amina, "Nieuw"), row(amina, "nieuw")), "planning.xlsx")
    await bram.wait_for("Rij 2: deze workshop staat al in de planning: Werkplaats 0.")
    await bram.wait_for("Controleer dit:\n\nNieuw")
    assert any("Rij 6: deze workshop staat ook in rij 5: nieuw. Ik plan hem één keer." in m.text for m in bram.messages)
    bram.send_document(workbook(HEADER, row(amina, "Nog een"), row(bilal, "Nieuw")), "planning.xlsx")
    await bram.wait_for("Nog een\n")
    bram.send_document(workbook(HEADER, row(amina, "Laatste")), "planning.xlsx")
    await bram.wait_for("De workshops van zojuist staan er ook nog bij: 2.")
    await bram.wait_for("Laatste\n")
    await tap(bram, "Opslaan", "Opgeslagen: 3.")
    assert town.count("workshop", "team") == [30, 57]


# Cells know no zones.
MIDNIGHT, EVENING = datetime.combine(date(2026, 12, 12), time()), datetime.combine(date(1899, 12, 30), time(19))
DAYS: Cells = (
    *(date(2026, 12, 12), MIDNIGHT, 46368, 46368.0, "46368", "12-12-2026", "12-12", "12/12/26"),
    *("12.12.2026", "2026-12-12", "2026-12-12 00:00:00", "12 december", "za 12 dec. 2026", "December 12, 2026"),
)
CLOCKS: Sequence[tuple[object, object]] = (
    *((time(19), time(21)), ("19:00", "21:00"), ("19.00", "21.00 uur"), ("19u", "21u00"), ("7 pm", "9 PM")),
    *((0.7916666667, 0.875), (EVENING, EVENING + timedelta(hours=2)), (19, 21), ("1900", "2100")),
)


async def test_days_and_times_are_read_as_spreadsheets_and_people_write_them(town: Town) -> None:
    await town.fieldworker()
    code = town.code("Amina")
    spelled = [(day, "19:00", "21:00") for day in DAYS] + [("12-12-2026", *clock) for clock in CLOCKS]
    rows = [[*when, "Overvecht", f"Groen {number}", code] for number, when in enumerate(spelled)]
    found = read(town, workbook(("Planning van Bram",), (), HEADER, *rows))
    assert [(one.number, [reason.key for reason in one.reasons]) for one in found.wrong] == []
    spans = {(one.planned.span.starts_on.isoformat(), one.planned.span.ends_on.isoformat()) for _, one in found.placed}
    assert spans == {("2026-12-12T18:00:00+00:00", "2026-12-12T20:00:00+00:00")}
    assert len(found.placed) == len(DAYS) + len(CLOCKS)
    old = [row(code, f"Oud {number}", day) for number, day in enumerate((MIDNIGHT, 46368 - 1462, str(46368 - 1462)))]
    found = read(town, counting_from_1904(HEADER, *old))
    assert [one.planned.span.starts_on.date() for _, one in found.placed] == [MIDNIGHT.date()] * len(old)
    english = ("Date", "Time", "Area", "Title", "Fieldworker 1", "Fieldworker 2")
    lines = [";".join(english), f"12-12-2026;19:00 - 21:00;Zuïlen;Groen;{code};", "13-12;later;;;ZZZZ;"]
    for alphabet in ("utf-8-sig", "cp1252", "utf-16"):
        found = read(town, "\r\n".join(lines).encode(alphabet))
        ((_, one),) = found.placed
        assert (one.planned.neighbourhood, one.planned.codes) == ("Zuïlen", (code,))
        assert [reason.key for reason in found.wrong[0].reasons] == [
            *("plan.times", "plan.no_name", "plan.no_name", "plan.unknown_person"),
        ]


async def test_a_team_is_read_by_name_from_a_file_as_from_a_line_and_each_reason_is_said_once(town: Town) -> None:
    await town.fieldworker("Amina")
    await town.fieldworker("Jan de Vries")
    bram = await town.coordinator()
    amina, jan = town.code("Amina"), town.code("Jan de Vries")
    team = [[*row("amina", "Een"), "Jan de Vries"], row(f"{jan}, Amina", "Twee"), row("Jan de Boer", "Drie")]
    nameless = [*row("", "")[:3], "", "", ""]
    content = workbook((*HEADER, "Veldwerkers 2"), *team, nameless)
    found = read(town, content)
    assert [one.planned.codes for _, one in found.placed] == [(amina, jan), (jan, amina)]
    await say(bram, "/plan", "Stuur één regel per workshop")
    bram.send_document(content, "planning.xlsx")
    await bram.wait_for(
        "Rij 4: Jan de Boer is geen veldwerker van Utrecht. Stuur /people voor de codes.\n"
        "Rij 5: de wijk of de titel is leeg. Bijvoorbeeld: Overvecht. Er staan geen veldwerkers."
    )


def counting_from_1904(*rows: Cells) -> bytes:
    """A workbook that began on a Mac long ago."""
    book, stream = Workbook(), io.BytesIO()
    book.epoch = CALENDAR_MAC_1904
    for line in rows:
        book.worksheets[0].append(list(line))
    book.save(stream)
    return stream.getvalue()


def with_formula(content: bytes) -> bytes:
    """The same workbook as a program writes it that works nothing out: a formula without its outcome."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b"<v>46368</v>", b"<f>A9+1</f><v></v>"))
    return changed.getvalue()


async def test_formulas_merged_cells_other_sheets_and_files_without_columns_are_told_apart(town: Town) -> None:
    await town.fieldworker()
    bram, code = await town.coordinator(), town.code("Amina")
    bram.send_document(with_formula(workbook(HEADER, row(code, "Groen", 46368))), "planning.xlsx")
    await bram.wait_for('Rij 2: "=A9+1" is een formule zonder uitkomst.')
    await bram.wait_for("Er is geen rij die ik kan plannen.")
    book = Workbook()
    book.worksheets[0].append(["Kantine", "Telefoon"])
    sheet = book.create_sheet("Data")
    for line in (HEADER, row(code, "Groen"), [None, *row(code, "Ook")[1:]]):
        sheet.append(list(line))
    sheet.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    bram.send_document(stream.getvalue(), "planning.xlsx")
    await bram.wait_for("Let op: er zijn samengevoegde cellen.")
    await bram.wait_for("Rij 3: de datum is leeg. Bijvoorbeeld: 12-03-2027.")
    await bram.wait_for("Controleer dit:\n\nGroen")
    for name, content, words in (
        ("mijn.xlsx", workbook(HEADER[:4]), "Gevonden: Datum, Begin, Einde, Wijk. Dit ontbreekt: titel, veldwerkers."),
        ("lijst.csv", b"Dag,Naam\n1,2\n", "Gevonden: Dag, Naam. Dit ontbreekt: begin, einde, wijk, veldwerkers."),
        ("oud.xls", bytes.fromhex("d0cf11e0a1b11ae1"), "Dit is een oud Excel-bestand"),
        ("plaatje.csv", b"\x89PNG\r\n\x1a\n\x00", "Dit is geen tabel die ik kan lezen."),
    ):
        bram.send_document(content, name)
        await bram.wait_for(words)
    assert town.count("workshop") == [0]


BREAKING = (
    *("a cell of ten megabytes", "a cell at the far end", "more cells than anyone fills", "rows that hold nothing"),
    *("styles without end", "strings without end", "an old workbook of noise", "a broken zip", "three megabytes"),
    *("entities", "a bomb", "deep nesting", "half a sheet", "too many rows", "text named xlsx", "nothing"),
)


@pytest.mark.parametrize("name", BREAKING)
def test_a_file_that_was_made_to_break_its_reader_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotATable) as refused:
        find_plan(HOSTILE[name])
    assert refused.value.key.startswith("table.")


async def test_a_file_plans_in_ones_own_cities_only(town: Town) -> None:
    await town.fieldworker("Amina")
    await town.fieldworker("Lea", "leiden")
    amina, lea = town.code("Amina"), town.code("Lea")
    bram = await town.coordinator()
    header = (*HEADER, "Stad")
    rows = [[*row(amina, "Groen"), "Utrecht"], [*row(lea, "Blauw"), "leiden"], [*row(amina, "Rood"), ""]]
    bram.send_document(workbook(header, *rows), "alles.xlsx")
    await bram.wait_for("Rij 3: Dit mag alleen een coördinator van Leiden.")
    await bram.wait_for("Controleer dit:")
    await tap(bram, "Opslaan", "Opgeslagen: 2.")
    both = await town.coordinator("Bea", "utrecht", "leiden")
    both.send_document(workbook(header, *rows), "alles.xlsx")
    await both.wait_for("Rij 4: de stad is leeg.")
    await both.wait_for("Controleer dit:")
    assert any("Rij 2: deze workshop staat al in de planning: Groen." in one.text for one in both.messages)
    await tap(both, "Opslaan", "Opgeslagen: 1.")
    found = town.rows("SELECT city, title FROM workshop ORDER BY id")
    assert [(line["city"], line["title"]) for line in found] == [
        ("utrecht", "Groen"),
        ("utrecht", "Rood"),
        ("leiden", "Blauw"),
    ]


@pytest.mark.parametrize(("language", "step"), [("nl", "Sjabloon"), ("en", "Template")])
async def test_the_template_is_fetched_filled_in_and_sent_back(town: Town, language: str, step: str) -> None:
    await town.fieldworker("Amina")
    bram = town.play.phone("Bram", language=language)
    await town.invited(bram, Grant(Role.COORDINATOR, "utrecht"), "Bram")
    await bram.wait_for("/export")
    words = town.play.program.texts.say
    code = town.code("Amina")
    bram.say("/plan")
    await bram.wait_for(lambda message: offers(step, message))
    await tap(bram, step, words("plan.template", language))
    content = newest_file(bram)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"Amina" in archive.read(name) for name in archive.namelist())
    bram.send_document(content, "planning_utrecht.xlsx")
    await bram.wait_for(words("plan.file_empty", language))
    book = load_workbook(io.BytesIO(content))
    assert book.worksheets[1]["A2"].value == code
    assert len(book.worksheets[0].data_validations.dataValidation) == 4
    for place, value in enumerate((date(2026, 11, 20), time(19), time(21), None, "Zuilen", "Groen", code), start=1):
        book.worksheets[0].cell(3, place, value)
    stream = io.BytesIO()
    book.save(stream)
    bram.send_document(stream.getvalue(), "planning_utrecht.xlsx")
    save = town.play.program.texts.buttons("co.plan.confirm", language)[0]
    await bram.wait_for(lambda message: offers(save, message))
    await tap(bram, save, words("plan.saved", language, count=1).split(".")[0])
    assert town.count("workshop") == [1]
    holding = town.rows("SELECT code FROM export_person")
    assert [line["code"] for line in holding] == [code]
