"""The words of an export's own: names of sheets, headers and codes, in Dutch and English."""

from typing import Literal

from exports.digestwords import CHART, DIGEST

Word = tuple[str, str]
"""Dutch and English."""

SHEETS: dict[str, Word] = {
    "overview": ("Overzicht", "Overview"),
    "reflections": ("Reflecties", "Reflections"),
    "codes": ("Codes", "Codes"),
    "open": ("Open antwoorden", "Open answers"),
    "sessions": ("Sessies", "Sessions"),
    "compliance": ("Respons", "Compliance"),
    "workshops": ("Werkplaatsen", "Workshops"),
    "codebook": ("Codeboek", "Codebook"),
    "revisions": ("Wijzigingen", "Revisions"),
    "about": ("Over deze export", "About"),
}

ABOUT_REFLECTION: dict[str, Word] = {
    "response_id": ("Reflectie", "Reflection"),
    "person_code": ("Code van de veldwerker", "Fieldworker's code"),
    "role": ("Rol", "Role"),
    "city": ("Stad", "City"),
    "neighbourhood": ("Wijk", "Neighbourhood"),
    "workshop_id": ("Werkplaats", "Workshop"),
    "workshop_start": ("Begin werkplaats", "Workshop's start"),
    "form": ("Vragenlijst", "Questionnaire"),
    "version": ("Versie van de vragenlijst", "Questionnaire's version"),
    "language": ("Taal van de antwoorden", "Language of the answers"),
    "state": ("Status: verstuurd, of verlopen met een deel", "State: sent, or expired with a part"),
    "prompted_at": ("Eerste vraag om te antwoorden", "First prompt"),
    "started_at": ("Begonnen", "Started"),
    "submitted_at": ("Verstuurd", "Submitted"),
    "workshop_start_utc": ("Begin werkplaats (UTC)", "Workshop's start (UTC)"),
    "prompted_at_utc": ("Eerste vraag om te antwoorden (UTC)", "First prompt (UTC)"),
    "started_at_utc": ("Begonnen (UTC)", "Started (UTC)"),
    "submitted_at_utc": ("Verstuurd (UTC)", "Submitted (UTC)"),
    "delay_min": ("Minuten van eerste vraag tot verstuurd", "Minutes from first prompt to submitted"),
    "active_seconds": ("Seconden bezig", "Seconds active"),
    "n_reminders": ("Herinneringen", "Reminders"),
    "n_snoozes": ("Keren uitgesteld", "Times snoozed"),
    "n_edits": ("Wijzigingen na versturen", "Changes after sending"),
    "is_late": ("Te laat", "Late"),
    "is_test": ("Proef", "Test"),
    "consent_version": ("Versie van de toestemming", "Consent version"),
    "flags": ("Let op", "Flags"),
}

HEADERS: dict[str, Word] = {
    "figure": ("Kerncijfer", "Key figure"),
    "value": ("Waarde", "Value"),
    "city": ("Stad", "City"),
    "week": ("Week", "Week"),
    "role": ("Rol", "Role"),
    "workshops": ("Werkplaatsen", "Workshops"),
    "due": ("Gevraagd", "Due"),
    "done": ("Klaar", "Completed"),
    "rate": ("Respons", "Rate"),
    "late": ("Waarvan te laat", "Of which late"),
    "partial": ("Deels", "Partial"),
    "open_prompts": ("Loopt nog", "Still open"),
    "declined": ("Niet gewild", "Declined"),
    "expired": ("Verlopen", "Expired"),
    "missed": ("Gemist door de bot", "Missed by the bot"),
    "undeliverable": ("Niet bereikbaar", "Undeliverable"),
    "absent": ("Niet aanwezig", "Absent"),
    "not_held": ("Ging niet door", "Not held"),
    "withdrawn": ("Gestopt", "Withdrawn"),
    "erased": ("Gewist", "Erased"),
    "cancelled": ("Afgelast", "Cancelled"),
    "planned": ("Nog te vragen", "Not yet asked"),
    "median": ("Mediaan (minuten)", "Median (minutes)"),
    "scale": ("Schaalvraag", "Scale question"),
    "answers": ("Antwoorden", "Answers"),
    "mean": ("Gemiddelde", "Mean"),
    "disposition": ("Uitkomst", "Disposition"),
    "neighbourhood": ("Wijk", "Neighbourhood"),
    "workshop_start": ("Begin werkplaats", "Workshop's start"),
    "workshop_end": ("Einde werkplaats", "Workshop's end"),
    "title": ("Titel", "Title"),
    "state": ("Status", "State"),
    "form_version": ("Versie vragenlijst", "Form version"),
    "team": ("Team", "Team"),
    "prompted": ("Eerste vraag", "Prompted"),
    "opened": ("Geopend", "Opened"),
    "submitted": ("Verstuurd", "Submitted"),
    "closes": ("Sluit", "Closes"),
    "ended": ("Afgesloten", "Ended"),
    "reminders": ("Herinneringen", "Reminders"),
    "snoozes": ("Uitgesteld", "Snoozes"),
    "delay": ("Minuten tot antwoord", "Minutes to answer"),
    "variable": ("Variabele", "Variable"),
    "question_nl": ("Vraag (NL)", "Question (NL)"),
    "question_en": ("Vraag (EN)", "Question (EN)"),
    "type": ("Soort", "Type"),
    "code": ("Code", "Code"),
    "label_nl": ("Label (NL)", "Label (NL)"),
    "label_en": ("Label (EN)", "Label (EN)"),
    "line": ("Onderzoekslijn", "Research line"),
    "versions": ("Versies", "Form versions"),
    "question": ("Vraag", "Question"),
    "changed": ("Gewijzigd", "Changed"),
    "before": ("Was", "Before"),
    "after": ("Is nu", "After"),
    "subject": ("Onderwerp", "Subject"),
    "meaning": ("Toelichting", "Meaning"),
}

