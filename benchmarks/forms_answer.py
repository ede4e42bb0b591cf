"""What an answer costs on a form of 500 questions and 500 expressions, against working out everything anew."""

import statistics
from collections.abc import Callable
from time import perf_counter

from forms.form import Form
from forms.walk import Walk, begin
from forms.xform import read_xform

QUESTIONS = 500


def xform(questions: int = QUESTIONS) -> str:
    """A long form: conditions on earlier answers, sums of neighbours, and totals over tens."""
    names = [f"q{i}" for i in range(questions)]
    leaves = "".join(f"<{name}/>" for name in names) + "".join(f"<c{i}/>" for i in range(questions // 2))
    binds = "".join(_bind(i) for i in range(questions)) + "".join(_calculation(i) for i in range(questions // 2))
    inputs = "".join(f'<input ref="/data/{name}"><label>Vraag {name}</label></input>' for name in names)
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>'
        f'<h:title>Lang</h:title><model><instance><data id="long">{leaves}</data></instance>{binds}</model></h:head>'
        f"<h:body>{inputs}</h:body></h:html>"
    )


def _bind(i: int) -> str:
    relevant = f" relevant=\"/data/q{i - 1} != '999' and not(/data/q{i // 2} = '1000')\"" if i % 2 else ""
    return f'<bind nodeset="/data/q{i}" type="int"{relevant}/>'


def _calculation(i: int) -> str:
    read = " + ".join(f"coalesce(/data/q{2 * i + k}, 0)" for k in (0, 1))
    before = f" + if(/data/c{i - 1} &gt; 100, 1, 0)" if i % 10 else ""
    return f'<bind nodeset="/data/c{i}" type="string" calculate="{read}{before}"/>'


def _milliseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def answered(form: Form) -> tuple[Walk, list[float], list[float]]:
    """The form filled in, with the cost of each answer and of the same answer when all is worked out anew."""
    walk = begin(form, {})
    costs: list[float] = []
    anew: list[float] = []
    while (question := walk.following()) is not None:
        before, path = walk, question.path
        start = perf_counter()
        walk = before.answer(path, str(len(costs) % 90))
        walk.following(path)
        costs.append((perf_counter() - start) * 1000)
        if len(costs) % 10 == 0:
            start = perf_counter()
            Walk(form, {**before.values, path: "1"}).following(path)
            anew.append((perf_counter() - start) * 1000)
    return walk, costs, anew


def main() -> None:
    text = xform()
    load = min(_milliseconds(lambda: read_xform(text)) for _ in range(3))
    form = read_xform(text)
    walk, costs, anew = answered(form)
    rebuild = statistics.median(_milliseconds(lambda: Walk(form, walk.values, walk.skipped)) for _ in range(20))
    costs.sort()
    median, p99 = statistics.median(costs), costs[int(len(costs) * 0.99)]
    whole = statistics.median(anew)
    print(f"{len(form.questions)} questions, {QUESTIONS} expressions, {len(costs)} answers")
    print(f"answer and next question: median {median:.2f} ms, p99 {p99:.2f} ms")
    print(f"working out everything: median {whole:.2f} ms, {whole / median:.1f} times as long")
    print(f"load {load:.0f} ms, rebuild {rebuild:.1f} ms")


if __name__ == "__main__":
    main()
