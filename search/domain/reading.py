"""Records as they are now, as documents: what every writing of an index begins with."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from core.languages import LANGUAGES
from search.documents import BY_NAME, KINDS, documents_of, records_at
from search.port import Document, EngineAway, Key

if TYPE_CHECKING:
    from search.port import Engine

logger = logging.getLogger(__name__)
# What says nothing of the documents: the engine, or the database, did not answer.
NO_REFUSAL: Final = (EngineAway, OperationalError, InterfaceError)
# Records read at once.
SLICE: Final = 500


@dataclass(slots=True)
class Records:
    """Some records: what is to be found of each, which are not public, which could not be read."""

    documents: dict[Key, list[Document]] = field(default_factory=dict)
    gone: list[Key] = field(default_factory=list)
    failed: list[Key] = field(default_factory=list)

    def of(self, keys: Iterable[Key]) -> Records:
        """What is known of ``keys`` alone."""
        wanted = set(keys)
        return Records(
            {key: found for key, found in self.documents.items() if key in wanted},
            [key for key in self.gone if key in wanted],
            [key for key in self.failed if key in wanted],
        )


def read(keys: Iterable[Key]) -> Records:
    """The records of ``keys`` as they are now; one that cannot be read hinders no other."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.pk)
    records = Records()
    for name, pks in by_kind.items():
        _read_kind(name, pks, records)
    return records


def _read_kind(name: str, pks: list[int], records: Records) -> None:
    kind, now = BY_NAME.get(name), timezone.now()
    try:
        rows = [] if kind is None else records_at(kind, pks, now)
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        # A value that one row holds: each alone, so that it hinders no other.
        logger.exception("%s of kind %s could not be read", pks if len(pks) == 1 else "Some", name)
        if len(pks) == 1:
            records.failed.append(Key(name, pks[0]))
        else:
            for pk in pks:
                _read_kind(name, [pk], records)
        return
    there = set()
    for row in rows:
        key = Key(name, row.pk)
        there.add(row.pk)
        try:
            records.documents[key] = documents_of(kind, row, now)  # type: ignore[arg-type]
        except Exception:
            logger.exception("No document could be made of %s %s", *key)
            records.failed.append(key)
    records.gone += [Key(name, pk) for pk in dict.fromkeys(pks) if pk not in there]


def put(engine: Engine, generation: int, records: Records, *, position: int) -> int:
    """Write ``records`` in a generation, and forget those that are not public; how many documents.

    One that is found in fewer languages than it may have been is forgotten first, one position
    before.
    """
    fewer = [key for key, found in records.documents.items() if len(found) < len(LANGUAGES)]
    if forgotten := [*records.gone, *fewer]:
        engine.delete(generation, forgotten, position=position - 1)
    written = [document for found in records.documents.values() for document in found]
    if written:
        engine.write(generation, written, position=position)
    return len(written)


def put_what_can(
    engine: Engine, generation: int, records: Records, *, position: int
) -> tuple[int, list[Key]]:
    """The same, and when something is refused, each record alone: documents, records refused.

    For a generation that does not serve yet: nobody sees a record between its being forgotten and
    written again.
    """
    try:
        return put(engine, generation, records, position=position), []
    except NO_REFUSAL:
        raise
    except Exception:
        logger.exception("A batch was refused by the search engine %s", engine.name)
        forget_undone(engine)
    written, refused = 0, []
    for key in [*records.documents, *records.gone]:
        try:
            written += put(engine, generation, records.of([key]), position=position)
        except NO_REFUSAL:
            raise
        except Exception:
            logger.exception("%s %s was refused by the search engine %s", *key, engine.name)
            forget_undone(engine)
            refused.append(key)
    return written, refused


def forget_undone(engine: Engine) -> None:
    """An engine inside the database may remember what it read before a transaction was undone."""
    forget = getattr(engine, "forget", None)
    if forget is not None:
        forget()


def slices(size: int = SLICE) -> Iterator[list[Key]]:
    """The keys of every public record, ``size`` at a time, one kind after the other."""
    for kind in KINDS:
        pks = iter(list(kind.rows().order_by("pk").values_list("pk", flat=True)))
        while some := list(islice(pks, size)):
            yield [Key(kind.name, pk) for pk in some]
