"""A walk written as XForm instance XML."""

from datetime import UTC, datetime
from uuid import UUID

from lxml import etree

from forms.instance import instance_xml
from forms.walk import Circumstances, begin
from forms.xlsform import compile_workbook
from tests.forms.xlsform_sheets import written

ID = UUID("12345678-1234-4234-8234-123456789abc")
BEGUN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ENDED = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)
FORM = compile_workbook(
    written(
        {
            "survey": [
                ["type", "name", "label", "relevant", "calculation"],
                ["start", "start", "", "", ""],
                ["end", "end", "", "", ""],
                ["deviceid", "device", "", "", ""],
                ["text", "place", "Place", "", ""],
                ["begin_group", "more", "More", "${place} = 'x'", ""],
                ["text", "why", "Why", "", ""],
                ["end_group", "", "", "", ""],
                ["begin_repeat", "member", "Member", "", ""],
                ["text", "called", "Name", "", ""],
                ["calculate", "number", "", "", "position(..)"],
                ["end_repeat", "", "", "", ""],
            ],
            "settings": [["form_id", "version", "instance_name"], ["visit", "7", "concat('At ', ${place})"]],
        }
    )
).form


def test_a_submission_holds_what_is_relevant_in_the_forms_order() -> None:
    walk = begin(FORM, {}, Circumstances(BEGUN, "P07", "s"))
    for path, value in (
        ("/visit/place", "Kanaleneiland <3\x07"),
        ("/visit/member[1]/called", "A"),
        ("/visit/member[2]", "yes"),
        ("/visit/member[2]/called", "B"),
    ):
        walk = walk.answer(path.replace("/visit", FORM.layout[0]), value)
    text = instance_xml(walk, ID, ENDED)
    root = etree.fromstring(text)
    assert (root.get("id"), root.get("version")) == ("visit", "7")
    assert [element.tag for element in root] == ["start", "end", "device", "place", "member", "member", "meta"]
    assert root.findtext("start") == "2026-11-22T09:30:00.000Z"
    assert root.findtext("end") == "2026-11-22T09:45:00.000Z"
    assert root.findtext("device") == "P07"
    assert root.findtext("place") == "Kanaleneiland <3"
    assert [[leaf.text for leaf in member] for member in root.findall("member")] == [["A", "1"], ["B", "2"]]
    assert root.findtext("meta/instanceID") == f"uuid:{ID}"
    assert root.findtext("meta/instanceName") == "At Kanaleneiland <3"
    assert instance_xml(walk, ID, ENDED) == text


def test_a_blank_answer_stands_empty() -> None:
    root = etree.fromstring(instance_xml(begin(FORM, {}), ID, ENDED))
    place = root.find("place")
    assert place is not None
    assert place.text is None
    assert root.find("more") is None
