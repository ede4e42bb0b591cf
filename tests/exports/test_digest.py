import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec, module_from_spec
from itertools import combinations
from pathlib import Path
from types import ModuleType

import matplotlib
import pytest
from matplotlib.text import Text
from PIL import Image

from exports.charts import SCALE, digest_charts, drawn
from exports.codebook import choice_label
from exports.digest import Digest, DigestRequest, Say, make_digest, told_weeks
from exports.digestpicture import picture_of
from exports.period import iso_week
from exports.request import forms_of
from exports.trends import scales_of
from exports.weekfigures import dump
from fieldwork.pieces import LONGEST, LONGEST_CAPTION, units
from fieldwork.texts import read_texts
from forms.xlsform import compile_workbook
from storage import published
from storage.database import snapshot, transaction
from tests.exports.seed import MONDAY, ZONE, Seed, a_study, default_form
from tests.exports.weeks import six_weeks
from tests.forms.xlsform_sheets import written

IN = "/data/reflection/"
TEXTS = Path("fieldwork/texts.yaml")
PHONE = 390
"""Pixels across."""
CATALOGUE = {
    "pi.digest": "{project} {week} {line} | {workshops} in {cities} | {response} was {before} | {median}\n"
    "{city_lines}{sections}\n--\n{flags}\n--\n{store}",
    "pi.city_line": "{city}: {done}/{sent} {pct}%{change}",
    "pi.city_line.small": "{city}: -",
    "pi.none": "{project} {week}: niets",
}


def say(key: str, language: str, **blanks: object) -> str:
    return CATALOGUE[key].format_map(blanks)


def begun_anew() -> ModuleType:
    """What draws, as a process that begins now has it."""
    spec = find_spec("exports.charts")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def seed(tmp_path: Path) -> Iterator[Seed]:
    with closing(Seed(tmp_path / "terugblik.db")) as seed:
        yield seed


def fill(
    seed: Seed,
    answered: dict[str, tuple[int, int]],
    week: int = 0,
    influence: str = "4",
    told: Mapping[str, str] | None = None,
) -> None:
    """Workshops in a week: for each city how many were asked and how many of them answered."""
    form = default_form()
    if week == 0:
        seed.form(form)
    start = MONDAY + timedelta(weeks=week, hours=26)
    asked = start + timedelta(hours=2, minutes=15)
    for city, (due, done) in answered.items():
        workshop = seed.workshop(form.form.hash, start, city)
        for i in range(due):
            person = seed.person(f"{city}{week}{i}", city)
            state = "completed" if i < done else "expired"
            ended = asked + timedelta(minutes=40)
            prompt = seed.prompt(workshop, person, state, asked, ended)
            if i < done:
                session = seed.session(form.form.hash, person, prompt, asked, ended)
                seed.answers(session, {"/data/held": "as_planned", IN + "influence": influence})
                if told and city in told:
                    seed.answers(session, {IN + "moment": told[city]})


def digest(seed: Seed, line: int = 0, language: str = "nl", say: Say = say, problems: int = 0) -> Digest:
    study = a_study()
    with snapshot(seed.path) as rows:
        forms, period = forms_of(rows), iso_week("2026-W47", ZONE)
        weeks = told_weeks(rows, study, forms, period)
        request = DigestRequest(study, study.lines[line], forms, period, language, problems)
        return make_digest(rows, request, weeks, say)


def test_the_digest_gives_the_week_the_cities_and_the_lines_own_scale(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4), "utrecht": (4, 3)})
    fill(seed, {"leiden": (5, 5)}, week=-1, influence="3")
    assert digest(seed, problems=2).text.splitlines() == [
        "Wijken in beeld 47 Bestuur en bewoners | 2 in 2"
        " | 7 van 9 (78%), ▼ 22 procentpunt was 100% | meestal 40 minuten",
        "Leiden: 4/5 80%, ▼ 20 procentpunt",
        "Utrecht: 3/4 75%",
        "",
        "Bestuur en bewoners:",
        "Hoeveel invloed hadden bewoners op wat er besproken of besloten werd? (1 = geen, 5 = heel veel)",
        "gemiddeld 4,0 (7 antwoorden), ▲ 1,0 hoger dan in week 46",
        "--",
        "Geen workshops: Almere, Nijmegen",
        "De respons is 22 procentpunt lager dan vorige week",
        "Technisch: 2 dingen wachten op de beheerder",
        "--",
        "de projectschijf",
    ]


def test_the_words_that_stand_out_are_told_of_cities_that_are_shown(seed: Seed) -> None:
    told = {
        "leiden": "De bewoners vroegen naar de speeltuinen en de huur.",
        "utrecht": "Het verkeer was druk. De bewoners wachtten.",
        "almere": "Alleen hier ging het over vandalisme.",
    }
    fill(seed, {"leiden": (6, 6), "utrecht": (6, 6), "nijmegen": (3, 3), "almere": (6, 2)}, told=told)
    lines = digest(seed).text.splitlines()
    found = lines[lines.index("Woorden die per stad opvallen, 6 weken:") :]
    assert [line.partition(":")[0] for line in found[1:3]] == ["Leiden", "Utrecht"]
    assert "speeltuinen" in found[1]
    assert "bewoners" not in found[1]
    assert "vandalisme" not in digest(seed).text


