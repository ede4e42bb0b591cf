"""The pictures that a form shows with its words, and the other media that this program leaves out."""

from collections.abc import Iterator

from forms.form import Form
from forms.problems import Problem, Severity
from forms.question import Choice, Question
from forms.sentences import sentence

MOST_CHOICES = 6
"""Choices with a picture that are still shown one by one; of more none is."""
_LEFT_OUT = ("audio", "video")


def wanted(form: Form) -> tuple[str, ...]:
    """The names of all pictures that the form shows, each once, in the form's order."""
    names = (name for question in form.questions for name in names_of(question))
    return tuple(dict.fromkeys(names))


def names_of(question: Question) -> Iterator[str]:
    """The question's own picture, then those of its choices."""
    if own := picture_of(question):
        yield own
    for choice in pictured(question):
        yield picture_of(choice)


def pictured(question: Question) -> tuple[Choice, ...]:
    """The choices that are shown with a picture each."""
    found = tuple(choice for choice in question.choices if picture_of(choice))
    return found if len(found) <= MOST_CHOICES else ()


def unshown(form: Form) -> Iterator[Problem]:
    """The media that are read over, each by its name: sounds, films, and the pictures of long lists."""
    for question in form.questions:
        for media in (question.media, *(choice.media for choice in question.choices)):
            for sort in _LEFT_OUT:
                if name := media.get(sort):
                    yield _ignored(question, f"media::{sort}", sentence("media_ignored", found=name))
        count = sum(bool(picture_of(choice)) for choice in question.choices)
        if count > MOST_CHOICES:
            message = sentence("pictures_ignored", count=count, most=MOST_CHOICES)
            yield _ignored(question, "media::image", message)


def _ignored(question: Question, column: str, message: dict[str, str]) -> Problem:
    return Problem(None, None, column, question.name, message, None, Severity.IGNORED)


def picture_of(shown: Question | Choice) -> str:
    """The name of the picture beside these words; "" where there is none."""
    return shown.media.get("image") or shown.media.get("big-image", "")
