"""What the four live through: one dialogue for each rule of the conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox import sample_photo, sample_voice
from tests.dialogues.cast import Stage, Words
from tests.e2e.town import local
from tests.kitchen import row, workbook

GREEN = ("Groen in de straat", "Green in the street")
EATING = ("Samen eten", "Eating together")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and the dialogue that shows it; `shows_typing` where the typed one is the one to read."""

    number: int
    name: str
    title: str
    play: Callable[[Stage], Awaitable[None]]
    shows_typing: bool = False


async def begun(stage: Stage, title: Words = GREEN, day: int = 18, hour: int = 16) -> None:
    """A workshop ended a quarter of an hour ago, and everybody starts with the questions about it."""
    stage.workshop(title, local(day, hour))
    await stage.until(local(day, hour, 15))
    await stage.people.press("prompt.ask", 0, "start")


async def one_question(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("1")
    await amina.tick("1", "3", typed=("1 en 3", "1 and 3"))
    await amina.choose("4")
    await amina.say(("De zaal werd even stil.", "The room went quiet."))
    await amina.done()


QUESTIONS = (
    row("select_one yn", "enough", "Was er genoeg plek?", "Was there enough room?"),
    row("range", "mood", "Hoe was de sfeer?", "How was the mood?", parameters="start=1 end=5 step=1"),
    row("select_one place", "place", "Waar was het?", "Where was it?"),
    row("select_multiple who", "present", "Wie waren er?", "Who was there?"),
    row("integer", "people", "Hoeveel bewoners waren er?", "How many residents were there?"),
    row("decimal", "hours", "Hoeveel uur duurde het?", "How many hours did it last?"),
    row("select_one yn", "again", "Komt er een vervolg?", "Will there be another one?"),
)


async def typing(stage: Stage) -> None:
    amina = stage.people
    await stage.questionnaire(workbook(QUESTIONS))
    await begun(stage)
    await amina.choose(("Ja", "Yes"), "👍")
    await amina.say("9")
    await amina.choose("4", ("vier", "four"))
    await amina.say(("Op het plain", "On the sqare"))
    await amina.choose(("In de zaal", "In the hall"), "2")
    await amina.tick(("Bewoners", "Residents"), ("Jongeren", "Young people"), typed=("1 en 3", "1 and 3"))
    await amina.say(("Ongeveer 12", "About 12"))
    await amina.press("number.confirm", 0, ("ja", "yes"), value="12")
    await amina.say(("2,5", "2.5"))
    await amina.choose(("Nee", "No"), "👎")
    await amina.send()


async def several_messages(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("1")
    await stage.skip(2)
    await amina.say(("De zaal werd even stil.", "The room went quiet."))
    await amina.each(lambda actor: actor.phone.send_voice(sample_voice(), 7))
    await amina.each(lambda actor: actor.phone.send_photo(sample_photo(), actor.put(("De flap", "The flip chart"))))
    await stage.later(minutes=3)
    await amina.press("err.many_parts", 1)
    await amina.say(("Daarna lachte iemand.", "Then somebody laughed."))
    await amina.done()
    stage.as_if_it_arrived_late()
    await amina.say(("En toen gingen we door.", "And then we went on."))


async def ways(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("1")
    await amina.tick("1", "3", typed="1 3")
    await amina.choose("2", ("twee", "two"))
    await amina.back()
    await amina.choose("4")
    await amina.pause()
    await amina.press("pause.done")
    await amina.skip()
    await amina.overview()
    await amina.choose("1")
    await amina.choose("3")
    await amina.press("done.summary", 1)
    await amina.press("done.choose")
    await amina.send()


async def edited(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.say("1")
    await amina.skip()
    await amina.say("2")
    await amina.edit(-1, "4")
    await amina.edit(-1, ("best veel", "quite a lot"))
    await amina.back()
    await amina.press("back.done")
    await stage.skip(7)
    await amina.press("q.photo")
    await amina.send()
    await amina.edit(1, "5")
    await amina.say(("/antwoorden", "/answers"))
    await amina.choose("3")
    await amina.choose("3")
    await stage.later(days=8)
    await amina.edit(1, "1")


async def interrupted(stage: Stage) -> None:
    amina = stage.people
    stage.workshop(GREEN, local(18, 16))
    stage.workshop(EATING, local(18, 18))
    await stage.until(local(18, 18, 15))
    await amina.press("prompt.ask")
    await amina.choose("1")
    await stage.restart()
    await stage.later(hours=5)
    await amina.say("/help")
    await amina.say("/stop")
    await amina.press("err.command_mid", 0)
    await amina.skip()
    await amina.overview()
    await amina.choose("1")
    await amina.choose("3")
    await amina.send()
    await stage.until(local(19, 9))
    await amina.press("prompt.ask")


async def later(stage: Stage) -> None:
    amina, bram = stage.people, stage.coordinators
    times = {"evening": "20:00", "morning": "08:30"}
    stage.workshop(GREEN, local(18, 16))
    await stage.until(local(18, 16, 15))
    await amina.press("prompt.ask", 1)
    await amina.press("prompt.later", 0, **times)
    await stage.until(local(18, 17, 15))
    await amina.press("prompt.ask")
    await amina.choose("1")
    await stage.until(local(19, 16, 15))
    await amina.press("remind.halfway")
    await stage.until(local(20, 16, 15))
    await stage.until(local(21, 16, 15))
    await amina.press("expire.late")
    await amina.overview()
    await amina.choose("1")
    await amina.choose("3")
    await amina.send()
    stage.workshop(EATING, local(21, 18))
    await stage.until(local(21, 18, 15))
    await bram.say("/workshops")
    await bram.choose("1")
    await bram.press("agenda.one", 1)
    await stage.until(local(22, 20))


async def unusable(stage: Stage) -> None:
    amina, bram = stage.people, stage.coordinators
    await begun(stage)
    await amina.each(lambda actor: actor.phone.send_sticker())
    old = amina.remembered("1")
    await amina.choose("1")
    await amina.tap_old("1", old)
    await amina.each(lambda actor: actor.phone.send_odd("dice"))
    await amina.each(lambda actor: actor.phone.send_voice(sample_voice(), 7))
    await amina.tick("1", "3", typed=("1 en 3", "1 and 3"))
    await amina.say("7")
    await amina.each(lambda actor: actor.phone.send_odd("poll"))
    await amina.each(lambda actor: actor.phone.send_location())
    await bram.say("/status")
    await amina.each(lambda actor: actor.phone.send_odd("forwarded", actor.put(("Mooi werk.", "Nice work."))))
    await amina.each(lambda actor: actor.phone.react(actor.phone.last))
    await amina.say(("/hallo", "/hello"))
    await stage.skip(7)
    await amina.say(("Die heb ik niet.", "I have none."))
    await amina.each(lambda actor: actor.phone.send_document(b"%PDF-1.7", "flap.pdf", "application/pdf"))
    await amina.each(lambda actor: [actor.phone.send_photo(sample_photo(), album="a") for _ in range(2)])
    await amina.each(lambda actor: actor.phone.send_odd("contact"))
    await amina.send()
    await amina.each(lambda actor: actor.phone.send_odd("animation"))
    await amina.say(("Hallo?", "Hello?"))
    await stage.in_a_group(("Hallo?", "Hello?"))
    await stage.strangers().say(("Hallo?", "Hello?"))


async def languages(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("1")
    await amina.say(("/taal", "/language"))
    await amina.choose(("English", "Nederlands"))
    await amina.choose("1")
    await amina.choose(("Done", "Klaar"))
    await amina.choose(("Pause", "Pauze"))
    await amina.say(("/language", "/taal"))
    await amina.choose(("Nederlands", "English"))
    await amina.press("pause.done")
    await amina.choose("4")


async def loop(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("1")
    await stage.skip(8)
    await amina.say(("Ik bel de corporatie.", "I will call the housing association."))
    await amina.done()
    await amina.press("q.photo")
    await amina.send()
    await begun(stage, EATING, day=19)
    await amina.choose("1")
    await amina.choose(("2", "Partly"))
    await amina.say(("/mijnreflecties", "/myreflections"))


async def accessible(stage: Stage) -> None:
    amina = stage.people
    await begun(stage)
    await amina.choose("2")
    await amina.tap("1")
    await stage.later(hours=20)
    await amina.tick("3", typed=("1 en 3", "1 and 3"))
    await amina.choose(("Weet ik niet", "I don't know"))
    await amina.overview()


async def unreachable(stage: Stage) -> None:
    amina, bram = stage.people, stage.coordinators
    await begun(stage)
    await amina.choose("1")
    await amina.each(lambda actor: actor.phone.block())
    stage.note("(Amina blocks the bot)")
    await stage.until(local(20, 12))
    await bram.say("/status")
    stage.note("(Amina lets the bot in again)")
    await amina.each(lambda actor: actor.phone.unblock())
    await amina.tick("1", typed="1")
    await bram.say("/status")


async def fourth(stage: Stage) -> None:
    amina = stage.people
    await begun(stage, EATING)
    await amina.choose("1")
    await stage.skip(9)
    await amina.press("q.photo")
    await amina.send()
    stage.told_again(2)
    stage.forget()
    await begun(stage, day=19)
    await amina.choose("1")
    await stage.skip(9)
    await amina.say(("Buren groeten elkaar weer.", "Neighbours greet each other again."))
    await amina.done()


RULES = (
    Rule(1, "one_question", "One question a message; the answered one shows its answer", one_question),
    Rule(2, "typing", "Typing works beside tapping; a near miss is asked again", typing, shows_typing=True),
    Rule(3, "several_messages", "Several messages are one answer", several_messages),
    Rule(4, "back_and_overview", "Back, skip, pause and overview at every question", ways),
    Rule(5, "edited", "An edited message corrects the answer", edited),
    Rule(6, "interruptions", "After an interruption the same question is asked again", interrupted),
    Rule(7, "later", "Later, reminders, closing, and late answers", later),
    Rule(8, "wrong_input", "What cannot be used is named, with what is needed and an example", unusable),
    Rule(9, "language", "The language can change at any question", languages),
    Rule(10, "the_loop", "The intention of the last time comes back", loop),
    Rule(11, "accessible", "What is chosen stands in the text, and nothing is in a hurry", accessible),
    Rule(12, "unreachable", "Who blocks the bot is left alone and welcomed back", unreachable),
    Rule(13, "fourth", "Every fourth reflection asks what changed most", fourth),
)
