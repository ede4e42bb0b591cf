"""What a form may know of the world while it is filled in: the moment, who answers in which language, a seed."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

_PERSONAL = frozenset({"deviceid", "username", "subscriberid", "simserial", "uri:deviceid", "uri:username"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Fixed when a session begins; kept with it, so that the session can be rebuilt.

    `begun_on` is aware and in the person's own time zone. `person` is the person's code, never a name.
    `seed` is drawn anew for each session; random numbers, random orders and unique names follow from it.
    `language` is the one the person answers in, such as "nl"; "" is the form's default language.
    """

    begun_on: datetime | None = None
    person: str = ""
    seed: str = ""
    language: str = ""

    @property
    def zone(self) -> tzinfo:
        """The person's time zone."""
        return (self.begun_on.tzinfo if self.begun_on else None) or UTC

    def known(self, name: str) -> str:
        """What the property of this name is: the person's code where it means a person or a telephone."""
        return self.person if name in _PERSONAL else ""
