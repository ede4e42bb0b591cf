"""A questionnaire with every type of the subset, walked whole in the chat: once by tapping, once by typing."""

import io

from openpyxl import load_workbook

from bot.sandbox import Phone, sample_clip, sample_photo, sample_voice
from tests.e2e.town import FIRST_END, Town, offers, say, tap
from tests.kitchen import Row, kitchen, row, workbook


async def asked(town: Town, phone: Phone, content: bytes, start: str = "Start") -> Phone:
    """Amina is asked the questions of this workbook; the phone of the coordinator who sent it."""
    bram = await town.coordinator()
    bram.send_document(content, "alles.xlsx")
    await bram.wait_for("ik vind geen fouten")
    await tap(bram, "Gebruiken", "Nieuwe workshops in Utrecht krijgen")
    town.workshop("Amina", ends_on=FIRST_END)
    await town.play.forward(hours=6, minutes=20)
    phone.tap(start)
    return bram


async def asked_only(town: Town, *questions: Row, with_media: bool = True) -> Phone:
    """Amina is asked these questions and sees the first."""
    amina = await town.fieldworker(with_media=with_media)
    await asked(town, amina, workbook(questions))
    await amina.wait_for(f"Vraag 1 van {len(questions)}")
    return amina


async def told(phone: Phone, words: str, expected: str) -> None:
    """An open answer, closed with Klaar."""
    await say(phone, words, "Ik heb je bericht.")
    await tap(phone, "Klaar", expected)


async def test_every_type_is_answered_by_tapping_and_sending(town: Town) -> None:
    amina = await town.fieldworker()
    bram = await asked(town, amina, kitchen())
    await amina.wait_for("Hoe heet het plein?")
    await told(amina, "Neude", "Hoeveel mensen waren er op Neude?")
    assert "Rond Neude." in amina.last.text
    assert "Voorstel: 12" in amina.last.text
    await tap(amina, "Uitleg", "Tel ook de kinderen mee.")
    await tap(amina, "Houden", "Welk deel sprak?")
    await say(amina, "0,5", "Waar was het?")
    assert any("Twee keer zoveel is\n→ 24" in message.text for message in amina.messages)
    await tap(amina, "Anders", "Anders, namelijk:")
    await told(amina, "In de tuin", "Wie waren er?")
    await tap(amina, "Niemand", "Gekozen: Niemand")
    for label in ("Bewoners", "Politie", "Jongeren"):
        await tap(amina, label, f"{label}\n" if label == "x" else label)
    await tap(amina, "Klaar", "Kies er hooguit twee.")
    await tap(amina, "✓ Jongeren", "Gekozen: Bewoners, Politie")
    await tap(amina, "Klaar", "Hoe was de sfeer?")
    await tap(amina, "4", "Hoeveel procent?")
    assert "Typ een getal van 0 tot en met 100." in amina.last.text
    await say(amina, "101", "Stuur een getal van 0 tot en met 100.")
    await say(amina, "80", "Deel geen namen.")
    await tap(amina, "Gelezen", "Op welke dag?")
    assert "Voorstel: 18 november 2026" in amina.last.text
    await tap(amina, "Gisteren", "Hoe laat?")
    await tap(amina, "Nu", "Wanneer precies?")
    await tap(amina, "Nu", "Waar stond je?")
    assert "tik op de paperclip en kies Locatie" in amina.last.text
    amina.send_location(52.0907, 5.1214, 12)
    await amina.wait_for("Stuur een foto.")
    amina.send_photo(sample_photo())
    await amina.wait_for("Stuur geluid.")
    amina.send_voice(sample_voice(), 4)
    await amina.wait_for("Stuur een filmpje.")
    amina.send_clip(sample_clip())
    await amina.wait_for("Stuur een verslag.")
    amina.send_document(b"%PDF-1.7 verslag", "verslag.pdf")
    await amina.wait_for("Wat is het plan?")
    await told(amina, "Een bankje", "Wie sprak?")
    await told(amina, "Een oudere bewoner", "Nog een: gast?")
    await tap(amina, "Ja", "Wie sprak?")
    await told(amina, "Een jongere", "Nog een: gast?")
    await tap(amina, "Nee", "Is stap 1 klaar?")
    await tap(amina, "Ja", "Is stap 2 klaar?")
    await tap(amina, "Nee", "Klopt alles?")
    for words in ("→ 52.0907, 5.1214 (± 12 m)", "→ 17 november 2026", "→ Anders", "→ bestand ontvangen", "→ 0,5"):
        assert words in amina.last.text, words
    await tap(amina, "Ja, versturen", "Verstuurd.")
    await town.settled()
    answers = town.answers()
    assert answers.pop("hour") == "16:20:00"
    assert answers.pop("moment") == "2026-11-18T16:20:00"
    assert answers == {
        "name": "Neude",
        "people": "12",
        "share": "0.5",
        "place": "other",
        "place_other": "In de tuin",
        "present": "residents police",
        "mood": "4",
        "percent": "80",
        "seen": "OK",
        "day": "2026-11-17",
        "spot": "52.0907 5.1214 0 12",
        "picture": "photo-1.jpg",
        "sound": "voice-2.ogg",
        "film": "video-3.webm",
        "paper": "file-4.pdf",
        "plan": "Een bankje",
        "first": "Een jongere",
        "guest[2]": "yes",
        "guest[3]": "no",
        "done": "n",
    }
    kept = town.rows("SELECT file, state, mime FROM media ORDER BY id")
    assert [(one["file"], one["state"], one["mime"]) for one in kept] == [
        ("photo-1.jpg", "kept", "image/jpeg"),
        ("voice-2.ogg", "kept", "audio/ogg"),
        ("video-3.webm", "kept", "video/webm"),
        ("file-4.pdf", "kept", "application/pdf"),
    ]
    cells = await exported(bram)
    assert {"52.0907, 5.1214 (± 12 m)", "2026-11-17", "video-3.webm"} <= cells


