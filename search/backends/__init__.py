"""Adapters of the search port, and which one the site's own database has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from search.backends.sql.reading import SqlReading
    from search.port import Engine


@lru_cache(maxsize=1)
def database_engine() -> SqlReading:
    """The engine inside the site's own database."""
    from search.backends.postgresql import PostgresqlEngine
    from search.backends.sqlite import SqliteEngine

    return PostgresqlEngine() if connection.vendor == "postgresql" else SqliteEngine()


@lru_cache(maxsize=1)
def elasticsearch_engine() -> Engine:
    """The engine on the server of ``ELASTICSEARCH_URL``."""
    from search.backends.elasticsearch import ElasticsearchEngine

    engine: Engine = ElasticsearchEngine()
    return engine
