"""Walks by the reference engine agree with ours, but for those named here with their reason."""

import pytest

from forms.problems import Problems
from tests.forms.reference_walks import CANNOT_AGREE, FOLDER, Reference, differences, recorded

WALKS = recorded()

pytestmark = pytest.mark.skipif(not WALKS, reason=f"no reference walks in {FOLDER}")


@pytest.mark.parametrize(
    "reference", [walk for walk in WALKS if walk.form not in CANNOT_AGREE], ids=lambda walk: f"{walk.form}-{walk.walk}"
)
def test_a_walk_agrees_with_that_of_the_reference_engine(reference: Reference) -> None:
    assert differences(reference) == []


@pytest.mark.parametrize("name", CANNOT_AGREE)
def test_a_form_whose_walks_cannot_agree_is_refused_with_its_reason(name: str) -> None:
    reference = next(walk for walk in WALKS if walk.form == name)
    with pytest.raises(Problems) as refused:
        differences(reference)
    assert CANNOT_AGREE[name].partition(":")[0] in str(refused.value)


def test_hardly_any_walk_cannot_agree() -> None:
    named = [walk for walk in WALKS if walk.form in CANNOT_AGREE]
    assert {walk.form for walk in named} == set(CANNOT_AGREE)
    assert len(named) <= 0.1 * len(WALKS)