async def exported(phone: Phone) -> set[str]:
    """What stands in the sheet for readers of the city's workbook."""
    await say(phone, "/export", "Welke periode?")
    phone.tap("Alles")
    made = await phone.wait_for(lambda message: message.document is not None)
    assert made.document is not None
    sheet = load_workbook(io.BytesIO(made.document.content))["Reflecties"]
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


async def test_every_type_is_answered_by_typing_in_english(town: Town) -> None:
    amina = await town.fieldworker(language="en", with_media=False)
    await asked(town, amina, kitchen())
    await amina.wait_for("What is the square called?")
    steps = (
        ("Neude", "I have your message."),
        ("done", "How many people were at Neude?"),
        ("explanation", "Count the children, too."),
        ("ok", "Which share spoke?"),
        ("0.5", "Where was it?"),
        ("In the hall", "Who was there?"),
        ("1 and 4", "cannot go with another"),
        ("Residents, Young people", "How was the mood?"),
        ("2", "What percentage?"),
        ("80", "Share no names."),
        ("read", "On which day?"),
        ("yesterday", "At what time?"),
        ("now", "When exactly?"),
        ("17-11-2026 14:30", "Where did you stand?"),
        ("somewhere", "I do not recognise that place."),
        ("52.09, 5.12", "Send a picture."),
        ("skip", "Send sound."),
        ("skip", "Send a film."),
        ("skip", "Send a report."),
        ("skip", "Who spoke?"),
        ("An elder", "I have your message."),
        ("done", "Another one: guest?"),
        ("no", "Is step 1 done?"),
        ("yes", "Is step 2 done?"),
        ("yes", "Is everything correct?"),
        ("yes", "Sent."),
    )
    for words, expected in steps:
        await say(amina, words, expected)
    answers = town.answers()
    wanted = {"people": "12", "share": "0.5", "place": "hall", "present": "residents youth", "mood": "2"}
    wanted |= {"day": "2026-11-17", "hour": "16:20:00", "moment": "2026-11-17T14:30:00", "spot": "52.09 5.12 0 0"}
    assert {name: answers[name] for name in wanted} == wanted


async def test_a_suggestion_counts_only_where_it_is_kept(town: Town) -> None:
    rows = [row("integer", f"n{i}", f"Getal {i}?", f"Number {i}?", default="12") for i in range(3)]
    amina = await asked_only(town, *rows)
    await tap(amina, "Overslaan", "Getal 1?")
    await say(amina, "7", "Getal 2?")
    await tap(amina, "Houden", "Klopt alles?")
    assert town.answers() == {"n0": "skipped", "n1": "7", "n2": "12"}


async def test_a_place_comes_as_venue_or_live_and_its_later_steps_change_nothing(town: Town) -> None:
    amina = await asked_only(
        town, row("geopoint", "a", "Waar?", "Where?"), row("geopoint", "b", "Waar nog?", "Where else?")
    )
    amina.send_location(52.1, 5.2, venue="Buurthuis")
    await amina.wait_for("Waar nog?")
    live = amina.send_location(52.3, 5.4, 8, live_seconds=900)
    await amina.wait_for("Klopt alles?")
    amina.move(live, 53, 6)
    await town.settled()
    assert town.answers() == {"a": "52.1 5.2 0 0", "b": "52.3 5.4 0 8"}


