"""Counts how deep working out an expression goes."""

from forms.xpath.syntax import Call, Chain, Negative, Node, Path, Steps, Union


def frames(root: Node) -> int:
    """How many stack frames working out the tree takes at most."""
    deepest = 0
    waiting: list[tuple[Node, int]] = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        match node:
            case Negative(operand):
                waiting.append((operand, depth + 1))
            case Chain(first, rest):
                waiting.extend((part, depth + 2) for part in (first, *(operand for _, operand in rest)))
            case Call(_, arguments):
                waiting.extend((part, depth + 5) for part in arguments)
            case Path(filters=filters):
                waiting.extend((part, depth + 6) for found in filters for part in found.conditions)
            case Union(parts):
                waiting.extend((part, depth + 5) for part in parts)
            case Steps(steps=steps, start=start, conditions=conditions):
                waiting.extend((part, depth + 8) for part in conditions)
                waiting.extend((part, depth + 8) for step in steps for part in step.conditions)
                waiting.extend([(start, depth + 5)] if start else [])
            case _:
                pass
    return deepest
