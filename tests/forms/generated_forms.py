"""Forms made up at random: groups, a repeat, conditions, filters, calculations and triggers."""

from hypothesis import strategies as st

from forms.form import Form
from forms.problems import Problems
from forms.question import Kind, Question
from tests.forms.xlsform_sheets import small_form

HEADER = [
    "type",
    "name",
    "label",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "default",
    "trigger",
    "repeat_count",
    "read_only",
]
CHOICES = [
    ["list_name", "name", "label", "of"],
    ["yn", "yes", "Yes", ""],
    ["yn", "no", "No", ""],
    ["place", "a", "A", "yes"],
    ["place", "b", "B", "yes"],
    ["place", "c", "C", "no"],
]
KINDS = ["text", "integer", "decimal", "date", "select_one yn", "select_multiple yn", "select_one place", "note"]


def row(**cells: str) -> list[str]:
    return [cells.get(name, "") for name in HEADER]


def conditions(names: list[str]) -> st.SearchStrategy[str]:
    if not names:
        return st.just("")
    name = st.sampled_from(names)
    return st.one_of(
        st.just(""),
        name.map(lambda n: f"${{{n}}} = 'yes'"),
        name.map(lambda n: f"${{{n}}} != ''"),
        name.map(lambda n: f"not(selected(${{{n}}}, 'no'))"),
        name.map(lambda n: f"count(${{{n}}}) > 1 or string-length(${{{n}}}) < 3"),
    )


@st.composite
def rows(draw: st.DrawFn) -> list[list[str]]:
    """The rows of a survey; each refers to earlier rows only."""
    made: list[list[str]] = []
    names: list[str] = []
    open_ones: list[str] = []
    has_repeat = False
    for i in range(draw(st.integers(2, 12))):
        what = draw(st.sampled_from(["question"] * 6 + ["group", "repeat", "calculate", "end", "set"]))
        name = f"n{i}"
        if what == "end" and open_ones:
            made.append(row(type=f"end_{open_ones.pop()}"))
        elif what == "group" and len(open_ones) < 3:
            open_ones.append("group")
            made.append(row(type="begin_group", name=name, label=name, relevant=draw(conditions(names))))
        elif what == "repeat" and not has_repeat and "repeat" not in open_ones:
            has_repeat = True
            open_ones.append("repeat")
            count = draw(st.sampled_from(["", "", "2", *(f"${{{n}}}" for n in names[:1])]))
            made.append(row(type="begin_repeat", name=name, label=name, repeat_count=count))
        elif what == "calculate" and names:
            other = draw(st.sampled_from(names))
            calculation = draw(
                st.sampled_from([f"${{{other}}} + 1", f"concat(${{{other}}}, 'x')", f"once(${{{other}}})"])
            )
            made.append(row(type="calculate", name=name, calculation=calculation))
            names.append(name)
        elif what == "set" and names:
            other = draw(st.sampled_from(names))
            made.append(row(type="text", name=name, label=name, trigger=f"${{{other}}}", calculation=f"${{{other}}}"))
        else:
            made.append(draw(questions(name, names)))
            if not made[-1][0].startswith("note"):
                names.append(name)
    made.extend(row(type=f"end_{kind}") for kind in reversed(open_ones))
    return made


@st.composite
def questions(draw: st.DrawFn, name: str, names: list[str]) -> list[str]:
    kind = draw(st.sampled_from(KINDS))
    quotes: bool = draw(st.booleans())
    label = f"{name} ${{{names[-1]}}}" if names and quotes else name
    chosen = {"type": kind, "name": name, "label": label, "relevant": draw(conditions(names))}
    if kind != "note":
        chosen["required"] = draw(st.sampled_from(["", "", "yes"]))
    if kind == "integer":
        chosen["constraint"] = draw(st.sampled_from(["", ". < 50"]))
        chosen["default"] = draw(st.sampled_from(["", "3", *(f"${{{n}}}" for n in names[:1])]))
    if kind == "select_one place" and names:
        chosen["choice_filter"] = f"of = ${{{names[0]}}}"
    if kind == "text" and names:
        chosen["read_only"] = draw(st.sampled_from(["", "", f"${{{names[-1]}}} = 'yes'"]))
    return row(**chosen)


@st.composite
def generated(draw: st.DrawFn) -> Form:
    survey = [HEADER, row(type="text", name="first", label="First"), *draw(rows())]
    try:
        return small_form(survey, CHOICES)
    except Problems:
        # A trigger outside the repeat, a count that depends on its own repeat: the compiler has its reasons.
        return small_form(survey[:2], CHOICES)


def value_for(question: Question, drawn: int) -> str:
    """Some value for the question; not always one it takes."""
    names = [choice.name for choice in question.choices] or ["none"]
    match question.kind:
        case Kind.SELECT_ONE:
            return names[drawn % len(names)]
        case Kind.SELECT_MULTIPLE:
            return " ".join(names[: 1 + drawn % len(names)])
        case Kind.DATE:
            return f"2026-0{1 + drawn % 9}-1{drawn % 10}"
        case Kind.INTEGER | Kind.DECIMAL:
            return str(drawn)
        case _:
            return ["yes", "no", "x", "a longer text"][drawn % 4]
