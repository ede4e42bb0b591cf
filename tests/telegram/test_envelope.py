"""A message kept as text comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from fieldwork.envelope import NotAnEnvelope, dump, is_harmless_twice, load
from fieldwork.messages import Attachment, Button, Clear, Menu, MenuItem, Outgoing, Say

buttons = st.lists(st.lists(st.builds(Button, st.text(), st.text()), max_size=3).map(tuple), max_size=3).map(tuple)
attachments = st.none() | st.builds(Attachment, st.text(), st.text(), st.sampled_from(["document", "photo", "voice"]))
says = st.builds(Say, st.text(), buttons, attachments)
menus = st.builds(Menu, st.lists(st.builds(MenuItem, st.text(), st.text())).map(tuple))
clears = st.builds(Clear, st.lists(st.text()).map(tuple))


@given(says | menus | clears)
def test_what_is_dumped_loads_as_the_same_message(outgoing: Outgoing) -> None:
    assert load(dump(outgoing)) == outgoing


@given(says | menus | clears)
def test_a_menu_or_a_deletion_is_known_without_reading_it(outgoing: Outgoing) -> None:
    assert is_harmless_twice(dump(outgoing)) == isinstance(outgoing, Menu | Clear)


@mark.parametrize("text", ["", "{}", "[]", "7", '{"say": "x", "buttons": 3}', '{"menu": [1]}', '"menu"'])
def test_anything_else_is_no_envelope(text: str) -> None:
    with raises(NotAnEnvelope):
        load(text)
