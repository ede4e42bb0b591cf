"""/consent CODE: the steward sees what somebody agreed to, when, and to which words."""

from fieldwork import wording
from handlers.desk import Caller, Desk, tell
from storage import audit, consents, people
from storage.consents import Proof
from storage.tx import Tx


def show(tx: Tx, desk: Desk, caller: Caller, rest: str) -> None:
    """Every answer of the person with this code, by the hash of the words."""
    person = people.by_code(tx, rest.strip())
    found = [] if person is None else consents.proofs(tx, person.id)
    if person is None or not found:
        tell(tx, desk, caller, "consent.no_proof")
        return
    audit.note(tx, caller.person.id, "consent_shown", "", person.code, desk.now)
    lines = "\n".join(_line(desk, one, caller.language) for one in found)
    tell(tx, desk, caller, "consent.proof", code=person.code, lines=lines)


def _line(desk: Desk, one: Proof, language: str) -> str:
    when = wording.day(one.given_on, desk.study.timezone, language, desk.now)
    clock = wording.clock(one.given_on, desk.study.timezone, language)
    answer = desk.texts.say(f"answered.{one.answer}", language)
    kind = desk.texts.say(f"agreed.{one.kind}", language)
    return f"• {kind}: {answer}, {when} {clock}, {one.version} {one.language}, SHA-256 {one.text_hash[:16]}…"
