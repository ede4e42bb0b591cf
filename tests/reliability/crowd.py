"""People who answer whatever the bot asks them, and remember what they said and what they saw."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.sandbox import Button, ChatMessage, Phone
from fieldwork.taps import About, Key, read_key


@dataclass
class Answering:
    """One person in a closed loop: sees a question, answers it once, waits for the next."""

    phone: Phone
    random: Random
    hesitation: float
    """Seconds before a reply, at most."""
    crossed: str
    """How the bot says that a message and a question crossed."""
    finished: str
    """How the bot says that everything was sent."""
    photo: bytes = b""
    """What to send where a photo is asked for; skipped where there is none."""
    said: list[str] = field(default_factory=list)
    """What must be kept: a value for each answer, in order."""
    shown: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How often each asking was shown."""
    asked_again: int = 0
    is_done: bool = False
    _seen: int = 0
    _answered: set[str] = field(default_factory=set)
    _burst: set[int] = field(default_factory=set)

    async def run(self) -> None:
        """Answer until everything is sent."""
        while not self.is_done:
            await asyncio.sleep(self.random.uniform(0, self.hesitation))
            self._look()
            if not self.is_done and not self._reply():
                await self.phone.chat.changes.beyond(self.phone.chat.revision)

    def _look(self) -> None:
        """Count what is new."""
        for message in self.phone.messages:
            if message.id > self._seen and not message.mine:
                self._note(message)
                self._seen = message.id

    def _note(self, message: ChatMessage) -> None:
        self.is_done |= self.finished in message.text
        if self.crossed in message.text:
            self.asked_again += 1
            self.said.pop()
        for key in _keys(message)[:1]:
            self.shown[key.id, key.turn] += 1

    def _reply(self) -> bool:
        """Answer the newest question that was not answered yet; False where there is none."""
        for message in reversed(self.phone.messages):
            if message.mine or not message.buttons:
                continue
            keys = _keys(message)
            if not keys or f"{keys[0].about}{keys[0].id}:{keys[0].turn}" in self._answered:
                return False
            self._answer(message, keys)
            return True
        return False

    def _answer(self, message: ChatMessage, keys: list[Key]) -> None:
        acts = {key.act: key for key in keys}
        mark = f"{keys[0].about}{keys[0].id}:{keys[0].turn}"
        if keys[0].about is About.PROMPT:
            self._tap(message, acts["start"], mark)
        elif "send" in acts:
            self._tap(message, acts["send"], mark)
        elif "on" in acts or "off" in acts:
            self._tick(message, keys, mark)
        elif "choose" in acts:
            choices = [key for key in keys if key.act == "choose"]
            # The first question's later choices would end the questions.
            chosen = choices[0] if keys[0].turn == 1 else self.random.choice(choices)
            self.said.append(f"choose {chosen.arg}")
            self._tap(message, chosen, mark)
        elif "done" in acts and len(self._burst) < len(self.said):
            self._say_more(mark)
        elif "done" in acts:
            self._tap(message, acts["done"], mark)
        elif _asks_for_a_photo(message) and self.photo:
            self.said.append("photo")
            self._answered.add(mark)
            self.phone.send_photo(self.photo)
        elif _asks_for_a_photo(message) or ("skip" in acts and self.random.random() < 0.3):
            self.said.append("skipped")
            self._tap(message, acts["skip"], mark)
        else:
            words = f"{self.phone.person.first_name} zegt {len(self.said)}"
            self.said.append(words)
            self._answered.add(mark)
            self.phone.say(words)

    def _tick(self, message: ChatMessage, keys: list[Key], mark: str) -> None:
        """Tick one choice and be done, without waiting in between."""
        chosen = self.random.choice([key for key in keys if key.act == "on"])
        done = next(key for key in keys if key.act == "done")
        self.said.append(f"choose {chosen.arg}")
        self._tap(message, chosen, mark)
        self._tap(message, done, mark)

    def _say_more(self, mark: str) -> None:
        """After the first words of an open answer some people have a lot more to say, all at once."""
        self._answered.add(mark)
        self._burst.update(range(len(self.said)))
        words = [f"en ook {number}" for number in range(self.random.choice((1, 1, 4)))]
        self.said[-1] = "\n".join((self.said[-1], *words))
        for word in words:
            self.phone.say(word)

    def _tap(self, message: ChatMessage, key: Key, mark: str) -> None:
        self._answered.add(mark)
        self.phone.tap_data(str(key), message)


def _buttons(message: ChatMessage) -> list[Button]:
    return [button for row in message.buttons for button in row]


def _asks_for_a_photo(message: ChatMessage) -> bool:
    return any("foto" in button.label.lower() for button in _buttons(message))


def _keys(message: ChatMessage) -> list[Key]:
    keys = [read_key(button.data) for button in _buttons(message) if button.data]
    return [key for key in keys if key is not None]
