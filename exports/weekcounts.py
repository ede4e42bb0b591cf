"""Counts one week over the whole study, and leaves out what is too small to be told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from exports.compliance import Compliance, by_city, compliance
from exports.dataset import Missing, Reflection, Reflections, is_scale, scale_value
from exports.dispositions import DONE, Disposition, disposition
from exports.period import Period
from exports.smallcells import Concealed, K, classes_of, concealed, is_small
from exports.trends import points_of
from exports.weekfigures import HIDDEN, Chosen, Mean, Response, Scale, Share, WeekFigures
from forms.form import Form
from forms.question import Kind, Question
from storage import exporting
from storage.exporting import PromptRow, Scope
from storage.tx import Rows

_RUNNING = (Disposition.SENT, Disposition.SNOOZED, Disposition.OPENED)


@dataclass(slots=True)
class _Given:
    """Answers to one question: who gave each, by city and by what was chosen."""

    cities: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    def add(self, reflection: Reflection, chosen: Sequence[str], value: float | None) -> None:
        """Count one reflection's answer."""
        person = reflection.about.person_code
        self.people.append(person)
        for choice in chosen:
            self.choices.setdefault(choice, []).append(person)
        if value is not None:
            self.cities.setdefault(reflection.about.city, []).append((person, value))


def count_week(rows: Rows, forms: Mapping[str, Form], lines: Collection[str], period: Period) -> WeekFigures:
    """Work the figures of an ISO week out; `lines` are the research lines whose choice questions are counted.

    Raises UnknownForm.
    """
    scope = Scope(period.since, period.until)
    prompts = exporting.prompts(rows, scope)
    cities = {code: counts for code, counts in by_city(prompts).items() if counts.due}
    whole, hidden = compliance(prompts), _concealed_response(prompts, cities)
    workshops: dict[str, int] = {}
    for workshop in exporting.workshops(rows, scope):
        if workshop.state != "cancelled":
            workshops[workshop.city] = workshops.get(workshop.city, 0) + 1
    given = _given(Reflections(rows, scope, forms), questions := _questions(forms.values(), lines))
    median = None if hidden.hides_total or is_small(whole.timed) else whole.median_delay
    return WeekFigures(
        week=period.label,
        workshops=workshops,
        whole=HIDDEN if hidden.hides_total else Response(whole.due, whole.done),
        cities={
            code: HIDDEN if code in hidden or hidden.hides_total else Response(counts.due, counts.done)
            for code, counts in cities.items()
        },
        median=median,
        waits={} if hidden.hides_total else _waits(whole, exporting.files_missing(rows, scope)),
        scales={name: _scale(questions[name], one, hidden) for name, one in given.items() if is_scale(questions[name])},
        chosen={
            name: found
            for name, one in given.items()
            if not is_scale(questions[name]) and (found := _chosen(questions[name], one)) is not None
        },
    )


def _concealed_response(prompts: Iterable[PromptRow], cities: Mapping[str, Compliance]) -> Concealed[str]:
    """Three answers of one person are still one person, so people count, too."""
    people: dict[str, set[str]] = {}
    for prompt in prompts:
        if disposition(prompt) in DONE:
            people.setdefault(prompt.city, set()).add(prompt.person_code)
    return concealed({code: (counts.due, counts.done, len(people.get(code, ()))) for code, counts in cities.items()})


def _waits(whole: Compliance, files_missing: int) -> dict[str, int]:
    """What deserves a look, counts under three left out."""
    numbers = {
        "flag_open": sum(whole.counts.get(word, 0) for word in _RUNNING),
        "flag_partial": whole.counts.get(Disposition.PARTIAL, 0),
        "flag_late": whole.counts.get(Disposition.LATE, 0),
        "flag_missed": whole.counts.get(Disposition.MISSED, 0),
        "flag_unreachable": whole.counts.get(Disposition.UNDELIVERABLE, 0),
        "flag_files": files_missing,
    }
    return {key: count for key, count in numbers.items() if not is_small(count)}


def _questions(forms: Iterable[Form], lines: Collection[str]) -> dict[str, Question]:
    """Every scale, and the choice questions of research lines, by name; the newest version of each."""
    return {
        question.name: question
        for form in forms
        for question in form.questions
        if is_scale(question) or (question.choices and question.line in lines)
    }


def _given(reflections: Iterable[Reflection], questions: Mapping[str, Question]) -> dict[str, _Given]:
    found: dict[str, _Given] = {}
    for reflection in reflections:
        for name, question in questions.items():
            answer, asked = reflection.answers.get(name), reflection.form.named(name)
            # Another version may have asked it as an open question: what is typed is told by nobody but a quote.
            is_chosen = asked is not None and (len(asked.choices) > 0 or asked.range is not None)
            if is_chosen and answer is not None and not isinstance(answer, Missing) and answer:
                value = scale_value(reflection, name) if is_scale(question) else None
                if value is not None or not is_scale(question):
                    found.setdefault(name, _Given()).add(reflection, answer.split(), value)
    return found


def _scale(question: Question, given: _Given, hidden_cities: Concealed[str]) -> Scale:
    """A city whose response is not shown has no mean either: its count would be as good."""
    rows = {city: (len(answers), len({who for who, _ in answers})) for city, answers in given.cities.items()}
    hidden = concealed(rows, hidden=hidden_cities.keys)
    if hidden.hides_total:
        return Scale(None, {}, ())
    return Scale(
        whole=_mean([value for answers in given.cities.values() for _, value in answers]),
        cities={
            city: _mean([value for _, value in answers])
            for city, answers in sorted(given.cities.items())
            if city not in hidden
        },
        shares=_shares(question, given),
    )


def _mean(values: Sequence[float]) -> Mean:
    return Mean(len(values), round(sum(values) / len(values), 1))


def _shares(question: Question, given: _Given) -> tuple[Share, ...]:
    points = [f"{point:g}" for point in points_of(question)]
    answers = {f"{float(choice):g}": people for choice, people in given.choices.items()}
    if set(answers) - set(points):
        return ()
    return tuple(
        Share(points[places[0]], points[places[-1]], sum(len(answers.get(points[place], ())) for place in places))
        for places in classes_of([answers.get(point, ()) for point in points])
    )


def _chosen(question: Question, given: _Given) -> Chosen | None:
    """None where even all answers together are too few."""
    rows = {choice: (len(people), len(set(people))) for choice, people in given.choices.items()}
    if question.kind is Kind.SELECT_ONE:
        hidden = concealed(rows)
        shown = {} if hidden.hides_total else {choice: n for choice, (n, _) in rows.items() if choice not in hidden}
    else:
        # Who chose several is counted under each: no total gives the rest away, but who did not choose it is known.
        shown = {
            choice: n
            for choice, (n, people) in rows.items()
            if not is_small(people) and not 0 < len(set(given.people) - set(given.choices[choice])) < K
        }
    if is_small(len(set(given.people))):
        return None
    return Chosen(len(given.people), dict(sorted(shown.items(), key=lambda one: (-one[1], one[0]))))
