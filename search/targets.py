"""Which indexes are kept, which engine holds each, and which version of the code writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.port import Engine

DATABASE: Final = "database"
ELASTICSEARCH: Final = "elasticsearch"
# Whose rows wait for the generation being built.
PENDING: Final = "+"
# What an older code wrote is written again in the background: another mark when documents or their
# analysis say something else. A test (tests/search/test_said.py) works it out, and asks for it. An
# engine adds its ``mapping``.
SAID: Final = "68a9bde9"


def _database() -> Engine:
    from search.backends import database_engine

    return database_engine()


def _elasticsearch() -> Engine:
    from search.backends import elasticsearch_engine

    return elasticsearch_engine()


ENGINES: dict[str, Callable[[], Engine]] = {DATABASE: _database, ELASTICSEARCH: _elasticsearch}
# Written by the transaction that says so: what was written and what is said never differ.
WITHIN: Final = frozenset({DATABASE})


def kept() -> tuple[str, ...]:
    """The indexes that are written; the site's own is always one."""
    has_server = bool(getattr(settings, "ELASTICSEARCH_URL", ""))
    return (DATABASE, ELASTICSEARCH) if has_server else (DATABASE,)


def engine_of(target: str) -> Engine:
    """The engine that holds ``target``."""
    return ENGINES[target]()


def schema_of(target: str) -> str:
    """What a generation says of the code that writes it now."""
    return f"{SAID}.{engine_of(target).mapping}"
