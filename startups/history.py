"""What changed on a public page, from the audit: when, and by whom it is kept; never a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.languages import CANONICAL, LocalText, active_language
from startups.facts import PUBLIC_FACTS, WORDS, label_of, value_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from startups.models import Listing

LOGO: Final = "logo"
# What happens to a listing besides changes of its fields, by the end of the action's name.
HAPPENINGS: Final[dict[str, str | _StrPromise]] = {
    "confirmed": gettext_lazy("All of it confirmed"),
    "claimed": gettext_lazy("Taken in charge by its organisation"),
    "verified": gettext_lazy("Verified"),
    "closed": gettext_lazy("Closed"),
    "merged": gettext_lazy("Merged into another listing"),
    "reopened": gettext_lazy("Reopened: it had been closed or merged by mistake"),
    "renamed": gettext_lazy("New address of the page"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it said, what it says."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history."""

    at: datetime
    what: str
    by: str
    changes: list[Change]
    reason: LocalText | None = None


def lines_of(listing: Listing) -> QuerySet[AuditEntry]:
    """The lines that a reader sees of a listing, the newest first."""
    model = listing._meta.model_name
    told = Q(action__in=[f"{model}.{end}" for end in HAPPENINGS])
    mine = AuditEntry.objects.filter(
        object_type=listing._meta.label_lower, object_id=str(listing.pk)
    )
    return mine.filter(told | Q(public__has_key="changes")).order_by("-sequence")


def steps(listing: Listing, entries: Iterable[AuditEntry]) -> list[Step]:
    """Those of ``entries`` in words, in the active language; two queries for all of them."""
    entries = list(entries)
    city = _of_the_city(entries)
    ties = _names_of_ties(listing, entries)
    found = []
    for entry in entries:
        end = entry.action.rpartition(".")[2]
        changes = list(_changes(listing, entry.public.get("changes") or {}, ties))
        if end in HAPPENINGS or changes:
            what = str(HAPPENINGS.get(end, _("Changed")))
            found.append(Step(entry.at, what, _by(entry, city), changes, _reason(entry)))
    return found


def _reason(entry: AuditEntry) -> LocalText | None:
    """In the reader's language, else in French."""
    for code in (active_language(), CANONICAL):
        if said := entry.public.get(f"reason_{code}"):
            return LocalText(str(said), code, is_fallback=code != active_language())
    return None


def _by(entry: AuditEntry, city: set[int]) -> str:
    if entry.public.get("by") == "organisation":
        return _("by its organisation, read by the city")
    if entry.actor_id is None:
        return ""
    return _("by the city") if entry.actor_id in city else _("by its organisation")


def _of_the_city(entries: list[AuditEntry]) -> set[int]:
    people = {entry.actor_id for entry in entries if entry.actor_id is not None}
    staff = Q(groups__name__in=roles.ADMIN_DOOR) | Q(is_superuser=True)
    return set(User.objects.filter(staff, pk__in=people).values_list("pk", flat=True))


def _names_of_ties(listing: Listing, entries: list[AuditEntry]) -> dict[str, dict[Any, str]]:
    """The names of what was tied, by field and key, for the fields that changed."""
    found = {}
    for name in PUBLIC_FACTS[type(listing)]:
        field = listing._meta.get_field(name)
        changed = [c for e in entries if (c := (e.public.get("changes") or {}).get(name))]
        # Of rows the line holds how many there are, not which.
        if field.related_model is not None and not field.one_to_many and changed:
            rows = field.related_model._default_manager.all()
            # Themes and boroughs stand in the line by their address or, once corrected, by their
            # key; other rows by their key.
            found[name] = {key: str(row) for row in rows for key in _keys(row)}
    return found


def _keys(row: Any) -> set[Any]:
    return {row.pk, str(row.pk), getattr(row, "slug", row.pk)}


def _changes(
    listing: Listing, changes: dict[str, Any], ties: dict[str, dict[Any, str]]
) -> Iterable[Change]:
    """In the order of the page; only public facts, whatever the line holds."""
    facts = PUBLIC_FACTS[type(listing)]
    # Its words are facts; the line holds only whether there was a logo.
    for name in (*facts, LOGO) if "logo_alt_fr" in facts else facts:
        pair = changes.get(name)
        if isinstance(pair, list) and len(pair) == len(("before", "after")):
            yield Change(label_of(listing, name), *_sides(listing, name, pair, ties))


def _sides(
    listing: Listing, name: str, pair: list[Any], ties: dict[str, dict[Any, str]]
) -> tuple[str, str]:
    """Both sides in words; of rows and logos the line holds how many, so that both may be equal."""
    if name == LOGO:
        one, other = _("a logo"), _("another one")
        return (one if pair[0] else ""), (other if all(pair) else one if pair[1] else "")
    before, after = (_words(listing, name, value, ties) for value in pair)
    if before == after:
        after = _("%(n)s, changed") % {"n": after}
    return before, after


def _words(listing: Listing, name: str, value: Any, ties: dict[str, dict[Any, str]]) -> str:
    if value in (None, "", []):
        return ""
    if name in ties:
        values = value if isinstance(value, list) else [value]
        return ", ".join(ties[name].get(each, str(each)) for each in values)
    if isinstance(value, list):
        return ", ".join(str(WORDS.get(name, {}).get(each, each)) for each in value)
    return value_words(listing, name, value)
