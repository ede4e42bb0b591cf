"""Files for analysis: asked for in the chat, and sent every week where that is switched on."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

from bot.sandbox import Phone
from exports.formats import OFFERED, Format
from fieldwork.people import Grant, Role
from fieldwork.schedule import Week
from handlers.delivery.mailing import workbooks_of
from storage import jobs
from tests.e2e.test_erasing import erase
from tests.e2e.test_own_reflections import told_with_media
from tests.e2e.town import Town, data_under, local, say, tap, town
from tests.exports.test_leaks import insides

UNDER_CODES = (Format.WORKBOOK, Format.ZIP, Format.QDPX, Format.SURVEY, Format.PACKAGE)
"""Formats in which people stand under their code and the bytes can be searched; a deposit has codes of its own."""
WITH_SESSIONS = (Format.WORKBOOK, Format.ZIP)
STALE = "Deze knop hoort bij een oude vraag."


def newest(phone: Phone) -> tuple[str, bytes]:
    """The file the phone got last: its name and content."""
    document = next(message.document for message in reversed(phone.messages) if message.document)
    return document.name, document.content


async def test_another_file_than_the_workbook_is_two_taps_more(town: Town) -> None:
    amina = await town.fieldworker()
    await told_with_media(town, amina)
    bram = await town.coordinator()
    await say(bram, "/export", "Export voor Utrecht. Welke periode?")
    await tap(bram, "Ander bestand", "Export voor Utrecht. Welk bestand?")
    await tap(bram, "Zip met foto's", "Zip met foto's voor Utrecht. Welke periode?")
    data, message = data_under(bram, "Alles")
    await tap(bram, "Alles", "Export klaar: utrecht_all_wijkwerkplaats_reflectie.zip")
    name, content = newest(bram)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert name == "utrecht_all_wijkwerkplaats_reflectie.zip"
    assert names[0] == "utrecht_all_wijkwerkplaats_reflectie.xlsx"
    assert sorted(one.partition("-")[0] for one in names[1:]) == ["media/photo", "media/photo", "media/voice"]
    noted = town.rows("SELECT verb, subject FROM audit WHERE verb LIKE 'export%' ORDER BY id")
    assert [row["subject"].split()[0] for row in noted] == ["zip", "zip"]
    held = town.rows("SELECT file FROM export e JOIN export_reader r ON r.export_id = e.id")
    assert [row["file"].partition("/")[2] for row in held] == [name]
    # A button that was forged, or kept from a time when the person was a coordinator here, gives nothing.
    for forged in ("d:{id}:0:export:all-exe", "d:{id}:0:file:exe", "d:{id}:1:export:all-zip", "d:{id}:1:file:zip"):
        bram.tap_data(forged.format(id=town.person("Bram")), message)
        await bram.wait_for(STALE)
    town.run("DELETE FROM role_grant WHERE role = 'coordinator'")
    bram.tap_data(data, message)
    await bram.wait_for(STALE)
    assert len(town.rows("SELECT 1 FROM job WHERE kind = 'export'")) == 1
    (path,) = [town.play.program.place.exports / row["file"] for row in held]
    await town.play.jump_to(town.play.clock.now() + timedelta(days=6))
    assert path.exists()
    await town.play.jump_to(town.play.clock.now() + timedelta(days=2))
    assert not path.exists(), "photos and recordings are not kept longer here because somebody asked for them"
    sql = "SELECT p.code FROM export_person p JOIN export e ON e.id = p.export_id WHERE e.file = :file"
    recorded = [row["code"] for row in town.rows(sql, file=held[0]["file"])]
    assert recorded == [town.code("Amina")], "what was given stays on record"


async def test_what_is_switched_on_goes_out_every_week_in_one_archive(tmp_path: Path) -> None:
    async with town(tmp_path, weekly=(Format.WORKBOOK, *OFFERED)) as place:
        amina, bram = await place.fieldworker(), await place.coordinator()
        await place.reflected(amina, "Amina", ends_on=local(18, 16), words="Een bewoner nam het woord.")
        await place.play.forward_to(local(23, 9))
        await bram.wait_for("Export klaar: utrecht_2026-W47_wijkwerkplaats_reflectie.zip")
        with zipfile.ZipFile(io.BytesIO(newest(bram)[1])) as archive:
            names = archive.namelist()
        assert len(names) == len(OFFERED)
        assert all(name.startswith("utrecht_2026-W47_wijkwerkplaats_reflectie") for name in names)
        enclosed = workbooks_of(place.play.program.place, place.play.app.desk(), Week.parse("2026-W47"))
        assert [one.file for made in enclosed.values() for one in made] == [
            "mailed/utrecht_2026-W47_wijkwerkplaats_reflectie.xlsx"
        ], "an e-mail holds workbooks, which a password can lock"
        (entry,) = place.rows("SELECT subject FROM audit WHERE verb = 'delivered'")
        assert entry["subject"].startswith("+".join((Format.WORKBOOK, *OFFERED)) + " utrecht_2026-W47_")


async def test_who_is_erased_is_recalled_from_every_format_and_is_in_none_made_after(town: Town) -> None:
    gone, stays = await town.fieldworker(), await town.fieldworker("Bilal")
    await town.coordinator()
    dana = town.play.phone("Dana")
    await town.invited(dana, Grant(Role.STEWARD))
    await dana.wait_for("/erasures")
    await town.reflected(gone, "Amina", ends_on=local(18, 16), words="Egelmarkering")
    await town.reflected(stays, "Bilal", ends_on=local(19, 16), words="Blijfmarkering")
    code = town.code("Amina")
    before = await every_format(town)
    assert all(any(code.encode() in part for part in insides(before[kind])) for kind in UNDER_CODES)
    await erase(gone)
    await town.settled()
    assert not any((town.play.program.place.exports / path).exists() for path in files_given(town))
    await say(dana, "/erasures", f"code {code}")
    assert [name for name in files_given(town) if name not in dana.last.text] == []
    assert len(files_given(town)) == len(before) == len(OFFERED) + 1
    after = await every_format(town)
    for kind, content in after.items():
        # The workbook's sheet of sessions says that somebody was asked who is erased now.
        sought = (b"Egelmarkering",) if kind in WITH_SESSIONS else (b"Egelmarkering", code.encode())
        assert [part for part in insides(content) if any(word in part for word in sought)] == [], kind


def files_given(town: Town) -> list[str]:
    """The first so many files that were given to anybody."""
    sql = "SELECT DISTINCT e.file FROM export e JOIN export_reader r ON r.export_id = e.id ORDER BY e.id LIMIT :most"
    return [row["file"] for row in town.rows(sql, most=len(OFFERED) + 1)]


async def every_format(town: Town) -> dict[Format, bytes]:
    """Have Bram given a file of each, as a tap orders it."""
    before = {row["file"] for row in town.rows("SELECT file FROM export")}
    with town.play.in_transaction() as tx:
        for kind in (Format.WORKBOOK, *OFFERED):
            detail = {"city": "utrecht", "week": "", "person": town.person("Bram"), "as": kind}
            jobs.add(tx, "export", detail, town.play.clock.now())
    town.play.app.wake()
    await town.play.app.at_rest()
    made = town.rows("SELECT subject, id FROM audit WHERE verb = 'exported' ORDER BY id")[-len(OFFERED) - 1 :]
    files = {Format(row["subject"].split()[0]): row["subject"].split()[1] for row in made}
    assert not before & set(files.values())
    return {kind: (town.play.program.place.exports / file).read_bytes() for kind, file in files.items()}
