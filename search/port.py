"""The one port of search: what is asked, what is answered, and what an engine must do.

No caller knows an engine. Documents hold public text only; what is not public never enters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# What answers are counted and narrowed by, in the order shown.
FACETS: Final = ("kind", "theme", "borough", "status", "stage")
# Statuses that are a case of another one: who asks for what is open is shown all that is, as in
# the lists.
ALSO: Final[dict[str, tuple[str, ...]]] = {
    "closing": ("open",),
    "rolling": ("open",),
    "grace": ("review",),
}


class Sort(StrEnum):
    """In which order answers come."""

    RELEVANCE = "relevance"
    CLOSING = "closing"
    NEWEST = "newest"
    NAME = "name"
    DISTANCE = "distance"


class Standing(StrEnum):
    """How far a record is vouched for."""

    VERIFIED = "verified"
    PLAIN = "plain"
    STALE = "stale"


class Key(NamedTuple):
    """Which record, whatever the language."""

    kind: str
    pk: int


@dataclass(frozen=True, slots=True)
class Document:
    """One record in one language, as it is found: public fields, named one by one.

    Text by weight: ``title`` and ``names`` (its number, its owner), ``other`` (title and summary
    in the other language), ``summary``, ``body``, ``questions``. Themes and boroughs are slugs;
    their words are known to the query, so that an edit of a synonym needs no writing here.
    ``turns_at`` is the next instant at which the clock alone changes ``status`` or ``standing``, or
    takes the record from the lists. What was called off has no dates.
    """

    kind: str
    pk: int
    language: str
    slug: str
    title: str
    url: str
    summary: str = ""
    names: str = ""
    other: str = ""
    body: str = ""
    questions: str = ""
    themes: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    status: str = ""
    stages: tuple[str, ...] = ()
    published_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    turns_at: datetime | None = None
    # Pairs of latitude and longitude, in degrees.
    places: tuple[tuple[float, float], ...] = ()
    # How many follow it, as the power of two below: it turns seldom.
    popularity: int = 0
    standing: Standing = Standing.PLAIN

    @property
    def key(self) -> Key:
        """Which record it says."""
        return Key(self.kind, self.pk)

    def values(self, facet: str) -> tuple[str, ...]:
        """What it counts for under ``facet``, one of :data:`FACETS`."""
        found: dict[str, tuple[str, ...]] = {
            "kind": (self.kind,),
            "theme": self.themes,
            "borough": self.boroughs,
            "status": (self.status, *ALSO.get(self.status, ())) if self.status else (),
            "stage": self.stages,
        }
        return found[facet]

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when anything said does (BLAKE2b)."""
        said = list(map(str, _said(self)))
        said += [f"{lat:.5f},{lon:.5f}" for lat, lon in self.places]
        return blake2b("\x1f".join(said).encode(), digest_size=8).hexdigest()


# What a fingerprint is made of, places aside.
_said: Final = attrgetter(
    *(f.name for f in fields(Document) if f.name not in ("turns_at", "places"))
)


