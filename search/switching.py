"""Who is asked (until the whole of it comes): the site's own index, its first generation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from search.backends import database_engine
from search.port import Engine

if TYPE_CHECKING:
    from search.backends.sql.reading import SqlReading

T = TypeVar("T")


class Answer(NamedTuple, Generic[T]):
    """What was answered, and whether the site's own index did in place of the server."""

    said: T
    is_spare: bool


def read(call: Callable[[Engine, int], T]) -> Answer[T]:
    """``call`` an engine with the generation that serves."""
    engine, generation = own()
    return Answer(call(engine, generation), is_spare=False)


def own() -> tuple[SqlReading, int]:
    """The site's own index, which is always kept: it knows the words of all."""
    engine = database_engine()
    engine.create(1)
    return engine, 1
