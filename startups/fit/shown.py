"""The results as they are shown: a few programs of each verdict, with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from core.deadlines import city_time
from startups.fit.doors import Door, next_door
from startups.fit.reading import terms_of
from startups.fit.rules import (
    Answers,
    Standing,
    Verdict,
    standings_of,
    verdict_of,
    verdict_of_the_rest,
)
from startups.fit.words import VERDICT_WORDS, Reason, reasons_of
from startups.freshness import is_stale
from startups.models import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

# How many of each verdict the page of results holds, and a page of one verdict.
FIRST: Final = 6
PER_PAGE: Final = 20

ORDER: Final = (Standing.MISSED, Standing.UNKNOWN, Standing.NEAR, Standing.MET)
ABOUT: Final[Mapping[Verdict, str | _StrPromise]] = {
    Verdict.FITS: gettext_lazy("Every term that you answered is met."),
    Verdict.NEARLY: gettext_lazy("No term is missed; one or two are close."),
    Verdict.UNKNOWN: gettext_lazy(
        "Nothing speaks against them, but they do not say something that matters to you: ask them."
    ),
    Verdict.DOES_NOT: gettext_lazy("At least one term is missed, or more than two are only close."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A program with its verdict, why, and its next door."""

    program: Program
    verdict: Verdict
    reasons: list[Reason]
    door: Door
    is_stale: bool
    # What the verdict is but for what the program does not say.
    rest: Verdict

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(VERDICT_WORDS[self.verdict])

    @property
    def in_order(self) -> list[Reason]:
        """What stands against it first, then what it does not say, what is close, what is met."""
        return sorted(self.reasons, key=lambda reason: ORDER.index(reason.standing))

    @property
    def unsaid(self) -> list[Reason]:
        """What one has to ask."""
        return [each for each in self.reasons if each.standing is Standing.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Group:
    """The programs of one verdict: how many, and those that are shown."""

    verdict: Verdict
    count: int
    entries: list[Entry]

    @property
    def label(self) -> str:
        """The verdict in words."""
        return str(VERDICT_WORDS[self.verdict])

    @property
    def about(self) -> str:
        """What the verdict means."""
        return str(ABOUT[self.verdict])

    @property
    def is_cut(self) -> bool:
        """Whether more of them are on a page of their own."""
        return self.count > len(self.entries)


def entry_of(program: Program, answers: Answers, themes: Mapping[str, str], now: datetime) -> Entry:
    """One program judged and worded; reads its themes and intakes."""
    terms = terms_of(program)
    standings = standings_of(terms, answers).values()
    return Entry(
        program=program,
        verdict=verdict_of(list(standings)),
        reasons=reasons_of(terms, answers, themes),
        door=next_door(program, now),
        is_stale=is_stale(program, city_time(now).date()),
        rest=verdict_of_the_rest(standings),
    )


def entries_of(
    keys: Sequence[int], answers: Answers, themes: Mapping[str, str], now: datetime
) -> dict[int, Entry]:
    """The programs of ``keys``, in a constant number of queries."""
    found = Program.objects.filter(pk__in=keys).for_lists()
    return {program.pk: entry_of(program, answers, themes, now) for program in found}
