"""What all builders share: an instant with what it makes of dates, texts by language, addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation

from core import dates
from core.deadlines import city_time
from core.following.models import Follow
from core.languages import LANGUAGES, pairs_of
from search.port import Document, Standing
from startups.enums import GONE, ListingState
from startups.freshness import confirmed_for
from startups.sectors import in_the_readers

if TYPE_CHECKING:
    from django.db.models import Choices, Model, QuerySet

Facts = dict[str, Any]

# Takes the place of an address while its pattern is asked for once.
MARK: Final = "0-0-0"
# What is open until an instant, that instant included, is over from the next one on.
NEXT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: the day on the city's clocks, and for how long a listing counts as confirmed."""

    now: datetime
    today: date
    confirmed_for: timedelta


@lru_cache(maxsize=1)
def moment(now: datetime) -> Moment:
    """``now`` (aware) with what is asked of it for each record, worked out once."""
    return Moment(now, city_time(now).date(), confirmed_for())


@dataclass(frozen=True)
class Kind:
    """How one kind of record is found.

    ``select`` gives the rows that anyone may read at an instant.
    """

    name: str
    model: type[Model]
    select: Callable[[datetime], Any]

    def rows(self, now: datetime | None = None) -> QuerySet[Any]:
        """The live and public rows at ``now``, the present by default; in no order."""
        found: QuerySet[Any] = self.select(now or timezone.now())
        return found.order_by()

    def read(self, rows: QuerySet[Any], at: Moment) -> list[Any]:
        """Records of ``rows`` with all that :meth:`build` needs: as many queries for 1 as for 3."""
        raise NotImplementedError

    def is_read(self, record: Any) -> bool:
        """Whether ``record`` comes from :meth:`read`."""
        raise NotImplementedError

    def build(self, record: Any, at: Moment) -> list[Document]:
        """What is found of a record that was read, in each language; asks the database nothing."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Related:
    """Rows that belong to records, read for all of these at once as tuples of ``columns``.

    They become ``name`` of each record, in the order of ``rows``; ``key`` leads from such a row to
    the column ``of`` of its record.
    """

    name: str
    rows: Callable[[Moment], Any]
    key: str
    columns: tuple[str, ...]
    of: str = "id"

    def fill(self, records: Sequence[Any], at: Moment) -> None:
        """Give each of ``records`` its own, in one query."""
        found: dict[int, list[tuple[Any, ...]]] = {getattr(r, self.of): [] for r in records}
        rows = self.rows(at).filter(**{f"{self.key}__in": list(found)})
        for owner, *values in rows.values_list(self.key, *self.columns):
            found[owner].append(tuple(values))
        for record in records:
            record.__dict__[self.name] = found[getattr(record, self.of)]


def _no_words(record: Any, language: str) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class RecordKind(Kind):
    """Records with both languages side by side.

    ``columns`` are all that is read of a record, beside what ``select`` annotates and what is
    ``related``: whatever else it holds cannot come into a document. ``title``, ``summary`` and
    ``body`` are stems of pairs, or plain columns, of these. ``facts`` gives what is the same in
    both languages; ``names`` whom and what it is called after; ``more`` what else is read of it;
    ``questions`` what was asked and answered in public.
    """

    columns: tuple[str, ...]
    url_name: str
    title: str
    summary: str
    body: tuple[str, ...]
    facts: Callable[[Any, Moment], Facts]
    names: Callable[[Any, str], Iterable[str]]
    related: tuple[Related, ...] = ()
    more: Callable[[Any, str], Iterable[str]] = _no_words
    questions: Callable[[Any, str], Iterable[str]] = _no_words
    # What comes after the address of a record that has no page of its own.
    anchor: Callable[[Any], str] = lambda record: ""
    address: Callable[[Any], str] = lambda record: cast("str", record.slug)

    def read(self, rows: QuerySet[Any], at: Moment) -> list[Any]:
        """With what is related, and no other column."""
        names = ("id", *self.columns, *rows.query.annotation_select)
        records = [light(self.model, names, values) for values in rows.values_list(*names)]
        for related in self.related if records else ():
            related.fill(records, at)
        return records

    def is_read(self, record: Any) -> bool:
        """Whether it has nothing but what was named."""
        return "_state" not in record.__dict__

    def build(self, record: Any, at: Moment) -> list[Document]:
        """One document in each language."""
        facts = self.facts(record, at)
        address, anchor = self.address(record), self.anchor(record)
        slug = facts.pop("slug", address)
        return [
            self._document(record, language, facts, slug, address, anchor) for language in LANGUAGES
        ]

    def _document(
        self, record: Any, language: str, facts: Facts, slug: str, address: str, anchor: str
    ) -> Document:
        before, after = page_pattern(self.url_name, language)
        return Document(
            kind=self.name,
            pk=record.pk,
            language=language,
            slug=slug,
            title=text(record, self.title, language),
            url=f"{before}{address}{after}{anchor}",
            summary=text(record, self.summary, language),
            names=joined([*self.names(record, language), kind_in_words(self.model, language)]),
            other=joined([other_text(record, stem, language) for stem in self._shown]),
            body=joined(
                [
                    *[text(record, stem, language) for stem in self.body],
                    *self.more(record, language),
                ]
            ),
            questions=joined(self.questions(record, language)),
            **facts,
        )

    @property
    def _shown(self) -> tuple[str, str]:
        return self.title, self.summary


def light(model: type[Any], names: Sequence[str], values: Iterable[Any]) -> Any:
    """A record that holds these columns and nothing else, made in a tenth of the usual time.

    Any other one raises ``AttributeError``, where Django would go and read it.
    """
    record: Any = object.__new__(model)
    record.__dict__.update(zip(names, values, strict=True))
    return record


def joined(parts: Iterable[str]) -> str:
    """What is not empty of ``parts``, a line each: no phrase is made of two of them."""
    return "\n".join([part for part in parts if part])


# ---- texts --------------------------------------------------------------------------------------
@cache
def _columns(model: type[Any], stem: str, language: str) -> tuple[str, str]:
    """The column of ``language`` and the one read where that is empty; "" for a plain column."""
    # What is only read with the row, from a record it is tied to, comes as a pair.
    if stem in pairs_of(model) or not hasattr(model, stem):
        return f"{stem}_{language}", f"{stem}_{_other(language)}"
    return stem, ""


def _other(language: str) -> str:
    return LANGUAGES[1 - LANGUAGES.index(language)]


def text(record: Any, stem: str, language: str) -> str:
    """What a reader of ``language`` reads: the other language's words where there are none."""
    own, spare = _columns(record.__class__, stem, language)
    return getattr(record, own) or (getattr(record, spare) if spare else "") or ""


