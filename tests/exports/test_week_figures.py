"""The figures of a week as they may be told: counted from what was answered, with nothing small left in any table."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from exports.period import iso_week
from exports.request import forms_of
from exports.smallcells import K
from exports.weekcounts import count_week
from exports.weekfigures import HIDDEN, WeekFigures, dump, load
from storage.database import snapshot
from tests.examples import examples
from tests.exports.seed import CITIES, MONDAY, ZONE, Seed, default_form

IN = "/data/reflection/"
FRICTIONS = ("none", "help_enforce", "trust_share")
ANSWERS = st.tuples(st.integers(0, 5), st.sampled_from(FRICTIONS))
"""What one person chose on the scale of influence (0: skipped), and the friction they named."""
TEAMS = st.lists(st.none() | ANSWERS, max_size=7)
"""Who was asked; None did not answer."""
Teams = list[list[tuple[int, str] | None]]


def counted(teams: Teams) -> WeekFigures:
    """The figures of a week in which each city's team gave these answers."""
    form = default_form().form.hash
    with TemporaryDirectory() as folder, closing(Seed(Path(folder) / "t.db")) as seed:
        seed.form(default_form())
        for city, team in zip((name.lower() for name in CITIES), teams, strict=True):
            asked = MONDAY + timedelta(hours=4)
            workshop = seed.workshop(form, MONDAY, city) if team else 0
            for number, answer in enumerate(team):
                person = seed.person(f"{city}{number}", city)
                state = "expired" if answer is None else "completed"
                prompt = seed.prompt(workshop, person, state, asked, asked)
                if answer is not None:
                    session = seed.session(form, person, prompt, asked, asked)
                    influence = str(answer[0]) if answer[0] else ""
                    values = {"/data/held": "as_planned", IN + "influence": influence, IN + "friction": answer[1]}
                    seed.answers(session, values)
        with snapshot(seed.path) as rows:
            return count_week(rows, forms_of(rows), ["L1", "L3"], iso_week("2026-W47", ZONE))


@examples(12)
@given(st.lists(TEAMS, min_size=4, max_size=4))
def test_no_table_tells_a_small_count_or_leaves_one_over(teams: Teams) -> None:
    figures = counted(teams)
    assert load(dump(figures)) == figures
    given = dict(zip((name.lower() for name in CITIES), teams, strict=True))
    hidden = {city for city, counts in figures.cities.items() if counts == HIDDEN}
    for counts in figures.cities.values():
        assert counts == HIDDEN or (counts.done or 0) >= K
    assert figures.whole == HIDDEN or len(hidden) != 1
    if figures.whole != HIDDEN:
        due = sum(len(given[city]) for city in hidden)
        assert not hidden or due > len(hidden), "each of them would be one"
    scale = figures.scales.get("influence")
    answered = {city: [one[0] for one in team if one and one[0]] for city, team in given.items()}
    if scale is not None:
        assert hidden.isdisjoint(scale.cities), "what is hidden in one table is shown in no other"
        unseen = [len(each) for city, each in answered.items() if each and city not in scale.cities]
        assert all(len(answered[city]) == mean.count >= K for city, mean in scale.cities.items())
        assert scale.whole is None or len(unseen) != 1
        assert scale.whole is None or not unseen or sum(unseen) >= K
        assert all(share.count >= K for share in scale.shares)
        assert scale.whole is not None or not scale.cities
    friction = figures.chosen.get("friction")
    if friction is not None:
        chosen = [one[1] for team in teams for one in team if one]
        assert friction.count == len(chosen)
        assert all(count == chosen.count(name) >= K for name, count in friction.choices.items())
        unseen = [chosen.count(name) for name in set(chosen) - set(friction.choices)]
        assert len(unseen) != 1, "the total would give it away"


def test_the_figures_are_what_was_answered() -> None:
    teams: Teams = [
        [(4, "none"), (5, "none"), (4, "help_enforce"), None],
        [(2, "help_enforce"), (1, "help_enforce"), (0, "none")],
        [],
        [],
    ]
    figures = counted([*teams[:1], [*teams[1], (3, "none")], [], []])
    assert figures.workshops == {"leiden": 1, "utrecht": 1}
    assert (figures.whole.due, figures.whole.done) == (8, 7)
    assert figures.cities["leiden"].rate == 0.75
    scale = figures.scales["influence"]
    assert scale.whole is not None
    assert (scale.whole.count, scale.whole.mean) == (6, 3.2)
    assert {city: (mean.count, mean.mean) for city, mean in scale.cities.items()} == {
        "leiden": (3, 4.3),
        "utrecht": (3, 2.0),
    }
    assert [(share.first, share.last, share.count) for share in scale.shares] == [("1", "3", 3), ("4", "5", 3)]
    assert figures.chosen["friction"].choices == {"none": 4, "help_enforce": 3}


def test_of_several_choices_none_is_told_that_all_but_one_or_two_made(tmp_path: Path) -> None:
    form, asked = default_form().form.hash, MONDAY + timedelta(hours=4)
    with closing(Seed(tmp_path / "t.db")) as seed:
        seed.form(default_form())
        workshop = seed.workshop(form, MONDAY, "utrecht")
        for number, present in enumerate(["residents police"] * 3 + ["residents social_work"] * 2 + ["residents"]):
            person = seed.person(f"P{number}", "utrecht")
            session = seed.session(form, person, seed.prompt(workshop, person, "completed", asked, asked), asked, asked)
            also = " policy" if number else ""
            seed.answers(session, {"/data/held": "as_planned", IN + "present": present + also})
        with snapshot(seed.path) as rows:
            figures = count_week(rows, forms_of(rows), ["L1"], iso_week("2026-W47", ZONE))
    assert figures.chosen["present"].count == 6
    assert figures.chosen["present"].choices == {"residents": 6, "police": 3}
