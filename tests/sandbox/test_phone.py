"""What a person does on a phone and sees there."""

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox import Phone, Sandbox, sample_photo

from .conftest import Api


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in labels]])


async def test_a_command_is_marked_as_one(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.phone("Amina").start("K7M4_x-y")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "/start K7M4_x-y"
    (entity,) = update.message.entities
    assert (entity.type, entity.offset, entity.length) == ("bot_command", 0, 6)


async def test_a_huge_text_is_cut_as_the_app_does(bot: Bot, amina: Phone) -> None:
    last = amina.say("🙂" * 5000)
    updates = await bot.get_updates()
    texts = [update.message.text or "" for update in updates if update.message]
    assert "".join(texts) == "🙂" * 5000
    assert [len(text) for text in texts] == [2048, 2048, 904]
    assert last == amina.messages[-1].id


async def test_an_empty_message_cannot_be_sent(amina: Phone) -> None:
    with pytest.raises(ValueError, match="empty"):
        amina.say("  ")


async def test_an_edit_keeps_the_id_and_tells_when(bot: Bot, amina: Phone) -> None:
    message_id = amina.say("elf")
    amina.edit(message_id, "twaalf")
    _, update = await bot.get_updates()
    assert update.edited_message
    assert update.edited_message.message_id == message_id
    assert update.edited_message.text == "twaalf"
    assert update.edited_message.edit_date
    assert amina.message(message_id).text == "twaalf"
    assert amina.message(message_id).edited_on
    assert amina.message(message_id).mine


async def test_only_own_messages_can_be_edited(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "van de bot")
    with pytest.raises(LookupError):
        amina.edit(sent.message_id, "van mij")
    with pytest.raises(LookupError):
        amina.edit(99, "van niemand")


async def test_a_tap_finds_the_newest_button_with_that_label(bot: Bot, amina: Phone) -> None:
    old = await bot.send_message(amina.id, "Vraag 1", reply_markup=keyboard("Ja", "Terug"))
    new = await bot.send_message(amina.id, "Vraag 2", reply_markup=keyboard("Jawel", "Nee"))
    assert amina.tap("Ja") == old.message_id
    assert amina.tap("Jaw") == new.message_id
    assert amina.tap("Nee", new.message_id) == new.message_id
    assert amina.tap("Te") == old.message_id


async def test_a_tap_that_fits_none_or_several_names_what_there_is(bot: Bot, amina: Phone) -> None:
    await bot.send_message(amina.id, "Vraag", reply_markup=keyboard("Ja, helemaal", "Ja, een deel"))
    with pytest.raises(LookupError, match=r"2 buttons .* 'Ja'; .*'Ja, helemaal', 'Ja, een deel'"):
        amina.tap("Ja")
    with pytest.raises(LookupError, match="no buttons"):
        amina.tap("Misschien")


async def test_a_tap_without_any_button_says_so(amina: Phone) -> None:
    with pytest.raises(LookupError, match="no buttons"):
        amina.tap("Ja")


async def test_a_button_with_an_address_sends_nothing(bot: Bot, amina: Phone) -> None:
    button = InlineKeyboardButton("Lees meer", url="https://example.org/")
    await bot.send_message(amina.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    with pytest.raises(LookupError, match=r"example\.org"):
        amina.tap("Lees meer")


async def test_other_kinds_of_messages_arrive(bot: Bot, amina: Phone) -> None:
    amina.send_sticker("🎉")
    amina.send_location()
    sticker, location = await bot.get_updates()
    assert sticker.message
    assert sticker.message.sticker
    assert sticker.message.sticker.emoji == "🎉"
    assert location.message
    assert location.message.location


async def test_waiting_ends_when_the_bot_has_spoken(bot: Bot, amina: Phone) -> None:
    waiting = asyncio.create_task(amina.wait_for("Vraag 1"))
    await bot.send_message(amina.id, "Even geduld")
    await bot.send_message(amina.id, "Vraag 1 van 11")
    assert (await waiting).text == "Vraag 1 van 11"


async def test_waiting_looks_only_at_what_came_after_the_persons_last_deed(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "Vraag 1")
    amina.say("antwoord")
    with pytest.raises(TimeoutError, match=r"Amina did not see a message with 'Vraag 1' within 0\.01 s"):
        await amina.wait_for("Vraag 1", within=0.01)
    await bot.edit_message_text("Vraag 1 ✓", amina.id, sent.message_id)
    assert (await amina.wait_for(lambda message: "✓" in message.text)).edited_on


async def test_what_was_caught_up_with_is_not_waited_for_again(bot: Bot, amina: Phone) -> None:
    await bot.send_message(amina.id, "Je was bij de workshop")
    amina.catch_up()
    with pytest.raises(TimeoutError):
        await amina.wait_for("Je was bij", within=0.01)
    second = await bot.send_message(amina.id, "Je was bij de workshop")
    assert (await amina.wait_for("Je was bij")).id == second.message_id


async def test_waiting_for_anything_else_on_the_phone(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "weg")
    waiting = asyncio.create_task(amina.until(lambda: len(amina.messages) == 1))
    await bot.delete_message(amina.id, sent.message_id)
    await waiting


async def test_the_last_message_of_a_silent_bot_is_an_error(amina: Phone) -> None:
    with pytest.raises(LookupError, match="said nothing to Amina"):
        _ = amina.last


async def test_a_blocked_bot_cannot_be_written_to(amina: Phone) -> None:
    amina.block()
    with pytest.raises(RuntimeError, match="blocked"):
        amina.say("hoi")


async def test_two_phones_cannot_share_an_id(sandbox: Sandbox) -> None:
    sandbox.phone("Amina", telegram_id=7)
    with pytest.raises(ValueError, match="chat 7"):
        sandbox.phone("Bilal", telegram_id=7)


async def test_the_transcript_reads_like_the_conversation(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "Doe je mee?\nHet mag.", reply_markup=keyboard("Ja", "Nee"))
    amina.send_photo(sample_photo(), caption="kijk")
    amina.send_voice(b"x", 3)
    await bot.send_document(amina.id, b"abc", filename="a.xlsx")
    await bot.edit_message_text("Doe je mee? ✓", amina.id, sent.message_id)
    assert amina.transcript() == "\n".join(
        [
            "Mon 23 Nov 06:00 Amina:",
            "    /start",
            "Mon 23 Nov 06:00 bot (edited):",
            "    Doe je mee? ✓",
            "Mon 23 Nov 06:00 Amina:",
            "    <photo 1024 x 768>",
            "    kijk",
            "Mon 23 Nov 06:00 Amina:",
            "    <voice note, 3 s>",
            "Mon 23 Nov 06:00 bot:",
            "    <a.xlsx, 3 bytes>",
        ]
    )


async def test_the_api_tells_a_message_the_same_each_time(api: Api, amina: Phone) -> None:
    amina.say("een")
    assert await api.updates() == await api.updates()
