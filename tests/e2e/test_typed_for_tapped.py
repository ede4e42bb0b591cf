"""Words in the place of a tap, at what the bot asks beside the questionnaire; and a way on from wherever one is."""

import pytest

from bot.sandbox import sample_voice
from tests.e2e.test_onboarding import asked_for_consent
from tests.e2e.town import Town, local, reply, say, tap

WHEN = "Prima. Wanneer zal ik het weer vragen?"
NOT_RECOGNISED = "Dat antwoord herken ik niet.\nKies een van de antwoorden hierboven. Bijvoorbeeld: Meteen na afloop"


async def test_what_asks_when_and_whether_takes_short_words_and_keeps_asking_until_it_is_answered(town: Town) -> None:
    amina = await asked_for_consent(town)
    amina.send_sticker()
    await amina.wait_for("Doe je mee?")
    await tap(amina, "Ja, ik doe mee", "Wanneer wil je")
    assert await reply(amina, "misschien") == NOT_RECOGNISED
    amina.send_voice(sample_voice(), 3)
    await amina.wait_for(NOT_RECOGNISED)
    amina.send_sticker()
    await amina.wait_for("met een sticker kan ik niets.\nKies een van de antwoorden hierboven.")
    await say(amina, "meteen", "foto's en spraakberichten")
    await say(amina, "nee", "aanhalen")
    await say(amina, "nee", "geen zinnen van je aan")
    assert town.rows("SELECT ask_when, media_allowed, quotes_allowed FROM person")[-1][:] == ("after", 0, 0)


async def test_a_bare_no_refuses_quotes_in_english_as_in_dutch(town: Town) -> None:
    amina = await asked_for_consent(town, language="en")
    await tap(amina, "Yes, I take part", "When would you like")
    await say(amina, "next", "photos and voice messages")
    await say(amina, "yes", "quote a sentence")
    await say(amina, "no", "not quote")
    assert town.rows("SELECT ask_when, media_allowed, quotes_allowed FROM person")[-1][:] == ("morning", 1, 0)


async def test_a_moment_for_later_can_be_typed_and_other_words_do_not_pass_for_one(town: Town) -> None:
    amina = await town.fieldworker()
    town.workshop("Amina", ends_on=local(18, 16))
    await town.play.forward_to(local(18, 16, 15))
    await amina.wait_for("Je was bij de workshop")
    for words, moment in (
        ("over een uur", local(18, 17, 15)),
        ("Vanavond", local(18, 20)),
        ("morgen", local(19, 8, 30)),
    ):
        await say(amina, "later", WHEN)
        await say(amina, "donderdag", "Dat antwoord herken ik niet.")
        await amina.wait_for(WHEN)
        await say(amina, words, "Goed. Ik vraag het je")
        assert town.rows("SELECT due_on FROM prompt")[0][0] == f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


async def test_a_way_through_the_questions_says_what_to_do_where_no_question_is_put(town: Town) -> None:
    amina = await town.fieldworker()
    nothing = "Er staat nu geen vragenlijst open."
    assert await reply(amina, "/terug") == nothing
    assert await reply(amina, "/pauze") == f"{nothing}\nWil je een tijd geen vragen? Stuur /stop en kies: Pauze nemen."
    await town.reflected(amina, "Amina")
    assert await reply(amina, "/overslaan") == f"{nothing}\nJe laatste antwoorden wijzigen? Stuur /antwoorden."
    seen = len(amina.messages)
    amina.react(amina.last)
    await town.settled()
    assert len(amina.messages) == seen, "a thumb under what the bot said asks for nothing"
    town.workshop("Amina", ends_on=local(18, 18))
    await town.play.forward_to(local(18, 18, 15))
    await say(amina, "/pauze", "Je was bij de workshop")


@pytest.mark.parametrize("label", ["Verder", "Pauze"])
async def test_who_goes_on_with_what_was_closed_meanwhile_reads_so(town: Town, label: str) -> None:
    amina, bram = await town.fieldworker(), await town.coordinator()
    await town.asked(amina, "Amina")
    await say(amina, "/stop", "Je bent bezig met een vragenlijst")
    await say(bram, "/workshops", "Kies een nummer.")
    await tap(bram, "1", "Wat wil je doen?")
    await tap(bram, "Afzeggen", "is afgezegd")
    await amina.wait_for("is afgezegd")
    await tap(amina, label, "Er staat nu geen vragenlijst open.")
