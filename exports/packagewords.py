"""The words of a data package in both languages."""

from exports.words import Word

README: dict[str, tuple[Word, ...]] = {
    "internal": (
        (
            "Voor gebruik binnen het onderzoek. Personen staan onder hun code; open antwoorden staan er voluit in. "
            "Bewaar dit pakket zoals je de antwoorden bewaart, en publiceer het niet.",
            "For use inside the study. People are shown by their code; open answers are there in full. Keep this "
            "package as you keep the answers, and do not publish it.",
        ),
    ),
    "deposit": (
        (
            "Om neer te leggen in een archief. Reflecties, personen en werkplaatsen hebben willekeurige codes die "
            "alleen in dit pakket bestaan, en de rijen staan in een willekeurige volgorde.",
            "To be deposited in an archive. Reflections, people and workshops have random codes that exist in this "
            "package only, and the rows stand in random order.",
        ),
        (
            "Datums zijn weken. Rol, wijk, tijden, plekken, foto's, opnamen, en wat de vragenlijst zelf invulde zijn "
            "weggelaten. Open antwoorden zijn weggelaten, behalve woorden die een coördinator goedkeurde om te "
            "citeren; zijn die er, dan staan ze in open_answers.csv, zonder van wie ze zijn.",
            "Dates are weeks. Role, neighbourhood, times, places, photos, recordings, and what the form filled in by "
            "itself are left out. Open answers are left out, but for words that a coordinator approved for quoting; "
            "where there are any, they stand in open_answers.csv, without whose they are.",
        ),
        (
            "In het codeboek zijn aantallen weggelaten bij elke variabele met een aantal onder de {k}.",
            "The codebook leaves out the counts of every variable with a count below {k}.",
        ),
        (
            "Kijk voor het neerleggen na of antwoorden samen iemand herkenbaar maken; het programma ziet dat niet.",
            "Before depositing, look whether answers together point at somebody; the program does not see that.",
        ),
    ),
}

FILES: dict[str, Word] = {
    "reflections": ("één rij per reflectie, als codes", "one row per reflection, as codes"),
    "repeat": ("één rij per keer dat {name} is ingevuld", "one row per instance of {name}"),
    "open_answers": ("open antwoorden", "open answers"),
    "codebook": ("wat elke variabele en code betekent", "what every variable and code means"),
}

HEADINGS: dict[str, Word] = {
    "files": ("Bestanden", "Files"),
    "counts": ("Aantallen", "Counts"),
    "missing": ("Ontbrekende antwoorden", "Missing answers"),
    "reading": ("Lezen", "Reading"),
    "fewer": ("minder dan {k}", "fewer than {k}"),
    "reflections": ("Reflecties", "Reflections"),
    "people": ("Personen", "People"),
    "workshops": ("Werkplaatsen", "Workshops"),
    "versions": ("Versies van de vragenlijst", "Versions of the questionnaire"),
    "software": ("Gemaakt met", "Made with"),
}

READING: Word = (
    "De bestanden zijn CSV in UTF-8, beschreven in datapackage.json (Frictionless Data Package). Open ze niet met een "
    "dubbelklik in een spreadsheet maar importeer ze als tekst: een antwoord dat met = begint is geen formule.",
    "The files are CSV in UTF-8, described in datapackage.json (Frictionless Data Package). Do not open them by a "
    "double click in a spreadsheet but import them as text: an answer that begins with = is no formula.",
)
