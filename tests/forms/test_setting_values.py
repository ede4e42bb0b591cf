"""Values that the form sets by itself: defaults, triggers, what is worked out once, what the moment tells."""

from datetime import UTC, datetime, timedelta, timezone

from forms.circumstances import Circumstances
from forms.form import Form
from forms.walk import Walk, begin
from tests.forms.xlsform_sheets import small_form

AROUND = Circumstances(datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1))), "P07", "seed")
HEADER = ["type", "name", "label", "calculation", "default", "trigger"]


def form_of(*rows: list[str]) -> Form:
    return small_form([HEADER, *rows])


def again(walk: Walk) -> Walk:
    """The walk rebuilt as a session is: from its answers, what the form set once, and its circumstances."""
    return Walk(walk.form, dict(walk.values), walk.skipped, dict(walk.frozen), walk.around)


def test_a_default_counts_until_the_question_is_answered_or_skipped() -> None:
    walk = begin(form_of(["integer", "age", "Age", "", "30"], ["calculate", "next", "", "${age} + 1"]), {})
    assert walk.value("/data/next") == "31"
    assert not walk.is_done("/data/age")
    assert walk.answer("/data/age", "40").value("/data/next") == "41"
    assert walk.skip("/data/age").value("/data/age") == ""


def test_a_default_may_be_worked_out_at_the_beginning() -> None:
    walk = begin(form_of(["date", "day", "Day", "", "today()"], ["text", "other", "Other"]), {}, AROUND)
    assert walk.value("/data/day") == "2026-11-22"
    assert again(walk.answer("/data/other", "x")).value("/data/day") == "2026-11-22"


def test_an_answer_may_set_another_place() -> None:
    form = form_of(["text", "a", "A"], ["text", "b", "B"], ["calculate", "copy", "", "concat(${a}, ${b})", "", "${a}"])
    walk = begin(form, {}, AROUND).answer("/data/b", "2").answer("/data/a", "1")
    assert walk.value("/data/copy") == "12"
    later = walk.answer("/data/b", "3")
    assert later.value("/data/copy") == "12"
    assert again(walk).value("/data/copy") == "12"


def test_what_is_worked_out_once_stays() -> None:
    walk = begin(form_of(["text", "a", "A"], ["calculate", "first", "", "once(${a})"]), {}, AROUND)
    walk = walk.answer("/data/a", "one").answer("/data/a", "two")
    assert walk.value("/data/first") == "one"


def test_chance_stays_the_same_within_a_session_only() -> None:
    form = form_of(["text", "a", "A"], ["calculate", "drawn", "", "random()"], ["calculate", "code", "", "uuid()"])
    walk, other = begin(form, {}, AROUND), begin(form, {}, Circumstances(None, "", "another"))
    assert walk.answer("/data/a", "x").value("/data/drawn") == again(walk).value("/data/drawn")
    assert walk.value("/data/drawn") != other.value("/data/drawn")
    assert len(walk.value("/data/code")) == 36


def test_the_moment_and_the_persons_code_are_filled_in() -> None:
    rows = [["start", "start"], ["today", "today"], ["deviceid", "device"], ["username", "who"], ["text", "a", "A"]]
    found = begin(form_of(*rows), {}, AROUND).submission()
    assert found == {"start": "2026-11-22T09:30:00.000+01:00", "today": "2026-11-22", "device": "P07", "who": "P07"}


def test_who_begins_nowhere_is_in_utc() -> None:
    assert Circumstances().zone is UTC
