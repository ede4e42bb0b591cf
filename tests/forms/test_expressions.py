"""The expression language: what it reads, what it works out, and where it says no."""

import math
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.xpath.evaluate import TooCostly, evaluate
from forms.xpath.parser import parse
from forms.xpath.run import Scope
from forms.xpath.syntax import ExpressionError, Fault
from forms.xpath.values import Value, decimal, number, stored, text

HERE = "/data/g/q"


class Answers(Scope):
    """A form that is only its answers."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def value(self, path: str, index: int) -> Value:
        return self._values.get(path, "")

    def choice_name(self, path: str, index: int, code: str) -> str:
        return f"{path}:{code}"


def worth(expression: str, **values: str) -> Value:
    answers = {f"/data/g/{name}": value for name, value in values.items()}
    return evaluate(parse(expression, HERE), Answers(answers))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("10 - 4 - 3", 3.0),
        ("--2", 2.0),
        ("7 mod 4", 3.0),
        ("-7 mod 4", -3.0),
        ("1 div 4", 0.25),
        ("1 div 0", math.inf),
        ("-1 div 0", -math.inf),
        ("0.1 + 0.2 = 0.3", True),
        ("'a' = 'a' and 1 != 2", True),
        ("1 < 2 or 1 div 0 > 5", True),
        ("'3' = 3", True),
        ("'' = 0", False),
        ("'' != 0", True),
        ("'x' < 1", False),
        ("true() = 'x'", True),
        ("not('')", True),
        ("boolean('false')", True),
        ("../q", "here"),
        (". = current()/.", True),
        ("current()/../other", "4"),
        ("../other + 1", 5.0),
        ("/data/g/other -1", 3.0),
        ("selected('a b', 'b')", True),
        ("selected('ab', 'b')", False),
        ("selected('', '')", True),
        ("count-selected('a b c')", 3.0),
        ("selected-at('a b c', 1)", "b"),
        ("selected-at('a b c', 3)", ""),
        ("selected-at('a b c', -1)", ""),
        ("string-length()", 4.0),
        ("string-length('')", 0.0),
        ("coalesce('', 'b')", "b"),
        ("if(1 > 2, 'y', 'n')", "n"),
        ("concat('a', 1, 1.5, true())", "a11.5true"),
        ("number('1e3')", math.nan),
        ("number(' 12 ')", 12.0),
        ("int(-2.7)", -2.0),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(1.005, 2)", 1.01),
        ("round(1250, -2)", 1300.0),
        ("string(1 div 3)", "0.3333333333333333"),
        ("string(1000000 * 1000000 * 1000000 * 1000000)", "1.0E24"),
        ("contains('abc', 'b')", True),
        ("starts-with('abc', 'b')", False),
        ("sum(1, '', 2)", 3.0),
        ("min(3, '', 2)", 2.0),
        ("max('', '')", math.nan),
        ("jr:choice-name('x', ' /data/g/q ')", "/data/g/q:x"),
    ],
)
def test_an_expression_is_worth_what_the_standard_says(expression: str, value: Value) -> None:
    found = worth(expression, q="here", other="4")
    assert type(found) is type(value)
    assert found == value or (text(found) == text(value) == "NaN")


@pytest.mark.parametrize(
    ("expression", "fault", "position"),
    [
        ("1 +", Fault.UNFINISHED, 3),
        ("(1 + 2", Fault.UNFINISHED, 6),
        ("1 + 2)", Fault.UNEXPECTED, 5),
        ("", Fault.UNFINISHED, 0),
        ("'open", Fault.OPEN_QUOTE, 0),
        ("a = ‘x’", Fault.SMART_QUOTE, 4),
        ("1 # 2", Fault.CHARACTER, 2),
        ("1 + foo(2)", Fault.UNKNOWN_FUNCTION, 4),
        ("selected('a')", Fault.ARGUMENTS, 0),
        ("${nobody} = 1", Fault.UNKNOWN_REFERENCE, 0),
        ("/data/sideways::a", Fault.UNSUPPORTED, 6),
        ("../../../../..", Fault.UNEXPECTED, 9),
        ("1 2", Fault.UNEXPECTED, 2),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(expression: str, fault: Fault, position: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(expression, HERE)
    assert (refused.value.fault, refused.value.position) == (fault, position)


def test_an_expression_names_every_place_it_reads() -> None:
    expression = parse("${a} + ../b + if(. = 1, /data/c, 2)", HERE, {"a": "/data/x/a"})
    assert expression.references == {"/data/x/a", "/data/g/b", HERE, "/data/c"}


@given(st.text(max_size=80))
@example("(" * 5_000)
@example("-" * 5_000 + "1")
@example("if(1,1," * 300 + "1" + ")" * 300)
@example("1+" * 9_000 + "1")
@example("1" * 30_000)
@example("(" * 80 + "1" + ")*1+1<1=1 and 1 or 1" * 80)
@settings(deadline=None)
def test_reading_any_text_ends_in_an_expression_or_its_own_error(source: str) -> None:
    try:
        expression = parse(source, HERE)
    except ExpressionError:
        return
    evaluate(expression, Answers({}))


PIECES = ["1", "2.5", "'a'", "(", ")", "+", "-", "*", " div ", " and ", "=", "<", ",", ".", "../a", "not(", "if("]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_pieces_of_expressions_are_read_or_refused(source: str) -> None:
    try:
        expression = parse(source, HERE)
    except ExpressionError as refused:
        assert 0 <= refused.position <= len(source)
        return
    assert isinstance(evaluate(expression, Answers({})), str | float | bool)


def sums() -> st.SearchStrategy[str]:
    numbers = st.integers(0, 999).map(str)
    return st.recursive(
        numbers,
        lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({' '.join(t)})"),
        max_leaves=12,
    )


@given(st.lists(sums(), min_size=1, max_size=5).map(" - ".join))
def test_arithmetic_agrees_with_that_of_python(expression: str) -> None:
    assert worth(expression) == pytest.approx(float(eval(expression)), rel=1e-12)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_remainders_and_quotients_agree_with_those_of_python(left: float, right: float) -> None:
    a, b = format(Decimal(left), "f"), format(Decimal(right), "f")
    if number(b):
        assert worth(f"{a} div {b}") == number(a) / number(b)
        assert worth(f"{a} mod {b}") == math.fmod(number(a), number(b))
    else:
        assert text(worth(f"{a} mod {b}")) == "NaN"


@given(st.floats(1e-3, 9e6) | st.integers(-(2**31), 2**31 - 1).map(float))
def test_a_number_written_as_text_reads_back_as_itself(given_number: float) -> None:
    assert number(text(given_number)) == pytest.approx(given_number, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "shown", "left_behind", "answered"),
    [
        (3.0, "3", "3", "3.0"),
        (-0.5, "-0.5", "-0.5", "-0.5"),
        (0.1 + 0.2, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004"),
        (0.0005, "5.0E-4", "5.0E-4", "5.0E-4"),
        (12345678.5, "1.23456785E7", "1.23456785E7", "1.23456785E7"),
        (2147483647.0, "2147483647", "2147483647", "2.147483647E9"),
        (5_000_000_000.0, "5.0E9", "5000000000", "5.0E9"),
        (math.inf, "Infinity", "Infinity", "Infinity"),
        (1e-15, "0", "0", "1.0E-15"),
    ],
)
def test_numbers_are_written_as_the_reference_engine_prints_them(
    value: float, shown: str, left_behind: str, answered: str
) -> None:
    assert (text(value), stored(value), decimal(value)) == (shown, left_behind, answered)


def test_an_expression_that_takes_too_many_steps_is_stopped() -> None:
    with pytest.raises(TooCostly):
        evaluate(parse("1+" * 500 + "1", HERE), Answers({}), steps=100)


def test_an_expression_that_makes_a_huge_text_is_stopped() -> None:
    with pytest.raises(TooCostly):
        worth("concat(../a, ../a, ../a)", a="x" * 400_000)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("date('2026-11-22') - date('2026-11-20')", 2.0),
        ("date('2026-11-22') > date('2026-11-20')", True),
        ("../when + 1", 20780.0),
        ("string(date(20779))", "2026-11-22"),
        ("format-date(../when, '%d/%m/%y')", "22/11/26"),
        ("format-date('2026-01-05T09:07:03', '%e %b %Y %H:%M:%S %a')", "5 Jan 2026 09:07:03 Mon"),
        ("format-date('', '%Y')", ""),
        ("format-date('nonsense', '%Y')", ""),
        ("decimal-date-time('1970-01-02T12:00:00Z')", 1.5),
        ("decimal-time('2026-01-05T18:00:00')", 0.75),
        ("boolean-from-string('TRUE')", True),
        ("substr('abcdef', 1, 3)", "bc"),
        ("substr('abcdef', -2)", "ef"),
        ("substring-before('a-b', '-')", "a"),
        ("substring-after('a-b', '-')", "b"),
        ("translate('abc', 'ab', 'x')", "xc"),
        ("normalize-space('  a   b ')", "a b"),
        ("ends-with('abc', 'bc')", True),
        ("regex('AB-12', '[A-Z]{2}-[0-9]+')", True),
        ("digest('a', 'MD5', 'hex')", "0cc175b9c0f1b6a831c399e269772661"),
        ("digest('a', 'SHA-256')", "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="),
        ("base64-decode('aGk=')", "hi"),
        ("pow(2, 10)", 1024.0),
        ("round(sqrt(2), 3)", 1.414),
        ("sqrt(-1)", math.nan),
        ("log10(1000)", 3.0),
        ("round(pi(), 2)", 3.14),
        ("checklist(1, 2, true(), false(), 1)", True),
        ("weighted-checklist(3, 9, true(), 2, true(), 2)", True),
        ("join('-', 'a', 'b')", "a-b"),
        ("once('x')", "x"),
        ("round(distance('52 4 0 0; 53 4 0 0') div 1000)", 111.0),
        ("round(area('0 0; 0 1; 1 1; 1 0') div 1000000000)", 12.0),
        ("coalesce(number('x'), 7)", 7.0),
        ("'1,5' + 1", 2.5),
        ("number('2026-11-22')", 20779.0),
    ],
)
def test_the_functions_of_odk_give_what_they_promise(expression: str, value: Value) -> None:
    found = worth(expression, when="2026-11-22")
    assert type(found) is type(value)
    assert found == pytest.approx(value) or (text(found) == text(value) == "NaN")
