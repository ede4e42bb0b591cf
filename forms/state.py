"""What every place in a form is worth, given the answers."""

from collections.abc import Mapping

from forms.form import Form, Node
from forms.xpath.evaluate import TooCostly, evaluate
from forms.xpath.syntax import Expression
from forms.xpath.values import blank_unless_finite, truth


class State:
    """Relevance and value of every node, worked out once; a scope for further expressions."""

    __slots__ = ("_form", "_relevant", "_values")

    def __init__(self, form: Form) -> None:
        self._form = form
        self._values: dict[str, str] = {}
        self._relevant: set[str] = set()

    def value(self, path: str) -> str:
        """What the node is worth; blank where it is not answered, not relevant or not there."""
        return self._values.get(path, "")

    def is_relevant(self, path: str) -> bool:
        """Whether the node and all its groups are relevant."""
        return path in self._relevant

    def holds(self, expression: Expression) -> bool:
        """Whether the expression is true; False where it costs too much to know."""
        try:
            return truth(evaluate(expression, self))
        except TooCostly:
            return False

    def text(self, expression: Expression) -> str:
        """The expression as text; blank where it is no number or costs too much to know."""
        try:
            return blank_unless_finite(evaluate(expression, self))
        except TooCostly:
            return ""

    def choice_name(self, path: str, code: str) -> str:
        """The words of a choice in the form's default language; the code where there are none."""
        question = self._form.question(path) if self._form.has(path) else None
        choice = question.choice(code) if question else None
        return choice.labels.get(self._form.default_language, code) if choice else code

    def settle(self, node: Node, values: Mapping[str, str]) -> None:
        """Work out one node; those it depends on come before it."""
        if not self._stands(node):
            return
        self._relevant.add(node.path)
        value = values.get(node.path, "") if node.calculation is None else self.text(node.calculation)
        if value:
            self._values[node.path] = value

    def _stands(self, node: Node) -> bool:
        if node.parent and node.parent not in self._relevant:
            return False
        return node.relevant is None or self.holds(node.relevant)


def evaluated(form: Form, values: Mapping[str, str]) -> State:
    """The state of a form with these answers (path to value)."""
    state = State(form)
    for node in form.nodes:
        state.settle(node, values)
    return state
