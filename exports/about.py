"""The last sheet: what is in the file, what is not and why, and how to read it."""

from collections.abc import Iterator

from exports.dispositions import Disposition
from exports.enclosing import ABSENCES
from exports.overview import period_in_words, stretch_in_words
from exports.request import Material
from exports.sheets import Block, Cell, Column, Row, Sheet, Style, Tally
from exports.words import GONE, MISSING, MISSING_AT_LENGTH, pick, word
from storage.stamps import stamp


def about_sheet(material: Material, tally: Tally) -> Sheet:
    """Written last, when it is known what the other sheets did to their cells."""
    language = material.request.language
    columns = [
        Column(word("header", "subject", language), Style.WRAPPED, 44),
        Column(word("header", "value", language), Style.FIGURE, 70),
        Column(word("header", "meaning", language), Style.WRAPPED, 56),
    ]
    block = Block("about", columns, _rows(material, tally))
    return Sheet(word("sheet", "about", language), [block], frozen_columns=1, is_written_last=True)


def _rows(material: Material, tally: Tally) -> Iterator[Row]:
    language = material.request.language

    def row(key: str, value: Cell, meaning: Cell = None, **blanks: object) -> Row:
        return [word("about", key, language, **blanks), value, meaning]

    yield from _filters(material)
    yield row("rows_total", material.sessions)
    yield row("rows_out", material.totals.rows)
    for reason, count in material.left_out.items():
        yield row("rows_left", count, reason=word("left_out", reason, language))
    for code, word_for in ((-98, Disposition.WITHDRAWN), (-99, Disposition.ERASED)):
        count = material.census.whole.counts.get(word_for, 0)
        yield row("gone", count, pick(GONE[code], language), code=code)
    yield row("cleaned", tally.cleaned)
    yield row("cut", tally.cut, word("about_text", "cut", language) if tally.cut else None)
    for title, others in tally.continued.items():
        yield row("continued", ", ".join(others), word("about_text", "continued", language), title=title)
    yield row("files_missing", material.totals.files_missing)
    yield from _enclosed(material)
    for code, name in MISSING.items():
        yield row("missing", pick(name, language), pick(MISSING_AT_LENGTH[code], language), code=code)
    yield row("denominator", word("about_text", "denominator", language))
    yield row("pseudonyms", word("about_text", "pseudonyms", language))
    if material.changed_on is not None:
        yield row("changed", material.request.local(material.changed_on), stamp(material.changed_on))
    yield row("hash", material.totals.data_hash, "SHA-256")
    yield row("software", f"Terugblik {material.request.version}")


def _enclosed(material: Material) -> Iterator[Row]:
    """What lies beside the workbook, and by name what does not."""
    if material.enclosed is None:
        return
    language = material.request.language
    yield [word("about", "files_enclosed", language), len(material.enclosed.files), None]
    for file, absence in material.enclosed.absent.items():
        yield [word("about", "file_absent", language), file, pick(ABSENCES[absence], language)]


def _filters(material: Material) -> Iterator[Row]:
    request = material.request
    period = request.period

    def row(key: str, value: Cell, meaning: Cell = None, **blanks: object) -> Row:
        return [word("about", key, request.language, **blanks), value, meaning]

    yield row("study", request.study.name)
    yield row("city", request.city.name)
    bounds = f"{stamp(period.since)} – {stamp(period.until)}" if period.weeks else stretch_in_words(material)
    yield row("period", period_in_words(request), bounds)
    yield row("week_rule", word("about_text", "week_rule", request.language))
    yield row("zone", request.study.timezone.key)
    yield row("form", request.form.form_id, request.form.title)
    for form in request.forms.values():
        yield row("version", form.hash, "SHA-256", version=form.version)
