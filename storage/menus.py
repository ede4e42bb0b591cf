"""Which command menu each chat shows, by its hash."""

from storage.tx import Rows, Tx


def shown(tx: Tx, person_id: int, menu: str) -> None:
    """The person's chat gets this menu."""
    tx.run("UPDATE address SET menu = :menu WHERE person_id = :person", menu=menu, person=person_id)


def of(rows: Rows, person_id: int) -> str:
    """The person's menu; '' where they have none or no address."""
    row = rows.one("SELECT menu FROM address WHERE person_id = :person", person=person_id)
    return "" if row is None else str(row["menu"])


def known(rows: Rows) -> dict[int, str]:
    """The menus of everybody who can be reached and ever had one, by person."""
    found = rows.all("SELECT person_id, menu FROM address WHERE reachable = 1 AND menu <> ''")
    return {row["person_id"]: row["menu"] for row in found}
