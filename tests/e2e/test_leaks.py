"""What goes to investigators and coordinators in a week holds no name and no address."""

from tests.e2e.town import Town, local
from tests.exports.test_leaks import identities, insides

NAMES = ("Zwaantjesmarker", "Kwikstaartmarker", "Draakvruchtmarker")


async def test_nothing_that_monday_brings_tells_who_anybody_is(town: Town) -> None:
    for name in NAMES:
        phone = await town.fieldworker(name)
        await town.reflected(phone, name, ends_on=local(18, 16), words="Een bewoner nam het woord.")
    bram, carla = await town.coordinator(), await town.investigator()
    await town.play.forward_to(local(23, 9))
    await carla.wait_for("Weekbericht")
    await bram.wait_for("Export klaar:")
    words = identities(town.play.program.place.database.path) - {b"telegram", b"Carla", b"Bram"}
    assert {name.encode() for name in NAMES} <= words
    files = [path for path in town.play.program.place.exports.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".xlsx", ".png"}
    contents = [inside for path in files for inside in insides(path.read_bytes())]
    for phone in (carla, bram):
        for message in phone.messages:
            contents.append(message.text.encode())
            contents += insides(message.document.content) if message.document else ()
    own = {str(phone.id).encode() for phone in (bram, carla)}
    assert {word for content in contents for word in words - own if word in content} == set()
