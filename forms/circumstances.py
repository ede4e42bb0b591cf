"""What a form may know of the world while it is filled in: the moment, the person's code, a seed for chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

_BEGUN_ON, _PERSON, _SEED = "@begun_on", "@person", "@seed"
"""Names that no question can have."""
_PERSONAL = frozenset({"deviceid", "username", "subscriberid", "simserial", "uri:deviceid", "uri:username"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Fixed when a session begins; kept with it, so that the session can be rebuilt.

    `begun_on` is aware and in the person's own time zone. `person` is the person's code, never a name.
    `seed` is drawn anew for each session; random numbers, random orders and unique names follow from it.
    """

    begun_on: datetime | None = None
    person: str = ""
    seed: str = ""

    @property
    def zone(self) -> tzinfo:
        """The person's time zone."""
        return (self.begun_on.tzinfo if self.begun_on else None) or UTC

    def known(self, name: str) -> str:
        """What the property of this name is: the person's code where it means a person or a telephone."""
        return self.person if name in _PERSONAL else ""

    def written(self) -> dict[str, str]:
        """These as names and texts, to be kept beside the hidden values of the session."""
        begun_on = self.begun_on.isoformat() if self.begun_on else ""
        return {
            name: text for name, text in ((_BEGUN_ON, begun_on), (_PERSON, self.person), (_SEED, self.seed)) if text
        }

    @classmethod
    def read(cls, kept: Mapping[str, str]) -> "Circumstances":
        """What `written` gave; whatever else is kept there is passed over."""
        try:
            begun_on = datetime.fromisoformat(kept.get(_BEGUN_ON, ""))
        except ValueError:
            begun_on = None
        return cls(begun_on, kept.get(_PERSON, ""), kept.get(_SEED, ""))
