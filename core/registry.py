"""What lower floors must ask of higher ones: they fill these in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from core.accounts.models import Organisation, User

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries in the order of their registration; a name serves once."""

    def __init__(self, what: str) -> None:
        """``what`` names the entries in error messages."""
        self.what = what
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add ``entry`` under ``name``; ``ValueError`` when another one has that name."""
        if name in self._entries and self._entries[name] != entry:
            msg = f"Two entries of {self.what} are named {name!r}."
            raise ValueError(msg)
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T | None:
        """The entry under ``name``, or None."""
        return self._entries.get(name)

    def __getitem__(self, name: str) -> T:
        """The entry under ``name``; ``KeyError`` names the registry."""
        try:
            return self._entries[name]
        except KeyError:
            msg = f"{self.what} has no entry {name!r}."
            raise KeyError(msg) from None

    def __contains__(self, name: object) -> bool:
        """Whether something is registered under ``name``."""
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        """The entries in the order of their registration."""
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def items(self) -> list[tuple[str, T]]:
        """Names and entries in the order of their registration."""
        return list(self._entries.items())


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    """One line of « what awaits you » in a member's workspace.

    ``due`` is the instant (UTC) by which, or else since when, it waits; None only where no date
    exists. ``button`` is the verb on the link to ``url_name``.
    """

    title: str | _StrPromise
    detail: str | _StrPromise
    due: datetime | None
    url_name: str
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)
    button: str | _StrPromise = ""


# (user, their organisation or None, now) -> rows
RowMaker: TypeAlias = "Callable[[User, Organisation | None, datetime], Iterable[WorkspaceRow]]"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that leaves with a person's data: its name there, and what opens it to be read."""

    name: str
    open: Callable[[], IO[bytes]]


def _no_files(user: User) -> Iterable[OwnFile]:
    return ()


@dataclass(frozen=True, slots=True)
class Exporter:
    """One part of « my data »: rows of exactly ``fields``, read one by one, never all at once.

    ``about`` says in a sentence what the part holds. ``rows`` gives mappings whose keys are
    ``fields``: nothing leaves that is not named here.
    """

    label: str | _StrPromise
    about: str | _StrPromise
    fields: tuple[str, ...]
    rows: Callable[[User], Iterable[Mapping[str, Any]]]
    files: Callable[[User], Iterable[OwnFile]] = _no_files


def _nothing_against(user: User) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Eraser:
    """One part of an erasure: what goes, what stays and why, in sentences shown before.

    ``erase`` answers how many values it erased, inside the transaction of the erasure; it writes
    nothing that names the person again. ``obstacles`` are sentences that refuse the whole erasure.
    """

    label: str | _StrPromise
    removed: str | _StrPromise
    erase: Callable[[User, datetime], int]
    kept: str | _StrPromise = ""
    obstacles: Callable[[User], Iterable[str]] = _nothing_against


# organisation -> what must end before it may close, one sentence each
ReasonToStayOpen: TypeAlias = "Callable[[Organisation], Iterable[str | _StrPromise]]"


@dataclass(frozen=True, slots=True)
class Retained:
    """A class of data that does not stay for ever once a rule says so.

    ``what`` says in a sentence what leaves. ``count`` answers how many values are older than an
    instant; ``apply`` removes at most so many of them, in the caller's transaction, and answers how
    many. ``least_days`` is the shortest period a rule may give.
    """

    label: str | _StrPromise
    what: str | _StrPromise
    count: Callable[[datetime], int]
    apply: Callable[[datetime, int], int]
    least_days: int = 30


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often one follow is told, and a sentence on what is no longer as it was."""

    frequency: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Followable:
    """A kind of record one can follow by e-mail.

    ``find`` answers, by slug, those of the given slugs that anyone may read; ``url`` is the public
    page of one of them, and its ``str()`` is its name, both in the active language. ``rhythms``
    answers, by number of a follow, how often it is told, where each follow of the kind has a rhythm
    of its own, and ``set_rhythm(follow=, frequency=, now=)`` changes it; whoever registers a kind
    without ``has_page`` has its own page to begin with.
    """

    kind: str
    label: str | _StrPromise
    find: Callable[[Collection[str]], Mapping[str, Any]]
    url: Callable[[Any], str]
    rhythms: Callable[[Collection[int]], Mapping[int, Rhythm]] | None = None
    set_rhythm: Callable[..., Any] | None = None
    has_page: bool = True


workspace_rows: Registry[RowMaker] = Registry("workspace_rows")
exporters: Registry[Exporter] = Registry("exporters")
erasers: Registry[Eraser] = Registry("erasers")
reasons_to_stay_open: Registry[ReasonToStayOpen] = Registry("reasons_to_stay_open")
retained: Registry[Retained] = Registry("retained")
followables: Registry[Followable] = Registry("followables")
# What higher floors hold on an address that follows, for the copy that it may ask for.
held_on_followers: Registry[Callable[[Any], Any]] = Registry("held_on_followers")
# How the names of the city's own pages begin: staff open them with a second factor.
second_factor_pages: Registry[str] = Registry("second_factor_pages")


def rows_for(user: User, organisation: Organisation | None, now: datetime) -> list[WorkspaceRow]:
    """All rows of all floors for ``user``, the soonest due first, undated ones last."""
    found = [row for make in workspace_rows for row in make(user, organisation, now)]
    return sorted(found, key=lambda row: (row.due is None, row.due or now))