def other_text(record: Any, stem: str, language: str) -> str:
    """What is written in the other language; nothing for what has one name in both."""
    spare = _columns(record.__class__, stem, language)[1]
    return (getattr(record, spare) if spare else "") or ""


@cache
def kind_in_words(model: type[Any], language: str) -> str:
    """One record of ``model``, as it is called."""
    with translation.override(language):
        return str(model._meta.verbose_name)


@cache
def label(choices: type[Choices], value: str, language: str) -> str:
    """A value of an enumeration in words; "" for one that it does not have."""
    if value not in choices.values:
        return ""
    with translation.override(language):
        return str(choices(value).label)


def labels(choices: type[Choices], values: Iterable[Any] | None, language: str) -> list[str]:
    """The same for each of ``values``."""
    return [label(choices, str(value), language) for value in values or ()]


@lru_cache(maxsize=4096)
def _sector(typed: str, language: str) -> str:
    with translation.override(language):
        return in_the_readers(typed)


def sectors(record: Any, language: str) -> list[str]:
    """What an owner typed beside the themes, in the reader's words where they are known."""
    return [_sector(str(typed), language) for typed in record.sectors or ()]


@lru_cache(maxsize=4096)
def month(first: date, language: str) -> str:
    """A month of a year in words; ``first`` is its first day."""
    with translation.override(language):
        return dates.month_of(first)


@cache
def page_pattern(url_name: str, language: str) -> tuple[str, str]:
    """What stands before and after a record's own part of its address."""
    with translation.override(language):
        before, _mark, after = reverse(url_name, args=[MARK]).partition(MARK)
    return before, after


# ---- what is read with the rows -----------------------------------------------------------------
def themes(model: type[Any], key: str, of: str = "id") -> Related:
    """``its_themes`` of records: addresses of those of a ``model`` whose number is ``of``."""
    pairs = model.themes.through.objects.order_by("theme__order", "theme__slug")
    return Related("its_themes", lambda at: pairs.all(), key, ("theme__slug",), of)


def slugs(rows: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    """Addresses that begin the ``rows``, each once."""
    return tuple(dict.fromkeys(row[0] for row in rows))


def pairs_in(*stems: str) -> tuple[str, ...]:
    """The columns of both languages."""
    return tuple(f"{stem}_{code}" for stem in stems for code in LANGUAGES)


def follower_count(kind: str, path: str = "slug") -> Coalesce:
    """How many confirmed that they follow a record of ``kind``; ``path`` leads to its address."""
    found = Follow.objects.confirmed().filter(kind=kind, slug=OuterRef(path)).order_by()
    counted = found.values("kind").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def popularity(record: Any) -> int:
    """How many follow it, as the power of two below."""
    count: int = record.follower_count
    return count.bit_length()


# ---- what the clock changes ---------------------------------------------------------------------
@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """The first instant of ``day`` on the city's clocks."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def next_turn(
    now: datetime, instants: Iterable[datetime | None], status_at: Callable[[datetime], str]
) -> datetime | None:
    """The first of ``instants`` after ``now`` from which ``status_at`` answers something else."""
    coming = sorted(at for at in instants if at is not None and at > now)
    if not coming:
        return None
    status = status_at(now)
    return next((at for at in coming if status_at(at) != status), None)


def first_of(*instants: datetime | None) -> datetime | None:
    """The earliest of those that are given."""
    return min((at for at in instants if at is not None), default=None)


def is_gone(*states: str) -> bool:
    """Whether one of a listing and what runs it is closed or merged."""
    return any(state in GONE for state in states)


def standing(verified_on: date | None, state: str, at: Moment) -> tuple[Standing, datetime | None]:
    """How far a listing is vouched for, and the instant from which nobody confirms it any more."""
    if verified_on is None or verified_on <= at.today - at.confirmed_for:
        return Standing.STALE, None
    is_verified = state == ListingState.VERIFIED
    turns_at = start_of(verified_on + at.confirmed_for)
    return (Standing.VERIFIED if is_verified else Standing.PLAIN), turns_at