def test_a_city_with_two_answers_is_hidden_and_so_is_the_one_that_would_give_it_away(seed: Seed) -> None:
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5), "almere": (4, 2)})
    made = digest(seed)
    assert "Almere: -" in made.text
    assert "Leiden: 8/9 89%" in made.text
    assert "Utrecht: -" in made.text
    assert "15 van 19" in made.text
    told = "".join(picture.caption for picture in made.pictures)
    assert "Almere: gemiddeld" not in told
    assert "Utrecht: gemiddeld" not in told
    assert "Leiden: gemiddeld 4,0 (8 antwoorden)" in told


def test_a_week_with_two_answers_in_all_shows_no_count_of_them(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 2)})
    text = digest(seed).text
    assert "| niet getoond was niet getoond | te weinig antwoorden om te tonen" in text
    assert "Leiden: -" in text
    assert "Hoeveel invloed" in text
    assert "gemiddeld" not in text
    assert "Er is geen beeld: er is te weinig om te laten zien." in text and digest(seed).pictures == ()


def test_a_page_of_cities_with_nothing_new_says_so_in_words_too(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 2)})
    fill(seed, {"leiden": (5, 5)}, week=-1)
    assert digest(seed).pictures[1].caption.endswith("\nTe weinig antwoorden.")


def test_three_answers_by_one_person_are_too_few(seed: Seed) -> None:
    form = default_form().form.hash
    seed.form(default_form())
    person = seed.person("K7M4")
    for day in range(3):
        asked = MONDAY + timedelta(days=day)
        prompt = seed.prompt(seed.workshop(form, asked), person, "completed", asked, asked)
        session = seed.session(form, person, prompt, asked, asked + timedelta(minutes=9))
        seed.answers(session, {"/data/held": "as_planned", IN + "influence": "4"})
    assert "Leiden: -" in digest(seed).text
    assert "gemiddeld" not in digest(seed).text


def test_what_was_told_of_a_week_stays_when_somebody_is_erased_from_it(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4), "utrecht": (5, 5)})
    study = a_study()
    with transaction(seed.path) as tx:
        (week,) = (
            week for week in told_weeks(tx, study, forms_of(tx), iso_week("2026-W47", ZONE)) if week.week == "2026-W47"
        )
        assert published.keep(tx, week.week, dump(week), MONDAY)
    before = digest(seed)
    with transaction(seed.path) as tx:
        tx.run("UPDATE answer SET value = '1' WHERE session_id = 1 OR id = 2")
        tx.run("DELETE FROM answer WHERE session_id = (SELECT max(id) FROM session)")
        assert not published.keep(tx, week.week, "{}", MONDAY)
    assert digest(seed) == before


def test_a_line_without_a_scale_of_its_own_gets_the_general_one(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4)})
    assert "Algemeen:\nNa vandaag: hoe goed kunnen bewoners" in digest(seed, line=2).text


def test_six_weeks_read_as_they_are_written_down(seed: Seed, update: bool) -> None:
    six_weeks(seed)
    texts = read_texts(TEXTS.read_text(encoding="utf-8"))
    for line, language in ((0, "nl"), (0, "en"), (2, "nl"), (2, "en")):
        made = digest(seed, line, language, texts.say)
        golden = Path(__file__).parent / "golden" / f"digest_L{line + 1}.{language}.txt"
        told = "\n\n[picture]\n".join([made.text, *(picture.caption for picture in made.pictures)]) + "\n"
        if update:
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(told, encoding="utf-8")
        assert told == golden.read_text(encoding="utf-8")
        assert units(made.text) < LONGEST
        assert all(units(picture.caption) < LONGEST_CAPTION for picture in made.pictures)


@pytest.mark.parametrize(
    ("language", "words", "no_picture"),
    [
        ("nl", "Er waren geen vragenlijsten om in te vullen.", "Er is geen beeld: er is te weinig om te laten zien."),
        ("en", "There were no questionnaires to fill in.", "There is no picture: there is too little to show."),
    ],
)
def test_a_week_in_which_nobody_could_answer_says_so_and_has_no_picture(
    seed: Seed, language: str, words: str, no_picture: str
) -> None:
    fill(seed, {"leiden": (4, 0)})
    with transaction(seed.path) as tx:
        tx.run("UPDATE prompt SET state = 'absent'")
    made = digest(seed, language=language)
    assert {words, no_picture} <= set(made.text.splitlines())
    assert made.pictures == ()


