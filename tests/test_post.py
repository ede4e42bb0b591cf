"""Letters are handed to a mail server on an encrypted way or not at all, and what becomes of each is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.post import NotEncrypted, Returned, TooBig, Unsent, connected, deliver
from exports.letter import Enclosed, Letter, Pictured, email_of, message_id
from handlers.work import Failed
from tests.mailserver import PASSWORD, SENDER, mail_server, make_certificate

TO = "carla@university.example"


def letter(**changes: object) -> Letter:
    fields: dict[str, object] = {
        "sender": SENDER,
        "to": TO,
        "subject": "Weekbericht Wijken, week 47: Zorg & veiligheid – ‘één’",
        "message_id": message_id(SENDER, "L1", "2026-W47", "K7M4"),
        "written_on": datetime(2026, 11, 23, 7, 30, tzinfo=UTC),
        "language": "nl",
        "text": "Weekbericht Wijken, week 47\nOnderzoekslijn: Zorg\n\nPer stad:\nLeiden: 3 van 4\n<b>& meer</b>",
        "foot": "Vragen? Noor",
        "pictures": [
            Pictured(b"\x89PNG not really", 'Zorg, week 47. "Leiden" 3 van 4'),
            Pictured(b"\x89PNG 2", "Per stad"),
        ],
        "files": [Enclosed("leiden.xlsx", b"PK workbook")],
    }
    return Letter(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_letter_is_plain_words_a_page_with_its_picture_and_workbooks() -> None:
    message = email_of(letter())
    assert message["From"] == "Terugblik <terugblik@example.org>"
    assert message["Subject"] == "Weekbericht Wijken, week 47: Zorg & veiligheid – ‘één’"
    assert message["Date"] == "Mon, 23 Nov 2026 07:30:00 +0000"
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "Leiden: 3 van 4" in plain.get_content()
    assert '"Leiden" 3 van 4' in plain.get_content(), "the picture in words"
    html = page.get_content()
    assert 'alt="Zorg, week 47. &quot;Leiden&quot; 3 van 4"' in html
    assert "&lt;b&gt;&amp; meer&lt;/b&gt;" in html
    assert "http" not in html, "links lead nowhere outside"
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert len({picture["Content-ID"] for picture in pictures}) == 2
    for picture in pictures:
        assert f"cid:{picture['Content-ID'][1:-1]}" in html
        assert picture.get_content_disposition() == "inline"
    (workbook,) = message.iter_attachments()
    assert workbook.get_filename() == "leiden.xlsx"
    assert workbook.get_content() == b"PK workbook"


def test_the_same_letter_is_the_same_bytes_and_another_one_has_another_id() -> None:
    assert email_of(letter()).as_bytes() == email_of(letter()).as_bytes()
    ids = {message_id(SENDER, *about) for about in (("L1", "47", "A"), ("L1", "47", "B"), ("L2", "47", "A"))}
    assert len(ids) == 3
    assert all(one.endswith("@example.org>") for one in ids)


async def test_a_letter_goes_over_starttls_to_who_it_is_for(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as server:
        await deliver(server.post(), email_of(letter()), TO)
        assert server.recipients == [TO]
        assert server.letters[0]["Message-ID"] == letter().message_id
        assert server.letters[0]["Subject"] == letter().subject


async def test_without_starttls_nothing_is_said(tmp_path: Path) -> None:
    async with mail_server(tmp_path, offers_starttls=False) as server:
        with pytest.raises(NotEncrypted, match="no STARTTLS"):
            await deliver(server.post(), email_of(letter()), TO)
        assert server.senders == []


async def test_a_certificate_that_is_not_trusted_is_refused(tmp_path: Path) -> None:
    other, _ = make_certificate(tmp_path / "other")
    async with mail_server(tmp_path / "own") as server:
        with pytest.raises(NotEncrypted, match="certificate"):
            await deliver(server.post(certificate=other), email_of(letter()), TO)
        with pytest.raises(NotEncrypted, match="SMTP_CA_FILE"):
            await deliver(server.post(certificate=tmp_path / "missing.pem"), email_of(letter()), TO)
        assert server.senders == []


async def test_a_wrong_password_is_told_by_the_name_of_the_setting_and_nothing_is_sent(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as server:
        with pytest.raises(Returned, match="SMTP_USERNAME and SMTP_PASSWORD") as refused:
            async with connected(server.post(password="wrong one")):
                pass
        assert PASSWORD not in str(refused.value)
        assert "wrong one" not in str(refused.value)
        assert server.senders == []


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (f"450 4.7.1 <{TO}> greylisted", Unsent, "450 4.7.1"),
        (f"550 5.1.1 <{TO}> unknown", Returned, "the recipient (550 5.1.1)"),
        ("421 4.3.2 shutting down", Unsent, "421"),
    ],
)
async def test_what_the_server_says_of_the_recipient_is_kept_without_the_address(
    tmp_path: Path, answer: str, kind: type[Failed], words: str
) -> None:
    async with mail_server(tmp_path) as server:
        server.faults.at_recipient.append(answer)
        with pytest.raises(kind) as failed:
            await deliver(server.post(), email_of(letter()), TO)
        assert words in str(failed.value)
        assert TO not in str(failed.value)


async def test_what_the_server_says_of_the_letter_decides_whether_it_goes_again(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as server:
        for answer, kind in (("451 4.3.0 later", Unsent), ("554 5.6.0 no", Returned), ("552 5.3.4 big", TooBig)):
            server.faults.at_data.append(answer)
            with pytest.raises(kind):
                await deliver(server.post(), email_of(letter()), TO)
        server.faults.drops = 1
        with pytest.raises(Unsent, match="connection"):
            await deliver(server.post(), email_of(letter()), TO)
        assert len(server.letters) == 1, "taken, and nobody knows"


async def test_a_letter_larger_than_the_server_takes_is_not_begun(tmp_path: Path) -> None:
    async with mail_server(tmp_path, room=20_000) as server:
        with pytest.raises(TooBig, match="takes 20000 bytes"):
            await deliver(server.post(), email_of(letter(files=[Enclosed("a.xlsx", b"x" * 30_000)])), TO)
        assert server.senders == []


async def test_nobody_at_the_port_is_a_reason_to_try_later(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as server:
        post = server.post()
    with pytest.raises(Unsent):
        await deliver(post, email_of(letter()), TO)
