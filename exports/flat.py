"""All questions side by side, those of a repeat once for each instance, for formats of one row a reflection."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from exports.codebook import Variable, heading
from exports.dataset import Answer, Missing, Reflection
from exports.request import Material


@dataclass(frozen=True, slots=True)
class Flat:
    """A question in one of its places."""

    name: str
    """The variable's header, in a repeat with the number of the instance: `age_2`."""
    variable: Variable
    repeat: str = ""
    instance: int = 0

    def within(self, reflection: Reflection) -> Reflection | None:
        """The reflection, or the instance of it, that holds the answer; None where there is no such instance."""
        if not self.repeat:
            return reflection
        return next(islice(reflection.within(self.repeat), self.instance - 1, self.instance), None)

    def answer(self, reflection: Reflection) -> Answer:
        """The answer; not applicable where there is no such instance."""
        found = self.within(reflection)
        return Missing.NOT_APPLICABLE if found is None else self.variable.answer(found)

    def heading(self, language: str) -> str:
        """The question's words, with the number of the instance."""
        words = heading(self.variable.question.labels, language)
        return f"{words} ({self.instance})" if self.instance else words


def flat(material: Material) -> Sequence[Flat]:
    """Every variable; as many instances of a repeat as any reflection has."""
    found = [Flat(variable.header, variable) for variable in material.variables]
    most = dict.fromkeys(material.repeats, 0)
    for reflection in material.reflections:
        for repeat in most:
            most[repeat] = max(most[repeat], len(reflection.instances.get(repeat, ())))
    for repeat, variables in material.repeats.items():
        for instance in range(1, most[repeat] + 1):
            found += [Flat(f"{each.header}_{instance}", each, repeat, instance) for each in variables]
    return found
