"""Paths that name their places by more than names: wildcards, axes, attributes, unions, conditions anywhere."""

from datetime import UTC, datetime
from functools import cache
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from forms.instance import instance_xml
from forms.nodes import placed
from forms.walk import Walk, begin
from forms.xpath.evaluate import TooCostly, evaluate, places
from forms.xpath.layout import Layout
from forms.xpath.parser import parse
from forms.xpath.steps import AXES
from forms.xpath.values import text
from tests.examples import examples
from tests.forms.xlsform_sheets import small_form

CHOICES = [
    ["list_name", "name", "label", "extra"],
    *([["l", code, code.upper(), str(n)] for n, code in enumerate("abc")]),
]
ROWS = [
    ["type", "name", "label", "calculation", "relevant"],
    ["select_one l", "first", "First"],
    ["begin_group", "g", "G"],
    ["text", "a", "A"],
    ["text", "b", "B"],
    ["begin_group", "inner", "I"],
    ["integer", "n", "N"],
    ["end_group"],
    ["begin_repeat", "r", "R"],
    ["text", "a", "A"],
    ["integer", "m", "M"],
    ["text", "gone", "Gone", "", "../m = 99"],
    ["end_repeat"],
    ["end_group"],
    ["text", "last", "Last"],
]


@cache
def filled() -> Walk:
    walk = begin(small_form(ROWS, CHOICES), {})
    given_values = {"first": "b", "g/a": "A", "g/b": "B", "g/inner/n": "7", "last": "z"}
    for name, value in given_values.items():
        walk = walk.answer(f"/data/{name}", value)
    for number in (1, 2, 3):
        if number > 1:
            walk = walk.answer(f"/data/g/r[{number}]", "yes")
        walk = walk.answer(f"/data/g/r[{number}]/a", f"a{number}").answer(f"/data/g/r[{number}]/m", str(number))
    return walk


