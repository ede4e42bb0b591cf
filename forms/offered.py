"""The choices that the items of a list stand for."""

from collections.abc import Mapping

from forms.itext import Text, in_dutch_too
from forms.nodes import Itemset
from forms.question import Choice
from forms.xpath.run import Branch


def choice_of(branch: Branch, itemset: Itemset, texts: Mapping[str, Text], language: str) -> Choice:
    """The choice that an item of a list stands for; words without a translation are in `language`."""
    is_by_id = itemset.label == "itextId"
    words = texts.get(branch.column("itextId")) if is_by_id else None
    label = "" if is_by_id else branch.column(itemset.label)
    labels = words.labels if words else {language: label} if label else {}
    exclusive = branch.column("exclusive").lower() in ("yes", "true", "1", "true()", "ja")
    code = branch.column(itemset.value)
    shown = in_dutch_too(labels) if code == "other" else labels
    return Choice(code, shown, exclusive, words.media if words else {}, branch.column("line"))
