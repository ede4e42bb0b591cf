"""A REFI-QDA project: a document for each reflection, its answers coded, for programs that analyse texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path, PurePath
from uuid import UUID, uuid5
from xml.sax.saxutils import XMLGenerator

from exports.archive import Archive
from exports.cells import clean
from exports.codebook import heading
from exports.dataset import Reflection
from exports.enclosing import ABSENCES, Absence, Enclosed, enclosed, parts_with_files
from exports.openanswers import is_open, open_answers
from exports.overview import title as export_title
from exports.qdadocument import Document, document, title
from exports.qdavariables import Described, described, moment, values
from exports.request import Material, expect_sum
from exports.sheets import Tally
from exports.words import pick, word
from storage.exporting import PartRow
from storage.pictures import size_of

_NAMESPACE = UUID("6f0f4c1e-6d0a-5f0e-9d6c-2b7d5a3c9e41")
_XMLNS = "urn:QDA-XML:project:1.0"
_SOURCES = {"photo": "PictureSource", "voice": "AudioSource", "video": "VideoSource"}
"""The elements of files, by what was sent; a PDF has one of its own."""
_PDF = "PDFSource"
_USER = "Terugblik"


@dataclass(frozen=True, slots=True)
class _Project:
    """What every part of the project is written from."""

    material: Material
    files: Enclosed
    variables: Sequence[Described]
    codes: Mapping[str, str]
    """The open questions by name, with their words."""
    line_end: str

    def guid(self, kind: str, *of: object) -> str:
        """The same for the same thing in every export."""
        return str(uuid5(_NAMESPACE, "\n".join((kind, self.material.request.form.form_id, *map(str, of)))))


def write_project(material: Material, target: Path, media: Path, line_end: str) -> Tally:
    """Write a `.qdpx`; positions count Unicode code points in the texts as they stand, with this line end.

    Raises RowsDoNotAddUp.
    """
    project = _Project(material, enclosed(material.reflections, media), described(material), _codes(material), line_end)
    tally, written = Tally(), 0
    with Archive(target, "w") as archive:
        # Handed the bytes' own end, the generator would write every sign of the markup by itself.
        with archive.entry("project.qde") as entry, TextIOWrapper(entry, "utf-8", newline="\n") as end:
            _Writer(project, XMLGenerator(end, "utf-8", short_empty_elements=True)).write()
        for reflection in material.reflections:
            text = document(reflection, material, line_end)
            archive.writestr(f"sources/{project.guid('text', reflection.about.response_id)}.txt", text.text)
            tally.cleaned += text.cleaned
            written += 1
        for file, path in project.files.files.items():
            if _element(file):
                archive.enclose(path, f"sources/{_inside(project, file)}")
    expect_sum(material.sessions, written, material.left_out)
    return tally


def _codes(material: Material) -> dict[str, str]:
    inside = (variable for variables in material.repeats.values() for variable in variables)
    asked = [each for each in (*material.variables, *inside) if not each.is_hidden and is_open(each.question)]
    language = material.request.language
    return {each.question.name: clean(heading(each.question.labels, language))[0] for each in asked}


def _element(file: str) -> str:
    """The element of a file; '' where the format has none for it."""
    return _PDF if file.endswith(".pdf") else _SOURCES.get(file.partition("-")[0], "")


def _extent(part: PartRow, file: Path) -> dict[str, str]:
    """Where all of a recording, in milliseconds, or of a photo, in pixels, begins and ends; nothing if unknown."""
    if _element(part.file) == _SOURCES["photo"] and (size := size_of(file)):
        return {"firstX": "0", "firstY": "0", "secondX": str(size[0]), "secondY": str(size[1])}
    if _element(part.file) in (_SOURCES["voice"], _SOURCES["video"]) and part.seconds:
        return {"begin": "0", "end": str(part.seconds * 1000)}
    return {}


def _inside(project: _Project, file: str) -> str:
    return project.guid("file", file) + PurePath(file).suffix.lower()


class _Writer:
    """Writes `project.qde`, element after element, so that a long one costs no memory."""

    def __init__(self, project: _Project, xml: XMLGenerator) -> None:
        self._project = project
        self._xml = xml
        self._user = project.guid("user", _USER)
        self._variables = {each.name: project.guid("variable", each.name) for each in project.variables}

    def write(self) -> None:
        """The whole of it, in the order that the schema wants."""
        material = self._project.material
        about = {"name": clean(export_title(material.request))[0], "origin": f"Terugblik {material.request.version}"}
        about |= {"creatingUserGUID": self._user}
        if material.changed_on is not None:
            about["creationDateTime"] = about["modifiedDateTime"] = moment(material.changed_on)
        self._xml.startDocument()
        self._open("Project", {"xmlns": _XMLNS, **about})
        self._open("Users")
        self._empty("User", {"guid": self._user, "name": _USER, "id": _USER})
        self._close("Users")
        self._write_codes()
        self._write_variables()
        if material.totals.rows:
            self._write_cases()
            self._write_sources()
        self._say("Description", "\n".join(_description(self._project)))
        self._close("Project")
        self._xml.endDocument()

    def _write_codes(self) -> None:
        if not self._project.codes:
            return
        self._open("CodeBook")
        self._open("Codes")
        for name, words in self._project.codes.items():
            self._open("Code", {"guid": self._project.guid("code", name), "name": name, "isCodable": "true"})
            self._say("Description", words)
            self._close("Code")
        self._close("Codes")
        self._close("CodeBook")

    def _write_variables(self) -> None:
        self._open("Variables")
        for each in self._project.variables:
            self._open("Variable", {"guid": self._variables[each.name], "name": each.name, "typeOfVariable": each.type})
            self._say("Description", each.description)
            self._close("Variable")
        self._close("Variables")

    def _write_cases(self) -> None:
        """Each person is a case, with what they told."""
        of: dict[str, list[str]] = {}
        for reflection in self._project.material.reflections:
            own = of.setdefault(reflection.about.person_code, [])
            own.append(self._project.guid("text", reflection.about.response_id))
            own.extend(self._project.guid("file", part.file) for part in self._files_of(reflection))
        self._open("Cases")
        for code, sources in sorted(of.items()):
            self._open("Case", {"guid": self._project.guid("case", code), "name": code})
            for guid in sources:
                self._refer("SourceRef", guid)
            self._close("Case")
        self._close("Cases")

    def _write_sources(self) -> None:
        self._open("Sources")
        for reflection in self._project.material.reflections:
            self._write_text(reflection)
            for told in open_answers(reflection):
                for part in told.parts:
                    if part.file in self._project.files.files and _element(part.file):
                        self._write_file(reflection, part, told.question.name)
        self._close("Sources")

    def _write_text(self, reflection: Reflection) -> None:
        project, response_id = self._project, reflection.about.response_id
        text = document(reflection, project.material, project.line_end)
        guid = project.guid("text", response_id)
        name = clean(title(reflection, project.material))[0]
        self._open("TextSource", self._made(reflection, guid, name) | {"plainTextPath": f"internal://{guid}.txt"})
        self._write_spans(reflection, text)
        self._write_values(reflection)
        self._close("TextSource")

    def _write_spans(self, reflection: Reflection, text: Document) -> None:
        """An answer without a word has no place to be coded at."""
        for span in text.spans:
            if span.start == span.end:
                continue
            of = (reflection.about.response_id, span.name)
            about = self._made(reflection, self._project.guid("selection", *of), span.name)
            place = {"startPosition": str(span.start), "endPosition": str(span.end)}
            self._open("PlainTextSelection", about | place)
            self._write_coding(reflection, span.question, *of)
            self._close("PlainTextSelection")

    def _write_file(self, reflection: Reflection, part: PartRow, question: str) -> None:
        """A recording or photo, coded as a whole with the question it answers.

        Where its extent is known that is a selection of all of it: some programs read codes of selections only.
        """
        project, element = self._project, _element(part.file)
        about = self._made(reflection, project.guid("file", part.file), part.file)
        self._open(element, about | {"path": f"internal://{_inside(project, part.file)}"})
        if part.seconds is not None or part.text:
            seconds = "" if part.seconds is None else f"{part.seconds} s"
            self._say("Description", clean(" – ".join(each for each in (part.text, seconds) if each))[0])
        extent = _extent(part, project.files.files[part.file])
        if extent:
            selection = element.replace("Source", "Selection")
            self._open(selection, self._made(reflection, project.guid("selection", part.file), question) | extent)
        self._write_coding(reflection, question, part.file)
        if extent:
            self._close(selection)
        self._write_values(reflection)
        self._close(element)

    def _write_coding(self, reflection: Reflection, question: str, *of: object) -> None:
        made = self._made(reflection, self._project.guid("coding", *of), "")
        self._open("Coding", made)
        self._refer("CodeRef", self._project.guid("code", question))
        self._close("Coding")

    def _write_values(self, reflection: Reflection) -> None:
        for each, value in values(reflection, self._project.variables):
            self._open("VariableValue")
            self._refer("VariableRef", self._variables[each.name])
            self._say(f"{each.type}Value", value)
            self._close("VariableValue")

    def _files_of(self, reflection: Reflection) -> Iterator[PartRow]:
        files = self._project.files.files
        return (part for part in parts_with_files(reflection) if part.file in files and _element(part.file))

    def _made(self, reflection: Reflection, guid: str, name: str) -> dict[str, str]:
        """Who made it and when; a coding has no name."""
        named = {"guid": guid, "name": name} if name else {"guid": guid}
        return {**named, "creatingUser": self._user, "creationDateTime": moment(reflection.about.ended_on)}

    def _open(self, name: str, attributes: Mapping[str, str] | None = None) -> None:
        self._xml.startElement(name, dict(attributes or {}))  # type: ignore[arg-type]

    def _close(self, name: str) -> None:
        self._xml.endElement(name)
        self._xml.ignorableWhitespace("\n")

    def _say(self, name: str, text: str) -> None:
        self._xml.startElement(name, {})  # type: ignore[arg-type]
        self._xml.characters(text)
        self._xml.endElement(name)

    def _empty(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open(name, attributes)
        self._close(name)

    def _refer(self, name: str, guid: str) -> None:
        self._empty(name, {"targetGUID": guid})


def _description(project: _Project) -> Iterator[str]:
    """What is in the project and what is not, in words."""
    material, language = project.material, project.material.request.language
    yield f"{word('about', 'rows_out', language)}: {material.totals.rows}"
    for reason, count in material.left_out.items():
        yield f"{word('about', 'rows_left', language, reason=word('left_out', reason, language))}: {count}"
    unknown = {file: Absence.NO_ELEMENT for file in project.files.files if not _element(file)}
    for file, absence in {**project.files.absent, **unknown}.items():
        yield f"{word('about', 'file_not_in', language)}: {file} ({pick(ABSENCES[absence], language)})"
    yield word("about_text", "pseudonyms", language)
