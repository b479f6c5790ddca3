"""Which public facts a publication changes: the audit keeps it and the page's history tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.freeze import plain
from startups.facts import PUBLIC_FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from startups.models import Listing

# Rows of people: the audit says that they changed, never who they are.
PEOPLE: Final = "people"
FILES: Final = "files"
DEPLOYMENTS: Final = "deployments"


def public_values(listing: Listing) -> dict[str, Any]:
    """Each public fact of ``listing`` in plain JSON: codes and addresses, no words.

    Themes and boroughs are their addresses. Rows of people are not here, see :func:`changes_of`.
    """
    return {name: _value(listing, name) for name in PUBLIC_FACTS[type(listing)] if name != PEOPLE}


def people_of(listing: Listing) -> list[tuple[str, ...]]:
    """What the page says of people, to be compared and not to be kept."""
    if not hasattr(listing, PEOPLE):
        return []
    return [(p.name, p.role_fr, p.role_en, p.email) for p in getattr(listing, PEOPLE).all()]


def files_of(listing: Listing) -> list[tuple[Any, ...]]:
    """What the page shows of a solution, in its order, to be compared and not to be kept."""
    if not hasattr(listing, FILES):
        return []
    return [(f.file_id, f.caption_fr, f.caption_en) for f in getattr(listing, FILES).all()]


def deployments_of(listing: Listing) -> list[tuple[Any, ...]]:
    """Where a solution has run, in its order, to be compared."""
    if not hasattr(listing, DEPLOYMENTS):
        return []
    return [
        (d.place, d.year, d.month, d.result_fr, d.result_en, d.has_contact)
        for d in getattr(listing, DEPLOYMENTS).all()
    ]


def changes_of(before: Listing, after: Listing) -> dict[str, list[Any]]:
    """``{field: [before, after]}`` of the facts that differ.

    For people, files and deployments, how many there are; for a logo, whether there is one.
    """
    old, new = public_values(before), public_values(after)
    found = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
    for name, rows_of in ROWS.items():
        had, has = rows_of(before), rows_of(after)
        if had != has:
            found[name] = [len(had), len(has)]
    logo, other = getattr(before, "logo_id", None), getattr(after, "logo_id", None)
    if logo != other:
        found["logo"] = [logo is not None, other is not None]
    return found


ROWS: Final[dict[str, Callable[[Listing], list[Any]]]] = {
    PEOPLE: people_of,
    FILES: files_of,
    DEPLOYMENTS: deployments_of,
}


def _value(listing: Listing, name: str) -> Any:
    field = listing._meta.get_field(name)
    if field.many_to_many:
        return sorted(each.slug for each in getattr(listing, name).all())
    if field.one_to_many:
        return getattr(listing, name).count()
    if field.is_relation:
        related = getattr(listing, name)
        return None if related is None else getattr(related, "slug", str(related.pk))
    return plain(getattr(listing, name))
