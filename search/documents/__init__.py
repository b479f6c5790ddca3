"""What is findable: one builder a kind, public fields named one by one.

A room each for the thread, the directory and the city's pages. What a document reads of other
records is told by :func:`affected`.
"""

from search.documents.building import Kind, RecordKind
from search.documents.dependants import affected, followed
from search.documents.kinds import (
    BY_MODEL,
    BY_NAME,
    KINDS,
    documents_of,
    records_at,
)
from search.documents.pages import find_pages

__all__ = [
    "BY_MODEL",
    "BY_NAME",
    "KINDS",
    "Kind",
    "RecordKind",
    "affected",
    "documents_of",
    "find_pages",
    "followed",
    "records_at",
]
