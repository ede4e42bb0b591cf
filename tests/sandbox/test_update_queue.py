"""The queue of updates against a plain model of what Telegram promises."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import cut
from bot.sandbox.updates import UpdateQueue

from .conftest import Clock

STEPS = st.lists(st.one_of(st.just("say"), st.integers(0, 12), st.just("again")), max_size=40)


@given(steps=STEPS, limit=st.integers(1, 5))
async def test_nothing_is_lost_or_reordered_until_it_is_confirmed(steps: list[str | int], limit: int) -> None:
    queue = UpdateQueue(Clock(), first_id=1)
    said, confirmed = 0, 0
    for step in steps:
        if step == "say":
            said += 1
            queue.put("message", {}, chat_id=1)
            continue
        offset = min(step, said + 1) if isinstance(step, int) else 0
        confirmed = max(confirmed, offset - 1)
        batch = await queue.poll(offset, limit, 0)
        assert [update.id for update in batch] == list(range(confirmed + 1, said + 1))[:limit]
    assert len(queue) == said - confirmed


@given(st.text(max_size=30).map(lambda text: text * 400))
def test_a_cut_text_is_the_same_text_in_pieces_that_fit(text: str) -> None:
    pieces = cut(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= 4096 for piece in pieces)
