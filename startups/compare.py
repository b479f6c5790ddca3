"""Up to four programs side by side: one row for each fact, how they differ said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.core.validators import slug_re
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core import dates
from core.deadlines import city_time
from core.numbers import money, quantity
from startups.enums import ApplicantKind, Offer, Stage
from startups.fit.doors import next_door
from startups.fit.questions import LANGUAGE_WORDS
from startups.fit.reading import offered
from startups.fit.rules import Trl, known
from startups.fit.words import listed, trl_range, worded
from startups.freshness import is_stale
from startups.models import Program
from startups.sectors import sectors_in_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

MOST: Final = 4
FOUND: Final = 8
LONGEST_SLUG: Final = 120


class Agreement(models.TextChoices):
    """How what several programs say of one fact goes together."""

    DIFFERS = "differs", gettext_lazy("differs")
    INCOMPLETE = "incomplete", gettext_lazy("not said by all")
    SAME = "same", gettext_lazy("same")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its label and each program's words, empty where it is not given."""

    label: str
    cells: list[tuple[Program, str]]

    @property
    def agreement(self) -> Agreement | None:
        """None where there is nothing to set side by side."""
        said = [text for _program, text in self.cells if text]
        if len(self.cells) < 2 or not said:
            return None
        if len(set(said)) > 1:
            return Agreement.DIFFERS
        return Agreement.SAME if len(said) == len(self.cells) else Agreement.INCOMPLETE


@dataclass(slots=True)
class Chosen:
    """The programs of an address in its order, and what became of the others, in words."""

    programs: list[Program] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def slug_of(text: str) -> str:
    """``text`` when it can be the address of a record, else nothing."""
    return text if slug_re.fullmatch(text) and len(text) <= LONGEST_SLUG else ""


def choose(asked: Sequence[str]) -> Chosen:
    """The programs asked for by address, each once, the first :data:`MOST` of those offered."""
    slugs = list(dict.fromkeys(slug for slug in map(slug_of, asked) if slug))[: 10 * MOST]
    here = {program.slug: program for program in offered().for_lists().filter(slug__in=slugs)}
    away = Program.objects.public().select_related("incubator", "merged_into")
    gone = {p.slug: p for p in away.filter(slug__in=set(slugs) - set(here))}
    chosen = Chosen()
    chosen.programs = [here[slug] for slug in slugs if slug in here][:MOST]
    beyond = [here[slug] for slug in slugs if slug in here][MOST:]
    if any(text and text not in here and text not in gone for text in asked):
        chosen.notes.append(_("A program of this address is not there any more; it was left out."))
    chosen.notes += [_gone_words(program) for program in gone.values()]
    if beyond:
        chosen.notes.append(
            _("Four programs at most are compared; left out: %(names)s.")
            % {"names": ", ".join(str(program) for program in beyond)}
        )
    return chosen


def _gone_words(program: Program) -> str:
    if program.merged_into is not None:
        return _("“%(name)s” was merged into “%(heir)s”; it was left out.") % {
            "name": program,
            "heir": program.merged_into,
        }
    return _("“%(name)s” takes nobody any more; it was left out.") % {"name": program}


def look_for(text: str, chosen: Sequence[Program]) -> list[Program]:
    """Programs offered whose name, or that of who runs them, holds ``text``; not those chosen."""
    words = " ".join(text.replace("\x00", " ").split())[:80]
    if not words:
        return []
    named = Q(name_fr__icontains=words) | Q(name_en__icontains=words)
    found = offered().filter(named | Q(incubator__name__icontains=words))
    others = found.exclude(pk__in=[program.pk for program in chosen])
    return list(others.select_related("incubator").order_by("name_fr", "pk")[:FOUND])


def rows_of(programs: Sequence[Program], now: datetime) -> list[Row]:
    """Each fact that at least one of ``programs`` gives, and those that matter even if none do."""
    return [_row(str(label), programs, say, now) for label, say in FACTS.items()]


def _row(label: str, programs: Sequence[Program], say: Sayer, now: datetime) -> Row:
    return Row(label, [(program, say(program, now)) for program in programs])


Sayer = Callable[[Program, "datetime"], str]


def _codes(name: str, choices: Iterable[tuple[str, Any]]) -> Sayer:
    words: Mapping[str, Any] = dict(choices)
    return lambda program, now: _capital(worded(known(getattr(program, name), words), words))


def _sum(name: str) -> Sayer:
    def say(program: Program, now: datetime) -> str:
        value: Decimal | None = getattr(program, name)
        if value is None:
            return ""
        return money(value, program.currency) if value else pgettext("sum", "none")

    return say


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sectors(program: Program, now: datetime) -> str:
    if program.any_sector:
        return _("All sectors")
    return sectors_in_words(program.sectors, program.themes.all())


def _place(program: Program, now: datetime) -> str:
    borough = program.incubator.borough
    return program.place or (borough.name if borough is not None else "")


def _languages(program: Program, now: datetime) -> str:
    return _capital(listed(LANGUAGE_WORDS[code] for code in program.language_codes))


def _length(program: Program, now: datetime) -> str:
    weeks = program.weeks
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks} if weeks else ""


def _equity(program: Program, now: datetime) -> str:
    share = program.equity_percent
    if share is None:
        return ""
    return quantity(share, "%") if share else pgettext("equity", "none")


def _confirmed(program: Program, now: datetime) -> str:
    if program.verified_on is None:
        return ""
    day = dates.day(program.verified_on)
    if is_stale(program, city_time(now).date()):
        return _("%(day)s, not since") % {"day": day}
    return day


# The order of a reader's interest.
FACTS: Final[Mapping[Words, Sayer]] = {
    gettext_lazy("Run by"): lambda program, now: program.incubator.name,
    gettext_lazy("Next intake"): lambda program, now: next_door(program, now).text,
    gettext_lazy("Stages wanted"): _codes("stages", Stage.choices),
    gettext_lazy("Maturity (TRL)"): lambda p, now: trl_range(Trl(p.trl_min, p.trl_max)),
    gettext_lazy("Sectors"): _sectors,
    gettext_lazy("Open to"): _codes("applicants", ApplicantKind.choices),
    gettext_lazy("Languages"): _languages,
    gettext_lazy("Format"): lambda program, now: program.get_format_display(),
    gettext_lazy("Place"): _place,
    gettext_lazy("Length"): _length,
    gettext_lazy("Offers"): _codes("offers", Offer.choices),
    gettext_lazy("Equity taken"): _equity,
    gettext_lazy("Fee"): _sum("fee"),
    gettext_lazy("Stipend"): _sum("stipend"),
    gettext_lazy("Investment"): _sum("investment"),
    gettext_lazy("Who may apply"): lambda program, now: program.who,
    gettext_lazy("How one is chosen"): lambda program, now: program.selection,
    gettext_lazy("Last confirmed"): _confirmed,
}
