"""What a public page of the directory says of a record, row by row.

A fact that decides whether a founder applies says « not given » when it is not: nothing missing
looks like zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import LocalText
from core.numbers import money, quantity
from startups.enums import (
    ApplicantKind,
    IntakeStatus,
    Offer,
    SiteMounting,
    SiteNetwork,
    SitePower,
    Stage,
)
from startups.facts import WORDS
from startups.sectors import sectors_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from core.taxonomy.models import Theme
    from startups.models import Incubator, Intake, Program, Solution, Startup

# What a reader can do first comes first.
DOORS: Final = (
    IntakeStatus.CLOSING,
    IntakeStatus.OPEN,
    IntakeStatus.ROLLING,
    IntakeStatus.UPCOMING,
    IntakeStatus.CANCELLED,
    IntakeStatus.CLOSED,
)
TONES: Final = {
    IntakeStatus.OPEN: "open",
    IntakeStatus.CLOSING: "soon",
    IntakeStatus.ROLLING: "open",
    IntakeStatus.CANCELLED: "late",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A name and what is said; ``is_missing`` when the words are that nothing was given."""

    label: str
    text: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address and the words it is read by."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Door:
    """An intake as it stands at an instant."""

    intake: Intake
    status: IntakeStatus
    languages: str
    fee: str

    @property
    def tone(self) -> str:
        """The colour of its mark."""
        return TONES.get(self.status, "")


def labels(values: Iterable[Any], words: Any) -> str:
    """Known codes in words, in the order in which they were given."""
    known = dict(words)
    first, *others = [str(known[value]) for value in values if value in known] or [""]
    return ", ".join((first, *(_inside(word) for word in others)))