async def test_the_wrong_kind_of_file_is_told_with_what_fits(town: Town) -> None:
    amina = await asked_only(town, row("video", "film", "Film?", "Film?"), row("audio", "sound", "Geluid?", "Sound?"))
    amina.send_photo(sample_photo())
    await amina.wait_for("Je stuurde een foto. Hier past een video.")
    await say(amina, "hier is hij", "Hier past een bestand.")
    amina.send_clip(sample_clip(), "video_note")
    await amina.wait_for("Geluid?")
    amina.send_document(sample_clip(), "film.mp4")
    await amina.wait_for("Je stuurde een video. Hier past geluid.")
    amina.send_clip(b"ID3" + bytes(200), "audio")
    await amina.wait_for("Klopt alles?")
    await town.settled()
    kept = town.rows("SELECT file, state, mime FROM media ORDER BY id")
    assert [tuple(one) for one in kept] == [
        ("video-1.mp4", "kept", "video/webm"),
        ("voice-2.mp3", "kept", "audio/mpeg"),
    ]


async def test_a_file_that_is_not_what_it_is_called_is_not_kept_and_told(town: Town) -> None:
    amina = await asked_only(town, row("video", "film", "Mag een film?", "Film?"), row("file", "paper", "Stuk?", "P?"))
    amina.send_document(b"MZ\x90\x00 a program", "film.mp4")
    await amina.wait_for("Het bestand bij deze vraag kon ik niet bewaren: Mag een film?")
    amina.send_document(b"\x7fELF\x02\x01\x01\x00", "verslag.pdf")
    await amina.wait_for("Het bestand bij deze vraag kon ik niet bewaren: Stuk?")
    await town.settled()
    assert [row["state"] for row in town.rows("SELECT state FROM media")] == ["lost", "lost"]
    assert list(town.play.program.media.iterdir()) == []


async def test_a_film_over_twenty_megabytes_is_refused_before_it_is_fetched(town: Town) -> None:
    amina = await asked_only(town, row("video", "film", "Film?", "Film?"))
    amina.send_clip(bytes(20 * 1024 * 1024 + 1))
    await amina.wait_for("Dit bestand is te groot. Ik kan bestanden tot 20 MB bewaren.")
    assert town.count("media", "job") == [0, 1]
    assert len(town.play.sandbox.calls.of("getFile")) == 1, "the workbook's"


async def test_a_picture_sent_as_a_file_loses_where_it_was_taken(town: Town) -> None:
    amina = await asked_only(town, row("file", "paper", "Bestand?", "File?"))
    amina.send_document(sample_photo(), "flap.jpg")
    await amina.wait_for("Klopt alles?")
    await town.settled()
    (kept,) = town.play.program.media.iterdir()
    assert b"Exif" in sample_photo()
    assert b"Exif" not in kept.read_bytes()


async def test_without_permission_no_film_or_file_is_kept(town: Town) -> None:
    amina = await asked_only(town, row("video", "film", "Film?", "Film?"), with_media=False)
    assert "Sla deze vraag dus over." in amina.last.text
    amina.send_clip(sample_clip())
    await amina.wait_for("Dit bestand bewaar ik niet.")
    assert town.count("media") == [0]


async def test_an_instance_of_a_repeat_is_changed_and_taken_away_from_the_overview(town: Town) -> None:
    rows = (
        row("begin_repeat", "guest", "gast", "guest"),
        row("text", "first", "Wie?", "Who?"),
        row("end_repeat", "", "", ""),
    )
    amina = await town.fieldworker()
    await asked(town, amina, workbook(rows))
    await amina.wait_for("Vraag 1 van")
    for words in ("Een", "Twee", "Drie"):
        await told(amina, words, "Nog een: gast?")
        await tap(amina, "Nee" if words == "Drie" else "Ja", "Klopt alles?" if words == "Drie" else "Wie?")
    assert "3. Wie? (2)\n→ Twee" in amina.last.text
    await tap(amina, "Iets wijzigen", "Welk antwoord wil je wijzigen?")
    await tap(amina, "3", "Je eerdere antwoord was: Twee")
    await told(amina, "Tweede", "Klopt alles?")
    await tap(amina, "Iets wijzigen", "Welk antwoord wil je wijzigen?")
    await tap(amina, "4", "Je eerdere antwoord was: Ja")
    await tap(amina, "Nee", "Klopt alles?")
    assert "Drie" not in amina.last.text
    assert "Tweede" in amina.last.text


async def test_a_repeat_ends_at_twenty(town: Town) -> None:
    rows = (
        row("begin_repeat", "guest", "gast", "guest"),
        row("integer", "age", "Leeftijd?", "Age?"),
        row("end_repeat", "", "", ""),
    )
    amina = await town.fieldworker()
    await asked(town, amina, workbook(rows))
    await amina.wait_for("Leeftijd?")
    for age in range(1, 20):
        await say(amina, str(age), "Nog een: gast?")
        await say(amina, "ja", "Leeftijd?")
    await say(amina, "20", "Klopt alles?")
    assert not offers("Ja", amina.last)