def worth(expression: str, at: str = "/data/last", index: int = 0) -> str:
    return text(evaluate(parse(expression, at), filled()._now, index))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count(/data/*)", "4"),
        ("count(/data/g/*)", "6"),
        ("join(' ', /data/*/a)", "A"),
        ("join(' ', //a)", "A a1 a2 a3"),
        ("sum(//m)", "6"),
        ("sum(/data//m[. > 1])", "5"),
        ("count(//r)", "3"),
        ("count(//*[. = 'B'])", "1"),
        ("count(//gone)", "0"),
        ("/data/g/*[2]", "B"),
        ("/data/g/r[position() = 2]/*[1]", "a2"),
        ("join(' ', /data/g/a | /data/last | /data/first)", "b A z"),
        ("count(//a | //a | /data/g/a)", "4"),
        ("(//a)[3]", "a2"),
        ("(/data/g/a | /data/last)[. = 'z']", "z"),
        ("/data/@id", "small"),
        ("/data/attribute::version", "1"),
        ("string(/data/@nothing)", ""),
        ("../g/child::b", "B"),
        ("../g/inner/ancestor::*/b", "B"),
        ("count(../g/inner/n/ancestor-or-self::*)", "4"),
        ("../g/b/preceding-sibling::*", "A"),
        ("../g/b/following-sibling::inner/n", "7"),
        ("count(../g/b/following::*)", "13"),
        ("../g/b/preceding::first", "b"),
        ("self::node()", "z"),
        ("./self::last", "z"),
        ("../g/a/text()", "A"),
        ("count(../descendant::a)", "4"),
        ("count(../descendant-or-self::*)", "18"),
        ("current()/../*[1]", "b"),
        ("count(/data/g[inner/n = 7]//m)", "3"),
        ("count(/data/g/r[m > 1 and a = 'a3']/*)", "2"),
        ("instance('l')//item[name = 'c']/extra", "2"),
        ("count(instance('l')/root/*)", "3"),
        ("count(instance('l')/root/item/*[1])", "3"),
        ("instance('l')/root/item[2]/following-sibling::item[1]/name", "c"),
        ("instance('l')/root/item[3]/preceding-sibling::*[1]/name", "b"),
        ("instance('l')/root/item[name = current()/../first]/extra", "1"),
        ("count(instance('l')//item[name = /data/first]/extra)", "1"),
        ("1 + 2 * 3 - 8 div 4 mod 3", "5"),
        ("//a * 2 = 3", "false"),
    ],
)
def test_a_path_leads_where_the_standard_says(expression: str, value: str) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count(/data/g/r/*)", "2"),
        ("join(' ', ../*)", "a2 2"),
        ("../following-sibling::r/a", "a3"),
        ("../../*[1]", "A"),
    ],
)
def test_within_a_repeat_an_absolute_path_means_its_own_instance(expression: str, value: str) -> None:
    assert worth(expression, "/data/g/r/m", 2) == value


TESTS = st.sampled_from(["*", "*", "a", "b", "g", "r", "m", "n", "inner", "data"])
STEPS = st.tuples(
    st.sampled_from(sorted(AXES - {"attribute"})), TESTS, st.sampled_from(["", "", "", "[1]", "[2]", "[*]"])
)


@given(st.lists(STEPS, min_size=1, max_size=5), st.booleans())
@examples(60)
def test_steps_lead_to_the_same_places_as_those_of_another_engine(
    steps: list[tuple[str, str, str]], is_absolute: bool
) -> None:
    path = ("/" if is_absolute else "") + "/".join(f"{axis}::{test}{condition}" for axis, test, condition in steps)
    walk = filled()
    root = etree.fromstring(instance_xml(walk, "uuid:1", datetime(2026, 1, 1, tzinfo=UTC)))
    root[-1].clear()
    start = root.find("g/b")
    assert start is not None
    found = start.xpath(path.replace("[*]", "[count(*) > 0]"))
    assert isinstance(found, list)
    theirs = [_numbered(each) for each in found if isinstance(each, etree._Element)]
    scope = walk._now
    expression = parse(path.replace("[*]", "[count(*) > 0]"), "/data/g/b")
    ours = [placed(each.path, scope.repeat_of(each.path), each.instance) for each in places(expression, scope)]
    assert ours == theirs


def _numbered(element: etree._Element) -> str:
    steps = []
    for each in [element, *element.iterancestors()]:
        name = etree.QName(each).localname
        before = sum(1 for other in each.itersiblings(preceding=True) if etree.QName(other).localname == name)
        steps.append(f"{name}[{before + 1}]" if name == "r" else name)
    return "/" + "/".join(reversed(steps))


@given(st.lists(STEPS, min_size=1, max_size=4), st.booleans())
@examples(40)
def test_what_a_path_may_read_is_known_beforehand(steps: list[tuple[str, str, str]], is_absolute: bool) -> None:
    path = ("/" if is_absolute else "") + "/".join(f"{axis}::{test}{condition}" for axis, test, condition in steps)
    walk = filled()
    expression = parse(path, "/data/g/b")
    known = Layout([node.path for node in walk.form.nodes]).reached(
        expression.root, "/data/g/b", frozenset({"/data/g/b"})
    )
    assert {each.path for each in places(expression, walk._now)} <= known | expression.references


def test_an_answer_works_out_what_reads_it_through_a_wildcard() -> None:
    form = small_form(
        [
            ["type", "name", "label", "calculation"],
            ["begin_group", "g", "G"],
            ["integer", "a", "A"],
            ["integer", "b", "B"],
            ["end_group"],
            ["calculate", "total", "", "sum(/data/g/*)"],
            ["calculate", "deep", "", "count-non-empty(//g/*[. > 3])"],
        ]
    )
    walk = begin(form, {}).answer("/data/g/a", "2")
    assert (walk.value("/data/total"), walk.value("/data/deep")) == ("2", "0")
    walk = walk.answer("/data/g/b", "5")
    assert (walk.value("/data/total"), walk.value("/data/deep")) == ("7", "1")


def test_a_path_that_leads_everywhere_stays_within_its_steps() -> None:
    expression = parse("count(" + "/descendant-or-self::node()" * 12 + ")", "/data/last")
    with pytest.raises(TooCostly):
        evaluate(expression, filled()._now, 0, 500)
    depth = len(list(takewhile(lambda n: parse("//*[" * n + "1" + "]" * n, "/data/last"), range(1, 40))))
    assert depth == 39
