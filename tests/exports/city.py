"""A city with everything in it that files for analysis have to hold, and everything that they must not."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from exports.formats import Format, Surroundings, write_file
from exports.period import everything
from exports.workbook import Request, Summary, forms_of
from forms.xlsform import Compiled, compile_workbook
from storage.database import snapshot
from tests.exports.seed import Seed, a_study
from tests.forms.xlsform_sheets import written

FIRST = datetime(2026, 11, 3, 14, tzinfo=UTC)
WORDS = "Een bewoner 👩\u200d🌾 nam het woord.\r\nDaarna שלום =1+1"
ODD_WORDS = 'Wel <woorden> & geen \x0b geluid ]]> "ja"; nee,'
"""A sign that XML cannot hold, and signs that mean something to XML, CSV and SPSS."""
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGM8UaHBwMDAwMDAxAADABosAWwXscVVAAAAAElFTkSuQmCC"
)
"""Three pixels wide, two high."""
VOICE = b"OggS a recording"
HIDDEN_WORDS = ("Dit is van een proef", "Dit is gewist", "Dit is van een andere stad")


def version(number: int) -> Compiled:
    """A questionnaire of every kind of question that an analysis meets; the second version asks one more."""
    survey: list[list[str]] = [
        ["type", "name", "label::Nederlands (nl)", "label::English (en)", "relevant", "calculation", "parameters"],
        ["select_one held", "held", "Ging het door?", "Did it take place?"],
        ["select_multiple who", "who", "Wie waren er?", "Who were there?", "${held} = 'yes'"],
        ["select_one scale", "influence", "Hoeveel invloed had jij?", "How much influence did you have?"],
        ["text", "moment", "Vertel over één moment.", "Tell about one moment."],
        ["image", "photo", "Foto van de flap", "Photo of the sheet"],
        ["integer", "count", "Hoeveel mensen?", "How many people?"],
        ["decimal", "hours", "Hoe lang, in uren?", "How long, in hours?"],
        ["date", "next", "Wanneer is de volgende?", "When is the next one?"],
        ["begin_repeat", "member", "Deelnemer", "Participant"],
        ["integer", "age", "Leeftijd", "Age"],
        ["text", "said", "Wat zei die?", "What did they say?"],
        ["end_repeat"],
        ["calculate", "members", "", "", "", "count(${member})"],
    ]
    if number == 2:
        survey.append(["text", "after", "Verder nog iets?", "Anything else?"])
    choices = [
        ["list_name", "name", "label::Nederlands (nl)", "label::English (en)"],
        ["held", "yes", "ja", "yes"],
        *([["held", "moved", "verplaatst", "moved"]] if number == 2 else []),
        ["held", "no", "nee", "no"],
        *(
            ["who", name, nl, en]
            for name, nl, en in (("residents", "bewoners", "residents"), ("police", "wijkagent", "police"))
        ),
        *(["scale", str(code), f"{code}", f"{code}"] for code in range(1, 6)),
        ["scale", "dont_know", "weet ik niet", "don't know"],
    ]
    settings = [["form_id", "version", "default_language"], ["stad", str(number), "Nederlands (nl)"]]
    return compile_workbook(written({"survey": survey, "choices": choices, "settings": settings}))


@dataclass(frozen=True, slots=True)
class Place:
    """A filled database and its photos and recordings."""

    seed: Seed
    media: Path

    def written(
        self,
        wanted: Format | tuple[Format, ...],
        target: Path,
        language: str = "nl",
        chance: int = 1,
        line_end: str = "\n",
    ) -> Summary:
        """Write one file of all there is."""
        study = a_study()
        formats = (wanted,) if isinstance(wanted, Format) else wanted
        with snapshot(self.seed.path) as rows:
            request = Request(study, study.cities[0], forms_of(rows, "stad"), everything(), language, "1.2.3")
            return write_file(rows, request, formats, target, Surroundings(self.media, Random(chance), line_end))


def fill(seed: Seed, media: Path) -> None:
    """Leiden: four reflections that count, in two versions, and what must stay out."""
    media.mkdir()
    old, new = (seed.form(version(number), FIRST + timedelta(hours=number)) for number in (1, 2))
    anna, bram, cees, dirk = (seed.person(code) for code in ("ANNA", "BRAM", "CEES", "DIRK"))
    for person in (anna, bram, dirk):
        seed.run("UPDATE person SET media_allowed = 1 WHERE id = :id", id=person)
    for name, content in (("photo-1.jpg", PHOTO), ("voice-2.ogg", VOICE), ("voice-9.ogg", VOICE)):
        (media / name).write_bytes(content)
    full = {
        "/data/held": "yes",
        "/data/who": "police",
        "/data/influence": "4",
        "/data/count": "12",
        "/data/hours": "1.5",
        "/data/next": "2026-11-30",
    }
    first = reflection(seed, old, anna, FIRST, full)
    story = seed.answer(first, "/data/moment", WORDS)
    seed.part(first, "/data/moment", story, 1, WORDS)
    seed.part(first, "/data/moment", story, 2, kind="voice", file="voice-2.ogg", seconds=34)
    seed.part(
        first, "/data/photo", seed.answer(first, "/data/photo", "photo-1.jpg"), 1, "de flap", "photo", "photo-1.jpg"
    )
    second = reflection(
        seed,
        new,
        bram,
        FIRST + timedelta(days=7),
        {"/data/held": "no", "/data/influence": "dont_know", "/data/count": ""},
    )
    for number, (age, said) in enumerate((("41", "Hallo 🙂"), ("2", "")), start=1):
        if number > 1:
            seed.answer(second, f"/data/member[{number}]", "yes")
        seed.answers(second, {f"/data/member[{number}]/age": age, f"/data/member[{number}]/said": said})
    seed.answer(second, "/data/after", "Nee. 🙂🙂 Dank!")
    gone = seed.answer(second, "/data/moment", "")
    seed.part(second, "/data/moment", gone, 1, kind="voice", file="voice-3.ogg", seconds=5)
    third = reflection(
        seed,
        new,
        cees,
        FIRST + timedelta(days=7, hours=1),
        {"/data/held": "yes", "/data/who": "residents police", "/data/influence": ""},
    )
    refused = seed.answer(third, "/data/moment", ODD_WORDS)
    seed.part(third, "/data/moment", refused, 1, ODD_WORDS)
    seed.part(third, "/data/moment", refused, 2, kind="voice", file="voice-9.ogg", seconds=8)
    reflection(seed, new, dirk, FIRST + timedelta(days=8), {"/data/held": "yes"}, "expired")
    stay_out(seed, new, anna)


def reflection(
    seed: Seed,
    form: str,
    person: int,
    start: datetime,
    answers: dict[str, str],
    state: str = "completed",
    city: str = "leiden",
) -> int:
    """Somebody's answers about a workshop of their own."""
    asked, ended = start + timedelta(hours=3), start + timedelta(hours=4)
    prompt = seed.prompt(seed.workshop(form, start, city), person, state, asked, ended)
    session = seed.session(form, person, prompt, asked, ended if state == "completed" else None, state)
    seed.answers(session, answers)
    return session


def stay_out(seed: Seed, form: str, person: int) -> None:
    """A test, another city, and the tombstone of somebody who was erased."""
    test = seed.session(form, person, None, FIRST, FIRST, is_test=True)
    seed.answer(test, "/data/moment", HIDDEN_WORDS[0])
    other = reflection(seed, form, seed.person("UTRE", "utrecht"), FIRST, {"/data/held": "yes"}, city="utrecht")
    seed.answer(other, "/data/moment", HIDDEN_WORDS[2])
    gone = seed.person("GONE", standing="withdrawn")
    seed.prompt(seed.workshop(form, FIRST), gone, "cancelled", FIRST)
    seed.run("UPDATE person SET erased_on = '2026-11-20T00:00:00.000Z' WHERE id = :id", id=gone)
