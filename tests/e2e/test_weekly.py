"""What goes out by itself on Monday, and what coordinators and investigators ask for in between."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.sandbox import Phone, Sandbox
from fieldwork.people import Grant, Role
from fieldwork.schedule import Week
from storage import jobs
from tests.e2e.town import Town, local, reply, say, stopped_clock, tap, town

MONDAY = local(23, 7)
FILE = "utrecht_2026-W47_wijkwerkplaats_reflectie.xlsx"
ODD_NAME = "Xanthippe 0612345678"
SHEETS = [
    *("Overzicht", "Reflecties", "Codes", "Open antwoorden", "Sessies", "Respons", "Werkplaatsen", "Codeboek"),
    *("Wijzigingen", "Over deze export"),
]


def made(place: Town) -> list[str]:
    """The files in the exports folder."""
    return sorted(path.name for path in place.play.program.place.exports.rglob("*") if path.is_file())


def documents(phone: Phone) -> list[str]:
    return [message.document.name for message in phone.messages if message.document]


def codes_in(content: bytes) -> list[dict[str, object]]:
    """The rows of the sheet Codes, by variable."""
    header, *rows = load_workbook(io.BytesIO(content), read_only=True)["Codes"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def document(phone: Phone) -> bytes:
    """The newest file the phone got."""
    return next(message.document.content for message in reversed(phone.messages) if message.document)


def unzipped(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            yield file.read(name)


async def a_week(place: Town, *names: str, city: str = "utrecht") -> list[Phone]:
    """One workshop, and everybody named sends a reflection on it."""
    phones = [await place.fieldworker(name, city) for name in names]
    place.workshop(*names, ends_on=local(18, 16), city=city)
    await place.play.forward_to(local(18, 16, 15))
    for phone, name in zip(phones, names, strict=True):
        await tap(phone, "Start", "Vraag 1 van 11")
        await tap(phone, "1", "Vraag 2 van 11")
        await tap(phone, "Overslaan", "Vraag 3 van 11")
        await tap(phone, "4", "Vraag 4 van 11")
        await say(phone, f"Woorden uit {city} nummer {len(name)}", "Ik heb je bericht.")
        await tap(phone, "Klaar", "Vraag 5 van 11")
        for number in range(6, 12):
            await tap(phone, "Overslaan", f"Vraag {number} van 11")
        await tap(phone, "Geen foto", "Klopt alles?")
        await tap(phone, "Ja, versturen", "Verstuurd.")
    return phones


async def test_monday_at_seven_each_citys_workbook_is_made_and_kept(town: Town) -> None:
    await a_week(town, "Amina")
    await a_week(town, "Lea", city="leiden")
    await town.play.forward_to(MONDAY - timedelta(minutes=1))
    assert made(town) == []
    await town.play.forward_to(MONDAY)
    assert made(town) == ["leiden_2026-W47_wijkwerkplaats_reflectie.xlsx", FILE]
    content = (town.play.program.place.exports / FILE).read_bytes()
    assert load_workbook(io.BytesIO(content)).sheetnames == SHEETS
    (row,) = codes_in(content)
    assert (row["person_code"], row["city"], row["held"], row["influence"]) == (
        town.code("Amina"),
        "Utrecht",
        "as_planned",
        4,
    )
    finished = town.rows("SELECT city FROM ledger WHERE work = 'workbook' AND week = '2026-W47' AND made <> '[]'")
    assert sorted(entry["city"] for entry in finished) == ["leiden", "utrecht"]


async def test_at_half_past_eight_it_goes_to_that_citys_coordinators_only(town: Town) -> None:
    await a_week(town, "Amina")
    bram, olga = await town.coordinator(), await town.coordinator("Olga")
    other, carla = await town.coordinator("Daan", "leiden"), await town.investigator()
    await town.play.forward_to(local(23, 8, 29))
    assert documents(bram) == []
    await town.play.forward_to(local(23, 8, 30))
    kept = (town.play.program.place.exports / FILE).read_bytes()
    for phone in (bram, olga):
        assert documents(phone) == [FILE]
        assert document(phone) == kept
        assert "1 reflectie, van 1 veldwerker, over 1 workshop." in phone.last.text
    assert documents(other) == documents(carla) == []
    assert other.last.text == "Leiden, week 47: er waren geen workshops en geen antwoorden. De bot werkt."


async def test_the_digest_hides_counts_under_three_and_brings_a_picture(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora")
    await a_week(town, "Lea", "Mo", city="leiden")
    carla = await town.investigator()
    await town.play.forward_to(local(23, 8, 30))
    digest = next(message.text for message in carla.messages if message.text.startswith("Weekbericht"))
    assert digest.startswith("Weekbericht Crafting Resilience, week 47")
    assert "Leiden: niet getoond" in digest
    assert "Leiden: 2" not in digest
    assert not any(line.startswith("Utrecht: 3 van 3") for line in digest.splitlines()), "it would give Leiden away"
    pictures = [message.photo for message in carla.messages if message.photo]
    assert all(picture.content.startswith(b"\x89PNG") for picture in pictures)
    caption = next(message.text for message in carla.messages if message.photo)
    assert "Utrecht niet getoond" in caption


async def test_a_city_with_three_is_shown(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora")
    carla = await town.investigator()
    await town.play.forward_to(local(23, 8, 30))
    assert any("Utrecht: 3 van 3 (100%)" in message.text for message in carla.messages)


async def test_each_line_has_its_own_digest_and_nobody_else_gets_one(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora")
    carla, dirk, bram = await town.investigator(), await town.investigator("Dirk", "L2"), await town.coordinator()
    await town.play.forward_to(local(23, 8, 30))
    texts = {
        phone.person.first_name: [one.text for one in phone.messages if one.text.startswith("Weekbericht")]
        for phone in (carla, dirk, bram)
    }
    assert [len(texts[name]) for name in ("Carla", "Dirk", "Bram")] == [1, 1, 0]
    assert "bestuurlijke verhoudingen:" in texts["Carla"][0].casefold()
    assert "bestuurlijke verhoudingen:" not in texts["Dirk"][0].casefold()


async def test_an_empty_week_says_so(town: Town) -> None:
    bram, carla = await town.coordinator(), await town.investigator()
    await town.play.forward_to(local(23, 8, 30))
    assert bram.last.text == "Utrecht, week 47: er waren geen workshops en geen antwoorden. De bot werkt."
    assert carla.last.text == "Weekbericht Crafting Resilience, week 47: er waren geen workshops. De bot werkt."
    assert made(town) == []


async def test_after_three_weeks_off_every_week_is_made_and_sent_once(tmp_path: Path) -> None:
    clock = stopped_clock()
    async with Sandbox(clock.now) as sandbox:
        async with town(tmp_path, clock, sandbox) as before:
            await a_week(before, "Amina")
            bram = await before.coordinator()
            await before.settled()
        clock.forward_to(datetime(2026, 12, 9, 11, tzinfo=UTC))
        for _ in range(2):
            async with town(tmp_path, clock, sandbox) as after:
                await after.play.forward(minutes=30)
        async with town(tmp_path, clock, sandbox) as after:
            await after.play.app.at_rest()
            weeks = after.rows("SELECT week, finished_on FROM ledger WHERE work = 'workbook' AND city = 'utrecht'")
            assert [row["week"] for row in weeks] == ["2026-W46", "2026-W47", "2026-W48", "2026-W49"]
            assert all(row["finished_on"] for row in weeks[1:])
            assert made(after) == [FILE]
        assert documents(bram) == [FILE]
        assert sum("week 48: er waren geen" in message.text for message in bram.messages) == 1
        assert sum("week 49: er waren geen" in message.text for message in bram.messages) == 1


@pytest.mark.parametrize(
    ("begins_on", "seven"),
    [
        (datetime(2027, 3, 24, 9, tzinfo=UTC), datetime(2027, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 10, 21, 9, tzinfo=UTC), datetime(2026, 10, 26, 6, tzinfo=UTC)),
    ],
)
async def test_seven_oclock_is_seven_on_dutch_clocks_the_day_after_they_change(
    tmp_path: Path, begins_on: datetime, seven: datetime
) -> None:
    week = Week.of(begins_on, ZoneInfo("Europe/Amsterdam"))
    async with town(tmp_path, stopped_clock(begins_on)) as place:

        def done(work: str) -> bool:
            sql = "SELECT 1 FROM ledger WHERE work = :work AND city = 'utrecht' AND week = :week"
            return bool(place.rows(sql, work=work, week=str(week)))

        for work, hour in (("workbook", seven), ("delivery", seven + timedelta(minutes=90))):
            await place.play.forward_to(hour - timedelta(minutes=1))
            assert not done(work)
            await place.play.forward_to(hour)
            assert done(work)


async def test_a_workbook_holds_no_name_no_number_and_no_telegram_id(town: Town) -> None:
    (phone,) = await a_week(town, ODD_NAME)
    bram = await town.coordinator("Barnabas")
    await say(bram, "/export", "Export voor Utrecht. Welke periode?")
    await tap(bram, "Deze week", "Export klaar:")
    for part in unzipped(document(bram)):
        for secret in (b"Xanthippe", b"0612345678", b"Barnabas", str(phone.id).encode(), str(bram.id).encode()):
            assert secret not in part
    assert any(town.code(ODD_NAME).encode() in part for part in unzipped(document(bram)))


async def test_export_gives_the_period_that_was_asked_for_of_ones_own_city_only(town: Town) -> None:
    (amina,) = await a_week(town, "Amina")
    await a_week(town, "Lea", city="leiden")
    bram = await town.coordinator()
    await town.play.forward_to(local(25, 10))
    await town.reflected(amina, "Amina", ends_on=local(25, 16), words="Een tweede week")
    for label, name, moments in (
        ("Deze week", "utrecht_2026-W48_wijkwerkplaats_reflectie.xlsx", ["Een tweede week"]),
        ("Vorige week", FILE, ["Woorden uit utrecht nummer 5"]),
        ("Alles", None, ["Woorden uit utrecht nummer 5", "Een tweede week"]),
    ):
        await say(bram, "/export", "Welke periode?")
        await tap(bram, label, "Export klaar:")
        rows = codes_in(document(bram))
        assert [row["moment"] for row in rows] == moments
        assert {row["city"] for row in rows} == {"Utrecht"}
        assert name in (documents(bram)[-1], None)
        assert not any(b"leiden nummer" in part for part in unzipped(document(bram)))


async def test_an_export_is_noted_with_what_left(town: Town) -> None:
    await a_week(town, "Amina")
    bram = await town.coordinator()
    await say(bram, "/export", "Welke periode?")
    await tap(bram, "Deze week", "Export klaar:")
    (entry,) = town.rows("SELECT person_id, city, subject FROM audit WHERE verb = 'exported'")
    assert (entry["person_id"], entry["city"]) == (town.person("Bram"), "utrecht")
    assert FILE in entry["subject"]


async def test_who_may_no_longer_export_gets_nothing_of_what_was_ordered(town: Town) -> None:
    await a_week(town, "Lea", city="leiden")
    bram = await town.coordinator()
    seen = len(bram.messages)
    with town.play.in_transaction() as tx:
        jobs.add(tx, "export", {"city": "leiden", "week": "", "person": town.person("Bram")}, town.play.clock.now())
    town.play.app.wake()
    await town.play.app.at_rest()
    assert [row["state"] for row in town.rows("SELECT state FROM job WHERE kind = 'export'")] == ["done"]
    assert len(bram.messages) == seen


async def test_an_export_of_nothing_says_so(town: Town) -> None:
    bram = await town.coordinator()
    await say(bram, "/export", "Welke periode?")
    await tap(bram, "Alles", "Er zijn geen antwoorden in deze periode. Ik heb geen bestand gemaakt.")
    assert documents(bram) == []


async def test_digest_gives_an_investigator_last_weeks_summary_at_once(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora")
    await town.play.forward_to(local(24, 10))
    carla = await town.investigator()
    assert await reply(carla, "/digest") == "Ik maak het weekbericht. Dat duurt even."
    await carla.wait_for("Weekbericht Crafting Resilience, week 47")
    await carla.until(lambda: any(message.photo for message in carla.messages))


async def test_a_week_is_told_in_the_same_figures_whatever_changed_since(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora", "Dora")
    carla = await town.investigator()
    await town.play.forward_to(local(23, 8, 30))
    (first,) = (message for message in carla.messages if message.text.startswith("Weekbericht"))
    assert "Utrecht: 4 van 4 (100%)" in first.text
    assert "gemiddeld 4,0 (4 antwoorden)" in first.text
    town.run("UPDATE answer SET value = '1' WHERE path LIKE '%/influence' AND session_id = 1")
    town.run("UPDATE prompt SET state = 'expired' WHERE person_id = :id", id=town.person("Dora"))
    town.run("UPDATE session SET is_test = 1 WHERE person_id = :id", id=town.person("Dora"))
    await reply(carla, "/digest")
    await town.settled()
    texts = [message.text for message in carla.messages if message.text.startswith("Weekbericht")]
    assert texts == [first.text, first.text]


async def test_an_investigator_of_two_lines_picks_one(town: Town) -> None:
    await a_week(town, "Amina", "Bilal", "Cora")
    carla = await town.investigator()
    await town.invited(carla, Grant(Role.INVESTIGATOR, line="L3"))
    await carla.wait_for("onderzoeker van de lijn ‘Frictie")
    await town.play.forward_to(local(24, 10))
    await say(carla, "/digest", "Voor welke onderzoekslijn?")
    before = sum(message.text.startswith("Weekbericht") for message in carla.messages)
    await tap(carla, "Frictie en dilemma's", "Weekbericht Crafting Resilience, week 47")
    await town.settled()
    assert sum(message.text.startswith("Weekbericht") for message in carla.messages) == before + 1
