"""What a person said last time comes back the next time, because the form asks for it."""

import json
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from bot.sandbox import Phone, sample_voice
from exports.period import everything
from exports.xforms import write_xforms
from handlers.delivery.exportfiles import make_files
from storage.database import snapshot
from tests.e2e.town import Town, local, say, tap

INTENTION = "Ik bel de corporatie."
COMES_BACK = f"De vorige keer nam je je voor: '{INTENTION}' Is dat gelukt?"


async def told(town: Town, phone: Phone, day: int, n: int = 11) -> None:
    """A reflection that is skipped as far as the question for the intention; `n` questions are announced."""
    await town.asked(phone, "Amina", ends_on=local(day, 16))
    await tap(phone, "1", f"Vraag 2 van {n}")
    for number in range(3, 11 + n - 11):
        await tap(phone, "Overslaan", f"Vraag {number} van {n}")


async def sent(phone: Phone, last: str = "Vraag 11 van 11") -> None:
    """The rest of it: no photo, and sent."""
    await phone.wait_for(last)
    await tap(phone, "Geen foto", "Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")


def hidden(town: Town) -> dict[str, str]:
    """The hidden fields of the newest session."""
    values: dict[str, str] = json.loads(town.rows("SELECT hidden FROM session ORDER BY id DESC LIMIT 1")[0]["hidden"])
    return values


async def intended(town: Town, phone: Phone, day: int = 18) -> None:
    """A whole reflection with an intention."""
    await told(town, phone, day)
    await say(phone, INTENTION, "Ik heb je bericht.")
    await tap(phone, "Klaar", "Vraag 11 van 11")
    await sent(phone)


async def test_the_intention_comes_back_at_the_next_reflection_and_leaves_with_it(town: Town) -> None:
    amina = await town.fieldworker()
    await intended(town, amina)
    assert hidden(town) == {"completed_count": "0"}
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    # Not held: there was nothing to tell, so that the intention waits for the time after.
    await tap(amina, "3", "Klopt alles?")
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.asked(amina, "Amina", ends_on=local(20, 14))
    await tap(amina, "1", COMES_BACK)
    assert "Vraag 2 van 12" in amina.last.text
    await tap(amina, "2", "Vraag 3 van 12")
    assert hidden(town) == {"completed_count": "1", "previous_next": INTENTION}
    for number in range(4, 13):
        await tap(amina, "Overslaan", f"Vraag {number} van 12")
    await sent(amina, "Vraag 12 van 12")
    place, desk = town.play.program.place, town.play.app.desk()
    utrecht = desk.city("utrecht")
    (made,) = make_files(place, desk, utrecht, everything(), "nl")
    codes = load_workbook(place.exports / made.file)["Codes"]
    names = [cell.value for cell in codes[1]]
    rows = [dict(zip(names, [cell.value for cell in row], strict=True)) for row in codes.iter_rows(min_row=2)]
    assert [(row["completed_count"], row["previous_next"], row["followup"]) for row in rows] == [
        (0, -88, -88),
        (1, INTENTION, -88),
        (1, INTENTION, "partly"),
    ]
    with snapshot(place.database) as database:
        (folder,) = write_xforms(database, desk.study, utrecht, everything(), place.exports)
    assert sum(f"<previous_next>{INTENTION}</previous_next>" in text for text in instances(folder)) == 2


def instances(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in folder.glob("*.xml")]


async def test_an_intention_that_was_taken_back_does_not_come_back(town: Town) -> None:
    amina = await town.fieldworker()
    await intended(town, amina)
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "10", f"Je eerdere antwoord was: {INTENTION}")
    await tap(amina, "Overslaan", "Je antwoorden zijn bewaard.")
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    await tap(amina, "1", "Wie zaten er aan tafel?")
    assert hidden(town) == {"completed_count": "1"}


async def test_an_answer_that_no_longer_applies_does_not_come_back(town: Town) -> None:
    amina = await town.fieldworker()
    await intended(town, amina)
    await say(amina, "/antwoorden", "Welk antwoord wil je wijzigen?")
    await tap(amina, "1", "Je eerdere antwoord was: Ja, zoals gepland")
    await tap(amina, "4", "Je antwoorden zijn bewaard.")
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    await tap(amina, "1", "Wie zaten er aan tafel?")
    assert hidden(town) == {"completed_count": "0"}


async def test_a_spoken_intention_is_named_as_one_in_the_language_of_now(town: Town) -> None:
    amina = await town.fieldworker()
    await told(town, amina, 18)
    amina.send_voice(sample_voice(), 4)
    await amina.wait_for("Ik heb je bericht.")
    await tap(amina, "Klaar", "Vraag 11 van 11")
    await sent(amina)
    await town.asked(amina, "Amina", ends_on=local(19, 16))
    await tap(amina, "1", "De vorige keer nam je je voor: 'je spraakbericht van 18 november 2026' Is dat gelukt?")


async def test_every_fourth_reflection_asks_what_changed_most(town: Town) -> None:
    amina = await town.fieldworker()
    await intended(town, amina)
    again(town, local(17, 17), local(17, 18))
    await town.asked(amina, "Amina", ends_on=local(20, 16))
    assert hidden(town)["completed_count"] == "3"
    amina.tap("1")
    await amina.wait_for("Vraag 2 van 13")
    for number in range(3, 12):
        await tap(amina, "Overslaan", f"Vraag {number} van 13")
    await tap(amina, "Overslaan", "Vraag 12 van 13\nWat is volgens jou de belangrijkste verandering in de wijk")


def again(town: Town, *sent_on: datetime) -> None:
    """The one reflection there is was told at these times too, about workshops of their own."""
    for number, moment in enumerate(sent_on, start=2):
        copy(town, "workshop", id=str(number), title=f"'Nog {number}'")
        copy(town, "prompt", id=str(number), workshop_id=str(number))
        sent = f"'{moment:%Y-%m-%dT%H:%M:%S}.000Z'"
        copy(town, "session", id=str(number), prompt_id=str(number), instance_id=f"'{number}'", completed_on=sent)


def copy(town: Town, table: str, **other: str) -> None:
    """The table's first row once more, with these columns of its own."""
    names = [row["name"] for row in town.rows(f"SELECT name FROM pragma_table_info('{table}')")]
    wanted = ", ".join(other.get(name, name) for name in names)
    town.run(f"INSERT INTO {table} ({', '.join(names)}) SELECT {wanted} FROM {table} WHERE id = 1")
