"""The engine of a server: one index a language and a generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from elasticsearch import BadRequestError, NotFoundError, helpers
from elasticsearch.dsl import Search

from core.languages import LANGUAGES
from search import ranking, stored
from search.backends.elasticsearch import asking, client, records
from search.port import EngineAway, Found, Key, Scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from elasticsearch import Elasticsearch

    from search.port import Asked, Document

# The server answers no page that ends beyond it.
DEEPEST: Final = 10_000
# So few are findable as soon as they are written; more wait for the second that all wait for.
FEW: Final = 50
AT_ONCE: Final = 500
MOST_BYTES: Final = 8_000_000
# How long a deletion is remembered against an older writing that comes late.
REMEMBERED: Final = "1d"


class ElasticsearchEngine:
    """Implements :class:`search.port.Engine`; every position is the version of what it writes.

    Reads are cut after :data:`client.READ_SECONDS`. Writes go through an alias that each index
    has for them, so that an index which was dropped is missed and not made again by guessing.
    """

    name = "elasticsearch"
    mapping = records.version()

    def __init__(
        self, url: str = "", *, prefix: str = "", seconds: float = client.READ_SECONDS
    ) -> None:
        """The server of ``ELASTICSEARCH_URL`` and the indexes of ``ELASTICSEARCH_PREFIX``."""
        self.url = url or settings.ELASTICSEARCH_URL  # type: ignore[misc]
        self.prefix = prefix or settings.ELASTICSEARCH_PREFIX
        self.seconds = seconds

    # ---- generations ---------------------------------------------------------------------------
    def create(self, generation: int) -> None:
        """Make an empty index in each language; nothing where there is one."""
        for language in LANGUAGES:
            index = self._index(generation, language)
            with client.speaking():
                try:
                    self._slow.indices.create(
                        index=index,
                        aliases={_door(index): {}},
                        settings=_settings(),
                        mappings=records.mapping(),
                    )
                except BadRequestError as error:
                    if error.error != "resource_already_exists_exception":
                        raise

    def settle(self, generation: int) -> None:
        """Have each index gathered in one segment, while it serves: a question is asked of each."""
        with client.speaking():
            self._slow.indices.forcemerge(
                index=self._indexes(generation), max_num_segments=1, wait_for_completion=False
            )

    def drop(self, generation: int) -> None:
        """Remove an index, if there is one."""
        for language in LANGUAGES:
            with client.speaking():
                self._slow.options(ignore_status=404).indices.delete(
                    index=self._index(generation, language)
                )

    def exists(self, generation: int) -> bool:
        """Whether every language has its index."""
        with client.speaking():
            return bool(self._slow.indices.exists(index=self._indexes(generation)))

    def point(self, generation: int) -> None:
        """Give ``generation`` the names without a number, for who looks at the server by hand.

        All languages in one step. The site itself always asks a generation by its number.
        """
        actions: list[dict[str, Any]] = []
        for language in LANGUAGES:
            alias = f"{self.prefix}-{language}"
            actions += [
                {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
                {"add": {"index": self._index(generation, language), "alias": alias}},
            ]
        with client.speaking():
            self._slow.indices.update_aliases(actions=actions)

    # ---- writing -------------------------------------------------------------------------------
    def write(self, generation: int, documents: Sequence[Document], *, position: int) -> None:
        """Add or replace; what is held from a later position stays."""
        self._bulk(
            (
                {
                    "_op_type": "index",
                    "_index": _door(self._index(generation, document.language)),
                    "_id": records.identity(document.key),
                    "_version": position,
                    "_version_type": "external_gte",
                    "_source": records.source_of(document),
                }
                for document in documents
            ),
            few=len(documents) <= FEW,
        )

    def delete(self, generation: int, keys: Iterable[Key], *, position: int) -> None:
        """Forget records in every language; what was written from a later position stays."""
        wanted = list(keys)
        # The server would make an index to remember a deletion in, whatever the door says.
        if not self.exists(generation):
            msg = f"there is no generation {generation}"
            raise EngineAway(msg)
        self._bulk(
            (
                {
                    "_op_type": "delete",
                    "_index": _door(self._index(generation, language)),
                    "_id": records.identity(key),
                    "_version": position,
                    "_version_type": "external_gte",
                }
                for key in wanted
                for language in LANGUAGES
            ),
            few=len(wanted) <= FEW,
        )

    def _bulk(self, lines: Iterator[dict[str, Any]], *, few: bool) -> None:
        failures: list[dict[str, Any]] = []
        with client.speaking():
            answers = helpers.streaming_bulk(
                self._slow,
                lines,
                chunk_size=AT_ONCE,
                max_chunk_bytes=MOST_BYTES,
                raise_on_error=False,
                require_alias=True,
                refresh=few,
            )
            for is_done, line in answers:
                ((operation, said),) = line.items()
                # Held from a later position (409); was not there to delete, though its index is.
                if is_done or said["status"] == 409:
                    continue
                if operation == "delete" and said.get("result") == "not_found":
                    continue
                failures.append(said)
        client.refuse(failures)

    # ---- asking --------------------------------------------------------------------------------
    def search(self, generation: int, asked: Asked) -> Found:
        """A page of answers, the number in all and the counts by facet."""
        search = self._page(generation, asked)
        asking.count_facets(search, asked)
        with client.speaking():
            answer = search.execute().to_dict()
        facets = {
            facet: {line["key"]: line["doc_count"] for line in counted["values"]["buckets"]}
            for facet, counted in answer["aggregations"].items()
        }
        return Found(answer["hits"]["total"]["value"], _scored_of(answer, asked), facets)

    def best(self, generation: int, asked: Asked) -> list[Scored]:
        """A page of answers alone: nothing is counted."""
        search = self._page(generation, asked).extra(track_total_hits=False)
        with client.speaking():
            return _scored_of(search.execute().to_dict(), asked)

    def _page(self, generation: int, asked: Asked) -> Search:
        last = min(asked.offset + asked.limit, DEEPEST)
        search = asking.request(self._search(generation, asked.language), asked)
        return search[min(asked.offset, last) : last]

    def keys(self, generation: int, asked: Asked) -> list[int]:
        """Primary keys of up to ``asked.limit`` answers, best first."""
        search = asking.request(self._search(generation, asked.language), asked)
        search = search.source(False).extra(docvalue_fields=["pk"])
        found: list[int] = []
        while len(found) < asked.limit:
            wanted = min(asked.limit - len(found), DEEPEST)
            with client.speaking():
                lines = search[:wanted].execute().to_dict()["hits"]["hits"]
            found += [line["fields"]["pk"][0] for line in lines]
            if len(lines) < wanted:
                break
            search = search.extra(search_after=lines[-1]["sort"])
        return found

    def begins(
        self, generation: int, language: str, words: Sequence[str], limit: int
    ) -> list[Document]:
        """Documents whose title or names hold all plain ``words``, the last one as a beginning."""
        if not words:
            return []
        search = asking.beginning(self._search(generation, language), words)[:limit]
        with client.speaking():
            lines = search.execute().to_dict()["hits"]["hits"]
        return [stored.load(line["_source"]["said"]) for line in lines]

    def document(self, generation: int, key: Key, language: str) -> Document | None:
        """A document as it was written, though no search finds it yet."""
        with client.speaking():
            try:
                held = self._fast.get(
                    index=self._index(generation, language), id=records.identity(key)
                )
            except NotFoundError as error:
                if "found" in error.body:
                    return None
                raise
        return stored.load(held["_source"]["said"])

    # ---- what is held --------------------------------------------------------------------------
    def fingerprints(self, generation: int) -> Iterator[tuple[str, int, str, str]]:
        """Kind, key, language and fingerprint of everything held."""
        self._refresh(generation)
        asked = {"_source": False, "docvalue_fields": ["kind", "pk", "fingerprint"]}
        for language in LANGUAGES:
            with client.speaking():
                index = self._index(generation, language)
                for line in helpers.scan(self._slow, query=asked, index=index, size=5_000):
                    held = line["fields"]
                    yield held["kind"][0], held["pk"][0], language, held["fingerprint"][0]

    def turning(self, generation: int, now: datetime) -> list[Key]:
        """Records whose status the clock has changed since they were written."""
        search = Search(using=self._slow, index=self._indexes(generation))
        search = search.filter("range", turns_at={"lte": now.isoformat()}).sort("turns_at")
        search = search.source(False).extra(docvalue_fields=["kind", "pk"])[:DEEPEST]
        with client.speaking():
            lines = [line["fields"] for line in search.execute().to_dict()["hits"]["hits"]]
        return list(dict.fromkeys(Key(line["kind"][0], line["pk"][0]) for line in lines))

    def size(self, generation: int) -> int:
        """How many documents are held, in all languages."""
        self._refresh(generation)
        with client.speaking():
            return int(self._slow.count(index=self._indexes(generation))["count"])

    def health(self) -> dict[str, Any]:
        """Version and colour of the server, and whether our indexes refuse to be written to."""
        ours = f"{self.prefix}-*"
        with client.speaking():
            version = self._fast.info()["version"]["number"]
            state = self._fast.cluster.health()["status"]
            found = self._fast.indices.get_settings(index=ours, name="index.blocks.*")
        blocks = [held["settings"]["index"].get("blocks", {}) for held in found.values()]
        is_closed = any(value == "true" for block in blocks for value in block.values())
        return {"engine": self.name, "version": version, "state": state, "read_only": is_closed}

    # ---- within --------------------------------------------------------------------------------
    @property
    def _slow(self) -> Elasticsearch:
        return client.connection(self.url).options(request_timeout=client.WRITE_SECONDS)

    @property
    def _fast(self) -> Elasticsearch:
        return client.connection(self.url).options(request_timeout=self.seconds)

    def _index(self, generation: int, language: str) -> str:
        return f"{self.prefix}-{language}-{generation}"

    def _indexes(self, generation: int) -> list[str]:
        return [self._index(generation, language) for language in LANGUAGES]

    def _search(self, generation: int, language: str) -> Search:
        return Search(using=self._fast, index=self._index(generation, language))

    def _refresh(self, generation: int) -> None:
        with client.speaking():
            self._slow.indices.refresh(index=self._indexes(generation))


def _door(index: str) -> str:
    """The name by which an index is written to, and by which none is made."""
    return f"{index}-in"


def _settings() -> dict[str, Any]:
    return {
        "number_of_shards": 1,
        "number_of_replicas": settings.ELASTICSEARCH_REPLICAS,  # type: ignore[misc]
        "refresh_interval": "1s",
        "gc_deletes": REMEMBERED,
    }


def _scored_of(answer: dict[str, Any], asked: Asked) -> list[Scored]:
    return [_scored(line, asked) for line in answer["hits"]["hits"]]


def _scored(line: dict[str, Any], asked: Asked) -> Scored:
    document = stored.load(line["_source"]["said"])
    score = line["_score"]
    factor = 1 + ranking.standing_points(document) + ranking.timed_points(document, asked.now)
    factor += ranking.title_points(document, asked.title)
    return Scored(document, score, score / factor if asked.has_words else 0.0)
