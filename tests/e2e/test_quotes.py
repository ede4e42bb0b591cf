"""/quotes: a coordinator says which words may be read by the researchers, and takes it back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import Phone
from exports.digest import QUOTES_WAIT, SUMMARISED_AFTER
from exports.words import word
from fieldwork.messages import Say
from fieldwork.quotes import told as as_told
from fieldwork.schedule import Week
from fieldwork.study import LANGUAGES
from storage import outbox, quotes
from storage.quotes import Quote
from storage.tx import Rows
from tests.e2e.town import Town, data_under, local, reply, say, tap

TOLD = "Een bewoner vroeg of Amina met de buren wilde praten. Dat deed ik niet, dat deed K7M4."
SHOWN = "Een bewoner vroeg of […] met de buren wilde praten. Dat deed ik niet, dat deed K7M4."
STALE = "Deze knop hoort bij een oude vraag."
WEEK = (local(16, 0), local(23, 0))


def approved(town: Town, line: str = "G") -> list[tuple[str, str]]:
    """The city and the words of what may be quoted in the summary of the week."""
    with town.play.in_transaction() as tx:
        return [(one.city, one.words) for one in of_week(tx, 47, line)]


def of_week(rows: Rows, number: int, line: str = "L1") -> list[Quote]:
    """What may be quoted in the summary of a week, counted on from the first of 2026."""
    since, until = (day + (number - 47) * timedelta(days=7) for day in WEEK)
    return quotes.approved(
        rows, line, str(Week.of(since, ZoneInfo("Europe/Amsterdam"))), since, until, SUMMARISED_AFTER, QUOTES_WAIT
    )


async def summarised(town: Town, phone: Phone, words: str) -> None:
    """The phone has a weekly summary in which this stands."""
    with town.play.in_transaction() as tx:
        outbox.write(tx, f"telegram:{phone.id}", Say(f"Citaten, met toestemming:\n{words}"), now=town.play.clock.now())
    town.play.app.wake()
    await phone.wait_for(words)


def audited(town: Town) -> list[str]:
    return [
        row["verb"]
        for row in town.rows(
            "SELECT verb FROM audit WHERE verb IN ('quotes_seen', 'quote_approved', 'quote_refused') ORDER BY id"
        )
    ]


async def told(town: Town, name: str = "Amina", words: str = TOLD, city: str = "utrecht") -> Phone:
    """Somebody who said yes to quotes sent a reflection."""
    phone = await town.fieldworker(name, city)
    town.workshop(name, ends_on=local(18, 16), city=city)
    await town.play.forward_to(local(18, 16, 15))
    await tap(phone, "Start", "Vraag 1 van")
    for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
        await tap(phone, label, f"Vraag {number} van 11")
    await say(phone, words, "Ik heb je bericht.")
    await tap(phone, "Klaar", "Vraag 5 van 11")
    await tap(phone, "1", "Vraag 6 van 11")
    for number in range(7, 12):
        await tap(phone, "Overslaan", f"Vraag {number} van 11")
    await tap(phone, "Geen foto", "Klopt alles?")
    await tap(phone, "Ja, versturen", "Verstuurd.")
    return phone


async def test_a_quote_is_approved_shortened_and_refused_again_and_needs_it_anew_when_changed(town: Town) -> None:
    amina, bram = await told(town), await town.coordinator()
    await say(bram, "/quotes", "Mag dit in het weekbericht?")
    shown = bram.last
    assert f"“{SHOWN}”" in shown.text and "Voor: Bestuurlijke verhoudingen." in shown.text
    assert town.code("Amina") not in shown.text
    assert shown.labels == [["Mag", "Mag niet"], ["Later", "Inkorten"]]
    assert approved(town, "L1") == []

    await tap(bram, "Inkorten", "Laat alleen woorden weg.")
    await say(bram, "Een bewoner vroeg iets", "Er staan woorden in die er eerst niet stonden.")
    await say(bram, "een bewoner vroeg met de buren te praten", "Er staan woorden in die er eerst niet stonden.")
    await say(bram, "Een bewoner vroeg met de buren wilde praten", "Dit blijft over:")
    await tap(bram, "Mag", "Utrecht: dat was alles.")
    left = ("utrecht", "Een bewoner vroeg […] met de buren wilde praten. […]")
    assert approved(town, "L1") == [left]
    assert approved(town) == approved(town, "L2") == []

    await say(bram, "/quotes", "er is niets om over te beslissen")
    await tap(bram, "Eerdere keuzes", "Dit mag in het weekbericht.")
    assert left[1] in bram.last.text
    data, message = data_under(bram, "Mag niet")
    await tap(bram, "Mag niet", "Veranderd.")
    bram.tap_data(data, message)
    await bram.wait_for(STALE)
    assert approved(town, "L1") == []
    await say(bram, "/quotes", "er is niets om over te beslissen")
    await tap(bram, "Eerdere keuzes", "Dit mag niet in het weekbericht.")
    await tap(bram, "Mag", "Veranderd.")
    assert approved(town, "L1") == [("utrecht", SHOWN)]
    chosen = [verb for seen, verb in zip(*[iter(audited(town))] * 2, strict=True) if seen == "quotes_seen"]
    assert chosen == ["quote_approved", "quote_refused", "quote_approved"]

    amina.edit(next(one.id for one in amina.messages if one.text == TOLD), "Dat deed ik wel.")
    await amina.wait_for("Je antwoord op vraag 4 is nu:")
    assert approved(town, "L1") == []
    await say(bram, "/quotes", "“Dat deed ik wel.”")
    await tap(bram, "Mag", "Utrecht: dat was alles.")
    assert approved(town, "L1") == [("utrecht", "Dat deed ik wel.")]
    carla = await town.investigator()
    await summarised(town, carla, "‘Dat deed ik wel.’ (Utrecht)")
    await say(bram, "/quotes", "er is niets om over te beslissen")
    await tap(bram, "Eerdere keuzes", "Dit mag in het weekbericht.")
    await tap(bram, "Mag niet", "Veranderd.")
    await carla.wait_for("‘[…]’ (Utrecht)")
    await tap(bram, "Eerdere keuzes", "Dit mag niet in het weekbericht.")
    await tap(bram, "Mag", "Veranderd.")
    await summarised(town, carla, "‘Dat deed ik wel.’ (Almere)")

    await say(amina, "/privacy", "Dit bewaren we")
    await tap(amina, "Citaten", "Mogen we een zin")
    await tap(amina, "Nee, geen citaten", "We halen geen zinnen van je aan.")
    await town.settled()
    assert town.count("quote") == [0] and approved(town, "L1") == []
    await carla.wait_for("‘[…]’ (Almere)")
    assert not any("Dat deed ik wel" in one.text for one in (*carla.messages, *bram.messages))
    assert "niets om over te beslissen" in await reply(bram, "/quotes")


async def test_only_sent_words_of_who_said_yes_in_the_own_city_are_shown(town: Town) -> None:
    await told(town, "Lea", "Woorden uit Leiden", "leiden")
    mo = await told(town, "Mo", "Woorden van Mo")
    await say(mo, "/privacy", "Dit bewaren we")
    await tap(mo, "Citaten", "Mogen we een zin")
    await tap(mo, "Nee, geen citaten", "We halen geen zinnen van je aan.")
    bram = await town.coordinator()
    assert (await reply(bram, "/quotes")).startswith("Utrecht: er is niets om over te beslissen.")
    assert await reply(bram, "/quotes Leiden") == "Dit mag alleen een coördinator van Leiden."
    daan = await town.coordinator("Daan", "leiden")
    await say(daan, "/quotes", "“Woorden uit Leiden”")
    data, _ = data_under(daan, "Mag")
    bram.tap_data(data.replace(f"d:{town.person('Daan')}:", f"d:{town.person('Bram')}:"), bram.last)
    await bram.wait_for(STALE)
    assert town.count("quote") == [0]
    await tap(daan, "Later", "Leiden: dat was alles.")
    await say(daan, "/quotes", "“Woorden uit Leiden”")


def test_a_summary_tells_a_quote_by_the_marks_by_which_it_is_taken_out_again() -> None:
    for language in LANGUAGES:
        told_so = word("digest", "quote_in", language, words="zei", city="Almere")
        assert word("digest", "quote", language, words="zei") == as_told("zei") and told_so.startswith(as_told("zei"))


async def test_a_long_answer_has_to_be_shortened_first(town: Town) -> None:
    words = " ".join(f"woord{number}" for number in range(90))
    await told(town, words=words)
    bram = await town.coordinator()
    await say(bram, "/quotes", "Het is te lang voor een citaat.")
    assert bram.last.labels == [["Mag niet"], ["Later", "Inkorten"]]
    await tap(bram, "Inkorten", "Hooguit 500 tekens.")
    await say(bram, words, "Laat meer weg.")
    await say(bram, "woord3 woord4", "“[…] woord3 woord4 […]”")
    await tap(bram, "Mag", "dat was alles")
    assert approved(town, "L1") == [("utrecht", "[…] woord3 woord4 […]")]


async def test_erasing_takes_the_quote_out_of_what_others_were_told(town: Town) -> None:
    amina, bram = await told(town, words="Zwaluwstaartmarkering in de straat"), await town.coordinator()
    await say(bram, "/quotes", "Zwaluwstaartmarkering")
    await tap(bram, "Inkorten", "Laat alleen woorden weg.")
    await say(bram, "Zwaluwstaartmarkering", "Dit blijft over:")
    await tap(bram, "Mag", "dat was alles")
    await summarised(town, await town.investigator(), "‘Zwaluwstaartmarkering […]’ (Utrecht)")
    await say(amina, "/stop", "Wil je stoppen")
    await tap(amina, "Stoppen en wissen", "Weet je het zeker?")
    await tap(amina, "Ja, alles wissen", "Je bewijsnummer is")
    assert "Een vraag of citaat van je kan nog bij anderen staan." in amina.last.text
    await town.play.forward(minutes=5)
    await town.settled()
    assert not any("Zwaluwstaart" in message.text for message in bram.messages if not message.mine)
    gone = [one for one in bram.messages if one.text == "Wat hier stond, is gewist. De schrijver wilde dat."]
    assert len(gone) == 2 and not any(one.labels for one in gone)
    assert town.rows("SELECT 1 FROM outbox WHERE instr(body, 'Zwaluwstaart') > 0") == []
    assert town.count("quote", "answer") == [0, 0]
    (row,) = town.rows("SELECT elsewhere FROM erasure")
    assert row["elsewhere"] == 0
    database = town.play.program.place.database.path
    files = (database, database.with_name(f"{database.name}-wal"))
    assert not any(b"Zwaluwstaart" in file.read_bytes() for file in files if file.exists())


@pytest.mark.parametrize(
    ("approved_on", "expected"),
    [(local(24, 10), [0, 1, 0]), (local(23, 8), [1, 0, 0])],
    ids=["later", "on Monday before the summary"],
)
async def test_a_quote_stands_in_the_first_summary_after_its_approval_only(
    town: Town, approved_on: datetime, expected: list[int]
) -> None:
    await told(town, words="Pas later bekeken.")
    bram = await town.coordinator()
    await town.play.forward_to(approved_on)
    await say(bram, "/quotes", "Pas later bekeken.")
    await tap(bram, "Mag", "dat was alles")
    found = []
    with town.play.in_transaction() as tx:
        for number in (47, 48, 49):
            found.append(of_week(tx, number))
            quotes.told(tx, [one.answer_id for one in found[-1]], f"2026-W{number}")
    assert [len(one) for one in found] == expected


async def test_a_quote_that_is_approved_again_after_a_change_does_not_come_twice(town: Town) -> None:
    amina = await told(town, words="Een buurman sprak.")
    bram, carla = await town.coordinator(), await town.investigator()
    await say(bram, "/quotes", "Een buurman sprak.")
    await tap(bram, "Mag", "dat was alles")
    await town.play.forward_to(local(23, 8, 30))
    await carla.wait_for("Citaten, met toestemming:\n‘Een buurman sprak.’")

    town.workshop("Amina", ends_on=local(24, 16))
    await town.play.forward_to(local(24, 10))
    amina.edit(next(one.id for one in amina.messages if one.text == "Een buurman sprak."), "Een buurvrouw sprak.")
    await amina.wait_for("Je antwoord op vraag 4 is nu:")
    await say(bram, "/quotes", "“Een buurvrouw sprak.”")
    await tap(bram, "Mag", "dat was alles")
    await say(carla, "/digest", "week 47")
    assert "‘Een buurvrouw sprak.’" in (await carla.wait_for("Citaten")).text, "the same week has it as it is now"

    await town.play.forward_to(local(30, 8, 30))
    week_48 = await carla.wait_for("Weekbericht Crafting Resilience, week 48")
    assert "Citaten" not in week_48.text and "Workshops: 1." in week_48.text
    kept = [tuple(row) for row in town.rows("SELECT told_week, told FROM quote ORDER BY id")]
    assert kept == [("2026-W47", "Een buurman sprak."), ("2026-W47", "Een buurvrouw sprak.")], (
        "erasing finds the words as they were told"
    )


async def test_a_quote_that_no_summary_told_waits_eight_weeks_for_one(town: Town) -> None:
    await told(town, words="In de vakantie bekeken.")
    bram = await town.coordinator()
    await town.play.forward_to(local(24, 10))
    await say(bram, "/quotes", "In de vakantie bekeken.")
    await tap(bram, "Mag", "dat was alles")
    with town.play.in_transaction() as tx:
        assert [len(of_week(tx, number)) for number in range(47, 58)] == [0, *[1] * 9, 0]
