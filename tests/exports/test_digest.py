import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from exports.digest import Digest, DigestRequest, make_digest
from exports.period import iso_week
from exports.request import forms_of
from fieldwork.texts import read_texts
from storage.database import snapshot, transaction
from tests.exports.seed import MONDAY, ZONE, Seed, a_study, default_form

IN = "/data/reflection/"
CATALOGUE = {
    "pi.digest": "{project} {week} | {workshops} in {cities} | {done}/{sent} {pct} was {prev_pct} | {median}\n"
    "{city_lines}\n--\n{flags}\n--\n{store}",
    "pi.city_line": "{city}: {done}/{sent} {pct}%",
    "pi.city_line.small": "{city}: <{k}",
    "pi.none": "{project} {week}: niets",
}


def say(key: str, language: str, **blanks: object) -> str:
    return CATALOGUE[key].format_map(blanks)


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


def digest(seed: Seed, line: int = 0, language: str = "nl") -> Digest:
    study = a_study()
    with snapshot(seed.path) as rows:
        period = iso_week("2026-W47", ZONE)
        return make_digest(rows, DigestRequest(study, study.lines[line], forms_of(rows), period, language), say)


def test_the_digest_gives_the_week_the_cities_and_the_lines_own_scale(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4), "utrecht": (4, 3)})
    fill(seed, {"leiden": (5, 5)}, week=-1, influence="3")
    assert digest(seed).text.splitlines() == [
        "Wijken in beeld 47 | 2 in 2 | 7/9 78% was 100% | meestal 40 minuten",
        "Leiden: 4/5 80%",
        "Utrecht: 3/4 75%",
        "",
        "Bestuur en bewoners:",
        "Hoeveel invloed hadden bewoners op wat er besproken of besloten werd? (1 = geen, 5 = heel veel)",
        "gemiddeld 4,0 (n = 7), ▲ 1,0 hoger dan in week 46",
        "--",
        "Geen workshops: Almere, Nijmegen",
        "De respons is 22 procentpunt lager dan vorige week",
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
    found = lines[lines.index("Woorden die daar opvallen, 6 weken:") :]
    assert [line.partition(":")[0] for line in found[1:3]] == ["Leiden", "Utrecht"]
    assert "speeltuinen" in found[1]
    assert "bewoners" not in found[1]
    assert "vandalisme" not in digest(seed).text


def test_a_city_with_two_answers_is_hidden_and_so_is_the_one_that_would_give_it_away(seed: Seed) -> None:
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5), "almere": (4, 2)})
    text = digest(seed).text
    assert "Almere: <3" in text
    assert "Leiden: 8/9 89%" in text
    assert "Utrecht: niet getoond, anders is een klein aantal uit te rekenen" in text
    assert "15/19" in text


def test_a_week_with_two_answers_in_all_shows_no_count_of_them(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 2)})
    text = digest(seed).text
    assert "| minder dan 3/5 niet getoond was niet getoond | te weinig antwoorden om te tonen" in text
    assert "Leiden: <3" in text
    assert "Hoeveel invloed" in text
    assert "gemiddeld" not in text


def test_a_line_without_a_scale_of_its_own_gets_the_general_one(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4)})
    assert "Algemeen:\nNa vandaag: hoe goed kunnen bewoners" in digest(seed, line=2).text


def test_the_digest_comes_in_the_readers_language(seed: Seed) -> None:
    fill(seed, {"leiden": (5, 4)})
    text = digest(seed, language="en").text
    assert "Governance and residents:\nHow much influence" in text
    assert "mean 4.0 (n = 4)" in text
    assert "| usually 40 minutes" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Er waren geen vragenlijsten om in te vullen."), ("en", "There were no questionnaires to fill in.")],
)
def test_a_week_in_which_nobody_could_answer_says_so_and_still_has_a_picture(
    seed: Seed, language: str, words: str
) -> None:
    fill(seed, {"leiden": (4, 0)})
    with transaction(seed.path) as tx:
        tx.run("UPDATE prompt SET state = 'absent'")
    made = digest(seed, language=language)
    assert words in made.text.splitlines()
    assert made.chart is not None
    assert Image.open(io.BytesIO(made.chart)).width == 3 * 390


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_digest_reads_as_the_catalogue_has_it(seed: Seed, language: str) -> None:
    texts = read_texts(Path("fieldwork/texts.yaml").read_text(encoding="utf-8"))
    fill(seed, {"leiden": (5, 2)})
    study = a_study()
    with snapshot(seed.path) as rows:
        request = DigestRequest(study, study.lines[0], forms_of(rows), iso_week("2026-W47", ZONE), language)
        text = make_digest(rows, request, texts.say).text
    expected = {
        "nl": [
            "Vragenlijsten klaar: minder dan 3 van 5 (niet getoond), vorige week: niet getoond",
            "Tijd tot antwoord: te weinig antwoorden om te tonen",
        ],
        "en": [
            "Questionnaires finished: fewer than 3 of 5 (not shown), last week: not shown",
            "Time to answer: too few answers to show",
        ],
    }
    assert text.splitlines()[3:5] == expected[language]


def test_a_week_without_workshops_says_so_and_has_no_picture(seed: Seed) -> None:
    fill(seed, {})
    assert digest(seed) == Digest("Wijken in beeld 47: niets", None)


def test_the_picture_is_the_same_each_time_and_as_wide_as_three_phones(seed: Seed) -> None:
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5), "almere": (4, 2)})
    chart = digest(seed).chart
    assert chart is not None
    assert chart == digest(seed).chart
    picture = Image.open(io.BytesIO(chart))
    assert picture.format == "PNG"
    assert picture.width == 3 * 390
    assert picture.height < 2 * picture.width


def test_the_picture_changes_with_the_figures(seed: Seed) -> None:
    fill(seed, {"leiden": (9, 8), "utrecht": (6, 5)})
    before = digest(seed).chart
    fill(seed, {"leiden": (9, 8)}, week=-1)
    assert digest(seed).chart != before