def test_a_week_without_workshops_says_so_and_has_no_picture(seed: Seed) -> None:
    fill(seed, {})
    assert digest(seed) == Digest("Wijken in beeld 47: niets", ())


def test_the_pictures_are_the_same_each_time_and_everywhere_and_as_wide_as_three_phones(
    seed: Seed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one that draws every time, unlike what other tests are given.
    monkeypatch.setattr("exports.charts.digest_charts", digest_charts)
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5), "almere": (4, 2)})
    pictures = digest(seed).pictures
    assert len(pictures) == 2
    (tmp_path / "matplotlibrc").write_text(
        "figure.dpi: 30\nsavefig.dpi: 30\nsavefig.bbox: tight\naxes.facecolor: red\naxes.xmargin: 0.4\n"
        "xtick.major.pad: 20\ntext.antialiased: False\nsavefig.facecolor: black\nlines.markeredgewidth: 5\n",
        encoding="utf-8",
    )
    with matplotlib.rc_context(matplotlib.rc_params_from_file(tmp_path / "matplotlibrc", use_default_template=False)):
        monkeypatch.setattr("exports.charts.digest_charts", begun_anew().digest_charts)
        assert pictures == digest(seed).pictures, "whatever looks the person who runs the bot likes"
    for one in pictures:
        picture = Image.open(io.BytesIO(one.png))
        assert picture.format == "PNG"
        assert picture.width == SCALE * PHONE
        assert picture.height < 2 * picture.width, "messengers make it smaller until its longer side fits"


def test_nothing_in_the_picture_is_too_small_or_runs_out_of_it_on_a_phone(seed: Seed) -> None:
    six_weeks(seed)
    study = a_study()
    leiden, utrecht, *others = study.cities
    long = (replace(leiden, name="Capelle aan den IJssel"), replace(utrecht, name="Wijkbestuur Westerkwartier-Noord"))
    study = replace(study, cities=(*long, *others))
    with snapshot(seed.path) as rows:
        forms = forms_of(rows)
        weeks = told_weeks(rows, study, forms, iso_week("2026-W47", ZONE))
    scales = scales_of(forms.values(), "L1")
    for language in ("nl", "en"):
        for page in drawn(picture_of(study, study.lines[0], "Bestuur en bewoners", scales, weeks, language)):
            page.draw_without_rendering()
            told = [one for one in page.findobj(Text) if isinstance(one, Text) and one.get_text() and one.get_visible()]
            assert min(float(one.get_fontsize()) for one in told) * page.dpi / 72 / SCALE >= 11
            for one in told:
                box = one.get_window_extent()
                assert box.x0 >= 0, one.get_text()
                assert box.x1 <= SCALE * PHONE, one.get_text()
            for one, other in combinations(told, 2):
                # A line of text is a little lower than its box, with the room that letters like g would take.
                boxes = [each.get_window_extent().padded(-2) for each in (one, other)]
                assert not boxes[0].overlaps(boxes[1]), (one.get_text(), other.get_text())


def test_a_week_that_may_not_be_told_is_a_gap_in_the_line_and_a_note_below(seed: Seed) -> None:
    six_weeks(seed)
    study = a_study()
    with snapshot(seed.path) as rows:
        forms = forms_of(rows)
        weeks = told_weeks(rows, study, forms, iso_week("2026-W47", ZONE))
    picture = picture_of(study, study.lines[0], "", scales_of(forms.values(), "L1"), weeks, "nl")
    (almere,) = (panel for panel in picture.scales[0].cities if panel.name == "Almere")
    assert [week.mean is None for week in almere.trend.weeks] == [False, True, True, False, False, True]
    assert any(
        note.startswith("Geen punt: die week minder dan 3 antwoorden of mensen") for note in picture.words.notes[1]
    )


def test_the_picture_changes_with_the_figures(seed: Seed) -> None:
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5)})
    before = digest(seed).pictures
    fill(seed, {"leiden": (9, 8)}, week=-1)
    assert digest(seed).pictures != before


def test_a_choice_that_the_newest_version_calls_otherwise_keeps_its_words() -> None:
    study = a_study()
    versions = [
        compile_workbook(
            written(
                {
                    "survey": [
                        ["type", "name", "label::English (en)", "bind::line"],
                        ["select_one who", "who", "Who?", "L1"],
                    ],
                    "choices": [
                        ["list_name", "name", "label::English (en)"],
                        ["who", code, words],
                        ["who", "all", "All"],
                    ],
                    "settings": [["form_id", "version", "default_language"], ["who", code, "English (en)"]],
                }
            )
        ).form
        for code, words in (("police", "Police officer"), ("officer", "Community officer"))
    ]
    forms = {form.hash: form for form in versions}
    request = DigestRequest(study, study.lines[0], forms, iso_week("2026-W47", ZONE), "en")
    (question,) = request.choice_questions()
    assert [choice.name for choice in question.choices] == ["officer", "all", "police"]
    assert choice_label(question.choices, "police", "en") == "Police officer"