MISSING: dict[int, Word] = {
    -66: ("weet ik niet", "don't know"),
    -77: ("overgeslagen", "skipped"),
    -88: ("niet van toepassing", "not applicable"),
    -96: ("niet bereikt", "not reached"),
    -97: ("verlopen", "expired"),
}

GONE: dict[int, Word] = {
    -98: (
        "gevraagd of gepland, maar de persoon is gestopt",
        "asked or planned, but the person has withdrawn",
    ),
    -99: (
        "gevraagd of gepland, maar de persoon heeft alles laten wissen",
        "asked or planned, but the person had everything erased",
    ),
}
"""Why a whole reflection is not there, though somebody was to be asked for it."""

MISSING_AT_LENGTH: dict[int, Word] = {
    -66: ("gekozen: weet ik niet", "chosen: don't know"),
    -77: (
        "de vraag is overgeslagen, of opgegeven na drie onbruikbare antwoorden",
        "the question was skipped, or given up after three unusable replies",
    ),
    -88: (
        "de vraag hoorde niet bij dit pad of deze versie, of gekozen: niet van toepassing",
        "the question was not on this path or in this version, or chosen: not applicable",
    ),
    -96: (
        "de vraag is niet gesteld voordat de reflectie sloot",
        "the question was not put before the reflection closed",
    ),
    -97: (
        "de vraag stond open toen de reflectie verliep",
        "the question was waiting when the reflection expired",
    ),
}

CODES: dict[str, Word] = {
    "fieldworker": ("veldwerker", "fieldworker"),
    "coordinator": ("coördinator", "coordinator"),
    "investigator": ("onderzoeksleider", "investigator"),
    "steward": ("databeheerder", "steward"),
    "operator": ("beheerder", "operator"),
    "nl": ("Nederlands", "Dutch"),
    "en": ("Engels", "English"),
    "completed": ("verstuurd", "sent"),
    "planned": ("gepland", "planned"),
    "sent": ("gevraagd", "sent"),
    "snoozed": ("uitgesteld", "snoozed"),
    "opened": ("bezig", "opened"),
    "complete": ("klaar", "complete"),
    "late": ("te laat klaar", "late"),
    "partial": ("deels", "partial"),
    "expired": ("verlopen", "expired"),
    "declined": ("niet gewild", "declined"),
    "missed": ("gemist door de bot", "missed by the bot"),
    "undeliverable": ("niet bereikbaar", "undeliverable"),
    "not_held": ("ging niet door", "not held"),
    "absent": ("niet aanwezig", "absent"),
    "cancelled": ("afgelast", "cancelled"),
    "withdrawn": ("gestopt", "withdrawn"),
    "erased": ("gewist", "erased"),
    "text": ("tekst", "text"),
    "voice": ("spraak", "voice"),
    "photo": ("foto", "photo"),
    "video": ("video", "video"),
    "file": ("bestand", "file"),
    "answered": ("beantwoord", "answered"),
    "skipped": ("overgeslagen", "skipped"),
    "given_up": ("opgegeven", "given up"),
    "replaced": ("vervangen, de woorden zijn weg", "replaced, the words are gone"),
}