def _inside(word: str) -> str:
    """As it is written inside a sentence, save what is in capitals."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def spoken(codes: Iterable[str]) -> str:
    """Languages in words."""
    # English writes its languages with a capital, wherever they stand.
    words = WORDS["languages"]
    said = ", ".join(str(words[code]) for code in codes if code in words)
    return said[:1].upper() + said[1:]


def sources_of(sources: Iterable[Any]) -> list[WebLink]:
    """Where the facts come from; what is no web address has none."""
    return [_source(str(source)) for source in sources]


def _source(text: str) -> WebLink:
    if not text.lower().startswith(("http://", "https://")):
        return WebLink("", text)
    try:
        return WebLink(text, _readable(text))
    except ValueError:  # a half-written address: the words alone
        return WebLink("", text)


def links_of(website: str, links: Iterable[str] = ()) -> list[WebLink]:
    """The site first; each by its host and path, without what every address has."""
    return [WebLink(url, _readable(url)) for url in (website, *links) if url]


def _readable(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or url).removeprefix('www.')}{parts.path.rstrip('/')}"


def _given(*rows: tuple[str, Any]) -> list[Row]:
    """Rows of what was given, the others left out."""
    return [
        Row(label, text if isinstance(text, LocalText) else str(text))
        for label, text in rows
        if text
    ]


def _always(label: str, text: str) -> Row:
    return Row(label, text or _("not given"), is_missing=not text)


def organisation_rows(record: Incubator | Startup) -> list[Row]:
    """Who it is: what startups and support organisations share."""
    return _given(
        (_("Founded"), record.founded_year),
        (_("Borough"), record.borough),
        (_("Languages"), spoken(record.language_codes)),
        (_("Sectors"), sectors_in_words(record.sectors)),
    )


def incubator_rows(incubator: Incubator) -> list[Row]:
    """Who it is, where, and what it gives."""
    return [
        *_given((_("Legal form"), incubator.get_legal_form_display())),
        *organisation_rows(incubator),
        *_given(
            (_("Address"), incubator.address),
            (_("Offers"), labels(incubator.offers, Offer.choices)),
        ),
    ]


def startup_rows(startup: Startup) -> list[Row]:
    """Who it is and how far along."""
    return [
        *_given(
            (_("Size"), startup.get_size_band_display()),
            (_("Funding"), startup.get_funding_stage_display()),
        ),
        *organisation_rows(startup),
    ]


def sum_of(value: Decimal | None, currency: str, none: str) -> str:
    """A sum with its currency, ``none`` for zero, nothing when it was not given."""
    if value is None:
        return ""
    return money(value, currency) if value else none


def program_rows(program: Program) -> list[Row]:
    """The terms; equity and fee are always said."""
    equity = program.equity_percent
    weeks = program.weeks
    taken = "" if equity is None else quantity(equity, "%") if equity else _("No equity")
    length = ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks} if weeks else ""
    return [
        _always(_("Equity taken"), taken),
        _always(_("Fee"), sum_of(program.fee, program.currency, _("No fee"))),
        *_given(
            (_("Stipend"), sum_of(program.stipend, program.currency, _("No sum"))),
            (_("Investment"), sum_of(program.investment, program.currency, _("No sum"))),
        ),
        _always(_("Length"), length),
        _always(_("Format"), program.get_format_display()),
        *_given(
            (_("Place"), program.place),
            (_("Languages"), spoken(program.language_codes)),
        ),
    ]


def wanted_rows(program: Program, themes: Iterable[Theme]) -> list[Row]:
    """Whom it is for; ``themes`` are its own, by which it is found and compared too."""
    sectors = sectors_in_words(program.sectors, themes)
    return [
        *_given((_("Open to"), labels(program.applicants, ApplicantKind.choices))),
        _always(_("Stages wanted"), labels(program.stages, Stage.choices)),
        _always(_("Maturity wanted (TRL)"), maturity(program.trl_min, program.trl_max)),
        _always(_("Sectors"), _("All sectors") if program.any_sector else sectors),
    ]


def maturity(lowest: int | None, highest: int | None) -> str:
    """A range of the scale, either end of which may be open."""
    if lowest and highest:
        return f"{lowest}–{highest}" if lowest != highest else str(lowest)
    if lowest:
        return _("%(trl)s or more") % {"trl": lowest}
    return _("%(trl)s or less") % {"trl": highest} if highest else ""


def steps_of(program: Program) -> list[str]:
    """How one is chosen, a step a line."""
    lines = (line.strip(" -–•\t") for line in str(program.selection).splitlines())
    return [line for line in lines if line]


def solution_rows(solution: Solution) -> list[Row]:
    """What a city asks before it tries something."""
    return [
        _always(_("Evidence of maturity"), solution.trl_evidence),
        Row(_("Sees people"), _("yes") if solution.sees_people else _("no")),
        *_given((_("Privacy"), solution.privacy)),
        *_given(
            (_("Intellectual property"), solution.ip),
            (_("Certifications"), solution.certifications),
            (_("Languages"), spoken(solution.language_codes)),
        ),
        _always(_("Price range"), solution.price),
    ]


def site_rows(solution: Solution) -> list[Row]:
    """What it needs where it is installed."""
    area = solution.site_area
    return [
        _always(_("Power"), labels([solution.site_power], SitePower.choices)),
        _always(_("Network"), labels([solution.site_network], SiteNetwork.choices)),
        _always(_("Mounting"), labels([solution.site_mounting], SiteMounting.choices)),
        _always(_("Area"), "" if area is None else quantity(area, "m²")),
        *_given((_("In words"), solution.site_needs)),
    ]


def doors_of(program: Program, now: datetime) -> list[Door]:
    """Its intakes, those that a reader can use first."""
    doors = [
        Door(
            intake,
            intake.status(now),
            spoken(intake.languages),
            sum_of(intake.fee, program.currency, _("No fee")),
        )
        for intake in program.intakes.all()
    ]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(doors, key=lambda d: (DOORS.index(d.status), d.intake.closes_at or far))


def next_door(program: Program, now: datetime) -> Door | None:
    """The first of them that opens or is open; None when nothing is announced."""
    return next_of(doors_of(program, now))


def next_of(doors: Iterable[Door]) -> Door | None:
    """The same, of doors already in order."""
    shut = (IntakeStatus.CLOSED, IntakeStatus.CANCELLED)
    return next((door for door in doors if door.status not in shut), None)
