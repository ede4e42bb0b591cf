"""Compares what people said with what was kept."""

import hashlib
import io
from collections import Counter
from dataclasses import dataclass

from openpyxl import load_workbook

from forms.question import Kind
from storage.database import snapshot
from storage.letters import said_twice
from storage.tx import Tx
from tests.reliability.scene import FIRST_PERSON, WEEKS_OWED, Scene


@dataclass(frozen=True)
class Verdict:
    """How it went; the second group should be 0."""

    said: int
    shown: int
    files: int
    """Workbooks that were ordered and photos that were sent."""

    lost: int
    doubled: int
    out_of_order: int
    stuck: int
    files_wrong: int
    """Ordered and not brought, sent and not kept, torn, or not what its hash says."""
    weeks_wrong: int
    """Weekly work that was not done once."""

    shown_twice: int
    files_twice: int
    said_twice: int
    """How often the bot itself counts that something may have been said twice, questions and anything else."""
    crossed: int
    """Typed words that the bot asked for again because it could not know which question they answer."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, mixed up or left waiting."""
        wrong = (self.lost, self.doubled, self.out_of_order, self.stuck, self.files_wrong, self.weeks_wrong)
        return not any(wrong)


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
    with snapshot(scene.program.place.database) as rows:
        photos = sum(person.said.count("photo") for person in scene.crowd)
        orders = sum(one.ordered for one in scene.coordinators)
        return Verdict(
            said=sum(len(person.said) for person in scene.crowd),
            shown=sum(shown),
            files=orders + photos,
            lost=lost,
            doubled=doubled,
            out_of_order=out_of_order,
            stuck=sum(not one.is_done for one in scene.everyone),
            files_wrong=_photos_wrong(scene, rows, photos) + _workbooks_wrong(scene, rows),
            weeks_wrong=_weeks_wrong(scene, rows) if scene.coordinators else 0,
            shown_twice=sum(shown) - len(shown),
            files_twice=max(0, sum(len(one.files) for one in scene.coordinators) - orders - _delivered(rows)),
            said_twice=said_twice(rows),
            crossed=sum(person.asked_again for person in scene.crowd),
        )


def _photos_wrong(scene: Scene, rows: Tx, sent: int) -> int:
    kept = rows.all("SELECT file, sha256 FROM media WHERE state = 'kept'")
    torn = [row for row in kept if _hash_of(scene, row["file"]) != row["sha256"]]
    return len(torn) + abs(sent - len(kept))


def _hash_of(scene: Scene, file: str) -> str:
    path = scene.program.media / file
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _workbooks_wrong(scene: Scene, rows: Tx) -> int:
    came = [content for one in scene.coordinators for content in one.files]
    ordered = sum(one.ordered for one in scene.coordinators)
    jobs = rows.one("SELECT count(*) AS n FROM job WHERE kind = 'export' AND state = 'done'")
    assert jobs is not None
    return (
        sum(not _can_be_read(content) for content in came) + abs(ordered - int(jobs["n"])) + max(0, ordered - len(came))
    )


def _can_be_read(content: bytes) -> bool:
    return bool(load_workbook(io.BytesIO(content), read_only=True).sheetnames)


def _delivered(rows: Tx) -> int:
    """How many weekly workbooks the coordinator was sent unasked."""
    row = rows.one("SELECT count(*) AS n FROM ledger WHERE work = 'delivery' AND made LIKE '%.xlsx%'")
    return 0 if row is None else int(row["n"])


_WEEKLY = "'workbook', 'delivery', 'digest'"


def _weeks_wrong(scene: Scene, rows: Tx) -> int:
    """Each city's workbook and delivery and each line's summary, for each week owed."""
    study = scene.program.study
    owed = (2 * len(study.cities) + len(study.lines)) * WEEKS_OWED
    done = rows.one(f"SELECT count(*) AS n FROM ledger WHERE work IN ({_WEEKLY}) AND finished_on IS NOT NULL")
    jobs = rows.one(f"SELECT count(*) AS n FROM job WHERE kind IN ({_WEEKLY})")
    assert done is not None and jobs is not None
    return abs(owed - int(done["n"])) + abs(owed - int(jobs["n"]))


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
                found[number].append("photo" if question.kind is Kind.IMAGE else row["value"])
    return found
