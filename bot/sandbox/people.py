"""The accounts in the sandbox: people with a phone, and the one bot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a phone; `language` is the language code their app reports."""

    id: int
    first_name: str
    language: str

    def as_json(self) -> dict[str, object]:
        """The Bot API's User object."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language,
        }


@dataclass(frozen=True, slots=True)
class BotAccount:
    """The bot whose token the sandbox accepts."""

    token: str
    username: str
    first_name: str

    @property
    def id(self) -> int:
        """The number before the colon of the token."""
        return int(self.token.partition(":")[0])

    def as_json(self) -> dict[str, object]:
        """The Bot API's User object as it appears in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}
