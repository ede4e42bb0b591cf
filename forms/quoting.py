"""Which answers of a form may be offered to be quoted, and for which research line."""

from forms.form import Form
from forms.question import OWN_LINE, Kind
from forms.walk import Walk

GENERAL = "G"
"""What belongs to no research line in particular."""


def quotable(form: Form) -> tuple[str, ...]:
    """The paths of the open questions that the form marks; what stands in a repeat is never quoted."""
    marked = (question for question in form.questions if question.quotable and question.kind is Kind.TEXT)
    return tuple(question.path for question in marked if (node := form.node(question.path)) and not node.repeat)


def line_of(walk: Walk, path: str) -> str:
    """The research line that a quote of this answer is for.

    It is the question's own, or that of the choice made at the question which `quotable` names.
    """
    question = walk.form.question(path)
    if question.quotable == OWN_LINE:
        return question.line or GENERAL
    router = next((one for one in walk.form.questions if one.name == question.quotable), None)
    choice = None if router is None else router.choice(walk.value(router.path))
    return (choice.line if choice else "") or question.line or GENERAL
