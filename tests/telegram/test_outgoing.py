"""What is said reaches the phone as meant, and every failure comes back in neutral words."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pytest import mark, param, raises

from bot.channel import Delivered, Gone, NotDelivered, Refused, Unsure
from bot.sandbox.faults import Fault
from bot.sandbox.phone import Phone
from bot.sandbox.server import Sandbox
from fieldwork.messages import Attachment, Button, Menu, MenuItem, Say
from tests.telegram.telegram_parts import Clock, a_channel

CLOCK = Clock()
YES_NO = ((Button("Ja", "yes"), Button("Nee", "no")), ((Button("Later", "later")),))


def started(sandbox: Sandbox) -> Phone:
    phone = sandbox.phone("Anna", 1001)
    phone.start()
    return phone


def urn(phone: Phone) -> str:
    return f"telegram:{phone.id}"


async def test_a_message_arrives_with_its_buttons_and_without_markup() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        text = "Je antwoord: <b>*mooi*</b> https://example.org"
        sent = await channel.send(urn(phone), Say(text, YES_NO), None)
        [call] = sandbox.calls.of("sendMessage")
        assert channel.username == "terugblik_bot"
        assert sent == Delivered(str(phone.last.id), CLOCK())
        assert phone.last.text == text
        assert [[button.label for button in row] for row in phone.last.buttons] == [["Ja", "Nee"], ["Later"]]
        assert "parse_mode" not in call.given
        assert "is_disabled" in str(call.given["link_preview_options"])


async def test_an_edit_changes_the_text_and_takes_the_buttons_away() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        message = (await channel.send(urn(phone), Say("Vraag", YES_NO), None)).message
        assert await channel.send(urn(phone), Say("Vraag\n✓ Ja"), message) == Delivered(message)
        assert (phone.last.text, phone.last.buttons) == ("Vraag\n✓ Ja", ())


async def test_an_edit_that_changes_nothing_or_finds_nothing_is_fine() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        message = (await channel.send(urn(phone), Say("Vraag", YES_NO), None)).message
        assert await channel.send(urn(phone), Say("Vraag", YES_NO), message) == Delivered(message)
        assert await channel.send(urn(phone), Say("Vraag"), "999999") == Delivered("999999")


@mark.parametrize("kind", ["document", "photo", "voice"])
async def test_a_file_arrives_whole_with_its_name_caption_and_buttons(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "kept-under-another-name"
    path.write_bytes(PNG if kind == "photo" else b"inhoud " * 100_000)
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        attachment = Attachment(str(path), "week 47 Utrecht.png", kind)  # type: ignore[arg-type]  # parametrize gives plain text
        await channel.send(urn(phone), Say("Week 47", YES_NO, attachment), None)
        await channel.send(urn(phone), Say("Week 47, af", (), attachment), str(phone.last.id))
        sent = phone.last
        assert (sent.text, sent.buttons) == ("Week 47, af", ())
        if kind == "document":
            assert sent.document is not None
            assert sent.document.name == "week 47 Utrecht.png"
            assert sent.document.content == path.read_bytes()


async def test_a_file_that_is_not_there_is_refused() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        with raises(Refused, match="attachment: FileNotFoundError"):
            await channel.send(urn(phone), Say("", (), Attachment("/nowhere/week.xlsx", "week.xlsx")), None)


async def test_a_menu_is_that_of_one_chat_and_can_be_taken_away() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone, other = started(sandbox), sandbox.phone("Bram", 1002)
        assert await channel.send(urn(phone), Menu((MenuItem("help", "Hulp"),)), None) == Delivered("")
        assert [command.name for command in phone.commands] == ["help"]
        assert other.commands == ()
        await channel.send(urn(phone), Menu(()), None)
        assert phone.commands == ()


@mark.parametrize(
    ("fault", "failure", "seconds"),
    [
        param(Fault.too_many_requests(7), NotDelivered, 7, id="429"),
        param(Fault.server_error(500), NotDelivered, None, id="500"),
        param(Fault.server_error(502), NotDelivered, None, id="502"),
        param(Fault.server_error(504), Unsure, None, id="504"),
        param(Fault.forbidden(), Gone, None, id="403"),
        param(Fault.dropped_before(), Unsure, None, id="dropped before"),
        param(Fault.dropped_after(), Unsure, None, id="dropped after"),
        param(Fault.slow(30), Unsure, None, id="slow"),
    ],
)
async def test_each_failure_says_whether_it_can_have_arrived(
    fault: Fault, failure: type[Exception], seconds: int | None
) -> None:
    async with (
        Sandbox(CLOCK) as sandbox,
        a_channel(sandbox, answer_after=timedelta(milliseconds=300)) as channel,
    ):
        phone = started(sandbox)
        sandbox.fail("sendMessage", fault)
        with raises(failure) as caught:
            await channel.send(urn(phone), Say("Vraag"), None)
        if isinstance(caught.value, NotDelivered):
            wanted = None if seconds is None else timedelta(seconds=seconds)
            assert caught.value.retry_after == wanted


async def test_nobody_listening_means_not_delivered() -> None:
    async with Sandbox(CLOCK) as sandbox:
        channel = a_channel(sandbox)
        await channel.__aenter__()
    with suppress(Unsure), raises(NotDelivered):  # the first may still go into the connection that just closed
        await channel.send("telegram:1001", Say("Vraag"), None)
    with raises(NotDelivered):
        await channel.send("telegram:1001", Say("Vraag"), None)
    await channel.__aexit__(None, None, None)


async def test_somebody_who_never_started_or_has_left_is_gone() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        with raises(Gone):
            await channel.send("telegram:5", Say("Vraag"), None)
        phone = started(sandbox)
        phone.block()
        with raises(Gone):
            await channel.send(urn(phone), Say("Vraag"), None)


@mark.parametrize(
    ("say", "reason"),
    [
        (Say("x" * 4097), "message is too long"),
        (Say(""), "message text is empty"),
        (Say("x", ((Button("Ja", "x" * 65),),)), "button_data_invalid"),
    ],
)
async def test_what_telegram_will_never_take_is_refused_by_kind(say: Say, reason: str) -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        with raises(Refused) as caught:
            await channel.send(urn(phone), say, None)
        assert caught.value.reason == reason


async def test_an_address_of_another_channel_is_refused() -> None:
    async with Sandbox(CLOCK) as sandbox, a_channel(sandbox) as channel:
        for elsewhere in ("signal:1001", "telegram:anna", "1001"):
            with raises(Refused, match="not a telegram address"):
                await channel.send(elsewhere, Say("Vraag"), None)


async def test_a_tap_is_answered_once_and_a_failure_is_only_counted() -> None:
    async with Sandbox(lambda: datetime.now(UTC)) as sandbox, a_channel(sandbox) as channel:
        phone = started(sandbox)
        await channel.send(urn(phone), Say("Vraag", YES_NO), None)
        phone.tap("Ja")
        await channel.answer_tap("telegram:cb:nothing", "Te laat")
        assert channel.toasts_failed == 1
        sandbox.fail("answerCallbackQuery", Fault.dropped_after())
        await channel.answer_tap("telegram:cb:1")
        await channel.answer_tap("telegram:msg:1001:5")
        assert (channel.toasts_failed, len(sandbox.calls.of("answerCallbackQuery"))) == (2, 2)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
