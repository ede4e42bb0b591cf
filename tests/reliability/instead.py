"""Puts something else in a module's place for a while."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def instead(owner: object, name: str, other: object) -> Iterator[None]:
    """`owner.name` is `other` for as long as the block lasts."""
    usual = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, usual)
