"""What a bot says, and what it is refused."""

from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, Forbidden

from bot.sandbox import Button, Phone, Sandbox

from .conftest import Api, Clock

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Ja", callback_data="y"), InlineKeyboardButton("Nee", callback_data="n")]]
)


async def test_a_message_stands_on_the_phone_as_it_was_sent(bot: Bot, amina: Phone, clock: Clock) -> None:
    sent = await bot.send_message(amina.id, "Doe je mee?", reply_markup=YES_NO, entities=[MessageEntity("bold", 0, 3)])
    assert amina.last.id == sent.message_id == 2
    assert amina.last.text == "Doe je mee?"
    assert amina.last.labels == [["Ja", "Nee"]]
    assert amina.last.buttons[0][0] == Button("Ja", "y")
    assert amina.last.entities == ({"type": "bold", "offset": 0, "length": 3},)
    assert not amina.last.mine
    assert sent.date == clock.now
    assert sent.chat.first_name == "Amina"


async def test_message_ids_count_up_in_each_chat(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    bilal = sandbox.phone("Bilal")
    assert bilal.say("hoi") == 1
    assert [(await bot.send_message(phone.id, "x")).message_id for phone in (amina, bilal, amina)] == [2, 2, 3]


async def test_form_bodies_and_query_strings_are_read_like_json(api: Api, amina: Phone) -> None:
    form = {"chat_id": str(amina.id), "text": "per formulier", "reply_markup": YES_NO.to_json()}
    async with api.session.post(f"{api.root}/sendMessage", data=form) as answer:
        assert answer.status == 200
    async with api.session.get(
        f"{api.root}/SENDMESSAGE", params={"chat_id": str(amina.id), "text": "per adres"}
    ) as answer:
        assert answer.status == 200
    assert [message.text for message in amina.messages[1:]] == ["per formulier", "per adres"]
    assert amina.messages[1].labels == [["Ja", "Nee"]]


async def test_html_becomes_formatting(bot: Bot, amina: Phone) -> None:
    await bot.send_message(amina.id, "é <b>vet</b> &amp; <a href='http://a.b'>hier</a>", parse_mode="HTML")
    assert amina.last.text == "é vet & hier"
    assert amina.last.entities == (
        {"type": "bold", "offset": 2, "length": 3},
        {"type": "text_link", "offset": 8, "url": "http://a.b", "length": 4},
    )


@pytest.mark.parametrize("text", ["<b>open", "<blink>x</blink>", "x</b>"])
async def test_html_that_does_not_fit_is_refused(api: Api, amina: Phone, text: str) -> None:
    told = await api.refusal("sendMessage", chat_id=amina.id, text=text, parse_mode="HTML")
    assert told.startswith("400 Bad Request: can't parse entities")


async def test_an_edit_replaces_text_and_buttons_in_place(bot: Bot, amina: Phone, clock: Clock) -> None:
    sent = await bot.send_message(amina.id, "Doe je mee?", reply_markup=YES_NO)
    clock.move(timedelta(minutes=1))
    await bot.edit_message_text("Doe je mee?\n✓ Ja", amina.id, sent.message_id)
    assert amina.last.text == "Doe je mee?\n✓ Ja"
    assert amina.last.buttons == ()
    assert amina.last.edited_on == clock.now
    await bot.edit_message_reply_markup(amina.id, sent.message_id, reply_markup=YES_NO)
    assert amina.last.labels == [["Ja", "Nee"]]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "Zelfde", reply_markup=YES_NO)
    with pytest.raises(BadRequest) as refused:
        await bot.edit_message_text("Zelfde", amina.id, sent.message_id, reply_markup=YES_NO)
    assert str(refused.value) == (
        "Message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


async def test_only_the_bots_own_messages_that_exist_can_be_edited(api: Api, amina: Phone) -> None:
    own = {"chat_id": amina.id, "text": "x"}
    assert await api.refusal("editMessageText", message_id=99, **own) == "400 Bad Request: message to edit not found"
    assert await api.refusal("editMessageText", message_id=1, **own) == "400 Bad Request: message can't be edited"


async def test_a_deleted_message_is_gone_on_both_sides(bot: Bot, api: Api, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "weg")
    assert await bot.delete_message(amina.id, sent.message_id)
    assert [message.text for message in amina.messages] == ["/start"]
    gone = {"chat_id": amina.id, "message_id": sent.message_id}
    assert await api.refusal("deleteMessage", **gone) == "400 Bad Request: message to delete not found"
    assert await bot.delete_messages(amina.id, [1, sent.message_id])
    assert amina.messages == []


async def test_a_message_older_than_two_days_stays(api: Api, amina: Phone, clock: Clock) -> None:
    clock.move(timedelta(hours=49))
    told = await api.refusal("deleteMessage", chat_id=amina.id, message_id=1)
    assert told == "400 Bad Request: message can't be deleted for everyone"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 12}, "chat not found"),
        ({"text": "x", "chat_id": "@iemand"}, "chat not found"),
    ],
)
async def test_a_message_that_telegram_would_refuse_is_refused(
    api: Api, amina: Phone, given: dict[str, object], words: str
) -> None:
    assert await api.refusal("sendMessage", **{"chat_id": amina.id, **given}) == f"400 Bad Request: {words}"
    assert len(amina.messages) == 1


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, 'can\'t parse inline keyboard button: Field "text" must be non-empty'),
    ],
)
async def test_a_button_that_telegram_would_refuse_is_refused(
    api: Api, amina: Phone, button: dict[str, object], words: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    told = await api.refusal("sendMessage", chat_id=amina.id, text="x", reply_markup=markup)
    assert told == f"400 Bad Request: {words}"


async def test_sixty_four_bytes_on_a_button_and_4096_letters_are_just_enough(api: Api, amina: Phone) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 32}]]}
    await api.result("sendMessage", chat_id=amina.id, text="x" * 4096, reply_markup=markup)