TYPES: dict[str, Word] = {
    "about": ("over de reflectie", "about the reflection"),
    "text": ("open", "open"),
    "integer": ("geheel getal", "whole number"),
    "decimal": ("getal", "number"),
    "select_one": ("één keuze", "single choice"),
    "select_multiple": ("meer keuzes", "multiple choice"),
    "option": ("optie, 0 of 1", "option, 0 or 1"),
    "hidden": ("ingevuld of berekend door de vragenlijst", "filled or worked out by the form"),
    "range": ("schaal", "scale"),
    "image": ("foto", "photo"),
    "audio": ("geluid", "audio"),
    "video": ("video", "video"),
    "file": ("bestand", "file"),
    "date": ("datum", "date"),
    "time": ("tijd", "time"),
    "dateTime": ("datum en tijd", "date and time"),
    "geopoint": ("plek", "place"),
    "acknowledge": ("gelezen", "read"),
}

LEFT_OUT: dict[str, Word] = {
    "test": ("proefsessies", "test sessions"),
    "unfinished": ("nog bezig", "not finished yet"),
    "interrupted": ("afgebroken", "interrupted"),
    "other_period": ("in een andere periode afgesloten", "ended in another period"),
    "other_city": ("van een andere stad", "of another city"),
    "other_form": ("met een andere vragenlijst", "with another questionnaire"),
    "no_workshop": ("zonder werkplaats", "without a workshop"),
}

