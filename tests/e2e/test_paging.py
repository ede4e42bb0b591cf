"""Long lists come a page at a time, in one message, whatever happens to the list meanwhile."""

import re

from bot.sandbox import Phone
from fieldwork.people import Grant, Role
from fieldwork.pieces import LONGEST, units
from storage import audit, people, receipts
from tests.e2e.town import Town, data_under, local, offers, say, tap

STALE = "Deze knop hoort bij een oude vraag."


def settle_in(town: Town, *codes: str, name: str = "Noor") -> None:
    """Fieldworkers of Utrecht under these codes, without a phone."""
    with town.play.in_transaction() as tx:
        for code in codes:
            person = people.add(tx, code, "nl", town.play.clock.now())
            people.name(tx, person, name)
            people.grant(tx, person, Grant(Role.FIELDWORKER, "utrecht"), town.play.clock.now())


def remove(town: Town, code: str) -> None:
    town.run("DELETE FROM role_grant WHERE person_id = (SELECT id FROM person WHERE code = :code)", code=code)


def codes_in(phone: Phone) -> list[str]:
    return re.findall(r"^\d+\. (0\d{3}) –", phone.last.text, re.MULTILINE)


def code(number: int) -> str:
    return f"0{number:03d}"


async def test_a_list_is_turned_in_one_message_and_misses_nobody_while_it_changes(town: Town) -> None:
    settle_in(town, *(code(number) for number in range(2, 72, 2)))
    bram = await town.coordinator()
    await say(bram, "/people", "Pagina 1 van 4")
    first = bram.last
    assert codes_in(bram) == [code(number) for number in range(2, 22, 2)]
    assert not offers("◀ Vorige", first)
    count = len(bram.messages)
    # The last one shown goes away, and so does one before it; somebody new comes before and behind it.
    for gone in (code(20), code(4)):
        remove(town, gone)
    settle_in(town, code(3), code(23))
    await tap(bram, "Volgende ▶", "Pagina 2 van 4")
    assert bram.last.id == first.id and len(bram.messages) == count
    assert codes_in(bram) == [code(22), code(23), *(code(number) for number in range(24, 40, 2))]
    await tap(bram, "◀ Vorige", "Pagina 1 van 4")
    assert codes_in(bram)[:2] == [code(2), code(3)] and codes_in(bram)[-1] == code(22)
    # Typing the label works as the button does, and so does the number of a page.
    bram.say("volgende")
    await bram.wait_for("Pagina 2 van 4")
    await say(bram, "/people 4", "Pagina 4 van 4")
    assert codes_in(bram)[-1] == code(70) and not offers("Volgende ▶", bram.last)
    assert bram.last.id != first.id
    await say(bram, "/people Utrecht 999", "Pagina 4 van 4")
    await say(bram, "/people Urk 2", "Urk")
    assert codes_in(bram) == []


async def test_a_page_of_the_longest_names_fits_in_one_message(town: Town) -> None:
    settle_in(town, *(code(number) for number in range(29)), name="🦩" * 200)
    bram = await town.coordinator()
    await say(bram, "/people", "Pagina 1 van 3")
    await tap(bram, "Volgende ▶", "Pagina 2 van 3")
    assert len(codes_in(bram)) == 10 and "…" in bram.last.text
    assert all(units(message.text) < LONGEST for message in bram.messages)


async def test_a_page_button_gives_nobody_what_they_may_not_see(town: Town) -> None:
    settle_in(town, *(code(number) for number in range(30)))
    bram, bea, amina = await town.coordinator(), await town.coordinator("Bea", "leiden"), await town.fieldworker()
    await say(bram, "/people", "Pagina 1 van 4")
    data, _ = data_under(bram, "Volgende ▶")
    for phone, name in ((bea, "Bea"), (amina, "Amina")):
        phone.catch_up()
        phone.tap_data(data, phone.last)
        await town.settled()
        own = re.sub(r"^d:\d+:", f"d:{town.person(name)}:", data)
        phone.tap_data(own, phone.last)
        await phone.wait_for("Dit mag alleen een coördinator van Utrecht." if phone is bea else STALE)
        assert not any("Noor" in message.text for message in phone.messages)
    for forged in ("people >", "people > >", "people >" + "9" * 40, "plan >0002", "nothing", "people 9999", "people <"):
        bram.tap_data(f"d:{town.person('Bram')}:4:page:{forged}", bram.last)
    bram.tap_data(f"d:{town.person('Bram')}:77:page:people >0002", bram.last)
    await town.settled()
    assert town.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []


async def test_every_other_long_list_is_turned_too(town: Town) -> None:
    names = [code(number) for number in range(24)]
    settle_in(town, *names)
    bram, steward = await town.coordinator(), town.play.phone("Dana")
    await town.invited(steward, Grant(Role.STEWARD))
    await steward.wait_for("/erasures")
    now = town.play.clock.now()
    for hour in range(12):
        town.workshop("Noor", ends_on=local(19, 10 + hour), title=f"Groen {hour}")
    town.run("UPDATE prompt SET state = 'asked'")
    with town.play.in_transaction() as tx:
        for number, name in enumerate(names[:12]):
            person = people.by_code(tx, name)
            assert person is not None
            receipts.ask(tx, person.id, f"RECEIPT{number}", "utrecht", now)
            audit.note(tx, None, "counted", "utrecht", str(number), now)
    forms = (
        "INSERT INTO form SELECT :hash, form_id, :hash, title, xform, workbook, published_by, published_on FROM form"
    )
    for number in range(12):
        town.run(f"{forms} LIMIT 1", hash=f"{number:08d}" * 2)
    for phone, command, number in ((bram, "/workshops", 12), (bram, "/missing", 0), (bram, "/forms", 13)):
        await say(phone, command, "Pagina 1 van 2")
        await tap(phone, "Volgende ▶", "Pagina 2 van 2")
        assert not number or offers(str(number), phone.last)
    await say(steward, "/erasures", "Pagina 1 van 2")
    await tap(steward, "Volgende ▶", "Pagina 2 van 2")
    await tap(steward, "12", "Bewijsnummer RECEIPT0, code 0000")
    await say(steward, "/audit counted", "Pagina 1 van 2")
    await tap(steward, "Volgende ▶", "Pagina 2 van 2")
    assert " · counted · utrecht · 0" in steward.last.text and "· 11" not in steward.last.text
    await say(steward, "/audit counted 2", "Pagina 2 van 2")