async def test_the_bot_cannot_write_first(sandbox: Sandbox, bot: Bot) -> None:
    bilal = sandbox.phone("Bilal")
    with pytest.raises(Forbidden, match=r"Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(bilal.id, "hoi")
    bilal.start("uitnodiging")
    await bot.send_message(bilal.id, "hoi")


async def test_a_bot_that_is_blocked_learns_so_and_can_write_after_unblocking(api: Api, bot: Bot, amina: Phone) -> None:
    amina.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(amina.id, "hoi")
    amina.unblock()
    await bot.send_message(amina.id, "hoi")
    blocked, unblocked = await bot.get_updates()
    assert blocked.my_chat_member
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_a_deleted_account_cannot_be_written_to(bot: Bot, amina: Phone) -> None:
    amina.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(amina.id, "hoi")


async def test_a_tap_is_told_and_answered_once_with_a_toast(bot: Bot, api: Api, amina: Phone) -> None:
    await bot.send_message(amina.id, "Doe je mee?", reply_markup=YES_NO)
    amina.tap("Ja")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query
    assert query.data == "y"
    assert query.message
    assert query.message.message_id == amina.last.id
    assert query.from_user.id == amina.id
    assert await bot.answer_callback_query(query.id, "Genoteerd")
    assert amina.toasts == ["Genoteerd"]
    assert await api.refusal("answerCallbackQuery", callback_query_id=query.id) == TOO_OLD


TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_an_answer_after_a_minute_is_too_late(bot: Bot, api: Api, amina: Phone, clock: Clock) -> None:
    await bot.send_message(amina.id, "Doe je mee?", reply_markup=YES_NO)
    amina.tap("Ja")
    (update,) = await bot.get_updates()
    assert update.callback_query
    clock.move(timedelta(seconds=61))
    assert await api.refusal("answerCallbackQuery", callback_query_id=update.callback_query.id) == TOO_OLD


async def test_an_inaccessible_message_has_only_its_id(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "Doe je mee?", reply_markup=YES_NO)
    amina.tap_data("y", sent.message_id, inaccessible=True)
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.message
    assert not update.callback_query.message.is_accessible


async def test_a_group_hears_the_bot_until_it_leaves(sandbox: Sandbox, bot: Bot, amina: Phone) -> None:
    group = sandbox.group("Wijkteam", added_by=amina)
    amina.say("hallo bot", group=group)
    added, message = await bot.get_updates()
    assert added.my_chat_member
    assert added.my_chat_member.chat.id == group.id
    assert message.message
    assert message.message.chat.type == "group"
    await bot.send_message(group.id, "Ik werk alleen in privéchats.")
    assert [message.mine for message in group.messages] == [True, False]
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "nog iets")


async def test_typing_is_shown_to_who_may_be_written_to(bot: Bot, amina: Phone) -> None:
    seen = amina.chat.revision
    assert await bot.send_chat_action(amina.id, "typing")
    assert amina.chat.typed_at_revision > seen
