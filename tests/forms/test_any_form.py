"""What holds for any form and any order of answers, skips, changes and ways back."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from forms.circumstances import Circumstances
from forms.form import Form
from forms.instance import instance_xml
from forms.nodes import unplaced
from forms.question import Kind
from forms.walk import Refused, Walk, begin
from tests.examples import examples
from tests.forms.generated_forms import generated, value_for

AROUND = Circumstances(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "P01", "seed")
FEW = examples(15)


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    walk = begin(draw(generated()), {}, AROUND)
    for _ in range(draw(st.integers(0, 25))):
        asked = walk.asked()
        waiting = walk.following()
        question = draw(st.sampled_from(asked)) if waiting is None or draw(st.integers(0, 3)) == 0 else waiting
        question = walk.question(question.path)
        try:
            drawn = draw(st.integers(0, 99))
            walk = (
                walk.skip(question.path) if drawn % 5 == 0 else walk.answer(question.path, value_for(question, drawn))
            )
        except Refused:
            continue
        if not walk.asked():
            break
    return walk


@given(walks())
@FEW
def test_a_walk_waits_at_a_relevant_question_or_everything_is_done(walk: Walk) -> None:
    for place in (None, *(question.path for question in walk.asked())):
        waiting = walk.following(place)
        if waiting is None:
            assert all(walk.is_done(question.path) for question in walk.asked())
        else:
            assert walk.is_relevant(waiting.path)
            assert not walk.is_done(waiting.path)
            assert waiting.path in {question.path for question in walk.asked()}


@given(walks())
@FEW
def test_what_an_answer_works_out_is_what_working_out_everything_gives(walk: Walk) -> None:
    rebuilt = Walk(walk.form, dict(walk.values), frozenset(walk.skipped), dict(walk.frozen), walk.around)
    assert rebuilt == walk
    assert [q.path for q in rebuilt.asked()] == [q.path for q in walk.asked()]
    assert list(rebuilt.leaves()) == list(walk.leaves())
    assert rebuilt.submission() == walk.submission()


@given(walks())
@FEW
def test_walking_back_gives_the_reverse_order(walk: Walk) -> None:
    items = walk.items()
    for earlier, later in pairwise(items):
        found = walk.preceding(later.path)
        assert found is not None
        assert found.path == earlier.path
    if items:
        assert walk.preceding(items[0].path) is None


@given(walks())
@FEW
def test_nothing_irrelevant_is_submitted(walk: Walk) -> None:
    relevant = {question.path for question in walk.asked()}
    asked = {question.path for question in walk.form.questions if question.kind is not Kind.NOTE}
    for path, _ in walk.leaves():
        assert unplaced(path)[0] not in asked or path in relevant
    for path in walk.values:
        if not walk.is_relevant(path):
            assert walk.value(path) == ""


@given(walks())
@FEW
def test_an_irrelevant_answer_comes_back_with_its_question(walk: Walk) -> None:
    """Leaving the first question and giving its answer again changes nothing."""
    first = walk.form.questions[0].path
    if first not in walk.values:
        return
    away = walk.skip(first)
    back = away.answer(first, walk.values[first])
    assert back.values == walk.values
    if back.frozen == walk.frozen:
        assert back.submission() == walk.submission()


@given(walks())
@FEW
def test_a_submission_has_the_shape_of_its_form(walk: Walk) -> None:
    """What a server checks: the form's id and version, its elements in its order, who it is, and nothing else."""
    root = etree.fromstring(instance_xml(walk, "uuid:7", datetime(2026, 11, 22, tzinfo=UTC)))
    assert (root.get("id"), root.get("version"), root.nsmap.get("orx")) == ("small", "1", "http://openrosa.org/xforms")
    meta = root[-1]
    assert (etree.QName(meta).localname, meta[0].text) == ("meta", "uuid:7")
    assert len(root.findall(f"{{*}}{etree.QName(meta).localname}")) == 1
    places = [_plain_path(element) for element in root.iter() if element is not root and element not in (meta, *meta)]
    order = {path: i for i, path in enumerate(walk.form.layout)}
    assert set(places) <= set(order)
    for parent in root.iter():
        found = [order[_plain_path(child)] for child in parent if child is not meta and parent is not meta]
        assert found == sorted(found)
        assert not (len(parent) and (parent.text or "").strip())


def _plain_path(element: etree._Element) -> str:
    return "/" + "/".join(etree.QName(each).localname for each in reversed([element, *element.iterancestors()]))


@given(generated(), st.integers(0, 99))
@FEW
def test_answering_what_is_asked_always_comes_to_an_end(form: Form, drawn: int) -> None:
    walk = begin(form, {}, AROUND)
    for step in range(400):
        question = walk.following()
        if question is None:
            return
        value = "no" if question.adds else value_for(question, drawn + step)
        try:
            walk = walk.answer(question.path, value)
        except Refused:
            if walk.is_required(question.path):
                return
            walk = walk.skip(question.path)
    raise AssertionError("it goes on")
