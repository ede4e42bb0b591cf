"""Compares what people said with what was kept."""

from collections import Counter
from dataclasses import dataclass

from storage.database import snapshot
from tests.reliability.scene import FIRST_PERSON, Scene


@dataclass(frozen=True)
class Verdict:
    """How it went; everything but `said`, `shown` and `crossed` should be 0."""

    said: int
    lost: int
    doubled: int
    out_of_order: int
    stuck: int
    shown: int
    shown_twice: int
    crossed: int
    """Typed words that the bot asked for again because it could not know which question they answer."""


def judge(scene: Scene) -> Verdict:
    """Everyone's words against the rows."""
    kept = _kept(scene)
    lost = doubled = out_of_order = 0
    for number, person in enumerate(scene.crowd):
        said, held = Counter(person.said), Counter(kept[number])
        lost += (said - held).total()
        doubled += (held - said).total()
        out_of_order += said == held and person.said != kept[number]
    shown = [times for person in scene.crowd for times in person.shown.values()]
    return Verdict(
        said=sum(len(person.said) for person in scene.crowd),
        lost=lost,
        doubled=doubled,
        out_of_order=out_of_order,
        stuck=sum(not person.is_done for person in scene.crowd),
        shown=sum(shown),
        shown_twice=sum(shown) - len(shown),
        crossed=sum(person.asked_again for person in scene.crowd),
    )


def _kept(scene: Scene) -> list[list[str]]:
    """Everyone's answers in the order in which they were kept, in the words of the crowd."""
    found: list[list[str]] = [[] for _ in scene.crowd]
    with snapshot(scene.program.place.database) as rows:
        for row in rows.all(
            "SELECT a.path, a.outcome, a.value, d.urn, s.form_hash FROM answer a JOIN session s ON s.id = a.session_id"
            " JOIN address d ON d.person_id = s.person_id ORDER BY a.id"
        ):
            number = int(row["urn"].partition(":")[2]) - FIRST_PERSON
            question = scene.forms[row["form_hash"]].question(row["path"])
            codes = [choice.name for choice in question.choices]
            if row["outcome"] == "skipped":
                found[number].append("skipped")
            elif row["value"] in codes:
                found[number].append(f"choose {codes.index(row['value'])}")
            elif question.range is not None:
                found[number].append(f"choose {row['value']}")
            else:
                found[number].append(row["value"])
    return found
