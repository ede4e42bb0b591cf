from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from exports.codebook import variables
from exports.dataset import Missing, Reflection, Reflections, UnknownForm, flags, is_scale
from exports.period import everything
from exports.request import forms_of
from forms.question import Choice, Kind, Question
from storage.database import snapshot
from storage.exporting import Scope
from tests.exports.seed import MONDAY, Seed, default_form, small_form

IN = "/data/reflection/"
ASKED = MONDAY + timedelta(hours=2)


@pytest.fixture
def seed(tmp_path: Path) -> Iterator[Seed]:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        yield seed


def a_session(seed: Seed, form: str, values: dict[str, str], state: str = "completed") -> int:
    person = seed.person(f"P{len(list_of(seed, 'person')):03d}")
    workshop = seed.workshop(form, MONDAY)
    ended = ASKED + timedelta(minutes=20)
    prompt = seed.prompt(workshop, person, state, ASKED, ended)
    session = seed.session(form, person, prompt, ASKED, ended if state == "completed" else None, state)
    seed.answers(session, values)
    return session


def list_of(seed: Seed, table: str) -> list[int]:
    with snapshot(seed.path) as rows:
        return [row["id"] for row in rows.all(f"SELECT id FROM {table}")]


def read(seed: Seed) -> list[Reflection]:
    with snapshot(seed.path) as rows:
        scope = Scope(everything().since, everything().until)
        return list(Reflections(rows, scope, forms_of(rows)))


def test_every_cause_of_a_missing_answer_has_its_own_code(seed: Seed) -> None:
    form = seed.form(default_form())
    given = {"/data/held": "as_planned", IN + "influence": "dont_know", IN + "moment": "", IN + "friction": "none"}
    a_session(seed, form, {**given, IN + "room": "na", IN + "voice_acts": "let_speak mediated"})
    answers = read(seed)[0].answers
    assert answers["held"] == "as_planned"
    assert answers["influence"] is Missing.DONT_KNOW
    assert answers["moment"] is Missing.SKIPPED
    assert answers["friction_story"] is Missing.NOT_APPLICABLE
    assert answers["room"] is Missing.NOT_APPLICABLE
    assert answers["voice_acts"] == "let_speak mediated"
    assert answers["resilience"] is Missing.NOT_REACHED


def test_an_expired_reflection_says_where_it_stopped(seed: Seed) -> None:
    form = seed.form(default_form())
    a_session(seed, form, {"/data/held": "as_planned", IN + "present": "residents"}, "expired")
    answers = read(seed)[0].answers
    assert answers["present"] == "residents"
    assert answers["followup"] is Missing.NOT_APPLICABLE
    assert answers["influence"] is Missing.EXPIRED
    assert answers["moment"] is Missing.NOT_REACHED
    assert answers["friction_story"] is Missing.NOT_REACHED
    assert flags(read(seed)[0]) == "partial"


def test_an_answer_left_behind_by_a_change_is_not_exported(seed: Seed) -> None:
    form = seed.form(default_form())
    session = a_session(seed, form, {"/data/held": "as_planned", IN + "friction": "help_enforce"})
    seed.answer(session, IN + "friction_story", "Dit hoort er niet meer bij.")
    seed.answer(session, IN + "friction", "none", revision=2)
    reflection = read(seed)[0]
    assert reflection.answers["friction"] == "none"
    assert reflection.answers["friction_story"] is Missing.NOT_APPLICABLE
    assert "friction_story" not in reflection.rows


def test_only_the_last_revision_counts_and_a_given_up_question_is_skipped(seed: Seed) -> None:
    form = seed.form(default_form())
    session = a_session(seed, form, {"/data/held": "as_planned", IN + "room": "3", IN + "resilience": "4"})
    seed.answer(session, IN + "room", "5", revision=2)
    seed.answer(session, IN + "resilience", "", revision=2, outcome="given_up")
    answers = read(seed)[0].answers
    assert answers["room"] == "5"
    assert answers["resilience"] is Missing.SKIPPED


CHOICES = [["kleur", "rood", "Rood", "Red"], ["kleur", "blauw", "Blauw", "Blue"]]
OLD = [["select_multiple kleur", "kleuren", "Kleuren?", "Colours?", ""], ["text", "oud", "Oud?", "Old?", ""]]
NEW = [["text", "nieuw", "Nieuw?", "New?", ""], ["select_multiple kleur", "kleuren", "Kleur?", "Colour?", ""]]


def test_all_versions_share_the_columns_and_lack_none(seed: Seed) -> None:
    old = small_form("1", OLD, CHOICES)
    new = small_form("2", NEW, [["kleur", "groen", "Groen", "Green"], CHOICES[1]])
    seed.form(old, MONDAY)
    seed.form(new, MONDAY + timedelta(days=1))
    a_session(seed, old.form.hash, {"/data/kleuren": "rood", "/data/oud": "ja"})
    a_session(seed, new.form.hash, {"/data/kleuren": "blauw groen", "/data/nieuw": ""})
    with snapshot(seed.path) as rows:
        wanted = variables(forms_of(rows).values())
    names = [variable.header for variable in wanted]
    assert names == ["nieuw", "kleuren", "kleuren__groen", "kleuren__blauw", "kleuren__rood", "oud"]
    assert [variable.versions for variable in wanted if variable.option is None] == [("2",), ("1", "2"), ("1",)]
    first, second = ([variable.code(each) for variable in wanted] for each in read(seed))
    assert first == [-88, "rood", 0, 0, 1, "ja"]
    assert second == [-77, "blauw groen", 1, 1, 0, -88]


def test_options_carry_the_code_when_the_whole_question_is_missing(seed: Seed) -> None:
    old = small_form("1", OLD, CHOICES)
    seed.form(old)
    a_session(seed, old.form.hash, {"/data/kleuren": ""})
    wanted = variables([old.form])
    assert [variable.code(read(seed)[0]) for variable in wanted] == [-77, -77, -77, -96]


def test_a_form_version_that_was_not_given_stops_the_export(seed: Seed) -> None:
    form = seed.form(default_form())
    a_session(seed, form, {"/data/held": "as_planned"})
    with snapshot(seed.path) as rows, pytest.raises(UnknownForm, match=form):
        list(Reflections(rows, Scope(everything().since, everything().until), {}))


def test_more_reflections_than_fit_in_a_batch_are_all_read_once(seed: Seed) -> None:
    form = seed.form(default_form())
    for _ in range(405):
        a_session(seed, form, {"/data/held": "absent"})
    found = [reflection.about.response_id for reflection in read(seed)]
    assert len(found) == len(set(found)) == 405


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["1", "2", "3", "dont_know"], True),
        (["0", "5", "10", "nvt"], True),
        (["1", "2"], False),
        (["1", "2", "3", "--4"], False),
        (["1", "2", "3", "\u0664"], False),
        (["-1", "0", "1", "2"], False),
    ],
)
def test_a_scale_is_three_numbers_or_more_and_nothing_else_but_what_says_that_there_is_no_answer(
    names: list[str], expected: bool
) -> None:
    choices = tuple(Choice(name, {}) for name in names)
    assert is_scale(Question("/data/q", "q", Kind.SELECT_ONE, {}, choices=choices)) is expected