class Box(NamedTuple):
    """A rectangle of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Near(NamedTuple):
    """A point, in degrees, and how far around it, in kilometres."""

    lat: float
    lon: float
    km: float = 2.0


@dataclass(frozen=True, slots=True)
class Query:
    """What a person typed, and where to look. An empty facet means everywhere.

    ``text`` may hold “phrases”, ``-not`` and ``theme:`` ``borough:`` ``status:`` prefixes.
    ``exact`` asks for what was typed and nothing resembling it. ``since`` keeps what was
    published from that instant on. ``now`` is the instant that dates are compared with. Unless
    ``is_counted``, the answers of the page are all that is wanted: neither the number in all nor
    the facets are worked out. ``is_loose`` says whether any of the words will do; None leaves it to
    how many have them all.
    """

    text: str
    language: str
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    box: Box | None = None
    near: Near | None = None
    since: datetime | None = None
    sort: Sort = Sort.RELEVANCE
    exact: bool = False
    is_counted: bool = True
    is_loose: bool | None = None
    limit: int = 20
    offset: int = 0
    now: datetime | None = None

    def asked(self, facet: str) -> tuple[str, ...]:
        """The values asked for under ``facet``."""
        found: dict[str, tuple[str, ...]] = {
            "kind": self.kinds,
            "theme": self.themes,
            "borough": self.boroughs,
            "status": self.statuses,
            "stage": self.stages,
        }
        return found[facet]


@dataclass(frozen=True, slots=True)
class Term:
    """A word looked for: any of ``alternatives`` in the streams of stems will do.

    ``own`` are those of the word itself: they count twice what means the same does. ``rarity``
    weighs each alternative, in their order. ``beginning``, when given, is looked for at the
    start of plain words instead.
    """

    word: str
    alternatives: tuple[str, ...]
    own: frozenset[str] = frozenset()
    rarity: tuple[float, ...] = ()
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as engines take it.

    All ``terms`` are needed, or any one when ``is_loose``; all ``phrases`` of plain words; none of
    ``without`` and ``without_phrases``. ``chosen`` holds the values of each facet of
    :data:`FACETS`: one of them is needed in each facet that has any. ``title`` is what
    was typed, in plain words: a record of that very title is what is meant.
    """

    language: str
    now: datetime
    terms: tuple[Term, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[Term, ...] = ()
    without_phrases: tuple[tuple[str, ...], ...] = ()
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    box: Box | None = None
    near: Near | None = None
    since: datetime | None = None
    sort: Sort = Sort.RELEVANCE
    title: str = ""
    is_loose: bool = False
    is_counted: bool = True
    limit: int = 20
    offset: int = 0

    @property
    def has_words(self) -> bool:
        """Whether text is looked for, and not only facets and places."""
        return bool(self.terms or self.phrases)


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: what is shown of it, and what its place among the others was made of.

    ``extract`` is safe HTML: the text escaped, the words found between ``<mark>`` and ``</mark>``;
    so is ``marked_title``. ``is_titled`` says that its title is what was typed. ``km`` is the
    distance from the point asked for, if one was.
    """

    kind: str
    pk: int
    slug: str
    title: str
    summary: str
    url: str
    score: float
    marked_title: str = ""
    extract: str = ""
    themes: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    status: str = ""
    stages: tuple[str, ...] = ()
    published_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    places: tuple[tuple[float, float], ...] = ()
    popularity: int = 0
    standing: str = Standing.PLAIN
    text_score: float = 0.0
    is_titled: bool = False
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Answers in order, how many there are in all, and counts by facet.

    A facet's counts say what one more choice in it would show: the other facets hold, its own
    does not. ``corrected`` is the text that was looked for in place of the one typed; ``is_loose``
    says that few records or none have all the words, so that those with some of them are shown;
    ``is_spare`` that the search server did not answer and the database did.
    """

    count: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    corrected: str | None = None
    is_loose: bool = False
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A document that answers, and how well: ``text_score`` before the factors of the ranking."""

    document: Document
    score: float
    text_score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine answers: a page of documents, the number in all, counts by facet."""

    count: int
    scored: list[Scored]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """What an engine must do. A generation is one whole index, written beside the others.

    ``position`` grows with each writing: an engine never lets a lower one win over a higher, be it
    of a writing or of a deletion.
    Any method raises :class:`EngineAway` when the engine does not answer in time.
    """

    name: str

    @property
    def mapping(self) -> str:
        """Another one when the tables or fields of an index change."""

    def create(self, generation: int) -> None:
        """Make an empty index, to be filled; nothing when there is one."""

    def settle(self, generation: int) -> None:
        """Make an index quick to read, once it is filled; as often as one likes."""

    def drop(self, generation: int) -> None:
        """Remove an index, if there is one."""

    def exists(self, generation: int) -> bool:
        """Whether there is such an index, of any age of the code."""

    def write(self, generation: int, documents: Sequence[Document], *, position: int) -> None:
        """Add or replace."""

    def delete(self, generation: int, keys: Iterable[Key], *, position: int) -> None:
        """Forget records in every language."""

    def search(self, generation: int, asked: Asked) -> Found:
        """A page of answers, the number in all and the counts by facet."""

    def best(self, generation: int, asked: Asked) -> list[Scored]:
        """A page of answers alone: nothing is counted."""

    def keys(self, generation: int, asked: Asked) -> list[int]:
        """Primary keys of up to ``asked.limit`` answers, best first."""

    def begins(
        self, generation: int, language: str, words: Sequence[str], limit: int
    ) -> list[Document]:
        """Documents whose title or names hold all plain ``words``, the last one as a beginning."""

    def document(self, generation: int, key: Key, language: str) -> Document | None:
        """A document as it was written."""

    def fingerprints(self, generation: int) -> Iterator[tuple[str, int, str, str]]:
        """Kind, key, language and fingerprint of everything held."""

    def turning(self, generation: int, now: datetime) -> list[Key]:
        """Records whose status the clock has changed since they were written."""

    def size(self, generation: int) -> int:
        """How many documents are held, in all languages."""

    def health(self) -> dict[str, Any]:
        """What the engine says of itself."""


class EngineAway(Exception):
    """The engine did not answer, or not in time; nothing is known of what it did."""


class EngineFull(EngineAway):
    """The engine answers and refuses to write: its disk is full or its index is read-only."""
