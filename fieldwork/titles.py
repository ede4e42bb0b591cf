"""Finds names that stand behind meneer, mevrouw, Mr and the like."""

import re
from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLE = re.compile(
    r"(?<!\w)(?:(?:meneer|mevrouw|mijnheer|(?:de )?heer|miss|mister|mevr|mvr|mw|dhr|mr|mrs|ms)[ \u00a0]+"
    r"|(?:mevr|mvr|mw|dhr|mr|mrs|ms)\.[ \u00a0]*)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.? ?-?){1,4}(?<=[. ])(?=[^\W\d_])")
_WORD = re.compile(r"(?:['’][a-z](?= )|[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*)[ \u00a0]?")
_PREFIXES = _words("van de der den het 't ’t ten ter te el al ben bin ibn von di da dos del la le op in aan bij")
_SURELY = frozenset({"van der", "van den", "van 't", "van ’t", "el", "ben", "ter", "ten", "von", "bin"})
"""Behind these a name follows, also in small letters."""
_AFTER_DE = _words(
    "vries jong boer wit groot haan graaf bruijn bruin lange ruiter ridder leeuw rooij winter jonge waard beer "
    "kok backer koster wilde goede vos jager haas hoop clercq"
)
_AFTER_VAN_DE = _words("berg ven velde wal kamp laar brink pol water wiel geer meer pas vorst riet sande")
_AFTER_VAN = _words(
    "dijk leeuwen houten rijn beek vliet dam loon wijk gelder essen dongen veen eck hout hoof ommen zanten"
)
_NO_NAMES = frozenset({"slotte", "eerste", "tweede", "derde", "dele"})
_SURNAMES = _words(
    "jansen janssen bakker visser smit smits meijer meyer mulder bos vos peters hendriks dekker dijkstra brouwer "
    "jacobs willems willemsen hoekstra koster verhoeven prinsen huisman peeters kuiper kuipers veenstra postma "
    "schouten maas martens vermeulen kok hermans timmermans groen molenaar blom gerritsen evers wolters scholten "
    "vink pietersen hansen klaassen driessen kramer jonker schipper verbeek sanders vermeer bosch hofman boersma "
    "yilmaz yılmaz kaya demir sahin şahin celik çelik öztürk ozturk aydin aydın arslan dogan doğan kilic kılıç "
    "yildiz yıldız aslan polat koç koc kurt ozkan özkan ali ahmed mohamed hassan hussein ibrahim abdi khan singh "
    "bouzid amrani idrissi bouazza haddad benali chaoui ouali azzouzi tahiri ziani mansouri saidi alaoui nguyen "
    "chen wang li kumar sharma ramdin jagesar pinas martina silva fernandes lopez gomez rodriguez kowalski nowak "
    "novak wisniewski ivanov popov"
)
_PLACES = (
    *("straat", "laan", "plein", "plantsoen", "kade", "gracht", "singel", "dreef", "park", "school", "weg"),
    *("street", "square", "road", "pad"),
)
"""Endings of what is called after somebody."""


def named(text: str) -> Iterator[tuple[int, int]]:
    """From the beginning of the title to the end of the name."""
    for title in _TITLE.finditer(text):
        end = _end_of_name(text, title.end(), title[0].rstrip(" .\u00a0").isupper())
        if end is not None:
            yield title.start(), end


def _end_of_name(text: str, begin: int, is_shouted: bool) -> int | None:
    """Where the name ends that begins here; None where none does."""
    initials = _INITIALS.match(text, begin)
    place = initials.end() if initials else begin
    before: list[str] = []
    while (word := _WORD.match(text, place)) is not None and len(before) < 4:
        bare = word[0].rstrip(" \u00a0")
        if bare.lower() not in _PREFIXES:
            return _whole(text, word, bare) if _is_name(bare, " ".join(before), is_shouted) else None
        before.append(bare.lower())
        place = word.end()
    return None


def _whole(text: str, word: re.Match[str], bare: str) -> int | None:
    """The end of the name with what follows of it in capitals; None where it is of a street."""
    end = word.start() + len(bare)
    following = _WORD.match(text, word.end()) if word[0] != bare else None
    if following is not None and following[0][0].isupper() and not bare.isupper():
        bare = following[0].rstrip(" \u00a0")
        end = following.start() + len(bare)
    return None if bare.lower().endswith(_PLACES) else end


def _is_name(word: str, before: str, is_shouted: bool) -> bool:
    """Whether a word behind a title and these small words is a name; in small letters only where it is known as one."""
    if len(word) < 2:
        return False
    if word[0].isupper() and not (is_shouted and word.isupper()):
        return True
    small = word.lower()
    if before == "de":
        return small in _AFTER_DE
    if before == "van de":
        return small in _AFTER_VAN_DE
    if before == "van":
        return small in _AFTER_VAN
    if before in _SURELY:
        return len(word) > 2 and small not in _NO_NAMES
    return not before and small.partition("-")[0] in _SURNAMES