PHRASES: dict[str, Word] = {
    "title": ("{study}: {city}, {period}", "{study}: {city}, {period}"),
    "subject": ("Reflecties na werkplaatsen, vragenlijst {form}", "Reflections after workshops, form {form}"),
    "repeat": ("Herhaling {name}", "Repeat {name}"),
    "keywords": ("onder pseudoniem", "pseudonymous"),
    "week": ("week {week}", "week {week}"),
    "everything": ("alles", "everything"),
    "workshops_until": ("werkplaatsen van {since} tot en met {until}", "workshops from {since} to {until}"),
    "week_until": ("{since} tot en met {until}", "{since} to {until}"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "key_figures": ("Kerncijfers", "Key figures"),
    "response_by_week": ("Respons per week", "Response by week"),
    "scale_means": (
        "Schaalvragen: gemiddelde antwoord per week, vanaf {k} antwoorden",
        "Scale questions: mean answer by week, from {k} answers on",
    ),
    "scales": ("Schaalvragen: hoe vaak elk antwoord", "Scale questions: how often each answer"),
    "reflections": ("Reflecties in dit bestand", "Reflections in this file"),
    "of_which_partial": ("waarvan halverwege gesloten", "of which closed half-way"),
    "people": ("Veldwerkers", "Fieldworkers"),
    "workshops": ("Werkplaatsen in deze periode", "Workshops in this period"),
    "due_done": ("Klaar van gevraagd", "Completed of due"),
    "due_done_value": ("{done} van {due}", "{done} of {due}"),
    "rate": ("Respons", "Response"),
    "median": ("Tijd tot antwoord, mediaan", "Time to answer, median"),
    "page": ("Bladzijde &P van &N", "Page &P of &N"),
    "none": ("–", "–"),
}

ALTS: dict[str, Word] = {
    "response": (
        "Staafdiagram van {city}: per week wat gevraagd en klaar is. De tabel Respons per week heeft de getallen.",
        "Bar chart of {city}: answers due and completed by week. The table Response by week has the numbers.",
    ),
    "means": (
        "Lijndiagram van {city}: het gemiddelde van elke schaalvraag per week. De tabel erboven heeft de getallen.",
        "Line chart of {city}: the mean of every scale question by week. The table above has the numbers.",
    ),
    "answers": (
        "Gestapelde balken van {city}: welk deel welk antwoord koos. De tabel erboven heeft de getallen.",
        "Stacked bars of {city}: which part chose which answer. The table above has the numbers.",
    ),
}

ABOUT: dict[str, Word] = {
    "study": ("Onderzoek", "Study"),
    "city": ("Stad", "City"),
    "period": ("Periode", "Period"),
    "week_rule": ("Wat bij een week hoort", "What belongs to a week"),
    "zone": ("Tijdzone", "Time zone"),
    "form": ("Vragenlijst", "Questionnaire"),
    "version": ("Versie {version}", "Version {version}"),
    "rows_total": ("Sessies in de database", "Sessions in the database"),
    "rows_out": ("Reflecties in dit bestand", "Reflections in this file"),
    "rows_left": ("Niet in dit bestand: {reason}", "Not in this file: {reason}"),
    "cleaned": (
        "Cellen met een teken dat geen spreadsheet kan bevatten (nu �)",
        "Cells with a character no spreadsheet can hold (now �)",
    ),
    "cut": ("Cellen met ingekorte tekst", "Cells with shortened text"),
    "continued": ("Blad {title} gaat verder in", "Sheet {title} goes on in"),
    "files_missing": ("Foto's en opnamen die ontbreken", "Photos and recordings that are missing"),
    "files_enclosed": ("Foto's en opnamen in de map media", "Photos and recordings in the folder media"),
    "cut_at": ("Ingekort tot {most} bytes", "Shortened to {most} bytes"),
    "file_not_in": ("Niet in dit project", "Not in this project"),
    "file_absent": ("Niet in de map media", "Not in the folder media"),
    "gone": ("Geen reflectie, code {code}", "No reflection, code {code}"),
    "missing": ("Code {code}", "Code {code}"),
    "denominator": ("Hoe de respons is geteld", "How the response is counted"),
    "compared": ("Naast het weekbericht", "Beside the weekly summary"),
    "pseudonyms": ("Pseudoniemen", "Pseudonyms"),
    "changed": ("Laatste wijziging", "Last change"),
    "hash": ("Hash van blad Codes", "Hash of sheet Codes"),
    "software": ("Programma", "Software"),
}

ABOUT_TEXTS: dict[str, Word] = {
    "week_rule": (
        "ISO-weken, maandag 00:00 tot maandag 00:00 in de tijdzone hieronder. Een reflectie hoort bij de week "
        "waarin zij is verstuurd of verlopen; werkplaatsen, sessies en respons horen bij de week waarin de "
        "werkplaats begon.",
        "ISO weeks, Monday 00:00 to Monday 00:00 in the time zone below. A reflection belongs to the week in "
        "which it was sent or expired; workshops, sessions and compliance belong to the week in which the "
        "workshop began.",
    ),
    "denominator": (
        "Veldwerker × werkplaats die doorging en waar de veldwerker bij was. Wat nog gevraagd moet worden, "
        "niet doorging, is afgelast of niet is bijgewoond telt niet mee; wat de bot miste en wie niet "
        "bereikbaar was wel.",
        "Fieldworker × workshop that took place and was attended. What is still to be asked, was not held, was "
        "cancelled or not attended is not counted; what the bot missed and who was unreachable are.",
    ),
    "compared": (
        "Gemiddelden en aantallen tellen antwoorden: wie over twee werkplaatsen vertelde, telt twee keer. Zo telt ook "
        "het weekbericht van maandag.",
        "Means and counts count answers: who told about two workshops counts twice. Monday's summary counts so, too.",
    ),
    "summary": (
        "Het weekbericht laat ook getallen weg van minder dan {k} mensen, of die hen zouden verraden, en blijft zoals "
        "het eerst is verteld. Hier staan de antwoorden van nu.",
        "The summary also leaves out figures of fewer than {k} people, or that would give them away, and stays as it "
        "was first told. Here are the answers of now.",
    ),
    "pseudonyms": (
        "Personen staan hier met een willekeurige code. Namen, telefoonnummers en adressen van berichtendiensten "
        "staan in geen enkel blad; in open antwoorden kan iemand zelf iets herkenbaars hebben geschreven.",
        "People are shown by a random code. No sheet holds names, phone numbers or messenger addresses; in open "
        "answers somebody may have written something identifying.",
    ),
    "continued": (
        "een blad kan niet meer rijen bevatten; onder dezelfde kop staan de volgende",
        "a sheet can hold no more rows; the next ones stand under the same headers",
    ),
    "cut": (
        "de volledige tekst staat in Open antwoorden, verdeeld over regels",
        "the full text is in Open answers, over several rows",
    ),
}


GENERAL_LINE: Word = ("algemeen", "general")
"""The line of what belongs to all lines."""


def pick(word: Word, language: str) -> str:
    """The word in this language."""
    return word[0] if language == "nl" else word[1]


Group = Literal[
    "sheet", "header", "phrase", "code", "about", "about_text", "digest", "chart", "alt", "type", "left_out"
]

_GROUPS: dict[Group, dict[str, Word]] = {
    "sheet": SHEETS,
    "header": HEADERS,
    "phrase": PHRASES,
    "code": CODES,
    "about": ABOUT,
    "about_text": ABOUT_TEXTS,
    "digest": DIGEST,
    "chart": CHART,
    "alt": ALTS,
    "type": TYPES,
    "left_out": LEFT_OUT,
}


def word(group: Group, key: str, language: str, **values: object) -> str:
    """The words under this key with their `{blanks}` filled in; KeyError where there are none: a fault of ours."""
    return pick(_GROUPS[group][key], language).format_map(values)
