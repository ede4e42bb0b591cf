"""A person's own copy of everything kept about them: JSON for programs, a page to read, and their files."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from exports.ownwords import Words, listed, section
from exports.ownwork import acts, messages, work
from exports.page import page, paragraph
from forms.form import Form
from forms.question import Question
from storage.owncopy import Copy

MOST_IN_ONE = 40_000_000
"""Bytes of files in one archive; messengers take 50 MB."""


_CHOICES = {"asked": "ask_when", "media": "media_allowed", "quotes": "quotes_allowed", "tidies": "tidies"}
"""What a person decided about being asked and kept, by how it is called in the document."""


def write_copy(target: Path, copy: Copy, html: str, files: Sequence[Path]) -> None:
    """One archive; an empty copy leaves the files alone in it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        if copy:
            archive.writestr("gegevens.json", json.dumps(copy, ensure_ascii=False, indent=2))
            archive.writestr("gegevens.html", html)
        for file in files:
            archive.write(file, f"media/{file.name}", zipfile.ZIP_STORED)


def heaps(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in heaps that a messenger takes; at least one heap, that may be empty."""
    heap: list[Path] = []
    size = 0
    for file in files:
        if heap and size + file.stat().st_size > MOST_IN_ONE:
            yield heap
            heap, size = [], 0
        heap.append(file)
        size += file.stat().st_size
    yield heap


def own_document(copy: Copy, forms: Mapping[str, Form], words: Words) -> str:
    """The same as a document to read and print; it needs nothing from anywhere."""
    body = (
        _facts(copy, words),
        _consents(copy, words),
        _reflections(copy, forms, words),
        _pointed_out(copy, words),
        _asked_of_people(copy, words),
        _given(copy, words),
        messages(copy, words),
        *work(copy, words),
        acts(copy, words),
    )
    return page(words("title"), words.language, "\n".join(body))


def _facts(copy: Copy, words: Words) -> str:
    """Who the person is here."""
    person = copy["person"]
    held = [one for one in copy["roles"] if one["deactivated_on"] is None]
    facts = {
        "name": person["name"],
        "address": person["urn"],
        "email": person["email"],
        "code": person["code"],
        "roles": ", ".join(words.role(one["role"], one["city"], one["line"]) for one in held),
        "joined": words.when(person["joined_on"]),
        "left": person["left_on"] and words.when(person["left_on"]),
    }
    facts |= {key: _chosen(person[of], words) for key, of in _CHOICES.items()}
    return section(words("who"), listed([(words(key), value) for key, value in facts.items() if value]))


def _chosen(value: object, words: Words) -> str:
    """What somebody chose, in words; '' where they were not asked."""
    if isinstance(value, int):
        return words.say("answered.yes" if value else "answered.no", words.language)
    return words.say(f"timing.{value}", words.language) if value in ("after", "morning") else ""


def _consents(copy: Copy, words: Words) -> str:
    """What was answered, when, and to which words."""
    items = [(_agreed(one, words), one["words"]) for one in copy["consents"]]
    return section(words("consents"), listed(items) if items else paragraph(words("none")))


def _agreed(one: Copy, words: Words) -> str:
    kind, answer = (words.say(key, words.language) for key in (f"agreed.{one['kind']}", f"answered.{one['answer']}"))
    version = words("revision", n=one["version"])
    return f"{words.when(one['given_on'])} · {kind}: {answer} · {version} · SHA-256 {one['words_sha256']}"


def _reflections(copy: Copy, forms: Mapping[str, Form], words: Words) -> str:
    titles = {
        one["id"]: f"{one['title']}, {one['neighbourhood']}, {words.when(one['starts_on'])}"
        for one in copy["workshops"]
    }
    return "\n".join(
        section(titles.get(one["workshop_id"], one["form_id"]), _answers(one, forms.get(one["form_hash"]), words))
        for one in copy["reflections"]
    )


def _answers(one: Copy, form: Form | None, words: Words) -> str:
    """Every revision of every answer under its question, and what was not sent yet."""
    pieces = []
    for answer in _in_order(one["answers"], form):
        question = form.question(answer["path"]) if form is not None and form.has(answer["path"]) else None
        said = _said(answer, question, words)
        about = f"{words.when(answer['said_on'])} · {words('revision', n=answer['revision'])}"
        asked = f"<h3>{escape(_asked(question, answer['path'], words))}</h3>"
        pieces.append("".join((asked, paragraph(said, "words"), paragraph(about, "about"))))
    for draft in one["drafts"]:
        told = draft.get("text") or draft.get("choices") or draft.get("file") or ""
        pieces.append(f"<h3>{escape(words('draft'))}</h3>{paragraph(told, 'words')}")
    return "\n".join(pieces)


def _in_order(found: Sequence[Copy], form: Form | None) -> list[Copy]:
    """As the form asks them."""
    return sorted(found, key=lambda one: form.order(one["path"]) if form and form.has(one["path"]) else (-1, 0, 0))


def _asked(question: Question | None, path: str, words: Words) -> str:
    if question is None:
        return path
    return " ".join((question.labels.get(words.language) or next(iter(question.labels.values()), path)).split())


def _said(answer: Copy, question: Question | None, words: Words) -> str:
    """The words, with labels instead of codes."""
    if answer["outcome"] != "answered":
        return words("not_answered")
    if question is not None and question.kind.is_select:
        return ", ".join(_label(question, code, words.language) for code in answer["value"].split())
    return str(answer["value"])


def _label(question: Question, code: str, language: str) -> str:
    choice = question.choice(code)
    return code if choice is None else choice.labels.get(language) or next(iter(choice.labels.values()), code)


def _pointed_out(copy: Copy, words: Words) -> str:
    """What in the answers may tell of somebody else, by what it is; '' where nothing does."""
    items = []
    for one in (each for reflection in copy["reflections"] for each in reflection["pointed_out"]):
        sort = words.say(f"found.{one['sort']}", words.language)
        left = words.say("third.was_left" if one["left_on"] else "third.not_said", words.language)
        items.append((f"{one['path'].rpartition('/')[2]} · {words('revision', n=one['revision'])} · {sort}", left))
    return section(words("pointed_out"), listed(items)) if items else ""


def _asked_of_people(copy: Copy, words: Words) -> str:
    """When the person asked their coordinator something; the words are kept nowhere."""
    items = [
        (words.when(one["asked_on"]), words.when(one["answered_on"]) if one["answered_on"] else words("unanswered"))
        for one in copy["questions_to_coordinators"]
    ]
    told = listed(items) if items else paragraph(words("none"))
    return section(words("enquiries"), paragraph(words("words_not_kept"), "about") + told)


def _given(copy: Copy, words: Words) -> str:
    items = [
        (one["file"].rpartition("/")[2], f"{words.when(one['made_on'])} · SHA-256 {one['sha256']}")
        for one in copy["files_given_away"]
    ]
    return section(words("given"), listed(items) if items else paragraph(words("none")))
