"""What holds whatever a person does with a questionnaire, in any order."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from fieldwork.conversation import Chose, Missed, Stage, Ticked, Went
from fieldwork.messages import Say
from fieldwork.pieces import LONGEST, units
from fieldwork.recognise import Way
from fieldwork.taps import About, Key, read_key
from tests.examples import examples
from tests.fieldwork.dialogue_parts import Talker, questionnaire, voice

LONGEST_LABEL = 20
LONGEST_DATA = 64
MOVES = 40
ACTS = ("choose", "on", "off", "jump", "keep", "send", "change", "done", "skip", "more", "list", "unknown", "nonsense")
FORWARD = ("send", "continue", "choose", "skip", "done", "keep", "unknown")
"""The acts that lead on, the best one first."""

Deed = Literal["tap", "press", "write", "show", "edit", "go", "miss", "choose", "tick", "forge", "overview"]


@dataclass(frozen=True)
class Move:
    """Something a person does; `pick` and `text` say with what, as far as it takes anything."""

    deed: Deed
    pick: int = 0
    text: str = ""


WORDS = (
    "ja", "nee", "1", "2", "3", "9", "vier", "1 3", "1 en 3", "geen van deze", "Bewoners", "klaar", "terug",
    "overslaan", "pauze", "verder", "houden", "geen foto", "help", " ", "\u00a0", "🙂" * 4000, "x" * 20_001,
)  # fmt: skip
TEXTS = st.sampled_from(WORDS) | st.text(min_size=1, max_size=30)
PICKS = st.integers(0, 50)
MOVE = st.one_of(
    st.builds(Move, st.just("tap"), PICKS),
    st.builds(Move, st.just("tap"), PICKS),
    st.builds(Move, st.sampled_from(("press", "show", "go", "miss", "choose", "tick", "overview")), PICKS),
    st.builds(Move, st.just("write"), PICKS, TEXTS),
    st.builds(Move, st.just("forge"), PICKS, st.sampled_from(("", "0", "1", "99", "x", "²", "-1"))),
    st.builds(Move, st.just("edit"), PICKS, TEXTS),
)
HIDDEN = st.fixed_dictionaries(
    {
        "previous_next": st.sampled_from(("", "de huismeester bellen", "🙂" * 300)),
        "completed_count": st.sampled_from("037"),
    }
)


class Somebody(Talker):
    """A person who does what hypothesis thinks of."""

    def do(self, move: Move, sources: list[str]) -> None:
        """Do it; what was said is added to the sources."""
        match move.deed:
            case "tap":
                keys = [button.data for row in self.waiting.buttons for button in row]
                self.press(keys[move.pick % len(keys)])
            case "press":
                self.press(self.buttons[move.pick % len(self.buttons)].data)
            case "write":
                sources.append(self.write(move.text))
            case "show":
                sources.append(self.show("voice" if move.pick % 2 else "photo", "bij de keet" if move.pick % 3 else ""))
            case "edit" if sources:
                self.edit(sources[move.pick % len(sources)], move.text)
            case "go":
                self.step(Went(list(Way)[move.pick % len(Way)]))
            case "miss":
                self.step(Missed("err.sticker"))
            case "choose" if self.talk.stage is Stage.ASKING:
                self.step(Chose(("nonsense", "none", "3")[move.pick % 3]))
            case "tick" if self.talk.stage is Stage.ASKING:
                self.step(Ticked(("nonsense", "none", "residents")[move.pick % 3], move.pick % 2 == 0))
            case "forge":
                act = ACTS[move.pick % len(ACTS)]
                self.press(str(Key(About.SESSION, self.talk.session, self.talk.asking, act, move.text)))
            case "overview":
                self.look_back()


def expect_sound(somebody: Somebody, before: int) -> None:
    """What must hold after every step."""
    talk = somebody.talk
    assert talk.asking >= before
    assert somebody.reloaded().walk == talk.walk
    if talk.stage is Stage.ASKING:
        assert talk.walk.is_relevant(talk.question.path)
    for say in (*somebody.chat.values(), *somebody.said):
        expect_sayable(say)
    tappable = {asking for asking, say in somebody.chat.items() if say.buttons}
    assert tappable == (set() if talk.stage is Stage.ENDED else {talk.asking})


def expect_sayable(say: Say) -> None:
    """What a messenger takes."""
    assert say.text.strip()
    assert units(say.text) <= LONGEST
    keys = [button.data for row in say.buttons for button in row]
    assert len(keys) == len(set(keys))
    for row in say.buttons:
        assert row
        for button in row:
            assert 0 < len(button.label.removeprefix("✓ ")) <= LONGEST_LABEL
            assert len(button.data.encode()) <= LONGEST_DATA
            assert read_key(button.data) is not None


@given(st.lists(MOVE, max_size=MOVES), HIDDEN, st.sampled_from(("nl", "en")), st.booleans())
@examples(80)
def test_whatever_somebody_does_the_talk_stays_sound_and_can_be_finished_by_tapping(
    moves: list[Move], hidden: dict[str, str], language: str, media_allowed: bool
) -> None:
    somebody, sources = Somebody(questionnaire(), hidden, voice(language, media_allowed)), list[str]()
    for move in moves:
        before = somebody.talk.asking
        if somebody.talk.stage is not Stage.ENDED or move.deed in ("edit", "overview"):
            somebody.do(move, sources)
        expect_sound(somebody, before)
    taps = 0
    while somebody.talk.stage is not Stage.ENDED:
        acts = {key.act: str(key) for row in somebody.waiting.buttons for b in row if (key := read_key(b.data))}
        somebody.press(next(acts[act] for act in FORWARD if act in acts))
        expect_sound(somebody, 0)
        taps += 1
        assert taps < 60
    assert somebody.talk.sent
