"""Words that an expression gives come in the language of who answers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forms.circumstances import Circumstances
from forms.form import Form
from forms.walk import Walk, begin
from forms.xpath.moments import Moment, Sort, shown
from forms.xpath.parser import parse
from tests.forms.xlsform_sheets import small_form

TRANSLATED = ["type", "name", "label::Nederlands (nl)", "label::English (en)", "calculation"]
CHOICES = [
    ["list_name", "name", "label::Nederlands (nl)", "label::English (en)"],
    ["where", "square", "Plein", "Square"],
    ["where", "park", "Park", ""],
]
NAMED = "jr:choice-name(${place}, '${place}')"
PLACE = "/data/place"
WHEN = "format-date(${day}, '%a %e %b %Y')"


def asked(*rows: list[str]) -> Form:
    """Where it was and on which day, and what the form makes of that."""
    place = ["select_one where", "place", "Waar was het?", "Where was it?", ""]
    return small_form([TRANSLATED, place, ["date", "day", "Wanneer?", "When?", ""], *rows], CHOICES)


def answered(form: Form, language: str) -> Walk:
    walk = begin(form, {}, Circumstances(language=language))
    return walk.answer("/data/place", "square").answer("/data/day", "2026-03-04")


@pytest.mark.parametrize(
    ("language", "named", "when"),
    [
        ("nl", "Plein", "wo 4 mrt 2026"),
        ("en", "Square", "Wed 4 Mar 2026"),
        ("", "Plein", "wo 4 mrt 2026"),
        ("fr", "Plein", "wo 4 mrt 2026"),
    ],
)
def test_a_choice_and_a_date_are_worked_out_in_the_language_of_the_answers_or_the_forms_own(
    language: str, named: str, when: str
) -> None:
    form = asked(["calculate", "named", "", "", NAMED], ["calculate", "when", "", "", WHEN])
    submitted = answered(form, language).submission()
    assert (submitted["named"], submitted["when"]) == (named, when)


def test_a_choice_without_words_in_the_language_has_those_of_the_forms_own() -> None:
    form = asked(["calculate", "named", "", "", NAMED])
    assert answered(form, "en").answer("/data/place", "park").value("/data/named") == "Park"


def test_a_label_quotes_in_its_own_language_whatever_the_language_of_the_answers() -> None:
    form = asked(["note", "told", "Het was op: ${place}", "It was at: ${place}", ""])
    told = form.named("told")
    assert told is not None
    quoted = replace(
        told, outputs={name: parse(f"jr:choice-name({PLACE}, '{PLACE}')", told.path) for name in told.outputs}
    )
    walk = answered(form, "nl")
    assert [walk.label(quoted, language) for language in ("nl", "en")] == ["Het was op: Plein", "It was at: Square"]


def test_an_untranslated_form_names_months_in_the_language_of_the_answers() -> None:
    header = ["type", "name", "label", "calculation"]
    form = small_form([header, ["date", "day", "Day", ""], ["calculate", "when", "", WHEN]])
    for language, when in (("nl", "wo 4 mrt 2026"), ("en", "Wed 4 Mar 2026"), ("", "Wed 4 Mar 2026")):
        walk = begin(form, {}, Circumstances(language=language)).answer("/data/day", "2026-03-04")
        assert walk.value("/data/when") == when


def test_a_language_that_has_no_names_for_months_gets_english_ones() -> None:
    moment = Moment(datetime(2026, 5, 1, tzinfo=UTC), Sort.DATE)
    found = [shown(moment, "%b %a", language) for language in ("default", "x", "pt-BR", "zz", "nl")]
    assert found == ["May Fri", "May Fri", "mai. sex.", "May Fri", "mei vr"]
