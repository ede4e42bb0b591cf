"""What somebody did stands in their own copy in words: every act that there is, and every sort of work."""

import ast
import re
from importlib import import_module
from pathlib import Path

from exports.ownwork import DONE, LINES, MADE
from handlers.undoable import WAYS
from storage.owncopy import WORK

PROJECT = Path(__file__).parents[2]
BY_THE_BOT = {
    *("invitation_used", "invitation_refused", "retention", "erased", "wiped", "erased_again", "disputed"),
    "workbook_made",
}


def noted() -> set[str]:
    """What the program writes into its audit, as far as it stands there in full."""
    found = set()
    for path in (*(PROJECT / "handlers").rglob("*.py"), *(PROJECT / "bot").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.note", "note_made"):
                verb = next(arg for place, arg in enumerate(node.args) if place > 1 and not _is_person(arg))
                found |= {one.value for one in ast.walk(verb) if isinstance(one, ast.Constant)}
    return {str(word) for word in found if re.fullmatch(r"[a-z_]*[a-z]", str(word))}


def _is_person(arg: ast.expr) -> bool:
    return ast.unparse(arg) in ("desk", "None", "person_id", "person.id", "made_by", "planned_by", "caller.person.id")


def jobs_for_somebody() -> set[str]:
    """The kinds of jobs that name who waits for them, where that stands in the call."""
    found = set()
    for path in (PROJECT / "handlers").rglob("*.py"):
        names = vars(import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts)))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "jobs.add" and _names_person(node.args[2]):
                kind = node.args[1]
                found.add(kind.value if isinstance(kind, ast.Constant) else names[ast.unparse(kind)])
    return {str(kind) for kind in found}


def _names_person(detail: ast.expr) -> bool:
    return isinstance(detail, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "person" for key in detail.keys
    )


def explained() -> set[str]:
    """What the steward's page says about the audit."""
    text = (PROJECT / "docs" / "databeheerder.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[a-z_`, ]+`) \|", text, re.MULTILINE)
    return set(re.findall(r"`([a-z_]+)`", " ".join(cells)))


def test_every_act_and_every_job_is_told_in_words_to_whose_it_is() -> None:
    assert len(noted()) > 35
    assert noted() - explained() == set()
    assert explained() - set(DONE) == BY_THE_BOT
    assert set(DONE) - explained() == {"workshop_settled"}
    assert set(WAYS) <= set(DONE)
    assert set(LINES) == set(WORK)
    assert set(MADE) - jobs_for_somebody() == {"letter"} and jobs_for_somebody() <= set(MADE)
