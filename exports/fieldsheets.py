"""The sheets about the fieldwork: every prompt and what became of it, the response, the workshops."""

from collections.abc import Iterator
from itertools import groupby

from exports.compliance import Compliance, compliance, minutes_between
from exports.dataset import ID_WIDTH
from exports.dispositions import Disposition, disposition
from exports.period import week_label
from exports.request import Material, Request
from exports.sheets import Block, Cell, Column, Row, Sheet, Style
from exports.words import CODES, pick, word
from storage.exporting import PromptRow, WorkshopRow


def _columns(language: str, *wanted: tuple[str, Style, float]) -> list[Column]:
    """Columns by the key of their header; a key that is no key of ours is a variable's name."""
    own = ("response_id", "person_code", "workshop_id", "disposition_code")
    found = ((name if name in own else word("header", name, language), style, width) for name, style, width in wanted)
    return [Column(header, style, max(width, _longest_word(header) + 3)) for header, style, width in found]


def _longest_word(header: str) -> int:
    return max(len(part) for part in header.split())


def session_sheet(material: Material) -> Sheet:
    """One row per prompt, those without an answer too."""
    request = material.request
    columns = _columns(
        request.language,
        ("response_id", Style.TEXT, ID_WIDTH),
        ("person_code", Style.TEXT, 12),
        ("role", Style.TEXT, 13),
        ("city", Style.TEXT, 13),
        ("neighbourhood", Style.TEXT, 18),
        ("workshop_id", Style.FIGURE, 12),
        ("workshop_start", Style.MOMENT, 17),
        ("week", Style.TEXT, 11),
        ("disposition", Style.TEXT, 18),
        ("disposition_code", Style.TEXT, 16),
        ("prompted", Style.MOMENT, 17),
        ("opened", Style.MOMENT, 17),
        ("submitted", Style.MOMENT, 17),
        ("closes", Style.MOMENT, 17),
        ("ended", Style.MOMENT, 17),
        ("reminders", Style.WHOLE, 13),
        ("snoozes", Style.WHOLE, 11),
        ("delay", Style.DECIMAL, 13),
    )
    rows = (_session_row(prompt, request) for prompt in material.prompts)
    title = word("sheet", "sessions", request.language)
    return Sheet(title, [Block("sessions", columns, rows)], frozen_columns=2)


def _session_row(prompt: PromptRow, request: Request) -> Row:
    outcome = disposition(prompt)
    return [
        prompt.response_id or None,
        None if prompt.is_erased else prompt.person_code,
        _spoken(prompt.role, request.language),
        request.city_name(prompt.city),
        prompt.neighbourhood,
        prompt.workshop_id,
        request.local(prompt.workshop_start),
        week_label(prompt.workshop_start, request.study.timezone),
        _spoken(outcome, request.language),
        str(outcome),
        request.local(prompt.prompted_on),
        request.local(prompt.opened_on),
        request.local(prompt.submitted_on),
        request.local(prompt.closes_on),
        request.local(prompt.ended_on),
        prompt.reminders,
        prompt.snoozes,
        minutes_between(prompt.prompted_on, prompt.submitted_on),
    ]


def _spoken(code: str, language: str) -> str:
    return pick(CODES[code], language) if code in CODES else code


_COUNTED = (
    ("late", (Disposition.LATE,)),
    ("partial", (Disposition.PARTIAL,)),
    ("open_prompts", (Disposition.SENT, Disposition.SNOOZED, Disposition.OPENED)),
    ("declined", (Disposition.DECLINED,)),
    ("expired", (Disposition.EXPIRED,)),
    ("missed", (Disposition.MISSED,)),
    ("undeliverable", (Disposition.UNDELIVERABLE,)),
    ("absent", (Disposition.ABSENT,)),
    ("not_held", (Disposition.NOT_HELD,)),
    ("cancelled", (Disposition.CANCELLED,)),
    ("withdrawn", (Disposition.WITHDRAWN,)),
    ("erased", (Disposition.ERASED,)),
    ("planned", (Disposition.PLANNED,)),
)


def compliance_sheet(material: Material) -> Sheet:
    """City × week × role: how many of those who could have answered, did."""
    request = material.request
    columns = _columns(
        request.language,
        ("city", Style.TEXT, 14),
        ("week", Style.TEXT, 11),
        ("role", Style.TEXT, 14),
        ("due", Style.WHOLE, 10),
        ("done", Style.WHOLE, 11),
        ("rate", Style.PERCENT, 10),
        ("median", Style.DECIMAL, 12),
        *((name, Style.WHOLE, 10.5) for name, _ in _COUNTED),
    )
    title = word("sheet", "compliance", request.language)
    return Sheet(title, [Block("compliance", columns, _compliance_rows(material))], frozen_columns=2)


def _compliance_rows(material: Material) -> Iterator[Row]:
    request = material.request
    for (city, week, role), counts in material.census.groups.items():
        yield [
            request.city_name(city),
            week,
            _spoken(role, request.language),
            counts.due,
            counts.done,
            counts.rate,
            counts.median_delay,
            *_numbers(counts),
        ]


def _numbers(counts: Compliance) -> list[Cell]:
    return [sum(counts.counts.get(word, 0) for word in words) for _, words in _COUNTED]


def workshop_sheet(material: Material) -> Sheet:
    """The workshops that began in the period, cancelled ones too."""
    request = material.request
    columns = _columns(
        request.language,
        ("workshop_id", Style.FIGURE, 12),
        ("city", Style.TEXT, 13),
        ("neighbourhood", Style.TEXT, 18),
        ("title", Style.WRAPPED, 36),
        ("workshop_start", Style.MOMENT, 17),
        ("workshop_end", Style.MOMENT, 17),
        ("state", Style.TEXT, 11),
        ("form_version", Style.TEXT, 13),
        ("team", Style.WHOLE, 8),
        ("due", Style.WHOLE, 10),
        ("done", Style.WHOLE, 9),
        ("rate", Style.PERCENT, 9),
        ("absent", Style.WHOLE, 11),
        ("not_held", Style.WHOLE, 11),
    )
    rows = (_workshop_row(workshop, counts, request) for workshop, counts in _with_counts(material))
    title = word("sheet", "workshops", request.language)
    return Sheet(title, [Block("workshops", columns, rows)], frozen_columns=1)


def _with_counts(material: Material) -> Iterator[tuple[WorkshopRow, Compliance]]:
    """Each workshop with what became of its prompts; both are read in the order of the workshops."""
    groups = groupby(material.prompts, lambda prompt: prompt.workshop_id)
    number, prompts = next(groups, (None, iter(())))
    for workshop in material.workshops:
        if number == workshop.id:
            yield workshop, compliance(prompts)
            number, prompts = next(groups, (None, iter(())))
        else:
            yield workshop, Compliance({}, {})


def _workshop_row(workshop: WorkshopRow, counts: Compliance, request: Request) -> Row:
    form = request.forms.get(workshop.form_hash)
    return [
        workshop.id,
        request.city_name(workshop.city),
        workshop.neighbourhood,
        workshop.title,
        request.local(workshop.starts_on),
        request.local(workshop.ends_on),
        _spoken(workshop.state, request.language),
        None if form is None else form.version,
        workshop.team,
        counts.due,
        counts.done,
        counts.rate,
        counts.counts.get(Disposition.ABSENT, 0),
        counts.counts.get(Disposition.NOT_HELD, 0),
    ]
