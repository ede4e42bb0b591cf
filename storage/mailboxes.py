"""Where somebody gets their weekly summaries by e-mail: contact data, that no export reads."""

from datetime import datetime

from storage.stamps import stamp
from storage.tx import Rows, Tx


def address_of(rows: Rows, person_id: int) -> str | None:
    """The address; None where summaries come by chat."""
    row = rows.one("SELECT email FROM contact WHERE person_id = :id", id=person_id)
    return None if row is None or row["email"] is None else str(row["email"])


def set_to(tx: Tx, person_id: int, address: str | None) -> None:
    """Summaries go to this address from now on; None: by chat, and the address is forgotten."""
    tx.run(
        "INSERT INTO contact (person_id, name, email) VALUES (:id, '', :email)"
        " ON CONFLICT (person_id) DO UPDATE SET email = excluded.email",
        id=person_id,
        email=address,
    )


def asked_since(rows: Rows, person_id: int, since: datetime) -> int:
    """How often the person had a code sent to an address since this moment."""
    row = rows.one(
        "SELECT count(*) AS n FROM audit WHERE person_id = :id AND verb = 'email_asked' AND done_on > :since",
        id=person_id,
        since=stamp(since),
    )
    return 0 if row is None else int(row["n"])
