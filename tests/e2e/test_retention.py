"""What is older than the study keeps it goes by itself, each kind at its own time, and stands in the audit."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.sandbox import sample_photo, sample_voice
from fieldwork.people import Grant, Role
from fieldwork.study import Study
from handlers.rights.forgetting import limits
from storage import audit, retention
from storage.database import snapshot
from tests.e2e.test_erasing import bytes_of, stands_in
from tests.e2e.town import Town, local, reply, say, tap
from tests.e2e.town import town as town_in

WORDS = "Bewaarmarkering"
NAME = "Vertrekmarker"


def shortly(study: Study) -> Study:
    """The study, with periods that a test can live through."""
    kept = replace(
        study.retention,
        contact_after=timedelta(days=10),
        media_after=timedelta(days=20),
        answers_after=timedelta(days=30),
    )
    return replace(study, retention=kept)


def too_old(town: Town) -> dict[tuple[str, str], int]:
    """What the dry run finds now."""
    with snapshot(town.play.program.place.database) as rows:
        return retention.counts(rows, limits(town.play.program.study, town.play.clock.now()))


def noted(town: Town) -> list[tuple[str, str]]:
    return [(row["city"], row["subject"]) for row in town.rows("SELECT * FROM audit WHERE verb = 'retention'")]


async def test_each_kind_goes_at_its_own_time_and_no_other(tmp_path: Path) -> None:
    async with town_in(tmp_path, changed=shortly) as town:
        stays, leaves = await town.fieldworker("Bilal"), await town.fieldworker(NAME)
        await town.asked(leaves, NAME)
        for number, label in ((2, "1"), (3, "Overslaan"), (4, "5")):
            await tap(leaves, label, f"Vraag {number} van 11")
        await say(leaves, WORDS, "Ik heb je bericht.")
        leaves.send_voice(sample_voice(), 3)
        await leaves.wait_for("Ik heb 2 berichten van je gekregen.")
        leaves.send_photo(sample_photo(), album="a1")
        await leaves.wait_for("Ik heb 3 berichten van je gekregen.")
        await tap(leaves, "Klaar", "Vraag 5 van 11")
        await tap(leaves, "Pauze", "Pauze.")
        await say(leaves, "/stop", "Wil je stoppen")
        await tap(leaves, "Stoppen en bewaren", "Je doet niet meer mee.")
        await town.settled()
        code, media = town.code(NAME), list(town.play.program.media.iterdir())
        assert len(media) == 2

        await town.play.jump_to(local(27, 12))
        assert too_old(town) == {} and noted(town) == []
        await town.play.jump_to(local(29, 12))
        assert noted(town) == [("utrecht", "contact 1")]
        after = bytes_of(town)
        assert not stands_in(after, NAME) and not stands_in(after, f"telegram:{leaves.id}")
        assert stands_in(after, WORDS) and media[0].exists()
        assert town.rows("SELECT 1 FROM session s JOIN person p ON p.id = s.person_id WHERE code = :c", c=code)

        await town.play.jump_to(local(29, 12) + timedelta(days=10))
        assert noted(town)[1:] == [("utrecht", "media 2")]
        assert not any(one.exists() for one in media) and stands_in(bytes_of(town), WORDS)

        await town.play.jump_to(local(29, 12) + timedelta(days=20))
        assert noted(town)[2:] == [("utrecht", "answers 1")]
        assert not stands_in(bytes_of(town), WORDS)
        assert town.count("session", "answer", "part", "media") == [0, 0, 0, 0]
        assert [row["state"] for row in town.rows("SELECT state FROM prompt")] == ["cancelled"]
        assert too_old(town) == {}
        await say(stays, "/privacy", "Dit bewaren we")


async def test_the_steward_sees_in_the_chat_what_is_too_old_and_what_went(tmp_path: Path) -> None:
    async with town_in(tmp_path, changed=shortly) as town:
        leaves, steward = await town.fieldworker(NAME), town.play.phone("Dana")
        await town.invited(steward, Grant(Role.STEWARD), "Dana")
        await steward.wait_for("/retention")
        await say(leaves, "/stop", "Wil je stoppen")
        await tap(leaves, "Stoppen en bewaren", "Je doet niet meer mee.")
        await say(steward, "/retention", "Te oud om te bewaren op woensdag 18 november:\nniets\n\nAl gewist")
        steward.say("/retention 2026-11-29")
        told = (await steward.wait_for("Te oud om te bewaren op zondag")).text
        assert told.startswith("Te oud om te bewaren op zondag 29 november:\n• Utrecht, namen en adressen: 1\n")
        assert town.count("contact", "job") == [2, 2], "looking deletes nothing"
        assert (await reply(steward, "/retention eergisteren")).startswith("eergisteren is geen dag.")
        await town.play.jump_to(local(29, 12))
        await steward.wait_for("Zegel van het logboek, week 47:")
        steward.say("/retention")
        told = (await steward.wait_for("Te oud om te bewaren op")).text
        assert "Al gewist, het nieuwste eerst:\n• Utrecht, namen en adressen: 1, zondag 29 november" in told
        assert told.endswith("De bot wist dit elke dag zelf.")
        shown = next(one.text for one in steward.messages if "Zegel van het logboek" in one.text).split("\n")[1]
        with snapshot(town.play.program.place.database) as rows:
            count, _, beginning = shown.partition(":")
            assert list(audit.faults(rows, audit.Seal(int(count), beginning))) == []


async def test_on_the_day_after_the_studys_date_nothing_about_fieldworkers_is_left(tmp_path: Path) -> None:
    last = local(30, 12).date()
    async with town_in(tmp_path, changed=lambda study: replace(study, retention_date=last)) as town:
        amina, bram = await town.fieldworker(NAME), await town.coordinator()
        await town.reflected(amina, NAME, words=WORDS)
        await say(bram, "/export", "Welke periode?")
        await tap(bram, "Alles", "Export klaar:")
        await town.settled()
        (file,) = (path for path in town.play.program.place.exports.rglob("*.xlsx"))
        await town.play.jump_to(local(30, 12))
        assert town.count("session") == [1]
        await town.play.jump_to(town.play.clock.now() + timedelta(days=1))
        after = bytes_of(town)
        assert not stands_in(after, WORDS) and not stands_in(after, NAME)
        assert not file.exists()
        assert set(noted(town)) == {("utrecht", "answers 1"), ("utrecht", "contact 1"), ("utrecht", "export 1")}
        await town.play.jump_to(town.play.clock.now() + timedelta(days=8))
        assert list(town.play.program.place.exports.rglob("*.xlsx")) == []
        await say(bram, "/workshops", "Er zijn geen workshops")


async def test_a_last_day_that_was_past_when_it_was_first_read_deletes_nothing_for_two_weeks(tmp_path: Path) -> None:
    past = local(30, 12).date() - timedelta(days=3650)
    async with town_in(tmp_path, changed=lambda study: replace(study, retention_date=past)) as town:
        amina, olga = await town.fieldworker(NAME), town.play.phone("Olga")
        await town.invited(olga, Grant(Role.OPERATOR), "Olga")
        await town.reflected(amina, NAME, words=WORDS)
        await olga.wait_for(f"retention_date {past} is past; on 2026-12-")
        await town.play.jump_to(town.play.clock.now() + timedelta(days=13))
        assert town.count("session") == [1]
        assert len([one for one in olga.messages if "retention_date" in one.text]) == 1
        await town.play.jump_to(town.play.clock.now() + timedelta(days=2))
        await town.settled()
        assert town.count("session") == [0]


async def test_a_study_that_does_not_want_it_by_itself_keeps_all(tmp_path: Path) -> None:
    def by_hand(study: Study) -> Study:
        return replace(study, retention=replace(shortly(study).retention, is_automatic=False))

    async with town_in(tmp_path, changed=by_hand) as town:
        amina = await town.fieldworker(NAME)
        await say(amina, "/stop", "Wil je stoppen")
        await tap(amina, "Stoppen en bewaren", "Je doet niet meer mee.")
        await town.play.jump_to(local(18, 12) + timedelta(days=40))
        assert too_old(town) == {("contact", "utrecht"): 1}
        assert town.count("contact", "address") == [1, 1]
