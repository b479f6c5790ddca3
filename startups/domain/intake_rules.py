"""What an intake says, and what it may not say: each rule with its sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import dates
from core.exceptions import DomainError, Incomplete
from core.languages import LANGUAGES
from startups.enums import ApplyBy
from startups.models import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """Everything a person writes of an intake."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_rolling: bool = False
    repeats: bool = False
    cohort_starts_on: date | None = None
    cohort_ends_on: date | None = None
    places: int | None = None
    apply_by: str = ApplyBy.HERE
    apply_url: str = ""
    apply_email: str = ""
    how_fr: str = ""
    how_en: str = ""
    languages: list[str] = field(default_factory=list)
    fee: Decimal | None = None
    contact: str = ""

    @classmethod
    def of(cls, intake: Intake) -> IntakeFacts:
        """What ``intake`` says now."""
        return cls(**{name: getattr(intake, name) for name in cls.__dataclass_fields__})

    def write_to(self, intake: Intake) -> None:
        """Put all of it on ``intake``, which the caller saves."""
        for name in self.__dataclass_fields__:
            setattr(intake, name, getattr(self, name))

    def differences(self, other: IntakeFacts) -> dict[str, tuple[Any, Any]]:
        """Each field of which the two say something else, with what each says."""
        mine, theirs = asdict(self), asdict(other)
        return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}


# What a calendar has noted: when one of these changes, its copy is out of date (RFC 5545).
NOTED_BY_CALENDARS: Final = frozenset(
    {
        *("opens_at", "closes_at", "is_rolling", "cohort_starts_on", "cohort_ends_on"),
        *("apply_by", "apply_url", "apply_email", "how_fr", "how_en", "fee"),
    }
)
# Who wrote it chose to publish it; it is still no business of a chain that nobody may edit.
KEPT_FROM_THE_CHAIN: Final = frozenset({"apply_email", "contact"})


class IntakeRefused(Incomplete):
    """What it says cannot be; ``found`` are the sentences by field."""

    code = "intake_refused"

    def __init__(self, found: list[tuple[str, str]]) -> None:
        """``found``: the field, its sentence."""
        super().__init__([sentence for _name, sentence in found])
        self.found = found


class AreYouSure(DomainError):
    """It can be and is seldom meant: ``doubts`` are the sentences; said again, it is done."""

    code = "are_you_sure"
    default_message = gettext_lazy("Please check this, and confirm.")

    def __init__(self, doubts: list[str]) -> None:
        """``doubts`` are complete sentences."""
        super().__init__(" ".join(doubts))
        self.doubts = doubts


def require_possible(facts: IntakeFacts) -> None:
    """Everything that is wrong at once. Raises ``IntakeRefused``."""
    found = [*_wrong_dates(facts), *_wrong_ways(facts)]
    if found:
        raise IntakeRefused(found)


def _wrong_dates(facts: IntakeFacts) -> Iterator[tuple[str, str]]:
    opens, closes = facts.opens_at, facts.closes_at
    if facts.is_rolling:
        if opens or closes:
            yield "is_rolling", _("A rolling intake has no dates: empty them, or untick this.")
        if facts.repeats:
            yield "repeats", _("A rolling intake never closes: there is no next one to propose.")
    else:
        if opens is None:
            yield "opens_at", _("Say when it opens, or tick that it is rolling.")
        if closes is None:
            yield "closes_at", _("Say when it closes, or tick that it is rolling.")
        if opens and closes and closes <= opens:
            said = {"closes": dates.instant(closes), "opens": dates.instant(opens)}
            yield (
                "closes_at",
                _("Its close (%(closes)s) is not after its opening (%(opens)s).") % said,
            )
    starts, ends = facts.cohort_starts_on, facts.cohort_ends_on
    if starts and ends and ends <= starts:
        said = {"ends": dates.day(ends), "starts": dates.day(starts)}
        yield (
            "cohort_ends_on",
            _("The end of the cohort (%(ends)s) is not after its start (%(starts)s).") % said,
        )


def _wrong_ways(facts: IntakeFacts) -> Iterator[tuple[str, str]]:
    if facts.apply_by not in ApplyBy.values:
        yield "apply_by", _("Say where applications go.")
    if facts.apply_by == ApplyBy.WEB and not facts.apply_url:
        yield "apply_url", _("One applies on your site: give the address of the form.")
    if facts.apply_url and urlsplit(facts.apply_url).scheme != "https":
        yield (
            "apply_url",
            _("Give an address that begins with https://: what is sent stays secret."),
        )
    if facts.apply_by == ApplyBy.EMAIL and not facts.apply_email:
        yield "apply_email", _("One applies by e-mail: give the address.")
    if facts.fee is not None and facts.fee < 0:
        yield "fee", _("A fee is not negative.")
    if not set(facts.languages) <= set(LANGUAGES):
        yield "languages", _("Choose among French and English.")


def require_meant(facts: IntakeFacts, before: IntakeFacts | None, now: datetime) -> None:
    """Doubts about what is new since ``before``. Raises ``AreYouSure``."""
    doubts = []
    opens, closes, starts = facts.opens_at, facts.closes_at, facts.cohort_starts_on
    if closes and closes < now and (before is None or before.closes_at != closes):
        said = {"closes": dates.instant(closes)}
        doubts.append(_("It would be closed already: its close, %(closes)s, is past.") % said)
    elif opens and opens < now and (before is None or before.opens_at != opens):
        said = {"opens": dates.instant(opens)}
        doubts.append(_("It would be open already: its opening, %(opens)s, is past.") % said)
    is_new = before is None or (before.cohort_starts_on, before.closes_at) != (starts, closes)
    if starts and closes and is_new and starts < closes.date():
        said = {"starts": dates.day(starts), "closes": dates.instant(closes)}
        doubts.append(
            _("The cohort would start (%(starts)s) before the close (%(closes)s).") % said
        )
    if doubts:
        raise AreYouSure(doubts)
