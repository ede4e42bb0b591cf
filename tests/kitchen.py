"""A questionnaire that has every type of the subset, in Dutch and English."""

from functools import cache

from tests.forms.xlsform_sheets import written

_HEADER = {
    "type": "type",
    "name": "name",
    "nl": "label::Nederlands (nl)",
    "en": "label::English (en)",
    "hint_nl": "hint::Nederlands (nl)",
    "hint_en": "hint::English (en)",
    "guide_nl": "guidance_hint::Nederlands (nl)",
    "guide_en": "guidance_hint::English (en)",
    "required": "required",
    "relevant": "relevant",
    "constraint": "constraint",
    "message_nl": "constraint_message::Nederlands (nl)",
    "message_en": "constraint_message::English (en)",
    "default": "default",
    "parameters": "parameters",
    "read_only": "read_only",
    "calculation": "calculation",
    "trigger": "trigger",
    "repeat_count": "repeat_count",
    "image": "media::image",
}
Row = dict[str, str]


def row(kind: str, name: str, nl: str, en: str, **cells: str) -> Row:
    """A row of the survey sheet."""
    return {"type": kind, "name": name, "nl": nl, "en": en, **cells}


SURVEY = (
    row("start", "began", "", ""),
    row("end", "stopped", "", ""),
    row("today", "on", "", ""),
    row("deviceid", "device", "", ""),
    row("username", "who", "", ""),
    row("hidden", "secret", "", ""),
    row("note", "intro", "Welkom.", "Welcome."),
    row("text", "name", "Hoe heet het plein?", "What is the square called?"),
    row(
        "integer",
        "people",
        "Hoeveel mensen waren er op ${name}?",
        "How many people were at ${name}?",
        hint_nl="Rond ${name}.",
        hint_en="Around ${name}.",
        guide_nl="Tel ook de kinderen mee.",
        guide_en="Count the children, too.",
        default="12",
    ),
    row("decimal", "share", "Welk deel sprak?", "Which share spoke?"),
    row("calculate", "double", "", "", calculation="${people} * 2"),
    row("text", "told", "Twee keer zoveel is", "Twice as many is", read_only="yes", calculation="${double}"),
    row("select_one place or_other", "place", "Waar was het?", "Where was it?"),
    row(
        "select_multiple who",
        "present",
        "Wie waren er?",
        "Who was there?",
        constraint="count-selected(.) <= 2",
        message_nl="Kies er hooguit twee.",
        message_en="Choose two at most.",
    ),
    row("range", "mood", "Hoe was de sfeer?", "How was the mood?", parameters="start=1 end=5 step=1"),
    row("range", "percent", "Hoeveel procent?", "What percentage?", parameters="start=0 end=100 step=1"),
    row("acknowledge", "seen", "Deel geen namen.", "Share no names."),
    row("date", "day", "Op welke dag?", "On which day?", default="today()"),
    row("time", "hour", "Hoe laat?", "At what time?"),
    row("dateTime", "moment", "Wanneer precies?", "When exactly?"),
    row("dateTime", "noted", "", "", calculation="once(now())") | {"type": "calculate"},
    row("calculate", "asked_again", "", "", calculation="concat('gezien ', ${mood})", trigger="${mood}"),
    row("geopoint", "spot", "Waar stond je?", "Where did you stand?"),
    row("image", "picture", "Stuur een foto.", "Send a picture."),
    row("audio", "sound", "Stuur geluid.", "Send sound."),
    row("video", "film", "Stuur een filmpje.", "Send a film."),
    row("file", "paper", "Stuur een verslag.", "Send a report."),
    row("begin_group", "inside", "", ""),
    row("text", "plan", "Wat is het plan?", "What is the plan?", relevant="${mood} > 3"),
    row("end_group", "", "", ""),
    row("begin_repeat", "guest", "gast", "guest"),
    row("text", "first", "Wie sprak?", "Who spoke?"),
    row("end_repeat", "", "", ""),
    row("begin_repeat", "step", "stap", "step", repeat_count="2"),
    row("select_one yn", "done", "Is stap ${place_of_step} klaar?", "Is step ${place_of_step} done?"),
    row("calculate", "place_of_step", "", "", calculation="position(..)"),
    row("end_repeat", "", "", ""),
)
CHOICES = (
    ("list_name", "name", "label::Nederlands (nl)", "label::English (en)", "exclusive"),
    ("place", "square", "Op het plein", "On the square", ""),
    ("place", "hall", "In de zaal", "In the hall", ""),
    ("who", "residents", "Bewoners", "Residents", ""),
    ("who", "police", "Politie", "Police", ""),
    ("who", "youth", "Jongeren", "Young people", ""),
    ("who", "nobody", "Niemand", "Nobody", "yes"),
    ("yn", "y", "Ja", "Yes", ""),
    ("yn", "n", "Nee", "No", ""),
)
SETTINGS = (("form_title", "form_id", "version", "default_language"), ("Alles", "alles", "1", "Nederlands (nl)"))


def workbook(survey: tuple[Row, ...]) -> bytes:
    """An XLSForm with these questions and the choices and settings from here."""
    rows = [list(_HEADER.values()), *([one.get(key, "") for key in _HEADER] for one in survey)]
    return written({"survey": rows, "choices": CHOICES, "settings": SETTINGS})


@cache
def kitchen() -> bytes:
    """The whole questionnaire."""
    return workbook(SURVEY)
