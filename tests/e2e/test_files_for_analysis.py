"""Files for analysis: asked for in the chat, and sent every week where that is switched on."""

import io
import zipfile
from pathlib import Path

from bot.sandbox import Phone
from exports.formats import OFFERED, Format
from tests.e2e.test_own_reflections import told_with_media
from tests.e2e.town import Town, data_under, local, say, tap, town

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
        (entry,) = place.rows("SELECT subject FROM audit WHERE verb = 'delivered'")
        assert entry["subject"].startswith("+".join((Format.WORKBOOK, *OFFERED)) + " utrecht_2026-W47_")
