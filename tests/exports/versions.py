"""Two versions of a questionnaire that have most of their questions in common."""

from forms.xlsform import Compiled, compile_workbook
from tests.forms.xlsform_sheets import written

FIRST = {
    "/data/score": ("1", "2", "3", "4", "5", "dont_know", ""),
    "/data/who": ("residents", "police", "residents police", ""),
    "/data/hours": ("1.5", "0.25", "12", ""),
    "/data/count": ("0", "7", "120", ""),
}
"""What is answered to each question of the first version; '' is a skip."""
SECOND = {**FIRST, "/data/after": ("Niets.", "")}


def versions() -> list[Compiled]:
    """The first version and the second, which asks one question more."""
    survey = [
        ["type", "name", "label::Nederlands (nl)", "label::English (en)"],
        ["text", "story", "Vertel.", "Tell."],
        ["select_one scale", "score", "Hoeveel?", "How much?"],
        ["select_multiple who", "who", "Wie?", "Who?"],
        ["decimal", "hours", "Hoe lang?", "How long?"],
        ["integer", "count", "Hoeveel mensen?", "How many people?"],
    ]
    choices = [
        ["list_name", "name", "label::Nederlands (nl)", "label::English (en)"],
        *(["scale", str(code), str(code), str(code)] for code in range(1, 6)),
        ["scale", "dont_know", "weet ik niet", "don't know"],
        *(["who", name, name, name] for name in ("residents", "police", "nobody")),
    ]
    more = [["text", "after", "Verder?", "Anything else?"]]
    return [
        compile_workbook(
            written(
                {
                    "survey": [*survey, *(more if number == 2 else [])],
                    "choices": choices,
                    "settings": [
                        ["form_id", "version", "default_language"],
                        ["reflectie", str(number), "Nederlands (nl)"],
                    ],
                }
            )
        )
        for number in (1, 2)
    ]
